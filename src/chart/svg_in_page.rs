//! A chart as an SVG element inside a page: small, since a page holds many.
//!
//! Marks of one look share a group that names it once, and lines of a group share a path. A mark goes into an earlier
//! group only where it touches nothing that was drawn since, so that the picture stays as it was laid out. Numbers are
//! whole tenths of a pixel, the grid of all charts.

use super::paint::{GRID, grid, units};
use super::scene::{Mark, Point, Scene, Text};
use super::svg::{Names, hex, identifier, path, short};
use super::text::{EM, Fonts, GlyphKey, Run, turned};
use super::theme::Colour;
use crate::markup::escape_xml;
use crate::reported::Lang;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

/// How many groups back a mark may find its look.
const BACK: usize = 64;
/// Height of the bands in which marks are looked for that another one touches, in units of the grid.
const BAND: i32 = 320;
/// The longest path, in bytes: what lies outside of the window need not be drawn with what is seen.
const LONGEST: usize = 4000;
/// A text of so few characters is never far from its length, whatever font shows it.
const SHORT: usize = 6;

/// The scene as an element; `named_by` is the prefix of the `id`s of another one with the same title and description.
pub(super) fn written(scene: &Scene, fonts: &Fonts<'_>, names: &Names<'_>, named_by: Option<&str>) -> String {
    let mut groups = Groups::default();
    let (wide, high) = (units(scene.width), units(scene.height));
    let paper = [(0.0, 0.0), (scene.width, 0.0), (scene.width, scene.height), (0.0, scene.height)];
    let prefix = identifier(names.prefix);
    groups.add(Look::Area(scene.paper), of_points(&paper, 0), |group| area(group, &paper));
    let mut glyphs = BTreeMap::new();
    for mark in &scene.marks {
        match mark {
            Mark::Line { points, colour, width } => {
                let width = units(*width);
                groups.add(Look::Line(*colour, width), of_points(points, width), |group| line(group, points));
            }
            Mark::Area { points, colour } => {
                groups.add(Look::Area(*colour), of_points(points, 0), |group| area(group, points));
            }
            Mark::Disc { centre, radius, colour } => {
                let ((x, y), r) = (grid(*centre), units(*radius));
                groups.add(Look::Area(*colour), [x - r, y - r, x + r, y + r], |group| {
                    let _ = write!(group.content, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>");
                });
            }
            Mark::Text(text) => words(&mut groups, text, fonts, &prefix, &mut glyphs),
        }
    }
    let lang = match names.lang {
        Lang::En => "en",
        Lang::Ja => "ja",
    };
    let named = named_by.map_or_else(|| prefix.clone(), identifier);
    let mut out = format!(
        "<svg width=\"{}\" height=\"{}\" viewBox=\"0 0 {wide} {high}\" role=\"img\" lang=\"{lang}\" \
         aria-labelledby=\"{named}-title {named}-desc\">",
        scene.width, scene.height
    );
    if named_by.is_none() {
        let (title, description) = (escape_xml(names.title), escape_xml(names.description));
        let _ = write!(out, "<title id=\"{prefix}-title\">{title}</title>");
        let _ = write!(out, "<desc id=\"{prefix}-desc\">{description}</desc>");
    }
    if !glyphs.is_empty() {
        out.push_str("<defs>");
        for ((face, glyph), path) in &glyphs {
            let _ = write!(out, "<path id=\"{prefix}-{face}-{glyph}\" d=\"{path}\"/>");
        }
        out.push_str("</defs>");
    }
    for Group { look, content, .. } in groups.all {
        let ends = if matches!(look, Look::Line(..)) { "\"/></g>\n" } else { "</g>\n" };
        let _ = write!(out, "<g {}>{content}{ends}", look.attributes());
    }
    out + "</svg>\n"
}

/// What marks of a group have in common; widths in units of the grid, sizes in hundredths of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Area(Colour),
    Line(Colour, i32),
    Text(Colour, i32),
}

impl Look {
    fn attributes(self) -> String {
        let of = |Colour(red, green, blue)| hex((red, green, blue));
        match self {
            Look::Area(colour) => format!("fill=\"{}\"", of(colour)),
            Look::Line(colour, width) => format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\"", of(colour)),
            Look::Text(colour, size) => {
                format!("fill=\"{}\" font-size=\"{}\"", of(colour), short(f64::from(size) / GRID, 1))
            }
        }
    }
}

/// Left, top, right and bottom of a mark.
type Place = [i32; 4];

/// Marks of one look.
struct Group {
    look: Look,
    content: String,
    /// Where its last line ends.
    here: (i32, i32),
    /// Whether its last outline is a triangle or a quadrangle.
    ends_plain: bool,
    /// The places of the marks in each band that they reach into.
    bands: HashMap<i32, Vec<Place>>,
}

impl Group {
    fn is_touched_by(&self, place: Place) -> bool {
        let near = bands(place).filter_map(|band| self.bands.get(&band)).flatten();
        near.into_iter().any(|own| own[0] <= place[2] && place[0] <= own[2] && own[1] <= place[3] && place[1] <= own[3])
    }
}

