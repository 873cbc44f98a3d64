//! The policy's rules, compiled, and which of them hold for a message.

use crate::{
    grouped::Grouped,
    hits::{Hit, Hits},
    lexicon::{Builder, PhraseId, group_by_phrase},
    marks::{Marks, speaks_language},
    words::{Region, Words},
};
use lotse_domain::{Confidence, Evidence, Field, Language, Topic};
use lotse_policy::{Meaning, PATTERN_SIZE_LIMIT, Place, Rule, SentenceKind, SpeaksFor};
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize, Serializer};
use std::{collections::BTreeSet, sync::OnceLock};

/// So many places per rule are shown as evidence.
const EVIDENCE_PER_RULE: usize = 4;

/// One rule, compiled.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CompiledRule {
    pub(crate) id: String,
    pub(crate) speaks_for: SpeaksFor,
    pub(crate) weight: f64,
    pub(crate) question_open: bool,
    last_resort: bool,
    pub(crate) instead_of: Vec<Topic>,
    language: Option<Language>,
    phrases: Vec<PhraseId>,
    near: Vec<PhraseId>,
    also: Vec<PhraseId>,
    unless: Vec<PhraseId>,
    never_with: Vec<PhraseId>,
    pattern: Option<String>,
    only_in: Option<Place>,
    sentence: Option<SentenceKind>,
    atc: Vec<String>,
    even_if: BTreeSet<Meaning>,
    at_most_words: Option<usize>,
}

/// All rules of the policy, compiled.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<CompiledRule>")]
pub(crate) struct CompiledRules {
    rules: Vec<CompiledRule>,
    /// For each phrase the rules that hold where it is found.
    by_phrase: Grouped<usize>,
    /// The rules with a pattern, each with what it compiles to when it is first needed: most messages are
    /// decided without, and compiling one takes longer than deciding.
    with_pattern: Vec<(usize, OnceLock<Option<Regex>>)>,
}

impl From<Vec<CompiledRule>> for CompiledRules {
    fn from(rules: Vec<CompiledRule>) -> Self {
        let by_phrase = group_by_phrase(rules.iter().map(|rule| rule.phrases.as_slice()));
        let has_pattern = |(index, rule): (usize, &CompiledRule)| rule.pattern.is_some().then_some(index);
        let with_pattern = rules.iter().enumerate().filter_map(has_pattern);
        Self { by_phrase, with_pattern: with_pattern.map(|rule| (rule, OnceLock::new())).collect(), rules }
    }
}

/// A rule that holds, and where.
#[derive(Debug)]
pub(crate) struct Holding<'r> {
    pub(crate) rule: &'r CompiledRule,
    pub(crate) evidence: Vec<Evidence>,
}

/// What a rule's conditions are checked against.
pub(crate) struct Message<'m> {
    pub(crate) words: &'m Words,
    pub(crate) hits: &'m Hits,
    pub(crate) marks: &'m Marks,
    /// Subject and new text as they were written, each with where it begins in its field, for patterns.
    pub(crate) texts: &'m [(Field, usize, &'m str)],
    /// ATC codes of the products that the message names.
    pub(crate) atc: &'m [&'m str],
    /// How many words were newly written, the subject's not counted.
    pub(crate) written: usize,
}

impl Serialize for CompiledRules {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rules.serialize(serializer)
    }
}

impl CompiledRule {
    /// The policy has compiled the pattern once and refused it where it failed.
    fn compile_pattern(&self) -> Option<Regex> {
        RegexBuilder::new(self.pattern.as_deref()?)
            .size_limit(PATTERN_SIZE_LIMIT)
            .dfa_size_limit(PATTERN_SIZE_LIMIT)
            .build()
            .ok()
    }
}

impl CompiledRules {
    pub(crate) fn compile(rules: &[Rule], builder: &mut Builder<'_>) -> Self {
        let compile = |rule: &Rule| CompiledRule {
            id: rule.id.clone(),
            speaks_for: rule.speaks_for,
            weight: rule.weight,
            question_open: rule.question_open,
            last_resort: rule.last_resort,
            instead_of: rule.instead_of.clone(),
            language: rule.language.clone(),
            phrases: builder.phrases(&rule.phrases),
            near: builder.phrases(&rule.near),
            also: builder.phrases(&rule.also),
            unless: builder.phrases(&rule.unless),
            never_with: builder.phrases(&rule.never_with),
            pattern: rule.pattern.clone(),
            only_in: rule.only_in,
            sentence: rule.sentence,
            atc: rule.atc.clone(),
            even_if: rule.even_if.clone(),
            at_most_words: rule.at_most_words,
        };
        Self::from(rules.iter().map(compile).collect::<Vec<_>>())
    }

