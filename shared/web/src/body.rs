//! Reading a request's body within a limit.

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;

/// A client that sends too much reads our answer only once it has sent all of it. So what is beyond the
/// limit is taken in and thrown away, up to this many bytes; after that the connection is dropped.
const MOST_THROWN_AWAY: usize = 32 * 1024 * 1024;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadBody {
    /// More bytes than the limit.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The connection broke off.
    #[error("the body broke off")]
    BrokenOff,
}

/// Reads a body of at most `limit` bytes.
pub async fn read_body(mut body: Body, limit: usize) -> Result<Bytes, UnreadBody> {
    let mut read = Vec::new();
    let mut received = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| UnreadBody::BrokenOff)?.into_data() else { continue };
        received = received.saturating_add(data.len());
        if received <= limit {
            read.extend_from_slice(&data);
        } else if received > limit.saturating_add(MOST_THROWN_AWAY) {
            break;
        }
    }
    if received > limit { Err(UnreadBody::TooLarge { limit }) } else { Ok(read.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit_and_not_beyond() {
        assert_eq!(read_body(Body::from("12345"), 5).await.as_deref(), Ok(b"12345".as_slice()));
        assert_eq!(read_body(Body::from("123456"), 5).await, Err(UnreadBody::TooLarge { limit: 5 }));
        assert_eq!(read_body(Body::empty(), 0).await.as_deref(), Ok(b"".as_slice()));
    }
}
