//! Rows of studies: forest, cumulative, leave one out.

use super::design::Design;
use super::{Digits, Look, MetaResult, Missing, Refit, Study, both, decimals_of_i2, heterogeneity};
use crate::chart::{Axis, Caption, Column, Fitted, Forest, ForestRow, ForestScale, RowMark};
use crate::numeric::interval::Interval;
use crate::report::number::{fixed, level_in, p_is, p_value, plain};
use crate::report::transformation::Transformation;
use crate::reported::Lang;

/// The forest plot.
///
/// # Errors
/// The document lists no studies.
pub fn forest(result: &MetaResult, look: &Look) -> Result<Forest, Missing> {
    if result.studies.is_empty() {
        return Err("it lists no studies".to_owned());
    }
    let groups = result.subgroup.iter().flat_map(|of| &of.groups).filter_map(|group| both(group.ci));
    refuse_cut_diamonds(result.pooled().map(|(_, ci)| ci).into_iter().chain(groups), look)?;
    let design = fitted(result);
    let axis = within_bounds(look, ends(result, design.as_ref()));
    let mut footnotes = footnotes(result, look, design.is_some(), axis.range);
    let table = Rows { design, ..Rows::new(result, look, digits_of_studies(result, look)) };
    footnotes.extend(table.cut());
    let mut rows = Vec::new();
    let order = result.order.clone().unwrap_or_else(|| (0..result.studies.len()).collect());
    match &result.subgroup {
        Some(subgroup) if result.studies.iter().any(|study| study.subgroup.is_some()) => {
            for group in &subgroup.groups {
                rows.push(ForestRow::heading(subgroup.heading(&group.level)));
                let own = |at: &usize| result.studies[*at].subgroup.as_ref() == Some(&group.level);
                rows.extend(order.iter().copied().filter(own).map(|at| table.study(at)));
                if let (Some(estimate), Some(ci)) = (group.estimate, both(group.ci)) {
                    rows.push(table.summary(&look.say("Subgroup", "サブグループの統合効果"), estimate, ci, None));
                }
                if group.k.is_none_or(|k| k > 1) {
                    let df = group.qe_df.or(group.k.map(|k| k as f64 - 1.0));
                    let q = group.qe.zip(df).map(|(q, df)| (q, df, group.qe_p));
                    let tau2 = Some(group.tau2).filter(|_| result.has_tau2());
                    let parts = heterogeneity(look.lang, tau2, group.i2, q).join(", ");
                    let name = look.say("Heterogeneity: ", "異質性：");
                    rows.push(ForestRow::note(format!("{name}{parts}")));
                }
            }
            let in_none: Vec<usize> =
                order.iter().copied().filter(|&at| result.studies[at].subgroup.is_none()).collect();
            if !in_none.is_empty() {
                rows.push(ForestRow::heading(look.say("In no subgroup", "サブグループなし")));
                rows.extend(in_none.into_iter().map(|at| table.study(at)));
            }
            rows.push(ForestRow::heading(look.say("All studies", "全研究")));
        }
        _ => rows.extend(order.iter().map(|&at| table.study(at))),
    }
    let pooled = result.pooled();
    if let Some((estimate, ci)) = pooled {
        let name = look.say("Pooled effect", "統合効果");
        rows.push(table.summary(&name, estimate, ci, result.prediction_interval()));
    }
    rows.extend(table.notes().into_iter().map(ForestRow::note));
    let mut left = vec![Column { heading: look.say("Study", "研究"), numeric: false, spare: false }];
    left.extend(result.columns.iter().map(|(heading, texts)| Column {
        heading: heading.clone(),
        numeric: texts.iter().all(|text| text.chars().all(|c| c.is_ascii_digit() || "./−- ".contains(c))),
        spare: false,
    }));
    Ok(with_arrows_explained(Forest {
        caption: Caption {
            title: look.title_or("Forest plot", "フォレストプロット"),
            subtitle: result.model(look),
            footnotes,
            source: look.source.clone(),
            lang: look.lang,
        },
        left,
        right: table.right(),
        rows,
        scale: ForestScale {
            axis,
            reference: look.nothing(),
            summary: pooled.map(|(estimate, _)| look.shown(estimate)),
        },
    }))
}

