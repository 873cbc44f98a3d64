//! What can go wrong with the table, said so that whoever runs Lotse knows what to do.

use crate::stream::UnreadableItem;
use aws_sdk_dynamodb::error::{BuildError, DisplayErrorContext, ProvideErrorMetadata, SdkError};
use lotse_domain::ports::Unavailable;

/// Why work on the table was not done, before the table is named.
#[derive(Debug)]
pub(super) enum Fault {
    /// The table's no, or no answer.
    Refused {
        /// What is the matter.
        refusal: Refusal,
        /// What DynamoDB or the client said.
        words: String,
    },
    /// A stored item is not what this version writes.
    Unreadable(UnreadableItem),
    /// A commit that cannot be carried out whenever it is tried: refused before anything is stored.
    BrokenCommit(&'static str),
}

/// Work on the table was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("table {table}: {refusal} ({words})")]
pub struct TableError {
    /// The table's name.
    pub table: String,
    /// What is the matter.
    pub refusal: Refusal,
    /// What DynamoDB or the client said.
    pub words: String,
}

/// What is the matter with the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It has more to do than it can, or others write the same items.
    #[error("busy, and still busy after several tries; try again later")]
    Busy,
    /// No answer.
    #[error("no answer; check the network, the endpoint and the region")]
    NoAnswer,
    /// It does not know who asks, or not any more.
    #[error("the credentials are missing, wrong or expired; check the function's role")]
    Credentials,
    /// It knows who asks, and refuses.
    #[error("not permitted; add the action to the function's role")]
    Permission,
    /// There is no such table, or no such index.
    #[error("no such table or index; check LOTSE_TABLE and the region")]
    Missing,
    /// It does not understand the request.
    #[error("the request is refused as invalid, which is a mistake in Lotse; report it with these words")]
    Invalid,
}

impl Refusal {
    fn of_code(code: &str) -> Self {
        match code {
            "AccessDeniedException" | "AccessDenied" => Self::Permission,
            "ExpiredTokenException"
            | "ExpiredToken"
            | "IncompleteSignatureException"
            | "InvalidClientTokenId"
            | "InvalidSignatureException"
            | "MissingAuthenticationTokenException"
            | "UnrecognizedClientException" => Self::Credentials,
            "ResourceNotFoundException" => Self::Missing,
            "IdempotentParameterMismatchException"
            | "ItemCollectionSizeLimitExceeded"
            | "SerializationException"
            | "ValidationError"
            | "ValidationException" => Self::Invalid,
            // Throttling under its many names, transactions in each other's way, DynamoDB's own mishaps.
            _ => Self::Busy,
        }
    }
}

impl Fault {
    /// The fault behind one of DynamoDB's codes.
    pub(super) fn of_code(code: &str) -> Self {
        Self::Refused { refusal: Refusal::of_code(code), words: code.to_owned() }
    }

    /// True where the same request may succeed a moment later.
    pub(super) fn passes(&self) -> bool {
        matches!(self, Self::Refused { refusal: Refusal::Busy | Refusal::NoAnswer, .. })
    }

    /// The fault as the ports tell it.
    pub(super) fn unavailable(self, table: &str) -> Unavailable {
        match self {
            Self::Unreadable(unreadable) => Unavailable::unreadable(unreadable),
            Self::BrokenCommit(why) => Unavailable::unreadable(why),
            Self::Refused { refusal, words } => {
                let error = TableError { table: table.to_owned(), refusal, words };
                match refusal {
                    Refusal::Invalid => Unavailable::unreadable(error),
                    _ => Unavailable::for_now(error),
                }
            }
        }
    }
}

impl From<UnreadableItem> for Fault {
    fn from(unreadable: UnreadableItem) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<BuildError> for Fault {
    fn from(error: BuildError) -> Self {
        Self::Refused { refusal: Refusal::Invalid, words: error.to_string() }
    }
}

impl<E, R> From<SdkError<E, R>> for Fault
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    fn from(error: SdkError<E, R>) -> Self {
        // The code alone: a message may repeat what an item holds.
        if let Some(code) = error.as_service_error().and_then(ProvideErrorMetadata::code) {
            return Self::of_code(code);
        }
        match &error {
            SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_) => {
                let words = DisplayErrorContext(&error).to_string();
                let refusal =
                    if words.contains("credentials") { Refusal::Credentials } else { Refusal::NoAnswer };
                Self::Refused { refusal, words }
            }
            SdkError::TimeoutError(_) => {
                Self::Refused { refusal: Refusal::NoAnswer, words: "timed out".to_owned() }
            }
            _ => Self::Refused {
                refusal: Refusal::NoAnswer,
                words: "an answer that is not DynamoDB's".to_owned(),
            },
        }
    }
}
