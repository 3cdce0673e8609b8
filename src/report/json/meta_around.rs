//! What surrounds a meta-analysis, as JSON.

use super::meta::{coefficient, of_studies};
use super::{finite, pair};
use crate::estimate::ChiSquared;
use crate::meta::bias::{Asymmetry, Selection, SelectionKind};
use crate::meta::comparison::Comparison;
use crate::meta::deletion::{Baujat, Blup, Deletion, Influence, VarianceInflation};
use crate::meta::gosh::Subset;
use crate::meta::profile::{Profile, ProfilePoint};
use crate::meta::{Coefficient, Fit, Prediction, PredictionInterval};
use crate::report::meta::around::Around;
use crate::report::meta::joint::JointTest;
use crate::report::meta::selection::{GivenSelections, GivenWeights};
use crate::report::meta::{Omitted, Results, at_the_end};
use serde_json::{Map, Value, json};

/// Adds every result under its own key.
pub(super) fn fields(fields: &mut Map<String, Value>, results: &Results<'_>) {
    let (around, slab, coefficients) = (results.around, results.slab, results.fit.p);
    for of in &around.unavailable {
        fields.insert(of.flag.trim_start_matches("--").replace('-', "_"), Value::Null);
    }
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    let each = |all: Value| of_studies(all, results.omitted, "study");
    put(
        "predict",
        around.predict.as_deref().map(|all| predictions(all, around.are_of_studies.then_some(results.omitted))),
    );
    let added = |at: usize, study: usize| around.added.as_ref().map_or(slab.get(study), |all| all.get(at));
    let left_out = around.left_out.as_deref().unwrap_or(slab);
    let without = |all: &Vec<Option<Fit>>| {
        let fits = all.iter().enumerate().map(|(at, fit)| refit(left_out.get(at), fit.as_ref(), WITHOUT_IT)).collect();
        if around.are_groups { fits } else { of_studies(fits, results.without_part(), "study") }
    };
    put("leave_one_out", around.leave_one_out.as_ref().map(without));
    put(
        "cumulative",
        around.cumulative.as_ref().map(|all| {
            let fits = all
                .iter()
                .enumerate()
                .map(|(at, (study, fit))| refit(added(at, *study), fit.as_ref(), UP_TO_IT))
                .collect();
            // A row that nothing is known of has no place in the order.
            of_studies(fits, &at_the_end(results.without_part()), "study")
        }),
    );
    let moves = |all: &Vec<Influence>| {
        each(all.iter().enumerate().map(|(study, one)| influence(slab.get(study), one, coefficients)).collect())
    };
    put("influence", around.influence.as_ref().map(moves));
    put("blup", around.blup.as_deref().map(|all| blups(all, slab, results.omitted)));
    put("vif", around.vif.as_deref().map(inflation));
    put("contrasts", around.contrasts.as_ref().map(|all| all.iter().map(coefficient).collect()));
    put("btt", around.joint.as_deref().map(joint));
    put("profile", around.profile.as_deref().map(profiles));
    let point = |(study, one): (usize, &Option<Baujat>)| {
        json!({
            "study": slab.get(study), "x": one.and_then(|p| finite(p.heterogeneity)),
            "y": one.and_then(|p| finite(p.influence)), "notes": unfitted(one.is_none(), WITHOUT_IT),
        })
    };
    let baujat = around.baujat.as_ref().map(|all| each(all.iter().enumerate().map(point).collect()));
    put("baujat", baujat);
    fields_of_subsets(&mut put, around, results.pi_type);
    bias_fields(&mut put, around);
}

/// Profile likelihoods, in the form of those of a mixed model.
pub(super) fn profiles(all: &[Profile]) -> Value {
    let point = |of: &ProfilePoint| json!({ "value": finite(of.value), "loglik": finite(of.log_likelihood), "zeta": finite(of.zeta) });
    let one = |of: &Profile| {
        json!({
            "parameter": of.parameter, "estimate": finite(of.estimate), "ci": pair(of.ci),
            "points": of.points.iter().map(point).collect::<Vec<_>>(),
        })
    };
    all.iter().map(one).collect()
}

