//! Doing the work: each action, and what happens to those that come too late.

use crate::support::{About, FIRST, Office, message};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use lotse_domain::{Actor, Command, Destination, Event, FlagState, RequestState, StateName, Topic, UserId};

fn user(name: &str) -> UserId {
    name.parse().expect("a name")
}

async fn state(office: &Office, id: lotse_domain::CaseId) -> StateName {
    office.case(id).await.request(FIRST).expect("a request").state.name()
}

#[tokio::test]
async fn a_request_is_claimed_released_and_confirmed() {
    let office = Office::open().await;
    let id = office.received(1, About::Parcel).await;
    let jens = office.sign_in("jens").await;
    let claimed = office.act(&jens, id, "claim", &[]).await;
    assert_eq!(claimed.header("location"), format!("/desk/cases/{id}?notice=claimed"));
    let page = office.get(&jens, claimed.header("location")).await;
    assert!(page.text.contains("Sie haben die Anfrage übernommen."));
    assert_eq!(
        office.case(id).await.request(FIRST).expect("a request").state.assignee(),
        Some(&user("jens"))
    );
    office.act(&jens, id, "release", &[]).await;
    assert_eq!(state(&office, id).await, StateName::Unclaimed);
    assert!(office.case(id).await.request(FIRST).expect("a request").confirm);
    office.act(&jens, id, "confirm", &[]).await;
    assert!(!office.case(id).await.request(FIRST).expect("a request").confirm);
}

#[tokio::test]
async fn an_answer_is_recorded_with_the_time_it_took() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    office.let_pass(SignedDuration::from_mins(45));
    let anna = office.sign_in("anna").await;
    let text = "Eine Anpassung ist nicht nötig.\n\nFreundliche Grüße";
    let answered = office.act(&anna, id, "answer", &[("text", text)]).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER);
    let history = office.history(id).await;
    let last = history.last().expect("an event");
    assert_eq!(last.actor, Actor::User(user("anna")));
    let Event::Answered { text: kept, spent_minutes, .. } = &last.event else { panic!("an answer") };
    assert_eq!((kept.as_str(), *spent_minutes), (text, 45));
}

#[tokio::test]
async fn a_question_to_the_contact_stops_the_clock_and_will_be_reminded_of() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let anna = office.sign_in("anna").await;
    office.act(&anna, id, "ask", &[("text", "Welches Dialyseverfahren?")]).await;
    let case = office.case(id).await;
    let request = case.request(FIRST).expect("a request");
    assert_eq!(request.clock.due_at, None);
    let RequestState::WaitingForContact { next_step_at, asked_by, .. } = &request.state else {
        panic!("waiting")
    };
    assert!(*next_step_at > office.now());
    assert_eq!(asked_by.as_ref(), Some(&user("anna")));
}

#[tokio::test]
async fn a_request_is_moved_by_desk_or_topic_and_the_reason_stays_on_record() {
    let office = Office::open().await;
    let kim = office.sign_in("kim").await;
    for (number, fields, topic, to, desk) in [
        (
            1,
            [("desk", "logistics"), ("topic", "")],
            Topic::ShippingStatus,
            Destination::Logistics,
            "logistics",
        ),
        (
            2,
            [("desk", ""), ("topic", "shipping_status")],
            Topic::ShippingStatus,
            Destination::Logistics,
            "logistics",
        ),
        (3, [("desk", "review"), ("topic", "other")], Topic::Other, Destination::Review, "review"),
    ] {
        let id = office.received(number, About::Dose).await;
        let [first, second] = fields;
        let moved = office.act(&kim, id, "move", &[first, second, ("reason", "Gehört nicht zu uns")]).await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
        let history = office.history(id).await;
        let Some(Event::Moved { topic: new, desk: new_desk, to: new_to, reason, .. }) =
            history.last().map(|recorded| &recorded.event)
        else {
            panic!("a correction on record")
        };
        assert_eq!((*new, new_desk.as_str(), *new_to), (topic, desk, to));
        assert_eq!(reason.as_str(), "Gehört nicht zu uns");
    }
}

