//! How good triage is: decisions beside what a careful clerk decided.

mod expectation;
mod report;
mod score;

pub(crate) use expectation::Expectation;
use expectation::{ExpectedAutomatic, ExpectedGap, ExpectedIdentifier};
pub(crate) use score::Score;
