//! The shipped texts, as their readers get them.

use lotse_domain::{Element, Gap, GapReason, Language, SafetyKind, Topic};
use lotse_policy::{Placeholder, Policy, TextSet};

const LANGUAGES: [Language; 2] = [Language::German, Language::English];

fn gap(topic: Topic, element: Element, reason: GapReason) -> Gap {
    Gap { topic, element, reason }
}

/// A receipt for a parcel whose order number has a typing error, beside a medical question that is
/// under way.
fn receipt_with_question(texts: &TextSet, due: &str, received: &str, desk: &str) -> String {
    let mistyped = gap(Topic::ShippingStatus, Element::OrderReference, GapReason::Mistyped);
    let question = texts.question(mistyped).fill(&[(Placeholder::Value, "NP-2026-00471")]);
    let step = texts.step(Topic::MedicalQuestion).fill(&[(Placeholder::Desk, desk), (Placeholder::Due, due)]);
    texts.receipt_with_questions.body.fill(&[
        (Placeholder::Reference, "K7M-42P"),
        (Placeholder::Received, received),
        (Placeholder::Questions, &format!("- {question}")),
        (Placeholder::Steps, &format!("- {step}")),
        (Placeholder::StatusLink, "https://anfragen.nordhafen-pharma.example/s/abc"),
    ])
}

#[test]
fn a_receipt_with_a_question_reads_as_a_person_would_write_it_in_german() {
    let policy = Policy::shipped().unwrap();
    let body = receipt_with_question(
        policy.texts.get(&Language::German),
        "Mittwoch, 25. November 2026, 9:00 Uhr",
        "Montag, 23. November 2026, 9:00 Uhr",
        "Medizinische Information",
    );
    assert_eq!(
        body,
        "vielen Dank für Ihre Anfrage. Sie ist am Montag, 23. November 2026, 9:00 Uhr bei uns eingegangen und \
         hat die Nummer K7M-42P.\n\
         \n\
         Damit wir Ihnen helfen können, brauchen wir noch von Ihnen:\n\
         - Die Nummer „NP-2026-00471“ enthält vermutlich einen Tippfehler. Würden Sie sie bitte noch einmal \
         prüfen?\n\
         \n\
         Antworten Sie einfach auf diese E-Mail. Oder nutzen Sie das Formular, in dem schon steht, was wir von \
         Ihnen wissen:\n\
         https://anfragen.nordhafen-pharma.example/s/abc\n\
         \n\
         Bitte nennen Sie keine Namen von Patientinnen oder Patienten.\n\
         \n\
         Das läuft schon:\n\
         - Ihre medizinische Frage liegt bei unserem Team Medizinische Information. Wir antworten Ihnen \
         voraussichtlich bis Mittwoch, 25. November 2026, 9:00 Uhr.\n\
         \n\
         Sobald Ihre Angaben da sind, arbeiten wir ohne weiteres Zutun daran weiter."
    );
}

#[test]
fn a_receipt_with_a_question_reads_as_a_person_would_write_it_in_english() {
    let policy = Policy::shipped().unwrap();
    let body = receipt_with_question(
        // Whoever writes French is answered in English.
        policy.texts.get(&Language::Other("fr".into())),
        "Wednesday, 25 November 2026, 09:00 CET",
        "Monday, 23 November 2026, 09:00 CET",
        "Medical Information",
    );
    assert_eq!(
        body,
        "Thank you for your inquiry. It reached us on Monday, 23 November 2026, 09:00 CET and has the number \
         K7M-42P.\n\
         \n\
         To help you, we still need from you:\n\
         - The number \"NP-2026-00471\" seems to have a typing error. Could you please check it once more?\n\
         \n\
         Simply reply to this mail. Or use the form, which already holds what we know from you:\n\
         https://anfragen.nordhafen-pharma.example/s/abc\n\
         \n\
         Please do not give any patient's name.\n\
         \n\
         Already under way:\n\
         - Your medical question is with our Medical Information team. We expect to answer by Wednesday, \
         25 November 2026, 09:00 CET.\n\
         \n\
         As soon as we have your reply, we carry on; there is nothing else for you to do."
    );
}

#[test]
fn each_reason_has_its_own_question_for_what_can_be_mistyped_or_ambiguous() {
    let policy = Policy::shipped().unwrap();
    for language in &LANGUAGES {
        let texts = policy.texts.get(language);
        let words = |topic, element, reason| {
            texts.question(gap(topic, element, reason)).fill(&[(Placeholder::Value, "4711")])
        };
        for (topic, element) in
            [(Topic::ShippingStatus, Element::OrderReference), (Topic::MedicalQuestion, Element::Product)]
        {
            let absent = words(topic, element, GapReason::Absent);
            let mistyped = words(topic, element, GapReason::Mistyped);
            let ambiguous = words(topic, element, GapReason::Ambiguous);
            assert!(absent != mistyped && mistyped != ambiguous && ambiguous != absent, "{absent}");
            assert!(mistyped.contains("4711") && ambiguous.contains("4711"), "{mistyped}");
        }
        // A question cannot be mistyped: the words for an absent one will do.
        assert_eq!(
            words(Topic::MedicalQuestion, Element::Question, GapReason::Mistyped),
            words(Topic::MedicalQuestion, Element::Question, GapReason::Absent),
        );
    }
}

#[test]
fn whatever_the_elements_require_or_call_helpful_has_words_in_both_languages() {
    let policy = Policy::shipped().unwrap();
    let mut asked = 0;
    for language in &LANGUAGES {
        let texts = policy.texts.get(language);
        let general = texts.question(gap(Topic::Other, Element::Product, GapReason::Absent));
        for topic in Topic::ALL {
            for requirement in policy.elements.required(topic) {
                let own = texts.question(gap(topic, requirement.element, GapReason::Absent));
                assert_ne!(own, general, "{topic:?} {:?}", requirement.element);
                asked += 1;
            }
            for name in policy.elements.helpful(topic) {
                assert!(texts.helpful(topic, name).is_some(), "{topic:?} {name}");
                asked += 1;
            }
        }
    }
    assert!(asked > 20, "only {asked} questions were looked at");
}

#[test]
fn each_reminder_has_its_own_words_and_after_the_last_it_stays_the_last() {
    let policy = Policy::shipped().unwrap();
    for language in &LANGUAGES {
        let texts = policy.texts.get(language);
        let body = |number| texts.reminder(number).body.fill(&[(Placeholder::Questions, "- ?")]);
        assert_ne!(body(1), body(2));
        assert_eq!(body(2), body(9));
    }
}

#[test]
fn topics_and_safety_kinds_have_names_that_people_read() {
    let policy = Policy::shipped().unwrap();
    let german = policy.texts.get(&Language::German);
    let english = policy.texts.get(&Language::English);
    for topic in Topic::ALL {
        assert!(german.topic_name(topic) != topic.name() && english.topic_name(topic) != topic.name());
    }
    for kind in SafetyKind::ALL {
        assert!(german.safety_name(kind) != kind.name() && english.safety_name(kind) != kind.name());
    }
    assert_eq!(german.safety_name(SafetyKind::AdverseEvent), "Verdacht auf Nebenwirkung");
}
