//! In which language somebody writes, told by the small words that every sentence has.

use crate::words::{Region, Words};
use lotse_domain::Language;
use rustc_hash::FxHashMap;
use std::collections::HashMap;

/// Small words by language; none of them is a common word of another language of the list where the two
/// are often mixed. Folded as [`normalise`](crate::normalise) does.
const SMALL_WORDS: [(&str, &str); 12] = [
    (
        "de",
        "der das und ist nicht ein eine einen einem einer ich wir sie ihr ihre ihren ihnen mit von zu \
         zum zur auf fuer fur bei bitte haben hat wird werden wurde kann koennen konnen den dem des \
         im aus nach noch auch wie wo wann welche welcher als oder aber dass uns unsere unser unserer \
         mein meine mir mich danke gruesse gruss hallo guten sehr geehrte damen herren seit vom ueber \
         sind sein keine kein heute gestern morgen gibt muss soll darf moechte unter zwei drei schon \
         bis durch wenn warum frage dieser diese dieses sich es er vor ohne gegen um",
    ),
    (
        "en",
        "the and is are of to we you your our i my with for on have has had been this that it can \
         could would please not be at from what when where which how do does did any there an or but \
         if as by thanks thank regards dear hello hi she he her his they them us me still after \
         before about should will yesterday today a was were no than then who just know kind best",
    ),
    (
        "fr",
        "le la les des et est une nous vous je avec pour dans que qui votre notre bonjour merci \
         madame monsieur pas sur au du ce cette avons avez cordialement mon ma ne quelle quel \
         commande depuis",
    ),
    (
        "es",
        "el los las y es una un que con por para del nuestro nuestra buenos dias hola gracias saludos \
         estimados como tenemos usted su en al esta pedido paciente si se lo muy",
    ),
    (
        "it",
        "il lo gli e di che un una con per del della nostro nostra buongiorno grazie saluti cordiali \
         gentili sono abbiamo vorrei come si non alla ordine paziente nel ci",
    ),
    (
        "nl",
        "het een van wij ik niet met voor onze uw graag bedankt geachte groeten vriendelijke heeft \
         hebben zijn naar ook wordt deze bij op dat kunt u en",
    ),
    (
        "pl",
        "w nie jest na sie z do prosze dziekuje dzien dobry czy dla oraz pacjent panstwo pozdrawiam \
         mamy jak od o",
    ),
    (
        "pt",
        "o os as e uma um com para nosso nossa bom dia obrigado obrigada nao que por da dos \
         cumprimentos temos encomenda",
    ),
    (
        "sv",
        "och att det som inte vi jag har med till pa tack hej ni kan vaenliga haelsningar aer foer om \
         ett av",
    ),
    (
        "da",
        "og det ikke vi jeg har med til tak hej kan venlig hilsen er af vores som paa pa et hvor \
         hvornar",
    ),
    (
        "cs",
        "je se na ze pro jsme prosim dekuji dobry den mate nam objednavka pacient pozdravem jak kde \
         nas",
    ),
    (
        "tr",
        "ve bir bu icin ile merhaba tesekkurler saygilarimla nasil siparis hasta olarak sayin mi var \
         ne",
    ),
];

/// Counts for each language of [`SMALL_WORDS`].
type Counts = [u32; SMALL_WORDS.len()];

/// The places of German and English in the table.
const GERMAN: usize = 0;
const ENGLISH: usize = 1;

/// Another language must show more small words than German and English together, and at least so many.
const LEAST_FOREIGN_WORDS: u32 = 4;

/// The small words, ready to be looked up.
#[derive(Debug)]
pub(crate) struct Languages {
    /// For each word one bit per language.
    words: FxHashMap<&'static str, u16>,
}

impl Default for Languages {
    fn default() -> Self {
        let mut words: FxHashMap<&'static str, u16> = FxHashMap::default();
        for (index, (_, small_words)) in SMALL_WORDS.iter().enumerate() {
            for word in small_words.split(' ') {
                *words.entry(word).or_default() |= 1 << index;
            }
        }
        Self { words }
    }
}

impl Languages {
    /// Notes each sentence's language where it is plainly German or English, and answers the message's.
    /// `hint` decides where the text does not: a mail of numbers has no language of its own.
    pub(crate) fn recognise(&self, words: &mut Words, hint: Option<&Language>) -> Language {
        let mut total: Counts = [0; SMALL_WORDS.len()];
        let mut scripts: HashMap<&'static str, u32> = HashMap::new();
        let mut of_sentences = Vec::with_capacity(words.sentences().len());
        for sentence in words.sentences() {
            let mut counts: Counts = [0; SMALL_WORDS.len()];
            for word in sentence.first..sentence.end {
                let letters = words.letters(word);
                if let Some(&bits) = self.words.get(letters) {
                    for (language, count) in counts.iter_mut().enumerate() {
                        *count += u32::from(bits >> language & 1);
                    }
                } else if let Some(tag) = letters.chars().next().and_then(language_of_script) {
                    *scripts.entry(tag).or_default() += 1;
                }
            }
            of_sentences.push(plain_language(counts));
            // A signature in the other language („Facharzt“ below an English mail) must not decide.
            if sentence.region != Region::Signature {
                total.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
        }
        for (sentence, language) in words.sentences_mut().iter_mut().zip(of_sentences) {
            sentence.language = language;
        }
        let foreign_script = scripts.into_iter().max_by_key(|&(tag, count)| (count, tag));
        decide(total, foreign_script, words.len(), hint)
    }
}

/// German or English where only one of the two shows.
fn plain_language(counts: Counts) -> Option<Language> {
    match (counts[GERMAN], counts[ENGLISH]) {
        (2.., 0) => Some(Language::German),
        (0, 2..) => Some(Language::English),
        _ => None,
    }
}

fn decide(
    total: Counts,
    foreign_script: Option<(&'static str, u32)>,
    words: usize,
    hint: Option<&Language>,
) -> Language {
    if let Some((tag, count)) = foreign_script
        && count as usize * 2 > words
    {
        return Language::Other(tag.to_owned());
    }
    let own = total[GERMAN] + total[ENGLISH];
    let foreign =
        (ENGLISH + 1..SMALL_WORDS.len()).max_by_key(|&index| (total[index], SMALL_WORDS.len() - index));
    if let Some(index) = foreign
        && total[index] >= LEAST_FOREIGN_WORDS
        && total[index] > own
    {
        return Language::Other(SMALL_WORDS[index].0.to_owned());
    }
    match (total[GERMAN], total[ENGLISH]) {
        (german, english) if german > english => Language::German,
        (german, english) if english > german => Language::English,
        _ => hint.cloned().unwrap_or(Language::German),
    }
}

/// The language of a script that hardly any other uses, or that stands for all that use it.
fn language_of_script(letter: char) -> Option<&'static str> {
    match letter {
        'а'..='я' | 'ё' => Some("ru"),
        'і' | 'ї' | 'є' | 'ґ' => Some("uk"),
        'α'..='ω' => Some("el"),
        '\u{590}'..='\u{5ff}' => Some("he"),
        '\u{600}'..='\u{6ff}' => Some("ar"),
        '\u{3040}'..='\u{30ff}' => Some("ja"),
        '\u{4e00}'..='\u{9fff}' => Some("zh"),
        '\u{ac00}'..='\u{d7af}' => Some("ko"),
        '\u{e00}'..='\u{e7f}' => Some("th"),
        '\u{900}'..='\u{97f}' => Some("hi"),
        _ => None,
    }
}
