//! `thresholds.toml`: how sure triage must be, how much is accepted, how often somebody is reminded.

use crate::table::Table;
use lotse_domain::{Confidence, SafetyKind, Topic};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_spanned::Spanned;
use std::collections::BTreeMap;

/// All of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Thresholds {
    routing: BTreeMap<Topic, Routing>,
    default_routing: Routing,
    safety: BTreeMap<SafetyKind, Confidence>,
    default_safety: Confidence,
    /// What is refused as too much.
    pub limits: Limits,
    /// When a contact is reminded of an open question.
    pub reminders: Reminders,
}

/// How sure triage must be about a topic, for each thing that it may then do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing {
    /// From here on the request goes to its desk by itself.
    pub route: Confidence,
    /// From here on it goes to its desk, which is asked to confirm.
    pub confirm: Confidence,
    /// From here on the topic counts as found, and a person decides. Below, it is not reported.
    pub review: Confidence,
}

/// What is refused as too much, with a reason that names the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest mail, in bytes as transferred.
    pub mail_bytes: usize,
    /// Largest inquiry or reply by form or API, in bytes of the request.
    pub request_bytes: usize,
    /// Longest text of an inquiry or reply by form or API, in characters.
    pub text_characters: usize,
    /// Most recipients of one incoming mail.
    pub mail_recipients: usize,
    /// Most automatic mails to one contact within an hour: ends loops between machines.
    pub automatic_mails_per_hour: u32,
}

/// When a contact is reminded of an open question, counted in business days from the question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminders {
    /// A reminder after each of these, rising.
    pub after_business_days: Vec<u16>,
    /// After this a person decides how to go on.
    pub person_after_business_days: u16,
}

impl Thresholds {
    /// How sure triage must be about a topic.
    pub fn routing(&self, topic: Topic) -> Routing {
        self.routing.get(&topic).copied().unwrap_or(self.default_routing)
    }

    /// How sure triage must be to raise a flag of a kind. When in doubt, flag: a missed report costs
    /// more than a false alarm.
    pub fn safety(&self, kind: SafetyKind) -> Confidence {
        self.safety.get(&kind).copied().unwrap_or(self.default_safety)
    }

    pub(crate) fn read(file: &mut Table<'_>) -> Option<Self> {
        let routing = file.required_table("routing").map(|mut table| {
            let default_routing = read_routing(&mut table, "default");
            let mut routing = BTreeMap::new();
            for topic in [Topic::MedicalQuestion, Topic::ShippingStatus, Topic::Other] {
                if table.has(topic.name()) {
                    routing.extend(read_routing(&mut table, topic.name()).map(|one| (topic, one)));
                } else {
                    table.allow(topic.name());
                }
            }
            table.finish();
            (default_routing, routing)
        });
        let safety = file.required_table("safety").map(|mut table| {
            let default_safety = table.required::<Confidence>("default");
            let mut safety = BTreeMap::new();
            for kind in SafetyKind::ALL {
                safety.extend(table.optional::<Confidence>(kind.name()).map(|flag| (kind, flag)));
            }
            table.finish();
            (default_safety, safety)
        });
        let limits = file.required_table("limits").map(read_limits);
        let reminders = file.required_table("reminders").map(read_reminders);
        let ((default_routing, routing), (default_safety, safety)) = (routing?, safety?);
        Some(Self {
            routing,
            default_routing: default_routing?,
            safety,
            default_safety: default_safety?,
            limits: limits??,
            reminders: reminders??,
        })
    }
}

fn read_routing(routing: &mut Table<'_>, key: &str) -> Option<Routing> {
    let mut table = routing.required_table(key)?;
    let route = table.required::<Confidence>("route");
    let confirm = table.required::<Confidence>("confirm");
    let review = table.required::<Confidence>("review");
    let span = table.span();
    table.finish();
    let (route, confirm, review) = (route?, confirm?, review?);
    if route < confirm || confirm < review {
        routing.report(span, format!("{key}: the values do not fall"), "route ≥ confirm ≥ review");
    }
    Some(Routing { route, confirm, review })
}

fn read_limits(mut table: Table<'_>) -> Option<Limits> {
    let mail_bytes = positive(&mut table, "mail_bytes");
    let request_bytes = positive(&mut table, "request_bytes");
    let text_characters = positive(&mut table, "text_characters");
    let mail_recipients = positive(&mut table, "mail_recipients");
    let automatic_mails_per_hour = positive(&mut table, "automatic_mails_per_hour");
    table.finish();
    Some(Limits {
        mail_bytes: mail_bytes?,
        request_bytes: request_bytes?,
        text_characters: text_characters?,
        mail_recipients: mail_recipients?,
        automatic_mails_per_hour: automatic_mails_per_hour?,
    })
}

fn positive<T: DeserializeOwned + Default + PartialEq>(table: &mut Table<'_>, key: &str) -> Option<T> {
    let number = table.required::<Spanned<T>>(key)?;
    if *number.get_ref() == T::default() {
        table.report(number.span(), format!("{key}: 0"), "a whole number from 1");
    }
    Some(number.into_inner())
}

fn read_reminders(mut table: Table<'_>) -> Option<Reminders> {
    let after = table.required_list::<u16>("after_business_days");
    let person = table.required::<Spanned<u16>>("person_after_business_days");
    if let (Some(after), Some(person)) = (&after, &person) {
        let days: Vec<(u16, _)> =
            after.iter().chain([person]).map(|days| (*days.get_ref(), days.span())).collect();
        let mut before = 0;
        for (days, span) in days {
            if days <= before {
                table.report(
                    span,
                    format!("{days} is not after {before}"),
                    "business days that rise, from 1",
                );
            }
            before = days;
        }
    }
    table.finish();
    Some(Reminders {
        after_business_days: after?.into_iter().map(Spanned::into_inner).collect(),
        person_after_business_days: person?.into_inner(),
    })
}
