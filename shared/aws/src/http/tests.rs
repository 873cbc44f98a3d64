//! Stories about the way of a request through API Gateway to a router and back.

use super::*;
use axum::{
    extract::DefaultBodyLimit,
    http::HeaderMap,
    response::IntoResponse as _,
    routing::{get, post},
};
use lambda_http::request::from_str;
use lotse_domain::ports::Unavailable;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

const PICTURE: [u8; 4] = [0x89, b'P', b'N', 0xff];

/// A site whose secret cannot be read the first few times.
struct Site {
    failures: AtomicUsize,
}

impl Website for Site {
    async fn router(&self) -> Result<Router, Failure> {
        let left = self.failures.load(Ordering::SeqCst);
        if left > 0 {
            self.failures.store(left - 1, Ordering::SeqCst);
            return Err(Unavailable::for_now("the secret cannot be read").into());
        }
        let cookies = async |headers: HeaderMap| {
            let sent = headers.get(header::COOKIE).cloned().unwrap_or(HeaderValue::from_static(""));
            let answer =
                [(header::SET_COOKIE, HeaderValue::from_static("a=1")), (header::CONTENT_LANGUAGE, sent)];
            answer.into_response()
        };
        Ok(Router::new()
            .route("/s/{token}", get(async || "Grüße"))
            .route("/picture", get(async || ([(header::CONTENT_TYPE, "image/png")], PICTURE)))
            .route("/cookies", get(cookies))
            .route("/echo", post(async |body: String| body).layer(DefaultBodyLimit::max(10)))
            .route("/panic", get(async || -> &'static str { panic!("about somebody") })))
    }
}

fn site(failures: usize) -> Arc<Served<Site>> {
    Arc::new(Served { website: Site { failures: AtomicUsize::new(failures) }, router: OnceCell::new() })
}

/// What API Gateway hands over, payload format 2.0.
fn event(method: &str, path: &str, more: &Value) -> Request {
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": { "host": "inquiries.nordhafen-pharma.example", "x-forwarded-proto": "https" },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "inquiries.nordhafen-pharma.example",
            "domainPrefix": "inquiries",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "browser",
            },
            "requestId": "request",
            "routeKey": "$default",
            "stage": "$default",
            "time": "22/Nov/2026:14:00:00 +0000",
            "timeEpoch": 1_795_356_000_000_i64,
        },
        "isBase64Encoded": false,
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        event[name] = value.clone();
    }
    from_str(&event.to_string()).expect("an event of API Gateway")
}

/// The answer as API Gateway gets it: `lambda_http` decides by its type whether it is text.
async fn answered(served: &Arc<Served<Site>>, request: Request) -> Response<Body> {
    lambda_http::IntoResponse::into_response(answer(Arc::clone(served), request).await).await
}

#[tokio::test]
async fn text_stays_text_and_a_picture_goes_out_as_bytes() {
    let site = site(0);
    let page = answered(&site, event("GET", "/s/token", &json!({}))).await;
    assert_eq!((page.status(), page.body()), (StatusCode::OK, &Body::Text("Grüße".to_owned())));
    let picture = answered(&site, event("GET", "/picture", &json!({}))).await;
    assert_eq!(picture.body(), &Body::Binary(PICTURE.to_vec()));
}

#[tokio::test]
async fn bodies_that_came_as_base64_are_read_within_their_limit() {
    let site = site(0);
    let encoded = json!({ "body": "SGFsbG8=", "isBase64Encoded": true });
    let answer = answered(&site, event("POST", "/echo", &encoded)).await;
    assert_eq!(answer.body(), &Body::Text("Hallo".to_owned()));
    let too_large = json!({ "body": "x".repeat(11) });
    let answer = answered(&site, event("POST", "/echo", &too_large)).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn cookies_come_and_go() {
    let answer = answered(&site(0), event("GET", "/cookies", &json!({ "cookies": ["s=1", "l=de"] }))).await;
    assert_eq!(answer.headers()[header::SET_COOKIE], "a=1");
    assert_eq!(answer.headers()[header::CONTENT_LANGUAGE], "s=1; l=de");
}

#[tokio::test]
async fn a_panic_is_an_answer_that_says_nothing_of_it() {
    let answer = answered(&site(0), event("GET", "/panic", &json!({}))).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let Body::Text(text) = answer.body() else { panic!("text") };
    assert!(!text.contains("somebody"));
}

#[tokio::test]
async fn a_site_without_its_secret_asks_for_patience_and_tries_again() {
    let site = site(1);
    let first = answered(&site, event("GET", "/s/token", &json!({}))).await;
    assert_eq!(first.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(first.headers()[header::RETRY_AFTER], "60");
    assert_eq!(answered(&site, event("GET", "/s/token", &json!({}))).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_path_with_any_letters_is_answered() {
    for path in ["/s/Müller Straße", "/%", "//", "/s/a?b#c"] {
        let status = answered(&site(0), event("GET", path, &json!({}))).await.status();
        assert!(status == StatusCode::NOT_FOUND || status == StatusCode::OK, "{path}: {status}");
    }
}

#[test]
fn tokens_are_not_logged() {
    assert_eq!(route("/s/abcdef"), "/s");
    assert_eq!(route("/desk/cases/7"), "/desk");
    assert_eq!(["/", "", "/ä"].map(route), ["/", "", "/ä"]);
    assert!(route(&format!("/{}", "x".repeat(500))).len() <= 32);
}
