//! Entries of a legend beside each other, in as many lines as they need.

use super::scene::Point;
use super::sheet::Sheet;

/// Where the next entry stands.
pub(super) struct LegendLines {
    left: f64,
    right: f64,
    x: f64,
    y: f64,
    /// The height of the highest entry of the line.
    height: f64,
    /// The room between lines.
    leading: f64,
}

impl LegendLines {
    pub(super) fn new(sheet: &Sheet<'_>, top: f64, leading: f64) -> Self {
        Self { left: sheet.left(), right: sheet.right(), x: sheet.left(), y: top, height: 0.0, leading }
    }

    /// The upper left corner of an entry of this width and height, which stands `apart` from the next one.
    pub(super) fn place(&mut self, (width, height): (f64, f64), apart: f64) -> Point {
        if self.x > self.left && self.x + width > self.right {
            (self.x, self.y, self.height) = (self.left, self.y + self.height + self.leading, 0.0);
        }
        let corner = (self.x, self.y);
        self.height = self.height.max(height);
        self.x += width + apart;
        corner
    }

    /// Where the last line ends.
    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }
}
