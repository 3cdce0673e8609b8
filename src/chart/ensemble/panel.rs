//! One panel: bars to the left and right of an axis of values, and lines between them.

use super::{Joint, Side, Spine, ValueBar};
use crate::chart::ChartError;
use crate::chart::axis::{Scale, decimals, number, step, ticks};
use crate::chart::sheet::{Block, Sheet};
use crate::chart::text::{Across, Along};
use crate::chart::theme::Colour;
use crate::numeric::format::significant;

/// Height of a value where all have a label, and the least such height.
const ROW: f64 = 22.0;
const LEAST_ROW: f64 = 15.0;
/// The least height of the plot in a picture whose height is given, and the greatest otherwise.
pub(super) const PLOT: (f64, f64) = (90.0, 300.0);
/// The least height of the plot where there is room.
const LEAST_PLOT: f64 = 150.0;
/// Thickest bar.
const THICKEST: f64 = 13.0;
/// Shares of the panel that each side and the middle take.
const SIDE: f64 = 0.34;
/// Widest line between the sides.
const WIDEST: f64 = 7.0;
/// The least distance of round numbers at the bars.
const LEAST_STEP: f64 = 18.0;
/// Free space between texts.
const GAP: f64 = 6.0;
/// Lines of fewer people than this share of the widest are left out: they join almost everything.
const FAINTEST: f64 = 0.1;
/// So many shades of lines are told apart: no reader tells more, and each is a part of the picture of its own.
const SHADES: f64 = 12.0;
/// Height of the axis of counts with its labels, and the least distance of these.
const COUNTS: f64 = 20.0;
const COUNT_PITCH: f64 = 26.0;
/// Half the length of a whisker's end.
const WHISKER: f64 = 3.5;

/// A panel with its texts measured.
pub(super) struct Plan<'p> {
    panel: &'p Joint,
    width: f64,
    outcome: Block,
    facts: Block,
    sides: [[Block; 3]; 2],
    unit: Block,
    counts: Block,
    remark: Block,
    labels: Vec<(f64, String)>,
    /// Widest label of a value.
    label_width: f64,
    /// Widest number of people.
    number_width: f64,
    domain: (f64, f64),
    /// Whether rows are so far apart that each bar has its number.
    numbered: bool,
    /// The end of the axes of people: all of them, and where bars have no numbers those of the longest bar.
    most: f64,
    rows: f64,
    /// The greatest height of the plot.
    highest: f64,
    /// The share of the usual free space.
    spacing: f64,
}

impl<'p> Plan<'p> {
    /// Measures a panel for a width and the greatest height of its plot.
    pub fn new(
        sheet: &Sheet<'_>,
        panel: &'p Joint,
        counts: &str,
        (width, highest): (f64, f64),
    ) -> Result<Self, ChartError> {
        let theme = sheet.theme;
        let half = width / 2.0 - GAP;
        let side = |side: &Side| -> Result<[Block; 3], ChartError> {
            Ok([
                sheet.block(&side.label, theme.label, half)?,
                sheet.block(&side.printed, theme.label, half)?,
                sheet.block(&side.count, theme.small, half)?,
            ])
        };
        let values = || panel.sides().into_iter().flat_map(|(side, _)| side.bars.iter());
        let low = values().map(|bar| bar.value).fold(f64::INFINITY, f64::min);
        let high = values().map(|bar| bar.value).fold(f64::NEG_INFINITY, f64::max);
        let gap = closest(values()).unwrap_or(1.0);
        let rows = (high - low) / gap + 1.4;
        let numbered = rows <= highest / LEAST_ROW;
        let most = (highest / LEAST_STEP).clamp(2.0, 8.0);
        let labels = labels(values(), (low, high), numbered, most);
        let mut label_width: f64 = 0.0;
        for (_, label) in &labels {
            label_width = label_width.max(sheet.measure(label, theme.small)?);
        }
        let mut number_width: f64 = 0.0;
        for bar in values() {
            let width = sheet.measure(&people(bar), theme.small)?;
            number_width = number_width.max(if numbered { width } else { 0.0 });
            // Also labels that are not written must be writable, since the description names them.
            sheet.measure(&bar.label, theme.small)?;
        }
        Ok(Self {
            panel,
            width,
            outcome: sheet.block(&panel.outcome, theme.heading, width)?,
            facts: sheet.block(&panel.facts, theme.small, width)?,
            sides: [side(&panel.before)?, side(&panel.after)?],
            unit: sheet.block(panel.unit.as_deref().unwrap_or_default(), theme.small, width)?,
            counts: sheet.block(counts, theme.small, width * SIDE)?,
            remark: sheet.block(panel.remark.as_deref().unwrap_or_default(), theme.small, width)?,
            labels,
            label_width,
            number_width,
            domain: (low - 0.7 * gap, high + 0.7 * gap),
            numbered,
            most: if numbered { panel.people } else { values().map(furthest).fold(1.0, f64::max) },
            rows,
            highest,
            spacing: theme.spacing,
        })
    }

