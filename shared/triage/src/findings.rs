//! Everything that stands in a message, before anything is decided about it.

use crate::{
    Known,
    dates::{self, NamedDay},
    form, gaps,
    identifiers::{self, IdentifierReader, Surroundings},
    language::Languages,
    marks::{Cues, Marks},
    phrases::Phrases,
    products::{self, ProductNames},
    reading::Reading,
    requester,
    rules::{CompiledRules, Holding, Message},
    words::Words,
};
use lotse_domain::{IdentifierFinding, Inquiry, Language, ProductFinding};
use lotse_policy::{Detail, Meaning};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The compiled policy, as far as reading a message needs it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Finder {
    #[serde(skip)]
    pub(crate) languages: Languages,
    pub(crate) products: ProductNames,
    pub(crate) phrases: Phrases,
    pub(crate) cues: Cues,
    pub(crate) rules: CompiledRules,
    pub(crate) identifiers: IdentifierReader,
}

/// What was found.
pub(crate) struct Findings<'f> {
    pub(crate) language: Language,
    pub(crate) marks: Marks,
    pub(crate) days: Vec<NamedDay>,
    pub(crate) products: Vec<ProductFinding>,
    pub(crate) identifiers: Vec<IdentifierFinding>,
    /// The rules that hold.
    pub(crate) holding: Vec<Holding<'f>>,
    /// What a desk needs to know, as far as the message, the thread and the contact's record tell it.
    pub(crate) details: BTreeSet<Detail>,
}

impl Finder {
    /// Reads the message.
    pub(crate) fn find(&self, inquiry: &Inquiry, known: &Known, reading: &mut Reading<'_>) -> Findings<'_> {
        let language = self.languages.recognise(&mut reading.words, inquiry.language.as_ref());
        let words = &reading.words;
        let scan = self.phrases.scan(words);
        let named = self.products.find(words);
        let days = dates::find(words, |word, end| reading.text_after(word, end));
        let number_words = self.phrases.find_early(words, &scan);
        let is_own_pzn = |pzn: &str| self.products.of_pzn(pzn).is_some();
        let around = Surroundings { words, hits: &number_words, days: &days, is_own_pzn: &is_own_pzn };
        let identifiers = self.identifiers.read(&reading.stretches(), &around);
        let places = products::places(&named)
            .chain(days.iter().map(|day| day.place()))
            .chain(identifiers::places(words, &identifiers));
        let hits = self.phrases.find(words, scan, places);
        let marks = self.cues.mark(words, &hits);
        let mut findings = Findings {
            language,
            days,
            products: products::findings(words, &named),
            identifiers,
            holding: Vec::new(),
            details: requester::details(&inquiry.contact, words, &marks),
            marks,
        };
        self.add_products_of_packs(&mut findings);
        form::read(inquiry, &self.products, &self.identifiers, &mut findings);
        findings.collect_details(words, known);
        let ids = findings.products.iter().map(|found| &found.product).chain(&known.products);
        let atc: Vec<&str> = ids.filter_map(|id| self.products.atc(id)).collect();
        let texts = reading.texts();
        let message = Message {
            words,
            hits: &hits,
            marks: &findings.marks,
            texts: &texts,
            atc: &atc,
            written: reading.written(),
        };
        findings.holding = self.rules.holding(&message);
        findings
    }

    /// A pack's number names its product, too.
    fn add_products_of_packs(&self, findings: &mut Findings<'_>) {
        for found in &findings.identifiers {
            if let Some(product) = identifiers::pzn_in(found).and_then(|pzn| self.products.of_pzn(&pzn))
                && !findings.products.iter().any(|named| named.product == *product)
            {
                let (field, start, end) = (found.field, found.start, found.end);
                findings.products.push(ProductFinding { product: product.clone(), field, start, end });
            }
        }
    }
}

impl Findings<'_> {
    fn collect_details(&mut self, words: &Words, known: &Known) {
        self.details.extend(known.details.iter().copied());
        self.details.extend(gaps::details(&self.identifiers));
        if !self.products.is_empty() || !known.products.is_empty() {
            self.details.insert(Detail::Product);
        }
        if self.has_order_date(words) {
            self.details.insert(Detail::OrderDate);
        }
    }

    /// A day in one sentence with a word for ordering is the day of the order.
    fn has_order_date(&self, words: &Words) -> bool {
        let sentence_of = |word: usize| words.words().get(word).map(|word| word.sentence);
        let ordered: BTreeSet<_> =
            self.marks.places(Meaning::Ordered).filter_map(|place| sentence_of(place.first)).collect();
        self.days.iter().filter_map(|day| sentence_of(day.first)).any(|sentence| ordered.contains(&sentence))
    }
}
