//! Counting.

use super::{Expectation, ExpectedAutomatic, ExpectedGap, ExpectedIdentifier};
use lotse_domain::{Decision, Route, SafetyKind, Topic};
use std::collections::{BTreeMap, BTreeSet};

/// How often a class was expected, found, and both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClassCount {
    pub(crate) expected: usize,
    pub(crate) found: usize,
    pub(crate) both: usize,
}

impl ClassCount {
    /// The share of what was found that was expected; 1 where nothing was found.
    pub(crate) fn precision(self) -> f64 {
        share(self.both, self.found)
    }

    /// The share of what was expected that was found; 1 where nothing was expected.
    pub(crate) fn recall(self) -> f64 {
        share(self.both, self.expected)
    }

    /// The harmonic mean of precision and recall.
    pub(crate) fn f1(self) -> f64 {
        let sum = self.expected + self.found;
        if sum == 0 { 1.0 } else { share(2 * self.both, sum) }
    }
}

/// Sets that are compared as a whole: how many were annotated, and how many are exactly right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exact {
    pub(crate) annotated: usize,
    pub(crate) right: usize,
}

impl Exact {
    pub(crate) fn share(self) -> f64 {
        share(self.right, self.annotated)
    }

    fn count<T: PartialEq>(&mut self, expected: Option<&T>, found: &T) {
        if let Some(expected) = expected {
            self.annotated += 1;
            self.right += usize::from(expected == found);
        }
    }
}

/// What was counted over a labelled set.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) inquiries: usize,
    pub(crate) classes: BTreeMap<String, ClassCount>,
    /// Expected class, found class, how often; several topics together are a class of their own here.
    pub(crate) confusion: BTreeMap<String, BTreeMap<String, usize>>,
    pub(crate) safety: BTreeMap<SafetyKind, ClassCount>,
    /// Inquiries with safety information that was flagged in any way, of those that have some.
    pub(crate) safety_caught: Exact,
    /// Inquiries that were flagged although nothing in them may be.
    pub(crate) safety_false_alarms: usize,
    pub(crate) products: Exact,
    pub(crate) identifiers: Exact,
    pub(crate) missing: Exact,
    pub(crate) routes: Exact,
    pub(crate) automatic: Exact,
}

impl Score {
    /// Counts one inquiry.
    pub(crate) fn count(&mut self, expected: &Expectation, decision: &Decision) {
        self.inquiries += 1;
        self.count_classes(expected, decision);
        self.count_safety(expected, decision);
        let products = expected.products.as_ref().map(|products| products.iter().collect::<BTreeSet<_>>());
        let found = decision.products.iter().map(|finding| &finding.product).collect();
        self.products.count(products.as_ref(), &found);
        if let Some(identifiers) = &expected.identifiers {
            let is_found = |expected: &ExpectedIdentifier| {
                decision.identifiers.iter().any(|found| {
                    (found.kind, &found.value) == (expected.kind, &expected.value)
                        && expected.check.is_none_or(|check| check == found.check)
                })
            };
            let right = identifiers.len() == decision.identifiers.len() && identifiers.iter().all(is_found);
            self.identifiers.count(Some(&true), &right);
        }
        if let Some(missing) = &expected.missing {
            let is_found = |expected: &ExpectedGap| {
                decision.missing.iter().any(|found| {
                    (found.topic, found.element) == (expected.topic, expected.element)
                        && expected.reason.is_none_or(|reason| reason == found.reason)
                })
            };
            let right = missing.len() == decision.missing.len() && missing.iter().all(is_found);
            self.missing.count(Some(&true), &right);
        }
        let routes = expected
            .routes
            .as_ref()
            .map(|routes| routes.iter().map(|route| (route.topic, route.to)).collect());
        let found: BTreeSet<_> =
            decision.routes.iter().map(|Route { topic, to, .. }| (*topic, *to)).collect();
        self.routes.count(routes.as_ref(), &found);
        if let ExpectedAutomatic::Known(automatic) = &expected.automatic {
            self.automatic.count(Some(automatic), &decision.automatic);
        }
    }

