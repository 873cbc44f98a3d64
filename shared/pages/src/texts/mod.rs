//! The sentences of the pages, German beside English. A table per group of pages; the words for terms of the
//! domain are in [`crate::words`].

mod desk;
mod operator;
mod problem;
mod public;

pub(crate) use desk::DeskTexts;
pub(crate) use operator::OperatorTexts;
pub(crate) use problem::ProblemTexts;
pub(crate) use public::{FormTexts, PublicTexts, StatusTexts};
