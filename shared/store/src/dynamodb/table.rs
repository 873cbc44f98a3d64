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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::keys::EVENT_PREFIX;
    use aws_sdk_dynamodb::{Config, config::BehaviorVersion};

    /// What the template must say, as it says it: one entry a line.
    fn expected() -> Vec<String> {
        let client =
            Client::from_conf(Config::builder().behavior_version(BehaviorVersion::v2026_01_12()).build());
        let creation = creation(&client, "lotse");
        let table = creation.as_input();
        let keys = |schema: &[KeySchemaElement]| -> Vec<String> {
            let key = |key: &KeySchemaElement| {
                format!("- {{ AttributeName: {}, KeyType: {} }}", key.attribute_name(), key.key_type())
            };
            schema.iter().map(key).collect()
        };
        let mut lines = vec![
            "BillingMode: PAY_PER_REQUEST".to_owned(),
            "StreamSpecification: { StreamViewType: NEW_IMAGE }".to_owned(),
            format!("TimeToLiveSpecification: {{ AttributeName: {EXPIRY}, Enabled: true }}"),
            "KeySchema:".to_owned(),
        ];
        lines.extend(table.get_attribute_definitions().iter().flatten().map(|attribute| {
            format!(
                "- {{ AttributeName: {}, AttributeType: {} }}",
                attribute.attribute_name(),
                attribute.attribute_type()
            )
        }));
        lines.extend(table.get_key_schema().iter().flat_map(|schema| keys(schema)));
        for index in table.get_global_secondary_indexes().iter().flatten() {
            lines.push(format!("- IndexName: {}", index.index_name()));
            lines.push("KeySchema:".to_owned());
            lines.extend(keys(index.key_schema()));
            let beside = index.projection().expect("a projection").non_key_attributes().join(", ");
            lines.push(format!("Projection: {{ ProjectionType: INCLUDE, NonKeyAttributes: [{beside}] }}"));
        }
        lines
    }

    #[test]
    fn the_template_makes_the_table_that_the_tests_make() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml");
        let template = std::fs::read_to_string(path).expect("the template");
        let table = template.split("Type: AWS::DynamoDB::Table").nth(1).expect("a table");
        let table = table.split("\n\n").next().expect("its properties");
        let said = |line: &str| table.lines().filter(|said| said.trim() == line).count();
        let expected = expected();
        for line in &expected {
            let times = expected.iter().filter(|other| *other == line).count();
            assert_eq!(
                said(line),
                times,
                "the template's table does not say this, or says it too often: {line}"
            );
        }
        let in_expected = |word: &str| expected.iter().filter(|line| line.contains(word)).count();
        for word in ["AttributeName:", "IndexName:"] {
            let in_template = table.lines().filter(|line| line.contains(word)).count();
            assert_eq!(in_template, in_expected(word), "the template has keys or indexes of its own");
        }
        let filter = format!("\"prefix\":\"{EVENT_PREFIX}\"");
        assert!(template.contains(&filter), "dispatch is called for events");
    }
}
