//! `calendar.toml`: when the company works, and reckoning in business time.
//!
//! Everything is reckoned on real instants in the company's time zone, so that the days on which the
//! clocks change are as long as they are.

use crate::{
    holidays::{self, Holiday},
    table::Table,
};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;

/// Days that are looked through at most, about a hundred years: an end for calendars on which no
/// business day ever comes.
const DAYS_SEARCHED: usize = 36_600;

/// When the company works.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Calendar {
    #[serde(with = "jiff::fmt::serde::tz::required")]
    zone: TimeZone,
    /// Opening hours by weekday, Monday first; within a day in their order, without overlap.
    hours: [Vec<Hours>; 7],
    holidays: Vec<Holiday>,
}

/// From opening to closing, on one day, by the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Hours {
    open: Time,
    close: Time,
}

/// An opening as it happens on one day. The closing instant does not belong to it.
#[derive(Clone, Copy)]
struct Opening {
    from: Timestamp,
    until: Timestamp,
}

impl Calendar {
    /// The company's time zone.
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The public holiday or closing day of a date, by name.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.holidays.iter().find(|holiday| holiday.falls_on(date)).map(|holiday| holiday.name.as_str())
    }

    /// True on days on which the company works at all.
    pub fn is_business_day(&self, date: Date) -> bool {
        !self.hours_of(date).is_empty()
    }

    /// True while the company works.
    pub fn is_business_time(&self, moment: Timestamp) -> bool {
        let date = self.date_of(moment);
        self.openings_of(date).any(|opening| opening.from <= moment && moment < opening.until)
    }

    /// The moment at which that many minutes of business time have passed since `start`. With 0 minutes
    /// this is `start` itself, or the next opening.
    pub fn add_business_minutes(&self, start: Timestamp, minutes: u32) -> Timestamp {
        let mut left = SignedDuration::from_mins(i64::from(minutes));
        let mut reached = start;
        for opening in days_from(self.date_of(start)).flat_map(|date| self.openings_of(date)) {
            let from = opening.from.max(start);
            if from >= opening.until {
                continue;
            }
            let available = opening.until.duration_since(from);
            if left <= available {
                return from.saturating_add(left).unwrap_or(Timestamp::MAX);
            }
            left -= available;
            reached = opening.until;
        }
        reached
    }

    /// Whole minutes of business time from `start` to `end`; 0 where `end` is not after `start`.
    pub fn business_minutes_between(&self, start: Timestamp, end: Timestamp) -> u64 {
        let last = self.date_of(end);
        let passed = days_from(self.date_of(start))
            .take_while(|date| *date <= last)
            .flat_map(|date| self.openings_of(date))
            .map(|opening| opening.until.min(end).duration_since(opening.from.max(start)))
            .filter(SignedDuration::is_positive)
            .fold(SignedDuration::ZERO, SignedDuration::saturating_add);
        u64::try_from(passed.as_mins()).unwrap_or(0)
    }

    /// The same time of day that many business days later, within that day's business hours: a moment
    /// before opening becomes the opening, one after closing becomes the closing. Days on which the
    /// company does not work do not count; with 0 days, the next day on which it does, if not this one.
    pub fn add_business_days(&self, start: Timestamp, days: u16) -> Timestamp {
        let local = start.to_zoned(self.zone.clone());
        let first =
            if days == 0 { local.date() } else { local.date().saturating_add(jiff::Span::new().days(1)) };
        let nth = usize::from(days.saturating_sub(1));
        let business_day = days_from(first).filter(|date| self.is_business_day(*date)).nth(nth);
        let Some(date) = business_day else { return start };
        let hours = self.hours_of(date);
        let opening = hours.first().map_or(local.time(), |hours| hours.open);
        let closing = hours.last().map_or(local.time(), |hours| hours.close);
        // Not `clamp`: that panics where the bounds are reversed.
        self.instant(date, local.time().max(opening).min(closing))
    }

    fn date_of(&self, moment: Timestamp) -> Date {
        self.zone.to_datetime(moment).date()
    }

    fn hours_of(&self, date: Date) -> &[Hours] {
        if self.holiday(date).is_some() {
            return &[];
        }
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        self.hours.get(weekday).map_or(&[], Vec::as_slice)
    }

    fn openings_of(&self, date: Date) -> impl Iterator<Item = Opening> {
        self.hours_of(date).iter().map(move |hours| Opening {
            from: self.instant(date, hours.open),
            until: self.instant(date, hours.close),
        })
    }

    /// The instant of a time on the wall clock. One that the clocks skip in spring is moved on by the
    /// hour that is skipped; of one that comes twice in autumn, the first is meant (RFC 5545).
    fn instant(&self, date: Date, time: Time) -> Timestamp {
        self.zone.to_timestamp(date.to_datetime(time)).unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn read(file: &mut Table<'_>) -> Option<Self> {
        let zone = read_zone(file);
        let hours = file.required_table("hours").map(read_week);
        let holidays = file.each_table("holiday", holidays::read);
        Some(Self { zone: zone?, hours: hours?, holidays })
    }
}

/// The days from a date on, within the bound of any search.
fn days_from(first: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |date| date.tomorrow().ok()).take(DAYS_SEARCHED)
}

fn read_zone(file: &mut Table<'_>) -> Option<TimeZone> {
    let name = file.required::<Spanned<String>>("time_zone")?;
    let zone = TimeZone::get(name.get_ref());
    if zone.is_err() {
        let what = format!("unknown time zone `{}`", name.get_ref());
        file.report(name.span(), what, "a name of the IANA database such as \"Europe/Berlin\"");
    }
    zone.ok()
}

fn read_week(mut table: Table<'_>) -> [Vec<Hours>; 7] {
    let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let week = weekdays.map(|key| read_day(&mut table, key));
    if week.iter().all(Vec::is_empty) {
        table.report(table.span(), "the company never works", "hours on at least one day");
    }
    table.finish();
    week
}

fn read_day(table: &mut Table<'_>, key: &str) -> Vec<Hours> {
    let mut day: Vec<Hours> = Vec::new();
    for text in table.required_list::<String>(key).unwrap_or_default() {
        let Some(hours) = parse_hours(text.get_ref()) else {
            let what = format!("{key}: `{}` is not a span of hours", text.get_ref());
            table.report(text.span(), what, "opening and closing such as \"08:00-17:00\"");
            continue;
        };
        if day.last().is_some_and(|before| before.close > hours.open) {
            let what = format!("{key}: `{}` begins before the span before it ends", text.get_ref());
            table.report(text.span(), what, "spans in their order, without overlap");
        }
        day.push(hours);
    }
    day
}

/// „08:00-17:00“, with a hyphen or a dash. Closing comes after opening.
fn parse_hours(text: &str) -> Option<Hours> {
    let (open, close) = text.split_once(['-', '–'])?;
    let time = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
    };
    let hours = Hours { open: time(open)?, close: time(close)? };
    (hours.open < hours.close).then_some(hours)
}
