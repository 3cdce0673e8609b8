//! Axes of points and rows: range, ticks, titles, and what lies to either side.

use super::ChartError;
use super::axis::{Density, Scale, decimals, log_ceil, log_floor, log_ticks, nice_range, number, step, ticks};
use super::sheet::Sheet;
use crate::reported::Lang;

/// Least space between tick labels along a horizontal axis.
const TICK_GAP: f64 = 12.0;
/// Least distance of tick labels along a vertical axis, in sizes of their text.
const TICK_PITCH: f64 = 2.4;

/// How the numbers at the ticks of an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TickNumbers {
    /// As they are.
    #[default]
    Plain,
    /// Shares of 0 to 1 in per cent, as the language writes them: `20 %`, `20%`.
    Shares(Lang),
    /// Percentages with their sign.
    Percentages(Lang),
}

impl TickNumbers {
    /// Numbers of a unit: percentages where that is the sign of them.
    #[must_use]
    pub fn of_unit(unit: Option<&str>, lang: Lang) -> Self {
        let is_percent = unit.is_some_and(|unit| matches!(unit.trim(), "%" | "％"));
        if is_percent { Self::Percentages(lang) } else { Self::Plain }
    }

    /// A tick among others that are `step` apart.
    pub(super) fn written(self, tick: f64, step: f64) -> String {
        let factor = if matches!(self, Self::Shares(_)) { 100.0 } else { 1.0 };
        let text = number(factor * tick, decimals(factor * step), false);
        match self {
            Self::Plain => text,
            Self::Shares(lang) | Self::Percentages(lang) => format!("{text}{}", lang.choose(" %", "%")),
        }
    }
}

/// An axis as a caller describes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// What is measured, with its unit.
    pub title: String,
    /// First and last value; without it the data decide, widened to round numbers.
    pub range: Option<(f64, f64)>,
    /// Equal distances stand for equal ratios. All values are then above 0.
    pub logarithmic: bool,
    /// The axis runs from its greatest value to its least.
    pub reversed: bool,
    /// Names at places, in place of numbers.
    pub names: Vec<(f64, String)>,
    /// How the numbers at its ticks are written.
    pub ticks: TickNumbers,
    /// What the lower and the higher side mean, such as “favours treatment”; empty for nothing.
    pub sides: [String; 2],
}

impl Axis {
    /// A linear axis with a title.
    #[must_use]
    pub fn linear(title: impl Into<String>) -> Self {
        Axis { title: title.into(), ..Axis::default() }
    }

    /// A logarithmic axis with a title.
    #[must_use]
    pub fn logarithmic(title: impl Into<String>) -> Self {
        Axis { title: title.into(), logarithmic: true, ..Axis::default() }
    }

    /// The same axis with fixed ends.
    #[must_use]
    pub fn over(mut self, from: f64, to: f64) -> Self {
        self.range = Some((from, to));
        self
    }

    /// The same axis with names at its places.
    #[must_use]
    pub fn named(mut self, names: impl IntoIterator<Item = (f64, String)>) -> Self {
        self.names = names.into_iter().collect();
        self
    }

    /// The same axis with its numbers written in another way.
    #[must_use]
    pub fn written(mut self, ticks: TickNumbers) -> Self {
        self.ticks = ticks;
        self
    }

    /// The name at a place, where it has one.
    pub(super) fn name_at(&self, place: f64) -> Option<&str> {
        self.names.iter().find(|(at, _)| *at == place).map(|(_, name)| name.as_str())
    }

    /// The ends, from the data where they are not fixed.
    pub(super) fn domain(&self, values: impl Iterator<Item = f64>) -> Result<(f64, f64), ChartError> {
        let place = || self.title.clone();
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        match self.range {
            Some((from, to)) => (low, high) = (from, to),
            None => values.filter(|value| value.is_finite()).for_each(|value| {
                (low, high) = (low.min(value), high.max(value));
            }),
        }
        if low > high {
            return Err(if self.range.is_some() {
                ChartError::Limits { place: place(), lower: low, upper: high }
            } else {
                ChartError::Empty
            });
        }
        if let Some(value) = [low, high].into_iter().find(|end| !is_placeable(*end, self.logarithmic)) {
            return Err(ChartError::Number { place: place(), value });
        }
        Ok(match (self.range, self.logarithmic) {
            (Some(range), _) if range.0 < range.1 => range,
            (_, false) => nice_range(low, high, (None, None), 6.0).0,
            (_, true) if high / low < 1.2 => (low / 1.5, high * 1.5),
            (_, true) if high / low > 5.0 => (log_floor(low), log_ceil(high)),
            (_, true) => (low / 1.08, high * 1.08),
        })
    }

