//! Texts of the development mailbox and of the parked deliveries.

use crate::language::texts;

texts! {
    /// Texts of the operator's pages.
    OperatorTexts {
        mailbox_title: "Test-Postfach", "Test mailbox";
        mailbox_note: "Diese E-Mails wurden nicht verschickt.", "These emails have not been sent.";
        mailbox_why: "Es ist kein Mail-Relay eingerichtet, deshalb legt Lotse ausgehende E-Mails hier ab. Für den Versand starten Sie Lotse mit --relay smtp://HOST:PORT.", "No mail relay is configured, so Lotse keeps outgoing emails here. To send them, start Lotse with --relay smtp://HOST:PORT.";
        mailbox_empty: "Noch keine E-Mails. Senden Sie eine Anfrage, dann erscheint hier die Bestätigung.", "No emails yet. Send an inquiry, and its receipt will appear here.";
        to: "An", "To";
        subject: "Betreff", "Subject";
        kept: "Abgelegt", "Kept";
        text: "Textfassung", "Text version";
        html: "Quelltext der HTML-Fassung", "Source of the HTML version";
        headers: "Kopfzeilen", "Header fields";
        raw: "Ganze Nachricht herunterladen (.eml)", "Download the whole message (.eml)";
        back_to_mailbox: "Zurück zum Postfach", "Back to the mailbox";
        parked_title: "Gescheiterte Zustellungen", "Parked deliveries";
        parked_lead: "Diese Schritte sind trotz mehrerer Versuche gescheitert. Nichts ist verloren: Beheben Sie die Ursache und versuchen Sie es erneut.", "These steps failed in spite of several attempts. Nothing is lost: remove the cause and try again.";
        parked_empty: "Nichts ist gescheitert.", "Nothing is parked.";
        why: "Warum", "Why";
        attempts: "Versuche", "Attempts";
        since: "Aufgegeben am", "Given up on";
        case: "Vorgang", "Case";
        retry: "Erneut versuchen", "Try again";
    }
}
