//! Several tables of rows under one caption, each with an axis of its own: ratios above differences.

use super::columns::{self, Columns};
use super::{Forest, ForestRow, Layout, describe, fold, rows};
use crate::chart::ChartError;
use crate::chart::Style;
use crate::chart::caption::Caption;
use crate::chart::drawn::Plotted;
use crate::chart::scene::Scene;
use crate::chart::sheet::Sheet;
use crate::chart::text::{Along, Fonts};

/// Free space between two tables.
const GAP: f64 = 20.0;

/// Tables of rows whose columns align and whose axes differ.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestPanels {
    /// The words around the picture.
    pub caption: Caption,
    /// The tables from top to bottom, all with the same columns; of their own captions only the titles are drawn.
    pub panels: Vec<Forest>,
}

impl ForestPanels {
    /// The same chart with other tables.
    fn with(&self, change: impl Fn(&Forest) -> Option<Forest>) -> Option<Self> {
        let panels = self.panels.iter().map(change).collect::<Option<_>>()?;
        Some(Self { caption: self.caption.clone(), panels })
    }

    /// Every column beside the plots.
    fn drawn(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
        let mut sheet = Sheet::new(fonts, &style.theme, style.width_or(columns::WIDTH)?);
        let mut y = sheet.heading(&self.caption)? + sheet.gap(10.0);
        // The columns are those of all rows together, so that they align.
        let mut all = self.panels.first().cloned().ok_or(ChartError::Empty)?;
        all.rows = self.panels.iter().flat_map(|panel| panel.rows.clone()).collect();
        let columns = Columns::new(&sheet, &all, rows::indent(&all))?;
        for (at, panel) in self.panels.iter().enumerate() {
            if at > 0 {
                y += sheet.gap(GAP);
            }
            let name = sheet.block(&panel.caption.title, style.theme.heading, sheet.inner_width())?;
            sheet.write(&name, sheet.left(), y, Along::Start, style.theme.ink);
            y += name.height_and(sheet.gap(4.0));
            y = rows::table_in(&mut sheet, panel, &columns, y)?;
        }
        let y = y + sheet.gap(14.0);
        let height = sheet.notes(y, &self.caption)?;
        Ok(sheet.finish(height))
    }
}

impl Layout for ForestPanels {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn caption_mut(&mut self) -> &mut Caption {
        &mut self.caption
    }

    fn description(&self) -> String {
        let mut lines = vec![self.caption.subtitle.clone()];
        for panel in &self.panels {
            lines.push(panel.caption.title.clone());
            lines.extend(describe::rows(panel));
        }
        lines.push(self.caption.source.clone());
        lines.retain(|line| !line.trim().is_empty());
        lines.join("\n")
    }

    fn plotted(&self) -> Plotted {
        // The name of each panel stands above its rows.
        let named =
            |panel: &Forest| [vec![ForestRow::heading(panel.caption.title.clone())], panel.rows.clone()].concat();
        let rows: Vec<ForestRow> = self.panels.iter().flat_map(named).collect();
        super::plotted(rows.iter())
    }

    fn shorter(&self) -> Vec<Box<dyn Layout>> {
        let Some(first) = self.panels.first() else { return Vec::new() };
        let steps = fold::without_columns(first).len();
        let shorter = |step: usize| {
            let mut chart = self.with(|panel| fold::without_columns(panel).into_iter().nth(step))?;
            // All panels lack the same columns.
            chart.caption.footnotes.extend(chart.panels.first()?.caption.footnotes.last().cloned());
            Some(Box::new(chart) as Box<dyn Layout>)
        };
        (0..steps).filter_map(shorter).collect()
    }

    fn layout(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
        for panel in &self.panels {
            panel.rows.iter().try_for_each(|row| panel.check(row))?;
        }
        match (self.drawn(fonts, style), self.with(fold::folded)) {
            (Err(ChartError::Crowded { .. }), Some(folded)) => folded.drawn(fonts, style),
            (drawn, _) => drawn,
        }
    }
}
