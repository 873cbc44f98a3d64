//! The life of a case, told as a specialist would tell it.

use crate::support::*;
use lotse_domain::{Destination::*, Topic::*, *};

const FIRST: RequestId = RequestId(1);

fn at_the_medical_desk() -> Change {
    let mut case = open_case();
    classify(&mut case, 1, &[(MedicalQuestion, MedicalInformation)]);
    arrive(&mut case, 1);
    case
}

fn answer(text: &str) -> Command {
    Command::Answer { request: FIRST, text: text.into(), spent_minutes: 60 }
}

fn ask() -> Command {
    Command::AskContact {
        request: FIRST,
        text: "Welche Stärke?".into(),
        spent_minutes: 60,
        next_step_at: hours_later(48),
    }
}

#[test]
fn a_complete_question_reaches_its_desk_and_is_answered() {
    let mut case = open_case();
    classify(&mut case, 1, &[(MedicalQuestion, MedicalInformation)]);
    assert_eq!(state(&case, 1), StateName::Received);
    arrive(&mut case, 1);
    assert_eq!(state(&case, 1), StateName::Unclaimed);
    accept(&mut case, Command::Claim { request: FIRST }, &specialist("anna"));
    assert_eq!(state(&case, 1), StateName::Claimed);
    accept(&mut case, answer("Nein, keine Anpassung nötig."), &specialist("anna"));
    assert_eq!(state(&case, 1), StateName::Answered);
    assert!(case.case().is_done());
    accept(
        &mut case,
        Command::Close { request: FIRST, reason: "beantwortet".into(), spent_minutes: 0 },
        &specialist("anna"),
    );
    assert_eq!(state(&case, 1), StateName::Closed);
}

#[test]
fn a_missing_order_number_waits_for_the_contact_and_then_goes_to_logistics() {
    let mut case = open_case();
    classify(&mut case, 1, &[(ShippingStatus, Contact)]);
    assert_eq!(state(&case, 1), StateName::WaitingForContact);
    assert_eq!(case.case().requests[0].gaps.len(), 1);
    let number = reply(&mut case, "NP-2026-004711");
    classify(&mut case, number, &[(ShippingStatus, Logistics)]);
    assert_eq!(state(&case, 1), StateName::Received);
    assert_eq!(case.case().requests.len(), 1, "the reply moves the request, it opens no second one");
    assert!(case.case().requests[0].gaps.is_empty());
}

/// A medical question that lacks the product and who asks.
fn asked_for_product_and_requester() -> Change {
    let mut case = open_case();
    classify_lacking(&mut case, 1, MedicalQuestion, &[Element::Product, Element::Requester]);
    case
}

#[test]
fn a_partial_answer_is_asked_only_for_the_rest() {
    let mut case = asked_for_product_and_requester();
    let number = reply(&mut case, "Es geht um Thromvexa.");
    classify_lacking(&mut case, number, MedicalQuestion, &[Element::Requester]);
    assert_eq!(last_outcomes(&case)[0].effect, Effect::StillWaiting);
    assert_eq!(state(&case, 1), StateName::WaitingForContact);
    let open: Vec<Element> = case.case().requests[0].gaps.iter().map(|gap| gap.element).collect();
    assert_eq!(open, [Element::Requester]);
}

#[test]
fn an_answer_about_one_request_is_followed_by_one_mail_with_what_the_others_lack() {
    let mut case = open_case();
    classify(&mut case, 1, &[(MedicalQuestion, Contact), (ShippingStatus, Contact)]);
    let number = reply(&mut case, "NP-2026-004711");
    classify(&mut case, number, &[(ShippingStatus, Logistics)]);
    let effects: Vec<_> =
        last_outcomes(&case).iter().map(|outcome| (outcome.topic, outcome.effect)).collect();
    assert_eq!(effects, [(ShippingStatus, Effect::Rerouted), (MedicalQuestion, Effect::StillWaiting)]);
    let last = &case.events().last().expect("an event").event;
    assert_eq!(last.due_message(), Some(OutgoingKind::GapQuestions));
}

#[test]
fn whoever_does_not_answer_what_was_asked_is_not_asked_again_but_read_by_a_person() {
    for routes in [&[(ShippingStatus, Contact)], &[(Unknown, Contact)], &[(Other, Review)]] {
        let mut case = open_case();
        classify(&mut case, 1, &[(ShippingStatus, Contact)]);
        let number = reply(&mut case, "Die Nummer habe ich leider nicht.");
        classify(&mut case, number, routes);
        let outcome = &last_outcomes(&case)[0];
        assert_eq!((outcome.effect, outcome.topic), (Effect::GivenToPerson, ShippingStatus));
        assert_eq!(outcome.gaps[0].element, Element::OrderReference, "what is still missing is on record");
        assert_eq!(state(&case, 1), StateName::Review);
        assert_eq!(case.case().requests[0].desk, desk("logistics"), "the people who know the subject");
        let last = &case.events().last().expect("an event").event;
        assert_eq!(last.due_message(), Some(OutgoingKind::Receipt), "and the contact hears that it is read");
    }
}

