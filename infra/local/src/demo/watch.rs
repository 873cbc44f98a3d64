//! What the desk has made of an inquiry: the answer of its `POST /dev/cases`.

use lotse_domain::{Decision, OutgoingKind, Topic};
use serde::Deserialize;

/// A case, as far as it has come.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct WatchedCase {
    pub(crate) reference: String,
    pub(crate) settled: bool,
    pub(crate) decision: Option<Decision>,
    pub(crate) requests: Vec<WatchedRequest>,
    pub(crate) flags: Vec<WatchedFlag>,
    pub(crate) sent: Vec<SentMessage>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct WatchedRequest {
    pub(crate) topic: String,
    pub(crate) desk: String,
    pub(crate) state: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct WatchedFlag {
    pub(crate) kind: String,
    pub(crate) desk: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SentMessage {
    pub(crate) kind: OutgoingKind,
}

impl WatchedCase {
    /// True where we wait for the contact's answer to a question.
    pub(crate) fn waits(&self) -> bool {
        self.requests.iter().any(|request| request.state == "waiting_for_contact")
    }

    /// True once a question has gone out.
    pub(crate) fn was_asked(&self) -> bool {
        self.sent.iter().any(|message| message.kind == OutgoingKind::GapQuestions)
    }

    /// What triage found, in the words of the decision.
    pub(crate) fn found(&self) -> String {
        let Some(decision) = &self.decision else { return "undecided".to_owned() };
        if let Some(automatic) = decision.automatic {
            return serde_json::to_value(automatic)
                .ok()
                .and_then(|name| Some(format!("automatic: {}", name.as_str()?)))
                .unwrap_or_default();
        }
        let topics = self.requests.iter().map(|request| request.topic.clone());
        let flags = self.flags.iter().map(|flag| format!("! {}", flag.kind));
        topics.chain(flags).collect::<Vec<_>>().join(", ")
    }

    /// Where it is now.
    pub(crate) fn went_to(&self) -> String {
        let mut places: Vec<String> = self
            .requests
            .iter()
            .map(|request| match request.state.as_str() {
                "waiting_for_contact" => "contact".to_owned(),
                _ => request.desk.clone(),
            })
            .chain(self.flags.iter().map(|flag| flag.desk.clone()))
            .collect();
        places.dedup();
        if places.is_empty() { "recorded, not answered".to_owned() } else { places.join(", ") }
    }

    /// What the contact is asked for, now.
    pub(crate) fn asked_for(&self) -> String {
        let missing = self.decision.iter().flat_map(|decision| &decision.missing);
        let elements: Vec<String> = missing
            .map(|gap| {
                let element = gap.element.name();
                if gap.topic == Topic::Unknown { "what it is about".to_owned() } else { element.to_owned() }
            })
            .collect();
        if self.waits() { elements.join(", ") } else { String::new() }
    }
}