/// Tests of some coefficients together.
pub(super) fn joint(all: &[JointTest]) -> Value {
    let one = |of: &JointTest| {
        let test = of.test;
        json!({
            "name": of.asked, "coefficients": of.coefficients,
            "QM": test.and_then(|of| finite(of.statistic)), "QM_df": of.coefficients.len(),
            "QM_df2": test.and_then(|of| of.df2), "QM_p": test.and_then(|of| finite(of.p)),
        })
    };
    all.iter().map(one).collect()
}

/// The fit of some of the studies.
pub(crate) fn subset(of: &Subset) -> Value {
    json!({
        "k": of.studies.count(), "studies": of.studies.iter().map(|study| study + 1).collect::<Vec<_>>(),
        "estimate": finite(of.estimate), "tau2": of.tau2, "I2": of.i2.and_then(finite), "H2": of.h2.and_then(finite),
        "QE": finite(of.qe),
    })
}

/// What rests on parts of the studies or on other models of them.
fn fields_of_subsets(put: &mut impl FnMut(&str, Option<Value>), around: &Around, kind: PredictionInterval) {
    // The subsets take this place when the document is whole or written: they may be very many.
    put("gosh", around.gosh.as_ref().map(|_| Value::Null));
    put("gosh_exact", around.gosh.as_ref().map(|of| json!(of.exact)));
    put("compare", around.compare.as_ref().map(comparison));
    let permutest = around.permutest.as_ref().map(
        |of| json!({ "p": of.p, "QM_p": of.qm_p.and_then(finite), "permutations": of.permutations, "exact": of.exact }),
    );
    put("permutest", permutest);
    let subgroup = around.subgroup.as_ref().map(|of| {
        let group = |group: &crate::meta::subgroup::Group| {
            json!({
                "level": group.level, "k": group.k, "estimate": finite(group.effect.estimate), "se": finite(group.effect.se),
                "statistic": finite(group.effect.statistic), "df": group.effect.df, "p": finite(group.effect.p),
                "pi": pair(group.prediction_interval(kind)),
                "ci": pair(Some(group.effect.ci)), "tau2": group.tau2, "I2": group.i2.and_then(finite), "QE": finite(group.qe),
                "QE_df": group.qe_df, "QE_p": finite(group.qe_p),
            })
        };
        json!({
            "groups": of.groups.iter().map(group).collect::<Vec<_>>(),
            "QB": finite(of.qb.statistic), "QB_df": of.qb.df, "QB_p": finite(of.qb.p), "common_tau2": of.common_tau2,
            "column": around.subgroup_column,
        })
    });
    put("subgroup", subgroup);
}

/// The true effects of the rows.
pub(super) fn blups(all: &[Blup], slab: &[String], omitted: &[Omitted]) -> Value {
    let one = |(study, of): (usize, &Blup)| {
        json!({
            "study": slab.get(study), "estimate": finite(of.estimate), "se": finite(of.se), "pi": pair(Some(of.pi)),
        })
    };
    of_studies(all.iter().enumerate().map(one).collect(), omitted, "study")
}

/// Predictions with what they are of; where that is each study, also the rows that were not analysed.
pub(super) fn predictions(all: &[(String, Option<Prediction>)], omitted: Option<&[Omitted]>) -> Value {
    let one = |(name, of): &(String, Option<Prediction>)| {
        json!({
            "name": name, "estimate": of.and_then(|of| finite(of.estimate)), "se": of.and_then(|of| finite(of.se)),
            "ci": pair(of.map(|of| of.ci)), "pi": pair(of.and_then(|of| of.pi)),
        })
    };
    of_studies(all.iter().map(one).collect(), omitted.unwrap_or_default(), "name")
}

