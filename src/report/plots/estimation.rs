//! Means with their difference beside or below them: Gardner–Altman and Cumming.

use crate::chart::{Axis, Caption, Content, Dot, Frame, Ink, Layer, Plane, ScaleLimits, Shape, Span, TickNumbers};
use crate::effect::of_release::{ReleaseContrast, ReleaseEffects};
use crate::estimate::{Estimate, Measure};
use crate::numeric::dist::t_density;
use crate::report::charts::{about_r, bar, limits, own_spread, source, spread, spread_read};
use crate::report::effects::contrast_name;
use crate::report::not_drawn::{left_out, not_drawn};
use crate::report::number::{correlation_given, fixed, level_in};
use crate::report::words::{self, say};
use crate::reported::{Direction, Lang, Release};

/// Where the difference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrangement {
    /// Beside the means, on an axis that floats: its zero is the mean before.
    GardnerAltman,
    /// Below the means, on an axis of its own.
    Cumming,
}

/// Half the width of a density at its highest, in places along x.
const WIDEST: f64 = 0.42;
/// How many standard errors a density reaches to either side.
const REACH: f64 = 4.5;
/// Points of a density.
const STEPS: usize = 60;

/// One pair of means for each contrast, and the difference at several correlations with the density
/// of its sampling distribution; none where no contrast has an interval.
pub fn estimation(release: &Release, effects: &ReleaseEffects, arrangement: Arrangement, lang: Lang) -> Option<Plane> {
    let drawn: Vec<(Pair<'_>, &ReleaseContrast)> =
        effects.contrasts.iter().filter_map(|named| Some((Pair::new(release, effects, named, lang)?, named))).collect();
    let ci = level_in(lang, drawn.first()?.1.contrast.level);
    let is_drawn = |named: &ReleaseContrast| drawn.iter().any(|(_, own)| std::ptr::eq(*own, named));
    let panels = panels(&drawn, arrangement);
    let columns = match (arrangement, drawn.len()) {
        (Arrangement::GardnerAltman, few @ ..=4) => few.min(2),
        (Arrangement::GardnerAltman, _) => 3,
        // Differences stand below their means; where the sheet is too narrow for all, the layout makes rows of both.
        (Arrangement::Cumming, all) => all,
    };
    Some(Plane {
        caption: Caption {
            title: release.label.get(lang).to_owned(),
            subtitle: match lang {
                Lang::En => {
                    format!("{} Differences with {ci} intervals and their t densities.", spread(release, effects, lang))
                }
                Lang::Ja => format!("{}差は{ci}信頼区間と t 分布の密度で示す。", spread(release, effects, lang)),
            },
            footnotes: footnotes(release, effects, &panels, lang)
                .into_iter()
                .chain(not_drawn(&left_out(release, effects, is_drawn, lang), lang))
                .collect(),
            source: source(release, lang),
            lang,
        },
        facts: Vec::new(),
        panels,
        columns,
        aspect: if arrangement == Arrangement::GardnerAltman { 0.75 } else { 0.85 },
    })
}

/// The panels; those of one outcome, such as its arms, have the same axes.
fn panels<'a>(drawn: &[(Pair<'a>, &ReleaseContrast)], arrangement: Arrangement) -> Vec<Frame> {
    let own = |named: &ReleaseContrast| -> Vec<&(Pair<'a>, &ReleaseContrast)> {
        drawn.iter().filter(|(_, other)| other.outcome == named.outcome).collect()
    };
    let shared = |named: &ReleaseContrast, range: fn(&Pair<'a>) -> (f64, f64)| {
        let peers = own(named);
        let ranges = peers.iter().map(|(pair, _)| range(pair));
        ranges.fold((f64::INFINITY, f64::NEG_INFINITY), |all, one| (all.0.min(one.0), all.1.max(one.1)))
    };
    match arrangement {
        Arrangement::GardnerAltman => {
            drawn.iter().map(|(pair, named)| pair.beside(shared(named, Pair::range_with_differences))).collect()
        }
        Arrangement::Cumming => {
            let above = drawn.iter().map(|(pair, named)| pair.above(shared(named, Pair::range_of_means)));
            let below = drawn.iter().map(|(pair, named)| {
                let frame = pair.below();
                // A panel by itself has an axis that ends at round numbers.
                if own(named).len() < 2 {
                    return frame;
                }
                let (from, to) = shared(named, Pair::range_of_differences);
                Frame { y: frame.y.over(from, to), ..frame }
            });
            above.chain(below).collect()
        }
    }
}

