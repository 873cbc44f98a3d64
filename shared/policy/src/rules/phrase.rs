//! Phrases: how a rule says which words it looks for.
//!
//! A phrase is words with blanks between. It is found where its words stand one after the other in one
//! sentence; case, umlauts and accents do not matter.
//!
//! | written | finds |
//! | --- | --- |
//! | `paket` | the word |
//! | `liefer*`, `*lieferung`, `*nebenwirkung*` | words that begin, end so, or have it in them |
//! | `ist\|sind` | one or the other |
//! | `(does not\|did not\|never)` | one of several, where one has more than one word |
//! | `{goods}` | any entry of the list `goods` |
//! | `[noch]` | the word or nothing |
//! | `…` | up to six other words |

use crate::table::Table;
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;

/// How many other words `…` lets pass.
pub const WORDS_BETWEEN: usize = 6;

/// Lists that triage fills from what it found in the text, rather than from a file.
pub const FOUND_LISTS: [&str; 5] = ["product", "number", "date", "identifier", "order_reference"];

/// A phrase of a rule, a cue or a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phrase {
    /// The phrase as it stands in the file. It has been read once, so it can be read again.
    text: Box<str>,
}

/// One part of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How many other words may stand before it.
    pub words_between: usize,
    /// True where the phrase is found without it, too.
    pub optional: bool,
    /// What may stand here; never empty.
    pub choices: Vec<Choice>,
}

/// What may stand at one place of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Any entry of the list of that name.
    List(String),
    /// A word.
    Word(Word),
    /// Several words side by side.
    Words(Vec<Word>),
}

/// A word, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The letters, as the file has them.
    pub text: String,
    /// True where other letters may stand before: `*lieferung`.
    pub open_start: bool,
    /// True where other letters may follow: `liefer*`.
    pub open_end: bool,
}

impl Phrase {
    /// Reads a phrase. The error says what is wrong, and what was expected.
    pub fn parse(text: &str) -> Result<Self, (String, &'static str)> {
        read_steps(text).map(|_| Self { text: text.into() })
    }

    /// The phrase as it stands in the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its parts, in order; never empty.
    pub fn steps(&self) -> Vec<Step> {
        read_steps(&self.text).unwrap_or_default()
    }

    /// The names of the lists that the phrase uses.
    pub(crate) fn lists(&self) -> impl Iterator<Item = String> {
        self.steps().into_iter().flat_map(|step| step.choices).filter_map(|choice| match choice {
            Choice::List(name) => Some(name),
            Choice::Word(_) | Choice::Words(_) => None,
        })
    }

    /// Reads the phrases under a key; each that is wrong is reported.
    pub(crate) fn read_list(table: &mut Table<'_>, key: &str) -> Vec<Spanned<Phrase>> {
        let texts = table.optional_list::<String>(key);
        texts.into_iter().filter_map(|text| Self::read(table, &text)).collect()
    }

    /// Reads one phrase; reports it where it is wrong.
    pub(crate) fn read(table: &Table<'_>, text: &Spanned<String>) -> Option<Spanned<Phrase>> {
        match Self::parse(text.get_ref()) {
            Ok(phrase) => Some(Spanned::new(text.span(), phrase)),
            Err((what, expected)) => {
                table.report(text.span(), what, expected);
                None
            }
        }
    }
}

fn read_steps(text: &str) -> Result<Vec<Step>, (String, &'static str)> {
    let mut steps: Vec<Step> = Vec::new();
    let mut words_between = 0;
    for part in parts(text)? {
        if matches!(part, "…" | "...") {
            words_between = WORDS_BETWEEN;
            continue;
        }
        let inner = part.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let optional = inner.is_some();
        let inner = inner.unwrap_or(part);
        let grouped = inner.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let choices = grouped.unwrap_or(inner).split('|').map(parse_choice).collect::<Result<_, _>>()?;
        steps.push(Step { words_between, optional, choices });
        words_between = 0;
    }
    let decides = |step: Option<&Step>| step.is_some_and(|step| !step.optional);
    if !decides(steps.first()) || !decides(steps.last()) || words_between > 0 {
        let what = format!("the phrase `{text}` does not begin and end with a word");
        return Err((what, "words or {lists}, with `…` and [optional] words only between them"));
    }
    Ok(steps)
}

/// Cuts a phrase at its blanks, those inside round brackets left out.
fn parts(text: &str) -> Result<Vec<&str>, (String, &'static str)> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let opened = rest.starts_with('(') || rest.starts_with("[(");
        let end = if opened { rest.find(')').map(|at| at + 1) } else { Some(0) };
        let Some(end) = end else {
            return Err((format!("a bracket of `{text}` is not closed"), "(one way|another way)"));
        };
        let after = rest.get(end..).unwrap_or_default();
        let length = end + after.find(char::is_whitespace).unwrap_or(after.len());
        let Some((part, remaining)) = rest.split_at_checked(length) else { break };
        parts.push(part);
        rest = remaining.trim_start();
    }
    Ok(parts)
}

fn parse_choice(text: &str) -> Result<Choice, (String, &'static str)> {
    if let Some(name) = text.strip_prefix('{') {
        return match name.strip_suffix('}') {
            Some(name) if !name.is_empty() => Ok(Choice::List(name.to_owned())),
            _ => Err((format!("`{text}` is not the name of a list"), "{name}")),
        };
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [_, _, ..] => words.into_iter().map(parse_word).collect::<Result<_, _>>().map(Choice::Words),
        _ => parse_word(text.trim()).map(Choice::Word),
    }
}

fn parse_word(text: &str) -> Result<Word, (String, &'static str)> {
    let (open_start, rest) = text.strip_prefix('*').map_or((false, text), |rest| (true, rest));
    let (open_end, letters) = rest.strip_suffix('*').map_or((false, rest), |rest| (true, rest));
    if letters.chars().any(char::is_alphanumeric) && !letters.contains(['*', '{', '}', '[', ']', '(', ')']) {
        Ok(Word { text: letters.to_owned(), open_start, open_end })
    } else {
        Err((format!("`{text}` is not a word"), "letters or digits, with `*` only before or after them"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_reads_as_it_is_written() {
        let phrase = Phrase::parse("wo ist|bleibt [denn] … {goods}").unwrap();
        let shape: Vec<_> = phrase
            .steps()
            .iter()
            .map(|step| (step.words_between, step.optional, step.choices.len()))
            .collect();
        assert_eq!(shape, [(0, false, 1), (0, false, 2), (0, true, 1), (WORDS_BETWEEN, false, 1)]);
        assert_eq!(phrase.lists().collect::<Vec<_>>(), ["goods"]);
    }

    #[test]
    fn alternatives_of_several_words_stand_in_brackets() {
        let phrase = Phrase::parse("(does not|never) [(very well|much)] work*").unwrap();
        assert!(
            matches!(phrase.steps()[0].choices.as_slice(), [Choice::Words(words), Choice::Word(_)] if words.len() == 2)
        );
        assert!(phrase.steps()[1].optional);
        assert_eq!(phrase.steps().len(), 3);
    }

    #[test]
    fn what_is_no_phrase_is_refused() {
        for text in
            ["(a b", "a (b|c d", "", "…", "wo …", "[wo] ist", "wo {", "{} x", "a**b", "*", "wo [ist]", "?"]
        {
            assert!(Phrase::parse(text).is_err(), "{text:?} was taken for a phrase");
        }
    }
}
