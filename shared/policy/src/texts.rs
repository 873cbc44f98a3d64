//! `texts/de.toml` and `texts/en.toml`: everything that Lotse writes to people by mail.
//!
//! Both files are read by the same code, so a text that one of them lacks is a reported mistake, and
//! every text is a field: no name is looked up when a mail is written.

use crate::{
    Elements, Reminders,
    table::Table,
    text::{
        Placeholder::{
            self, Answer, Asked, Company, Desk, DeskLink, Due, Evidence, Helpful, ImprintUrl, Kinds, Message,
            Name, Phone, PostalAddress, PrivacyUrl, Question, Questions, Received, Reference, Reporter,
            SafetyAddress, StatusLink, Steps, Value,
        },
        Text,
    },
};
use lotse_domain::{Element, Gap, GapReason, Language, SafetyKind, Topic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The texts of both languages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Texts {
    german: TextSet,
    english: TextSet,
}

impl Texts {
    pub(crate) fn new(german: TextSet, english: TextSet) -> Self {
        Self { german, english }
    }

    /// The texts for somebody who writes in that language: German to German, English to everybody else.
    pub fn get(&self, language: &Language) -> &TextSet {
        match language {
            Language::German => &self.german,
            Language::English | Language::Other(_) => &self.english,
        }
    }
}

/// A mail's subject and the part of its text between greeting and sign-off.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailText {
    /// The subject.
    pub subject: Text,
    /// The text.
    pub body: Text,
}

/// All texts of one language. Each field says which placeholders its text can have; what is common to
/// all mails ([`frame`](Self::frame)) goes around each body.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TextSet {
    /// What goes around every mail to a contact.
    pub frame: Frame,
    /// Receipt. Subject: reference. Body: reference, received, steps, status link.
    pub receipt: MailText,
    /// Receipt that asks for what is missing. Body: as the receipt, and questions and helpful.
    pub receipt_with_questions: MailText,
    /// Receipt of a further message. Body: reference, received, steps, status link.
    pub receipt_of_reply: MailText,
    /// Questions that are left after the contact replied. Body: reference, questions, helpful, steps,
    /// status link.
    pub further_questions: MailText,
    /// Receipt of a message that is nothing but a safety report or quality complaint.
    /// Body: reference, received, desk, phone, status link.
    pub safety_receipt: MailText,
    /// Around a specialist's answer. Body: answer, reference, desk, status link.
    pub answer: MailText,
    /// Around a specialist's question. Body: question, reference, desk, status link.
    pub specialist_question: MailText,
    /// A ready answer for patients and other laypeople, who may not be told about prescription medicines
    /// (§ 10 HWG): who helps them instead. Placeholder: safety address.
    pub referral: Text,
    /// To pharmacovigilance. Body: reference, kinds, received, due, reporter, evidence, desk link, message.
    pub handover_to_pharmacovigilance: MailText,
    /// To quality. Body: as to pharmacovigilance.
    pub handover_to_quality: MailText,
    /// Reminders of open questions, in their order; as many as the thresholds ask for.
    reminders: Vec<MailText>,
    /// What happens next, for the line of each request. Placeholders: desk, due.
    steps: NextSteps,
    questions: BTreeMap<(Topic, Element), ElementQuestions>,
    general_question: Text,
    helpful: BTreeMap<(Topic, String), Text>,
    topics: BTreeMap<Topic, String>,
    safety: BTreeMap<SafetyKind, String>,
}

/// What goes around every mail to a contact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frame {
    /// Greeting of somebody whose name is known. Placeholder: name.
    pub greeting_by_name: Text,
    /// Greeting of somebody whose name is not known.
    pub greeting: Text,
    /// Sign-off. Placeholders: desk, company.
    pub sign_off: Text,
    /// Note below mails that nobody wrote by hand.
    pub automatic_note: Text,
    /// Line above the contact's own words, quoted below what a specialist wrote. Placeholder: received.
    pub quote: Text,
    /// Foot. Placeholders: postal address, phone, imprint and privacy links, reference, status link.
    pub footer: Text,
}

/// What happens next, per kind of request.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct NextSteps {
    medical_question: Text,
    shipping_status: Text,
    other: Text,
    safety: Text,
}

/// The questions for one element of one topic. Placeholder: value.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct ElementQuestions {
    absent: Text,
    mistyped: Option<Text>,
    ambiguous: Option<Text>,
}

impl TextSet {
    /// The question to the contact for a gap. Where the policy has no words for the reason, those for
    /// an absent element; where it has none for the element, a general question.
    pub fn question(&self, gap: Gap) -> &Text {
        let Some(questions) = self.questions.get(&(gap.topic, gap.element)) else {
            return &self.general_question;
        };
        let own = match gap.reason {
            GapReason::Absent => None,
            GapReason::Mistyped => questions.mistyped.as_ref(),
            GapReason::Ambiguous => questions.ambiguous.as_ref(),
        };
        own.unwrap_or(&questions.absent)
    }

