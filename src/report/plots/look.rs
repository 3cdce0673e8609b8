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
    /// How effects on another scale than that of logarithms are taken back: logits to shares, Fisher's z to correlations.
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
        let name = match (self.effect.as_str(), self.ratio) {
            ("", true) => self.say("Ratio", "比"),
            ("", false) => self.say("Effect", "効果"),
            (own, _) => own.to_owned(),
        };
        match (self.ratio, self.lang) {
            (false, _) => name,
            (true, Lang::En) => format!("{name} (log scale)"),
            (true, Lang::Ja) => format!("{name}（対数目盛）"),
        }
    }

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
        let usual = Digits::of(widths, self.ratio);
        if self.percent { Digits { decimals: 1, percent: true, ..usual } } else { usual }
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
}

impl Digits {
    /// Two decimals or more for ratios; for other effects two significant digits of the typical interval,
    /// and no fewer than two decimals where that is narrower than 10.
    pub(super) fn of(widths: impl Iterator<Item = f64>, ratio: bool) -> Self {
        let mut widths: Vec<f64> = widths.filter(|width| width.is_finite() && *width > 0.0).collect();
        widths.sort_by(f64::total_cmp);
        let typical = widths.get(widths.len() / 2).copied().unwrap_or(1.0);
        let least = if typical < 10.0 { 2 } else { 0 };
        Self { decimals: if ratio { 2 } else { decimals_for(typical, 2).max(least) }, ratio, percent: false }
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
        match (self.ratio && !self.percent, if self.percent { 100.0 * value } else { value }) {
            (true, value) if value > 0.0 && !(1e-4..1e6).contains(&value) => ratio_text(value),
            (true, value) if value > 0.0 && value < 0.1 => significant(value, decimals),
            (true, value) if value >= 1000.0 => significant(value, 3),
            // Shares of less than a tenth of a per cent would round to none.
            (false, value) if self.percent && value > 0.0 && value < 0.1 => significant(value, 2),
            (false, value) if self.percent && value < 100.0 && value > 99.9 => {
                fixed(value, decimals_for(100.0 - value, 1))
            }
            (_, value) => fixed(value, decimals),
        }
    }

    /// The digits of a pooled effect, whose interval may be much narrower than those of the studies.
    pub(super) fn of_pooled(self, ends: [f64; 2]) -> Self {
        let own = decimals_for(ends[1] - ends[0], 2).min(2);
        if self.percent { self } else { self.with_decimals(own) }
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

    fn decimals_of(self, ends: [f64; 2]) -> usize {
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
        let own = decimals_for(ends[1] - ends[0], 2);
        // Small ratios are written by significant digits.
        let is_finer = own > decimals + 1 && !(self.ratio && ends[1] < 0.1);
        if !self.percent && (is_one(decimals) || is_finer) { own } else { decimals }
    }
}
