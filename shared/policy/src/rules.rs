//! The rules by which triage recognises topics, safety information and automatic mail: the files in
//! `rules/`.
//!
//! A file holds word lists (`[lists]`), rules (`[[rule]]`) and cues (`[[cue]]`). A rule speaks for one
//! finding with a weight; a cue decides nothing alone, it says how other words are meant: negated,
//! asked, supposed. Lists are shared by all files.

mod phrase;

pub use phrase::{Choice, FOUND_LISTS, Phrase, Step, WORDS_BETWEEN, Word};

use crate::{problems::Problems, source::SourceFile, table::Table};
use lotse_domain::{Automatic, Language, SafetyKind, Topic};
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// A pattern compiles to at most this many bytes: a hostile or mistaken one is refused.
pub const PATTERN_SIZE_LIMIT: usize = 256 * 1024;

/// The rules of all files in `rules/`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Rules {
    /// Word lists by name. Their entries have no gaps.
    pub lists: BTreeMap<String, Vec<Phrase>>,
    /// The rules, in the order of the files.
    pub rules: Vec<Rule>,
    /// The cues, in the order of the files.
    pub cues: Vec<Cue>,
}

/// What a rule speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpeaksFor {
    /// A topic.
    Topic(Topic),
    /// Safety-relevant information.
    Safety(SafetyKind),
    /// Mail that no person wrote.
    Automatic(Automatic),
}

/// One rule. It holds where one of its phrases (or its pattern) is found and its conditions are met.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// Its name in evidence: `shipping.where-is`.
    pub id: String,
    /// What it speaks for.
    pub speaks_for: SpeaksFor,
    /// How strongly, from -1 to 1. Weights of several rules add up with saturation; a negative one
    /// speaks against.
    pub weight: f64,
    /// The language of its words; `None` for words of any language. Sentences that are plainly in
    /// the other language are not read by it.
    pub language: Option<Language>,
    /// One of these must be found. Found places are the evidence.
    pub phrases: Vec<Phrase>,
    /// Or this regular expression, on the text as it was written.
    pub pattern: Option<String>,
    /// One of these must stand in the same sentence, where any are given.
    pub near: Vec<Phrase>,
    /// One of these must stand anywhere in the message, where any are given.
    pub also: Vec<Phrase>,
    /// None of these may stand in the same sentence.
    pub unless: Vec<Phrase>,
    /// None of these may stand anywhere in the message.
    pub never_with: Vec<Phrase>,
    /// Only in the subject, or only in the text.
    pub only_in: Option<Place>,
    /// Only in sentences that ask, or only in those that do not.
    pub sentence: Option<SentenceKind>,
    /// Only where the message names a product whose ATC code begins with one of these.
    pub atc: Vec<String>,
    /// For safety: cues that do not silence it. „Wirkt nicht“ is a finding although it is a negation.
    pub even_if: BTreeSet<Meaning>,
    /// For topics: others that give way to this one, such as the question of a patient.
    pub instead_of: Vec<Topic>,
    /// Only where the sender wrote at most so many words.
    pub at_most_words: Option<usize>,
    /// True where it finds the topic, and not yet what is asked: „eine Frage zu Velocordin“.
    pub question_open: bool,
    /// True where it speaks only if no other rule speaks for a topic or for safety.
    pub last_resort: bool,
}

/// A part of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The subject line.
    Subject,
    /// The newly written text.
    Text,
}

/// A kind of sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentenceKind {
    /// It asks or requests.
    Asks,
    /// It tells something.
    Tells,
}

/// Words that say how other words are meant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cue {
    /// Its name.
    pub id: String,
    /// What it says about the words in its reach.
    pub means: Meaning,
    /// The language of its words, as for rules.
    pub language: Option<Language>,
    /// Which words it says it about.
    pub reach: Reach,
    /// How many words the reach goes at most, where it goes before or after.
    pub within: usize,
    /// One of these must be found.
    pub phrases: Vec<Phrase>,
}

/// What a cue says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// It did not happen: „keine“, "without".
    Negated,
    /// Somebody asks or requests something.
    Asked,
    /// It could happen: „falls“, "no actual case".
    Supposed,
    /// It was there before the medicine: „vorbekannte“, "history of".
    Historic,
    /// Somebody repeats what a document says: „laut Fachinformation“.
    Quoted,
    /// It did happen to somebody: „entwickelte“, "developed". Ends negations and outweighs a question.
    Event,
    /// The meaning turns here: „aber“, "but". Ends what a cue before it says.
    Turn,
    /// A profession of health care.
    Profession,
    /// An institution of health care or trade.
    Institution,
    /// The title or form of address before a name: „Dr.“.
    NameTitle,
    /// The end of a letter, after which a name follows: „Mit freundlichen Grüßen“.
    Closing,
    /// Something was ordered: with a date beside it, the date of an order.
    Ordered,
    /// Says nothing about the matter: courtesies, "see attached". A message of such words alone has no topic.
    Empty,
}

/// Which words a cue speaks about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The words after it.
    #[default]
    After,
    /// The words before it.
    Before,
    /// Its whole sentence.
    Sentence,
    /// The whole message.
    Message,
}

