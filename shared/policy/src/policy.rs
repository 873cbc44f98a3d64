//! The policy as a whole: reading all files, and the questions that handlers ask.

use crate::{
    Calendar, Company, Desk, Desks, Elements, Identifiers, PolicyErrors, Product, Products, Rules, Target,
    TextSet, Texts, Thresholds, files, moments,
    problems::Problems,
    source::{PolicyFile, SourceFile},
    table::Table,
};
use jiff::{SignedDuration, Timestamp};
use lotse_domain::{DeskId, Language, ProductId, SafetyKind, Topic};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// What a company changes without code, checked as a whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Policy {
    /// Who the company is.
    pub company: Company,
    /// What it sells.
    pub products: Products,
    /// Who works on what.
    pub desks: Desks,
    /// What a desk needs to know.
    pub elements: Elements,
    /// How sure triage must be, how much is accepted, how often somebody is reminded.
    pub thresholds: Thresholds,
    /// When the company works.
    pub calendar: Calendar,
    /// What is written to people.
    pub texts: Texts,
    /// How triage recognises topics and safety information.
    pub rules: Rules,
    /// How triage recognises numbers and codes.
    pub identifiers: Identifiers,
}

impl Policy {
    /// Reads the policy of a folder. All mistakes of all files are reported at once.
    pub fn load(folder: &Path) -> Result<Self, PolicyErrors> {
        let problems = Problems::default();
        match files::read_folder(folder, &problems) {
            Some(files) => Self::read(&folder.display().to_string(), files, problems),
            None => problems.into_result(None),
        }
    }

    /// The policy that a new deployment starts from. A test holds that it has no mistakes.
    pub fn shipped() -> Result<Self, PolicyErrors> {
        Self::read("infra/policy", files::shipped(), Problems::default())
    }

    /// Reads the policy of files that are in memory already; their paths name them in messages.
    pub fn from_files(files: Vec<PolicyFile>) -> Result<Self, PolicyErrors> {
        Self::read("", files, Problems::default())
    }

    /// The product of that id.
    pub fn product(&self, id: &ProductId) -> Option<&Product> {
        self.products.get(id)
    }

    /// The desk of that id.
    pub fn desk(&self, id: &DeskId) -> Option<&Desk> {
        self.desks.get(id)
    }

    /// The desk that answers a topic, for the products that the inquiry names. What has no desk of its
    /// own goes to the review desk.
    pub fn desk_for_topic(&self, topic: Topic, products: &[ProductId]) -> &Desk {
        self.desks.for_topic(topic, self.products.common_area(products))
    }

    /// The desk that a kind of safety-relevant information is handed over to.
    pub fn desk_for_safety(&self, kind: SafetyKind) -> &Desk {
        self.desks.for_safety(kind)
    }

    /// Until when a desk has to be done with what came to it at `start`.
    pub fn due(&self, desk: &Desk, start: Timestamp) -> Timestamp {
        match desk.target {
            Target::BusinessMinutes(minutes) => self.calendar.add_business_minutes(start, minutes),
            Target::CalendarHours(hours) => {
                start.saturating_add(SignedDuration::from_hours(hours.into())).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// A moment in words, by the company's clock: „Montag, 23. November 2026, 8:50 Uhr“,
    /// "Monday, 23 November 2026, 08:50 CET".
    pub fn moment_in_words(&self, moment: Timestamp, language: &Language) -> String {
        moments::in_words(moment, self.calendar.time_zone(), language)
    }

    fn read(root: &str, files: Vec<PolicyFile>, problems: Problems) -> Result<Self, PolicyErrors> {
        let found: BTreeSet<String> = files.iter().map(|file| file.name.clone()).collect();
        let sources: Vec<SourceFile> =
            files.into_iter().filter_map(|file| SourceFile::read(file, &problems)).collect();
        let mut reader = Reader {
            root,
            found,
            tables: sources
                .iter()
                .filter_map(|source| Some((source.name.clone(), source.parse(&problems)?)))
                .collect(),
            problems: &problems,
        };
        let policy = read_all(&mut reader);
        reader.finish();
        problems.into_result(policy)
    }
}

/// Reads every file, also after one had mistakes, and only then combines them.
fn read_all(reader: &mut Reader<'_>) -> Option<Policy> {
    let company = reader.file("company.toml", Company::read);
    let products = reader.file("products.toml", |file| Some(Products::read(file)));
    let desks = reader.file("desks.toml", |file| Desks::read(file, company.as_ref(), products.as_ref()));
    let elements = reader.file("elements.toml", |file| Some(Elements::read(file)));
    let thresholds = reader.file("thresholds.toml", Thresholds::read);
    let calendar = reader.file("calendar.toml", Calendar::read);
    let reminders = thresholds.as_ref().map(|thresholds| &thresholds.reminders);
    let german = reader.file("texts/de.toml", |file| TextSet::read(file, elements.as_ref(), reminders));
    let english = reader.file("texts/en.toml", |file| TextSet::read(file, elements.as_ref(), reminders));
    let identifiers = reader.file("identifiers.toml", |file| Some(Identifiers::read(file)));
    let rules = Rules::read(reader.folder("rules/"));
    Some(Policy {
        company: company?,
        products: products?,
        desks: desks?,
        elements: elements?,
        thresholds: thresholds?,
        calendar: calendar?,
        texts: Texts::new(german?, english?),
        rules,
        identifiers: identifiers?,
    })
}

/// The files of a policy, taken out one by one as they are read.
struct Reader<'f> {
    root: &'f str,
    /// Names of all files that exist, also of those that could not be parsed.
    found: BTreeSet<String>,
    tables: BTreeMap<String, Table<'f>>,
    problems: &'f Problems,
}

impl<'f> Reader<'f> {
    /// Reads a file that every policy has.
    fn file<T>(&mut self, name: &str, read: impl FnOnce(&mut Table<'f>) -> Option<T>) -> Option<T> {
        if !self.found.remove(name) {
            self.problems.report_whole(
                &self.path_of(name),
                "the file is missing",
                "all files of the shipped policy",
            );
        }
        let mut table = self.tables.remove(name)?;
        let value = read(&mut table);
        table.finish();
        value
    }

    /// The files whose names start so, in the order of their names. There must be one.
    fn folder(&mut self, prefix: &str) -> Vec<Table<'f>> {
        if !self.found.iter().any(|name| name.starts_with(prefix)) {
            self.problems.report_whole(&self.path_of(prefix), "no policy file stands here", "at least one");
        }
        self.found.retain(|name| !name.starts_with(prefix));
        let names: Vec<String> =
            self.tables.keys().filter(|name| name.starts_with(prefix)).cloned().collect();
        names.iter().filter_map(|name| self.tables.remove(name)).collect()
    }

    fn path_of(&self, name: &str) -> String {
        Path::new(self.root).join(name).display().to_string()
    }

    /// Reports files that no part of the policy reads: most likely a name with a typing error.
    fn finish(self) {
        for name in &self.found {
            self.problems.report_whole(
                &self.path_of(name),
                "no policy file has this name",
                "a file of the shipped policy, or one in rules/",
            );
        }
    }
}
