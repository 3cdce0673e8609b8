//! One panel: what it needs, and how it is drawn once its row has agreed on heights.

use super::describe;
use super::{BeforeAfter, Difference, LabelledInterval, Occasion, Panel};
use crate::chart::axes::TickNumbers;
use crate::chart::axis::{Scale, decimals, nice_range, number, ticks};
use crate::chart::clip;
use crate::chart::sheet::{Block, Heading, Sheet};
use crate::chart::text::{Across, Along};
use crate::chart::theme::Colour;
use crate::chart::wrap::LEAST_SIZE;
use crate::chart::{ChartError, check_interval};
use crate::numeric::interval::Interval;
use crate::reported::Lang;

/// The least height of the plot itself in a picture whose height is given, and the height otherwise, the same in
/// every panel.
pub(super) const PLOT: (f64, f64) = (110.0, 300.0);
/// Half the side of the mark of a mean.
const MARK: f64 = 5.0;
/// Length of a tick, and from a tick to its label.
const TICK: f64 = 4.0;
/// Free space between neighbouring texts.
const GAP: f64 = 6.0;
/// The same over the plot.
const HEADROOM: f64 = 10.0;
/// Largest share of the plot that the difference takes.
const DIFFERENCE: f64 = 0.44;
/// Narrowest plot worth drawing.
const LEAST_PLOT: f64 = 60.0;
/// Narrowest and widest slot of an interval: room for a label, but none to tear them apart.
const SLOT: (f64, f64) = (19.0, 38.0);
/// The same where every other interval has a label.
const CLOSE_SLOT: f64 = 11.0;
/// About how many steps an axis has.
const STEPS: f64 = 6.0;
/// The least height of a step.
const STEP: f64 = 18.0;
/// Share of the largest value below which the smallest is near zero.
const NEAR_ZERO: f64 = 2.0 / 3.0;
/// How far intervals may stretch the axis beyond means and bars, as a share of their span.
const STRETCH: f64 = 0.75;

/// A panel with its texts measured and its axis chosen.
pub(super) struct Plan<'p> {
    panel: &'p Panel,
    outcome: Block,
    facts: Block,
    caption: Block,
    assumptions: Vec<Block>,
    axis_title: Block,
    labels: [Block; 3],
    values: [Block; 3],
    remark: Block,
    axes: Axes,
    columns: Columns,
    /// Free space between the texts over the plot and its topmost marks.
    headroom: f64,
}

/// The value axis on the left and the difference axis on the right share one scale.
struct Axes {
    domain: (f64, f64),
    left: Vec<(f64, String)>,
    /// By the height they stand at, not by the difference they name.
    right: Vec<(f64, String)>,
}

/// Horizontal places, from the left edge of the panel.
struct Columns {
    /// Left and right edge of the plot.
    plot: (f64, f64),
    /// Centres of before, after and difference.
    centres: [f64; 3],
    /// Left and right edge of the difference.
    difference: (f64, f64),
    /// Left edge of the title of the difference axis.
    title: f64,
    /// Whether a word has to be broken, or a printed value elsewhere than at its ±.
    is_cramped: bool,
}

/// Heights of the parts of a panel from top to bottom, shared by the panels of a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Heights {
    outcome: f64,
    band: f64,
    labels: f64,
    values: f64,
    remark: f64,
    plot: f64,
}

impl Heights {
    /// Those of a row of plots of a height.
    pub fn of_plot(plot: f64) -> Heights {
        Heights { plot, ..Heights::default() }
    }

    /// The greater of each part.
    pub fn most(self, other: Heights) -> Heights {
        Heights {
            outcome: self.outcome.max(other.outcome),
            band: self.band.max(other.band),
            labels: self.labels.max(other.labels),
            values: self.values.max(other.values),
            remark: self.remark.max(other.remark),
            plot: self.plot.max(other.plot),
        }
    }

    /// Height of the whole panel.
    pub fn total(&self) -> f64 {
        self.outcome + self.band + self.plot + GAP + self.labels + self.values + self.remark
    }
}

