//! Random effects that lie within others never fit better, and neither do profiles lose a maximum that is as good.
//! Golden numbers are those of `ref/meta/nested.R` and of metafor 3.8-1.

use crate::borders::{Case, near, notes, numbers};
use serde_json::Value;

fn log_likelihood(fit: &Value) -> f64 {
    assert_eq!(fit["converged"], true, "{}", notes(fit));
    fit["fit"]["loglik"].as_f64().unwrap()
}

#[test]
fn an_unstructured_covariance_holds_those_of_simpler_structures() {
    let outcomes = Case::new("nested-outcomes", include_str!("../ref/meta/nested_outcomes.csv"));
    let call = ["--method", "ML", "--mods", "x", "--random", "out | study", "--struct"];
    for structure in ["UN", "HCS"] {
        let fit = outcomes.meta(&[&call[..], &[structure]].concat());
        near(&[log_likelihood(&fit)], &[-7.425_826_977], 1e-7);
        near(&numbers(&fit["tau2"]), &[1.062_561, 7.304_05, 66.127_949], 1e-5);
    }
    let singular = Case::new("nested-singular", include_str!("../ref/meta/nested_singular.csv"));
    for structure in ["UN", "HCS"] {
        let fit = singular.meta(&["--method", "ML", "--random", "out | study", "--struct", structure]);
        near(&[log_likelihood(&fit)], &[-8.065_303_891], 1e-7);
    }
}

/// rma.mv of both variances ends at -3.740383.
#[test]
fn a_variance_of_a_level_is_tried_at_zero() {
    let levels = Case::new("nested-levels", include_str!("../ref/meta/nested_levels.csv"));
    let call = ["--method", "ML", "--mods", "out", "--random", "1 | study/es"];
    near(&[log_likelihood(&levels.meta(&call))], &[-3.725_386_413], 1e-7);
    let both = levels.meta(&[&call[..], &["--compare-random", "1 | study"]].concat());
    near(&[both["compare_random"]["chisq"].as_f64().unwrap()], &[0.0], 1e-6);
}

/// The maximum of all studies has a correlation of -1, and that of the others without s4 one of 1.
#[test]
fn studies_left_out_leave_the_maximum_of_the_others() {
    let text = include_str!("../ref/meta/nested_left_out.csv");
    let all = Case::new("nested-left-out", text);
    let call = ["--method", "ML", "--slab", "es", "--random", "out | study", "--struct", "HCS"];
    let whole = all.meta(&[&call[..], &["--leave-one-out"]].concat());
    let without = whole["leave_one_out"].as_array().unwrap().iter().find(|row| row["study"] == "s4").unwrap();
    let of = |row: &Value| ["estimate", "se"].map(|key| row[key].as_f64().unwrap());
    near(&of(without), &[0.247_592_5, 0.271_978_3], 1e-4);
    let rest: Vec<&str> = text.lines().filter(|row| !row.contains(",s4,")).collect();
    let rest = Case::new("nested-rest", &rest.join("\n")).meta(&call);
    near(&[log_likelihood(&rest)], &[-5.033_994_732], 1e-6);
    near(&of(without), &of(&rest["coefficients"][0]), 1e-6);
}

/// `confint(rma(yi, vi, method = "ML"), type = "PL", control = list(tol = 1e-12))`
#[test]
fn a_profile_interval_reaches_the_farther_of_two_maxima() {
    let three = "yi,vi\n-0.28357535733997286,1.183930652924309\n-0.17571639292981212,0.11337885269552822\n\
                 -1.4626295151843383,1.3338816927443392e-06\n";
    let case = Case::new("outermost", three);
    let fit = case.meta(&["--method", "ML", "--tau2-ci", "PL", "--profile"]);
    near(&numbers(&fit["tau2_ci"]), &[0.0, 3.126_105_00], 1e-7);
    assert!(notes(&fit).contains("two maxima: it leaves out"), "{}", notes(&fit));
    let points = fit["profile"][0]["points"].as_array().unwrap();
    // The end of the interval is a step, too, but for rounding.
    let values: Vec<f64> = points.iter().map(|point| point["value"].as_f64().unwrap()).collect();
    assert!(values.windows(2).all(|pair| pair[1] - pair[0] > 1e-6), "{values:?}");
}

#[test]
fn a_profile_interval_says_that_it_has_other_weights() {
    let case = Case::new("weights-of-profile", "yi,vi,w\n0.1,0.02,1\n0.9,0.03,2\n0.4,0.02,1\n0.7,0.05,3\n");
    let call = ["--tau2-ci", "PL", "--weights", "w"];
    assert!(notes(&case.meta(&call)).contains("not with those of the coefficients"));
    assert!(!notes(&case.meta(&call[..2])).contains("not with those of the coefficients"));
}
