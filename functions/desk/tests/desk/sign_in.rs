//! Who comes in, and who does not.

use crate::support::{Office, PASSWORD, Person, encoded};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;

#[tokio::test]
async fn whoever_signs_in_comes_to_the_page_that_was_wanted() {
    let office = Office::open().await;
    let stranger = Person { cookie: String::new() };
    let sent_away = office.get(&stranger, "/desk?view=mine&desk=logistics").await;
    assert_eq!(sent_away.status, StatusCode::SEE_OTHER);
    let sign_in = office.get(&stranger, sent_away.header("location")).await;
    assert_eq!(sign_in.status, StatusCode::OK);
    let wanted = sign_in.hidden("return_to").replace("&#38;", "&").replace("&amp;", "&");
    assert_eq!(wanted, "/desk?view=mine&desk=logistics");
    let in_again = office.try_sign_in("jens", PASSWORD, &wanted).await;
    assert_eq!(in_again.status, StatusCode::SEE_OTHER);
    assert_eq!(in_again.header("location"), wanted);
    let cookie = in_again.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=28800"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
}

#[tokio::test]
async fn no_path_leads_away_from_the_desk_after_signing_in() {
    let office = Office::open().await;
    for wanted in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let answer = office.try_sign_in("jens", PASSWORD, wanted).await;
        assert_eq!(answer.header("location"), "/desk", "{wanted}");
    }
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_read_the_same() {
    let office = Office::open().await;
    office.disable("petra").await;
    let wrong = office.try_sign_in("jens", "not his password", "").await;
    for (user, password) in [("nobody", PASSWORD), ("petra", PASSWORD), ("Jens Thomsen!", "x"), ("", "")] {
        let answer = office.try_sign_in(user, password, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{user}");
        let without_name = |text: &str, name: &str| text.replace(&format!("value=\"{name}\""), "");
        assert_eq!(without_name(&answer.text, user), without_name(&wrong.text, "jens"), "{user}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn whoever_guesses_must_wait_even_with_the_right_password() {
    let office = Office::open().await;
    for _ in 0..5 {
        office.try_sign_in("jens", "guessed", "").await;
    }
    let early = office.try_sign_in("jens", PASSWORD, "").await;
    assert_eq!(early.status, StatusCode::TOO_MANY_REQUESTS);
    office.let_pass(SignedDuration::from_secs(61));
    assert_eq!(office.try_sign_in("jens", PASSWORD, "").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_by_signing_out_by_time_and_with_its_user() {
    let office = Office::open().await;
    let is_in = async |person: &Person| office.get(person, "/desk").await.status == StatusCode::OK;

    let out = office.sign_in("jens").await;
    assert!(is_in(&out).await);
    let answer = office.post(&out, "/desk/sign-out", &[]).await;
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert!(!is_in(&out).await, "the token is worth nothing any more");

    let disabled = office.sign_in("petra").await;
    office.disable("petra").await;
    assert!(!is_in(&disabled).await, "a disabled user is out at once");

    let long = office.sign_in("anna").await;
    office.let_pass(SignedDuration::from_hours(8));
    let sent_away = office.get(&long, "/desk").await;
    assert_eq!(sent_away.status, StatusCode::SEE_OTHER);
    let page = office.get(&long, sent_away.header("location")).await;
    assert!(page.text.contains("Ihre Sitzung ist beendet"));
}

#[tokio::test]
async fn a_form_without_the_sessions_token_does_nothing() {
    let office = Office::open().await;
    let jens = office.sign_in("jens").await;
    let anna = office.sign_in("anna").await;
    let of_anna = office.get(&anna, "/desk").await.hidden("csrf");
    for csrf in ["", "x", of_anna.as_str()] {
        let answer =
            office.ask(Method::POST, "/desk/sign-out", &jens.cookie, encoded(&[("csrf", csrf)])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(office.get(&jens, "/desk").await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn another_sites_page_signs_nobody_in() {
    let office = Office::open().await;
    let request = axum::http::Request::post("/desk/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body(encoded(&[("user", "jens"), ("password", PASSWORD)]).into());
    let answer = office.send(request.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn the_desk_speaks_the_language_that_was_chosen() {
    let office = Office::open().await;
    let jens = office.sign_in("jens").await;
    assert!(office.get(&jens, "/desk").await.text.contains("<html lang=\"de\""));
    let chosen =
        office.post(&jens, "/desk/settings", &[("lang", "en"), ("return_to", "/desk?view=mine")]).await;
    assert_eq!(chosen.header("location"), "/desk?view=mine");
    let language = chosen.header("set-cookie").split(';').next().unwrap_or_default();
    let with_both = Person { cookie: format!("{}; {language}", jens.cookie) };
    assert!(office.get(&with_both, "/desk").await.text.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn bad_addresses_methods_and_bodies_get_pages() {
    let office = Office::open().await;
    let jens = office.sign_in("jens").await;
    assert_eq!(office.get(&jens, "/desk/nowhere").await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.get(&jens, "/desk/sign-out").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let huge = format!("user={}", "x".repeat(10_000_000));
    assert_eq!(
        office.ask(Method::POST, "/desk/sign-in", "", huge).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let page = office.ask(Method::POST, "/desk/sign-in", "", "user=%ff".to_owned()).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
}
