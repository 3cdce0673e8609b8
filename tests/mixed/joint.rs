//! Several outcomes of the same patients together, and simulated trials: against the paired t test, Hotelling's
//! T² and the power of the t test.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use crate::common::release::{outcome, release};
use reffect::numeric::dist::{f_sf, noncentral_t_cdf, noncentral_t_sf, t_quantile, t_two_sided_p};
use reffect::numeric::matrix::{Matrix, dot};
use serde_json::Value;

fn json(folder: &Folder, args: &[&str]) -> Value {
    let output = folder.run([args, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    json_of(&output)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Twelve patients, two outcomes, before and after.
fn patients() -> (String, [Vec<f64>; 2]) {
    let wave = |i: usize, by: f64| 4.0 * (by * (i + 1) as f64).sin();
    let mut text = "patient,after,pain,edss\n".to_owned();
    let mut changes = [Vec::new(), Vec::new()];
    for i in 0..12 {
        let (pain, edss) = (5.0 + wave(i, 1.3), 4.0 + 0.5 * wave(i, 1.3) + wave(i, 2.9));
        let change = [-1.0 + 0.6 * wave(i, 0.7), -0.4 + 0.2 * wave(i, 0.7) + 0.3 * wave(i, 3.7)];
        text += &format!("P{i},0,{pain},{edss}\nP{i},1,{},{}\n", pain + change[0], edss + change[1]);
        changes.iter_mut().zip(change).for_each(|(all, change)| all.push(change));
    }
    (text, changes)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// With an unstructured covariance over outcomes and occasions and nobody missing, the test of each change is the
/// paired t test, and that of all changes Hotelling's T² with F = T²(n − q)/(q(n − 1)): Hotelling (1931), Ann Math
/// Stat 2:360; Kenward & Roger (1997), Biometrics 53:983, section 3, note that their method gives it exactly.
#[test]
fn several_outcomes_together_give_the_paired_t_tests_and_hotellings_test() {
    let folder = Folder::new("joint");
    let (table, changes) = patients();
    folder.write("wide.csv", table);
    let call = [
        "fit",
        "value ~ 0 + outcome + outcome:after",
        "wide.csv",
        "--stack",
        "pain,edss",
        "--residual",
        "us",
        "--time",
        "outcome:after",
        "--subject",
        "patient",
        "--df",
        "kenward-roger",
        "--anova",
        "3",
    ];
    let fit = json(&folder, &call);
    let times: Vec<&str> = fit["residual"]["times"].as_array().unwrap().iter().map(|of| of.as_str().unwrap()).collect();
    assert_eq!(times, ["edss:0", "edss:1", "pain:0", "pain:1"]);
    let n = 12.0;
    for (name, change) in ["outcomepain:after", "outcomeedss:after"].into_iter().zip(&changes) {
        let of = fit["fixef"].as_array().unwrap().iter().find(|of| of["name"] == name).unwrap();
        let centre = mean(change);
        let se = (change.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt();
        assert!((number(&of["estimate"]) - centre).abs() < 1e-8);
        assert!((number(&of["se"]) - se).abs() < 1e-8 * se, "{} {se}", of["se"]);
        assert!((number(&of["df"]) - 11.0).abs() < 1e-5, "{}", of["df"]);
        assert!((number(&of["p"]) - t_two_sided_p(centre / se, 11.0)).abs() < 1e-7);
    }
    let centre: Vec<f64> = changes.iter().map(|change| mean(change)).collect();
    let covariance = Matrix::from_fn(2, 2, |i, j| {
        (0..12).map(|k| (changes[i][k] - centre[i]) * (changes[j][k] - centre[j])).sum::<f64>() / (n - 1.0)
    });
    let squared = n * dot(&centre, &covariance.cholesky().unwrap().solve(&centre));
    let f = squared * (n - 2.0) / (2.0 * (n - 1.0));
    let test = fit["anova"].as_array().unwrap().iter().find(|of| of["term"] == "outcome:after").unwrap();
    assert!((number(&test["F"]) - f).abs() < 1e-6 * f, "{} {f}", test["F"]);
    assert!((number(&test["den_df"]) - 10.0).abs() < 1e-4, "{}", test["den_df"]);
    assert!((number(&test["p"]) - f_sf(f, 2.0, 10.0)).abs() < 1e-7);
}

/// New rows of a wide table are predicted for each outcome in turn, and those of a long one for theirs.
#[test]
fn new_rows_of_several_outcomes_are_predicted() {
    let folder = Folder::new("joint-predicted");
    folder.write("wide.csv", patients().0);
    folder.write("new.csv", "patient,after\nnew,0\nnew,1\n");
    folder.write("long.csv", "patient,after,outcome\nnew,1,edss\n");
    let call = ["fit", "value ~ 0 + outcome + outcome:after", "wide.csv", "--stack", "pain,edss", "--residual", "us"];
    let more = ["--time", "outcome:after", "--subject", "patient", "--predict"];
    let fit = json(&folder, &[&call[..], &more, &["new.csv"]].concat());
    let estimate = |name: &str| {
        number(&fit["fixef"].as_array().unwrap().iter().find(|of| of["name"] == name).unwrap()["estimate"])
    };
    let (pain, edss) = (estimate("outcomepain"), estimate("outcomeedss"));
    let expected = [pain, edss, pain + estimate("outcomepain:after"), edss + estimate("outcomeedss:after")];
    let predicted = fit["predict"].as_array().unwrap();
    assert_eq!(predicted.len(), 4);
    for (row, expected) in predicted.iter().zip(expected) {
        assert!((number(&row["population"]) - expected).abs() < 1e-10, "{row} {expected}");
    }
    assert!(fit["notes"].to_string().contains("predicted for pain, edss, one after the other"), "{}", fit["notes"]);
    let long = json(&folder, &[&call[..], &more, &["long.csv"]].concat());
    assert_eq!(long["predict"].as_array().unwrap().len(), 1);
    assert!((number(&long["predict"][0]["population"]) - expected[3]).abs() < 1e-10);
}

/// The power of the paired t test by its noncentral distribution, against the share of 400 simulated trials in
/// which the model finds p < 0.05, within four standard errors; and the error rate where nothing changes.
#[test]
fn simulated_power_is_that_of_the_t_test() {
    let folder = Folder::new("power");
    for (after, seed) in [("-2 ± 4", "5"), ("0 ± 4", "6")] {
        let arm = format!("active: n=12; 0 ± 3; {after}");
        let output =
            folder.run(["simulate", "--arm", &arm, "--r", "0.6", "--replicates", "400", "--seed", seed, "-o", "t.csv"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let call = ["fit", "y ~ visit", "t.csv", "--each", "trial", "--residual", "us", "--time", "visit"];
        let ranges = json(&folder, &[&call[..], &["--subject", "patient", "--df", "kenward-roger"]].concat());
        let row = &ranges["fixef"][1];
        let sd = (9.0 + 16.0 - 2.0 * 0.6 * 12.0f64).sqrt();
        let shift = if after.starts_with('0') { 0.0 } else { 2.0 };
        let (ncp, bound) = (shift * 12f64.sqrt() / sd, t_quantile(0.975, 11.0));
        let power = noncentral_t_sf(bound, 11.0, ncp) + noncentral_t_cdf(-bound, 11.0, ncp);
        let error = (power * (1.0 - power) / 400.0).sqrt();
        let share = number(&row["share"]);
        assert!((share - power).abs() < 4.0 * error, "{share} for {power}");
        assert_eq!(
            (&ranges["fitted"], &row["significant"]),
            (&Value::from(400), &Value::from((share * 400.0).round() as u64))
        );
        assert!((number(&row["mean"]) + shift).abs() < 4.0 * sd / (12.0f64 * 400.0).sqrt());
        assert!((number(&row["sd"]) / (sd / 12f64.sqrt()) - 1.0).abs() < 0.15);
    }
}

#[test]
fn simulated_tables_are_the_same_for_the_same_seed_and_fit_reads_them() {
    let folder = Folder::with_data("simulated");
    let arms =
        ["simulate", "--arm", "placebo: n=9; 40 ± 5; 36 ± 6", "--arm", "active: n=9; 40 ± 5; 38 ± 6", "--r", "0.7"];
    let run = |more: &[&str]| {
        let output = folder.run([&arms[..], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    let (one, two, other) = (run(&["--seed", "4"]), run(&["--seed", "4"]), run(&["--seed", "5"]));
    assert!(one == two && one != other);
    assert!(one.starts_with("patient,arm,visit,y\nP01,placebo,0,"), "{one}");
    assert_eq!(one.lines().count(), 37);
    // Exact moments come back as estimates.
    folder.write("exact.csv", run(&["--exact", "--visits", "0,6"]));
    let fit = json(&folder, &["fit", "y ~ visit * arm + (1 | patient)", "exact.csv", "--ref", "arm=placebo"]);
    for (at, expected) in [40.0, -4.0 / 6.0, 0.0, 2.0 / 6.0].into_iter().enumerate() {
        assert!((number(&fit["fixef"][at]["estimate"]) - expected).abs() < 1e-8, "{at}");
    }
    assert!(run(&["--format", "markdown"]).starts_with("| patient"));
    let rows: Value = serde_json::from_str(&run(&["--json"])).unwrap();
    let rows = rows["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 36);
    for (row, line) in rows.iter().zip(run(&[]).lines().skip(1)) {
        assert!(line.ends_with(&format!(",{}", number(&row["y"]))), "{row} {line}");
    }
    // From a release: the columns of --reconstructed, on the scale of the outcome.
    let release = ["simulate", "data/nmo-tocilizumab-2014.toml", "--outcome", "relapse-rate"];
    let output = folder.run([&release[..], &["--r", "0.5", "--min", "0", "--step", "1"]].concat());
    let text = stdout(&output);
    assert!(
        text.starts_with("patient,arm,occasion,after,relapse_rate\nP1,tocilizumab,before,0,"),
        "{text} {}",
        stderr(&output)
    );
    assert!(stderr(&output).contains("does not say what its ± is"), "{}", stderr(&output));
}

#[test]
fn plans_that_contradict_themselves_are_refused() {
    let folder = Folder::with_data("plans");
    let release = "data/nmo-tocilizumab-2014.toml";
    for (args, told) in [
        (vec!["--arm", "a: n=3; 1 ± 1; 2 ± 1"], "give --r"),
        (vec!["--arm", "a: n=3; 1 ± 1; 2 ± 1", "--r", "1.5"], "a correlation of 1.5"),
        (vec!["--arm", "a: n=2; 1 ± 1; 2 ± 1", "--r", "0.5", "--exact"], "too few for exact moments"),
        (vec!["--arm", "a: n=9; 1 ± 1; 2 ± 1", "--r", "0.5", "--exact", "--step", "1"], "exact moments do not outlive"),
        (
            vec!["--arm", "a: n=9; 1 ± 1; 2 ± 1", "--r", "0.5", "--visits", "0,1,2"],
            "has 2 means, and there are 3 visits",
        ),
        (vec!["--arm", "a: n=9; 1 ± 1; 2 ± 1", "--r", "0.5", "--dropout", "2"], "a chance to leave of 2"),
        (vec!["--arm", "a: n=9; 1 ± 1", "--arm", "b: n=9; 1 ± 1; 2 ± 1"], "the arm b has 2 means"),
        (vec!["--arm", "a"], "no colon after the name"),
        (vec!["--arm", "a: 9; 1 ± 1"], "n=… comes first"),
        (vec!["--arm", "a: n=3000000; 1 ± 1; 2 ± 1", "--r", "0.5", "--exact"], "too many to be held at once"),
        (vec!["--arm", "a: n=0; 1 ± 1"], "a number of patients was expected"),
        (vec![], "<RELEASE|--arm <ARM>>"),
        (vec![release, "--outcome", "edss", "--arm", "a: n=3; 1 ± 1"], "exclude each other"),
        (vec!["--arm", "a: n=3; 1"], "`1` has no SD"),
        (vec!["--arm", "a: n=3"], "no mean ± SD"),
        (vec!["--arm", "a: n=3; 1 ± 1", "--r", "0.5"], "--r has no effect on patients with one visit"),
        (vec!["--arm", "a: n=3; 1 ± 1", "--outcome", "edss"], "--outcome has no effect on arms"),
        (vec![release], "--outcome"),
        (vec![release, "--outcome", "relapses", "--r", "0.5"], "the outcomes are relapse-rate"),
        (vec![release, "--outcome", "aqp4-antibody", "--r", "0.5"], "without a mean at any occasion"),
        (vec![release, "--outcome", "edss"], "give --r"),
    ] {
        let output = folder.run([&["simulate"], &args[..]].concat());
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert!(output.stdout.is_empty() && error.contains(told), "{args:?} does not tell {told}: {error}");
    }
}

/// Responses simulated from a fit bring its parameters back on average.
/// r = (1.7² + 1.6² − 0.9²)/(2 · 1.7 · 1.6), from the SD of the reported change.
#[test]
fn trials_of_a_release_have_the_correlation_of_its_change() {
    let folder = Folder::new("simulated-recovered");
    let values = ("drug", "before = \"5.1 ± 1.7\"\nm6 = \"4.1 ± 1.6\"\nspread = \"sd\"");
    let change = ("drug", "statistic = \"change\"\nm6 = \"-1.0 ± 0.9\"\nspread = \"sd\"");
    let written = |rows: &[(&str, &str)]| release(&[("drug", "7")], &outcome("edss", rows));
    folder.write("r.toml", written(&[values, change]));
    let output = folder.run(["simulate", "r.toml", "--outcome", "edss", "--exact"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("r = 0.853 is recovered from the reported change"), "{}", stderr(&output));
    let simulated: Vec<f64> =
        stdout(&output).lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse().unwrap()).collect();
    let changes: Vec<f64> = simulated.chunks(2).map(|pair| pair[1] - pair[0]).collect();
    let mean = changes.iter().sum::<f64>() / 7.0;
    let sd = (changes.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 6.0).sqrt();
    assert!((mean + 1.0).abs() < 1e-9 && (sd - 0.9).abs() < 1e-9, "{mean} {sd}");
    // What is given is taken, and without either there is no trial.
    let given = folder.run(["simulate", "r.toml", "--outcome", "edss", "--r", "0.5"]);
    assert!(!stderr(&given).contains("recovered"), "{}", stderr(&given));
    folder.write("r.toml", written(&[values]));
    let output = folder.run(["simulate", "r.toml", "--outcome", "edss"]);
    assert!(stderr(&output).contains("the correlation of two visits of a patient is needed"), "{}", stderr(&output));
}

#[test]
fn responses_simulated_from_a_fit_bring_its_parameters_back() {
    let folder = Folder::with_data("refit");
    let formula = "Reaction ~ Days + (Days | Subject)";
    let output =
        folder.run(["fit", formula, "data/published/sleepstudy.csv", "--simulate", "60", "--seed", "2", "-o", "s.csv"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let ranges = json(&folder, &["fit", formula, "s.csv", "--each", "trial"]);
    for (at, expected, se) in [(0, 251.405_104_848_5, 6.824_6), (1, 10.467_285_959_6, 1.545_8)] {
        let row = &ranges["fixef"][at];
        assert!((number(&row["mean"]) - expected).abs() < 4.0 * se / 60f64.sqrt(), "{row}");
        assert!((number(&row["sd"]) / se - 1.0).abs() < 0.4, "{row}");
    }
}

/// The pipeline that README shows, to the last figure.
#[test]
fn the_pipeline_of_the_readme_prints_what_it_says() {
    let readme = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, rest) = readme.split_once("```sh\nreffect simulate ").unwrap();
    let (command, rest) = rest.split_once("\n```").unwrap();
    let (_, rest) = rest.split_once("```text\n").unwrap();
    let (expected, _) = rest.split_once("\n```").unwrap();
    let words = |text: &str| {
        let text = text.replace("\\\n", " ");
        let parts: Vec<String> = text.split('"').map(str::to_owned).collect();
        let mut all = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            match at % 2 {
                0 => all.extend(part.split_whitespace().map(str::to_owned)),
                _ => all.push(part.clone()),
            }
        }
        all
    };
    let (simulate, fit) = command.split_once('|').unwrap();
    let folder = Folder::new("readme-pipeline");
    let mut call = vec!["simulate".to_owned()];
    call.extend(words(simulate));
    call.extend(["-o".to_owned(), "trials.csv".to_owned()]);
    let output = folder.run(&call);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let call: Vec<String> =
        words(fit).into_iter().skip(1).map(|word| if word == "-" { "trials.csv".to_owned() } else { word }).collect();
    let output = folder.run_at(120, &call);
    let text = stdout(&output);
    assert!(text.starts_with(expected), "{call:?} {}: {text}", stderr(&output));
}
