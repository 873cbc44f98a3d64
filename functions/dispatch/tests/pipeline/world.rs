//! A world in memory around the functions: stores, queues, clock, mail. It can fail at any call, lose what
//! it was asked or lose the answer, and deliver in any order and more than once.

mod ports;

use jiff::{SignedDuration, Timestamp};
use lotse_domain::{
    Actor, BlobId, Case, CaseId, CaseReference, Change, Channel, Claim, Command, Commit, Contact, EventId,
    Failure, Language, Opening, Queue, QueueMessage, ReceivedMessage, RecordedEvent,
    ports::{Clock, CommitError, ReadyMail, Unavailable},
};
use lotse_mail::IncomingMail;
use lotse_policy::{Policy, PolicyFile};
use lotse_runtime::Keys;
use lotse_triage::Triage;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{LazyLock, Mutex},
};

pub(crate) const BASE_URL: &str = "https://anfragen.nordhafen-pharma.example";

/// The shipped policy with few rules in the place of its many: these stories are about what happens to a
/// decision, whichever words led to it.
pub(crate) static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let shipped = lotse_policy::SHIPPED.iter().filter(|(name, _)| !name.starts_with("rules/"));
    let rules = ("rules/stories.toml", include_str!("rules.toml"));
    let files = shipped.copied().chain([rules]).map(|(name, text)| PolicyFile {
        name: name.to_owned(),
        path: name.to_owned(),
        content: text.as_bytes().to_vec(),
    });
    Policy::from_files(files.collect()).expect("a policy without mistakes")
});
static TRIAGE: LazyLock<Triage> = LazyLock::new(|| Triage::new(&POLICY));

/// The shipped policy as it is.
static SHIPPED: LazyLock<(Policy, Triage)> = LazyLock::new(|| {
    let policy = Policy::shipped().expect("the shipped policy");
    let triage = Triage::new(&policy);
    (policy, triage)
});

/// Where the world breaks, counted in calls of ports.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The call is lost: nothing was done.
    Before(usize),
    /// The call is carried out, and its answer lost.
    After(usize),
}

/// In which order, and how often, queues deliver.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Delivery {
    /// As sent.
    InOrder,
    /// Everything twice, in an order drawn from the seed.
    TwiceAndShuffled(u64),
}

#[derive(Default)]
struct State {
    cases: BTreeMap<CaseId, Case>,
    events: BTreeMap<EventId, RecordedEvent>,
    claims: BTreeMap<String, CaseId>,
    blobs: BTreeMap<BlobId, Vec<u8>>,
    undelivered: VecDeque<RecordedEvent>,
    queued: Vec<QueueMessage>,
    parked: Vec<String>,
    mails: Vec<ReadyMail>,
    refused_domains: BTreeSet<String>,
    calls: usize,
    random: u64,
}

pub(crate) struct World {
    state: Mutex<State>,
    now: Mutex<Timestamp>,
    fault: Option<Fault>,
    delivery: Delivery,
    policy: &'static Policy,
    triage: &'static Triage,
    pub(crate) keys: Keys,
}

impl World {
    /// A Monday morning in Kiel.
    pub(crate) fn new() -> Self {
        Self::with(None, Delivery::InOrder)
    }

    pub(crate) fn with(fault: Option<Fault>, delivery: Delivery) -> Self {
        Self {
            state: Mutex::default(),
            now: Mutex::new("2026-11-23T09:00:00+01:00".parse().expect("a moment")),
            fault,
            delivery,
            policy: &POLICY,
            triage: &TRIAGE,
            keys: Keys::new([7; 32]),
        }
    }

    /// A world in which the shipped policy decides, with all its rules.
    pub(crate) fn with_shipped_policy() -> Self {
        let (policy, triage) = &*SHIPPED;
        Self { policy, triage, ..Self::new() }
    }

    /// How many calls of ports there were.
    pub(crate) fn calls(&self) -> usize {
        self.state.lock().expect("state").calls
    }

    pub(crate) fn wait_minutes(&self, minutes: i64) {
        *self.now.lock().expect("now") += SignedDuration::from_mins(minutes);
    }

    pub(crate) fn set_time(&self, moment: &str) {
        *self.now.lock().expect("now") = moment.parse().expect("a moment");
    }

    /// From now on mail to this domain is refused for good.
    pub(crate) fn refuse_mail_to(&self, domain: &str) {
        self.state.lock().expect("state").refused_domains.insert(domain.to_owned());
    }

    // What people do.

    /// Somebody sends the form.
    pub(crate) fn form(&self, contact: Contact, language: Language, text: &str) -> CaseId {
        let number = u128::from(self.next_random());
        let id = CaseId::from_number(number);
        let reference = CaseReference::from_random(self.next_random());
        let contact_id = contact.email.as_ref().map(|address| self.keys.contact_id(address));
        let opening = Opening {
            case: id,
            reference,
            contact_id: contact_id.expect("the form wants an address"),
            contact,
            language: Some(language),
            message: ReceivedMessage {
                channel: Channel::Web,
                subject: None,
                body: text.into(),
                fields: BTreeMap::new(),
                automatic: None,
                mail: None,
            },
        };
        let commit =
            Change::open(opening, self.now(), Actor::Contact).into_commit(vec![Claim::reference(reference)]);
        let mut state = self.state.lock().expect("state");
        state.commit(commit.expect("an opening")).expect("a free reference");
        id
    }

