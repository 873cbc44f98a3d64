//! What a simple inquiry costs: write units, counted from what goes over the wire, by the rules that Amazon bills
//! by (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html>).

use crate::{
    table::{Table, client, endpoint},
    wire::{Call, Fate, Wire},
};
use lotse_domain::{
    Actor, CaseId, Change, Channel, Check, Claim, Command, Confidence, Contact, Decision, Event, Evidence,
    Field, IdentifierKind, Language, Opening, OutgoingKind, ProductFinding, ReceivedMessage, RequestId,
    SentMessage, Topic, TopicFinding, ports::CaseStore,
};
use lotse_store::{
    DynamoStore,
    contract::sample::{
        arrive, case_id, claim, classify, commit, contact_id, decision, execute, identifier, minute,
        one_more_message, opened, reference, specialist, system,
    },
};
use serde_json::Value;
use std::collections::HashMap;

/// Counts write units over calls in their order.
#[derive(Default)]
struct Meter {
    /// What stands in the table, by its keys.
    items: HashMap<String, Value>,
    units: usize,
}

impl Meter {
    fn count(&mut self, call: &Call) {
        let asked = &call.asked;
        match call.action.as_str() {
            "PutItem" => self.put(&asked["Item"], 1),
            "TransactWriteItems" => {
                for part in asked["TransactItems"].as_array().into_iter().flatten() {
                    if let Some(put) = part.get("Put") {
                        self.put(&put["Item"], 2);
                    } else if let Some(delete) = part.get("Delete") {
                        self.delete(&delete["Key"]);
                    } else {
                        self.units += 2;
                    }
                }
            }
            "BatchWriteItem" => {
                let tables = asked["RequestItems"].as_object().into_iter().flatten();
                for request in tables.filter_map(|(_, requests)| requests.as_array()).flatten() {
                    self.put(&request["PutRequest"]["Item"], 1);
                }
            }
            "Query" | "GetItem" => {}
            other => panic!("{other} is not counted"),
        }
    }

    fn put(&mut self, item: &Value, factor: usize) {
        let before = self.items.insert(key(item), item.clone());
        self.units += factor * units(size(item).max(before.as_ref().map_or(0, size)));
        // Nothing that stands in the index is ever written again, so that its entries only come.
        if let Some(attributes) = item.as_object().filter(|item| item.contains_key("listed_under")) {
            assert_eq!(before, None, "an item of the index is written once");
            let names = ["pk", "sk", "listed_under", "listed_at", "words"];
            let entry = attributes.iter().filter(|(name, _)| names.contains(&name.as_str()));
            self.units += units(entry.map(|(name, value)| name.len() + value_size(value)).sum());
        }
    }

    fn delete(&mut self, key_of: &Value) {
        let before = self.items.remove(&key(key_of)).expect("what is deleted was there");
        self.units += 2 * units(size(&before));
    }
}

fn key(item: &Value) -> String {
    format!("{} {}", item["pk"]["S"], item["sk"]["S"])
}

fn units(bytes: usize) -> usize {
    bytes.div_ceil(1024).max(1)
}

