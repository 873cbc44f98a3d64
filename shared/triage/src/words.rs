//! The text as words in sentences: what phrases are looked for in.
//!
//! One run over the characters makes folded words, each with its place in the original, grouped into
//! sentences. Sentences end at their marks, at blank lines and at short lines; abbreviations and dates
//! do not end one.

use crate::normalise::{Folded, fold};
use lotse_domain::{Field, Language};

/// Where a sentence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// The subject line.
    Subject,
    /// Newly written text.
    Text,
    /// The signature: says who writes, never what about.
    Signature,
}

/// What stands between a word and the one before it, as far as meaning goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Break {
    /// Blanks, hyphens.
    None,
    /// A comma or brackets.
    Weak,
    /// A semicolon, a colon, a dash.
    Strong,
}

/// One word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// First byte in its field.
    pub(crate) start: usize,
    /// Byte after the last in its field.
    pub(crate) end: usize,
    /// Where its folded letters start in [`Words::folded`]; they end before the blank that follows.
    folded: usize,
    /// Its sentence.
    pub(crate) sentence: usize,
    /// What stands before it.
    pub(crate) preceded_by: Break,
    /// True where the original begins with a capital letter.
    pub(crate) capital: bool,
}

/// One sentence.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    /// Its first word.
    pub(crate) first: usize,
    /// The word after its last.
    pub(crate) end: usize,
    /// Where it stands.
    pub(crate) region: Region,
    /// True where it ends with a question mark.
    pub(crate) question_mark: bool,
    /// Its language where its small words tell; see [`language`](crate::language).
    pub(crate) language: Option<Language>,
}

/// All words of a message.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// The folded words with one blank before and after each.
    folded: String,
    list: Vec<Word>,
    sentences: Vec<Sentence>,
}

/// About how many bytes a word takes, with what follows it.
const USUAL_LENGTH: usize = 6;

/// A line shorter than this ends its sentence: greetings, headings, lines of a signature. Lines of
/// wrapped text are longer.
const SHORT_LINE: usize = 45;

/// Abbreviations after which a full stop ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "abt", "allg", "approx", "bds", "best", "betr", "bspw", "bzgl", "bzw", "ca", "chron", "dr", "dres",
    "etc", "evtl", "fa", "fr", "frdl", "geb", "gem", "ggf", "gr", "hr", "hrn", "inc", "incl", "inkl", "insb",
    "inv", "jr", "kd", "klin", "lfd", "lt", "max", "med", "min", "mind", "mr", "mrs", "ms", "nr", "no",
    "pat", "prof", "pt", "pts", "resp", "ret", "rez", "seit", "sog", "st", "std", "stk", "str", "tab",
    "tabl", "tel", "tgl", "tbl", "umg", "usw", "vgl", "vs", "vorauss", "wg", "zb", "zit", "zusaetzl", "zzgl",
    "ch", "amp", "inj", "inf", "kps", "syn", "i", "e",
];

impl Words {
    /// Reads one stretch of a field. `range` lies on character boundaries of `text`.
    pub(crate) fn read(&mut self, text: &str, range: std::ops::Range<usize>, region: Region) {
        let Some(stretch) = text.get(range.clone()) else { return };
        self.folded.reserve(stretch.len() + stretch.len() / 8);
        self.list.reserve(stretch.len() / USUAL_LENGTH);
        Reader::new(self, region, range.start).read(stretch);
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn words(&self) -> &[Word] {
        &self.list
    }

    pub(crate) fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    pub(crate) fn sentences_mut(&mut self) -> &mut [Sentence] {
        &mut self.sentences
    }

    /// The sentence of a word.
    pub(crate) fn sentence_of(&self, word: usize) -> Option<&Sentence> {
        self.sentences.get(self.list.get(word)?.sentence)
    }

    /// A word's folded letters; empty where there is no such word.
    pub(crate) fn letters(&self, word: usize) -> &str {
        let Some(start) = self.list.get(word).map(|word| word.folded) else { return "" };
        let end = self.list.get(word + 1).map_or(self.folded.len(), |next| next.folded);
        // The blank after the word is not part of it.
        self.folded.get(start..end.saturating_sub(1)).unwrap_or_default()
    }

    /// The folded letters of all words, in order.
    pub(crate) fn iter_letters(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|word| self.letters(word))
    }

