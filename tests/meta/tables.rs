//! The tables that `reffect meta --format csv` holds (`--table`): each has the numbers of the JSON document.

use crate::common::cli::{Folder, json_of, stderr, stdout, within};
use serde_json::Value;

const BCG: [&str; 3] = ["meta", "data/published/bcg.csv", "--mods"];

/// The rows of a table of a call, each a list of names and cells.
fn rows(folder: &Folder, call: &[&str], table: &str) -> Vec<Vec<(String, String)>> {
    let output = folder.run([call, &["--format", "csv", "--table", table]].concat());
    assert_eq!(output.status.code(), Some(0), "{call:?} {table}: {}", stderr(&output));
    let text = stdout(&output);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let named = |row: csv::StringRecord| header.iter().zip(&row).map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    reader.records().map(|row| named(row.unwrap())).collect()
}

#[track_caller]
fn cell(row: &[(String, String)], name: &str) -> Value {
    let found = row.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name} in {row:?}"));
    found.1.parse::<f64>().map_or_else(|_| Value::from(found.1.as_str()), Value::from)
}

#[test]
fn the_model_is_one_row_and_each_study_another() {
    let folder = Folder::with_data("tables-uni");
    let call = [&BCG[..], &["ablat"]].concat();
    let found = json_of(&folder.run([&call[..], &["--json"]].concat()));
    let model = rows(&folder, &call, "model");
    assert_eq!((model.len(), cell(&model[0], "method")), (1, "REML".into()));
    for (column, place) in [
        ("tau2", "/tau2"),
        ("tau2_ci_upper", "/tau2_ci/1"),
        ("I2_ci_lower", "/I2_ci/0"),
        ("QM_p", "/QM_p"),
        ("fit_aicc", "/fit/aicc"),
        ("R2", "/R2"),
    ] {
        within(&cell(&model[0], column), found.pointer(place).unwrap().as_f64().unwrap(), 1e-12);
    }
    let studies = rows(&folder, &call, "studies");
    assert_eq!((studies.len(), cell(&studies[12], "slab")), (13, "Comstock et al 1976".into()));
    within(&cell(&studies[12], "weight"), found["studies"][12]["weight"].as_f64().unwrap(), 1e-12);
    within(&cell(&studies[12], "x_ablat"), 33.0, 1e-12);
    let vcov = rows(&folder, &call, "vcov");
    within(&cell(&vcov[1], "intrcpt"), found["vcov"][1][0].as_f64().unwrap(), 1e-12);
    assert_eq!(cell(&vcov[1], "name"), "ablat");
}

/// Several extras may be asked for where one is named; without a name the call is refused.
#[test]
fn one_of_several_extras_is_named() {
    let folder = Folder::with_data("tables-extras");
    let call = [&BCG[..], &["ablat + alloc", "--btt", "alloc", "--btt", "1:2", "--profile", "--influence"]].concat();
    let refused = folder.run([&call[..], &["--format", "csv"]].concat());
    assert!(
        stderr(&refused).contains("3 were asked for") && stderr(&refused).contains("--table"),
        "{}",
        stderr(&refused)
    );
    let tests = rows(&folder, &call, "btt");
    assert_eq!((tests.len(), cell(&tests[0], "coefficients")), (2, "allocrandom; allocsystematic".into()));
    let profile = rows(&folder, &call, "profile");
    let found = json_of(&folder.run([&call[..], &["--json"]].concat()));
    assert_eq!(profile.len(), found["profile"][0]["points"].as_array().unwrap().len());
    within(&cell(&profile[7], "loglik"), found["profile"][0]["points"][7]["loglik"].as_f64().unwrap(), 1e-12);
    assert_eq!(rows(&folder, &call, "influence").len(), 13);
    assert_eq!(rows(&folder, &call, "coefficients").len(), 4);
}

#[test]
fn variances_and_correlations_stand_in_one_table() {
    let folder = Folder::with_data("tables-levels");
    let model = ["meta", "data/published/berkey1998.csv", "--random", "outcome | trial", "--struct", "UN"];
    let call = [&model[..], &["--mods", "0 + outcome", "--v-block", "v1i,v2i", "--v-cluster", "trial"]].concat();
    let found = json_of(&folder.run([&call[..], &["--json"]].concat()));
    let table = rows(&folder, &call, "variances");
    let kinds: Vec<Value> = table.iter().map(|row| cell(row, "kind")).collect();
    assert_eq!(kinds, ["variance", "variance", "correlation"]);
    within(&cell(&table[1], "ci_upper"), found["tau2_ci"][1][1].as_f64().unwrap(), 1e-12);
    within(&cell(&table[2], "estimate"), found["rho"].as_f64().unwrap(), 1e-12);
    assert_eq!(cell(&table[2], "name"), "outcome | trial: AL, PD");
}
