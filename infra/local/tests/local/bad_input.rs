//! What no inquiry looks like: each is answered clearly, nothing is lost, and the desk goes on.

use crate::{
    desk::{Desk, inquiry},
    smtp::{self, Client},
};

const SERVICE: &str = "service@nordhafen-pharma.example";

fn desk() -> (tempfile::TempDir, Desk) {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::start(&folder.path().join("data"), &[]);
    (folder, desk)
}

/// The desk still does its work.
fn assert_it_goes_on(desk: &Desk) {
    let body = inquiry("lohse@praxis.example", "Wo bleibt unsere Bestellung NP-2026-004711?");
    assert_eq!(desk.send_to_api("goes-on", &body).0, 202);
    assert_eq!(desk.settled_case_of("lohse@praxis.example")["requests"][0]["topic"], "shipping_status");
}

#[test]
fn a_body_that_is_no_inquiry_gets_a_problem_that_names_the_cause() {
    let (_folder, desk) = desk();
    let large = inquiry("a@b.example", &"x".repeat(10_000_000));
    let cases: [(&[u8], u16); 7] = [
        (b"", 400),
        (b"{", 400),
        (b"\"\xff\xfe\"", 400),
        (br#"{"channel": "web", "body": 7, "contact": {"email": "a@b.example"}}"#, 422),
        (br#"{"channel": "web", "body": "x", "contact": {"email": "a@b.example"}, "colour": 1}"#, 422),
        (br#"{"channel": "web", "body": "", "contact": {"email": "a@b.example"}}"#, 422),
        (&large, 413),
    ];
    for (number, (body, expected)) in cases.into_iter().enumerate() {
        let (status, answer) = desk.send_to_api(&format!("bad-{number}"), body);
        assert_eq!(status, expected, "{number}: {answer}");
        let problem: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(problem["status"], expected, "{answer}");
        assert!(problem["title"].is_string(), "{answer}");
    }
    assert_it_goes_on(&desk);
}

#[test]
fn a_mail_that_is_too_large_is_refused_and_the_connection_stays() {
    let (_folder, desk) = desk();
    let mut client = Client::connect(&desk.smtp);
    client.reply();
    client.say(b"EHLO a.example");
    for size in ["99000000", "18446744073709551617", "99999999999999999999"] {
        let reply = client.say(format!("MAIL FROM:<a@b.example> SIZE={size}").as_bytes());
        assert!(reply.starts_with("552 5.3.4"), "{size}: {reply}");
    }
    assert!(client.say(b"MAIL FROM:<a@b.example> SIZE=999999999999999999999").starts_with("501 5.5.4"));
    client.say(b"MAIL FROM:<a@b.example>");
    client.say(format!("RCPT TO:<{SERVICE}>").as_bytes());
    client.say(b"DATA");
    let mut large = b"Subject: x\r\n\r\n".to_vec();
    large.extend("0123456789\r\n".repeat(1_000_000).bytes());
    large.push(b'.');
    assert!(client.say(&large).starts_with("552 5.3.4"));
    assert!(client.say(b"NOOP").starts_with("250"));
    assert_it_goes_on(&desk);
}

#[test]
fn of_ten_thousand_recipients_a_hundred_are_taken_and_the_mail_is_one_case() {
    let (_folder, desk) = desk();
    let mut client = Client::connect(&desk.smtp);
    client.reply();
    client.say(b"EHLO a.example");
    client.say(b"MAIL FROM:<viele@praxis.example>");
    let mut taken = 0;
    for number in 0..10_000 {
        let reply = client.say(format!("RCPT TO:<service+{number}@nordhafen-pharma.example>").as_bytes());
        taken += usize::from(reply.starts_with("250"));
        assert!(reply.starts_with("250") || reply.starts_with("452 4.5.3"), "{reply}");
    }
    assert_eq!(taken, 100);
    client.say(b"DATA");
    let others: Vec<String> = (0..10_000).map(|number| format!("n{number}@elsewhere.example")).collect();
    let to = others.join(",\r\n ");
    let message = format!(
        "From: viele@praxis.example\r\nTo: {to},\r\n {SERVICE}\r\nSubject: Frage\r\n\r\n\
         Wo bleibt unsere Bestellung NP-2026-004711?\r\n."
    );
    assert!(client.say(message.as_bytes()).starts_with("250"));
    // However the mail is read, somebody sees it.
    assert_it_goes_on(&desk);
}

#[test]
fn a_mail_for_nobody_here_is_refused() {
    let (_folder, desk) = desk();
    let replies = smtp::send(&desk.smtp, "a@b.example", &["vorstand@nordhafen-pharma.example"], b"x");
    assert!(replies[3].starts_with("550 5.1.1") && replies[4].starts_with("554"), "{replies:?}");
    let relayed = smtp::send(&desk.smtp, "a@b.example", &["somebody@elsewhere.example"], b"x");
    assert!(relayed[3].starts_with("550"), "no open relay: {relayed:?}");
}

#[test]
fn a_mail_nested_a_thousand_deep_and_one_of_any_bytes_are_kept() {
    let (_folder, desk) = desk();
    let mut nested = "From: tief@praxis.example\r\nSubject: tief\r\nMIME-Version: 1.0\r\n".to_owned();
    for depth in 0..1000 {
        let boundary = format!("b{depth}");
        for part in ["Content-Type: multipart/mixed; boundary=", &boundary, "\r\n\r\n--", &boundary, "\r\n"] {
            nested.push_str(part);
        }
    }
    nested.push_str("Content-Type: text/plain\r\n\r\nganz unten\r\n");
    desk.send_mail("tief@praxis.example", SERVICE, &nested);
    let bytes: Vec<u8> = (0..=255_u8).cycle().take(50_000).filter(|byte| !b"\r\n.".contains(byte)).collect();
    let mut wild = b"From: wild@praxis.example\r\nSubject: \xff\xfe\r\n\r\n".to_vec();
    wild.extend(bytes);
    let replies = smtp::send(&desk.smtp, "wild@praxis.example", &[SERVICE], &wild);
    assert!(replies.last().unwrap().starts_with("250"), "{replies:?}");
    desk.settled_case_of("wild@praxis.example");
    assert_it_goes_on(&desk);
}

#[test]
fn a_forged_status_link_opens_nothing() {
    let (_folder, desk) = desk();
    let page = desk.send_form(&[
        ("topic", "unknown"),
        ("message", "Wo bleibt unsere Bestellung NP-2026-004711?"),
        ("email", "moeller@apotheke.example"),
        ("professional", "yes"),
    ]);
    assert_eq!(desk.get(&page).0, 200);
    let forged = format!("{}A", &page[..page.len() - 1]);
    let other = format!("{}B", &page[..page.len() - 1]);
    assert!([forged, other].iter().any(|link| desk.get(link).0 == 404));
    assert_eq!(desk.get("/s/").0, 404);
    assert_eq!(desk.get("/desk/cases/00000000000000000000000000").0, 303, "sign in first");
}
