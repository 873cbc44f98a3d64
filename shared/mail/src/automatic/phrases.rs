//! The words of automatic messages, German and English. All lists are in lower case.

use crate::{
    separate::{Part, PartKind, Separated},
    wording::{LazyWording, Wording},
};

/// Local parts of programs' addresses.
#[rustfmt::skip]
const ROBOTS: &[&str] = &[
    "mailer-daemon", "postmaster", "no-reply", "noreply", "no_reply", "do-not-reply", "donotreply",
    "do_not_reply", "nicht-antworten", "keine-antwort", "keineantwort", "bounce", "bounces",
    "autoresponder", "mail-daemon",
];

/// True for an address of which the local part names a program.
pub(super) fn is_robot(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    ROBOTS.iter().any(|robot| {
        local
            .strip_prefix(robot)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', '-', '.', '_', '=']))
    })
}

/// How subjects of absence notes begin.
#[rustfmt::skip]
const ABSENCE_SUBJECTS: &[&str] = &[
    "automatische antwort", "automatic reply", "abwesenheit", "abwesend", "out of office",
    "out of the office", "out-of-office", "ooo:", "autoreply", "auto-reply", "auto reply",
    "automatische abwesenheit", "ich bin im urlaub", "ich bin abwesend", "im urlaub", "urlaub:",
    "urlaubsabwesenheit", "urlaubsnotiz", "on vacation", "on leave", "vacation:", "away from", "i am out",
    "i'm out of", "currently away", "nicht im büro", "nicht im hause", "autom. antwort",
    "réponse automatique", "risposta automatica", "respuesta automática", "automatisch antwoord",
    "autosvar", "automatische e-mail-antwort", "automatische rückantwort", "absence:",
    "abwesenheitsnotiz",
];

/// True where a subject is an absence note's, behind prefixes such as „AW:“.
pub(super) fn is_absence_subject(subject: &str) -> bool {
    let subject = crate::threading::strip_prefixes(subject).to_lowercase();
    ABSENCE_SUBJECTS.iter().any(|start| subject.starts_with(start))
}

/// Sentences in which somebody says that he is away.
static ABSENCE_PHRASES: LazyWording = LazyWording::new(|| {
    #[rustfmt::skip]
    let phrases = &[
        "bin ich nicht im büro", "ich bin nicht im büro", "derzeit nicht im büro",
        "zur zeit nicht im büro", "ich bin nicht im haus", "bin ich außer haus", "ich bin außer haus",
        "derzeit außer haus", "zurzeit außer haus", "ich bin derzeit nicht erreichbar",
        "bin ich nicht erreichbar", "ich bin zurzeit nicht erreichbar", "ich bin bis einschließlich",
        "ich befinde mich im urlaub", "ich befinde mich bis", "ich bin im urlaub", "bin ich im urlaub",
        "bin ich abwesend", "ich bin abwesend", "praxis ist geschlossen", "praxis bleibt geschlossen",
        "wir haben urlaub", "praxisurlaub", "in mutterschutz", "in elternzeit", "wieder im büro",
        "wieder für sie da", "ab dem wieder erreichbar", "nach meiner rückkehr",
        "während meiner abwesenheit", "in meiner abwesenheit", "meine e-mails werden nicht",
        "e-mails werden nicht weitergeleitet", "ihre e-mail wird nicht weitergeleitet",
        "ihre nachricht wird nicht weitergeleitet", "i am out of the office", "i'm out of the office",
        "i am currently out of", "i'm currently out of", "i am away", "i'm away", "i will be away",
        "i will be out of", "i am on annual leave", "i'm on annual leave", "i am on leave",
        "on annual leave until", "on maternity leave", "maternity leave", "on parental leave",
        "i am on vacation", "currently on vacation", "limited access to my email",
        "limited access to email", "limited access to e-mail", "on my return", "upon my return",
        "when i return", "in my absence", "during my absence", "back in the office", "away from my desk",
        "out of office until", "not be forwarded", "surgery is closed", "practice is closed",
    ];
    Wording::new(phrases)
});