fn bands([_, top, _, bottom]: Place) -> impl Iterator<Item = i32> {
    top.div_euclid(BAND)..=bottom.div_euclid(BAND)
}

/// The groups in the order in which they are drawn.
#[derive(Default)]
struct Groups {
    all: Vec<Group>,
}

impl Groups {
    /// Adds a mark to the last group of its look that nothing in its place was drawn upon, or to a new one.
    fn add(&mut self, look: Look, place: Place, write: impl FnOnce(&mut Group)) {
        let mut found = None;
        for (at, group) in self.all.iter().enumerate().rev().take(BACK) {
            if group.look == look {
                found = Some(at);
                break;
            }
            if group.is_touched_by(place) {
                break;
            }
        }
        let at = found.unwrap_or_else(|| {
            self.all.push(Group {
                look,
                content: String::new(),
                here: (0, 0),
                ends_plain: false,
                bands: HashMap::new(),
            });
            self.all.len() - 1
        });
        let Some(group) = self.all.get_mut(at) else { return };
        write(group);
        for band in bands(place) {
            group.bands.entry(band).or_default().push(place);
        }
    }
}

/// Where points lie that are drawn with a pen of a width.
fn of_points(points: &[Point], width: i32) -> Place {
    let ends = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    let [left, top, right, bottom] =
        points.iter().copied().map(grid).fold(ends, |[l, t, r, b], (x, y)| [l.min(x), t.min(y), r.max(x), b.max(y)]);
    // Mitred corners reach further than half the pen.
    [left - 2 * width, top - 2 * width, right + 2 * width, bottom + 2 * width]
}

/// An outline in path data. It goes on with the path before it where both are triangles or quadrangles: these are all
/// drawn one way round, so that what two of them cover is filled as well.
fn area(group: &mut Group, points: &[Point]) {
    let mut points: Vec<(i32, i32)> = points.iter().copied().map(grid).collect();
    let is_plain = points.len() <= 4;
    if is_plain && is_leftwards(&points) {
        points.reverse();
    }
    let out = &mut group.content;
    let start = out.rfind("<path").unwrap_or(0);
    if is_plain && group.ends_plain && out.ends_with(END) && out.len() - start < LONGEST {
        out.truncate(out.len() - END.len() + 1);
    } else {
        out.push_str("<path d=\"");
    }
    let mut points = points.into_iter();
    if let Some((x, y)) = points.next() {
        let _ = write!(out, "M{x} {y}");
        joined(out, (x, y), points);
    }
    out.push_str(END);
    group.ends_plain = is_plain;
}

/// How the path of an outline ends.
const END: &str = "z\"/>";

/// Whether an outline turns to the left.
fn is_leftwards(points: &[(i32, i32)]) -> bool {
    let next = points.iter().cycle().skip(1);
    let twice = |((x, y), (to_x, to_y)): (&(i32, i32), &(i32, i32))| {
        i64::from(*x) * i64::from(*to_y) - i64::from(*to_x) * i64::from(*y)
    };
    points.iter().zip(next).map(twice).sum::<i64>() < 0
}

/// A line, in one path with the lines of its group before it.
fn line(group: &mut Group, points: &[Point]) {
    let mut points = points.iter().copied().map(grid);
    let Some((x, y)) = points.next() else { return };
    let out = &mut group.content;
    let start = out.rfind('"').unwrap_or(0);
    if out.is_empty() || out.len() - start > LONGEST {
        let end = if out.is_empty() { "" } else { "\"/>" };
        let _ = write!(out, "{end}<path d=\"M{x} {y}");
    } else {
        step(out, 'm', (x - group.here.0, y - group.here.1));
    }
    group.here = joined(out, (x, y), points);
}

/// Points as path data, each by its distance from the one before; gives the last one.
fn joined(out: &mut String, mut here: (i32, i32), points: impl Iterator<Item = (i32, i32)>) -> (i32, i32) {
    for (x, y) in points {
        let by = (x - here.0, y - here.1);
        match by {
            (_, 0) => out.push_str(&format!("h{}", by.0)),
            (0, _) => out.push_str(&format!("v{}", by.1)),
            _ => step(out, 'l', by),
        }
        here = (x, y);
    }
    here
}

fn step(out: &mut String, command: char, (x, y): (i32, i32)) {
    let space = if y < 0 { "" } else { " " };
    let _ = write!(out, "{command}{x}{space}{y}");
}

