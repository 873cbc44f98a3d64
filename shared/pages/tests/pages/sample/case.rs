//! A case that has seen most of what can happen to one, as its history.

use super::{Say, at, desk, gaps, reference, user};
use lotse_domain::{
    Actor, Arrival, Attachment, Automatic, Case, CaseId, Channel, Check, Confidence, Contact, ContactId,
    Decision, Destination, Effect, Event, EventId, Evidence, Field, FlagNumber, FlagRaised, FormField,
    IdentifierFinding, IdentifierKind, Language, MailOrigin, MessageNumber, OutgoingKind, ProductFinding,
    ReceivedMessage, RecordedEvent, RequestId, RequestOutcome, SafetyFinding, SafetyKind, SentMessage, Topic,
    TopicFinding, Verbatim, WithholdReason,
};
use std::collections::BTreeMap;

const BODY: &str = "Guten Tag,\n\ndie Lieferung Insulera zu NP-2026-00471 ist seit Dienstag überfällig. \
    Eine Patientin hat nach der letzten Dosis einen Hautausschlag bekommen. \
    Kann sie die Therapie fortsetzen?\n\nKatharina Voß\nFjord-Apotheke, Kiel";

/// A case that has seen most of what can happen to one.
pub(crate) fn case_sample(say: Say) -> (Case, Vec<RecordedEvent>) {
    let id = CaseId::from_number(42);
    let mut history = Vec::new();
    for (minute, (actor, event)) in events(say).into_iter().enumerate() {
        let sequence = u32::try_from(history.len() + 1).expect("few events");
        let minute = i64::try_from(minute).expect("few events");
        let time = at("2026-11-20T08:12:00Z") + jiff::SignedDuration::from_mins(7 * minute);
        history.push(RecordedEvent { id: EventId { case: id, sequence }, at: time, actor, event });
    }
    let case = Case::replay(&history).expect("a whole history").expect("a case");
    (case, history)
}

fn arrival(due_at: &str) -> Arrival {
    Arrival { target_minutes: 480, due_at: at(due_at) }
}

fn events(say: Say) -> Vec<(Actor, Event)> {
    let mia = || Actor::User(user("mia.brandt"));
    let system = || Actor::system("classify");
    let (first, second) = (RequestId(1), RequestId(2));
    vec![
        (Actor::Contact, opened(say)),
        (system(), classified(say)),
        (system(), Event::ArrivedAtDesk { request: first, arrival: arrival("2026-11-24T15:00:00Z") }),
        (
            system(),
            Event::SafetyHandedOver {
                flags: vec![FlagNumber(1)],
                to: "arzneimittelsicherheit@nordhafen-pharma.example".parse().expect("an address"),
                message_id: "m1@nordhafen-pharma.example".to_owned(),
            },
        ),
        (
            system(),
            Event::MessageSent {
                message: SentMessage {
                    kind: OutgoingKind::GapQuestions,
                    caused_by: 2,
                    about: vec![second],
                    subject: say("Ihre Anfrage: eine Rückfrage").into(),
                    text: say("Guten Tag,\n\nbitte prüfen Sie die Bestellnummer.\n\nNordhafen Pharma").into(),
                    to: "voss@fjord-apotheke.example".parse().expect("an address"),
                    message_id: "m2@nordhafen-pharma.example".to_owned(),
                },
            },
        ),
        (mia(), Event::Claimed { request: first, by: user("mia.brandt") }),
        (
            Actor::Contact,
            Event::MessageReceived {
                message: ReceivedMessage {
                    channel: Channel::Mail,
                    subject: Some(say("Abwesenheit").into()),
                    body: say("Ich bin bis Montag nicht im Haus.").into(),
                    fields: BTreeMap::new(),
                    automatic: Some(Automatic::OutOfOffice),
                    mail: Some(MailOrigin {
                        sender: Some("kollege@fjord-apotheke.example".parse().expect("an address")),
                        attachments: vec![Attachment {
                            name: say("lieferschein.pdf").into(),
                            content_type: "application/pdf".to_owned(),
                            size: 48_213,
                            sha256: "0".repeat(64),
                        }],
                        unreadable: Some(say("part 2 has no end")),
                        truncated: true,
                        refers_to: Some(CaseId::from_number(11)),
                        ..MailOrigin::default()
                    }),
                },
            },
        ),
        (
            system(),
            Event::MessageWithheld {
                kind: OutgoingKind::Receipt,
                caused_by: 7,
                reason: WithholdReason::AutomaticMail,
            },
        ),
        (system(), Event::ReminderDue { requests: vec![second], next_step_at: at("2026-11-27T09:00:00Z") }),
        (
            mia(),
            Event::SafetyDismissed {
                flag: FlagNumber(2),
                reason: say("Frage nach Therapie, kein Fall").into(),
            },
        ),
        (system(), Event::GivenToPerson { requests: vec![second], arrival: arrival("2026-11-23T07:00:00Z") }),
        (system(), Event::BecameOverdue { requests: vec![second], flags: vec![FlagNumber(1)] }),
        (
            mia(),
            Event::Answered {
                request: first,
                text: say("Sehr geehrte Frau Voß,\n\nbitte beachten Sie die Fachinformation, Abschnitt 4.8.")
                    .into(),
                spent_minutes: 55,
            },
        ),
        (
            mia(),
            Event::Reopened {
                request: first,
                to: Destination::Review,
                reason: say("Antwort unvollständig").into(),
                arrival: Some(arrival("2026-11-24T15:00:00Z")),
            },
        ),
        (mia(), Event::Claimed { request: first, by: user("mia.brandt") }),
    ]
}