#[tokio::test]
async fn whoever_moves_a_case_away_is_led_back_to_the_worklist() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let anna = office.sign_in("anna").await;
    let moved = office.act(&anna, id, "move", &[("desk", "logistics"), ("reason", "Lieferfrage")]).await;
    assert_eq!(moved.header("location"), "/desk?notice=moved");
    assert_eq!(office.get(&anna, &format!("/desk/cases/{id}")).await.status, StatusCode::NOT_FOUND);
    let jens = office.sign_in("jens").await;
    assert_eq!(office.get(&jens, &format!("/desk/cases/{id}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_closed_can_be_opened_again() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let anna = office.sign_in("anna").await;
    office.act(&anna, id, "close", &[("reason", "Telefonisch geklärt")]).await;
    assert_eq!(state(&office, id).await, StateName::Closed);
    office.act(&anna, id, "reopen", &[("reason", "Rückruf erbeten")]).await;
    assert_eq!(state(&office, id).await, StateName::Received);
}

#[tokio::test]
async fn a_safety_flag_is_acknowledged_under_a_number_or_dismissed_with_a_reason() {
    let office = Office::open().await;
    let petra = office.sign_in("petra").await;
    for (number, action, field, text) in
        [(1, "acknowledge", "number", "PV-2026-0815"), (2, "dismiss", "reason", "Nur eine Frage")]
    {
        let id = office.received(number, About::Reaction).await;
        let path = format!("/desk/cases/{id}/flags/1/{action}");
        let empty = office.post(&petra, &path, &[(field, " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = office.post(&petra, &path, &[(field, text)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        match &office.case(id).await.flags[0].state {
            FlagState::Acknowledged { by, number, .. } => {
                assert_eq!((by, number.as_str()), (&user("petra"), text));
            }
            FlagState::Dismissed { by, reason, .. } => {
                assert_eq!((by, reason.as_str()), (&user("petra"), text));
            }
            other => panic!("settled, not {other:?}"),
        }
        let again = office.post(&petra, &path, &[(field, text)]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
    }
}

#[tokio::test]
async fn an_incomplete_form_is_shown_again_with_what_was_typed() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let anna = office.sign_in("anna").await;
    let long = "x".repeat(20_001);
    for (action, fields) in [
        ("answer", vec![("text", " \n")]),
        ("answer", vec![("text", long.as_str())]),
        ("ask", vec![]),
        ("close", vec![("reason", "")]),
        ("move", vec![("reason", "Falsch hier")]),
        ("move", vec![("desk", "medical-information"), ("reason", "Falsch hier")]),
        ("move", vec![("desk", "pharmacovigilance"), ("reason", "Falsch hier")]),
        ("move", vec![("desk", "logistics"), ("reason", "")]),
    ] {
        let page = office.act(&anna, id, action, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{action}");
        let typed = fields.iter().find(|(name, _)| *name == "reason").map_or("", |(_, typed)| *typed);
        let place = if typed.is_empty() { "error" } else { "target" };
        assert!(page.text.contains(&format!("id=\"{action}-1-{place}\"")), "{action} {place}");
        assert!(page.text.contains(&format!("value=\"{typed}\"")), "what was typed is kept");
        if fields.contains(&("desk", "logistics")) {
            assert!(page.text.contains("<option value=\"logistics\" selected>"), "and what was chosen");
        }
    }
    assert_eq!(state(&office, id).await, StateName::Unclaimed);
}

#[tokio::test]
async fn two_specialists_do_not_answer_the_same_request() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let anna = office.sign_in("anna").await;
    let kim = office.sign_in("kim").await;
    office.act(&anna, id, "claim", &[]).await;
    for (action, field) in [("claim", "text"), ("answer", "text"), ("close", "reason"), ("release", "text")] {
        let refused = office.act(&kim, id, action, &[(field, "Mein Entwurf")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{action}");
        assert!(refused.text.contains("Jemand anders bearbeitet diese Anfrage"), "{action}");
        if matches!(action, "answer" | "close") {
            assert!(refused.text.contains("Mein Entwurf"), "what was typed is not lost: {action}");
        }
    }
    office.act(&anna, id, "answer", &[("text", "Antwort von Anna")]).await;
    let late = office.act(&kim, id, "answer", &[("text", "Antwort von Kim")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("Antwort von Kim"));
    let answers = office.history(id).await;
    assert_eq!(answers.iter().filter(|recorded| matches!(recorded.event, Event::Answered { .. })).count(), 1);
}

#[tokio::test]
async fn nobody_answers_past_a_message_that_they_have_not_read() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let anna = office.sign_in("anna").await;
    let version = office.case(id).await.version.to_string();
    let further = message("Es geht doch um eine andere Patientin.");
    office.command(id, &Actor::Contact, Command::ReceiveMessage { message: further }).await;
    let path = format!("/desk/cases/{id}/requests/1/answer");
    let fields = [("version", version.as_str()), ("text", "Meine Antwort")];
    let stale = office.post(&anna, &path, &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("inzwischen geändert") && stale.text.contains("Meine Antwort"));
    assert!(stale.text.contains("Es geht doch um eine andere Patientin."));
    let answered = office.act(&anna, id, "answer", &[("text", "Meine Antwort")]).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_button_pressed_twice_answers_once_and_says_so() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let anna = office.sign_in("anna").await;
    let version = office.case(id).await.version.to_string();
    let path = format!("/desk/cases/{id}/requests/1/answer");
    for _ in 0..2 {
        let fields = [("version", version.as_str()), ("text", "Einmal genügt.")];
        let answered = office.post(&anna, &path, &fields).await;
        assert_eq!(answered.header("location"), format!("/desk/cases/{id}?notice=answered"));
    }
    let history = office.history(id).await;
    assert_eq!(history.iter().filter(|recorded| matches!(recorded.event, Event::Answered { .. })).count(), 1);
}

#[tokio::test]
async fn actions_that_do_not_exist_or_come_without_a_token_do_nothing() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let anna = office.sign_in("anna").await;
    for path in ["requests/1/burn", "requests/x/claim", "requests/99999999/claim", "flags/1/claim"] {
        let answer = office.post(&anna, &format!("/desk/cases/{id}/{path}"), &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let other = office.post(&anna, &format!("/desk/cases/{id}/requests/2/claim"), &[]).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "the case has one request only");
    let forged = format!("/desk/cases/{id}/requests/1/claim");
    let answer = office.ask(Method::POST, &forged, &anna.cookie, String::new()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(state(&office, id).await, StateName::Unclaimed);
}

#[tokio::test]
async fn a_contact_who_cannot_be_written_to_is_called() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let arrival = lotse_domain::Arrival { target_minutes: 60, due_at: office.now() };
    let failed = Command::MarkAddressFailed { diagnosis: "5.1.1".to_owned(), arrival };
    office.command(id, &Actor::system("intake-mail"), failed).await;
    let anna = office.sign_in("anna").await;
    let page = office.act(&anna, id, "ask", &[("text", "Welches Verfahren?")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("Bitte rufen Sie an") && page.text.contains("Welches Verfahren?"));
}
