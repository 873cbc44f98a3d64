//! Reckoning in the business time of the shipped policy: Kiel, Monday to Thursday 8–17, Friday 8–15.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::{Timestamp, civil::date};
use lotse_domain::Language;
use lotse_policy::{Calendar, Policy};
use proptest::prelude::*;

fn kiel() -> Calendar {
    Policy::shipped().unwrap().calendar
}

/// A moment by the clock in Kiel: „2026-11-27 14:50“.
fn at(text: &str) -> Timestamp {
    let local: jiff::civil::DateTime = text.parse().unwrap();
    local.in_tz("Europe/Berlin").unwrap().timestamp()
}

#[test]
fn business_minutes_go_on_where_the_company_opens_again() {
    let cases = [
        // An ordinary day.
        ("2026-11-23 09:00", 60, "2026-11-23 10:00"),
        // Over the weekend.
        ("2026-11-27 14:50", 60, "2026-11-30 08:50"),
        // Exactly up to closing time, and a minute more.
        ("2026-11-27 14:50", 10, "2026-11-27 15:00"),
        ("2026-11-27 14:50", 11, "2026-11-30 08:01"),
        // Before opening, after closing and on Sunday the clock waits for the next opening.
        ("2026-11-23 06:30", 30, "2026-11-23 08:30"),
        ("2026-11-23 20:00", 30, "2026-11-24 08:30"),
        ("2026-11-22 12:00", 30, "2026-11-23 08:30"),
        ("2026-11-22 12:00", 0, "2026-11-23 08:00"),
        ("2026-11-23 12:00", 0, "2026-11-23 12:00"),
        // Christmas 2026: Thursday 24 is a working day, Friday 25 and Saturday 26 are holidays.
        ("2026-12-24 16:30", 60, "2026-12-28 08:30"),
        // Christmas 2025: Thursday and Friday.
        ("2025-12-24 16:30", 60, "2025-12-29 08:30"),
        // Easter 2026: Good Friday 3 April to Easter Monday 6 April.
        ("2026-04-02 16:00", 120, "2026-04-07 09:00"),
        // Reformation day, a holiday in Schleswig-Holstein: Friday 31 October 2025.
        ("2025-10-30 16:00", 120, "2025-11-03 09:00"),
        // Ascension 2026, a Thursday, and Whit Monday.
        ("2026-05-13 16:00", 120, "2026-05-15 09:00"),
        ("2026-05-22 14:00", 120, "2026-05-26 09:00"),
        // Two full business days, the target of medical information: Friday has two hours less.
        ("2026-11-23 09:00", 1080, "2026-11-25 09:00"),
        ("2026-11-26 09:00", 1080, "2026-11-30 11:00"),
        // The clocks change on Sunday 29 March and Sunday 25 October 2026: business hours do not care.
        ("2026-03-27 14:00", 120, "2026-03-30 09:00"),
        ("2026-10-23 14:00", 120, "2026-10-26 09:00"),
    ];
    let calendar = kiel();
    for (start, minutes, end) in cases {
        let reached = calendar.add_business_minutes(at(start), minutes);
        assert_eq!(reached, at(end), "{start} + {minutes} min");
        assert_eq!(
            calendar.business_minutes_between(at(start), reached),
            u64::from(minutes),
            "{start} to {end}"
        );
    }
}

#[test]
fn business_minutes_between_count_only_opening_hours() {
    let calendar = kiel();
    let between = |start, end| calendar.business_minutes_between(at(start), at(end));
    assert_eq!(between("2026-11-23 00:00", "2026-11-30 00:00"), 4 * 540 + 420);
    assert_eq!(between("2026-11-28 00:00", "2026-11-29 23:00"), 0);
    assert_eq!(between("2026-11-24 10:00", "2026-11-23 10:00"), 0, "backwards");
    // The pause of a clock: of a 120-minute target 60 are spent, and 60 are left after the pause.
    let received = at("2026-11-23 09:00");
    let asked = at("2026-11-23 10:00");
    let replied = at("2026-11-26 16:30");
    let left = 120 - calendar.business_minutes_between(received, asked);
    assert_eq!(calendar.add_business_minutes(replied, u32::try_from(left).unwrap()), at("2026-11-27 08:30"));
}

#[test]
fn on_days_when_the_clocks_change_hours_are_as_long_as_they_are() {
    let night_shift = calendar_with("sunday = []", "sunday = [\"00:00-08:00\"]");
    // 29 March 2026: 02:00 to 03:00 does not exist; 25 October 2026: it comes twice.
    let spring = night_shift.business_minutes_between(at("2026-03-29 00:00"), at("2026-03-29 12:00"));
    let autumn = night_shift.business_minutes_between(at("2026-10-25 00:00"), at("2026-10-25 12:00"));
    assert_eq!((spring, autumn), (7 * 60, 9 * 60));
    assert_eq!(night_shift.add_business_minutes(at("2026-03-29 01:30"), 60), at("2026-03-29 03:30"));
}

#[test]
fn business_days_keep_the_time_of_day_within_opening_hours() {
    let calendar = kiel();
    let cases = [
        ("2026-11-23 10:00", 2, "2026-11-25 10:00"),
        ("2026-11-26 16:30", 1, "2026-11-27 15:00"),
        ("2026-11-27 10:00", 2, "2026-12-01 10:00"),
        ("2026-11-28 23:00", 1, "2026-11-30 17:00"),
        ("2026-11-28 03:00", 2, "2026-12-01 08:00"),
        ("2026-11-28 03:00", 0, "2026-11-30 08:00"),
        ("2026-12-23 09:00", 2, "2026-12-28 09:00"),
    ];
    for (start, days, end) in cases {
        assert_eq!(calendar.add_business_days(at(start), days), at(end), "{start} + {days} business days");
    }
}

