//! Who asks: what the contact's record, the text and the signature say about name, profession, institution.

use crate::{
    marks::Marks,
    words::{Region, Words},
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

/// What is known about the person who writes.
pub(crate) fn details(contact: &Contact, words: &Words, marks: &Marks) -> BTreeSet<Detail> {
    let is_given = |field: &Option<String>| field.as_deref().is_some_and(|value| !value.trim().is_empty());
    let is_found = |meaning| marks.places(meaning).next().is_some();
    let mut details = BTreeSet::new();
    if is_given(&contact.name) || is_signed(words, marks) {
        details.insert(Detail::PersonName);
    }
    if is_given(&contact.profession) || is_found(Meaning::Profession) {
        details.insert(Detail::Profession);
    }
    if is_given(&contact.institution) || is_found(Meaning::Institution) {
        details.insert(Detail::Institution);
    }
    details
}

/// True where a name stands: after a title, or where people sign.
fn is_signed(words: &Words, marks: &Marks) -> bool {
    let is_name = |word: usize| words.words().get(word).is_some_and(|word| word.capital);
    let is_writer = |first: usize| {
        let before = first.checked_sub(1).map(|before| words.letters(before)).unwrap_or_default();
        !SALUTATIONS.contains(&before)
    };
    let titled = marks.places(Meaning::NameTitle).any(|title| {
        let follows = words.words().get(title.last + 1).zip(words.words().get(title.last));
        let same_sentence = follows.is_some_and(|(next, last)| next.sentence == last.sentence);
        is_writer(title.first) && same_sentence && is_name(title.last + 1)
    });
    let closed = marks.places(Meaning::Closing).any(|closing| {
        let end = words.len().min(closing.last + 1 + NAME_WORDS);
        let named = (closing.last + 1..end).filter(|&word| is_name(word)).count();
        named > 0 && !is_only_institution(marks, closing.last + 1, end)
    });
    let in_signature =
        words.sentences().iter().filter(|sentence| sentence.region == Region::Signature).any(|sentence| {
            let names = (sentence.first..sentence.end).filter(|&word| is_name(word)).count();
            (2..=NAME_WORDS).contains(&names)
                && !is_only_institution(marks, sentence.first, sentence.end)
                && !marks
                    .places(Meaning::Closing)
                    .any(|closing| (sentence.first..sentence.end).contains(&closing.first))
        });
    titled || closed || in_signature
}

/// True where the words name a practice or a hospital, and so not a person.
fn is_only_institution(marks: &Marks, first: usize, end: usize) -> bool {
    marks.places(Meaning::Institution).any(|place| (first..end).contains(&place.first))
}
