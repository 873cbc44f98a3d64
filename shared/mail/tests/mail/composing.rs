//! What goes out: readable by the same parser, safe against injection, the same bytes every time.

#![expect(clippy::expect_used, reason = "a helper of a test may fail like the test")]

use lotse_domain::EmailAddress;
use lotse_mail::{OutgoingMail, Submitted, compose, read, text_to_html};
use proptest::prelude::*;

fn address(text: &str) -> EmailAddress {
    text.parse().expect("an address")
}

struct Addresses {
    service: EmailAddress,
    reply: EmailAddress,
    contact: EmailAddress,
}

fn addresses() -> Addresses {
    Addresses {
        service: address("service@nordhafen-pharma.example"),
        reply: address("service+0abc@nordhafen-pharma.example"),
        contact: address("hanna.petersen@praxis-petersen.example"),
    }
}

fn receipt(addresses: &Addresses) -> OutgoingMail<'_> {
    OutgoingMail {
        message_id: "0abc.2.receipt.00ff@nordhafen-pharma.example",
        in_reply_to: Some("frage-1@praxis-petersen.example"),
        references: &["anfang@praxis-petersen.example"],
        from_name: "Nordhafen Pharma – Service für Fachkreise",
        from: &addresses.service,
        reply_to: Some(&addresses.reply),
        to_name: Some("Dr. Hanna Petersen"),
        to: &addresses.contact,
        subject: "Ihre Anfrage 7KDW-4M9X: Rückfrage zur Kühlkette",
        text: "Guten Tag,\n\nvielen Dank für Ihre Anfrage. Den Stand finden Sie hier:\nhttps://lotse.example/s/abc\n\nMit freundlichen Grüßen\nNordhafen Pharma\n",
        html: None,
        date: "2026-11-12T08:14:00Z".parse().expect("a time"),
        submitted: Submitted::AutoReplied,
        loop_mark: "lotse@nordhafen-pharma.example",
    }
}

fn head(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).expect("a composed mail is ASCII");
    text.split("\r\n\r\n").next().unwrap_or_default().to_owned()
}

#[test]
fn a_receipt_is_threaded_marked_and_readable() {
    let addresses = addresses();
    let html = text_to_html("Guten Tag", "de");
    let bytes = compose(&OutgoingMail { html: Some(&html), ..receipt(&addresses) });
    insta::assert_snapshot!(String::from_utf8(bytes.clone()).expect("ASCII").replace("\r\n", "\n"));
    let mail = read(&bytes).expect("readable");
    assert_eq!(mail.subject.as_deref(), Some("Ihre Anfrage 7KDW-4M9X: Rückfrage zur Kühlkette"));
    assert_eq!(
        mail.from.as_ref().and_then(|from| from.name.as_deref()),
        Some("Nordhafen Pharma – Service für Fachkreise")
    );
    assert_eq!(mail.in_reply_to, ["frage-1@praxis-petersen.example"]);
    assert_eq!(mail.references, ["anfang@praxis-petersen.example", "frage-1@praxis-petersen.example"]);
    assert_eq!(mail.loop_marks, ["lotse@nordhafen-pharma.example"]);
    assert!(mail.suppress_reply);
    assert!(mail.text.contains("vielen Dank für Ihre Anfrage"));
}

#[test]
fn a_specialists_answer_is_not_marked_automatic() {
    let addresses = addresses();
    let head = head(&compose(&OutgoingMail { submitted: Submitted::ByPerson, ..receipt(&addresses) }));
    assert!(!head.contains("Auto-Submitted") && !head.contains("X-Auto-Response-Suppress"), "{head}");
}

#[test]
fn the_html_alternative_escapes_text_and_links_addresses() {
    let html = text_to_html(
        "Liegt <b>Creatinin</b> > 2 & steigt?\nSiehe https://lotse.example/s/a?b=1&c=2.\n\nDanke",
        "de",
    );
    assert!(html.contains("Liegt &lt;b&gt;Creatinin&lt;/b&gt; &gt; 2 &amp; steigt?<br>"), "{html}");
    assert!(
        html.contains(
            "<a href=\"https://lotse.example/s/a?b=1&amp;c=2\">https://lotse.example/s/a?b=1&amp;c=2</a>."
        ),
        "{html}"
    );
    assert_eq!(html.matches("<p>").count(), 2);
}

proptest! {
    #[test]
    fn nothing_in_a_field_starts_another_header(text in any::<String>(), injected in "\\PC{0,20}[\r\n]{1,2}Bcc: [a-z]{1,8}@evil.example\\PC{0,20}") {
        let addresses = addresses();
        for hostile in [text.as_str(), injected.as_str()] {
            let mail = OutgoingMail {
                message_id: hostile,
                in_reply_to: Some(hostile),
                references: &[hostile, hostile],
                from_name: hostile,
                to_name: Some(hostile),
                subject: hostile,
                loop_mark: hostile,
                text: hostile,
                ..receipt(&addresses)
            };
            let bytes = compose(&mail);
            prop_assert_eq!(&bytes, &compose(&mail), "the same input gives the same bytes");
            let head = head(&bytes);
            for line in head.split("\r\n") {
                prop_assert!(!line.contains('\n') && !line.contains('\r'));
                prop_assert!(!line.to_lowercase().starts_with("bcc:"), "{}", line);
                prop_assert!(line.len() <= 998);
            }
            let read = read(&bytes).expect("readable");
            prop_assert_eq!(read.to.len(), 1);
        }
    }

    #[test]
    fn the_html_alternative_holds_no_markup_of_the_text(text in any::<String>()) {
        let html = text_to_html(&text, "de");
        let body = html.split("<body>").nth(1).unwrap_or_default().replace("<p>", "").replace("</p>", "");
        let body = body.replace("<br>", "").replace("</body></html>", "").replace("</a>", "").replace("<a href=", "");
        prop_assert!(!body.contains('<'), "{}", body);
    }
}
