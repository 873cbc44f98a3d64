//! What counts as newly written, in texts of the clients that people use.

use lotse_mail::{Context, PartKind, Purpose, separate, separate_in};
use proptest::prelude::*;

fn new_text(text: &str) -> String {
    separate(text).new_text(text)
}

fn assert_tiles(text: &str) {
    let parts = separate(text).parts;
    let mut end = 0;
    for part in &parts {
        assert_eq!(part.range.start, end, "a gap or an overlap");
        assert!(part.range.end > part.range.start, "an empty part");
        assert!(text.get(part.range.clone()).is_some(), "a letter was cut");
        end = part.range.end;
    }
    assert_eq!(end, text.len());
    assert!(parts.windows(2).all(|pair| pair[0].kind != pair[1].kind));
}

#[test]
fn a_plain_inquiry_is_new_as_far_as_its_closing() {
    let text = "Guten Tag,\n\nwie lange ist Insulera nach Anbruch haltbar?\n\nMit freundlichen Grüßen\nDr. Hanna Petersen\nPraxis am Hafen\n";
    assert_eq!(new_text(text), "Guten Tag,\n\nwie lange ist Insulera nach Anbruch haltbar?");
    assert_eq!(
        separate(text).text_of(&[PartKind::Signature], text),
        "Mit freundlichen Grüßen\nDr. Hanna Petersen\nPraxis am Hafen"
    );
}

#[test]
fn an_attribution_starts_the_quote_also_when_wrapped() {
    for attribution in [
        "Am 12.11.2026 um 09:14 schrieb Nordhafen Service:",
        "Am Do., 12. Nov. 2026 um 09:14 Uhr schrieb Nordhafen Service <\nservice@nordhafen-pharma.example>:",
        "On Thu, Nov 12, 2026 at 9:14 AM Nordhafen Service <service@nordhafen-pharma.example>\nwrote:",
        "Nordhafen Service <service@nordhafen-pharma.example> schrieb am 12.11.2026:",
        "Nordhafen Service <service@nordhafen-pharma.example> hat am 12.11.2026 09:14 geschrieben:",
        "Zitat von Nordhafen Service <service@nordhafen-pharma.example>:",
    ] {
        let text = format!(
            "Die Bestellnummer folgt morgen.\n\n{attribution}\n> Guten Tag,\n>\n> welche Bestellung?\n"
        );
        assert_eq!(new_text(&text), "Die Bestellnummer folgt morgen.", "{attribution}");
    }
}

#[test]
fn a_sentence_about_somebody_who_wrote_is_no_attribution() {
    let text =
        "Am 3. November schrieb mir eine Kollegin:\nInsulera sei derzeit nicht lieferbar. Stimmt das?\n";
    assert_eq!(new_text(text), text.trim());
}

#[test]
fn answers_between_quoted_lines_are_kept_in_order() {
    let text = "On 12 Nov 2026, at 09:14, Nordhafen Service <service@nordhafen-pharma.example> wrote:\n\n> Which product do you mean?\n\nOsteovanta 70 mg.\n\n> And the order number?\n\nNP-2026-004711\n\nKind regards\nMary Field\n";
    assert_eq!(new_text(text), "Osteovanta 70 mg.\n\nNP-2026-004711");
}

#[test]
fn outlook_header_lines_start_the_quote() {
    for block in [
        "Von: Nordhafen Service <service@nordhafen-pharma.example>\nGesendet: Donnerstag, 12. November 2026 09:14\nAn: Praxis Petersen\nBetreff: Ihre Anfrage",
        "*From:* Nordhafen Service <service@nordhafen-pharma.example>\n*Sent:* Thursday, November 12, 2026 9:14 AM\n*To:* Field, Mary\n*Subject:* Your inquiry",
        "-----Ursprüngliche Nachricht-----\nVon: Nordhafen Service\nGesendet: Donnerstag, 12. November 2026 09:14\nAn: Praxis Petersen\nBetreff: Ihre Anfrage",
        "________________________________\nFrom: Nordhafen Service\nSent: Thursday, November 12, 2026 9:14:03 AM\nTo: Mary Field\nSubject: Your inquiry",
    ] {
        let text =
            format!("Es sind zehn Packungen.\n\n{block}\n\nGuten Tag,\nwie viele Packungen sind es?\n");
        assert_eq!(new_text(&text), "Es sind zehn Packungen.", "{block}");
    }
}

