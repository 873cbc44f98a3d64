//! One inquiry from the form or a mail to its desk, with a question and an answer in between, and with the
//! process dying on the way.

use crate::desk::{Desk, inquiry, run, text};
use serde_json::Value;

const SERVICE: &str = "service@nordhafen-pharma.example";

fn topics(case: &Value) -> Vec<&str> {
    case["requests"].as_array().unwrap().iter().map(|request| request["topic"].as_str().unwrap()).collect()
}

fn state(case: &Value) -> &str {
    case["requests"][0]["state"].as_str().unwrap()
}

#[test]
fn an_inquiry_by_form_gets_its_receipt_and_a_status_page() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::start(&folder.path().join("data"), &[]);
    let (status, form) = desk.get("/?lang=de");
    assert!(status == 200 && form.contains("<form"), "{status}");
    let page = desk.send_form(&[
        ("lang", "de"),
        ("topic", "shipping_status"),
        ("message", "Unsere Bestellung NP-2026-004711 ist nicht angekommen. Wo bleibt das Paket?"),
        ("name", "Grit Möller"),
        ("institution", "Apotheke am Markt"),
        ("email", "moeller@apotheke.example"),
        ("professional", "yes"),
    ]);
    let case = desk.settled_case_of("moeller@apotheke.example");
    assert_eq!(topics(&case), ["shipping_status"]);
    assert_eq!(case["requests"][0]["desk"], "logistics");
    let mails = desk.mails_to("moeller@apotheke.example");
    assert_eq!(mails.len(), 1, "one receipt: {mails:?}");
    let reference = case["reference"].as_str().unwrap();
    assert!(mails[0]["text"].as_str().unwrap().contains(reference));
    let (status, shown) = desk.get(&page);
    assert!(status == 200 && shown.contains(reference) && shown.contains("NP-2026-004711"), "{status}");
}

#[test]
fn a_question_is_answered_by_mail_and_the_case_moves_on_across_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let desk = Desk::start(&data, &[]);
    desk.send_mail(
        "nissen@praxis.example",
        SERVICE,
        "From: Anke Nissen <nissen@praxis.example>\r\nTo: service@nordhafen-pharma.example\r\n\
         Message-ID: <first@praxis.example>\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\n\
         Subject: Lieferung\r\n\r\nGuten Tag,\r\nunsere Lieferung ist nicht angekommen. Wo ist das Paket?\r\n",
    );
    let case = desk.settled_case_of("nissen@praxis.example");
    assert_eq!(state(&case), "waiting_for_contact", "{case}");
    let question = desk.mails_to("nissen@praxis.example").remove(0);
    assert_eq!(question["in_reply_to"][0], "first@praxis.example");
    assert_eq!(desk.stop(), Some(0));

    let desk = Desk::start(&data, &[]);
    assert_eq!(desk.mails_to("nissen@praxis.example").len(), 1, "nothing goes out again");
    desk.send_mail(
        "nissen@praxis.example",
        question["reply_to"].as_str().unwrap(),
        &format!(
            "From: Anke Nissen <nissen@praxis.example>\r\nTo: {}\r\nMessage-ID: <second@praxis.example>\r\n\
             In-Reply-To: <{}>\r\nDate: Sun, 22 Nov 2026 09:10:00 +0000\r\nSubject: Re: Lieferung\r\n\r\n\
             Die Bestellnummer ist NP-2026-004790.\r\n",
            question["reply_to"].as_str().unwrap(),
            question["message_id"].as_str().unwrap(),
        ),
    );
    let moved = crate::desk::wait_for("the case to move on", || {
        desk.case_of("nissen@praxis.example")
            .filter(|case| case["settled"] == true && state(case) == "unclaimed")
    });
    assert_eq!(moved["reference"], case["reference"], "the reply belongs to the same case");
    assert_eq!(moved["requests"][0]["desk"], "logistics");
}

