//! Queues, files, mail and secrets on AWS, and what every Lambda function's main wires.
//!
//! The only crate beside `store` that knows the AWS SDK. Each service stands behind a feature, so that a
//! function links only what it uses.

mod batch;
mod client;
mod configuration;
mod function;
mod metrics;
mod schedule;
mod telemetry;
mod with_parked;

#[cfg(feature = "blobs")]
mod blobs;
#[cfg(any(feature = "blobs", feature = "mail", feature = "secret"))]
mod call_error;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "mail")]
mod mail;
#[cfg(all(test, any(feature = "blobs", feature = "mail", feature = "secret")))]
mod mocked;
#[cfg(feature = "blobs")]
mod objects;
#[cfg(feature = "queues")]
mod own_queue;
#[cfg(feature = "queues")]
mod parked;
#[cfg(feature = "queues")]
mod queues;
#[cfg(feature = "secret")]
mod secret;
#[cfg(feature = "stream")]
mod stream;

pub use aws_config::SdkConfig;
pub use batch::{Consumer, QueueSurroundings, serve_queue};
pub use client::{CallLimits, ClientError, sdk_config};
pub use configuration::{ConfigurationError, MOST_RECEIVED, OwnQueueSettings, Variables, read_variables};
pub use function::{FUNCTION_TIMEOUT, InvocationError, StartError, start};
pub use metrics::emit_count;
pub use schedule::{Ran, Scheduled, serve_schedule};
pub use with_parked::StoreWithParked;

#[cfg(feature = "blobs")]
pub use blobs::S3Blobs;
#[cfg(any(feature = "blobs", feature = "mail", feature = "secret"))]
pub use call_error::CallError;
#[cfg(feature = "http")]
pub use http::{Website, serve_http};
#[cfg(feature = "mail")]
pub use mail::{SesMailSender, SesSettings};
#[cfg(feature = "queues")]
pub use own_queue::OwnQueue;
#[cfg(feature = "queues")]
pub use parked::{ParkingQueue, SqsParked};
#[cfg(feature = "queues")]
pub use queues::{LargeMessages, SqsQueues};
#[cfg(feature = "secret")]
pub use secret::{FormError, Secret, SecretError, SecretText};
#[cfg(feature = "stream")]
pub use stream::{Item, StreamConsumer, serve_stream};

/// The client that a store of cases works with.
#[cfg(feature = "dynamodb")]
pub fn dynamodb(config: &SdkConfig) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(config)
}
