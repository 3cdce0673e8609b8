//! Names beside marks, where there is room for them.

use super::Dot;
use super::frame::Plot;
use crate::chart::caption::Caption;
use crate::chart::clip;
use crate::chart::scene::Point;
use crate::chart::sheet::Sheet;
use crate::chart::text::{Across, Along};
use crate::reported::Lang;

/// Free space between a name and a line beside it.
const CLEAR: f64 = 5.0;
/// Distance of a name from its mark.
const NAME_SPACE: f64 = 4.0;
/// By how much nearer to its own mark than to any other a name is that stands farther away.
const NEARER: f64 = 8.0;
/// How much farther the name of the largest mark may stand, in sizes of the text.
const FARTHER: [f64; 4] = [0.0, 0.7, 1.4, 2.1];

/// More data than these leave no room for names, and looking for it would take the square of their number.
const MOST_NAMED: usize = 1000;

/// More names than these are counted in the note and not listed.
const MOST_TOLD: usize = 20;

/// A rectangle that is taken: left, top, right, bottom.
type Box4 = [f64; 4];

/// What names keep clear of.
struct Room<'r> {
    plot: &'r Plot,
    marks: &'r [(&'r Dot, Point)],
    lines: &'r [Vec<Point>],
    taken: Vec<Box4>,
    /// By how much nearer a name is to its own mark than to any other.
    nearer: f64,
}

/// Writes the names of data beside their marks, each where it meets no other text, no mark and no line, and
/// is nearer to its own mark than to any other; a name without such a place stays unwritten. The largest mark,
/// where there is one, is named first, farther away or across a line if need be: without its name readers would
/// miss the datum that counts most.
///
/// Gives the places in `marks` of those whose names stay unwritten; those in `without` are not tried.
pub(super) fn write(
    sheet: &mut Sheet<'_>,
    plot: &Plot,
    marks: &[(&Dot, Point)],
    lines: &[Vec<Point>],
    without: &[usize],
) -> Vec<usize> {
    let named = |number: &usize| marks[*number].0.named;
    if marks.len() > MOST_NAMED {
        return (0..marks.len()).filter(named).collect();
    }
    let around = |(dot, (x, y)): &(&Dot, Point)| [x - dot.radius, y - dot.radius, x + dot.radius, y + dot.radius];
    let mut room = Room { plot, marks, lines, taken: marks.iter().map(around).collect(), nearer: 0.0 };
    let (largest, mut unwritten) = (largest(marks), Vec::new());
    if let Some(number) = largest {
        let mut ways = [false, true].into_iter().flat_map(|across| FARTHER.map(|farther| (farther, across)));
        let write = |(farther, across)| room.write(sheet, number, &places, (farther, across));
        if without.contains(&number) || !ways.any(write) {
            unwritten.push(number);
        }
    }
    for number in (0..marks.len()).filter(|number| named(number) && Some(*number) != largest) {
        if without.contains(&number) || !room.write(sheet, number, &places, (0.0, false)) {
            unwritten.push(number);
        }
    }
    // When all others have their places: farther away, where nobody can take it for the name of another.
    room.nearer = NEARER;
    unwritten.retain(|number| {
        without.contains(number)
            || Some(*number) == largest
            || !FARTHER[..3].iter().any(|farther| room.write(sheet, *number, &more_places, (*farther, false)))
    });
    unwritten.sort_unstable();
    unwritten
}

