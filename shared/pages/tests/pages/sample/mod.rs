//! One sample of every page, for the tests and for the preview. All people and numbers are invented.

mod case;

pub(crate) use case::case_sample;
use jiff::{Timestamp, tz::TimeZone};
use lotse_domain::{
    CaseReference, CaseSummary, Channel, Cursor, DeskId, Element, FlagNumber, Gap, GapReason, ProductId,
    RequestId, StateName, Topic, UserId,
};
use lotse_pages::{
    Company, ConfirmationPage, Entries, FieldError, Home, InquiryField, InquiryFormPage, MessageKind, Names,
    PageLanguage, Problem, ProblemPage, PublicFrame, PublicMessage, ReplyForm, RequestStatus, StatusPage,
    Template,
    desk::{
        ActionError, Attempt, AttemptTarget, CasePage, DeskChoice, DeskFrame, FlagAction, Notice,
        RequestAction, SearchPage, SignInBy, SignInError, SignInPage, SignedIn, SignedInPage, WorklistPage,
        WorklistRow, WorklistTab, WorklistView,
    },
    operator::{MailHead, MailPage, MailboxPage, ParkedDelivery, ParkedPage},
};
use std::collections::BTreeMap;

/// How a sample writes a text that in real life somebody else typed: as it is, or with something hostile in it.
pub(crate) type Say = fn(&str) -> String;

/// A rendered page under a name for its file.
pub(crate) struct Sample {
    /// The name, without language and extension.
    pub(crate) name: &'static str,
    /// The page.
    pub(crate) html: String,
}

/// Every page in this language.
pub(crate) fn samples(language: PageLanguage, say: Say) -> Vec<Sample> {
    let sample = |name, page: &dyn Renders| Sample { name, html: page.html() };
    vec![
        sample("form", &form(language, say, Entries::default())),
        sample("form-errors", &form(language, say, entries_with_errors(say))),
        sample("sent", &confirmation(language, say)),
        sample("status", &status(language, say, Vec::new())),
        sample("status-asked", &status(language, say, gaps())),
        sample("status-errors", &status_with_errors(language, say)),
        sample("problem-not-found", &problem(language, Problem::NotFound)),
        sample("problem-link", &problem(language, Problem::LinkInvalid)),
        sample("problem-too-slow", &problem(language, Problem::TooSlow)),
        sample("problem-too-large", &problem(language, Problem::TooLarge { limit: 1_000_000 })),
        sample("problem-internal", &problem(language, Problem::Internal)),
        sample("sign-in", &sign_in(language, say)),
        sample("sign-in-by-company", &sign_in_by_company(language, say)),
        sample("signed-in", &signed_in(language, say)),
        sample("worklist", &worklist(language, say)),
        sample("worklist-empty", &WorklistPage { rows: Vec::new(), next: None, ..worklist(language, say) }),
        sample("search", &search(language, say)),
        sample("case", &case(language, say)),
        sample("case-refused", &case_refused(language, say)),
        sample("case-flag-refused", &case_flag_refused(language, say)),
        sample("mailbox", &mailbox(language, say)),
        sample("mail", &mail(language, say)),
        sample("parked", &parked(language, say)),
    ]
}

trait Renders {
    fn html(&self) -> String;
}

