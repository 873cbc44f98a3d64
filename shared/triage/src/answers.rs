//! Messages that answer our question: what they tell belongs to the topic that waits for it.

use crate::{
    Known,
    findings::Findings,
    words::{Region, Words},
};
use lotse_domain::{Confidence, Element, Evidence, Field, Topic, TopicFinding};
use lotse_policy::Detail;

/// The rule's name in evidence.
const ANSWERS_QUESTION: &str = "triage.answers-question";

/// The topics that wait for the contact, were not found anew, and that this message tells something of.
pub(crate) fn find(
    known: &Known,
    found: &[TopicFinding],
    words: &Words,
    findings: &mut Findings<'_>,
) -> Vec<TopicFinding> {
    let is_found = |topic: Topic| found.iter().any(|finding| finding.topic == topic);
    let mut answered = Vec::new();
    for waiting in known.waiting.iter().filter(|waiting| waiting.topic != Topic::Unknown) {
        if is_found(waiting.topic) {
            continue;
        }
        let mut evidence: Vec<Evidence> = Vec::new();
        for element in &waiting.lacks {
            let tells = evidence_for(*element, words, findings);
            if *element == Element::Question && tells.is_some() {
                findings.details.insert(Detail::Question);
            }
            evidence.extend(tells);
        }
        if !evidence.is_empty() {
            answered.push(TopicFinding { topic: waiting.topic, confidence: Confidence::CERTAIN, evidence });
        }
    }
    answered
}

/// Where the message tells something of an element, be it mistyped.
fn evidence_for(element: Element, words: &Words, findings: &Findings<'_>) -> Option<Evidence> {
    let evidence = |(field, start, end): (Field, usize, usize)| Evidence {
        rule: ANSWERS_QUESTION.to_owned(),
        field,
        start,
        end,
    };
    let new_text = || {
        let sentence = words.sentences().iter().find(|sentence| sentence.region == Region::Text)?;
        Some(words.span(sentence.first, sentence.end - 1))
    };
    match element {
        Element::Product => {
            findings.products.first().map(|found| evidence((found.field, found.start, found.end)))
        }
        Element::OrderReference => {
            let mut references =
                findings.identifiers.iter().filter(|found| crate::known::detail_of(found.kind).is_some());
            let reference = references.next().map(|found| (found.field, found.start, found.end));
            let day = || findings.days.first().map(|day| words.span(day.first, day.last));
            reference.or_else(day).map(evidence)
        }
        Element::Requester => {
            let told = [Detail::PersonName, Detail::Profession, Detail::Institution];
            let is_told = told.iter().any(|detail| findings.details.contains(detail));
            is_told.then(new_text).flatten().map(evidence)
        }
        // Whatever is written in answer to „what would you like to know?“ is the question.
        Element::Question => new_text().map(evidence),
        Element::Topic => None,
    }
}
