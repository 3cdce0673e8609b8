//! Meta-analysis against metafor and against 40-digit arithmetic (`tests/ref/meta/`).

use crate::common::meta::problem;
use crate::common::{Comparison, golden, number};
use reffect::meta::{Fit, Model, PredictionInterval, Problem, Tau2Interval, Weighting};
use std::collections::BTreeMap;

fn fitted(case: &[String]) -> Fit {
    let [name, mods, method, test, weighting] = case else { panic!("{case:?}") };
    let mut problem = problem(name, mods);
    let mut model = Model { estimator: method.parse().unwrap(), test: test.parse().unwrap(), ..Model::default() };
    match weighting.as_str() {
        "user" => {
            let weights = problem.vi().iter().map(|v| 1.0 / (v + 0.1)).collect();
            problem = problem.weighted(weights).unwrap();
        }
        "equal" => model.weighting = Weighting::Equal,
        "inverse" => {}
        fixed => model.tau2 = Some(fixed.strip_prefix("tau2=").unwrap().parse().unwrap()),
    }
    model.fit(&problem).unwrap()
}

fn found(fit: &Fit, case: &[String], quantity: &str) -> Option<f64> {
    let (name, position) = match quantity.split_once('[') {
        Some((name, rest)) => (name, rest.trim_end_matches(']').parse::<usize>().unwrap() - 1),
        None => (quantity, 0),
    };
    let end = |ci: reffect::numeric::interval::Interval| ci.ends()[position];
    let coefficient = &fit.coefficients[position.min(fit.p - 1)];
    Some(match name {
        "tau2" => fit.tau2,
        "se_tau2" => fit.tau2_se?,
        "I2" => fit.i2.unwrap_or(f64::NAN),
        "H2" => fit.h2.unwrap_or(f64::NAN),
        "R2" => fit.r2?,
        "beta" => coefficient.estimate,
        "se" => coefficient.se,
        "p" => coefficient.p,
        "ci_lower" => coefficient.ci.lower,
        "ci_upper" => coefficient.ci.upper,
        "QE" => fit.qe,
        "QE_p" => fit.qe_p,
        "QM" => fit.qm?.statistic,
        "QM_p" => fit.qm?.p,
        "loglik" => fit.statistics.log_likelihood,
        "deviance" => fit.statistics.deviance,
        "aic" => fit.statistics.aic,
        "bic" => fit.statistics.bic,
        "aicc" => fit.statistics.aicc,
        "pi" => end(fit.prediction(PredictionInterval::Default)?.pi?),
        "tau2_ci" => end(fit.tau2_ci?),
        "I2_ci" => end(fit.i2_ci()?),
        "H2_ci" => end(fit.h2_ci()?),
        "tau2_pl" => {
            let model = Model { tau2_interval: Tau2Interval::ProfileLikelihood, ..fit.model };
            end(model.fit(&problem(&case[0], &case[1])).unwrap().tau2_ci?)
        }
        _ => panic!("{quantity}"),
    })
}

#[test]
fn univariate_models_agree_with_metafor() {
    let mut comparison = Comparison::default();
    let mut fits: BTreeMap<Vec<String>, Fit> = BTreeMap::new();
    for row in golden("meta/univariate.csv") {
        let (case, quantity) = (&row[..5], row[5].as_str());
        let fit = fits.entry(case.to_vec()).or_insert_with(|| fitted(case));
        let iterated =
            !matches!(case[2].as_str(), "FE" | "DL" | "HE" | "HS" | "HSk" | "SJ" | "GENQ") || row[5] == "tau2_ci";
        let relative = if iterated || quantity.contains("_ci") || quantity.contains("_pl") { 1e-6 } else { 1e-8 };
        let expected = number(&row[6]).unwrap();
        match found(fit, case, quantity) {
            Some(value) => comparison.close(&row[..6].join(" | "), value, expected, relative, 1e-8),
            None => comparison.close(&row[..6].join(" | "), f64::NAN, expected, relative, 0.0),
        }
    }
    comparison.finish(2000);
}

/// τ² to 1e-10 against 40-digit arithmetic, also with a raw year as moderator and with variances over
/// eight decades.
/// A constructed set of `tests/ref/meta/tau2_data.csv`.
fn constructed(name: &str, mods: &str) -> Problem {
    let rows: Vec<Vec<f64>> = golden("meta/tau2_data.csv")
        .into_iter()
        .filter(|row| row[0] == name)
        .map(|row| row[1..].iter().map(|text| text.parse().unwrap()).collect())
        .collect();
    let column = |at: usize| rows.iter().map(|row| row[at]).collect::<Vec<f64>>();
    let (yi, vi, ones) = (column(0), column(1), vec![1.0; rows.len()]);
    match mods {
        "x" => Problem::with_columns(yi, vi, ["intrcpt", "x"].map(str::to_owned).into(), vec![ones, column(2)], true)
            .unwrap(),
        _ => Problem::new(yi, vi).unwrap(),
    }
}

