//! Events as items of the DynamoDB table: what the table's stream hands over to `dispatch`, which reads it without
//! the AWS SDK, and what the store reads back.
//!
//! An item holds the event as JSON that a person can read, in the attribute `event`. Where packing it saves a
//! write unit, which is a kilobyte, it is DEFLATE data (RFC 1951) in the attribute `packed`. Of a long text the
//! item holds nothing: the whole event then stands, packed and in pieces, in items of its own, and this one holds
//! what the case is added up from.

mod error;
pub(crate) mod keys;

pub use error::UnreadableItem;

use jiff::Timestamp;
use keys::event_of;
use lotse_domain::{Actor, Event, EventId, RecordedEvent};
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::{Deserialize, Serialize};
use serde_dynamo::{AttributeValue, Item};
use std::collections::HashMap;

/// The format of event items. A change that an older version would misread gets a new number.
pub(crate) const FORMAT: u32 = 1;
/// Larger than any event that is written: what claims to be larger is damaged.
const LARGEST: usize = 64 * 1024 * 1024;

/// The names of an event item's attributes beside its keys.
pub(crate) mod attribute {
    pub(crate) const FORMAT: &str = "format";
    pub(crate) const EVENT: &str = "event";
    pub(crate) const PACKED: &str = "packed";
}

/// What an item holds of an event; the rest are its keys.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Content {
    pub(crate) at: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) event: Event,
}

impl Content {
    /// Reads JSON. `item` is what the item is called in an error.
    fn read(item: &str, json: &[u8]) -> Result<Self, UnreadableItem> {
        serde_json::from_slice(json).map_err(|error| UnreadableItem::json(item, &error))
    }

    /// Reads DEFLATE data.
    pub(crate) fn unpack(item: &str, packed: &[u8]) -> Result<Self, UnreadableItem> {
        let json = decompress_to_vec_with_limit(packed, LARGEST)
            .map_err(|_| UnreadableItem::damaged(item, "its packed text is damaged"))?;
        Self::read(item, &json)
    }

    pub(crate) fn recorded(self, id: EventId) -> RecordedEvent {
        RecordedEvent { id, at: self.at, actor: self.actor, event: self.event }
    }
}

/// True where an item is an event, by its key: the stream hands over everything that is written to the table.
pub fn is_event(image: &Item) -> bool {
    text(image.inner(), "sk").is_some_and(|key| key.starts_with(keys::EVENT_PREFIX))
}

/// The event of a stream's record: its `NewImage`, whose key begins with `EVENT#`.
///
/// A long text is not in it; whoever needs that reads the event from the store. `dispatch` decides by the kind
/// of event alone.
///
/// # Errors
/// An item of another format, or a damaged one. The record stays in the stream, or goes where the stream's
/// mapping sends failures: it is not lost.
pub fn recorded_event(image: &Item) -> Result<RecordedEvent, UnreadableItem> {
    let item = image.inner();
    let (partition, key) = (text(item, "pk").unwrap_or("?"), text(item, "sk").unwrap_or("?"));
    let name = format!("{partition} / {key}");
    let id = event_of(partition, key)
        .ok_or_else(|| UnreadableItem::damaged(&name, "these are not the keys of an event"))?;
    let format = number(item, attribute::FORMAT).unwrap_or("no number");
    if format != FORMAT.to_string() {
        return Err(UnreadableItem::UnknownFormat { item: name, found: format.to_owned(), known: FORMAT });
    }
    let content = match (item.get(attribute::EVENT), item.get(attribute::PACKED)) {
        (Some(AttributeValue::S(json)), _) => Content::read(&name, json.as_bytes())?,
        (None, Some(AttributeValue::B(packed))) => Content::unpack(&name, packed)?,
        _ => return Err(UnreadableItem::damaged(&name, "it holds no event")),
    };
    Ok(content.recorded(id))
}

fn text<'a>(item: &'a HashMap<String, AttributeValue>, name: &str) -> Option<&'a str> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    }
}

fn number<'a>(item: &'a HashMap<String, AttributeValue>, name: &str) -> Option<&'a str> {
    match item.get(name) {
        Some(AttributeValue::N(number)) => Some(number),
        _ => None,
    }
}