/// Refuses an axis that would cut a pooled effect, of which half a diamond tells something else.
fn refuse_cut_diamonds(drawn: impl Iterator<Item = [f64; 2]>, look: &Look) -> Result<(), Missing> {
    let Some((from, to)) = look.limits else { return Ok(()) };
    let mut all = drawn.map(|ci| ci.map(|end| look.shown(end)));
    match all.find(|ci| ci[0] < from || ci[1] > to) {
        Some(ci) => {
            let short = |end: f64| format!("{end:.3e}").parse().unwrap_or(end);
            let [from, to, lower, upper] = [from, to, short(ci[0]), short(ci[1])].map(|end| look.end(end));
            Err(format!(
                "an axis from {from} to {to} (--xlim) would cut the interval {lower} to {upper} of a pooled effect"
            ))
        }
        None => Ok(()),
    }
}

/// Whether an axis that was asked for would cut the diamond of a fitted mean.
fn is_cut(look: &Look, fitted: &Fitted) -> bool {
    look.limits.is_some_and(|(from, to)| fitted.ci.lower < from || fitted.ci.upper > to)
}

/// What squares, diamond and axis say; `range` is what the axis shows where that is not left to it.
fn footnotes(result: &MetaResult, look: &Look, has_fitted: bool, range: Option<(f64, f64)>) -> Vec<String> {
    let mut footnotes = Vec::new();
    if result.has_shares() {
        footnotes.push(look.say(
            "The area of a square is the weight of the effect in the pooled effect, which effects of one group share.",
            "四角の面積は統合効果における各効果の重み（同じグループの効果は重みを分け合う）。",
        ));
    } else if is_weighted(result) && result.is_multilevel() {
        footnotes.push(look.say(
            "The area of a square is the entry of the effect on the diagonal of the weight matrix; the entries beside it, \
             which count in the coefficients too, are not in it.",
            "四角の面積は重み行列の対角成分。係数の推定で考慮した非対角成分は含まない。",
        ));
    } else if is_weighted(result) {
        footnotes.push(look.say("The area of a square is the weight of the study.", "四角の面積は研究の重み。"));
    }
    footnotes.extend(result.without_effect(look));
    if result.is_regression() {
        footnotes.push(look.say(
            "There is no one pooled effect: it depends on the moderators.",
            "統合効果は調整変数によるため、一つの値では示せない。",
        ));
    }
    if has_fitted {
        let ci = level_in(look.lang, result.level);
        footnotes.push(look.say(
            &format!(
                "A grey diamond is the mean effect that the model gives studies of these moderators, with its {ci} CI."
            ),
            &format!("灰色の菱形は、各研究の調整変数の値でモデルから求めた平均効果とその{ci}信頼区間。"),
        ));
    }
    if result.pooled().is_some() && result.knows_no_tau2() {
        footnotes.push(look.say(
            "One study says nothing of τ², so there is no prediction interval.",
            "1研究では τ² が分からないため、予測区間は示さない。",
        ));
    }
    if result.pooled().is_some() && result.prediction_interval().is_some() {
        footnotes.push(look.say(
            "The line through the diamond is the prediction interval: where the true effect of another study is expected.",
            "菱形を通る線は予測区間（次の研究の真の効果が見込まれる範囲）。",
        ));
    }
    footnotes.extend(about_bounds(look, range));
    footnotes
}

