//! Numbers whose interval, standard error or median stands beside nothing but their scale, their count or each other;
//! through the program.

use crate::common::cli::{Folder, json_of, stdout};
use crate::common::release::{outcome, release};
use serde_json::Value;

/// The checks of one code in a release of two arms of 30: status and message.
fn checks(code: &str, text: &str) -> Vec<(String, String)> {
    let folder = Folder::new("intervals-alone");
    folder.write("r.toml", release(&[("drug", "30"), ("placebo", "30")], text));
    let document = json_of(&folder.run(["check", "r.toml", "--select", code, "--json"]));
    let text = |check: &Value, field: &str| check[field].as_str().unwrap().to_owned();
    document["checks"].as_array().unwrap().iter().map(|of| (text(of, "status"), text(of, "message"))).collect()
}

/// The rows of a table as JSON.
fn rows(table: &str) -> Vec<Value> {
    let folder = Folder::new("rows-alone");
    folder.write("t.csv", table);
    json_of(&folder.run(["check", "t.csv", "--json"]))["rows"].as_array().unwrap().clone()
}

/// Half of 6.0 to 12.0 is 3.0, an SD of 3.0·√30/2.045 = 8.03; of 30 values from 0 to 10 with a mean of 9.0 it is 3.05 at
/// most, and with any mean 5·√(30/29) = 5.09.
#[test]
fn an_interval_of_a_mean_is_held_against_the_scale() {
    let of = |printed: &str, more: &str| {
        let lines = format!("statistic = \"mean\"\nspread = \"ci95\"\nm12 = \"{printed}\"{more}");
        checks("sd-limits", &outcome("pain", &[("drug", &lines)]).replace("\"continuous\"", "\"nrs\""))
    };
    let [(status, told)] = &of("9.0 (6.0–12.0)", "")[..] else { panic!("one check") };
    assert!(status == "fail" && told.contains("at most 3.05, and with any other 5.09"), "{told}");
    // 1.05 · √30/2.045 = 2.81, and with 1.5 it is 4.02: what a model with one SD for both arms may make of it.
    assert_eq!(of("9.0 (7.95–10.05)", "")[0].0, "pass");
    assert_eq!(of("9.0 (7.5–10.5)", "")[0].0, "refused");
    assert!(of("9.0 (6.0–12.0)", "\nadjusted = \"for age\"").is_empty());
}

/// In a table nobody says that a mean is that of clusters, and an SE is further off before it fails: 3.0·√30 = 16.4.
#[test]
fn a_standard_error_is_held_against_the_scale() {
    let found = rows(
        "x,n,se,ci_lower,ci_upper,min,max,step\n9.0,30,0.5,,,0,10,any\n9.0,30,1.5,,,0,10,1\n9.0,30,3.0,,,0,10,1\n9.0,30,,6.0,12.0,0,10,1\n",
    );
    let exists: Vec<&Value> = found.iter().map(|row| &row["exists"]).collect();
    assert_eq!(exists, [&Value::from(true), &Value::Null, &Value::from(false), &Value::Null]);
    assert!(found[1]["notes"][0].as_str().unwrap().contains("makes the SD 7.94 at least"), "{}", found[1]);
}

/// R 4.2.2: prop.test(12, 30, correct = FALSE) gives 24.6 to 57.7 %, binom.test(12, 30) 22.7 to 59.4 %, prop.test with
/// correction 23.2 to 59.2 %; Wald's is 22.5 to 57.5 %.
#[test]
fn the_interval_of_a_percentage_is_that_of_its_count() {
    let of = |printed: &str, more: &str| {
        let lines = format!("statistic = \"percent\"\nspread = \"ci95\"\nm12 = \"{printed}\"{more}");
        checks("interval", &outcome("response", &[("drug", &lines)]))
    };
    for usual in ["40.0% (24.6%–57.7%)", "40.0% (22.7%–59.4%)", "40.0% (23.2%–59.2%)", "40% (22%–58%)"] {
        assert_eq!(of(usual, "")[0].0, "pass", "{usual}");
    }
    for (wrong, told) in [("40% (39%–41%)", "narrower"), ("40% (10%–44%)", "to one side")] {
        let found = of(wrong, "");
        assert!(found[0].0 == "fail" && found[0].1.contains(told), "{wrong}: {found:?}");
    }
    // Of a curve with 12 at risk, and with log(−log) (survival 3.5: 12.5 to 66.9 %).
    for open in ["40% (26%–56%)", "40% (12%–67%)", "40% (30%–50%)"] {
        assert_eq!(of(open, "")[0].0, "refused", "{open}");
    }
    assert!(of("40% (39%–41%)", "\nadjusted = \"for age\"").is_empty());
    // Nobody of 30: Wald's interval has no width.
    assert_eq!(of("0% (0%–0%)", "")[0].0, "pass");
}

