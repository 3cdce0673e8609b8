//! The sheet all charts are laid out on: measured blocks of text, marks, title and footnotes.

use super::ChartError;
use super::caption::Caption;
use super::scene::{Mark, Point, Scene, Text};
use super::text::{Across, Along, Fonts};
use super::theme::{Colour, Theme};
use super::wrap::{LEAST_SIZE, cuts_number, shrinking, widest_number, widest_piece, widest_word, wrap};

/// A word of a heading that is no longer than so many ems is not broken: 評価項目・時点.
const HEADING_WORD: f64 = 7.0;

/// A chart while it is laid out.
pub(super) struct Sheet<'a> {
    pub fonts: &'a Fonts<'a>,
    pub theme: &'a Theme,
    pub width: f64,
    marks: Vec<Mark>,
}

/// Text broken into lines, not yet placed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Block {
    lines: Vec<String>,
    size: f64,
    /// Distance of baselines in pixels.
    leading: f64,
    /// Length of the longest line.
    pub width: f64,
}

impl Block {
    /// Height with the leading of every line; no text takes no room.
    pub fn height(&self) -> f64 {
        self.lines.len() as f64 * self.leading
    }

    /// How many lines it has.
    pub fn count(&self) -> usize {
        self.lines.len()
    }

    /// Height followed by a gap, both nothing if there is no text.
    pub fn height_and(&self, gap: f64) -> f64 {
        if self.lines.is_empty() { 0.0 } else { self.height() + gap }
    }

    /// Both blocks, one under the other; the size is that of the first.
    pub fn above(mut self, below: Block) -> Block {
        self.width = self.width.max(below.width);
        self.size = self.size.max(below.size);
        self.leading = self.leading.max(below.leading);
        self.lines.extend(below.lines);
        self
    }
}

/// Ways an arrowhead can point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    Up,
    Down,
    Left,
    Right,
}

impl<'a> Sheet<'a> {
    pub fn new(fonts: &'a Fonts<'a>, theme: &'a Theme, width: f64) -> Self {
        Sheet { fonts, theme, width, marks: Vec::new() }
    }

    /// A free space between parts, which is less where the picture is too low for the usual.
    pub fn gap(&self, usual: f64) -> f64 {
        usual * self.theme.spacing
    }

    /// Where what stands at the left begins.
    pub fn left(&self) -> f64 {
        self.theme.margin
    }

    /// Where what stands at the right ends.
    pub fn right(&self) -> f64 {
        self.width - self.theme.margin
    }

    /// The width between the margins.
    pub fn inner_width(&self) -> f64 {
        self.width - 2.0 * self.theme.margin
    }

    /// Where the marks of a row stand that starts with a line of text of this size: beside the line.
    pub fn beside(&self, size: f64) -> f64 {
        size * self.theme.leading / 2.0
    }

    /// Checks a text and breaks it to a width; where a number in it is wider than that, the text becomes smaller.
    pub fn block(&self, text: &str, size: f64, width: f64) -> Result<Block, ChartError> {
        let text = self.fonts.prepare(text)?;
        // A hair keeps what just fits from being broken by rounding.
        let shrunk = shrinking(self.fonts, &text, size, width);
        let size = if shrunk < 1.0 { (0.999 * shrunk * size).max(LEAST_SIZE.min(size)) } else { size };
        let lines = wrap(self.fonts, &text, size, width);
        let width = lines.iter().map(|line| self.fonts.width(line, size)).fold(0.0, f64::max);
        Ok(Block { lines, size, leading: size * self.theme.leading, width })
    }

    /// Checks a text and measures it on one line.
    pub fn measure(&self, text: &str, size: f64) -> Result<f64, ChartError> {
        Ok(self.fonts.width(&self.fonts.prepare(text)?, size))
    }

    /// Checks a text and measures its widest piece that is not broken between lines.
    pub fn least(&self, text: &str, size: f64) -> Result<f64, ChartError> {
        Ok(widest_piece(self.fonts, &self.fonts.prepare(text)?, size))
    }

    /// The same of a heading, whose words stay whole in Japanese too as far as they are of a usual length.
    pub fn least_of_heading(&self, text: &str, size: f64) -> Result<f64, ChartError> {
        let text = self.fonts.prepare(text)?;
        Ok(widest_piece(self.fonts, &text, size).max(widest_word(self.fonts, &text, size, HEADING_WORD)))
    }

    /// Whether a text has a number that this width would cut, however small it is written.
    pub fn cuts_number(&self, text: &str, size: f64, width: f64) -> Result<bool, ChartError> {
        Ok(cuts_number(self.fonts, &self.fonts.prepare(text)?, size, width))
    }

    /// Checks a text and measures its widest number.
    pub fn widest_number(&self, text: &str, size: f64) -> Result<f64, ChartError> {
        Ok(widest_number(self.fonts, &self.fonts.prepare(text)?, size))
    }

    /// Writes a block below `top`, its lines hanging on `x` by `along`.
    pub fn write(&mut self, block: &Block, x: f64, top: f64, along: Along, colour: Colour) {
        for (i, text) in block.lines.iter().enumerate() {
            let y = top + self.baseline(block.size, i);
            self.text(text, (x, y), block.size, colour, (along, Across::Baseline));
        }
    }

