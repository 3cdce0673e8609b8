//! One panel measured: room for headings, titles and tick labels, and the plot that remains.

use super::{Content, Frame};
use crate::chart::ChartError;
use crate::chart::axes::{Axis, is_placeable};
use crate::chart::axis::Scale;
use crate::chart::sheet::{Block, Sheet};
use crate::chart::text::{Across, Along};

/// Length of a tick, and its distance from the label.
const TICK: f64 = 4.0;
const TICK_SPACE: f64 = 4.0;
/// How far a word shrinks, as a share of its width, rather than be cut.
const SHORTEST: f64 = 0.8;
/// Free space between two names under the plot.
const NAME_SPACE: f64 = 6.0;
/// The least and the most room that names take right of the plot.
const OVERHANG: (f64, f64) = (2.0, 24.0);
/// The least width of a plot.
const LEAST_PLOT: f64 = 80.0;

/// A panel whose texts are measured.
pub(super) struct Plan<'p> {
    pub panel: &'p Frame,
    pub width: f64,
    pub x: (f64, f64),
    pub y: (f64, f64),
    heading: Block,
    y_title: Block,
    right_title: Block,
    x_title: Block,
    sides: [Block; 2],
    remark: Block,
    /// The share of the usual free space.
    spacing: f64,
    /// Names at the left, broken to their width.
    names: Vec<(f64, Block)>,
    /// Width of the labels at the left and at the right.
    left: f64,
    right: f64,
}

/// A name under the plot.
struct Name {
    at: f64,
    /// How far below the first level it stands.
    drop: f64,
    text: Block,
}

