//! Changes that a release reports beside the values before and after; through the program.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

const HEAD: &str = concat!(
    include_str!("../common/two-arms.toml"),
    r#"[[outcome]]
id = "pain"
label = "Pain"
better = "lower"
scale = "continuous"
"#
);

const VALUES: [[&str; 3]; 2] = [["drug", "6.0 ± 1.5", "3.0 ± 1.6"], ["placebo", "6.1 ± 1.4", "5.0 ± 1.7"]];

/// Values of both arms, and their changes with a spread.
fn release(changes: [&str; 2], spread: &str) -> String {
    let mut text = HEAD.to_owned();
    for ([arm, before, after], change) in VALUES.into_iter().zip(changes) {
        text += &format!(
            "[[outcome.result]]\narm = \"{arm}\"\nbefore = \"{before}\"\nafter = \"{after}\"\nspread = \"sd\"\n\
             quote = \"{before} to {after}\"\n"
        );
        if !change.is_empty() {
            text += &format!(
                "[[outcome.result]]\narm = \"{arm}\"\nstatistic = \"change\"\nafter = \"{change}\"\n\
                 spread = \"{spread}\"\nquote = \"change {change}\"\n"
            );
        }
    }
    text
}

const CLAIM: &str = r#"
[[statement]]
claim = "significant"
label = "improved"
outcome = "pain"
arm = "placebo"
quote = "improved"
"#;

fn document(folder: &Folder, arguments: &[&str]) -> Value {
    json_of(&folder.run(arguments))
}

/// Verdicts of one code: (subject, status, message).
fn verdicts(text: &str, code: &str) -> Vec<[String; 3]> {
    // Tests run side by side, each call in a folder of its own.
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let folder = Folder::new(&format!("changes-{code}-{}", CALLS.fetch_add(1, Ordering::Relaxed)));
    folder.write("r.toml", text);
    let document = document(&folder, &["check", "r.toml", "--select", code, "--json"]);
    let told = |check: &Value| ["subject", "status", "message"].map(|field| check[field].as_str().unwrap().to_owned());
    document["checks"].as_array().unwrap().iter().map(told).collect()
}

#[test]
fn the_correlation_follows_from_the_change_that_is_reported() {
    let folder = Folder::new("changes-r");
    folder.write("r.toml", release(["−3.0 ± 1.2", ""], "sd"));
    let found = document(&folder, &["effect", "r.toml", "--json"]);
    let contrasts = found["contrasts"].as_array().unwrap();
    // Cochrane Handbook 6.5.2.8: r = (1.5² + 1.6² − 1.2²)/(2 · 1.5 · 1.6).
    let [drug, placebo] = [&contrasts[0], &contrasts[1]];
    let r = (1.5f64.powi(2) + 1.6f64.powi(2) - 1.2f64.powi(2)) / (2.0 * 1.5 * 1.6);
    assert!((drug["r_recovered"]["r"].as_f64().unwrap() - r).abs() < 1e-12, "{drug}");
    assert!(drug["r_recovered"]["from"].as_str().unwrap().contains("−3.0 ± 1.2"), "{drug}");
    assert!(drug["scenarios"].as_array().unwrap().is_empty());
    assert!((drug["test"][0]["statistic"].as_f64().unwrap() + 3.0 / (1.2 / 40f64.sqrt())).abs() < 1e-9);
    // Of the other arm nothing is known.
    assert!(placebo["r_recovered"].is_null() && placebo["scenarios"].as_array().unwrap().len() == 5, "{placebo}");
    // A correlation that is given is the one that is used.
    let given = document(&folder, &["effect", "r.toml", "--r", "0.5", "--json"]);
    assert!(given["contrasts"][0]["r_recovered"].is_null(), "{given}");
}