/// What absence notes say besides: whom to write to instead, and that nobody reads on.
static ABSENCE_COMPANIONS: LazyWording = LazyWording::new(|| {
    #[rustfmt::skip]
    let phrases = &[
        "in dringenden fällen", "in dringenden angelegenheiten", "bei dringenden", "wenden sie sich",
        "vertretung", "vertritt mich", "nicht weitergeleitet", "nicht gelesen", "nach meiner rückkehr",
        "wieder im büro", "automatisch", "wieder für sie da", "wieder erreichbar", "for urgent",
        "in urgent cases", "if urgent", "if your matter is urgent", "if it is urgent", "please contact",
        "not be forwarded", "not monitored", "on my return", "upon my return", "when i return",
        "will respond", "will reply", "automatic", "automated", "my caseload",
    ];
    Wording::new(phrases)
});

/// The start of what the sender wrote himself, on one line: automatic messages say at once what they are.
/// Our own receipt, quoted below an answer, says so too, and does not count.
pub(super) struct Opening(String);

impl Opening {
    /// From a text and its parts.
    pub(super) fn of(text: &str, separated: &Separated) -> Self {
        const READ_BYTES: usize = 1500;
        let mut line = String::with_capacity(READ_BYTES);
        let own = separated.parts.iter().filter(|part| part.kind != PartKind::Quoted);
        for word in own.filter_map(|part| text.get(part.range.clone())).flat_map(str::split_whitespace) {
            if line.len() + word.len() > READ_BYTES {
                break;
            }
            line.push_str(word);
            line.push(' ');
        }
        Self(line)
    }

    /// From all of a text, quotes included.
    pub(super) fn of_all(text: &str) -> Self {
        let whole = Part { kind: PartKind::New, range: 0..text.len() };
        Self::of(text, &Separated { parts: vec![whole], forwarded: None })
    }
}

/// True where the text is an absence note by itself: somebody is away, something else goes with it, and
/// nothing is asked. „Ab morgen bin ich im Urlaub, ist bis dahin …?“ is an inquiry.
pub(super) fn is_absence_text(opening: &Opening) -> bool {
    !opening.0.contains('?') && ABSENCE_PHRASES.is_in(&opening.0) && ABSENCE_COMPANIONS.is_in(&opening.0)
}

/// True where an absence is mentioned at all: enough where a header says that a program answered.
pub(super) fn mentions_absence(subject: &str, opening: &Opening) -> bool {
    is_absence_subject(subject) || ABSENCE_PHRASES.is_in(&opening.0)
}

/// Phrases of other automatic messages: receipts of ticket systems, challenge-response, notifications.
static AUTOMATIC_PHRASES: LazyWording = LazyWording::new(|| {
    #[rustfmt::skip]
    let phrases = &[
        "diese e-mail wurde automatisch", "diese nachricht wurde automatisch",
        "dies ist eine automatisch", "dies ist eine automatische", "automatisch generierte",
        "automatisch erstellte", "automatisch erzeugte", "bitte antworten sie nicht auf diese",
        "bitte antworten sie nicht auf diese e-mail", "this is an automated", "this is an automatic",
        "this is an automatically", "this message was automatically", "this e-mail was automatically",
        "this email was automatically", "automatically generated message",
        "automatically generated email", "please do not reply to this", "do not reply to this email",
        "do not reply to this message", "this mailbox is not monitored",
    ];
    Wording::new(phrases)
});

/// True where the text says that it was made automatically.
pub(super) fn is_automatic_text(opening: &Opening) -> bool {
    AUTOMATIC_PHRASES.is_in(&opening.0)
}

/// Subjects of what web forms relay.
static FORM_SUBJECTS: LazyWording = LazyWording::new(|| {
    #[rustfmt::skip]
    let phrases = &[
        "kontaktformular", "kontaktanfrage", "webformular", "web-formular", "formularanfrage",
        "online-formular", "onlineformular", "nachricht über die website", "anfrage über die website",
        "anfrage von der website", "nachricht von ihrer website", "contact form", "contact-form",
        "web form", "webform", "website enquiry", "website inquiry", "form submission", "new submission",
        "new message from your website",
    ];
    Wording::new(phrases)
});

/// True for a subject of a relayed form.
pub(super) fn is_form_subject(subject: &str) -> bool {
    FORM_SUBJECTS.is_in(subject)
}

/// Labels of forms' fields.
#[rustfmt::skip]
const FORM_LABELS: &[&str] = &[
    "name", "vorname", "nachname", "ihr name", "e-mail", "email", "e-mail-adresse", "ihre e-mail",
    "ihre e-mail-adresse", "telefon", "telefonnummer", "nachricht", "ihre nachricht", "anliegen",
    "ihr anliegen", "frage", "ihre frage", "betreff", "institution", "einrichtung", "praxis", "apotheke",
    "fachrichtung", "beruf", "produkt", "first name", "last name", "full name", "your name", "your email",
    "email address", "phone", "message", "your message", "question", "your question", "inquiry",
    "enquiry", "profession", "organisation", "organization", "product", "comments", "subject",
];