/// A line of text.
fn words(groups: &mut Groups, text: &Text, fonts: &Fonts<'_>, prefix: &str, glyphs: &mut BTreeMap<GlyphKey, String>) {
    if text.text.is_empty() {
        return;
    }
    let turn = if text.downwards { 90 } else { 0 };
    let at = (f64::from(units(text.at.0)) / GRID, f64::from(units(text.at.1)) / GRID);
    let run = fonts.run(&text.text, text.size, at, (text.along, text.across), turn);
    let corners = [(0.0, -1.2 * run.size), (run.width, 0.4 * run.size)].map(|corner| turned(corner, turn));
    let place = of_points(&corners.map(|(x, y)| (run.origin.0 + x, run.origin.1 + y)), 0);
    let look = Look::Text(text.colour, (100.0 * text.size).round() as i32);
    groups.add(look, place, |group| {
        let out = &mut group.content;
        // The page has the first font and no other.
        if run.glyphs.iter().any(|placed| placed.key.0 > 0) {
            outlines(out, &run, fonts, prefix, glyphs);
        }
        let (x, y) = grid(run.origin);
        let _ = write!(out, "<text x=\"{x}\" y=\"{y}\"");
        if turn != 0 {
            let _ = write!(out, " transform=\"rotate({turn} {x} {y})\"");
        }
        if text.text.chars().count() > SHORT {
            let _ = write!(out, " textLength=\"{}\"", units(run.width));
        }
        if run.glyphs.iter().any(|placed| placed.key.0 > 0) {
            out.push_str(" fill-opacity=\"0\"");
        }
        let _ = write!(out, ">{}</text>", escape_xml(&text.text));
    });
}

/// The glyphs of a line, each outline of which is written once for the whole chart.
fn outlines(out: &mut String, run: &Run, fonts: &Fonts<'_>, prefix: &str, glyphs: &mut BTreeMap<GlyphKey, String>) {
    let (x, y) = grid(run.origin);
    let turn = if run.turn == 0 { String::new() } else { format!(" rotate({})", run.turn) };
    let scale = short(GRID * run.size / EM, 6);
    let _ = write!(out, "<g transform=\"translate({x} {y}){turn} scale({scale})\">");
    for placed in &run.glyphs {
        let (face, glyph) = placed.key;
        glyphs.entry(placed.key).or_insert_with(|| path(fonts, placed.key));
        let _ = write!(out, "<use href=\"#{prefix}-{face}-{glyph}\" x=\"{}\"/>", short(placed.x, 0));
    }
    out.push_str("</g>");
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: Colour = Colour(0, 0, 0);
    const RED: Colour = Colour(255, 0, 0);

    fn groups(marks: &[(Colour, Place)]) -> Vec<(Look, String)> {
        let mut groups = Groups::default();
        for (at, (colour, place)) in marks.iter().enumerate() {
            groups.add(Look::Area(*colour), *place, |group| group.content.push_str(&at.to_string()));
        }
        groups.all.into_iter().map(|group| (group.look, group.content)).collect()
    }

    #[test]
    fn a_mark_joins_its_like_only_below_what_it_does_not_touch() {
        let (one, far) = ([0, 0, 10, 10], [0, 1000, 10, 1010]);
        let (ink, red) = (Look::Area(INK), Look::Area(RED));
        let apart = groups(&[(INK, one), (RED, one), (INK, far)]);
        assert_eq!(apart, [(ink, "02".to_owned()), (red, "1".to_owned())]);
        // On top of the red one it stays on top.
        let touching = groups(&[(INK, one), (RED, one), (INK, [10, 10, 20, 20])]);
        assert_eq!(touching, [(ink, "0".to_owned()), (red, "1".to_owned()), (ink, "2".to_owned())]);
        // What is long touches in the middle as well as at its ends.
        let long = groups(&[(INK, far), (RED, [0, 0, 10, 5000]), (INK, [5, 2500, 6, 2501])]);
        assert_eq!(long.len(), 3);
    }

    /// Two bars of one look that lie upon each other, drawn from either side, cover what both cover.
    #[test]
    fn quadrangles_share_a_path_and_turn_one_way() {
        let bar = |from: f64, to: f64| [(from, 0.0), (to, 0.0), (to, 2.0), (from, 2.0)];
        let mut groups = Groups::default();
        for points in
            [&bar(0.0, 5.0)[..], &bar(8.0, 3.0), &[&bar(1.0, 2.0)[..], &[(0.5, 1.0)]].concat(), &bar(0.0, 1.0)]
        {
            groups.add(Look::Area(INK), [0, 0, 10, 10], |group| area(group, points));
        }
        let all = &groups.all[0].content;
        let paths: Vec<&str> = all.split("<path d=\"").skip(1).collect();
        assert_eq!(paths[0], "M0 0h50v20h-50zM80 20h-50v-20h50z\"/>", "{all}");
        // A pentagon has a path of its own, and so has what is drawn after it.
        assert_eq!(paths.len(), 3, "{all}");
    }

    #[test]
    fn lines_share_a_path_of_bounded_length() {
        let mut groups = Groups::default();
        for at in 0..1000 {
            let points = [(f64::from(at), 0.0), (f64::from(at), 2.5), (1.0, 1.0), (5.0, 1.0)];
            groups.add(Look::Line(INK, 10), [0, 0, 10, 10], |group| line(group, &points));
        }
        let out = &groups.all[0].content;
        assert!(out.starts_with("<path d=\"M0 0v25l10-15h40m-40-10v25v-15h40"), "{}", &out[..60]);
        let paths: Vec<&str> = out.split("<path d=\"").skip(1).collect();
        assert!(paths.len() > 3 && paths.iter().all(|path| path.len() < LONGEST + 100));
    }
}
