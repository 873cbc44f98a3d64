//! The clocks that handlers reckon with, by the shipped policy: Kiel, Monday to Thursday 8–17, Friday 8–15.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use jiff::Timestamp;
use lotse_domain::ResponseClock;
use lotse_policy::{Policy, UnansweredStep};

/// A moment of November 2026 in Kiel (UTC+1).
fn kiel(day_and_time: &str) -> Timestamp {
    format!("2026-11-{day_and_time}:00+01:00").parse().expect("a moment")
}

#[test]
fn a_pause_stops_the_clock_and_the_rest_of_the_target_is_left() {
    let policy = Policy::shipped().expect("the shipped policy");
    let logistics = "logistics".parse().expect("a desk");
    let fresh = policy.arrival(&logistics, &ResponseClock::default(), kiel("23T08:00"));
    assert_eq!((fresh.target_minutes, fresh.due_at), (240, kiel("23T12:00")));

    let mut clock = ResponseClock { running_since: Some(kiel("23T08:00")), ..ResponseClock::default() };
    assert_eq!(policy.spent_minutes(&clock, kiel("23T09:00")), 60);
    clock = ResponseClock { spent_minutes: 60, running_since: None, ..clock };
    assert_eq!(policy.spent_minutes(&clock, kiel("24T16:00")), 0, "a stopped clock spends nothing");
    let again = policy.arrival(&logistics, &clock, kiel("24T16:00"));
    assert_eq!(again.due_at, kiel("25T10:00"), "one hour is left on Tuesday, two go over to Wednesday");
}

#[test]
fn a_desk_that_the_policy_no_longer_has_is_reckoned_as_the_review_desk() {
    let policy = Policy::shipped().expect("the shipped policy");
    let gone = "samples".parse().expect("a desk");
    let arrival = policy.arrival(&gone, &ResponseClock::default(), kiel("23T08:00"));
    assert_eq!(arrival, policy.review_arrival(kiel("23T08:00")));
}

#[test]
fn a_silent_contact_is_reminded_after_two_and_five_business_days_and_then_a_person_decides() {
    let policy = Policy::shipped().expect("the shipped policy");
    let asked = kiel("19T10:00");
    let first = policy.first_step_after_question(asked);
    assert_eq!(first, kiel("23T10:00"), "Thursday and two business days are Monday");
    let UnansweredStep::Remind { next_step_at: second } = policy.step_when_unanswered(0, first) else {
        panic!("no first reminder");
    };
    assert_eq!(second, kiel("26T10:00"));
    let UnansweredStep::Remind { next_step_at: third } = policy.step_when_unanswered(1, second) else {
        panic!("no second reminder");
    };
    assert_eq!(policy.step_when_unanswered(2, third), UnansweredStep::GiveToPerson);
}

#[test]
fn after_an_outage_the_second_reminder_does_not_follow_on_the_heels_of_the_first() {
    let policy = Policy::shipped().expect("the shipped policy");
    let late = kiel("30T10:00");
    let UnansweredStep::Remind { next_step_at } = policy.step_when_unanswered(0, late) else {
        panic!("no first reminder");
    };
    assert!(next_step_at > policy.calendar.add_business_days(late, 2), "{next_step_at}");
}
