//! What triage found, with the words that it found it in.

use lotse_domain::{Confidence, Gap, IdentifierFinding, Topic};

/// A passage that a rule read.
#[derive(Clone)]
pub struct EvidenceQuote {
    /// The policy's rule.
    pub rule: String,
    /// The words it read; empty where they cannot be shown.
    pub quote: String,
}

/// A topic that was found.
#[derive(Clone)]
pub struct TopicFound {
    /// The topic.
    pub topic: Topic,
    /// How sure triage is.
    pub confidence: Confidence,
    /// Why.
    pub evidence: Vec<EvidenceQuote>,
}

impl TopicFound {
    pub(crate) fn percent(&self) -> String {
        percent(self.confidence)
    }
}

/// A gap, open or filled meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct GapFinding {
    /// The gap.
    pub gap: Gap,
    /// Whether it has been filled.
    pub filled: bool,
}

/// What triage found in the case.
#[derive(Clone, Default)]
pub struct Findings {
    /// The topics.
    pub topics: Vec<TopicFound>,
    /// The products, by brand, or by id where the policy no longer knows one.
    pub products: Vec<String>,
    /// Numbers and codes.
    pub identifiers: Vec<IdentifierFinding>,
    /// What is or was missing.
    pub gaps: Vec<GapFinding>,
    /// The version of the policy that decided.
    pub policy: String,
}

/// How sure triage is, as people read it: whole per cent.
pub(super) fn percent(confidence: Confidence) -> String {
    format!("{:.0} %", confidence.share() * 100.0)
}