    /// A mail arrives at the company's server.
    pub(crate) fn mail(&self, raw: &[u8], envelope_to: &[&str]) {
        let blob = blob_id(raw);
        let arrived = intake_mail::ArrivedMail {
            blob: blob.clone(),
            received_at: self.now(),
            envelope_from: None,
            envelope_to: envelope_to.iter().map(|&address| address.to_owned()).collect(),
        };
        let mut state = self.state.lock().expect("state");
        state.blobs.insert(blob, raw.to_vec());
        state.queued.push(arrived.queue_message());
    }

    /// A specialist does something. Faults do not touch it: whoever sees an error presses again.
    pub(crate) fn specialist(&self, case: CaseId, commands: Vec<Command>) {
        let actor = Actor::User("maren.lorenzen".parse().expect("a user"));
        let mut change = Change::of(self.case(case));
        for command in commands {
            change.execute(command, self.now(), &actor).expect("the specialist may do so");
        }
        let commit = change.into_commit(Vec::new()).expect("something happened");
        self.state.lock().expect("state").commit(commit).expect("nobody else writes");
    }

    /// A queue delivers a message of somebody else's.
    pub(crate) fn queue(&self, queue: Queue, body: &str) {
        let message = QueueMessage { queue, key: String::new(), body: body.to_owned() };
        self.state.lock().expect("state").queued.push(message);
    }

    /// The contact writes by the page until the case takes no more; nothing of it is delivered.
    pub(crate) fn fill(&self, case: CaseId) {
        let mut change = Change::of(self.case(case));
        let message = || ReceivedMessage {
            channel: Channel::Web,
            subject: None,
            body: "…".into(),
            fields: BTreeMap::new(),
            automatic: None,
            mail: None,
        };
        while change
            .execute(Command::ReceiveMessage { message: message() }, self.now(), &Actor::Contact)
            .is_ok()
        {}
        let mut state = self.state.lock().expect("state");
        state.commit(change.into_commit(Vec::new()).expect("messages")).expect("nobody else writes");
        state.undelivered.clear();
    }

    /// The schedule wakes the deadlines function.
    pub(crate) async fn look_at_deadlines(&self) {
        let dependencies = deadlines::Dependencies { store: self, policy: self.policy };
        let run = deadlines::run(&dependencies, self.now()).await.expect("the store is there");
        assert!(run.failed.is_empty(), "{:?}", run.failed);
    }

    // What then happens by itself.

    /// Delivers until nothing is left to deliver.
    pub(crate) async fn settle(&self) {
        for round in 0.. {
            assert!(round < 10_000, "messages go round in circles");
            let events: Vec<RecordedEvent> =
                self.state.lock().expect("state").undelivered.drain(..).collect();
            if dispatch::deliver(self, &events).await.is_err() {
                // As a stream does: the same events come again.
                let mut state = self.state.lock().expect("state");
                events.into_iter().rev().for_each(|event| state.undelivered.push_front(event));
                continue;
            }
            let Some(message) = self.next_message() else {
                if self.state.lock().expect("state").undelivered.is_empty() {
                    return;
                }
                continue;
            };
            match self.run(&message).await {
                Ok(()) => {}
                Err(Failure::Retry(_)) => self.state.lock().expect("state").queued.push(message),
                Err(Failure::Park(reason)) => {
                    self.state.lock().expect("state").parked.push(reason.to_string());
                }
            }
        }
    }

    fn next_message(&self) -> Option<QueueMessage> {
        let mut state = self.state.lock().expect("state");
        if state.queued.is_empty() {
            return None;
        }
        let place = match self.delivery {
            Delivery::InOrder => 0,
            Delivery::TwiceAndShuffled(seed) => {
                let drawn = mix(seed.wrapping_add(state.calls as u64));
                usize::try_from(drawn % state.queued.len() as u64).expect("a place")
            }
        };
        Some(state.queued.remove(place))
    }

    async fn run(&self, message: &QueueMessage) -> Result<(), Failure> {
        let (store, clock, sender, policy, keys, base_url) =
            (self, self, self, self.policy, &self.keys, BASE_URL);
        let body = message.body.as_str();
        match message.queue {
            Queue::IntakeMail => {
                let (blobs, random) = (self, self);
                let dependencies = intake_mail::Dependencies { store, blobs, clock, random, policy, keys };
                intake_mail::handle(&dependencies, body).await.map(|_| ())
            }
            Queue::Classify => {
                let dependencies = classify::Dependencies { store, clock, triage: self.triage, policy };
                classify::handle(&dependencies, body).await
            }
            Queue::MedicalInformation => {
                medical_information::handle(&medical_information::Dependencies { store, clock, policy }, body)
                    .await
            }
            Queue::Logistics => {
                logistics::handle(&logistics::Dependencies { store, clock, policy }, body).await
            }
            Queue::Contact => {
                let dependencies = contact::Dependencies { store, clock, sender, policy, keys, base_url };
                contact::handle(&dependencies, body).await
            }
            Queue::Safety => {
                let dependencies = safety::Dependencies { store, clock, sender, policy, keys, base_url };
                safety::handle(&dependencies, body).await
            }
        }
    }

