//! Tables that are separated or written in another way than a formula takes them, and what a fit says of them.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use std::process::Output;

fn fit(name: &str, table: &str, args: &[&str]) -> Output {
    let folder = Folder::new(name);
    folder.write("t.csv", table);
    folder.run([&["fit", args[0], "t.csv"], &args[1..]].concat())
}

const FORMULA: &str = "y ~ t + (1 | id)";

const PLAIN: &str = "id,t,y\n1,0,5.1\n1,1,7.2\n2,0,5.3\n2,1,7.0\n3,0,5.7\n3,1,7.8\n";

#[test]
fn another_delimiter_is_recognised() {
    for (to, flag) in [(';', "--delimiter ';'"), ('\t', "--delimiter tab")] {
        let output = fit("undivided", &PLAIN.replace(',', &to.to_string()), &[FORMULA]);
        let told = stderr(&output);
        assert!(output.status.code() == Some(2) && told.contains(flag) && told.contains("one column"), "{told}");
    }
    // A decimal comma in the same file.
    let table = PLAIN.replace(',', ";").replace('.', ",");
    assert!(stderr(&fit("undivided-commas", &table, &[FORMULA])).contains("--delimiter ';'"));
    let divided = stderr(&fit("divided-commas", &table, &[FORMULA, "--delimiter", ";"]));
    assert!(divided.contains("`5,1`") && divided.contains("--decimal ','"), "{divided}");
    let output = fit("commas-told", &table, &[FORMULA, "--delimiter", ";", "--decimal", ","]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn decimal_commas_and_dates_are_told() {
    let table = "id,x,y\n1,\"0,5\",5.1\n1,\"1,5\",7.2\n2,\"0,5\",5.3\n2,\"1,5\",7.0\n3,\"0,5\",5.7\n3,\"1,5\",7.8\n";
    let told = stdout(&fit("commas", table, &["y ~ x + (1 | id)", "--json"]));
    assert!(told.contains("`0,5` has a decimal comma: read the table with --decimal ','"), "{told}");
    let table = "id,d,y\n1,2020-01-01,5.1\n1,2020-02-01,7.2\n2,2020-01-01,5.3\n2,2020-02-01,7.0\n3,2020-01-01,5.7\n3,2020-02-01,7.8\n";
    let told = stdout(&fit("dates", table, &["y ~ d + (1 | id)", "--json"]));
    assert!(told.contains("`2020-01-01` is a date") && told.contains("days since the start"), "{told}");
    let told = stderr(&fit("dates", table, &["d ~ y + (1 | id)"]));
    assert!(told.contains("holds texts") && told.contains("days since the start"), "{told}");
}

#[test]
fn conditions_may_begin_with_a_sign_and_take_numbers_in_quotes_as_r_does() {
    let rows = |condition: &str| {
        let output = fit("conditions", PLAIN, &["y ~ 1 + (1 | id)", "--json", "--subset", condition]);
        assert_eq!(output.status.code(), Some(0), "{condition}: {}", stderr(&output));
        json_of(&output)["n"].as_u64().unwrap()
    };
    assert_eq!(rows("-t > -2"), 6);
    // In R, id != '3' compares "1", "2" and "3" with "3".
    assert_eq!(rows("id != '3'"), 4);
    for (condition, hint) in
        [("id == '3.0'", "without quotes: 3"), ("id == 'c'", "`c` is none"), ("id < '3'", "without quotes: 3")]
    {
        let output = fit("conditions", PLAIN, &["y ~ 1 + (1 | id)", "--subset", condition]);
        assert!(output.status.code() == Some(2) && stderr(&output).contains(hint), "{condition}: {}", stderr(&output));
    }
}

#[test]
fn slips_in_conditions_and_events_as_measurements_are_told() {
    for (condition, hint) in
        [("id = 3", "equality is written =="), ("t > 0 & id", "on both sides of &"), ("id", "write one such as")]
    {
        let told = stderr(&fit("slips", PLAIN, &["y ~ 1 + (1 | id)", "--subset", condition]));
        assert!(told.contains(hint), "{condition}: {told}");
    }
    let events = "id,t,y\n1,0,0\n1,1,1\n2,0,0\n2,1,0\n3,0,1\n3,1,1\n4,0,0\n4,1,1\n";
    let told = stdout(&fit("events", events, &[FORMULA, "--json"]));
    assert!(told.contains("--family binomial"), "{told}");
}

/// R: `levels(factor(c(0, 1) > 0))` is FALSE, TRUE.
#[test]
fn a_factor_of_a_comparison_has_the_levels_false_and_true() {
    for term in ["factor(t > 0)", "factor((t > 0))", "as.factor(t > 0)"] {
        let output = fit("comparison", PLAIN, &[&format!("y ~ {term} + (1 | id)"), "--json"]);
        let name = json_of(&output)["fixef"][1]["name"].as_str().unwrap().to_owned();
        assert!(name.starts_with(term) && name.ends_with("TRUE"), "{name}");
    }
}

/// Equal baselines: the REML criterion rises by the fourth power of the standard deviation between patients.
/// `lmer(y ~ t + (1 | id), d)` in lme4 1.1-31 is singular with σ = 0.7071068 and the standard errors 0.4082483 and
/// 0.5773503; `t.test` of the baselines stops with "data are essentially constant".
#[test]
fn equal_baselines_leave_no_variance_and_no_test_of_them() {
    let table = "id,t,y\n1,0,5\n1,1,7\n2,0,5\n2,1,8\n3,0,5\n3,1,6\n";
    for times in ["", "00"] {
        // The same in other units.
        let table = table
            .lines()
            .map(|line| if line.starts_with('i') { format!("{line}\n") } else { format!("{line}{times}\n") });
        let found = json_of(&fit("equal", &table.collect::<String>(), &[FORMULA, "--json"]));
        assert_eq!((&found["converged"], &found["singular"]), (&true.into(), &true.into()), "{found}");
        assert_eq!(found["varcorr"][0]["sd"][0].as_f64(), Some(0.0));
        let [baseline, change] = [0, 1].map(|at| found["two_stage"][at].clone());
        assert!(baseline["se"] == 0.0 && baseline["p"].is_null() && baseline["ci"][0].is_null(), "{baseline}");
        assert!(change["se"].as_f64().unwrap() > 0.5, "{change}");
        assert!(found["notes"].to_string().contains("(Intercept) is the same in all levels of id"), "{found}");
    }
}

#[test]
fn rows_that_stand_twice_are_told_with_their_lines() {
    let wide = "id,arm,m0,m3\n1,a,5,6\n2,b,6,8\n3,a,4,4\n4,b,7,9\n2,b,6,8.5\n4,b,7,9\n5,a,3,5\n";
    let stacked = ["value ~ outcome + (1 | id)", "--stack", "m0,m3", "--json"];
    let told = stdout(&fit("twice", wide, &stacked));
    assert!(told.contains("lines 5 and 7 are the same in every column: a row"), "{told}");
    let marginal = ["value ~ outcome", "--stack", "m0,m3", "--residual", "cs", "--time", "outcome", "--subject", "id"];
    let told = stderr(&fit("twice", wide, &marginal));
    assert!(told.contains("id 2 has two rows at outcome m0: line 3 and line 6; 3 more rows"), "{told}");
}

/// A column for each row: the full likelihood may grow without end.
#[test]
fn a_saturated_fit_has_no_profile() {
    let mut table = "g,a,b,c,y\n".to_owned();
    for row in 0..24u32 {
        let (a, b, c) = (row % 4, (row * row * 7 + row) % 11, (row * row * row + 5 * row) % 7);
        table += &format!("{},{a},{b},{c},{}\n", row / 4, (row * row * 13 + 5 * row) % 17);
    }
    let formula = "y ~ a + b + c + (1 + a + b | g) + (0 + c | g)";
    let output = fit("saturated", &table, &[formula, "--ci", "profile"]);
    let told = stderr(&output);
    assert!(output.status.code() == Some(2) && told.contains("no profile intervals"), "{told}{}", stdout(&output));
}
