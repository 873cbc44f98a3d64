//! Reading whatever arrives: hostile, broken, huge. The fixtures of real clients are in `fixtures.rs`.

use lotse_mail::{MAX_MESSAGE_BYTES, MAX_TEXT_BYTES, PrintedMail, Unreadable, html_to_text, read};
use proptest::prelude::*;

fn mail(headers: &str, body: &str) -> Vec<u8> {
    format!("From: Anna Brandt <brandt@apotheke.example>\r\n{headers}\r\n\r\n{body}").into_bytes()
}

#[test]
fn an_empty_message_is_refused_with_its_cause() {
    assert_eq!(read(b""), Err(Unreadable::Empty));
    assert_eq!(read(b"\r\n  \r\n"), Err(Unreadable::Empty));
}

#[test]
fn a_text_that_only_looks_like_a_message_is_refused() {
    for text in [
        "just a line\r\n",
        "Note: call back\r\n\r\nat ten",
        "{\"channel\": \"web\"}\n",
        "# Title\n\nSee: x\n",
    ] {
        assert_eq!(read(text.as_bytes()), Err(Unreadable::NoHeaders), "{text}");
    }
}

#[test]
fn a_message_beyond_the_size_is_refused() {
    let raw = mail("Subject: x", &"a".repeat(MAX_MESSAGE_BYTES));
    assert!(matches!(read(&raw), Err(Unreadable::TooLarge { .. })));
}

#[test]
fn a_thousand_nested_multiparts_are_refused() {
    let level = |depth| format!("Content-Type: multipart/mixed; boundary=\"b{depth}\"\r\n\r\n--b{depth}\r\n");
    let raw = format!("From: a@b.example\r\n{}", (0..1000).map(level).collect::<String>());
    assert!(matches!(read(raw.as_bytes()), Err(Unreadable::TooDeep { .. })));
}

#[test]
fn attached_messages_inside_attached_messages_are_refused() {
    let raw = format!("From: a@b.example\r\n{}", "Content-Type: message/rfc822\r\n\r\n".repeat(200_000));
    assert!(matches!(read(raw.as_bytes()), Err(Unreadable::TooDeep { .. })));
}

#[test]
fn attached_messages_hidden_in_base64_are_not_opened() {
    let inner =
        data_encoding::BASE64.encode("Content-Type: message/rfc822\r\n\r\n".repeat(100_000).as_bytes());
    let raw = mail("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", &inner);
    let mail = read(&raw).expect("readable as an attachment");
    assert_eq!(mail.attachments.len(), 1);
}

#[test]
fn ten_thousand_recipients_are_refused() {
    let to = (0..10_000).map(|n| format!("a{n}@klinik.example")).collect::<Vec<_>>().join(",\r\n ");
    let raw = mail(&format!("To: {to}"), "Hallo");
    assert_eq!(read(&raw), Err(Unreadable::TooManyRecipients { found: 10_000, limit: 1_000 }));
}

#[test]
fn thousands_of_headers_are_read_and_tens_of_thousands_refused() {
    let headers = |count: usize| (0..count).map(|n| format!("X-Line: {n}")).collect::<Vec<_>>().join("\r\n");
    assert_eq!(read(&mail(&headers(5_000), "Guten Tag")).expect("readable").text, "Guten Tag");
    assert!(matches!(read(&mail(&headers(30_000), "Guten Tag")), Err(Unreadable::TooManyHeaders { .. })));
}

#[test]
fn more_parts_than_any_mail_has_are_refused() {
    let raw = mail("Content-Type: multipart/mixed; boundary=b", &"--b\r\n\r\nx\r\n".repeat(20_000));
    assert!(matches!(read(&raw), Err(Unreadable::TooManyParts { .. })));
}

#[test]
fn a_long_text_is_cut_and_says_so() {
    let read = read(&mail("Content-Type: text/plain; charset=utf-8", &"ä".repeat(MAX_TEXT_BYTES)))
        .expect("readable");
    assert!(read.truncated && read.text.len() <= MAX_TEXT_BYTES && read.text.chars().all(|c| c == 'ä'));
}

#[test]
fn a_boundary_that_never_comes_leaves_the_text_readable() {
    let read = read(&mail("Content-Type: multipart/mixed; boundary=fehlt", "Wo ist die Lieferung?\r\n"))
        .expect("readable");
    assert!(read.text.contains("Wo ist die Lieferung?") || read.attachments.len() == 1);
}

