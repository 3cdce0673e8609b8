//! What the user says about a chart, and how its numbers are written.

use crate::chart::{Axis, TickNumbers};
use crate::report::number::{decimals_for, fixed, percent_sign, plain, ratio_text, significant};
use crate::report::transformation::Transformation;
use crate::report::words::say;
use crate::reported::Lang;

/// What the user says about a chart.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Language.
    pub lang: Lang,
    /// Effects are logarithms, shown as ratios.
    pub ratio: bool,
    /// How effects on another scale than that of logarithms are taken back: logits to shares, Fisher's z to
    /// correlations.
    pub back: Transformation,
    /// What is shown are shares, written in per cent.
    pub percent: bool,
    /// What the effect is called; empty for the usual word.
    pub effect: String,
    /// What the lower and the higher side mean.
    pub sides: [String; 2],
    /// Effects are of one group, such as proportions: none of their values stands for no effect.
    pub one_group: bool,
    /// The values that effects can have, such as 0 to 1.
    pub bounds: Option<(f64, f64)>,
    /// Where the axis of a chart of rows begins and ends, in the numbers that are shown.
    pub limits: Option<(f64, f64)>,
    /// How many decimals the numbers of a column have; without it as many as all of them need.
    pub decimals: Option<usize>,
    /// Headline; empty for the usual one.
    pub title: String,
    /// Where the numbers come from.
    pub source: String,
}

impl Look {
    pub(super) fn say(&self, en: &str, ja: &str) -> String {
        say(self.lang, en, ja)
    }

    pub(super) fn title_or(&self, en: &str, ja: &str) -> String {
        if self.title.is_empty() { self.say(en, ja) } else { self.title.clone() }
    }

    /// A value as it is shown.
    pub(super) fn shown(&self, value: f64) -> f64 {
        if self.ratio { value.exp() } else { self.back.of(value) }
    }

    /// How wide an interval is among the numbers that are shown; that of a ratio on its logarithms.
    pub(super) fn width(&self, [lower, upper]: [f64; 2]) -> f64 {
        if self.ratio && !self.percent { upper - lower } else { (self.shown(upper) - self.shown(lower)).abs() }
    }

    /// The same of a study, by its own size, where that counts.
    pub(super) fn for_size(&self, size: Option<f64>) -> Self {
        let back = size.map_or(self.back, |size| self.back.with_size(size));
        Self { back, effect: String::new(), ..self.clone() }
    }

    /// The value of no effect; none where there is no such value.
    pub(super) fn nothing(&self) -> Option<f64> {
        let nothing = if self.ratio { 1.0 } else { 0.0 };
        (!self.one_group).then_some(nothing)
    }

    /// The name of the effect with its scale.
    pub(super) fn effect_title(&self) -> String {
        let name = self.effect_name();
        match (self.ratio, self.lang) {
            (false, _) => name,
            (true, Lang::En) => format!("{name} (log scale)"),
            (true, Lang::Ja) => format!("{name}（対数目盛）"),
        }
    }

    /// The name alone.
    pub(super) fn effect_name(&self) -> String {
        match (self.effect.as_str(), self.ratio) {
            ("", true) => self.say("Ratio", "比"),
            ("", false) => self.say("Effect", "効果"),
            (own, _) => own.to_owned(),
        }
    }

    /// The same over a column of numbers, with the unit of these.
    pub(super) fn effect_heading(&self) -> String {
        let name = self.effect_name();
        match (self.percent, self.lang) {
            (false, _) => name,
            (true, Lang::En) => format!("{name}, %"),
            (true, Lang::Ja) => format!("{name}（%）"),
        }
    }

    /// How numbers are written, of intervals of these widths.
    pub(super) fn digits(&self, widths: impl Iterator<Item = f64>) -> Digits {
        let usual = if self.percent { Digits::of_shares(widths) } else { Digits::of(widths, self.ratio) };
        self.decimals.map_or(usual, |decimals| Digits { decimals, way: Way::Given, ..usual })
    }

