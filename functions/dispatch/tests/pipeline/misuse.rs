//! What does not fit: messages that no function understands, mail that a server sends back, a case that is
//! full.

use crate::{
    mails::{DOCTOR, DRUG_SAFETY, PHARMACY, SERVICE, bounce, doctor, in_reply_to, mail, pharmacy_mail},
    world::{World, mix},
};
use lotse_domain::{Case, CaseId, Command, EventId, EventNotice, Language, Queue, StateName, Topic};

#[tokio::test]
async fn what_no_function_understands_is_parked_with_a_reason_and_stops_nobody() {
    let world = World::new();
    let gone = EventId { case: CaseId::from_number(1), sequence: 3 };
    let other = serde_json::json!({ "specversion": "1.0", "id": gone.to_string(), "source": "/lotse/cases",
        "type": "lotse.request.routed.v1", "subject": gone.case, "time": "2026-11-23T08:00:00Z" });
    assert!(EventNotice::read(&other.to_string()).is_ok(), "the notice itself is well-formed");
    for queue in Queue::ALL {
        for body in ["", "{", "[]", "{\"blob\": 7}", "\u{0}", &other.to_string()] {
            world.queue(queue, body);
        }
    }
    world.queue(
        Queue::IntakeMail,
        &format!("{{\"blob\": \"{}\", \"received_at\": \"2026-11-23T08:00:00Z\"}}", "a".repeat(64)),
    );
    world.form(doctor(), Language::German, "Wie ist Thromvexa zu dosieren?");
    world.settle().await;
    let parked = world.parked();
    assert_eq!(parked.len(), Queue::ALL.len() * 6 + 1, "{parked:#?}");
    for reason in [&format!("the store has no event {gone}"), "is not stored", "no event notice"] {
        assert!(parked.iter().any(|parked| parked.contains(reason)), "»{reason}« in {parked:#?}");
    }
    assert_eq!(world.mails_to(DOCTOR).len(), 1, "the others go on");
}

#[tokio::test]
async fn a_hand_over_that_comes_back_is_seen_by_a_person_and_says_nothing_about_the_contact() {
    let world = World::new();
    let text = "Ein Patient bekam nach Thromvexa einen Hautausschlag.\n\nJonna Brodersen";
    world.mail(&pharmacy_mail(1, "Meldung", text), &[SERVICE]);
    world.settle().await;
    let handover = world.mails_to(DRUG_SAFETY).remove(0);
    world.mail(&bounce(&handover, DRUG_SAFETY), &[&handover.envelope_from]);
    world.settle().await;
    let case = world.only_case();
    assert!(!case.address_failed);
    assert_eq!(case.messages.len(), 3, "report, receipt, bounce");
    let parked = world.parked();
    assert!(parked.len() == 1 && parked[0].contains("desks.toml"), "{parked:?}");
}

#[tokio::test]
async fn a_department_that_refuses_mail_does_not_keep_the_case_from_going_on() {
    let world = World::new();
    world.refuse_mail_to("nordhafen-pharma.example");
    let text = "Ein Patient bekam nach Thromvexa einen Hautausschlag.\n\nJonna Brodersen";
    world.mail(&pharmacy_mail(1, "Meldung", text), &[SERVICE]);
    world.settle().await;
    let parked = world.parked();
    assert!(parked.len() == 1 && parked[0].contains("desk pharmacovigilance"), "{parked:?}");
    assert_eq!(world.mails_to(PHARMACY).len(), 1);
}

#[tokio::test]
async fn a_reply_token_is_recognised_in_capitals_and_a_forged_one_is_not() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung", "Wo bleibt unsere Lieferung?"), &[SERVICE]);
    world.settle().await;
    let question = world.mails_to(PHARMACY).remove(0);
    let shouted = question.reply_to().to_uppercase();
    world.mail(&pharmacy_mail(2, "Nummer", "Bestellnummer NP-2026-004711"), &[&shouted]);
    world.settle().await;
    assert_eq!(states(&world.only_case()), [(Topic::ShippingStatus, StateName::Unclaimed)]);

    let last = question.reply_to().rfind('@').expect("an address") - 1;
    let mut forged = question.reply_to().to_owned();
    let letter = if forged[last..].starts_with('a') { "b" } else { "a" };
    forged.replace_range(last..=last, letter);
    world.mail(&pharmacy_mail(3, "Noch etwas", "Wann wird geliefert?"), &[&forged]);
    world.settle().await;
    assert_eq!(world.cases().len(), 2);
}

#[tokio::test]
async fn a_reply_to_what_was_answered_opens_it_again_at_its_desk() {
    let world = World::new();
    let id = world.form(doctor(), Language::German, "Wie ist Thromvexa zu dosieren?");
    world.settle().await;
    let answer = Command::Answer {
        request: lotse_domain::RequestId(1),
        text: "Zweimal täglich.".into(),
        spent_minutes: 30,
    };
    world.specialist(id, vec![answer]);
    world.settle().await;
    let answered = world.mails_to(DOCTOR).remove(1);
    let reply = mail(
        "Imke Petersen",
        DOCTOR,
        4,
        "Re: Antwort",
        "Und wie ist es an Dialysetagen zu dosieren?",
        &in_reply_to(&answered),
    );
    world.mail(&reply, &[SERVICE]);
    world.settle().await;
    let case = world.case(id);
    assert_eq!(states(&case), [(Topic::MedicalQuestion, StateName::Unclaimed)]);
    assert_eq!(case.requests[0].reopened, 1);
    assert_eq!(world.mails_to(DOCTOR).len(), 3, "receipt, answer, receipt of the reply");
}

#[tokio::test]
async fn whatever_bytes_arrive_become_a_case_and_stop_nobody() {
    let whole = pharmacy_mail(1, "Lieferung", "Wo bleibt unsere Lieferung?");
    let world = World::new();
    for round in 0..300_u64 {
        // Cut somewhere, and a few bytes replaced: other in every round, the same in every run.
        let length = usize::try_from(mix(round) % whole.len() as u64).expect("a length");
        let mut broken = whole[..=length].to_vec();
        for number in 0..round % 8 {
            let drawn = mix(round * 31 + number);
            let place = usize::try_from(drawn % broken.len() as u64).expect("a place");
            broken[place] = drawn.to_be_bytes()[0];
        }
        world.mail(&broken, &[SERVICE]);
        world.settle().await;
    }
    assert_eq!(world.parked(), Vec::<String>::new());
    // Many are cut before anything that tells them apart: those are one message.
    assert!(world.cases().len() > 100, "{} cases", world.cases().len());
    assert!(world.cases().iter().all(|case| !case.requests.is_empty() || case.automatic.is_some()));
}

#[tokio::test]
async fn a_case_that_is_full_is_continued_by_a_new_one_that_a_person_sees() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung", "Wo bleibt unsere Lieferung?"), &[SERVICE]);
    world.settle().await;
    let question = world.mails_to(PHARMACY).remove(0);
    let first = world.only_case().id;
    world.fill(first);
    world.mail(&pharmacy_mail(2, "Nummer", "Bestellnummer NP-2026-004711"), &[question.reply_to()]);
    world.settle().await;
    let second = world.cases().into_iter().find(|case| case.id != first).expect("a second case");
    assert!(second.requests.iter().all(|request| request.state.name() == StateName::Review));
}

fn states(case: &Case) -> Vec<(Topic, StateName)> {
    case.requests.iter().map(|request| (request.topic, request.state.name())).collect()
}
