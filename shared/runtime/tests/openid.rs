//! A sign-in against a service that speaks the protocol over HTTP, with keys of its own.

#![expect(clippy::expect_used, reason = "a test says by panicking that something is wrong")]

use axum::{
    Form, Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use lotse_domain::ports::{IdentityError, IdentityProvider};
use lotse_runtime::{OpenId, OpenIdSettings, SettingsError};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

/// Two keys for this test and nothing else.
const KEYS: [&str; 2] = [
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n-----END PRIVATE KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI\n-----END PRIVATE KEY-----\n",
];

/// What the service does next.
#[derive(Clone, Default)]
struct Service(Arc<Mutex<Behaviour>>);

#[derive(Default)]
struct Behaviour {
    address: String,
    /// Which key signs, and whether the service still publishes the other one only.
    key: usize,
    published: usize,
    /// The challenge that came with the last authorization request (RFC 7636).
    challenge: String,
    /// What the identity says, over the usual claims.
    claims: BTreeMap<&'static str, Value>,
    discoveries: usize,
}

impl Service {
    async fn start() -> (Self, OpenId) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let service = Self::default();
        service.set(|behaviour| behaviour.address.clone_from(&address));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(service.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        let provider = OpenId::new(settings(&address)).expect("settings");
        (service, provider)
    }

    fn set<T>(&self, change: impl FnOnce(&mut Behaviour) -> T) -> T {
        change(&mut self.0.lock().expect("no panic before"))
    }
}

fn settings(issuer: &str) -> OpenIdSettings {
    OpenIdSettings {
        issuer: issuer.to_owned(),
        client_id: "desk".to_owned(),
        client_secret: "the desk's secret".to_owned(),
        return_address: "https://inquiries.nordhafen-pharma.example/desk/sign-in/finish".to_owned(),
        groups_claim: "cognito:groups".to_owned(),
    }
}

async fn configuration(State(service): State<Service>) -> Json<Value> {
    let address = service.set(|behaviour| {
        behaviour.discoveries += 1;
        behaviour.address.clone()
    });
    Json(json!({
        "issuer": address,
        "authorization_endpoint": format!("{address}/authorize"),
        "token_endpoint": format!("{address}/token"),
        "jwks_uri": format!("{address}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

fn signing_key(number: usize) -> CoreEdDsaPrivateSigningKey {
    let id = JsonWebKeyId::new(format!("key-{number}"));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(KEYS[number], Some(id)).expect("a key")
}

async fn keys(State(service): State<Service>) -> Json<Value> {
    let published = service.set(|behaviour| behaviour.published);
    Json(json!({ "keys": [signing_key(published).as_verification_key()] }))
}

async fn token(
    State(service): State<Service>,
    Form(form): Form<BTreeMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let text = |name: &str| form.get(name).cloned().unwrap_or_default();
    service.set(|behaviour| {
        let verifier = Sha256::digest(text("code_verifier").as_bytes());
        let proves = data_encoding::BASE64URL_NOPAD.encode(&verifier) == behaviour.challenge;
        if !proves || text("grant_type") != "authorization_code" || text("code") == "used" {
            return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let mut claims = json!({
            "iss": behaviour.address, "sub": "4f1c", "aud": "desk", "iat": now, "exp": now + 300,
            "name": "Anna Lorenzen", "cognito:groups": ["medical-information", "staff"],
        });
        for (claim, value) in &behaviour.claims {
            claims[*claim] = value.clone();
        }
        let answer = json!({
            "access_token": "a", "token_type": "Bearer", "id_token": signed(behaviour.key, &claims),
        });
        (StatusCode::OK, Json(answer))
    })
}

fn signed(key: usize, claims: &Value) -> String {
    let text = |part: &Value| data_encoding::BASE64URL_NOPAD.encode(part.to_string().as_bytes());
    let head = json!({ "alg": "EdDSA", "typ": "JWT", "kid": format!("key-{key}") });
    let message = format!("{}.{}", text(&head), text(claims));
    let signature = signing_key(key).sign(&CoreJwsSigningAlgorithm::EdDsa, message.as_bytes());
    format!("{message}.{}", data_encoding::BASE64URL_NOPAD.encode(&signature.expect("signed")))
}

/// Goes through a sign-in, as a browser would, with what the service says over the usual claims.
async fn sign_in(
    service: &Service,
    provider: &OpenId,
    code: &str,
    claims: &[(&'static str, Value)],
) -> Result<lotse_domain::ports::Identity, IdentityError> {
    let begun = provider.begin().await?;
    let query = begun.address.split_once('?').expect("parameters").1.to_owned();
    let parameter = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    assert_eq!(parameter("code_challenge_method"), "S256");
    assert_eq!(parameter("state"), begun.state);
    service.set(|behaviour| {
        behaviour.challenge = parameter("code_challenge");
        behaviour.claims = [("nonce", json!(begun.nonce))].into();
        behaviour.claims.extend(claims.iter().cloned());
    });
    provider.finish(code, &begun).await
}

#[tokio::test]
async fn the_service_says_who_somebody_is_and_in_which_groups() {
    let (service, provider) = Service::start().await;
    let identity = sign_in(&service, &provider, "good", &[]).await.expect("signed in");
    assert_eq!((&*identity.subject, &*identity.name), ("4f1c", "Anna Lorenzen"));
    let groups = ["medical-information", "staff"].map(str::to_owned);
    assert_eq!(identity.groups, BTreeSet::from(groups));
    sign_in(&service, &provider, "good", &[]).await.expect("signed in again");
    assert_eq!(service.set(|behaviour| behaviour.discoveries), 1, "asked about itself once");
}

#[tokio::test]
async fn an_identity_for_another_desk_another_sign_in_or_another_time_is_refused() {
    let (service, provider) = Service::start().await;
    for claim in [
        ("aud", json!("another desk")),
        ("iss", json!("https://sign-in.elsewhere.example")),
        ("nonce", json!("of an earlier sign-in")),
        ("exp", json!(1_700_000_000)),
    ] {
        let name = claim.0;
        let outcome = sign_in(&service, &provider, "good", &[claim]).await;
        assert!(matches!(outcome, Err(IdentityError::Refused(_))), "{name}");
    }
    let used = sign_in(&service, &provider, "used", &[]).await;
    assert!(matches!(used, Err(IdentityError::Refused(_))), "a code is good for one time");
}

#[tokio::test]
async fn keys_may_be_exchanged_and_a_strangers_key_is_refused() {
    let (service, provider) = Service::start().await;
    sign_in(&service, &provider, "good", &[]).await.expect("signed in");
    service.set(|behaviour| behaviour.key = 1);
    let forged = sign_in(&service, &provider, "good", &[]).await;
    assert!(matches!(forged, Err(IdentityError::Refused(_))), "signed by nobody the service knows");
    service.set(|behaviour| behaviour.published = 1);
    sign_in(&service, &provider, "good", &[]).await.expect("the new key is asked for");
}

#[tokio::test]
async fn a_service_that_is_not_there_refuses_nobody_for_good() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", closed.local_addr().expect("an address"));
    drop(closed);
    let provider = OpenId::new(settings(&address)).expect("settings");
    assert!(matches!(provider.begin().await, Err(IdentityError::Unavailable(_))));
}

#[test]
fn a_service_over_an_open_line_is_no_service() {
    let refused = OpenId::new(settings("http://sign-in.nordhafen-pharma.example"));
    assert!(matches!(refused, Err(SettingsError::NotEncrypted(_))));
    assert!(matches!(OpenId::new(settings("sign-in")), Err(SettingsError::NoAddress(_))));
}
