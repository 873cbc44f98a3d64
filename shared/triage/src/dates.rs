//! Days that a text names: „am 11.11.“, „3. November 2026“, "last Tuesday", "yesterday". Only days that
//! a clerk could look up; „neulich“ and "last week" are none.

use crate::{phrases::FoundPlace, words::Words};

/// The place of `date` in [`FOUND_LISTS`](lotse_policy::FOUND_LISTS).
const DATE_LIST: usize = 2;

const MONTHS: &[&str] = &[
    "januar",
    "jaenner",
    "jan",
    "january",
    "februar",
    "feb",
    "february",
    "maerz",
    "marz",
    "mrz",
    "march",
    "mar",
    "april",
    "apr",
    "mai",
    "may",
    "juni",
    "jun",
    "june",
    "juli",
    "jul",
    "july",
    "august",
    "aug",
    "september",
    "sept",
    "sep",
    "oktober",
    "okt",
    "october",
    "oct",
    "november",
    "nov",
    "dezember",
    "dez",
    "december",
    "dec",
];

const WEEKDAYS: &[&str] = &[
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
];

/// Words before a weekday that make it a certain day in the past.
const LAST: &[&str] = &[
    "letzten",
    "letzter",
    "letztem",
    "vergangenen",
    "vergangenem",
    "vorigen",
    "am",
    "last",
    "on",
    "this",
    "diesen",
];

/// Days without a number.
const RELATIVE_DAYS: &[&str] = &["gestern", "vorgestern", "heute", "yesterday", "today"];

/// Words before two numbers that make them a date without a year: „am 11.11“.
const BEFORE_DATE: &[&str] =
    &["am", "vom", "den", "on", "from", "of", "dated", "seit", "since", "per", "zum", "bis"];

const ORDINAL_ENDINGS: &[&str] = &["st", "nd", "rd", "th", "ten", "te"];

/// A day, by the words that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NamedDay {
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl NamedDay {
    /// The place for phrases with `{date}`.
    pub(crate) fn place(self) -> FoundPlace {
        FoundPlace { list: DATE_LIST, first: self.first, words: self.last + 1 - self.first }
    }
}

/// All days that the words name. `text_of` gives what stands between two bytes of a word's field.
pub(crate) fn find<'t>(words: &Words, text_of: impl Fn(usize, usize) -> &'t str) -> Vec<NamedDay> {
    let mut days = Vec::new();
    for sentence in words.sentences() {
        let mut word = sentence.first;
        while word < sentence.end {
            let reader = DayReader { words, end: sentence.end, first: sentence.first, text_of: &text_of };
            if let Some(last) = reader.day_at(word) {
                days.push(NamedDay { first: word, last });
                word = last + 1;
            } else {
                word += 1;
            }
        }
    }
    days
}

struct DayReader<'r, 't, F: Fn(usize, usize) -> &'t str> {
    words: &'r Words,
    first: usize,
    end: usize,
    text_of: &'r F,
}

impl<'t, F: Fn(usize, usize) -> &'t str> DayReader<'_, 't, F> {
    fn letters(&self, word: usize) -> &str {
        if word < self.end { self.words.letters(word) } else { "" }
    }

    fn number(&self, word: usize, least: u32, most: u32) -> bool {
        let letters = self.letters(word);
        letters.len() <= 4
            && letters.bytes().all(|byte| byte.is_ascii_digit())
            && letters.parse().is_ok_and(|number: u32| (least..=most).contains(&number))
    }