impl<'p> Plan<'p> {
    /// Measures a panel for a width and a height of its plot.
    pub fn new(
        sheet: &Sheet<'_>,
        panel: &'p Panel,
        chart: &BeforeAfter,
        (width, plot): (f64, f64),
    ) -> Result<Self, ChartError> {
        check(panel)?;
        let lang = chart.caption.lang;
        let theme = sheet.theme;
        let small = theme.small;
        let axes = Axes::new(panel, &chart.panels, STEPS.min(plot / STEP), lang);
        let axis_title = sheet.block(&panel.difference.axis_title, small, plot)?;
        let columns = Columns::new(sheet, panel, &axes, &axis_title, width)?;

        let facts = facts(panel, lang);
        let region = columns.difference.1 - columns.difference.0;
        // The caption may spread over the axis labels, as far as it stays centred in the panel.
        let room = 2.0 * (width - columns.centres[2]);
        let room = room.min(width / 2.0).max(region);
        let caption = sheet.block(caption(&panel.difference), small, room)?;
        let beside = columns.centres[2] - caption.width.max(region) / 2.0 - GAP;
        let [n, better] = [&facts[0], &facts[1]].map(|fact| sheet.block(fact, small, beside));

        let occasion = (columns.centres[1] - columns.centres[0]) - 4.0;
        let widths = [occasion, occasion, region];
        let (before, after, difference) = (&panel.before, &panel.after, &panel.difference);
        let labels = [&before.label, &after.label, &difference.label];
        let values = [&before.printed, &after.printed, &difference.printed];
        // Numbers that find no room under their marks stand in sentences below.
        let mut is_cut = false;
        for (value, width) in values.into_iter().zip(widths) {
            is_cut |= sheet.cuts_number(value, theme.label, width)?;
        }
        let none = String::new();
        let (values, spelled) = if is_cut { ([&none; 3], spelled(panel, lang)) } else { (values, String::new()) };
        let (assumptions, is_thinned) = assumptions(sheet, panel, region)?;
        let columns = Columns { is_cramped: columns.is_cramped || is_thinned, ..columns };
        let remark = sheet.block(panel.remark.as_deref().unwrap_or(""), small, width - columns.plot.0)?;
        Ok(Plan {
            outcome: sheet.block(&describe::outcome(panel, lang), theme.heading, width)?,
            facts: n?.above(better?),
            caption,
            assumptions,
            axis_title,
            labels: three(sheet, labels, widths)?,
            values: three(sheet, values, widths)?,
            remark: sheet.block(&spelled, small, width - columns.plot.0)?.above(remark),
            panel,
            axes,
            columns,
            headroom: sheet.gap(HEADROOM).max(7.5),
        })
    }

    /// Whether a wider panel would keep whole what is broken here; a value may be broken at its ±.
    pub fn is_cramped(&self) -> bool {
        self.columns.is_cramped
    }

    /// Heights this panel needs by itself.
    pub fn heights(&self) -> Heights {
        let tallest = |blocks: &[Block]| blocks.iter().map(Block::height).fold(0.0, f64::max);
        let right = self.caption.height() + tallest(&self.assumptions);
        Heights {
            outcome: self.outcome.height_and(4.0),
            band: self.facts.height().max(right) + self.headroom,
            labels: tallest(&self.labels),
            values: tallest(&self.values),
            remark: self.remark.height_and(GAP),
            plot: 0.0,
        }
    }

    /// Draws the panel with its top left corner at the given place.
    pub fn draw(&self, sheet: &mut Sheet<'_>, (x, y): (f64, f64), heights: &Heights) {
        let top = y + heights.outcome + heights.band;
        let bottom = top + heights.plot;
        let scale = Scale::linear(self.axes.domain, (bottom, top));
        self.draw_head(sheet, x, y, top);
        self.draw_axes(sheet, x, &scale);
        self.draw_occasions(sheet, x, &scale);
        self.draw_difference(sheet, x, &scale);
        self.draw_foot(sheet, x, bottom + GAP, heights);
    }

