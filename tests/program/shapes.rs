//! Every field of the JSON of `reffect effect` exists under its documented name, in every form.

use crate::common::cli::{Folder, close, json_of, stderr, stdout};
use serde_json::Value;

fn json(folder: &Folder, args: &[&str]) -> Value {
    let output = folder.run([&["effect"], args, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    json_of(&output)
}

/// The value at a path such as `contrasts/0/r_needed/p`, which must be there, if only as null.
fn at<'a>(document: &'a Value, path: &str) -> &'a Value {
    document.pointer(&format!("/{path}")).unwrap_or_else(|| panic!("no {path} in {document:#}"))
}

/// Values at several paths, which must be there.
fn all(document: &Value, paths: impl IntoIterator<Item = &'static str>) -> Vec<&Value> {
    paths.into_iter().map(|path| at(document, path)).collect()
}

fn is_interval(value: &Value) -> bool {
    value.as_array().is_some_and(|ends| ends.len() == 2 && ends.iter().all(|end| end.is_number() || end.is_null()))
}

/// What every estimate has.
fn check_estimates(contrast: &Value, codes: &[&str], rs: usize) {
    let estimates = at(contrast, "estimates").as_array().unwrap();
    for code in codes {
        let of: Vec<&Value> = estimates.iter().filter(|estimate| estimate["measure"] == *code).collect();
        assert_eq!(of.len(), rs, "{code}");
        for estimate in of {
            for field in ["measure", "r", "estimate", "se", "df", "ci", "ci_method", "rounding", "notes"] {
                at(estimate, field);
            }
            assert!(estimate["notes"].is_array() && (estimate["ci"].is_null() || is_interval(&estimate["ci"])));
            assert!(estimate["rounding"].is_null() || is_interval(&estimate["rounding"]));
        }
    }
}

const BEFORE_AFTER: [&str; 18] = [
    "MC",
    "SMCC",
    "SMCR",
    "SMCRH",
    "SMCRP",
    "SMCRPH",
    "ROMC",
    "VRC",
    "CVRC",
    "dz",
    "gz",
    "dpre",
    "gpre",
    "dav",
    "gav",
    "dav_lakens",
    "drm",
    "grm",
];

#[test]
fn before_and_after() {
    let folder = Folder::new("shapes-before-after");
    let edss = ["--before", "5.1 ± 1.7", "--after", "4.1 ± 1.6", "-n", "7"];
    for (args, rs, tests) in
        [(&[][..], 1, 0), (&["--r", "0,0.5"][..], 2, 2), (&["--t", "-2.1"][..], 1, 1), (&["--alpha", "0.01"][..], 1, 0)]
    {
        let document = json(&folder, &[&edss[..], args].concat());
        let contrast = at(&document, "contrasts/0");
        for path in [
            "release",
            "outcome",
            "arm",
            "design",
            "n",
            "before/mean",
            "before/sd",
            "after/mean",
            "after/sd",
            "estimates",
            "test",
            "r_bounds/sd_change",
            "r_bounds/t",
            "r_bounds/dz",
            "r_bounds/p",
            "r_needed/p",
            "r_needed/r",
            "common_language/0/U3/estimate",
            "notes",
        ] {
            at(contrast, path);
        }
        assert_eq!(contrast["design"], "before-after");
        check_estimates(contrast, &BEFORE_AFTER, rs);
        let list = contrast["test"].as_array().unwrap();
        assert_eq!(list.len(), tests);
        for test in list {
            assert_eq!(test["name"], "paired-t");
            all(test, ["r", "statistic", "df", "p"]);
        }
        for bound in ["sd_change", "t", "dz", "p"] {
            assert!(is_interval(&contrast["r_bounds"][bound]));
        }
    }
    // The smallest r at which p is below 0.05.
    let needed = at(&json(&folder, &edss), "contrasts/0/r_needed/r").as_f64().unwrap();
    assert!((needed - 0.787).abs() < 5e-4, "{needed}");
    // Means alone: what is absent is null, with a note.
    let document = json(&folder, &["--before", "0.47", "--after", "0.25", "-n", "5"]);
    let contrast = at(&document, "contrasts/0");
    check_estimates(contrast, &BEFORE_AFTER, 1);
    assert!(contrast["r_bounds"].is_null() && !contrast["notes"].as_array().unwrap().is_empty());
}

#[test]
fn two_groups() {
    let folder = Folder::new("shapes-groups");
    let document = json(&folder, &["--group1", "5.1 ± 1.7", "--n1", "7", "--group2", "4.1 ± 1.6", "--n2", "8"]);
    let contrast = at(&document, "contrasts/0");
    assert_eq!((&contrast["design"], &contrast["n1"], &contrast["n2"]), (&"two-group".into(), &7.into(), &8.into()));
    check_estimates(contrast, &["MD", "SMD", "SMDH", "SMD1", "SMD1H", "ROM", "VR", "CVR", "d", "g"], 1);
    let names: Vec<&Value> = contrast["test"].as_array().unwrap().iter().map(|test| &test["name"]).collect();
    assert_eq!(names, ["student-t", "welch-t"]);
}

