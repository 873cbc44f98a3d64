//! By which name a contact is greeted.

/// More is no name.
const MOST_CHARACTERS: usize = 80;

/// The name as it is spoken, where it is one: „Petersen, Imke“ becomes „Imke Petersen“. Whatever else a
/// sender calls himself (a web address, an advertisement) is not repeated: our mail would carry it to
/// whomever he gave as his address.
pub(crate) fn speakable_name(name: &str) -> Option<String> {
    let name = name.trim().trim_matches(['"', '\'']);
    let spoken = match name.split_once(',') {
        Some((family, given)) => format!("{} {}", given.trim(), family.trim()),
        None => name.to_owned(),
    };
    let is_of_a_name =
        |letter: char| letter.is_alphabetic() || matches!(letter, ' ' | '.' | '-' | '\'' | '’');
    let is_title = |word: &str| word.ends_with('.');
    // A dot ends a title; within a word it is one of a web address.
    let has_address = spoken.split_whitespace().any(|word| word.trim_end_matches('.').contains('.'));
    let fits = spoken.chars().count() <= MOST_CHARACTERS
        && spoken.chars().all(is_of_a_name)
        && spoken.split_whitespace().any(|word| !is_title(word))
        && !has_address;
    fits.then_some(spoken)
}

#[cfg(test)]
mod tests {
    use super::speakable_name;

    #[test]
    fn people_are_greeted_by_their_names() {
        for (given, spoken) in [
            ("Dr. Imke Petersen", "Dr. Imke Petersen"),
            ("Petersen, Imke", "Imke Petersen"),
            ("\"O’Brien, Siobhán\"", "Siobhán O’Brien"),
            ("Prof. Dr. med. Ayşe Yılmaz-Krüger", "Prof. Dr. med. Ayşe Yılmaz-Krüger"),
        ] {
            assert_eq!(speakable_name(given).as_deref(), Some(spoken));
        }
    }

    #[test]
    fn what_is_no_name_is_not_repeated() {
        let long = "Anna ".repeat(40);
        for given in [
            "www.gewinn.example",
            "Win now at prize.example.",
            "anna@klinik.example",
            "50 % off!",
            "Dr.",
            "a, b, c",
            "<b>Anna</b>",
            "",
            &long,
        ] {
            assert_eq!(speakable_name(given), None, "{given}");
        }
    }
}
