//! Rows of texts with an estimate and an interval each: the forest plot and its kin.
//!
//! A study is a square whose area is its weight with its interval through it; a summary is a
//! diamond as wide as its interval, with the prediction interval as a line through it. Text columns
//! stand to the left and right of the plot and align; on a sheet too narrow for them all but the first of each side
//! follow the row as a sentence.

mod columns;
mod describe;
mod fold;
mod panels;
mod reach;
mod rows;

use super::axes::{Axis, is_placeable};
use super::caption::Caption;
use super::drawn::{Layout, Plotted};
use super::scene::Scene;
use super::sheet::Sheet;
use super::text::Fonts;
use super::{ChartError, Style, check_interval};
use crate::numeric::interval::Interval;
pub use panels::ForestPanels;

/// On sheets narrower than this, names may stand above their rows, where the picture is then lower than this share.
const NARROW: f64 = 560.0;
const BY_FAR: f64 = 0.75;

/// A chart of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    /// The words around the picture.
    pub caption: Caption,
    /// Text columns left of the plot; the first holds the names of the rows.
    pub left: Vec<Column>,
    /// Text columns right of the plot.
    pub right: Vec<Column>,
    /// The rows from top to bottom.
    pub rows: Vec<ForestRow>,
    /// The axis under the rows.
    pub scale: ForestScale,
}

/// A column of texts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// Numbers hang on their right edge, texts on their left.
    pub numeric: bool,
    /// The plot shows the same, as squares show weights: it is left out first where the sheet is narrow.
    pub spare: bool,
}

/// The axis of a forest plot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ForestScale {
    /// The axis with its title and what its sides mean.
    pub axis: Axis,
    /// The value of no effect.
    pub reference: Option<f64>,
    /// The value of the summary, drawn as a broken line through all rows.
    pub summary: Option<f64>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestRow {
    /// A text for each column, left ones first; missing ones are empty. The texts of headings and
    /// notes run over all left columns.
    pub cells: Vec<String>,
    /// What is drawn in the plot.
    pub mark: RowMark,
}

/// What stands in the plot of a row.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RowMark {
    /// Nothing: the name of the group of rows that follow.
    Heading,
    /// Nothing: a sentence, such as the heterogeneity.
    Note,
    /// An estimate of one study.
    Study {
        /// The estimate.
        estimate: f64,
        /// Its interval; ends may be infinite.
        ci: Option<Interval>,
        /// Its weight as a share of the largest, 0 to 1, which the area of the square shows; squares without
        /// one are of one size.
        weight: Option<f64>,
        /// What a model says of such a study, drawn behind it as a grey diamond.
        fitted: Option<Fitted>,
    },
    /// An effect that a source prints.
    Reported {
        /// The number.
        estimate: f64,
        /// Its interval, as it is printed.
        ci: Option<Interval>,
        /// All numbers that print as the estimate does, and as each end of its interval.
        rounding: Vec<Interval>,
        /// Whether a check found that the printed numbers contradict each other; the square is then hollow.
        contradicted: bool,
    },
    /// An estimate over several studies.
    Summary {
        /// The estimate.
        estimate: f64,
        /// Its interval.
        ci: Interval,
        /// Where the effect of another study is expected.
        prediction: Option<Interval>,
    },
}

/// The mean effect that a model gives a study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// The estimate.
    pub estimate: f64,
    /// Its interval.
    pub ci: Interval,
}

impl ForestRow {
    /// The name of a group of rows.
    #[must_use]
    pub fn heading(text: impl Into<String>) -> Self {
        ForestRow { cells: vec![text.into()], mark: RowMark::Heading }
    }

    /// A sentence.
    #[must_use]
    pub fn note(text: impl Into<String>) -> Self {
        ForestRow { cells: vec![text.into()], mark: RowMark::Note }
    }

    fn numbers(&self) -> [Option<f64>; 6] {
        match &self.mark {
            RowMark::Heading | RowMark::Note => [None; 6],
            RowMark::Study { estimate, ci, weight, .. } => {
                [Some(*estimate), ci.map(|ci| ci.lower), ci.map(|ci| ci.upper), *weight, None, None]
            }
            RowMark::Reported { estimate, ci, .. } => {
                [Some(*estimate), ci.map(|ci| ci.lower), ci.map(|ci| ci.upper), None, None, None]
            }
            RowMark::Summary { estimate, ci, prediction } => {
                let pi = |end: fn(Interval) -> f64| prediction.map(end);
                [Some(*estimate), Some(ci.lower), Some(ci.upper), None, pi(|pi| pi.lower), pi(|pi| pi.upper)]
            }
        }
    }

    /// What a model says of the study of the row.
    fn fitted(&self) -> Option<Fitted> {
        match &self.mark {
            RowMark::Study { fitted, .. } => *fitted,
            _ => None,
        }
    }

    fn name(&self) -> &str {
        self.cells.first().map_or("", String::as_str)
    }
}

impl Layout for Forest {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn caption_mut(&mut self) -> &mut Caption {
        &mut self.caption
    }

    fn description(&self) -> String {
        describe::chart(self)
    }

    fn plotted(&self) -> Plotted {
        plotted(self.rows.iter())
    }

    fn shorter(&self) -> Vec<Box<dyn Layout>> {
        let without = fold::without_columns(self);
        without.into_iter().map(|chart| Box::new(chart) as Box<dyn Layout>).collect()
    }

