//! What triage found, with the words that it found it in.

use crate::{Mark, Names, Span, conversation::Message};
use lotse_domain::{Confidence, Decision, Evidence, Field, Gap, IdentifierFinding, MessageNumber, Topic};
use std::collections::BTreeSet;

/// Words that one or more rules read.
pub(crate) struct Quote<'a> {
    pub(crate) rules: Vec<&'a str>,
    /// The words; empty where they stand in a form's field.
    pub(crate) words: &'a str,
}

/// A topic that was found in a message.
pub(crate) struct TopicFound<'a> {
    pub(crate) topic: Topic,
    pub(crate) message: MessageNumber,
    pub(crate) confidence: Confidence,
    pub(crate) quotes: Vec<Quote<'a>>,
}

impl TopicFound<'_> {
    pub(crate) fn percent(&self) -> String {
        percent(self.confidence)
    }
}

/// A gap that was found, and whether it is still open.
pub(crate) struct GapFound {
    pub(crate) gap: Gap,
    pub(crate) is_open: bool,
}

/// What triage found in all messages of a case, oldest first, nothing twice.
pub(crate) struct Findings<'a> {
    pub(crate) topics: Vec<TopicFound<'a>>,
    pub(crate) products: BTreeSet<&'a str>,
    pub(crate) identifiers: Vec<&'a IdentifierFinding>,
    pub(crate) gaps: Vec<GapFound>,
    /// The versions of the policy that decided.
    pub(crate) policies: BTreeSet<&'a str>,
}

/// Gathers the findings of a conversation. `open` holds the gaps that are still open.
pub(crate) fn gather<'a>(messages: &[Message<'a>], open: &[Gap], names: &'a Names) -> Findings<'a> {
    let mut found = Findings {
        topics: Vec::new(),
        products: BTreeSet::new(),
        identifiers: Vec::new(),
        gaps: Vec::new(),
        policies: BTreeSet::new(),
    };
    for message in messages {
        let (Some(number), Some(decision)) = (message.number, message.decision) else { continue };
        found.topics.extend(decision.topics.iter().map(|topic| TopicFound {
            topic: topic.topic,
            message: number,
            confidence: topic.confidence,
            quotes: quotes(message, &topic.evidence),
        }));
        found.products.extend(decision.products.iter().map(|finding| names.product(&finding.product)));
        for identifier in &decision.identifiers {
            let known =
                |other: &&IdentifierFinding| other.kind == identifier.kind && other.value == identifier.value;
            if !found.identifiers.iter().any(known) {
                found.identifiers.push(identifier);
            }
        }
        for gap in &decision.missing {
            if !found.gaps.iter().any(|known| known.gap == *gap) {
                found.gaps.push(GapFound { gap: *gap, is_open: open.contains(gap) });
            }
        }
        found.policies.insert(&decision.policy);
    }
    found
}

/// The words behind a finding, each once with all the rules that read them.
pub(crate) fn quotes<'a>(message: &Message<'a>, evidence: &'a [Evidence]) -> Vec<Quote<'a>> {
    let mut quotes: Vec<Quote<'a>> = Vec::new();
    for one in evidence {
        let (words, rule) = (passage(message, one), one.rule.as_str());
        match quotes.iter_mut().find(|quote| quote.words == words) {
            Some(quote) if quote.rules.contains(&rule) => {}
            Some(quote) => quote.rules.push(rule),
            None => quotes.push(Quote { rules: vec![rule], words }),
        }
    }
    quotes
}

fn passage<'a>(message: &Message<'a>, evidence: &Evidence) -> &'a str {
    let text = match evidence.field {
        Field::Subject => message.subject,
        Field::Body => message.body,
        // A span counts in one of several fields, and does not say in which.
        Field::Form => return "",
    };
    let start = text.floor_char_boundary(evidence.start);
    text.get(start..text.ceil_char_boundary(evidence.end)).unwrap_or_default()
}

/// Everything that triage found in one part of a message, as spans to mark.
pub(crate) fn spans(decision: &Decision, field: Field, names: &Names) -> Vec<Span> {
    let mut spans = Vec::new();
    for finding in &decision.safety {
        for evidence in finding.evidence.iter().filter(|evidence| evidence.field == field) {
            let mark = Mark::Safety { kind: finding.kind, rule: evidence.rule.clone() };
            spans.push(Span { start: evidence.start, end: evidence.end, mark });
        }
    }
    for finding in &decision.topics {
        for evidence in finding.evidence.iter().filter(|evidence| evidence.field == field) {
            let mark = Mark::Topic { topic: finding.topic, rule: evidence.rule.clone() };
            spans.push(Span { start: evidence.start, end: evidence.end, mark });
        }
    }
    for finding in decision.products.iter().filter(|finding| finding.field == field) {
        let mark = Mark::Product(names.product(&finding.product).to_owned());
        spans.push(Span { start: finding.start, end: finding.end, mark });
    }
    for finding in decision.identifiers.iter().filter(|finding| finding.field == field) {
        let mark = Mark::Identifier { kind: finding.kind, check: finding.check };
        spans.push(Span { start: finding.start, end: finding.end, mark });
    }
    spans
}

/// How sure triage is, as people read it: whole per cent.
pub(crate) fn percent(confidence: Confidence) -> String {
    format!("{:.0} %", confidence.share() * 100.0)
}
