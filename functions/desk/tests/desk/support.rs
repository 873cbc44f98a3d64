//! A desk over a store in a temporary folder, its people, and cases as triage leaves them.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use desk::{Desk, router};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use lotse_domain::{
    Actor, Arrival, Case, CaseId, CaseReference, Change, Channel, Claim, Command, Confidence, Contact,
    Decision, DeskId, Destination, Evidence, Field, Language, MessageNumber, Opening, ReceivedMessage,
    RecordedEvent, RequestId, Route, RoutingPlan, SafetyFinding, SafetyKind, Topic, TopicFinding, advance,
    ports::{CaseStore, Clock, IdentityProvider, PasswordHash, User, UserDirectory},
};
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemRandom, hash_password};
use lotse_store::SqliteStore;
use lotse_web::query_value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicI64, Ordering},
    },
};
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "Leuchtfeuer-Kiel-1";
/// The first request of a case.
pub(crate) const FIRST: RequestId = RequestId(1);

/// One hash for everybody: hashing takes long, and no test is about different passwords.
static HASH: LazyLock<PasswordHash> = LazyLock::new(|| hash_password(PASSWORD).expect("a hash"));

/// A clock that a test sets forward.
#[derive(Default)]
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        morning() + SignedDuration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// A Monday morning in Kiel.
pub(crate) fn morning() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

pub(crate) struct Office {
    router: Router,
    pub(crate) store: SqliteStore,
    hands: Arc<Hands>,
    _folder: tempfile::TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// A person with a browser.
pub(crate) struct Person {
    pub(crate) cookie: String,
}

impl Office {
    /// Anna answers medical questions, Jens works in logistics, Petra in drug safety; Kim administers.
    pub(crate) async fn open() -> Self {
        let office = Self::open_to(None);
        for (id, name, desks) in [
            ("anna", "Anna Lorenzen", vec!["medical-information"]),
            ("jens", "Jens Thomsen", vec!["logistics", "review"]),
            ("petra", "Petra Hansen", vec!["pharmacovigilance"]),
            ("kim", "Kim Petersen", vec![]),
        ] {
            office.hire(id, name, &desks, id == "kim").await;
        }
        office
    }

    /// A desk that knows nobody yet; the company's own service signs people in, where there is one.
    pub(crate) fn open_to(identity_provider: Option<Arc<dyn IdentityProvider>>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(folder.path().join("lotse.db")).expect("a store");
        let hands = Arc::new(Hands::default());
        let desk = Desk {
            store: store.clone(),
            clock: hands.clone(),
            random: Arc::new(SystemRandom),
            keys: Keys::new([7; 32]),
            policy: Arc::new(Policy::shipped().expect("the shipped policy")),
            identity_provider,
            secure_cookies: false,
            mailbox: true,
        };
        Self { router: router(desk), store, hands, _folder: folder }
    }

    async fn hire(&self, id: &str, name: &str, desks: &[&str], administrator: bool) {
        let user = User {
            id: id.parse().expect("a name"),
            name: name.to_owned(),
            desks: desks.iter().map(|desk| desk.parse().expect("a desk")).collect::<BTreeSet<DeskId>>(),
            administrator,
            disabled: false,
            password: HASH.clone(),
        };
        self.store.save_user(user).await.expect("a store");
    }

    pub(crate) async fn disable(&self, id: &str) {
        let user = self.store.user(&id.parse().expect("a name")).await.expect("a store").expect("a user");
        self.store.save_user(User { disabled: true, ..user }).await.expect("a store");
    }

