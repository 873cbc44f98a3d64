//! Safety-relevant information: flags beside the routes. When in doubt, a flag.

use crate::rules::{Holding, combine};
use lotse_domain::{SafetyFinding, SafetyKind};
use lotse_policy::{SpeaksFor, Thresholds};

/// The kinds that rules speak for strongly enough, most certain evidence first.
pub(crate) fn find(holding: &[Holding<'_>], thresholds: &Thresholds) -> Vec<SafetyFinding> {
    let findings = SafetyKind::ALL.into_iter().filter_map(|kind| {
        let of_kind =
            || holding.iter().filter(move |holding| holding.rule.speaks_for == SpeaksFor::Safety(kind));
        let confidence = combine(of_kind().map(|holding| holding.rule.weight));
        let mut speaking: Vec<_> = of_kind().filter(|holding| holding.rule.weight > 0.0).collect();
        speaking.sort_by(|left, right| right.rule.weight.total_cmp(&left.rule.weight));
        let evidence: Vec<_> =
            speaking.into_iter().flat_map(|holding| holding.evidence.iter().cloned()).collect();
        let counts = !evidence.is_empty() && confidence >= thresholds.safety(kind);
        counts.then_some(SafetyFinding { kind, confidence, evidence })
    });
    findings.collect()
}