#[test]
fn an_estimate_of_the_change_gives_it_as_well() {
    let folder = Folder::new("changes-estimate");
    // t(0.975, 39) = 2.0227: half the width is 2.0227 · 1.2/√40 = 0.384.
    for (fields, digits) in [
        ("measure = \"mean-change\"\nvalue = \"−3.0\"\nci = \"−3.384 to −2.616\"", 1e-3),
        ("measure = \"mean-reduction\"\nvalue = \"3.0\"\nci = \"2.616 to 3.384\"", 1e-3),
        ("measure = \"mean-change\"\nvalue = \"−3.0\"\nse = \"0.1897\"", 1e-3),
    ] {
        let quote: Vec<&str> = fields.split('"').skip(3).step_by(2).collect();
        let estimate = format!(
            "[[estimate]]\nid = \"fall\"\nlabel = \"fall\"\n{fields}\noutcome = \"pain\"\narm = \"drug\"\nquote = \"{}\"\n",
            quote.join(" ; ")
        );
        folder.write("r.toml", release(["", ""], "sd") + &estimate);
        let found = document(&folder, &["effect", "r.toml", "--json"]);
        let r = found["contrasts"][0]["r_recovered"]["r"].as_f64().unwrap_or_else(|| panic!("{fields}: {found}"));
        assert!((r - 0.7021).abs() < digits, "{fields}: {r}");
        // What is adjusted says nothing of the plain change.
        folder.write("r.toml", release(["", ""], "sd") + &estimate + "adjusted = \"baseline\"\n");
        let found = document(&folder, &["effect", "r.toml", "--json"]);
        assert!(found["contrasts"][0]["r_recovered"].is_null(), "{fields}");
    }
}

