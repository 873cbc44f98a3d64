//! Raw mail in S3: what SES wrote under `incoming/`, and what is kept under the hash of its bytes.

use crate::objects::{Bucket, Hash, ReadError};
use aws_config::SdkConfig;
use lotse_domain::{
    BlobId, Failure,
    ports::{BlobStore, IncomingMail, Unavailable},
};

/// The largest message that SES receives, in bytes (Amazon SES Developer Guide, "Service quotas": 40 MB with
/// attachments). Nothing larger is read into memory.
const LARGEST_MAIL: usize = 40 * 1024 * 1024;

/// Where SES puts what it receives.
const INCOMING: &str = "incoming/";

/// Raw mail in the installation's bucket. How it is encrypted and how long it is kept is the bucket's matter.
#[derive(Clone, Debug)]
pub struct S3Blobs {
    bucket: Bucket,
}

/// Why a mail that SES announced could not be read.
#[derive(Debug, thiserror::Error)]
enum IncomingError {
    /// Whoever made the announcement named something else.
    #[error("{key} is not below {INCOMING}: the announcement is not of a mail that arrived")]
    NotIncoming {
        /// The key that was named.
        key: String,
    },
    /// There is no such object.
    #[error(
        "the mail {key} is gone from the bucket: restore the object's version, or ask the sender to write again"
    )]
    Gone {
        /// The key of the object that was announced.
        key: String,
    },
    /// It is larger than anything that SES receives.
    #[error("{0}; a person must read it in the bucket")]
    TooLarge(String),
    /// S3 is not there.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<IncomingError> for Failure {
    /// To park whatever another attempt does not change.
    fn from(error: IncomingError) -> Self {
        match error {
            IncomingError::Unavailable(unavailable) => unavailable.into(),
            error => Self::park(error),
        }
    }
}

impl S3Blobs {
    /// The blobs of the bucket of that name.
    pub fn new(config: &SdkConfig, bucket: impl Into<String>) -> Self {
        Self { bucket: Bucket::new(config, bucket) }
    }

    /// The raw mail that SES put below [`INCOMING`]. It stays there: what is kept is kept by [`BlobStore::put`],
    /// and the bucket's lifecycle removes the rest.
    async fn read_incoming(&self, key: &str) -> Result<Vec<u8>, IncomingError> {
        if !key.starts_with(INCOMING) {
            return Err(IncomingError::NotIncoming { key: key.to_owned() });
        }
        match self.bucket.get(key, LARGEST_MAIL).await {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(IncomingError::Gone { key: key.to_owned() }),
            Err(error @ ReadError::TooLarge { .. }) => Err(IncomingError::TooLarge(error.to_string())),
            Err(ReadError::Call(error)) => Err(Unavailable::from(error).into()),
        }
    }
}

impl IncomingMail for S3Blobs {
    async fn incoming(&self, key: &str) -> Result<Vec<u8>, Failure> {
        Ok(self.read_incoming(key).await?)
    }
}

impl BlobStore for S3Blobs {
    /// Costs one request. S3 checks the hash on arrival, so that what is stored is what was sent.
    async fn put(&self, bytes: Vec<u8>) -> Result<BlobId, Unavailable> {
        let hash = Hash::of(&bytes);
        let id = BlobId::try_from(hash.to_hex()).map_err(Unavailable::unreadable)?;
        self.bucket.put_once(&key(&id), bytes, &hash).await?;
        Ok(id)
    }

    /// Bytes that are not those of the id are an error, never an answer.
    async fn get(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
        let bytes = self.bucket.get(&key(id), LARGEST_MAIL).await?;
        match bytes {
            Some(bytes) if Hash::of(&bytes).to_hex() != id.as_str() => Err(Unavailable::unreadable(format!(
                "the object {} does not hold the bytes that its name stands for",
                key(id)
            ))),
            other => Ok(other),
        }
    }
}

fn key(id: &BlobId) -> String {
    format!("blobs/{}", id.as_str())
}

#[cfg(test)]
mod tests;