#[test]
fn a_further_concern_beside_the_answer_is_a_request_of_its_own() {
    let mut case = open_case();
    classify(&mut case, 1, &[(ShippingStatus, Contact)]);
    let number = reply(&mut case, "NP-2026-004711. Und bitte schicken Sie uns die Rechnung noch einmal.");
    classify(&mut case, number, &[(ShippingStatus, Logistics), (Other, Review)]);
    assert_eq!(state(&case, 1), StateName::Received);
    assert_eq!(state(&case, 2), StateName::Review);
}

#[test]
fn asked_what_it_is_about_the_contact_may_name_something_else_altogether() {
    let mut case = open_case();
    classify(&mut case, 1, &[(Unknown, Contact)]);
    let number = reply(&mut case, "Um eine Bewerbung.");
    classify(&mut case, number, &[(Other, Review)]);
    assert_eq!(last_outcomes(&case)[0].effect, Effect::Rerouted, "that was the answer");
    assert_eq!((case.case().requests.len(), case.case().requests[0].topic), (1, Other));
    assert_eq!(state(&case, 1), StateName::Review);
}

#[test]
fn a_number_with_a_typing_error_is_asked_about_once() {
    let mut case = open_case();
    classify(&mut case, 1, &[(ShippingStatus, Contact)]);
    for expected in [StateName::WaitingForContact, StateName::Review] {
        let number = reply(&mut case, "NP-2026-47111");
        let mut mistyped = decision(&[(ShippingStatus, Contact)], &[]);
        mistyped.missing[0].reason = GapReason::Mistyped;
        let message = MessageNumber(number);
        accept(&mut case, Command::Classify { message, decision: mistyped, plan: plan() }, &system());
        assert_eq!(state(&case, 1), expected);
    }
}

#[test]
fn an_answer_to_a_specialist_does_not_count_as_none_to_another_question() {
    let mut case = open_case();
    classify(&mut case, 1, &[(MedicalQuestion, MedicalInformation), (ShippingStatus, Contact)]);
    arrive(&mut case, 1);
    accept(&mut case, ask(), &specialist("anna"));
    let number = reply(&mut case, "75 mg");
    classify(&mut case, number, &[(Unknown, Contact)]);
    assert_eq!(state(&case, 1), StateName::Received, "back to Anna");
    assert_eq!(state(&case, 2), StateName::WaitingForContact);
}

#[test]
fn who_asks_is_learnt_from_the_answer_and_never_overwritten() {
    let mut change = open_case();
    for (name, institution) in [("Dr. Anna Berg", ""), ("Jemand anders", "Leuchtturm-Apotheke, Husum")] {
        let mut answer = message("Hier die fehlenden Angaben.");
        answer.fields.insert(FormField::Name, name.into());
        answer.fields.insert(FormField::Institution, institution.into());
        accept(&mut change, Command::ReceiveMessage { message: answer }, &Actor::Contact);
    }
    let contact = &change.case().contact;
    assert_eq!(contact.name.as_deref(), Some("Dr. Anna Berg"));
    assert_eq!(contact.institution.as_deref(), Some("Leuchtturm-Apotheke, Husum"));
}

#[test]
fn asked_what_it_is_about_the_contact_answers_and_the_request_gets_its_topic() {
    let mut case = open_case();
    classify(&mut case, 1, &[(Unknown, Contact)]);
    let number = reply(&mut case, "Um die Dosis von Thromvexa bei Dialyse.");
    classify(&mut case, number, &[(MedicalQuestion, MedicalInformation)]);
    assert_eq!(case.case().requests.len(), 1);
    assert_eq!(case.case().requests[0].topic, MedicalQuestion);
    assert_eq!(case.case().requests[0].desk, desk("medical-information"));
}

#[test]
fn two_topics_are_two_requests_with_their_own_desks_in_one_case() {
    let mut case = open_case();
    classify(&mut case, 1, &[(MedicalQuestion, MedicalInformation), (ShippingStatus, Contact)]);
    assert_eq!(state(&case, 1), StateName::Received);
    assert_eq!(state(&case, 2), StateName::WaitingForContact);
}

