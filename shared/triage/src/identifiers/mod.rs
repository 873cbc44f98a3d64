//! Numbers and codes: what they are by form, check digit and the words around them.
//!
//! A bare number says little: one in eleven eight-digit numbers is a valid PZN. So most kinds need one of
//! their words beside the number; only forms that hardly occur by chance are taken without. A number
//! whose words say what it is and that cannot be it is *mistyped*; one that could be two things is
//! *ambiguous*. Nothing is guessed.

mod carriers;
mod check_digits;
mod company;
mod groups;
mod kinds;
mod pharmacy;
mod physicians;

use crate::{
    dates::NamedDay,
    hits::{Hit, Hits},
    lexicon::{Builder, PhraseId},
    normalise::fold_words,
    phrases::FoundPlace,
    words::Words,
};
use carriers::{FORMS, Fit};
use groups::{Chunk, LONGEST_NUMBER, MOST_CHUNKS, chunks, compact};
use kinds::{Reading, ambiguous, is_digits, lanr, plain, pzn, shipment};
use lotse_domain::{Check, Field, IdentifierFinding, IdentifierKind};
use lotse_policy::{Choice, Identifiers, NumberMeaning, Part, Pattern};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::Range};

/// So many words may stand between a number and the words that say what it is.
const WORDS_BEFORE: usize = 5;
/// Words after a number say what it is only where they follow at once: „4410027 (Kundennummer)“.
const WORDS_AFTER: usize = 2;
/// The places of `number`, `identifier` and `order_reference` in [`FOUND_LISTS`](lotse_policy::FOUND_LISTS).
const NUMBER_LIST: usize = 1;
const IDENTIFIER_LIST: usize = 3;
const ORDER_REFERENCE_LIST: usize = 4;
/// So many letters and digits at least stand before a check character of its own.
const FEWEST_BEFORE_CHECK: usize = 14;
/// At so many places a number is looked for. No letter has as many, and each costs microseconds.
const MOST_TRIES: usize = 20_000;
/// A batch has at most 20 characters; shorter than four it is more likely a count.
const BATCH_LENGTH: std::ops::RangeInclusive<usize> = 4..=20;

/// What words beside a number say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Context {
    means: NumberMeaning,
    carrier: Option<String>,
}

/// The policy's patterns and words, compiled.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct IdentifierReader {
    patterns: Vec<Pattern>,
    contexts: Vec<Context>,
    by_phrase: BTreeMap<PhraseId, usize>,
    /// Single words, for numbers that follow without a blank: „PZN90011378“.
    by_letters: BTreeMap<String, usize>,
}

/// A stretch of a field to read.
pub(crate) struct Stretch<'t> {
    pub(crate) field: Field,
    pub(crate) text: &'t str,
    pub(crate) range: Range<usize>,
}

/// Which part of the findings concerns which field and words.
pub(crate) struct Surroundings<'s> {
    pub(crate) words: &'s Words,
    pub(crate) hits: &'s Hits,
    pub(crate) days: &'s [NamedDay],
    pub(crate) is_own_pzn: &'s dyn Fn(&str) -> bool,
}

impl IdentifierReader {
    pub(crate) fn compile(identifiers: &Identifiers, builder: &mut Builder<'_>) -> Self {
        let mut contexts = Vec::new();
        let mut by_phrase = BTreeMap::new();
        let mut by_letters = BTreeMap::new();
        for words in &identifiers.words {
            let index = contexts.len();
            contexts.push(Context { means: words.means, carrier: words.carrier.clone() });
            for phrase in &words.phrases {
                by_phrase.insert(builder.phrase(phrase), index);
                if let [step] = phrase.steps().as_slice() {
                    for choice in &step.choices {
                        if let Choice::Word(word) = choice
                            && let [letters] = fold_words(&word.text).as_slice()
                        {
                            by_letters.insert(letters.clone(), index);
                        }
                    }
                }
            }
        }
        Self { patterns: identifiers.patterns.clone(), contexts, by_phrase, by_letters }
    }