    /// The words for something helpful, by the name that the elements have for it.
    pub fn helpful(&self, topic: Topic, name: &str) -> Option<&Text> {
        self.helpful.get(&(topic, name.to_owned()))
    }

    /// What happens next with a request.
    pub fn step(&self, topic: Topic) -> &Text {
        match topic {
            Topic::MedicalQuestion => &self.steps.medical_question,
            Topic::ShippingStatus => &self.steps.shipping_status,
            Topic::Other | Topic::Unknown => &self.steps.other,
        }
    }

    /// What happens next with safety-relevant information beside a request.
    pub fn safety_step(&self) -> &Text {
        &self.steps.safety
    }

    /// The reminder of that number, counted from 1; after the last one, the last one again.
    pub fn reminder(&self, number: usize) -> &MailText {
        let index = number.saturating_sub(1);
        self.reminders.get(index).or_else(|| self.reminders.last()).unwrap_or(&self.further_questions)
    }

    /// A topic's name in words.
    pub fn topic_name(&self, topic: Topic) -> &str {
        self.topics.get(&topic).map_or(topic.name(), String::as_str)
    }

    /// A safety kind's name in words.
    pub fn safety_name(&self, kind: SafetyKind) -> &str {
        self.safety.get(&kind).map_or(kind.name(), String::as_str)
    }

    pub(crate) fn read(
        file: &mut Table<'_>,
        elements: Option<&Elements>,
        reminders: Option<&Reminders>,
    ) -> Option<Self> {
        let frame = read_frame(file);
        let receipt = read_mail(file, "receipt", &[Reference], &[Received, Steps, StatusLink]);
        let receipt_with_questions = read_mail(
            file,
            "receipt_with_questions",
            &[Reference, Questions],
            &[Received, Helpful, Steps, StatusLink],
        );
        let receipt_of_reply =
            read_mail(file, "receipt_of_reply", &[Reference], &[Received, Steps, StatusLink]);
        let further_questions =
            read_mail(file, "further_questions", &[Questions], &[Reference, Helpful, Steps, StatusLink]);
        let safety_receipt =
            read_mail(file, "safety_receipt", &[Reference], &[Received, Desk, Phone, StatusLink]);
        let answer = read_mail(file, "answer", &[Answer], &[Reference, Desk, StatusLink]);
        let specialist_question =
            read_mail(file, "specialist_question", &[Question], &[Reference, Desk, StatusLink]);
        let referral = file.required_table("ready_answer").and_then(|mut table| {
            let referral = Text::read(&mut table, "referral", &[], &[SafetyAddress]);
            table.finish();
            referral
        });
        let mut handover = file.required_table("handover");
        let mut read_handover = |key| {
            let optional = [Received, Due, Reporter, Evidence, Message];
            handover
                .as_mut()
                .and_then(|table| read_mail(table, key, &[Reference, Kinds, DeskLink], &optional))
        };
        let handover_to_pharmacovigilance = read_handover("pharmacovigilance");
        let handover_to_quality = read_handover("quality");
        handover.into_iter().for_each(Table::finish);
        let reminders = read_reminders(file, reminders);
        let steps = file.required_table("step").and_then(read_steps);
        let (general_question, questions) = read_questions(file, elements);
        let helpful = read_helpful(file, elements);
        let topics = read_names(file, "topic", Topic::ALL.map(|topic| (topic, topic.name())));
        let safety = read_names(file, "safety", SafetyKind::ALL.map(|kind| (kind, kind.name())));
        Some(Self {
            frame: frame?,
            receipt: receipt?,
            receipt_with_questions: receipt_with_questions?,
            receipt_of_reply: receipt_of_reply?,
            further_questions: further_questions?,
            safety_receipt: safety_receipt?,
            answer: answer?,
            specialist_question: specialist_question?,
            referral: referral?,
            handover_to_pharmacovigilance: handover_to_pharmacovigilance?,
            handover_to_quality: handover_to_quality?,
            reminders,
            steps: steps?,
            questions,
            general_question: general_question?,
            helpful,
            topics,
            safety,
        })
    }
}

fn read_frame(file: &mut Table<'_>) -> Option<Frame> {
    let mut table = file.required_table("frame")?;
    let greeting_by_name = Text::read_line(&mut table, "greeting_by_name", &[Name], &[]);
    let greeting = Text::read_line(&mut table, "greeting", &[], &[]);
    let sign_off = Text::read(&mut table, "sign_off", &[], &[Desk, Company]);
    let automatic_note = Text::read(&mut table, "automatic_note", &[], &[]);
    let quote = Text::read_line(&mut table, "quote", &[], &[Received]);
    let footer = Text::read(
        &mut table,
        "footer",
        &[PostalAddress, ImprintUrl, PrivacyUrl],
        &[Phone, Reference, StatusLink],
    );
    table.finish();
    Some(Frame {
        greeting_by_name: greeting_by_name?,
        greeting: greeting?,
        sign_off: sign_off?,
        automatic_note: automatic_note?,
        quote: quote?,
        footer: footer?,
    })
}

