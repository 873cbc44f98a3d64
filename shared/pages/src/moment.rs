//! Points in time as people read them: local, and in the habit of the language.

use crate::PageLanguage;
use askama::filters::HtmlSafe;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use std::fmt;

/// A point in time as a `<time>` element: the instant for machines, the local time for people.
pub(crate) struct Moment {
    local: Zoned,
    language: PageLanguage,
}

impl Moment {
    pub(crate) fn new(at: Timestamp, zone: &TimeZone, language: PageLanguage) -> Self {
        Self { local: at.to_zoned(zone.clone()), language }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.language.choose(("%d.%m.%Y, %H:%M Uhr", "%-d %b %Y, %H:%M"));
        // Seconds and fractions tell a reader nothing; the history keeps them.
        write!(out, r#"<time datetime="{}">"#, self.local.strftime("%Y-%m-%dT%H:%M%:z"))?;
        write!(out, "{}</time>", self.local.strftime(words))
    }
}

impl HtmlSafe for Moment {}

/// How long until `due`, or how long past it, in words.
pub(crate) fn due_words(now: Timestamp, due: Timestamp, language: PageLanguage) -> String {
    let seconds = due.as_second().saturating_sub(now.as_second());
    let amount = amount_words(seconds.unsigned_abs(), language);
    let (german, english) = if seconds < 0 {
        (format!("überfällig seit {amount}"), format!("overdue by {amount}"))
    } else {
        (format!("fällig in {amount}"), format!("due in {amount}"))
    };
    language.choose((german, english))
}

/// A length of time to the precision that helps: minutes, then hours, then days.
fn amount_words(seconds: u64, language: PageLanguage) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let (amount, one, many) = match seconds {
        0..HOUR => (seconds / MINUTE, ("Minute", "minute"), ("Minuten", "minutes")),
        HOUR..172_800 => (seconds / HOUR, ("Stunde", "hour"), ("Stunden", "hours")),
        _ => (seconds / DAY, ("Tag", "day"), ("Tagen", "days")),
    };
    format!("{amount} {}", language.choose(if amount == 1 { one } else { many }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use PageLanguage::{English, German};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").expect("a zone that the bundled database holds")
    }

    #[test]
    fn a_moment_is_shown_in_local_time_and_the_habit_of_the_language() {
        let winter = at("2026-11-22T10:05:09.123Z");
        assert_eq!(
            Moment::new(winter, &berlin(), German).to_string(),
            r#"<time datetime="2026-11-22T11:05+01:00">22.11.2026, 11:05 Uhr</time>"#
        );
        let summer = at("2026-07-01T22:30:00Z");
        assert_eq!(
            Moment::new(summer, &berlin(), English).to_string(),
            r#"<time datetime="2026-07-02T00:30+02:00">2 Jul 2026, 00:30</time>"#
        );
    }

    #[test]
    fn a_due_time_is_told_in_the_unit_that_helps() {
        let now = at("2026-11-22T10:00:00Z");
        let cases = [
            ("2026-11-22T10:00:30Z", "fällig in 0 Minuten", "due in 0 minutes"),
            ("2026-11-22T10:01:00Z", "fällig in 1 Minute", "due in 1 minute"),
            ("2026-11-22T11:59:00Z", "fällig in 1 Stunde", "due in 1 hour"),
            ("2026-11-23T16:00:00Z", "fällig in 30 Stunden", "due in 30 hours"),
            ("2026-11-25T10:00:00Z", "fällig in 3 Tagen", "due in 3 days"),
            ("2026-11-22T07:00:00Z", "überfällig seit 3 Stunden", "overdue by 3 hours"),
            ("2026-11-12T10:00:00Z", "überfällig seit 10 Tagen", "overdue by 10 days"),
        ];
        for (due, german, english) in cases {
            assert_eq!(due_words(now, at(due), German), german);
            assert_eq!(due_words(now, at(due), English), english);
        }
    }
}
