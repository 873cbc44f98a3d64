//! An AWS to test against, and what stands in it before a test begins.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use jiff::Timestamp;
use lotse_aws::{CallLimits, SdkConfig, sdk_config};
use lotse_domain::{Queue, QueueMessage};
use std::{
    collections::BTreeSet,
    env, process,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// The cloud, and names in it that no other test uses.
pub(crate) struct Cloud {
    pub(crate) config: SdkConfig,
    endpoint: String,
    number: u32,
}

/// What a function would be configured with at that endpoint.
pub(crate) fn config(endpoint: &str, limits: &CallLimits) -> SdkConfig {
    let variable = |name: &str| {
        let value = match name {
            "AWS_REGION" => "eu-central-1",
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "test",
            "AWS_ENDPOINT_URL" => endpoint,
            _ => return None,
        };
        Some(value.to_owned())
    };
    sdk_config(variable, limits).expect("a configuration")
}

impl Cloud {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let endpoint = env::var("LOTSE_TEST_AWS").expect(
            "LOTSE_TEST_AWS names the endpoint of an AWS to test against; run `tests/run rust`, or \
             `tests/aws/emulator.py cargo test -p lotse-aws --all-features --test wire`, which start one",
        );
        let config = config(&endpoint, &CallLimits::within(Duration::from_mins(1)));
        Self { config, endpoint, number: NEXT.fetch_add(1, Ordering::Relaxed) }
    }

    /// A name that belongs to this test.
    pub(crate) fn name(&self, kind: &str) -> String {
        format!("lotse-{}-{}-{kind}", process::id(), self.number)
    }

    /// A queue; its URL.
    pub(crate) async fn queue(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = self.name(&format!("queue-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let made = self.sqs().create_queue().queue_name(name).send().await.expect("a queue");
        made.queue_url.expect("its URL")
    }

    /// Everything in a queue; leaves it hidden.
    pub(crate) async fn bodies(&self, url: &str) -> BTreeSet<String> {
        let mut bodies = BTreeSet::new();
        loop {
            let received =
                self.sqs().receive_message().queue_url(url).max_number_of_messages(10).send().await;
            let messages = received.expect("an answer").messages.unwrap_or_default();
            if messages.is_empty() {
                return bodies;
            }
            bodies.extend(messages.into_iter().filter_map(|message| message.body));
        }
    }

    fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    /// A bucket; its name.
    pub(crate) async fn bucket(&self) -> String {
        let name = self.name("bucket");
        let place = BucketLocationConstraint::EuCentral1;
        let place = CreateBucketConfiguration::builder().location_constraint(place).build();
        let made = self.s3().create_bucket().bucket(&name).create_bucket_configuration(place);
        made.send().await.expect("a bucket");
        name
    }

    pub(crate) async fn put_object(&self, bucket: &str, key: &str, bytes: &[u8]) {
        let put = self.s3().put_object().bucket(bucket).key(key).body(bytes.to_vec().into());
        put.send().await.expect("an object");
    }

    fn s3(&self) -> aws_sdk_s3::Client {
        let settings = aws_sdk_s3::config::Builder::from(&self.config).force_path_style(true).build();
        aws_sdk_s3::Client::from_conf(settings)
    }

    /// A table with the keys of Lotse's; its name.
    pub(crate) async fn table(&self) -> String {
        let name = self.name("table");
        let mut table = aws_sdk_dynamodb::Client::new(&self.config)
            .create_table()
            .table_name(&name)
            .billing_mode(BillingMode::PayPerRequest);
        for (key, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
            let attribute =
                AttributeDefinition::builder().attribute_name(key).attribute_type(ScalarAttributeType::S);
            let schema = KeySchemaElement::builder().attribute_name(key).key_type(kind);
            table = table
                .attribute_definitions(attribute.build().expect("complete"))
                .key_schema(schema.build().expect("complete"));
        }
        table.send().await.expect("a table");
        name
    }

    /// A claim on a mail that ends at that time.
    pub(crate) async fn claim_mail(&self, table: &str, message_id: &str, until: Timestamp) {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let put = aws_sdk_dynamodb::Client::new(&self.config)
            .put_item()
            .table_name(table)
            .item("pk", text(&format!("MAIL#{message_id}")))
            .item("sk", text("MAIL"))
            .item("state", text("sending"))
            .item("lease_until", AttributeValue::N(until.as_millisecond().to_string()));
        put.send().await.expect("a claim");
    }

    /// A domain that may send mail.
    pub(crate) async fn mail_domain(&self, domain: &str) {
        let ses = aws_sdk_sesv2::Client::new(&self.config);
        // It may be there already, from another test.
        let _ = ses.create_email_identity().email_identity(domain).send().await;
    }

    /// How many mails of that subject SES sent.
    pub(crate) fn mails(&self, subject: &str) -> usize {
        let url = format!("{}/_ministack/ses/messages", self.endpoint);
        let text = ureq::get(&url).call().expect("the emulator answers").body_mut().read_to_string();
        text.expect("text").matches(&format!("\"Subject\": \"{subject}\"")).count()
    }

    /// A secret; its name.
    pub(crate) async fn secret(&self, text: &str) -> String {
        let name = self.name("secret");
        let secrets = aws_sdk_secretsmanager::Client::new(&self.config);
        secrets.create_secret().name(&name).secret_string(text).send().await.expect("a secret");
        name
    }
}

/// A message for a queue, told apart by its number.
pub(crate) fn queue_message(queue: Queue, number: u32) -> QueueMessage {
    QueueMessage { queue, key: number.to_string(), body: body(number) }
}

/// Its body.
pub(crate) fn body(number: u32) -> String {
    format!(r#"{{"number":{number}}}"#)
}