    fn draw_head(&self, sheet: &mut Sheet<'_>, x: f64, y: f64, top: f64) {
        let theme = sheet.theme;
        sheet.write(&self.outcome, x, y, Along::Start, theme.ink);
        // Both stand on the plot, so that they line up across the row.
        let floor = top - self.headroom;
        sheet.write(&self.facts, x, floor - self.facts.height(), Along::Start, theme.muted);
        let labels = self.assumptions.iter().map(Block::height).fold(0.0, f64::max);
        let caption = floor - labels - self.caption.height();
        let centre = x + self.columns.centres[2];
        sheet.write(&self.caption, centre, caption, Along::Middle, theme.muted);
        for (block, slot) in self.assumptions.iter().zip(self.slots()) {
            sheet.write(block, x + slot, floor - labels, Along::Middle, theme.ink);
        }
    }

    fn draw_axes(&self, sheet: &mut Sheet<'_>, x: f64, scale: &Scale) {
        let theme = sheet.theme;
        let (bottom, top) = scale.range;
        let (left, right) = (x + self.columns.plot.0, x + self.columns.plot.1);
        sheet.line((left, top), (left, bottom), theme.line, 1.0);
        sheet.line((left, bottom), (right, bottom), theme.line, 1.0);
        sheet.line((right, top), (right, bottom), theme.line, 1.0);
        for (value, text) in &self.axes.left {
            let y = scale.at(*value);
            sheet.line((left - TICK, y), (left, y), theme.line, 1.0);
            let at = (left - 2.0 * TICK, y);
            sheet.text(text, at, theme.small, theme.ink, (Along::End, Across::Middle));
        }
        for (value, text) in &self.axes.right {
            let y = scale.at(*value);
            sheet.line((right, y), (right + TICK, y), theme.line, 1.0);
            let at = (right + 2.0 * TICK, y);
            sheet.text(text, at, theme.small, theme.ink, (Along::Start, Across::Middle));
        }
        let middle = (bottom + top) / 2.0;
        sheet.write_downwards(&self.axis_title, x + self.columns.title, middle, theme.muted);
    }

    fn draw_occasions(&self, sheet: &mut Sheet<'_>, x: f64, scale: &Scale) {
        let theme = sheet.theme;
        let (bottom, top) = scale.range;
        let (left, right) = (x + self.columns.plot.0, x + self.columns.plot.1);
        let place = |column: usize, occasion: &Occasion| (x + self.columns.centres[column], scale.at(occasion.mean));
        let before = place(0, &self.panel.before);
        let after = place(1, &self.panel.after);
        let estimate = scale.at(self.panel.before.mean + self.panel.difference.estimate);
        sheet.line(before, (right, before.1), theme.reference, 1.0);
        sheet.line((after.0, estimate), (right, estimate), theme.rule, 1.0);
        if let Some((from, to)) = clip::segment(before, after, (left, top), (right, bottom)) {
            sheet.line(from, to, theme.line, 1.6);
        }
        bar(sheet, before.0, self.panel.before.bar, scale, theme.before);
        bar(sheet, after.0, self.panel.after.bar, scale, theme.after);
        sheet.disc(before, 5.5, theme.before);
        sheet.square(after, MARK, theme.after);
        for (mark, occasion) in [(before, &self.panel.before), (after, &self.panel.after)] {
            let Some(bar) = occasion.bar else { continue };
            let cut = clip::interval(bar.lower, bar.upper, scale.domain);
            // A mark at the edge does not hide that the bar goes on.
            for (goes_on, edge, heading) in [(cut.below, bottom, Heading::Down), (cut.above, top, Heading::Up)] {
                if goes_on && (mark.1 - edge).abs() <= MARK {
                    sheet.arrow((mark.0, edge), heading, theme.paper);
                }
            }
        }
    }

    fn draw_difference(&self, sheet: &mut Sheet<'_>, x: f64, scale: &Scale) {
        let (ink, paper) = (sheet.theme.ink, sheet.theme.paper);
        let (before, difference) = (self.panel.before.mean, &self.panel.difference);
        let y = scale.at(before + difference.estimate);
        for (interval, slot) in difference.intervals.iter().zip(self.slots()) {
            let at = x + slot;
            let Interval { lower, upper } = interval.interval;
            let span = Interval { lower: before + lower, upper: before + upper };
            stem(sheet, at, span, scale, ink, 1.6);
            sheet.diamond((at, y), 4.5, ink);
        }
        if difference.intervals.is_empty() {
            // Hollow: a point without an interval.
            let at = (x + self.columns.centres[2], y);
            sheet.diamond(at, 6.5, ink);
            sheet.diamond(at, 4.2, paper);
        }
    }