    /// The mean of the classes' F1, each counting the same however rare it is.
    pub(crate) fn macro_f1(&self) -> f64 {
        let counted: Vec<f64> =
            self.classes.values().filter(|count| count.expected > 0).map(|count| count.f1()).collect();
        let sum: f64 = counted.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "a handful of classes")]
        let count = counted.len() as f64;
        if counted.is_empty() { 1.0 } else { sum / count }
    }

    fn count_classes(&mut self, expected: &Expectation, decision: &Decision) {
        let (expected, found) = match (expected_classes(expected), expected.class) {
            (Some(expected), _) => (expected, found_classes(decision)),
            // A coarse set knows one class for each inquiry: the surest topic stands against it.
            (None, Some(class)) => ([class.topic().name()].into(), surest_class(decision)),
            (None, None) => return,
        };
        for class in expected.union(&found) {
            let count = self.classes.entry((*class).to_owned()).or_default();
            count.expected += usize::from(expected.contains(class));
            count.found += usize::from(found.contains(class));
            count.both += usize::from(expected.contains(class) && found.contains(class));
        }
        let name = |classes: &BTreeSet<&str>| classes.iter().copied().collect::<Vec<_>>().join(" + ");
        *self.confusion.entry(name(&expected)).or_default().entry(name(&found)).or_default() += 1;
    }

    fn count_safety(&mut self, expected: &Expectation, decision: &Decision) {
        let found: BTreeSet<SafetyKind> = decision.safety.iter().map(|finding| finding.kind).collect();
        let Some(required) = &expected.safety else {
            if let Some(reported) = expected.adverse_event {
                let count = self.safety.entry(SafetyKind::AdverseEvent).or_default();
                let flagged = found.contains(&SafetyKind::AdverseEvent);
                count.expected += usize::from(reported);
                count.found += usize::from(flagged);
                count.both += usize::from(reported && flagged);
            }
            return;
        };
        let required: BTreeSet<SafetyKind> = required.iter().copied().collect();
        for kind in required.union(&found) {
            // What may be flagged and is counts neither for nor against.
            if !required.contains(kind) && expected.safety_ok.contains(kind) {
                continue;
            }
            let count = self.safety.entry(*kind).or_default();
            count.expected += usize::from(required.contains(kind));
            count.found += usize::from(found.contains(kind));
            count.both += usize::from(required.contains(kind) && found.contains(kind));
        }
        if required.is_empty() {
            let alarm = found.iter().any(|kind| !expected.safety_ok.contains(kind));
            self.safety_false_alarms += usize::from(alarm);
        } else {
            self.safety_caught.count(Some(&true), &!found.is_empty());
        }
    }
}

fn expected_classes(expected: &Expectation) -> Option<BTreeSet<&'static str>> {
    let topics = expected.topics.as_ref()?;
    let automatic = matches!(expected.automatic, ExpectedAutomatic::Known(Some(_)));
    let unknown = expected.missing.iter().flatten().any(|gap| gap.topic == Topic::Unknown);
    Some(classes(automatic, topics.iter().copied(), unknown))
}

fn found_classes(decision: &Decision) -> BTreeSet<&'static str> {
    let unknown = decision.missing.iter().any(|gap| gap.topic == Topic::Unknown);
    classes(decision.automatic.is_some(), decision.topics.iter().map(|finding| finding.topic), unknown)
}

/// The topics; where there are none, why.
fn classes(automatic: bool, topics: impl Iterator<Item = Topic>, unknown: bool) -> BTreeSet<&'static str> {
    let mut classes: BTreeSet<&'static str> = topics.map(Topic::name).collect();
    if automatic {
        classes = ["automatic"].into();
    } else if classes.is_empty() {
        classes.insert(if unknown { Topic::Unknown.name() } else { "safety_only" });
    }
    classes
}

