//! Likelihoods of correlated residuals with several maxima: the highest one is found, and no model fits worse than one
//! that is a case of it.

use crate::common::cli::close;
use reffect::formula::Formula;
use reffect::mixed::{DataOptions, DfMethod, MarginalFit, MarginalModel, MixedFit, ModelData};
use reffect::read::read_frame;
use std::collections::BTreeMap;
use std::path::Path;

fn fitted(
    data: &str,
    formula: &str,
    structure: &str,
    [time, subject]: [&str; 2],
    by: Option<&str>,
) -> Option<MarginalFit> {
    let folder = if data == "orthodont" { "data/published" } else { "tests/ref/mmrm" };
    let frame = read_frame(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{folder}/{data}.csv"))).unwrap();
    let needed = [time, subject].map(str::to_owned).to_vec();
    let options = DataOptions { needed, ..DataOptions::default() };
    let data = ModelData::new(Formula::parse(formula).unwrap(), frame, &options).unwrap();
    let model = MarginalModel::new(structure.parse().unwrap(), time, subject).df(DfMethod::None);
    by.into_iter().fold(model, |model, by| model.by(by)).fit(data).ok()
}

fn loglik(fit: &MarginalFit) -> f64 {
    -0.5 * fit.criterion()
}

/// From the correlations of the residuals of ordinary least squares the search ends in maxima that are lower by up to
/// 60. tests/ref/mmrm/minima.R
#[test]
fn the_highest_maximum_is_that_of_nlme() {
    let mut reader = csv::Reader::from_reader(include_str!("../ref/mmrm/minima.csv").as_bytes());
    for row in reader.records() {
        let row = row.unwrap();
        let fit = fitted(&row[0], &row[1], &row[3], [&row[2], "subject"], None).unwrap();
        close(&loglik(&fit).into(), row[4].parse().unwrap(), 1e-8);
        assert!(fit.summary().converged, "{row:?}");
    }
}

const STRUCTURES: [&str; 9] = ["id", "idh", "cs", "csh", "ar1", "ar1h", "toep", "toeph", "car1"];

const CASES: [(&str, &str); 12] = [
    ("id", "idh"),
    ("id", "cs"),
    ("id", "ar1"),
    ("id", "car1"),
    ("cs", "csh"),
    ("cs", "toep"),
    ("ar1", "ar1h"),
    ("ar1", "toep"),
    ("idh", "csh"),
    ("idh", "ar1h"),
    ("csh", "toeph"),
    ("ar1h", "toeph"),
];

#[test]
fn no_model_fits_worse_than_a_case_of_it() {
    let tables = [
        ("dialyzer", "rate ~ k * qb", ["k", "subject"], None),
        ("dialyzer", "rate ~ pressure", ["k", "subject"], Some("qb")),
        ("cefamandole", "log(conc) ~ time", ["time", "subject"], None),
        ("orthodont", "distance ~ age * Sex", ["age", "Subject"], Some("Sex")),
    ];
    for (data, formula, columns, by) in tables {
        let of = |structure: &&'static str| {
            let fit = |by: Option<&str>| fitted(data, formula, structure, columns, by).map(|fit| loglik(&fit));
            let of_groups = by.filter(|_| ["ar1h", "csh", "toep"].contains(structure)).and_then(|by| fit(Some(by)));
            (*structure, (fit(None), of_groups))
        };
        let all: BTreeMap<&str, (Option<f64>, Option<f64>)> = STRUCTURES.iter().map(of).collect();
        let not_below = |more: Option<f64>, case: Option<f64>, what: String| {
            // Where either has no maximum there is nothing to compare.
            let (Some(more), Some(case)) = (more, case) else { return 0 };
            assert!(more > case - 1e-6, "{data} {formula} {what}: {more} {case}");
            1
        };
        let mut compared = 0;
        for (case, more) in CASES {
            compared += not_below(all[more].0, all[case].0, format!("{more} {case}"));
        }
        for (structure, (own, of_groups)) in &all {
            compared += not_below(*of_groups, *own, format!("{structure} by group"));
        }
        assert!(compared >= 7, "{data}: {compared}");
    }
}
