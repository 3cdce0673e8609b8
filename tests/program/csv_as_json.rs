//! The tables of CSV hold the numbers of JSON, each with what it is.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::Value;

const BCG: &str = "data/published/bcg.csv";

/// The rows of a table, each as pairs of a column and its field.
fn rows(folder: &Folder, call: &[&str]) -> Vec<Vec<(String, String)>> {
    let output = folder.run(call.iter().copied().chain(["--format", "csv"]));
    assert!(output.status.success(), "{call:?}: {}", stderr(&output));
    let text = stdout(&output);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let fields = |record: csv::StringRecord| header.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| fields(record.unwrap())).collect()
}

fn field<'a>(row: &'a [(String, String)], name: &str) -> &'a str {
    row.iter().find(|(known, _)| known == name).map_or_else(|| panic!("{name} in {row:?}"), |(_, text)| text)
}

/// Fails unless the field is this number of JSON.
#[track_caller]
fn same(row: &[(String, String)], name: &str, expected: &Value) {
    let found: f64 = field(row, name).parse().unwrap();
    assert!((found - expected.as_f64().unwrap()).abs() <= 1e-14 * found.abs(), "{name}: {found} for {expected}");
}

#[test]
fn corrections_for_bias_have_their_effect() {
    let folder = Folder::with_data("csv-bias");
    for (call, key) in [(&["--trimfill"][..], "trimfill"), (&["--selmodel", "beta"], "selmodel")] {
        let call = [&["meta", BCG, "--transf", "exp"][..], call].concat();
        let expected = json_of(&folder.run(call.iter().chain(&["--json"])))[key]["coefficients"][0].clone();
        let found = rows(&folder, &call);
        assert_eq!((found.len(), field(&found[0], "name")), (1, "intrcpt"));
        same(&found[0], "estimate", &expected["estimate"]);
        same(&found[0], "ci_upper", &expected["ci"][1]);
        let ratio: f64 = field(&found[0], "transf_ci_upper").parse().unwrap();
        assert!((ratio - expected["ci"][1].as_f64().unwrap().exp()).abs() < 1e-12);
    }
    for (call, column) in [
        (&["--hc"][..], "transf_estimate"),
        (&["--egger"], "limit_transf_ci_lower"),
        (&["--contrast", "x=1"], "transf_estimate"),
    ] {
        let found = rows(&folder, &[&["meta", BCG, "--transf", "exp"][..], call].concat());
        assert!(field(&found[0], column).parse::<f64>().unwrap() > 0.0, "{call:?}");
    }
}

#[test]
fn each_coefficient_without_a_study_has_a_row() {
    let folder = Folder::with_data("csv-without");
    let call = ["meta", BCG, "--random", "1 | trial", "--mods", "ablat", "--leave-one-out"];
    let expected = json_of(&folder.run(call.iter().chain(&["--json"])))["leave_one_out"].clone();
    let found = rows(&folder, &call);
    assert_eq!(found.len(), 26);
    for (at, row) in found.iter().enumerate() {
        let of = &expected[at / 2]["coefficients"][at % 2];
        assert_eq!(field(row, "name"), of["name"]);
        same(row, "se", &of["se"]);
    }
}

#[test]
fn parts_of_a_scale_model_are_told_apart() {
    let folder = Folder::with_data("csv-scale");
    let call = ["meta", BCG, "--scale", "ablat", "--transf", "exp"];
    let found = rows(&folder, &call);
    let parts: Vec<&str> = found.iter().map(|row| field(row, "part")).collect();
    assert_eq!(parts, ["mean", "ln tau2", "ln tau2"]);
    let ratios: Vec<bool> = found.iter().map(|row| field(row, "transf_estimate").is_empty()).collect();
    assert_eq!(ratios, [false, true, true]);
    let expected = json_of(&folder.run(call.iter().chain(&["--json"])));
    let model = rows(&folder, &[&call[..], &["--table", "model"]].concat());
    same(&model[0], "QS", &expected["scale"]["QS"]);
}

