//! What may stand in a secret, and what Secrets Manager may answer.

use super::*;
use crate::mocked::{answer, mocked_client};
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueOutput;
use aws_smithy_mocks::{Rule, mock};
use lotse_domain::CaseId;

const HEX: &str = "0707070707070707070707070707070707070707070707070707070707070707";
const BASE64_TEXT: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

fn holding(text: &'static str) -> Rule {
    mock!(Client::get_secret_value)
        .then_output(move || GetSecretValueOutput::builder().secret_string(text).build())
}

fn key(rule: &Rule) -> Secret<Keys> {
    Secret::new(mocked_client!(aws_sdk_secretsmanager, &[rule]), "lotse/key".to_owned(), read_key)
}

#[tokio::test]
async fn a_key_is_read_in_every_form_that_tools_print() {
    let case = CaseId::from_number(4711);
    let expected = Keys::new([7; 32]).status_token(case);
    for text in [
        HEX,
        BASE64_TEXT,
        "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
        "\n BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc= \n",
    ] {
        let key = key(&holding(text));
        assert_eq!(key.get().await.expect("a key").status_token(case), expected, "{text}");
    }
}

#[tokio::test]
async fn it_is_asked_for_once() {
    let rule = holding(HEX);
    let key = key(&rule);
    let (one, other) = tokio::join!(key.get(), key.get());
    assert!(one.is_ok() && other.is_ok() && key.get().await.is_ok());
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test]
async fn what_is_no_key_is_refused_without_being_repeated() {
    for (text, expected) in [
        ("", "is empty"),
        ("hunter2", "is no key: expected 32 random bytes"),
        ("0707", "is no key"),
        ("zz07070707070707070707070707070707070707070707070707070707070707", "is no key"),
        (r#"{"key":"0707"}"#, "is no key"),
    ] {
        let error = key(&holding(text)).get().await.expect_err("no key");
        assert!(matches!(error, SecretError::Form { .. }));
        let shown = format!("{error} {error:?}");
        assert!(
            error.to_string().starts_with("the secret lotse/key ") && shown.contains(expected),
            "{shown}"
        );
        assert!(text.is_empty() || !shown.contains(text), "{shown}");
    }
}

#[tokio::test]
async fn bytes_are_no_text() {
    let rule = mock!(Client::get_secret_value).then_output(|| GetSecretValueOutput::builder().build());
    let error = key(&rule).get().await.expect_err("no text");
    assert!(error.to_string().contains("store it as text"), "{error}");
}

#[tokio::test]
async fn after_an_error_the_next_caller_tries_again() {
    let rule = mock!(Client::get_secret_value)
        .sequence()
        .http_response(|| answer(400, r#"{"__type":"AccessDeniedException","Message":"is not authorized"}"#))
        .output(|| GetSecretValueOutput::builder().secret_string(HEX).build())
        .build();
    let key = key(&rule);
    let error = key.get().await.expect_err("not allowed");
    assert!(error.to_string().contains("the function's role may read it"));
    let failure = Failure::from(error);
    assert!(matches!(failure, Failure::Retry(_)));
    assert!(failure.to_string().contains("AccessDeniedException"), "{failure}");
    assert!(key.get().await.is_ok());
}

#[tokio::test]
async fn a_text_shows_nothing_when_it_is_logged() {
    let rule = holding("hunter2");
    let client = mocked_client!(aws_sdk_secretsmanager, &[&rule]);
    let secret = Secret::new(client, "lotse/oidc".to_owned(), read_text);
    let text = secret.get().await.expect("a text");
    assert_eq!(text.reveal(), "hunter2");
    assert!(!format!("{text:?} {secret:?}").contains("hunter2"));
}
