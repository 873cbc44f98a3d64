//! One message, however often it is handed over and wherever the process dies.

mod world;

use super::*;
use data_encoding::BASE64;
use jiff::Timestamp;
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use world::{Death, Ses, World};

const MESSAGE_ID: &str = "0123.5.contact.abcdef@nordhafen-pharma.example";
const ADDRESS: &str = "anna.berg@klinik.example";
/// Longer than a function's 30 seconds and the reserve.
const AFTER_THE_LEASE: i64 = 61;

/// A clock that a test sets, in seconds since 1970.
#[derive(Clone, Default)]
struct SetClock(Arc<AtomicI64>);

impl SetClock {
    fn wait(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + self.0.load(Ordering::SeqCst)).expect("in range")
    }
}

fn sender(world: &World, clock: &SetClock) -> SesMailSender<SetClock> {
    let settings = SesSettings {
        table: "lotse-cases".to_owned(),
        configuration_set: "lotse".to_owned(),
        function_timeout: Duration::from_secs(30),
    };
    SesMailSender::new(&world.config(), settings, clock.clone())
}

fn mail() -> ReadyMail {
    ReadyMail {
        message_id: MESSAGE_ID.to_owned(),
        from: "service+abc@nordhafen-pharma.example".parse().expect("an address"),
        to: ADDRESS.parse().expect("an address"),
        bytes: format!("Message-ID: <{MESSAGE_ID}>\r\nSubject: Ihre Anfrage\r\n\r\nGuten Tag\r\n")
            .into_bytes(),
    }
}

/// Hands the mail over as a fresh process would; `None` where the process dies.
async fn hand_over(world: &World, clock: &SetClock, death: Option<Death>) -> Option<Result<(), SendError>> {
    world.dies(death);
    Box::pin(world.run(sender(world, clock).send(mail()))).await
}

#[tokio::test]
async fn a_mail_goes_to_its_one_recipient_with_all_that_ses_needs() {
    let (world, clock) = (World::new(Ses::Takes), SetClock::default());
    assert!(matches!(hand_over(&world, &clock, None).await, Some(Ok(()))));
    let sent = world.sent();
    let [request] = sent.as_slice() else { panic!("one mail") };
    assert_eq!(request["FromEmailAddress"], "service+abc@nordhafen-pharma.example");
    assert_eq!(request["Destination"]["ToAddresses"], serde_json::json!([ADDRESS]));
    assert_eq!(request["ConfigurationSetName"], "lotse");
    let raw = request["Content"]["Raw"]["Data"].as_str().expect("raw");
    let raw = String::from_utf8(BASE64.decode(raw.as_bytes()).expect("base64")).expect("text");
    assert!(raw.starts_with(&format!("References: <{MESSAGE_ID}>\r\nMessage-ID: ")), "{raw}");
    assert!(raw.ends_with("\r\n\r\nGuten Tag\r\n"));
}

#[tokio::test]
async fn a_mail_costs_two_writes_and_one_call_and_a_repeat_one_write() {
    let (world, clock) = (World::new(Ses::Takes), SetClock::default());
    hand_over(&world, &clock, None).await;
    assert_eq!(world.calls(), ["PutItem", "SendEmail", "PutItem"]);
    assert!(matches!(hand_over(&world, &clock, None).await, Some(Ok(()))));
    assert_eq!(world.calls(), ["PutItem"]);
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test]
async fn what_the_table_remembers_is_no_personal_data_and_ends() {
    let (world, clock) = (World::new(Ses::Takes), SetClock::default());
    hand_over(&world, &clock, None).await;
    let items = world.items();
    let item = items.get(&format!("MAIL#{MESSAGE_ID}")).expect("the mail's item");
    assert_eq!(
        (&item["state"]["S"], &item["ses_message_id"]["S"]),
        (&Value::from("sent"), &Value::from("0107018f-1"))
    );
    let expires_at: i64 =
        item["expires_at"]["N"].as_str().and_then(|digits| digits.parse().ok()).expect("a time");
    assert_eq!(expires_at - clock.now().as_second(), 30 * 24 * 3600);
    assert!(!Value::from_iter(items).to_string().contains("berg"));
}

/// The three calls are the claim, the message and the mark.
#[tokio::test]
async fn wherever_the_process_dies_the_mail_goes_out_and_twice_in_one_case_only() {
    let deaths = [
        // Before the claim stands: the repeat sends it at once.
        (Death::Before(1), true, 1),
        // With the claim, before SES has it: once the claim has run out.
        (Death::After(1), false, 1),
        (Death::Before(2), false, 1),
        // SES has it, and nobody knows: once the claim has run out, a second copy goes out.
        (Death::After(2), false, 2),
        (Death::Before(3), false, 2),
        // Marked: the repeat does nothing.
        (Death::After(3), true, 1),
    ];
    for (death, at_once, copies) in deaths {
        let (world, clock) = (World::new(Ses::Takes), SetClock::default());
        assert!(hand_over(&world, &clock, Some(death)).await.is_none(), "{death:?}: the process dies");
        let repeat = hand_over(&world, &clock, None).await.expect("alive");
        assert_eq!(repeat.is_ok(), at_once, "{death:?}");
        if let Err(error) = repeat {
            assert!(matches!(error, SendError::Unavailable(Unavailable::ForNow(_))), "{death:?}: {error}");
        }
        clock.wait(AFTER_THE_LEASE);
        for _ in 0..2 {
            assert!(hand_over(&world, &clock, None).await.expect("alive").is_ok(), "{death:?}");
        }
        assert_eq!(world.sent().len(), copies, "{death:?}");
    }
}