    /// Height of the texts over the plot.
    pub fn head(&self) -> f64 {
        let sides = self.sides.iter().map(|side| side.iter().map(Block::height).sum::<f64>()).fold(0.0, f64::max);
        self.outcome.height_and(2.0 * self.spacing)
            + self.facts.height_and(8.0 * self.spacing)
            + sides
            + self.unit.height()
            + 6.0
    }

    /// Height of the plot.
    pub fn body(&self) -> f64 {
        (ROW * self.rows).max(LEAST_PLOT).min(self.highest)
    }

    /// Height of the texts under the plot.
    pub fn foot(&self) -> f64 {
        self.remark.height_and(0.0) + COUNTS + self.counts.height() + 8.0
    }

    /// Draws the panel from `top`, its plot from `start` on.
    pub fn draw(&self, sheet: &mut Sheet<'_>, left: f64, top: f64, start: f64, height: f64) {
        let theme = sheet.theme;
        sheet.write(&self.outcome, left, top, Along::Start, theme.ink);
        let y = top + self.outcome.height_and(2.0 * self.spacing);
        sheet.write(&self.facts, left, y, Along::Start, theme.muted);
        let y = y + self.facts.height_and(8.0 * self.spacing);
        let scale = Scale::linear(self.domain, (start + height, start));
        let spines = [left + self.width * SIDE, left + self.width * (1.0 - SIDE)];
        self.lines(sheet, spines, &scale);
        for ((blocks, (side, spine)), x) in self.sides.iter().zip(self.panel.sides()).zip(spines) {
            let (edge, along) = match spine {
                Spine::Left => (left, Along::Start),
                Spine::Right => (left + self.width, Along::End),
            };
            let colour = if spine == Spine::Left { theme.before_text } else { theme.after_text };
            let mut line = y;
            for (block, colour) in blocks.iter().zip([theme.ink, colour, theme.muted]) {
                sheet.write(block, edge, line, along, colour);
                line += block.height();
            }
            self.bars(sheet, side, spine, x, edge, &scale, height);
        }
        let middle = left + self.width / 2.0;
        let unit = start - self.unit.height() - 2.0;
        sheet.write(&self.unit, middle, unit, Along::Middle, theme.muted);
        let below = start + height + COUNTS + self.counts.height() + 8.0;
        sheet.write(&self.remark, left, below, Along::Start, theme.ink);
    }

    /// The axis of how many people there are, below the bars of a side.
    fn counts(&self, sheet: &mut Sheet<'_>, (foot, end): (f64, f64), bottom: f64) {
        let theme = sheet.theme;
        let most = ((end - foot).abs() / COUNT_PITCH).clamp(1.0, 5.0).floor();
        // People are whole.
        let by = step(self.most, most).max(1.0);
        sheet.line((foot, bottom), (end, bottom), theme.line, 1.0);
        let mut places = ticks(0.0, self.most, by);
        if places.len() < 2 {
            // One number alone tells no distance.
            places.push(self.most.floor());
        }
        for people in places {
            let x = foot + (end - foot) * people / self.most;
            sheet.line((x, bottom), (x, bottom + 4.0), theme.line, 1.0);
            let label = number(people, 0, false);
            sheet.text(&label, (x, bottom + 8.0), theme.small, theme.muted, (Along::Middle, Across::Top));
        }
        sheet.write(&self.counts, (foot + end) / 2.0, bottom + COUNTS, Along::Middle, theme.muted);
    }