/// A subject is seen on lock screens and in logs of mail systems: it can name the case and nothing
/// that the contact or a specialist wrote.
fn read_mail(
    file: &mut Table<'_>,
    key: &str,
    must_have: &[Placeholder],
    may_have: &[Placeholder],
) -> Option<MailText> {
    let mut table = file.required_table(key)?;
    let mail = read_mail_of(&mut table, must_have, may_have);
    table.finish();
    mail
}

fn read_mail_of(
    table: &mut Table<'_>,
    must_have: &[Placeholder],
    may_have: &[Placeholder],
) -> Option<MailText> {
    let subject = Text::read_line(table, "subject", &[Reference], &[Due]);
    let body = Text::read(table, "body", must_have, may_have);
    Some(MailText { subject: subject?, body: body? })
}

fn read_reminders(file: &mut Table<'_>, wanted: Option<&Reminders>) -> Vec<MailText> {
    let mut count = 0;
    let texts = file.each_table("reminder", |table| {
        count += 1;
        read_mail_of(table, &[Questions], &[Reference, Asked, Helpful, StatusLink])
    });
    let wanted = wanted.map_or(count, |reminders| reminders.after_business_days.len());
    if count != wanted {
        let what = format!("{count} [[reminder]], and thresholds.toml reminds {wanted} times");
        file.report(file.span(), what, "a [[reminder]] for each of after_business_days");
    }
    texts
}

fn read_steps(mut table: Table<'_>) -> Option<NextSteps> {
    let mut read = |key| Text::read_line(&mut table, key, &[], &[Desk, Due]);
    let (medical_question, shipping_status) = (read("medical_question"), read("shipping_status"));
    let (other, safety) = (read("other"), read("safety"));
    table.finish();
    Some(NextSteps {
        medical_question: medical_question?,
        shipping_status: shipping_status?,
        other: other?,
        safety: safety?,
    })
}

type ByElement = BTreeMap<(Topic, Element), ElementQuestions>;

fn read_questions(file: &mut Table<'_>, elements: Option<&Elements>) -> (Option<Text>, ByElement) {
    let mut questions = BTreeMap::new();
    let Some(mut table) = file.required_table("question") else { return (None, questions) };
    let general = Text::read(&mut table, "general", &[], &[]);
    for topic in Topic::ALL {
        let mut of_topic = table.optional_table(topic.name());
        for element in Element::ALL {
            let is_required = elements.is_some_and(|elements| elements.requires(topic, element));
            let entry = of_topic.as_mut().and_then(|of_topic| of_topic.optional_table(element.name()));
            if let Some(entry) = entry {
                questions.extend(read_element(entry).map(|entry| ((topic, element), entry)));
            } else if is_required {
                let missing = format!("[question.{}.{}]", topic.name(), element.name());
                let what = format!("{missing} is missing, and elements.toml requires the element");
                table.report(table.span(), what, format!("{missing} with absent = \"…\""));
            }
        }
        of_topic.into_iter().for_each(Table::finish);
    }
    table.finish();
    (general, questions)
}

fn read_element(mut table: Table<'_>) -> Option<ElementQuestions> {
    let absent = Text::read(&mut table, "absent", &[], &[]);
    let mut read_if_there = |key| {
        table.allow(key);
        if table.has(key) { Text::read(&mut table, key, &[], &[Value]) } else { None }
    };
    let (mistyped, ambiguous) = (read_if_there("mistyped"), read_if_there("ambiguous"));
    table.finish();
    Some(ElementQuestions { absent: absent?, mistyped, ambiguous })
}

fn read_helpful(file: &mut Table<'_>, elements: Option<&Elements>) -> BTreeMap<(Topic, String), Text> {
    let mut helpful = BTreeMap::new();
    // Which names there are stands in elements.toml; without it nothing can be said about them here.
    let (Some(mut table), Some(elements)) = (file.required_table("helpful"), elements) else {
        return helpful;
    };
    for topic in Topic::ALL {
        let names = elements.helpful(topic);
        if names.is_empty() {
            continue;
        }
        let Some(mut of_topic) = table.required_table(topic.name()) else { continue };
        for name in names {
            let text = Text::read_line(&mut of_topic, name, &[], &[]);
            helpful.extend(text.map(|text| ((topic, name.clone()), text)));
        }
        of_topic.finish();
    }
    table.finish();
    helpful
}

fn read_names<K: Ord, const N: usize>(
    file: &mut Table<'_>,
    key: &str,
    names: [(K, &'static str); N],
) -> BTreeMap<K, String> {
    let Some(mut table) = file.required_table(key) else { return BTreeMap::new() };
    let in_words = names.into_iter().filter_map(|(kind, name)| Some((kind, table.required(name)?))).collect();
    table.finish();
    in_words
}
