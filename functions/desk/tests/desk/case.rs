//! One case, as it is read.

use crate::support::{About, Office};
use axum::http::StatusCode;
use lotse_domain::{Actor, CaseId, Command};

#[tokio::test]
async fn the_page_shows_message_evidence_contact_and_history() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let anna = office.sign_in("anna").await;
    let page = office.get(&anna, &format!("/desk/cases/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Dr. Anna Berg") && page.text.contains("a.berg@klinik-am-hafen.example"));
    assert!(page.text.contains(">Wie</mark>"), "the words that the rule read are marked");
    assert!(page.text.contains("Glykaris bei Dialyse"));
    assert!(page.text.contains("eröffnet") && page.text.contains("eingeordnet"));
}

#[tokio::test]
async fn a_case_of_another_desk_does_not_exist() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let flagged = office.received(2, About::Reaction).await;
    for (user, case, status) in [
        ("anna", id, StatusCode::OK),
        ("jens", id, StatusCode::NOT_FOUND),
        ("petra", id, StatusCode::NOT_FOUND),
        ("kim", id, StatusCode::OK),
        ("petra", flagged, StatusCode::OK),
        ("anna", flagged, StatusCode::NOT_FOUND),
    ] {
        let person = office.sign_in(user).await;
        let page = office.get(&person, &format!("/desk/cases/{case}")).await;
        assert_eq!(page.status, status, "{user}");
        if status == StatusCode::NOT_FOUND {
            let nothing = office.get(&person, &format!("/desk/cases/{}", CaseId::from_number(5))).await;
            assert_eq!(page.text, nothing.text, "told from a case that is not there by nothing");
            assert!(!page.text.contains("Berg"));
        }
    }
    let jens = office.sign_in("jens").await;
    let claimed = office.act(&jens, id, "claim", &[]).await;
    assert_eq!(claimed.status, StatusCode::NOT_FOUND);
    assert_eq!(office.get(&jens, "/desk/cases/%3Cscript%3E").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_contact_wrote_is_shown_as_text() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let script = "<script>alert(1)</script><img src=x onerror=alert(1)>";
    let message = crate::support::message(script);
    office.command(id, &Actor::Contact, Command::ReceiveMessage { message }).await;
    let anna = office.sign_in("anna").await;
    let page = office.get(&anna, &format!("/desk/cases/{id}?notice=%3Cscript%3E")).await.text;
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x"));
    assert!(page.contains("alert(1)"));
}
