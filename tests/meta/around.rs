//! What is computed around a meta-analysis, against metafor (`tests/ref/meta/around.csv`).

use crate::common::meta::{column, problem, published};
use crate::common::{Comparison, golden, number};
use reffect::meta::bias::{
    FailSafeKind, Predictor, RegressionModel, Side, TrimFillEstimator, begg, egger, excess_significance, fail_safe,
    henmi_copas, trim_and_fill,
};
use reffect::meta::deletion::{baujat, blups, cumulative, influence, leave_one_out, variance_inflation};
use reffect::meta::{Fit, Model, Problem};

fn fit_value(fit: &Fit, name: &str) -> f64 {
    let pooled = &fit.coefficients[0];
    match name {
        "estimate" => pooled.estimate,
        "se" => pooled.se,
        "pval" => pooled.p,
        "ci.lb" => pooled.ci.lower,
        "ci.ub" => pooled.ci.upper,
        "Q" => fit.qe,
        "Qp" => fit.qe_p,
        "tau2" => fit.tau2,
        "I2" => fit.i2.unwrap_or(f64::NAN),
        "H2" => fit.h2.unwrap_or(f64::NAN),
        _ => panic!("{name}"),
    }
}

fn found(model: &Model, problem: &Problem, table: &str, what: &str, name: &str) -> Vec<f64> {
    let parts: Vec<&str> = what.split('-').collect();
    match parts[0] {
        "influence" => {
            let all = influence(model, problem).unwrap();
            let deleted = |of: &reffect::meta::deletion::Deletion| match name {
                "rstudent" => of.rstudent,
                "dffits" => of.dffits,
                "cook.d" => of.cook_d,
                "cov.r" => of.cov_r,
                "tau2.del" => of.tau2_del,
                "QE.del" => of.qe_del,
                _ => of.dfbetas[name.strip_prefix("dfbetas").unwrap().parse::<usize>().unwrap() - 1],
            };
            let of = |one: &reffect::meta::deletion::Influence| match name {
                "hat" => one.hat,
                "weight" => one.weight,
                _ => deleted(one.deletion.as_ref().unwrap()),
            };
            all.iter().map(of).collect()
        }
        "blup" => {
            let all = blups(&model.fit(problem).unwrap(), problem).unwrap();
            let of = |one: &reffect::meta::deletion::Blup| match name {
                "pred" => one.estimate,
                "se" => one.se,
                _ => one.pi.lower,
            };
            all.iter().map(of).collect()
        }
        "baujat" => {
            let all = baujat(model, problem).unwrap();
            all.iter()
                .map(|one| one.unwrap())
                .map(|one| if name == "x" { one.heterogeneity } else { one.influence })
                .collect()
        }
        "vif" => variance_inflation(problem, &model.fit(problem).unwrap().covariance)
            .into_iter()
            .map(|of| of.factor)
            .collect(),
        "leave1out" => {
            let all = leave_one_out(model, problem).unwrap();
            all.iter().map(|fit| fit_value(fit.as_ref().unwrap(), name)).collect()
        }
        "cumul" => {
            let year = match table {
                "bcg" => column(&published("bcg.csv"), "year"),
                _ => column(&published("hackshaw1998.csv"), "year"),
            };
            let mut order: Vec<usize> = (0..problem.k()).collect();
            order.sort_by(|&a, &b| year[a].total_cmp(&year[b]));
            let all = cumulative(model, problem, &order).unwrap();
            all.iter().map(|fit| fit_value(fit.as_ref().unwrap(), name)).collect()
        }
        "trimfill" => {
            let estimator = match parts[1] {
                "L0" => TrimFillEstimator::L0,
                "R0" => TrimFillEstimator::R0,
                _ => TrimFillEstimator::Q0,
            };
            let side = match parts[2] {
                "left" => Some(Side::Left),
                "right" => Some(Side::Right),
                _ => None,
            };
            let result = trim_and_fill(model, problem, estimator, side).unwrap();
            let fit = &result.fit;
            let pooled = &fit.coefficients[0];
            vec![result.k0 as f64, result.k0_se.unwrap(), fit.k as f64, pooled.estimate, pooled.se, fit.tau2, fit.qe]
        }
        "egger" => {
            let kind = if parts[1] == "lm" { RegressionModel::Lm } else { RegressionModel::Rma };
            let predictor = match parts[2] {
                "vi" => Predictor::variances(problem),
                _ => Predictor::standard_errors(problem),
            };
            let result = egger(model, problem, kind, &predictor).unwrap();
            let limit = result.limit.unwrap();
            vec![result.slope.statistic, result.slope.p, limit.estimate, limit.ci.lower]
        }
        "begg" => {
            let result = begg(problem).unwrap();
            vec![result.tau, result.p]
        }
        "fsn" => {
            let kind: FailSafeKind = parts[1].parse().unwrap();
            let result = fail_safe(model, problem, kind, None).unwrap();
            vec![result.number.unwrap(), result.p.unwrap_or(f64::NAN)]
        }
        "tes" => {
            let result = excess_significance(&model.fit(problem).unwrap(), problem).unwrap();
            vec![result.observed, result.expected, result.p]
        }
        "hc" => {
            let result = henmi_copas(problem, 0.95).unwrap();
            vec![result.estimate, result.se, result.ci.lower, result.ci.upper, result.tau2]
        }
        _ => panic!("{what}"),
    }
}

#[test]
fn what_surrounds_a_fit_agrees_with_metafor() {
    let mut comparison = Comparison::default();
    let mut last = (String::new(), Vec::new());
    for row in golden("meta/around.csv") {
        let (name, position) = row[5].trim_end_matches(']').split_once('[').unwrap();
        let key = row[..5].join("|") + name;
        if last.0 != key {
            let model = Model { estimator: row[2].parse().unwrap(), test: row[3].parse().unwrap(), ..Model::default() };
            last = (key, found(&model, &problem(&row[0], &row[1]), &row[0], &row[4], name));
        }
        let value = last.1[position.parse::<usize>().unwrap() - 1];
        let relative = match row[4].split('-').next().unwrap() {
            // metafor integrates powers numerically.
            "tes" => 1e-5,
            // The scoring steps of metafor become too small before they end.
            "trimfill" => 1e-5,
            _ => 1e-6,
        };
        comparison.close(&row[..6].join(" | "), value, number(&row[6]).unwrap(), relative, 1e-9);
    }
    comparison.finish(1500);
}