/// What is to be known of the picture.
fn footnotes(release: &Release, effects: &ReleaseEffects, panels: &[Frame], lang: Lang) -> Vec<String> {
    let mut notes = vec![
        say(
            lang,
            "Individual data were not reported: the line joins means, not people. ",
            "個人のデータは報告されていない。線は平均どうしを結ぶ。",
        ) + &about_r(effects.contrasts.iter(), true, lang),
    ];
    if panels.iter().any(goes_beyond) {
        notes.push(say(
            lang,
            "An arrow marks an end beyond the scale of the outcome.",
            "矢印は評価尺度の範囲外に続くことを示す。",
        ));
    }
    let read = spread_read(release, effects, lang);
    notes.push(match (lang, read.is_empty()) {
        (Lang::En, true) => {
            "A density is the t distribution about the difference, scaled by its standard error.".to_owned()
        }
        (Lang::En, false) => {
            format!("A density is the t distribution about the difference, scaled by its standard error ({read}).")
        }
        (Lang::Ja, true) => "密度は、差を中心とし標準誤差で尺度化した t 分布。".to_owned(),
        (Lang::Ja, false) => format!("密度は、差を中心とし標準誤差で尺度化した t 分布（{read}）。"),
    });
    notes
}

/// Whether an interval ends beyond the axis.
fn goes_beyond(panel: &Frame) -> bool {
    let Some((from, to)) = panel.y.range else { return false };
    panel.layers.iter().any(|layer| match &layer.content {
        Content::Spans { spans, lying: false, .. } => spans.iter().any(|span| span.lower < from || span.upper > to),
        _ => false,
    })
}

/// One contrast with what is drawn of it.
struct Pair<'a> {
    name: String,
    unit: Option<&'a str>,
    occasions: [String; 2],
    means: [f64; 2],
    bars: [Option<crate::numeric::interval::Interval>; 2],
    change: f64,
    differences: Vec<Estimate>,
    lang: Lang,
    level: f64,
    printed: [String; 2],
    /// How many the means were printed with, the most of both.
    decimals: usize,
    limits: ScaleLimits,
    /// What the bars are, where those of other panels are something else.
    spread: String,
    n: Option<u64>,
    better: Option<Direction>,
}

impl<'a> Pair<'a> {
    fn new(release: &'a Release, effects: &ReleaseEffects, named: &ReleaseContrast, lang: Lang) -> Option<Self> {
        let contrast = &named.contrast;
        let scenarios = contrast.scenarios.iter().flat_map(|scenario| &scenario.estimates);
        let differences: Vec<Estimate> = contrast
            .estimates
            .iter()
            .chain(scenarios)
            .filter(|one| one.measure == Measure::Mc && one.ci.is_some() && one.r.is_some())
            .cloned()
            .collect();
        let label = |id: &str| release.occasion(id).map_or(id, |occasion| occasion.label.get(lang)).to_owned();
        let cells = [&named.before, &named.after].map(|id| named.cell(release, id));
        let unit = release.outcome(&named.outcome).and_then(|outcome| outcome.unit.as_ref());
        Some(Pair {
            name: contrast_name(release, effects, named, lang),
            unit: unit.map(|unit| unit.get(lang)),
            occasions: [label(&named.before), label(&named.after)],
            means: [contrast.input.before.mean.value, contrast.input.after.mean.value],
            bars: cells.map(|cell| cell.and_then(bar)),
            change: contrast.input.mean_change().value,
            differences,
            n: contrast.input.n,
            better: release.outcome(&named.outcome).and_then(|outcome| outcome.better),
            lang,
            level: contrast.level,
            spread: own_spread(release, effects, named, lang),
            limits: release.outcome(&named.outcome).map(limits).unwrap_or_default(),
            printed: cells.map(|cell| cell.map(|cell| cell.text.clone()).unwrap_or_default()),
            decimals: cells.into_iter().flatten().map(|cell| cell.center().decimal().decimals()).max().unwrap_or(1)
                as usize,
        })
        .filter(|pair| !pair.differences.is_empty())
    }