/// Where the plot lies.
#[derive(Clone, Copy)]
pub(super) struct Plot {
    pub x: Scale,
    pub y: Scale,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl<'p> Plan<'p> {
    pub fn new(sheet: &Sheet<'_>, panel: &'p Frame, width: f64) -> Result<Self, ChartError> {
        let theme = sheet.theme;
        let small = theme.small;
        let (xs, ys) = values(panel)?;
        let (x, y) = (panel.x.domain(xs.into_iter())?, panel.y.domain(ys.into_iter())?);
        let mut names = Vec::new();
        for (at, name) in &panel.y.names {
            names.push((*at, sheet.block(name, small, 0.36 * width)?));
        }
        // The labels of a tall axis are the widest that there can be.
        let tall = panel.y.scale(y, (2000.0, 0.0));
        let label = |axis: &Axis, scale: &Scale| {
            let ticks = axis.along(sheet, scale);
            ticks.iter().map(|(_, text)| sheet.fonts.width(text, small)).fold(0.0, f64::max)
        };
        let mut left = names.iter().map(|(_, block)| block.width).fold(0.0, f64::max);
        if names.is_empty() {
            left = label(&panel.y, &tall);
        }
        let mut right = 0.0;
        if let Some((_, zero)) = &panel.right {
            let axis = Axis::default();
            right = label(&axis, &Scale::linear((y.0 - zero, y.1 - zero), (2000.0, 0.0))) + TICK + TICK_SPACE;
        }
        let half = width / 2.0 - 4.0;
        let y_room = if panel.right.is_some() { half } else { width };
        let plot = width - left - right;
        let right_title = panel.right.as_ref().map_or("", |(title, _)| title);
        let plan = Self {
            panel,
            width,
            x,
            y,
            heading: sheet.block(&panel.heading, theme.heading, width)?,
            y_title: sheet.block(&panel.y.title, small, y_room)?,
            right_title: sheet.block(right_title, small, half)?,
            x_title: sheet.block(&panel.x.title, small, plot.max(LEAST_PLOT))?,
            sides: [
                sheet.block(&panel.x.sides[0], small, plot / 2.0 - 6.0)?,
                sheet.block(&panel.x.sides[1], small, plot / 2.0 - 6.0)?,
            ],
            remark: sheet.block(&panel.remark, small, width)?,
            spacing: theme.spacing,
            names,
            left: left + TICK + TICK_SPACE,
            right,
        };
        if plan.plot_width(sheet) < LEAST_PLOT {
            return Err(ChartError::Crowded {
                place: format!("{} {}", panel.heading, panel.y.title).trim().to_owned(),
            });
        }
        Ok(plan)
    }

    /// Room that half of the last label under the plot takes beyond it.
    fn overhang(&self, sheet: &Sheet<'_>) -> f64 {
        let ends = |domain| self.panel.x.scale(domain, (0.0, self.width - self.left - self.right));
        let ticks = self.panel.x.across(sheet, &ends(self.x));
        let last = ticks.last().map_or(0.0, |(_, text)| sheet.fonts.width(text, sheet.theme.small));
        let first = ticks.first().map_or(0.0, |(_, text)| sheet.fonts.width(text, sheet.theme.small));
        if self.panel.x.names.is_empty() { last.max(first) / 2.0 } else { self.overhang_of_names(sheet) }
    }

    /// The same of names: as much as keeps the words of the last ones whole, within limits.
    fn overhang_of_names(&self, sheet: &Sheet<'_>) -> f64 {
        let width = self.width - self.left - self.right;
        let scale = self.panel.x.scale(self.x, (0.0, width));
        let beyond = |(at, name): &(f64, String)| {
            let half = (sheet.least(name, sheet.theme.small).unwrap_or(0.0) + NAME_SPACE) / 2.0;
            half - (width - scale.at(*at))
        };
        self.panel.x.names.iter().map(beyond).fold(OVERHANG.0, f64::max).min(OVERHANG.1)
    }

    fn plot_width(&self, sheet: &Sheet<'_>) -> f64 {
        self.width - self.left - self.right - self.overhang(sheet)
    }

    /// Width of the plot itself.
    pub fn inner(&self, sheet: &Sheet<'_>) -> f64 {
        self.plot_width(sheet)
    }

    /// The least height of a plot in which the names at its left stay apart and beside it.
    pub fn least_height(&self) -> f64 {
        let span = self.y.1 - self.y.0;
        let mut names: Vec<(f64, f64)> = self.names.iter().map(|(at, block)| (*at, block.height())).collect();
        names.sort_by(|a, b| a.0.total_cmp(&b.0));
        let between =
            names.windows(2).map(|pair| ((pair[0].1 + pair[1].1) / 2.0 + 3.0) * span / (pair[1].0 - pair[0].0));
        let edges = names.iter().map(|(at, height)| height / 2.0 * span / (at - self.y.0).min(self.y.1 - at));
        between.chain(edges).filter(|height| height.is_finite()).fold(0.0, f64::max)
    }

    /// Height of what stands above the plot.
    pub fn head(&self) -> f64 {
        let titles = self.y_title.height().max(self.right_title.height());
        self.heading.height_and(2.0 * self.spacing) + titles + self.over_plot()
    }

    /// Free space between the titles and the plot, in which half of the topmost label of a tick lies.
    fn over_plot(&self) -> f64 {
        8.0 * self.spacing.max(0.85)
    }

    /// Height of what stands below it.
    pub fn foot(&self, sheet: &Sheet<'_>) -> Result<f64, ChartError> {
        let sides = self.sides[0].height().max(self.sides[1].height());
        Ok(self.labels(sheet)?.1 + self.x_title.height_and(2.0) + sides + self.remark.height_and(4.0) + 2.0)
    }

    /// Names under the plot broken to their place, and the height of the labels.
    fn labels(&self, sheet: &Sheet<'_>) -> Result<(Vec<Name>, f64), ChartError> {
        let small = sheet.theme.small;
        let names = &self.panel.x.names;
        let scale = self.panel.x.scale(self.x, (0.0, self.plot_width(sheet)));
        let mut places: Vec<f64> = names.iter().map(|(at, _)| scale.at(*at)).collect();
        places.sort_by(f64::total_cmp);
        let pitch = places.windows(2).map(|pair| pair[1] - pair[0]).fold(self.plot_width(sheet) / 2.0, f64::min);
        let mut blocks = Vec::new();
        // A name at the edge of the plot has no more room than on its inner side.
        let room_of = |place: f64, pitch: f64| {
            let right = self.plot_width(sheet) - place + self.overhang(sheet);
            (pitch.min(2.0 * (place + self.left)).min(2.0 * right) - NAME_SPACE).max(small)
        };
        // Words that would be cut stand on two levels, every other one lower, with twice the room.
        let mut is_cut = false;
        for (at, name) in names {
            is_cut |= SHORTEST * sheet.least(name, small)? > room_of(scale.at(*at), pitch);
        }
        let is_cut = is_cut && names.len() > 2;
        let pitch = if is_cut { 2.0 * pitch } else { pitch };
        for (at, name) in names {
            blocks.push((*at, sheet.block(name, small, room_of(scale.at(*at), pitch))?));
        }
        let tallest = |from: usize, by: usize| {
            let heights = blocks.iter().skip(from).step_by(by).map(|(_, block)| block.height());
            heights.fold(small * sheet.theme.leading, f64::max)
        };
        let (drop, height) = if is_cut { (tallest(0, 2), tallest(0, 2) + tallest(1, 2)) } else { (0.0, tallest(0, 1)) };
        let lower = |at: usize| if at % 2 == 1 { drop } else { 0.0 };
        let names = blocks.into_iter().enumerate().map(|(i, (at, text))| Name { at, drop: lower(i), text });
        Ok((names.collect(), height + TICK + 5.5))
    }

    /// The plot at a place, `height` high.
    pub fn plot(&self, sheet: &Sheet<'_>, left: f64, top: f64, height: f64) -> Plot {
        let (from, to) = (left + self.left, left + self.left + self.plot_width(sheet));
        Plot {
            x: self.panel.x.scale(self.x, (from, to)),
            y: self.panel.y.scale(self.y, (top + height, top)),
            left: from,
            right: to,
            top,
            bottom: top + height,
        }
    }

    /// Guides, which lie below everything.
    pub fn guides(&self, sheet: &mut Sheet<'_>, plot: &Plot) {
        if self.panel.y.names.is_empty() {
            for (tick, _) in self.panel.y.along(sheet, &plot.y) {
                let y = plot.y.at(tick);
                sheet.line((plot.left, y), (plot.right, y), sheet.theme.rule, 0.6);
            }
        }
    }

    /// Texts and axes round a plot whose panel starts at `left` and `top`.
    pub fn surround(&self, sheet: &mut Sheet<'_>, plot: &Plot, left: f64, top: f64) -> Result<(), ChartError> {
        let theme = sheet.theme;
        sheet.write(&self.heading, left, top, Along::Start, theme.ink);
        let titles = plot.top - self.over_plot();
        sheet.write(&self.y_title, left, titles - self.y_title.height(), Along::Start, theme.muted);
        let edge = left + self.width;
        sheet.write(&self.right_title, edge, titles - self.right_title.height(), Along::End, theme.muted);
        sheet.line((plot.left, plot.bottom), (plot.right, plot.bottom), theme.line, 1.0);
        sheet.line((plot.left, plot.top), (plot.left, plot.bottom), theme.line, 1.0);
        self.left_ticks(sheet, plot);
        self.right_ticks(sheet, plot);
        let below = plot.bottom + self.below(sheet, plot)?;
        let middle = (plot.left + plot.right) / 2.0;
        sheet.write(&self.x_title, middle, below, Along::Middle, theme.muted);
        let below = below + self.x_title.height_and(2.0);
        let [lower, higher] = &self.sides;
        sheet.write(lower, middle - 6.0, below, Along::End, theme.ink);
        sheet.write(higher, middle + 6.0, below, Along::Start, theme.ink);
        let below = below + lower.height().max(higher.height()) + 4.0;
        sheet.write(&self.remark, left, below, Along::Start, theme.ink);
        Ok(())
    }

    fn left_ticks(&self, sheet: &mut Sheet<'_>, plot: &Plot) {
        let theme = sheet.theme;
        for (at, block) in &self.names {
            let y = plot.y.at(*at);
            sheet.write(block, plot.left - TICK - TICK_SPACE, y - block.height() / 2.0, Along::End, theme.ink);
        }
        if !self.names.is_empty() {
            return;
        }
        for (tick, text) in self.panel.y.along(sheet, &plot.y) {
            let y = plot.y.at(tick);
            sheet.line((plot.left - TICK, y), (plot.left, y), theme.line, 1.0);
            let at = (plot.left - TICK - TICK_SPACE, y);
            sheet.text(&text, at, theme.small, theme.ink, (Along::End, Across::Middle));
        }
    }

    fn right_ticks(&self, sheet: &mut Sheet<'_>, plot: &Plot) {
        let theme = sheet.theme;
        let Some((_, zero)) = &self.panel.right else { return };
        sheet.line((plot.right, plot.top), (plot.right, plot.bottom), theme.line, 1.0);
        let scale = Scale::linear((self.y.0 - zero, self.y.1 - zero), plot.y.range);
        for (tick, text) in Axis::default().along(sheet, &scale) {
            let y = scale.at(tick);
            sheet.line((plot.right, y), (plot.right + TICK, y), theme.line, 1.0);
            let at = (plot.right + TICK + TICK_SPACE, y);
            sheet.text(&text, at, theme.small, theme.muted, (Along::Start, Across::Middle));
        }
    }

    /// Ticks and labels under the plot; gives the height they take.
    fn below(&self, sheet: &mut Sheet<'_>, plot: &Plot) -> Result<f64, ChartError> {
        let theme = sheet.theme;
        let (names, height) = self.labels(sheet)?;
        for name in &names {
            let top = plot.bottom + TICK + 3.5 + name.drop;
            sheet.write(&name.text, plot.x.at(name.at), top, Along::Middle, theme.ink);
        }
        if names.is_empty() {
            for (tick, text) in self.panel.x.across(sheet, &plot.x) {
                let x = plot.x.at(tick);
                sheet.line((x, plot.bottom), (x, plot.bottom + TICK), theme.line, 1.0);
                let at = (x, plot.bottom + TICK + 6.5);
                sheet.text(&text, at, theme.small, theme.ink, (Along::Middle, Across::Top));
            }
        }
        Ok(height)
    }
}

/// Everything that has a place, along both axes; a number without one is refused.
fn values(panel: &Frame) -> Result<(Vec<f64>, Vec<f64>), ChartError> {
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    for layer in &panel.layers {
        let name = |own: &str| format!("{} {} {own}", panel.heading, layer.name).trim().to_owned();
        let mut put = |x: Option<f64>, y: Option<f64>, own: &str| {
            for (value, axis, all) in [(x, &panel.x, &mut xs), (y, &panel.y, &mut ys)] {
                let Some(value) = value else { continue };
                if !is_placeable(value, axis.logarithmic) {
                    return Err(ChartError::Number { place: name(own), value });
                }
                all.push(value);
            }
            Ok(())
        };
        match &layer.content {
            Content::Dots { dots, .. } => dots.iter().try_for_each(|dot| put(Some(dot.x), Some(dot.y), &dot.name))?,
            Content::Curve { points, .. } | Content::Area { corners: points } => {
                points.iter().try_for_each(|(x, y)| put(Some(*x), Some(*y), ""))?;
            }
            Content::Lines { lines, .. } => {
                for (own, points) in lines {
                    points.iter().try_for_each(|(x, y)| put(Some(*x), Some(*y), own))?;
                }
            }
            Content::Band { points } => {
                for (x, lower, upper) in points {
                    put(Some(*x), Some(*lower), "")?;
                    put(Some(*x), Some(*upper), "")?;
                }
            }
            Content::Spans { spans, lying, .. } => {
                for span in spans {
                    let interval = crate::numeric::interval::Interval { lower: span.lower, upper: span.upper };
                    crate::chart::check_interval(interval, || name(&span.name))?;
                    let axis = if *lying { &panel.x } else { &panel.y };
                    let ends = [span.lower, span.upper];
                    let shown = ends.into_iter().filter(|end| is_placeable(*end, axis.logarithmic));
                    let along: Vec<f64> = shown.collect();
                    put((!lying).then_some(span.at), lying.then_some(span.at), &span.name)?;
                    for end in along {
                        put(lying.then_some(end), (!lying).then_some(end), &span.name)?;
                    }
                }
            }
            Content::Rule { at, upright, .. } => put(upright.then_some(*at), (!upright).then_some(*at), "")?,
        }
    }
    Ok((xs, ys))
}