/// At which of the ends of its values an axis ends.
fn about_bounds(look: &Look, range: Option<(f64, f64)>) -> Option<String> {
    // What is taken back from another scale ends within.
    let ((from, to), (low, high)) = (look.bounds.filter(|_| look.back == Transformation::None)?, range?);
    let (least, greatest) = (look.end(from), look.end(to));
    Some(match (low == from, high == to) {
        (true, true) => look.say(
            &format!(
                "The axis ends where values end, at {least} and {greatest}; intervals by standard errors may go on beyond."
            ),
            &format!("軸は値のとりうる範囲（{least}〜{greatest}）で終わる。標準誤差による区間はその外に出ることがある。"),
        ),
        (true, false) => look.say(
            &format!("The axis ends at {least}, the least value; intervals by standard errors may go on beyond."),
            &format!("軸は最小の値（{least}）で終わる。標準誤差による区間はその外に出ることがある。"),
        ),
        (false, true) => look.say(
            &format!("The axis ends at {greatest}, the greatest value; intervals by standard errors may go on beyond."),
            &format!("軸は最大の値（{greatest}）で終わる。標準誤差による区間はその外に出ることがある。"),
        ),
        (false, false) => return None,
    })
}

/// The ends of all intervals of a forest.
fn ends(result: &MetaResult, design: Option<&Design<'_>>) -> impl Iterator<Item = f64> {
    let studies = result.studies.iter().flat_map(|study| study.ci);
    let of_model = design.into_iter().flat_map(|design| {
        (0..result.studies.len()).filter_map(move |at| {
            let (mean, half) = design.fitted_of(at).ok()?;
            Some([mean - half?, mean + half?])
        })
    });
    studies
        .chain(of_model.flatten())
        .chain(result.pooled().map(|(_, ci)| ci).into_iter().chain(result.prediction_interval()).flatten())
}

/// Whether studies have weights; a model of their counts has none.
pub(super) fn is_weighted(result: &MetaResult) -> bool {
    result.studies.iter().any(|study| study.weight.is_some())
}

/// The axis of the effects, which goes no further than their values can.
fn within_bounds(look: &Look, ends: impl Iterator<Item = f64>) -> Axis {
    if let Some((from, to)) = look.limits {
        return look.axis().over(from, to);
    }
    let Some((from, to)) = look.bounds else { return look.axis() };
    let ends = ends.map(|end| look.shown(end)).chain(look.nothing());
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| (low.min(end), high.max(end)));
    if look.ratio {
        // A logarithmic axis has no 0 to end at.
        return look.axis().over(0.9 * low, (1.1 * high).min(to));
    }
    // Round ends, which differences and correlations have, go no further than whole numbers.
    if !look.one_group && low >= from && high <= to {
        return look.axis();
    }
    let margin = 0.03 * (high - low);
    look.axis().over((low - margin).max(from), (high + margin).min(to))
}

struct Rows<'a> {
    result: &'a MetaResult,
    look: &'a Look,
    digits: Digits,
    /// The greatest weight of a study; none where studies have none.
    most: Option<f64>,
    /// What gives each study its fitted value, in a regression.
    design: Option<Design<'a>>,
}

/// The model matrix of a regression whose document holds what fitted values are made of.
fn fitted(result: &MetaResult) -> Option<Design<'_>> {
    result
        .is_regression()
        .then(|| Design::new(result).ok())
        .flatten()
        .filter(|design| design.has_intervals() && design.fitted_of(0).is_ok())
}

impl<'a> Rows<'a> {
    fn new(result: &'a MetaResult, look: &'a Look, digits: Digits) -> Self {
        let most = result.studies.iter().filter_map(|study| study.weight).reduce(f64::max);
        Self { result, look, digits, most, design: None }
    }

    fn right(&self) -> Vec<Column> {
        let ci = level_in(self.look.lang, self.result.level);
        let heading = match self.look.lang {
            Lang::En => format!("{} [{ci} CI]", self.look.effect_heading()),
            Lang::Ja => format!("{} [{ci}信頼区間]", self.look.effect_heading()),
        };
        let weight = Column { heading: self.look.say("Weight, %", "重み（%）"), numeric: true, spare: true };
        let mut columns = vec![Column { heading, numeric: true, spare: false }];
        columns.extend(self.most.map(|_| weight));
        columns
    }

