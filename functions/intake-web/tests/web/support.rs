//! A site over a store in a temporary folder, and the ways in which people and programs call it.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use intake_web::{IntakeWeb, router};
use jiff::Timestamp;
use lotse_domain::{
    Actor, Case, CaseId, Command, RecordedEvent, advance,
    ports::{CaseStore, Clock},
};
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemRandom};
use lotse_store::SqliteStore;
use lotse_web::query_value;
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt;

pub(crate) const PUBLIC_URL: &str = "https://anfragen.nordhafen-pharma.example";

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        now()
    }
}

/// A Monday morning in Kiel.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

pub(crate) struct Site {
    router: Router,
    pub(crate) store: SqliteStore,
    pub(crate) keys: Keys,
    pub(crate) policy: Arc<Policy>,
    _folder: tempfile::TempDir,
}

/// An answer, with its body as text.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Site {
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(folder.path().join("lotse.db")).expect("a store");
        let keys = Keys::new([7; 32]);
        let policy = Arc::new(Policy::shipped().expect("the shipped policy"));
        let intake = IntakeWeb {
            store: store.clone(),
            clock: Arc::new(FixedClock),
            random: Arc::new(SystemRandom),
            keys: keys.clone(),
            policy: Arc::clone(&policy),
            public_url: PUBLIC_URL.to_owned(),
        };
        Self { router: router(intake), store, keys, policy, _folder: folder }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: head.status, headers: head.headers, text }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        self.post_encoded(path, pairs.join("&")).await
    }

    pub(crate) async fn post_encoded(&self, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.into());
        self.send(request.expect("a request")).await
    }

    pub(crate) async fn post_json(&self, key: &str, body: &Value) -> Answer {
        self.post_api(&[("content-type", "application/json"), ("idempotency-key", key)], body.to_string())
            .await
    }

    pub(crate) async fn post_api(&self, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::post("/api/inquiries");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).expect("a request")).await
    }

    pub(crate) async fn case(&self, id: CaseId) -> Case {
        self.store.load(id).await.expect("a store").expect("a case")
    }

    pub(crate) async fn history(&self, id: CaseId) -> Vec<RecordedEvent> {
        self.store.history(id).await.expect("a store")
    }

    /// How many cases there are: each has one event that opens it, and none was delivered.
    pub(crate) async fn count_cases(&self) -> usize {
        use lotse_domain::ports::EventFeed;
        let events = self.store.undelivered(1000).await.expect("a store");
        events.iter().filter(|recorded| recorded.id.sequence == 1).count()
    }

    /// The case that a page's or an answer's link leads to.
    pub(crate) fn case_of(&self, link: &str) -> CaseId {
        self.keys.read_status_token(&token(link)).expect("a link of ours")
    }

    /// What the functions and people behind the site do to a case.
    pub(crate) async fn command(&self, id: CaseId, actor: &Actor, command: Command) {
        advance(&self.store, id, now(), actor, |_| Ok(vec![command.clone()])).await.expect("carried out");
    }
}

/// The token in a link to a status page.
pub(crate) fn token(link: &str) -> String {
    let (_, rest) = link.split_once("/s/").expect("a status link");
    rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).collect()
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The value of a hidden input.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let (_, rest) = self.text.split_once(&format!("name=\"{name}\" value=\"")).expect("the input");
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}
