//! How good triage is: decisions beside what a careful clerk decided.

mod expectation;
mod report;
mod score;

pub(crate) use expectation::Expectation;
pub(crate) use score::Score;
