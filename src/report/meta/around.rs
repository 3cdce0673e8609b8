//! What surrounds a meta-analysis, for people.

use super::bias;
use super::coefficients::{coefficient_table, df_text, statistic_of};
use super::joint::{JointTest, joint_table};
use super::profile::profile_table;
use super::selection::GivenSelections;
use crate::estimate::ChiSquared;
use crate::meta::bias::{Asymmetry, Excess, FailSafe, HenmiCopas, RankTest, Selection, TrimFill};
use crate::meta::comparison::Comparison;
use crate::meta::deletion::{Baujat, Blup, Influence, VarianceInflation};
use crate::meta::gosh::Gosh;
use crate::meta::permutation::Permutation;
use crate::meta::profile::Profile;
use crate::meta::subgroup::Subgroups;
use crate::meta::{Coefficient, Fit, Prediction};
use crate::numeric::quantile::quantile;
use crate::report::document::{Align, Document, Table};
use crate::report::meta::{
    Omitted, Results, Transformation, at_the_end, percent_or_none, shown_range, variance, with_omitted,
};
use crate::report::number::{fixed, level_text, p_value, significant};

/// The tests that belong to Mantel & Haenszel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CountTests {
    /// Cochran, Mantel & Haenszel.
    pub mh: Option<ChiSquared>,
    /// Tarone.
    pub tarone: Option<ChiSquared>,
    /// Breslow & Day.
    pub breslow_day: Option<ChiSquared>,
}

/// What was asked for and these data do not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable {
    /// The option.
    pub flag: &'static str,
    /// Why.
    pub reason: String,
}

impl std::fmt::Display for Unavailable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} gives nothing: {}", self.flag, self.reason)
    }
}

/// What was asked for around a fit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Around {
    /// Predictions with their names; none where the data do not determine one.
    pub predict: Option<Vec<(String, Option<Prediction>)>>,
    /// Whether they are those of the studies, one after the other.
    pub are_of_studies: bool,
    /// Fits without each study.
    pub leave_one_out: Option<Vec<Option<Fit>>>,
    /// The names of what was left out, where they are not those of the studies of the fit.
    pub left_out: Option<Vec<String>>,
    /// Whether these are groups, and not single studies.
    pub are_groups: bool,
    /// The rows without a part in the fits with fewer studies, where they are not those without one in the fit.
    pub without_part: Option<Vec<Omitted>>,
    /// Fits that grow by one study, each with the study that was added.
    pub cumulative: Option<Vec<(usize, Option<Fit>)>>,
    /// The names of the studies that were added, where they are not those of the model.
    pub added: Option<Vec<String>>,
    /// What each study does.
    pub influence: Option<Vec<Influence>>,
    /// The true effects as the model predicts them.
    pub blup: Option<Vec<Blup>>,
    /// Variance inflation factors.
    pub vif: Option<Vec<VarianceInflation>>,
    /// The points of the plot of Baujat.
    pub baujat: Option<Vec<Option<Baujat>>>,
    /// The fits of subsets.
    pub gosh: Option<Gosh>,
    /// A test against another model.
    pub compare: Option<Comparison>,
    /// Harbord's test.
    pub harbord: Option<Coefficient>,
    /// Peters' test.
    pub peters: Option<Coefficient>,
    /// The profile of τ².
    pub profile: Option<Vec<Profile>>,
    /// A permutation test.
    pub permutest: Option<Permutation>,
    /// Subgroups.
    pub subgroup: Option<Subgroups>,
    /// The column that names the groups.
    pub subgroup_column: Option<String>,
    /// The group of each study that has one, where groups were asked for.
    pub subgroup_levels: Vec<Option<String>>,
    /// Trim and fill.
    pub trimfill: Option<TrimFill>,
    /// Egger's test.
    pub egger: Option<Asymmetry>,
    /// Begg's test.
    pub begg: Option<RankTest>,
    /// A fail-safe number.
    pub fsn: Option<FailSafe>,
    /// The test of excess significance.
    pub tes: Option<Excess>,
    /// The interval of Henmi & Copas.
    pub hc: Option<HenmiCopas>,
    /// A selection model.
    pub selmodel: Option<Selection>,
    /// Selection models with given weights.
    pub selmodel_given: Option<GivenSelections>,
    /// The tests of Mantel & Haenszel.
    pub mh: Option<CountTests>,
    /// The sizes of the studies, patients or time, where the way back from the scale of the effects needs them.
    pub sizes: Vec<f64>,
    /// The call of R that fits the same.
    pub r_call: String,
    /// Combinations of coefficients.
    pub contrasts: Option<Vec<Coefficient>>,
    /// Tests of some coefficients together.
    pub joint: Option<Vec<JointTest>>,
    /// How each of these was computed, in a sentence for a section on methods.
    pub methods: Vec<String>,
    /// The flags of what was asked for and these data do not allow.
    pub unavailable: Vec<Unavailable>,
    /// What is to be known of all this.
    pub notes: Vec<String>,
}

