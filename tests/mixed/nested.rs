//! A smaller model never fits better than a larger one that it lies within. Golden numbers are those of
//! `ref/mixed/nested.R`.

use crate::common::cli::{Folder, close, json_of, stderr};
use serde_json::Value;

fn fitted(folder: &Folder, formula: &str, args: &[&str]) -> Value {
    let output = folder.run([&["fit", formula, "t.csv", "--json"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{formula} {args:?}: {}", stderr(&output));
    json_of(&output)
}

fn criterion(folder: &Folder, formula: &str, args: &[&str]) -> f64 {
    let found = fitted(folder, formula, args);
    assert_eq!(found["converged"], true, "{formula}: {}", found["notes"]);
    found["criterion"].as_f64().unwrap()
}

fn table(name: &str, text: &str) -> Folder {
    let folder = Folder::with_data(name);
    folder.write("t.csv", text);
    folder
}

/// A larger model, a smaller one within it, and the criterion of the larger one.
fn nested(name: &str, text: &str, [larger, smaller]: [&str; 2], args: &[&str], expected: f64) {
    let folder = table(name, text);
    let large = criterion(&folder, larger, args);
    assert!((large - expected).abs() < 1e-5, "{larger}: {large} for {expected}");
    let small = criterion(&folder, smaller, args);
    assert!(large <= small + 1e-6, "{larger}: {large}, {smaller}: {small}");
}

#[test]
fn a_variance_of_counts_is_tried_at_zero() {
    let text = include_str!("../ref/mixed/nested_counts.csv");
    let formulas = ["k ~ arm * t + (1 | cen/g)", "k ~ arm * t + (1 | cen:g)"];
    nested("nested-counts", text, formulas, &["--family", "poisson"], 257.049_623);
    let folder = table("nested-counts-compared", text);
    let both = fitted(&folder, formulas[0], &["--family", "poisson", "--compare", formulas[1]]);
    assert!(both["compare"][0]["chisq"].as_f64().unwrap() >= 0.0);
}

#[test]
fn correlations_of_counts_are_tried_at_their_ends() {
    let text = include_str!("../ref/mixed/nested_count_slopes.csv");
    let formulas = ["y ~ arm + (x | g)", "y ~ arm + (x || g)"];
    nested("nested-count-slopes", text, formulas, &["--family", "poisson"], 199.201_935);
}

#[test]
fn a_variance_is_tried_at_zero() {
    let text = include_str!("../ref/mixed/nested_centres.csv");
    let formulas = ["y ~ arm * t + (1 | cen/g)", "y ~ arm * t + (1 | cen:g)"];
    nested("nested-centres", text, formulas, &["--ml"], 235.975_373);
}

#[test]
fn a_correlation_is_tried_at_its_ends() {
    let text = include_str!("../ref/mixed/nested_slopes.csv");
    let args = ["--ml", "--offset", "(-1.6237609094430876) * x"];
    nested("nested-slopes", text, ["y ~ arm + (x | g)", "y ~ arm + (x || g)"], &args, 50.185_006);
}

#[test]
fn random_effects_beside_correlated_residuals_are_tried_at_zero() {
    let marginal = |structure| ["--residual", structure, "--time", "t", "--subject", "id"];
    let heterogeneous = include_str!("../ref/mixed/nested_idh.csv");
    nested("nested-idh", heterogeneous, ["y ~ t + (1 | cen)", "y ~ t"], &marginal("idh"), 52.293_750);
    let folder = table("nested-toeph", include_str!("../ref/mixed/nested_toeph.csv"));
    let of = |formula| criterion(&folder, formula, &marginal("toeph"));
    assert!(of("y ~ arm * t + (1 | cen)") <= of("y ~ arm * t") + 1e-6);
    // Of residuals alone the minimum is one to which that of ar1 leads.
    let simpler = include_str!("../ref/mixed/nested_ar1h.csv");
    let args = ["--residual", "ar1h", "--time", "visit", "--subject", "id", "--ml"];
    nested("nested-ar1h", simpler, ["y ~ 1 + (1 | id)", "y ~ 1"], &args, 84.713_766);
}

/// Whatever the data: each of these models lies within the one before it.
#[test]
fn smaller_models_of_random_data_fit_no_better() {
    let mut state = 20_u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    for draw in 0..6 {
        let mut text = "y,k,arm,t,cen,g\n".to_owned();
        for g in 0..6 {
            let (shift, slope) = (2.0 * uniform(), uniform() - 0.5);
            for t in 0..4 {
                let eta = shift + slope * f64::from(t);
                let [y, k] = [eta + 2.0 * uniform(), (eta.exp() * uniform() * 0.7).floor()];
                text += &format!("{y:.6},{k},{},{t},c{},g{g}\n", ["a", "b"][g % 2], g % 3);
            }
        }
        let folder = table(&format!("nested-random-{draw}"), &text);
        let chains = [
            ("y", ["(t | g) + (1 | cen)", "(t | g)", "(t || g)", "(1 | g)"], vec!["--ml"]),
            ("k", ["(t | g) + (1 | cen)", "(t | g)", "(t || g)", "(1 | g)"], vec!["--family", "poisson"]),
        ];
        for (response, chain, args) in chains {
            let of = |random: &str| {
                let found = fitted(&folder, &format!("{response} ~ arm + {random}"), &args);
                found["criterion"].as_f64().unwrap()
            };
            let all: Vec<f64> = chain.iter().map(|random| of(random)).collect();
            assert!(all.windows(2).all(|pair| pair[0] <= pair[1] + 1e-5), "{response} in {text}: {all:?}");
        }
    }
}

/// Of the negative binomial model at the Poisson limit, whose dispersion is finite elsewhere on the profile. With
/// glmmTMB 1.1.5 the two values of x at which
/// `glmmTMB(y ~ arm + offset(b * x) + (1 | g), family = nbinom2)` is ½ χ² below the maximum.
#[test]
fn a_profile_leaves_the_poisson_limit() {
    let folder = table("poisson-limit", include_str!("../ref/mixed/nested_limit.csv"));
    let args = ["--family", "nbinom2", "--ci", "profile"];
    let found = fitted(&folder, "y ~ arm + x + (1 | g)", &args);
    close(&found["criterion"], 108.492_475_9, 1e-8);
    close(&found["fixef"][2]["ci"][0], -0.108_978_68, 1e-4);
    close(&found["fixef"][2]["ci"][1], 0.526_406_69, 1e-4);
}

/// x begins at 1e8 and follows from the intercept for all that can be told, and ng is a billion times x.
#[test]
fn a_slope_of_a_column_that_was_left_out_is_not_zero() {
    let mut text = "y,x,ng,far,g\n".to_owned();
    for row in 0..24 {
        let x = f64::from(row % 6) / 5.0;
        let y = 0.7 * x + f64::from(row * 7 % 11) / 4.0;
        text += &format!("{y},{x},{},{},g{}\n", 1e9 * x, 1e8 + x, row / 6);
    }
    let folder = table("left-out", &text);
    for (formula, slope) in [("y ~ x + ng + (1 | g)", "ng"), ("y ~ far + (1 | g)", "far")] {
        let found = fitted(&folder, formula, &["--slopes", slope]);
        let own = &found["slopes"][0];
        assert!(own["estimate"].is_null() && own["se"].is_null(), "{}", found["slopes"]);
    }
    // What can be told is told: x and its double, of which one is left out.
    let found = fitted(&folder, "y ~ x + I(2 * x) + (1 | g)", &["--slopes", "x"]);
    let alone = fitted(&folder, "y ~ x + (1 | g)", &["--slopes", "x"]);
    let of = |found: &Value| found["slopes"][0]["estimate"].as_f64().unwrap();
    assert!((of(&found) - of(&alone)).abs() < 1e-8);
}

#[test]
fn an_adjustment_counts_the_differences_that_there_are() {
    let mut text = "y,t,arm,g\n".to_owned();
    for row in 0..24 {
        let (arm, t) = (row % 3, row / 3 % 4);
        // Arm c has no row of the second time.
        if arm != 2 || t != 1 {
            text += &format!("{},t{t},{},g{}\n", row * 7 % 11, ["a", "b", "c"][arm], row / 12);
        }
    }
    let folder = table("counted", &text);
    let found = fitted(&folder, "y ~ t:arm + (1 | g)", &["--emmeans", "arm", "--adjust", "holm"]);
    assert!(found["notes"].to_string().contains("adjusted (holm) for the 1 difference"), "{}", found["notes"]);
}

/// The Poisson distribution is the limit of negative binomial ones, and here it has other variances than these.
#[test]
fn a_negative_binomial_fit_is_held_against_its_limit() {
    let folder = table("nested-limit", include_str!("../ref/mixed/nested_negative_binomial.csv"));
    let of = |family: &str| criterion(&folder, "k ~ visit * arm + (1 | ctr/id)", &["--family", family]);
    let poisson = of("poisson");
    for family in ["nbinom1", "nbinom2"] {
        assert!(of(family) <= poisson + 1e-6, "{family}: {} for {poisson}", of(family));
    }
}

/// `lme(y ~ arm, random = ~ 1 | id, correlation = corCAR1(form = ~ t | id))` of nlme 3.1: logLik -50.95754, where the
/// residuals are not the rounding of random effects of 1e10 times their size.
#[test]
fn residuals_do_not_vanish_beside_random_effects() {
    let rows: Vec<&str> = include_str!("../ref/mixed/nested_car1.csv").lines().collect();
    for first in [1, 10, 22] {
        let turned = [&rows[..1], &rows[first..], &rows[1..first]].concat();
        let folder = table(&format!("vanishing-{first}"), &format!("{}\n", turned.join("\n")));
        let args = ["--residual", "car1", "--time", "t", "--subject", "id"];
        let found = criterion(&folder, "y ~ arm + (1 | id)", &args);
        assert!((found - 101.91508).abs() < 1e-4, "{found}");
    }
}