#[test]
fn a_safety_report_alone_has_flags_and_no_requests() {
    let mut case = open_case();
    let decision = decision(&[], &[SafetyKind::AdverseEvent]);
    accept(&mut case, Command::Classify { message: MessageNumber(1), decision, plan: plan() }, &system());
    assert!(case.case().requests.is_empty());
    assert_eq!(
        case.case().flags[0].day_zero,
        noon(),
        "day zero is when the message came, not when it was read"
    );
    assert!(!case.case().is_done(), "open until pharmacovigilance has it");
    let hand_over = Command::HandOver {
        flags: vec![FlagNumber(1)],
        to: "arzneimittelsicherheit@nordhafen-pharma.example".parse().expect("an address"),
        message_id: "1@nordhafen-pharma.example".to_owned(),
    };
    accept(&mut case, hand_over.clone(), &Actor::system("safety"));
    let before = case.events().len();
    accept(&mut case, hand_over, &Actor::system("safety"));
    assert_eq!(case.events().len(), before, "handing over twice is handing over once");
    let number = Command::AcknowledgeFlag { flag: FlagNumber(1), number: "PV-2026-0815".to_owned() };
    accept(&mut case, number.clone(), &specialist("petra"));
    assert!(case.case().is_done());
    assert_eq!(
        case.execute(number, noon(), &specialist("petra")),
        Err(Refused::FlagSettled(FlagNumber(1))),
        "an acknowledged flag keeps its number"
    );
}

#[test]
fn classifying_the_same_message_twice_changes_nothing() {
    let mut case = open_case();
    classify(&mut case, 1, &[(MedicalQuestion, MedicalInformation)]);
    let before = case.case().clone();
    classify(&mut case, 1, &[(MedicalQuestion, MedicalInformation)]);
    assert_eq!(case.case(), &before);
}

#[test]
fn an_answer_reopens_nothing_but_a_new_question_does() {
    let mut case = at_the_medical_desk();
    accept(&mut case, answer("Nein."), &specialist("anna"));
    let thanks = reply(&mut case, "Vielen Dank!");
    classify(&mut case, thanks, &[]);
    assert_eq!(state(&case, 1), StateName::Answered);
    let question = reply(&mut case, "Und bei Kindern?");
    classify(&mut case, question, &[(MedicalQuestion, Contact)]);
    assert_eq!(state(&case, 1), StateName::Received, "a person reads it; nobody is asked back by a machine");
    assert_eq!(case.case().requests[0].reopened, 1);
}

#[test]
fn a_message_to_a_request_that_is_worked_on_stays_with_the_specialist() {
    let mut case = at_the_medical_desk();
    accept(&mut case, Command::Claim { request: FIRST }, &specialist("anna"));
    let number = reply(&mut case, "Noch etwas dazu: 75 mg.");
    classify(&mut case, number, &[(MedicalQuestion, Contact)]);
    assert_eq!(state(&case, 1), StateName::Claimed);
}

#[test]
fn what_a_specialist_asked_comes_back_to_that_specialist_whatever_triage_makes_of_it() {
    let routes: [&[(Topic, Destination)]; 4] =
        [&[], &[(MedicalQuestion, Contact)], &[(Unknown, Contact)], &[(Other, Review)]];
    for routes in routes {
        let mut case = at_the_medical_desk();
        accept(&mut case, ask(), &specialist("anna"));
        assert_eq!(state(&case, 1), StateName::WaitingForContact);
        let number = reply(&mut case, "75 mg");
        classify(&mut case, number, routes);
        arrive(&mut case, 1);
        let request = &case.case().requests[0];
        assert_eq!(request.state.assignee().map(UserId::as_str), Some("anna"));
        assert_eq!(request.topic, MedicalQuestion);
        assert_eq!(case.case().requests.len(), 1, "no second one for the same message");
    }
}

#[test]
fn an_out_of_office_reply_answers_no_question() {
    let mut case = at_the_medical_desk();
    accept(&mut case, ask(), &specialist("anna"));
    let number = reply(&mut case, "Ich bin bis 3. Dezember nicht im Haus.");
    let automatic = Decision { automatic: Some(Automatic::OutOfOffice), ..decision(&[], &[]) };
    accept(
        &mut case,
        Command::Classify { message: MessageNumber(number), decision: automatic, plan: plan() },
        &system(),
    );
    assert_eq!(state(&case, 1), StateName::WaitingForContact);
}

