//! A pharmacist opens the form, fills it in, and sends it.

use crate::support::{Answer, Site};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use lotse_domain::{Event, FormField, Language};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn filled() -> Vec<(&'static str, &'static str)> {
    vec![
        ("lang", "de"),
        ("idempotency_key", KEY),
        ("topic", "shipping_status"),
        ("subject", "Lieferung fehlt"),
        ("message", "Guten Tag,\r\nunsere Bestellung ist noch nicht da."),
        ("order_number", "NP-2026-004711"),
        ("order_date", "2026-11-18"),
        ("name", "Jörg Petersen"),
        ("institution", "Leuchtturm-Apotheke, Husum"),
        ("country", "DE"),
        ("email", "j.petersen@leuchtturm-apotheke.example"),
        ("professional", "yes"),
    ]
}

fn with(field: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut fields = filled();
    fields.retain(|(name, _)| *name != field);
    fields.push((field, value));
    fields
}

fn assert_safe(page: &Answer) {
    let policy = page.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_form_speaks_the_language_that_is_asked_for_or_preferred() {
    let site = Site::open();
    for (path, header, tag) in [
        ("/", "en-GB,de;q=0.5", "en"),
        ("/?lang=de", "en", "de"),
        ("/?lang=en", "de", "en"),
        ("/", "fr", "de"),
    ] {
        let request = Request::get(path).header("accept-language", header).body(Body::empty());
        let page = site.send(request.expect("a request")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains(&format!("<html lang=\"{tag}\"")), "{path} {header}");
        assert_eq!(page.header("vary"), "accept-language");
        assert_safe(&page);
    }
}

#[tokio::test]
async fn a_sent_form_becomes_a_case_and_the_contact_is_told_its_reference() {
    let site = Site::open();
    let sent = site.post_form("/inquiries", &filled()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let confirmation = site.get(sent.header("location")).await;
    assert_eq!(confirmation.status, StatusCode::OK);
    assert_safe(&confirmation);
    let id = site.case_of(sent.header("location"));
    let case = site.case(id).await;
    assert!(confirmation.text.contains(&case.reference.to_string()));
    assert_eq!(case.language, Language::German);
    assert_eq!(case.contact.name.as_deref(), Some("Jörg Petersen"));
    let history = site.history(id).await;
    let Some(Event::CaseOpened { message, .. }) = history.first().map(|recorded| &recorded.event) else {
        panic!("a case begins with its opening")
    };
    assert_eq!(message.body.as_str(), "Guten Tag,\nunsere Bestellung ist noch nicht da.");
    assert_eq!(message.fields[&FormField::OrderNumber].as_str(), "NP-2026-004711");
    assert_eq!(message.mail, None);
}

#[tokio::test]
async fn a_form_sent_twice_is_one_inquiry_and_one_that_was_changed_is_another() {
    let site = Site::open();
    let first = site.post_form("/inquiries", &filled()).await;
    let again = site.post_form("/inquiries", &filled()).await;
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(site.count_cases().await, 1);
    let changed = site.post_form("/inquiries", &with("message", "Und noch eine Frage.")).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);
    assert_eq!(site.count_cases().await, 2);
}

#[tokio::test]
async fn each_mistake_is_shown_beside_its_field_and_nothing_typed_is_lost() {
    let site = Site::open();
    let long: &'static str = "x".repeat(20_001).leak();
    let cases = [
        ("topic", ""),
        ("topic", "complaint"),
        ("message", " \n"),
        ("message", long),
        ("email", ""),
        ("email", "petersen at home"),
        ("order_date", "18.11.2026"),
        ("country", "Germany"),
        ("professional", ""),
        ("name", "x".repeat(201).leak()),
    ];
    for language in ["de", "en"] {
        for (field, value) in cases {
            let mut fields = with(field, value);
            fields[0] = ("lang", language);
            fields.retain(|(name, value)| *name != "lang" || *value == language);
            let page = site.post_form("/inquiries", &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value:.20}");
            assert!(page.text.contains(&format!("id=\"{field}-error\"")), "{language}: {field} {value:.20}");
            assert!(page.text.contains("Leuchtturm-Apotheke, Husum"), "the rest is kept");
            assert_eq!(page.hidden("idempotency_key"), KEY);
            assert_safe(&page);
        }
    }
    assert_eq!(site.count_cases().await, 0);
}

#[tokio::test]
async fn script_in_any_field_is_shown_as_text() {
    let site = Site::open();
    let script = "\"><script>alert(1)</script>";
    let fields: Vec<(&str, &str)> = filled()
        .into_iter()
        .map(|(name, value)| if name == "lang" { (name, value) } else { (name, script) })
        .collect();
    let refused = site.post_form("/inquiries", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.text.contains("<script>alert"));
    let mut kept = with("message", script);
    for (name, value) in &mut kept {
        if ["subject", "name", "institution", "order_number"].contains(name) {
            *value = script;
        }
    }
    let sent = site.post_form("/inquiries", &kept).await;
    let status = site.get(&format!("/s/{}", crate::support::token(sent.header("location")))).await;
    assert_eq!(status.status, StatusCode::OK);
    assert!(status.text.contains("&lt;script&gt;") || status.text.contains("&#60;script&#62;"));
    assert!(!status.text.contains("<script>alert"));
}

#[tokio::test]
async fn what_a_robot_seems_to_have_sent_is_kept_without_a_mail_to_the_address_it_gave() {
    let site = Site::open();
    let sent = site.post_form("/inquiries", &with("website", "https://spam.example")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let history = site.history(site.case_of(sent.header("location"))).await;
    let message = history.first().and_then(|recorded| recorded.event.received_message()).expect("a message");
    assert!(message.mail.as_ref().is_some_and(|mail| mail.suppress_reply));
    assert_eq!(message.automatic, None, "it is triaged like any other");
}

#[tokio::test]
async fn what_is_no_form_is_refused_with_its_reason() {
    let site = Site::open();
    let cases = [
        (site.post_encoded("/inquiries", "message=%ff%fe").await, StatusCode::BAD_REQUEST),
        (site.post_encoded("/inquiries", vec![b'm', b'=', 0xff]).await, StatusCode::BAD_REQUEST),
        (site.post_encoded("/inquiries", "a=1&".repeat(500)).await, StatusCode::BAD_REQUEST),
        (site.post_encoded("/inquiries", "x".repeat(10_000_000)).await, StatusCode::PAYLOAD_TOO_LARGE),
        (site.post_encoded("/inquiries", "").await, StatusCode::UNPROCESSABLE_ENTITY),
        (site.get("/inquiries").await, StatusCode::METHOD_NOT_ALLOWED),
        (site.get("/unknown").await, StatusCode::NOT_FOUND),
        (site.get("/assets/unknown.css").await, StatusCode::NOT_FOUND),
    ];
    for (answer, status) in cases {
        assert_eq!(answer.status, status);
        assert!(answer.header("content-type").starts_with("text/html"), "{status}");
        assert_safe(&answer);
    }
    let json = Request::post("/inquiries").header("content-type", "application/json").body("{}".into());
    assert_eq!(site.send(json.expect("a request")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(site.count_cases().await, 0);
}

#[tokio::test]
async fn the_pages_assets_may_be_kept_for_ever() {
    let site = Site::open();
    let page = site.get("/").await;
    let (_, rest) = page.text.split_once("href=\"/assets/").expect("a stylesheet");
    let path = format!("/assets/{}", rest.split('"').next().unwrap_or_default());
    let asset = site.get(&path).await;
    assert_eq!(asset.status, StatusCode::OK);
    assert!(asset.header("cache-control").contains("immutable"));
    assert_eq!(site.get("/health").await.status, StatusCode::OK);
}
