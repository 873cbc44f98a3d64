//! `desks.toml`: who works on what, and how soon.

use crate::{Company, Localised, Products, table::Table};
use lotse_domain::{DeskId, EmailAddress, SafetyKind, Topic};
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;
use std::collections::BTreeMap;

/// What the people of a desk do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskKind {
    /// Answers medical-scientific questions.
    MedicalInformation,
    /// Answers questions about orders, dispatch, delivery and returns.
    Logistics,
    /// Sorts what triage was not sure about, and answers what belongs nowhere else.
    Review,
    /// Takes over safety reports (in Germany the office of the Stufenplanbeauftragter, § 63a AMG).
    Pharmacovigilance,
    /// Takes over quality complaints.
    Quality,
}

impl DeskKind {
    /// True for the desks that safety-relevant information is handed over to.
    pub fn takes_safety(self) -> bool {
        matches!(self, Self::Pharmacovigilance | Self::Quality)
    }

    fn answers(self, topic: Topic) -> bool {
        match topic {
            Topic::MedicalQuestion => self == Self::MedicalInformation,
            Topic::ShippingStatus => self == Self::Logistics,
            Topic::Other | Topic::Unknown => self == Self::Review,
        }
    }
}

/// How soon a desk has to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// An answer within minutes of the company's business hours; the clock stops while the company
    /// waits for the contact.
    BusinessMinutes(u32),
    /// A hand-over within calendar hours, nights, weekends and holidays included: day zero of a safety
    /// report knows no business hours (GVP Module VI).
    CalendarHours(u32),
}

/// One desk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Desk {
    /// The id that requests, users and this policy name.
    pub id: DeskId,
    /// What its people do.
    pub kind: DeskKind,
    /// Its name, as contacts read it.
    pub name: Localised,
    /// Under which contacts know it; a safety desk gets its hand-overs there.
    pub address: EmailAddress,
    /// How soon it has to be done.
    pub target: Target,
}

/// A topic and a therapeutic area; no area stands for all areas that have no desk of their own.
type TopicAndArea = (Topic, Option<String>);

/// All desks, and who takes what.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Desks {
    all: Vec<Desk>,
    topics: BTreeMap<TopicAndArea, DeskId>,
    safety: BTreeMap<SafetyKind, DeskId>,
    review: Desk,
    pharmacovigilance: Desk,
}

impl Desks {
    /// The desk of that id.
    pub fn get(&self, id: &DeskId) -> Option<&Desk> {
        self.all.iter().find(|desk| desk.id == *id)
    }

    /// All desks, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Desk> {
        self.all.iter()
    }

    /// The desk where people decide what triage could not.
    pub fn review(&self) -> &Desk {
        &self.review
    }

    /// The desk that answers a topic for a therapeutic area.
    pub(crate) fn for_topic(&self, topic: Topic, area: Option<&str>) -> &Desk {
        let own = area.and_then(|area| self.topics.get(&(topic, Some(area.to_owned()))));
        own.or_else(|| self.topics.get(&(topic, None))).and_then(|id| self.get(id)).unwrap_or(&self.review)
    }

    /// The desk that a kind of safety-relevant information is handed over to.
    pub(crate) fn for_safety(&self, kind: SafetyKind) -> &Desk {
        self.safety.get(&kind).and_then(|id| self.get(id)).unwrap_or(&self.pharmacovigilance)
    }

    pub(crate) fn read(
        file: &mut Table<'_>,
        company: Option<&Company>,
        products: Option<&Products>,
    ) -> Option<Self> {
        let mut known = BTreeMap::new();
        let all = file.each_table("desk", |entry| read_desk(entry, company, &mut known));
        let topics = read_topics(file, &known, products);
        let safety = read_safety(file, &known);
        report_untaken(file, &topics, &safety);
        let desk_of = |id: Option<&Option<DeskId>>| {
            let id = id?.as_ref()?;
            all.iter().find(|desk| desk.id == *id).cloned()
        };
        let review = desk_of(topics.get(&(Topic::Other, None)));
        let pharmacovigilance = desk_of(safety.get(&SafetyKind::AdverseEvent));
        let topics = topics.into_iter().filter_map(|(topic, desk)| Some((topic, desk?))).collect();
        let safety = safety.into_iter().filter_map(|(kind, desk)| Some((kind, desk?))).collect();
        Some(Self { review: review?, pharmacovigilance: pharmacovigilance?, all, topics, safety })
    }
}

/// The desks that are there, with their kinds where those could be read.
type Known = BTreeMap<DeskId, Option<DeskKind>>;
/// What is taken, and by which desk where its name is right.
type Topics = BTreeMap<TopicAndArea, Option<DeskId>>;
type SafetyKinds = BTreeMap<SafetyKind, Option<DeskId>>;

