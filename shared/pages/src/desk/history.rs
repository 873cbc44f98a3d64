//! The history of a case in words: every event, who caused it, when.

use crate::{MessageKind, Names, PageLanguage, words::Words};
use lotse_domain::{Actor, Effect, Event, FlagNumber, FlagRaised, RecordedEvent, RequestId, RequestOutcome};

/// Who caused the event.
pub(crate) fn who<'a>(recorded: &'a RecordedEvent, names: &'a Names, language: PageLanguage) -> &'a str {
    match &recorded.actor {
        Actor::Contact => language.choose(("Kontakt", "Contact")),
        Actor::System(_) => "Lotse",
        Actor::User(user) => names.person(user),
    }
}

/// What happened, in one or more sentences.
pub(crate) fn what(recorded: &RecordedEvent, names: &Names, language: PageLanguage) -> Vec<String> {
    let pair = match &recorded.event {
        Event::Classified { message, decision, requests, flags } => {
            let policy = &decision.policy;
            let first = language.choose((
                format!("Nachricht {message} eingeordnet (Regelwerk {policy})."),
                format!("Message {message} classified (policy {policy})."),
            ));
            let outcomes = requests.iter().map(|outcome| outcome_words(outcome, names, language));
            let raised = flags.iter().map(|flag| flag_words(flag, language));
            return [first].into_iter().chain(outcomes).chain(raised).collect();
        }
        Event::CaseOpened { .. }
        | Event::MessageReceived { .. }
        | Event::MessageSent { .. }
        | Event::MessageWithheld { .. }
        | Event::AddressFailed { .. } => message_words(&recorded.event),
        Event::SafetyHandedOver { .. } | Event::SafetyAcknowledged { .. } | Event::SafetyDismissed { .. } => {
            safety_words(&recorded.event)
        }
        Event::ReminderDue { .. } | Event::GivenToPerson { .. } | Event::BecameOverdue { .. } => {
            deadline_words(&recorded.event)
        }
        Event::ArrivedAtDesk { .. }
        | Event::Claimed { .. }
        | Event::Released { .. }
        | Event::RouteConfirmed { .. }
        | Event::Answered { .. }
        | Event::ContactAsked { .. }
        | Event::Moved { .. }
        | Event::Closed { .. }
        | Event::Reopened { .. } => request_words(&recorded.event, names),
    };
    vec![language.choose(pair)]
}

type Pair = (String, String);

fn message_words(event: &Event) -> Pair {
    match event {
        Event::CaseOpened { reference, message, .. } => {
            let (german, english) = message.channel.pair();
            (
                format!("Vorgang {reference} eröffnet ({german})."),
                format!("Case {reference} opened ({english})."),
            )
        }
        Event::MessageReceived { message } => {
            let (german, english) = message.channel.pair();
            (
                format!("Weitere Nachricht eingegangen ({german})."),
                format!("Further message received ({english})."),
            )
        }
        Event::MessageSent { message } => {
            let (german, english) = MessageKind::from(message.kind).pair();
            (format!("Gesendet: {german}."), format!("Sent: {english}."))
        }
        Event::MessageWithheld { kind, reason, .. } => {
            let (german, english) = MessageKind::from(*kind).pair();
            let (why_german, why_english) = reason.pair();
            (format!("Nicht gesendet: {german}. {why_german}"), format!("Not sent: {english}. {why_english}"))
        }
        Event::AddressFailed { diagnosis, .. } => (
            format!("E-Mail kam als unzustellbar zurück ({diagnosis}). An diese Adresse geht nichts mehr."),
            format!("Email came back as undeliverable ({diagnosis}). Nothing more goes to this address."),
        ),
        _ => Pair::default(),
    }
}

fn safety_words(event: &Event) -> Pair {
    match event {
        Event::SafetyHandedOver { flags, to, .. } => {
            let (flags, to) = (flag_list(flags), to.as_str());
            (
                format!("Sicherheitshinweis {flags} übergeben an {to}."),
                format!("Safety flag {flags} handed over to {to}."),
            )
        }
        Event::SafetyAcknowledged { flag, number } => (
            format!("Sicherheitshinweis {flag} übernommen unter Nummer {number}."),
            format!("Safety flag {flag} acknowledged under number {number}."),
        ),
        Event::SafetyDismissed { flag, reason } => {
            let reason = reason.as_str();
            (
                format!("Sicherheitshinweis {flag} verworfen. Grund: {reason}"),
                format!("Safety flag {flag} dismissed. Reason: {reason}"),
            )
        }
        _ => Pair::default(),
    }
}

