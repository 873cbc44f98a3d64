//! Which functions hear of which event.

#![expect(clippy::unwrap_used, reason = "a test stops where its setting is broken")]

use dispatch::{deliver, messages_for};
use lotse_domain::{
    Actor, CaseId, Channel, Confidence, Contact, ContactId, Decision, Destination, Effect, Event, EventId,
    EventNotice, FlagNumber, FlagRaised, Language, MessageNumber, Queue, QueueMessage, ReceivedMessage,
    RecordedEvent, RequestId, RequestOutcome, SafetyFinding, SafetyKind, Topic, Verbatim,
    ports::{QueueSender, Unavailable},
};
use std::sync::Mutex;

#[test]
fn a_message_from_the_contact_is_classified_first() {
    let opened = Event::CaseOpened {
        reference: lotse_domain::CaseReference::from_random(7),
        contact_id: ContactId::from_number(1),
        contact: Contact { name: Some("Dr. Imke Petersen".to_owned()), ..Contact::default() },
        language: None,
        message: a_message(),
    };
    assert_eq!(queues(opened), [Queue::Classify]);
    assert_eq!(queues(Event::MessageReceived { message: a_message() }), [Queue::Classify]);
}

#[test]
fn an_inquiry_about_two_topics_and_a_reaction_goes_to_each_function_once_safety_first() {
    let classified = classified(
        vec![
            outcome(1, Topic::MedicalQuestion, Destination::MedicalInformation, Effect::Opened),
            outcome(2, Topic::ShippingStatus, Destination::Logistics, Effect::Opened),
            outcome(3, Topic::ShippingStatus, Destination::Logistics, Effect::Opened),
        ],
        true,
    );
    let expected = [Queue::Safety, Queue::MedicalInformation, Queue::Logistics, Queue::Contact];
    assert_eq!(queues(classified), expected);
}

#[test]
fn the_contact_gets_one_notice_for_all_gaps_and_receipts_together() {
    let classified = classified(
        vec![
            outcome(1, Topic::MedicalQuestion, Destination::MedicalInformation, Effect::Opened),
            outcome(2, Topic::ShippingStatus, Destination::Contact, Effect::Opened),
        ],
        false,
    );
    let messages = messages_for(&recorded(1, classified));
    let to_contact: Vec<_> =
        messages.iter().filter(|message| message.queue == Queue::Contact).map(kind_of).collect();
    assert_eq!(to_contact, ["lotse.contact.questions.v1"]);
}

#[test]
fn more_about_a_request_that_is_worked_on_disturbs_nobody() {
    let more = outcome(1, Topic::MedicalQuestion, Destination::MedicalInformation, Effect::FollowUp);
    assert_eq!(queues(classified(vec![more], false)), []);
}

#[test]
fn a_moved_request_travels_to_its_new_desk_and_one_moved_to_review_is_there_already() {
    let moved = |to| Event::Moved {
        request: RequestId(1),
        topic: Topic::ShippingStatus,
        desk: "logistics".parse().unwrap(),
        to,
        reason: Verbatim::from("Es geht um die Lieferung."),
        spent_minutes: 5,
        arrival: None,
    };
    assert_eq!(queues(moved(Destination::Logistics)), [Queue::Logistics]);
    assert_eq!(queues(moved(Destination::Review)), []);
}

#[test]
fn a_notice_names_the_event_and_nothing_personal() {
    let notice = &messages_for(&recorded(4, Event::MessageReceived { message: a_message() }))[0];
    let read = EventNotice::read(&notice.body).unwrap();
    assert_eq!(read.id.0, EventId { case: CaseId::from_number(9), sequence: 4 });
    assert_eq!(read.kind, "lotse.message.received.v1");
    assert!(!notice.body.contains("Ausschlag"), "{}", notice.body);
}

#[test]
fn the_same_event_gives_the_same_keys_and_no_two_messages_share_one() {
    let event = recorded(
        2,
        classified(vec![outcome(1, Topic::ShippingStatus, Destination::Logistics, Effect::Opened)], true),
    );
    let keys = |messages: &[QueueMessage]| -> Vec<String> {
        messages.iter().map(|message| message.key.clone()).collect()
    };
    let first = keys(&messages_for(&event));
    assert_eq!(first, keys(&messages_for(&event)));
    assert_eq!(first.iter().collect::<std::collections::BTreeSet<_>>().len(), 3, "{first:?}");
}

#[tokio::test]
async fn over_many_events_safety_is_handed_over_before_everything_else() {
    struct Sent(Mutex<Vec<Queue>>);
    impl QueueSender for Sent {
        async fn send(&self, messages: Vec<QueueMessage>) -> Result<(), Unavailable> {
            self.0.lock().unwrap().extend(messages.iter().map(|message| message.queue));
            Ok(())
        }
    }
    let sent = Sent(Mutex::default());
    let events =
        [recorded(1, Event::MessageReceived { message: a_message() }), recorded(2, classified(vec![], true))];
    deliver(&sent, &events).await.unwrap();
    assert_eq!(*sent.0.lock().unwrap(), [Queue::Safety, Queue::Classify, Queue::Contact]);
}

fn queues(event: Event) -> Vec<Queue> {
    messages_for(&recorded(1, event)).into_iter().map(|message| message.queue).collect()
}

fn kind_of(message: &QueueMessage) -> String {
    EventNotice::read(&message.body).unwrap().kind
}

fn recorded(sequence: u32, event: Event) -> RecordedEvent {
    RecordedEvent {
        id: EventId { case: CaseId::from_number(9), sequence },
        at: "2026-11-20T09:30:00Z".parse().unwrap(),
        actor: Actor::Contact,
        event,
    }
}

fn a_message() -> ReceivedMessage {
    ReceivedMessage {
        channel: Channel::Web,
        subject: None,
        body: Verbatim::from("Nach der zweiten Injektion trat ein Ausschlag auf."),
        fields: std::collections::BTreeMap::new(),
        automatic: None,
        mail: None,
    }
}

fn outcome(request: u16, topic: Topic, to: Destination, effect: Effect) -> RequestOutcome {
    RequestOutcome {
        request: RequestId(request),
        topic,
        desk: "medical-information".parse().unwrap(),
        to,
        gaps: Vec::new(),
        confirm: false,
        effect,
        next_step_at: None,
        arrival: None,
    }
}

fn classified(requests: Vec<RequestOutcome>, reaction: bool) -> Event {
    let kind = SafetyKind::AdverseEvent;
    let finding = SafetyFinding { kind, confidence: Confidence::CERTAIN, evidence: Vec::new() };
    let flag = FlagRaised {
        number: FlagNumber(1),
        kind,
        desk: "pharmacovigilance".parse().unwrap(),
        due_at: "2026-11-21T09:30:00Z".parse().unwrap(),
    };
    Event::Classified {
        message: MessageNumber(1),
        decision: Decision {
            id: None,
            language: Language::German,
            automatic: None,
            topics: Vec::new(),
            safety: reaction.then_some(finding).into_iter().collect(),
            products: Vec::new(),
            identifiers: Vec::new(),
            missing: Vec::new(),
            routes: Vec::new(),
            policy: "2026-11-22.1".to_owned(),
        },
        requests,
        flags: reaction.then_some(flag).into_iter().collect(),
    }
}