fn size(item: &Value) -> usize {
    item.as_object().into_iter().flatten().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(value: &Value) -> usize {
    let (kind, value) = value.as_object().and_then(|value| value.iter().next()).expect("a typed value");
    let text = value.as_str().unwrap_or_default();
    match kind.as_str() {
        "S" => text.len(),
        // Two digits a byte, and one byte more.
        "N" => text.len().div_ceil(2) + 1,
        "B" => text.len() / 4 * 3 - text.bytes().filter(|byte| *byte == b'=').count(),
        "BOOL" => 1,
        other => panic!("no item has values of type {other}"),
    }
}

/// A store whose writes are counted.
async fn counted(table: &Table) -> (DynamoStore, Wire) {
    let wire = Wire::to(&endpoint(), |_| Fate::PassOn).await;
    (table.store_by(&client(&wire.endpoint)), wire)
}

/// The units of each commit so far.
fn bill(wire: &Wire, per_commit: &[usize]) -> Vec<usize> {
    let mut meter = Meter::default();
    let calls = wire.calls();
    let mut bill = Vec::new();
    let mut done = 0;
    for until in per_commit {
        let before = meter.units;
        calls[done..*until].iter().for_each(|call| meter.count(call));
        bill.push(meter.units - before);
        done = *until;
    }
    bill
}

const QUESTION: &str = "Sehr geehrte Damen und Herren,\n\neine Patientin (72 Jahre, GFR 38 ml/min) nimmt seit zwei \
    Wochen Velocordin 5 mg. Muss die Dosis bei dieser Nierenfunktion angepasst werden, und ab welchem Wert raten \
    Sie von der Gabe ab? Für einen Hinweis auf die zugrunde liegenden Daten wäre ich dankbar.\n\nMit freundlichen \
    Grüßen\nDr. Ines Falkenried";

const RECEIPT: &str = "Guten Tag Dr. Ines Falkenried,\n\nvielen Dank für Ihre Anfrage. Sie ist am 23.11.2026 um \
    09:00 Uhr bei uns eingegangen und hat die Nummer 7KDW-4M9X.\n\nSo geht es weiter:\n– Ihre medizinische Frage \
    liegt bei unserer Medizinischen Information. Sie antwortet bis Mittwoch, 25. November 2026.\n\nDen Stand sehen \
    Sie jederzeit auf der Seite Ihrer Anfrage. Dort können Sie auch etwas ergänzen:\n\
    https://anfragen.nordhafen-pharma.example/s/2v8c6s4k0q1m3n5p7r9t0w2x4yqk7m2d9f3h5j8kzz\n\nOder antworten Sie \
    einfach auf diese E-Mail.\n\nMit freundlichen Grüßen\nIhr Team der Nordhafen Pharma GmbH\n\nNordhafen Pharma \
    GmbH · Hafenstraße 1 · 24103 Kiel · service@nordhafen-pharma.example";

fn inquiry() -> Change {
    let opening = Opening {
        case: case_id(1),
        reference: reference(1),
        contact_id: contact_id(1),
        contact: Contact {
            email: Some("praxis@falkenried.example".parse().expect("an address")),
            name: Some("Dr. Ines Falkenried".to_owned()),
            profession: Some("Ärztin".to_owned()),
            institution: Some("Praxis am Hafen, Kiel".to_owned()),
            country: Some("DE".to_owned()),
            phone: None,
        },
        language: Some(Language::German),
        message: ReceivedMessage {
            channel: Channel::Web,
            subject: Some("Velocordin bei eingeschränkter Nierenfunktion".into()),
            body: QUESTION.into(),
            fields: [].into(),
            automatic: None,
            mail: None,
        },
    };
    Change::open(opening, minute(0), Actor::Contact)
}

fn found() -> Decision {
    let evidence =
        |rule: &str, start| Evidence { rule: rule.to_owned(), field: Field::Body, start, end: start + 12 };
    let product = |field, start| ProductFinding {
        product: "velocordin".parse().expect("a product"),
        field,
        start,
        end: start + 10,
    };
    Decision {
        topics: vec![TopicFinding {
            topic: Topic::MedicalQuestion,
            confidence: Confidence::from_share(0.94),
            evidence: vec![
                evidence("medical.dose", 140),
                evidence("medical.renal", 170),
                evidence("medical.data", 290),
                evidence("medical.advise-against", 230),
            ],
        }],
        products: vec![product(Field::Subject, 0), product(Field::Body, 110)],
        ..decision(&[Topic::MedicalQuestion])
    }
}

fn receipt() -> Command {
    Command::RecordSent {
        message: SentMessage {
            kind: OutgoingKind::Receipt,
            caused_by: 2,
            about: vec![RequestId(1)],
            subject: "Ihre Anfrage 7KDW-4M9X ist bei uns".into(),
            text: RECEIPT.into(),
            to: "praxis@falkenried.example".parse().expect("an address"),
            message_id: "c.2v8c6s4k0q1m3n5p7r9t0w2x4y.2.0123456789abcdef@nordhafen-pharma.example".to_owned(),
        },
    }
}

/// Received, routed, at its desk, receipted: four commits.
#[tokio::test(flavor = "multi_thread")]
async fn a_simple_inquiry_costs_sixteen_write_units() {
    let table = Table::create().await;
    let (store, wire) = counted(&table).await;
    let mut marks = Vec::new();
    let id = case_id(1);
    store.commit(commit(inquiry())).await.expect("a free id");
    marks.push(wire.calls().len());
    let steps: [fn(&mut Change); 3] = [
        |change| classify(change, 1, found()),
        |change| arrive(change, 2, 1, 480),
        |change| execute(change, 3, &Actor::system("contact"), receipt()),
    ];
    for step in steps {
        let mut change = change_of(&store, id).await;
        step(&mut change);
        store.commit(commit(change)).await.expect("the version that was read");
        marks.push(wire.calls().len());
    }
    assert_eq!(bill(&wire, &marks), [5, 4, 6, 1], "received, routed, at its desk, receipted");
    let history = store.history(id).await.expect("the store answers");
    assert!(matches!(&history[3].event, Event::MessageSent { message } if message.text.as_str() == RECEIPT));
}

/// What does not change on lists is not written, and what was named before is not noted again.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_that_stays_as_it_is() {
    let table = Table::create().await;
    let (store, wire) = counted(&table).await;
    let mut change = opened(1);
    let mut found = decision(&[Topic::ShippingStatus, Topic::MedicalQuestion]);
    found.identifiers = vec![identifier(IdentifierKind::OrderNumber, "NP-2026-004711", Check::Unchecked)];
    classify(&mut change, 1, found);
    store.commit(commit(change)).await.expect("a free id");
    let before = wire.calls().len();

    let mut change = change_of(&store, case_id(1)).await;
    execute(&mut change, 2, &system(), one_more_message("Noch etwas."));
    store.commit(commit(change)).await.expect("the version that was read");
    let writes: Vec<_> = writes(&wire.calls()[before..]);
    assert_eq!(writes, ["PutItem 1"], "a message alone is one item");

    let before = wire.calls().len();
    let mut change = change_of(&store, case_id(1)).await;
    arrive(&mut change, 3, 2, 60);
    execute(&mut change, 3, &specialist("mia"), Command::Claim { request: RequestId(2) });
    store.commit(commit(change)).await.expect("the version that was read");
    let writes: Vec<_> = self::writes(&wire.calls()[before..]);
    assert_eq!(
        writes,
        ["TransactWriteItems 4"],
        "two events, a line taken away and a line put; the other stays"
    );
}

