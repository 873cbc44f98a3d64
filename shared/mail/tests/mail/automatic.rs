//! What no person wrote, and what must not be answered by a program: two different questions.

use lotse_domain::Automatic;
use lotse_mail::{DeliveryAction, IncomingMail, Signal, read};

fn mail(headers: &str, text: &str) -> Option<IncomingMail> {
    read(
        format!("From: Ilka Reimers <reimers@hno-reimers.example>\r\n{headers}\r\n\r\n{text}\r\n").as_bytes(),
    )
    .ok()
}

const INQUIRY: &str = "Guten Tag,\r\n\r\nwie lange ist Osteovanta ungekühlt haltbar?\r\n\r\nIlka Reimers";

#[test]
fn an_inquiry_is_neither() {
    let mail = mail(
        "Subject: Haltbarkeit\r\nReturn-Path: <reimers@hno-reimers.example>\r\nAuto-Submitted: no",
        INQUIRY,
    )
    .unwrap();
    assert_eq!((mail.automatic, mail.signals.as_slice(), mail.suppress_reply), (None, [].as_slice(), false));
}

#[test]
fn every_signal_suppresses_our_reply() {
    let cases = [
        ("Auto-Submitted: auto-generated", Signal::AutoSubmitted),
        ("Auto-Submitted: auto-replied; owner=x", Signal::AutoSubmitted),
        ("Precedence: bulk", Signal::Precedence),
        ("Precedence: LIST", Signal::Precedence),
        ("Precedence: junk", Signal::Precedence),
        ("X-Auto-Response-Suppress: OOF, AutoReply", Signal::AutoResponseSuppress),
        ("List-Id: <x.lists.example>", Signal::List),
        ("List-Unsubscribe: <mailto:x@lists.example>", Signal::List),
        ("X-Loop: somebody@else.example", Signal::Loop),
        ("Return-Path: <>", Signal::EmptyReturnPath),
        ("X-Autoreply: yes", Signal::Autoresponder),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", Signal::DeliveryReport),
        (
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
            Signal::ReadReceipt,
        ),
    ];
    for (header, signal) in cases {
        let mail = mail(&format!("Subject: Haltbarkeit\r\n{header}"), INQUIRY).unwrap();
        assert!(mail.suppress_reply && mail.signals.contains(&signal), "{header}: {:?}", mail.signals);
    }
}

#[test]
fn what_only_asks_for_silence_is_still_an_inquiry() {
    for header in ["X-Auto-Response-Suppress: All", "X-Loop: ward7@klinik.example", "Return-Path: <>"] {
        let mail = mail(&format!("Subject: Haltbarkeit\r\n{header}"), INQUIRY).unwrap();
        assert_eq!(mail.automatic, None, "{header}");
    }
}

#[test]
fn a_relayed_web_form_is_an_inquiry_though_a_program_sent_it() {
    let form = "Name: Jule Voss\r\nE-Mail: voss@praxis-voss.example\r\nNachricht: Gibt es Insulera als Durchstechflasche?";
    for headers in [
        "Subject: Neue Nachricht\r\nAuto-Submitted: auto-generated",
        "Subject: Kontaktformular\r\nAuto-Submitted: auto-generated\r\nPrecedence: bulk",
        "Subject: Frage\r\nAuto-Submitted: auto-generated\r\nReply-To: voss@praxis-voss.example",
    ] {
        let mail = mail(headers, form).unwrap();
        assert_eq!(mail.automatic, None, "{headers}");
        assert!(mail.suppress_reply, "{headers}");
    }
}

#[test]
fn absence_notes_are_known_by_subject_by_header_and_by_text() {
    let cases = [
        ("Subject: Automatische Antwort: Ihre Anfrage", "Die Praxis ist zu."),
        ("Subject: Out of office: Re: Your inquiry", "I am away."),
        ("Subject: AW: Ihre Anfrage\r\nAuto-Submitted: auto-replied", "Ich bin im Urlaub."),
        (
            "Subject: Re: Your inquiry",
            "I am out of the office until Monday. For urgent matters please contact the ward.",
        ),
        ("Subject: Ihre Anfrage", "Während meiner Abwesenheit wenden Sie sich an Frau Boysen."),
    ];
    for (headers, text) in cases {
        assert_eq!(mail(headers, text).unwrap().automatic, Some(Automatic::OutOfOffice), "{headers} {text}");
    }
}

#[test]
fn an_absence_mentioned_in_an_inquiry_does_not_hide_the_inquiry() {
    for text in [
        "I am on leave from Friday. Could you answer by Thursday whether Thromvexa may be crushed? Otherwise please contact Dr Moss.",
        "Während meiner Abwesenheit bekam ein Patient zwei Pens. Ist das bedenklich? In dringenden Fällen rufen Sie bitte an.",
        "Ich bin im Urlaub auf die Packung gestoßen und möchte wissen, ob sie echt ist.",
    ] {
        assert_eq!(mail("Subject: Frage", text).unwrap().automatic, None, "{text}");
    }
}

#[test]
fn our_own_receipt_below_an_answer_does_not_make_the_answer_automatic() {
    let text = "Es sind zehn Packungen.\r\n\r\nAm 12.11.2026 um 09:14 schrieb Nordhafen Service:\r\n\
        > Dies ist eine automatische Nachricht, bitte antworten Sie nicht auf diese E-Mail.";
    let mail = mail("Subject: AW: Ihre Anfrage", text).unwrap();
    assert_eq!((mail.automatic, mail.suppress_reply), (None, false));
}

#[test]
fn lists_and_newsletters_are_bulk() {
    for header in
        ["List-Id: <depesche.example>", "List-Unsubscribe: <https://depesche.example/ab>", "Precedence: bulk"]
    {
        assert_eq!(
            mail(&format!("Subject: Neues\r\n{header}"), "Neues aus der Welt").unwrap().automatic,
            Some(Automatic::Bulk)
        );
    }
}

#[test]
fn a_delay_is_no_bounce() {
    let delayed = "From: MAILER-DAEMON@mx.example\r\nSubject: Warning: could not send message for past 4 hours\r\n\r\n\
        The following address has not yet been delivered:\r\n<langsam@labor.example>\r\n";
    let mail = read(delayed.as_bytes()).unwrap();
    assert_eq!(mail.automatic, Some(Automatic::AutoGenerated));
    let report = mail.delivery_report.expect("a report");
    assert!(!report.is_failure());
    assert_eq!(report.recipients.first().map(|recipient| recipient.action), Some(DeliveryAction::Delayed));
}

#[test]
fn a_person_who_writes_about_a_failed_delivery_is_no_mail_server() {
    let mail = mail(
        "Subject: Zustellfehler beim Paket LS 20418833",
        "Das Paket konnte nicht zugestellt werden. Wo liegt es jetzt?",
    )
    .unwrap();
    assert_eq!(mail.automatic, None);
    assert_eq!(mail.delivery_report, None);
}