/// How many different labels of a form stand at the start of a line, before a colon or alone.
pub(super) fn form_fields(text: &str) -> usize {
    const LINES: usize = 60;
    let labels = text.lines().take(LINES).filter_map(|line| {
        let label = line.split(':').next().unwrap_or_default().trim().trim_matches(['*', '-']).to_lowercase();
        FORM_LABELS.iter().position(|known| *known == label)
    });
    let mut seen: Vec<usize> = labels.collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

/// Subjects of bounces, behind prefixes.
static BOUNCE_SUBJECTS: LazyWording = LazyWording::new(|| {
    #[rustfmt::skip]
    let phrases = &[
        "undelivered mail returned", "undeliverable", "unzustellbar", "nicht zustellbar",
        "mail delivery failed", "mail delivery failure", "mail delivery system",
        "delivery status notification (failure)", "delivery failure", "delivery has failed",
        "delivery failed", "failure notice", "returned mail", "mail system error",
        "message not delivered", "message undeliverable", "your message couldn't be delivered",
        "could not be delivered", "mail could not be delivered", "nachricht konnte nicht zugestellt",
        "e-mail konnte nicht zugestellt", "ihre nachricht konnte nicht", "zustellung fehlgeschlagen",
        "zustellfehler", "unzustellbare nachricht", "fehler bei der zustellung",
        "benachrichtigung zum übermittlungsstatus (fehlgeschlagen)", "undelivered:",
        "nondeliverable mail",
    ];
    Wording::new(phrases)
});
/// Subjects of notices that delivery still goes on.
static DELAY_SUBJECTS: LazyWording = LazyWording::new(|| {
    #[rustfmt::skip]
    let phrases = &[
        "delivery status notification (delay)", "warning: could not send message", "warning: message",
        "delayed mail", "delivery delayed", "message delayed", "mail delivery delayed",
        "zustellung verzögert", "zustellverzögerung", "verzögerte zustellung", "übermittlung verzögert",
        "benachrichtigung zum übermittlungsstatus (verzögerung)", "expired:",
    ];
    Wording::new(phrases)
});

/// What a subject says about a delivery.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DeliverySubject {
    Failed,
    Delayed,
}

pub(super) fn delivery_subject(subject: &str) -> Option<DeliverySubject> {
    if DELAY_SUBJECTS.is_in(subject) {
        return Some(DeliverySubject::Delayed);
    }
    BOUNCE_SUBJECTS.is_in(subject).then_some(DeliverySubject::Failed)
}

/// How bounces without a structure introduce themselves.
static BOUNCE_PHRASES: LazyWording = LazyWording::new(|| {
    #[rustfmt::skip]
    let phrases = &[
        "this message was created automatically by mail delivery software",
        "this is the mail system at host", "hi. this is the qmail-send program",
        "a message that you sent could not be delivered", "permanent fatal errors",
        "could not be delivered to", "delivery to the following recipient", "address rejected",
        "user unknown", "address not found", "recipient's mailbox", "mailbox is full",
        "mailbox unavailable", "konnte nicht zugestellt werden", "empfänger unbekannt", "permanent error",
        "delivery has failed to these recipients", "your message wasn't delivered",
        "bei der zustellung der folgenden nachricht", "ihre nachricht konnte nicht",
    ];
    Wording::new(phrases)
});

/// True where the text is a bounce's.
pub(super) fn is_bounce_text(whole: &Opening) -> bool {
    BOUNCE_PHRASES.is_in(&whole.0)
}

/// How servers say that they go on trying.
static DELAY_PHRASES: LazyWording = LazyWording::new(|| {
    #[rustfmt::skip]
    let phrases = &[
        "you do not need to resend", "will continue to try", "no action is required", "will keep trying",
        "has not yet been delivered", "delivery will be reattempted", "wird weiter versucht",
        "sie brauchen nichts zu unternehmen",
    ];
    Wording::new(phrases)
});

/// True where the text says that the server goes on trying.
pub(super) fn is_delay_text(whole: &Opening) -> bool {
    DELAY_PHRASES.is_in(&whole.0)
}
