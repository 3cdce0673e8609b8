//! What is shown beside a fit belongs to it: the scale of slopes, the degrees of freedom of a common τ², what one
//! effect says nothing of. Golden numbers are those of metafor 3.8-1.

use super::borders::{Case, near, notes, numbers};
use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::Value;

const SLOPE: &str = "study,x,yi,vi\nA,1,1,.1\nB,2,2.2,.1\nC,3,2.9,.1\nD,4,4.3,.1\n";
const GROUPS: &str = "study,yi,vi,g\na,-1.2,.1,A\nb,-0.5,.2,A\nc,0.3,.15,B\nd,0.8,.1,B\ne,0.1,.05,C\n";

/// A slope of logits is no proportion, also where it is the only coefficient; means of levels are.
#[test]
fn only_means_are_shown_on_another_scale() {
    let folder = Folder::new("scales-slopes");
    folder.write("t.csv", SLOPE);
    folder.write("g.csv", GROUPS);
    let coefficients = |args: &[&str]| stdout(&folder.run([&["meta"], args].concat()));
    for mods in ["0 + x", "x"] {
        let text = coefficients(&["t.csv", "--mods", mods, "--transf", "ilogit"]);
        assert!(text.contains("a slope there is no proportion"), "{mods}: {text}");
        let table = coefficients(&["t.csv", "--mods", mods, "--transf", "ilogit", "--format", "csv"]);
        assert!(!table.contains("transf_estimate"), "{mods}: {table}");
    }
    let text = coefficients(&["g.csv", "--mods", "0 + g", "--transf", "ilogit"]);
    assert!(text.contains("proportion") && !text.contains("a slope there"), "{text}");
    assert!(coefficients(&["g.csv", "--mods", "0 + g", "--transf", "ilogit", "--format", "csv"]).contains("transf_"));
}

#[test]
fn a_measure_in_small_letters_is_the_same_measure() {
    let folder = Folder::with_data("scales-code");
    let of =
        |code: &str| stdout(&folder.run(["meta", "data/published/bcg.csv", "--measure", code, "--egger", "--json"]));
    assert!(of("OR").contains("goes with its own standard error"));
    assert_eq!(of("or"), of("OR"));
}

/// `predict(rma(yi, vi, mods = ~ 0 + g, test = "knha", control = list(threshold = 1e-13)), diag(3))`, and the same with
/// `test = "t"`: the common τ² is estimated from all five studies, whose degrees of freedom are two.
#[test]
fn a_common_variance_has_the_degrees_of_freedom_of_all_groups() {
    let case = Case::new("scales-common", GROUPS);
    let of =
        |test: &str| case.meta(&["--subgroup", "g", "--common-tau2", "--test", test])["subgroup"]["groups"].clone();
    let interval = |group: &Value, name: &str| numbers(&group[name]);
    let knha = of("knha");
    near(&interval(&knha[0], "ci"), &[-2.236341596907, 0.352975729022], 1e-9);
    near(&interval(&knha[0], "pi"), &[-2.5014446552325, 0.6180787873471], 1e-9);
    near(&interval(&knha[2], "ci"), &[-1.20904454256, 1.40904454256], 1e-9);
    let t = of("t");
    near(&interval(&t[1], "ci"), &[-0.637283077668, 1.812640928909], 1e-9);
    near(&interval(&t[1], "pi"), &[-0.9147349598025, 2.0900928110436], 1e-9);
    // Riley's has a degree of freedom less, and is wider.
    let riley = case.meta(&["--subgroup", "g", "--common-tau2", "--pi-type", "riley"])["subgroup"]["groups"].clone();
    let own_t = case.meta(&["--subgroup", "g", "--common-tau2", "--pi-type", "t"])["subgroup"]["groups"].clone();
    assert!(interval(&riley[0], "pi")[1] > 1.5 * interval(&own_t[0], "pi")[1], "{riley} {own_t}");
}

/// The counts of groups of rows that were averaged are those of no study.
#[test]
fn averaged_counts_are_not_tested() {
    let case = Case::new("scales-aggregate", "study,ai,bi,ci,di,g\na,3,17,5,15,x\nb,2,30,6,24,x\nc,4,16,5,15,y\n");
    for flag in ["--harbord", "--peters"] {
        let call = ["meta", "t.csv", "--measure", "OR", "--aggregate", "g", "--rho", "0.2", flag];
        assert!(case.refused(&call).contains("--aggregate averages these"), "{flag}");
    }
}

/// Two effects of one study and two coefficients leave nothing to differ: `rma.mv` has QE 0 and p 1.
#[test]
fn a_saturated_model_of_dependent_effects_has_no_heterogeneity() {
    let case = Case::new("scales-saturated", "study,g,yi,v1,v2\na,1,0.5,0.1,0.02\nb,1,0.3,0.02,0.1\n");
    let found = case.meta(&["--v-cluster", "g", "--v-block", "v1,v2", "--mods", "study"]);
    assert!(found["QE"] == 0.0 && found["QE_df"] == 0.0 && found["QE_p"] == 1.0, "{found}");
}