    fn draw_foot(&self, sheet: &mut Sheet<'_>, x: f64, y: f64, heights: &Heights) {
        let theme = sheet.theme;
        let colours = [theme.before_text, theme.after_text, theme.ink];
        for (column, colour) in colours.into_iter().enumerate() {
            let centre = x + self.columns.centres[column];
            sheet.write(&self.labels[column], centre, y, Along::Middle, theme.ink);
            let below = y + heights.labels;
            sheet.write(&self.values[column], centre, below, Along::Middle, colour);
        }
        let below = y + heights.labels + heights.values + GAP;
        let left = x + self.columns.plot.0;
        sheet.write(&self.remark, left, below, Along::Start, theme.muted);
    }

    /// Centres of the intervals.
    fn slots(&self) -> impl Iterator<Item = f64> {
        let (from, to) = self.columns.difference;
        let count = self.panel.difference.intervals.len().max(1);
        let slot = (to - from) / count as f64;
        (0..count).map(move |i| from + (i as f64 + 0.5) * slot)
    }
}

/// How many people, and which way is good.
fn facts(panel: &Panel, lang: Lang) -> [String; 2] {
    let n = panel.n.as_deref().map(|n| format!("n = {n}"));
    let better = panel.better.map(|better| describe::direction(better, lang));
    [n.unwrap_or_default(), better.unwrap_or_default().to_owned()]
}

/// The printed values and the difference with their names.
fn spelled(panel: &Panel, lang: Lang) -> String {
    let (before, after, difference) = (&panel.before, &panel.after, &panel.difference);
    let parts =
        [(&before.label, &before.printed), (&after.label, &after.printed), (&difference.label, &difference.printed)];
    let colon = lang.choose(": ", "：");
    parts.map(|(label, value)| format!("{label}{colon}{value}")).join(lang.choose("; ", "；"))
}

/// What stands over the difference: the title of the intervals, or why there are none.
fn caption(difference: &Difference) -> &str {
    match &difference.absent {
        Some(reason) if difference.intervals.is_empty() => reason,
        _ => &difference.intervals_title,
    }
}

/// The label of each interval, broken to its slot; of close ones that of every other, or of fewer where their numbers
/// would be cut. Also whether they are that few.
fn assumptions(sheet: &Sheet<'_>, panel: &Panel, region: f64) -> Result<(Vec<Block>, bool), ChartError> {
    let size = sheet.theme.small;
    let intervals = &panel.difference.intervals;
    let slot = region / intervals.len().max(1) as f64;
    let usual = if slot < SLOT.0 - 2.0 && intervals.len() > 2 { 2 } else { 1 };
    let width = |every: usize| (every as f64 * slot - 3.0).max(size);
    let mut every = usual;
    while every < intervals.len() {
        let mut is_cut = false;
        for interval in intervals.iter().step_by(every) {
            is_cut |= sheet.cuts_number(&interval.label, size, width(every))?;
        }
        if !is_cut {
            break;
        }
        every += 1;
    }
    let label = |(at, interval): (usize, &LabelledInterval)| {
        let text = if at.is_multiple_of(every) { interval.label.as_str() } else { "" };
        sheet.block(text, size, width(every))
    };
    let labels: Result<Vec<Block>, ChartError> = intervals.iter().enumerate().map(label).collect();
    Ok((labels?, every > usual))
}

/// The texts under before, after and difference.
fn three(sheet: &Sheet<'_>, texts: [&String; 3], widths: [f64; 3]) -> Result<[Block; 3], ChartError> {
    let block = |column: usize| sheet.block(texts[column], sheet.theme.label, widths[column]);
    Ok([block(0)?, block(1)?, block(2)?])
}

/// Whether a bar or an interval of a panel ends beyond its axis, which takes in what `all` show that share it.
pub(super) fn goes_beyond(panel: &Panel, all: &[Panel], lang: Lang) -> bool {
    if check(panel).is_err() {
        return false;
    }
    let (low, high) = Axes::new(panel, all, STEPS, lang).domain;
    let bars = [panel.before.bar, panel.after.bar].into_iter().flatten().flat_map(Interval::ends);
    let intervals = panel.difference.intervals.iter().flat_map(|one| one.interval.ends());
    bars.chain(intervals.map(|end| panel.before.mean + end)).any(|end| end < low || end > high)
}

