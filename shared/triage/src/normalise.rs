//! Letters as rules compare them: without case, accents, ligatures and invisible characters.
//!
//! „Lieferverzögerung“, `LIEFERVERZÖGERUNG`, `Lieferverzo\u{308}gerung` and `Lieferverzoegerung` fold to
//! the same letters. What is folded goes into words that remember their place in the original
//! ([`words`](crate::words)), so that evidence always points at what was really written.

/// What a character is to the reader of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Folded {
    /// One letter or digit.
    One(char),
    /// Two letters: `ä` is `ae`.
    Two(char, char),
    /// A combining diaeresis: makes `ae` of a preceding `a`, nothing of others.
    Diaeresis,
    /// Nothing that is seen or that matters: other combining marks, soft hyphens, zero-width characters.
    Invisible,
    /// An apostrophe, straight or typographic: part of a word between two letters.
    Apostrophe,
    /// Anything between words.
    Separator,
}

/// Folds one character.
pub(crate) fn fold(letter: char) -> Folded {
    match letter {
        'a'..='z' | '0'..='9' => Folded::One(letter),
        'A'..='Z' => Folded::One(letter.to_ascii_lowercase()),
        '\'' | '`' | '´' | '‘' | '’' | 'ʼ' | '′' => Folded::Apostrophe,
        _ if letter.is_ascii() => Folded::Separator,
        _ => fold_beyond_ascii(letter),
    }
}

fn fold_beyond_ascii(letter: char) -> Folded {
    match letter {
        'ä' | 'Ä' | 'æ' | 'Æ' => Folded::Two('a', 'e'),
        'ö' | 'Ö' | 'œ' | 'Œ' => Folded::Two('o', 'e'),
        'ü' | 'Ü' => Folded::Two('u', 'e'),
        'ß' | 'ẞ' => Folded::Two('s', 's'),
        'à'..='å' | 'À'..='Å' | 'ā' | 'Ā' | 'ă' | 'Ă' | 'ą' | 'Ą' => Folded::One('a'),
        'ç' | 'Ç' | 'ć' | 'Ć' | 'č' | 'Č' => Folded::One('c'),
        'ď' | 'Ď' | 'đ' | 'Đ' | 'ð' | 'Ð' => Folded::One('d'),
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'Ē' | 'ę' | 'Ę' | 'ě' | 'Ě' => Folded::One('e'),
        'ğ' | 'Ğ' => Folded::One('g'),
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' | 'Ī' | 'ı' | 'İ' => Folded::One('i'),
        'ł' | 'Ł' | 'ľ' | 'Ľ' => Folded::One('l'),
        'ñ' | 'Ñ' | 'ń' | 'Ń' | 'ň' | 'Ň' => Folded::One('n'),
        'ò'..='õ' | 'Ò'..='Õ' | 'ø' | 'Ø' | 'ō' | 'Ō' | 'ő' | 'Ő' => Folded::One('o'),
        'ř' | 'Ř' => Folded::One('r'),
        'ś' | 'Ś' | 'š' | 'Š' | 'ş' | 'Ş' | 'ș' | 'Ș' => Folded::One('s'),
        'ť' | 'Ť' | 'ţ' | 'Ţ' | 'ț' | 'Ț' => Folded::One('t'),
        // The micro sign and the Greek letter both stand in „µg“.
        'ù'..='û' | 'Ù'..='Û' | 'ū' | 'Ū' | 'ů' | 'Ů' | 'ű' | 'Ű' | 'µ' | 'μ' => Folded::One('u'),
        'ý' | 'Ý' | 'ÿ' => Folded::One('y'),
        'ź' | 'Ź' | 'ż' | 'Ż' | 'ž' | 'Ž' => Folded::One('z'),
        '\u{308}' => Folded::Diaeresis,
        // Combining marks, soft hyphen, joiners, direction marks, variation selectors, byte order mark.
        '\u{300}'..='\u{36f}'
        | '\u{ad}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => Folded::Invisible,
        // Full-width forms, as some input methods write them.
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(letter as u32 - 0xfee0)
                .map_or(Folded::Separator, |plain| Folded::One(plain.to_ascii_lowercase()))
        }
        _ if letter.is_alphanumeric() => Folded::One(letter.to_lowercase().next().unwrap_or(letter)),
        _ => Folded::Separator,
    }
}

impl Folded {
    /// Appends the letters that it stands for.
    pub(crate) fn append_to(self, word: &mut String) {
        match self {
            Self::One(one) => word.push(one),
            Self::Two(first, second) => {
                word.push(first);
                word.push(second);
            }
            Self::Diaeresis => {
                if word.ends_with(['a', 'o', 'u']) {
                    word.push('e');
                }
            }
            Self::Invisible | Self::Apostrophe | Self::Separator => {}
        }
    }
}

/// The words of a text in folded letters; for names and words of the policy.
pub(crate) fn fold_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in text.chars() {
        let Some(word) = words.last_mut() else { break };
        match fold(letter) {
            Folded::Separator if !word.is_empty() => words.push(String::new()),
            folded => folded.append_to(word),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_alike() {
        for spelling in
            ["Verzögerung", "VERZÖGERUNG", "Verzoegerung", "Verzo\u{308}gerung", "Ver\u{ad}zö\u{200b}gerung"]
        {
            assert_eq!(fold_words(spelling), ["verzoegerung"], "{spelling:?}");
        }
        assert_eq!(fold_words("hasn’t hasn't"), ["hasnt", "hasnt"]);
        assert_eq!(fold_words("Straße, Ærø, 5 µg"), ["strasse", "aero", "5", "ug"]);
    }
}
