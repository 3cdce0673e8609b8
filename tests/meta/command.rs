//! `reffect meta` as scripts and people use it.

use crate::common::cli::{Folder, json_of, stderr, stdout, within};
use serde_json::Value;

fn bcg(args: &[&str]) -> Value {
    let folder = Folder::with_data(&format!("meta-{:?}", std::thread::current().id()));
    let output = folder.run([&["meta", "data/published/bcg.csv", "--json"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    json_of(&output)
}

/// The results that Viechtbauer (2010), J Stat Softw 36(3), prints for these trials.
#[test]
fn the_bcg_trials_give_what_the_paper_prints() {
    let document = bcg(&[]);
    within(&document["tau2"], 0.3132, 5e-5);
    within(&document["se_tau2"], 0.1664, 5e-5);
    within(&document["I2"], 92.22, 5e-3);
    within(&document["H2"], 12.86, 5e-3);
    within(&document["QE"], 152.2330, 5e-5);
    let pooled = &document["coefficients"][0];
    assert_eq!(pooled["name"], "intrcpt");
    within(&pooled["estimate"], -0.7145, 5e-5);
    within(&pooled["se"], 0.1798, 5e-5);
    within(&pooled["ci"][0], -1.0669, 5e-5);
    within(&pooled["ci"][1], -0.3622, 5e-5);
    within(&document["tau2_ci"][0], 0.1197, 5e-5);
    within(&document["tau2_ci"][1], 1.1115, 5e-5);
    let regression = bcg(&["--mods", "ablat + year"]);
    within(&regression["tau2"], 0.1108, 5e-5);
    within(&regression["R2"], 64.63, 5e-3);
    // The iterations of the time stopped short of tau2, which moves the last digits that follow.
    within(&regression["QM"], 12.2043, 3e-4);
    within(&regression["coefficients"][0]["estimate"], -3.5455, 3e-4);
    within(&regression["coefficients"][0]["se"], 29.0959, 3e-3);
}

#[test]
fn every_extra_stands_under_its_key() {
    let flags = [
        "--leave-one-out",
        "--cumulative",
        "year",
        "--influence",
        "--blup",
        "--vif",
        "--baujat",
        "--permutest",
        "--subgroup",
        "alloc",
        "--trimfill",
        "--egger",
        "--begg",
        "--fsn",
        "--tes",
        "--hc",
        "--predict",
    ];
    let document = bcg(&flags);
    for key in ["leave_one_out", "cumulative", "influence", "blup", "baujat"] {
        assert_eq!(document[key].as_array().unwrap().len(), 13, "{key}");
    }
    assert_eq!(document["permutest"]["permutations"], 8192);
    assert_eq!(document["subgroup"]["groups"].as_array().unwrap().len(), 3);
    for key in ["trimfill", "egger", "begg", "fsn", "tes", "hc"] {
        assert!(document[key].is_object(), "{key}");
    }
    assert_eq!(document["predict"].as_array().unwrap().len(), 1);
    assert_eq!(document["cumulative"][12]["estimate"], document["coefficients"][0]["estimate"]);
}

#[test]
fn rows_that_lack_something_are_named_and_errors_have_their_place() {
    let folder = Folder::new("meta-errors");
    folder.write("t.csv", "study,yi,vi,dose\na,0.1,0.04,1\nb,NA,0.05,2\nc,0.3,0.02,NA\nd,0.2,0.03,2\ne,0.5,0.05,4\n");
    let output = folder.run(["meta", "t.csv", "--mods", "dose", "--json", "--slab", "study"]);
    let document = json_of(&output);
    assert_eq!(document["k"], 3);
    let notes = document["notes"].to_string();
    assert!(
        notes.contains("line 3 left out: yi is missing") && notes.contains("line 4 left out: dose is missing"),
        "{notes}"
    );
    folder.write("bad.csv", "yi,vi\n0.1,0.04\n0.2,many\n");
    folder.write("zero.csv", "yi,vi\n0.1,0.04\n0.2,0\n");
    for (args, expected) in [
        (vec!["meta", "bad.csv"], "column `vi`: `many`"),
        (vec!["meta", "zero.csv"], "line 3: vi is 0"),
        (vec!["meta", "t.csv", "--mods", "dose +"], "the formula ends too early"),
        (vec!["meta", "t.csv", "--mods", "doze"], "did you mean `dose`?"),
        (vec!["meta", "t.csv", "--yi", "effect"], "no column `effect`"),
        (vec!["meta", "t.csv", "--method", "REM"], "one of FE, EE (also CE), DL"),
        (vec!["meta", "t.csv", "--method", "GENQ"], "GENQ needs weights"),
        (vec!["meta", "t.csv", "--method", "FE", "--tau2", "0.1"], "FE has no tau2"),
        (vec!["meta", "t.csv", "--tau2-ci", "PL", "--method", "DL"], "profile-likelihood interval"),
        (vec!["meta", "t.csv", "--mods", "dose", "--leave-one-out"], "without moderators"),
        (vec!["meta", "t.csv", "--measure", "OR"], "no columns `ai`"),
        (vec!["meta", "t.csv", "--mh", "--measure", "OR"], "no columns `ai`"),
        (vec!["meta", "t.csv", "--scale", "dose", "--method", "DL"], "REML or ML"),
        (vec!["meta", "t.csv", "--selmodel", "gamma"], "one of stepfun, beta"),
        (vec!["meta", "t.csv", "--selmodel", "beta", "--steps", "0.5"], "belongs to the selection model stepfun"),
        (vec!["meta", "t.csv", "--aggregate", "study"], "--rho"),
        (vec!["meta", "t.csv", "--harbord"], "2×2 table"),
        (vec!["meta", "t.csv", "--compare", "1"], "the same moderators"),
        (vec!["meta", "t.csv", "t.csv"], "one table is analysed at a time"),
        (vec!["meta", "t.csv", "--method", "GENQM"], "GENQM needs weights"),
        (vec!["meta", "t.csv", "--selmodel", "stepfun", "--steps", "0.5,0.5"], "different numbers"),
        (vec!["meta", "t.csv", "--glmm", "UM.XX", "--measure", "OR"], "one of UM.FS, UM.RS"),
        (vec!["meta", "t.csv", "--glmm", "UM.FS", "--measure", "OR", "--method", "PM"], "fitted by ML"),
        (vec!["meta", "t.csv", "--glmm", "UM.FS", "--measure", "OR", "--method", "REML"], "fitted by ML"),
        (vec!["meta", "t.csv", "--glmm", "UM.FS", "--measure", "OR", "--test", "knha"], "the test z or t"),
        (vec!["meta", "t.csv", "--glmm", "CM.EL", "--measure", "RR"], "--glmm models OR, IRR, PLO or IRLN"),
        (vec!["meta", "t.csv", "--random", "1 | stdy"], "did you mean `study`?"),
        (vec!["meta", "t.csv", "--random", "study"], "a random term needs a bar"),
        (vec!["meta", "t.csv", "--random", "1 | study", "--method", "DL"], "REML or ML"),
        (vec!["meta", "t.csv", "--random", "1 | study", "--egger"], "--egger does not go with --random"),
        (vec!["meta", "t.csv", "--random", "1 | study", "--v-cluster", "study"], "give --v-block, --v-rho or --v-phi"),
    ] {
        let output = folder.run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stdout(&output));
        assert!(stderr(&output).contains(expected), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn few_studies_and_dependent_columns_are_handled() {
    let folder = Folder::new("meta-few");
    folder.write("one.csv", "yi,vi,x\n0.4,0.04,1\n");
    let run = |args: &[&str]| {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        json_of(&output)
    };
    let one = run(&["meta", "one.csv", "--json", "--test", "knha"]);
    within(&one["coefficients"][0]["se"], 0.2, 1e-15);
    assert!(one["tau2_ci"].is_null() && one["notes"].to_string().contains("one study shows no heterogeneity"));
    folder.write("alike.csv", "yi,vi\n0.4,0.04\n0.4,0.05\n0.4,0.03\n");
    let alike = run(&["meta", "alike.csv", "--json", "--test", "knha"]);
    assert!(alike["notes"].to_string().contains("use the test adhoc"), "{alike}");
    assert_eq!(alike["tau2_ci"], serde_json::json!([0.0, 0.0]));
    assert!(alike["notes"].to_string().contains("empty"));
    let text = alike.to_string();
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    let twice = bcg(&["--mods", "ablat + I(2 * ablat)"]);
    assert_eq!(twice["coefficients"].as_array().unwrap().len(), 2);
    assert!(twice["notes"].to_string().contains("I(2 * ablat)"));
}

/// Tables with semicolons or tabs, and standard errors instead of variances, give the same.
#[test]
fn the_form_of_the_table_does_not_matter() {
    let folder = Folder::new("meta-forms");
    folder.write("a.csv", "yi,vi\n0.1,0.04\n0.5,0.09\n0.9,0.16\n");
    folder.write("b.csv", "yi;sei\n0.1;0.2\n0.5;0.3\n0.9;0.4\n");
    folder.write("c.tsv", "\u{FEFF}yi\tvi\r\n0.1\t0.04\r\n0.5\t0.09\r\n0.9\t0.16\r\n");
    let read = |args: &[&str]| json_of(&folder.run(args));
    let first = read(&["meta", "a.csv", "--json"]);
    let second = read(&["meta", "b.csv", "--json", "--delimiter", ";", "--sei", "sei"]);
    let third = read(&["meta", "c.tsv", "--json"]);
    within(&second["tau2"], first["tau2"].as_f64().unwrap(), 1e-14);
    assert_eq!(first, third);
}

/// The three-level model of Konstantopoulos (2011), with the numbers that the page of the metafor project
/// on that paper prints. The models of Berkey et al. (1998) are compared with metafor elsewhere; here it is
/// enough that the command reads their covariances.
#[test]
fn published_multilevel_models_are_reproduced() {
    let folder = Folder::with_data("meta-levels");
    let run = |args: &[&str]| {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        json_of(&output)
    };
    let schools = ["meta", "data/published/konstantopoulos2011.csv", "--random", "1 | district/school", "--json"];
    let document = run(&[&schools[..], &["--ranef"]].concat());
    within(&document["coefficients"][0]["estimate"], 0.185, 5e-4);
    within(&document["coefficients"][0]["se"], 0.085, 5e-4);
    within(&document["sigma2"][0], 0.065, 5e-4);
    within(&document["sigma2"][1], 0.033, 5e-4);
    assert!(document["ranef"]["district/school"]["11/1"]["se"].as_f64().unwrap() > 0.0);
    assert_eq!(document["sigma2_ci"].as_array().unwrap().len(), 2);
    let robust = run(&[&schools[..], &["--cluster", "district", "--vcov", "CR1"]].concat());
    assert_eq!(robust["coefficients"][0]["df"], 10.0);
    let berkey = run(&[
        "meta",
        "data/published/berkey1998.csv",
        "--mods",
        "0 + outcome",
        "--random",
        "outcome | trial",
        "--struct",
        "UN",
        "--v-block",
        "v1i,v2i",
        "--v-cluster",
        "trial",
        "--method",
        "ML",
        "--json",
    ]);
    assert_eq!(berkey["coefficients"][0]["name"], "outcomeAL");
    assert_eq!(berkey["tau2"].as_array().unwrap().len(), 2);
    assert!(berkey["rho"].is_number() && berkey["converged"] == true);
    // With the correlations taken away, the variances alone give other results.
    let alone = run(&[
        "meta",
        "data/published/berkey1998.csv",
        "--mods",
        "0 + outcome",
        "--random",
        "outcome | trial",
        "--struct",
        "UN",
        "--method",
        "ML",
        "--json",
    ]);
    assert_ne!(alone["tau2"], berkey["tau2"]);
}

#[test]
fn scale_and_selection_models_stand_under_their_keys() {
    let scale = bcg(&["--scale", "ablat"]);
    assert_eq!(scale["tau2"].as_array().unwrap().len(), 13);
    assert_eq!(scale["scale"]["coefficients"][1]["name"], "ablat");
    assert!(scale["I2"].is_null() && scale["notes"].to_string().contains("there are no I² and H² of all"));
    let folder = Folder::with_data("meta-selection");
    let output = folder.run([
        "meta",
        "data/published/hackshaw1998.csv",
        "--selmodel",
        "stepfun",
        "--steps",
        "0.05,0.5",
        "--json",
    ]);
    let document = json_of(&output);
    let selection = &document["selmodel"];
    assert_eq!(selection["delta"][0], 1.0);
    assert!(selection["delta_se"][0].is_null() && selection["delta"].as_array().unwrap().len() == 3);
    assert_eq!(selection["counts"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum::<u64>(), 37);
}

/// Counts with a random effect; hart1999 has rates, nielweise2007 tables with many zeros.
#[test]
fn counts_are_modelled_without_approximate_variances() {
    let folder = Folder::with_data("meta-glmm");
    let run = |args: &[&str]| {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        json_of(&output)
    };
    let exact = run(&["meta", "data/published/nielweise2007.csv", "--glmm", "CM.EL", "--measure", "OR", "--json"]);
    within(&exact["coefficients"][0]["estimate"], -1.353_158, 1e-5);
    assert_eq!(exact["method"], "CM.EL");
    assert!(exact["I2"].is_number() && exact["prediction"].is_array());
    let rates = run(&["meta", "data/published/hart1999.csv", "--glmm", "CM.EL", "--measure", "IRR", "--json"]);
    // rma.glmm(measure = "IRR", x1i, t1i, x2i, t2i, data = dat.hart1999, model = "CM.EL", nAGQ = 25)
    within(&rates["coefficients"][0]["estimate"], -1.032_695_397, 1e-6);
    within(&rates["coefficients"][0]["se"], 0.162_586_604_4, 1e-6);
    // The same with model = "UM.FS", which finds τ² = 0 too.
    let rates = run(&["meta", "data/published/hart1999.csv", "--glmm", "UM.FS", "--measure", "IRR", "--json"]);
    within(&rates["coefficients"][0]["estimate"], -1.032_695_4, 1e-6);
    within(&rates["tau2"], 0.0, 1e-12);
}

/// metafor 3.8-1: rma(0.4, 0.05, method = "DL") and predict() of it.
#[test]
fn one_study_keeps_its_method_and_has_a_prediction() {
    let folder = Folder::new("meta-one");
    folder.write("one.csv", "yi,vi\n0.4,0.05\n");
    let one = json_of(&folder.run(["meta", "one.csv", "--method", "DL", "--json"]));
    assert_eq!((&one["method"], &one["tau2"]), (&"DL".into(), &0.0.into()));
    within(&one["prediction"][0], -0.038_261, 1e-5);
    within(&one["prediction"][1], 0.838_261, 1e-5);
    assert!(one["notes"][0].as_str().unwrap().starts_with("one study shows no heterogeneity"));
}

/// A model that fits every effect tells nothing of its precision: metafor's robust() refuses as well.
#[test]
fn robust_tests_need_residuals() {
    let folder = Folder::new("meta-saturated");
    folder.write("t.csv", "yi,vi,x,st\n0.3,0.05,1,a\n0.1,0.1,2,b\n0.9,0.2,4,c\n");
    let output = folder.run(["meta", "t.csv", "--mods", "x + I(x^2)", "--cluster", "st", "--tau2", "0.5"]);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(stderr(&output).contains("fits them all"), "{}", stderr(&output));
}

/// Effects that are made of the counts are those that stand beside them in the table.
#[test]
fn a_measure_gives_what_its_effects_and_variances_give() {
    let (given, computed) = (bcg(&["--mods", "ablat"]), bcg(&["--mods", "ablat", "--measure", "RR"]));
    for key in ["tau2", "QE", "QM"] {
        within(&computed[key], given[key].as_f64().unwrap(), 1e-8);
    }
    let added = bcg(&["--measure", "OR", "--add", "0.5", "--to", "all"]);
    assert_ne!(added["coefficients"], bcg(&["--measure", "OR"])["coefficients"]);
    let folder = Folder::with_data("meta-measure");
    let wrong = folder.run(["meta", "data/published/bcg.csv", "--measure", "SMD"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("`n1i`"), "{}", stderr(&wrong));
}

/// Options of metafor and of R's meta that are no part of a plain fit.
#[test]
fn the_other_extras_stand_under_their_keys() {
    let document = bcg(&[
        "--measure",
        "OR",
        "--harbord",
        "--peters",
        "--gosh",
        "--gosh-subsets",
        "500",
        "--compare",
        "ablat",
        "--fsn",
        "--fsn-type",
        "general",
        "--selmodel",
        "logistic",
        "--tau2-ci",
        "GENQ",
        "--pi-type",
        "hts",
    ]);
    assert_eq!(document["gosh"].as_array().unwrap().len(), 500);
    assert_eq!(document["gosh"], bcg(&["--measure", "OR", "--gosh", "--gosh-subsets", "500"])["gosh"]);
    assert_eq!(document["compare"]["df"], 1.0);
    // anova(rma(yi, vi, mods = ~ ablat, method = "ML"), rma(yi, vi, method = "ML")) of the log odds ratios
    within(&document["compare"]["chisq"], 12.218_649_68, 1e-5);
    within(&document["compare"]["p"], 0.000_473_141_6, 1e-8);
    assert_eq!(document["harbord"]["df"], 11.0);
    // rma() again with n effects at the quantiles of N(0, v + tau²) by the harmonic mean of the variances: p is 0.0481
    // for n = 26 and 0.0508 for 27.
    within(&document["fsn"]["fsnum"], 27.0, 0.0);
    assert_eq!(document["selmodel"]["delta"].as_array().unwrap().len(), 1);
    assert_eq!(document["studies"].as_array().unwrap().len(), 13);
    let all = bcg(&["--gosh"]);
    assert_eq!(all["gosh"].as_array().unwrap().len(), 8191);
    assert_eq!(all["gosh"][8190]["estimate"], all["coefficients"][0]["estimate"]);
}

/// metafor's own tests print 119 for the exact general number, 104 for Orwin's, and the parameters of the selection
/// models of Hackshaw's and of two other tables.
#[test]
fn numbers_of_the_metafor_project_are_reproduced() {
    let folder = Folder::with_data("meta-project");
    let run = |args: &[&str]| {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        json_of(&output)
    };
    let smoking =
        |args: &[&str]| run(&[&["meta", "data/published/hackshaw1998.csv", "--json", "--fsn"], args].concat());
    within(&smoking(&["--fsn-type", "general"])["fsn"]["fsnum"], 119.0, 0.0);
    within(&smoking(&["--fsn-type", "orwin", "--fsn-target", "0.049"])["fsn"]["fsnum"], 104.0, 0.0);
    within(&smoking(&["--fsn-type", "rosenberg"])["fsn"]["fsnum"], 202.0, 0.0);
    within(&smoking(&[])["fsn"]["fsnum"], 393.0, 0.0);
    folder.write(
        "trials.csv",
        "ai,n1i,ci,n2i\n4,19,5,19\n0,18,0,18\n34,341,50,334\n7,71,16,69\n6,45,5,44\n1,94,8,96\n0,22,0,22\n11,88,12,82\n\
         2,82,7,84\n0,33,0,30\n0,15,1,20\n33,221,43,218\n",
    );
    for (kind, delta, se) in
        [("halfnorm", 3.162948, 2.988922), ("negexp", 2.656714, 2.347468), ("logistic", 3.339338, 2.388776)]
    {
        let of = run(&[
            "meta",
            "trials.csv",
            "--measure",
            "OR",
            "--drop00",
            "--method",
            "EE",
            "--selmodel",
            kind,
            "--selmodel-alternative",
            "less",
            "--json",
        ]);
        within(&of["selmodel"]["delta"][0], delta, 2e-5);
        within(&of["selmodel"]["delta_se"][0], se, 2e-3);
    }
}

/// Releases with published trials: what is pooled, what is not, and the caveats.
#[test]
fn releases_are_pooled_with_published_trials() {
    let folder = Folder::with_data("meta-releases");
    let run = |args: &[&str]| {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        json_of(&output)
    };
    let both = ["meta", "data", "data/trials", "--json", "--outcome"];
    let relapses = run(&[&both[..], &["relapse-rate", "--measure", "ROMC", "--r", "0.5", "--no-test"]].concat());
    assert_eq!(relapses["k"], 5);
    assert_eq!(relapses["studies"][0]["slab"], "nmo-tocilizumab-2014");
    // ln(0.4/2.9) with half the difference of the squared coefficients of variation over n.
    let half = 0.5 / 7.0 * ((0.8f64 / 0.4).powi(2) - (1.1f64 / 2.9).powi(2));
    within(&relapses["studies"][0]["yi"], (0.4f64 / 2.9).ln() + half, 1e-12);
    let notes = relapses["notes"].to_string();
    for expected in [
        "without a control group",
        "r = 0.5 is assumed",
        "is converted to",
        "is not said: read as the SD",
        "3 groups of nmo-tocilizumab-nemos-2022",
        "it is the control arm of a comparison",
    ] {
        assert!(notes.contains(expected), "{expected}: {notes}");
    }
    // The release alone.
    let alone = run(&["meta", "data", "--json", "--outcome", "relapse-rate", "--measure", "ROMC", "--r", "0.5"]);
    assert_eq!(alone["k"], 1);
    // Randomised differences: the same trial once, a slope is no change, and an unexplained ± is not guessed at.
    let change = run(&[&both[..], &["alsfrs-r-change,alsfrs-r-decline", "--measure", "MD"]].concat());
    assert_eq!(change["k"], 1);
    within(&change["coefficients"][0]["estimate"], 2.49, 1e-12);
    within(&change["coefficients"][0]["se"], (0.64f64.powi(2) + 0.66f64.powi(2)).sqrt(), 1e-12);
    let notes = change["notes"].to_string();
    for expected in [
        "the ± of −5.01 ± 0.64 is the standard error",
        "it reports the same trial (MCI186-19)",
        "points/month (slope)",
        "--unexplained se or sd",
        "it has one arm",
    ] {
        assert!(notes.contains(expected), "{expected}: {notes}");
    }
    let read = run(&[&both[..], &["alsfrs-r-change", "--measure", "MD", "--unexplained", "se"]].concat());
    assert_eq!(read["k"], 2);
    let parts = run(&[&both[..], &["relapse-free", "--measure", "PLO"]].concat());
    within(&parts["coefficients"][0]["estimate"], (5.0f64 / 2.0).ln(), 1e-12);
    for (args, expected) in [
        (vec!["meta", "data"], "none is named"),
        (vec!["meta", "data", "--outcome", "relapse-rate"], "releases need a measure"),
        (vec!["meta", "data", "--outcome", "relapse-rate", "--measure", "MC"], "--r 0.5"),
        (
            vec!["meta", "data", "--outcome", "relapse-rate", "--measure", "MC", "--r", "2"],
            "a correlation lies between",
        ),
        (vec!["meta", "data", "--outcome", "relapse-rate", "--measure", "MD"], "it has one arm"),
        (vec!["meta", "data", "--outcome", "relapse-rate", "--measure", "ARAW"], "not made of what releases report"),
        (vec!["meta", "data", "--outcome", "edss", "--measure", "PLO"], "[[number]] (5/7, or with `of`): they are"),
    ] {
        let output = folder.run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stdout(&output));
        assert!(stderr(&output).contains(expected), "{args:?}: {}", stderr(&output));
    }
}

/// Standard errors in the column of variances, SDs in that of standard errors, and one study twice.
#[test]
fn mistaken_columns_are_asked_about() {
    let folder = Folder::new("meta-mistakes");
    let studies: [(f64, f64); 12] = [
        (0.21, 0.10),
        (0.35, 0.12),
        (0.15, 0.09),
        (0.42, 0.15),
        (0.30, 0.08),
        (0.05, 0.11),
        (0.28, 0.13),
        (0.33, 0.10),
        (0.24, 0.09),
        (0.18, 0.12),
        (0.31, 0.14),
        (0.26, 0.11),
    ];
    let table = |f: &dyn Fn(f64) -> f64| {
        let rows: Vec<String> = studies.iter().map(|(y, se)| format!("{y},{}", f(*se))).collect();
        format!("yi,x\n{}\n", rows.join("\n"))
    };
    let notes = |args: &[&str]| {
        let document = json_of(&folder.run(args));
        document["notes"].to_string()
    };
    folder.write("se.csv", table(&|se| se));
    folder.write("sd.csv", table(&|se| 7.0 * se));
    assert!(notes(&["meta", "se.csv", "--vi", "x", "--json"]).contains("pass --sei x"));
    assert!(!notes(&["meta", "se.csv", "--sei", "x", "--json"]).contains("does x hold"));
    assert!(notes(&["meta", "sd.csv", "--sei", "x", "--json"]).contains("does x hold standard deviations"));
    folder.write("twice.csv", "study,yi,vi\nA,0.1,0.04\nB,0.3,0.05\nB,0.3,0.05\n");
    let twice = notes(&["meta", "twice.csv", "--slab", "study", "--json"]);
    assert!(twice.contains("B and B have the same effect") && twice.contains("B stands in 2 rows"), "{twice}");
}

/// Effects of the same patients become one, with the variance of their weighted mean.
#[test]
fn dependent_effects_are_aggregated() {
    let folder = Folder::with_data("meta-aggregate");
    let run = |args: &[&str]| json_of(&folder.run(args));
    let document = run(&["meta", "data/published/berkey1998.csv", "--aggregate", "trial", "--rho", "0.5", "--json"]);
    assert_eq!(document["k"], 5);
    // Two effects with variances 0.0075 and 0.0077 and the correlation ½.
    let (v1, v2) = (0.0075f64, 0.0077f64);
    let c = 0.5 * (v1 * v2).sqrt();
    let vi = (v1 * v2 - c * c) / (v1 + v2 - 2.0 * c);
    within(&document["studies"][0]["vi"], vi, 1e-14);
    within(&document["studies"][0]["yi"], ((v2 - c) * 0.47 + (v1 - c) * -0.32) / (v1 + v2 - 2.0 * c), 1e-12);
}

/// A table as people have it: with names of its own, none of them one of metafor's.
#[test]
fn columns_are_taken_under_other_names() {
    let folder = Folder::new("meta-map");
    folder.write(
        "t.csv",
        "author,year,cured,treated,cured_c,control\nSmith,2001,12,100,20,98\nSato,2010,30,210,44,205\n",
    );
    folder.write("u.csv", "author,year,ai,n1i,ci,n2i\nSmith,2001,12,100,20,98\nSato,2010,30,210,44,205\n");
    let map = ["--map", "ai=cured,n1i=treated", "--map", "ci=cured_c,n2i=control"];
    let json = |args: &[&str]| -> Value {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        json_of(&output)
    };
    for command in [&["meta", "--measure", "OR"][..], &["meta", "--peto"], &["effect", "--measure", "OR"]] {
        let mapped = json(&[command, &["t.csv", "--json"], &map].concat());
        let plain = json(&[command, &["u.csv", "--json"]].concat());
        for key in ["coefficients", "rows", "studies"] {
            assert_eq!(mapped.get(key), plain.get(key), "{command:?}");
        }
        if let Some(call) = mapped.get("r_call") {
            let call = call.to_string();
            assert!(call.contains("ai = cured") && call.contains("n2i = control"), "{call}");
            assert_eq!(mapped["studies"][1]["slab"], "Sato 2010");
        }
    }
    let refused = |table: &str, map: &str| {
        let output = folder.run(["effect", "--measure", "OR", table, "--map", map]);
        assert_eq!(output.status.code(), Some(2));
        stderr(&output)
    };
    assert!(refused("t.csv", "ai=curd").contains("did you mean `cured`?"));
    assert!(refused("u.csv", "ai=ci").contains("another column is that already"));
    assert!(refused("t.csv", "year=cured").contains("nothing in this call is named year"));
    assert!(refused("t.csv", "ai=cured,n1i=cured").contains("give it one name"));
    assert!(refused("t.csv", "ai").contains("NAME=COLUMN was expected"));
    assert!(refused("t.csv", "ai=cured").contains("OR needs ai bi ci di, or ai n1i ci n2i"));
}

#[test]
fn what_a_newcomer_calls_by_mistake_is_shown_the_way() {
    let folder = Folder::new("meta-newcomer");
    folder.write("t.csv", "study,events\nA,3\n");
    for (args, hint) in [
        (&["forest", "t.csv"][..], "reffect plot forest"),
        (&["effect", "t.csv"], "this is a table"),
        (&["show", "t.csv"], "tables go to `effect --measure CODE`"),
        (&["meta", "t.csv"], "let --measure CODE make effects"),
        (&["effect", "--map", "ai=events", "--before", "1", "--after", "2"], "a table needs --measure CODE"),
    ] {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(hint), "{args:?}: {}", stderr(&output));
    }
}
