//! Small tables on which a criterion has several minima, random effects stand for each other, or responses are missing
//! where curves have their knots. Golden numbers are those of lme4 1.1-31 and pbkrtest 0.5.2 in R 4.2.2, with
//! `control = lmerControl(optCtrl = list(xtol_abs = 1e-10, ftol_abs = 1e-12))`; the calls stand with each.

use crate::common::cli::{Folder, close, json_of, stderr};
use serde_json::Value;

fn fitted(name: &str, table: &str, args: &[&str]) -> Value {
    let folder = Folder::with_data(name);
    folder.write("t.csv", table);
    let output = folder.run([&["fit", args[0], "t.csv", "--json"], &args[1..]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    json_of(&output)
}

const TWO_MINIMA: &str = "g,k,x,y\n\
    G2,k4,0.64,4.6909\n\
    G1,k4,1.27,5.0931\n\
    G4,k1,2.28,5.2194\n\
    G5,k1,-0.69,2.8015\n\
    G2,k2,,4.5737\n\
    G3,k3,0.13,\n\
    G1,k4,0.26,4.0461\n\
    G1,k1,0.14,2.8562\n\
    G4,k4,-0.97,0.0452\n\
    G3,k1,-1.43,2.5973\n\
    G3,k4,1.67,5.2313\n\
    G1,k2,-0.19,3.9194\n\
    G2,k4,1.57,5.1522\n\
    G1,k4,-0.37,2.2137\n\
    G1,k3,-0.9,4.6145";

/// The search from variances like the residual one ends at 37.225, where both are above 0.
/// `lmer(y ~ x + (1 | g) + (1 | k), d, REML = FALSE)`
#[test]
fn the_lowest_of_several_minima_is_found() {
    let found = fitted("two-minima", TWO_MINIMA, &["y ~ x + (1|g) + (1|k)", "--ml"]);
    close(&found["criterion"], 37.0333328635, 1e-9);
    close(&found["fixef"][1]["estimate"], 0.989405643513, 1e-8);
    close(&found["fixef"][1]["se"], 0.249962652787, 1e-6);
    let both = fitted("nested-minima", TWO_MINIMA, &["y ~ x + (1|g) + (1|k)", "--ml", "--compare", "y ~ x + (1|g)"]);
    assert!(both["compare"][0]["chisq"].as_f64().unwrap() >= 0.0);
}

const CURVES: &str = "g,t,arm,base,x,y\n\
    s00,0,drugA,0.7507,-0.30046,4.5915\n\
    s00,1,drugA,0.7507,1.13351,7.0000\n\
    s00,2,drugA,0.7507,-1.26843,4.5117\n\
    s00,3,drugA,0.7507,-1.62615,6.8795\n\
    s00,4,drugA,0.7507,-0.13996,5.9273\n\
    s00,5,drugA,0.7507,-1.62126,7.3181\n\
    s00,6,drugA,0.7507,0.48916,8.4966\n\
    s00,7,drugA,0.7507,-0.40393,8.8171\n\
    s01,0,drugB,-0.0301,1.26051,2.1375\n\
    s02,0,drugA,0.2371,-1.36693,-1.0499\n\
    s02,1,drugA,0.2371,-0.79004,-0.5242\n\
    s02,2,drugA,0.2371,0.59568,-0.4361\n\
    s02,3,drugA,0.2371,-0.33083,1.4094\n\
    s03,0,drugB,-0.9274,0.88254,2.3782\n\
    s03,1,drugB,-0.9274,-0.61699,0.8545\n\
    s03,2,drugB,-0.9274,0.12585,-1.4469\n\
    s03,3,drugB,-0.9274,-1.58242,-4.1010\n\
    s03,4,drugB,-0.9274,1.17544,-6.9410\n\
    s04,0,drugA,0.3783,1.23810,3.8663\n\
    s04,1,drugA,0.3783,0.07096,2.2000\n\
    s04,2,drugA,0.3783,1.38327,3.3848\n\
    s04,3,drugA,0.3783,-2.60901,0.6837\n\
    s04,4,drugA,0.3783,0.13157,2.0000\n\
    s05,0,drugB,-0.1931,0.08876,-0.3235\n\
    s05,1,drugB,-0.1931,0.83660,1.1298\n\
    s05,2,drugB,-0.1931,2.24226,0.5389\n\
    s05,3,drugB,-0.1931,1.30409,3.1559\n\
    s05,4,drugB,-0.1931,1.74384,2.9623\n\
    s05,5,drugB,-0.1931,-0.60994,2.0000\n\
    s05,6,drugB,-0.1931,-0.11450,4.4392\n\
    s05,7,drugB,-0.1931,-1.19640,5.2361\n\
    s06,0,drugA,0.3800,-1.96411,-0.7272\n\
    s07,0,drugB,-0.9421,0.15737,4.4238\n\
    s07,1,drugB,-0.9421,-0.44419,3.7597";

/// Beside a border the correlations of three effects leave several minima: 120.731, 117.340 and 143.178 as well.
/// The lowest of 60 searches by `nlminb` over
/// `getME(lmer(y ~ base + arm * t + (t + x | g), d, REML = FALSE), "devfun")`.
#[test]
fn minima_that_differ_in_correlations_are_told_apart() {
    let found = fitted("curves", CURVES, &["y ~ base + arm * t + (t + x | g)", "--ml"]);
    close(&found["criterion"], 116.830547435, 1e-8);
}

const FACTOR: &str = "g,f,x,y\n\
    G3,b,-1.3,2.3781\n\
    G3,b,0.62,5.0361\n\
    G4,a,-0.94,\n\
    G1,a,-0.95,3.1279\n\
    G2,b,-0.76,2.3238\n\
    G4,a,1.17,3.9769\n\
    G1,c,0,4.3183\n\
    G3,a,-0.29,2.2911\n\
    G3,c,,2.4726\n\
    G1,a,0.91,6.3391\n\
    G2,b,-0.66,3.3065\n\
    G2,b,-0.23,6.01\n\
    G2,b,0.23,5.6886\n\
    G3,a,-1.67,-0.9109\n\
    G4,,-1.98,2.5252\n\
    G2,a,-1.09,-0.2589\n\
    G4,b,0.59,6.2946\n\
    G3,a,0.2,1.6911\n\
    G4,a,0.15,4.5705\n\
    G2,b,-0.77,1.7259\n\
    G3,b,-0.77,2.5224\n\
    G4,c,1.1,4.4577\n\
    G1,a,0.52,4.9236\n\
    G2,b,-2.15,1.4826";

/// In `(f || g)` the intercept of a group stands for what its levels of f can do as well, so that the variances are not
/// determined; tests are those of `(0 + f | g)`: `vcovAdj(lmer(y ~ x + (0 + f | g), d))`.
#[test]
fn kenward_and_roger_do_not_mind_redundant_random_effects() {
    for formula in ["y ~ x + (f||g)", "y ~ x + (0+f|g)"] {
        let found = fitted("redundant", FACTOR, &[formula, "--df", "kenward-roger"]);
        close(&found["criterion"], 65.359183759, 1e-8);
        for (at, se, df) in [(0, 0.499623579628, 2.42021164105), (1, 0.39221712184, 10.2632089309)] {
            close(&found["fixef"][at]["se"], se, 1e-4);
            close(&found["fixef"][at]["df"], df, 1e-3);
        }
    }
}

const MISSING: &str = "g,x,y\n\
    G1,2.8,0.33\n\
    G2,0,-1\n\
    G3,5.1,\n\
    G4,0.1,-0.56\n\
    G5,0.6,0.95\n\
    G6,9.5,\n\
    G7,0.9,-0.75\n\
    G8,2.9,1.01\n\
    G1,8.8,\n\
    G2,1.2,1.96\n\
    G3,1.8,-0.35\n\
    G4,4.4,2.29\n\
    G5,9.1,5.31\n\
    G6,8.5,6.19\n\
    G7,7.3,5.56\n\
    G8,5.7,1.7\n\
    G1,4.8,2.8\n\
    G2,3.3,1.17\n\
    G3,1.6,-2.02\n\
    G4,4.8,\n\
    G5,2,1.6\n\
    G6,6.8,4.58\n\
    G7,3.6,2.33\n\
    G8,3.5,0.67\n\
    G1,0.6,-1.3\n\
    G2,4.8,3.08\n\
    G3,4,1.72\n\
    G4,0.2,0.96\n\
    G5,1.3,0.39\n\
    G6,4,2.45\n\
    G7,5,4.05\n\
    G8,3.3,0.83\n\
    G1,4.1,0.54\n\
    G2,2,3.12\n\
    G3,8.1,5.15\n\
    G4,6.4,2.37\n\
    G5,2.8,1.84\n\
    G6,1,2.05\n\
    G7,2.6,0.14\n\
    G8,0.6,-1.64";

/// Knots are quantiles of all x, also of those without y: `lmer(y ~ ns(x, df = 3) + (1 | g), d)`, and the same with
/// `poly(x, 2)`.
#[test]
fn curves_have_their_knots_where_r_has_them() {
    let spline = fitted("spline", MISSING, &["y ~ ns(x, df = 3) + (1|g)"]);
    close(&spline["criterion"], 101.6237814, 1e-8);
    let expected = [-0.5076291, 2.9612847, 6.4777479, 5.9360426];
    (0..4).for_each(|at| close(&spline["fixef"][at]["estimate"], expected[at], 1e-6));
    let polynomial = fitted("polynomial", MISSING, &["y ~ poly(x, 2) + (1|g)"]);
    close(&polynomial["criterion"], 102.1882253, 1e-8);
    let expected = [1.9004329, 11.6740521, 0.6496664];
    (0..3).for_each(|at| close(&polynomial["fixef"][at]["estimate"], expected[at], 1e-6));
}

/// Two arms in each of five centres are no comparison of before and after, and neither is one with a control group.
#[test]
fn only_before_and_after_alone_lack_a_control_group() {
    let mut centres = String::from("center,arm,y\n");
    let mut patients = String::from("patient,group,after,y\n");
    for row in 0..40 {
        centres.push_str(&format!("c{},{},{}\n", row % 5, ["a", "b"][row / 5 % 2], (row * 7 % 11) as f64 / 3.0));
        let patient = row / 2;
        let group = ["drug", "placebo"][patient % 2];
        patients.push_str(&format!("p{patient},{group},{},{}\n", row % 2, (row * 7 % 13) as f64 / 3.0));
    }
    let noted = |fit: &Value| fit["notes"].to_string().contains("without a control group");
    assert!(!noted(&fitted("centres", &centres, &["y ~ arm + (1 | center)"])));
    assert!(!noted(&fitted("controlled", &patients, &["y ~ after * group + (1 | patient)"])));
    assert!(noted(&fitted("uncontrolled", &patients, &["y ~ after + (1 | patient)"])));
}

/// x lies far from 0, so that intercepts and slopes of a group nearly stand for each other: from its own start lmer
/// ends at 218.545, where the variance of the intercept is 0. The call and the start that finds the minimum are in
/// `ref/mixed/far_from_zero.R`.
#[test]
fn a_minimum_beyond_large_variances_is_found() {
    let table = include_str!("../ref/mixed/far_from_zero.csv");
    let found = fitted("far-from-zero", table, &["y ~ f + (1 | g) + (0 + x | g)"]);
    close(&found["criterion"], 203.858529045, 1e-9);
    close(&found["sigma"], 1.03211405521, 1e-6);
    close(&found["theta"][0], 26.758766296, 1e-5);
    close(&found["fixef"][1]["estimate"], -0.313637120005, 1e-6);
}

/// A residual of 1e-4 beside groups that differ by 0.5: θ is far above 1, and the search gets there. The design is
/// balanced, so that the estimates are those of the analysis of variance: in R 4.2
/// `a <- anova(lm(y ~ x + factor(g), d))`, σ² = MSE and θ² = (MSB/MSE − 1)/5, as `lmer(y ~ x + (1 | g), d)` finds them.
#[test]
fn a_residual_that_is_tiny_beside_its_groups_is_found() {
    let mut table = "g,x,y\n".to_owned();
    for row in 0..60 {
        let (g, x) = (row / 5, row % 5);
        let (group, error) = (0.5 * (1.7 * f64::from(g + 1)).sin(), 1e-4 * (3.1 * f64::from(row)).cos());
        table.push_str(&format!("g{g},{x},{:.8}\n", 1.0 + 0.3 * f64::from(x) + group + error));
    }
    let found = fitted("tiny", &table, &["y ~ x + (1 | g)"]);
    assert_eq!(found["converged"], true, "{}", found["notes"]);
    close(&found["sigma"], 7.06228409599e-05, 1e-6);
    close(&found["theta"][0], 5412.56452391, 1e-6);
    close(&found["criterion"], -728.441159309, 1e-8);
    close(&found["fixef"][1]["se"], 6.446953845e-06, 1e-6);
}

fn points(found: &Value, parameter: &str) -> Vec<[f64; 2]> {
    let traces = found["profile"].as_array().unwrap();
    let trace = traces.iter().find(|trace| trace["parameter"] == parameter).unwrap();
    let pair = |point: &Value| ["value", "zeta"].map(|key| point[key].as_f64().unwrap());
    trace["points"].as_array().unwrap().iter().map(pair).collect()
}

/// With the standard deviation of a slope at 0 a correlation has no meaning, so that ζ of none of its values is above
/// that of the standard deviation: 0.9128 here, by brute force over both standard deviations.
#[test]
fn a_profile_of_a_correlation_goes_no_higher_than_without_its_slope() {
    let table = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/published/orthodont.csv")).unwrap();
    let call = |level| ["distance ~ age * Sex + (age | Subject)", "--ci", "profile", "--level", level];
    let found = fitted("cor-bound", &table, &call("0.6"));
    let zetas = points(&found, "cor_age.(Intercept)|Subject");
    assert!(zetas.len() > 3 && zetas.iter().all(|[_, zeta]| zeta.abs() < 0.9133), "{zetas:?}");
    // 0.65 asks for ζ = 0.9346.
    let open = fitted("cor-open", &table, &call("0.65"));
    assert_eq!(open["varcorr"][0]["cor_ci"][0], serde_json::json!([-1.0, 1.0]));
}

/// The counts of subjects, one digit for each visit.
fn of_digits(subjects: &str) -> String {
    let mut table = "g,t,y\n".to_owned();
    for (g, counts) in subjects.split_whitespace().enumerate() {
        counts.chars().enumerate().for_each(|(t, y)| table += &format!("g{g},{t},{y}\n"));
    }
    table
}

/// ζ without the variance of the slope is 0.7663, and 60 % ask for 0.8416: glmmTMB 1.1.5, with the correlation mapped
/// to values from −0.99 on.
#[test]
fn a_correlation_of_counts_has_an_open_interval_where_its_slope_may_be_none() {
    let table = of_digits(
        "3121 1020 2622 3111 4363 1410 5210 1340 1012 1303 2202 2313 7102 4312 3211 4200 3233 6153 2021 4401 2253 \
         3024 1330 3001 3011 0121 4311 3933 5210 1311",
    );
    let args = ["y ~ t + (t | g)", "--family", "poisson", "--ci", "profile", "--level", "0.6"];
    let found = fitted("cor-counts", &table, &args);
    assert_eq!(found["varcorr"][0]["cor_ci"][0], serde_json::json!([-1.0, 1.0]));
}

/// On the way to the lower end the variance of the intercept vanishes, and it must come back on the other side.
/// `glmmTMB(y ~ t + (1 | g), family = nbinom2, map = list(betad = factor(NA)), start = list(betad = log(1.7167)))`
/// has ζ = 0.2791 (glmmTMB 1.1.5).
#[test]
fn a_profile_sets_out_from_the_maximum_on_both_sides() {
    let mut table = of_digits("022 150 012 151 201 196 741 801 031 135 212 272 013 010 105 131 152 000 200 216");
    table = table.replace("g5,1,9\n", "g5,1,10\n");
    let args = ["y ~ t + (1 | g)", "--family", "nbinom2", "--ci", "profile", "--level", "0.8"];
    let found = fitted("both-sides", &table, &args);
    let all = points(&found, "dispersion");
    assert!(all.windows(2).all(|pair| pair[0][1] < pair[1][1]), "{all:?}");
    let [value, zeta] = *all.iter().min_by(|a, b| (a[0] - 1.7167).abs().total_cmp(&(b[0] - 1.7167).abs())).unwrap();
    assert!((value - 1.7167).abs() < 1e-3 && (zeta - 0.2791).abs() < 2e-3, "{value} {zeta}");
}

/// From the maximum, where the correlation is −1, a search leads to where the slope has no variance, with ζ = 0.9567,
/// and passes by what is lower; at −0.6 glmmTMB 1.1.5 has 0.5712, and in the other table ζ = 0.8416 at −0.369.
#[test]
fn a_profile_of_a_correlation_of_counts_is_the_lowest_that_there_is() {
    let counts = of_digits(
        "120211 054170 000030 021321 115724 140850 130002 010112 300221 512103 011121 230541 936041 010000 001000 \
         003214 021425 221011 725433 020001 001001 001000 830011 010201 000000 110011 370002 010210 311220 132060",
    );
    let args = ["y ~ t + (t | g)", "--family", "nbinom2", "--ci", "profile", "--level", "0.8"];
    let all = points(&fitted("lowest-counts", &counts, &args), "cor_t.(Intercept)|g");
    let at = all.iter().find(|[value, _]| (value + 0.6).abs() < 1e-6);
    assert!(at.is_some_and(|[_, zeta]| (zeta - 0.5712).abs() < 1e-3), "{all:?}");
    let events = of_digits(
        "001 011 100 001 011 111 111 111 010 011 111 000 011 001 111 000 011 111 011 001 110 011 111 111 010 000 101 \
         111 011 111",
    );
    let args = ["y ~ t + (t | g)", "--family", "binomial", "--ci", "profile", "--level", "0.6"];
    let found = fitted("lowest-events", &events, &args);
    let end = found["varcorr"][0]["cor_ci"][0][0].as_f64();
    assert!(end.is_some_and(|end| (end + 0.369).abs() < 1e-3), "{}", found["varcorr"]);
}

/// Likelihoods without a maximum are refused under every link: the tails of some are flat long before a logit's.
#[test]
fn separation_is_seen_under_every_link() {
    let folder = Folder::with_data("separation");
    let arms = "arm,t,s,fl\na,1,1,0\nb,2,1,0\na,1,0,1\na,1,1,0\nb,1,1,0\na,2,1,0\n";
    folder.write("arms.csv", arms);
    folder.write("times.csv", "t,s,fl\n0,0,1\n1,1,0\n2,1,0\n2,1,0\n0,1,0\n2,1,0\n0,1,0\n2,1,0\n1,1,0\n1,1,0\n");
    folder.write("mixed.csv", arms.replace("b,2,1,0", "b,2,0,1"));
    let told = |formula: &str, file: &str, link: &str| {
        let output = folder.run(["fit", formula, file, "--family", "binomial", "--link", link]);
        (output.status.code(), stderr(&output))
    };
    for link in ["logit", "probit", "cloglog"] {
        let of_arms = told("cbind(s, fl) ~ arm", "arms.csv", link);
        assert!(of_arms.1.contains("separation: armb predicts"), "{link}: {of_arms:?}");
        let of_times = told("cbind(s, fl) ~ factor(t)", "times.csv", link);
        assert!(of_times.1.contains("separation: factor(t)1, factor(t)2 predict"), "{link}: {of_times:?}");
        let (code, fitted) = told("cbind(s, fl) ~ arm", "mixed.csv", link);
        assert!(code == Some(0) && !fitted.contains("separation"), "{link}: {fitted}");
    }
}

const ARMS_TWICE: &str = "y,arm,g,w\n\
    -0.3,a,g0,0.5\n\
    1.0,b,g1,0.5\n\
    1.2,c,g2,0.5\n\
    1.1,a,g3,1\n\
    3.0,b,g4,0.5\n\
    2.7,c,g5,1\n\
    0.9,a,g0,0.5\n\
    1.1,b,g1,1\n\
    0.1,c,g2,0.5\n\
    0.5,a,g3,3.5\n\
    2.7,b,g4,1\n\
    2.7,c,g5,2\n\
    -1.1,a,g0,2\n\
    1.1,b,g1,1\n\
    2.0,c,g2,1\n\
    2.3,a,g3,2\n\
    3.3,b,g4,0.5\n\
    3.4,c,g5,1\n";

/// The fixed effects of a factor take away all that its own variance could be seen by; what is left is rounding, of
/// which no degrees of freedom are made.
#[test]
fn a_variance_that_fixed_effects_take_away_has_no_degrees_of_freedom() {
    let found = fitted("taken", ARMS_TWICE, &["y ~ arm + (1|arm/g)", "--df", "kenward-roger", "--weights", "w"]);
    for coefficient in found["fixef"].as_array().unwrap() {
        assert!(["df", "p"].iter().all(|key| coefficient[key].is_null()), "{coefficient}");
        assert!(coefficient["se"].as_f64().unwrap() > 0.1, "{coefficient}");
    }
    let notes = found["notes"].to_string();
    assert!(notes.contains("Kenward and Roger's method has no degrees of freedom here"), "{notes}");
}

#[test]
fn a_correlation_without_an_estimate_has_no_profile() {
    let table = of_digits("9458 0730 2157 3681 9303 6426");
    let found = fitted("no-cor", &table, &["y ~ t + (t | g)", "--ci", "profile"]);
    assert!(found["varcorr"][0]["cor"][0][1].is_null(), "{}", found["varcorr"]);
    let named = |start: &str| {
        let name = |trace: &Value| trace["parameter"].as_str().unwrap().starts_with(start);
        found["profile"].as_array().unwrap().iter().any(name)
    };
    assert!(named("sd_t") && !named("cor_"), "{}", found["profile"]);
}

#[test]
fn a_factor_whose_name_holds_a_colon_stands_in_backticks() {
    let table = "g,arm:x,t,y\n1,a,0,1.2\n1,a,1,2.4\n2,b,0,0.3\n2,b,1,2.2\n3,a,0,1.9\n3,a,1,2.0\n4,b,0,1.1\n4,b,1,3.5\n";
    let found = fitted("colon", table, &["y ~ `arm:x` * factor(t) + (1 | g)", "--emmeans", "`arm:x`:t"]);
    assert_eq!(found["emmeans"].as_array().unwrap().len(), 4, "{}", found["emmeans"]);
}

/// Subjects whose visits go up and down have no correlation that a power of time could be.
#[test]
fn an_interval_of_a_correlation_at_its_limit_holds_the_estimate() {
    let y = "6.0 4.5 5.6 4.4 3.9 5.9 4.8 6.1 6.0 4.3 6.5 4.0 4.2 5.6 3.9 5.8 5.5 3.4 5.3 3.9 3.9 5.9 4.0 5.5";
    let rows = y.split(' ').enumerate().map(|(at, y)| format!("p{},{},{y}\n", at / 4, at % 4));
    let table = format!("id,time,y\n{}", rows.collect::<String>());
    let args = ["y ~ time", "--residual", "car1", "--time", "time", "--subject", "id", "--ml", "--df", "residual"];
    let found = fitted("at-limit", &table, &[&args[..], &["--ci", "profile"]].concat());
    let cor = &found["residual"]["parameters"][1];
    let [estimate, lower] = [&cor["estimate"], &cor["ci"][0]].map(|value| value.as_f64().unwrap());
    assert!(estimate < 1e-6 && lower <= estimate, "{cor}");
}

/// Four groups of three visits leave four directions beside a line for each: another grouping takes them.
#[test]
fn a_model_that_could_fit_every_row_is_noted_or_refused() {
    let folder = Folder::with_data("spans");
    let visits = "945073215368".chars().zip("020101112100".chars()).enumerate();
    let rows: String = visits.map(|(at, (y, h))| format!("g{},{},h{h},{y}\n", at / 3, at % 3)).collect();
    folder.write("t.csv", format!("g,t,h,y\n{rows}"));
    let told = |formula: &str| {
        let output = folder.run(["fit", formula, "t.csv", "--json"]);
        format!("{}{}", crate::common::cli::stdout(&output), stderr(&output))
    };
    let spans = told("y ~ factor(t) + (t | g) + (t | h)");
    assert!(spans.contains("fit every row exactly"), "{spans}");
    // Two visits of each patient with a slope that goes its own way: bounded, as REML has it.
    let pairs: String = (0..20).map(|at| format!("p{},{},h,{}\n", at / 2, at % 2, (at * 37 + 11) % 23)).collect();
    folder.write("p.csv", format!("g,t,h,y\n{pairs}"));
    let output = folder.run(["fit", "y ~ t + (t || g)", "p.csv", "--json"]);
    assert!(output.status.success() && !crate::common::cli::stdout(&output).contains("fit every row exactly"));
    let ordinary = told("y ~ t + (t | g)");
    assert!(!ordinary.contains("fit every row exactly"), "{ordinary}");
}

/// lmerTest 3.1.3: anova(lmer(y ~ after + (1 | patient)), type = 3, ddf = "Kenward-Roger") of three patients before and
/// after has F = 7.50893 on 1 and 2 df, p = 0.11137, and so has the paired t-test; t of the coefficient is −2.740242.
#[test]
fn three_patients_before_and_after_have_the_paired_t_test() {
    let table = "patient,after,y\na,0,5.1\nb,0,4.2\nc,0,6.3\na,1,4.0\nb,1,3.9\nc,1,4.8\n";
    let found = fitted("three", table, &["y ~ after + (1 | patient)", "--df", "kenward-roger", "--anova", "3"]);
    let after = &found["fixef"][1];
    close(&after["df"], 2.0, 1e-6);
    close(&after["p"], 0.111_365_450_620_42, 1e-6);
    let test = &found["anova"][0];
    close(&test["F"], 7.508_928_571_4, 1e-6);
    close(&test["den_df"], 2.0, 1e-6);
}

const FEW_WHOLE: &str = "id,time,arm,w,x,y\n\
    p00,0,A,0.5,2.0210,-0.2523\n\
    p00,2,A,2,0.1369,0.7587\n\
    p00,3,A,2,0.3364,1.2639\n\
    p01,0,B,1,-3.5631,1.4720\n\
    p01,1,B,2,0.8634,-1.8603\n\
    p01,2,B,0.5,0.6905,1.7038\n\
    p02,0,C,2,-0.2958,-0.4619\n\
    p02,1,C,0.5,1.6655,1.4510\n\
    p02,2,C,2,-0.6861,0.9702\n\
    p03,0,A,0.5,0.9541,-1.3988\n\
    p03,1,A,2,0.7071,-0.7489\n\
    p03,3,A,1,0.0139,0.8329\n\
    p04,0,B,2,-0.2793,0.6644\n\
    p04,1,B,2,-1.1723,-1.7803\n\
    p04,2,B,2,-1.1445,0.1046\n\
    p04,3,B,0.5,0.9757,0.6349\n\
    p05,1,C,1,-0.3005,0.5686\n\
    p05,2,C,0.5,-1.3198,0.1530\n\
    p05,3,C,1,0.4758,1.9826\n\
    p06,0,A,2,-0.1163,-1.5748\n\
    p06,1,A,2,-0.1031,0.4705\n\
    p06,3,A,1,-1.8046,0.3359\n\
    p07,0,B,1,-0.0075,-0.4042\n\
    p07,1,B,0.5,-1.3056,-0.6568\n\
    p07,2,B,1,1.3435,0.0836\n\
    p07,3,B,0.5,0.7547,1.8412\n\
    p08,0,C,1,-0.2275,-2.5303\n\
    p08,1,C,1,0.4468,-0.4156\n\
    p08,2,C,2,0.4622,1.7953\n\
    p08,3,C,0.5,0.2927,-1.8146\n\
    p09,1,A,0.5,0.4906,3.0021\n\
    p09,2,A,1,0.3603,2.1088\n\
    p09,3,A,2,-0.3083,-0.5276\n\
    p10,1,B,1,1.6104,1.4643\n\
    p10,2,B,0.5,-0.5022,1.6545\n\
    p10,3,B,2,-0.4308,-2.5000\n\
    p11,1,C,1,-0.3320,-1.3528\n\
    p11,2,C,1,-0.4335,-0.4919\n\
    p11,3,C,1,-0.3286,0.7899";

/// Three subjects have all visits, and four coefficients fit their means: −2 log-likelihood falls without end towards a
/// correlation of −1/3, from 122 at a distance of 1e-4 to 81 at 1e-10, and has a minimum of 132.2 beside that. The
/// profile of a standard deviation ends where this minimum does, at once.
#[test]
fn a_likelihood_without_end_beside_compound_symmetry_is_told() {
    let args = ["y ~ arm + x", "--residual", "cs", "--time", "time", "--subject", "id", "--ml", "--df", "residual"];
    let found = fitted("few-whole", FEW_WHOLE, &[&args[..], &["--weights", "w", "--ci", "profile"]].concat());
    close(&found["criterion"], 132.20751, 1e-6);
    let notes = found["notes"].to_string();
    assert!(notes.contains("the likelihood grows without end as the correlation nears −0.3333"), "{notes}");
    let sd = &found["residual"]["parameters"][0];
    close(&sd["ci"][0], 1.16512583, 1e-6);
    assert!(sd["ci"][1].is_null(), "{sd}");
    // With all subjects at all visits nothing is without end.
    let whole = FEW_WHOLE.replace(",1,2,", ",1,1,");
    let bounded = fitted("all-whole", &whole, &["y ~ 1", "--residual", "cs", "--time", "time", "--subject", "id"]);
    assert!(!bounded["notes"].to_string().contains("without end"), "{}", bounded["notes"]);
}

/// Groups of nearly one outcome each have standard deviations in the dozens and hundreds. glmmTMB 1.1.5 has ζ = 1.9601
/// with the intercept at 5.36 and 1.9636 with the deviation of the slopes at 3.5, by
/// `glmmTMB(y ~ t + offset(rep(5.36, 30)) - 1 + (t || g), family = binomial)` from several starts.
#[test]
fn profiles_of_large_deviations_are_drawn_as_their_ends_are_found() {
    let table = of_digits("111 000 111 110 111 000 001 111 001 111");
    let args = ["y ~ t + (t || g)", "--family", "binomial", "--ci", "profile"];
    let found = fitted("dozens", &table, &args);
    for (parameter, first) in
        [("(Intercept)", 5.3613), ("sd_t|g", 3.525), ("sd_(Intercept)|g", 11.1467), ("t", -12.9687)]
    {
        let all = points(&found, parameter);
        assert!(all.windows(2).all(|pair| pair[0][1] < pair[1][1]), "{parameter} {all:?}");
        assert_eq!(all.len(), 13, "{parameter} {all:?}");
        let end = all.iter().find(|[value, _]| (value / first - 1.0).abs() < 1e-3);
        assert!(end.is_some_and(|[_, zeta]| (zeta + 1.95996).abs() < 1e-4), "{parameter} {all:?}");
    }
}

/// Twenty subjects with two of four visits each, whose values go against each other.
const AGAINST_EACH_OTHER: &str = "y,t,s\n\
    5.095,3,s0\n\
    5.530,4,s0\n\
    3.699,1,s1\n\
    6.408,2,s1\n\
    4.957,4,s2\n\
    5.408,3,s2\n\
    5.588,2,s3\n\
    3.925,1,s3\n\
    3.668,4,s4\n\
    5.578,3,s4\n\
    6.725,2,s5\n\
    3.357,3,s5\n\
    6.678,3,s6\n\
    3.553,2,s6\n\
    3.138,4,s7\n\
    6.231,3,s7\n\
    5.250,4,s8\n\
    4.237,1,s8\n\
    5.328,2,s9\n\
    4.516,4,s9\n\
    5.534,4,s10\n\
    5.735,3,s10\n\
    5.642,4,s11\n\
    3.945,3,s11\n\
    4.214,2,s12\n\
    6.320,4,s12\n\
    4.047,3,s13\n\
    4.907,4,s13\n\
    4.717,3,s14\n\
    5.021,4,s14\n\
    6.072,2,s15\n\
    3.562,3,s15\n\
    5.640,3,s16\n\
    3.791,1,s16\n\
    6.808,4,s17\n\
    3.573,1,s17\n\
    4.793,2,s18\n\
    5.361,1,s18\n\
    4.534,1,s19\n\
    6.289,4,s19\n";

/// nlme 3.1-162: `gls(y ~ 1, d, correlation = corCompSymm(form = ~ 1 | s))` has logLik −47.26718746, sigma 1.032156 and
/// Rho −0.8369715, below −1/3: no subject has more than two visits.
#[test]
fn the_correlation_of_compound_symmetry_is_bounded_by_the_visits_of_a_subject() {
    let args = ["--time", "t", "--subject", "s", "--residual"];
    let found = fitted("against", AGAINST_EACH_OTHER, &[&["y ~ 1"], &args[..], &["cs"]].concat());
    close(&found["loglik"], -47.267_187_46, 1e-9);
    close(&found["sigma"], 1.032_156, 1e-6);
    close(&found["residual"]["parameters"][1]["estimate"], -0.836_971_5, 1e-6);
    assert!(found["notes"].to_string().contains("below −0.3333"), "{}", found["notes"]);
    // Standard deviations that may differ have a likelihood that is no lower.
    let differing = fitted("against-csh", AGAINST_EACH_OTHER, &[&["y ~ 1"], &args[..], &["csh"]].concat());
    assert!(differing["loglik"].as_f64() >= found["loglik"].as_f64());
}

/// lmerTest 3.1-3: `anova(lmer(Reaction ~ ns(Days, df = 3) + (Days | Subject), sleepstudy), type = 1)$DenDF` is
/// 57.07990687, and so are those of types 2 and 3: of the only term of a model all types are one test.
#[test]
fn the_only_term_of_a_model_has_one_test() {
    for kind in ["1", "2", "3"] {
        let folder = Folder::with_data(&format!("one-term-{kind}"));
        let formula = "Reaction ~ ns(Days, df = 3) + (Days | Subject)";
        let output = folder.run(["fit", formula, "data/published/sleepstudy.csv", "--anova", kind, "--json"]);
        close(&json_of(&output)["anova"][0]["den_df"], 57.079_906_87, 2e-5);
    }
}