    /// Writes a block turned to read downwards, its first line rightmost, centred on `y`.
    pub fn write_downwards(&mut self, block: &Block, left: f64, y: f64, colour: Colour) {
        let right = left + block.height();
        for (i, text) in block.lines.iter().enumerate() {
            self.marks.push(Mark::Text(Text {
                text: text.clone(),
                at: (right - self.baseline(block.size, i), y),
                size: block.size,
                colour,
                along: Along::Middle,
                across: Across::Baseline,
                downwards: true,
            }));
        }
    }

    /// Writes one line that has been checked before, or is a number.
    pub fn text(&mut self, text: &str, at: Point, size: f64, colour: Colour, (along, across): (Along, Across)) {
        let text = text.to_owned();
        self.marks.push(Mark::Text(Text { text, at, size, colour, along, across, downwards: false }));
    }

    pub fn line(&mut self, from: Point, to: Point, colour: Colour, width: f64) {
        self.marks.push(Mark::Line { points: vec![from, to], colour, width });
    }

    /// A line through several points.
    pub fn polyline(&mut self, points: Vec<Point>, colour: Colour, width: f64) {
        if points.len() > 1 {
            self.marks.push(Mark::Line { points, colour, width });
        }
    }

    /// A broken line through several points, dash and gap in pixels.
    pub fn dashed(&mut self, points: &[Point], (dash, gap): (f64, f64), colour: Colour, width: f64) {
        for piece in dashes(points, dash, gap) {
            self.polyline(piece, colour, width);
        }
    }

    pub fn disc(&mut self, centre: Point, radius: f64, colour: Colour) {
        self.marks.push(Mark::Disc { centre, radius, colour });
    }

    /// A filled outline.
    pub fn area(&mut self, points: Vec<Point>, colour: Colour) {
        self.marks.push(Mark::Area { points, colour });
    }

    /// A square by its centre and half its side.
    pub fn square(&mut self, (x, y): Point, half: f64, colour: Colour) {
        let points = vec![(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)];
        self.marks.push(Mark::Area { points, colour });
    }

    /// A square on its corner.
    pub fn diamond(&mut self, (x, y): Point, half: f64, colour: Colour) {
        let points = vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)];
        self.marks.push(Mark::Area { points, colour });
    }

    /// An arrowhead with its tip at `tip`: what is shown goes on beyond the edge.
    pub fn arrow(&mut self, (x, y): Point, heading: Heading, colour: Colour) {
        let (long, half) = (7.0, 4.0);
        let points = match heading {
            Heading::Up => vec![(x, y), (x + half, y + long), (x - half, y + long)],
            Heading::Down => vec![(x, y), (x - half, y - long), (x + half, y - long)],
            Heading::Left => vec![(x, y), (x + long, y - half), (x + long, y + half)],
            Heading::Right => vec![(x, y), (x - long, y + half), (x - long, y - half)],
        };
        self.marks.push(Mark::Area { points, colour });
    }

    /// Title and subtitle at the top; gives where they end.
    pub fn heading(&mut self, caption: &Caption) -> Result<f64, ChartError> {
        let theme = self.theme;
        let width = self.inner_width();
        let mut y = theme.margin - 4.0;
        for (text, size, colour) in
            [(&caption.title, theme.title, theme.ink), (&caption.subtitle, theme.subtitle, theme.muted)]
        {
            let block = self.block(text, size, width)?;
            self.write(&block, theme.margin, y, Along::Start, colour);
            y += block.height_and(4.0 * theme.spacing);
        }
        Ok(y)
    }

    /// Footnotes and source below `y`; gives the height of the whole picture.
    pub fn notes(&mut self, mut y: f64, caption: &Caption) -> Result<f64, ChartError> {
        let (theme, width) = (self.theme, self.inner_width());
        for note in caption.footnotes.iter().chain([&caption.source]) {
            let block = self.block(note, theme.small, width)?;
            self.write(&block, theme.margin, y, Along::Start, theme.muted);
            y += block.height_and(2.0 * theme.spacing);
        }
        Ok((y + (theme.margin - 8.0).max(4.0)).ceil())
    }

    /// Ends the layout.
    pub fn finish(self, height: f64) -> Scene {
        Scene { width: self.width, height, paper: self.theme.paper, marks: self.marks }
    }

    /// Distance of a line's baseline from the top of its block.
    fn baseline(&self, size: f64, line: usize) -> f64 {
        let leading = size * self.theme.leading;
        let above = (leading + self.fonts.cap_height(size)) / 2.0;
        line as f64 * leading + above
    }
}

/// The drawn pieces of a broken line; the pattern runs on round corners.
fn dashes(points: &[Point], dash: f64, gap: f64) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let (mut is_drawn, mut left) = (true, dash);
    let mut piece: Vec<Point> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            if length <= left {
                left -= length;
                if is_drawn {
                    piece.push(to);
                }
                break;
            }
            let share = left / length;
            from = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
            if is_drawn {
                piece.push(from);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![from];
            }
            is_drawn = !is_drawn;
            left = if is_drawn { dash } else { gap };
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_goes_round_corners() {
        let pieces = dashes(&[(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)], 4.0, 2.0);
        assert_eq!(pieces[0], [(0.0, 0.0), (4.0, 0.0)]);
        assert_eq!(pieces[1], [(5.0, 1.0), (5.0, 5.0)]);
        assert_eq!(pieces.len(), 2);
    }
}