/// The caption with a note on names that stand nowhere.
pub(super) fn told<'n>(caption: &Caption, unwritten: impl Iterator<Item = &'n str>) -> Caption {
    let mut names: Vec<&str> = Vec::new();
    for name in unwritten.filter(|name| !name.trim().is_empty()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut caption = caption.clone();
    let others = names.len().saturating_sub(MOST_TOLD);
    names.truncate(MOST_TOLD);
    let note = match (caption.lang, others) {
        _ if names.is_empty() => return caption,
        // A name can end in a full stop: et al.
        (Lang::En, 0) => format!("Without room for their names: {}.", names.join("; ").trim_end_matches('.')),
        (Lang::En, _) => format!("Without room for their names: {}; and {others} more.", names.join("; ")),
        (Lang::Ja, 0) => format!("名前を書く場所のない点：{}。", names.join("、")),
        (Lang::Ja, _) => format!("名前を書く場所のない点：{}、ほか{others}。", names.join("、")),
    };
    caption.footnotes.push(note);
    caption
}

/// The mark that is to be named and is larger than all others.
fn largest(marks: &[(&Dot, Point)]) -> Option<usize> {
    let (number, (dot, _)) = marks.iter().enumerate().max_by(|a, b| a.1.0.radius.total_cmp(&b.1.0.radius))?;
    let is_alone = marks.iter().filter(|(other, _)| other.radius >= dot.radius).count() == 1;
    (is_alone && dot.named).then_some(number)
}

impl Room<'_> {
    /// Writes a name where there is a place for it, which may lie across a line; whether there is one.
    fn write(
        &mut self,
        sheet: &mut Sheet<'_>,
        number: usize,
        places: &impl Fn(Point, f64, f64) -> Vec<(Point, Along)>,
        (farther, across): (f64, bool),
    ) -> bool {
        let size = sheet.theme.small;
        let (dot, place) = self.marks[number];
        let Ok(text) = sheet.fonts.prepare(&dot.name) else { return false };
        let width = sheet.fonts.width(&text, size);
        let fits = |&(at, along): &(Point, Along)| {
            let area = text_area(at, along, width, size);
            let wide = [area[0] - CLEAR, area[1], area[2] + CLEAR, area[3]];
            self.is_free(&area, number) && (across || !self.lines.iter().any(|line| crosses(line, &wide)))
        };
        let found = places(place, dot.radius + NAME_SPACE + farther * size, size).into_iter().find(fits);
        if let Some((at, along)) = found {
            sheet.text(&text, at, size, sheet.theme.ink, (along, Across::Middle));
            self.taken.push(text_area(at, along, width, size));
        }
        found.is_some()
    }

    /// Whether a text there lies in the plot, meets no mark and no text, and is nearest to its own mark.
    fn is_free(&self, area: &Box4, number: usize) -> bool {
        let (plot, (dot, place)) = (self.plot, self.marks[number]);
        let own = distance(area, place) - dot.radius;
        let mut others = self.marks.iter().enumerate().filter(|(other, _)| *other != number);
        let is_inside = area[0] >= plot.left && area[2] <= plot.right && area[1] >= plot.top && area[3] <= plot.bottom;
        is_inside
            && !self.taken.iter().any(|other| meets(area, other))
            && others.all(|(_, (other, at))| distance(area, *at) - other.radius > own + self.nearer)
    }
}

/// Where a name can stand: right, left, above, below, and at the corners.
fn places((x, y): Point, reach: f64, size: f64) -> Vec<(Point, Along)> {
    let (up, down) = (y - reach - 0.4 * size, y + reach + 0.4 * size);
    let aside = 0.7 * reach;
    vec![
        ((x + reach, y), Along::Start),
        ((x - reach, y), Along::End),
        ((x, up), Along::Middle),
        ((x, down), Along::Middle),
        ((x + aside, up + 0.3 * reach), Along::Start),
        ((x + aside, down - 0.3 * reach), Along::Start),
        ((x - aside, up + 0.3 * reach), Along::End),
        ((x - aside, down - 0.3 * reach), Along::End),
    ]
}

/// The same, and above and below with its end or its start at the mark, a little beyond it.
fn more_places((x, y): Point, reach: f64, size: f64) -> Vec<(Point, Along)> {
    let beyond = reach - NAME_SPACE;
    let mut all = places((x, y), reach, size);
    for height in [y - reach - 0.4 * size, y + reach + 0.4 * size] {
        all.extend([((x + beyond, height), Along::End), ((x - beyond, height), Along::Start)]);
        all.extend([((x, height), Along::End), ((x, height), Along::Start)]);
    }
    all
}

fn text_area(at: Point, along: Along, width: f64, size: f64) -> Box4 {
    let left = match along {
        Along::Start => at.0,
        Along::Middle => at.0 - width / 2.0,
        Along::End => at.0 - width,
    };
    [left, at.1 - 0.65 * size, left + width, at.1 + 0.65 * size]
}

/// How far a point is from a rectangle; 0 inside.
fn distance(area: &Box4, (x, y): Point) -> f64 {
    let aside = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
    aside(x, area[0], area[2]).hypot(aside(y, area[1], area[3]))
}

/// Whether a line runs through a rectangle.
fn crosses(line: &[Point], area: &Box4) -> bool {
    let corners = ((area[0], area[1]), (area[2], area[3]));
    line.windows(2).any(|pair| clip::segment(pair[0], pair[1], corners.0, corners.1).is_some())
}

fn meets(a: &Box4, b: &Box4) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}