    /// The layers of both means, at places 0 and 1.
    fn means(&self) -> Vec<Layer> {
        let [before, after] = self.means;
        let mut layers = vec![Layer::curve("", Ink::Line, 1.4, vec![(0.0, before), (1.0, after)])];
        for (at, ink, shape) in [(0, Ink::Before, Shape::Disc), (1, Ink::After, Shape::Square)] {
            let name = format!("{} {}", self.occasions[at], self.printed[at]);
            if let Some(bar) = self.bars[at] {
                let span = Span { at: at as f64, lower: bar.lower, upper: bar.upper, name: name.clone() };
                layers.push(Layer::upright("", ink, 2.2, vec![span]));
            }
            let dot = Dot::new(at as f64, self.means[at], 5.5, name);
            layers.push(Layer::dots(self.occasions[at].clone(), ink, shape, vec![dot]));
        }
        layers
    }

    /// Densities, intervals and points of the differences at places from `start`, raised by `zero`.
    fn differences(&self, start: f64, zero: f64) -> Vec<Layer> {
        let mut layers = Vec::new();
        // Without a standard error there is no distribution.
        let errors = self.differences.iter().filter_map(|one| one.se.filter(|se| *se > 0.0));
        let least = errors.fold(f64::INFINITY, f64::min);
        for (i, one) in self.differences.iter().enumerate() {
            let (at, Some(se), Some(df)) = (start + i as f64, one.se, one.df) else { continue };
            if se <= 0.0 {
                continue;
            }
            // The narrower the distribution, the higher, by the root: with equal areas the widest would hardly be seen.
            let height = WIDEST * (least / se).sqrt() / t_density(0.0, df);
            let side = |step: usize| {
                let t = REACH * (2.0 * step as f64 / STEPS as f64 - 1.0);
                (at + height * t_density(t, df), zero + self.change + t * se)
            };
            let mut corners: Vec<(f64, f64)> = (0..=STEPS).map(side).collect();
            corners.push((at, zero + self.change + REACH * se));
            corners.push((at, zero + self.change - REACH * se));
            layers.push(
                Layer::area(say(self.lang, "Density of the difference", "差の密度"), Ink::Shade(2), corners)
                    .measured_from(zero),
            );
        }
        let spans: Vec<Span> = self
            .differences
            .iter()
            .enumerate()
            .filter_map(|(i, one)| {
                let (r, ci) = (correlation_given(one.r?), one.ci?);
                let (lower, upper) = (zero + ci.lower, zero + ci.upper);
                Some(Span { at: start + i as f64, lower, upper, name: format!("r = {r}") })
            })
            .collect();
        let dots = spans.iter().map(|span| Dot::new(span.at, zero + self.change, 4.0, span.name.clone())).collect();
        let name = match self.lang {
            Lang::En => format!("{} CI of the difference", level_in(self.lang, self.level)),
            Lang::Ja => format!("差の{}信頼区間", level_in(self.lang, self.level)),
        };
        layers.push(Layer::upright(name, Ink::Ink, 2.0, spans).measured_from(zero));
        let difference = say(self.lang, "Difference", "差");
        layers.push(Layer::dots(difference, Ink::Ink, Shape::Diamond, dots).measured_from(zero));
        layers
    }

    fn r_names(&self, start: f64) -> Vec<(f64, String)> {
        let r = |one: &Estimate| correlation_given(one.r.unwrap_or(f64::NAN));
        let name = |(i, one): (usize, &Estimate)| {
            let text = if i == 0 { format!("r = {}", r(one)) } else { r(one) };
            (start + i as f64, text)
        };
        self.differences.iter().enumerate().map(name).collect()
    }

    fn occasion_names(&self) -> Vec<(f64, String)> {
        (0..2).map(|at| (at as f64, self.occasions[at].clone())).collect()
    }

    fn unit_title(&self, what: &str) -> String {
        words::with_unit(what, self.unit, self.lang)
    }

    /// The ends of the axis of the means, which does not go beyond the scale unless a mean does; what does ends
    /// in an arrow. `more` lies on the same axis.
    fn range(&self, more: impl Iterator<Item = f64>) -> (f64, f64) {
        let bars = self.bars.iter().flatten().flat_map(|bar| [bar.lower, bar.upper]);
        let all: Vec<f64> = self.means.into_iter().chain(bars).chain(more).collect();
        let low = all.iter().copied().fold(f64::INFINITY, f64::min);
        let high = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let pad = 0.05 * (high - low);
        let least = self.means[0].min(self.means[1]);
        let most = self.means[0].max(self.means[1]);
        let from = self.limits.min.map_or(low - pad, |end| (low - pad).max(end.min(least)));
        let to = self.limits.max.map_or(high + pad, |end| (high + pad).min(end.max(most)));
        (from, to)
    }