fn surest_class(decision: &Decision) -> BTreeSet<&'static str> {
    let surest = decision.topics.iter().max_by_key(|finding| finding.confidence);
    surest.map_or_else(|| found_classes(decision), |finding| [finding.topic.name()].into())
}

#[expect(clippy::cast_precision_loss, reason = "counts of inquiries")]
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Counts decisions beside expectations, both as they stand in files.
    fn score(rows: &[(Value, Value)]) -> Score {
        let mut score = Score::default();
        for (expected, found) in rows {
            let mut decision = json!({
                "language": "de", "automatic": null, "topics": [], "safety": [], "products": [],
                "identifiers": [], "missing": [], "routes": [], "policy": "x",
            });
            for (member, value) in found.as_object().unwrap() {
                decision[member] = value.clone();
            }
            let expected = serde_json::from_value(expected.clone()).unwrap();
            score.count(&expected, &serde_json::from_value(decision).unwrap());
        }
        score
    }

    fn topic(topic: &str, confidence: f64) -> Value {
        json!({ "topic": topic, "confidence": confidence, "evidence": [] })
    }

    #[test]
    fn topics_are_counted_one_by_one_and_confused_as_a_whole() {
        let both = json!({ "topics": [topic("medical_question", 0.9), topic("shipping_status", 0.8)] });
        let score = score(&[
            (json!({ "topics": ["medical_question", "shipping_status"] }), both.clone()),
            (json!({ "topics": ["medical_question"] }), both),
        ]);
        let shipping = score.classes["shipping_status"];
        assert_eq!((shipping.expected, shipping.found, shipping.both), (1, 2, 1));
        assert_eq!((shipping.precision(), shipping.recall()), (0.5, 1.0));
        assert_eq!(score.confusion["medical_question"]["medical_question + shipping_status"], 1);
        // 1 for the medical questions, 2/3 for the shipping questions.
        assert!((score.macro_f1() - 5.0 / 6.0).abs() < 1e-9);
    }

    #[test]
    fn an_inquiry_without_topics_has_the_class_of_why() {
        let score = score(&[
            (json!({ "topics": [], "automatic": "bulk" }), json!({ "automatic": "bulk" })),
            (json!({ "topics": [], "safety": ["counterfeit"] }), json!({})),
            (
                json!({ "topics": [], "missing": [{ "topic": "unknown", "element": "topic" }] }),
                json!({ "missing": [{ "topic": "unknown", "element": "topic", "reason": "absent" }] }),
            ),
        ]);
        let classes: Vec<&str> = score.classes.keys().map(String::as_str).collect();
        assert_eq!(classes, ["automatic", "safety_only", "unknown"]);
        assert_eq!((score.missing.annotated, score.missing.right), (1, 1));
    }

    #[test]
    fn what_may_be_flagged_is_neither_missed_nor_a_false_alarm() {
        let flag = |kind: &str| json!({ "kind": kind, "confidence": 0.9, "evidence": [] });
        let score = score(&[
            (json!({ "safety": [], "safety_ok": ["misuse"] }), json!({ "safety": [flag("misuse")] })),
            (json!({ "safety": [] }), json!({ "safety": [flag("overdose")] })),
            (json!({ "safety": ["adverse_event"] }), json!({})),
        ]);
        assert_eq!(score.safety_false_alarms, 1);
        assert_eq!((score.safety_caught.annotated, score.safety_caught.right), (1, 0));
        assert!(!score.safety.contains_key(&SafetyKind::Misuse));
    }

    #[test]
    fn what_is_not_annotated_does_not_count() {
        let score = score(&[(json!({ "class": null, "adverse_event": null, "auto": null }), json!({}))]);
        assert_eq!(score.inquiries, 1);
        assert!(score.classes.is_empty() && score.safety.is_empty());
        assert_eq!((score.routes.annotated, score.automatic.annotated), (0, 0));
    }
}
