//! Points, lines and areas over two axes: one panel or several.
//!
//! The one drawing of all charts that place numbers in a plane: funnel, regression, sensitivity,
//! trajectories. What they show comes as layers, in drawing order; each layer has a name, which the
//! legend and the table of plotted numbers use.

mod data;
mod describe;
mod frame;
mod layers;
mod layout;
mod names;

use super::ChartError;
use super::Style;
use super::axes::Axis;
use super::caption::Caption;
use super::drawn::{Layout, Plotted};
use super::scene::Scene;
use super::text::Fonts;
use super::theme::{Colour, Theme};

/// A chart of panels with two axes each.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// The words around the picture.
    pub caption: Caption,
    /// What it shows in numbers, a sentence each, for readers who do not see it.
    pub facts: Vec<String>,
    /// The panels, in reading order.
    pub panels: Vec<Frame>,
    /// How many panels stand side by side where there is room.
    pub columns: usize,
    /// Height of a plot as a share of its width.
    pub aspect: f64,
}

/// One panel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    /// Its name; empty where the chart has only one.
    pub heading: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// A second vertical axis at the right: its title, and what is subtracted from the values of
    /// the first.
    pub right: Option<(String, f64)>,
    /// What is drawn, the first lowest.
    pub layers: Vec<Layer>,
    /// A remark under the panel.
    pub remark: String,
}

/// Things of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// What they are, such as “studies”.
    pub name: String,
    /// Whether the legend lists them.
    pub listed: bool,
    /// Their colour.
    pub ink: Ink,
    /// What is subtracted from their places along y to give their values: that of the second axis for what
    /// is read there.
    pub origin: f64,
    /// How far to the right of their places along x things are drawn, so that those of several groups at one place do
    /// not cover one another.
    pub beside: f64,
    /// The things.
    pub content: Content,
}

/// What a layer consists of.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A mark at each datum.
    Dots {
        /// The data.
        dots: Vec<Dot>,
        /// The mark.
        shape: Shape,
    },
    /// A line through points.
    Curve {
        /// The points in order.
        points: Vec<(f64, f64)>,
        /// Width in pixels.
        width: f64,
        /// A broken line.
        dashed: bool,
    },
    /// Many thin lines, one for each person or data set, by their names.
    Lines {
        /// Name and points of each.
        lines: Vec<(String, Vec<(f64, f64)>)>,
        /// Width in pixels.
        width: f64,
    },
    /// The area between two curves: x, lower, upper.
    Band {
        /// The points in order of x.
        points: Vec<(f64, f64, f64)>,
    },
    /// A filled outline.
    Area {
        /// Its corners.
        corners: Vec<(f64, f64)>,
    },
    /// Intervals, upright or lying.
    Spans {
        /// The intervals.
        spans: Vec<Span>,
        /// They run along x.
        lying: bool,
        /// Width in pixels.
        width: f64,
    },
    /// A straight line across the whole panel.
    Rule {
        /// Where.
        at: f64,
        /// It stands on the x axis.
        upright: bool,
        /// How it is broken.
        dash: Dash,
    },
}

/// Dash and gap of broken lines, in pixels.
const DASH: (f64, f64) = (6.0, 4.0);

/// How a straight line is broken, so that several lines can be told apart without colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dash {
    /// Not at all.
    Solid,
    /// Into dashes.
    Dashed,
    /// Into dots.
    Dotted,
    /// Into long dashes.
    Long,
}

impl Dash {
    /// Length of a dash and of a gap in pixels; none for a line that is whole.
    pub(super) fn pattern(self) -> Option<(f64, f64)> {
        match self {
            Dash::Solid => None,
            Dash::Dashed => Some(DASH),
            Dash::Dotted => Some((1.5, 2.5)),
            Dash::Long => Some((11.0, 2.5)),
        }
    }
}

/// A datum.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// Its value along x.
    pub x: f64,
    /// Its value along y.
    pub y: f64,
    /// Radius of its mark in pixels.
    pub radius: f64,
    /// Whose it is.
    pub name: String,
    /// Whether the name is written beside the mark, where there is room.
    pub named: bool,
    /// How far beside its value along x it is drawn, so that data of one value do not hide each other.
    pub beside: f64,
}

/// An interval at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The place on the other axis.
    pub at: f64,
    /// Its lower end; may be infinite.
    pub lower: f64,
    /// Its upper end; may be infinite.
    pub upper: f64,
    /// Whose it is.
    pub name: String,
}

/// Marks of a datum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// A filled circle.
    Disc,
    /// A circle with paper inside.
    Ring,
    /// A filled square.
    Square,
    /// A filled square on its corner.
    Diamond,
    /// A filled triangle.
    Triangle,
}

/// Colours by what they are for; the theme says which they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// That of texts.
    Ink,
    /// That of notes.
    Muted,
    /// That of axes.
    Line,
    /// That of the line of no effect.
    Reference,
    /// The value before.
    Before,
    /// The value after.
    After,
    /// One of several series.
    Series(usize),
    /// A light tint of a series, for areas.
    Tint(usize),
    /// A series that recedes behind what is drawn over it, for lines.
    Faint(usize),
    /// A grey for areas beside one another, which tells them apart; the higher, the darker (0 to 2).
    Contour(u8),
    /// A grey close to the paper; the higher, the darker (0 to 3).
    Shade(u8),
}

