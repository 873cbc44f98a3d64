//! The members of an inquiry in JSON: one table, by which requests are checked and `/openapi.json` is made,
//! so that the description cannot say anything else than the check.

use crate::problem::InvalidMember;
use jiff::{Timestamp, civil::Date};
use lotse_domain::{EmailAddress, Inquiry, Language, Topic};
use lotse_pages::{InquiryField, is_country};
use serde_json::{Map, Value, json};

/// A client learns from the first few what it does wrong.
const MOST_ERRORS: usize = 20;

/// The objects that an inquiry consists of, by JSON pointer.
const OBJECTS: [&str; 3] = ["", "/contact", "/fields"];

/// One member that is a text.
pub(crate) struct Member {
    /// Where it stands.
    pub(crate) pointer: &'static str,
    /// True where nothing works without it.
    pub(crate) required: bool,
    /// What it may hold.
    pub(crate) kind: Kind,
    /// What it means.
    pub(crate) description: &'static str,
}

/// What a text may be.
pub(crate) enum Kind {
    /// One line of so many characters at most.
    Line(usize),
    /// Lines of so many characters at most, not blank.
    Text(usize),
    /// One of these.
    Choice(Vec<&'static str>),
    /// A mail address.
    MailAddress,
    /// ISO 3166-1 alpha-2, upper case.
    CountryCode,
    /// A BCP 47 language tag.
    LanguageTag,
    /// A date, ISO 8601.
    Date,
    /// A date and time with offset, RFC 3339.
    Moment,
}

/// All members, with the longest text that the policy takes.
#[rustfmt::skip]
pub(crate) fn members(text_limit: usize) -> Vec<Member> {
    let channels = vec!["web", "mail", "phone"];
    let topics = Topic::ALL.map(Topic::name).to_vec();
    let line = |field: InquiryField| Kind::Line(field.limit());
    let number = || Kind::Line(InquiryField::OrderNumber.limit());
    let member = |pointer, required, kind, description| Member { pointer, required, kind, description };
    vec![
        member("/id", false, Kind::Line(200), "The sender's own name for the inquiry; repeated in the answer."),
        member("/channel", false, Kind::Choice(channels), "How the inquiry reached the sender; web where it is not given."),
        member("/language", false, Kind::LanguageTag, "The language of the text, where it is known."),
        member("/subject", false, line(InquiryField::Subject), "The subject line."),
        member("/body", true, Kind::Text(text_limit), "The text, whole: quotes and signature included."),
        member("/received_at", false, Kind::Moment, "When the sender received the inquiry. Checked and not used: times of the case are the company's own."),
        member("/contact/email", true, Kind::MailAddress, "Where the answer goes."),
        member("/contact/name", false, line(InquiryField::Name), "Who asks."),
        member("/contact/profession", false, line(InquiryField::Profession), "Profession, as given."),
        member("/contact/institution", false, line(InquiryField::Institution), "Practice, pharmacy, hospital or company."),
        member("/contact/country", false, Kind::CountryCode, "Country."),
        member("/contact/phone", false, line(InquiryField::Phone), "Phone number, as given."),
        member("/fields/topic", false, Kind::Choice(topics), "What the contact says it is about."),
        member("/fields/product", false, line(InquiryField::Product), "Product: brand, substance or PZN."),
        member("/fields/order_number", false, number(), "Order number."),
        member("/fields/delivery_note", false, number(), "Delivery-note number."),
        member("/fields/tracking_number", false, number(), "Tracking number."),
        member("/fields/customer_number", false, number(), "Customer account."),
        member("/fields/batch", false, number(), "Batch."),
        member("/fields/order_date", false, Kind::Date, "Date of the order."),
        member("/fields/name", false, line(InquiryField::Name), "Who asks, where the contact is not."),
        member("/fields/profession", false, line(InquiryField::Profession), "Their profession."),
        member("/fields/institution", false, line(InquiryField::Institution), "Their institution."),
    ]
}

impl Member {
    /// Its object and its name in it.
    pub(crate) fn place(&self) -> (&'static str, &'static str) {
        self.pointer.rsplit_once('/').unwrap_or(("", self.pointer))
    }

