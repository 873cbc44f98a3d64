//! What the table is. `template.yaml` describes the same for AWS.

use aws_sdk_dynamodb::{
    Client,
    operation::create_table::builders::CreateTableFluentBuilder,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
        ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
    },
};

/// The partition key: what items belong together.
pub const PARTITION_KEY: &str = "pk";
/// The sort key: an item among those.
pub const SORT_KEY: &str = "sk";
/// Seconds since 1970 after which DynamoDB may delete an item (TTL).
pub const EXPIRY: &str = "expires_at";
/// The only index: openings by contact, and the words of messages. Sparse: most items are not in it.
pub const INDEX: &str = "listed";
/// The index's partition key.
pub const INDEX_PARTITION_KEY: &str = "listed_under";
/// The index's sort key.
pub const INDEX_SORT_KEY: &str = "listed_at";
/// What the index holds beside the keys: a hash of each word of a message.
pub const WORDS: &str = "words";

/// The request that makes such a table, for tests. On AWS the template makes it.
///
/// TTL is switched on by a request of its own; nothing here depends on it, since what has expired counts as
/// gone before DynamoDB deletes it.
pub fn creation(client: &Client, name: &str) -> CreateTableFluentBuilder {
    let attribute = |name: &str| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
    };
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    let words = Projection::builder().projection_type(ProjectionType::Include).non_key_attributes(WORDS);
    let index = GlobalSecondaryIndex::builder()
        .index_name(INDEX)
        .set_key_schema(both(key(INDEX_PARTITION_KEY, KeyType::Hash), key(INDEX_SORT_KEY, KeyType::Range)))
        .projection(words.build());
    let stream =
        StreamSpecification::builder().stream_enabled(true).stream_view_type(StreamViewType::NewImage);
    let attributes = [PARTITION_KEY, SORT_KEY, INDEX_PARTITION_KEY, INDEX_SORT_KEY];
    client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(attributes.map(attribute).into_iter().collect::<Result<_, _>>().ok())
        .set_key_schema(both(key(PARTITION_KEY, KeyType::Hash), key(SORT_KEY, KeyType::Range)))
        .set_global_secondary_indexes(index.build().ok().map(|index| vec![index]))
        .set_stream_specification(stream.build().ok())
}

/// The SDK takes a key apart into results that cannot fail here: name and type are given.
fn both<E>(
    hash: Result<KeySchemaElement, E>,
    range: Result<KeySchemaElement, E>,
) -> Option<Vec<KeySchemaElement>> {
    Some(vec![hash.ok()?, range.ok()?])
}