impl Around {
    /// How the effect of one study is shown: by its own size, where that counts.
    pub(super) fn of_study(&self, shown: Transformation, study: usize) -> Transformation {
        self.sizes.get(study).map_or(shown, |size| shown.with_size(*size))
    }
}

/// The tables of everything that was asked for.
pub(super) fn document(results: &Results<'_>, around: &Around) -> Document {
    let mut document = Document::default();
    let name = |study: usize| results.slab[study].clone();
    let of_each = |table: Table| with_omitted(&table, results.omitted);
    if let Some(predictions) = &around.predict {
        let omitted = if around.are_of_studies { results.omitted } else { &[] };
        let table = prediction_table(results.transformation, results.fit.model.level, predictions);
        document.table(with_omitted(&table, omitted));
    }
    if let Some(fits) = &around.leave_one_out {
        let names = around.left_out.as_deref().unwrap_or(results.slab);
        let rows = fits.iter().zip(names).map(|(fit, name)| (name.clone(), fit.as_ref()));
        let table = refits(results, "without", rows.collect());
        document.table(if around.are_groups { table } else { with_omitted(&table, results.without_part()) });
    }
    let added = |at: usize, study: usize| around.added.as_ref().map_or_else(|| name(study), |all| all[at].clone());
    if let Some(fits) = &around.cumulative {
        let rows = fits.iter().enumerate().map(|(at, (study, fit))| (added(at, *study), fit.as_ref()));
        document.table(with_omitted(&refits(results, "up to", rows.collect()), &at_the_end(results.without_part())));
    }
    if let Some(all) = &around.influence {
        document.table(of_each(influence_table(results, all)));
    }
    if let Some(all) = &around.blup {
        document.table(of_each(blup_table(results.transformation, results.fit.model.level, results.slab, all)));
    }
    if let Some(all) = &around.vif {
        document.table(vif_table(all));
    }
    if let Some(all) = &around.baujat {
        // Only without a variance between studies do the squares add up to Q.
        let is_share = results.fit.model.estimator.is_common();
        let heading = if is_share { "share in Q" } else { "squared Pearson residual" };
        let mut table = Table::new(&[("study", Align::Left), (heading, Align::Right), ("influence", Align::Right)]);
        for (study, point) in all.iter().enumerate() {
            let point = point.map(|point| [point.heterogeneity, point.influence].map(|value| significant(value, 3)));
            let [x, y] = point.unwrap_or_default();
            table.row([name(study), x, y]);
        }
        document.table(of_each(table));
    }
    if let Some(all) = &around.gosh {
        document.table(gosh_table(results, all));
    }
    if let Some(subgroups) = &around.subgroup {
        document.table(subgroup_table(results, subgroups));
    }
    if let Some(all) = &around.contrasts {
        let shown = results.transformation.of_coefficients(results.problem);
        document.table(coefficient_table("contrast", shown, results.fit.model.level, all));
    }
    if let Some(all) = &around.profile {
        document.table(profile_table(all, results.fit.model.level));
    }
    if let Some(all) = &around.joint {
        document.table(joint_table(all));
    }
    document.append(bias::document(results, around));
    document
}

