//! What holds for every message, whatever is in it.

#![expect(clippy::unwrap_used, reason = "a test stops where its fixture is wrong")]

use lotse_domain::{Automatic, Channel, Decision, Element, Field, GapReason, Inquiry, Topic};
use lotse_policy::{Detail, Policy};
use lotse_triage::{Known, Triage, Waiting};
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::LazyLock};

static TRIAGE: LazyLock<Triage> = LazyLock::new(|| Triage::new(&Policy::shipped().unwrap()));

fn inquiry(subject: &str, body: &str) -> Inquiry {
    Inquiry {
        id: None,
        channel: Channel::Mail,
        language: None,
        subject: Some(subject.to_owned()),
        body: body.to_owned(),
        contact: lotse_domain::Contact::default(),
        fields: BTreeMap::new(),
        received_at: None,
    }
}

/// All spans of a decision, with the field that they count in.
fn spans(decision: &Decision) -> Vec<(Field, usize, usize)> {
    let evidence = decision.topics.iter().flat_map(|found| &found.evidence);
    let evidence = evidence.chain(decision.safety.iter().flat_map(|found| &found.evidence));
    let evidence = evidence.map(|found| (found.field, found.start, found.end));
    let products = decision.products.iter().map(|found| (found.field, found.start, found.end));
    let identifiers = decision.identifiers.iter().map(|found| (found.field, found.start, found.end));
    evidence.chain(products).chain(identifiers).collect()
}

fn assert_spans_lie_in_their_fields(inquiry: &Inquiry, decision: &Decision) {
    for (field, start, end) in spans(decision) {
        let text = match field {
            Field::Subject => inquiry.subject.as_deref().unwrap_or_default(),
            Field::Body => &inquiry.body,
            Field::Form => continue,
        };
        assert!(
            start < end && text.get(start..end).is_some(),
            "{field:?} {start}..{end} is no part of {text:?}"
        );
    }
}

/// Text from pieces that rules, identifiers and separators react to, with noise between.
fn message() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("Wo bleibt unsere Bestellung NP-2026-004711? ".to_owned()),
        Just("My patient developed a rash after Velocordin. ".to_owned()),
        Just("PZN 90011378, Ch.-B. K240815A; ".to_owned()),
        Just("DHL 00340434163416721102 ".to_owned()),
        Just("Tromvexa\u{ad}s keine Übelkeit\u{308} ".to_owned()),
        Just("\n> zitiert\n-- \nMit freundlichen Grüßen\nDr. Ä. Ü\n".to_owned()),
        Just("am 11.11. bestellt 3rd of November 2026-11-03 ".to_owned()),
        "\\PC{0,12}",
        "[0-9 ./-]{0,24}",
        "\\s{0,4}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn spans_lie_on_characters_of_their_field(subject in message(), body in message()) {
        let inquiry = inquiry(&subject, &body);
        let decision = TRIAGE.decide(&inquiry, &Known::default());
        assert_spans_lie_in_their_fields(&inquiry, &decision);
    }

    #[test]
    fn the_same_message_gives_the_same_decision(body in message()) {
        let inquiry = inquiry("", &body);
        prop_assert_eq!(TRIAGE.decide(&inquiry, &Known::default()), TRIAGE.decide(&inquiry, &Known::default()));
    }

    #[test]
    fn a_required_gap_sends_its_topic_to_the_contact(body in message()) {
        let decision = TRIAGE.decide(&inquiry("", &body), &Known::default());
        for gap in &decision.missing {
            let route = decision.routes.iter().find(|route| route.topic == gap.topic);
            prop_assert!(route.is_some(), "no way for {:?}", gap.topic);
        }
        if decision.automatic.is_some() {
            prop_assert!(decision.topics.is_empty() && decision.missing.is_empty() && decision.routes.is_empty());
        }
    }
}

#[test]
fn an_answer_with_nothing_but_the_number_fills_the_gap_that_waits() {
    let known = Known {
        waiting: vec![Waiting { topic: Topic::ShippingStatus, lacks: vec![Element::OrderReference] }],
        ..Known::default()
    };
    let decision = TRIAGE.decide(&inquiry("", "NP-2026-004711"), &known);
    assert_eq!(decision.topics.len(), 1);
    assert_eq!(decision.topics[0].topic, Topic::ShippingStatus);
    assert!(decision.missing.is_empty(), "{:?}", decision.missing);
}

#[test]
fn an_answer_with_a_mistyped_number_is_asked_for_again_as_mistyped() {
    let known = Known {
        waiting: vec![Waiting { topic: Topic::ShippingStatus, lacks: vec![Element::OrderReference] }],
        ..Known::default()
    };
    let decision = TRIAGE.decide(&inquiry("", "NP-2026-0047112"), &known);
    assert_eq!(decision.missing.first().map(|gap| gap.reason), Some(GapReason::Mistyped));
}

#[test]
fn what_the_thread_holds_is_not_asked_for() {
    let question = inquiry("", "Und wie hoch ist die maximale Tagesdosis?");
    let asked = TRIAGE.decide(&question, &Known::default());
    assert!(asked.missing.iter().any(|gap| gap.element == Element::Product));
    let known = Known {
        products: vec!["velocordin".parse().unwrap()],
        details: [Detail::PersonName, Detail::Profession].into(),
        ..Known::default()
    };
    assert!(TRIAGE.decide(&question, &known).missing.is_empty());
}

#[test]
fn a_relayed_form_that_calls_itself_automatic_is_an_inquiry_all_the_same() {
    let known = Known { automatic: Some(Automatic::AutoGenerated), ..Known::default() };
    let decision =
        TRIAGE.decide(&inquiry("Kontaktformular", "Wo bleibt unsere Bestellung NP-2026-004711?"), &known);
    assert_eq!(decision.automatic, None);
    assert_eq!(decision.topics[0].topic, Topic::ShippingStatus);
    let empty = TRIAGE.decide(&inquiry("", ""), &known);
    assert_eq!(empty.automatic, Some(Automatic::AutoGenerated));
}

#[test]
fn quotes_are_not_read() {
    let body = "Danke, alles klar.\n\n> Nach Velocordin trat ein Ausschlag auf. Bestellung NP-2026-004711";
    let decision = TRIAGE.decide(&inquiry("AW: Ihre Anfrage", body), &Known::default());
    assert!(decision.products.is_empty() && decision.identifiers.is_empty() && decision.safety.is_empty());
}

#[test]
fn hostile_texts_are_decided() {
    for piece in [
        "wo ",
        "keine ",
        "1Z",
        "0 0 ",
        ". ",
        "NP-2026-",
        "Übelkeit nach ",
        "\u{308}",
        "> ",
        "\n",
        "((",
        "? ",
        "a-",
        "a",
        "(a+)+",
        "ab\u{301}\u{302}",
        "x\u{200b}",
        "Thromvexa",
        "||",
        "+++",
    ] {
        let body = piece.repeat(50_000 / piece.len());
        let inquiry = inquiry(&body[..body.floor_char_boundary(10_000)], &body);
        let decision = TRIAGE.decide(&inquiry, &Known::default());
        assert_spans_lie_in_their_fields(&inquiry, &decision);
    }
}
