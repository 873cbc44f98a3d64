//! `identifiers.toml`: the company's own numbers, and the words that people put before any number.
//!
//! How check digits are computed is the same everywhere and stands in the triage's code; what differs
//! from company to company stands here.

use crate::{rules::Phrase, table::Table};
use lotse_domain::IdentifierKind;
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;

/// How triage recognises numbers and codes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Identifiers {
    /// The company's own numbers.
    pub patterns: Vec<Pattern>,
    /// Which words say what a number is.
    pub words: Vec<NumberWords>,
}

/// The form of one of the company's own numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pattern {
    /// What such a number is.
    pub kind: IdentifierKind,
    /// The carrier, for tracking numbers.
    pub carrier: Option<String>,
    /// The parts, in order.
    pub parts: Vec<Part>,
    /// What stands between the parts in the value as it is stored.
    pub joined_by: String,
    /// True where the form alone is too common: one of its words must stand before it.
    pub needs_words: bool,
}

/// A part of a number's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Part {
    /// These letters. People leave them out where one of the number's words stands before.
    Fixed(String),
    /// So many letters.
    Letters(usize),
    /// So many letters, or none.
    OptionalLetters(usize),
    /// So many digits.
    Digits(usize),
    /// So many digits, of which people leave out leading zeros: `4711` for `004711`.
    ZeroFilled(usize),
    /// A year of this century, four digits.
    Year,
    /// A date as YYMMDD.
    ShortDate,
}

/// Words that say what the number beside them is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NumberWords {
    /// What they say.
    pub means: NumberMeaning,
    /// The carrier, for tracking numbers, where the words name it.
    pub carrier: Option<String>,
    /// The words.
    pub phrases: Vec<Phrase>,
}

/// What words beside a number say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NumberMeaning {
    /// It is of this kind.
    Kind(IdentifierKind),
    /// It is some number: „Nr.“. Decides only for kinds that hardly occur by chance.
    Some,
    /// It is none of the kinds that triage knows: a phone number, an account, an amount.
    Other,
}

impl Identifiers {
    /// Reads `identifiers.toml`.
    pub(crate) fn read(file: &mut Table<'_>) -> Self {
        let patterns = file.each_table("pattern", read_pattern);
        let words = file.each_table("words", read_words);
        Self { patterns, words }
    }
}

fn read_pattern(table: &mut Table<'_>) -> Option<Pattern> {
    let kind = table.required("kind");
    let carrier = table.optional("carrier");
    let parts = table.required_list::<Part>("parts");
    let joined_by = table.optional("joined_by").unwrap_or_default();
    let needs_words = table.optional("needs_words").unwrap_or_default();
    let parts = parts?;
    let has_digits = parts.iter().any(|part| {
        matches!(part.get_ref(), Part::Digits(1..) | Part::ZeroFilled(1..) | Part::Year | Part::ShortDate)
    });
    if !has_digits {
        table.report(
            table.span(),
            "a pattern without digits would match any word",
            "a part such as { digits = 8 }",
        );
    }
    let parts = parts.into_iter().map(Spanned::into_inner).collect();
    Some(Pattern { kind: kind?, carrier, parts, joined_by, needs_words })
}

fn read_words(table: &mut Table<'_>) -> Option<NumberWords> {
    let means = table.required::<Spanned<String>>("means");
    let carrier = table.optional("carrier");
    let phrases = Phrase::read_list(table, "phrases");
    for phrase in &phrases {
        if phrase.get_ref().lists().next().is_some() {
            let what = format!("`{}` uses a list", phrase.get_ref().text());
            table.report(phrase.span(), what, "words only: lists belong to the rules");
        }
    }
    if phrases.is_empty() {
        table.report(table.span(), "no words stand here", "at least one entry in `phrases`");
    }
    let phrases = phrases.into_iter().map(Spanned::into_inner).collect();
    Some(NumberWords { means: read_meaning(table, &means?)?, carrier, phrases })
}

fn read_meaning(table: &Table<'_>, means: &Spanned<String>) -> Option<NumberMeaning> {
    use serde::de::{IntoDeserializer, value::Error};
    match means.get_ref().as_str() {
        "some_number" => Some(NumberMeaning::Some),
        "other_number" => Some(NumberMeaning::Other),
        name => {
            let deserializer: serde::de::value::StrDeserializer<'_, Error> = name.into_deserializer();
            let kind = IdentifierKind::deserialize(deserializer).ok();
            if kind.is_none() {
                table.report(
                    means.span(),
                    format!("`{name}` is no kind of number"),
                    "some_number, other_number, or a kind such as order_number, pzn, tracking_number",
                );
            }
            kind.map(NumberMeaning::Kind)
        }
    }
}
