//! Which case a message may belong to, and whether it may be answered automatically.

use lotse_domain::CaseReference;
use lotse_mail::{
    IncomingMail, Purpose, Silence, case_references, plus_tag, purpose, read, silence, strip_prefixes,
    thread_hints,
};

const OWN_MARK: &str = "lotse@nordhafen-pharma.example";
const OWN_ADDRESSES: [&str; 2] = ["service@nordhafen-pharma.example", "medinfo@nordhafen-pharma.example"];

fn mail(headers: &str) -> Option<IncomingMail> {
    read(format!("{headers}\r\n\r\nDie Nummer ist NP-2026-004711.\r\n").as_bytes()).ok()
}

#[test]
fn the_token_of_a_reply_address_is_found_wherever_the_address_stands() {
    for header in ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"] {
        let mail =
            mail(&format!("From: a@praxis.example\r\n{header}: <service+0abc7@nordhafen-pharma.example>"))
                .unwrap();
        assert_eq!(thread_hints(&mail, &[]).reply_tokens, ["0abc7"], "{header}");
    }
    let mail = mail("From: a@praxis.example\r\nTo: service@nordhafen-pharma.example").unwrap();
    let hints = thread_hints(&mail, &["service+0blind@nordhafen-pharma.example"]);
    assert_eq!(hints.reply_tokens, ["0blind"], "of a blind copy only the envelope knows");
}

#[test]
fn message_ids_come_nearest_first_and_once() {
    let mail = mail(
        "From: a@praxis.example\r\nIn-Reply-To: <three@x.example>\r\n\
         References: <one@x.example> <two@x.example>\r\n <three@x.example>",
    )
    .unwrap();
    assert_eq!(thread_hints(&mail, &[]).message_ids, ["three@x.example", "two@x.example", "one@x.example"]);
}

#[test]
fn a_case_reference_in_the_subject_is_found_if_its_check_character_fits() {
    let reference = CaseReference::from_random(20_261_112);
    let mistyped: String = reference.to_string().chars().rev().collect();
    assert_eq!(case_references(&format!("AW: Ihre Anfrage {reference}: Rückfrage")), [reference]);
    assert_eq!(case_references(&format!("[{}]", reference.to_string().to_lowercase())), [reference]);
    assert!(case_references(&format!("AW: {mistyped}")).is_empty());
    assert!(case_references("AW: Lieferung 2026-0047").is_empty());
}

#[test]
fn prefixes_of_all_programs_are_stripped_in_any_chain() {
    for chain in [
        "RE: ",
        "Re[2]: ",
        "AW: ",
        "Aw: AW: ",
        "Antw: ",
        "Antwort: ",
        "SV: ",
        "WG: ",
        "FW: ",
        "Fwd: ",
        "TR: ",
        "RV: ",
        "R: ",
        "I: ",
        "AW: WG: Re: ",
        "[EXTERN] AW: ",
        "AW: [EXTERNAL] FW: ",
        "AW 2: ",
        "Re : ",
        "回复：",
        "",
    ] {
        assert_eq!(
            strip_prefixes(&format!("{chain}Kühlkette unterbrochen")),
            "Kühlkette unterbrochen",
            "{chain}"
        );
    }
    for subject in [
        "Insulera: Haltbarkeit",
        "Reklamation: Siegel",
        "[Station 4] Frage",
        "Info: neue Anschrift",
        ":",
        "",
        "Re:",
    ] {
        let rest = if subject == "Re:" { "" } else { subject };
        assert_eq!(strip_prefixes(subject), rest);
    }
}

#[test]
fn a_chain_that_forwards_anywhere_is_a_forward() {
    assert_eq!(purpose("AW: Ihre Anfrage"), Purpose::Answer);
    assert_eq!(purpose("AW: WG: Frage"), Purpose::Forward);
    assert_eq!(purpose("WG: AW: Frage"), Purpose::Forward);
    assert_eq!(purpose("Frage"), Purpose::Unknown);
}

#[test]
fn a_tag_is_what_stands_behind_the_first_plus_sign() {
    assert_eq!(plus_tag("service+ab+cd@nordhafen-pharma.example"), Some("ab+cd"));
    for address in ["service@nordhafen-pharma.example", "service+@nordhafen-pharma.example", "+", "", "a+b"] {
        assert_eq!(plus_tag(address), None, "{address}");
    }
}

#[test]
fn a_person_may_be_answered() {
    let mail = mail("From: Anna Brandt <brandt@apotheke.example>").unwrap();
    assert_eq!(silence(&mail, OWN_MARK, &OWN_ADDRESSES), None);
}

#[test]
fn nothing_goes_back_to_our_own_mail_to_programs_or_to_nobody() {
    let cases = [
        ("From: x@relay.example\r\nX-Loop: lotse@nordhafen-pharma.example", Silence::OwnMessage),
        ("From: x@praxis.example\r\nAuto-Submitted: auto-replied", Silence::Signal),
        ("From: noreply@portal.example", Silence::Signal),
        ("From: x@praxis.example\r\nPrecedence: bulk", Silence::Signal),
        ("From: nobody", Silence::NoAddress),
        ("Subject: no sender", Silence::NoAddress),
        ("From: service@nordhafen-pharma.example", Silence::OwnAddress),
        ("From: x@praxis.example\r\nReply-To: Service+0abc@Nordhafen-Pharma.example", Silence::OwnAddress),
    ];
    for (headers, expected) in cases {
        assert_eq!(silence(&mail(headers).unwrap(), OWN_MARK, &OWN_ADDRESSES), Some(expected), "{headers}");
    }
}
