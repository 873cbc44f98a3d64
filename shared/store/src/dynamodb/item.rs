//! Items and their attributes.

use super::table::{EXPIRY, PARTITION_KEY, SORT_KEY};
use crate::stream::UnreadableItem;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::{collections::HashMap, str::FromStr};

/// What an item holds, by its attributes' names.
pub(super) type Item = HashMap<String, AttributeValue>;

/// Where an item stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    /// The partition key.
    pub(super) partition: String,
    /// The sort key.
    pub(super) sort: String,
}

impl Key {
    pub(super) fn new(partition: impl Into<String>, sort: impl Into<String>) -> Self {
        Self { partition: partition.into(), sort: sort.into() }
    }

    /// The key as DynamoDB takes it; also the beginning of an item.
    pub(super) fn item(&self) -> Item {
        HashMap::from([
            (PARTITION_KEY.to_owned(), text(&self.partition)),
            (SORT_KEY.to_owned(), text(&self.sort)),
        ])
    }

    /// The item of that key and these attributes.
    pub(super) fn with<const N: usize>(&self, attributes: [(&str, AttributeValue); N]) -> Item {
        let mut item = self.item();
        item.extend(attributes.map(|(name, value)| (name.to_owned(), value)));
        item
    }
}

pub(super) fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// The moment in whole seconds that something expires at: not before its time.
pub(super) fn expiry(at: Timestamp) -> AttributeValue {
    let seconds = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
    AttributeValue::N(seconds.to_string())
}

/// The moment in whole seconds that an expiry is compared with.
pub(super) fn seconds(now: Timestamp) -> AttributeValue {
    AttributeValue::N(now.as_second().to_string())
}

/// True where an item has a time and that is over, whether or not DynamoDB has deleted it yet.
pub(super) fn is_expired(item: &Item, now: Timestamp) -> bool {
    let expires_at = item.get(EXPIRY).and_then(|value| value.as_n().ok()?.parse::<i64>().ok());
    expires_at.is_some_and(|expires_at| expires_at <= now.as_second())
}

/// An item that was read, with what it is called in an error.
pub(super) struct Read<'a>(pub(super) &'a Item);

impl<'a> Read<'a> {
    fn name(&self) -> String {
        let key = |name| self.0.get(name).and_then(|value| value.as_s().ok()).map_or("?", String::as_str);
        format!("{} / {}", key(PARTITION_KEY), key(SORT_KEY))
    }

    /// The text of an attribute.
    pub(super) fn text(&self, attribute: &str) -> Result<&'a str, UnreadableItem> {
        self.0
            .get(attribute)
            .and_then(|value| value.as_s().ok())
            .map(String::as_str)
            .ok_or_else(|| self.damaged(attribute))
    }

    /// The value that an attribute's text stands for.
    pub(super) fn parsed<T: FromStr>(&self, attribute: &str) -> Result<T, UnreadableItem> {
        self.text(attribute)?.parse().map_err(|_| self.damaged(attribute))
    }

    /// The value in an attribute of JSON.
    pub(super) fn json<T: DeserializeOwned>(&self, attribute: &str) -> Result<T, UnreadableItem> {
        serde_json::from_str(self.text(attribute)?)
            .map_err(|error| UnreadableItem::json(&self.name(), &error))
    }

    /// A flag.
    pub(super) fn flag(&self, attribute: &str) -> Result<bool, UnreadableItem> {
        let flag = self.0.get(attribute).and_then(|value| value.as_bool().ok());
        flag.copied().ok_or_else(|| self.damaged(attribute))
    }

    /// The number in an attribute; 0 where it has none.
    pub(super) fn count(&self, attribute: &str) -> u64 {
        self.0.get(attribute).and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or_default()
    }

    pub(super) fn damaged(&self, attribute: &str) -> UnreadableItem {
        UnreadableItem::damaged(&self.name(), format!("its attribute {attribute} is missing or damaged"))
    }
}
