//! What a labelled inquiry should lead to.

use lotse_domain::{
    Automatic, Check, Destination, Element, GapReason, IdentifierKind, ProductId, SafetyKind, Topic,
};
use serde::{Deserialize, Deserializer};

/// A careful clerk's decision. What is absent or null was not annotated, and does not count.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Expectation {
    pub(crate) topics: Option<Vec<Topic>>,
    pub(crate) safety: Option<Vec<SafetyKind>>,
    /// Kinds that may be flagged too.
    pub(crate) safety_ok: Vec<SafetyKind>,
    pub(crate) products: Option<Vec<ProductId>>,
    pub(crate) identifiers: Option<Vec<ExpectedIdentifier>>,
    pub(crate) missing: Option<Vec<ExpectedGap>>,
    pub(crate) routes: Option<Vec<ExpectedRoute>>,
    pub(crate) automatic: ExpectedAutomatic,
    /// The only class, in sets that have nothing finer.
    pub(crate) class: Option<Class>,
    /// Whether an adverse event is reported, in such sets.
    pub(crate) adverse_event: Option<bool>,
}

/// Whether a person wrote it.
#[derive(Debug, Default)]
pub(crate) enum ExpectedAutomatic {
    /// Not annotated: the member is not there.
    #[default]
    Unknown,
    /// A person did where the member is null; otherwise a machine of this kind.
    Known(Option<Automatic>),
}

impl<'de> Deserialize<'de> for ExpectedAutomatic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Known)
    }
}

/// A number or code that the inquiry names.
#[derive(Debug, Deserialize)]
pub(crate) struct ExpectedIdentifier {
    pub(crate) kind: IdentifierKind,
    pub(crate) value: String,
    pub(crate) check: Option<Check>,
}

/// An element that a topic lacks.
#[derive(Debug, Deserialize)]
pub(crate) struct ExpectedGap {
    pub(crate) topic: Topic,
    pub(crate) element: Element,
    pub(crate) reason: Option<GapReason>,
}

/// Where a topic goes.
#[derive(Debug, Deserialize)]
pub(crate) struct ExpectedRoute {
    pub(crate) topic: Topic,
    pub(crate) to: Destination,
}

/// What an inquiry is as a whole, in coarse sets.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Class {
    #[serde(alias = "medical_question")]
    Medical,
    #[serde(alias = "shipping_status")]
    Shipping,
    Other,
}

impl Class {
    pub(crate) fn topic(self) -> Topic {
        match self {
            Self::Medical => Topic::MedicalQuestion,
            Self::Shipping => Topic::ShippingStatus,
            Self::Other => Topic::Other,
        }
    }
}
