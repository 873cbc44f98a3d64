//! One story for each promise that the desk makes.

use crate::{
    mails::{DOCTOR, DRUG_SAFETY, PHARMACY, SERVICE, bounce, doctor, in_reply_to, mail, pharmacy_mail},
    world::{BASE_URL, POLICY, World},
};
use lotse_domain::{
    Case, Command, Contact, Event, FlagState, Language, RequestId, RequestState, StateName, Topic,
    WithholdReason,
};

const MEDICAL_QUESTION: &str = "Guten Tag, wie ist Thromvexa bei einer Patientin mit eingeschränkter \
    Nierenfunktion (Kreatinin-Clearance 25 ml/min) zu dosieren? Mit freundlichen Grüßen, Dr. Imke Petersen";
const WHERE_IS_IT: &str = "Guten Tag,\n\nunsere Bestellung vom vergangenen Donnerstag ist noch nicht da. \
    Wann kommt die Lieferung an?\n\nMit freundlichen Grüßen\nJonna Brodersen";

#[tokio::test]
async fn a_doctor_asks_by_the_form_and_hears_who_answers_and_by_when() {
    let world = World::new();
    let id = world.form(doctor(), Language::German, MEDICAL_QUESTION);
    world.settle().await;

    let case = world.case(id);
    assert_eq!(states(&case), [(Topic::MedicalQuestion, StateName::Unclaimed)]);
    let request = case.request(RequestId(1)).expect("the request");
    assert_eq!(request.desk.as_str(), "medical-information");
    assert_eq!(request.clock.target_minutes, 1080, "two business days");

    let mails = world.mails_to(DOCTOR);
    assert_eq!(mails.len(), 1);
    let receipt = &mails[0];
    assert!(receipt.subject().contains(&case.reference.to_string()), "{}", receipt.subject());
    for said in [
        "Guten Tag Dr. Imke Petersen,",
        "Medizinische Information",
        "Mittwoch, 25. November 2026, 9:00 Uhr",
        &format!("{BASE_URL}/s/{}", world.keys.status_token(id)),
    ] {
        assert!(receipt.text().contains(said), "»{said}« is missing in:\n{}", receipt.text());
    }
    assert!(receipt.raw.contains("Auto-Submitted: auto-replied\r\n"), "{}", receipt.raw);
    assert!(receipt.raw.contains("text/html"), "{}", receipt.raw);
    assert!(receipt.reply_to().starts_with("service+"), "{}", receipt.reply_to());
    assert_eq!(world.parked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_missing_order_number_is_asked_for_once_and_the_reply_takes_the_case_on() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT), &[SERVICE]);
    world.settle().await;
    assert_eq!(states(&world.only_case()), [(Topic::ShippingStatus, StateName::WaitingForContact)]);
    let question = world.mails_to(PHARMACY).remove(0);
    assert!(question.subject().starts_with("Re: Lieferung fehlt ["), "{}", question.subject());
    assert!(question.text().contains("Um welche Lieferung geht es?"), "{}", question.text());
    assert_eq!(question.read.in_reply_to, ["1@programm.example"]);

    world.wait_minutes(30);
    let reply = mail(
        "Hafen-Apotheke Wareneingang",
        PHARMACY,
        2,
        &format!("AW: {}", question.subject()),
        "Die Bestellnummer ist NP-2026-004711.\n\nJonna Brodersen",
        &in_reply_to(&question),
    );
    world.mail(&reply, &[question.reply_to()]);
    world.settle().await;

    let case = world.only_case();
    assert_eq!(states(&case), [(Topic::ShippingStatus, StateName::Unclaimed)]);
    assert_eq!(case.requests[0].desk.as_str(), "logistics");
    let mails = world.mails_to(PHARMACY);
    assert_eq!(mails.len(), 2, "one question, one receipt");
    assert!(mails[1].text().contains("Logistik und Kundenservice"), "{}", mails[1].text());
    assert_eq!(mails[1].read.in_reply_to, ["2@programm.example"]);
    assert!(mails[1].read.references.iter().any(|id| id == question.message_id()), "one thread");
}