#[test]
fn business_time_is_from_opening_to_just_before_closing() {
    let calendar = kiel();
    for (moment, expected) in [
        ("2026-11-23 07:59", false),
        ("2026-11-23 08:00", true),
        ("2026-11-23 16:59", true),
        ("2026-11-23 17:00", false),
        ("2026-11-27 15:30", false),
        ("2026-11-28 10:00", false),
        ("2026-12-25 10:00", false),
    ] {
        assert_eq!(calendar.is_business_time(at(moment)), expected, "{moment}");
    }
}

#[test]
fn the_holidays_are_those_of_schleswig_holstein() {
    let calendar = kiel();
    let in_2026: Vec<(String, String)> = date(2026, 1, 1)
        .series(jiff::Span::new().days(1))
        .take(365)
        .filter_map(|day| Some((day.to_string(), calendar.holiday(day)?.to_owned())))
        .collect();
    let expected = [
        ("2026-01-01", "Neujahr"),
        ("2026-04-03", "Karfreitag"),
        ("2026-04-06", "Ostermontag"),
        ("2026-05-01", "Tag der Arbeit"),
        ("2026-05-14", "Christi Himmelfahrt"),
        ("2026-05-25", "Pfingstmontag"),
        ("2026-10-03", "Tag der Deutschen Einheit"),
        ("2026-10-31", "Reformationstag"),
        ("2026-12-25", "1. Weihnachtstag"),
        ("2026-12-26", "2. Weihnachtstag"),
    ];
    assert_eq!(in_2026, expected.map(|(day, name)| (day.to_owned(), name.to_owned())));
}

#[test]
fn a_calendar_on_which_no_business_day_ever_comes_ends_the_search() {
    // 2000 is a leap year: 29 February is a holiday, too.
    let every_day: Vec<String> = (1..=12)
        .flat_map(|month| (1..=31).map(move |day| (month, day)))
        .filter(|(month, day)| jiff::civil::Date::new(2000, *month, *day).is_ok())
        .map(|(month, day)| format!("[[holiday]]\nname = \"zu\"\nevery_year = \"{month:02}-{day:02}\"\n"))
        .collect();
    let closed = calendar_with("[[holiday]]", &(every_day.concat() + "[[holiday]]"));
    let start = at("2026-11-23 09:00");
    assert_eq!(closed.add_business_minutes(start, 1), start);
    assert_eq!(closed.add_business_days(start, 1), start);
}

#[test]
fn a_safety_report_has_24_hours_by_the_calendar_whatever_the_day() {
    let policy = Policy::shipped().unwrap();
    let desk = policy.desk_for_safety(lotse_domain::SafetyKind::AdverseEvent);
    assert_eq!(policy.due(desk, at("2026-12-25 22:00")), at("2026-12-26 22:00"));
}

#[test]
fn moments_are_said_as_their_readers_say_them() {
    let policy = Policy::shipped().unwrap();
    let moment = at("2026-11-23 08:05");
    assert_eq!(policy.moment_in_words(moment, &Language::German), "Montag, 23. November 2026, 8:05 Uhr");
    assert_eq!(policy.moment_in_words(moment, &Language::English), "Monday, 23 November 2026, 08:05 CET");
    let summer = at("2026-07-04 16:30");
    assert_eq!(policy.moment_in_words(summer, &Language::German), "Samstag, 4. Juli 2026, 16:30 Uhr");
    assert_eq!(policy.moment_in_words(summer, &Language::English), "Saturday, 4 July 2026, 16:30 CEST");
}

fn calendar_with(before: &str, after: &str) -> Calendar {
    let files = lotse_policy::SHIPPED.iter().map(|(name, text)| lotse_policy::PolicyFile {
        name: (*name).to_owned(),
        path: (*name).to_owned(),
        content: if *name == "calendar.toml" { text.replacen(before, after, 1) } else { (*text).to_owned() }
            .into_bytes(),
    });
    Policy::from_files(files.collect()).unwrap().calendar
}

/// Any second from 2020 to 2039.
fn any_moment() -> impl Strategy<Value = Timestamp> {
    (1_577_836_800_i64..2_208_988_800).prop_map(|second| Timestamp::from_second(second).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn adding_minutes_and_counting_them_agree(start in any_moment(), minutes in 0_u32..10_000) {
        let calendar = kiel_once();
        let end = calendar.add_business_minutes(start, minutes);
        prop_assert!(end >= start);
        prop_assert_eq!(calendar.business_minutes_between(start, end), u64::from(minutes));
    }

    #[test]
    fn whoever_starts_later_or_needs_longer_is_not_done_earlier(
        start in any_moment(), later in 0_i64..1_000_000, minutes in 0_u32..5_000, more in 0_u32..5_000,
    ) {
        let calendar = kiel_once();
        let later = start + jiff::SignedDuration::from_secs(later);
        let end = calendar.add_business_minutes(start, minutes);
        prop_assert!(end <= calendar.add_business_minutes(later, minutes));
        prop_assert!(end <= calendar.add_business_minutes(start, minutes + more));
    }

    #[test]
    fn a_number_of_business_days_later_is_a_business_day(start in any_moment(), days in 0_u16..60) {
        let calendar = kiel_once();
        let end = calendar.add_business_days(start, days);
        let day = |moment: Timestamp| moment.to_zoned(calendar.time_zone().clone()).date();
        prop_assert!(calendar.is_business_day(day(end)));
        prop_assert!(days == 0 || end > start);
    }
}

fn kiel_once() -> &'static Calendar {
    static KIEL: std::sync::LazyLock<Calendar> = std::sync::LazyLock::new(kiel);
    &KIEL
}