/// A transaction writes an item once.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_given_twice_is_one() {
    let table = Table::create().await;
    let store = table.store();
    let twice = opened(1).into_commit(vec![claim("mail:1", None), claim("mail:1", None)]);
    store.commit(twice.expect("an opening")).await.expect("the name is free");
    assert_eq!(store.claimed_by("mail:1", minute(1)).await.expect("the store answers"), Some(case_id(1)));
}

/// A claim without an event is bound to the version, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_alone_is_checked_against_the_version() {
    let table = Table::create().await;
    let store = table.store();
    store.commit(commit(opened(1))).await.expect("a free id");
    let case = change_of(&store, case_id(1)).await;
    let outdated = case.clone().into_commit(vec![Claim { key: "later".to_owned(), expires_at: None }]);
    let mut change = case;
    execute(&mut change, 2, &system(), one_more_message("Noch etwas."));
    store.commit(commit(change)).await.expect("the version that was read");
    store.commit(outdated.expect("a claim")).await.expect_err("another version");
    assert_eq!(store.claimed_by("later", minute(2)).await.expect("the store answers"), None);
}

async fn change_of(store: &DynamoStore, id: CaseId) -> Change {
    Change::of(store.load(id).await.expect("the store answers").expect("the case is there"))
}

/// The writing calls, with how many items each writes.
fn writes(calls: &[Call]) -> Vec<String> {
    calls
        .iter()
        .filter(|call| call.action.contains("Put") || call.action.contains("Write"))
        .map(|call| {
            let parts = call.asked["TransactItems"].as_array().map_or(1, Vec::len);
            format!("{} {parts}", call.action)
        })
        .collect()
}