impl<T: Template> Renders for T {
    fn html(&self) -> String {
        self.render().expect("a template renders whatever it holds")
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("the bundled database has Berlin")
}

fn frame(language: PageLanguage, say: Say) -> PublicFrame {
    PublicFrame {
        language,
        company: Company {
            name: say("Nordhafen Pharma GmbH"),
            privacy_url: Some("https://www.nordhafen-pharma.example/datenschutz".to_owned()),
            imprint_url: Some("https://www.nordhafen-pharma.example/impressum".to_owned()),
            phone: Some(say("+49 431 5550-100")),
        },
        other_language_url: Some(format!("/?lang={}", language.other().tag())),
        home: Home::InquiryForm,
        zone: berlin(),
    }
}

fn form(language: PageLanguage, say: Say, entries: Entries) -> InquiryFormPage {
    InquiryFormPage { frame: frame(language, say), idempotency_key: "k3y-0001".to_owned(), entries }
}

fn entries_with_errors(say: Say) -> Entries {
    let values = [
        (InquiryField::Topic, "shipping_status".to_owned()),
        (InquiryField::Subject, say("Kühlware nicht angekommen")),
        (InquiryField::Message, say("Unsere Lieferung fehlt.\nBitte prüfen.")),
        (InquiryField::Product, say("Insulera")),
        (InquiryField::OrderNumber, say("NP-2026-004711")),
        (InquiryField::Name, say("Katharina Voß")),
        (InquiryField::Institution, say("Fjord-Apotheke")),
        (InquiryField::Country, "DE".to_owned()),
        (InquiryField::Email, say("voss@fjord-apotheke")),
    ];
    let errors = [
        (InquiryField::OrderDate, FieldError::NotADate),
        (InquiryField::Email, FieldError::NotAnAddress),
        (InquiryField::Professional, FieldError::NotConfirmed),
    ];
    Entries { values: BTreeMap::from(values), errors: BTreeMap::from(errors) }
}

fn confirmation(language: PageLanguage, say: Say) -> ConfirmationPage {
    ConfirmationPage {
        frame: frame(language, say),
        reference: reference().to_string(),
        token: TOKEN.to_owned(),
    }
}

const TOKEN: &str = "0c9tqk3v7m2d8x4f6h1j5n0p2r";

fn reference() -> CaseReference {
    CaseReference::from_random(1_234_567)
}

fn gaps() -> Vec<Gap> {
    vec![
        Gap { topic: Topic::MedicalQuestion, element: Element::Requester, reason: GapReason::Absent },
        Gap { topic: Topic::ShippingStatus, element: Element::OrderReference, reason: GapReason::Mistyped },
    ]
}

fn status(language: PageLanguage, say: Say, gaps: Vec<Gap>) -> StatusPage {
    let stage = if gaps.is_empty() { StateName::Answered } else { StateName::WaitingForContact };
    let values = [
        (InquiryField::Name, say("Katharina Voß")),
        (InquiryField::OrderNumber, say("NP-2026-00471")),
        (InquiryField::Product, say("Insulera")),
    ];
    StatusPage {
        frame: frame(language, say),
        token: TOKEN.to_owned(),
        reference: reference().to_string(),
        received_at: at("2026-11-20T08:12:00Z"),
        requests: vec![
            RequestStatus { topic: Topic::MedicalQuestion, stage: StateName::Claimed },
            RequestStatus { topic: Topic::ShippingStatus, stage },
        ],
        reports_safety: true,
        conversation: vec![
            PublicMessage {
                kind: MessageKind::Inquiry,
                channel: Channel::Web,
                at: at("2026-11-20T08:12:00Z"),
                subject: Some(say("Kühlware nicht angekommen")),
                text: say("Guten Tag,\n\nunsere Bestellung NP-2026-00471 ist nicht da.\n\nKatharina Voß"),
            },
            PublicMessage {
                kind: MessageKind::Question,
                channel: Channel::Mail,
                at: at("2026-11-20T08:12:30Z"),
                subject: None,
                text: say("Guten Tag,\n\ndie Bestellnummer enthält wohl einen Tippfehler."),
            },
        ],
        reply: ReplyForm {
            idempotency_key: "k3y-0002".to_owned(),
            gaps,
            entries: Entries { values: BTreeMap::from(values), errors: BTreeMap::new() },
        },
        reply_received: false,
    }
}

fn status_with_errors(language: PageLanguage, say: Say) -> StatusPage {
    let mut page = status(language, say, Vec::new());
    page.reply.entries.errors.insert(InquiryField::Message, FieldError::Required);
    page.requests[1].stage = StateName::WaitingForContact;
    page
}

fn problem(language: PageLanguage, problem: Problem) -> ProblemPage {
    ProblemPage { frame: frame(language, str::to_owned), problem }
}

fn user(name: &str) -> UserId {
    name.parse().expect("a user name")
}

fn desk(name: &str) -> DeskId {
    name.parse().expect("a desk")
}

fn desk_frame(language: PageLanguage, say: Say) -> DeskFrame {
    DeskFrame {
        language,
        company: say("Nordhafen Pharma GmbH"),
        user: Some(SignedIn { id: user("mia.brandt"), name: say("Mia Brandt"), csrf: say("c5rf") }),
        zone: berlin(),
        now: at("2026-11-23T09:30:00Z"),
        notice: None,
        parked: 2,
        mailbox: true,
        here: "/desk".to_owned(),
    }
}

fn sign_in(language: PageLanguage, say: Say) -> SignInPage {
    SignInPage {
        frame: DeskFrame {
            user: None,
            parked: 0,
            mailbox: false,
            here: "/desk/sign-in".to_owned(),
            ..desk_frame(language, say)
        },
        by: SignInBy::Password,
        user: say("mia.brandt"),
        return_to: say("/desk"),
        error: Some(SignInError::Refused),
    }
}

fn sign_in_by_company(language: PageLanguage, say: Say) -> SignInPage {
    let begin = "/desk/sign-in/begin?return_to=%2Fdesk".to_owned();
    SignInPage { by: SignInBy::Company { begin }, error: Some(SignInError::NoDesk), ..sign_in(language, say) }
}

fn signed_in(language: PageLanguage, say: Say) -> SignedInPage {
    let SignInPage { frame, return_to, .. } = sign_in(language, say);
    SignedInPage { frame, return_to }
}

fn desks(language: PageLanguage) -> Vec<DeskChoice> {
    let choice = |id, names| DeskChoice { id: desk(id), name: language.choose::<&str>(names).to_owned() };
    vec![
        choice("medical-information", ("Medizinische Information", "Medical information")),
        choice("logistics", ("Logistik", "Logistics")),
        choice("review", ("Prüfung", "Review")),
        choice("drug-safety", ("Arzneimittelsicherheit", "Drug safety")),
    ]
}

fn worklist(language: PageLanguage, say: Say) -> WorklistPage {
    let case = case_sample(say).0;
    let mut rows: Vec<_> = case
        .worklist_entries()
        .into_iter()
        .map(|entry| WorklistRow {
            assignee: entry.assignee.as_ref().map(|_| say("Mia Brandt")),
            entry,
            products: vec![say("Insulera")],
            contact: say("Katharina Voß, Fjord-Apotheke"),
        })
        .collect();
    rows.sort_by_key(|row| row.entry.due_at);
    let tab = |view| WorklistTab { view, count: (view == WorklistView::Open).then_some(17) };
    WorklistPage {
        frame: desk_frame(language, say),
        tabs: WorklistView::ALL.map(tab).to_vec(),
        view: WorklistView::Open,
        desks: desks(language),
        desk: desk("logistics"),
        rows,
        continued: true,
        next: Some(Cursor(say("2026-11-23T09:30:00Z/a+b&c"))),
    }
}

fn search(language: PageLanguage, say: Say) -> SearchPage {
    let case = case_sample(say).0;
    SearchPage {
        frame: desk_frame(language, say),
        query: say("Voß Insulera"),
        cases: vec![CaseSummary::from(&case)],
    }
}

fn names(language: PageLanguage, say: Say) -> Names {
    let product: ProductId = "insulera".parse().expect("a product");
    Names {
        desks: desks(language).into_iter().map(|desk| (desk.id, say(&desk.name))).collect(),
        products: BTreeMap::from([(product, say("Insulera"))]),
        people: BTreeMap::from([(user("mia.brandt"), say("Mia Brandt"))]),
    }
}

/// The page of a case that has seen most of what can happen to one.
pub(crate) fn case(language: PageLanguage, say: Say) -> CasePage {
    let (case, history) = case_sample(say);
    CasePage {
        frame: DeskFrame { notice: Some(Notice::Claimed), ..desk_frame(language, say) },
        case,
        history,
        names: names(language, say),
        desks: desks(language),
        attempt: None,
    }
}

fn case_refused(language: PageLanguage, say: Say) -> CasePage {
    let target = AttemptTarget::Request(RequestId(2), RequestAction::Move);
    let mut page = case(language, say);
    page.attempt = Some(attempt(target, say("Gehört zur Logistik"), ActionError::TargetMissing));
    page.frame.notice = Some(Notice::CaseChanged);
    page
}

fn attempt(target: AttemptTarget, typed: String, error: ActionError) -> Attempt {
    Attempt { target, typed, desk: String::new(), topic: String::new(), error }
}

fn case_flag_refused(language: PageLanguage, say: Say) -> CasePage {
    let target = AttemptTarget::Flag(FlagNumber(1), FlagAction::Acknowledge);
    let mut page = case(language, say);
    page.attempt = Some(attempt(target, say(""), ActionError::NumberMissing));
    page
}

fn mail_head(say: Say) -> MailHead {
    MailHead {
        name: "2026-11-20-0001".to_owned(),
        to: say("voss@fjord-apotheke.example"),
        subject: say("Ihre Anfrage ist angekommen"),
        at: at("2026-11-20T08:12:31Z"),
    }
}

fn mailbox(language: PageLanguage, say: Say) -> MailboxPage {
    MailboxPage { frame: desk_frame(language, say), mails: vec![mail_head(say), mail_head(say)] }
}

fn mail(language: PageLanguage, say: Say) -> MailPage {
    MailPage {
        frame: desk_frame(language, say),
        mail: mail_head(say),
        headers: vec![
            ("From".to_owned(), say("Nordhafen Pharma <service@nordhafen-pharma.example>")),
            ("Auto-Submitted".to_owned(), say("auto-replied")),
        ],
        text: say("Guten Tag,\n\nIhre Anfrage ist angekommen."),
        html: say("<p>Guten Tag,</p>\n<p>Ihre Anfrage ist angekommen.</p>"),
    }
}

fn parked(language: PageLanguage, say: Say) -> ParkedPage {
    ParkedPage {
        frame: desk_frame(language, say),
        parked: vec![ParkedDelivery {
            id: "42".to_owned(),
            what: say("lotse.request.routed.v1"),
            to: say("contact"),
            reference: Some(reference()),
            why: say("the relay refused the connection"),
            attempts: 8,
            at: at("2026-11-20T09:00:00Z"),
        }],
    }
}
