//! Events as items of the DynamoDB table: what the store writes, and what the table's stream hands over to
//! `dispatch`, which reads it without the AWS SDK.
//!
//! An item holds the event as JSON that a person can read, in the attribute `event`. Where packing it saves a
//! write unit, which is a kilobyte, it is DEFLATE data in the attribute `packed`. Of a long text the item holds
//! nothing: the whole event then stands, packed and in pieces, in items of its own, and this one holds what the
//! case is added up from.

mod error;
pub(crate) mod keys;
mod packing;
#[cfg(test)]
mod tests;

pub use error::UnreadableItem;

use jiff::Timestamp;
use keys::{case_partition, event_key, event_of, piece_key};
use lotse_domain::{Actor, Event, EventId, RecordedEvent, Verbatim};
use packing::{pack, unpack};
use serde::{Deserialize, Serialize};
use serde_dynamo::{AttributeValue, Item};
use std::collections::HashMap;

/// The format of event items. A change that an older version would misread gets a new number.
const FORMAT: u32 = 1;
/// A write unit, in bytes.
const UNIT: usize = 1024;
/// A packed event up to this size stands in its item: with it, an item is read for one unit, 4 KB.
const LARGEST_IN_ITEM: usize = 3_000;
/// What one piece of a long text holds: an item holds 400 KB with its names and keys.
const LARGEST_PIECE: usize = 390 * 1024;
/// An event's packed text at the most: a transaction holds 4 MB with all that belongs to the commit.
const LARGEST_TEXT: usize = 3 * 1024 * 1024;

/// The names of an event item's attributes beside its keys.
mod attribute {
    pub(super) const FORMAT: &str = "format";
    pub(super) const KIND: &str = "type";
    pub(super) const EVENT: &str = "event";
    pub(super) const PACKED: &str = "packed";
    pub(super) const PIECES: &str = "pieces";
}
/// The attribute of a piece.
const PIECE: &str = "text";

/// What an item holds of an event; the rest are its keys.
#[derive(Serialize, Deserialize)]
struct Content {
    at: Timestamp,
    actor: Actor,
    event: Event,
}

/// An event whose text is larger than a transaction holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// An event as the table keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EventItems {
    /// The event's own item.
    pub(crate) event: HashMap<String, AttributeValue>,
    /// The pieces of its text, where that is long.
    pub(crate) pieces: Vec<HashMap<String, AttributeValue>>,
}

impl EventItems {
    /// The items of an event. `beside` are attributes that its own item gets besides.
    pub(crate) fn of(
        recorded: &RecordedEvent,
        beside: HashMap<String, AttributeValue>,
    ) -> Result<Self, TooLarge> {
        let RecordedEvent { id, at, actor, event } = recorded;
        let content = Content { at: *at, actor: actor.clone(), event: event.clone() };
        let json = to_json(&content)?;
        let mut item = beside;
        item.extend(keys_of(*id, event_key(id.sequence)));
        item.insert(attribute::FORMAT.to_owned(), AttributeValue::N(FORMAT.to_string()));
        item.insert(attribute::KIND.to_owned(), AttributeValue::S(event.name().to_owned()));
        let around = size(&item) + attribute::EVENT.len();
        if around + json.len() <= UNIT {
            item.insert(attribute::EVENT.to_owned(), AttributeValue::S(json));
            return Ok(Self { event: item, pieces: Vec::new() });
        }
        let packed = pack(&json);
        let Some(event) = without_text(event).filter(|_| packed.len() > LARGEST_IN_ITEM) else {
            return Self::in_one(item, packed);
        };
        if packed.len() > LARGEST_TEXT {
            return Err(TooLarge);
        }
        let pieces = packed.chunks(LARGEST_PIECE).enumerate().map(|(number, piece)| {
            let mut item = keys_of(*id, piece_key(id.sequence, number));
            item.insert(PIECE.to_owned(), AttributeValue::B(piece.to_vec()));
            item
        });
        let pieces: Vec<_> = pieces.collect();
        item.insert(attribute::PIECES.to_owned(), AttributeValue::N(pieces.len().to_string()));
        let own = Self::in_one(item, pack(&to_json(&Content { event, ..content })?))?;
        Ok(Self { pieces, ..own })
    }

    fn in_one(mut item: HashMap<String, AttributeValue>, packed: Vec<u8>) -> Result<Self, TooLarge> {
        item.insert(attribute::PACKED.to_owned(), AttributeValue::B(packed));
        if size(&item) > LARGEST_PIECE { Err(TooLarge) } else { Ok(Self { event: item, pieces: Vec::new() }) }
    }
}

