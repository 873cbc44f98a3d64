//! The phrases by which lines are recognised: tables, found by their first letter.

use super::lines::starts_with;
use std::sync::LazyLock;

/// Phrases in lower case, sorted into drawers by their first byte: most lines match none, and that must
/// cost next to nothing.
pub(super) struct Phrases {
    drawers: Vec<Vec<&'static str>>,
}

impl Phrases {
    pub(super) fn new(phrases: &[&'static str]) -> Self {
        let mut drawers = vec![Vec::new(); 256];
        for phrase in phrases {
            if let Some(drawer) = phrase.bytes().next().and_then(|first| drawers.get_mut(usize::from(first)))
            {
                drawer.push(*phrase);
            }
        }
        Self { drawers }
    }

    /// The phrase that the text starts with, ignoring case.
    pub(super) fn starting(&self, text: &str) -> Option<&'static str> {
        let first = text.bytes().next()?.to_ascii_lowercase();
        let drawer = self.drawers.get(usize::from(first))?;
        drawer.iter().copied().find(|phrase| starts_with(text, phrase))
    }

    /// The phrase that the text is, ignoring case.
    pub(super) fn equal(&self, text: &str) -> Option<&'static str> {
        let first = text.bytes().next()?.to_ascii_lowercase();
        let drawer = self.drawers.get(usize::from(first))?;
        drawer.iter().copied().find(|phrase| phrase.len() == text.len() && starts_with(text, phrase))
    }
}

/// A line that starts so closes a letter, whatever follows on it: a name, a place, good wishes.
pub(super) static CLOSINGS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(CLOSING_PHRASES));
#[rustfmt::skip]
const CLOSING_PHRASES: &[&str] = &[
    "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß",
    "mit freundlichem gruss", "mit freundlichen gruessen", "mit freundlichem gruess",
    "mit freundlichen kollegialen", "mit besten grüßen", "mit besten grüssen", "mit bestem gruß",
    "mit herzlichen grüßen", "mit herzlichem gruß", "mit vielen grüßen", "mit lieben grüßen",
    "mit kollegialen grüßen", "mit kollegialem gruß", "mit kollegialer hochachtung",
    "mit vorzüglicher hochachtung", "mit frdl. gr", "mit freundl. gr", "m. frdl. gr", "m.f.g", "mfg",
    "mkg", "freundliche grüße", "gruß", "gruss", "grüße", "grüsse", "lg", "vg", "glg",
    "freundliche grüsse", "freundlichen gruß", "freundlicher gruß", "viele grüße", "viele grüsse",
    "vielen gruß", "beste grüße", "beste grüsse", "besten gruß", "bester gruß", "liebe grüße",
    "liebe grüsse", "lieben gruß", "schöne grüße", "schönen gruß", "herzliche grüße", "herzliche grüsse",
    "herzlichen gruß", "herzlichst", "kollegiale grüße", "sonnige grüße", "hochachtungsvoll", "i. a.",
    "i.a.", "im auftrag", "gez.", "kind regards", "kindest regards", "best regards", "warm regards",
    "warmest regards", "with best regards", "with kind regards", "with regards", "many regards",
    "regards", "best wishes", "with best wishes", "all the best", "yours sincerely", "yours faithfully",
    "yours truly", "sincerely", "respectfully",
];

/// These close a letter only where they stand alone on the line and a name follows.
pub(super) static CLOSINGS_BEFORE_NAME: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new(CLOSINGS_BEFORE_NAME_PHRASES));
#[rustfmt::skip]
const CLOSINGS_BEFORE_NAME_PHRASES: &[&str] = &[
    "bg", "hg", "danke", "vielen dank", "besten dank", "herzlichen dank", "vielen dank im voraus",
    "danke im voraus", "vielen dank vorab", "danke und gruß", "danke und viele grüße", "danke und lg",
    "danke, gruß", "best", "cheers", "thanks", "thank you", "many thanks", "thanks in advance",
    "many thanks in advance", "thank you in advance", "thanks and regards", "thanks and best regards",
    "thanks & regards", "thx", "br", "kr", "rgds", "brgds", "ciao", "bis bald", "take care", "yours",
    "ihr", "ihre", "i.a.", "i. a.", "gez.", "bw", "kind wishes", "with thanks", "mit bestem dank",
];