/// Variance inflation factors.
pub(super) fn vif_table(all: &[VarianceInflation]) -> Table {
    let mut table = Table::new(&[("moderator", Align::Left), ("VIF", Align::Right)]);
    all.iter().for_each(|of| table.row([of.name.clone(), significant(of.factor, 3)]));
    table
}

/// What a likelihood-ratio test says, without its p-value. The variances are those of the likelihood that is compared.
pub(super) fn comparison_text(of: &Comparison, has_tau2: bool) -> String {
    let tau2 = of.tau2.filter(|_| has_tau2).map_or_else(String::new, |[full, reduced]| {
        format!("; tau² by maximum likelihood {} against {}", variance(full), variance(reduced))
    });
    format!(
        "χ² = {}, {} df; AIC {} against {}{tau2}",
        fixed(of.test.statistic, 2),
        of.test.df,
        fixed(of.full.aic, 2),
        fixed(of.reduced.aic, 2)
    )
}

fn ci_heading(results: &Results<'_>) -> String {
    format!("{} CI", level_text(results.fit.model.level))
}

/// Predictions with both intervals.
pub(super) fn prediction_table(
    shown: Transformation,
    level: f64,
    predictions: &[(String, Option<Prediction>)],
) -> Table {
    let (ci, pi) = (format!("{} CI", level_text(level)), format!("{} prediction interval", level_text(level)));
    let mut table = Table::new(&[
        ("predicted", Align::Left),
        (shown.heading(), Align::Right),
        (shown.se_heading(), Align::Right),
        (ci.as_str(), Align::Left),
        (pi.as_str(), Align::Left),
    ]);
    for (name, prediction) in predictions {
        let Some(prediction) = prediction else {
            table.row([name.as_str(), "—", "—", "—", "—"].map(str::to_owned));
            continue;
        };
        table.row([
            name.clone(),
            shown.text(prediction.estimate),
            significant(prediction.se, 3),
            shown_range(prediction.ci, shown),
            prediction.pi.map_or_else(|| "—".to_owned(), |pi| shown_range(pi, shown)),
        ]);
    }
    table
}

/// What one effect alone says nothing of.
fn of_several(qe_df: f64, text: impl Fn() -> String) -> String {
    if qe_df > 0.0 { text() } else { "—".to_owned() }
}

fn refits(results: &Results<'_>, heading: &str, rows: Vec<(String, Option<&Fit>)>) -> Table {
    let ci = ci_heading(results);
    let has_tau2 = !results.fit.model.estimator.is_common();
    let mut columns = vec![
        (heading, Align::Left),
        (results.transformation.heading(), Align::Right),
        (ci.as_str(), Align::Left),
        ("p", Align::Right),
    ];
    columns.extend(has_tau2.then_some(("tau²", Align::Right)));
    columns.push(("I², %", Align::Right));
    let mut table = Table::new(&columns);
    for (name, fit) in rows {
        let Some(fit) = fit else {
            table.row([name, "—".to_owned()]);
            continue;
        };
        let pooled = &fit.coefficients[0];
        let mut row =
            vec![name, results.shown_text(pooled.estimate), results.shown_interval(pooled.ci), p_value(pooled.p)];
        row.extend(has_tau2.then(|| of_several(fit.qe_df, || variance(fit.tau2))));
        row.push(of_several(fit.qe_df, || percent_or_none(fit.i2)));
        table.row(row);
    }
    table
}

fn influence_table(results: &Results<'_>, all: &[Influence]) -> Table {
    let names = ["rstudent", "dffits", "Cook's d", "cov. ratio", "tau² without", "Q without", "hat", "weight, %"];
    let mut columns = vec![("study", Align::Left)];
    columns.extend(names.iter().map(|name| (*name, Align::Right)));
    columns.push(("influential", Align::Left));
    let mut table = Table::new(&columns);
    for (study, one) in all.iter().enumerate() {
        let mut row = vec![results.slab[study].clone()];
        match &one.deletion {
            Some(of) => {
                row.extend([of.rstudent, of.dffits, of.cook_d, of.cov_r, of.tau2_del].map(|value| fixed(value, 3)));
                row.push(fixed(of.qe_del, 2));
            }
            None => row.extend(std::iter::repeat_n("—".to_owned(), 6)),
        }
        row.extend([fixed(one.hat, 3), fixed(one.weight, 1)]);
        row.push(if one.is_influential { "*".to_owned() } else { String::new() });
        table.row(row);
    }
    table
}