#[test]
fn a_profile_of_nothing_is_told_and_is_no_table() {
    let case = Case::new("scales-profile", SLOPE);
    let given = ["--random", "1 | study", "--sigma2", "0.05", "--profile"];
    let found = case.meta(&given);
    assert!(notes(&found).contains("--profile gives nothing: no variance and no correlation is estimated"), "{found}");
    let call = [&["meta", "t.csv", "--format", "csv"], &given[..]].concat();
    assert!(case.refused(&call).contains("there is nothing to write as CSV"));
    let folder = Folder::new("scales-profile-text");
    folder.write("t.csv", SLOPE);
    let text = |more: &[&str]| stdout(&folder.run([&["meta", "t.csv", "--random", "1 | study"], more].concat()));
    assert!(!text(&["--sigma2", "0.05"]).contains("by profile likelihood"));
    assert!(text(&[]).contains("by profile likelihood"));
}

/// A study without an event in either group has no effect of its own: a group with one other study has no I².
#[test]
fn one_effect_says_nothing_of_heterogeneity() {
    let folder = Folder::new("scales-one");
    folder.write("t.csv", "study,ai,n1i,ci,n2i,g\nA,3,20,5,21,x\nB,0,20,0,20,x\nC,2,20,5,21,y\nD,4,20,5,21,y\n");
    for method in [&["--mh"][..], &["--peto"]] {
        let call = [&["meta", "t.csv", "--measure", "OR", "--subgroup", "g", "--leave-one-out"], method].concat();
        let text = stdout(&folder.run(if method == ["--peto"] { [&call[..2], &call[4..]].concat() } else { call }));
        let row = text.lines().find(|line| line.trim_start().starts_with("x ")).unwrap_or_default();
        assert!(row.contains('—') && !row.contains("0.0"), "{text}");
        assert!(!text.contains("tau²"), "{text}");
    }
    folder.write("z.csv", "study,ai,n1i,ci,n2i\nA,3,20,5,21\nB,0,20,0,20\n");
    let output = folder.run(["meta", "z.csv", "--measure", "OR", "--mh", "--leave-one-out", "--json"]);
    assert!(notes(&json_of(&output)).contains("without 1 of the studies in turn the rest cannot be fitted"));
}

/// `escalc(measure = "MPORM")` and `escalc(measure = "REH")` keep these as `ni`.
#[test]
fn sizes_count_everybody_once() {
    let case = Case::new("scales-mporm", "ai,bi,ci,di,ri\n40,60,50,50,.3\n30,20,25,25,.4\n60,20,50,30,.2\n");
    // `rma(yi, vi, mods = ~ ni, data = escalc("MPORM", ...))`: the slope per person, not per half of one.
    let found = case.meta(&["--measure", "MPORM", "--mods", "ni"]);
    let doubled =
        Case::new("scales-mporm-x", "ai,bi,ci,di,ri,x\n40,60,50,50,.3,100\n30,20,25,25,.4,50\n60,20,50,30,.2,80\n");
    let by_hand = doubled.meta(&["--measure", "MPORM", "--mods", "x"]);
    let slope = |of: &Value| of["coefficients"][1]["estimate"].as_f64().unwrap();
    assert!((slope(&found) / slope(&by_hand) - 1.0).abs() < 1e-9, "{found}");
    let reh = Case::new("scales-reh", "ai,bi,ci\n40,60,50\n30,20,25\n60,20,50\n20,10,40\n");
    assert!(!reh.meta(&["--measure", "REH", "--egger", "--egger-predictor", "ni"])["egger"].is_null());
}

/// A reported effect without an interval, SE or p cannot be taken; the values that are taken instead say why.
#[test]
fn a_reported_effect_that_is_not_taken_is_told() {
    let folder = Folder::with_data("scales-reported");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/trials/als-edaravone-mci186-19-2017.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let estimate = text.find("[[estimate]]").unwrap();
    let (before, of) = text.split_at(estimate);
    let drop = |line: &&str| !["ci =", "se =", "p ="].iter().any(|key| line.trim_start().starts_with(key));
    let without: Vec<&str> = of.lines().filter(drop).collect();
    folder.write("r.toml", format!("{before}{}\n", without.join("\n")));
    let call = ["meta", "r.toml", "--outcome", "alsfrs-r-change", "--measure", "MD", "--reported", "--json"];
    let output = folder.run(call);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(notes(&json_of(&output)).contains("what it reports itself is not taken"), "{}", stdout(&output));
}

/// What models with several variances do not have is null, and the notes say why.
#[test]
fn nulls_of_groups_say_why() {
    let case = Case::new(
        "scales-nulls",
        "study,g,yi,vi\na,1,0.5,0.1\nb,1,0.3,0.02\nc,2,0.9,0.05\nd,2,0.1,0.05\ne,3,0.4,0.1\n",
    );
    let found = case.meta(&["--random", "1 | g", "--leave-one-out", "--influence"]);
    for (key, absent) in [("leave_one_out", "I2"), ("influence", "hat")] {
        let row = &found[key][0];
        assert!(row.get(absent).is_some_and(Value::is_null), "{row}");
        assert!(notes(&found).contains(absent), "{found}");
    }
    assert!(found["influence"][0]["QE_del"].is_f64());
}
