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
/// By how much nearer to its own mark than to any other a name is, and one that stands farther away: what is about as
/// near to another mark is read as the name of that one.
const NEAR: f64 = 5.0;
const NEARER: f64 = 8.0;
/// How far from its mark a name may stand that a line joins to it, in sizes of the text.
const LED: [f64; 9] = [1.2, 1.9, 2.6, 3.4, 4.2, 5.0, 6.0, 7.0, 8.0];
/// In a chart of more names than these such lines would be a thicket.
const MOST_LED: usize = 40;
/// Free space between a name with a line and other marks, and around the line itself.
const AROUND: f64 = 3.0;
/// How thick such a line is.
const LEADER: f64 = 0.7;
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
    /// The lines from names to their marks.
    leaders: Vec<[Point; 2]>,
    /// By how much nearer a name is to its own mark than to any other.
    nearer: f64,
}

/// Writes the names of data beside their marks, each where it meets no other text, no mark and no line, and
/// is clearly nearer to its own mark than to any other. A name without such a place stands farther away, if need be
/// with a line to its mark, or stays unwritten. The largest mark, where there is one, is named first, farther away or
/// across a line if need be: without its name readers would miss the datum that counts most.
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
    let mut room =
        Room { plot, marks, lines, taken: marks.iter().map(around).collect(), leaders: Vec::new(), nearer: NEAR };
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
    if (0..marks.len()).filter(named).count() <= MOST_LED {
        unwritten.retain(|number| without.contains(number) || !room.write_with_leader(sheet, *number));
    }
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
            self.is_free(&area)
                && self.is_clearly_of(&area, number)
                && (across || !self.lines.iter().any(|line| crosses(line, &wide)))
        };
        let found = places(place, dot.radius + NAME_SPACE + farther * size, size).into_iter().find(fits);
        if let Some((at, along)) = found {
            sheet.text(&text, at, size, sheet.theme.ink, (along, Across::Middle));
            self.taken.push(text_area(at, along, width, size));
        }
        found.is_some()
    }

    /// Writes a name farther from its mark with a line to it, where there is a place for both; whether there is one.
    fn write_with_leader(&mut self, sheet: &mut Sheet<'_>, number: usize) -> bool {
        let size = sheet.theme.small;
        let (dot, place) = self.marks[number];
        let Ok(text) = sheet.fonts.prepare(&dot.name) else { return false };
        let width = sheet.fonts.width(&text, size);
        let tried = LED.iter().flat_map(|farther| around_at(place, dot.radius + farther * size, size));
        let found = tried.into_iter().find_map(|(at, along)| {
            let area = text_area(at, along, width, size);
            let leader = leader(place, dot.radius, &area)?;
            let wide = [area[0] - AROUND, area[1] - AROUND, area[2] + AROUND, area[3] + AROUND];
            let is_free = self.is_free(&wide) && !self.lines.iter().any(|line| crosses(line, &area));
            (is_free && self.is_open(&leader, number)).then_some((at, along, area, leader))
        });
        let Some((at, along, area, leader)) = found else { return false };
        sheet.line(leader[0], leader[1], sheet.theme.muted, LEADER);
        sheet.text(&text, at, size, sheet.theme.ink, (along, Across::Middle));
        self.taken.push(area);
        self.leaders.push(leader);
        true
    }

    /// Whether a text there lies in the plot and meets no mark, no text and no line to one.
    fn is_free(&self, area: &Box4) -> bool {
        let plot = self.plot;
        let is_inside = area[0] >= plot.left && area[2] <= plot.right && area[1] >= plot.top && area[3] <= plot.bottom;
        is_inside
            && !self.taken.iter().any(|other| meets(area, other))
            && !self.leaders.iter().any(|leader| crosses(leader, area))
    }

    /// Whether a text there is clearly nearest to its own mark.
    fn is_clearly_of(&self, area: &Box4, number: usize) -> bool {
        let (dot, place) = self.marks[number];
        let own = distance(area, place) - dot.radius;
        let mut others = self.marks.iter().enumerate().filter(|(other, _)| *other != number);
        others.all(|(_, (other, at))| distance(area, *at) - other.radius > own + self.nearer)
    }

    /// Whether a line from a mark to its name meets no other mark, no text and no other such line.
    fn is_open(&self, leader: &[Point; 2], number: usize) -> bool {
        let wide = |[left, top, right, bottom]: &Box4| [left - 1.0, top - 1.0, right + 1.0, bottom + 1.0];
        let mut others = self.taken.iter().enumerate().filter(|(other, _)| *other != number);
        others.all(|(_, other)| !crosses(leader, &wide(other))) && !self.leaders.iter().any(|other| meet(leader, other))
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

/// Where a name can stand that a line joins to its mark: all around it.
fn around_at((x, y): Point, reach: f64, size: f64) -> Vec<(Point, Along)> {
    const DIRECTIONS: u32 = 24;
    let turn = |at: u32| f64::from(at) * std::f64::consts::TAU / f64::from(DIRECTIONS);
    let place = |at: u32| {
        let (aside, up) = (turn(at).cos(), turn(at).sin());
        let alongs: &[Along] = match aside {
            _ if aside > 0.4 => &[Along::Start],
            _ if aside < -0.4 => &[Along::End],
            _ => &[Along::Middle, Along::Start, Along::End],
        };
        alongs.iter().map(move |along| ((x + reach * aside, y - (reach + 0.4 * size) * up), *along))
    };
    (0..DIRECTIONS).flat_map(place).collect()
}

/// The line from the edge of a mark to the nearest point of its name; none where that is too near for one.
fn leader((x, y): Point, radius: f64, area: &Box4) -> Option<[Point; 2]> {
    let (to_x, to_y) = (x.clamp(area[0], area[2]), y.clamp(area[1] + AROUND, area[3] - AROUND));
    let length = (to_x - x).hypot(to_y - y);
    let at = |away: f64| (x + (to_x - x) * away / length, y + (to_y - y) * away / length);
    (length > radius + 2.0 * AROUND).then(|| [at(radius + 1.0), at(length - 1.5)])
}

/// Whether two lines cross.
fn meet(one: &[Point; 2], other: &[Point; 2]) -> bool {
    let side = |[(x, y), (to_x, to_y)]: &[Point; 2], at: Point| (to_x - x) * (at.1 - y) - (to_y - y) * (at.0 - x);
    let parts = |a: &[Point; 2], b: &[Point; 2]| side(a, b[0]) * side(a, b[1]) <= 0.0;
    parts(one, other) && parts(other, one)
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
