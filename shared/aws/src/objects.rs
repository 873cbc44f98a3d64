//! Objects of the one bucket, read within a limit and written once.

use crate::CallError;
use aws_config::SdkConfig;
use aws_sdk_s3::{
    Client,
    error::SdkError,
    operation::{get_object::GetObjectError, put_object::PutObjectError},
    primitives::ByteStream,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;
use data_encoding::{BASE64, HEXLOWER};
use lotse_domain::ports::Unavailable;
use sha2::{Digest as _, Sha256};

/// The installation's bucket.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    client: Client,
    name: String,
}

/// Why an object could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("the object {key} has {size} bytes, more than the {limit} that are read")]
    TooLarge { key: String, size: u64, limit: usize },
}

impl From<ReadError> for Unavailable {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Call(error) => error.into(),
            error @ ReadError::TooLarge { .. } => Self::unreadable(error),
        }
    }
}

impl Bucket {
    pub(crate) fn new(config: &SdkConfig, name: impl Into<String>) -> Self {
        // An emulator is one host: the bucket's name must stand in the path, not in front of the host.
        let by_path = config.endpoint_url().is_some();
        let settings = aws_sdk_s3::config::Builder::from(config).force_path_style(by_path).build();
        Self::with_client(Client::from_conf(settings), name)
    }

    pub(crate) fn with_client(client: Client, name: impl Into<String>) -> Self {
        Self { client, name: name.into() }
    }

    /// Stores bytes under a key that stands for exactly these bytes: one that is there already stays.
    pub(crate) async fn put_once(&self, key: &str, bytes: Vec<u8>, hash: &Hash) -> Result<(), CallError> {
        let stored = self
            .client
            .put_object()
            .bucket(&self.name)
            .key(key)
            .if_none_match("*")
            .checksum_sha256(BASE64.encode(&hash.0))
            .body(ByteStream::from(bytes))
            .send()
            .await;
        match stored {
            Ok(_) => Ok(()),
            Err(error) if is_there_already(&error) => Ok(()),
            Err(error) => Err(CallError::new("S3 PutObject", &error)),
        }
    }

    /// An object's bytes; `None` where there is none. S3 says so only to a role that may list the bucket;
    /// to others an object that is gone is forbidden.
    pub(crate) async fn get(&self, key: &str, limit: usize) -> Result<Option<Vec<u8>>, ReadError> {
        const CALL: &str = "S3 GetObject";
        let output = match self.client.get_object().bucket(&self.name).key(key).send().await {
            Ok(output) => output,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => {
                return Ok(None);
            }
            Err(error) => return Err(CallError::new(CALL, &error).into()),
        };
        let too_large = |size| ReadError::TooLarge { key: key.to_owned(), size, limit };
        let announced = u64::try_from(output.content_length().unwrap_or_default()).unwrap_or_default();
        if usize::try_from(announced).map_or(true, |size| size > limit) {
            return Err(too_large(announced));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(announced).unwrap_or_default());
        let mut body = output.body;
        let broken = |error| CallError::unexpected(CALL, format!("the object {key} broke off: {error}"));
        while let Some(part) = body.try_next().await.map_err(broken)? {
            if bytes.len().saturating_add(part.len()) > limit {
                return Err(too_large(bytes.len().saturating_add(part.len()).try_into().unwrap_or(u64::MAX)));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(Some(bytes))
    }
}

/// S3 answers `412` to a conditional write where the object is there. `409`, where a write of the same key is
/// under way, says nothing of how that one ends, and stays an error.
fn is_there_already(error: &SdkError<PutObjectError, HttpResponse>) -> bool {
    error.as_service_error().and_then(PutObjectError::code) == Some("PreconditionFailed")
}

/// SHA-256 of an object's content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash([u8; 32]);

impl Hash {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// 64 hexadecimal digits in lower case.
    pub(crate) fn to_hex(self) -> String {
        HEXLOWER.encode(&self.0)
    }
}
