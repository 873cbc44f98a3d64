//! Moments in words, as mails and pages say them.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use lotse_domain::Language;

const GERMAN_WEEKDAYS: [&str; 7] =
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const GERMAN_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// The moment in words, by the clock of a time zone: „Montag, 23. November 2026, 8:50 Uhr“ in German,
/// "Monday, 23 November 2026, 08:50 CET" in English, whose readers may live elsewhere.
pub(crate) fn in_words(moment: Timestamp, zone: &TimeZone, language: &Language) -> String {
    let local = moment.to_zoned(zone.clone());
    match language {
        Language::German => in_german(&local),
        Language::English | Language::Other(_) => local.strftime("%A, %-d %B %Y, %H:%M %Z").to_string(),
    }
}

fn in_german(local: &Zoned) -> String {
    let weekday = usize::from(local.weekday().to_monday_zero_offset().unsigned_abs());
    let month = usize::from(local.month().unsigned_abs()).saturating_sub(1);
    format!(
        "{}, {}. {} {}, {}:{:02} Uhr",
        GERMAN_WEEKDAYS.get(weekday).unwrap_or(&""),
        local.day(),
        GERMAN_MONTHS.get(month).unwrap_or(&""),
        local.year(),
        local.hour(),
        local.minute(),
    )
}
