//! Tables as they are given: visits as numbers, levels that are numbers, identifiers of many digits, names in
//! backticks.

use crate::common::cli::{Folder, json_of, stderr, stdout, within};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

/// The table of 27 children at four ages with visits on other scales.
fn children() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/published/orthodont.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let mut table = String::from("distance,age,Subject,Sex,v,q,neg,tx,month,my age,x,lab\n");
    for (row, line) in text.lines().skip(1).enumerate() {
        let age: usize = line.split(',').nth(1).unwrap().parse().unwrap();
        let at = (age - 8) / 2;
        let (q, neg) = ([0.08, 0.25, 0.5, 0.75][at], [-10, -6, -2, -1][at]);
        let (x, lab) = (if row < 3 { "" } else { "1.5" }, if row % 2 == 0 { "10" } else { "other" });
        writeln!(table, "{line},{},{q},{neg},t{q},month.{},{age},{x},{lab}", at + 1, 2 * at + 2 + 4 * (at / 2))
            .unwrap();
    }
    table
}

fn call(table: &str, new: &str, args: &[&str]) -> std::process::Output {
    let folder = Folder::new("as-given");
    folder.write("t.csv", table);
    folder.write("new.csv", new);
    folder.run([&["fit"], args].concat())
}

fn fitted(table: &str, new: &str, args: &[&str]) -> Value {
    let output = call(table, new, &[args, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    json_of(&output)
}

/// nlme 3.1-162: `-2 * logLik(gls(distance ~ Sex, correlation = corAR1(form = ~ v | Subject)))`, and `corCAR1` of `q`
/// and `neg`, with tolerances of 1e-10; and the coefficient of boys.
#[test]
fn visits_that_are_numbers_stand_in_the_order_of_numbers() {
    let table = children();
    for (structure, time, criterion, boys) in [
        ("ar1", "v", 485.03652727, 2.42090963),
        ("ar1", "q", 485.03652727, 2.42090963),
        ("ar1", "neg", 485.03652727, 2.42090963),
        ("ar1", "tx", 485.03652727, 2.42090963),
        // month.2, month.4, month.10, month.12.
        ("ar1", "month", 485.03652727, 2.42090963),
        ("car1", "q", 484.57169179, 2.44844782),
        ("car1", "neg", 491.87808262, 2.26138506),
    ] {
        let args = ["distance ~ Sex", "t.csv", "--residual", structure, "--time", time, "--subject", "Subject"];
        let found = fitted(&table, "", &args);
        within(&found["criterion"], criterion, 1e-5);
        within(&found["fixef"][1]["estimate"], boys, 1e-5);
    }
}

/// Of complete data the means of a model with all visits are plain ones: those of eleven girls and sixteen boys at 12
/// years are 23.0909… and 25.71875, by R's `tapply(distance, list(Sex, age), mean)`; the standard error is that of
/// `gls` with `corSymm` and `varIdent`.
#[test]
fn a_number_that_is_a_factor_is_held_where_the_call_says() {
    let table = children();
    let model = ["distance ~ factor(age) * Sex", "t.csv", "--residual", "us", "--time", "age", "--subject", "Subject"];
    let own = [&model[..], &["--df", "satterthwaite", "--emmeans"]].concat();
    let found = fitted(&table, "", &[&own[..], &["Sex", "--at", "age=12"]].concat());
    within(&found["emmeans"][0]["estimate"], 254.0 / 11.0, 1e-6);
    within(&found["emmeans"][1]["estimate"], 25.71875, 1e-6);
    within(&found["emmeans_contrasts"][0]["estimate"], 2.62784091, 1e-6);
    within(&found["emmeans_contrasts"][0]["se"], 0.99517242, 1e-4);
    assert!(!found["notes"].to_string().contains("over the levels of age"), "{}", found["notes"]);
    let by_age = fitted(&table, "", &[&own[..], &["age", "--at", "age=12"]].concat());
    assert_eq!(by_age["emmeans"].as_array().unwrap().len(), 1);
    within(&by_age["emmeans"][0]["estimate"], (254.0 / 11.0 + 25.71875) / 2.0, 1e-6);
    for (at, told) in
        [(&["--at", "age=9"][..], "no level `9`"), (&["--at", "age=8", "--at", "age=12"], "names age twice")]
    {
        let output = call(&table, "", &[&own[..], &["Sex"], at].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
    }
}

/// Eight patients at four times.
const Y: [[f64; 4]; 8] = [
    [6.352, 7.709, 7.761, 8.75],
    [-4.621, -4.658, -4.681, -4.15],
    [-1.824, -2.144, -0.515, -1.185],
    [-8.403, -9.685, -9.737, -8.425],
    [0.743, 0.135, 1.481, 0.052],
    [3.065, 4.424, 4.95, 5.449],
    [-0.257, -4.074, -0.374, -0.129],
    [-0.29, -2.497, -1.304, -2.958],
];

/// The table of the eight under names.
fn patients(name: impl Fn(usize) -> String) -> String {
    let mut table = String::from("patient,t,y\n");
    for (patient, values) in Y.iter().enumerate() {
        for (t, y) in values.iter().enumerate() {
            writeln!(table, "{},{t},{y}", name(patient + 1)).unwrap();
        }
    }
    table
}

/// lme4 1.1-31: `predict(lmer(y ~ t + (1 | patient)), data.frame(patient = c("01", "02", "N9"), t = 4),
/// allow.new.levels = TRUE)`, with the names as texts.
const PREDICTED: [f64; 3] = [8.068167600, -3.979414235, -0.148500000];

#[test]
fn identifiers_of_many_digits_are_names() {
    type Name = fn(usize) -> String;
    let names: [Name; 5] = [
        |at| format!("２０２３０１０１００００００００{at}"),
        |at| format!("−2023010100000000{at}"),
        |at| format!("2023010100000000{at}"),
        |at| format!("202301010000000{at}"),
        |at| format!("P2023010100000000{at}"),
    ];
    for name in names {
        let new = format!("patient,t\n{},4\n{},4\n", name(1), name(2));
        let args = ["y ~ t + (1 | patient)", "t.csv", "--predict", "new.csv", "--ranef"];
        let found = fitted(&patients(name), &new, &args);
        assert_eq!(found["groups"][0]["levels"], 8);
        assert_eq!(found["ranef"]["patient"][1]["level"], name(2));
        within(&found["predict"][0]["conditional"], PREDICTED[0], 1e-5);
        within(&found["predict"][1]["conditional"], PREDICTED[1], 1e-5);
    }
    // Times in microseconds are numbers: doubles hold each of them.
    let micro = "g,us,y\na,1700000000000000,1\na,1700086400000000,2\nb,1700000000000000,2\nb,1700172800000000,5\nc,1700086400000000,3\nc,1700172800000000,4\n";
    let found = fitted(micro, "g,us\na,1700000000000000\n", &["y ~ us + (1 | g)", "t.csv", "--predict", "new.csv"]);
    assert_eq!(found["fixef"].as_array().unwrap().len(), 2);
    let output = call("g,t,y\na,1,12345678901234567\na,2,1\nb,1,2\nb,2,3\n", "", &["y ~ t + (1 | g)", "t.csv"]);
    assert!(
        stderr(&output).contains("identifiers of more than 15 digits, such as `12345678901234567`"),
        "{}",
        stderr(&output)
    );
}

/// A new patient beside known ones leaves them known.
#[test]
fn known_patients_stay_known_beside_new_ones() {
    let table = patients(|at| format!("0{at}"));
    let args = ["y ~ t + (1 | patient)", "t.csv", "--predict", "new.csv"];
    let found = fitted(&table, "patient,t\n01,4\n02,4\nN9,4\n", &args);
    for (row, expected) in PREDICTED.iter().enumerate() {
        within(&found["predict"][row]["conditional"], *expected, 1e-5);
    }
    assert!(found["notes"].to_string().contains("row 3 of --predict: patient is new to the fit"), "{}", found["notes"]);
    let known = fitted(&table, "patient,t\n01,4\n02,4\n", &args);
    assert!(!known["notes"].to_string().contains("--predict"), "{}", known["notes"]);
}

/// A factor of texts stays one where the new rows hold those of its levels that look like numbers.
#[test]
fn levels_that_look_like_numbers_are_levels() {
    let args = ["distance ~ lab + (1 | Subject)", "t.csv", "--predict", "new.csv"];
    let found = fitted(&children(), "lab,Subject\n10,new\n", &args);
    within(&found["predict"][0]["population"], found["fixef"][0]["estimate"].as_f64().unwrap(), 1e-9);
}

/// A name in backticks has the slopes of the same column under a plain one: at 11 years the change of the slope is the
/// coefficient that was added.
#[test]
fn slopes_of_a_column_in_backticks_are_told() {
    let table = children();
    let of = |formula: &str, time: &str| fitted(&table, "", &[formula, "t.csv", "--change-at", "11", "--time", time]);
    let (plain, quoted) =
        (of("distance ~ age * Sex + (1 | Subject)", "age"), of("distance ~ `my age` * Sex + (1 | Subject)", "my age"));
    let names: Vec<&Value> = quoted["fixef"].as_array().unwrap().iter().map(|of| &of["name"]).collect();
    assert!(names.contains(&&Value::from("`my age_after_11`")), "{names:?}");
    let slopes = |of: &Value| {
        let rows = of["slopes"].as_array().unwrap().clone();
        rows.iter().map(|row| (row["of"].clone(), row["estimate"].as_f64().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(slopes(&quoted).len(), 6);
    for ((one, value), (other, expected)) in slopes(&quoted).iter().zip(slopes(&plain)) {
        assert!(*one == other && (value - expected).abs() < 1e-9, "{one} {value} {expected}");
    }
    // Those of the reference stand among them, and nowhere else.
    assert!(quoted["contrasts"].is_null() && plain["contrasts"].is_null());
}

/// R keeps a variable behind a minus in the model frame: `nobs(lmer(distance ~ age + x - x + (1 | Subject)))` is 105 of
/// 108 rows, as three have no x.
#[test]
fn rows_without_a_variable_behind_a_minus_are_left_out() {
    for formula in ["distance ~ age + x - x + (1 | Subject)", "distance ~ -x + age + (1 | Subject)"] {
        let found = fitted(&children(), "", &[formula, "t.csv"]);
        assert_eq!(found["n"], 105, "{formula}");
        assert_eq!(found["fixef"].as_array().unwrap().len(), 2);
    }
}

/// A fit that cannot be made is an error of the call, and no contradiction of numbers.
#[test]
fn levels_without_a_fit_are_an_error_of_the_call() {
    let output = call(&children(), "", &["distance ~ Sex + (1 | Subject)", "t.csv", "--each", "Sex"]);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(stderr(&output).contains("Sex has one level in these rows"), "{}", stderr(&output));
}