    fn study(&self, at: usize) -> ForestRow {
        let study = &self.result.studies[at];
        let most = self.most.unwrap_or(0.0);
        let own = self.look.for_size(study.size);
        let shown = |value: f64| own.shown(value);
        let (estimate, ci) = (shown(study.yi), study.ci.map(shown));
        let mut cells = vec![self.result.name(at)];
        cells.extend(self.result.columns.iter().map(|(_, texts)| texts.get(at).cloned().unwrap_or_default()));
        cells.push(self.digits.with_interval(estimate, ci));
        if self.most.is_some() {
            cells.push(study.weight.map(|weight| fixed(weight, 1)).unwrap_or_default());
        }
        let weight = study.weight.filter(|_| most > 0.0).map(|weight| (weight / most).clamp(0.0, 1.0));
        let ci = Some(Interval { lower: ci[0], upper: ci[1] });
        let fitted = self.fitted(at).filter(|fitted| !is_cut(self.look, fitted));
        ForestRow { cells, mark: RowMark::Study { estimate, ci, weight, fitted } }
    }

    /// What the model gives a study, where it has moderators.
    fn fitted(&self, at: usize) -> Option<Fitted> {
        let (mean, half) = self.design.as_ref()?.fitted_of(at).ok()?;
        let own = self.look.for_size(self.result.studies[at].size);
        let [estimate, lower, upper] = [mean, mean - half?, mean + half?].map(|value| own.shown(value));
        Some(Fitted { estimate, ci: Interval { lower, upper } })
    }

    /// How many of these an axis that was asked for would cut.
    fn cut(&self) -> Option<String> {
        let fitted = (0..self.result.studies.len()).filter_map(|at| self.fitted(at));
        let cut = fitted.filter(|fitted| is_cut(self.look, fitted)).count();
        let diamonds = match cut {
            1 => "diamond of 1 study is".to_owned(),
            _ => format!("diamonds of {cut} studies are"),
        };
        (cut > 0).then(|| {
            self.look.say(
                &format!(
                    "The grey {diamonds} left out: the axis that was asked for would cut or miss what lies there."
                ),
                &format!("{cut}研究の灰色の菱形は、軸の範囲に収まらないため示していない。"),
            )
        })
    }

    fn summary(&self, name: &str, estimate: f64, ci: [f64; 2], prediction: Option<[f64; 2]>) -> ForestRow {
        let shown = |ends: [f64; 2]| ends.map(|end| self.look.shown(end));
        let (estimate, ci) = (self.look.shown(estimate), shown(ci));
        let mut cells = vec![name.to_owned()];
        cells.extend(self.result.columns.iter().map(|_| String::new()));
        cells.push(self.digits.of_pooled(ci).with_interval(estimate, ci));
        let interval = |[lower, upper]: [f64; 2]| Interval { lower, upper };
        let mark =
            RowMark::Summary { estimate, ci: interval(ci), prediction: prediction.map(|ends| interval(shown(ends))) };
        ForestRow { cells, mark }
    }

    /// The test of the moderators, with their names.
    fn moderators(&self) -> Option<String> {
        let (result, look) = (self.result, self.look);
        let (statistic, df, p) = (result.qm?, result.qm_df?, result.qm_p?);
        let names = || result.coefficients.iter().map(|of| of.name.as_str()).filter(|name| *name != "intrcpt");
        let all = result
            .formula
            .as_deref()
            .map_or_else(|| names().collect::<Vec<_>>().join(", "), |all| all.replace('`', ""));
        let one = |df: f64| plain((10.0 * df).round() / 10.0);
        let test = match result.qm_df2 {
            Some(df2) => format!("F({}, {}) = {}", one(df), one(df2), fixed(statistic, 2)),
            None => format!("Q = {} (df = {})", fixed(statistic, 1), one(df)),
        };
        Some(match look.lang {
            Lang::En => format!("Test of the moderators ({all}): {test}, {}", p_is(p)),
            Lang::Ja => format!("調整変数（{all}）の検定：{test}、{}", p_is(p)),
        })
    }