#[test]
fn control_characters_in_a_header_do_not_survive() {
    let read = read(&mail("Subject: =?utf-8?q?Frage=0D=0ABcc:_x?=", "x")).expect("readable");
    assert_eq!(read.subject.as_deref(), Some("Frage  Bcc: x"));
}

#[test]
fn one_mail_by_two_ways_has_one_content_hash() {
    let direct = mail(
        "Subject: Frage\r\nDate: Thu, 12 Nov 2026 09:14:00 +0100\r\nMessage-ID: <1@a.example>",
        "Wie lange haltbar?\r\n",
    );
    let mut relayed = b"Received: from mx.example by mail.example; Thu, 12 Nov 2026 09:15:00 +0100\r\nDelivered-To: medinfo@nordhafen-pharma.example\r\n".to_vec();
    relayed.extend_from_slice(&direct);
    let other = mail(
        "Subject: Frage\r\nDate: Thu, 12 Nov 2026 09:14:00 +0100\r\nMessage-ID: <1@a.example>",
        "Wie wird gelagert?\r\n",
    );
    let hash = |raw: &[u8]| read(raw).expect("readable").content_hash;
    assert_eq!(hash(&direct), hash(&relayed));
    assert_ne!(hash(&direct), hash(&other), "a Message-ID used twice does not make one mail of two");
}

#[test]
fn html_becomes_lines_with_marked_quotes() {
    let html = "<html><head><title>x</title><style>p{}</style></head><body><p>Guten Tag,</p><p>ist&nbsp;der Wert &lt; 5&nbsp;&micro;g?<br>Danke</p>\
        <ul><li>eins</li><li>zwei</li></ul><div class=gmail_quote>Am 12.11.2026 um 09:14 schrieb Service &lt;service@nordhafen-pharma.example&gt;:<br>\
        <blockquote><div>Welcher Wert?</div><blockquote>älter</blockquote></blockquote></div><!-- <p>nichts</p> --><script>alert('x')</script></body></html>";
    insta::assert_snapshot!(html_to_text(html), @r"
    Guten Tag,

    ist der Wert < 5 µg?
    Danke

    - eins
    - zwei
    Am 12.11.2026 um 09:14 schrieb Service <service@nordhafen-pharma.example>:
    > Welcher Wert?
    > > älter
    ");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(raw in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&raw).map(|mail| PrintedMail::new("x", &mail));
    }

    #[test]
    fn any_mixture_of_mail_lines_is_read_or_refused(lines in proptest::collection::vec(prop_oneof![
        Just("Content-Type: multipart/mixed; boundary=b"), Just("Content-Type: multipart/alternative; boundary=\"b b\""),
        Just("Content-Type: multipart/report; report-type=delivery-status; boundary=b"),
        Just("Content-Type: message/rfc822"), Just("Content-Type: message/delivery-status"), Just("Content-Type: text/html; charset=utf-7"),
        Just("Content-Type: text/plain; charset=nonsense"), Just("Content-Type: multipart/digest; boundary=b"),
        Just("Content-Transfer-Encoding: base64"), Just("Content-Transfer-Encoding: quoted-printable"),
        Just("--b"), Just("--b--"), Just("--b b"), Just(""), Just(""), Just("From: a@b.example"), Just("Subject: =?utf-8?b?w?="),
        Just("Action: failed"), Just("Final-Recipient: rfc822; x@y.example"), Just("=E4=F6"), Just("w4TDlg=="),
        Just("<p>x<blockquote>y"), Just("To: ,,,;:<>@"), Just("\u{fffd}ä"), Just("> x"), Just("Message-ID: <<>"),
    ], 0..40)) {
        let _ = read(lines.join("\r\n").as_bytes()).map(|mail| PrintedMail::new("x", &mail));
        let _ = read(lines.join("\n").as_bytes());
    }

    #[test]
    fn any_text_as_html_becomes_text(html in any::<String>(), tags in proptest::collection::vec(prop_oneof![
        Just("<p>"), Just("<"), Just("</"), Just("<a href=\">\">"), Just("<blockquote>"), Just("</blockquote>"), Just("&"), Just("&#xffffffff;"),
        Just("<!--"), Just("<style>"), Just("ä"), Just("<pre>\n"), Just("&nbsp;"),
    ], 0..30)) {
        let _ = html_to_text(&html);
        let _ = html_to_text(&tags.concat());
    }
}
