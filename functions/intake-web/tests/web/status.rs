//! The contact follows the link: reads what happened, is asked for what is missing, replies.

use crate::support::{Site, now, token};
use axum::http::StatusCode;
use lotse_domain::{
    Actor, Arrival, CaseId, Channel, Command, Confidence, Decision, Destination, Element, Event, FormField,
    Gap, GapReason, Language, MessageNumber, OutgoingKind, ReceivedMessage, RequestId, Route, RoutingPlan,
    SafetyFinding, SafetyKind, SentMessage, Topic, TopicFinding,
};
use serde_json::json;

async fn inquiry(site: &Site) -> (String, CaseId) {
    let body = json!({
        "language": "de",
        "body": "Unsere letzte Bestellung ist nicht angekommen.",
        "contact": { "email": "bestellung@see-apotheke.example" },
    });
    let answer = site.post_json("first", &body).await;
    let token = token(answer.json()["status_url"].as_str().expect("a link"));
    let id = site.keys.read_status_token(&token).expect("a link of ours");
    (format!("/s/{token}"), id)
}

async fn classify(site: &Site, id: CaseId, decision: Decision) {
    let topic = Topic::ShippingStatus;
    let kind = SafetyKind::QualityComplaint;
    let plan = RoutingPlan {
        desks: vec![(topic, site.policy.desk_for_topic(topic, &[]).id.clone())],
        safety_desks: vec![(kind, site.policy.desk_for_safety(kind).id.clone())],
        next_step_at: now(),
        review: Arrival { target_minutes: 60, due_at: now() },
        hand_over_due_at: now(),
    };
    let command = Command::Classify { message: MessageNumber(1), decision, plan };
    site.command(id, &Actor::system("classify"), command).await;
}

/// What triage decides about a German message of which it finds nothing.
fn nothing_found() -> Decision {
    Decision {
        id: None,
        language: Language::German,
        automatic: None,
        topics: Vec::new(),
        safety: Vec::new(),
        products: Vec::new(),
        identifiers: Vec::new(),
        missing: Vec::new(),
        routes: Vec::new(),
        policy: "test".to_owned(),
    }
}

/// Triage finds a delivery question that lacks the order and who asks.
async fn ask_for_what_is_missing(site: &Site, id: CaseId) {
    let topic = Topic::ShippingStatus;
    let gap = |element| Gap { topic, element, reason: GapReason::Absent };
    let decision = Decision {
        topics: vec![TopicFinding { topic, confidence: Confidence::CERTAIN, evidence: Vec::new() }],
        missing: vec![gap(Element::OrderReference), gap(Element::Requester)],
        routes: vec![Route { topic, to: Destination::Contact, confirm: false }],
        ..nothing_found()
    };
    classify(site, id, decision).await;
    let message = SentMessage {
        kind: OutgoingKind::GapQuestions,
        caused_by: 2,
        about: vec![RequestId(1)],
        subject: "Rückfrage".into(),
        text: "Bitte nennen Sie uns die Bestellung.".into(),
        to: "bestellung@see-apotheke.example".parse().expect("an address"),
        message_id: "m1@nordhafen-pharma.example".to_owned(),
    };
    site.command(id, &Actor::system("contact"), Command::RecordSent { message }).await;
}