/// Twenty-six tables and moderators, among them raw years, units of 1e-5 and 1e5, variances over eight decades, and
/// likelihoods with two maxima.
#[test]
fn tau2_is_exact() {
    let mut comparison = Comparison::default();
    for row in golden("meta/tau2.csv") {
        let problem = match row[0].as_str() {
            name @ ("decades" | "ratio" | "maxima-a" | "maxima-b" | "tiny" | "huge" | "border") => {
                constructed(name, &row[1])
            }
            name => problem(name, &row[1]),
        };
        let model = Model { estimator: row[2].parse().unwrap(), ..Model::default() };
        let fit = model.fit(&problem).unwrap();
        comparison.close(&row[..3].join(" | "), fit.tau2, number(&row[3]).unwrap(), 1e-10, 0.0);
    }
    comparison.finish(100);
}

/// Two maxima of the restricted likelihood, near 0.02 and near 0.4: in one table the larger τ² has the higher
/// likelihood, in the other the smaller one. Both are named, and neighbours of the estimate are less likely.
#[test]
fn the_highest_of_several_maxima_is_taken() {
    for (name, lowest, highest) in [("maxima-a", 0.2, 0.8), ("maxima-b", 1e-3, 1e-2)] {
        let problem = constructed(name, "1");
        let fit = Model::default().fit(&problem).unwrap();
        assert!(lowest < fit.tau2 && fit.tau2 < highest, "{name}: {}", fit.tau2);
        assert!(fit.notes.iter().any(|note| note.contains("has 2 maxima")), "{:?}", fit.notes);
        let likelihood =
            |tau2: f64| Model { tau2: Some(tau2), ..Model::default() }.fit(&problem).unwrap().statistics.log_likelihood;
        let top = likelihood(fit.tau2);
        let grid = (0..400).map(|step| 1e-5 * 1.05f64.powi(step));
        assert!(grid.into_iter().all(|tau2| likelihood(tau2) <= top + 1e-12), "{name}");
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    fn studies() -> impl Strategy<Value = Vec<(f64, f64)>> {
        proptest::collection::vec((-3.0..3.0f64, 0.01..2.0f64), 2..20)
    }

    fn fit(studies: &[(f64, f64)], method: &str) -> Fit {
        let (yi, vi) = studies.iter().copied().unzip();
        let model = Model { estimator: method.parse().unwrap(), ..Model::default() };
        model.fit(&Problem::new(yi, vi).unwrap()).unwrap()
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-7 * (1.0 + a.abs().max(b.abs()))
    }

    const METHODS: [&str; 12] = ["EE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "PM", "PMM", "DLIT", "SJIT"];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Adding a constant to all effects moves the mean and nothing else; a unit ten times as small
        /// makes variances a hundred times as large; the order of the studies does not matter.
        #[test]
        fn results_do_not_depend_on_origin_unit_or_order(studies in studies(), method in 0usize..12) {
            let method = METHODS[method];
            let base = fit(&studies, method);
            let shifted = fit(&studies.iter().map(|(y, v)| (y + 5.0, *v)).collect::<Vec<_>>(), method);
            prop_assert!(near(shifted.tau2, base.tau2), "{method}: {} {}", shifted.tau2, base.tau2);
            prop_assert!(near(shifted.coefficients[0].estimate, base.coefficients[0].estimate + 5.0));
            let scaled = fit(&studies.iter().map(|(y, v)| (10.0 * y, 100.0 * v)).collect::<Vec<_>>(), method);
            prop_assert!(near(scaled.tau2 / 100.0, base.tau2), "{method}: {} {}", scaled.tau2, base.tau2);
            prop_assert!(near(scaled.coefficients[0].se / 10.0, base.coefficients[0].se));
            prop_assert!(near(scaled.i2.unwrap(), base.i2.unwrap()) && near(scaled.qe, base.qe));
            let reversed = fit(&studies.iter().rev().copied().collect::<Vec<_>>(), method);
            prop_assert!(near(reversed.tau2, base.tau2) && near(reversed.qe, base.qe));
        }

        /// No τ² has a higher likelihood than the one that is found, and the interval holds its quantiles.
        #[test]
        fn likelihoods_are_at_their_maximum(studies in studies(), share in 0.0..4.0f64) {
            for method in ["ML", "REML"] {
                let best = fit(&studies, method);
                let (yi, vi): (Vec<f64>, Vec<f64>) = studies.iter().copied().unzip();
                let other = Model { estimator: method.parse().unwrap(), tau2: Some(share * (best.tau2 + 0.1)), ..Model::default() };
                let other = other.fit(&Problem::new(yi, vi).unwrap()).unwrap();
                let (found, tried) = (best.statistics.log_likelihood, other.statistics.log_likelihood);
                prop_assert!(found >= tried - 1e-9, "{method}: {found} at {}, {tried} at {}", best.tau2, other.tau2);
            }
        }
    }
}