/// How many words a cue reaches where its file does not say.
const USUAL_REACH: usize = 6;

impl Rules {
    /// Reads the tables of all files in `rules/`, in the order of their names.
    pub(crate) fn read(files: Vec<Table<'_>>) -> Self {
        let mut files = files;
        let mut lists = BTreeMap::new();
        for file in &mut files {
            read_lists(file, &mut lists);
        }
        if let Some(file) = files.first() {
            check_lists(&lists, file.problems());
        }
        let names: ListNames = lists.keys().cloned().collect();
        let plain = |list: ReadList<'_>| list.entries.into_iter().map(Spanned::into_inner).collect();
        let lists = lists.into_iter().map(|(name, list)| (name, plain(list))).collect();
        let mut rules = Self { lists, ..Self::default() };
        let mut ids = BTreeSet::new();
        for file in &mut files {
            let read = file.each_table("rule", |table| read_rule(table, &names, &mut ids));
            rules.rules.extend(read);
            let read = file.each_table("cue", |table| read_cue(table, &names, &mut ids));
            rules.cues.extend(read);
        }
        files.into_iter().for_each(Table::finish);
        rules
    }
}

/// A list that was read, with what its check needs.
struct ReadList<'f> {
    file: &'f SourceFile,
    entries: Vec<Spanned<Phrase>>,
}

/// Reads `[lists]` of one file.
fn read_lists<'f>(file: &mut Table<'f>, lists: &mut BTreeMap<String, ReadList<'f>>) {
    let Some(mut table) = file.optional_table("lists") else { return };
    for key in table.keys() {
        let name = key.get_ref();
        let entries = Phrase::read_list(&mut table, name);
        if lists.contains_key(name) || FOUND_LISTS.contains(&name.as_str()) {
            table.report(key.span(), format!("the list `{name}` is there already"), "each name once");
        }
        if entries.is_empty() {
            table.report(key.span(), format!("the list `{name}` is empty"), "at least one word");
        }
        for entry in &entries {
            let phrase = entry.get_ref();
            if phrase.steps().iter().any(|step| step.words_between > 0 || step.optional) {
                let what = format!("the list entry `{}` has a gap", phrase.text());
                table.report(entry.span(), what, "words that stand side by side");
            }
        }
        lists.insert(name.clone(), ReadList { file: table.file(), entries });
    }
    table.finish();
}

/// A list may use lists that use no other: so none can come to contain itself.
fn check_lists(lists: &BTreeMap<String, ReadList<'_>>, problems: &Problems) {
    let is_plain = |name: &str| {
        let own = |list: &String| !FOUND_LISTS.contains(&list.as_str());
        lists
            .get(name)
            .is_some_and(|list| list.entries.iter().all(|entry| entry.get_ref().lists().find(own).is_none()))
    };
    for list in lists.values() {
        for entry in &list.entries {
            let is_wrong = |used: &String| !FOUND_LISTS.contains(&used.as_str()) && !is_plain(used);
            for used in entry.get_ref().lists().filter(is_wrong) {
                let what = format!("`{used}` is no list, or uses another list itself");
                problems.report(list.file, entry.span(), what, "a list of words only");
            }
        }
    }
}

fn report_unknown_lists(
    table: &Table<'_>,
    span: &Range<usize>,
    phrase: &Phrase,
    is_known: impl Fn(&str) -> bool,
) {
    let is_unknown = |list: &String| !FOUND_LISTS.contains(&list.as_str()) && !is_known(list);
    for list in phrase.lists().filter(is_unknown) {
        table.report(
            span.clone(),
            format!("no list is called `{list}`"),
            "a list of a rule file, or one of: product, number, date, identifier, order_reference",
        );
    }
}

type ListNames = BTreeSet<String>;

fn read_phrases(table: &mut Table<'_>, key: &str, lists: &ListNames) -> Vec<Phrase> {
    let phrases = Phrase::read_list(table, key);
    for phrase in &phrases {
        report_unknown_lists(table, &phrase.span(), phrase.get_ref(), |list| lists.contains(list));
    }
    phrases.into_iter().map(Spanned::into_inner).collect()
}

fn read_id(table: &mut Table<'_>, ids: &mut BTreeSet<String>) -> Option<String> {
    let id = table.required::<Spanned<String>>("id")?;
    if !ids.insert(id.get_ref().clone()) {
        table.report(id.span(), format!("the id `{}` stands here twice", id.get_ref()), "each id once");
    }
    Some(id.into_inner())
}

fn read_language(table: &mut Table<'_>) -> Option<Language> {
    let language = table.optional::<Spanned<Language>>("language")?;
    if matches!(language.get_ref(), Language::Other(_)) {
        table.report(
            language.span(),
            format!("rules in `{}` are not read", language.get_ref().tag()),
            "\"de\" or \"en\", or no language for words of any",
        );
    }
    Some(language.into_inner())
}

