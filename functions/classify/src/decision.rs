//! The decision about one message: triage's, and what only the case can add to it.

use lotse_domain::{Case, Decision, Destination, Event, Inquiry, Language, ReceivedMessage, Route, Topic};
use lotse_policy::Policy;
use lotse_triage::{Known, Triage};

/// Decides about a message of a case, the one that `event` brought.
pub(crate) fn about(
    triage: &Triage,
    policy: &Policy,
    case: &Case,
    event: &Event,
    message: &ReceivedMessage,
) -> Decision {
    let mail = message.mail.as_ref();
    if mail.is_some_and(|mail| mail.unreadable.is_some()) {
        return for_a_person(policy, case);
    }
    let known = Known { automatic: message.automatic, ..Known::of_case(case) };
    let mut decision = triage.decide(&inquiry(case, event, message), &known);
    let is_meant_for_another_case = mail.is_some_and(|mail| mail.refers_to.is_some());
    let asks_for_silence = mail.is_some_and(|mail| mail.suppress_reply);
    let can_be_asked = case.can_be_written_to() && !asks_for_silence;
    for route in &mut decision.routes {
        // A question that cannot be asked would wait for an answer that nobody can give.
        if is_meant_for_another_case || (route.to == Destination::Contact && !can_be_asked) {
            *route = Route { to: Destination::Review, confirm: false, ..*route };
        }
    }
    decision
}

/// What could not be read is not guessed at: a person opens the raw message.
fn for_a_person(policy: &Policy, case: &Case) -> Decision {
    Decision {
        id: None,
        language: case.language.clone(),
        automatic: None,
        topics: Vec::new(),
        safety: Vec::new(),
        products: Vec::new(),
        identifiers: Vec::new(),
        missing: Vec::new(),
        routes: vec![Route { topic: Topic::Other, to: Destination::Review, confirm: false }],
        policy: policy.company.policy_version.clone(),
    }
}

fn inquiry(case: &Case, event: &Event, message: &ReceivedMessage) -> Inquiry {
    let fields = message.fields.iter().map(|(field, value)| (*field, value.as_str().to_owned()));
    Inquiry {
        id: None,
        channel: message.channel,
        language: hint(case, event),
        subject: message.subject.as_ref().map(|subject| subject.as_str().to_owned()),
        body: message.body.as_str().to_owned(),
        contact: case.contact.clone(),
        fields: fields.collect(),
        received_at: None,
    }
}

/// The language where the text itself does not show it: that of the form; for a further message, such as a
/// bare number, that of the case.
fn hint(case: &Case, event: &Event) -> Option<Language> {
    match event {
        Event::CaseOpened { language, .. } => language.clone(),
        _ => Some(case.language.clone()),
    }
}
