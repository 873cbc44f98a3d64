//! Which parts of a message are read: subject, newly written text, and the signature for who writes.

use crate::{
    identifiers::Stretch,
    words::{Region, Words},
};
use lotse_domain::{Field, Inquiry};
use lotse_mail::{Context, PartKind, purpose, separate_in};
use std::ops::Range;

/// More than this is not read: the channels refuse far less. Bounds memory for whoever calls directly.
const READ_AT_MOST: usize = 16 * 1024 * 1024;

/// A message with its words.
pub(crate) struct Reading<'i> {
    pub(crate) words: Words,
    subject: &'i str,
    body: &'i str,
    /// What of the body is read, in order.
    ranges: Vec<(Region, Range<usize>)>,
}

impl<'i> Reading<'i> {
    /// Takes the message apart. Quotes and legal notices belong to earlier messages or to nobody.
    pub(crate) fn of(inquiry: &'i Inquiry) -> Self {
        let subject = up_to(inquiry.subject.as_deref().unwrap_or_default());
        let body = up_to(&inquiry.body);
        let context = Context { purpose: purpose(subject), sender_name: inquiry.contact.name.as_deref() };
        let separated = separate_in(body, context);
        let ranges: Vec<_> = separated
            .parts
            .iter()
            .filter_map(|part| match part.kind {
                PartKind::New => Some((Region::Text, part.range.clone())),
                PartKind::Signature => Some((Region::Signature, part.range.clone())),
                PartKind::Quoted | PartKind::Disclaimer => None,
            })
            .collect();
        let mut words = Words::default();
        words.read(subject, 0..subject.len(), Region::Subject);
        for (region, range) in &ranges {
            words.read(body, range.clone(), *region);
        }
        Self { words, subject, body, ranges }
    }

    /// Where numbers are looked for: also in the signature, where physicians put theirs.
    pub(crate) fn stretches(&self) -> Vec<Stretch<'i>> {
        let subject = Stretch { field: Field::Subject, text: self.subject, range: 0..self.subject.len() };
        let body = self.ranges.iter().map(|(_, range)| Stretch {
            field: Field::Body,
            text: self.body,
            range: range.clone(),
        });
        std::iter::once(subject).chain(body).collect()
    }

    /// Subject and newly written text as they were written, each with where it begins in its field.
    pub(crate) fn texts(&self) -> Vec<(Field, usize, &'i str)> {
        let new = self.ranges.iter().filter(|(region, _)| *region == Region::Text);
        let body =
            new.filter_map(|(_, range)| Some((Field::Body, range.start, self.body.get(range.clone())?)));
        std::iter::once((Field::Subject, 0, self.subject)).chain(body).collect()
    }

    /// What stands between a word and a byte after it.
    pub(crate) fn text_after(&self, word: usize, end: usize) -> &'i str {
        let (field, _, start) = self.words.span(word, word);
        let text = if field == Field::Subject { self.subject } else { self.body };
        text.get(start..end).unwrap_or_default()
    }

    /// How many words were newly written, the subject's not counted.
    pub(crate) fn written(&self) -> usize {
        let text = self.words.sentences().iter().filter(|sentence| sentence.region == Region::Text);
        text.map(|sentence| sentence.end - sentence.first).sum()
    }
}

fn up_to(text: &str) -> &str {
    text.get(..text.floor_char_boundary(READ_AT_MOST)).unwrap_or(text)
}