/// R 4.2.2: of 12 of 30 against 20 of 30, chisq.test(correct = FALSE) has a p of 0.0384, with Yates' correction 0.0701,
/// fisher.test 0.0692.
#[test]
fn a_claim_between_counts_knows_every_usual_test() {
    let counts = outcome(
        "response",
        &[("drug", "statistic = \"count\"\nm12 = \"12\""), ("placebo", "statistic = \"count\"\nm12 = \"20\"")],
    );
    let of = |p: &str| {
        let claim = format!(
            "\n[[statement]]\nlabel = \"better\"\nclaim = \"significant\"\noutcome = [\"response\"]\narm = \"drug\"\nversus = \"placebo\"\np = \"{p}\"\nquote = \"a phrase\"\n"
        );
        checks("claim", &(counts.clone() + &claim)).remove(0)
    };
    let (status, told) = of("= 0.038");
    assert_eq!(status, "refused", "{told}");
    for part in [
        "impossible by Fisher's exact test",
        "certain by Pearson's χ² test",
        "(p 0.038)",
        "consistent with the printed p",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // None of them comes near.
    assert!(of("= 0.0001").1.starts_with("doubtful"));
}

/// (ln 0.76 − ln 0.06)/3.92 = 0.648 is the standard error of the logarithm, and times 0.21 it is 0.136.
#[test]
fn a_standard_error_beside_a_ratio_is_one_of_two() {
    let found = rows(
        "measure,estimate,ci_lower,ci_upper,se\nHR,0.21,0.06,0.76,1.65\nHR,0.21,0.06,0.76,0.65\nHR,0.21,0.06,0.76,0.14\nHR,0.21,0.06,0.76,0.18\n",
    );
    let interval: Vec<&Value> = found.iter().map(|row| &row["interval"]).collect();
    let yes = Value::from(true);
    // 0.18 is half of 0.06 to 0.76 by 1.96.
    assert_eq!(interval, [&Value::Null, &yes, &yes, &yes]);
    assert!(found[0]["notes"][0].as_str().unwrap().contains("1.65 is printed"), "{}", found[0]);
}

/// What is accepted stays visible to a build, which goes on; CSV says where an entry stands.
#[test]
fn accepted_inconsistencies_are_notices() {
    let folder = Folder::new("notices");
    let text =
        outcome("pain", &[("drug", "spread = \"sd\"\nm12 = \"0.4 ± 0.8\"")]).replace("\"continuous\"", "\"count\"");
    folder.write("r.toml", release(&[("drug", "3")], &text));
    let failing = folder.run(["check", "r.toml", "--select", "grim", "--format", "github"]);
    assert!(stdout(&failing).contains("::error file=r.toml,line="), "{}", stdout(&failing));
    let csv = stdout(&folder.run(["check", "r.toml", "--select", "grim", "--format", "csv"]));
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("release,subject,check,status,message,expected,found,file,line"));
    let line = format!(
        ",r.toml,{}",
        1 + release(&[("drug", "3")], &text).lines().position(|of| of.contains("0.4 ± 0.8")).unwrap()
    );
    assert!(lines.next().unwrap().ends_with(&line), "{csv}");
    let ignored = "\n[[ignore]]\ncheck = \"grim\"\nsubject = \"pain m12: 0.4 ± 0.8\"\nreason = \"an erratum\"\n";
    folder.write("r.toml", release(&[("drug", "3")], &(text + ignored)));
    let accepted = folder.run(["check", "r.toml", "--select", "grim", "--format", "github"]);
    let told = stdout(&accepted);
    assert!(accepted.status.success() && told.contains("::notice file=r.toml,line="), "{told}");
    assert!(!told.contains("::error") && told.contains("an erratum"), "{told}");
}