    // What can be seen.

    pub(crate) fn cases(&self) -> Vec<Case> {
        let mut cases: Vec<Case> = self.state.lock().expect("state").cases.values().cloned().collect();
        cases.sort_by_key(|case| case.opened_at);
        cases
    }

    pub(crate) fn case(&self, id: CaseId) -> Case {
        self.state.lock().expect("state").cases.get(&id).cloned().expect("the case")
    }

    pub(crate) fn only_case(&self) -> Case {
        let cases = self.cases();
        assert_eq!(cases.len(), 1, "one case");
        cases.into_iter().next().expect("one case")
    }

    pub(crate) fn history(&self, id: CaseId) -> Vec<RecordedEvent> {
        let state = self.state.lock().expect("state");
        state.events.values().filter(|event| event.id.case == id).cloned().collect()
    }

    pub(crate) fn parked(&self) -> Vec<String> {
        self.state.lock().expect("state").parked.clone()
    }

    /// The mails to an address, as its owner reads them.
    pub(crate) fn mails_to(&self, address: &str) -> Vec<SeenMail> {
        let state = self.state.lock().expect("state");
        let to_address = state.mails.iter().filter(|mail| mail.to.as_str() == address);
        to_address.map(SeenMail::of).collect()
    }

    fn next_random(&self) -> u64 {
        let mut state = self.state.lock().expect("state");
        state.random += 1;
        mix(state.random)
    }

    /// A call of a port. Where the world breaks now, what was asked for is lost, or the answer to it.
    fn call<T>(&self, act: impl FnOnce(&mut State) -> T) -> Result<T, Unavailable> {
        let mut state = self.state.lock().expect("state");
        state.calls += 1;
        let lost = || Unavailable::for_now("the world broke here");
        match self.fault {
            Some(Fault::Before(at)) if at == state.calls => Err(lost()),
            Some(Fault::After(at)) if at == state.calls => {
                act(&mut state);
                Err(lost())
            }
            _ => Ok(act(&mut state)),
        }
    }
}

/// A mail as its reader sees it.
pub(crate) struct SeenMail {
    pub(crate) envelope_from: String,
    pub(crate) raw: String,
    pub(crate) read: IncomingMail,
}

impl SeenMail {
    fn of(mail: &ReadyMail) -> Self {
        Self {
            envelope_from: mail.from.as_str().to_owned(),
            raw: String::from_utf8_lossy(&mail.bytes).into_owned(),
            read: lotse_mail::read(&mail.bytes).expect("our own mail can be read"),
        }
    }

    pub(crate) fn subject(&self) -> &str {
        self.read.subject.as_deref().unwrap_or_default()
    }

    pub(crate) fn text(&self) -> &str {
        &self.read.text
    }

    /// Subject and text, as a mail program shows them.
    pub(crate) fn as_read(&self) -> String {
        format!("Subject: {}\n\n{}", self.subject(), self.text())
    }

    pub(crate) fn message_id(&self) -> &str {
        self.read.message_id.as_deref().expect("a Message-ID")
    }

    /// Where the contact's program sends a reply.
    pub(crate) fn reply_to(&self) -> &str {
        &self.read.reply_to.first().expect("a reply address").address
    }
}

impl State {
    fn commit(&mut self, commit: Commit) -> Result<(), CommitError> {
        let taken = commit.claims.iter().find_map(|claim| Some((claim, *self.claims.get(&claim.key)?)));
        if let Some((claim, case)) = taken {
            return Err(CommitError::AlreadyDone { case, key: claim.key.clone() });
        }
        let version = self.cases.get(&commit.case.id).map_or(0, |case| case.version);
        if version != commit.expected_version {
            return Err(CommitError::Conflict);
        }
        for claim in commit.claims {
            self.claims.insert(claim.key, commit.case.id);
        }
        for event in commit.events {
            self.undelivered.push_back(event.clone());
            self.events.insert(event.id, event);
        }
        self.cases.insert(commit.case.id, commit.case);
        Ok(())
    }
}

/// Ids of this world: any 64 hexadecimal digits that depend on the bytes.
fn blob_id(bytes: &[u8]) -> BlobId {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| mix(hash ^ u64::from(*byte)));
    format!("{hash:064x}").parse().expect("64 hexadecimal digits")
}

/// `SplitMix64`: one number into one that looks like any other.
pub(crate) fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
