//! What was asked of the contact, and what becomes of replies that do not give it.

use crate::{
    mails::{PHARMACY, SERVICE, in_reply_to, mail, pharmacy_mail},
    world::World,
};
use lotse_domain::StateName;

const WHERE_IS_IT: &str = "Guten Tag,\n\nunsere Bestellung vom vergangenen Donnerstag ist noch nicht da. \
    Wann kommt die Lieferung an?\n\nMit freundlichen Grüßen\nJonna Brodersen";

/// A pharmacy asks where its delivery is, and answers our question with these texts, one after the other.
async fn answered_with(texts: &[&str]) -> World {
    let world = World::new();
    world.mail(&pharmacy_mail(1, "Lieferung fehlt", WHERE_IS_IT), &[SERVICE]);
    world.settle().await;
    let question = world.mails_to(PHARMACY).remove(0);
    for (number, text) in (2..).zip(texts) {
        world.wait_minutes(5);
        let subject = format!("AW: {}", question.subject());
        let headers = in_reply_to(&question);
        let reply = mail("Hafen-Apotheke Wareneingang", PHARMACY, number, &subject, text, &headers);
        world.mail(&reply, &[question.reply_to()]);
        world.settle().await;
    }
    world
}

#[tokio::test]
async fn whoever_does_not_have_the_number_is_not_asked_again_but_read_by_logistics() {
    for text in [
        "Die Bestellnummer haben wir leider nicht mehr.",
        "Keine Ahnung.",
        "Das war eine telefonische Bestellung.",
        "Die Nummer habe ich leider nicht mehr.",
    ] {
        let world = answered_with(&[text]).await;
        let case = world.only_case();
        assert_eq!(case.requests.len(), 1, "{text}: no second request for the same matter");
        let request = &case.requests[0];
        assert_eq!(request.state.name(), StateName::Review, "{text}");
        assert_eq!(request.desk.as_str(), "logistics", "{text}");
        let mails = world.mails_to(PHARMACY);
        assert_eq!(mails.len(), 2, "{text}: the question, and that the reply is read");
        let receipt = mails[1].text();
        assert!(!receipt.contains("Um welche Lieferung geht es?"), "{receipt}");
        assert!(receipt.contains("Logistik und Kundenservice"), "{receipt}");
    }
}

#[tokio::test]
async fn a_loop_of_replies_that_say_nothing_ends_with_a_person_and_one_mail() {
    let world = answered_with(&["??", "Hallo?", "Wir warten.", "Bitte melden.", "Noch nichts."]).await;
    assert_eq!(world.only_case().requests[0].state.name(), StateName::Review);
    assert_eq!(world.mails_to(PHARMACY).len(), 2);
}

#[tokio::test]
async fn a_typing_error_in_the_answer_is_asked_about_once() {
    let world = answered_with(&["NP-2026-00471199", "Doch, NP-2026-00471199 steht hier."]).await;
    assert_eq!(world.only_case().requests[0].state.name(), StateName::Review);
    let mails = world.mails_to(PHARMACY);
    assert_eq!(mails.len(), 3, "what is missing, the typing error, and that the reply is read");
    assert!(mails[1].text().contains("NP-2026-00471199"), "{}", mails[1].text());
    assert!(mails[1].text().contains("Tippfehler"), "{}", mails[1].text());
}