#[test]
fn tests_of_counts_and_shares_of_variances_have_a_table() {
    let folder = Folder::with_data("csv-tables");
    let mh = ["meta", BCG, "--mh", "--measure", "OR"];
    let expected = json_of(&folder.run(mh.iter().chain(&["--json"])))["mh"].clone();
    let found = rows(&folder, &[&mh[..], &["--table", "mh"]].concat());
    for name in ["MH", "MH_p", "TA", "BD_p"] {
        same(&found[0], name, &expected[name]);
    }
    let levels = ["meta", BCG, "--random", "1 | trial"];
    let expected = json_of(&folder.run(levels.iter().chain(&["--json"])))["I2_levels"].clone();
    let found = rows(&folder, &[&levels[..], &["--table", "variances"]].concat());
    let i2: Vec<_> = found.iter().filter(|row| field(row, "kind") == "I2").collect();
    same(i2[0], "estimate", &expected["parts"][0]["I2"]);
    same(i2[1], "estimate", &expected["total"]);
}

#[test]
fn a_mixed_model_has_its_criteria() {
    let folder = Folder::with_data("csv-fit");
    let call = ["fit", "alsfrs ~ month + (1 | patient)", "data/examples/als-40.csv"];
    let expected = json_of(&folder.run(call.iter().chain(&["--json"])));
    let found = rows(&folder, &[&call[..], &["--table", "model"]].concat());
    for name in ["aic", "bic", "loglik"] {
        same(&found[0], name, &expected[name]);
    }
    for name in ["r2_marginal", "icc"] {
        same(&found[0], name, &expected["shares"][name]);
    }
}