    /// The field and bytes from one word to another, both included.
    pub(crate) fn span(&self, first: usize, last: usize) -> (Field, usize, usize) {
        let (Some(first), Some(last)) = (self.list.get(first), self.list.get(last)) else {
            return (Field::Body, 0, 0);
        };
        let region = self.sentences.get(first.sentence).map_or(Region::Text, |sentence| sentence.region);
        (region.field(), first.start, last.end)
    }

    /// The word that a byte of a field belongs to, or the next one.
    pub(crate) fn word_at(&self, field: Field, byte: usize) -> usize {
        let key = |word: &Word| {
            let region = self.sentences.get(word.sentence).map_or(Region::Text, |sentence| sentence.region);
            (region.field(), word.end)
        };
        self.list.partition_point(|word| key(word) <= (field, byte))
    }
}

impl Region {
    /// The field that the region's spans count in.
    pub(crate) fn field(self) -> Field {
        match self {
            Self::Subject => Field::Subject,
            Self::Text | Self::Signature => Field::Body,
        }
    }
}

/// Reads one stretch; holds what the run over the characters must remember.
struct Reader<'w> {
    words: &'w mut Words,
    region: Region,
    offset: usize,
    sentence_first: usize,
    /// The word being read: its start in the field, its start in the folded text.
    open: Option<(usize, usize)>,
    open_capital: bool,
    pending_break: Break,
    line_start: usize,
    line_is_blank: bool,
}

impl<'w> Reader<'w> {
    fn new(words: &'w mut Words, region: Region, offset: usize) -> Self {
        if words.folded.is_empty() {
            words.folded.push(' ');
        }
        let sentence_first = words.list.len();
        Self {
            words,
            region,
            offset,
            sentence_first,
            open: None,
            open_capital: false,
            pending_break: Break::None,
            line_start: 0,
            line_is_blank: true,
        }
    }

