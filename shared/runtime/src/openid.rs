//! Sign-in by the company's own service: OpenID Connect Core 1.0, authorization code flow with PKCE.
//!
//! Nothing is asked of the service before somebody signs in. What it says about itself, its signing keys
//! among it, is kept for an hour, and asked for again where an identity does not fit: keys are exchanged
//! without notice.

use lotse_domain::ports::{Answer, Identity, IdentityError, IdentityProvider, SignInBegun, Unavailable};
use openidconnect::{
    AdditionalClaims, AsyncHttpClient, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, HttpRequest, HttpResponse, IdTokenFields, IdTokenVerifier, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
        CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fmt,
    future::Future,
    io::Read as _,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;
use ureq::http;

/// How long what the service says of itself is believed.
const BELIEVED: Duration = Duration::from_hours(1);
/// A person waits meanwhile.
const TIMEOUT: Duration = Duration::from_secs(5);
/// No answer of such a service is longer: keys and tokens are some kilobytes.
const MOST_BYTES: u64 = 512 * 1024;
/// Groups of a person that are looked at.
const MOST_GROUPS: usize = 1_000;

/// Where the service is, and what it knows this desk by.
pub struct OpenIdSettings {
    /// The service's issuer identifier, such as `https://sign-in.nordhafen-pharma.example`.
    pub issuer: String,
    /// What the service knows this desk by.
    pub client_id: String,
    /// The desk's own secret with the service.
    pub client_secret: String,
    /// Where the service sends browsers back to, as it is registered there.
    pub return_address: String,
    /// The claim that lists a person's groups: `cognito:groups`, `groups`.
    pub groups_claim: String,
}

impl fmt::Debug for OpenIdSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[OpenID Connect by {}]", self.issuer)
    }
}

/// Why a service cannot be used as it is set.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// An address that is none.
    #[error("`{0}` is not an address; write it as https://…")]
    NoAddress(String),
    /// Whoever is on the way could sign in as anybody.
    #[error("`{0}` is not reached over TLS; write it as https://…")]
    NotEncrypted(String),
}

/// A company's sign-in service.
pub struct OpenId {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: ClientSecret,
    return_address: RedirectUrl,
    groups_claim: String,
    web: Web,
    believed: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

impl fmt::Debug for OpenId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[OpenID Connect by {}]", self.issuer.as_str())
    }
}

impl OpenId {
    /// A service. Nothing is asked of it yet.
    pub fn new(settings: OpenIdSettings) -> Result<Self, SettingsError> {
        let no_address = |text: &str| SettingsError::NoAddress(text.to_owned());
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| no_address(&settings.issuer))?;
        let return_address = RedirectUrl::new(settings.return_address.clone())
            .map_err(|_| no_address(&settings.return_address))?;
        if !is_encrypted_or_local(issuer.url().as_str()) {
            return Err(SettingsError::NotEncrypted(settings.issuer));
        }
        Ok(Self {
            issuer,
            client_id: ClientId::new(settings.client_id),
            client_secret: ClientSecret::new(settings.client_secret),
            return_address,
            groups_claim: settings.groups_claim,
            web: Web::new(),
            believed: Mutex::new(None),
        })
    }

    /// What the service says of itself, asked for again where that is older than `at_most`.
    async fn metadata(&self, at_most: Duration) -> Result<Arc<CoreProviderMetadata>, IdentityError> {
        let mut believed = self.believed.lock().await;
        if let Some((since, metadata)) = &*believed
            && since.elapsed() < at_most
        {
            return Ok(Arc::clone(metadata));
        }
        let discovered = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.web).await;
        let metadata = Arc::new(discovered.map_err(Unavailable::for_now)?);
        *believed = Some((Instant::now(), Arc::clone(&metadata)));
        Ok(metadata)
    }

    async fn begin_sign_in(&self) -> Result<SignInBegun, IdentityError> {
        let metadata = self.metadata(BELIEVED).await?;
        let client = self.client(&metadata);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        let scopes = ["email", "profile"].map(|scope| Scope::new(scope.to_owned()));
        let (address, state, nonce) = request.add_scopes(scopes).set_pkce_challenge(challenge).url();
        Ok(SignInBegun {
            address: address.into(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    async fn finish_sign_in(&self, code: &str, begun: &SignInBegun) -> Result<Identity, IdentityError> {
        let metadata = self.metadata(BELIEVED).await?;
        let client = self.client(&metadata);
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(Unavailable::for_now)?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()));
        let tokens = request.request_async(&self.web).await.map_err(failure_of_exchange)?;
        let token = tokens.extra_fields().id_token().ok_or_else(|| refused("it sent no identity"))?;
        let nonce = Nonce::new(begun.nonce.clone());
        let known: IdTokenVerifier<'_, CoreJsonWebKey> = client.id_token_verifier();
        let claims = match token.claims(&known, &nonce) {
            Ok(claims) => claims,
            Err(openidconnect::ClaimsVerificationError::SignatureVerification(_)) => {
                let renewed = self.metadata(Duration::ZERO).await?;
                let client = self.client(&renewed);
                token.claims(&client.id_token_verifier(), &nonce).map_err(refused)?
            }
            Err(error) => return Err(refused(error)),
        };
        let in_any_language = |name: &openidconnect::LocalizedClaim<openidconnect::EndUserName>| {
            name.iter().next().map(|(_, name)| name.to_string())
        };
        let name = claims.name().and_then(in_any_language);
        let name = name.or_else(|| claims.email().map(|address| address.to_string()));
        Ok(Identity {
            subject: claims.subject().to_string(),
            name: name.unwrap_or_default(),
            groups: claims.additional_claims().texts(&self.groups_claim),
        })
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> ServiceClient {
        Client::from_provider_metadata(
            metadata.clone(),
            self.client_id.clone(),
            Some(self.client_secret.clone()),
        )
        .set_redirect_uri(self.return_address.clone())
    }
}

impl IdentityProvider for OpenId {
    fn begin(&self) -> Answer<'_, SignInBegun> {
        Box::pin(self.begin_sign_in())
    }

    fn finish<'a>(&'a self, code: &'a str, begun: &'a SignInBegun) -> Answer<'a, Identity> {
        Box::pin(self.finish_sign_in(code, begun))
    }
}