#[test]
fn arms_are_compared_by_their_values_and_by_their_changes() {
    let folder = Folder::new("changes-between");
    folder.write("r.toml", release(["−3.0 ± 1.2", "−1.1 ± 1.3"], "sd"));
    let found = document(&folder, &["effect", "r.toml", "--json"]);
    let between = found["contrasts"].as_array().unwrap().iter().filter(|of| of["arms"].is_array());
    let told: Vec<(String, String)> = between
        .map(|of| (of["occasion"].as_str().unwrap().to_owned(), of["quantity"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [("before", "value"), ("after", "value"), ("after", "change")];
    assert_eq!(told, expected.map(|(occasion, quantity)| (occasion.to_owned(), quantity.to_owned())));
    // A pool of differences takes the values; one of changes the reported change, without an assumed correlation.
    let pooled = |measure: &str| {
        let statement = CLAIM.replace("arm = \"placebo\"", "arm = \"drug\"\nversus = \"placebo\"");
        folder.write("p.toml", release(["−3.0 ± 1.2", "−1.1 ± 1.3"], "sd") + &statement);
        let found = document(&folder, &["meta", "p.toml", "--outcome", "pain", "--measure", measure, "--json"]);
        let study = &found["studies"][0];
        (study["yi"].as_f64().unwrap(), study["vi"].as_f64().unwrap().sqrt())
    };
    let close = |found: (f64, f64), yi: f64, se: f64| (found.0 - yi).abs() < 1e-9 && (found.1 - se).abs() < 1e-9;
    assert!(close(pooled("MD"), -2.0, (1.6f64.powi(2) / 40.0 + 1.7f64.powi(2) / 42.0).sqrt()));
    assert!(close(pooled("MC"), -3.0, 1.2 / 40f64.sqrt()));
    // SMCR needs the correlation, which follows.
    assert!(pooled("SMCR").0 < -1.9);
    let shown = stdout(&folder.run(["show", "r.toml"]));
    assert!(shown.contains("after, change"), "{shown}");
}

#[test]
fn a_change_fits_the_values_beside_it() {
    let of = |changes: [&str; 2], spread: &str| {
        let found = verdicts(&release(changes, spread), "change");
        found.into_iter().map(|[_, status, message]| (status, message)).collect::<Vec<_>>()
    };
    let both = of(["−3.0 ± 1.2", "−1.1 ± 1.3"], "sd");
    assert!(both.len() == 2 && both.iter().all(|(status, _)| status == "pass"), "{both:?}");
    for (change, spread, expected, words) in [
        ("−2.0 ± 1.2", "sd", "fail", "−3.10 to −2.90"),
        ("3.0 ± 1.2", "sd", "fail", "the other direction"),
        // Least squares means move a little.
        ("−2.8 ± 1.2", "sd", "refused", "a model"),
        ("−3.0 ± 3.5", "sd", "fail", "allow 0.00 to 3.20"),
        ("−3.0 ± 0.2", "se", "pass", ""),
        // 0.6·√40 = 3.8 is no SD of this change, and a model may have another precision.
        ("−3.0 ± 0.6", "se", "refused", "a model"),
        ("−3.0 ± 3.5", "unexplained", "refused", "allow 0.00 to 3.20, whatever their ± is"),
        // Four of its own standard errors, 4·0.15 = 0.60, or two of the values, 2·1.65/√40 = 0.52, are the most that is
        // not decidable.
        ("−2.2 ± 0.1", "se", "fail", "no model, and no missing value"),
        ("−2.3 ± 0.1", "se", "refused", "a model"),
        ("−2.1 ± 0.2", "se", "refused", "a model"),
    ] {
        let found = of([change, ""], spread);
        assert!(found.len() == 1 && found[0].0 == expected && found[0].1.contains(words), "{change}: {found:?}");
    }
}

#[test]
fn a_claim_follows_from_the_test_of_the_change() {
    let of = |change: &str, claim: &str| {
        let [[_, status, message]] = &verdicts(&(release(["", change], "sd") + claim), "claim")[..] else { panic!() };
        (status.clone(), message.clone())
    };
    // t = −1.1/(1.3/√42) = −5.5; without it the correlation is missing, and p is at most that of t = −1.0/(3.2/√42).
    let (status, message) = of("−1.1 ± 1.3", CLAIM);
    assert!(status == "pass" && message.contains("reported change"), "{message}");
    let (status, message) = of("", CLAIM);
    assert!(status == "pass" && message.contains("to 0.049)"), "{message}");
    let strict =
        CLAIM.replace("arm = ", "p = \"p < 0.01\"\narm = ").replace("\"improved\"\n", "\"improved (p < 0.01)\"\n");
    assert_eq!(of("", &strict).0, "refused");
    let exact = |p: &str| {
        (CLAIM.to_owned() + &format!("p = \"{p}\"\n")).replace("quote = \"improved\"", &format!("quote = \"{p}\""))
    };
    // t = −1.1/(3.0/√42) = −2.38 has p = 0.022, 0.013 to 0.03 with rounding; ranks may have a little more.
    let wide = |p: &str| of("−1.1 ± 3.0", &exact(p)).0;
    assert_eq!(["p < 0.05", "p = 0.05", "p = 0.9", "p < 0.00001"].map(wide), ["pass", "refused", "fail", "fail"]);
}

/// The least-squares mean of a model has a better precision than a plain mean: no correlation follows from it.
#[test]
fn an_adjusted_change_gives_no_correlation() {
    let folder = Folder::new("changes-adjusted");
    let plain = release(["−2.7 ± 0.15", ""], "se");
    let adjusted = plain.replace("statistic = \"change\"", "statistic = \"change\"\nadjusted = \"least squares\"");
    folder.write("r.toml", &adjusted);
    let found = document(&folder, &["effect", "r.toml", "--json"]);
    assert!(found["contrasts"][0]["r_recovered"].is_null(), "{found}");
    assert!(stdout(&folder.run(["show", "r.toml"])).contains("adjusted (least squares)"));
    let [[_, status, message]] = &verdicts(&adjusted, "change")[..] else { panic!() };
    assert!(status == "refused" && message.contains("adjusted (least squares)"), "{message}");
    // Written and read again it is the same.
    let read = |text: &str| reffect::read::read_release("r", "r.toml", text).unwrap();
    let written = reffect::report::release_toml::release_toml(&read(&adjusted));
    assert_eq!(read(&written), read(&adjusted), "{written}");
    // By an SE that nobody calls adjusted r is told with this reservation.
    folder.write("r.toml", release(["−3.0 ± 0.19", ""], "se"));
    let found = document(&folder, &["effect", "r.toml", "--json"]);
    let from = found["contrasts"][0]["r_recovered"]["from"].as_str().unwrap();
    assert!(from.contains("none of a model"), "{from}");
}

#[test]
fn a_change_is_up_to_a_later_occasion_and_in_the_unit_of_its_values() {
    let folder = Folder::new("changes-first");
    let text = release(["−3.0 ± 1.2", ""], "sd");
    folder.write("r.toml", text.replace("after = \"−3.0 ± 1.2\"", "before = \"−3.0 ± 1.2\""));
    let output = folder.run(["show", "r.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("nothing comes before `before`"), "{}", stderr(&output));
    let in_per_cent = release(["−50%", ""], "sd").replace("after = \"−50%\"\nspread = \"sd\"", "after = \"−50%\"");
    let [[_, status, message]] = &verdicts(&in_per_cent, "change")[..] else { panic!() };
    assert!(status == "refused" && message.contains("percent-reduction"), "{message}");
}

#[test]
fn an_arm_has_one_value_and_one_change_at_an_occasion() {
    let folder = Folder::new("changes-twice");
    let text = release(["−3.0 ± 1.2", ""], "sd");
    let again = "[[outcome.result]]\narm = \"drug\"\nstatistic = \"change\"\nafter = \"−2.9 ± 1.2\"\nspread = \"sd\"\n\
                 quote = \"−2.9 ± 1.2\"\n";
    folder.write("r.toml", text + again);
    let output = folder.run(["effect", "r.toml"]);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(message.contains("two changes of the arm `drug` at `after`"), "{message}");
}

/// A difference of −1.8 is that of the changes, and one of −2.0 that of the values: never of both.
#[test]
fn a_reported_difference_belongs_to_values_or_to_changes() {
    let folder = Folder::new("changes-reported");
    for (value, owner) in [("−1.8", "changes"), ("−2.0", "values")] {
        let estimate = format!(
            "[[estimate]]\nid = \"d\"\nlabel = \"Difference\"\nmeasure = \"mean-difference\"\nvalue = \"{value}\"\n\
             outcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"\nquote = \"{value}\"\n"
        );
        folder.write("r.toml", release(["−3.0 ± 1.8", "−1.2 ± 1.7"], "sd") + &estimate);
        let output = stdout(&folder.run(["effect", "r.toml"]));
        let (values, changes) = output.split_once("after, change: ").unwrap();
        let told = |text: &str| text.matches("for this difference itself").count();
        assert_eq!(told(values), usize::from(owner == "values"), "{output}");
        assert_eq!(told(changes), usize::from(owner == "changes"), "{output}");
        let output = folder.run(["plot", "between-arms", "r.toml", "-o", "x.svg"]);
        assert!(output.status.success(), "{}", stderr(&output));
        let svg = std::fs::read_to_string(folder.path("x.svg")).unwrap();
        assert!(svg.contains("Rows named “change” compare the changes"), "{value}");
        assert_eq!(svg.matches("the release itself reports MD").count(), 1, "{value}");
    }
}

/// Without n an interval gives no SD: a mean change has the printed interval, and the difference of two that of Zou &
/// Donner (2008), Stat Med 27:1693, eq. 1.
#[test]
fn intervals_without_n_give_intervals() {
    let unsized_arms = HEAD.replace("n = 40\n", "n = \"not stated\"\n").replace("n = 42\n", "n = \"not stated\"\n");
    let row = |arm: &str, change: &str| {
        format!(
            "[[outcome.result]]\narm = \"{arm}\"\nstatistic = \"change\"\nafter = \"{change}\"\nspread = \"ci95\"\n\
             quote = \"{change}\"\n"
        )
    };
    let text = unsized_arms + &row("drug", "−2.4 (−3.1 to −1.9)") + &row("placebo", "−1.0 (−1.6 to −0.5)");
    let folder = Folder::new("changes-without-n");
    folder.write("r.toml", text);
    let estimate = |options: &[&str], design: &str, measure: &str| {
        let found = document(&folder, &[&["effect", "r.toml", "--json"], options].concat());
        let of_design = |of: &&Value| of["design"] == design;
        let contrast = found["contrasts"].as_array().unwrap().iter().find(of_design).unwrap().clone();
        let all = contrast["estimates"].as_array().unwrap().clone();
        all.into_iter().find(|of| of["measure"] == measure).unwrap()
    };
    let ends = |of: &Value| [0, 1].map(|end| of["ci"][end].as_f64().unwrap());
    let change = estimate(&[], "before-after", "MC");
    assert_eq!((ends(&change), &change["ci_method"]), ([-3.1, -1.9], &Value::from("printed")), "{change}");
    let difference = estimate(&[], "two-group", "MD");
    assert_eq!(difference["ci_method"], "mover", "{difference}");
    let expected = [-1.4 - 0.7f64.hypot(0.5), -1.4 + 0.5f64.hypot(0.6)];
    for (end, expected) in ends(&difference).into_iter().zip(expected) {
        assert!((end - expected).abs() < 1e-12, "{difference}");
    }
    // Of another level the release says nothing.
    for (design, measure) in [("before-after", "MC"), ("two-group", "MD")] {
        assert!(estimate(&["--level", "0.9"], design, measure)["ci"].is_null());
    }
}