    /// What stands between a word and the next; after the last word of a sentence what follows it.
    fn between(&self, word: usize) -> &'t str {
        let words = self.words.words();
        match (words.get(word), words.get(word + 1)) {
            (Some(left), Some(right)) if word + 1 < self.end => {
                (self.text_of)(word, right.start.max(left.end))
            }
            (Some(left), _) => (self.text_of)(word, left.end + 1),
            _ => "",
        }
    }

    /// The last word of the day that begins at a word.
    fn day_at(&self, word: usize) -> Option<usize> {
        let letters = self.letters(word);
        let first = letters.bytes().next()?;
        if first.is_ascii_digit() {
            return self.in_numbers(word).or_else(|| self.with_month_name(word));
        }
        if RELATIVE_DAYS.contains(&letters) {
            return Some(word);
        }
        if LAST.contains(&letters) && WEEKDAYS.contains(&self.letters(word + 1)) {
            return Some(word + 1);
        }
        if letters == "vor" && self.number(word + 1, 1, 60) && self.letters(word + 2).starts_with("tag") {
            return Some(word + 2);
        }
        (self.number(word + 1, 1, 31) && MONTHS.contains(&letters)).then(|| self.with_year(word + 1))
    }

    /// `11.11.`, `11.11.2026`, `11/11/26`, `2026-11-11`.
    fn in_numbers(&self, word: usize) -> Option<usize> {
        let separator = self.between(word);
        if separator == "-" {
            let is_iso = self.number(word, 2000, 2099)
                && self.number(word + 1, 1, 12)
                && self.between(word + 1) == "-"
                && self.number(word + 2, 1, 31);
            let is_dashed = self.number(word, 1, 31)
                && self.number(word + 1, 1, 12)
                && self.between(word + 1) == "-"
                && self.number(word + 2, 2000, 2099);
            return (is_iso || is_dashed).then_some(word + 2);
        }
        if !matches!(separator, "." | ". " | "/")
            || !self.number(word, 1, 31)
            || !self.number(word + 1, 1, 12)
        {
            return None;
        }
        let after = self.between(word + 1);
        let has_year = after.starts_with(separator.trim_end())
            && (self.number(word + 2, 2000, 2099)
                || (self.letters(word + 2).len() == 2 && self.number(word + 2, 20, 60)));
        if has_year {
            return Some(word + 2);
        }
        let announced = word > self.first && BEFORE_DATE.contains(&self.letters(word - 1));
        ((separator.starts_with('.') && after.starts_with('.')) || announced).then_some(word + 1)
    }

    /// `3. November`, `3rd of November 2026`.
    fn with_month_name(&self, word: usize) -> Option<usize> {
        if !self.number(word, 1, 31) {
            return None;
        }
        let mut next = word + 1;
        if ORDINAL_ENDINGS.contains(&self.letters(next)) {
            next += 1;
        }
        if matches!(self.letters(next), "of" | "days") {
            if self.letters(next) == "days" {
                return (self.letters(next + 1) == "ago").then_some(next + 1);
            }
            next += 1;
        }
        MONTHS.contains(&self.letters(next)).then(|| self.with_year(next))
    }

    fn with_year(&self, word: usize) -> usize {
        if self.number(word + 1, 2000, 2099) { word + 1 } else { word }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Region;

    fn days(text: &str) -> Vec<String> {
        let mut words = Words::default();
        words.read(text, 0..text.len(), Region::Text);
        let text_of = |word: usize, end: usize| {
            words.words().get(word).and_then(|word| text.get(word.end..end)).unwrap_or_default()
        };
        let spans = find(&words, text_of).into_iter().map(|day| words.span(day.first, day.last));
        spans.map(|(_, start, end)| text[start..end].to_owned()).collect()
    }

    #[test]
    fn days_are_found_in_all_their_forms() {
        for (text, day) in [
            ("Am 11.11. haben wir bestellt", "11.11"),
            ("am 11.11 bestellt", "11.11"),
            ("vom 3.11.2026 fehlt", "3.11.2026"),
            ("bestellt 03/11/2026", "03/11/2026"),
            ("ordered on 2026-11-03", "2026-11-03"),
            ("seit dem 3. November nichts", "3. November"),
            ("the 3rd of November order", "3rd of November"),
            ("November 3, 2026", "November 3, 2026"),
            ("ordered last Tuesday", "last Tuesday"),
            ("gestern bestellt", "gestern"),
            ("vor 10 Tagen bestellt", "vor 10 Tagen"),
            ("ordered ten or 10 days ago", "10 days ago"),
        ] {
            assert_eq!(days(text), [day], "{text}");
        }
    }

    #[test]
    fn doses_and_numbers_are_no_days() {
        for text in [
            "2.5 mg",
            "1-0-1",
            "100 mg",
            "39,4 Grad",
            "NP-2026-004711",
            "neulich",
            "last week",
            "30–60 ml/min",
            "2 x 5 mg",
        ] {
            assert!(days(text).is_empty(), "{text}: {:?}", days(text));
        }
    }
}