    /// The identifiers of some stretches, in the order of the text; each value once.
    pub(crate) fn read(
        &self,
        stretches: &[Stretch<'_>],
        around: &Surroundings<'_>,
    ) -> Vec<IdentifierFinding> {
        let contexts = self.context_places(around);
        let mut findings: Vec<IdentifierFinding> = Vec::new();
        let mut tries_left = MOST_TRIES;
        for stretch in stretches {
            let Some(text) = stretch.text.get(stretch.range.clone()) else { continue };
            let chunks = chunks(text, stretch.range.start);
            let reader =
                StretchReader { reader: self, stretch, chunks: &chunks, contexts: &contexts, around };
            reader.read(&mut findings, &mut tries_left);
        }
        let mut seen = std::collections::HashSet::new();
        findings.retain(|finding| seen.insert((finding.kind, finding.value.clone())));
        findings
    }

    /// A form's field, which says itself what its number is.
    pub(crate) fn read_field(&self, value: &str, kind: IdentifierKind) -> Option<IdentifierFinding> {
        let words = Words::default();
        let hits = Hits::default();
        let around = Surroundings { words: &words, hits: &hits, days: &[], is_own_pzn: &|_| false };
        let stretch = Stretch { field: Field::Form, text: value, range: 0..value.len() };
        let chunks = chunks(value, 0);
        let reader = StretchReader {
            reader: self,
            stretch: &stretch,
            chunks: &chunks,
            contexts: &[],
            around: &around,
        };
        let context = Context { means: NumberMeaning::Kind(kind), carrier: None };
        let (reading, last) = (0..chunks.len())
            .filter(|&at| reader.may_begin(at))
            .find_map(|at| reader.best_reading(at, Some(&context)))?;
        let Reading { kind, value, check, carrier } = reading;
        let end = chunks.get(last).map_or(0, |chunk| chunk.end);
        Some(IdentifierFinding { kind, value, check, carrier, field: Field::Form, start: 0, end })
    }

    /// Where words stand that say what a number is: first and last word, and which context.
    fn context_places(&self, around: &Surroundings<'_>) -> Vec<(usize, usize, usize)> {
        let place = |hit: &Hit| Some((hit.first, hit.last, *self.by_phrase.get(&hit.phrase)?));
        let mut places: Vec<_> = around.hits.iter().filter_map(place).collect();
        // Of two phrases at one place the longer says more: „DHL Express“ over „DHL“.
        places.sort_unstable_by_key(|&(first, last, _)| (last, std::cmp::Reverse(first)));
        places
    }
}

/// The PZN that a valid PZN, PPN or NTIN carries.
pub(crate) fn pzn_in(found: &IdentifierFinding) -> Option<String> {
    let digits = match (found.kind, found.check) {
        (IdentifierKind::Pzn, Check::Valid) => found.value.as_str(),
        (IdentifierKind::Ppn, Check::Valid) => found.value.get(2..10)?,
        (IdentifierKind::Ntin, Check::Valid) => found.value.get(5..13)?,
        _ => return None,
    };
    Some(digits.to_owned())
}

/// The places of findings and of plain numbers, for phrases with `{identifier}` and `{number}`.
pub(crate) fn places<'f>(
    words: &'f Words,
    findings: &'f [IdentifierFinding],
) -> impl Iterator<Item = FoundPlace> + 'f {
    let recognised = findings.iter().filter(|finding| finding.check != Check::Ambiguous);
    let identifiers = recognised.flat_map(|finding| {
        let first = words.word_at(finding.field, finding.start);
        let last = words.word_at(finding.field, finding.end.saturating_sub(1));
        let is_reference = matches!(
            finding.kind,
            IdentifierKind::OrderNumber | IdentifierKind::DeliveryNote | IdentifierKind::TrackingNumber
        );
        let place = move |list| FoundPlace { list, first, words: last + 1 - first };
        std::iter::once(place(IDENTIFIER_LIST)).chain(is_reference.then(|| place(ORDER_REFERENCE_LIST)))
    });
    let is_number = |word: &usize| words.letters(*word).starts_with(|letter: char| letter.is_ascii_digit());
    let numbers = (0..words.len()).filter(is_number);
    identifiers.chain(numbers.map(|first| FoundPlace { list: NUMBER_LIST, first, words: 1 }))
}

struct StretchReader<'r> {
    reader: &'r IdentifierReader,
    stretch: &'r Stretch<'r>,
    chunks: &'r [Chunk],
    contexts: &'r [(usize, usize, usize)],
    around: &'r Surroundings<'r>,
}