    fn read(mut self, text: &str) {
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            // Most of any text is small letters that fold to themselves.
            let plain = rest.bytes().take_while(u8::is_ascii_lowercase).count();
            if let Some(letters) = rest.get(..plain).filter(|letters| !letters.is_empty()) {
                self.begin_letters(at, true, false);
                self.words.folded.push_str(letters);
                self.line_is_blank = false;
                at += plain;
            } else if let Some(letter) = rest.chars().next() {
                let after = rest.get(letter.len_utf8()..).unwrap_or_default();
                self.read_character(text, at, letter, after);
                at += letter.len_utf8();
            }
        }
        self.close_word(text.len());
        self.end_sentence(false);
    }

    fn read_character(&mut self, text: &str, at: usize, letter: char, after: &str) {
        let folded = fold(letter);
        match folded {
            Folded::Separator => {
                self.close_word(at);
                self.separate(text, at, letter, after);
            }
            Folded::Apostrophe => {
                let inside = self.open.is_some() && after.starts_with(char::is_alphabetic);
                if !inside {
                    self.close_word(at);
                }
            }
            Folded::Diaeresis | Folded::Invisible => {
                if self.open.is_some() {
                    folded.append_to(&mut self.words.folded);
                }
            }
            Folded::One(_) | Folded::Two(..) => {
                self.begin_letters(at, letter.is_alphabetic(), letter.is_uppercase());
                folded.append_to(&mut self.words.folded);
            }
        }
        if !letter.is_whitespace() {
            self.line_is_blank = false;
        }
    }

    /// Letters or digits follow: they belong to the word that is open, or begin one.
    fn begin_letters(&mut self, at: usize, is_alphabetic: bool, is_capital: bool) {
        // „5mg“ is a number and a unit; „HbA1c“ stays whole.
        if let Some((_, folded)) = self.open {
            let letters = self.words.folded.as_bytes();
            let ends_with_digit = letters.last().is_some_and(u8::is_ascii_digit);
            let began_with_digit = letters.get(folded).is_some_and(u8::is_ascii_digit);
            if ends_with_digit && began_with_digit && is_alphabetic {
                self.close_word(at);
            }
        }
        if self.open.is_none() {
            self.open = Some((at, self.words.folded.len()));
            self.open_capital = is_capital;
        }
    }

    fn close_word(&mut self, at: usize) {
        let Some((start, folded)) = self.open.take() else { return };
        if self.words.folded.len() == folded {
            return;
        }
        self.words.folded.push(' ');
        self.words.list.push(Word {
            start: self.offset + start,
            end: self.offset + at,
            folded,
            sentence: self.words.sentences.len(),
            preceded_by: self.pending_break,
            capital: self.open_capital,
        });
        self.pending_break = Break::None;
    }

    fn separate(&mut self, text: &str, at: usize, letter: char, after: &str) {
        match letter {
            '?' => self.end_sentence(true),
            '!' | '|' | '•' | '…' | '。' => self.end_sentence(false),
            '.' if after.chars().next().is_none_or(char::is_whitespace) && self.full_stop_ends(text, at) => {
                self.end_sentence(false);
            }
            '\n' => self.end_line(text, at),
            ',' | '(' | ')' | '[' | ']' | '"' | '“' | '”' | '„' | '«' | '»' => {
                self.pending_break = self.pending_break.max(Break::Weak);
            }
            ';' | ':' | '–' | '—' => self.pending_break = Break::Strong,
            _ => {}
        }
    }

    /// Ends the line, and the sentence with it where the line was blank or short, or a list follows.
    fn end_line(&mut self, text: &str, at: usize) {
        let length = at - self.line_start;
        let next_line =
            text.get(at + 1..).unwrap_or_default().trim_start_matches(['\r', ' ', '\t', '\u{a0}']);
        let list_follows = next_line.starts_with(['-', '*', '•', '+', '\n']);
        if self.line_is_blank || length < SHORT_LINE || list_follows {
            self.end_sentence(false);
        }
        self.line_start = at + 1;
        self.line_is_blank = true;
    }

    fn full_stop_ends(&self, text: &str, at: usize) -> bool {
        let Some(last) = self.words.list.len().checked_sub(1) else { return true };
        if self.words.list.get(last).is_none_or(|word| word.end != self.offset + at) {
            return true;
        }
        let word = self.words.letters(last);
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let next_is_small = text
            .get(at + 1..)
            .and_then(|rest| rest.trim_start().chars().next())
            .is_some_and(char::is_lowercase);
        let is_degree = text.get(..at).is_some_and(|before| before.ends_with("°C"));
        let abbreviated = (word.chars().count() == 1 && !is_degree)
            || (is_number && word.len() <= 2)
            || ABBREVIATIONS.contains(&word)
            || (next_is_small && (word.len() <= 5 || is_number));
        !abbreviated
    }

    fn end_sentence(&mut self, question_mark: bool) {
        let end = self.words.list.len();
        if end > self.sentence_first {
            self.words.sentences.push(Sentence {
                first: self.sentence_first,
                end,
                region: self.region,
                question_mark,
                language: None,
            });
            self.sentence_first = end;
        } else if question_mark
            && let Some(before) = self.words.sentences.last_mut()
            && before.end == end
            && before.region == self.region
        {
            // „Is it known?!“, or a question mark on a line of its own.
            before.question_mark = true;
        }
        self.pending_break = Break::None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Words {
        let mut words = Words::default();
        words.read(text, 0..text.len(), Region::Text);
        words
    }

    fn sentences(text: &str) -> Vec<String> {
        let words = read(text);
        let join = |sentence: &Sentence| {
            (sentence.first..sentence.end).map(|word| words.letters(word)).collect::<Vec<_>>().join(" ")
        };
        words.sentences().iter().map(join).collect()
    }

    #[test]
    fn words_point_at_the_original() {
        let text = "Grüße,\u{a0}„Insulera‑Pens“ (5mg) hasn’t";
        let words = read(text);
        let originals: Vec<_> = words.words().iter().map(|word| &text[word.start..word.end]).collect();
        assert_eq!(originals, ["Grüße", "Insulera", "Pens", "5", "mg", "hasn’t"]);
        let letters: Vec<_> = (0..words.len()).map(|word| words.letters(word)).collect();
        assert_eq!(letters, ["gruesse", "insulera", "pens", "5", "mg", "hasnt"]);
    }

    #[test]
    fn abbreviations_and_dates_end_no_sentence() {
        assert_eq!(
            sentences("Am 11.11. haben wir bei Dr. Meier ca. 3 Packg. bestellt. Wo ist sie?"),
            ["am 11 11 haben wir bei dr meier ca 3 packg bestellt", "wo ist sie"]
        );
    }

    #[test]
    fn short_and_blank_lines_end_a_sentence_and_wrapped_lines_do_not() {
        let wrapped = "Hallo,\nwir warten seit vergangenem Donnerstag auf unsere\nBestellung\n\nGruß\nEva";
        assert_eq!(
            sentences(wrapped),
            ["hallo", "wir warten seit vergangenem donnerstag auf unsere bestellung", "gruss", "eva"]
        );
    }
}