    /// The scale over a stretch of the picture.
    pub(super) fn scale(&self, domain: (f64, f64), (first, last): (f64, f64)) -> Scale {
        let range = if self.reversed { (last, first) } else { (first, last) };
        if self.logarithmic { Scale::log(domain, range) } else { Scale::linear(domain, range) }
    }

    /// Ticks of a horizontal axis, as many as their labels leave room for.
    pub(super) fn across(&self, sheet: &Sheet<'_>, scale: &Scale) -> Vec<(f64, String)> {
        let size = sheet.theme.small;
        let fits = |ticks: &[(f64, String)]| {
            ticks.windows(2).all(|pair| {
                let halves = (sheet.fonts.width(&pair[0].1, size) + sheet.fonts.width(&pair[1].1, size)) / 2.0;
                (scale.at(pair[1].0) - scale.at(pair[0].0)).abs() >= halves + TICK_GAP
            })
        };
        self.ticks(scale, 8.0, fits)
    }

    /// Ticks of a vertical axis.
    pub(super) fn along(&self, sheet: &Sheet<'_>, scale: &Scale) -> Vec<(f64, String)> {
        let least = sheet.theme.small * TICK_PITCH;
        let fits = |ticks: &[(f64, String)]| {
            ticks.windows(2).all(|pair| (scale.at(pair[1].0) - scale.at(pair[0].0)).abs() >= least)
        };
        self.ticks(scale, 7.0, fits)
    }

    /// The most ticks that fit.
    fn ticks(&self, scale: &Scale, parts: f64, fits: impl Fn(&[(f64, String)]) -> bool) -> Vec<(f64, String)> {
        let (low, high) = scale.domain;
        if !self.names.is_empty() {
            let inside = self.names.iter().filter(|(at, _)| *at >= low && *at <= high);
            return inside.cloned().collect();
        }
        let mut tried: Vec<Vec<(f64, String)>> = Vec::new();
        if self.logarithmic {
            let mut density = Density::OneTwoFive;
            loop {
                let ticks: Vec<(f64, String)> = log_ticks(low, high, density)
                    .into_iter()
                    .map(|tick| (tick, self.ticks.written(tick, tick)))
                    .collect();
                if ticks.len() < 3 && density == Density::OneTwoFive {
                    tried.push(ticks);
                    break;
                }
                if fits(&ticks) {
                    return ticks;
                }
                tried.push(ticks);
                density = density.sparser();
            }
        }
        let mut parts = parts;
        loop {
            let by = step(high - low, parts);
            let texts = ticks(low, high, by).into_iter().map(|tick| (tick, self.ticks.written(tick, by)));
            let ticks: Vec<(f64, String)> = texts.filter(|(tick, _)| !self.logarithmic || *tick > 0.0).collect();
            if ticks.len() > 1 && fits(&ticks) {
                return ticks;
            }
            // Sparser ones would say nothing; one number alone tells no distance, which the two outermost of a denser
            // set do.
            if ticks.len() < 3 {
                tried.push(ticks.clone());
                let outermost = |set: &Vec<(f64, String)>| match &set[..] {
                    [first, .., last] => Some(vec![first.clone(), last.clone()]).filter(|two| fits(two)),
                    _ => None,
                };
                return tried.iter().find_map(outermost).unwrap_or_else(|| ticks.into_iter().take(1).collect());
            }
            tried.push(ticks);
            parts -= 1.0;
        }
    }
}

/// Whether a value has a place on an axis.
pub(super) fn is_placeable(value: f64, logarithmic: bool) -> bool {
    value.is_finite() && value.abs() < 1e100 && (!logarithmic || value > 1e-100)
}