fn read_desk(entry: &mut Table<'_>, company: Option<&Company>, known: &mut Known) -> Option<Desk> {
    let id = entry.required::<Spanned<DeskId>>("id");
    let kind = entry.required::<DeskKind>("kind");
    if let Some(id) = &id {
        if known.contains_key(id.get_ref()) {
            entry.report(id.span(), format!("desk `{}` stands here twice", id.get_ref()), "each id once");
        }
        known.entry(id.get_ref().clone()).or_insert(kind);
    }
    let name = entry.required_localised("name");
    let address = entry.required::<Spanned<EmailAddress>>("address");
    if let (Some(address), Some(company)) = (&address, company) {
        company.check_address(entry, address);
        // Otherwise each hand-over would come back in as a new inquiry.
        if kind.is_some_and(DeskKind::takes_safety) && company.inbound_addresses.contains(address.get_ref()) {
            let what = "address: inquiries come in here, hand-overs would come back";
            entry.report(
                address.span(),
                what,
                "an address that is not among inbound_addresses of company.toml",
            );
        }
    }
    let target = match kind {
        Some(kind) if kind.takes_safety() => {
            read_positive(entry, "handover_calendar_hours").map(Target::CalendarHours)
        }
        Some(_) => read_positive(entry, "response_business_minutes").map(Target::BusinessMinutes),
        // Without the kind it is open which of the two the desk needs.
        None => {
            entry.optional::<u32>("handover_calendar_hours");
            entry.optional::<u32>("response_business_minutes");
            None
        }
    };
    Some(Desk {
        id: id?.into_inner(),
        kind: kind?,
        name: name?,
        address: address?.into_inner(),
        target: target?,
    })
}

fn read_positive(entry: &mut Table<'_>, key: &str) -> Option<u32> {
    let number = entry.required::<Spanned<u32>>(key)?;
    if *number.get_ref() == 0 {
        entry.report(number.span(), format!("{key}: 0"), "a whole number from 1");
    }
    Some(number.into_inner())
}

/// Who takes which topic. Where the desk's name is wrong, the topic still counts as taken: one mistake,
/// one line.
fn read_topics(file: &mut Table<'_>, known: &Known, products: Option<&Products>) -> Topics {
    let mut topics = Topics::new();
    file.each_table("topic", |entry| {
        let topic = entry.required::<Topic>("topic");
        let area = entry.optional::<Spanned<String>>("area");
        if let (Some(area), Some(products)) = (&area, products)
            && !products.has_area(area.get_ref())
        {
            let what = format!("no product belongs to the area `{}`", area.get_ref());
            entry.report(area.span(), what, "an area of products.toml");
        }
        let fits = |kind: DeskKind| topic.is_none_or(|topic| kind.answers(topic));
        let desk = read_desk_name(entry, known, fits, "a desk whose kind answers this topic");
        if topics.insert((topic?, area.map(Spanned::into_inner)), desk).is_some() {
            let what = "this topic and area have a desk already";
            entry.report(entry.span(), what, "each topic and area once");
        }
        Some(())
    });
    topics
}

/// Who takes which kind of safety-relevant information; as for topics.
fn read_safety(file: &mut Table<'_>, known: &Known) -> SafetyKinds {
    let mut safety = SafetyKinds::new();
    file.each_table("safety", |entry| {
        let kinds = entry.required_list::<SafetyKind>("kinds");
        let expected = "a desk of the kind pharmacovigilance or quality";
        let desk = read_desk_name(entry, known, DeskKind::takes_safety, expected);
        for kind in kinds? {
            if safety.insert(*kind.get_ref(), desk.clone()).is_some() {
                let what = format!("{} has a desk already", kind.get_ref().name());
                entry.report(kind.span(), what, "each kind once");
            }
        }
        Some(())
    });
    safety
}

fn report_untaken(file: &Table<'_>, topics: &Topics, safety: &SafetyKinds) {
    let report = |name: &str, expected| file.report(file.span(), format!("no desk takes {name}"), expected);
    for topic in [Topic::MedicalQuestion, Topic::ShippingStatus, Topic::Other] {
        if !topics.contains_key(&(topic, None)) {
            report(topic.name(), format!("a [[topic]] with topic = \"{}\" and no area", topic.name()));
        }
    }
    for kind in SafetyKind::ALL.into_iter().filter(|kind| !safety.contains_key(kind)) {
        report(kind.name(), format!("\"{}\" among the kinds of a [[safety]]", kind.name()));
    }
}

fn read_desk_name(
    entry: &mut Table<'_>,
    known: &Known,
    fits: impl Fn(DeskKind) -> bool,
    expected: &str,
) -> Option<DeskId> {
    let desk = entry.required::<Spanned<DeskId>>("desk")?;
    match known.get(desk.get_ref()) {
        None => {
            let names: Vec<&str> = known.keys().map(DeskId::as_str).collect();
            let expected = format!("one of: {}", names.join(", "));
            entry.report(desk.span(), format!("unknown desk `{}`", desk.get_ref()), expected);
        }
        Some(Some(kind)) if !fits(*kind) => {
            entry.report(desk.span(), format!("desk `{}` does not do this", desk.get_ref()), expected);
        }
        Some(_) => return Some(desk.into_inner()),
    }
    None
}