    /// The rules that hold, each with its evidence, in the order of the policy.
    pub(crate) fn holding(&self, message: &Message<'_>) -> Vec<Holding<'_>> {
        let mut places: Vec<(usize, Hit)> = message
            .hits
            .iter()
            .flat_map(|hit| self.by_phrase.get(hit.phrase.index()).iter().map(move |&rule| (rule, *hit)))
            .collect();
        places.sort_unstable_by_key(|(rule, hit)| (*rule, hit.first, hit.last));
        let mut holding: Vec<(usize, Holding<'_>)> = places
            .chunk_by(|left, right| left.0 == right.0)
            .filter_map(|places| {
                let index = places.first()?.0;
                let rule = self.rules.get(index)?;
                if !message.allows(rule) {
                    return None;
                }
                let evidence: Vec<Evidence> = places
                    .iter()
                    .filter(|(_, hit)| message.holds_at(rule, hit))
                    .take(EVIDENCE_PER_RULE)
                    .map(|(_, hit)| message.evidence(rule, hit))
                    .collect();
                (!evidence.is_empty()).then_some((index, Holding { rule, evidence }))
            })
            .collect();
        for (index, compiled) in &self.with_pattern {
            let Some(rule) = self.rules.get(*index).filter(|rule| message.allows(rule)) else { continue };
            let Some(pattern) = compiled.get_or_init(|| rule.compile_pattern()) else { continue };
            let evidence = message.pattern_evidence(rule, pattern);
            if !evidence.is_empty() {
                holding.push((*index, Holding { rule, evidence }));
            }
        }
        let speaks = |rule: &CompiledRule| {
            rule.weight > 0.0 && !rule.last_resort && !matches!(rule.speaks_for, SpeaksFor::Automatic(_))
        };
        if holding.iter().any(|(_, holding)| speaks(holding.rule)) {
            holding.retain(|(_, holding)| !holding.rule.last_resort);
        }
        holding.sort_by_key(|(index, _)| *index);
        holding.into_iter().map(|(_, holding)| holding).collect()
    }
}

impl Message<'_> {
    /// The conditions that concern the message as a whole.
    fn allows(&self, rule: &CompiledRule) -> bool {
        let anywhere = |phrases: &[PhraseId]| phrases.iter().any(|&phrase| self.hits.has(phrase));
        (rule.also.is_empty() || anywhere(&rule.also))
            && !anywhere(&rule.never_with)
            && rule.at_most_words.is_none_or(|most| self.written <= most)
            && (rule.atc.is_empty()
                || self.atc.iter().any(|code| rule.atc.iter().any(|start| code.starts_with(start.as_str()))))
    }

    /// The conditions that concern the sentence of one place.
    fn holds_at(&self, rule: &CompiledRule, hit: &Hit) -> bool {
        let Some(sentence) = self.words.sentences().get(hit.sentence) else { return false };
        let in_place = match (rule.only_in, sentence.region) {
            (_, Region::Signature) => false,
            (Some(Place::Subject), region) => region == Region::Subject,
            (Some(Place::Text), region) => region == Region::Text,
            (None, _) => true,
        };
        let asks = self.marks.of_sentence(hit.sentence).has(Meaning::Asked);
        let of_kind = match rule.sentence {
            Some(SentenceKind::Asks) => asks,
            Some(SentenceKind::Tells) => !asks,
            None => true,
        };
        let beside =
            |phrases: &[PhraseId]| phrases.iter().any(|&phrase| self.hits.has_in(phrase, hit.sentence));
        in_place
            && of_kind
            && speaks_language(rule.language.as_ref(), Some(sentence))
            && (rule.near.is_empty() || beside(&rule.near))
            && !beside(&rule.unless)
            && (!matches!(rule.speaks_for, SpeaksFor::Safety(_)) || self.is_meant(rule, hit))
    }

    /// True where the words are meant as something that happened: not negated, asked about, supposed,
    /// quoted from a document, or known from before. A sentence that plainly tells an event is meant so
    /// even if it asks, too; a sender who says that there is no case means the whole message.
    fn is_meant(&self, rule: &CompiledRule, hit: &Hit) -> bool {
        let here = self.marks.of_words(hit.first, hit.last);
        let sentence = self.marks.of_sentence(hit.sentence);
        let silences = |meaning: Meaning| !rule.even_if.contains(&meaning);
        if silences(Meaning::Negated) && here.has(Meaning::Negated) {
            return false;
        }
        let message = self.marks.of_message();
        if message.has(Meaning::Supposed) && silences(Meaning::Supposed) {
            return false;
        }
        if here.has(Meaning::Historic) && silences(Meaning::Historic) {
            return false;
        }
        if sentence.has(Meaning::Event) {
            return true;
        }
        ![Meaning::Asked, Meaning::Supposed, Meaning::Quoted]
            .into_iter()
            .any(|meaning| silences(meaning) && (here.has(meaning) || sentence.has(meaning)))
    }

    fn evidence(&self, rule: &CompiledRule, hit: &Hit) -> Evidence {
        let (field, start, end) = self.words.span(hit.first, hit.last);
        Evidence { rule: rule.id.clone(), field, start, end }
    }

    fn pattern_evidence(&self, rule: &CompiledRule, pattern: &Regex) -> Vec<Evidence> {
        let allowed = |field: Field| match rule.only_in {
            None => true,
            Some(Place::Subject) => field == Field::Subject,
            Some(Place::Text) => field == Field::Body,
        };
        let find = |(field, offset, text): &(Field, usize, &str)| {
            let found = pattern.find(text)?;
            let (start, end) = (offset + found.start(), offset + found.end());
            Some(Evidence { rule: rule.id.clone(), field: *field, start, end })
        };
        self.texts
            .iter()
            .filter(|(field, ..)| allowed(*field))
            .filter_map(find)
            .take(EVIDENCE_PER_RULE)
            .collect()
    }
}

/// Weights together: each adds a share of the doubt that is left, so that many weak ones never
/// exceed certainty; those that speak against then take their share away.
pub(crate) fn combine(weights: impl Iterator<Item = f64>) -> Confidence {
    let (mut doubt, mut remaining) = (1.0, 1.0);
    for weight in weights {
        if weight > 0.0 {
            doubt *= 1.0 - weight;
        } else {
            remaining *= 1.0 + weight;
        }
    }
    Confidence::from_share((1.0 - doubt) * remaining)
}