    fn layout(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
        if self.rows.iter().all(|row| matches!(row.mark, RowMark::Heading | RowMark::Note)) {
            return Err(ChartError::Empty);
        }
        self.rows.iter().try_for_each(|row| self.check(row))?;
        if let Some(roomier) = self.without_spare(fonts, style)? {
            return roomier.layout(fonts, style);
        }
        match (self.drawn(fonts, style), fold::folded(self)) {
            (Err(ChartError::Crowded { .. }), Some(folded)) => folded.drawn(fonts, style),
            (Ok(scene), folded) if scene.width < NARROW => Ok(self.shorter_by_far(scene, folded, fonts, style)),
            (drawn, _) => drawn,
        }
    }
}

/// The rows as a table.
fn plotted<'r>(rows: impl Iterator<Item = &'r ForestRow> + Clone) -> Plotted {
    let is_fitted = rows.clone().any(|row| row.fitted().is_some());
    let mut columns =
        vec!["kind", "name", "estimate", "lower", "upper", "relative_weight", "prediction_lower", "prediction_upper"];
    columns.extend(is_fitted.then_some(["fitted", "fitted_lower", "fitted_upper"]).into_iter().flatten());
    let is_reported = rows.clone().any(|row| matches!(row.mark, RowMark::Reported { .. }));
    columns.extend(is_reported.then_some(["rounding_lower", "rounding_upper"]).into_iter().flatten());
    columns.push("shown");
    let mut table = Plotted::new(&columns);
    for row in rows {
        let kind = match row.mark {
            RowMark::Heading => "heading",
            RowMark::Note => "note",
            RowMark::Study { .. } => "study",
            RowMark::Reported { .. } => "reported",
            RowMark::Summary { .. } => "summary",
        };
        // Weights, heterogeneity and the like stand in the columns of the chart.
        let shown: Vec<&str> = row.cells.iter().skip(1).map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        let mut numbers = row.numbers().to_vec();
        if is_fitted {
            let fitted = row.fitted();
            numbers.extend([fitted.map(|of| of.estimate), fitted.map(|of| of.ci.lower), fitted.map(|of| of.ci.upper)]);
        }
        if is_reported {
            let rounding = match &row.mark {
                RowMark::Reported { rounding, .. } => rounding.first().copied(),
                _ => None,
            };
            numbers.extend([rounding.map(|range| range.lower), rounding.map(|range| range.upper)]);
        }
        table.row_with(&[kind, row.name()], &numbers, &[&shown.join(" | ")]);
    }
    table
}

impl Forest {
    /// Whether an interval ends beyond the axis, in an arrow, which a note then has to explain.
    #[must_use]
    pub fn goes_beyond(&self) -> bool {
        reach::goes_beyond(self)
    }

    /// Whether an estimate lies beyond the axis, so that an arrow is all that is drawn of it.
    #[must_use]
    pub fn hides_estimate(&self) -> bool {
        reach::hides_estimate(self)
    }

    /// The chart without what the plot shows anyway, where that takes the plot its room on a narrow sheet.
    fn without_spare(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Option<Self>, ChartError> {
        let sheet = Sheet::new(fonts, &style.theme, style.width_or(columns::WIDTH)?);
        Ok(if columns::is_tight(&sheet, self, rows::indent(self)) { fold::without_spare(self) } else { None })
    }

    /// On a narrow sheet long names would be torn into many short lines: they stand above their rows where that makes
    /// the picture lower by far.
    fn shorter_by_far(&self, scene: Scene, folded: Option<Self>, fonts: &Fonts<'_>, style: &Style) -> Scene {
        let charts = [Some(fold::named_above(self)), folded.as_ref().map(fold::named_above)];
        let drawn = charts.into_iter().flatten().filter_map(|chart| chart.drawn(fonts, style).ok());
        let lowest = drawn.min_by(|one, other| one.height.total_cmp(&other.height));
        lowest.filter(|other| other.height < BY_FAR * scene.height).unwrap_or(scene)
    }

    /// Every column beside the plot.
    fn drawn(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
        let mut sheet = Sheet::new(fonts, &style.theme, style.width_or(columns::WIDTH)?);
        let y = sheet.heading(&self.caption)? + sheet.gap(10.0);
        let y = rows::table(&mut sheet, self, y)?;
        let height = sheet.notes(y + sheet.gap(14.0), &self.caption)?;
        Ok(sheet.finish(height))
    }

    /// Refuses numbers without a place.
    fn check(&self, row: &ForestRow) -> Result<(), ChartError> {
        let place = || row.name().to_owned();
        let (estimate, intervals) = match &row.mark {
            RowMark::Heading | RowMark::Note => return Ok(()),
            RowMark::Study { estimate, ci, weight, fitted } => {
                if let Some(value) = weight.filter(|weight| !(0.0..=1.0).contains(weight)) {
                    return Err(ChartError::Number { place: place(), value });
                }
                (*estimate, [*ci, fitted.map(|of| of.ci)])
            }
            RowMark::Reported { estimate, ci, rounding, .. } => {
                for range in rounding {
                    check_interval(*range, place)?;
                }
                (*estimate, [*ci, None])
            }
            RowMark::Summary { estimate, ci, prediction } => (*estimate, [Some(*ci), *prediction]),
        };
        if !is_placeable(estimate, self.scale.axis.logarithmic) {
            return Err(ChartError::Number { place: place(), value: estimate });
        }
        intervals.into_iter().flatten().try_for_each(|interval| check_interval(interval, place))
    }
}
