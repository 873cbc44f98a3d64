//! What the API says where it cannot do what was asked: problem details (RFC 9457). None repeats what was sent.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use lotse_domain::ports::Unavailable;
use lotse_web::UnreadBody;
use serde::Serialize;

/// A member of a request body, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct InvalidMember {
    /// Where: a JSON pointer (RFC 6901).
    pub(crate) pointer: String,
    /// What is wrong, and what is expected.
    pub(crate) detail: String,
}

/// Why a request to the API was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ApiProblem {
    /// Nothing under this address.
    NotFound,
    /// The address exists, but not for this method.
    MethodNotAllowed,
    /// The server gave the request up before it was there.
    TooSlow,
    /// The body was not read.
    Unread(UnreadBody),
    /// The body is not declared as JSON.
    MediaType,
    /// Nothing was sent.
    EmptyBody,
    /// Not JSON, from this line and column on.
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// An object has a member twice, the second time at this line and column.
    MemberTwice {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// No `Idempotency-Key`.
    KeyMissing,
    /// An `Idempotency-Key` that cannot be one.
    KeyInvalid,
    /// The key came with another inquiry before.
    KeyReused,
    /// JSON, and not an inquiry.
    InvalidInquiry(Vec<InvalidMember>),
    /// The store is not there; later it may be.
    Unavailable,
    /// Our fault.
    Internal,
}

impl From<&Unavailable> for ApiProblem {
    fn from(error: &Unavailable) -> Self {
        tracing::error!(%error, "the store does not serve");
        match error {
            Unavailable::ForNow(_) => Self::Unavailable,
            Unavailable::Unreadable(_) => Self::Internal,
        }
    }
}

impl From<&serde_json::Error> for ApiProblem {
    fn from(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        // Reading any JSON fails by its syntax only; all else is what `UniqueMembers` refuses.
        if error.is_data() { Self::MemberTwice { line, column } } else { Self::NotJson { line, column } }
    }
}

#[derive(Serialize)]
struct ProblemDetails {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<InvalidMember>,
}

impl ApiProblem {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Unread(UnreadBody::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unread(UnreadBody::BrokenOff)
            | Self::EmptyBody
            | Self::NotJson { .. }
            | Self::MemberTwice { .. }
            | Self::KeyMissing
            | Self::KeyInvalid => StatusCode::BAD_REQUEST,
            Self::KeyReused | Self::InvalidInquiry(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The problem's own name and title; `None` where the status says it all.
    fn kind(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::EmptyBody => Some(("empty-body", "The body is empty")),
            Self::NotJson { .. } => Some(("not-json", "The body is not JSON")),
            Self::MemberTwice { .. } => Some(("member-twice", "The body has a member twice")),
            Self::KeyMissing => Some(("idempotency-key-missing", "Idempotency-Key is missing")),
            Self::KeyInvalid => Some(("idempotency-key-invalid", "Idempotency-Key cannot be used")),
            Self::KeyReused => Some(("idempotency-key-reused", "Idempotency-Key is already used")),
            Self::InvalidInquiry(_) => Some(("invalid-inquiry", "The body is not an inquiry")),
            _ => None,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::NotFound => "nothing answers under this address; see /openapi.json".to_owned(),
            Self::MethodNotAllowed => {
                "the address does not take this method; see the header Allow and /openapi.json".to_owned()
            }
            Self::TooSlow => {
                "the request took longer than the server waits; send it again with the same Idempotency-Key"
                    .to_owned()
            }
            Self::Unread(UnreadBody::TooLarge { limit }) => {
                format!("the body has more than {limit} bytes; send a shorter text")
            }
            Self::Unread(UnreadBody::BrokenOff) => "the body broke off; send it again".to_owned(),
            Self::MediaType => "send JSON in UTF-8, with Content-Type: application/json".to_owned(),
            Self::EmptyBody => "send an inquiry as a JSON object; see /openapi.json".to_owned(),
            Self::NotJson { line, column } => {
                format!("no JSON in UTF-8 can continue at line {line}, column {column}")
            }
            Self::MemberTwice { line, column } => format!(
                "a member stands twice in one object, again at line {line}, column {column}; send each once"
            ),
            Self::KeyMissing => {
                "send the header Idempotency-Key with a value that is new for each inquiry, such as a UUID; \
                 with the same value the inquiry can be sent again without becoming two"
                    .to_owned()
            }
            Self::KeyInvalid => {
                "the value of Idempotency-Key must have 1 to 255 visible ASCII characters".to_owned()
            }
            Self::KeyReused => {
                "another inquiry came with the same Idempotency-Key; send this one with a new key".to_owned()
            }
            Self::InvalidInquiry(_) => "see errors for each member that is wrong".to_owned(),
            Self::Unavailable => {
                "the inquiry was not kept; send it again later with the same Idempotency-Key".to_owned()
            }
            Self::Internal => {
                "something went wrong on our side; whether the inquiry was kept, a repetition with the \
                 same Idempotency-Key shows"
                    .to_owned()
            }
        }
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let status = self.status();
        let detail = self.detail();
        let (kind, title) = match self.kind() {
            // A tag URI (RFC 4151): names the problem, and promises no page behind it (RFC 9457 §3.1.1).
            Some((name, title)) => (format!("tag:lotse.example,2026:{name}"), title),
            None => ("about:blank".to_owned(), status.canonical_reason().unwrap_or("Error")),
        };
        let errors = match self {
            Self::InvalidInquiry(errors) => errors,
            _ => Vec::new(),
        };
        let details = ProblemDetails { kind, title, status: status.as_u16(), detail, errors };
        let mut response = json_response(status, "application/problem+json", &details);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        }
        response
    }
}

/// An answer in JSON that nobody keeps a copy of.
pub(crate) fn json_response(
    status: StatusCode,
    media_type: &'static str,
    content: &impl Serialize,
) -> Response {
    let Ok(text) = serde_json::to_string(content) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, text).into_response()
}
