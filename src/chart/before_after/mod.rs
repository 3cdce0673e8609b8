//! Before and after: one panel per outcome, each with its own axis and a difference axis beside it.
//!
//! The difference axis floats (Gardner and Altman): its zero lies at the mean before, its point at
//! the mean after. Where the correlation of the two occasions was not reported there is one
//! interval for each assumed correlation, all drawn alike, since none is the default.

mod describe;
mod panel;

use super::caption::Caption;
use super::drawn::{Layout, Plotted, filled};
use super::scene::Scene;
use super::sheet::Sheet;
use super::text::Fonts;
use super::{ChartError, Style};
use crate::numeric::interval::Interval;
use crate::reported::{Direction, Lang};
use panel::{Heights, Plan};

/// Width of a panel, in pixels, when the chart chooses.
const PANEL: f64 = 315.0;
/// Width of a chart of one or two panels.
const LEAST_WIDTH: f64 = 640.0;
/// Narrowest panel before a row takes fewer.
const LEAST_PANEL: f64 = 250.0;
/// Most panels in a row.
const PER_ROW: usize = 4;
/// Space between panels side by side.
const GUTTER: f64 = 24.0;
/// Space between rows of panels.
const ROW_GAP: f64 = 26.0;

/// A before/after chart: titles, panels, notes.
#[derive(Debug, Clone, PartialEq)]
pub struct BeforeAfter {
    /// The words around the picture.
    pub caption: Caption,
    /// One panel per outcome.
    pub panels: Vec<Panel>,
}

/// One outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Name of the outcome.
    pub outcome: String,
    /// Its unit, written in parentheses after the name.
    pub unit: Option<String>,
    /// Number of people, without “n =”.
    pub n: Option<String>,
    /// Which way is good.
    pub better: Option<Direction>,
    /// Ends of the outcome's scale.
    pub limits: ScaleLimits,
    /// The first occasion.
    pub before: Occasion,
    /// The second occasion.
    pub after: Occasion,
    /// The change between them.
    pub difference: Difference,
    /// A remark under the panel.
    pub remark: Option<String>,
    /// Panels with the same name here, such as the arms of one outcome, have the same axis of values, and the
    /// same steps on their axes of differences; none for an axis of its own.
    pub shares: Option<String>,
}

impl Panel {
    /// Whether a bar or an interval of one of the panels of a chart ends beyond its axis, in an arrow, which a note then
    /// has to explain.
    pub(crate) fn go_beyond(panels: &[Panel], lang: Lang) -> bool {
        panels.iter().any(|panel| panel::goes_beyond(panel, panels, lang))
    }
}

/// Least and greatest possible value of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScaleLimits {
    /// Least possible value; the axis starts there.
    pub min: Option<f64>,
    /// Greatest possible value; the axis never goes beyond.
    pub max: Option<f64>,
}

/// What was reported at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Occasion {
    /// Name of the time, such as “before”.
    pub label: String,
    /// The value exactly as printed, such as “2.9 ± 1.1”.
    pub printed: String,
    /// The mean.
    pub mean: f64,
    /// The bar through the mean, if a spread was reported.
    pub bar: Option<Interval>,
}

/// After minus before.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Name, such as “difference”.
    pub label: String,
    /// The value as text, such as “−2.5”.
    pub printed: String,
    /// The value.
    pub estimate: f64,
    /// Intervals under different assumptions.
    pub intervals: Vec<LabelledInterval>,
    /// Title of the difference axis.
    pub axis_title: String,
    /// What the labels of the intervals are, such as “95 % CI if r =”.
    pub intervals_title: String,
    /// Why there is no interval.
    pub absent: Option<String>,
}

/// An interval and the assumption it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledInterval {
    /// The assumption, such as “0.3”.
    pub label: String,
    /// The interval; its ends may be infinite.
    pub interval: Interval,
}

impl Layout for BeforeAfter {
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
        let mut table = Plotted::new(&["outcome", "what", "label", "value", "lower", "upper"]);
        for panel in &self.panels {
            for (what, occasion) in [("before", &panel.before), ("after", &panel.after)] {
                let end = |end: fn(Interval) -> f64| occasion.bar.map(end);
                let numbers = [Some(occasion.mean), end(|bar| bar.lower), end(|bar| bar.upper)];
                table.row(&[&panel.outcome, what, &occasion.label], &numbers);
            }
            let difference = &panel.difference;
            table.row(&[&panel.outcome, "difference", &difference.label], &[Some(difference.estimate), None, None]);
            for LabelledInterval { label, interval } in &difference.intervals {
                let numbers = [Some(difference.estimate), Some(interval.lower), Some(interval.upper)];
                table.row(&[&panel.outcome, "interval", label], &numbers);
            }
        }
        table
    }

    fn layout(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
        if self.panels.is_empty() {
            return Err(ChartError::Empty);
        }
        filled(style, panel::PLOT, |plot| self.drawn(fonts, style, plot))
    }
}

impl BeforeAfter {
    /// The chart with plots of this height, and in how many rows they stand.
    fn drawn(&self, fonts: &Fonts<'_>, style: &Style, plot: f64) -> Result<(Scene, usize), ChartError> {
        let count = self.panels.len();
        let natural = count.div_ceil(count.div_ceil(PER_ROW));
        let width = style.width_or(LEAST_WIDTH.max(natural as f64 * PANEL + style.theme.margin))?;
        let mut sheet = Sheet::new(fonts, &style.theme, width);
        let room = sheet.inner_width() + GUTTER;
        let mut columns = natural.min((room / (LEAST_PANEL + GUTTER)) as usize).max(1);
        let panel_width = |columns: usize| room / columns as f64 - GUTTER;
        // Fewer panels in a row, if that keeps words whole.
        while columns > 1 {
            let mut is_cramped = false;
            for panel in &self.panels {
                is_cramped |= Plan::new(&sheet, panel, self, (panel_width(columns), plot))?.is_cramped();
            }
            if !is_cramped {
                break;
            }
            columns -= 1;
            // Rows of even length.
            columns = count.div_ceil(count.div_ceil(columns));
        }
        let panel_width = panel_width(columns);
        let mut y = sheet.heading(&self.caption)? + sheet.gap(14.0);
        for row in self.panels.chunks(columns) {
            let plans = row
                .iter()
                .map(|panel| Plan::new(&sheet, panel, self, (panel_width, plot)))
                .collect::<Result<Vec<_>, _>>()?;
            let heights = plans.iter().map(Plan::heights).fold(Heights::of_plot(plot), Heights::most);
            for (i, plan) in plans.iter().enumerate() {
                let left = sheet.left() + i as f64 * (panel_width + GUTTER);
                plan.draw(&mut sheet, (left, y), &heights);
            }
            y += heights.total() + sheet.gap(ROW_GAP);
        }
        let height = sheet.notes(y - sheet.gap(ROW_GAP - 18.0), &self.caption)?;
        Ok((sheet.finish(height), count.div_ceil(columns)))
    }
}