#[test]
fn effects_have_every_number() {
    let folder = Folder::new("csv-effects");
    let of_kind = |all: &[Vec<(String, String)>], kind: &str| -> Vec<Vec<(String, String)>> {
        all.iter().filter(|row| field(row, "kind") == kind).cloned().collect()
    };
    let pair = ["effect", "--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "-n", "7"];
    let expected = json_of(&folder.run(pair.iter().chain(&["--json"])))["contrasts"][0].clone();
    let found = rows(&folder, &pair);
    let whatever = of_kind(&found, "every-r");
    same(&whatever[0], "ci_lower", &expected["widest_ci"][0]);
    let t = whatever.iter().find(|row| field(row, "measure") == "t").unwrap();
    same(t, "ci_upper", &expected["r_bounds"]["t"][1]);
    let ratios = of_kind(&found, "ratio");
    assert_eq!(ratios.len(), 6);
    same(&ratios[1], "ci_upper", &expected["scenarios"][0]["ratio"]["ci"][1]);
    let test = of_kind(&found, "test");
    same(&test[0], "p_rounding_upper", &expected["scenarios"][0]["test"]["p_rounding"][1]);
    let told = of_kind(&found, "note").iter().map(|row| field(row, "notes").to_owned()).collect::<String>();
    assert!(told.contains("± is read as the sample SD"), "{told}");

    let groups =
        ["effect", "--group1", "2.9 ± 1.1", "--n1", "7", "--group2", "0.4 ± 0.8", "--n2", "8", "--level", "0.9"];
    let expected = json_of(&folder.run(groups.iter().chain(&["--json"])))["contrasts"][0]["NNT"].clone();
    let found = of_kind(&rows(&folder, &groups), "needed-to-treat");
    same(&found[0], "estimate", &expected["estimate"]);
    assert_eq!(field(&found[0], "level"), "0.9");

    let control = ["--control-before", "3 ± 1", "--control-after", "2 ± 1", "--control-n", "8", "--r", "0.5"];
    let call = [&pair[..], &control].concat();
    let expected = json_of(&folder.run(call.iter().chain(&["--json"])))["contrasts"][0].clone();
    let found = rows(&folder, &call);
    let difference = found.iter().find(|row| field(row, "measure") == "difference-of-changes").unwrap();
    same(difference, "rounding_upper", &expected["difference_of_changes"]["rounding"][1]);

    let estimate = ["effect", "--estimate", "0.21 (0.06–0.76)", "--kind", "hazard-ratio", "--estimate-p", "p = 0.03"];
    let call = [&estimate[..], &["--level", "0.9"]].concat();
    let expected = json_of(&folder.run(call.iter().chain(&["--json"])));
    let found = rows(&folder, &call);
    assert_eq!(field(&found[0], "level"), "0.9");
    same(&of_kind(&found, "test")[0], "p_rounding_lower", &expected["reported"][0]["p_of_interval"][0]);
    assert_eq!(of_kind(&found, "check").len(), expected["checks"].as_array().unwrap().len());
}

/// A number needed to treat belongs to what followed a treatment: here two occasions came before it.
#[test]
fn nothing_is_needed_to_treat_before_treatment() {
    let folder = Folder::with_data("csv-start");
    let found = json_of(&folder.run(["effect", "data/trials/als-edaravone-mci186-19-2017.toml", "--json"]));
    let all = found["contrasts"].as_array().unwrap();
    let of = |occasion: &str| -> Vec<bool> {
        let own = all.iter().filter(|of| of["design"] == "two-group" && of["occasion"] == occasion);
        own.map(|of| of["NNT"].is_null()).collect()
    };
    for occasion in ["observation", "baseline"] {
        assert!(!of(occasion).is_empty() && of(occasion).iter().all(|is_null| *is_null), "{occasion}");
    }
    assert!(of("week-24").contains(&false));
}

/// Values of a release are told apart from changes, with what their spread is.
#[test]
fn cells_are_told_with_what_they_are() {
    let folder = Folder::with_data("csv-show");
    let found = rows(&folder, &["show", "data/trials"]);
    let cells: Vec<_> = found.iter().filter(|row| field(row, "kind") == "outcome").collect();
    let has = |name: &str, text: &str| cells.iter().any(|row| field(row, name) == text);
    assert!(has("quantity", "value") && has("quantity", "change") && has("spread", "sd"));
}

/// What a table has no place for is told beside it, and nothing with --quiet.
#[test]
fn notes_are_told_beside_the_table() {
    let folder = Folder::new("csv-notes");
    folder.write("m.csv", "study,yi,vi\na,0.1,0.04\nb,0.3,0.05\nc,NA,0.02\nd,0.5,\ne,-0.2,0.03\n");
    folder.write("f.csv", "y,x,g\n1,1,a\n2,2,a\nNA,3,a\n2,1,b\n3,2,b\n5,3,b\n3,1,c\n5,2,c\n4,3,c\n");
    for (call, told) in [
        (&["meta", "m.csv"][..], "line 4 left out: yi is missing"),
        (&["meta", "m.csv", "--table", "studies"], "line 5 left out: vi is missing"),
        (&["meta", "m.csv", "--random", "1 | study"], "line 4 left out: yi is missing"),
        (&["fit", "y ~ x + (1 | g)", "f.csv"], "line 4 left out: y is missing"),
    ] {
        let call = [call, &["--format", "csv"]].concat();
        let output = folder.run(&call);
        assert!(stderr(&output).contains(told) && !stdout(&output).contains(told), "{call:?}: {}", stderr(&output));
        let of_json = call.iter().filter(|word| !["--format", "csv", "--table", "studies"].contains(word));
        let json = json_of(&folder.run(of_json.chain(&["--json"])));
        assert_eq!(stderr(&output).lines().count(), json["notes"].as_array().unwrap().len(), "{call:?}");
        assert_eq!(stderr(&folder.run([&call[..], &["--quiet"]].concat())), "");
    }
}

/// The only row of a kind and a measure.
fn only<'a>(all: &'a [Vec<(String, String)>], column: [&str; 2], values: [&str; 2]) -> &'a [(String, String)] {
    let is_it = |row: &&Vec<(String, String)>| (0..2).all(|at| field(row, column[at]) == values[at]);
    let found: Vec<_> = all.iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{values:?}: {all:?}");
    found[0]
}

