//! Receipts and questions: what triage made of a message, in one mail.

use super::{Draft, Writer, as_list};
use lotse_domain::{Check, Destination, Effect, FlagRaised, Gap, GapReason, RequestOutcome, Topic};
use lotse_policy::{MailText, Placeholder};

impl<'a> Writer<'a> {
    /// One mail for everything that follows from one message: what is where and until when, what is
    /// missing, what went to drug safety or quality.
    pub(super) fn about_classified_message(
        &self,
        requests: &[RequestOutcome],
        flags: &[FlagRaised],
    ) -> Draft<'a> {
        let conversation = self.conversation;
        let waiting: Vec<&RequestOutcome> =
            requests.iter().filter(|outcome| outcome.to == Destination::Contact).collect();
        let steps = requests.iter().filter_map(|outcome| self.step(outcome)).chain(self.safety_step(flags));
        let questions = waiting.iter().flat_map(|outcome| self.questions(&outcome.gaps));
        // Asked once, with the first questions; whoever left it out then does not have it at hand.
        let asked_first = waiting.iter().filter(|_| conversation.answers_first_message());
        let helpful = self.helpful(asked_first.map(|outcome| outcome.topic));
        let received_at = conversation.answered().map_or(conversation.event.at, |head| head.at);
        let mut values = vec![
            (Placeholder::Received, self.policy.moment_in_words(received_at, self.language)),
            (Placeholder::Steps, as_list(steps)),
            (Placeholder::Questions, as_list(questions)),
            (Placeholder::Helpful, as_list(helpful)),
        ];
        let is_only_safety = requests.is_empty() && !flags.is_empty();
        if is_only_safety {
            values.push((Placeholder::Desk, self.safety_desks(flags)));
        }
        let about = requests.iter().filter(|outcome| outcome.effect != Effect::FollowUp);
        Draft {
            text: if is_only_safety { &self.texts.safety_receipt } else { self.receipt(!waiting.is_empty()) },
            values,
            about: about.map(|outcome| outcome.request).collect(),
            signed_by: self.policy.desks.review(),
        }
    }

    fn receipt(&self, asks: bool) -> &'a MailText {
        match (asks, self.conversation.answers_first_message()) {
            (true, true) => &self.texts.receipt_with_questions,
            (true, false) => &self.texts.further_questions,
            (false, true) => &self.texts.receipt,
            (false, false) => &self.texts.receipt_of_reply,
        }
    }

    /// What happens next with a request, and until when; `None` where the contact is asked first, or where
    /// nothing changes.
    fn step(&self, outcome: &RequestOutcome) -> Option<String> {
        if outcome.to == Destination::Contact || outcome.effect == Effect::FollowUp {
            return None;
        }
        let request = self.conversation.case.request(outcome.request)?;
        let at = self.conversation.event.at;
        let (topic, arrival) = match outcome.arrival {
            Some(arrival) => (Topic::Other, arrival),
            None => (outcome.topic, self.policy.arrival(&outcome.desk, &request.clock, at)),
        };
        let desk = self.policy.desk(&outcome.desk).unwrap_or(self.policy.desks.review());
        let due = self.policy.moment_in_words(arrival.due_at, self.language);
        let values = [(Placeholder::Desk, desk.name.get(self.language)), (Placeholder::Due, due.as_str())];
        Some(self.texts.step(topic).fill(&values))
    }

    fn safety_step(&self, flags: &[FlagRaised]) -> Option<String> {
        let desks = self.safety_desks(flags);
        (!desks.is_empty()).then(|| self.texts.safety_step().fill(&[(Placeholder::Desk, &desks)]))
    }

    fn safety_desks(&self, flags: &[FlagRaised]) -> String {
        let mut names: Vec<&str> = Vec::new();
        for desk in flags.iter().filter_map(|flag| self.policy.desk(&flag.desk)) {
            let name = desk.name.get(self.language);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    }

    /// The questions for gaps, in words. One for a number with a typing error repeats the number; where
    /// none is known to repeat, the element is asked for as if it were absent.
    pub(super) fn questions(&self, gaps: &[Gap]) -> Vec<String> {
        let in_words = |gap: &Gap| {
            let check = match gap.reason {
                GapReason::Absent => None,
                GapReason::Mistyped => Some(Check::Mistyped),
                GapReason::Ambiguous => Some(Check::Ambiguous),
            };
            let value = check.map(|check| self.conversation.values_checked(check).join(", "));
            let question =
                self.texts.question(*gap).fill(&[(Placeholder::Value, &value.unwrap_or_default())]);
            if question.is_empty() {
                self.texts.question(Gap { reason: GapReason::Absent, ..*gap }).fill(&[])
            } else {
                question
            }
        };
        gaps.iter().map(in_words).collect()
    }

    /// What helps with these topics and is asked only together with something that is needed.
    pub(super) fn helpful(&self, topics: impl Iterator<Item = Topic>) -> Vec<String> {
        let names = topics.flat_map(|topic| {
            self.policy.elements.helpful(topic).iter().map(move |name| (topic, name.as_str()))
        });
        names.filter_map(|(topic, name)| self.texts.helpful(topic, name)).map(|text| text.fill(&[])).collect()
    }
}
