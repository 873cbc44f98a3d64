//! The same stories where calls are lost, answers are lost, and everything comes twice and in any order:
//! what people see in the end stays the same, and nobody gets a mail twice.

use crate::{
    mails::{DOCTOR, DRUG_SAFETY, PHARMACY, SERVICE, bounce, doctor, in_reply_to, mail, pharmacy_mail},
    world::{Delivery, Fault, World},
};
use lotse_domain::{Command, Language, RequestId, StateName, Topic};

/// What people can see of a world: where every request and flag stands, and who got how many mails.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    requests: Vec<Vec<(Topic, StateName)>>,
    flags_handed_over: usize,
    messages: Vec<usize>,
    mails: [usize; 3],
}

/// A day at the desk: a form, a mail with a gap and a report, its copy, the reply, an answer, a bounce.
async fn a_day(world: &World) -> Seen {
    let form =
        world.form(doctor(), Language::German, "Wie ist Thromvexa bei einer Niereninsuffizienz zu dosieren?");
    let first = pharmacy_mail(
        1,
        "Lieferung",
        "Wo bleibt unsere Lieferung? Und: Ein Patient hat nach Thromvexa einen Hautausschlag bekommen.",
    );
    world.mail(&first, &[SERVICE]);
    world.mail(&first, &["logistik@nordhafen-pharma.example"]);
    world.settle().await;

    world.wait_minutes(20);
    let question = world.mails_to(PHARMACY).remove(0);
    let reply = mail(
        "Hafen-Apotheke Wareneingang",
        PHARMACY,
        2,
        &format!("AW: {}", question.subject()),
        "Die Bestellnummer ist NP-2026-004711.",
        &in_reply_to(&question),
    );
    world.mail(&reply, &[question.reply_to()]);
    world.settle().await;

    world.wait_minutes(20);
    let answer = Command::Answer {
        request: RequestId(1),
        text: "Dazu schicken wir Ihnen die Fachinformation.".into(),
        spent_minutes: 40,
    };
    world.specialist(form, vec![answer]);
    world.settle().await;
    let answered = world.mails_to(DOCTOR).into_iter().find(|mail| mail.text().contains("Fachinformation"));
    let answered = answered.expect("the answer went out");
    world.mail(&bounce(&answered, DOCTOR), &[&answered.envelope_from]);
    world.settle().await;

    assert_eq!(world.parked(), Vec::<String>::new());
    let cases = world.cases();
    let mut requests: Vec<Vec<(Topic, StateName)>> = cases
        .iter()
        .map(|case| case.requests.iter().map(|request| (request.topic, request.state.name())).collect())
        .collect();
    requests.sort_unstable_by_key(|states| states.first().map(|(topic, _)| *topic));
    let mut messages: Vec<usize> = cases.iter().map(|case| case.messages.len()).collect();
    messages.sort_unstable();
    let handed_over =
        |flag: &&lotse_domain::SafetyFlag| matches!(flag.state, lotse_domain::FlagState::HandedOver { .. });
    Seen {
        requests,
        flags_handed_over: cases.iter().flat_map(|case| &case.flags).filter(handed_over).count(),
        messages,
        mails: [DOCTOR, PHARMACY, DRUG_SAFETY].map(|address| world.mails_to(address).len()),
    }
}

fn expected() -> Seen {
    Seen {
        requests: vec![
            vec![(Topic::MedicalQuestion, StateName::Review)],
            vec![(Topic::ShippingStatus, StateName::Unclaimed)],
        ],
        flags_handed_over: 1,
        messages: vec![4, 4],
        mails: [2, 2, 1],
    }
}

#[tokio::test]
async fn a_day_without_faults() {
    assert_eq!(a_day(&World::new()).await, expected());
}

#[tokio::test]
async fn everything_delivered_twice_and_in_any_order_changes_nothing() {
    for seed in 0..40 {
        let world = World::with(None, Delivery::TwiceAndShuffled(seed));
        assert_eq!(a_day(&world).await, expected(), "seed {seed}");
    }
}

#[tokio::test]
async fn a_crash_before_or_after_any_call_loses_nothing_and_doubles_nothing() {
    let whole = World::new();
    a_day(&whole).await;
    let calls = whole.calls();
    assert!(calls > 50, "the day has {calls} calls");
    for at in 1..=calls {
        for fault in [Fault::Before(at), Fault::After(at)] {
            let world = World::with(Some(fault), Delivery::InOrder);
            assert_eq!(a_day(&world).await, expected(), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn crashes_amid_disorder_change_nothing_either() {
    for seed in 0..20 {
        let at = usize::try_from(seed * 4 + 1).expect("a count");
        let world = World::with(Some(Fault::After(at)), Delivery::TwiceAndShuffled(seed));
        assert_eq!(a_day(&world).await, expected(), "seed {seed}");
    }
}
