//! The data sets that may stand behind before and after.
//!
//! Each outcome has one axis of values. To its left stand bars with how many people had each value
//! before, to its right those after, and between them lines for who may have gone from where to where.
//! A whisker spans what the data sets allow; where there is but one, the bar is exact and has none.

mod describe;
mod panel;

use super::caption::Caption;
use super::drawn::{Layout, Plotted, filled};
use super::scene::Scene;
use super::sheet::Sheet;
use super::text::Fonts;
use super::{ChartError, Style};
use panel::Plan;

/// Width in pixels when the chart chooses, for one panel and for two beside each other.
const WIDTHS: [f64; 2] = [620.0, 1100.0];
/// Narrowest panel.
const LEAST_PANEL: f64 = 300.0;
/// Free space between panels.
const GUTTER: f64 = 44.0;
/// Free space between rows of panels.
const ROW_GAP: f64 = 30.0;

/// The ensemble chart: titles, one panel for each outcome, notes.
#[derive(Debug, Clone, PartialEq)]
pub struct Ensemble {
    /// The words around the picture.
    pub caption: Caption,
    /// One panel for each outcome.
    pub panels: Vec<Joint>,
    /// Title of the axes of how many people there are.
    pub counts_title: String,
}

/// One outcome with its data sets before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// Name of the outcome.
    pub outcome: String,
    /// Facts below the name, such as “n = 7; 26 joint tables”.
    pub facts: String,
    /// Title of the value axis, such as “points”.
    pub unit: Option<String>,
    /// The left side.
    pub before: Side,
    /// The right side.
    pub after: Side,
    /// From which value to which, and how many people on average; at least 0.
    pub lines: Vec<(f64, f64, f64)>,
    /// How many people there are: the length of the longest bar.
    pub people: f64,
    /// A remark under the panel.
    pub remark: Option<String>,
}

/// One side of a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// Name, such as “before”.
    pub label: String,
    /// The values as printed.
    pub printed: String,
    /// How many data sets there are, such as “369 data sets”.
    pub count: String,
    /// A bar for each value that occurs.
    pub bars: Vec<ValueBar>,
}

/// How many people have a value.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueBar {
    /// The value.
    pub value: f64,
    /// The value as people write it.
    pub label: String,
    /// How many people have it on average.
    pub mean: f64,
    /// The fewest and the most that any data set gives it, where that is known.
    pub range: Option<(u32, u32)>,
}

/// Which side of a panel something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spine {
    /// Before.
    Left,
    /// After.
    Right,
}

impl Joint {
    fn sides(&self) -> [(&Side, Spine); 2] {
        [(&self.before, Spine::Left), (&self.after, Spine::Right)]
    }
}

impl Layout for Ensemble {
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
        let mut table = Plotted::new(&["outcome", "what", "value", "to", "people", "least", "most"]);
        for panel in &self.panels {
            for (side, what) in [(&panel.before, "before"), (&panel.after, "after")] {
                for bar in &side.bars {
                    let end = |end: fn((u32, u32)) -> u32| bar.range.map(end).map(f64::from);
                    let numbers = [Some(bar.value), None, Some(bar.mean), end(|range| range.0), end(|range| range.1)];
                    table.row(&[&panel.outcome, what], &numbers);
                }
            }
            for (from, to, people) in &panel.lines {
                table.row(&[&panel.outcome, "line"], &[Some(*from), Some(*to), Some(*people), None, None]);
            }
        }
        table
    }

    fn layout(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
        if self.panels.is_empty() {
            return Err(ChartError::Empty);
        }
        for panel in &self.panels {
            check(panel)?;
        }
        filled(style, panel::PLOT, |plot| self.drawn(fonts, style, plot))
    }
}

impl Ensemble {
    /// The chart with plots no higher than this, and in how many rows they stand.
    fn drawn(&self, fonts: &Fonts<'_>, style: &Style, plot: f64) -> Result<(Scene, usize), ChartError> {
        let natural = if self.panels.len() == 1 { WIDTHS[0] } else { WIDTHS[1] };
        let width = style.width_or(natural)?;
        let mut sheet = Sheet::new(fonts, &style.theme, width);
        let room = sheet.inner_width();
        let columns = if self.panels.len() > 1 && room >= 2.0 * LEAST_PANEL + GUTTER { 2 } else { 1 };
        let panel_width = (room - (columns - 1) as f64 * GUTTER) / columns as f64;
        let mut y = sheet.heading(&self.caption)? + sheet.gap(14.0);
        for row in self.panels.chunks(columns) {
            let plans = row
                .iter()
                .map(|panel| Plan::new(&sheet, panel, &self.counts_title, (panel_width, plot)))
                .collect::<Result<Vec<_>, _>>()?;
            let head = plans.iter().map(Plan::head).fold(0.0, f64::max);
            let body = plans.iter().map(Plan::body).fold(0.0, f64::max);
            let foot = plans.iter().map(Plan::foot).fold(0.0, f64::max);
            for (i, plan) in plans.iter().enumerate() {
                let left = sheet.left() + i as f64 * (panel_width + GUTTER);
                plan.draw(&mut sheet, left, y, y + head, body);
            }
            y += head + body + foot + sheet.gap(ROW_GAP);
        }
        let height = sheet.notes(y - sheet.gap(ROW_GAP - 16.0), &self.caption)?;
        Ok((sheet.finish(height), self.panels.len().div_ceil(columns)))
    }
}

/// Refuses numbers that have no place in the picture.
fn check(panel: &Joint) -> Result<(), ChartError> {
    let place = || panel.outcome.clone();
    let bars = || panel.sides().into_iter().flat_map(|(side, _)| &side.bars);
    if bars().next().is_none() {
        return Err(ChartError::Empty);
    }
    let numbers = bars().flat_map(|bar| [bar.value, bar.mean]);
    let lines = panel.lines.iter().flat_map(|(from, to, people)| [*from, *to, *people]);
    for value in numbers.chain(lines).chain([panel.people]) {
        if !value.is_finite() {
            return Err(ChartError::Number { place: place(), value });
        }
    }
    match bars().find(|bar| bar.mean < 0.0).map(|bar| bar.mean) {
        Some(value) => Err(ChartError::Number { place: place(), value }),
        None if panel.people <= 0.0 => Err(ChartError::Number { place: place(), value: panel.people }),
        None => Ok(()),
    }
}