fn opened(say: Say) -> Event {
    Event::CaseOpened {
        reference: reference(),
        contact_id: ContactId::from_number(7),
        contact: Contact {
            email: Some("voss@fjord-apotheke.example".parse().expect("an address")),
            name: Some(say("Katharina Voß")),
            profession: Some(say("Apothekerin")),
            institution: Some(say("Fjord-Apotheke")),
            country: Some("DE".to_owned()),
            phone: Some(say("+49 431 5550-199")),
        },
        language: Some(Language::German),
        message: ReceivedMessage {
            channel: Channel::Web,
            subject: Some("Insulera überfällig".into()),
            body: (BODY.to_owned() + &say("")).into(),
            fields: BTreeMap::from([(FormField::Product, Verbatim::from(say("Insulera")))]),
            automatic: None,
            mail: None,
        },
    }
}

fn evidence(say: Say, rule: &str, words: &str) -> Evidence {
    let start = BODY.find(words).expect("words of the sample");
    Evidence { rule: say(rule), field: Field::Body, start, end: start + words.len() }
}

fn classified(say: Say) -> Event {
    let sure = Confidence::from_share;
    let number = evidence(say, "", "NP-2026-00471");
    let product = evidence(say, "", "Insulera");
    let outcome = |request, topic, name, to, gaps, confirm| RequestOutcome {
        request: RequestId(request),
        topic,
        desk: desk(name),
        to,
        gaps,
        confirm,
        effect: Effect::Opened,
        next_step_at: (to == Destination::Contact).then(|| at("2026-11-24T09:00:00Z")),
        arrival: None,
    };
    let gap = gaps().remove(1);
    let flag = |number, kind| FlagRaised {
        number: FlagNumber(number),
        kind,
        desk: desk("drug-safety"),
        due_at: at("2026-11-21T08:12:00Z"),
    };
    Event::Classified {
        message: MessageNumber(1),
        decision: Decision {
            id: None,
            language: Language::German,
            automatic: None,
            topics: vec![
                TopicFinding {
                    topic: Topic::MedicalQuestion,
                    confidence: sure(0.72),
                    evidence: vec![evidence(say, "medical.continue", "Kann sie die Therapie fortsetzen")],
                },
                TopicFinding {
                    topic: Topic::ShippingStatus,
                    confidence: sure(0.97),
                    evidence: vec![
                        evidence(say, "shipping.delivery", "Lieferung Insulera"),
                        evidence(say, "shipping.late", "überfällig"),
                        evidence(say, "shipping.late-since", "überfällig"),
                    ],
                },
            ],
            safety: vec![
                SafetyFinding {
                    kind: SafetyKind::AdverseEvent,
                    confidence: sure(0.91),
                    evidence: vec![evidence(say, "ae.rash", "nach der letzten Dosis einen Hautausschlag")],
                },
                SafetyFinding { kind: SafetyKind::LackOfEffect, confidence: sure(0.4), evidence: Vec::new() },
            ],
            products: vec![ProductFinding {
                product: "insulera".parse().expect("a product"),
                field: Field::Body,
                start: product.start,
                end: product.end,
            }],
            identifiers: vec![IdentifierFinding {
                kind: IdentifierKind::OrderNumber,
                value: say("NP-2026-00471"),
                check: Check::Mistyped,
                carrier: Some(say("Kurier")),
                field: Field::Body,
                start: number.start,
                end: number.end,
            }],
            missing: vec![gap],
            routes: Vec::new(),
            policy: say("2026-11-22.1"),
        },
        requests: vec![
            outcome(
                1,
                Topic::MedicalQuestion,
                "medical-information",
                Destination::MedicalInformation,
                Vec::new(),
                true,
            ),
            outcome(2, Topic::ShippingStatus, "logistics", Destination::Contact, vec![gap], false),
        ],
        flags: vec![flag(1, SafetyKind::AdverseEvent), flag(2, SafetyKind::LackOfEffect)],
    }
}