    /// How a column of estimates with their intervals is written, some of which are pooled: all with the same
    /// decimals, where one more than the usual ones is enough for each of them; otherwise the usual ones, and more in
    /// the rows that need them. The numbers are those that are shown; `widths` those of the intervals before.
    pub(super) fn digits_of_column(
        &self,
        widths: impl Iterator<Item = f64>,
        rows: &[(f64, [f64; 2])],
        pooled: &[[f64; 2]],
    ) -> Digits {
        let usual = self.digits(widths);
        if self.percent || self.decimals.is_some() {
            return usual;
        }
        let least = Digits { way: Way::Same, ..pooled.iter().fold(usual, |all, ends| all.of_pooled(*ends)) };
        let is_enough = |of: &Digits| rows.iter().all(|(estimate, ends)| of.is_enough(*estimate, *ends));
        [least, least.with_decimals(least.decimals + 1)].into_iter().find(is_enough).unwrap_or(least)
    }

    /// An end of what values can be, as the axis writes it.
    pub(super) fn end(&self, value: f64) -> String {
        if self.percent { percent_sign(self.lang, format!("{} %", plain(100.0 * value))) } else { plain(value) }
    }

    /// The axis of effects.
    pub(super) fn axis(&self) -> Axis {
        let title = self.effect_title();
        let axis = if self.ratio { Axis::logarithmic(title) } else { Axis::linear(title) };
        let ticks = if self.percent { TickNumbers::Shares(self.lang) } else { TickNumbers::Plain };
        Axis { sides: self.sides.clone(), ticks, ..axis }
    }
}

/// How the numbers of a column of effects are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digits {
    decimals: usize,
    /// Around 1 instead of 0.
    ratio: bool,
    /// Shares, written in per cent without the sign.
    percent: bool,
    way: Way,
}

/// Whether a number may have other decimals than its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Each has digits of its own.
    Own,
    /// Only one that would come out as 0, or as no effect, without being it.
    Same,
    /// None: the user said how many.
    Given,
}

impl Digits {
    /// Two decimals or more for ratios; for other effects two significant digits of the typical interval,
    /// and no fewer than two decimals where that is narrower than 10.
    pub(super) fn of(widths: impl Iterator<Item = f64>, ratio: bool) -> Self {
        let typical = typical(widths).unwrap_or(1.0);
        let least = if typical < 10.0 { 2 } else { 0 };
        Self {
            decimals: if ratio { 2 } else { decimals_for(typical, 2).max(least) },
            ratio,
            percent: false,
            way: Way::Own,
        }
    }

    /// Shares in per cent: one decimal, or two significant digits of the typical interval where that is more.
    fn of_shares(widths: impl Iterator<Item = f64>) -> Self {
        let own = typical(widths).map_or(1, |typical| decimals_for(100.0 * typical, 2));
        Self { decimals: own.max(1), ratio: false, percent: true, way: Way::Own }
    }

    /// The same, with so many decimals or more.
    pub(super) fn with_decimals(self, least: usize) -> Self {
        Self { decimals: self.decimals.max(least), ..self }
    }

    /// A number by itself.
    pub(super) fn text(self, value: f64) -> String {
        self.with(value, self.decimals)
    }

    pub(super) fn with(self, value: f64, decimals: usize) -> String {
        let own = if self.percent { 100.0 * value } else { value };
        if self.way == Way::Given || (self.way == Way::Same && own.abs() < 1000.0 && !seems_zero(own, decimals)) {
            return fixed(own, decimals);
        }
        match (self.ratio, own) {
            (true, value) if value > 0.0 && !(1e-4..1e6).contains(&value) => ratio_text(value),
            (true, value) if value > 0.0 && value < 0.1 => significant(value, decimals),
            (true, value) if value >= 1000.0 => significant(value, 3),
            // Shares of less than a tenth of a per cent would round to none.
            (false, value) if self.percent && value > 0.0 && value < 0.1 => {
                fixed(value, decimals_for(value, 2).max(decimals))
            }
            (false, value) if self.percent && value < 100.0 && value > 99.9 => {
                fixed(value, decimals_for(100.0 - value, 1).max(decimals))
            }
            (_, value) => fixed(value, decimals),
        }
    }

    /// The digits of a pooled effect, whose interval may be much narrower than those of the studies.
    pub(super) fn of_pooled(self, ends: [f64; 2]) -> Self {
        let own = decimals_for(ends[1] - ends[0], 2).min(2);
        if self.percent || self.way == Way::Given { self } else { self.with_decimals(own) }
    }

    /// A pooled effect whose interval stands elsewhere.
    pub(super) fn beside(self, estimate: f64, ends: [f64; 2]) -> String {
        let digits = self.of_pooled(ends);
        digits.with(estimate, digits.decimals_of(ends))
    }