/// The true effects of the rows.
pub(super) fn blup_table(shown: Transformation, level: f64, slab: &[String], all: &[Blup]) -> Table {
    let interval = format!("{} interval", level_text(level));
    let mut table = Table::new(&[
        ("true effect of", Align::Left),
        ("prediction", Align::Right),
        (shown.se_heading(), Align::Right),
        (interval.as_str(), Align::Left),
    ]);
    for (study, one) in all.iter().enumerate() {
        table.row([slab[study].clone(), shown.text(one.estimate), significant(one.se, 3), shown_range(one.pi, shown)]);
    }
    table
}

/// What the subsets give with each study and without it: a study that makes two clouds of them stands out.
fn gosh_table(results: &Results<'_>, of: &Gosh) -> Table {
    let count = of.subsets.len();
    let name = format!("{} {count} subsets", if of.exact { "all" } else { "random" });
    let mut table = Table::new(&[
        (name.as_str(), Align::Left),
        ("median estimate with it", Align::Right),
        ("without it", Align::Right),
        ("median I² with it, %", Align::Right),
        ("without it, %", Align::Right),
    ]);
    let median = |mut values: Vec<f64>| -> Option<f64> {
        values.sort_by(f64::total_cmp);
        quantile(&values, 0.5)
    };
    for (study, slab) in results.slab.iter().enumerate() {
        let (with, without): (Vec<_>, Vec<_>) = of.subsets.iter().partition(|subset| subset.studies.contains(study));
        let shown = |part: &[&crate::meta::gosh::Subset]| {
            let estimate = median(part.iter().map(|subset| subset.estimate).collect());
            let i2 = median(part.iter().filter_map(|subset| subset.i2).collect());
            (estimate.map_or_else(|| "—".to_owned(), |value| results.shown_text(value)), percent_or_none(i2))
        };
        let ((a, b), (c, d)) = (shown(&with), shown(&without));
        table.row([slab.clone(), a, c, b, d]);
    }
    table
}

fn subgroup_table(results: &Results<'_>, subgroups: &Subgroups) -> Table {
    let (ci, pi) = (ci_heading(results), format!("{} prediction interval", level_text(results.fit.model.level)));
    let effects: Vec<Coefficient> = subgroups.groups.iter().map(|group| group.effect.clone()).collect();
    let (statistic, has_df) = statistic_of(&effects);
    let has_tau2 = !results.fit.model.estimator.is_common();
    let mut columns = vec![
        ("subgroup", Align::Left),
        ("k", Align::Right),
        (results.transformation.heading(), Align::Right),
        (ci.as_str(), Align::Left),
        (statistic, Align::Right),
    ];
    columns.extend(has_df.then_some(("df", Align::Right)));
    columns.push(("p", Align::Right));
    columns.extend(has_tau2.then_some(("tau²", Align::Right)));
    columns.push(("I², %", Align::Right));
    columns.extend(has_tau2.then_some((pi.as_str(), Align::Left)));
    let mut table = Table::new(&columns);
    for group in &subgroups.groups {
        let effect = &group.effect;
        let mut row = vec![
            group.level.clone(),
            group.k.to_string(),
            results.shown_text(effect.estimate),
            results.shown_interval(effect.ci),
            fixed(effect.statistic, 2),
        ];
        row.extend(has_df.then(|| df_text(effect.df)));
        row.push(p_value(effect.p));
        let tau2 = || {
            if subgroups.common_tau2 { variance(group.tau2) } else { of_several(group.qe_df, || variance(group.tau2)) }
        };
        row.extend(has_tau2.then(tau2));
        row.push(of_several(group.qe_df, || percent_or_none(group.i2)));
        let pi = || group.prediction_interval(results.pi_type).map(|pi| results.shown_interval(pi));
        row.extend(has_tau2.then(|| pi().unwrap_or_else(|| "—".to_owned())));
        table.row(row);
    }
    table
}
