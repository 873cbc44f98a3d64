//! Days on which the company does not work: by date, by distance from Easter, or once.

use crate::table::Table;
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;

/// A public holiday or a closing day of the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holiday {
    pub(crate) name: String,
    rule: Rule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Rule {
    /// The same date every year.
    Yearly { month: i8, day: i8 },
    /// So many days after Easter Sunday.
    Easter { days: i16 },
    /// One date only.
    Once(Date),
}

impl Holiday {
    pub(crate) fn falls_on(&self, date: Date) -> bool {
        match self.rule {
            Rule::Yearly { month, day } => (date.month(), date.day()) == (month, day),
            Rule::Easter { days } => easter_sunday(date.year())
                .and_then(|easter| easter.checked_add(Span::new().days(days)).ok())
                .is_some_and(|holiday| holiday == date),
            Rule::Once(day) => day == date,
        }
    }
}

/// Easter Sunday of the Gregorian calendar: the Sunday after the first full moon of spring, by the
/// church's tables (algorithm of Meeus, Jones and Butcher).
fn easter_sunday(year: i16) -> Option<Date> {
    let full_year = i32::from(year);
    let place_in_moon_cycle = full_year.rem_euclid(19);
    let (century, year_of_century) = (full_year.div_euclid(100), full_year.rem_euclid(100));
    let (leap_centuries, century_rest) = (century.div_euclid(4), century.rem_euclid(4));
    let moon_correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    // Days from 21 March to the full moon.
    let full_moon =
        (19 * place_in_moon_cycle + century - leap_centuries - moon_correction + 15).rem_euclid(30);
    let (leap_years, leap_rest) = (year_of_century.div_euclid(4), year_of_century.rem_euclid(4));
    let to_sunday = (32 + 2 * century_rest + 2 * leap_years - full_moon - leap_rest).rem_euclid(7);
    let late_correction = (place_in_moon_cycle + 11 * full_moon + 22 * to_sunday).div_euclid(451);
    let day_of_march_and_april = full_moon + to_sunday - 7 * late_correction + 114;
    let (month, day) = (day_of_march_and_april.div_euclid(31), day_of_march_and_april.rem_euclid(31) + 1);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

pub(crate) fn read(entry: &mut Table<'_>) -> Option<Holiday> {
    let name = entry.required("name");
    let every_year = entry.optional::<Spanned<String>>("every_year");
    let easter = entry.optional::<Spanned<i16>>("days_after_easter");
    let once = entry.optional::<Spanned<String>>("on");
    if [every_year.is_some(), easter.is_some(), once.is_some()].iter().filter(|&&is_given| is_given).count()
        != 1
    {
        entry.report(
            entry.span(),
            "a holiday needs one rule",
            "exactly one of: every_year = \"12-25\", days_after_easter = 1, on = \"2026-12-24\"",
        );
    }
    let rule = if let Some(text) = every_year {
        let rule = parse_month_and_day(text.get_ref());
        report_bad_date(entry, "every_year", &text, rule.is_some(), "month and day such as \"12-25\"");
        rule
    } else if let Some(days) = easter {
        if !(-100..=250).contains(days.get_ref()) {
            let what = format!("days_after_easter: {} is not in the same year", days.get_ref());
            entry.report(days.span(), what, "a whole number from -100 to 250");
        }
        Some(Rule::Easter { days: days.into_inner() })
    } else if let Some(text) = once {
        let date: Option<Date> = text.get_ref().parse().ok();
        report_bad_date(entry, "on", &text, date.is_some(), "year, month and day such as \"2026-12-24\"");
        date.map(Rule::Once)
    } else {
        None
    };
    Some(Holiday { name: name?, rule: rule? })
}

fn parse_month_and_day(text: &str) -> Option<Rule> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // A leap year, so that 29 February can be a holiday.
    Date::new(2000, month, day).ok().map(|_| Rule::Yearly { month, day })
}

fn report_bad_date(entry: &Table<'_>, key: &str, text: &Spanned<String>, is_date: bool, expected: &str) {
    if !is_date {
        entry.report(text.span(), format!("{key}: `{}` is not a date", text.get_ref()), expected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn easter_falls_on_the_days_of_the_church_tables() {
        let known = [
            date(1818, 3, 22),
            date(1943, 4, 25),
            date(1961, 4, 2),
            date(1981, 4, 19),
            date(2000, 4, 23),
            date(2008, 3, 23),
            date(2011, 4, 24),
            date(2024, 3, 31),
            date(2025, 4, 20),
            date(2026, 4, 5),
            date(2027, 3, 28),
            date(2038, 4, 25),
            date(2049, 4, 18),
            date(2076, 4, 19),
            date(2285, 3, 22),
        ];
        for easter in known {
            assert_eq!(easter_sunday(easter.year()), Some(easter));
        }
    }

    #[test]
    fn easter_is_a_sunday_between_22_march_and_25_april_in_every_year() {
        for year in 1583..=9999 {
            let easter = easter_sunday(year).unwrap();
            assert_eq!(easter.weekday(), jiff::civil::Weekday::Sunday, "{year}");
            assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&easter), "{year}");
        }
    }
}
