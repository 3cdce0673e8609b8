//! Numbers at the corners: gaps, weights of 0, a given tau2, one study in a group. Reference values are from R 4.2.2
//! with metafor 3.8-1; the call stands beside each.

use crate::common::cli::{Folder, json_of, stderr, stdout, within};
use crate::common::meta::{column, published};
use reffect::meta::glmm::{StudyLikelihood, glmm, glmm_random_studies};
use reffect::meta::gosh::gosh;
use reffect::meta::mantel_haenszel::{CountMeasure, Counts};
use reffect::meta::subgroup::{GroupTau2, subgroups};
use reffect::meta::{MetaError, Model, Problem, Tau2Interval};
use serde_json::Value;

const BCG: &str = "data/published/bcg.csv";

fn meta(folder: &Folder, args: &[&str]) -> Value {
    let output = folder.run([&["meta", "--json"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    json_of(&output)
}

fn three_studies() -> Problem {
    Problem::new(vec![0.1, 0.5, 0.9], vec![0.04, 0.05, 0.02]).unwrap()
}

/// `aggregate(escalc(yi = yi, vi = vi, data = d), cluster = lab, struct = "CS", rho = 0.5)`, then
/// `rma(yi, vi, mods = ~ x)`: rows without an effect go first, and missing moderators are left out of the mean.
#[test]
fn moderators_of_aggregated_effects_are_those_of_the_rows_with_an_effect() {
    let folder = Folder::new("corners-aggregate");
    folder.write(
        "t.csv",
        "lab,yi,vi,x,arm,kind\na,0.10,0.04,1,low,p\na,,,9,high,q\nb,0.50,0.05,2,low,p\nb,0.30,0.05,,,q\n\
         c,0.90,0.02,4,low,p\nd,0.20,0.03,6,high,q\ne,0.40,0.03,3,high,p\n",
    );
    let call = ["t.csv", "--aggregate", "lab", "--rho", "0.5", "--mods"];
    let of = meta(&folder, &[&call[..], &["x"]].concat());
    assert_eq!(of["k"], 5);
    within(&of["coefficients"][0]["estimate"], 0.303_516_463_0, 1e-6);
    within(&of["coefficients"][1]["estimate"], 0.033_481_138_0, 1e-6);
    within(&of["coefficients"][1]["p"], 0.725_791_599_7, 1e-6);
    let notes = of["notes"].to_string();
    assert!(notes.contains("6 effects were aggregated into 5") && !notes.contains("differ within"), "{notes}");
    // The text of the row without an effect does not count either.
    assert_eq!(meta(&folder, &[&call[..], &["arm"]].concat())["k"], 5);
    // Where texts differ within a level, it has none.
    let of = meta(&folder, &[&call[..], &["kind"]].concat());
    assert!(of["k"] == 4 && of["notes"].to_string().contains("kind is missing"), "{of}");
}

#[test]
fn all_averaged_columns_are_told_of_or_counted() {
    let folder = Folder::new("corners-averaged");
    let names: Vec<String> = (0..30).map(|at| format!("c{at}")).collect();
    let row = |value: &str| vec![value; 30].join(",");
    let text = format!(
        "lab,yi,vi,{}\na,0.1,0.04,{}\na,0.2,0.04,{}\nb,0.3,0.05,{}\n",
        names.join(","),
        row("1"),
        row("2"),
        row("3")
    );
    folder.write("t.csv", text);
    let notes = meta(&folder, &["t.csv", "--aggregate", "lab", "--rho", "0.5"])["notes"].to_string();
    assert!(notes.contains("are averaged: c0, c1") && notes.contains("and 10 more"), "{notes}");
}

/// The power of each study is that at its fitted value: the sums of `tes(rma(yi, vi, mods = ~ ablat))` written out,
/// with `control = list(threshold = 1e-13)`.
#[test]
fn excess_significance_takes_the_fitted_values() {
    let of = meta(&Folder::with_data("corners-tes"), &[BCG, "--mods", "ablat", "--tes"]);
    assert_eq!(of["tes"]["observed"], 8.0);
    within(&of["tes"]["expected"], 7.620_153_413_42, 1e-8);
    within(&of["tes"]["p"], 0.534_963_952_087, 1e-8);
}

/// `rma(yi, vi)`: tau2 0, Q 18.61 with p 0.000937, and `confint()` gives 0.2746 to 15.4716.
#[test]
fn a_tau2_of_0_with_a_large_q_is_said_to_be_one() {
    let folder = Folder::new("corners-zero");
    folder.write("q.csv", "yi,vi\n-0.004,0.0159\n0.047,0.0238\n-3.108,0.5169\n-0.036,0.0053\n-0.036,0.0108\n");
    folder.write("alike.csv", "yi,vi\n0.1,0.04\n0.15,0.05\n0.12,0.03\n");
    let of = meta(&folder, &["q.csv"]);
    assert_eq!(of["tau2"], 0.0);
    within(&of["QE_p"], 0.000_937_164, 1e-8);
    within(&of["tau2_ci"][0], 0.2746, 1e-4);
    let notes = of["notes"].to_string();
    assert!(notes.contains("although Q is larger than its degrees of freedom"), "{notes}");
    assert!(notes.contains("lies outside of its interval") && !notes.contains("differ no more"), "{notes}");
    let by_likelihood = meta(&folder, &["q.csv", "--tau2-ci", "PL"])["notes"].to_string();
    assert!(!by_likelihood.contains("lies outside"), "{by_likelihood}");
    let alike = meta(&folder, &["alike.csv"])["notes"].to_string();
    assert!(alike.contains("the effects differ no more") && !alike.contains("although Q"), "{alike}");
}

/// `confint(rma(yi, vi), type = "PL")` gives 0.1152 to 0.9647, and refuses a model with a given tau2; the limits to
/// more digits are those of `uniroot(tol = 1e-12)` on `logLik(rma(yi, vi, tau2 = t), REML = TRUE)`.
#[test]
fn a_profile_likelihood_interval_needs_an_estimate() {
    let folder = Folder::with_data("corners-pl");
    let own = meta(&folder, &[BCG, "--tau2-ci", "PL"]);
    within(&own["tau2_ci"][0], 0.115_266_105_748, 1e-8);
    within(&own["tau2_ci"][1], 0.964_695_326_514, 1e-8);
    for given in ["5", "0.01"] {
        let output = folder.run(["meta", BCG, "--tau2", given, "--tau2-ci", "PL"]);
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
        assert!(stderr(&output).contains("belongs to a tau2 that is estimated"), "{}", stderr(&output));
    }
    // One tau2 for all subgroups is estimated first and given to each.
    let groups = meta(&folder, &[BCG, "--subgroup", "alloc", "--common-tau2", "--tau2-ci", "PL"]);
    assert_eq!(groups["subgroup"]["groups"].as_array().unwrap().len(), 3);
}

/// The medians of `sapply(subsets, function(s) coef(rma(yi, vi, subset = s)))` with and without each study: 0.4, 0.5083
/// and 0.6271 with it, 0.7375, 0.5125 and 0.2875 without.
#[test]
fn medians_over_subsets_are_those_between_the_middle_two() {
    let folder = Folder::new("corners-gosh");
    folder.write("w.csv", "study,yi,vi,w\na,0.1,0.04,1\nb,0.5,0.05,0\nc,0.9,0.02,0\n");
    let text = stdout(&folder.run(["meta", "w.csv", "--gosh"]));
    let row = |name: &str| {
        let after = text.split("subsets").nth(1).unwrap_or_default();
        let line = after.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_default().to_owned();
        line.split_whitespace().skip(1).take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("a "), ["0.400", "0.738"], "{text}");
    assert_eq!(row("b "), ["0.508", "0.512"], "{text}");
    assert_eq!(row("c "), ["0.627", "0.287"], "{text}");
    // Subsets without any weight have no estimate.
    let weighted = three_studies().weighted(vec![1.0, 0.0, 0.0]).unwrap();
    let found = gosh(&Model::default(), &weighted, 100, 1).unwrap();
    assert_eq!(found.subsets.len(), 4);
    assert!(found.subsets.iter().all(|subset| (subset.estimate - 0.1).abs() < 1e-12));
}

/// `fitstats(rma.glmm(measure = "OR", ai, bi, ci, di, data = dat.bcg, model = …))` less −2 logLik: AIC 30, BIC 48.8714
/// and AICc 78 for UM.FS (13 + 2 parameters of 26 counts), 8, 13.0324 and 9.9048 for UM.RS.
#[test]
fn criteria_of_models_of_counts_count_the_levels_of_the_studies() {
    let frame = published("bcg.csv");
    let [a, b, c, d] = ["ai", "bi", "ci", "di"].map(|name| column(&frame, name));
    let studies = |count: usize| -> Vec<StudyLikelihood> {
        (0..count).map(|i| StudyLikelihood::two_binomials((a[i], a[i] + b[i]), (c[i], c[i] + d[i]))).collect()
    };
    let counts: Vec<Counts> =
        (0..a.len()).map(|i| Counts { events1: a[i], size1: a[i] + b[i], events2: c[i], size2: c[i] + d[i] }).collect();
    let fixed = glmm(&studies(13), 0.95).unwrap().statistics;
    let random = glmm_random_studies(CountMeasure::Or, &counts, None, 0.95).unwrap().fit.statistics;
    for (of, expected) in [(fixed, [30.0, 48.871_448_070_3, 78.0]), (random, [8.0, 13.032_386_152_1, 9.904_761_904_76])]
    {
        for (found, expected) in [of.aic, of.bic, of.aicc].into_iter().zip(expected) {
            assert!((found + 2.0 * of.log_likelihood - expected).abs() < 1e-8, "{found} {expected}");
        }
    }
    // One study: its level and the effect.
    let one = glmm(&studies(1), 0.95).unwrap().statistics;
    assert!((one.aic + 2.0 * one.log_likelihood - 4.0).abs() < 1e-8, "{one:?}");
    let conditional = StudyLikelihood::binomial(4.0, 15.0, (123.0f64 / 139.0).ln());
    let one = glmm(&[conditional], 0.95).unwrap().statistics;
    assert!((one.aic + 2.0 * one.log_likelihood - 2.0).abs() < 1e-8, "{one:?}");
}

#[test]
fn single_studies_as_subgroups_are_told_of_and_numbers_are_in_their_order() {
    let folder = Folder::with_data("corners-subgroup");
    let own = meta(&folder, &[BCG, "--subgroup", "year"]);
    let notes = own["notes"].to_string();
    assert!(
        notes.contains("one study each, taken without heterogeneity") && notes.contains("--common-tau2"),
        "{notes}"
    );
    for other in [&["--common-tau2"][..], &["--method", "FE"], &["--tau2", "0.3"]] {
        let notes = meta(&folder, &[&[BCG, "--subgroup", "year"], other].concat())["notes"].to_string();
        assert!(!notes.contains("one study each"), "{other:?}: {notes}");
    }
    let levels = ["10", "9", "10"].map(str::to_owned);
    let found = subgroups(&Model::default(), &three_studies(), &levels, GroupTau2::Own).unwrap();
    assert_eq!(found.groups.iter().map(|group| group.level.as_str()).collect::<Vec<_>>(), ["9", "10"]);
}

/// Where no study with a weight is left there is no fit, and no fit of NaN.
#[test]
fn studies_without_weight_give_no_fit() {
    let folder = Folder::new("corners-weights");
    folder.write("w.csv", "study,yi,vi,w,g,x\na,0.1,0.04,1,x,1\nb,0.5,0.05,0,y,2\nc,0.9,0.02,0,y,3\n");
    let of = meta(&folder, &["w.csv", "--weights", "w", "--leave-one-out"]);
    assert!(of["leave_one_out"][0]["tau2"].is_null() && of["leave_one_out"][1]["tau2"].is_number(), "{of}");
    assert!(of["notes"].to_string().contains("without 1 of the studies in turn the rest cannot be fitted"));
    let of = meta(&folder, &["w.csv", "--weights", "w", "--subgroup", "g"]);
    assert!(
        of["subgroup"].is_null() && of["notes"].to_string().contains("no study of the group y has a weight"),
        "{of}"
    );
    let output = folder.run(["meta", "w.csv", "--weights", "w", "--mods", "x"]);
    assert!(stderr(&output).contains("2 coefficients cannot be estimated from 1 studies"), "{}", stderr(&output));
    let weighted = three_studies().weighted(vec![1.0, 0.0, 0.0]).unwrap();
    assert_eq!(Model::default().fit(&weighted.subset(&[1, 2])), Err(MetaError::Weights));
    let given = Model { tau2: Some(0.1), tau2_interval: Tau2Interval::QProfile, ..Model::default() };
    assert!(given.fit(&weighted).is_ok());
}

/// The restricted likelihood of these three studies is less than 1.92 below its maximum from 0 to 0.0806 and from
/// 0.6230 to 297.791 (`uniroot` of `logLik(rma(yi, vi, tau2 = t))` in metafor 3.8-1).
#[test]
fn an_interval_with_a_hole_says_so() {
    let folder = Folder::new("corners-hole");
    folder.write("t.csv", "yi,vi\n-7.473,4.2981\n0.0002,0.014895\n0.0419,0.039307\n");
    let of = meta(&folder, &["t.csv", "--tau2-ci", "PL"]);
    let notes = of["notes"].to_string();
    let between = notes.split("it leaves out tau2 from about ").nth(1).and_then(|rest| rest.split(", which").next());
    let ends: Vec<f64> = between.unwrap_or_default().split(" to ").filter_map(|end| end.parse().ok()).collect();
    assert!(ends.len() == 2 && (ends[0] - 0.0806).abs() < 0.01 && (ends[1] - 0.6230).abs() < 0.1, "{notes}");
    within(&of["tau2_ci"][1], 297.791_044, 1e-5);
}

/// `rma(yi, vi, method = "PM")$tau2` is 9.346e-5 with the tolerance of metafor 3.8-1, and with this one 1.2645e-5 as
/// here.
#[test]
fn the_call_of_r_takes_a_threshold_for_small_units() {
    let folder = Folder::new("corners-threshold");
    folder.write("t.csv", "yi,vi\n0.001,4e-7\n0.005,5e-7\n0.009,2e-7\n0.002,3e-7\n");
    for (method, control) in [
        ("REML", "control = list(threshold = 1e-15)"),
        ("SJIT", "control = list(threshold = 1e-15, maxiter = 10000)"),
        ("PM", "control = list(tol = 1e-15)"),
    ] {
        let call = meta(&folder, &["t.csv", "--method", method])["r_call"].to_string();
        assert!(call.contains(control), "{call}");
    }
    for method in ["DL", "EE"] {
        assert!(!meta(&folder, &["t.csv", "--method", method])["r_call"].to_string().contains("control"));
    }
    let of_rows = meta(&folder, &["t.csv", "--subset", "yi < 0.006", "--method", "PM"])["r_call"].to_string();
    assert!(of_rows.contains("data = subset(data, yi < 0.006), control"), "{of_rows}");
    // R would keep what has a variance of 0.
    folder.write("z.csv", "xi,ni\n3,9\n5,5\n4,8\n");
    let without = meta(&folder, &["z.csv", "--measure", "PR", "--add", "0"])["r_call"].to_string();
    assert!(without.contains("data = data[-c(2), ]"), "{without}");
    folder.write("u.csv", "yi,vi\n0.1,0.04\n0.5,0.05\n0.9,0.02\n0.2,0.03\n");
    assert!(!meta(&folder, &["u.csv", "--method", "PM"])["r_call"].to_string().contains("control"));
}

/// R 4.2.2: `2 * pt(-4.410729357875209, 16)`, and the estimate ± `qt(0.975, 16)` standard errors, as rma.glmm with
/// `test = "t"` has them of its own estimate.
#[test]
fn a_model_of_counts_has_t_where_that_is_asked_for() {
    let folder = Folder::with_data("glmm-t");
    let args = ["data/published/nielweise2007.csv", "--glmm", "UM.FS", "--measure", "OR", "--method", "ML"];
    let fit = meta(&folder, &[&args[..], &["--test", "t"]].concat());
    let effect = &fit["coefficients"][0];
    let near = |found: &Value, expected: f64| (found.as_f64().unwrap() / expected - 1.0).abs() < 1e-6;
    assert!(near(&effect["p"], 0.000_437_390_480_551_59) && near(&effect["df"], 16.0), "{effect}");
    assert!(near(&effect["ci"][0], -1.830_782_715_115_28) && near(&effect["ci"][1], -0.642_204_212_939_17), "{effect}");
    let by_z = meta(&folder, &args);
    assert_eq!((&by_z["coefficients"][0]["estimate"], &by_z["test"]), (&effect["estimate"], &Value::from("z")));
}

/// Where no study speaks against it, the weight of an interval of p-values is 0 at the maximum: the likelihood is that
/// with this weight at 0, higher than with any other.
#[test]
fn steps_without_a_study_have_a_weight_of_0() {
    let folder = Folder::with_data("empty-step");
    let fit = |steps: &str| {
        let args = ["data/published/hackshaw1998.csv", "--selmodel", "stepfun", "--steps", steps];
        meta(&folder, &args)["selmodel"].clone()
    };
    let (with, without) = (fit("0.5,0.026,0.025"), fit("0.025,0.5"));
    assert_eq!((&with["delta"][1], &with["delta_se"][1]), (&Value::from(0.0), &Value::Null), "{with}");
    let rise = with["LRT"].as_f64().unwrap() - without["LRT"].as_f64().unwrap();
    assert!(rise > 0.0 && rise < 0.5, "{rise}");
}

/// Twelve studies of three outcomes whose best covariance is nearly singular.
const NEARLY_SINGULAR: &str = "yi,vi,study,outc,t\n\
    0.6779496767455477,0.09288814474107458,s0,a,1\n\
    -0.42781665477360625,0.07459629069420695,s0,b,2\n\
    0.5810087111293925,0.11084363404713025,s0,c,3\n\
    -0.4283504653122451,0.19690138568677756,s1,a,1\n\
    0.6365894675140454,0.18238987107912488,s1,b,2\n\
    0.8785653318716318,0.14311710774477943,s1,c,3\n\
    -0.028998360351332325,0.19398914619873658,s2,a,1\n\
    0.19141312192466362,0.1757557869988952,s2,b,2\n\
    0.27683380731858437,0.022527506029523414,s2,c,3\n\
    -0.6901668770649565,0.17616849958870057,s3,b,2\n\
    0.956359510666063,0.07853678529453022,s3,c,3\n\
    -0.44138059775759986,0.16457230447037663,s4,a,1\n\
    -0.019960518723696197,0.11142931565370331,s4,b,2\n\
    0.08805438454182729,0.03963041226759867,s4,c,3\n\
    -0.7641298721887742,0.19349093827528419,s5,a,1\n\
    -0.7877763392015611,0.12733163508495915,s5,b,2\n\
    0.22810892779247977,0.12361718254967995,s5,c,3\n\
    0.8390319664963208,0.10577557856168855,s6,a,1\n\
    1.0273801161070693,0.1862085828703305,s6,b,2\n\
    1.704230144938931,0.18167116184441823,s6,c,3\n\
    0.1586103909587499,0.16609316753141815,s7,a,1\n\
    -1.0533256733400287,0.19095767718178172,s7,b,2\n\
    0.3105150662139491,0.10110135919360795,s7,c,3\n\
    -0.08248677819121164,0.10755995635445004,s8,b,2\n\
    -0.8679086687639108,0.15166805974235262,s8,c,3\n\
    0.14516337803091373,0.03810935363889732,s9,a,1\n\
    0.47484733478237984,0.028142132215810224,s9,c,3\n\
    -0.8049230583568139,0.1291409151957594,s10,b,2\n\
    0.07182530743301913,0.19649299711650836,s10,c,3\n\
    0.29689520085323773,0.16413438626375257,s11,b,2\n\
    0.824821993631744,0.024100863620358508,s11,c,3\n";

/// metafor 3.8-1: `rma.mv(yi, vi, random = ~ outc | study, struct = "UN", mods = ~ outc)` has logLik −22.14817. In
/// units a hundred million times smaller or larger everything is the same but for the unit.
#[test]
fn an_unstructured_covariance_is_the_same_in_every_unit() {
    let fit = |unit: f64| {
        let folder = Folder::new("un-units");
        let mut lines = NEARLY_SINGULAR.lines();
        let header = lines.next().unwrap();
        let row = |line: &str| {
            let (yi, rest) = line.split_once(',').unwrap();
            let (vi, rest) = rest.split_once(',').unwrap();
            let [yi, vi]: [f64; 2] = [yi, vi].map(|text| text.parse().unwrap());
            format!("{:e},{:e},{rest}", yi * unit, vi * unit * unit)
        };
        let rows: Vec<String> = lines.map(row).collect();
        folder.write("t.csv", format!("{header}\n{}\n", rows.join("\n")));
        meta(&folder, &["t.csv", "--random", "outc | study", "--struct", "UN", "--mods", "outc"])
    };
    let plain = fit(1.0);
    assert!((plain["fit"]["loglik"].as_f64().unwrap() + 22.148_17).abs() < 1e-5, "{}", plain["fit"]);
    for unit in [1e-8, 1e-3, 1e8] {
        let other = fit(unit);
        assert_eq!(other["converged"], true, "{unit}");
        let estimates = |of: &Value| of["coefficients"][0]["estimate"].as_f64().unwrap();
        assert!((estimates(&other) / unit / estimates(&plain) - 1.0).abs() < 1e-6, "{unit}");
        let rho = |of: &Value| of["rho"][1].as_f64().unwrap();
        assert!((rho(&other) - rho(&plain)).abs() < 1e-6, "{unit}: {}", rho(&other));
    }
}

/// metafor 3.8-1: `selmodel(rma(yi, vi, method = "ML"), type = "power", alternative = "two.sided")$LRT` is 1.138418 for
/// the studies of Hackshaw (1998): the weight has a cusp at an effect of 0.
#[test]
fn a_power_of_two_sided_p_values_is_integrated_beside_its_cusp() {
    let folder = Folder::with_data("power-two-sided");
    let args = ["data/published/hackshaw1998.csv", "--method", "ML", "--selmodel", "power"];
    let fit = meta(&folder, &[&args[..], &["--selmodel-alternative", "two-sided"]].concat());
    let lrt = fit["selmodel"]["LRT"].as_f64().unwrap();
    assert!((lrt / 1.138_418 - 1.0).abs() < 2e-6, "{lrt}");
}