    /// Heterogeneity, prediction, test, differences between groups.
    fn notes(&self) -> Vec<String> {
        let (result, look) = (self.result, self.look);
        let mut notes: Vec<String> = result.heterogeneity(look.lang).into_iter().collect();
        if result.is_regression() {
            notes.extend(self.moderators());
        }
        // A test against 0 says nothing of a proportion or a rate.
        if let (false, [super::Pooled { statistic: Some(statistic), p: Some(p), df, .. }]) =
            (look.one_group || result.is_regression(), &result.coefficients[..])
        {
            let name = look.say("Test of the pooled effect", "統合効果の検定");
            let colon = look.say(": ", "：");
            let test = df.map_or("z".to_owned(), |df| format!("t({})", plain((10.0 * df).round() / 10.0)));
            notes.push(format!("{name}{colon}{test} = {}, {}", fixed(*statistic, 2), p_is(*p)));
        }
        if let Some(ends) = result.prediction_interval() {
            let ends = ends.map(|end| look.shown(end));
            let interval = self.digits.of_pooled(ends).interval(ends);
            let name = look.say("prediction interval", "予測区間");
            let unit = if look.percent { look.lang.choose(" %", "%") } else { "" };
            let level = level_in(look.lang, result.level);
            let space = look.lang.choose(" ", "");
            notes.push(format!("{level}{space}{name} {interval}{unit}"));
        }
        if let Some(super::Subgroup { qb: Some(qb), qb_df: Some(df), qb_p: Some(p), .. }) = &result.subgroup {
            let name = look.say("Between subgroups: ", "サブグループ間：");
            notes.push(format!("{name}Q = {} (df = {df}), {}", fixed(*qb, 1), p_is(*p)));
        }
        notes
    }
}

/// The pooled effect as studies come in.
///
/// # Errors
/// The document has no such fits.
pub fn cumulative(result: &MetaResult, look: &Look) -> Result<Forest, Missing> {
    let fits = result.cumulative.as_ref().ok_or("it has no `cumulative`: pass --cumulative COLUMN")?;
    let name = |at: usize, fit: &Refit| {
        let study = fit.study.clone().unwrap_or_else(|| (at + 1).to_string());
        if at == 0 { study } else { format!("+ {study}") }
    };
    let mut chart = refits(result, look, fits, name)?;
    chart.caption.title = look.title_or("Cumulative meta-analysis", "累積メタアナリシス");
    chart.left[0].heading = look.say("Study added", "加えた研究");
    Ok(with_arrows_explained(chart))
}

/// The pooled effect without each study, or each group of a multilevel model.
///
/// # Errors
/// The document has no such fits.
pub fn leave_one_out(result: &MetaResult, look: &Look) -> Result<Forest, Missing> {
    let fits = result.leave_one_out.as_ref().ok_or("it has no `leave_one_out`: pass --leave-one-out")?;
    refuse_cut_diamonds(result.pooled().map(|(_, ci)| ci).into_iter(), look)?;
    let left_out = LeftOut::of(result, fits);
    let name = |at: usize, fit: &Refit| left_out.name(fit.study.clone().unwrap_or_else(|| (at + 1).to_string()));
    let mut chart = refits(result, look, fits, name)?;
    chart.caption.title = match left_out.are_groups {
        true => look.say("Leave-one-out analysis", "一群除外解析（leave-one-out）"),
        false => look.say("Leave-one-out analysis", "一研究除外解析（leave-one-out）"),
    };
    if !look.title.is_empty() {
        chart.caption.title.clone_from(&look.title);
    }
    chart.left[0].heading = match left_out.are_groups {
        true => look.say("Group left out", "除外した群"),
        false => look.say("Study left out", "除外した研究"),
    };
    if let Some((estimate, ci)) = result.pooled() {
        let none = match left_out.are_groups {
            true => look.say("None: all effects", "なし（全効果）"),
            false => look.say("None: all studies", "なし（全研究）"),
        };
        let whole = Refit {
            study: None,
            k: Some(result.k),
            estimate: Some(estimate),
            ci: Some(ci.map(Some)),
            p: result.coefficients[0].p,
            i2: result.i2,
        };
        let table = Refits::new(result, look, fits);
        let [estimate, lower, upper] = [estimate, ci[0], ci[1]].map(|value| look.shown(value));
        let mark = RowMark::Summary { estimate, ci: Interval { lower, upper }, prediction: None };
        chart.rows.push(ForestRow { mark, ..table.row(none, &whole) });
    }
    Ok(with_arrows_explained(chart))
}