fn read_rule(table: &mut Table<'_>, lists: &ListNames, ids: &mut BTreeSet<String>) -> Option<Rule> {
    let id = read_id(table, ids);
    let speaks_for = read_speaks_for(table);
    let weight = read_weight(table);
    let language = read_language(table);
    let pattern = read_pattern(table);
    let phrases = read_phrases(table, "phrases", lists);
    let near = read_phrases(table, "near", lists);
    let also = read_phrases(table, "also", lists);
    let unless = read_phrases(table, "unless", lists);
    let never_with = read_phrases(table, "never_with", lists);
    let only_in = table.optional("only_in");
    let sentence = table.optional("sentence");
    let atc = read_atc(table);
    let even_if = table.optional::<BTreeSet<Meaning>>("even_if").unwrap_or_default();
    let instead_of = table.optional::<Vec<Topic>>("instead_of").unwrap_or_default();
    let at_most_words = table.optional("at_most_words");
    let question_open = table.optional("question_open").unwrap_or_default();
    let last_resort = table.optional("last_resort").unwrap_or_default();
    if phrases.is_empty() && pattern.is_none() {
        table.report(
            table.span(),
            "a rule without a condition would hold for every message",
            "at least one entry in `phrases`, or a `pattern`",
        );
    }
    Some(Rule {
        id: id?,
        speaks_for: speaks_for?,
        weight: weight?,
        language,
        phrases,
        pattern,
        near,
        also,
        unless,
        never_with,
        only_in,
        sentence,
        atc,
        even_if,
        instead_of,
        at_most_words,
        question_open,
        last_resort,
    })
}

fn read_speaks_for(table: &mut Table<'_>) -> Option<SpeaksFor> {
    let named = ["topic", "safety", "automatic"].into_iter().filter(|key| table.has(key)).count();
    let topic = table.optional::<Spanned<Topic>>("topic");
    let safety = table.optional("safety").map(SpeaksFor::Safety);
    let automatic = table.optional("automatic").map(SpeaksFor::Automatic);
    if named != 1 {
        table.report(
            table.span(),
            format!("the rule speaks for {named} findings"),
            "exactly one of `topic`, `safety` and `automatic`",
        );
    }
    if let Some(topic) = topic.as_ref().filter(|topic| *topic.get_ref() == Topic::Unknown) {
        table.report(
            topic.span(),
            "a rule cannot speak for the unknown",
            "medical_question, shipping_status or other",
        );
    }
    topic.map(|topic| SpeaksFor::Topic(topic.into_inner())).or(safety).or(automatic)
}

fn read_weight(table: &mut Table<'_>) -> Option<f64> {
    let weight = table.required::<Spanned<f64>>("weight")?;
    if !(-1.0..=1.0).contains(weight.get_ref()) || *weight.get_ref() == 0.0 {
        table.report(
            weight.span(),
            format!("weight {} says nothing", weight.get_ref()),
            "a number from -1 to 1, not 0",
        );
    }
    Some(weight.into_inner())
}

fn read_pattern(table: &mut Table<'_>) -> Option<String> {
    let pattern = table.optional::<Spanned<String>>("pattern")?;
    let compiled = regex::RegexBuilder::new(pattern.get_ref())
        .size_limit(PATTERN_SIZE_LIMIT)
        .dfa_size_limit(PATTERN_SIZE_LIMIT)
        .build();
    match compiled {
        Ok(expression) if expression.is_match("") => {
            let what = format!("the pattern `{}` matches nothing at all", pattern.get_ref());
            table.report(pattern.span(), what, "a pattern that needs at least one letter");
        }
        Ok(_) => {}
        Err(error) => {
            let cause = error.to_string();
            let cause = cause.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let what = format!("the pattern cannot be read: {cause}");
            table.report(pattern.span(), what, "a regular expression (syntax of the Rust regex crate)");
        }
    }
    Some(pattern.into_inner())
}

/// A company may sell nothing of a class that a shipped rule names: the rule then never holds.
fn read_atc(table: &mut Table<'_>) -> Vec<String> {
    let codes = table.optional_list::<String>("atc");
    for code in &codes {
        let is_code = (1..=7).contains(&code.get_ref().len())
            && code.get_ref().chars().zip("A00AA00".chars()).all(|(letter, form)| match form {
                'A' => letter.is_ascii_uppercase(),
                _ => letter.is_ascii_digit(),
            });
        if !is_code {
            let what = format!("`{}` is not the beginning of an ATC code", code.get_ref());
            table.report(code.span(), what, "a code such as \"B01\" or \"B01AF02\"");
        }
    }
    codes.into_iter().map(Spanned::into_inner).collect()
}

fn read_cue(table: &mut Table<'_>, lists: &ListNames, ids: &mut BTreeSet<String>) -> Option<Cue> {
    let id = read_id(table, ids);
    let means = table.required("means");
    let language = read_language(table);
    let reach = table.optional("reach").unwrap_or_default();
    let within = table.optional("within").unwrap_or(USUAL_REACH);
    let phrases = read_phrases(table, "phrases", lists);
    if phrases.is_empty() {
        table.report(table.span(), "a cue without phrases is never found", "at least one entry in `phrases`");
    }
    Some(Cue { id: id?, means: means?, language, reach, within, phrases })
}
