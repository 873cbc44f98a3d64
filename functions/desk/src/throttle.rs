//! Guessing a password takes time: after some failures a name must wait.

use jiff::{SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// So many failures in a row are a person's own mistakes.
const FREE_FAILURES: u32 = 5;
/// After that, the pause after each further failure.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);
/// What failed so long ago is forgotten.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(15);
/// More names than a company has people at desks: whoever tries more makes them up.
const MOST_NAMES: usize = 10_000;

/// Failed sign-ins by user name. In memory: behind a load balancer each instance counts for itself.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<String, Failures>>);

struct Failures {
    count: u32,
    last: Timestamp,
}

impl Throttle {
    /// True where the name must wait before it is tried again.
    pub(crate) fn must_wait(&self, name: &str, now: Timestamp) -> bool {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.get(name).is_some_and(|failures| {
            failures.count >= FREE_FAILURES && now.duration_since(failures.last) < PAUSE
        })
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, name: &str, now: Timestamp) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= MOST_NAMES {
            names.retain(|_, failures| now.duration_since(failures.last) < FORGOTTEN_AFTER);
        }
        // Still full: somebody tries names without end. Those that are known keep being counted.
        if names.len() >= MOST_NAMES && !names.contains_key(name) {
            return;
        }
        let failures = names.entry(name.to_owned()).or_insert(Failures { count: 0, last: now });
        if now.duration_since(failures.last) >= FORGOTTEN_AFTER {
            failures.count = 0;
        }
        failures.count = failures.count.saturating_add(1);
        failures.last = now;
    }

    /// Forgets the failures of a name that signed in.
    pub(crate) fn succeeded(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).expect("a time")
    }

    #[test]
    fn whoever_mistypes_may_try_again_and_whoever_guesses_must_wait() {
        let throttle = Throttle::default();
        for second in 0..4 {
            throttle.failed("anna", at(second));
        }
        assert!(!throttle.must_wait("anna", at(4)));
        throttle.failed("anna", at(4));
        assert!(throttle.must_wait("anna", at(5)));
        assert!(!throttle.must_wait("bernd", at(5)), "another name is not concerned");
        assert!(!throttle.must_wait("anna", at(64)), "after a minute there is one more try");
        throttle.failed("anna", at(64));
        assert!(throttle.must_wait("anna", at(65)));
        throttle.succeeded("anna");
        assert!(!throttle.must_wait("anna", at(65)));
    }

    #[test]
    fn failures_of_long_ago_are_forgotten() {
        let throttle = Throttle::default();
        for second in 0..5 {
            throttle.failed("anna", at(second));
        }
        throttle.failed("anna", at(16 * 60));
        assert!(!throttle.must_wait("anna", at(16 * 60 + 1)));
    }

    #[test]
    fn names_without_end_take_no_memory_without_end() {
        let throttle = Throttle::default();
        for number in 0..MOST_NAMES + 100 {
            throttle.failed(&format!("name-{number}"), at(0));
        }
        assert_eq!(throttle.0.lock().expect("a lock").len(), MOST_NAMES);
        throttle.failed("later", at(16 * 60));
        assert_eq!(throttle.0.lock().expect("a lock").len(), 1);
    }
}
