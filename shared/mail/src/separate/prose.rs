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

/// Words of forwarders who add nothing: „z.K.“, "FYI", a greeting, thanks.
#[rustfmt::skip]
const EMPTY_WORDS: &[&str] = &[
    "fyi", "fya", "zk", "zkts", "zki", "zkn", "zi", "zwv", "zur", "info", "infos", "information",
    "kenntnis", "kenntnisnahme", "weiteren", "veranlassung", "bearbeitung", "beantwortung", "mdb", "mdbu",
    "um", "mit", "der", "die", "das", "bitte", "für", "for", "your", "for", "pls", "plz", "please", "see",
    "below", "siehe", "unten", "su", "wg", "fw", "fwd", "weitergeleitet", "weiterleitung", "forwarded",
    "forwarding", "danke", "dank", "vielen", "thanks", "thank", "you", "thx", "hallo", "hi", "hello",
    "dear", "guten", "tag", "morgen", "moin", "liebe", "lieber", "kollegen", "kolleginnen", "kollege",
    "kollegin", "colleagues", "colleague", "all", "zusammen", "team", "und", "and", "in", "im", "the",
    "anfrage", "mail", "inquiry", "enquiry", "email", "e-mail", "untenstehende", "beantworten",
    "übernehmen", "kümmern", "erledigen", "sehr", "geehrte", "geehrter", "damen", "herren", "sir",
    "madam", "or", "zuständigkeitshalber", "anbei", "attention", "attn", "action", "handle", "forwarded",
    "as", "discussed", "wie", "besprochen", "von", "s", "u", "z", "k",
];

/// More words than this are a text of one's own, whatever they are.
const EMPTY_WORDS_AT_MOST: usize = 14;

/// True where the lines hold nothing, or nothing but phrases of somebody who forwards.
pub(crate) fn says_nothing<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let mut words = 0;
    for line in lines {
        for word in line.split_whitespace() {
            // „z.K.“ and „z. K.“ are the same.
            let word: String = word
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == '-')
                .flat_map(char::to_lowercase)
                .collect();
            if word.is_empty() || word.bytes().all(|byte| byte == b'-') {
                continue;
            }
            words += 1;
            if words > EMPTY_WORDS_AT_MOST || !EMPTY_WORDS.contains(&word.as_str()) {
                return false;
            }
        }
    }
    true
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