#[test]
fn counts() {
    let folder = Folder::new("shapes-counts");
    let document = json(&folder, &["--proportion", "5/7"]);
    all(&document, ["proportion/k", "proportion/n", "proportion/estimate"]);
    for method in ["wilson", "clopper-pearson", "mid-p", "jeffreys", "agresti-coull"] {
        assert!(is_interval(at(&document, &format!("proportion/intervals/{method}"))));
    }
    let document = json(&folder, &["--rate1", "20/7", "--rate2", "3/7"]);
    at(&document, "rate_ratio/estimate");
    for path in ["rate_ratio/intervals/exact", "rate_ratio/intervals/mid-p", "rate_ratio/intervals/wald"] {
        assert!(is_interval(at(&document, path)));
    }
    let p = all(&document, ["rate_ratio/p/exact", "rate_ratio/p/mid-p"]);
    assert!(p.iter().all(|p| p.is_number()));
    for rate in document["rates"].as_array().unwrap() {
        at(rate, "estimate");
        assert!(all(rate, ["intervals/garwood", "intervals/byar"]).into_iter().all(is_interval));
    }
    assert_eq!(document["rates"].as_array().map(Vec::len), Some(2));
    let document = json(&folder, &["--table", "5,2,1,6"]);
    for (measure, methods) in [
        ("RR", &["katz", "miettinen-nurminen"][..]),
        ("OR", &["woolf", "miettinen-nurminen", "exact"][..]),
        ("RD", &["newcombe", "miettinen-nurminen"][..]),
    ] {
        at(&document, &format!("table/{measure}/estimate"));
        for method in methods {
            assert!(is_interval(at(&document, &format!("table/{measure}/intervals/{method}"))), "{measure} {method}");
        }
    }
    at(&document, "table/NNT");
    assert!(at(&document, "table/fisher_p").is_number());
    let document = json(&folder, &["--paired-table", "0,0,5,2"]);
    all(at(&document, "paired_table/mcnemar"), ["exact_p", "mid_p", "statistic", "p"]);
    at(&document, "paired_table/difference/estimate");
    for method in ["newcombe", "tango", "bonett-price"] {
        assert!(is_interval(at(&document, &format!("paired_table/difference/intervals/{method}"))));
    }
    at(&document, "paired_table/odds_ratio/estimate");
}

#[test]
fn releases_and_tables() {
    let folder = Folder::with_data("shapes-data");
    let document = json(&folder, &["data"]);
    let contrasts = at(&document, "contrasts").as_array().unwrap();
    assert!(contrasts.len() > 4);
    for contrast in contrasts {
        all(contrast, ["release", "outcome", "arm", "design", "estimates", "test", "notes"]);
    }
    folder.write("t.csv", "m1i,sd1i,n1i,m2i,sd2i,n2i\n2.9,1.1,7,0.4,0.8,7\n2.9,-1.1,7,0.4,0.8,7\n");
    let document = json(&folder, &["--measure", "SMD", "t.csv"]);
    assert_eq!(document["measure"], "SMD");
    for row in ["rows/0", "rows/1"] {
        all(at(&document, row), ["yi", "vi", "sei", "ci", "notes"]);
    }
    assert!(is_interval(at(&document, "rows/0/ci")) && at(&document, "rows/1/ci").is_null());
}

/// 34 of 57 relapse-free people of one arm (60 %) are no contrast, and a share: R 4.2.2, prop.test(34, 57, correct =
/// FALSE) has 0.4669729 to 0.7138248.
#[test]
fn shares_of_single_arms_are_told() {
    let folder = Folder::with_data("shapes-shares");
    let release = "data/trials/nmo-tocilizumab-nemos-2022.toml";
    let document = json(&folder, &[release]);
    let share = at(&document, "shares").as_array().unwrap().iter().find(|of| of["outcome"] == "relapse-free").unwrap();
    assert_eq!(
        [&share["k"], &share["n"], &share["occasion"]],
        [&Value::from(34), &Value::from(57), &Value::from("after")]
    );
    close(&share["intervals"]["wilson"][0], 0.466_972_924, 1e-8);
    let text = stdout(&folder.run(["effect", release]));
    assert!(text.contains("share of an arm") && text.contains("34/57"), "{text}");
}

/// What needs no number of patients is given without it, and what is asked for otherwise is told.
#[test]
fn effects_without_sizes_and_options_are_told() {
    let folder = Folder::new("shapes-without-sizes");
    let document = json(&folder, &["--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8"]);
    let estimates = at(&document, "contrasts/0/estimates").as_array().unwrap();
    let of = |code: &str| &estimates.iter().find(|of| of["measure"] == code).unwrap()["estimate"];
    close(of("dpre"), -2.5 / 1.1, 1e-12);
    close(of("VRC"), (0.8f64 / 1.1).ln(), 1e-12);
    assert!(of("gpre").is_null() && of("dz").is_null());
    folder.write("t.csv", "m1i,sd1i,m2i,sd2i\n2.9,1.1,0.4,0.8\n");
    let rows = json(&folder, &["--measure", "ROM", "--no-correct", "t.csv"]);
    close(at(&rows, "rows/0/yi"), (2.9f64 / 0.4).ln(), 1e-12);
    assert!(at(&rows, "rows/0/vi").is_null() && rows["notes"][0] == "not corrected for bias (--no-correct)", "{rows}");
    assert_eq!(folder.run(["effect", "--measure", "ROM", "t.csv"]).status.code(), Some(2));
    let text = stdout(&folder.run(["effect", "--measure", "ROM", "--no-correct", "t.csv", "--format", "markdown"]));
    assert!(text.starts_with("## ROM: log ratio of means, not corrected for bias (--no-correct)\n\n| row "), "{text}");
}