#[test]
fn a_forward_without_own_text_is_read_from_the_forwarded_part() {
    let text = "z.K.\n\nVon: Dr. Jens Lorenz <lorenz@klinik-foerde.example>\nGesendet: Mittwoch, 11. November 2026 17:02\nAn: Apotheke\nBetreff: Frage\n\nIst Insulera mit Cortison kombinierbar?\n\nMfG Lorenz\n";
    let separated = separate(text);
    assert_eq!(separated.new_text(text), "z.K.\n\nIst Insulera mit Cortison kombinierbar?");
    let forwarded = separated.forwarded.expect("forwarded");
    assert_eq!(forwarded.sender.name.as_deref(), Some("Dr. Jens Lorenz"));
    assert_eq!(forwarded.sender.email.expect("shown").as_str(), "lorenz@klinik-foerde.example");
}

#[test]
fn an_empty_answer_to_us_stays_empty() {
    let text = "\n\nVon: Nordhafen Service <service@nordhafen-pharma.example>\nGesendet: Mittwoch, 11. November 2026 17:02\nAn: Apotheke\nBetreff: Ihre Anfrage\n\nUm welches Produkt geht es?\n";
    assert_eq!(
        separate_in(text, Context { purpose: Purpose::Answer, ..Context::default() }).new_text(text),
        ""
    );
}

#[test]
fn a_postscript_is_new_text() {
    let text = "Wo bleibt die Lieferung?\n\nViele Grüße\nAnna Brandt\n\nPS: Ein Patient bekam nach Sertravia Ausschlag.\n";
    assert_eq!(new_text(text), "Wo bleibt die Lieferung?\n\nPS: Ein Patient bekam nach Sertravia Ausschlag.");
}

/// The fixture file says of each line what it is; see its head.
#[test]
fn every_line_is_what_its_mark_says() {
    let mut cases = 0;
    for case in include_str!("../fixtures/separating.txt").split("\n# ").skip(1) {
        let (name, body) = case.split_once('\n').expect("a name and lines");
        let marked: Vec<(&str, &str)> = body.lines().filter_map(|line| line.split_once('|')).collect();
        let text: String = marked.iter().flat_map(|(_, line)| [*line, "\n"]).collect();
        let parts = separate(&text).parts;
        let mut start = 0;
        for (mark, line) in &marked {
            let part = parts.iter().find(|part| part.range.contains(&start)).expect("parts tile the text");
            let found = match part.kind {
                PartKind::New => "N",
                PartKind::Quoted => "Q",
                PartKind::Signature => "S",
                PartKind::Disclaimer => "D",
            };
            assert_eq!(found, *mark, "{name}: {line}");
            start += line.len() + 1;
        }
        cases += 1;
    }
    assert!(cases >= 35, "only {cases} cases were found");
}

proptest! {
    #[test]
    fn the_parts_tile_any_text(text in any::<String>()) {
        assert_tiles(&text);
    }

    #[test]
    fn the_parts_tile_any_mixture_of_mail_lines(lines in proptest::collection::vec(prop_oneof![
        Just("Am 12.11.2026 um 09:14 schrieb Nordhafen Service:"),
        Just("Von: Jens <jens@klinik.example>"), Just("Gesendet: gestern"), Just("Betreff: x"),
        Just("> zitiert"), Just(">> tiefer"), Just("-- "), Just("z.K."), Just(""), Just("Mit freundlichen Grüßen"),
        Just("Anna Brandt"), Just("-----Ursprüngliche Nachricht-----"), Just("Begin forwarded message:"),
        Just("Diese E-Mail ist vertraulich."), Just("Wie lange ist das haltbar?"), Just("Von meinem iPhone gesendet"),
        Just("\u{feff}"), Just("> > -- "), Just("PS: noch etwas"), Just("________________"),
    ], 0..30), ends in prop_oneof![Just("\n"), Just("\r\n")]) {
        assert_tiles(&lines.join(ends));
    }
}