#[tokio::test]
async fn a_mistyped_order_number_is_a_different_question_than_a_missing_one() {
    let world = World::new();
    let text = "Guten Tag, wo bleibt unsere Lieferung? Bestellnummer NP-2026-00471199.\n\nJonna Brodersen";
    world.mail(&pharmacy_mail(1, "Wo bleibt die Ware?", text), &[SERVICE]);
    world.settle().await;
    let question = world.mails_to(PHARMACY).remove(0);
    assert!(question.text().contains("NP-2026-00471199"), "{}", question.text());
    assert!(question.text().contains("Tippfehler"), "{}", question.text());
}

#[tokio::test]
async fn a_reaction_in_a_shipping_mail_reaches_drug_safety_while_the_case_waits_for_the_contact() {
    let world = World::new();
    let text = "Guten Tag,\n\nwo bleibt unsere Lieferung? Außerdem: Eine Patientin bekam nach der zweiten \
        Tablette Thromvexa einen starken Hautausschlag.\n\nJonna Brodersen";
    world.mail(&pharmacy_mail(1, "Lieferung", text), &[SERVICE]);
    world.settle().await;

    let case = world.only_case();
    assert_eq!(states(&case), [(Topic::ShippingStatus, StateName::WaitingForContact)]);
    assert!(!case.flags.is_empty());
    for flag in &case.flags {
        assert!(matches!(flag.state, FlagState::HandedOver { .. }), "{flag:?}");
        assert_eq!(flag.day_zero, case.opened_at);
    }
    let handovers = world.mails_to(DRUG_SAFETY);
    assert_eq!(handovers.len(), 1, "one mail for the department");
    let handover = &handovers[0];
    for said in [
        case.reference.to_string().as_str(),
        "Verdacht auf Nebenwirkung",
        "Montag, 23. November 2026, 9:00 Uhr",
        "starken Hautausschlag",
        PHARMACY,
        "Hafen-Apotheke Wareneingang",
    ] {
        assert!(handover.text().contains(said), "»{said}« is missing in:\n{}", handover.text());
    }
    let to_contact = world.mails_to(PHARMACY);
    assert_eq!(to_contact.len(), 1);
    assert!(to_contact[0].text().contains("Arzneimittelsicherheit"), "{}", to_contact[0].text());
}

#[tokio::test]
async fn two_topics_go_to_two_desks_and_the_contact_reads_of_both_in_one_mail() {
    let world = World::new();
    let text = format!(
        "{MEDICAL_QUESTION}\n\nUnd noch etwas: Wann wird unsere Bestellung NP-2026-004711 geliefert?"
    );
    let id = world.form(doctor(), Language::German, &text);
    world.settle().await;
    let expected =
        [(Topic::MedicalQuestion, StateName::Unclaimed), (Topic::ShippingStatus, StateName::Unclaimed)];
    let mut found = states(&world.case(id));
    found.sort_unstable_by_key(|(topic, _)| *topic);
    assert_eq!(found, expected);
    let mails = world.mails_to(DOCTOR);
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text().contains("Medizinische Information"), "{}", mails[0].text());
    assert!(mails[0].text().contains("Logistik und Kundenservice"), "{}", mails[0].text());
}

