//! A table of its own for each test.

use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region},
    types::{AttributeValue, Put, TransactWriteItem},
};
use lotse_store::{DynamoStore, dynamodb::table};
use std::{
    process,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use tokio::{runtime::Handle, task::block_in_place};

/// The endpoint of the DynamoDB to test against.
pub(crate) fn endpoint() -> String {
    std::env::var("LOTSE_TEST_DYNAMODB").expect(
        "LOTSE_TEST_DYNAMODB names the endpoint of a DynamoDB to test against; run `tests/run rust`, or \
         `tests/aws/emulator.py cargo test -p lotse-store --features dynamodb --test dynamodb`, which start one",
    )
}

/// A client of any endpoint that takes any credentials.
pub(crate) fn client(endpoint: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .endpoint_url(endpoint)
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    Client::from_conf(config.build())
}

/// A table that is deleted with this.
pub(crate) struct Table {
    pub(crate) client: Client,
    pub(crate) name: String,
}

impl Table {
    /// A new table, empty, as the template would make it.
    pub(crate) async fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("lotse-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let client = client(&endpoint());
        table::creation(&client, &name).send().await.expect("the table is made");
        Self { client, name }
    }

    /// The store in it.
    pub(crate) fn store(&self) -> DynamoStore {
        self.store_by(&self.client)
    }

    /// The store in it, by another way. It waits longer than usual: a machine that runs many tests at once is
    /// slow, and the tests of time-outs set their own.
    pub(crate) fn store_by(&self, client: &Client) -> DynamoStore {
        DynamoStore::new(client, self.name.as_str()).with_patience(Duration::from_mins(1))
    }

    /// True where a transaction may hold a hundred items, as it may on AWS since September 2022.
    pub(crate) async fn takes_large_transactions(&self) -> bool {
        let puts = (0..26).map(|number| {
            let put = Put::builder().table_name(&self.name).item("pk", AttributeValue::S("TRY".to_owned()));
            let put = put.item("sk", AttributeValue::S(format!("{number}"))).build().expect("a put");
            TransactWriteItem::builder().put(put).build()
        });
        let request = self.client.transact_write_items().set_transact_items(Some(puts.collect()));
        request.send().await.is_ok()
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let deletion = async {
            // A table that stays behind harms nobody: the emulator ends with the tests.
            let _ = self.client.delete_table().table_name(&self.name).send().await;
        };
        block_in_place(|| Handle::current().block_on(deletion));
    }
}

/// A store in which nothing is yet.
pub(crate) async fn fresh() -> (DynamoStore, Table) {
    let table = Table::create().await;
    (table.store(), table)
}
