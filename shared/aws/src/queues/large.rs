//! Messages that are too large for a queue: the text in S3, a pointer on the queue.

use super::batches::MOST_BYTES;
use crate::objects::{Bucket, Hash};
use aws_config::SdkConfig;
use lotse_domain::{Failure, ports::Unavailable};
use serde::{Deserialize, Serialize};

/// The largest message that is read back. Far beyond what any function sends.
const LARGEST: usize = 16 * 1024 * 1024;

/// Where large messages are kept: `messages/<SHA-256>` in the installation's bucket. They stay until the
/// bucket's lifecycle removes them, which must be later than a queue and its dead-letter queue keep a pointer.
#[derive(Clone, Debug)]
pub struct LargeMessages {
    bucket: Bucket,
}

/// What stands on the queue in a large message's place.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pointer {
    /// The SHA-256 of the message, in hexadecimal digits. Not a key: a pointer leads to messages only.
    large_message: String,
}

impl LargeMessages {
    /// Kept in the bucket of that name.
    pub fn new(config: &SdkConfig, bucket: impl Into<String>) -> Self {
        Self { bucket: Bucket::new(config, bucket) }
    }

    #[cfg(test)]
    pub(crate) fn in_bucket(bucket: Bucket) -> Self {
        Self { bucket }
    }

    /// The body as it can go to a queue: itself where it fits, otherwise stored, and a pointer to it.
    pub(super) async fn fit(&self, body: String) -> Result<String, Unavailable> {
        if body.len() <= MOST_BYTES {
            return Ok(body);
        }
        let hash = Hash::of(body.as_bytes());
        self.bucket.put_once(&key(&hash.to_hex()), body.into_bytes(), &hash).await?;
        Ok(serde_json::json!(Pointer { large_message: hash.to_hex() }).to_string())
    }

    /// What a message from a queue says: the body itself, or what it points to.
    ///
    /// # Errors
    /// To park where the pointer leads nowhere or to other bytes than were sent; to retry where S3 is not
    /// there.
    pub async fn whole_body(&self, body: String) -> Result<String, Failure> {
        let Some(hash) = pointed_to(&body) else { return Ok(body) };
        let bytes = self.bucket.get(&key(&hash), LARGEST).await.map_err(Unavailable::from)?;
        let bytes = bytes.ok_or_else(|| {
            Failure::park(format!("the message's text is gone from the bucket: {}", key(&hash)))
        })?;
        if Hash::of(&bytes).to_hex() != hash {
            return Err(Failure::park(format!("{} holds other bytes than were sent", key(&hash))));
        }
        String::from_utf8(bytes).map_err(Failure::park)
    }
}

/// The hash in a pointer; `None` where the body is none. An event notice costs a look at its beginning.
fn pointed_to(body: &str) -> Option<String> {
    if !body.starts_with(r#"{"large_message""#) {
        return None;
    }
    let pointer: Pointer = serde_json::from_str(body).ok()?;
    let is_hash = pointer.large_message.len() == 64
        && pointer.large_message.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hash.then_some(pointer.large_message)
}

fn key(hash: &str) -> String {
    format!("messages/{hash}")
}