    /// “0.41 [0.13, 1.26]”, with so many digits that each end shows on which side of no effect it lies.
    pub(super) fn with_interval(self, estimate: f64, ends: [f64; 2]) -> String {
        format!("{} {}", self.with(estimate, self.decimals_of(ends)), self.interval(ends))
    }

    /// “[0.13, 1.26]”, as beside an estimate.
    pub(super) fn interval(self, ends: [f64; 2]) -> String {
        let decimals = self.decimals_of(ends);
        let [lower, upper] = ends.map(|end| self.with(end, decimals));
        format!("[{lower}, {upper}]")
    }

    /// Whether an estimate and its interval can be written with these decimals and no others.
    fn is_enough(self, estimate: f64, ends: [f64; 2]) -> bool {
        let all = || ends.into_iter().chain([estimate]);
        self.decimals_of(ends) == self.decimals && all().all(|value| !seems_zero(value, self.decimals))
    }

    fn decimals_of(self, ends: [f64; 2]) -> usize {
        if self.way == Way::Given {
            return self.decimals;
        }
        let nothing = if self.ratio { 1.0 } else { 0.0 };
        let is_clear = |decimals: &usize| {
            let nothing_text = self.with(nothing, *decimals);
            self.percent || ends.iter().all(|end| *end == nothing || self.with(*end, *decimals) != nothing_text)
        };
        let most = self.decimals + 3;
        let decimals = (self.decimals..=most).find(is_clear).unwrap_or(self.decimals);
        // An interval much narrower than the others has digits of its own.
        let is_one =
            |decimals: usize| ends[0] < ends[1] && self.with(ends[0], decimals) == self.with(ends[1], decimals);
        let own = decimals_for(if self.percent { 100.0 } else { 1.0 } * (ends[1] - ends[0]), 2);
        // Small ratios are written by significant digits where each number has its own, as shares near 0 and 1 are.
        let is_finer = own > decimals + 1 && !self.percent && !(self.ratio && ends[1] < 0.1);
        if is_one(decimals) || is_finer { own } else { decimals }
    }
}

/// The width in the middle of those that say something.
fn typical(widths: impl Iterator<Item = f64>) -> Option<f64> {
    let mut widths: Vec<f64> = widths.filter(|width| width.is_finite() && *width > 0.0).collect();
    widths.sort_by(f64::total_cmp);
    widths.get(widths.len() / 2).copied()
}

/// Whether a number that is not 0 is written as 0.
fn seems_zero(value: f64, decimals: usize) -> bool {
    value != 0.0 && fixed(value, decimals).chars().all(|c| matches!(c, '0' | '.' | '−'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A column of ratios as it is written.
    fn column(rows: &[(f64, [f64; 2])], decimals: Option<usize>) -> Vec<String> {
        let look = Look { ratio: true, decimals, ..Look::default() };
        let digits = look.digits_of_column(rows.iter().map(|(_, ends)| ends[1] - ends[0]), rows, &[]);
        rows.iter().map(|(estimate, ends)| digits.with_interval(*estimate, *ends)).collect()
    }

    #[test]
    fn a_column_has_the_same_decimals_where_nothing_is_lost() {
        assert_eq!(
            column(&[(0.8039, [0.5167, 1.2508]), (0.2049, [0.0863, 0.4863])], None),
            ["0.80 [0.52, 1.25]", "0.20 [0.09, 0.49]"]
        );
        // 0.996 would come out as no effect.
        assert_eq!(
            column(&[(0.6252, [0.3931, 0.9956]), (0.2049, [0.0863, 0.4863])], None),
            ["0.625 [0.393, 0.996]", "0.205 [0.086, 0.486]"]
        );
        // One number that needs many does not take the others with it.
        assert_eq!(
            column(&[(0.8039, [0.5167, 1.2508]), (0.0104, [0.000_21, 0.521])], None),
            ["0.80 [0.52, 1.25]", "0.01 [0.00021, 0.52]"]
        );
    }

    #[test]
    fn given_decimals_are_kept_whatever_they_hide() {
        let rows = [(0.6252, [0.3931, 0.9956]), (0.0104, [0.000_21, 1200.0])];
        assert_eq!(column(&rows, Some(2)), ["0.63 [0.39, 1.00]", "0.01 [0.00, 1200.00]"]);
        assert_eq!(column(&rows, Some(4)), ["0.6252 [0.3931, 0.9956]", "0.0104 [0.0002, 1200.0000]"]);
    }
}