impl Axes {
    /// Axes of a panel, which take in what the panels show that share them.
    fn new(panel: &Panel, all: &[Panel], steps: f64, lang: Lang) -> Self {
        let written = TickNumbers::of_unit(panel.unit.as_deref(), lang);
        let before = panel.before.mean;
        let is_peer = |other: &&Panel| panel.shares.is_some() && other.shares == panel.shares;
        let shown = || all.iter().filter(is_peer).chain([panel]);
        let spans = shown().map(Self::span);
        let (low, high) = extent(spans.flat_map(|(low, high)| [low, high]));
        let (least, most) = (panel.limits.min, panel.limits.max);
        let is_near_zero = low > 0.0 && low < NEAR_ZERO * high;
        // Where two means stand alone, nothing but 0 tells how far apart they are: a halved value should look halved.
        let are_bare = shown().all(|one| one.before.bar.is_none() && one.after.bar.is_none());
        let low = if least.is_none() && are_bare && is_near_zero { 0.0 } else { low };
        // A scale of two ends is shown from its least value; one that is open above only where its values are near.
        let least = least.filter(|least| most.is_some() || *least != 0.0 || low <= 0.0 || is_near_zero);
        let (domain, step) = nice_range(low, high, (least, most), steps);
        let places = decimals(step);
        let left = ticks(domain.0, domain.1, step);
        let right = ticks(domain.0 - before, domain.1 - before, step);
        Axes {
            domain,
            left: left.into_iter().map(|tick| (tick, written.written(tick, step))).collect(),
            right: right.into_iter().map(|tick| (before + tick, number(tick, places, true))).collect(),
        }
    }

    /// The least and the greatest value that a panel shows; intervals count as far as they may stretch the axis.
    fn span(panel: &Panel) -> (f64, f64) {
        let before = panel.before.mean;
        let means = [before, panel.after.mean, before + panel.difference.estimate];
        let (least, most) = (panel.limits.min, panel.limits.max);
        let within = |value: f64| {
            let value = least.map_or(value, |least| value.max(least));
            most.map_or(value, |most| value.min(most))
        };
        let bars = [panel.before.bar, panel.after.bar];
        let ends = bars.iter().flatten().flat_map(|bar| [bar.lower, bar.upper]);
        let core = means.into_iter().chain(ends.filter(|end| end.is_finite()).map(within));
        let (low, high) = extent(core);
        let reach = STRETCH * (high - low);
        let intervals = panel.difference.intervals.iter();
        let ends = intervals.flat_map(|labelled| labelled.interval.ends().map(|end| before + end));
        let ends = ends.filter(|_| reach > 0.0).map(|end| end.clamp(low - reach, high + reach));
        extent(ends.map(within).chain([low, high]))
    }
}