#[tokio::test]
async fn the_answer_goes_out_in_the_thread_with_the_question_quoted_below() {
    let world = World::new();
    let text = "Hello,\n\nwhere is our delivery NP-2026-004711? It should have arrived on Friday.\n\nKind regards\nMaeve Doyle, Pharmacist";
    world.mail(
        &mail("Maeve Doyle", "maeve.doyle@harbour-hospital.example", 1, "Late parcel", text, ""),
        &[SERVICE],
    );
    world.settle().await;
    let case = world.only_case();
    world.wait_minutes(45);
    let answer = Command::Answer {
        request: RequestId(1),
        text: "Your parcel left Kiel this morning.\n\nIt arrives tomorrow before noon.".into(),
        spent_minutes: 45,
    };
    world.specialist(case.id, vec![Command::Claim { request: RequestId(1) }, answer]);
    world.settle().await;

    let mails = world.mails_to("maeve.doyle@harbour-hospital.example");
    assert_eq!(mails.len(), 2, "receipt and answer");
    let answer = &mails[1];
    assert!(answer.subject().starts_with("Re: Late parcel"), "{}", answer.subject());
    assert!(answer.text().starts_with("Dear Maeve Doyle,\n\nYour parcel left Kiel"), "{}", answer.text());
    assert!(answer.text().contains("> where is our delivery NP-2026-004711?"), "{}", answer.text());
    assert!(!answer.raw.contains("Auto-Submitted"), "a person wrote it");
    assert_eq!(answer.read.in_reply_to, ["1@programm.example"]);
    assert_eq!(states(&world.only_case()), [(Topic::ShippingStatus, StateName::Answered)]);
}

#[tokio::test]
async fn what_a_specialist_asks_comes_back_to_the_same_specialist() {
    let world = World::new();
    let id = world.form(doctor(), Language::German, MEDICAL_QUESTION);
    world.settle().await;
    let ask = Command::AskContact {
        request: RequestId(1),
        text: "Welche Begleitmedikation erhält die Patientin?".into(),
        spent_minutes: 10,
        next_step_at: POLICY.first_step_after_question(lotse_domain::ports::Clock::now(&world)),
    };
    world.specialist(id, vec![Command::Claim { request: RequestId(1) }, ask]);
    world.settle().await;
    let question = world.mails_to(DOCTOR).remove(1);
    assert!(question.text().contains("Welche Begleitmedikation"), "{}", question.text());

    let reply = mail("Imke Petersen", DOCTOR, 7, "Re: Ihre Anfrage", "Amiodaron 200 mg täglich.", "");
    world.mail(&reply, &[question.reply_to()]);
    world.settle().await;
    let case = world.case(id);
    let RequestState::WithDesk { assignee: Some(assignee) } = &case.requests[0].state else {
        panic!("{:?}", case.requests[0].state);
    };
    assert_eq!(assignee.as_str(), "maren.lorenzen");
}

#[tokio::test]
async fn who_does_not_answer_is_reminded_twice_and_then_a_person_decides() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT), &[SERVICE]);
    world.settle().await;
    for (moment, mails) in [
        ("2026-11-24T09:05:00+01:00", 1),
        ("2026-11-25T09:05:00+01:00", 2),
        ("2026-11-25T09:10:00+01:00", 2),
        ("2026-11-30T09:10:00+01:00", 3),
    ] {
        world.set_time(moment);
        world.look_at_deadlines().await;
        world.settle().await;
        assert_eq!(world.mails_to(PHARMACY).len(), mails, "{moment}");
    }
    let reminder = world.mails_to(PHARMACY).remove(1);
    assert!(reminder.text().contains("Um welche Lieferung geht es?"), "{}", reminder.text());
    assert!(reminder.raw.contains("Auto-Submitted: auto-generated\r\n"), "{}", reminder.raw);

    world.set_time("2026-12-02T09:15:00+01:00");
    world.look_at_deadlines().await;
    world.settle().await;
    assert_eq!(states(&world.only_case()), [(Topic::ShippingStatus, StateName::Review)]);
    assert_eq!(world.mails_to(PHARMACY).len(), 3, "no third reminder");

    world.set_time("2026-12-03T17:00:00+01:00");
    world.look_at_deadlines().await;
    assert!(world.only_case().requests[0].overdue, "the person has a clock, too");
}

