//! What the message is about: the topics that rules speak for, and what remains when none does.

use crate::{
    marks::Marks,
    rules::{Holding, combine},
    words::{Region, Words},
};
use lotse_domain::{Confidence, Evidence, Field, Language, Topic, TopicFinding};
use lotse_policy::{Meaning, SpeaksFor, Thresholds};
use std::collections::{BTreeMap, BTreeSet};

/// The topics that rules may speak for, in the order in which a decision lists them.
const TOPICS: [Topic; 3] = [Topic::MedicalQuestion, Topic::ShippingStatus, Topic::Other];

/// Names in evidence for findings that no rule of the policy made.
const FOREIGN_LANGUAGE: &str = "triage.foreign-language";
const NO_OTHER_TOPIC: &str = "triage.no-other-topic";
const CHOSEN_IN_FORM: &str = "triage.chosen-in-form";

/// What the contact chose in the form counts like a rule of this weight: people choose wrongly, too.
const WEIGHT_OF_CHOICE: f64 = 0.5;

/// A message that says so many words about no known topic is about something else: a person sorts it.
/// One that says less says nothing: the contact is asked what it is about.
const TELLING_WORDS: usize = 4;

/// A sentence that asks says enough with fewer: „Wo kann man bei Ihnen parken?“
const ASKING_WORDS: usize = 2;

/// Shorter words are articles and the like in both languages.
const TELLING_LENGTH: usize = 4;

/// The topics found, and whether somebody said what is asked.
pub(crate) struct Topics {
    pub(crate) findings: Vec<TopicFinding>,
    /// True where a rule found not only that there is a medical question, but the question.
    pub(crate) question_is_known: bool,
}

/// The topics that the rules find, those left out that give way to another.
pub(crate) fn find(
    holding: &[Holding<'_>],
    chosen: Option<(Topic, usize)>,
    thresholds: &Thresholds,
) -> Topics {
    let of = |topic: Topic| {
        holding.iter().filter(move |holding| holding.rule.speaks_for == SpeaksFor::Topic(topic))
    };
    let found: Vec<TopicFinding> = TOPICS
        .into_iter()
        .filter_map(|topic| {
            let choice = chosen.filter(|(chosen, _)| *chosen == topic);
            let weights = of(topic).map(|holding| holding.rule.weight);
            let confidence = combine(weights.chain(choice.map(|_| WEIGHT_OF_CHOICE)));
            let speaking = of(topic).filter(|holding| holding.rule.weight > 0.0);
            let mut evidence: Vec<_> =
                speaking.flat_map(|holding| holding.evidence.iter().cloned()).collect();
            evidence.extend(choice.map(|(_, length)| Evidence {
                rule: CHOSEN_IN_FORM.to_owned(),
                field: Field::Form,
                start: 0,
                end: length,
            }));
            let counts =
                confidence >= thresholds.routing(topic).review && confidence > Confidence::from_share(0.0);
            counts.then_some(TopicFinding { topic, confidence, evidence })
        })
        .collect();
    let gives_way: BTreeSet<Topic> = found
        .iter()
        .flat_map(|finding| of(finding.topic))
        .flat_map(|holding| holding.rule.instead_of.iter().copied())
        .collect();
    let mut findings: Vec<TopicFinding> =
        found.into_iter().filter(|finding| !gives_way.contains(&finding.topic)).collect();
    // Beside a topic that is sure, a guess is noise: it would send the same message to two desks.
    let is_sure = |finding: &TopicFinding| finding.confidence >= thresholds.routing(finding.topic).confirm;
    if findings.iter().any(is_sure) {
        findings.retain(is_sure);
    }
    let question_is_known =
        of(Topic::MedicalQuestion).any(|holding| !holding.rule.question_open && holding.rule.weight > 0.0);
    Topics { findings, question_is_known }
}

/// Where no rule found a topic: a message in a language that no desk answers in, or one that says
/// something about anything else, is for a person to sort. `None` where nothing is said.
pub(crate) fn remainder(words: &Words, marks: &Marks, language: &Language) -> Option<TopicFinding> {
    let first_text = || words.sentences().iter().find(|sentence| sentence.region != Region::Signature);
    let evidence = |rule: &str| {
        first_text().map(|sentence| {
            let (field, start, end) = words.span(sentence.first, sentence.end - 1);
            Evidence { rule: rule.to_owned(), field, start, end }
        })
    };
    let (rule, share) = match language {
        Language::Other(_) => (FOREIGN_LANGUAGE, 0.9),
        _ if says_something(words, marks) => (NO_OTHER_TOPIC, 0.4),
        _ => return None,
    };
    Some(TopicFinding {
        topic: Topic::Other,
        confidence: Confidence::from_share(share),
        evidence: evidence(rule).into_iter().collect(),
    })
}

/// True where enough different words say or ask something, courtesies and small words left aside.
fn says_something(words: &Words, marks: &Marks) -> bool {
    let is_empty = |word: usize| {
        marks
            .places(Meaning::Empty)
            .chain(marks.places(Meaning::Closing))
            .any(|place| (place.first..=place.last).contains(&word))
    };
    let is_long = |word: usize| {
        words.letters(word).chars().filter(|letter| letter.is_alphabetic()).count() >= TELLING_LENGTH
    };
    let mut told = BTreeSet::new();
    let mut asked: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    let spoken = words.sentences().iter().enumerate();
    let spoken = spoken
        .filter(|(_, sentence)| sentence.region == Region::Text)
        .flat_map(|(index, sentence)| (sentence.first..sentence.end).map(move |word| (index, word)))
        // A message that has said nothing by then says nothing.
        .take(400);
    for (sentence, word) in spoken.filter(|&(_, word)| is_long(word) && !is_empty(word)) {
        told.insert(words.letters(word));
        if marks.of_sentence(sentence).has(Meaning::Asked) {
            asked.entry(sentence).or_default().insert(words.letters(word));
        }
    }
    told.len() >= TELLING_WORDS || asked.values().any(|words| words.len() >= ASKING_WORDS)
}
