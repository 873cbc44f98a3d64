//! Events as items, and back.

use super::{EventItems, KIND, LARGEST_IN_ITEM, PIECES, UNIT, joined, pieces_of, size};
use crate::{
    contract::sample::{at_desk, message, opened_by},
    dynamodb::item::Item,
    stream::{FORMAT, UnreadableItem, attribute, recorded_event},
};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use lotse_domain::{Event, RecordedEvent};

fn items(event: &RecordedEvent) -> EventItems {
    EventItems::of(event, Item::new()).expect("it is not too large")
}

fn event_with(text: &str) -> RecordedEvent {
    opened_by(1, 1, 0, message("Anfrage", text)).events()[0].clone()
}

fn read(item: &Item) -> Result<RecordedEvent, UnreadableItem> {
    recorded_event(&item.clone().into())
}

/// Words that follow no pattern, so that packing cannot take much away.
fn words(count: u64) -> String {
    let mixed = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
    let words: Vec<String> = (1..=count).map(|number| format!("{:x}", mixed(number))).collect();
    words.join(" ")
}

#[test]
fn a_short_event_stands_there_for_people_to_read() {
    let events = at_desk(1, 60).events().to_vec();
    assert_eq!(events.len(), 3);
    for event in events {
        let EventItems { event: item, pieces } = items(&event);
        assert!(pieces.is_empty() && size(&item) <= UNIT, "{}", event.event.name());
        assert_eq!(item[KIND], AttributeValue::S(event.event.name().to_owned()));
        let AttributeValue::S(json) = &item[attribute::EVENT] else { panic!("no text") };
        assert!(json.contains(event.event.name()), "{json}");
        assert_eq!(read(&item).expect("an event"), event);
    }
}

#[test]
fn an_event_is_packed_where_that_saves_a_write_unit() {
    let event = event_with(&"Wie wird Velocordin bei eingeschränkter Nierenfunktion dosiert? ".repeat(20));
    let EventItems { event: item, pieces } = items(&event);
    assert!(pieces.is_empty() && !item.contains_key(attribute::EVENT));
    assert!(size(&item) <= UNIT, "{} bytes", size(&item));
    assert_eq!(read(&item).expect("an event"), event);
}

#[test]
fn a_long_text_stands_in_pieces_and_the_case_is_added_up_without_it() {
    for count in [1_000, 30_000, 150_000] {
        let event = event_with(&words(count));
        let EventItems { event: item, pieces } = items(&event);
        assert!(!pieces.is_empty() && size(&item) < LARGEST_IN_ITEM, "{count} words");
        assert!(pieces.iter().all(|piece| size(piece) < 400 * 1024), "{count} words");

        let without_text = read(&item).expect("an event");
        let Event::CaseOpened { message, contact, .. } = &without_text.event else { panic!("another event") };
        let Event::CaseOpened { message: whole, contact: who, .. } = &event.event else {
            panic!("another event")
        };
        assert!(message.body.is_blank() && message.subject == whole.subject && contact == who);

        let count = pieces_of(&item).expect("a number");
        let whole = joined(event.id, count, &pieces).expect("all pieces");
        assert_eq!(whole, event, "{count} words");
        let missing = joined(event.id, count, &pieces[1..]).expect_err("a piece is missing");
        assert!(missing.to_string().contains("pieces of a text"), "{missing}");
    }
}

#[test]
fn the_largest_texts_are_refused_and_not_cut() {
    assert!(EventItems::of(&event_with(&words(500_000)), Item::new()).is_err());
}

#[test]
fn an_item_of_another_format_is_told_from_a_damaged_one() {
    let good = items(&event_with("Eine Frage von Frau Beispiel.")).event;
    let changed = |name: &str, value: AttributeValue| {
        let mut item = good.clone();
        item.insert(name.to_owned(), value);
        read(&item).expect_err("it cannot be read")
    };
    let later = changed(attribute::FORMAT, AttributeValue::N((FORMAT + 1).to_string()));
    assert!(
        matches!(&later, UnreadableItem::UnknownFormat { found, known: FORMAT, .. } if found == "2"),
        "{later}"
    );
    let damaged = [
        changed("sk", AttributeValue::S("META".to_owned())),
        changed("pk", AttributeValue::S("CASE#nobody".to_owned())),
        changed(attribute::EVENT, AttributeValue::S("{\"at\":\"Frau Beispiel\"".to_owned())),
        changed(attribute::EVENT, AttributeValue::Bool(true)),
    ];
    for error in damaged {
        assert!(matches!(error, UnreadableItem::Damaged { .. }), "{error}");
        assert!(!error.to_string().contains("Beispiel"), "{error}");
    }
    let mut uncounted = good.clone();
    uncounted.insert(PIECES.to_owned(), AttributeValue::N("-1".to_owned()));
    assert!(pieces_of(&uncounted).is_err(), "nobody takes an event without its text for the whole");
    let unpackable = {
        let mut item = good.clone();
        item.remove(attribute::EVENT);
        item.insert(attribute::PACKED.to_owned(), AttributeValue::B(Blob::new([0xFF; 40])));
        read(&item).expect_err("it cannot be read")
    };
    assert!(unpackable.to_string().contains("packed text is damaged"), "{unpackable}");
    assert!(read(&Item::new()).is_err());
}

#[test]
fn an_event_that_no_version_knows_is_damage_and_not_nothing() {
    let mut item = items(&event_with("Eine Frage.")).event;
    let AttributeValue::S(json) = &item[attribute::EVENT] else { panic!("no text") };
    let unknown = json.replace("case_opened", "case_dreamt");
    item.insert(attribute::EVENT.to_owned(), AttributeValue::S(unknown));
    let error = read(&item).expect_err("no such event");
    assert!(error.to_string().contains("EVENT#0000000001"), "{error}");
}
