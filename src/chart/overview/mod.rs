//! Outcomes of several releases on one axis: after as a multiple of before, by logarithms.
//!
//! Each row nests two intervals, the widest and the narrowest assumption; the truth of the
//! reported numbers lies between them. A release without any such result keeps its place and says
//! why.

mod describe;
mod reach;
mod rows;

use super::caption::Caption;
use super::drawn::{Layout, Plotted};
use super::scene::Scene;
use super::sheet::Sheet;
use super::text::Fonts;
use super::{ChartError, Style, check_interval};
use crate::numeric::interval::Interval;

/// Width in pixels when the chart chooses.
const WIDTH: f64 = 1100.0;

/// The overview chart: titles, groups of rows, notes.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The words around the picture.
    pub caption: Caption,
    /// Headings of the text columns.
    pub headings: Headings,
    /// What the marks mean.
    pub legend: Legend,
    /// Title of the axis, such as “after as a multiple of before”.
    pub axis_title: String,
    /// What lies left of 1, such as “← lower after”.
    pub lower: String,
    /// What lies right of 1, such as “higher after →”.
    pub higher: String,
    /// What an arrow at an edge of the plot says; a note under the chart where there is one.
    pub arrows: String,
    /// One group per release.
    pub groups: Vec<Group>,
}

/// Headings of the columns; an empty one is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Headings {
    /// Over the outcomes.
    pub outcome: String,
    /// Over the printed values.
    pub printed: String,
    /// Over the numbers of people.
    pub n: String,
    /// Over the ratios with their intervals.
    pub estimate: String,
    /// Over the remarks.
    pub remark: String,
}

/// Names of the marks; an empty one, or one of a mark that does not occur, is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Legend {
    /// The thin line, such as “95 % CI, r = 0”.
    pub wide: String,
    /// The thick line, such as “95 % CI, r = 0.9”.
    pub narrow: String,
    /// The hollow point, such as “no interval can be given”.
    pub hollow: String,
}

/// A release with its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Name of the release.
    pub name: String,
    /// Its outcomes.
    pub rows: Vec<Row>,
    /// What stands in place of rows where there are none.
    pub absent: String,
}

/// One outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name of the outcome.
    pub outcome: String,
    /// The values as printed, such as “2.9 ± 1.1 → 0.4 ± 0.8”.
    pub printed: String,
    /// Number of people.
    pub n: Option<String>,
    /// After divided by before, where that has a meaning.
    pub ratio: Option<f64>,
    /// The interval under the widest assumption.
    pub wide: Option<Interval>,
    /// The interval under the narrowest assumption.
    pub narrow: Option<Interval>,
    /// The ratio and its interval as text, or why there is none.
    pub estimate: String,
    /// A remark at the right.
    pub remark: Option<String>,
}

impl Row {
    /// Every end of its intervals.
    fn ends(&self) -> impl Iterator<Item = f64> {
        [self.wide, self.narrow].into_iter().flatten().flat_map(Interval::ends)
    }

    /// Whether there is a point without an interval.
    fn is_bare(&self) -> bool {
        self.ratio.is_some() && self.wide.is_none() && self.narrow.is_none()
    }
}

impl Overview {
    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.groups.iter().flat_map(|group| &group.rows)
    }
}

impl Layout for Overview {
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
        let columns = ["group", "outcome", "ratio", "wide_lower", "wide_upper", "narrow_lower", "narrow_upper"];
        let mut table = Plotted::new(&columns);
        for group in &self.groups {
            for row in &group.rows {
                let ends = |span: Option<Interval>| [span.map(|span| span.lower), span.map(|span| span.upper)];
                let ([a, b], [c, d]) = (ends(row.wide), ends(row.narrow));
                table.row(&[&group.name, &row.outcome], &[row.ratio, a, b, c, d]);
            }
        }
        table
    }

    fn layout(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
        if self.groups.is_empty() {
            return Err(ChartError::Empty);
        }
        for row in self.rows() {
            check(row)?;
        }
        let mut sheet = Sheet::new(fonts, &style.theme, style.width_or(WIDTH)?);
        let y = sheet.heading(&self.caption)? + sheet.gap(6.0);
        let y = rows::legend(&mut sheet, self, y)?;
        let (y, has_arrows) = rows::table(&mut sheet, self, y)?;
        let mut caption = self.caption.clone();
        caption.footnotes.extend(has_arrows.then(|| self.arrows.clone()));
        let height = sheet.notes(y + sheet.gap(16.0), &caption)?;
        Ok(sheet.finish(height))
    }
}

/// Refuses numbers that have no place on a logarithmic axis. An interval may reach zero or
/// infinity; it is cut with an arrow.
fn check(row: &Row) -> Result<(), ChartError> {
    if let Some(ratio) = row.ratio.filter(|ratio| !(ratio.is_finite() && *ratio > 0.0)) {
        return Err(ChartError::Number { place: row.outcome.clone(), value: ratio });
    }
    for span in [row.wide, row.narrow].into_iter().flatten() {
        check_interval(span, || row.outcome.clone())?;
    }
    Ok(())
}
