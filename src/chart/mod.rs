//! Charts of results, as SVG, PNG and PDF.
//!
//! A chart is plain data: numbers to place and finished texts to print. Nothing statistical is
//! computed here; intervals, ratios and remarks come from the caller.
//!
//! - [`BeforeAfter`]: one panel per outcome, the value before and after with a difference axis.
//! - [`Ensemble`]: the data sets that may stand behind before and after, value by value.
//! - [`Plane`]: points, lines and areas over two axes; funnel, regression, sensitivity and many more.
//! - [`Forest`]: rows of texts with an estimate and an interval each; [`ForestPanels`]: several such tables.
//! - [`Icons`]: proportions as icons, one for each person, with intervals.
//! - [`Overview`]: outcomes of several releases on one logarithmic axis of after ÷ before.
//!
//! All are drawn by [`Chart::svg`], [`Chart::png`] and `Chart::pdf` with a [`Style`], or laid out once by
//! [`Chart::laid_out`] for several pictures; [`Chart::data`] gives the plotted numbers. Each chart is laid out into a list of marks
//! (`scene`), which `paint` sends through plotters to one of three backends (`svg`, `png`, `pdf`) that
//! share one text engine (`text`, `wrap`). The same input gives the same bytes.
//!
//! ```
//! # #[cfg(feature = "font-ja")] {
//! use reffect::chart::{BeforeAfter, Caption, Chart, Difference, Occasion, Panel, ScaleLimits, Style};
//! use reffect::numeric::interval::Interval;
//! use reffect::reported::Direction;
//!
//! let chart = BeforeAfter {
//!     caption: Caption {
//!         title: "Tocilizumab in neuromyelitis optica".into(),
//!         subtitle: "Mean ± SD".into(),
//!         source: "Press release".into(),
//!         ..Caption::default()
//!     },
//!     panels: vec![Panel {
//!         outcome: "Annual relapse rate".into(),
//!         unit: Some("relapses/year".into()),
//!         n: Some("7".into()),
//!         better: Some(Direction::LowerIsBetter),
//!         limits: ScaleLimits { min: Some(0.0), max: None },
//!         before: Occasion {
//!             label: "before".into(),
//!             printed: "2.9 ± 1.1".into(),
//!             mean: 2.9,
//!             bar: Some(Interval { lower: 1.8, upper: 4.0 }),
//!         },
//!         after: Occasion {
//!             label: "after 1 year".into(),
//!             printed: "0.4 ± 0.8".into(),
//!             mean: 0.4,
//!             bar: Some(Interval { lower: -0.4, upper: 1.2 }),
//!         },
//!         difference: Difference {
//!             label: "difference".into(),
//!             printed: "−2.5".into(),
//!             estimate: -2.5,
//!             intervals: vec![],
//!             axis_title: "after − before".into(),
//!             intervals_title: String::new(),
//!             absent: Some("no r assumed".into()),
//!         },
//!         remark: None,
//!         shares: None,
//!     }],
//! };
//! let svg = chart.svg(&Style::default()).unwrap();
//! assert!(svg.contains(">2.9 ± 1.1</text>"));
//! # }
//! ```

mod axes;
mod axis;
mod before_after;
mod caption;
mod clean;
mod clip;
mod drawn;
mod ensemble;
mod error;
mod font;
mod forest;
mod icons;
mod laid_out;
mod legend;
mod overview;
mod paint;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "pdf")]
mod pdf_text;
mod plane;
mod png;
mod scene;
mod sheet;
mod style;
mod svg;
mod svg_in_page;
mod text;
mod theme;
mod wrap;

pub use axes::{Axis, TickNumbers};
pub use before_after::{BeforeAfter, Difference, LabelledInterval, Occasion, Panel, ScaleLimits};
pub use caption::Caption;
pub use clean::is_right_to_left;
pub use drawn::Chart;
pub use ensemble::{Ensemble, Joint, Side, Spine, ValueBar};
pub use error::ChartError;
pub use font::Typeface;
#[cfg(feature = "font-ja")]
pub use font::embedded_font;
#[cfg(feature = "html")]
pub use font::embedded_subset;
pub use forest::{Column, Fitted, Forest, ForestPanels, ForestRow, ForestScale, RowMark};
pub use icons::{IconRow, Icons, MethodInterval};
pub use laid_out::LaidOut;
pub use overview::{Group, Headings, Legend, Overview, Row};
pub use plane::{Content, Dash, Dot, Frame, Ink, Layer, Plane, Shape, Span};
pub use style::Style;
pub use svg::is_svg_of;
pub use theme::{Colour, Theme};

use crate::numeric::interval::Interval;

/// Refuses ends that are no numbers or in the wrong order; they may be infinite.
fn check_interval(interval: Interval, place: impl Fn() -> String) -> Result<(), ChartError> {
    let Interval { lower, upper } = interval;
    if lower.is_nan() || upper.is_nan() {
        return Err(ChartError::Number { place: place(), value: f64::NAN });
    }
    if lower > upper {
        return Err(ChartError::Limits { place: place(), lower, upper });
    }
    Ok(())
}
