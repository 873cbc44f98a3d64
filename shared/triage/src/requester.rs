//! Who asks: what the contact's record, the text and the signature say about name, profession, institution.

use crate::{
    marks::Marks,
    words::{Region, Sentence, Words},
};
use lotse_domain::Contact;
use lotse_policy::{Detail, Meaning};
use std::collections::BTreeSet;

/// Words before a title that make the person the one who is addressed, not the one who writes.
const SALUTATIONS: &[&str] = &[
    "geehrte", "geehrter", "geehrten", "dear", "liebe", "lieber", "hallo", "hi", "hello", "tag", "morgen",
    "abend", "moin",
];

/// How many words after a closing may be the writer's name.
const NAME_WORDS: usize = 4;

/// A line in which somebody names himself has at most so many words.
const SIGNATURE_WORDS: usize = 14;

/// Somebody who writes about himself names his profession or institution with one of these.
const SELF_WORDS: &[&str] = &[
    "ich", "wir", "uns", "unser", "unsere", "unserer", "unserem", "unseren", "mein", "meine", "meiner", "i",
    "im", "we", "our", "us", "my", "auftrag", "behalf", "chef", "boss", "in", "here", "hier",
];

/// What is known about the person who writes.
pub(crate) fn details(contact: &Contact, words: &Words, marks: &Marks) -> BTreeSet<Detail> {
    let is_given = |field: &Option<String>| field.as_deref().is_some_and(|value| !value.trim().is_empty());
    let is_told = |meaning| marks.places(meaning).any(|place| is_about_writer(words, place.first));
    let mut details = BTreeSet::new();
    if is_given(&contact.name) || is_signed(words, marks) {
        details.insert(Detail::PersonName);
    }
    if is_given(&contact.profession) || is_told(Meaning::Profession) {
        details.insert(Detail::Profession);
    }
    if is_given(&contact.institution) || is_told(Meaning::Institution) {
        details.insert(Detail::Institution);
    }
    details
}

/// True where people write about themselves: in the signature, in short lines at the end, in sentences
/// with „wir“ or "my".
fn is_about_writer(words: &Words, word: usize) -> bool {
    let Some(sentence) = words.sentence_of(word) else { return false };
    let speaks_of_self =
        || (sentence.first..sentence.end).any(|word| SELF_WORDS.contains(&words.letters(word)));
    is_closing_line(words, sentence) || speaks_of_self()
}

/// True for the signature and for the short lines with which a text without one ends.
fn is_closing_line(words: &Words, sentence: &Sentence) -> bool {
    const LAST_LINES: usize = 4;
    let from = words.sentences().len().saturating_sub(LAST_LINES);
    let is_last = words.sentences().get(from).is_some_and(|first| sentence.first >= first.first);
    let is_short = sentence.end - sentence.first <= SIGNATURE_WORDS && !sentence.question_mark;
    sentence.region == Region::Signature || (is_last && is_short && sentence.region == Region::Text)
}

/// True where a name stands: after a title, after a closing, or in one of the last lines.
fn is_signed(words: &Words, marks: &Marks) -> bool {
    let is_capital = |word: usize| words.words().get(word).is_some_and(|word| word.capital);
    let titled = marks.places(Meaning::NameTitle).any(|title| {
        let before = title.first.checked_sub(1).map(|before| words.letters(before)).unwrap_or_default();
        let name = words.words().get(title.last + 1).zip(words.words().get(title.last));
        let follows = name.is_some_and(|(name, title)| name.sentence == title.sentence);
        let is_written = is_capital(title.last + 1) || is_about_writer(words, title.first);
        !SALUTATIONS.contains(&before) && follows && is_written
    });
    // The words of professions, institutions and closings are no names.
    let said: BTreeSet<usize> = [Meaning::Profession, Meaning::Institution, Meaning::Closing]
        .into_iter()
        .flat_map(|meaning| marks.places(meaning))
        .flat_map(|place| place.first..=place.last)
        .collect();
    let is_name = |word: usize| is_capital(word) && !said.contains(&word);
    let closed = marks.places(Meaning::Closing).any(|closing| {
        let end = words.len().min(closing.last + 1 + NAME_WORDS);
        (closing.last + 1..end).any(is_name)
    });
    let last_lines = words.sentences().iter().rev().take_while(|sentence| is_closing_line(words, sentence));
    let in_last_lines = || {
        last_lines.into_iter().any(|line| {
            let names = |pair: usize| is_name(pair) && is_name(pair + 1) && pair + 1 < line.end;
            (line.first..line.end).any(names)
        })
    };
    titled || closed || in_last_lines()
}