/// Starts of the lines that phones, apps and web mailers add.
pub(super) static DEVICE_LINES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(DEVICE_PHRASES));
#[rustfmt::skip]
const DEVICE_PHRASES: &[&str] = &[
    "gesendet von ", "gesendet mit ", "gesendet über ", "gesendet via ", "gesendet vom ",
    "verschickt mit ", "diese nachricht wurde von mein", "diese e-mail wurde von mein",
    "diese nachricht wurde mit ", "sent from my ", "sent from mail ", "sent from outlook",
    "sent from yahoo", "sent from proton", "sent from samsung", "sent from a mobile", "sent from mobile",
    "sent via ", "sent with ", "sent using ", "get outlook for ", "outlook für ios",
    "outlook für android", "outlook for ios", "outlook for android", "holen sie sich outlook",
    "laden sie outlook", "von samsung", "von yahoo mail", "von outlook ", "von mail für windows",
];

/// What a device's line must also say, so that „Gesendet von der Hausärztin …“ stays a sentence.
#[rustfmt::skip]
pub(super) const DEVICE_WORDS: &[&str] = &[
    "iphone", "ipad", "ipod", "android", "samsung", "galaxy", "huawei", "pixel", "smartphone", "handy",
    "mobile", "mobil", "blackberry", "outlook", "windows", "yahoo", "proton", "gmx", "web.de", "mail app",
    "mail-app", "app", "telekom", "t-online", "gerät", "device", "phone", "tablet", "ios", "posteo",
    "freenet", "thunderbird", "apple",
];

/// Starts of a text below the signature.
pub(super) static POSTSCRIPTS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(&["ps:", "p.s.:", "ps.", "p.s.", "ps ", "p.s ", "nachtrag:", "nb:", "n.b."])
});

/// Starts of a letter.
pub(super) static GREETINGS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(&[
        "guten ",
        "hallo",
        "sehr geehrte",
        "liebe",
        "moin",
        "dear ",
        "hello",
        "hi ",
        "hi,",
        "good ",
    ])
});

/// Labels of a signature's lines.
pub(super) static CONTACT_LABELS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(CONTACT_LABEL_WORDS));
#[rustfmt::skip]
const CONTACT_LABEL_WORDS: &[&str] = &[
    "tel", "telefon", "fon", "fax", "telefax", "mobil", "handy", "mail", "e-mail", "email", "web", "www",
    "internet", "phone", "mobile", "cell", "t", "f", "m", "e", "p", "ph", "direct", "website", "homepage",
    "url", "durchwahl", "zentrale", "sprechzeiten", "lanr", "bsnr", "kim", "http", "https",
];

/// How an attribution may begin.
pub(super) static OPENERS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(OPENER_WORDS));
#[rustfmt::skip]
const OPENER_WORDS: &[&str] = &[
    "am ", "on ", "at ", "le ", "el ", "il ", "op ", "den ", "em ", "w dniu ", "dne ", "mon, ", "tue, ",
    "wed, ", "thu, ", "fri, ", "sat, ", "sun, ",
];

/// The verb of an attribution.
#[rustfmt::skip]
pub(super) const VERBS: &[&str] = &[
    "schrieb", "geschrieben", "wrote", "writes", "a écrit", "escribió", "ha scritto", "schreef", "skrev",
    "escreveu", "napisał", "napsal", "écrivait",
];

/// Words between dashes above an earlier message, forwarded or not: „-----Ursprüngliche Nachricht-----“.
pub(super) static EARLIER_SEPARATORS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(EARLIER_WORDS));
#[rustfmt::skip]
const EARLIER_WORDS: &[&str] = &[
    "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "original nachricht",
    "original message", "original appointment", "ursprünglicher termin", "message d'origine",
    "message original", "mensaje original", "messaggio originale", "oorspronkelijk bericht",
    "ursprungligt meddelande", "oprindelig meddelelse", "reply message", "antwort",
];

/// Words above a forwarded message, between dashes.
pub(super) static FORWARD_SEPARATORS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(FORWARD_WORDS));
#[rustfmt::skip]
const FORWARD_WORDS: &[&str] = &[
    "weitergeleitete nachricht", "weitergeleitete mail", "weitergeleitete e-mail", "weitergeleitet von",
    "forwarded message", "forwarded by", "forwarded mail", "forwarded email", "begin forwarded message",
    "beginn der weitergeleiteten nachricht", "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail", "message transféré", "doorgestuurd bericht",
    "messaggio inoltrato", "mensaje reenviado",
];

/// Words above a forwarded message, alone on a line without dashes, as Apple Mail writes them.
pub(super) static FORWARD_LINES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(FORWARD_LINE_WORDS));
#[rustfmt::skip]
const FORWARD_LINE_WORDS: &[&str] = &[
    "anfang der weitergeleiteten nachricht:", "anfang der weitergeleiteten e-mail:",
    "beginn der weitergeleiteten nachricht:", "weitergeleitete nachricht:", "begin forwarded message:",
    "forwarded message:", "début du message réexpédié :", "inizio messaggio inoltrato:",
    "inicio del mensaje reenviado:",
];
