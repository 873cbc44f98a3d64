//! A question to the contact that came to nothing: whoever has the request now reads why, and what is missing.

use crate::sample;
use lotse_domain::{
    Actor, Case, Decision, Destination, Effect, Event, EventId, Language, MessageNumber, RecordedEvent,
    RequestId, RequestOutcome, Topic,
};
use lotse_pages::{PageLanguage, Template, desk::CasePage};

const SECOND: RequestId = RequestId(2);

/// The sample's history up to the reminder of its second request, and one more event.
fn history_ending_with(last: impl FnOnce(&Case) -> Event) -> Vec<RecordedEvent> {
    let mut history = sample::case_sample(str::to_owned).1;
    let reminder = history.iter().position(|recorded| matches!(recorded.event, Event::ReminderDue { .. }));
    history.truncate(reminder.expect("a reminder") + 1);
    let case = Case::replay(&history).expect("a whole history").expect("a case");
    let id = EventId { case: case.id, sequence: case.version + 1 };
    let (at, event) = (case.changed_at, last(&case));
    history.push(RecordedEvent { id, at, actor: Actor::system("classify"), event });
    history
}

fn page(history: Vec<RecordedEvent>) -> String {
    let case = Case::replay(&history).expect("a whole history").expect("a case");
    let page = CasePage { case, history, ..sample::case(PageLanguage::English, str::to_owned) };
    page.render().expect("a page")
}

#[test]
fn a_reply_that_gives_nothing_of_what_was_asked_is_announced_with_what_is_missing() {
    let html = page(history_ending_with(|case| {
        let waiting = case.request(SECOND).expect("the request");
        Event::Classified {
            message: MessageNumber(3),
            decision: Decision {
                id: None,
                language: Language::German,
                automatic: None,
                topics: Vec::new(),
                safety: Vec::new(),
                products: Vec::new(),
                identifiers: Vec::new(),
                missing: Vec::new(),
                routes: Vec::new(),
                policy: "2026-11-22.1".to_owned(),
            },
            requests: vec![RequestOutcome {
                request: SECOND,
                topic: Topic::ShippingStatus,
                desk: waiting.desk.clone(),
                to: Destination::Review,
                gaps: waiting.gaps.clone(),
                confirm: false,
                effect: Effect::GivenToPerson,
                next_step_at: None,
                arrival: None,
            }],
            flags: Vec::new(),
        }
    }));
    assert!(html.contains("The contact has written, but not what was asked for."), "{html}");
    assert!(html.contains("the reply does not give what was asked for. A person reads it (Logistics)."));
    assert!(!html.contains("no longer open"), "what was asked for is still missing");
}

#[test]
fn a_request_that_a_person_moved_on_is_announced_as_such_no_more() {
    let moved = |case: &Case| Event::Moved {
        request: SECOND,
        topic: Topic::Other,
        desk: case.request(SECOND).expect("the request").desk.clone(),
        to: Destination::Review,
        reason: "to be sorted".into(),
        spent_minutes: 0,
        arrival: None,
    };
    let html = page(history_ending_with(moved));
    assert!(!html.contains("Please decide how"), "{html}");
}