fn deadline_words(event: &Event) -> Pair {
    match event {
        Event::ReminderDue { requests, .. } => {
            let requests = request_list(requests);
            (
                format!("Erinnerung an den Kontakt fällig (Anfrage {requests})."),
                format!("Reminder to the contact due (request {requests})."),
            )
        }
        Event::GivenToPerson { requests, .. } => {
            let requests = request_list(requests);
            (
                format!("Der Kontakt hat nicht geantwortet: Anfrage {requests} geht an eine Person."),
                format!("The contact has not answered: request {requests} goes to a person."),
            )
        }
        Event::BecameOverdue { requests, flags } => {
            let (request_numbers, flag_numbers) = (request_list(requests), flag_list(flags));
            match (requests.is_empty(), flags.is_empty()) {
                (false, true) => (
                    format!("Überfällig: Anfrage {request_numbers}."),
                    format!("Overdue: request {request_numbers}."),
                ),
                (true, _) => (
                    format!("Überfällig: Sicherheitshinweis {flag_numbers}."),
                    format!("Overdue: safety flag {flag_numbers}."),
                ),
                (false, false) => (
                    format!("Überfällig: Anfrage {request_numbers}, Sicherheitshinweis {flag_numbers}."),
                    format!("Overdue: request {request_numbers}, safety flag {flag_numbers}."),
                ),
            }
        }
        _ => Pair::default(),
    }
}

fn request_words(event: &Event, names: &Names) -> Pair {
    match event {
        Event::ArrivedAtDesk { request, .. } => (
            format!("Anfrage {request} liegt bei der Abteilung, die Frist läuft."),
            format!("Request {request} has reached its desk, the clock runs."),
        ),
        Event::Claimed { request, by } => {
            let by = names.person(by);
            (format!("Anfrage {request} übernommen von {by}."), format!("Request {request} claimed by {by}."))
        }
        Event::Released { request } => {
            (format!("Anfrage {request} zurückgegeben."), format!("Request {request} released."))
        }
        Event::RouteConfirmed { request } => (
            format!("Anfrage {request}: Zuordnung bestätigt."),
            format!("Request {request}: route confirmed."),
        ),
        Event::Answered { request, .. } => {
            (format!("Anfrage {request} beantwortet."), format!("Request {request} answered."))
        }
        Event::ContactAsked { request, .. } => (
            format!("Anfrage {request}: beim Kontakt nachgefragt, die Frist ruht."),
            format!("Request {request}: contact asked, the clock stands still."),
        ),
        Event::Moved { request, topic, desk, reason, .. } => {
            let ((german, english), desk, reason) = (topic.pair(), names.desk(desk), reason.as_str());
            (
                format!("Anfrage {request} weitergegeben an {desk}, Thema {german}. Grund: {reason}"),
                format!("Request {request} moved to {desk}, topic {english}. Reason: {reason}"),
            )
        }
        Event::Closed { request, reason, .. } => {
            let reason = reason.as_str();
            (
                format!("Anfrage {request} abgeschlossen. Grund: {reason}"),
                format!("Request {request} closed. Reason: {reason}"),
            )
        }
        Event::Reopened { request, reason, .. } => {
            let reason = reason.as_str();
            (
                format!("Anfrage {request} wieder geöffnet. Grund: {reason}"),
                format!("Request {request} reopened. Reason: {reason}"),
            )
        }
        _ => Pair::default(),
    }
}

fn outcome_words(outcome: &RequestOutcome, names: &Names, language: PageLanguage) -> String {
    let RequestOutcome { request, topic, desk, to, .. } = outcome;
    let (topic_german, topic_english) = topic.pair();
    let (to_german, to_english) = to.pair();
    let desk = names.desk(desk);
    // A kind of desk often has one desk, of the same name.
    let way = |to: &str| if to == desk { desk.to_owned() } else { format!("{to} ({desk})") };
    let (to_german, to_english) = (way(to_german), way(to_english));
    language.choose(match outcome.effect {
        Effect::Opened => (
            format!("Anfrage {request} angelegt: {topic_german}. Weg: {to_german}."),
            format!("Request {request} opened: {topic_english}. Route: {to_english}."),
        ),
        Effect::Rerouted => (
            format!("Anfrage {request} geht weiter: {topic_german}. Weg: {to_german}."),
            format!("Request {request} goes on: {topic_english}. Route: {to_english}."),
        ),
        Effect::StillWaiting => (
            format!("Anfrage {request} wartet weiter auf den Kontakt."),
            format!("Request {request} still waits for the contact."),
        ),
        Effect::GivenToPerson => (
            format!("Anfrage {request}: Die Antwort ergänzt nicht, wonach gefragt war. Eine Person liest sie ({desk})."),
            format!("Request {request}: the reply does not give what was asked for. A person reads it ({desk})."),
        ),
        Effect::Reopened => (
            format!("Anfrage {request} wieder geöffnet: {topic_german}. Weg: {to_german}."),
            format!("Request {request} reopened: {topic_english}. Route: {to_english}."),
        ),
        Effect::FollowUp => (
            format!("Anfrage {request} bleibt, wo sie ist; die Abteilung sieht die Nachricht."),
            format!("Request {request} stays where it is; its desk sees the message."),
        ),
    })
}

fn flag_words(flag: &FlagRaised, language: PageLanguage) -> String {
    let number = flag.number;
    let (german, english) = flag.kind.pair();
    language.choose((
        format!("Sicherheitshinweis {number}: {german}."),
        format!("Safety flag {number}: {english}."),
    ))
}

fn request_list(requests: &[RequestId]) -> String {
    requests.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn flag_list(flags: &[FlagNumber]) -> String {
    flags.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
