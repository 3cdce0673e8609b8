//! What a laid-out chart consists of: a list of marks in pixels, in drawing order.
//!
//! Layout ends here. Every text has been cleaned and checked, every line cut, so that painting a
//! scene makes no decision any more.

use super::text::{Across, Along};
use super::theme::Colour;

/// A position in pixels, y downwards.
pub type Point = (f64, f64);

/// A finished chart, ready to paint.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    pub width: f64,
    pub height: f64,
    pub paper: Colour,
    pub marks: Vec<Mark>,
}

/// One thing to paint.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Mark {
    /// A line through points.
    Line { points: Vec<Point>, colour: Colour, width: f64 },
    /// A filled area.
    Area { points: Vec<Point>, colour: Colour },
    /// A filled circle.
    Disc { centre: Point, radius: f64, colour: Colour },
    /// A line of text.
    Text(Text),
}

impl Mark {
    /// Its only colour.
    pub fn colour(&self) -> Colour {
        match self {
            Mark::Line { colour, .. } | Mark::Area { colour, .. } | Mark::Disc { colour, .. } => *colour,
            Mark::Text(text) => text.colour,
        }
    }
}

/// A line of text and how it hangs on its point.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    pub text: String,
    pub at: Point,
    pub size: f64,
    pub colour: Colour,
    pub along: Along,
    pub across: Across,
    /// Reads from top to bottom.
    pub downwards: bool,
}
