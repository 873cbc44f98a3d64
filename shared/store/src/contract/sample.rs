//! Cases to try a store with, made by the domain's own commands. Company and people are invented.

use jiff::{SignedDuration, Timestamp};
use lotse_domain::{
    Actor, Arrival, CaseId, CaseReference, Change, Channel, Check, Claim, Command, Commit, Confidence,
    Contact, ContactId, Decision, DeskId, Destination, Field, IdentifierFinding, IdentifierKind, Language,
    MessageNumber, Opening, OutgoingKind, ReceivedMessage, RequestId, Route, RoutingPlan, SafetyFinding,
    SafetyKind, SentMessage, Topic, UserId,
};

/// So many minutes after Monday, 23 November 2026, 8 o'clock UTC.
pub fn minute(minutes: i64) -> Timestamp {
    let monday: Timestamp = "2026-11-23T08:00:00Z".parse().expect("a time");
    monday + SignedDuration::from_mins(minutes)
}

/// The id of sample case `number`: spread, as random ids are.
pub fn case_id(number: u64) -> CaseId {
    CaseId::from_number(u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

/// The reference of sample case `number`.
pub fn reference(number: u64) -> CaseReference {
    CaseReference::from_random(number.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A sample contact.
pub fn contact_id(number: u64) -> ContactId {
    ContactId::from_number(u128::from(number))
}

/// The desk of that name.
pub fn desk(name: &str) -> DeskId {
    name.parse().expect("a desk's name")
}

/// A specialist.
pub fn specialist(name: &str) -> Actor {
    Actor::User(user(name))
}

/// A user's name.
pub fn user(name: &str) -> UserId {
    name.parse().expect("a user's name")
}

/// The function that receives and decides.
pub fn system() -> Actor {
    Actor::system("classify")
}

/// A message from a contact, by the web form.
pub fn message(subject: &str, body: &str) -> ReceivedMessage {
    ReceivedMessage {
        channel: Channel::Web,
        subject: Some(subject.into()),
        body: body.into(),
        fields: [].into(),
        automatic: None,
        mail: None,
    }
}

/// Case `number`, opened in that minute by that contact.
pub fn opened_by(number: u64, contact: u64, minutes: i64, message: ReceivedMessage) -> Change {
    let opening = Opening {
        case: case_id(number),
        reference: reference(number),
        contact_id: contact_id(contact),
        contact: Contact { name: Some(format!("Dr. Muster {contact}")), ..Contact::default() },
        language: Some(Language::German),
        message,
    };
    Change::open(opening, minute(minutes), Actor::Contact)
}

/// Case `number`, opened in the first minute by a contact of its own.
pub fn opened(number: u64) -> Change {
    opened_by(number, number, 0, message("Anfrage", "Guten Tag, ich habe eine Frage."))
}

/// What a store is asked to commit: an opening with the claim on its reference, a change without claims.
pub fn commit(change: Change) -> Commit {
    let claims = match change.events().first() {
        Some(event) if event.id.sequence == 1 => vec![Claim::reference(change.case().reference)],
        _ => Vec::new(),
    };
    change.into_commit(claims).expect("something happened")
}

/// As [`commit`], with these claims instead.
pub fn commit_claiming(change: Change, claims: Vec<Claim>) -> Commit {
    change.into_commit(claims).expect("something to commit")
}

/// A claim until that minute, or for good.
pub fn claim(key: &str, until: Option<i64>) -> Claim {
    Claim { key: key.to_owned(), expires_at: until.map(minute) }
}

/// A decision that brings each topic to its home.
pub fn decision(topics: &[Topic]) -> Decision {
    Decision {
        id: None,
        language: Language::German,
        automatic: None,
        topics: Vec::new(),
        safety: Vec::new(),
        products: Vec::new(),
        identifiers: Vec::new(),
        missing: Vec::new(),
        routes: topics
            .iter()
            .map(|topic| Route { topic: *topic, to: topic.home(), confirm: false })
            .collect(),
        policy: "2026-11-22.1".to_owned(),
    }
}

/// A decision that asks the contact what it is about.
pub fn decision_to_ask() -> Decision {
    let route = Route { topic: Topic::Unknown, to: Destination::Contact, confirm: false };
    Decision { routes: vec![route], ..decision(&[]) }
}

/// An identifier as triage finds it.
pub fn identifier(kind: IdentifierKind, value: &str, check: Check) -> IdentifierFinding {
    IdentifierFinding {
        kind,
        value: value.to_owned(),
        check,
        carrier: None,
        field: Field::Body,
        start: 0,
        end: 0,
    }
}

/// A safety finding.
pub fn safety(kind: SafetyKind) -> SafetyFinding {
    SafetyFinding { kind, confidence: Confidence::CERTAIN, evidence: Vec::new() }
}

/// Acts on a decision about the first message: contacts are reminded after an hour, flags are due after a day.
pub fn classify(change: &mut Change, minutes: i64, decision: Decision) {
    let plan = RoutingPlan {
        desks: vec![
            (Topic::MedicalQuestion, desk("medical-information")),
            (Topic::ShippingStatus, desk("logistics")),
            (Topic::Other, desk("review")),
            (Topic::Unknown, desk("review")),
        ],
        safety_desks: SafetyKind::ALL.map(|kind| (kind, desk("pharmacovigilance"))).to_vec(),
        next_step_at: minute(minutes + 60),
        review: Arrival { target_minutes: 480, due_at: minute(minutes + 480) },
        hand_over_due_at: minute(minutes + 24 * 60),
    };
    execute(change, minutes, &system(), Command::Classify { message: MessageNumber(1), decision, plan });
}

/// Carries out a command in that minute.
pub fn execute(change: &mut Change, minutes: i64, actor: &Actor, command: Command) {
    change.execute(command, minute(minutes), actor).expect("the command is legal");
}

/// Brings a request to its desk, where it is due in that minute.
pub fn arrive(change: &mut Change, minutes: i64, request: u16, due: i64) {
    let arrival = Arrival { target_minutes: 480, due_at: minute(due) };
    execute(change, minutes, &system(), Command::Arrive { request: RequestId(request), arrival });
}

/// Case `number` with a medical question that lies at its desk and is due in that minute.
pub fn at_desk(number: u64, due: i64) -> Change {
    let mut change = opened(number);
    classify(&mut change, 1, decision(&[Topic::MedicalQuestion]));
    arrive(&mut change, 2, 1, due);
    change
}

/// A command that any version of any case allows, as often as one likes.
pub fn one_more_message(body: &str) -> Command {
    Command::ReceiveMessage { message: message("Nachtrag", body) }
}

/// A message that goes out to the contact.
pub fn answer(caused_by: u32, subject: &str, text: &str) -> Command {
    Command::RecordSent {
        message: SentMessage {
            kind: OutgoingKind::Answer,
            caused_by,
            about: vec![RequestId(1)],
            subject: subject.into(),
            text: text.into(),
            to: "praxis@hafenklinik.example".parse().expect("an address"),
            message_id: format!("{caused_by}@nordhafen.example"),
        },
    }
}