/// Variance inflation factors.
pub(super) fn inflation(all: &[VarianceInflation]) -> Value {
    all.iter().map(|of| json!(finite(of.factor))).collect()
}

/// A likelihood-ratio test.
pub(super) fn comparison(of: &Comparison) -> Value {
    json!({
        "chisq": finite(of.test.statistic), "df": of.test.df, "p": finite(of.test.p),
        "full": super::meta::criteria(&of.full), "reduced": super::meta::criteria(&of.reduced),
        "tau2": of.tau2, "notes": of.notes,
    })
}

fn bias_fields(put: &mut impl FnMut(&str, Option<Value>), around: &Around) {
    let trimfill = around.trimfill.as_ref().map(|of| {
        let fit = &of.fit;
        json!({
            "k0": of.k0 as f64, "se_k0": of.k0_se, "side": of.side.name(), "k": fit.k, "tau2": fit.tau2,
            "I2": fit.i2.and_then(finite), "H2": fit.h2.and_then(finite), "QE": finite(fit.qe), "QE_p": finite(fit.qe_p),
            "coefficients": fit.coefficients.iter().map(coefficient).collect::<Vec<_>>(),
            "filled": of.filled.iter().map(|one| json!({ "yi": one.yi, "vi": one.vi })).collect::<Vec<_>>(),
        })
    });
    put("trimfill", trimfill);
    let regression = |of: &crate::meta::Coefficient| json!({ "statistic": finite(of.statistic), "df": of.df, "p": finite(of.p), "slope": finite(of.estimate), "se": finite(of.se) });
    put("harbord", around.harbord.as_ref().map(regression));
    put("peters", around.peters.as_ref().map(regression));
    put("egger", around.egger.as_ref().map(egger));
    put("begg", around.begg.map(|of| json!({ "tau": finite(of.tau), "p": finite(of.p) })));
    put("fsn", around.fsn.map(|of| json!({ "fsnum": of.number, "p": of.p.and_then(finite), "target": of.target })));
    put(
        "tes",
        around.tes.map(|of| json!({ "observed": of.observed, "expected": finite(of.expected), "p": finite(of.p) })),
    );
    let hc = around.hc.map(
        |of| json!({ "estimate": of.estimate, "se": finite(of.se), "ci": pair(Some(of.ci)), "tau2": finite(of.tau2) }),
    );
    put("hc", hc);
    put("selmodel", around.selmodel.as_ref().map(selection));
    put("selmodel_given", around.selmodel_given.as_ref().map(selections_with_weights));
    let mh = around.mh.map(|of| {
        let of_test =
            |test: Option<ChiSquared>| (test.and_then(|of| finite(of.statistic)), test.and_then(|of| finite(of.p)));
        let ((mh, mh_p), (ta, ta_p), (bd, bd_p)) = (of_test(of.mh), of_test(of.tarone), of_test(of.breslow_day));
        json!({ "MH": mh, "MH_p": mh_p, "TA": ta, "TA_p": ta_p, "BD": bd, "BD_p": bd_p })
    });
    put("mh", mh);
}

fn selection(of: &Selection) -> Value {
    json!({
        "tau2": of.tau2, "se_tau2": of.tau2_se.and_then(finite),
        "coefficients": of.coefficients.iter().map(coefficient).collect::<Vec<_>>(),
        "type": of.kind.name(), "LRT_df": of.lrt.map(|of| of.df),
        "steps": if let SelectionKind::Steps(ends) = &of.kind { json!(ends) } else { Value::Null },
        "delta": of.delta, "delta_se": of.delta_se.iter().map(|se| se.and_then(finite)).collect::<Vec<_>>(),
        "LRT": of.lrt.and_then(|of| finite(of.statistic)), "LRT_p": of.lrt.and_then(|of| finite(of.p)),
        "loglik": finite(of.log_likelihood), "counts": of.counts, "notes": of.notes,
    })
}