/// An event item, read.
pub(crate) struct ReadEvent {
    /// The event; without its text where that stands in pieces.
    pub(crate) event: RecordedEvent,
    /// Into how many pieces the whole event was cut; 0 where this is all of it.
    pub(crate) pieces: usize,
}

impl ReadEvent {
    /// Reads an event's own item.
    pub(crate) fn of(item: &HashMap<String, AttributeValue>) -> Result<Self, UnreadableItem> {
        let (partition, key) = (text(item, "pk").unwrap_or("?"), text(item, "sk").unwrap_or("?"));
        let name = format!("{partition} / {key}");
        let id = event_of(partition, key)
            .ok_or_else(|| UnreadableItem::damaged(&name, "these are not the keys of an event"))?;
        let format = number(item, attribute::FORMAT).unwrap_or("no number");
        if format != FORMAT.to_string() {
            return Err(UnreadableItem::UnknownFormat {
                item: name,
                found: format.to_owned(),
                known: FORMAT,
            });
        }
        let pieces = number(item, attribute::PIECES).map_or(Ok(0), str::parse);
        let pieces = pieces.map_err(|_| UnreadableItem::damaged(&name, "its pieces are not counted"))?;
        let content: Content = match (item.get(attribute::EVENT), item.get(attribute::PACKED)) {
            (Some(AttributeValue::S(json)), _) => serde_json::from_str(json),
            (None, Some(AttributeValue::B(packed))) => serde_json::from_slice(&unpacked(&name, packed)?),
            _ => return Err(UnreadableItem::damaged(&name, "it holds no event")),
        }
        .map_err(|error| UnreadableItem::json(&name, &error))?;
        Ok(Self { event: content.recorded(id), pieces })
    }

    /// The whole event, from the pieces in their order.
    pub(crate) fn joined(
        &self,
        pieces: &[HashMap<String, AttributeValue>],
    ) -> Result<RecordedEvent, UnreadableItem> {
        let id = self.event.id;
        let name = format!("{} / {}", case_partition(id.case), keys::pieces_prefix(id.sequence));
        if pieces.len() != self.pieces {
            let problem = format!("{} of {} pieces of a text are there", pieces.len(), self.pieces);
            return Err(UnreadableItem::damaged(&name, problem));
        }
        let mut packed = Vec::new();
        for piece in pieces {
            let Some(AttributeValue::B(bytes)) = piece.get(PIECE) else {
                return Err(UnreadableItem::damaged(&name, "a piece of a text holds none"));
            };
            packed.extend_from_slice(bytes);
        }
        let json = unpacked(&name, &packed)?;
        let content: Content =
            serde_json::from_slice(&json).map_err(|error| UnreadableItem::json(&name, &error))?;
        Ok(content.recorded(id))
    }
}

impl Content {
    fn recorded(self, id: EventId) -> RecordedEvent {
        RecordedEvent { id, at: self.at, actor: self.actor, event: self.event }
    }
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
    ReadEvent::of(image.inner()).map(|read| read.event)
}

/// The event without the text that makes it long; `None` where it has none. Adding a history up reads no
/// texts, so that the case is the same.
fn without_text(event: &Event) -> Option<Event> {
    let mut event = event.clone();
    let text = match &mut event {
        Event::CaseOpened { message, .. } | Event::MessageReceived { message } => &mut message.body,
        Event::MessageSent { message } => &mut message.text,
        Event::Answered { text, .. } | Event::ContactAsked { text, .. } => text,
        _ => return None,
    };
    *text = Verbatim::default();
    Some(event)
}

fn to_json(content: &Content) -> Result<String, TooLarge> {
    // The domain's types have text keys only, so that this does not happen.
    serde_json::to_string(content).map_err(|_| TooLarge)
}

fn unpacked(name: &str, packed: &[u8]) -> Result<Vec<u8>, UnreadableItem> {
    unpack(packed).map_err(|_| UnreadableItem::damaged(name, "its packed text is damaged"))
}

fn keys_of(id: EventId, key: String) -> HashMap<String, AttributeValue> {
    [("pk", case_partition(id.case)), ("sk", key)]
        .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
        .into()
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

/// An item's size as DynamoDB counts it: names and values. Numbers are counted as a digit a byte, which is
/// more than they take.
fn size(item: &HashMap<String, AttributeValue>) -> usize {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::B(bytes) => bytes.len(),
        // No event item has attributes of other types.
        _ => 1,
    };
    item.iter().map(|(name, content)| name.len() + value(content)).sum()
}