/// What each fit of a leave-one-out analysis is without.
struct LeftOut {
    are_groups: bool,
    /// What the groups are of, where the names of the studies say so too.
    term: Option<String>,
}

impl LeftOut {
    fn of(result: &MetaResult, fits: &[Refit]) -> Self {
        let names: Vec<&str> = fits.iter().filter_map(|fit| fit.study.as_deref()).collect();
        let own: Vec<String> = result.names().collect();
        let is_study = |name: &&str| own.iter().any(|own| own == name);
        let are_groups = fits.len() < own.len() || (result.is_multilevel() && !names.iter().all(is_study));
        // The studies of a multilevel model are named by its terms: “district 11, school 1”.
        let outermost = result.variances.first().and_then(|of| of.name.split('/').next());
        let is_named = |term: &&str| {
            names.iter().all(|name| {
                let whole = format!("{term} {name}");
                own.iter()
                    .any(|own| own.strip_prefix(&whole).is_some_and(|rest| rest.is_empty() || rest.starts_with(", ")))
            })
        };
        Self { are_groups, term: outermost.filter(|_| are_groups).filter(is_named).map(str::to_owned) }
    }

    fn name(&self, name: String) -> String {
        self.term.as_ref().map_or(name.clone(), |term| format!("{term} {name}"))
    }
}

/// How the numbers of the studies, of groups of them and of all are written.
fn digits_of_studies(result: &MetaResult, look: &Look) -> Digits {
    let widths = result.studies.iter().map(|study| look.for_size(study.size).width(study.ci));
    let shown = |(estimate, ends): (f64, [f64; 2])| (look.shown(estimate), ends.map(|end| look.shown(end)));
    let groups = result.subgroup.iter().flat_map(|subgroup| &subgroup.groups);
    let pooled = groups.filter_map(|group| Some((group.estimate?, both(group.ci)?))).chain(result.pooled()).map(shown);
    let pooled: Vec<(f64, [f64; 2])> = pooled.collect();
    let own = |study: &Study| {
        let look = look.for_size(study.size);
        (look.shown(study.yi), study.ci.map(|end| look.shown(end)))
    };
    let numbers: Vec<_> = result.studies.iter().map(own).chain(pooled.iter().copied()).collect();
    let pooled: Vec<[f64; 2]> = pooled.into_iter().map(|(_, ends)| ends).collect();
    look.digits_of_column(widths, &numbers, &pooled)
}

/// How the numbers of these fits and of the whole one are written.
fn digits_of_fits(result: &MetaResult, look: &Look, fits: &[Refit]) -> Digits {
    let all = || fits.iter().filter_map(|fit| Some((fit.estimate?, both(fit.ci)?))).chain(result.pooled());
    let shown: Vec<_> = all().map(|(estimate, ci)| (look.shown(estimate), ci.map(|end| look.shown(end)))).collect();
    let widths = fits.iter().filter_map(|fit| both(fit.ci)).map(|ci| look.width(ci));
    look.digits_of_column(widths, &shown, &[])
}

/// How rows of fits with fewer studies are written.
struct Refits<'a> {
    look: &'a Look,
    digits: Digits,
    /// The decimals of I², where any fit has one.
    i2_decimals: Option<usize>,
}

impl<'a> Refits<'a> {
    fn new(result: &MetaResult, look: &'a Look, fits: &[Refit]) -> Self {
        let i2 = fits.iter().filter_map(|fit| fit.i2).chain(result.i2);
        Self { look, digits: digits_of_fits(result, look, fits), i2_decimals: i2.map(decimals_of_i2).max() }
    }