/// The fits with given weights, a row for each coefficient, after the ones without selection.
fn selections_with_weights(of: &GivenSelections) -> Value {
    let row = |name: &str, one: &Coefficient, tau2: f64, rest: Value| {
        let mut row = json!({ "set": name });
        if let (Value::Object(fields), Value::Object(of_one)) = (&mut row, coefficient(one)) {
            fields.extend(of_one);
            fields.insert("tau2".to_owned(), json!(tau2));
            fields.extend(rest.as_object().cloned().unwrap_or_default());
        }
        row
    };
    let plain = of.plain.coefficients.iter().map(|one| {
        let likelihood = finite(of.plain.statistics.log_likelihood);
        row("no selection", one, of.plain.tau2, json!({ "loglik": likelihood, "steps": null, "delta": null }))
    });
    let of_set = |set: &GivenWeights| {
        let fit = &set.fit;
        let steps = if let SelectionKind::Steps(ends) = &fit.kind { json!(ends) } else { Value::Null };
        let rest = json!({ "loglik": finite(fit.log_likelihood), "steps": steps, "delta": fit.delta });
        fit.coefficients.iter().map(|one| row(&set.name, one, fit.tau2, rest.clone())).collect::<Vec<Value>>()
    };
    plain.chain(of.sets.iter().flat_map(of_set)).collect()
}

fn egger(of: &Asymmetry) -> Value {
    let limit =
        of.limit.as_ref().map(|limit| json!({ "estimate": finite(limit.estimate), "ci": pair(Some(limit.ci)) }));
    json!({ "statistic": finite(of.slope.statistic), "df": of.slope.df, "p": finite(of.slope.p), "limit": limit })
}

/// Why a cumulative row has no results.
pub(crate) const UP_TO_IT: &str = "the studies up to it cannot be fitted";

fn refit(study: Option<&String>, fit: Option<&Fit>, why: &str) -> Value {
    let pooled = fit.map(|fit| &fit.coefficients[0]);
    let number = |value: Option<f64>| value.and_then(finite);
    json!({
        "study": study,
        "k": fit.map(|fit| fit.k),
        "estimate": number(pooled.map(|of| of.estimate)),
        "se": number(pooled.map(|of| of.se)),
        "statistic": number(pooled.map(|of| of.statistic)),
        "p": number(pooled.map(|of| of.p)),
        "ci": pair(pooled.map(|of| of.ci)),
        "tau2": number(fit.map(|fit| fit.tau2)),
        "I2": number(fit.and_then(|fit| fit.i2)),
        "H2": number(fit.and_then(|fit| fit.h2)),
        "QE": number(fit.map(|fit| fit.qe)),
        "QE_p": number(fit.map(|fit| fit.qe_p)),
        "notes": unfitted(fit.is_none(), why),
    })
}

/// Why a study has no results of the fit to the others.
pub(crate) const WITHOUT_IT: &str = "the rest cannot be fitted without it";

/// Why a study has no results of another fit.
fn unfitted(is_unfitted: bool, why: &str) -> Value {
    if is_unfitted { json!([why]) } else { json!([]) }
}

fn influence(study: Option<&String>, of: &Influence, coefficients: usize) -> Value {
    let none = vec![None; coefficients];
    let deletion = of.deletion.as_ref();
    let number = |value: fn(&Deletion) -> f64| deletion.map(value).and_then(finite);
    json!({
        "study": study,
        "rstudent": number(|of| of.rstudent),
        "dffits": number(|of| of.dffits),
        "cook_d": number(|of| of.cook_d),
        "cov_r": number(|of| of.cov_r),
        "tau2_del": number(|of| of.tau2_del),
        "QE_del": number(|of| of.qe_del),
        "is_infl": (deletion.is_some() || of.is_influential).then_some(of.is_influential),
        "hat": finite(of.hat),
        "weight": finite(of.weight),
        "dfbetas": deletion.map_or(none, |of| of.dfbetas.iter().map(|value| finite(*value)).collect::<Vec<_>>()),
        "notes": unfitted(deletion.is_none(), WITHOUT_IT),
    })
}
