//! Tells a sentence that somebody wrote to us from a line of a signature or an empty phrase.

use super::phrases::Phrases;
use std::sync::LazyLock;

/// Words of sentences, hardly ever of signatures: pronouns and verbs, German and English.
static SENTENCE_WORDS: LazyLock<Phrases> = LazyLock::new(|| {
    #[rustfmt::skip]
    let words = &[
        "ich", "wir", "mir", "mich", "uns", "sie", "ihnen", "er", "es", "ist", "sind", "war", "waren",
        "hat", "habe", "haben", "hatte", "hatten", "wird", "werden", "wurde", "wurden", "kann", "können",
        "könnten", "könnte", "soll", "sollte", "muss", "darf", "möchte", "möchten", "bitte", "nicht",
        "noch", "auch", "dass", "ob", "wenn", "weil", "i", "we", "me", "us", "you", "he", "she", "it",
        "they", "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could",
        "should", "may", "please", "not", "do", "does", "did", "that", "if", "because", "when",
    ];
    Phrases::new(words)
});

/// True where the text is a sentence of its own: a question, or enough words that only sentences have.
pub(super) fn reads_as_prose(text: &str) -> bool {
    let mut words = 0;
    let mut hits = 0;
    for word in text.split_whitespace() {
        words += 1;
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        hits += usize::from(SENTENCE_WORDS.equal(word).is_some());
    }
    let asks = text.trim_end().ends_with('?');
    (asks && words >= 3) || (words >= 5 && hits >= 2) || (words >= 9 && hits >= 1)
}

/// Words of somebody who forwards: „z.K.“, "FYI".
#[rustfmt::skip]
const FORWARDING_WORDS: &[&str] = &[
    "fyi", "fya", "z", "zk", "zkts", "zki", "zkn", "zi", "zwv", "info", "infos", "information",
    "kenntnis", "kenntnisnahme", "veranlassung", "bearbeitung", "beantwortung", "mdb", "mdbu", "below",
    "siehe", "unten", "su", "wg", "fw", "fwd", "weitergeleitet", "weiterleitung", "forwarded",
    "forwarding", "untenstehende", "beantworten", "übernehmen", "kümmern", "erledigen",
    "zuständigkeitshalber", "anbei", "attention", "attn", "action", "handle",
];
/// Words that go with them, or that are a greeting or thanks: alone they forward nothing.
#[rustfmt::skip]
const ACCOMPANYING_WORDS: &[&str] = &[
    "k", "u", "s", "zur", "um", "mit", "der", "die", "das", "bitte", "für", "for", "your", "pls", "plz",
    "please", "see", "danke", "dank", "vielen", "thanks", "thank", "you", "thx", "hallo", "hi", "hello",
    "dear", "guten", "tag", "morgen", "moin", "liebe", "lieber", "kollegen", "kolleginnen", "kollege",
    "kollegin", "colleagues", "colleague", "all", "zusammen", "team", "und", "and", "in", "im", "the",
    "anfrage", "mail", "inquiry", "enquiry", "email", "e-mail", "sehr", "geehrte", "geehrter", "damen",
    "herren", "sir", "madam", "or", "as", "discussed", "wie", "besprochen", "von", "weiteren",
];

/// More words than this are a text of one's own, whatever they are.
const EMPTY_WORDS_AT_MOST: usize = 14;

/// How little a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Emptiness {
    /// It says something.
    Says,
    /// A greeting or thanks.
    Courtesy,
    /// Nothing at all, or phrases of somebody who forwards.
    Nothing,
}

/// How little the lines say.
pub(crate) fn emptiness<'a>(lines: impl Iterator<Item = &'a str>) -> Emptiness {
    let mut words = 0;
    let mut forwards = false;
    for word in lines.flat_map(str::split_whitespace) {
        // „z.K.“ and „z. K.“ are the same.
        let letters = word.chars().filter(|c| c.is_alphanumeric() || *c == '-');
        let word: String = letters.flat_map(char::to_lowercase).collect();
        if word.bytes().all(|byte| byte == b'-') {
            continue;
        }
        words += 1;
        let is_forwarding = FORWARDING_WORDS.contains(&word.as_str());
        forwards |= is_forwarding;
        if words > EMPTY_WORDS_AT_MOST || !(is_forwarding || ACCOMPANYING_WORDS.contains(&word.as_str())) {
            return Emptiness::Says;
        }
    }
    if words == 0 || forwards { Emptiness::Nothing } else { Emptiness::Courtesy }
}

/// How somebody points to the message below.
#[rustfmt::skip]
const POINTERS: &[&str] = &[
    "unten", "untenstehend", "nachfolgend", "nachstehend", "folgende anfrage", "folgende mail",
    "folgende nachricht", "folgende e-mail", "weitergeleitet", "leite ich", "leite ihnen", "leiten wir",
    "weiterleiten", "beantworten", "beantwortung", "bearbeitung", "übernehmen", "zuständig", "kümmern",
    "below", "forward", "see attached message", "can you answer", "could you answer", "can you help",
    "could you help", "please answer", "please reply", "please respond", "can you advise",
    "please advise", "over to you", "one for you", "directly to",
];
/// A text of one's own that only points below is no longer than this, in words.
const POINTING_WORDS_AT_MOST: usize = 40;

/// True where a short text asks to look at the message below it.
pub(super) fn points_below<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let mut joined = String::new();
    for line in lines {
        joined.push_str(line);
        joined.push(' ');
        if joined.len() > POINTING_WORDS_AT_MOST * 20 {
            return false;
        }
    }
    let lower = joined.to_lowercase();
    lower.split_whitespace().count() <= POINTING_WORDS_AT_MOST
        && POINTERS.iter().any(|pointer| lower.contains(pointer))
}