#[test]
fn the_clock_stops_while_the_company_waits() {
    let mut case = at_the_medical_desk();
    accept(&mut case, ask(), &specialist("anna"));
    let clock = case.case().requests[0].clock;
    assert_eq!((clock.spent_minutes, clock.running_since, clock.due_at), (60, None, None));
    assert_eq!(clock.minutes_left(120), 60);
}

#[test]
fn reminders_are_bounded_and_then_a_person_decides() {
    let mut case = open_case();
    classify(&mut case, 1, &[(ShippingStatus, Contact)]);
    let remind = Command::Remind { next_step_at: hours_later(120) };
    accept_at(&mut case, remind.clone(), hours_later(47), &Actor::system("deadlines"));
    assert_eq!(case.events().len(), 2, "too early: nothing happens");
    accept_at(&mut case, remind, hours_later(48), &Actor::system("deadlines"));
    accept_at(
        &mut case,
        Command::GiveToPerson { arrival: arrival() },
        hours_later(120),
        &Actor::system("deadlines"),
    );
    assert_eq!(state(&case, 1), StateName::Review);
}

#[test]
fn an_address_that_fails_stops_all_mail_and_brings_what_waits_to_a_person() {
    let mut case = open_case();
    classify(&mut case, 1, &[(ShippingStatus, Contact)]);
    let failed = Command::MarkAddressFailed { diagnosis: "5.1.1".to_owned(), arrival: arrival() };
    accept(&mut case, failed, &Actor::system("intake-mail"));
    assert!(case.case().address_failed);
    assert_eq!(state(&case, 1), StateName::Review);
}

#[test]
fn what_is_past_its_due_time_is_marked_once() {
    let mut case = at_the_medical_desk();
    accept_at(&mut case, Command::MarkOverdue, hours_later(24), &Actor::system("deadlines"));
    assert!(case.case().requests[0].overdue);
    assert_eq!(case.case().next_deadline(), None);
    let before = case.events().len();
    accept_at(&mut case, Command::MarkOverdue, hours_later(25), &Actor::system("deadlines"));
    assert_eq!(case.events().len(), before);
}

#[test]
fn one_message_at_most_goes_out_for_each_event() {
    let mut case = open_case();
    let sent = |kind| SentMessage {
        kind,
        caused_by: 1,
        about: Vec::new(),
        subject: "Re: Anfrage".into(),
        text: "Guten Tag".into(),
        to: "apotheke@see-apotheke.example".parse().expect("an address"),
        message_id: "1@nordhafen-pharma.example".to_owned(),
    };
    accept(
        &mut case,
        Command::RecordSent { message: sent(OutgoingKind::Receipt) },
        &Actor::system("contact"),
    );
    let withheld = Command::RecordWithheld {
        kind: OutgoingKind::Receipt,
        caused_by: 1,
        reason: WithholdReason::AutomaticMail,
    };
    accept(&mut case, withheld, &Actor::system("contact"));
    accept(
        &mut case,
        Command::RecordSent { message: sent(OutgoingKind::Receipt) },
        &Actor::system("contact"),
    );
    assert_eq!(case.events().len(), 2);
}

#[test]
fn a_refusal_says_what_to_do() {
    let mut case = at_the_medical_desk();
    let refused = |case: &mut Change, command, actor: &Actor| {
        case.execute(command, noon(), actor).expect_err("the command is illegal here").to_string()
    };
    accept(&mut case, Command::Claim { request: FIRST }, &specialist("anna"));
    let expected = [
        (
            Command::Claim { request: FIRST },
            specialist("ben"),
            "request 1 is claimed by anna; ask them to release it",
        ),
        (Command::Claim { request: RequestId(9) }, specialist("ben"), "the case has no request 9"),
        (answer("  "), specialist("anna"), "the answer is empty; write one"),
        (answer("Ja."), Actor::Contact, "only a person at a desk can do this"),
        (
            Command::Reopen { request: FIRST, to: MedicalInformation, reason: "x".into(), arrival: None },
            specialist("anna"),
            "request 1 is claimed and cannot be reopened; it must be answered or closed",
        ),
    ];
    for (command, actor, text) in expected {
        assert_eq!(refused(&mut case, command, &actor), text);
    }
    let to_contact = Command::Move {
        request: FIRST,
        topic: Other,
        desk: desk("review"),
        to: Contact,
        reason: "x".into(),
        spent_minutes: 0,
        arrival: None,
    };
    assert!(
        refused(&mut case, to_contact, &specialist("anna")).contains("ask the contact a question instead")
    );
    accept(&mut case, answer("Ja."), &specialist("anna"));
    assert_eq!(
        refused(&mut case, answer("Doch nicht."), &specialist("anna")),
        "request 1 is answered and cannot be answered; it must be at a desk"
    );
}
