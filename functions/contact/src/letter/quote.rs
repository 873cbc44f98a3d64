//! The contact's own words below what a specialist writes, so that a reader months later knows what was
//! answered.

use super::Writer;
use lotse_domain::RequestId;
use lotse_mail::separate;
use lotse_policy::Placeholder;

/// What is quoted at most: the page of the case shows all of it.
const MOST_LINES: usize = 60;
const MOST_CHARACTERS: usize = 5_000;

impl Writer<'_> {
    /// The message that a request is about, each line marked as quoted; `None` where there is nothing to
    /// quote.
    pub(super) fn quote(&self, about: RequestId) -> Option<String> {
        let head = self.conversation.question(about).or(self.conversation.answered())?;
        let body = self.conversation.received(head)?.body.as_str();
        let written = separate(body).new_text(body);
        let shown: String = written.chars().take(MOST_CHARACTERS).collect();
        let mut lines: Vec<String> = shown.lines().take(MOST_LINES).map(|line| format!("> {line}")).collect();
        if lines.is_empty() {
            return None;
        }
        if shown.len() < written.len() || written.lines().count() > MOST_LINES {
            lines.push("> […]".to_owned());
        }
        let received = self.policy.moment_in_words(head.at, self.language);
        let introduction = self.texts.frame.quote.fill(&[(Placeholder::Received, &received)]);
        Some(format!("{introduction}\n{}", lines.join("\n")))
    }
}
