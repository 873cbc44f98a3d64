//! Events as items: how they are written, and how their long texts are joined again. [`crate::stream`] says what
//! an event's own item is.

#[cfg(test)]
mod tests;

use super::{
    item::{Item, Key, Read},
    keys::{case_partition, event_key, piece_key, pieces_prefix},
};
use crate::stream::{Content, FORMAT, UnreadableItem, attribute};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use lotse_domain::{Event, EventId, RecordedEvent, Verbatim};
use miniz_oxide::deflate::compress_to_vec;

/// A write unit, in bytes.
const UNIT: usize = 1024;
/// A packed event up to this size stands in its item: with it, an item is read for one unit, 4 KB.
const LARGEST_IN_ITEM: usize = 3_000;
/// What one piece of a long text holds: an item holds 400 KB with its names and keys.
const LARGEST_PIECE: usize = 390 * 1024;
/// Pieces of one commit at the most, 3 MB: a transaction holds 4 MB with all that belongs to it.
pub(super) const MOST_PIECES: usize = 8;
/// The level of DEFLATE: beyond it, texts take much longer and become hardly smaller.
const LEVEL: u8 = 6;

/// The attribute that names the kind of event, for whoever looks into the table.
const KIND: &str = "type";
/// The attribute that counts the pieces of a long text.
const PIECES: &str = "pieces";
/// The attribute of a piece.
const PIECE: &str = "text";

/// An event that is larger than a transaction holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// An event as the table keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EventItems {
    /// The event's own item.
    pub(super) event: Item,
    /// The pieces of its text, where that is long.
    pub(super) pieces: Vec<Item>,
}

impl EventItems {
    /// The items of an event. `beside` are attributes that its own item gets besides.
    pub(super) fn of(recorded: &RecordedEvent, beside: Item) -> Result<Self, TooLarge> {
        let RecordedEvent { id, at, actor, event } = recorded;
        let content = Content { at: *at, actor: actor.clone(), event: event.clone() };
        let json = to_json(&content)?;
        let mut item = Key::new(case_partition(id.case), event_key(id.sequence)).with([
            (attribute::FORMAT, AttributeValue::N(FORMAT.to_string())),
            (KIND, AttributeValue::S(event.name().to_owned())),
        ]);
        item.extend(beside);
        if size(&item) + attribute::EVENT.len() + json.len() <= UNIT {
            item.insert(attribute::EVENT.to_owned(), AttributeValue::S(json));
            return Ok(Self { event: item, pieces: Vec::new() });
        }
        let packed = pack(&json);
        let without_text = without_text(event).filter(|_| packed.len() > LARGEST_IN_ITEM);
        let Some(event) = without_text else {
            return Ok(Self { event: packed_item(item, packed)?, pieces: Vec::new() });
        };
        if packed.len() > MOST_PIECES * LARGEST_PIECE {
            return Err(TooLarge);
        }
        let pieces: Vec<Item> = packed
            .chunks(LARGEST_PIECE)
            .enumerate()
            .map(|(number, piece)| {
                let key = Key::new(case_partition(id.case), piece_key(id.sequence, number));
                key.with([(PIECE, AttributeValue::B(Blob::new(piece)))])
            })
            .collect();
        item.insert(PIECES.to_owned(), AttributeValue::N(pieces.len().to_string()));
        let event = packed_item(item, pack(&to_json(&Content { event, ..content })?))?;
        Ok(Self { event, pieces })
    }
}

/// Into how many pieces the text of an event was cut; 0 where its item holds all of it.
pub(super) fn pieces_of(item: &Item) -> Result<usize, UnreadableItem> {
    let Some(count) = item.get(PIECES) else { return Ok(0) };
    let count = count.as_n().ok().and_then(|count| count.parse().ok());
    count.ok_or_else(|| Read(item).damaged(PIECES))
}

/// The whole event, from all its pieces in their order.
pub(super) fn joined(id: EventId, expected: usize, pieces: &[Item]) -> Result<RecordedEvent, UnreadableItem> {
    let name = format!("{} / {}", case_partition(id.case), pieces_prefix(id.sequence));
    let packed: Vec<&[u8]> =
        pieces.iter().filter_map(|piece| Some(piece.get(PIECE)?.as_b().ok()?.as_ref())).collect();
    if packed.len() != expected {
        let problem = format!("{} of {expected} pieces of a text are there", packed.len());
        return Err(UnreadableItem::damaged(&name, problem));
    }
    Ok(Content::unpack(&name, &packed.concat())?.recorded(id))
}

fn packed_item(mut item: Item, packed: Vec<u8>) -> Result<Item, TooLarge> {
    item.insert(attribute::PACKED.to_owned(), AttributeValue::B(Blob::new(packed)));
    if size(&item) > LARGEST_PIECE { Err(TooLarge) } else { Ok(item) }
}

fn pack(json: &str) -> Vec<u8> {
    compress_to_vec(json.as_bytes(), LEVEL)
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

/// An item's size as DynamoDB counts it: names and values. A number counts a byte for each digit, which is more
/// than it takes.
fn size(item: &Item) -> usize {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        // No event item has attributes of other types.
        _ => 1,
    };
    item.iter().map(|(name, content)| name.len() + value(content)).sum()
}