#[tokio::test]
async fn the_same_mail_in_two_mailboxes_is_one_case() {
    let world = World::new();
    let first = pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT);
    let mut second =
        b"Received: from mx2.example by mx.example; Mon, 23 Nov 2026 08:01:02 +0100\r\n".to_vec();
    second.extend(&first);
    world.mail(&first, &[SERVICE]);
    world.mail(&second, &["logistik@nordhafen-pharma.example"]);
    world.mail(&first, &[SERVICE]);
    world.settle().await;
    assert_eq!(world.only_case().messages.len(), 2, "the inquiry and our question");
    assert_eq!(world.mails_to(PHARMACY).len(), 1);
}

#[tokio::test]
async fn two_mails_that_share_a_message_id_are_two_messages() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT), &[SERVICE]);
    let other = "Guten Tag, wann wird unsere Bestellung NP-2026-004712 geliefert?";
    world.mail(&pharmacy_mail(1, "Noch eine Frage", other), &[SERVICE]);
    world.settle().await;
    assert_eq!(world.cases().len(), 2);
}

#[tokio::test]
async fn a_bounce_puts_the_case_before_a_person_and_nothing_more_is_sent_there() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT), &[SERVICE]);
    world.settle().await;
    let question = world.mails_to(PHARMACY).remove(0);
    world.mail(&bounce(&question, PHARMACY), &[&question.envelope_from]);
    world.settle().await;

    let case = world.only_case();
    assert!(case.address_failed);
    assert_eq!(states(&case), [(Topic::ShippingStatus, StateName::Review)]);
    world.specialist(case.id, vec![answer_to_first("Die Ware ist unterwegs.")]);
    world.settle().await;
    assert_eq!(world.mails_to(PHARMACY).len(), 1, "nothing more goes there");
    assert_eq!(withheld(&world, &case), [WithholdReason::AutomaticMail, WithholdReason::AddressFailed]);
}

#[tokio::test]
async fn a_server_that_refuses_the_address_counts_as_a_bounce() {
    let world = World::new();
    world.refuse_mail_to("hafen-apotheke.example");
    world.mail(&pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT), &[SERVICE]);
    world.settle().await;
    let case = world.only_case();
    assert!(case.address_failed);
    assert_eq!(states(&case), [(Topic::ShippingStatus, StateName::Review)]);
    assert_eq!(world.parked(), Vec::<String>::new());
}

#[tokio::test]
async fn an_absence_note_is_kept_and_answers_nothing() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT), &[SERVICE]);
    world.settle().await;
    let question = world.mails_to(PHARMACY).remove(0);
    let note = mail(
        "Hafen-Apotheke Wareneingang",
        PHARMACY,
        9,
        "Abwesenheitsnotiz: Ihre Anfrage",
        "Ich bin bis zum 30. November nicht im Haus. Ihre Nachricht wird nicht weitergeleitet.",
        &format!("Auto-Submitted: auto-replied\r\n{}", in_reply_to(&question)),
    );
    world.mail(&note, &[question.reply_to()]);
    world.settle().await;
    let case = world.only_case();
    assert_eq!(case.messages.len(), 3, "inquiry, question, note");
    assert_eq!(states(&case), [(Topic::ShippingStatus, StateName::WaitingForContact)]);
    assert_eq!(world.mails_to(PHARMACY).len(), 1);
    assert_eq!(withheld(&world, &case), [WithholdReason::AutomaticMail]);
}

#[tokio::test]
async fn an_inquiry_by_the_relay_of_a_web_form_is_worked_on_and_gets_no_automatic_reply() {
    let world = World::new();
    let text = "Wann wird unsere Bestellung NP-2026-004711 geliefert?\n\nJonna Brodersen, Hafen-Apotheke";
    let headers = format!("Auto-Submitted: auto-generated\r\nReply-To: {PHARMACY}\r\n");
    let relayed = mail("Kontaktformular", "noreply@portal.example", 1, "Kontaktanfrage", text, &headers);
    world.mail(&relayed, &[SERVICE]);
    world.settle().await;
    let case = world.only_case();
    assert_eq!(states(&case), [(Topic::ShippingStatus, StateName::Unclaimed)]);
    assert_eq!(case.contact.email.as_ref().map(lotse_domain::EmailAddress::as_str), Some(PHARMACY));
    assert!(world.mails_to(PHARMACY).is_empty());
    world.specialist(case.id, vec![answer_to_first("Sie kommt morgen.")]);
    world.settle().await;
    assert_eq!(world.mails_to(PHARMACY).len(), 1, "what a person writes goes out");
}

