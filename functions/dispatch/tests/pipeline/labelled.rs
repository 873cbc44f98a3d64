//! The labelled inquiries (`tests/fixtures`), each through the shipped policy and all handlers: whatever
//! triage makes of one, it ends in front of somebody, and its sender hears of it once.

use crate::{mails::SERVICE, world::World};
use lotse_domain::{Channel, Direction, FlagState, Inquiry, Language, RequestState};

#[tokio::test]
async fn every_labelled_inquiry_ends_in_front_of_somebody() {
    let lines = include_str!("../../../../tests/fixtures/labelled.jsonl");
    let mut count = 0;
    for line in lines.lines() {
        let mut fields: serde_json::Map<_, _> = serde_json::from_str(line).expect("JSON");
        for label in ["expect", "safety_ok", "tags"] {
            fields.remove(label);
        }
        let inquiry: Inquiry = serde_json::from_value(fields.into()).expect("an inquiry");
        let name = inquiry.id.clone().unwrap_or_default();
        let world = World::with_shipped_policy();
        receive(&world, inquiry);
        world.settle().await;
        assert_eq!(world.parked(), Vec::<String>::new(), "{name}");
        let case = world.only_case();
        assert!(!case.requests.is_empty() || !case.flags.is_empty() || case.automatic.is_some(), "{name}");
        for request in &case.requests {
            assert!(!matches!(request.state, RequestState::Received { .. }), "{name}: still on its way");
        }
        for flag in &case.flags {
            assert!(matches!(flag.state, FlagState::HandedOver { .. }), "{name}: {flag:?}");
        }
        let outbound =
            |head: &&lotse_domain::MessageHead| matches!(head.direction, Direction::Outbound { .. });
        let sent = case.messages.iter().filter(outbound).count();
        assert_eq!(sent, usize::from(case.automatic.is_none()), "{name}: mails to the contact");
        count += 1;
    }
    assert!(count >= 38, "only {count} inquiries were read");
}

fn receive(world: &World, inquiry: Inquiry) {
    match inquiry.channel {
        Channel::Mail => {
            let contact = inquiry.contact;
            let address = contact.email.expect("a sender").as_str().to_owned();
            let from = format!("{:?} <{address}>", contact.name.unwrap_or_default());
            let subject = inquiry.subject.unwrap_or_default();
            let raw = format!(
                "From: {from}\r\nTo: {SERVICE}\r\nSubject: {subject}\r\n\
                 Content-Type: text/plain; charset=utf-8\r\n\r\n{}",
                inquiry.body,
            );
            world.mail(raw.as_bytes(), &[SERVICE]);
        }
        Channel::Web | Channel::Phone => {
            world.form(inquiry.contact, inquiry.language.unwrap_or(Language::German), &inquiry.body);
        }
    }
}
