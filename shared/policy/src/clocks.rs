//! The clocks of requests and of contacts who are asked: by desks, calendar and thresholds.

use crate::{Policy, Target};
use jiff::Timestamp;
use lotse_domain::{Arrival, DeskId, ResponseClock};

/// What is to be done with a contact who has not answered in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnansweredStep {
    /// Remind, and look again later.
    Remind {
        /// When.
        next_step_at: Timestamp,
    },
    /// The last reminder is spent: a person decides.
    GiveToPerson,
}

impl Policy {
    /// The clock of a request that arrives at a desk: its target, less what was spent before. A desk that
    /// the policy no longer has counts as the review desk.
    pub fn arrival(&self, desk: &DeskId, clock: &ResponseClock, at: Timestamp) -> Arrival {
        let desk = self.desk(desk).unwrap_or(self.desks.review());
        match desk.target {
            Target::BusinessMinutes(target_minutes) => {
                let left = clock.minutes_left(target_minutes);
                Arrival { target_minutes, due_at: self.calendar.add_business_minutes(at, left) }
            }
            Target::CalendarHours(hours) => {
                Arrival { target_minutes: hours.saturating_mul(60), due_at: self.due(desk, at) }
            }
        }
    }

    /// The clock of a request that a person at the review desk decides about.
    pub fn review_arrival(&self, at: Timestamp) -> Arrival {
        self.arrival(&self.desks.review().id, &ResponseClock::default(), at)
    }

    /// The business minutes that a clock ran since it last started.
    pub fn spent_minutes(&self, clock: &ResponseClock, at: Timestamp) -> u32 {
        let spent = clock.running_since.map_or(0, |since| self.calendar.business_minutes_between(since, at));
        u32::try_from(spent).unwrap_or(u32::MAX)
    }

    /// When somebody looks whether a contact who is asked now has answered.
    pub fn first_step_after_question(&self, asked_at: Timestamp) -> Timestamp {
        self.calendar.add_business_days(asked_at, self.step(0).unwrap_or_default())
    }

    /// What is due for a contact who has not answered, after that many reminders.
    pub fn step_when_unanswered(&self, reminders_sent: u8, now: Timestamp) -> UnansweredStep {
        let steps = (self.step(reminders_sent.into()), self.step(usize::from(reminders_sent) + 1));
        match steps {
            // Counted from now: after an outage a contact must not get all reminders at once.
            (Some(this), Some(next)) => UnansweredStep::Remind {
                next_step_at: self.calendar.add_business_days(now, next.saturating_sub(this)),
            },
            _ => UnansweredStep::GiveToPerson,
        }
    }

    /// The days of the reminders, and after them the day on which a person decides.
    fn step(&self, number: usize) -> Option<u16> {
        let reminders = &self.thresholds.reminders;
        let last = std::iter::once(&reminders.person_after_business_days);
        reminders.after_business_days.iter().chain(last).nth(number).copied()
    }
}