#[test]
fn a_desk_that_is_killed_loses_nothing_and_writes_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let count = 20;
    let web = |number: usize| format!("web{number}@praxis.example");
    let mail = |number: usize| format!("mail{number}@praxis.example");
    let mut desk = Desk::start(&data, &[]);
    for number in 0..count {
        let body = inquiry(&web(number), "Welche Dosis Neurexal empfehlen Sie bei einer eGFR von 28 ml/min?");
        assert_eq!(desk.send_to_api(&format!("key-{number}"), &body).0, 202);
        desk.send_mail(
            &mail(number),
            SERVICE,
            &format!(
                "From: {0}\r\nTo: {SERVICE}\r\nMessage-ID: <{number}@praxis.example>\r\n\
                 Date: Sun, 22 Nov 2026 09:00:00 +0000\r\nSubject: Bestellung NP-2026-00480{number}\r\n\r\n\
                 Wo bleibt unsere Bestellung?\r\n",
                mail(number)
            ),
        );
        // In the middle of the work on what came before.
        if number % 7 == 3 {
            desk.kill();
            desk = Desk::start(&data, &[]);
        }
    }
    desk.kill();
    let desk = Desk::start(&data, &[]);
    for address in (0..count).flat_map(|number| [web(number), mail(number)]) {
        desk.settled_case_of(&address);
        let mails = desk.mails_to(&address);
        assert_eq!(mails.len(), 1, "{address}: {mails:?}");
    }
    // What was answered 202 once is the same inquiry when it is sent again.
    let again = inquiry(&web(0), "Welche Dosis Neurexal empfehlen Sie bei einer eGFR von 28 ml/min?");
    let (status, answer) = desk.send_to_api("key-0", &again);
    assert_eq!(status, 202);
    let reference = desk.settled_case_of(&web(0))["reference"].as_str().unwrap().to_owned();
    assert!(answer.contains(&reference), "{answer}");
    assert_eq!(desk.stop(), Some(0));
    let verified = run(&["verify", "--data", data.to_str().unwrap(), "--json"]);
    let found: Value = serde_json::from_str(&text(&verified)).unwrap();
    assert_eq!((found["cases"].as_u64(), found["wrong"].as_array().map(Vec::len)), (Some(40), Some(0)));
    assert!(verified.status.success());
}

#[test]
fn a_specialist_signs_in_sees_the_inquiry_and_is_out_once_disabled() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data_folder = data.to_str().unwrap();
    let add = ["user", "add", "anna", "--desk", "logistics", "--data", data_folder];
    let added = text(&run(&add));
    let password = added.trim().rsplit(' ').next().unwrap();
    let desk = Desk::start(&data, &[]);
    desk.send_to_api("one", &inquiry("lohse@praxis.example", "Wo bleibt unsere Bestellung NP-2026-004711?"));
    let case = desk.settled_case_of("lohse@praxis.example");
    assert_eq!(desk.sign_in("anna", "not the password"), None);
    let cookie = desk.sign_in("anna", password).expect("a session");
    let (status, worklist) = desk.get_as(&cookie, "/desk");
    assert!(status == 200 && worklist.contains(case["reference"].as_str().unwrap()), "{status}");
    assert_eq!(desk.get_as("", "/desk").0, 303, "nobody without a session");

    // Beside the running desk: no restart is needed to keep somebody out.
    assert!(run(&["user", "disable", "anna", "--data", data_folder]).status.success());
    assert_eq!(desk.get_as(&cookie, "/desk").0, 303, "the open session is over");
    assert_eq!(desk.sign_in("anna", password), None);
}

#[test]
fn an_out_of_office_note_is_recorded_and_not_answered() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::start(&folder.path().join("data"), &[]);
    desk.send_mail(
        "",
        SERVICE,
        "From: voss@klinik.example\r\nTo: service@nordhafen-pharma.example\r\nAuto-Submitted: auto-replied\r\n\
         Message-ID: <ooo@klinik.example>\r\nSubject: Abwesend\r\n\r\nIch bin bis Montag nicht im Haus.\r\n",
    );
    let case = desk.settled_case_of("voss@klinik.example");
    assert_eq!(case["decision"]["automatic"], "out_of_office");
    assert!(desk.mails_to("voss@klinik.example").is_empty());
}
