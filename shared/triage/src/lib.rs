//! What an inquiry is, what it lacks and where it goes: a pure, explained function of text and policy.
//!
//! [`Triage::new`] compiles a policy once; [`Triage::decide`] reads one message. No clock, no randomness,
//! no input or output: the same message, knowledge and policy give the same decision on every machine.
//!
//! The way of a message through this crate:
//!
//! 1. `reading` takes subject, newly written text and signature apart; quotes are not read.
//! 2. `words` and `normalise` make folded words that remember their place, `language` tells the language.
//! 3. `products`, `dates` and `identifiers` recognise what has a form of its own.
//! 4. `phrases` finds all phrases of the policy in one run; `marks` says how words are meant, `rules` which
//!    rules hold.
//! 5. `topics`, `safety`, `automatic`, `requester`, `gaps` and `routes` each decide one part.
//!
//! What is compiled of the policy is plain data (`lexicon`, `catalogue`, rules and cues) in few pieces of
//! memory (`grouped`, `spellings`), with what makes it quick to use beside it.

mod answers;
mod automatic;
mod catalogue;
mod dates;
mod findings;
mod form;
mod gaps;
mod grouped;
mod hits;
mod identifiers;
mod known;
mod language;
mod lexicon;
mod marks;
mod mistyped;
mod normalise;
mod occurrences;
mod phrases;
mod products;
mod reading;
mod requester;
mod routes;
mod rules;
mod safety;
mod sequences;
mod spellings;
mod topics;
mod word_forms;
mod words;

pub use known::{Known, Waiting};

use findings::{Finder, Findings};
use identifiers::IdentifierReader;
use language::Languages;
use lexicon::Builder;
use lotse_domain::{
    Decision, Destination, Element, Gap, GapReason, Inquiry, Language, Route, SafetyFinding, Topic,
    TopicFinding,
};
use lotse_policy::{Detail, Elements, Packed, Policy, Thresholds};
use marks::Cues;
use products::ProductNames;
use reading::Reading;
use rules::CompiledRules;
use serde::{Deserialize, Serialize};

/// A policy, compiled. Make one and keep it: making it costs milliseconds, deciding microseconds.
///
/// [`Packed`] writes it to a file and reads it back, in a fraction of the time that [`new`](Self::new) takes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Triage {
    thresholds: Thresholds,
    elements: Elements,
    /// The policy's version, written into every decision.
    version: String,
    finder: Finder,
}

impl Packed for Triage {
    const KIND: &'static str = "triage";

    fn policy_version(&self) -> &str {
        &self.version
    }
}

impl Triage {
    /// Compiles the policy.
    pub fn new(policy: &Policy) -> Self {
        let mut builder = Builder::new(&policy.rules);
        let identifiers = IdentifierReader::compile(&policy.identifiers, &mut builder);
        builder.end_early();
        let cues = Cues::compile(&policy.rules.cues, &mut builder);
        let rules = CompiledRules::compile(&policy.rules.rules, &mut builder);
        let (languages, products) = (Languages::default(), ProductNames::new(policy));
        let finder = Finder { languages, products, phrases: builder.build(), cues, rules, identifiers };
        Self {
            thresholds: policy.thresholds.clone(),
            elements: policy.elements.clone(),
            version: policy.company.policy_version.clone(),
            finder,
        }
    }

    /// Decides about one message. Never panics; takes time linear in the length of the text.
    pub fn decide(&self, inquiry: &Inquiry, known: &Known) -> Decision {
        let mut reading = Reading::of(inquiry);
        let mut findings = self.finder.find(inquiry, known, &mut reading);
        let thresholds = &self.thresholds;
        let safety = safety::find(&findings.holding, thresholds);
        let found = topics::find(&findings.holding, form::chosen_topic(inquiry), thresholds);
        let holds_inquiry = !found.findings.is_empty() || !safety.is_empty();
        let automatic = automatic::recognise(&findings.holding, thresholds, known.automatic, holds_inquiry);
        let decision = Decision {
            id: inquiry.id.clone(),
            language: findings.language.clone(),
            automatic,
            topics: Vec::new(),
            safety: Vec::new(),
            products: Vec::new(),
            identifiers: Vec::new(),
            missing: Vec::new(),
            routes: Vec::new(),
            policy: self.version.clone(),
        };
        if automatic.is_some() {
            return decision;
        }
        if found.question_is_known {
            findings.details.insert(Detail::Question);
        }
        let mut topics = found.findings;
        topics.extend(answers::find(known, &topics, &reading.words, &mut findings));
        self.complete(decision, &reading, findings, topics, safety)
    }

    /// Adds gaps and routes, and what follows where no topic was found.
    fn complete(
        &self,
        decision: Decision,
        reading: &Reading<'_>,
        findings: Findings<'_>,
        mut topics: Vec<TopicFinding>,
        safety: Vec<SafetyFinding>,
    ) -> Decision {
        if matches!(findings.language, Language::Other(_)) {
            // No desk answers in it: a person reads it, whatever single words were recognised.
            topics.clear();
        }
        let mut missing = Vec::new();
        let mut routes = Vec::new();
        let is_safety_report = !safety.is_empty() && !matches!(findings.language, Language::Other(_));
        if topics.is_empty() && !is_safety_report {
            let remainder = topics::remainder(&reading.words, &findings.marks, &findings.language);
            if remainder.is_none() {
                missing.push(Gap {
                    topic: Topic::Unknown,
                    element: Element::Topic,
                    reason: GapReason::Absent,
                });
                routes.push(Route { topic: Topic::Unknown, to: Destination::Contact, confirm: false });
            }
            topics.extend(remainder);
        }
        for found in &topics {
            let needed = gaps::find(found.topic, &self.elements, &findings.details, &findings.identifiers);
            missing.extend(needed);
        }
        routes.extend(routes::find(&topics, &missing, &self.thresholds));
        let Findings { products, identifiers, .. } = findings;
        Decision { topics, safety, products, identifiers, missing, routes, ..decision }
    }
}