impl Columns {
    fn new(sheet: &Sheet<'_>, panel: &Panel, axes: &Axes, title: &Block, width: f64) -> Result<Self, ChartError> {
        let (label, small) = (sheet.theme.label, sheet.theme.small);
        let widest =
            |ticks: &[(f64, String)]| ticks.iter().map(|(_, text)| sheet.fonts.width(text, small)).fold(0.0, f64::max);
        let left = widest(&axes.left) + 2.0 * TICK;
        let title_left = width - title.height();
        let right = title_left - widest(&axes.right) - 2.0 * TICK - 4.0;
        if right < left + LEAST_PLOT {
            return Err(ChartError::Crowded { place: panel.outcome.clone() });
        }
        let inner = right - left;

        let (before, after) = (&panel.before, &panel.after);
        let mut occasion = 0.0_f64;
        for text in [&before.label, &before.printed, &after.label, &after.printed] {
            occasion = occasion.max(sheet.measure(text, label)? + 2.0 * GAP);
        }
        let difference = &panel.difference;
        let mut named = 0.0_f64;
        for text in [&difference.label, &difference.printed] {
            named = named.max(sheet.measure(text, label)? + 2.0);
        }
        let count = difference.intervals.len().max(3) as f64;
        let least = (count * SLOT.0).max(named).min(DIFFERENCE * inner);
        let most = (count * SLOT.1).max(least).min(DIFFERENCE * inner);
        let region = (inner - 2.0 * occasion - GAP).clamp(least, most);
        // Rather than a number of a mean, every other label of an interval gives way.
        let mut number = 0.0_f64;
        for text in [&before.printed, &after.printed] {
            number = number.max(sheet.least(text, label)? * (LEAST_SIZE / label).min(1.0));
        }
        let room = inner - 2.0 * (number + 5.0) - GAP - 2.0;
        let region = region.min(room.max(count * CLOSE_SLOT).max(named.min(least)));
        let start = right - region - 2.0;
        let each = (start - GAP - left) / 2.0;
        let words = [&before.label, &after.label].into_iter().flat_map(|label| label.split(' '));
        let whole = words.filter(|word| word.is_ascii()).chain([before.printed.as_str(), after.printed.as_str()]);
        let mut is_cramped = false;
        for piece in whole {
            // The sign goes to the second line.
            for (at, part) in piece.split('±').enumerate() {
                let sign = if at > 0 { "±" } else { "" };
                is_cramped |= sheet.measure(&format!("{sign}{}", part.trim_end()), label)? > each - 4.0;
            }
        }
        Ok(Columns {
            is_cramped,
            plot: (left, right),
            centres: [left + 0.5 * each, left + 1.5 * each, start + region / 2.0],
            difference: (start, start + region),
            title: title_left,
        })
    }
}

/// A bar with caps, or arrowheads where it goes on.
fn bar(sheet: &mut Sheet<'_>, x: f64, bar: Option<Interval>, scale: &Scale, colour: Colour) {
    let Some(span) = bar else { return };
    let cut = stem(sheet, x, span, scale, colour, 2.0);
    for (value, goes_on) in [(cut.lower, cut.below), (cut.upper, cut.above)] {
        if !goes_on {
            let y = scale.at(value);
            sheet.line((x - 6.0, y), (x + 6.0, y), colour, 2.0);
        }
    }
}

/// A vertical line over a span, cut at the edges of the plot with an arrowhead.
fn stem(sheet: &mut Sheet<'_>, x: f64, span: Interval, scale: &Scale, colour: Colour, width: f64) -> clip::Cut {
    let cut = clip::interval(span.lower, span.upper, scale.domain);
    let (bottom, top) = scale.range;
    // The line stops inside the head, whose tip is the edge.
    let from = scale.at(cut.lower) - if cut.below { 4.0 } else { 0.0 };
    let to = scale.at(cut.upper) + if cut.above { 4.0 } else { 0.0 };
    if from > to {
        sheet.line((x, from), (x, to), colour, width);
    }
    if cut.below {
        sheet.arrow((x, bottom), Heading::Down, colour);
    }
    if cut.above {
        sheet.arrow((x, top), Heading::Up, colour);
    }
    cut
}

fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// Refuses numbers that have no place on an axis.
fn check(panel: &Panel) -> Result<(), ChartError> {
    let name = |part: &str| format!("{}, {part}", panel.outcome);
    let finite = |part: &str, value: f64| {
        if value.is_finite() { Ok(()) } else { Err(ChartError::Number { place: name(part), value }) }
    };
    for occasion in [&panel.before, &panel.after] {
        finite(&occasion.label, occasion.mean)?;
        if let Some(bar) = occasion.bar {
            check_interval(bar, || name(&occasion.label))?;
        }
    }
    finite(&panel.difference.label, panel.difference.estimate)?;
    for interval in &panel.difference.intervals {
        check_interval(interval.interval, || name(&panel.difference.label))?;
    }
    let limits = panel.limits;
    for limit in [limits.min, limits.max].into_iter().flatten() {
        finite("limits", limit)?;
    }
    match (limits.min, limits.max) {
        (Some(lower), Some(upper)) if lower >= upper => {
            Err(ChartError::Limits { place: panel.outcome.clone(), lower, upper })
        }
        _ => Ok(()),
    }
}
