//! Queues, files, mail and secrets on AWS, and what every Lambda function's main wires.
//!
//! The only crate beside `store` that knows the AWS SDK. Each service stands behind a feature, so that a
//! function links only what it uses.
