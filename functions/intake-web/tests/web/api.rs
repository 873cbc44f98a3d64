//! Another program sends inquiries.

use crate::support::{Answer, PUBLIC_URL, Site};
use axum::http::StatusCode;
use serde_json::{Value, json};

fn inquiry() -> Value {
    json!({
        "channel": "web",
        "language": "de",
        "subject": "Dosierung",
        "body": "Muss Glykaris bei eingeschränkter Nierenfunktion angepasst werden?",
        "contact": { "email": "a.berg@klinik-am-hafen.example", "name": "Dr. Anna Berg" },
        "fields": { "product": "Glykaris" },
    })
}

fn assert_problem(answer: &Answer, status: StatusCode) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["status"], status.as_u16());
    for member in ["type", "title", "detail"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member} in {problem}");
    }
    problem
}

#[tokio::test]
async fn an_inquiry_is_kept_and_its_sender_gets_reference_and_link() {
    let site = Site::open();
    let mut body = inquiry();
    body["id"] = "ticket-17".into();
    let answer = site.post_json("8e03978e-40d5-43dd-bc93-6894a57f9324", &body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let accepted = answer.json();
    assert_eq!(accepted["id"], "ticket-17");
    let link = accepted["status_url"].as_str().expect("a link");
    assert!(link.starts_with(&format!("{PUBLIC_URL}/s/")));
    assert_eq!(answer.header("location"), link);
    let case = site.case(site.case_of(link)).await;
    assert_eq!(accepted["reference"], case.reference.to_string());
    assert_eq!(case.contact.name.as_deref(), Some("Dr. Anna Berg"));
    let page = site.get(link.strip_prefix(PUBLIC_URL).expect("our link")).await;
    assert!(page.text.contains("Muss Glykaris bei eingeschränkter Nierenfunktion"));
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_never_a_second_case() {
    let site = Site::open();
    let first = site.post_json("key-1", &inquiry()).await;
    let again = site.post_json("key-1", &inquiry()).await;
    assert_eq!((first.status, &first.text), (again.status, &again.text));
    let mut other = inquiry();
    other["body"] = "Eine andere Frage.".into();
    let problem = assert_problem(&site.post_json("key-1", &other).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(problem["type"].as_str().is_some_and(|kind| kind.ends_with("idempotency-key-reused")));
    assert_eq!(site.count_cases().await, 1);
    assert_eq!(site.post_json("key-2", &other).await.status, StatusCode::ACCEPTED);
    assert_eq!(site.count_cases().await, 2);
}

#[tokio::test]
async fn many_at_once_with_one_key_are_one_case() {
    let site = Site::open();
    let body = inquiry();
    let (a, b, c, d) = tokio::join!(
        site.post_json("key", &body),
        site.post_json("key", &body),
        site.post_json("key", &body),
        site.post_json("key", &body)
    );
    for other in [&b, &c, &d] {
        assert_eq!((a.status, &a.text), (other.status, &other.text));
    }
    assert_eq!(site.count_cases().await, 1);
}

#[tokio::test]
async fn each_bad_request_is_told_what_is_wrong_with_it() {
    type Case = (&'static [(&'static str, &'static str)], Vec<u8>, StatusCode);
    const JSON: (&str, &str) = ("content-type", "application/json");
    const KEY: (&str, &str) = ("idempotency-key", "key");
    let site = Site::open();
    let good = inquiry().to_string();
    let deep = "[".repeat(100_000);
    let long_key = "k".repeat(256);
    let cases: Vec<Case> = vec![
        (&[JSON], good.clone().into(), StatusCode::BAD_REQUEST),
        (&[JSON, ("idempotency-key", "")], good.clone().into(), StatusCode::BAD_REQUEST),
        (&[JSON, ("idempotency-key", "with blank")], good.clone().into(), StatusCode::BAD_REQUEST),
        (&[KEY], good.clone().into(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (&[KEY, ("content-type", "text/plain")], good.into(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (&[JSON, KEY], Vec::new(), StatusCode::BAD_REQUEST),
        (&[JSON, KEY], b" \n".to_vec(), StatusCode::BAD_REQUEST),
        (&[JSON, KEY], b"{\"body\": ".to_vec(), StatusCode::BAD_REQUEST),
        (&[JSON, KEY], b"{\"body\": \"\xff\"}".to_vec(), StatusCode::BAD_REQUEST),
        (&[JSON, KEY], deep.into_bytes(), StatusCode::BAD_REQUEST),
        // Of two texts, readers of JSON keep one: the other would be lost.
        (&[JSON, KEY], b"{\"body\": \"one\", \"body\": \"two\"}".to_vec(), StatusCode::BAD_REQUEST),
        (&[JSON, KEY], b"null".to_vec(), StatusCode::UNPROCESSABLE_ENTITY),
        (&[JSON, KEY], b"[1]".to_vec(), StatusCode::UNPROCESSABLE_ENTITY),
        (&[JSON, KEY], vec![b' '; 10_000_000], StatusCode::PAYLOAD_TOO_LARGE),
    ];
    for (headers, body, status) in cases {
        assert_problem(&site.post_api(headers, body).await, status);
    }
    let long = site.post_api(&[JSON, ("idempotency-key", &long_key)], "{}").await;
    assert_problem(&long, StatusCode::BAD_REQUEST);
    assert_eq!(site.count_cases().await, 0);
}

#[tokio::test]
async fn wrong_members_are_named_by_pointer_and_what_was_sent_is_not_repeated() {
    let site = Site::open();
    let body = json!({
        "body": "",
        "chanel": "web",
        "subject": 7,
        "contact": { "email": "geheim@@klinik.example", "country": "Deutschland" },
        "fields": { "order_date": "gestern", "colour": "blue" },
    });
    let answer = site.post_json("key", &body).await;
    let problem = assert_problem(&answer, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = problem["errors"].as_array().expect("errors");
    let pointers: Vec<&str> = errors.iter().filter_map(|error| error["pointer"].as_str()).collect();
    for pointer in [
        "/body",
        "/chanel",
        "/subject",
        "/contact/email",
        "/contact/country",
        "/fields/order_date",
        "/fields/colour",
    ] {
        assert!(pointers.contains(&pointer), "{pointer} in {pointers:?}");
    }
    for sent in ["geheim", "Deutschland", "gestern"] {
        assert!(!answer.text.contains(sent), "{sent}");
    }
}

#[tokio::test]
async fn what_the_api_does_not_have_is_a_problem_too() {
    let site = Site::open();
    assert_problem(&site.get("/api/unknown").await, StatusCode::NOT_FOUND);
    let wrong_method = site.get("/api/inquiries").await;
    assert_problem(&wrong_method, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(wrong_method.header("allow"), "POST");
}

#[tokio::test]
async fn the_description_names_the_routes_that_answer_and_the_statuses_they_give() {
    let site = Site::open();
    let answer = site.get("/openapi.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().expect("paths");
    assert_eq!(paths.len(), 3);
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().expect("methods") {
            let answer = match method.as_str() {
                "get" => site.get(path).await,
                "post" => site.post_json("key", &inquiry()).await,
                other => panic!("no test for {other}"),
            };
            let status = answer.status.as_str();
            assert!(operation["responses"].get(status).is_some(), "{method} {path} gives {status}");
        }
    }
    let references: Vec<&str> =
        answer.text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(!references.is_empty());
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference} leads nowhere");
    }
}

#[tokio::test]
async fn whoever_is_too_slow_gets_a_page_and_a_program_gets_a_problem() {
    let policy = lotse_policy::Policy::shipped().expect("the shipped policy");
    let answer = async |path: &str, language: &str| {
        let request = axum::extract::Request::get(path).header("accept-language", language);
        let request = request.body(axum::body::Body::empty()).expect("a request");
        let response = intake_web::answer_when_too_slow(&request)(&policy);
        assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
        let kind = response.headers()["content-type"].to_str().expect("text").to_owned();
        let bytes = axum::body::to_bytes(response.into_body(), 100_000).await.expect("a body");
        (kind, String::from_utf8(bytes.to_vec()).expect("text"))
    };
    let (kind, page) = answer("/inquiries", "de").await;
    assert_eq!(kind, "text/html; charset=utf-8");
    assert!(page.contains("Das hat zu lange gedauert") && page.contains("That took too long"), "{page}");
    let (kind, problem) = answer("/api/inquiries", "de").await;
    assert_eq!(kind, "application/problem+json");
    assert!(problem.contains("\"status\":408") && problem.contains("Idempotency-Key"), "{problem}");
}
