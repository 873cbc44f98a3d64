//! What a company changes without code: the policy files, their types, loading and checking.
//!
//! A policy is a folder of TOML files. [`Policy::load`] reads it, [`Policy::shipped`] gives the one that
//! a new deployment starts from (`infra/policy`, embedded). Both check everything and report all
//! mistakes at once, each as `file:line:column: what; expected …`. Whoever holds a [`Policy`] need not
//! check again: desks that are named exist, texts exist in both languages and have no unknown placeholder.
//!
//! A checked policy can be [`Packed`] into a file that a function reads in less than a millisecond.

mod calendar;
mod clocks;
mod company;
mod desks;
mod elements;
mod files;
mod holidays;
mod identifiers;
mod localised;
mod moments;
mod packed;
mod policy;
mod problems;
mod products;
mod rules;
mod source;
mod table;
mod text;
mod texts;
mod thresholds;

pub use calendar::Calendar;
pub use clocks::UnansweredStep;
pub use company::Company;
pub use desks::{Desk, DeskKind, Desks, Target};
pub use elements::{Detail, Elements, Requirement};
pub use files::SHIPPED;
pub use identifiers::{Identifiers, NumberMeaning, NumberWords, Part, Pattern};
pub use localised::Localised;
pub use packed::{FORMAT, Packed, PackedError};
pub use policy::Policy;
pub use problems::{PolicyErrors, Position, Problem};
pub use products::{InvalidPzn, Pack, Product, Products, Pzn};
pub use rules::{
    Choice, Cue, FOUND_LISTS, Meaning, PATTERN_SIZE_LIMIT, Phrase, Place, Reach, Rule, Rules, SentenceKind,
    SpeaksFor, Step, WORDS_BETWEEN, Word,
};
pub use source::PolicyFile;
pub use text::{Placeholder, Text};
pub use texts::{Frame, MailText, TextSet, Texts};
pub use thresholds::{Limits, Reminders, Routing, Thresholds};
