//! Texts of the error pages.

use crate::{Problem, language::texts};

texts! {
    /// Texts of the error pages: a title and an advice for each problem.
    ProblemTexts {
        status: "Fehler", "Error";
        unreadable: "Das konnten wir nicht lesen", "We could not read that";
        unreadable_advice: "Was gesendet wurde, hat nicht die erwartete Form. Bitte öffnen Sie das Formular neu und senden Sie es noch einmal.", "What was sent does not have the expected form. Please open the form again and resend it.";
        forbidden: "Dafür fehlt Ihnen die Berechtigung", "You do not have access to this";
        forbidden_advice: "Ihr Zugang umfasst diese Seite nicht. Bitte wenden Sie sich an Ihre Verwaltung, wenn Sie sie brauchen.", "Your account does not include this page. Please ask your administrator if you need it.";
        form_expired: "Das Formular ist abgelaufen", "The form has expired";
        form_expired_advice: "Die Seite war zu lange geöffnet, oder Sie haben sich inzwischen neu angemeldet. Bitte gehen Sie zurück, laden Sie die Seite neu und senden Sie noch einmal.", "The page was open for too long, or you have signed in again meanwhile. Please go back, reload the page and send again.";
        not_found: "Diese Seite gibt es nicht", "This page does not exist";
        not_found_advice: "Bitte prüfen Sie die Adresse, oder beginnen Sie auf der Startseite.", "Please check the address, or begin at the start page.";
        link_invalid: "Dieser Link ist nicht gültig", "This link is not valid";
        link_invalid_advice: "Vielleicht ist er in Ihrem E-Mail-Programm abgeschnitten worden. Bitte kopieren Sie den ganzen Link aus unserer E-Mail, oder antworten Sie einfach auf diese E-Mail.", "Your mail program may have cut it off. Please copy the whole link from our email, or simply reply to that email.";
        method: "So lässt sich diese Seite nicht aufrufen", "This page cannot be used that way";
        method_advice: "Bitte beginnen Sie auf der Startseite.", "Please begin at the start page.";
        too_slow: "Das hat zu lange gedauert", "That took too long";
        too_slow_advice: "Die Übertragung wurde abgebrochen. Vielleicht ist die Verbindung gerade langsam. Bitte gehen Sie zurück und versuchen Sie es noch einmal; doppelt kommt dabei nichts an.", "The transfer was given up. The connection may be slow at the moment. Please go back and try again; nothing will arrive twice.";
        case_full: "Dieser Vorgang ist voll", "This inquiry is full";
        case_full_advice: "Zu diesem Vorgang können keine weiteren Nachrichten hinzukommen. Bitte senden Sie eine neue Anfrage und nennen Sie darin die Vorgangsnummer.", "No further messages can be added to this inquiry. Please send a new one and give the reference of this one.";
        too_large: "Das ist zu groß", "That is too large";
        too_large_advice: "Ihre Nachricht wurde nicht angenommen. Bitte kürzen Sie sie, oder senden Sie sie in mehreren Teilen.", "Your message was not accepted. Please shorten it, or send it in several parts.";
        too_many: "Zu viele Anfragen in kurzer Zeit", "Too many requests in a short time";
        too_many_advice: "Bitte warten Sie eine Minute und versuchen Sie es dann noch einmal. Was schon bestätigt wurde, ist bei uns angekommen.", "Please wait a minute, then try again. Whatever has been confirmed has reached us.";
        internal: "Bei uns ist etwas schiefgegangen", "Something went wrong on our side";
        internal_advice: "Bitte versuchen Sie es in einigen Minuten noch einmal. Wenn Sie keine Bestätigung sehen, ist Ihre Anfrage nicht angekommen: Schreiben Sie uns dann bitte eine E-Mail.", "Please try again in a few minutes. If you do not see a confirmation, your inquiry has not reached us: please write an email instead.";
        unavailable: "Im Augenblick nicht erreichbar", "Not available at the moment";
        unavailable_advice: "Bitte versuchen Sie es in einigen Minuten noch einmal.", "Please try again in a few minutes.";
    }
}

impl ProblemTexts {
    /// What was wrong, in a few words.
    pub(crate) fn title(&self, problem: Problem) -> &'static str {
        self.both(problem).0
    }

    /// What happened and what to do.
    pub(crate) fn advice(&self, problem: Problem) -> &'static str {
        self.both(problem).1
    }

    fn both(&self, problem: Problem) -> (&'static str, &'static str) {
        match problem {
            Problem::Unreadable => (self.unreadable, self.unreadable_advice),
            Problem::Forbidden => (self.forbidden, self.forbidden_advice),
            Problem::FormExpired => (self.form_expired, self.form_expired_advice),
            Problem::NotFound => (self.not_found, self.not_found_advice),
            Problem::LinkInvalid => (self.link_invalid, self.link_invalid_advice),
            Problem::MethodNotAllowed => (self.method, self.method_advice),
            Problem::TooSlow => (self.too_slow, self.too_slow_advice),
            Problem::CaseFull => (self.case_full, self.case_full_advice),
            Problem::TooLarge { .. } => (self.too_large, self.too_large_advice),
            Problem::TooMany => (self.too_many, self.too_many_advice),
            Problem::Internal => (self.internal, self.internal_advice),
            Problem::Unavailable => (self.unavailable, self.unavailable_advice),
        }
    }
}
