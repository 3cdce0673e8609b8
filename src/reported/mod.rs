//! What was said, and nothing computed from it.
//!
//! A [`Release`] is one document: a press release, a report or an abstract. It has [`Arm`]s of
//! patients, animals or entries, [`Outcome`]s with what was reported of them at each [`Occasion`],
//! other [`ReportedNumber`]s, effects that the source computed itself ([`ReportedEstimate`]), and [`Statement`]s. Each
//! of them carries the [`Passage`] of the source that it was read from.

mod cell;
mod chosen;
mod comparisons;
mod date;
mod estimate;
mod expectation;
mod outcome;
mod release;
mod scale;
mod source;
mod text;

pub use crate::diagnostic::is_hidden;
pub use cell::{Cell, CellForm, MeanSd, MeanSpread, PrintedSpread, SpreadMeaning, Statistic};
pub use chosen::Chosen;
pub use comparisons::ArmOrder;
pub use date::Date;
pub use estimate::{
    EffectScale, IntervalMethod, PrintedEstimate, ReportedEstimate, ReportedInterval, ReportedMeasure, USUAL_LEVEL,
};
pub use expectation::{Asked, CellAsked, Expectation, Expected, ExpectedPart, FilePlace, Ignored};
pub use outcome::{ArmPair, Direction, Exposure, Occasion, Outcome, OutcomeResult, Quantity};
pub use release::{Arm, Claim, LARGEST_COUNT, NumberForm, Release, ReportedNumber, Statement, StudyDesign, StudyKind};
pub use scale::Scale;
pub use source::{Origin, Paper, Passage, SourceDocument, stated};
pub use text::{Lang, Localized};