    /// Labels at the spine and bars outwards from them.
    #[allow(clippy::too_many_arguments)]
    fn bars(&self, sheet: &mut Sheet<'_>, side: &Side, spine: Spine, x: f64, edge: f64, scale: &Scale, height: f64) {
        let theme = sheet.theme;
        let out = if spine == Spine::Left { -1.0 } else { 1.0 };
        let colour = if spine == Spine::Left { theme.before } else { theme.after };
        // Labels stand between the spine and the bars.
        for (value, label) in &self.labels {
            let along = if spine == Spine::Left { Along::End } else { Along::Start };
            sheet.text(label, (x + out * GAP, scale.at(*value)), theme.small, theme.muted, (along, Across::Middle));
        }
        let foot = x + out * (2.0 * GAP + self.label_width);
        // Beyond the longest bar there is room for its number.
        let room = (edge - foot).abs() - self.number_width - GAP;
        let thick = (height / self.rows * 0.6).min(THICKEST);
        let ends = scale.range;
        sheet.line((foot, ends.0), (foot, ends.1), theme.rule, 1.0);
        let at = |people: f64| foot + out * room * people / self.most;
        self.counts(sheet, (foot, foot + out * room), ends.0);
        for bar in &side.bars {
            let y = scale.at(bar.value);
            rectangle(sheet, (foot, at(bar.mean)), (y - thick / 2.0, y + thick / 2.0), colour);
            if let Some((least, most)) = bar.range.filter(|(least, most)| least < most) {
                let (from, to) = (at(f64::from(least)), at(f64::from(most)));
                sheet.line((from, y), (to, y), theme.ink, 1.2);
                for end in [from, to] {
                    sheet.line((end, y - WHISKER), (end, y + WHISKER), theme.ink, 1.2);
                }
            }
            if !self.numbered {
                continue;
            }
            let along = if spine == Spine::Left { Along::End } else { Along::Start };
            let end = (at(furthest(bar)) + out * GAP, y);
            sheet.text(&people(bar), end, theme.small, theme.ink, (along, Across::Middle));
        }
    }

    /// Lines from each value before to each value after, as wide as people went there on average.
    fn lines(&self, sheet: &mut Sheet<'_>, [left, right]: [f64; 2], scale: &Scale) {
        let theme = sheet.theme;
        let most = self.panel.lines.iter().map(|(_, _, people)| *people).fold(0.0, f64::max);
        let mut lines: Vec<&(f64, f64, f64)> =
            self.panel.lines.iter().filter(|(_, _, people)| *people >= FAINTEST * most && *people > 0.0).collect();
        // The widest lie on top.
        lines.sort_by(|a, b| a.2.total_cmp(&b.2));
        for (from, to, people) in lines {
            let share = people / most;
            let colour = theme.rule.towards(theme.line, (share * SHADES).round() / SHADES);
            let ends = [(left + GAP, scale.at(*from)), (right - GAP, scale.at(*to))];
            sheet.line(ends[0], ends[1], colour, (WIDEST * people / self.panel.people * 2.0).clamp(0.5, WIDEST));
        }
    }
}

/// How many people a bar stands for: `5`, `1–4`, or the mean where no more is known.
fn people(bar: &ValueBar) -> String {
    match bar.range {
        Some((least, most)) if least == most => least.to_string(),
        Some((least, most)) => format!("{least}–{most}"),
        None => significant(bar.mean, 2),
    }
}

/// How far a bar reaches, with its whisker.
fn furthest(bar: &ValueBar) -> f64 {
    bar.range.map_or(bar.mean, |(_, most)| f64::from(most)).max(bar.mean)
}

fn rectangle(sheet: &mut Sheet<'_>, (a, b): (f64, f64), (top, bottom): (f64, f64), colour: Colour) {
    if (a - b).abs() > 0.05 {
        sheet.area(vec![(a, top), (b, top), (b, bottom), (a, bottom)], colour);
    }
}

/// The smallest distance between two values.
fn closest<'a>(bars: impl Iterator<Item = &'a ValueBar>) -> Option<f64> {
    let mut values: Vec<f64> = bars.map(|bar| bar.value).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values.windows(2).map(|pair| pair[1] - pair[0]).reduce(f64::min)
}

/// A label for each value where there is room, and round numbers otherwise.
fn labels<'a>(
    bars: impl Iterator<Item = &'a ValueBar>,
    (low, high): (f64, f64),
    numbered: bool,
    most: f64,
) -> Vec<(f64, String)> {
    if numbered {
        let mut labels: Vec<(f64, String)> = Vec::new();
        for bar in bars {
            if !labels.iter().any(|(value, _)| *value == bar.value) {
                labels.push((bar.value, bar.label.clone()));
            }
        }
        return labels;
    }
    let step = step(high - low, most);
    ticks(low, high, step).into_iter().map(|value| (value, number(value, decimals(step), false))).collect()
}