impl Ink {
    pub(super) fn colour(self, theme: &Theme) -> Colour {
        let series = |at: usize| theme.series[at % theme.series.len()];
        match self {
            Ink::Ink => theme.ink,
            Ink::Muted => theme.muted,
            Ink::Line => theme.line,
            Ink::Reference => theme.reference,
            Ink::Before => theme.before,
            Ink::After => theme.after,
            Ink::Series(at) => series(at),
            Ink::Tint(at) => theme.paper.towards(series(at), 0.2),
            Ink::Faint(at) => theme.paper.towards(series(at), 0.45),
            Ink::Contour(depth) => theme.paper.towards(theme.muted, 0.11 + 0.075 * f64::from(depth.min(2))),
            Ink::Shade(depth) => theme.paper.towards(theme.muted, 0.08 + 0.09 * f64::from(depth.min(3))),
        }
    }
}

impl Layer {
    fn of(name: impl Into<String>, ink: Ink, content: Content) -> Self {
        Layer { name: name.into(), listed: false, ink, origin: 0.0, beside: 0.0, content }
    }

    /// A layer of marks.
    #[must_use]
    pub fn dots(name: impl Into<String>, ink: Ink, shape: Shape, dots: Vec<Dot>) -> Self {
        Layer::of(name, ink, Content::Dots { dots, shape })
    }

    /// A layer of one line.
    #[must_use]
    pub fn curve(name: impl Into<String>, ink: Ink, width: f64, points: Vec<(f64, f64)>) -> Self {
        Layer::of(name, ink, Content::Curve { points, width, dashed: false })
    }

    /// A layer of one broken line.
    #[must_use]
    pub fn dashed(name: impl Into<String>, ink: Ink, width: f64, points: Vec<(f64, f64)>) -> Self {
        Layer::of(name, ink, Content::Curve { points, width, dashed: true })
    }

    /// A layer of many thin lines by their names.
    #[must_use]
    pub fn lines(name: impl Into<String>, ink: Ink, width: f64, lines: Vec<(String, Vec<(f64, f64)>)>) -> Self {
        Layer::of(name, ink, Content::Lines { lines, width })
    }

    /// A layer of the area between two curves.
    #[must_use]
    pub fn band(name: impl Into<String>, ink: Ink, points: Vec<(f64, f64, f64)>) -> Self {
        Layer::of(name, ink, Content::Band { points })
    }

    /// A layer of a filled outline.
    #[must_use]
    pub fn area(name: impl Into<String>, ink: Ink, corners: Vec<(f64, f64)>) -> Self {
        Layer::of(name, ink, Content::Area { corners })
    }

    /// A layer of intervals along y.
    #[must_use]
    pub fn upright(name: impl Into<String>, ink: Ink, width: f64, spans: Vec<Span>) -> Self {
        Layer::of(name, ink, Content::Spans { spans, lying: false, width })
    }

    /// A layer of intervals along x.
    #[must_use]
    pub fn lying(name: impl Into<String>, ink: Ink, width: f64, spans: Vec<Span>) -> Self {
        Layer::of(name, ink, Content::Spans { spans, lying: true, width })
    }

    /// A line across the panel at a value of y.
    #[must_use]
    pub fn level(name: impl Into<String>, ink: Ink, at: f64) -> Self {
        Layer::of(name, ink, Content::Rule { at, upright: false, dash: Dash::Solid })
    }

    /// A line across the panel at a value of x.
    #[must_use]
    pub fn wall(name: impl Into<String>, ink: Ink, at: f64, dash: Dash) -> Self {
        Layer::of(name, ink, Content::Rule { at, upright: true, dash })
    }

    /// The same layer, whose values along y count from here.
    #[must_use]
    pub fn measured_from(mut self, origin: f64) -> Self {
        self.origin = origin;
        self
    }

    /// The same layer, drawn so far beside its places along x.
    #[must_use]
    pub fn drawn_beside(mut self, beside: f64) -> Self {
        self.beside = beside;
        self
    }

    /// The same layer, listed in the legend.
    #[must_use]
    pub fn listed(mut self) -> Self {
        self.listed = true;
        self
    }
}

impl Dot {
    /// A datum whose name stays unwritten.
    #[must_use]
    pub fn new(x: f64, y: f64, radius: f64, name: impl Into<String>) -> Self {
        Dot { x, y, radius, name: name.into(), named: false, beside: 0.0 }
    }

    /// The same datum, drawn so far beside its value along x.
    #[must_use]
    pub fn drawn_beside(mut self, beside: f64) -> Self {
        self.beside = beside;
        self
    }

    /// The same datum with its name beside it.
    #[must_use]
    pub fn named(mut self) -> Self {
        self.named = true;
        self
    }
}

impl Layout for Plane {
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
        data::table(self)
    }

    fn layout(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
        layout::chart(self, fonts, style)
    }
}
