//! Queues, files, mail and secrets on AWS, and what every Lambda function's main wires.
//!
//! The only crate beside `store` that knows the AWS SDK. Each service stands behind a feature, so that a
//! function links only what it uses.

mod call_error;
mod client;

#[cfg(feature = "blobs")]
mod blobs;
#[cfg(feature = "mail")]
mod mail;
#[cfg(feature = "blobs")]
mod objects;
#[cfg(feature = "queues")]
mod parked;
#[cfg(feature = "queues")]
mod queues;
#[cfg(feature = "secret")]
mod secret;

pub use aws_config::SdkConfig;
pub use call_error::CallError;
pub use client::{CallLimits, ClientError, sdk_config};

#[cfg(feature = "blobs")]
pub use blobs::{INCOMING, IncomingError, LARGEST_MAIL, S3Blobs};
#[cfg(feature = "mail")]
pub use mail::{SesMailSender, SesSettings};
#[cfg(feature = "queues")]
pub use parked::{ParkingQueue, SqsParked};
#[cfg(feature = "queues")]
pub use queues::{LargeMessages, SqsQueues};
#[cfg(feature = "secret")]
pub use secret::{FormError, Secret, SecretError, SecretText};