fn refused(cause: impl Into<Box<dyn Error + Send + Sync>>) -> IdentityError {
    IdentityError::Refused(cause.into())
}

/// The service's own "no" is a refusal; everything else may be different in a minute.
fn failure_of_exchange<E: Error + Send + Sync + 'static>(
    error: openidconnect::RequestTokenError<E, StandardErrorResponse<CoreErrorResponseType>>,
) -> IdentityError {
    match error {
        openidconnect::RequestTokenError::ServerResponse(answer) => refused(answer.error().to_string()),
        other => Unavailable::for_now(other).into(),
    }
}

/// Over TLS, or not over a network at all.
fn is_encrypted_or_local(address: &str) -> bool {
    let Ok(address) = address.parse::<http::Uri>() else { return false };
    let is_local = matches!(address.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    address.scheme() == Some(&http::uri::Scheme::HTTPS) || is_local
}

/// Every claim beside the standard's: which one holds the groups is a setting.
#[derive(Debug, Serialize, Deserialize)]
struct OtherClaims(BTreeMap<String, Value>);

impl AdditionalClaims for OtherClaims {}

impl OtherClaims {
    /// The texts of a claim that lists texts, or is one.
    fn texts(&self, claim: &str) -> BTreeSet<String> {
        let texts = match self.0.get(claim) {
            Some(Value::Array(texts)) => texts.as_slice(),
            Some(text) => std::slice::from_ref(text),
            None => &[],
        };
        texts.iter().filter_map(Value::as_str).take(MOST_GROUPS).map(str::to_owned).collect()
    }
}

type Tokens = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// The protocol's client, which knows where to send browsers, and perhaps where codes are redeemed.
type ServiceClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

/// The way to the service: no redirects followed, bounded in time and size.
struct Web(ureq::Agent);

impl Web {
    fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .build();
        Self(config.into())
    }

    fn ask(agent: &ureq::Agent, request: HttpRequest) -> Result<HttpResponse, WebError> {
        if !is_encrypted_or_local(&request.uri().to_string()) {
            return Err(WebError::NotEncrypted);
        }
        let (head, body) = agent.run(request).map_err(Box::new)?.into_parts();
        let mut bytes = Vec::new();
        body.into_reader().take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(WebError::TooLong);
        }
        Ok(HttpResponse::from_parts(head, bytes))
    }
}

impl<'web> AsyncHttpClient<'web> for Web {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WebError>> + Send + 'web>>;

    fn call(&'web self, request: HttpRequest) -> Self::Future {
        let agent = self.0.clone();
        let asking = tokio::task::spawn_blocking(move || Self::ask(&agent, request));
        Box::pin(async move { asking.await.unwrap_or(Err(WebError::Stopped)) })
    }
}

/// Why the service did not answer.
#[derive(Debug, thiserror::Error)]
enum WebError {
    #[error("the sign-in service cannot be reached")]
    Unreachable(#[from] Box<ureq::Error>),
    #[error("the sign-in service stopped in the middle of its answer")]
    CutOff(#[from] std::io::Error),
    #[error("the sign-in service sent more than {MOST_BYTES} bytes")]
    TooLong,
    #[error("the sign-in service names an address of its own that is not reached over TLS")]
    NotEncrypted,
    #[error("this process is stopping")]
    Stopped,
}
