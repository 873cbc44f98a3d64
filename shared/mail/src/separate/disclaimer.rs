//! Legal notices, virus-scanner lines and banners: text that a server adds, not a person.

use super::lines::Line;
use crate::wording::{LazyWording, Wording};

/// Any of these marks its whole paragraph. Lower case; umlauts as written.
static PHRASES: LazyWording = LazyWording::new(|| {
    #[rustfmt::skip]
    let phrases = &[
        "diese e-mail enthält vertrauliche", "diese e-mail kann vertrauliche",
        "diese e-mail ist vertraulich", "diese nachricht enthält vertrauliche",
        "diese nachricht ist vertraulich", "diese mail enthält vertrauliche",
        "der inhalt dieser e-mail ist vertraulich", "der inhalt dieser nachricht ist vertraulich",
        "die in dieser e-mail enthaltenen informationen", "vertrauliche und/oder rechtlich geschützte",
        "ausschließlich für den adressaten bestimmt", "ausschließlich für den bezeichneten adressaten",
        "nicht der richtige adressat", "nicht der beabsichtigte empfänger",
        "nicht der vorgesehene empfänger", "nicht der vorgesehene adressat", "e-mail irrtümlich erhalten",
        "nachricht irrtümlich erhalten", "unerlaubte kopieren", "unbefugte weitergabe dieser",
        "denken sie an die umwelt", "denken sie an unsere umwelt", "bevor sie diese e-mail ausdrucken",
        "bevor sie diese mail ausdrucken", "auf viren geprüft", "virenfrei.", "intended recipient",
        "intended solely for", "intended only for the", "this e-mail is confidential",
        "this email is confidential", "this message is confidential", "this e-mail contains confidential",
        "this email contains confidential", "this message contains confidential",
        "may contain confidential", "confidential and privileged", "confidential and may be",
        "confidentiality notice", "received this email in error", "received this e-mail in error",
        "received this message in error", "consider the environment before printing",
        "think before you print", "this email has been scanned", "this e-mail has been scanned",
        "virus-free.", "originated from outside", "originates from outside",
        "kommt von einem externen absender", "stammt von einem externen absender", "e-mail von extern",
        "von außerhalb ihrer organisation", "von außerhalb der organisation",
        "do not click links or open attachments unless", "you don't often get email from",
        "sie erhalten nicht häufig e-mails von", "sie erhalten nicht oft e-mails von",
    ];
    Wording::new(phrases)
});

/// True where the paragraph that starts with the first line is a notice.
pub(super) fn is_notice(paragraph: &[Line<'_>]) -> bool {
    /// A notice names itself early; longer paragraphs are not read to their end.
    const READ_BYTES: usize = 1500;
    let mut joined = String::new();
    for line in paragraph {
        if joined.len() > READ_BYTES {
            break;
        }
        joined.push_str(line.content);
        joined.push(' ');
    }
    PHRASES.is_in(&joined)
}