#[tokio::test]
async fn a_mail_that_cannot_be_read_is_seen_by_a_person() {
    let world = World::new();
    let nested: Vec<String> = (0..1_000)
        .map(|depth| format!("Content-Type: multipart/mixed; boundary=\"b{depth}\"\r\n\r\n--b{depth}\r\n"))
        .collect();
    world.mail(format!("From: {PHARMACY}\r\n{}", nested.concat()).as_bytes(), &[SERVICE]);
    world.settle().await;
    let case = world.only_case();
    assert_eq!(states(&case), [(Topic::Other, StateName::Review)]);
    let Event::CaseOpened { message, .. } = &world.history(case.id)[0].event else { panic!("no opening") };
    let origin = message.mail.as_ref().expect("its origin");
    assert!(origin.unreadable.is_some() && origin.raw.is_some());
    assert_eq!(world.parked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_stranger_with_the_reply_address_gets_a_case_of_his_own_and_learns_nothing() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT), &[SERVICE]);
    world.settle().await;
    let first = world.only_case();
    let question = world.mails_to(PHARMACY).remove(0);
    let from_elsewhere = mail(
        "Ein anderer",
        "jemand@anderswo.example",
        5,
        &format!("AW: {}", question.subject()),
        "Die Bestellnummer ist NP-2026-004711. Was steht bisher in der Anfrage?",
        &in_reply_to(&question),
    );
    world.mail(&from_elsewhere, &[question.reply_to()]);
    world.settle().await;

    assert_eq!(world.case(first.id), first, "nothing is appended");
    let second = world.cases().into_iter().find(|case| case.id != first.id).expect("a second case");
    assert!(second.requests.iter().all(|request| request.state.name() == StateName::Review));
    let Event::CaseOpened { message, .. } = &world.history(second.id)[0].event else { panic!("no opening") };
    assert_eq!(message.mail.as_ref().and_then(|mail| mail.refers_to), Some(first.id));
    for mail in world.mails_to("jemand@anderswo.example") {
        assert!(!mail.text().contains("Donnerstag"), "{}", mail.text());
    }
}

#[tokio::test]
async fn a_reference_in_the_subject_leads_a_known_sender_back() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT), &[SERVICE]);
    world.settle().await;
    let reference = world.only_case().reference;
    let fresh = pharmacy_mail(2, &format!("Nachtrag zu {reference}"), "Die Nummer: NP-2026-004711");
    world.mail(&fresh, &[SERVICE]);
    world.settle().await;
    assert_eq!(states(&world.only_case()), [(Topic::ShippingStatus, StateName::Unclaimed)]);
}

#[tokio::test]
async fn our_own_mail_that_comes_back_is_kept_and_starts_nothing() {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT), &[SERVICE]);
    world.settle().await;
    let question = world.mails_to(PHARMACY).remove(0);
    world.mail(question.raw.as_bytes(), &[SERVICE]);
    world.settle().await;
    let ours = world.cases().into_iter().find(|case| case.automatic.is_some()).expect("it is kept");
    assert!(ours.requests.is_empty() && ours.flags.is_empty());
    assert_eq!(world.mails_to(PHARMACY).len(), 1);
    assert!(world.mails_to(SERVICE).is_empty());
}