#[test]
fn effects_have_every_number_of_json() {
    let folder = Folder::with_data("csv-effects");
    let kind = |all: &[Vec<(String, String)>], kind, measure| only(all, ["kind", "measure"], [kind, measure]).to_vec();
    let call = ["effect", "--before", "5.1 ± 1.7", "--after", "4.1 ± 1.6", "-n", "7", "--p", "0.03"];
    let json = json_of(&folder.run(call.iter().chain(&["--json"])))["contrasts"][0]["r_recovered"].clone();
    let recovered = kind(&rows(&folder, &call), "r-recovered", "correlation");
    same(&recovered, "estimate", &json["r"]);
    same(&recovered, "rounding_lower", &json["rounding"][0]);
    assert_eq!(field(&recovered, "notes"), "recovered from p = 0.03");

    let without = rows(&folder, &["effect", "--before", "5.1 ± 0", "--after", "4.1 ± 0", "-n", "7"]);
    let needed = kind(&without, "r-needed", "paired-t");
    assert!(field(&needed, "estimate").is_empty() && field(&needed, "notes").contains("SDs are 0"), "{needed:?}");

    let call = ["effect", "--estimate", "0.21 (0.06–0.76)", "--kind", "hazard-ratio"];
    let json = json_of(&folder.run(call.iter().chain(&["--json"])))["reported"][0].clone();
    let all = rows(&folder, &call);
    let [reported, se] = ["reported", "se"].map(|of| kind(&all, of, "hazard-ratio"));
    assert_eq!(field(&reported, "notes"), "reported as 0.21 (0.06 to 0.76); here on the scale of its logarithm");
    same(&se, "estimate", &json["se"]);
    same(&se, "rounding_lower", &json["se_rounding"][0]);

    let method = |all: &[Vec<(String, String)>], of, by| only(all, ["measure", "method"], [of, by]).to_vec();
    let call = ["effect", "--paired-table", "3,5,1,9"];
    let json = json_of(&folder.run(call.iter().chain(&["--json"])))["paired_table"]["mcnemar"].clone();
    same(&method(&rows(&folder, &call), "mcnemar", "chi-squared"), "estimate", &json["statistic"]);
    let none = method(&rows(&folder, &["effect", "--paired-table", "3,0,0,9"]), "mcnemar", "exact");
    assert_eq!(field(&none, "notes"), "no test: no pair is discordant");
    let equal = rows(&folder, &["effect", "--table", "5,5,1,1"]);
    let needed = equal.iter().find(|row| field(row, "measure").starts_with("NNT")).unwrap();
    assert!(field(needed, "notes").contains("risks do not differ"), "{needed:?}");
}

/// At the Poisson limit the dispersion has one end and no estimate.
#[test]
fn a_dispersion_without_an_estimate_has_its_interval() {
    let folder = Folder::with_data("csv-poisson-limit");
    let model = "relapses ~ after + (1 | patient)";
    let call = ["fit", model, "data/examples/relapses.csv", "--family", "nbinom2", "--ci", "profile"];
    let json = json_of(&folder.run(call.iter().chain(&["--json"])));
    assert!(json["dispersion"].is_null(), "{json}");
    let all = rows(&folder, &[&call[..], &["--table", "varcorr"]].concat());
    let row = all.iter().find(|row| field(row, "kind") == "dispersion").unwrap();
    assert_eq!(field(row, "estimate"), "");
    same(row, "ci_lower", &json["dispersion_ci"][0]);
}

/// A change that was given says so, as two cells do.
#[test]
fn a_change_is_told_as_it_was_given() {
    let folder = Folder::new("json-change");
    let of = json_of(&folder.run(["effect", "--change", "-1.0 ± 1.5", "-n", "7", "--spread", "se", "--json"]));
    let of = &of["contrasts"][0];
    assert_eq!((of["printed"]["change"].as_str(), of["spread"]["change"].as_str()), (Some("-1.0 ± 1.5"), Some("se")));
    assert_eq!(of["rounding"], "up-or-down");
}
