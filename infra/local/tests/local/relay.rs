//! Mail on its way out, to a relay.

use crate::{
    desk::{Desk, inquiry, wait_for},
    smtp::Sink,
};

#[test]
fn mails_go_to_the_relay_once_and_there_is_no_development_mailbox() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let sink = Sink::start();
    let desk = Desk::start(&data, &["--relay", &sink.url]);
    desk.send_to_api("one", &inquiry("lohse@praxis.example", "Wo bleibt unsere Bestellung NP-2026-004711?"));
    wait_for("the receipt", || (!sink.mails().is_empty()).then_some(()));
    assert_eq!(desk.get("/dev/mail").0, 404);
    assert_eq!(desk.stop(), Some(0));
    let desk = Desk::start(&data, &["--relay", &sink.url]);
    // What comes later is there: what came before would have been sent again by now.
    desk.send_to_api("two", &inquiry("hansen@praxis.example", "Wo bleibt unsere Bestellung NP-2026-004712?"));
    wait_for("the second receipt", || {
        sink.mails().iter().any(|mail| mail.contains("hansen@praxis.example")).then_some(())
    });
    let first = sink.mails().iter().filter(|mail| mail.contains("lohse@praxis.example")).count();
    assert_eq!(first, 1);
}

#[test]
fn a_relay_that_is_away_loses_no_mail() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // A port that nobody listens on.
    let away = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let desk = Desk::start(&data, &["--relay", &format!("smtp://{away}")]);
    desk.send_to_api("one", &inquiry("lohse@praxis.example", "Wo bleibt unsere Bestellung NP-2026-004711?"));
    assert_eq!(desk.stop(), Some(0));
    let sink = Sink::start();
    let _desk = Desk::start(&data, &["--relay", &sink.url]);
    wait_for("the receipt", || (sink.mails().len() == 1).then_some(()));
}

#[test]
fn an_address_that_the_relay_refuses_brings_the_case_to_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let sink = Sink::start();
    let desk = Desk::start(&data, &["--relay", &sink.url]);
    let refused = "unknown@praxis.example";
    desk.send_to_api("one", &inquiry(refused, "Unsere Lieferung ist nicht angekommen. Wo ist das Paket?"));
    wait_for("the refusal", || (sink.refusals() == 1).then_some(()));
    assert_eq!(desk.stop(), Some(0), "what is in hand is finished");
    // Without a relay the development pages show what became of it.
    let desk = Desk::start(&data, &[]);
    wait_for("a person to have the case", || {
        desk.case_of(refused).filter(|case| case["requests"][0]["state"] == "review")
    });
    assert!(sink.mails().iter().all(|mail| !mail.contains(refused)));
}
