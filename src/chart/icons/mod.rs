//! Proportions: an icon for each person, and intervals for the share.

mod layout;

use super::caption::Caption;
use super::drawn::{Layout, Plotted};
use super::scene::Scene;
use super::text::Fonts;
use super::{ChartError, Style, check_interval};
use crate::numeric::interval::Interval;
use crate::reported::Lang;

/// Proportions as icons.
#[derive(Debug, Clone, PartialEq)]
pub struct Icons {
    /// The words around the picture.
    pub caption: Caption,
    /// What a filled and what an empty icon is.
    pub legend: [String; 2],
    /// The proportions.
    pub rows: Vec<IconRow>,
    /// Title of the axis of shares.
    pub axis_title: String,
}

/// One proportion.
#[derive(Debug, Clone, PartialEq)]
pub struct IconRow {
    /// What the people have.
    pub name: String,
    /// The proportion as text, such as “5/7 (71 %)”.
    pub printed: String,
    /// How many have it.
    pub k: u64,
    /// How many there are.
    pub n: u64,
    /// Intervals of the share, 0 to 1.
    pub intervals: Vec<MethodInterval>,
}

/// An interval and how it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodInterval {
    /// The method, such as “Wilson”.
    pub method: String,
    /// The interval as text.
    pub printed: String,
    /// The interval.
    pub interval: Interval,
}

impl Layout for Icons {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn caption_mut(&mut self) -> &mut Caption {
        &mut self.caption
    }

    fn description(&self) -> String {
        let (colon, comma) = match self.caption.lang {
            Lang::En => (": ", ", "),
            Lang::Ja => ("：", "、"),
        };
        let mut lines = vec![self.caption.subtitle.clone()];
        for row in &self.rows {
            let intervals: Vec<String> =
                row.intervals.iter().map(|one| format!("{} {}", one.method, one.printed)).collect();
            lines.push(format!("{}{colon}{}{comma}{}", row.name, row.printed, intervals.join(comma)));
        }
        lines.push(self.caption.source.clone());
        lines.retain(|line| !line.trim().is_empty());
        lines.join("\n")
    }

    fn plotted(&self) -> Plotted {
        let mut table = Plotted::new(&["name", "method", "k", "n", "estimate", "lower", "upper"]);
        for row in &self.rows {
            let (k, n) = (row.k as f64, row.n as f64);
            for one in &row.intervals {
                let numbers = [k, n, k / n, one.interval.lower, one.interval.upper].map(Some);
                table.row(&[&row.name, &one.method], &numbers);
            }
        }
        table
    }

    fn layout(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
        if self.rows.is_empty() {
            return Err(ChartError::Empty);
        }
        for row in &self.rows {
            if row.n == 0 || row.k > row.n {
                return Err(ChartError::Number { place: row.name.clone(), value: row.k as f64 / row.n as f64 });
            }
            row.intervals.iter().try_for_each(|one| check_interval(one.interval, || row.name.clone()))?;
        }
        layout::chart(self, fonts, style)
    }
}