    fn range_of_means(&self) -> (f64, f64) {
        self.range(std::iter::empty())
    }

    /// The same, where the differences stand on that axis too.
    fn range_with_differences(&self) -> (f64, f64) {
        let zero = self.means[0];
        let intervals = self.differences.iter().filter_map(|one| one.ci);
        self.range(intervals.flat_map(|ci| [zero + ci.lower, zero + ci.upper]))
    }

    /// The ends of an axis of differences alone, which takes in 0, the intervals and their densities.
    fn range_of_differences(&self) -> (f64, f64) {
        let reach = self.differences.iter().filter_map(|one| one.se).fold(0.0, f64::max) * REACH;
        let intervals = self.differences.iter().filter_map(|one| one.ci).flat_map(|ci| [ci.lower, ci.upper]);
        let all = intervals.chain([0.0, self.change - reach, self.change + reach]);
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    }

    fn mean_axis(&self, (from, to): (f64, f64)) -> Axis {
        let axis = Axis::linear(self.unit_title(&say(self.lang, "Mean", "平均"))).over(from, to);
        axis.written(TickNumbers::of_unit(self.unit, self.lang))
    }

    fn difference_title(&self) -> String {
        words::with_unit(
            &say(self.lang, "Difference", "差"),
            self.unit.map(|unit| words::unit_of_difference(unit, self.lang)),
            self.lang,
        )
    }

    fn printed_change(&self) -> String {
        let decimals = self.decimals;
        let text = fixed(self.change, decimals);
        if self.change > 0.0 { format!("+{text}") } else { text }
    }

    /// How many people, what was printed, and which way is better.
    fn remark(&self) -> String {
        let [before, after] = &self.printed;
        let difference = say(self.lang, "difference", "差");
        let mut parts: Vec<String> = self.n.map(|n| format!("n = {n}")).into_iter().collect();
        parts.push(format!("{before} → {after}"));
        parts.push(format!("{difference} {}", self.printed_change()));
        parts.extend(self.better.map(|better| words::better(better, self.lang).to_owned()));
        let numbers = parts.join(self.lang.choose(", ", "、"));
        match (self.spread.is_empty(), self.lang) {
            (true, _) => numbers,
            (false, Lang::En) => format!("{numbers}. {}", self.spread),
            (false, Lang::Ja) => format!("{numbers}。{}", self.spread),
        }
    }

    /// Both in one panel (Gardner and Altman).
    fn beside(&self, range: (f64, f64)) -> Frame {
        let zero = self.means[0];
        let last = 2.0 + self.differences.len() as f64;
        let mut layers = vec![
            Layer::curve("", Ink::Reference, 1.0, vec![(0.0, zero), (last, zero)]),
            Layer::curve("", Ink::Reference, 1.0, vec![(1.0, self.means[1]), (last, self.means[1])]),
        ];
        layers.extend(self.means());
        layers.extend(self.differences(2.0, zero));
        let names: Vec<(f64, String)> = self.occasion_names().into_iter().chain(self.r_names(2.0)).collect();
        Frame {
            heading: self.name.clone(),
            x: Axis::default().over(-0.5, last - 0.3).named(names),
            y: self.mean_axis(range),
            right: Some((self.difference_title(), zero)),
            layers,
            remark: self.remark(),
        }
    }

    /// The means alone (Cumming, upper row).
    fn above(&self, range: (f64, f64)) -> Frame {
        Frame {
            heading: self.name.clone(),
            x: Axis::default().over(-0.5, 1.5).named(self.occasion_names()),
            y: self.mean_axis(range),
            right: None,
            layers: self.means(),
            remark: String::new(),
        }
    }

    /// The differences alone (Cumming, lower row).
    fn below(&self) -> Frame {
        let mut layers = vec![Layer::level(say(self.lang, "No change", "変化なし"), Ink::Reference, 0.0)];
        layers.extend(self.differences(0.0, 0.0));
        let last = self.differences.len() as f64;
        Frame {
            heading: String::new(),
            x: Axis::default().over(-0.5, last - 0.3).named(self.r_names(0.0)),
            y: Axis::linear(self.difference_title()),
            right: None,
            layers,
            remark: self.remark(),
        }
    }
}
