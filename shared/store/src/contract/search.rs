//! Finding cases by the words of their messages.

use super::sample::{answer, case_id, commit, execute, message, one_more_message, opened, opened_by, system};
use lotse_domain::{CaseId, ports::CaseStore};

async fn found<S: CaseStore>(store: &S, words: &str) -> Vec<CaseId> {
    let mut cases: Vec<_> =
        store.search(words, 50).await.expect("the store answers").into_iter().map(|case| case.case).collect();
    cases.sort_unstable();
    cases
}

async fn write<S: CaseStore>(store: &S, number: u64, subject: &str, body: &str) {
    let change = opened_by(number, number, 0, message(subject, body));
    store.commit(commit(change)).await.expect("a free id");
}

/// Every word must stand there, in subject or text, in any order.
pub async fn a_case_is_found_by_all_words_of_its_messages<S: CaseStore>(store: &S) {
    write(store, 1, "Dosierung", "Wie dosiere ich Velocordin bei Niereninsuffizienz?").await;
    write(store, 2, "Lieferung", "Wo bleibt die Bestellung NP-2026-004711 mit Velocordin?").await;
    assert_eq!(found(store, "Velocordin Dosierung").await, [case_id(1)]);
    assert_eq!(found(store, "bestellung velocordin").await, [case_id(2)]);
    assert_eq!(found(store, "NP-2026-004711").await, [case_id(2)], "a number with hyphens is one word");
    assert_eq!(found(store, "Velocordin Kühlkette").await, []);
    let mut both = [case_id(1), case_id(2)];
    both.sort_unstable();
    assert_eq!(found(store, "Velocordin").await, both);
}

/// What the company wrote counts as well, and the words need not stand in the same message.
pub async fn words_are_found_in_either_direction_and_in_different_messages<S: CaseStore>(store: &S) {
    let mut change = opened_by(1, 1, 0, message("Frage", "Ist Glykaris lichtempfindlich?"));
    execute(&mut change, 5, &system(), answer(1, "Ihre Frage", "Bitte im Umkarton aufbewahren."));
    execute(&mut change, 9, &system(), one_more_message("Herzlichen Dank."));
    store.commit(commit(change)).await.expect("a free id");
    write(store, 2, "Frage", "Umkarton beschädigt").await;
    assert_eq!(found(store, "Umkarton aufbewahren").await, [case_id(1)]);
    assert_eq!(found(store, "Glykaris Umkarton Dank").await, [case_id(1)]);
}

/// People type `Muller` and mean `Müller`.
pub async fn letters_are_compared_without_case_and_accents<S: CaseStore>(store: &S) {
    write(store, 1, "Kühlkette", "Das Päckchen für die Apotheke Café Müller war warm.").await;
    for words in ["kühlkette", "KÜHLKETTE", "kuhlkette", "Muller cafe", "Ku\u{308}hlkette"] {
        assert_eq!(found(store, words).await, [case_id(1)], "looking for {words:?}");
    }
}

/// Nothing that people paste is an error, and nothing has a meaning beside its words.
pub async fn any_text_is_a_legal_search<S: CaseStore>(store: &S) {
    write(store, 1, "Frage", "Ist Glykaris lichtempfindlich?").await;
    let long = "wort ".repeat(10_000);
    let endless = "x".repeat(1_000_000);
    for words in [
        "",
        " ",
        "\"",
        "\"\"\"",
        "*",
        "-",
        "AND",
        "Glykaris OR",
        "NOT Glykaris x",
        "NEAR(a b)",
        "subject:",
        "^a",
        "a AND (b",
        "' OR 1=1 --",
        "\u{0}",
        "Glykaris\u{0}'\"",
        "😀",
        "\u{feff}\u{202e}",
        "%",
        "{a}: b + c",
        &long,
        &endless,
    ] {
        store.search(words, 10).await.expect("the store answers");
    }
    assert_eq!(found(store, "Glykaris OR nichts").await, [], "OR is a word like any other");
    assert_eq!(found(store, "body:Glykaris").await, [], "no column can be named");
    assert_eq!(found(store, "\"Glykaris\" ?").await, [case_id(1)], "signs are not words");
    assert_eq!(found(store, "").await, []);
}

/// A common word does not bring all cases.
pub async fn a_search_gives_no_more_than_it_is_asked_for<S: CaseStore>(store: &S) {
    for number in 1..=9 {
        store.commit(commit(opened(number))).await.expect("a free id");
    }
    assert_eq!(store.search("Frage", 4).await.expect("the store answers").len(), 4);
    assert_eq!(store.search("Frage", 0).await.expect("the store answers").len(), 0);
    assert_eq!(store.search("Frage", usize::MAX).await.expect("the store answers").len(), 9);
}