#[tokio::test]
async fn two_processes_at_once_send_one_mail() {
    let (world, clock) = (World::new(Ses::Takes), SetClock::default());
    world.dies(None);
    let (one, other) = (sender(&world, &clock), sender(&world, &clock));
    let (one, other) = tokio::join!(one.send(mail()), other.send(mail()));
    assert!(one.is_ok() || other.is_ok());
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test]
async fn a_claim_outlives_the_function_that_made_it() {
    let (world, clock) = (World::new(Ses::Takes), SetClock::default());
    hand_over(&world, &clock, Some(Death::After(1))).await;
    clock.wait(30);
    assert!(hand_over(&world, &clock, None).await.expect("alive").is_err());
    assert!(world.sent().is_empty());
}

/// The error of handing the mail over to such an SES.
async fn error_of(world: &World, clock: &SetClock) -> SendError {
    hand_over(world, clock, None).await.expect("alive").expect_err("not taken")
}

#[tokio::test]
async fn a_refused_message_is_refused_for_good_without_its_address() {
    for (kind, words) in [
        ("MessageRejected", "Address anna.berg@klinik.example: the content is not allowed"),
        ("BadRequestException", "Domain ends with dot: <anna.berg@klinik.example.>"),
    ] {
        let (world, clock) = (World::new(Ses::Answers(400, kind, words)), SetClock::default());
        match error_of(&world, &clock).await {
            SendError::Refused { diagnosis } => {
                assert!(diagnosis.contains(kind) && !diagnosis.contains("berg"), "{diagnosis}");
            }
            SendError::Unavailable(error) => panic!("{kind}: {error}"),
        }
        assert_eq!(world.calls(), ["PutItem", "SendEmail", "DeleteItem"]);
        // A person corrects a department's address and releases the notice: the same Message-ID goes out.
        world.ses_now(Ses::Takes);
        assert!(hand_over(&world, &clock, None).await.expect("alive").is_ok());
    }
}

#[tokio::test]
async fn a_fault_of_the_account_is_no_fault_of_the_address() {
    for (status, kind, words) in [
        (400, "AccountSuspendedException", ""),
        (400, "SendingPausedException", ""),
        (400, "MailFromDomainNotVerifiedException", ""),
        (400, "LimitExceededException", ""),
        (429, "TooManyRequestsException", "Maximum sending rate exceeded."),
        (404, "NotFoundException", "Configuration set <lotse> does not exist."),
        (400, "BadRequestException", "Configuration set <lotse> does not exist."),
        (
            400,
            "MessageRejected",
            "Email address is not verified. The following identities failed: anna.berg@klinik.example",
        ),
        (403, "AccessDeniedException", "User: … is not authorized to perform: ses:SendEmail"),
        (403, "ExpiredTokenException", "The security token included in the request is expired"),
    ] {
        let (world, clock) = (World::new(Ses::Answers(status, kind, words)), SetClock::default());
        let error = error_of(&world, &clock).await;
        assert!(matches!(error, SendError::Unavailable(Unavailable::ForNow(_))), "{kind}: {error}");
        let text = error.to_string();
        assert!(text.contains(kind) && !text.contains("berg"), "{text}");
        // Nothing was taken, so the next attempt need not wait.
        world.ses_now(Ses::Takes);
        assert!(hand_over(&world, &clock, None).await.expect("alive").is_ok(), "{kind}");
    }
}

#[tokio::test]
async fn where_ses_gives_no_answer_the_mail_waits_and_is_never_repeated_at_once() {
    let no_answers = [
        (Ses::TakesSilently, 2),
        (Ses::Unreachable, 1),
        (Ses::Answers(500, "InternalServiceErrorException", ""), 1),
    ];
    for (ses, copies) in no_answers {
        let (world, clock) = (World::new(ses), SetClock::default());
        let error = error_of(&world, &clock).await;
        assert!(matches!(error, SendError::Unavailable(Unavailable::ForNow(_))), "{error}");
        assert_eq!(world.calls(), ["PutItem", "SendEmail"], "the SDK repeats nothing by itself");
        world.ses_now(Ses::Takes);
        assert!(hand_over(&world, &clock, None).await.expect("alive").is_err(), "the claim holds");
        clock.wait(AFTER_THE_LEASE);
        assert!(hand_over(&world, &clock, None).await.expect("alive").is_ok());
        assert_eq!(world.sent().len(), copies);
    }
}

#[tokio::test]
async fn without_the_table_nothing_is_sent() {
    let (world, clock) = (World::new(Ses::Takes), SetClock::default());
    world.throttle_table();
    let error = error_of(&world, &clock).await;
    assert!(matches!(error, SendError::Unavailable(Unavailable::ForNow(_))));
    assert!(error.to_string().contains("ProvisionedThroughputExceededException"), "{error}");
    assert!(world.sent().is_empty());
    assert!(world.calls().len() > 1, "the table is asked more than once");
}
