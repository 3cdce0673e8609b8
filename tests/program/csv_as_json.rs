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