impl StretchReader<'_> {
    fn read(&self, findings: &mut Vec<IdentifierFinding>, tries_left: &mut usize) {
        let mut at = 0;
        // What the number before was, and where it ended: „PZN 27580899 und 02495052“.
        let mut before: Option<(Context, usize)> = None;
        while at < self.chunks.len() && *tries_left > 0 {
            if !self.may_begin(at) || self.is_date(at) {
                at += 1;
                continue;
            }
            *tries_left -= 1;
            let context = self.context(at, before.as_ref());
            match self.best_reading(at, context.as_ref()) {
                Some((reading, last)) => {
                    let (Some(first_chunk), Some(last_chunk)) = (self.chunks.get(at), self.chunks.get(last))
                    else {
                        break;
                    };
                    findings.push(IdentifierFinding {
                        kind: reading.kind,
                        value: reading.value,
                        check: reading.check,
                        carrier: reading.carrier,
                        field: self.stretch.field,
                        start: first_chunk.start,
                        end: last_chunk.end,
                    });
                    let word =
                        self.around.words.word_at(self.stretch.field, last_chunk.end.saturating_sub(1));
                    let said = Context { means: NumberMeaning::Kind(reading.kind), carrier: None };
                    before = Some((context.unwrap_or(said), word));
                    at = last + 1;
                }
                None => at += 1,
            }
        }
    }

    fn text(&self, first: usize, last: usize) -> &str {
        match (self.chunks.get(first), self.chunks.get(last)) {
            (Some(first), Some(last)) => self.stretch.text.get(first.start..last.end).unwrap_or_default(),
            _ => "",
        }
    }

    /// A number begins with a chunk that has digits, or with the fixed letters of a pattern before one.
    fn may_begin(&self, at: usize) -> bool {
        let Some(chunk) = self.chunks.get(at) else { return false };
        if chunk.has_digit {
            return true;
        }
        let digits_follow = chunk.joins_next && self.chunks.get(at + 1).is_some_and(|next| next.has_digit);
        digits_follow && chunk.end - chunk.start <= 3 && self.is_fixed(&compact(self.text(at, at)))
    }

    fn is_fixed(&self, letters: &str) -> bool {
        let is_first =
            |pattern: &Pattern| matches!(pattern.parts.first(), Some(Part::Fixed(fixed)) if fixed == letters);
        self.reader.patterns.iter().any(is_first)
    }

    /// True where the chunk belongs to a day that the text names.
    fn is_date(&self, at: usize) -> bool {
        let Some(chunk) = self.chunks.get(at) else { return false };
        let word = self.around.words.word_at(self.stretch.field, chunk.start);
        let after = self.around.days.partition_point(|day| day.last < word);
        self.around.days.get(after).is_some_and(|day| day.first <= word)
    }

    /// What the words around a number say: the nearest before it that says more than „Nr.“, else what
    /// was said of the number just before, else words right after it.
    fn context(&self, at: usize, before: Option<&(Context, usize)>) -> Option<Context> {
        let chunk = self.chunks.get(at)?;
        let words = self.around.words;
        let word = words.word_at(self.stretch.field, chunk.start);
        let sentence = words.words().get(word)?.sentence;
        let is_here = |place: usize| words.words().get(place).is_some_and(|word| word.sentence == sentence);
        if let Some((context, last)) = before
            && word > *last
            && word - last <= 2
            && is_here(*last)
            && word - last == 1 + usize::from(self.is_and(word - 1))
        {
            let nearer = self.nearest_before(word, *last + 1, &is_here);
            return Some(nearer.unwrap_or_else(|| context.clone()));
        }
        let from = word.saturating_sub(WORDS_BEFORE).max(before.map_or(0, |(_, last)| last + 1));
        let nearest = self.nearest_before(word, from, &is_here);
        if nearest.as_ref().is_some_and(|context| context.means != NumberMeaning::Some) {
            return nearest;
        }
        let after = self
            .contexts
            .iter()
            .filter(|(first, ..)| (word + 1..=word + WORDS_AFTER).contains(first) && is_here(*first));
        let after = after.filter_map(|(.., context)| self.reader.contexts.get(*context)).find(|context| {
            // „… 4711 Lieferung“ names no number; a number's own word in brackets does.
            matches!(context.means, NumberMeaning::Kind(kind) if kind != IdentifierKind::OrderNumber && kind != IdentifierKind::Batch)
        });
        after.cloned().or(nearest)
    }

    fn is_and(&self, word: usize) -> bool {
        matches!(self.around.words.letters(word), "und" | "and" | "u" | "sowie" | "or" | "oder" | "bzw")
    }

    fn nearest_before(&self, word: usize, from: usize, is_here: &dyn Fn(usize) -> bool) -> Option<Context> {
        let end = self.contexts.partition_point(|&(_, last, _)| last < word);
        let near = self.contexts.get(..end).unwrap_or_default().iter().rev();
        let mut some = None;
        for (_, _, context) in
            near.take_while(|(first, last, _)| *last >= from && *first >= from && is_here(*last))
        {
            let context = self.reader.contexts.get(*context)?;
            if context.means != NumberMeaning::Some {
                return Some(context.clone());
            }
            some = some.or(Some(context.clone()));
        }
        some
    }

    /// The best reading of a number that begins at a chunk, with its last chunk.
    fn best_reading(&self, at: usize, context: Option<&Context>) -> Option<(Reading, usize)> {
        let mut last = at;
        let mut length = self.chunks.get(at).map_or(0, |chunk| chunk.end - chunk.start);
        while let (Some(chunk), Some(next)) = (self.chunks.get(last), self.chunks.get(last + 1)) {
            length += next.end - next.start;
            // A check character may stand apart at the end: „… 327 276 N“.
            let is_check = next.end - next.start == 1 && length > FEWEST_BEFORE_CHECK;
            let joins = chunk.joins_next && (next.has_digit || is_check) && last + 1 - at < MOST_CHUNKS;
            if !joins || length > LONGEST_NUMBER || self.is_date(last + 1) {
                break;
            }
            last += 1;
        }
        // The number as a whole, then its first chunks, where a second number or a count follows.
        let ends = std::iter::once(last).chain((at..last).rev());
        let mut mistyped = None;
        for end in ends {
            let Some(reading) = self.reading(&compact(self.text(at, end)), at, context) else { continue };
            if reading.check != Check::Mistyped {
                return Some((reading, end));
            }
            mistyped = mistyped.or(Some((reading, end)));
        }
        mistyped.or_else(|| self.batch(at, context))
    }

    fn reading(&self, text: &str, at: usize, context: Option<&Context>) -> Option<Reading> {
        // „PZN90011378“: the words stand before the digits without a blank.
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        if let Some((word, digits)) = text.split_at_checked(letters)
            && letters >= 2
            && !self.is_fixed(word)
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && let Some(context) = self
                .reader
                .by_letters
                .get(&word.to_ascii_lowercase())
                .and_then(|&at| self.reader.contexts.get(at))
        {
            return self.read_with_words(digits, at, context);
        }
        let is_other = context.is_some_and(|context| context.means == NumberMeaning::Other);
        let own = self.own_with_letters(text, is_other);
        let own = own.or_else(|| context.and_then(|context| self.read_with_words(text, at, context)));
        own.or_else(|| self.read_bare(text, context))
    }

    /// The company's own numbers with their letters need no words; where words say that it is something
    /// else, only letters of our own outweigh them.
    fn own_with_letters(&self, text: &str, is_other: bool) -> Option<Reading> {
        self.reader.patterns.iter().filter(|pattern| !pattern.needs_words).find_map(|pattern| {
            let found = company::compare(pattern, text, false)?;
            let is_telling = found.has_letters
                || (!is_other
                    && found.check == Check::Unchecked
                    && text.starts_with(|letter: char| letter.is_ascii_uppercase()));
            is_telling.then(|| Reading {
                kind: pattern.kind,
                value: found.value,
                check: found.check,
                carrier: pattern.carrier.clone(),
            })
        })
    }

    /// What the number is where words say what it should be.
    fn read_with_words(&self, text: &str, at: usize, context: &Context) -> Option<Reading> {
        let NumberMeaning::Kind(kind) = context.means else { return None };
        let checked = |fits: bool, lengths: Range<usize>| {
            let check = if fits { Check::Valid } else { Check::Mistyped };
            (fits || (is_digits(text) && lengths.contains(&text.len()))).then(|| plain(kind, text, check))
        };
        match kind {
            IdentifierKind::Pzn => pzn(text),
            IdentifierKind::Ppn => checked(pharmacy::is_ppn(text), 11..14),
            IdentifierKind::Ntin => checked(pharmacy::is_ntin(text), 13..16),
            IdentifierKind::Efn => checked(physicians::is_efn(text), 14..17),
            IdentifierKind::Npi => checked(physicians::is_npi(text), 9..12),
            IdentifierKind::Lanr => lanr(text),
            IdentifierKind::Bsnr => {
                let check = if physicians::is_bsnr(text) { Check::Unchecked } else { Check::Mistyped };
                (is_digits(text) && (8..=10).contains(&text.len())).then(|| plain(kind, text, check))
            }
            IdentifierKind::TrackingNumber => shipment(text, context.carrier.as_deref()),
            IdentifierKind::Batch => None,
            IdentifierKind::OrderNumber | IdentifierKind::DeliveryNote | IdentifierKind::CustomerNumber => {
                self.own_by_words(text, at, kind)
            }
        }
    }

    /// The company's own numbers without their letters, by the words before them.
    fn own_by_words(&self, text: &str, at: usize, kind: IdentifierKind) -> Option<Reading> {
        if self.follows_letters(at) {
            return None;
        }
        let fits = |pattern: &Pattern| {
            company::compare(pattern, text, pattern.kind == kind).map(|found| Reading {
                kind: pattern.kind,
                value: found.value,
                check: found.check,
                carrier: pattern.carrier.clone(),
            })
        };
        let named = self.reader.patterns.iter().filter(|pattern| pattern.kind == kind).find_map(fits);
        named.or_else(|| {
            // The words say one thing and the form says another: nobody can tell which is wrong.
            let others =
                self.reader.patterns.iter().filter(|pattern| {
                    pattern.kind != kind && !pattern.needs_words && pattern.carrier.is_none()
                });
            let other = others
                .filter_map(fits)
                .find(|reading| reading.check == Check::Unchecked && is_digits(text))?;
            Some(Reading { kind, check: Check::Ambiguous, value: text.to_owned(), ..other })
        })
    }

    /// True where letters stand right before the number and belong to it: „RE-2026-55810“.
    fn follows_letters(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.chunks.get(before));
        let (Some(before), Some(chunk)) = (before, self.chunks.get(at)) else { return false };
        let gap = self.stretch.text.get(before.end..chunk.start).unwrap_or_default();
        !before.has_digit && matches!(gap, "-" | "/" | "_")
    }

    /// Without words: only what hardly occurs by chance, and what could be two things.
    fn read_bare(&self, text: &str, context: Option<&Context>) -> Option<Reading> {
        if context.is_some_and(|context| context.means == NumberMeaning::Other) {
            return None;
        }
        if pharmacy::is_ppn(text) {
            return Some(plain(IdentifierKind::Ppn, text, Check::Valid));
        }
        if pharmacy::is_ntin(text) {
            return Some(plain(IdentifierKind::Ntin, text, Check::Valid));
        }
        if physicians::is_efn(text) {
            return Some(plain(IdentifierKind::Efn, text, Check::Valid));
        }
        if pharmacy::is_pzn(text) && (self.around.is_own_pzn)(text) {
            return Some(plain(IdentifierKind::Pzn, text, Check::Valid));
        }
        let distinctive = FORMS.iter().filter(|form| form.is_distinctive).find_map(|form| {
            let check = match form.fit(text)? {
                Fit::Valid => Check::Valid,
                Fit::Unchecked => Check::Unchecked,
                Fit::WrongCheckDigit if form.carrier == "UPS" || form.carrier == "DHL" => Check::Mistyped,
                Fit::WrongCheckDigit => return None,
            };
            let carrier = Some(form.carrier.to_owned());
            Some(Reading { kind: IdentifierKind::TrackingNumber, value: text.to_owned(), check, carrier })
        });
        let said = context.is_some_and(|context| context.means == NumberMeaning::Some);
        distinctive.or_else(|| if said { ambiguous(text, &self.reader.patterns) } else { None })
    }

    /// A batch has no form of its own: what follows its words and has a digit (AMG §10 „Ch.-B.“).
    fn batch(&self, at: usize, context: Option<&Context>) -> Option<(Reading, usize)> {
        let is_batch =
            context.is_some_and(|context| context.means == NumberMeaning::Kind(IdentifierKind::Batch));
        if !is_batch {
            return None;
        }
        let mut first = at;
        if self.follows_letters(at) {
            first = at - 1;
        }
        let mut last = at;
        while let (Some(chunk), Some(next)) = (self.chunks.get(last), self.chunks.get(last + 1)) {
            if self.stretch.text.get(chunk.end..next.start) != Some("-") {
                break;
            }
            last += 1;
        }
        let value = self.text(first, last).to_ascii_uppercase();
        let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let fits = is_plain && BATCH_LENGTH.contains(&value.len());
        fits.then(|| (plain(IdentifierKind::Batch, &value, Check::Unchecked), last))
    }
}
