//! Mantel–Haenszel and Peto against metafor (`tests/ref/meta/counts.csv`).

use crate::common::meta::{column, published};
use crate::common::{Comparison, golden, number};
use reffect::estimate::ChiSquared;
use reffect::meta::mantel_haenszel::{Counts, MantelHaenszel, mantel_haenszel, peto};

fn counts(table: &str) -> Vec<Counts> {
    let frame = published(&format!("{table}.csv"));
    let get = |name: &str| column(&frame, name);
    let columns = match table {
        "bcg" => {
            let sum = |a: &str, b: &str| get(a).iter().zip(get(b)).map(|(a, b)| a + b).collect();
            [get("ai"), sum("ai", "bi"), get("ci"), sum("ci", "di")]
        }
        "hart1999" => ["x1i", "t1i", "x2i", "t2i"].map(get),
        _ => ["ai", "n1i", "ci", "n2i"].map(get),
    };
    let row = |i: usize| Counts {
        events1: columns[0][i],
        size1: columns[1][i],
        events2: columns[2][i],
        size2: columns[3][i],
    };
    (0..columns[0].len()).filter(|&i| columns.iter().all(|column| column[i].is_finite())).map(row).collect()
}

fn found(result: &MantelHaenszel, quantity: &str) -> f64 {
    let (fit, effect) = (&result.fit, &result.fit.coefficients[0]);
    let test = |test: Option<ChiSquared>| test.unwrap_or(ChiSquared::new(f64::NAN, 1.0));
    match quantity {
        "beta" => effect.estimate,
        "se" => effect.se,
        "pval" => effect.p,
        "ci.lb" => effect.ci.lower,
        "QE" => fit.qe,
        "QEp" => fit.qe_p,
        "I2" => fit.i2.unwrap_or(f64::NAN),
        "H2" => fit.h2.unwrap_or(f64::NAN),
        "MH" => test(result.mh).statistic,
        "MHp" => test(result.mh).p,
        "TA" => test(result.tarone).statistic,
        "TAp" => test(result.tarone).p,
        "BD" => test(result.breslow_day).statistic,
        "BDp" => test(result.breslow_day).p,
        "k" => f64::NAN,
        // The weight of a row of the table, in per cent.
        weight => {
            let row: usize =
                weight.strip_prefix('w').and_then(|row| row.parse().ok()).unwrap_or_else(|| panic!("{weight}"));
            let study = result
                .studies
                .iter()
                .position(|study| study + 1 == row)
                .unwrap_or_else(|| panic!("{row}: {:?}", result.studies));
            fit.weight_in_percent(study).unwrap()
        }
    }
}

#[test]
fn counts_are_pooled_as_in_metafor() {
    let mut comparison = Comparison::default();
    for row in golden("meta/counts.csv").iter().filter(|row| row[2] != "k") {
        let counts = counts(&row[0]);
        let result = match row[1].as_str() {
            "PETO" => peto(&counts, 0.95).unwrap(),
            code => mantel_haenszel(code.parse().unwrap(), &counts, 0.0, 0.95).unwrap(),
        };
        comparison.close(&row[..3].join(" | "), found(&result, &row[2]), number(&row[3]).unwrap(), 1e-8, 1e-12);
    }
    comparison.finish(340);
}

#[test]
fn impossible_levels_are_errors() {
    use reffect::meta::Model;
    use reffect::meta::bias::{
        Alternative, Predictor, RegressionModel, SelectionKind, egger, harbord, henmi_copas, peters, selection,
    };
    use reffect::meta::glmm::glmm_random_studies;
    use reffect::meta::mantel_haenszel::CountMeasure;
    let (counts, frame) = (counts("bcg"), published("bcg.csv"));
    let problem = reffect::meta::Problem::new(column(&frame, "yi"), column(&frame, "vi")).unwrap();
    let kind = &SelectionKind::SMOOTH[0].1;
    for level in [0.0, 1.0, 1.5, f64::NAN] {
        assert!(mantel_haenszel(CountMeasure::Or, &counts, 0.0, level).is_err(), "{level}");
        let model = Model { level, ..Model::default() };
        let errors = Predictor::standard_errors(&problem);
        for kind in RegressionModel::ALL {
            assert!(egger(&model, &problem, *kind, &errors).is_err(), "{level}");
        }
        assert!(harbord(&counts, level).is_err() && peters(&counts, level).is_err(), "{level}");
        assert!(peto(&counts, level).is_err() && henmi_copas(&problem, level).is_err(), "{level}");
        assert!(glmm_random_studies(CountMeasure::Or, &counts, None, level).is_err(), "{level}");
        assert!(
            selection(&Model { level, ..Model::default() }, &problem, kind, Alternative::TwoSided).is_err(),
            "{level}"
        );
    }
}