#[tokio::test]
async fn a_machine_that_answers_under_ever_new_subjects_is_answered_a_bounded_number_of_times() {
    let world = World::new();
    for number in 0..20 {
        let text = format!("{WHERE_IS_IT}\nVorgang {number}");
        world.mail(&pharmacy_mail(number, &format!("Vorgang {number}"), &text), &[SERVICE]);
        world.settle().await;
        world.wait_minutes(1);
    }
    assert_eq!(world.cases().len(), 20, "nothing is dropped");
    let cap = POLICY.thresholds.limits.automatic_mails_per_hour as usize;
    assert_eq!(world.mails_to(PHARMACY).len(), cap);
    world.wait_minutes(61);
    world.mail(&pharmacy_mail(59, "Später", WHERE_IS_IT), &[SERVICE]);
    world.settle().await;
    assert_eq!(world.mails_to(PHARMACY).len(), cap + 1, "an hour later it is answered again");
}

#[tokio::test]
async fn more_about_a_request_that_is_worked_on_reaches_the_desk_and_sends_no_mail() {
    let world = World::new();
    let id = world.form(doctor(), Language::German, MEDICAL_QUESTION);
    world.settle().await;
    let receipt = world.mails_to(DOCTOR).remove(0);
    let more = "Ergänzung: Wie ist Thromvexa zu dosieren, wenn die Patientin dialysepflichtig wird?";
    let reply = mail("Imke Petersen", DOCTOR, 3, "Re: Ihre Anfrage", more, "");
    world.mail(&reply, &[receipt.reply_to()]);
    world.settle().await;
    let case = world.case(id);
    assert_eq!(states(&case), [(Topic::MedicalQuestion, StateName::Unclaimed)]);
    assert_eq!(case.messages.len(), 3);
    assert_eq!(world.mails_to(DOCTOR).len(), 1);
}

#[tokio::test]
async fn a_mail_without_a_sender_that_can_be_written_to_goes_to_a_person_instead_of_waiting() {
    let world = World::new();
    let mut raw = b"From: Faxgateway <fax>\r\n".to_vec();
    let whole = pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT);
    let without_from = whole.iter().position(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    raw.extend(&whole[without_from..]);
    world.mail(&raw, &[SERVICE]);
    world.settle().await;
    let case = world.only_case();
    assert_eq!(states(&case), [(Topic::ShippingStatus, StateName::Review)]);
    assert_eq!(withheld(&world, &case).len(), 1);
}

#[tokio::test]
async fn a_name_that_is_an_advertisement_is_not_carried_to_anybody() {
    let world = World::new();
    let contact = Contact { name: Some("Win at www.prize.example".to_owned()), ..doctor() };
    world.form(contact, Language::German, MEDICAL_QUESTION);
    world.settle().await;
    let receipt = world.mails_to(DOCTOR).remove(0);
    assert!(!receipt.raw.contains("prize"), "{}", receipt.raw);
}

#[tokio::test]
async fn a_hand_over_that_nobody_confirms_within_a_day_is_overdue_weekend_or_not() {
    let world = World::new();
    world.set_time("2026-11-27T16:00:00+01:00");
    let text = "Ein Patient bekam nach Thromvexa einen Hautausschlag.\n\nJonna Brodersen";
    world.mail(&pharmacy_mail(1, "Meldung", text), &[SERVICE]);
    world.settle().await;
    world.set_time("2026-11-28T15:59:00+01:00");
    world.look_at_deadlines().await;
    assert!(!world.only_case().flags[0].overdue);
    world.set_time("2026-11-28T16:00:00+01:00");
    world.look_at_deadlines().await;
    assert!(world.only_case().flags[0].overdue);
}

fn states(case: &Case) -> Vec<(Topic, StateName)> {
    case.requests.iter().map(|request| (request.topic, request.state.name())).collect()
}

fn answer_to_first(text: &str) -> Command {
    Command::Answer { request: RequestId(1), text: text.into(), spent_minutes: 5 }
}

/// Why mails did not go out, in order.
fn withheld(world: &World, case: &Case) -> Vec<WithholdReason> {
    let history = world.history(case.id);
    let reasons = history.iter().filter_map(|recorded| match recorded.event {
        Event::MessageWithheld { reason, .. } => Some(reason),
        _ => None,
    });
    reasons.collect()
}
