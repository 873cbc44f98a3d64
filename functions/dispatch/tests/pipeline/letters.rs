//! What the mails say, word for word, in both languages: read them in `snapshots`.

use crate::{
    mails::{DOCTOR, DRUG_SAFETY, PHARMACY, SERVICE, doctor, in_reply_to, mail, pharmacy_mail},
    world::{POLICY, World},
};
use insta::assert_snapshot;
use lotse_domain::{Command, Contact, Language, RequestId, ports::Clock};

const NURSE: &str = "m.doyle@harbour-hospital.example";

fn nurse() -> Contact {
    Contact {
        email: NURSE.parse().ok(),
        name: Some("Maeve Doyle".to_owned()),
        profession: Some("Ward sister".to_owned()),
        ..Contact::default()
    }
}

#[tokio::test]
async fn receipts() {
    let world = World::new();
    world.form(doctor(), Language::German, "Wie ist Thromvexa bei Niereninsuffizienz zu dosieren?");
    world.form(nurse(), Language::English, "What dose of Thromvexa is right in renal impairment?");
    world.settle().await;
    assert_snapshot!("receipt_de", world.mails_to(DOCTOR)[0].as_read());
    assert_snapshot!("receipt_en", world.mails_to(NURSE)[0].as_read());
}

#[tokio::test]
async fn questions_for_what_is_missing_and_the_reminder() {
    let world = World::new();
    let text = "Guten Tag,\n\nwo bleibt unsere Lieferung mit der Bestellnummer NP-2026-00471199? Und wie ist \
        Thromvexa zu dosieren?\n\nJonna Brodersen";
    world.mail(&pharmacy_mail(1, "Lieferung", text), &[SERVICE]);
    world.form(nurse(), Language::English, "Where is our delivery?");
    world.settle().await;
    assert_snapshot!("questions_de", world.mails_to(PHARMACY)[0].as_read());
    assert_snapshot!("questions_en", world.mails_to(NURSE)[0].as_read());

    let question = world.mails_to(PHARMACY).remove(0);
    let reply = mail(
        "Jonna Brodersen",
        PHARMACY,
        2,
        "AW: Lieferung",
        "Es ist die Bestellnummer NP-2026-004711.",
        &in_reply_to(&question),
    );
    world.mail(&reply, &[question.reply_to()]);
    world.settle().await;
    assert_snapshot!("further_question_de", world.mails_to(PHARMACY)[1].as_read());

    world.set_time("2026-11-25T09:05:00+01:00");
    world.look_at_deadlines().await;
    world.settle().await;
    assert_snapshot!("reminder_en", world.mails_to(NURSE)[1].as_read());
}

#[tokio::test]
async fn a_safety_report_and_its_hand_over() {
    let world = World::new();
    let text = "Guten Tag,\n\nein Patient bekam nach der dritten Gabe von Cefanora einen Hautausschlag an \
        beiden Unterarmen.\n\nJonna Brodersen";
    world.mail(&pharmacy_mail(1, "Meldung", text), &[SERVICE]);
    world.settle().await;
    assert_snapshot!("safety_receipt_de", world.mails_to(PHARMACY)[0].as_read());
    assert_snapshot!("hand_over_de", world.mails_to(DRUG_SAFETY)[0].as_read());

    world.form(nurse(), Language::English, "A patient on Cefanora developed a rash on both arms.");
    world.settle().await;
    assert_snapshot!("hand_over_en", world.mails_to(DRUG_SAFETY)[1].as_read());
}

#[tokio::test]
async fn what_a_specialist_writes() {
    let world = World::new();
    let id = world.form(nurse(), Language::English, "What dose of Thromvexa is right in renal impairment?");
    world.settle().await;
    world.specialist(
        id,
        vec![Command::AskContact {
            request: RequestId(1),
            text: "Which creatinine clearance does the patient have?".into(),
            spent_minutes: 10,
            next_step_at: POLICY.first_step_after_question(world.now()),
        }],
    );
    world.settle().await;
    assert_snapshot!("specialist_question_en", world.mails_to(NURSE)[1].as_read());

    world.wait_minutes(15);
    let reply = mail("Maeve Doyle", NURSE, 3, "Re: your question", "25 ml/min.\n\nMaeve", "");
    world.mail(&reply, &[world.mails_to(NURSE)[1].reply_to()]);
    world.settle().await;
    let answer = "Please see section 4.2 of the SmPC.\n\nWe attach nothing here; the text is on the page.";
    world.specialist(
        id,
        vec![Command::Answer { request: RequestId(1), text: answer.into(), spent_minutes: 5 }],
    );
    world.settle().await;
    let mails = world.mails_to(NURSE);
    assert_snapshot!("answer_en", mails[mails.len() - 1].as_read());
}

#[tokio::test]
async fn a_mail_byte_for_byte() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung", "Wann wird NP-2026-004711 geliefert?"), &[SERVICE]);
    world.settle().await;
    assert_snapshot!("mail", world.mails_to(PHARMACY)[0].raw.replace("\r\n", "\n"));
}