    /// The columns behind that of the effect. A test against 0 says nothing of a proportion or a rate.
    fn columns(&self) -> impl Iterator<Item = Column> {
        let column = |heading: String| Column { heading, numeric: true, spare: false };
        let p = (!self.look.one_group).then(|| column("p".to_owned()));
        let i2 = self.i2_decimals.map(|_| column(self.look.say("I², %", "I²（%）")));
        p.into_iter().chain(i2)
    }

    fn row(&self, name: String, fit: &Refit) -> ForestRow {
        let look = self.look;
        let (Some(estimate), Some(ci)) = (fit.estimate, both(fit.ci)) else {
            return ForestRow::note(format!("{name}{}", look.say(": no fit", "：推定できない")));
        };
        let (estimate, ci) = (look.shown(estimate), ci.map(|end| look.shown(end)));
        let p = (!look.one_group).then(|| fit.p.map(p_value).unwrap_or_default());
        // One study has no heterogeneity.
        let i2_of = |decimals: usize| {
            fit.i2.filter(|_| fit.k != Some(1)).map_or_else(|| "—".to_owned(), |i2| fixed(i2, decimals))
        };
        let i2 = self.i2_decimals.map(i2_of);
        let cells = [name, self.digits.with_interval(estimate, ci)].into_iter().chain(p).chain(i2).collect();
        let ci = Some(Interval { lower: ci[0], upper: ci[1] });
        ForestRow { cells, mark: RowMark::Study { estimate, ci, weight: None, fitted: None } }
    }
}

fn refits(
    result: &MetaResult,
    look: &Look,
    fits: &[Refit],
    name: impl Fn(usize, &Refit) -> String,
) -> Result<Forest, Missing> {
    if result.is_regression() && fits.iter().all(|fit| fit.estimate.is_none()) {
        return Err("a regression has no single effect: leave --mods out".to_owned());
    }
    let written = Refits::new(result, look, fits);
    let effect = Rows::new(result, look, written.digits).right().swap_remove(0);
    let all = fits.iter().filter_map(|fit| both(fit.ci)).chain(result.pooled().map(|(_, ci)| ci)).flatten();
    let axis = within_bounds(look, all);
    let summary = result.pooled().map(|(estimate, _)| look.shown(estimate));
    // Beyond an axis that was asked for there is no line.
    let is_seen = |at: &f64| look.limits.is_none_or(|(from, to)| (from..=to).contains(at));
    let broken = summary
        .filter(is_seen)
        .map(|_| look.say("The broken line is the effect pooled over all studies.", "破線は全研究の統合効果。"));
    Ok(Forest {
        caption: Caption {
            title: String::new(),
            subtitle: result.model(look),
            footnotes: broken.into_iter().chain(about_bounds(look, axis.range)).collect(),
            source: look.source.clone(),
            lang: look.lang,
        },
        left: vec![Column::default()],
        right: std::iter::once(effect).chain(written.columns()).collect(),
        rows: fits.iter().enumerate().map(|(at, fit)| written.row(name(at, fit), fit)).collect(),
        scale: ForestScale { axis, reference: look.nothing(), summary },
    })
}

/// What the arrows of one or several tables of rows say; none where there are none.
pub(super) fn about_arrows(charts: &[Forest], lang: Lang) -> Option<String> {
    let (en, ja) = match (charts.iter().any(Forest::hides_estimate), charts.iter().any(Forest::goes_beyond)) {
        (true, _) => (
            "Arrows mark effects and intervals that lie or go on beyond the axis; their numbers stand beside them.",
            "矢印は効果や区間が軸の外にあるか続くことを示す（数値は表に記す）。",
        ),
        (false, true) => ("Arrows mark intervals that go on beyond the axis.", "矢印は区間が軸の外に続くことを示す。"),
        (false, false) => return None,
    };
    Some(lang.choose(en, ja).to_owned())
}

/// The chart with a note on its arrows, if it has any.
pub(super) fn with_arrows_explained(mut chart: Forest) -> Forest {
    let note = about_arrows(std::slice::from_ref(&chart), chart.caption.lang);
    chart.caption.footnotes.extend(note);
    chart
}