#[tokio::test]
async fn the_page_shows_the_conversation_and_asks_for_what_is_missing() {
    let site = Site::open();
    let (path, id) = inquiry(&site).await;
    let before = site.get(&path).await;
    assert_eq!(before.status, StatusCode::OK);
    assert_eq!(before.header("cache-control"), "no-store");
    assert!(before.text.contains("Unsere letzte Bestellung ist nicht angekommen."));
    assert!(!before.text.contains("name=\"order_number\""));
    ask_for_what_is_missing(&site, id).await;
    let asked = site.get(&path).await;
    for field in ["order_number", "delivery_note", "tracking_number", "name", "institution", "message"] {
        assert!(asked.text.contains(&format!("name=\"{field}\"")), "{field}");
    }
    assert!(asked.text.contains("Bitte nennen Sie uns die Bestellung."));
    let english = site.get(&format!("{path}?lang=en")).await;
    assert!(english.text.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn a_reply_fills_the_gaps_and_is_kept_once_however_often_it_is_sent() {
    let site = Site::open();
    let (path, id) = inquiry(&site).await;
    ask_for_what_is_missing(&site, id).await;
    let key = site.get(&path).await.hidden("idempotency_key");
    let fields = [
        ("lang", "de"),
        ("idempotency_key", key.as_str()),
        ("order_number", "NP-2026-004711"),
        ("name", "Jörg Petersen"),
        ("institution", "See-Apotheke"),
        ("message", ""),
    ];
    for _ in 0..2 {
        let sent = site.post_form(&format!("{path}/reply"), &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        let page = site.get(sent.header("location")).await;
        assert!(page.text.contains("NP-2026-004711"));
    }
    let history = site.history(id).await;
    let replies: Vec<_> = history
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::MessageReceived { message } => Some((&recorded.actor, message)),
            _ => None,
        })
        .collect();
    let [(actor, message)] = replies.as_slice() else { panic!("one reply, not {}", replies.len()) };
    assert_eq!(**actor, Actor::Contact);
    assert_eq!(message.fields[&FormField::OrderNumber].as_str(), "NP-2026-004711");
    let case = site.case(id).await;
    assert_eq!(case.contact.name.as_deref(), Some("Jörg Petersen"));
    assert_eq!(case.contact.institution.as_deref(), Some("See-Apotheke"));
}

#[tokio::test]
async fn a_second_reply_with_other_words_is_kept_too() {
    let site = Site::open();
    let (path, id) = inquiry(&site).await;
    let key = site.get(&path).await.hidden("idempotency_key");
    for text in ["Noch ein Hinweis.", "Und ein zweiter."] {
        let fields = [("idempotency_key", key.as_str()), ("message", text)];
        let sent = site.post_form(&format!("{path}/reply"), &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(site.case(id).await.messages.len(), 3);
}

#[tokio::test]
async fn a_reply_that_says_nothing_or_too_much_is_shown_again_with_its_text() {
    let site = Site::open();
    let (path, id) = inquiry(&site).await;
    ask_for_what_is_missing(&site, id).await;
    let reply = format!("{path}/reply");
    let empty = site.post_form(&reply, &[("lang", "de"), ("message", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("-error\""));
    let long = "ä".repeat(20_001);
    let refused =
        site.post_form(&reply, &[("lang", "de"), ("message", &long), ("order_number", "NP-1")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&long) && refused.text.contains("NP-1"));
    let huge = site.post_encoded(&reply, format!("message={}", "x".repeat(400_000))).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        site.case(id).await.messages.iter().filter(|head| head.event > 2).count(),
        1,
        "our question only"
    );
}

#[tokio::test]
async fn an_answer_is_shown_as_soon_as_it_is_written_and_only_once() {
    let site = Site::open();
    let (path, id) = inquiry(&site).await;
    ask_for_what_is_missing(&site, id).await;
    let specialist = Actor::User("c.jensen".parse().expect("a name"));
    let system = Actor::system("logistics");
    let arrival = Arrival { target_minutes: 60, due_at: now() };
    let desk = site.policy.desk_for_topic(Topic::ShippingStatus, &[]).id.clone();
    let request = RequestId(1);
    let moved = Command::Move {
        request,
        topic: Topic::ShippingStatus,
        desk,
        to: Destination::Logistics,
        reason: "Telefonisch geklärt".into(),
        spent_minutes: 0,
        arrival: None,
    };
    site.command(id, &specialist, moved).await;
    site.command(id, &system, Command::Arrive { request, arrival }).await;
    let text = "Ihre Sendung ist heute früh ausgeliefert worden.";
    site.command(id, &specialist, Command::Answer { request, text: text.into(), spent_minutes: 5 }).await;
    assert_eq!(site.get(&path).await.text.matches(text).count(), 1);
    let caused_by = site.case(id).await.version;
    let message = SentMessage {
        kind: OutgoingKind::Answer,
        caused_by,
        about: vec![request],
        subject: "Antwort".into(),
        text: format!("Guten Tag,\n\n{text}\n\nFreundliche Grüße").into(),
        to: "bestellung@see-apotheke.example".parse().expect("an address"),
        message_id: "m2@nordhafen-pharma.example".to_owned(),
    };
    site.command(id, &Actor::system("contact"), Command::RecordSent { message }).await;
    assert_eq!(site.get(&path).await.text.matches(text).count(), 1);
}

#[tokio::test]
async fn of_a_mail_only_the_new_text_is_shown() {
    let site = Site::open();
    let (path, id) = inquiry(&site).await;
    let message = ReceivedMessage {
        channel: Channel::Mail,
        subject: Some("AW: Ihre Anfrage".into()),
        body: "Es war die Bestellung vom Montag.\n\n> Bitte nennen Sie uns das Zitierte.\n".into(),
        fields: std::collections::BTreeMap::new(),
        automatic: None,
        mail: None,
    };
    site.command(id, &Actor::Contact, Command::ReceiveMessage { message }).await;
    let page = site.get(&path).await.text;
    assert!(page.contains("Es war die Bestellung vom Montag.") && page.contains("AW: Ihre Anfrage"));
    assert!(!page.contains("das Zitierte"));
}

#[tokio::test]
async fn forged_links_and_links_to_nothing_give_one_and_the_same_page() {
    let site = Site::open();
    let (path, _) = inquiry(&site).await;
    let nothing = format!("/s/{}", site.keys.status_token(CaseId::from_number(1)));
    let cut = path[..path.len() - 1].to_owned();
    let swapped = format!("{cut}A");
    let swapped = if swapped == path { format!("{cut}B") } else { swapped };
    let reference = site.get(&nothing).await;
    assert_eq!(reference.status, StatusCode::NOT_FOUND);
    for link in [cut, swapped, "/s/x".to_owned(), "/s/%ff".to_owned(), "/s/%3Cscript%3E".to_owned()] {
        for address in [link.clone(), format!("{link}/sent")] {
            let answer = site.get(&address).await;
            assert_eq!((answer.status, &answer.text), (reference.status, &reference.text), "{address}");
        }
        let reply = site.post_form(&format!("{link}/reply"), &[("message", "Hallo")]).await;
        assert_eq!((reply.status, &reply.text), (reference.status, &reference.text));
    }
}

#[tokio::test]
async fn who_reports_a_defect_reads_that_it_was_passed_on() {
    let site = Site::open();
    let (path, id) = inquiry(&site).await;
    assert!(site.get(&path).await.text.contains("wird gerade zugeordnet"));
    let (kind, confidence) = (SafetyKind::QualityComplaint, Confidence::CERTAIN);
    let safety = vec![SafetyFinding { kind, confidence, evidence: Vec::new() }];
    classify(&site, id, Decision { safety, ..nothing_found() }).await;
    let page = site.get(&path).await;
    assert!(page.text.contains("ist sofort an die zuständige Abteilung gegangen"), "{}", page.text);
    assert!(!page.text.contains("wird gerade zugeordnet"), "{}", page.text);
}

#[tokio::test]
async fn what_was_chosen_and_entered_is_shown_as_people_read_it() {
    let site = Site::open();
    let body = json!({
        "language": "de",
        "body": "Wo bleibt sie?",
        "contact": { "email": "bestellung@see-apotheke.example" },
        "fields": { "topic": "shipping_status", "order_date": "2026-11-19" },
    });
    let answer = site.post_json("entries", &body).await;
    let token = token(answer.json()["status_url"].as_str().expect("a link"));
    for (language, concern, day) in
        [("de", "Anliegen: Lieferung", "19.11.2026"), ("en", "Concern: Delivery", "19 Nov 2026")]
    {
        let page = site.get(&format!("/s/{token}?lang={language}")).await;
        assert!(page.text.contains(concern) && page.text.contains(day), "{}", page.text);
        assert!(!page.text.contains("shipping_status"), "our names are for programs");
    }
}