    fn error(&self, text: &str) -> Option<String> {
        self.kind.error(text).filter(|_| self.required || !text.trim().is_empty())
    }
}

impl Kind {
    /// What is wrong with a text, and what is expected. Does not repeat the text.
    fn error(&self, text: &str) -> Option<String> {
        let expected = |fits: bool, expected: &str| (!fits).then(|| format!("must be {expected}"));
        let short = |most: usize| {
            let is_short = text.chars().count() <= most;
            (!is_short).then(|| format!("must have {most} characters at most"))
        };
        match self {
            Self::Line(most) => short(*most).or_else(|| {
                expected(!text.contains(char::is_control), "one line without control characters")
            }),
            Self::Text(most) => {
                short(*most).or_else(|| expected(!text.trim().is_empty(), "a text that is not blank"))
            }
            Self::Choice(choices) => {
                expected(choices.contains(&text), &format!("one of: {}", choices.join(", ")))
            }
            Self::MailAddress => {
                let fits = text.len() <= InquiryField::Email.limit() && text.parse::<EmailAddress>().is_ok();
                expected(fits, "a mail address such as name@hospital.example")
            }
            Self::CountryCode => expected(is_country(text), "two capital letters (ISO 3166-1) such as DE"),
            Self::LanguageTag => {
                let fits = text.len() <= 35 && Language::try_from(text.to_owned()).is_ok();
                expected(fits, "a language tag (BCP 47) such as de or en")
            }
            Self::Date => expected(text.parse::<Date>().is_ok(), "a date such as 2026-11-22"),
            Self::Moment => expected(
                text.parse::<Timestamp>().is_ok(),
                "a time with offset such as 2026-11-22T09:30:00+01:00",
            ),
        }
    }