    pub(crate) fn let_pass(&self, time: SignedDuration) {
        self.hands.0.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.hands.now()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: head.status, headers: head.headers, text }
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, cookie: &str, body: String) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header(header::ACCEPT_LANGUAGE, "de")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.expect("a request")).await
    }

    pub(crate) async fn try_sign_in(&self, user: &str, password: &str, return_to: &str) -> Answer {
        let body = encoded(&[("user", user), ("password", password), ("return_to", return_to)]);
        self.ask(Method::POST, "/desk/sign-in", "", body).await
    }

    pub(crate) async fn sign_in(&self, user: &str) -> Person {
        let answer = self.try_sign_in(user, PASSWORD, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{user} signs in");
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        Person { cookie }
    }

    pub(crate) async fn get(&self, person: &Person, path: &str) -> Answer {
        self.ask(Method::GET, path, &person.cookie, String::new()).await
    }

    /// Sends a form as the person's browser would: with the session's token.
    pub(crate) async fn post(&self, person: &Person, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get(person, "/desk").await.hidden("csrf");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.ask(Method::POST, path, &person.cookie, encoded(&all)).await
    }

    /// Does something to a request on the version that is there.
    pub(crate) async fn act(
        &self,
        person: &Person,
        case: CaseId,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let version = self.case(case).await.version.to_string();
        let mut all = vec![("version", version.as_str())];
        all.extend_from_slice(fields);
        self.post(person, &format!("/desk/cases/{case}/requests/1/{action}"), &all).await
    }

    pub(crate) async fn case(&self, id: CaseId) -> Case {
        self.store.load(id).await.expect("a store").expect("a case")
    }

    pub(crate) async fn history(&self, id: CaseId) -> Vec<RecordedEvent> {
        self.store.history(id).await.expect("a store")
    }

    pub(crate) async fn command(&self, id: CaseId, actor: &Actor, command: Command) {
        advance(&self.store, id, self.now(), actor, |_| Ok(vec![command.clone()]))
            .await
            .expect("carried out");
    }

    /// An inquiry that triage has read and that has reached its desk.
    pub(crate) async fn received(&self, number: u64, about: About) -> CaseId {
        let id = CaseId::from_number(u128::from(number) + 1_000);
        let reference = CaseReference::from_random(number);
        let opening = Opening {
            case: id,
            reference,
            contact_id: lotse_domain::ContactId::from_number(number.into()),
            contact: Contact {
                email: Some("a.berg@klinik-am-hafen.example".parse().expect("an address")),
                name: Some("Dr. Anna Berg".to_owned()),
                ..Contact::default()
            },
            language: Some(Language::German),
            message: message(about.text()),
        };
        let change = Change::open(opening, self.now(), Actor::Contact);
        let commit = change.into_commit(vec![Claim::reference(reference)]).expect("a commit");
        self.store.commit(commit).await.expect("committed");
        self.command(id, &Actor::system("classify"), about.classify()).await;
        if about != About::Reaction {
            let arrival = Arrival { target_minutes: 240, due_at: self.now() + SignedDuration::from_hours(4) };
            self.command(id, &Actor::system("logistics"), Command::Arrive { request: FIRST, arrival }).await;
        }
        id
    }
}

/// What an inquiry is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// A question about a dose, for the medical desk.
    Dose,
    /// A parcel that is late, for logistics; the desk is asked to confirm.
    Parcel,
    /// An adverse event and nothing else, for drug safety.
    Reaction,
}

impl About {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Dose => "Wie ist Glykaris bei Dialyse zu dosieren?",
            Self::Parcel => "Wo bleibt unsere Bestellung?",
            Self::Reaction => "Nach der zweiten Gabe trat ein Hautausschlag auf.",
        }
    }

    fn classify(self) -> Command {
        let (topic, to, desk) = match self {
            Self::Dose => (Topic::MedicalQuestion, Destination::MedicalInformation, "medical-information"),
            Self::Parcel => (Topic::ShippingStatus, Destination::Logistics, "logistics"),
            Self::Reaction => (Topic::Other, Destination::Review, "review"),
        };
        let evidence =
            vec![Evidence { rule: "test.first-word".to_owned(), field: Field::Body, start: 0, end: 3 }];
        let confidence = Confidence::CERTAIN;
        let is_flag = self == Self::Reaction;
        let decision = Decision {
            id: None,
            language: Language::German,
            automatic: None,
            topics: if is_flag {
                vec![]
            } else {
                vec![TopicFinding { topic, confidence, evidence: evidence.clone() }]
            },
            safety: if is_flag {
                vec![SafetyFinding { kind: SafetyKind::AdverseEvent, confidence, evidence }]
            } else {
                vec![]
            },
            products: Vec::new(),
            identifiers: Vec::new(),
            missing: Vec::new(),
            routes: if is_flag { vec![] } else { vec![Route { topic, to, confirm: self == Self::Parcel }] },
            policy: "2026-11-22.1".to_owned(),
        };
        let due = morning() + SignedDuration::from_hours(24);
        let plan = RoutingPlan {
            desks: vec![(topic, desk.parse().expect("a desk"))],
            safety_desks: vec![(SafetyKind::AdverseEvent, "pharmacovigilance".parse().expect("a desk"))],
            next_step_at: due,
            review: Arrival { target_minutes: 240, due_at: due },
            hand_over_due_at: due,
        };
        Command::Classify { message: MessageNumber(1), decision, plan }
    }
}

pub(crate) fn message(body: &str) -> ReceivedMessage {
    ReceivedMessage {
        channel: Channel::Web,
        subject: Some("Anfrage".into()),
        body: body.into(),
        fields: BTreeMap::new(),
        automatic: None,
        mail: None,
    }
}

pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", query_value(value))).collect();
    pairs.join("&")
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a hidden input.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let (_, rest) = self.text.split_once(&format!("name=\"{name}\" value=\"")).expect("the input");
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}