    /// JSON Schema (2020-12), as OpenAPI 3.1 has it.
    pub(crate) fn schema(&self) -> Value {
        match self {
            Self::Line(most) => json!({ "type": "string", "maxLength": most }),
            Self::Text(most) => json!({ "type": "string", "minLength": 1, "maxLength": most }),
            Self::Choice(choices) => json!({ "type": "string", "enum": choices }),
            Self::MailAddress => {
                json!({ "type": "string", "format": "email", "maxLength": InquiryField::Email.limit() })
            }
            Self::CountryCode => json!({ "type": "string", "pattern": "^[A-Z]{2}$" }),
            Self::LanguageTag => json!({ "type": "string", "examples": ["de", "en"], "maxLength": 35 }),
            Self::Date => json!({ "type": "string", "format": "date" }),
            Self::Moment => json!({ "type": "string", "format": "date-time" }),
        }
    }
}

/// Checks every member, and reports all that is wrong at once.
pub(crate) fn read_inquiry(mut body: Value, members: &[Member]) -> Result<Inquiry, Vec<InvalidMember>> {
    let mut errors = Vec::new();
    for object in OBJECTS {
        check_object(&mut body, object, members, &mut errors);
    }
    if !errors.is_empty() {
        errors.truncate(MOST_ERRORS);
        return Err(errors);
    }
    if let Some(inquiry) = body.as_object_mut() {
        inquiry.entry("channel").or_insert_with(|| Value::from("web"));
    }
    // The table is at least as strict as the type; a test holds that. The error would repeat what was sent.
    serde_json::from_value(body).map_err(|_| vec![invalid("", "is not an inquiry; see /openapi.json")])
}

fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> InvalidMember {
    InvalidMember { pointer: pointer.into(), detail: detail.into() }
}

fn check_object(body: &mut Value, object: &'static str, members: &[Member], errors: &mut Vec<InvalidMember>) {
    let own: Vec<&Member> = members.iter().filter(|member| member.place().0 == object).collect();
    let Some(value) = body.pointer_mut(object).filter(|value| !value.is_null()) else {
        let missing = own.iter().filter(|member| member.required);
        errors.extend(missing.map(|member| invalid(member.pointer, "is required")));
        return;
    };
    let Some(given) = value.as_object_mut() else {
        errors.push(invalid(object, "must be an object"));
        return;
    };
    // `null`, and an empty text where one may be left out, say that nothing is known.
    let is_required = |name: &str| own.iter().any(|member| member.required && member.place().1 == name);
    given.retain(|name, value| {
        let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
        !value.is_null() && (!is_blank || is_required(name))
    });
    check_names(given, object, &own, errors);
    for member in own {
        let error = match given.get(member.place().1) {
            None => member.required.then(|| "is required".to_owned()),
            Some(Value::String(text)) => member.error(text),
            Some(_) => Some("must be a text".to_owned()),
        };
        errors.extend(error.map(|error| invalid(member.pointer, error)));
    }
}

/// Reports members that no inquiry has: most likely a name with a typing error, whose content would be lost.
fn check_names(given: &Map<String, Value>, object: &str, own: &[&Member], errors: &mut Vec<InvalidMember>) {
    let is_known = |name: &str| {
        own.iter().any(|member| member.place().1 == name)
            || OBJECTS.contains(&format!("{object}/{name}").as_str())
    };
    for name in given.keys().filter(|name| !is_known(name)).take(MOST_ERRORS) {
        // A name that looks like one helps; anything else is what somebody wrote, and is not repeated.
        let is_name =
            name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let names: Vec<&str> = own.iter().map(|member| member.place().1).collect();
        let detail = format!("is not known; known are: {}", names.join(", "));
        errors.push(if is_name {
            invalid(format!("{object}/{name}"), detail)
        } else {
            invalid(object, format!("a member of this object {detail}"))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(body: Value) -> Vec<String> {
        let errors = read_inquiry(body, &members(100)).err().unwrap_or_default();
        errors.into_iter().map(|error| format!("{} {}", error.pointer, error.detail)).collect()
    }

    fn sample(member: &Member) -> &'static str {
        match &member.kind {
            Kind::Line(_) | Kind::Text(_) => "4410027",
            Kind::Choice(choices) => choices[0],
            Kind::MailAddress => "apotheke@leuchtturm.example",
            Kind::CountryCode => "DE",
            Kind::LanguageTag => "de-AT",
            Kind::Date => "2026-11-20",
            Kind::Moment => "2026-11-22T09:30:00+01:00",
        }
    }

    #[test]
    fn an_inquiry_with_every_member_is_read() {
        let mut body = json!({ "contact": {}, "fields": {} });
        for member in members(100) {
            let (object, name) = member.place();
            body.pointer_mut(object).unwrap()[name] = sample(&member).into();
        }
        let inquiry = read_inquiry(body, &members(100)).expect("a complete inquiry");
        assert_eq!(inquiry.contact.phone.as_deref(), Some("4410027"));
        assert_eq!(inquiry.fields.len(), 11);
    }

    #[test]
    fn the_shortest_inquiry_has_a_text_and_an_address_and_comes_by_the_web() {
        let body = json!({ "body": "Wo bleibt NP-2026-004711?", "contact": { "email": "a@b.example" } });
        let inquiry = read_inquiry(body, &members(100)).expect("an inquiry");
        assert_eq!(inquiry.channel, lotse_domain::Channel::Web);
    }

    #[test]
    fn what_is_left_empty_counts_as_not_given() {
        let body = json!({
            "body": "x", "subject": "", "language": null, "fields": null,
            "contact": { "email": "a@b.example", "country": " ", "phone": null },
        });
        let inquiry = read_inquiry(body, &members(100)).expect("an inquiry");
        assert_eq!((inquiry.subject, inquiry.contact.country), (None, None));
    }

    #[test]
    fn everything_wrong_is_reported_at_once_with_its_place() {
        let body = json!({
            "body": 7, "chanel": "web", "channel": "fax", "subject": "two\nlines", "language": "Deutsch!",
            "received_at": "gestern", "fields": { "order_date": "22.11.2026", "topic": [] , "colour": "blue" },
            "contact": { "email": "nobody", "country": "Germany", "name": "x".repeat(201) },
        });
        let found = errors(body);
        for expected in [
            "/body must be a text",
            "/chanel is not known",
            "/channel must be one of: web, mail, phone",
            "/subject must be one line",
            "/language must be a language tag",
            "/received_at must be a time",
            "/fields/order_date must be a date",
            "/fields/topic must be a text",
            "/fields/colour is not known",
            "/contact/email must be a mail address",
            "/contact/country must be two capital letters",
            "/contact/name must have 200 characters at most",
        ] {
            assert!(found.iter().any(|error| error.starts_with(expected)), "{expected} in {found:#?}");
        }
        assert_eq!(found.len(), 12, "{found:#?}");
    }

    #[test]
    fn required_members_are_asked_for_wherever_they_are_missing() {
        assert_eq!(errors(json!({})), ["/body is required", "/contact/email is required"]);
        assert_eq!(
            errors(json!({ "body": " \n", "contact": { "email": "" } })),
            [
                "/body must be a text that is not blank",
                "/contact/email must be a mail address such as name@hospital.example"
            ]
        );
        assert_eq!(errors(json!([])), [" must be an object", "/contact/email is required"]);
    }

    #[test]
    fn what_somebody_wrote_in_place_of_a_name_is_not_repeated_and_many_errors_are_cut() {
        let found =
            errors(json!({ "body": "x", "contact": { "email": "a@b.example" }, "Anna Berg, 0431": 1 }));
        assert_eq!(found.len(), 1);
        assert!(!found[0].contains("Anna"));
        let many: Map<String, Value> = (0..1000).map(|number| (format!("m{number}"), Value::Null)).collect();
        assert!(errors(Value::Object(many.clone())).len() == 2, "null says nothing is known");
        let many: Map<String, Value> = many.into_iter().map(|(name, _)| (name, 1.into())).collect();
        assert_eq!(errors(Value::Object(many)).len(), MOST_ERRORS);
    }
}
