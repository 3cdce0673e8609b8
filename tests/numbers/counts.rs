//! Intervals and tests of counts against their definitions in 40 digits (`tests/ref/effect/counts.py`),
//! and against what was published.

use crate::common::{Comparison, golden};
use reffect::effect::counts::Intervals;
use reffect::effect::counts::pairs::Pairs;
use reffect::effect::counts::person_time::{Rate, RateRatio};
use reffect::effect::counts::two_by_two::TwoByTwo;

fn end(of: &Intervals, method: &str, end: &str) -> f64 {
    let (_, range) = of.by.iter().find(|(name, _)| *name == method).unwrap_or_else(|| panic!("{method}"));
    if end == "lower" { range.lower } else { range.upper }
}

fn cells(text: &str) -> [u64; 4] {
    let cells: Vec<u64> = text.split(' ').map(|cell| cell.parse().unwrap()).collect();
    cells.try_into().unwrap()
}

fn of_table(counts: &str, parts: &[&str]) -> f64 {
    let table = TwoByTwo::new(cells(counts)).unwrap();
    let of = match parts[0] {
        "fisher_p" => return table.fisher_p(),
        "RR" => table.risk_ratio(0.95),
        "OR" => table.odds_ratio(0.95),
        _ => table.risk_difference(0.95),
    };
    end(&of, parts[1], parts[2])
}

fn of_pairs(counts: &str, parts: &[&str]) -> f64 {
    let pairs = Pairs::new(cells(counts)).unwrap();
    match parts[0] {
        "difference" => end(&pairs.difference(0.95), parts[1], parts[2]),
        "odds_ratio" => end(&pairs.odds_ratio(0.95), parts[1], parts[2]),
        _ => {
            let test = pairs.mcnemar().unwrap();
            match parts[1] {
                "exact_p" => test.p_values.exact,
                "mid_p" => test.p_values.mid_p,
                "statistic" => test.statistic,
                _ => test.p,
            }
        }
    }
}

fn of_rates(counts: &str, parts: &[&str]) -> f64 {
    let fields: Vec<&str> = counts.split(' ').collect();
    let rate = |i: usize| Rate::new(fields[i].parse().unwrap(), fields[i + 1].parse().unwrap()).unwrap();
    let ratio = RateRatio { first: rate(0), second: rate(2) };
    match parts[0] {
        "ratio" => end(&ratio.intervals(0.95), parts[1], parts[2]),
        "p" if parts[1] == "exact" => ratio.p_values().unwrap().exact,
        "p" => ratio.p_values().unwrap().mid_p,
        method => end(&ratio.first.intervals(0.95), method, parts[1]),
    }
}

#[test]
fn every_interval_and_test_agrees_with_its_definition() {
    let mut comparison = Comparison::default();
    for row in golden("effect/counts.csv") {
        let parts: Vec<&str> = row[2].split('.').collect();
        let found = match row[0].as_str() {
            "table" => of_table(&row[1], &parts),
            "pairs" => of_pairs(&row[1], &parts),
            _ => of_rates(&row[1], &parts),
        };
        let expected: f64 = row[3].parse().unwrap();
        comparison.close(&row.join(","), found, expected, 1e-10, 1e-13);
    }
    comparison.finish(300);
}

/// Fagerland, Lydersen & Laake (2014), Stat Med 33:2850, table 1 and section 4: airway
/// hyper-responsiveness before and after stem cell transplantation, 1, 1, 7 and 12 pairs.
#[test]
fn published_pairs_are_met() {
    let pairs = Pairs::new([1, 1, 7, 12]).unwrap();
    let test = pairs.mcnemar().unwrap();
    // Fagerland, Lydersen & Laake (2013), BMC Med Res Methodol 13:91: exact 0.070, mid-p 0.039, asymptotic 0.034.
    for (found, printed) in [(test.p_values.exact, 0.070), (test.p_values.mid_p, 0.039), (test.p, 0.034)] {
        assert!((found - printed).abs() <= 5e-4, "{found} for {printed}");
    }
}

/// Newcombe (1998), Stat Med 17:873, table II: 56/70 − 48/80, 9/10 − 3/10, 10/10 − 0/20.
#[test]
fn published_differences_are_met() {
    for (cells, newcombe, score) in [
        ([56, 14, 48, 32], [0.0524, 0.3339], [0.0528, 0.3382]),
        ([9, 1, 3, 7], [0.1705, 0.8090], [0.1700, 0.8406]),
        ([10, 0, 0, 20], [0.6791, 1.0], [0.7156, 1.0]),
    ] {
        let of = TwoByTwo::new(cells).unwrap().risk_difference(0.95);
        for (method, printed) in [("newcombe", newcombe), ("miettinen-nurminen", score)] {
            for (side, printed) in ["lower", "upper"].into_iter().zip(printed) {
                let found = end(&of, method, side);
                assert!((found - printed).abs() <= 5.1e-5, "{cells:?} {method} {side}: {found} for {printed}");
            }
        }
    }
}

/// The acceptance example: 3 relapses of 7 patients in a year against 20.
#[test]
fn the_rate_ratio_of_the_release_is_met() {
    let rate = |events| Rate::new(events, 7.0).unwrap();
    let of = RateRatio { first: rate(3), second: rate(20) }.intervals(0.95);
    for (method, lower, upper) in [("exact", 0.029, 0.506), ("mid-p", 0.035, 0.460)] {
        assert!((end(&of, method, "lower") - lower).abs() < 5e-4 && (end(&of, method, "upper") - upper).abs() < 5e-4);
    }
}

#[cfg(feature = "cli")]
mod program {
    use crate::common::cli::{Folder, json_of, stderr, stdout};
    use serde_json::{Value, json};

    fn run(args: &[&str]) -> Value {
        let folder = Folder::new(&format!("counts-{}", args.concat().replace('/', "_")));
        let output = folder.run([&["effect"], args, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        json_of(&output)
    }

    #[test]
    fn documents_have_the_promised_fields() {
        let rates = run(&["--rate1", "20/7", "--rate2", "3/7"]);
        assert!((rates["rate_ratio"]["estimate"].as_f64().unwrap() - 20.0 / 3.0).abs() < 1e-14);
        for method in ["exact", "mid-p", "wald"] {
            assert!(rates["rate_ratio"]["intervals"][method][1].is_f64(), "{method}");
        }
        assert!(rates["rate_ratio"]["p"]["exact"].as_f64() > rates["rate_ratio"]["p"]["mid-p"].as_f64());
        assert!(
            rates["rates"][1]["intervals"]["garwood"][0].is_f64() && rates["rates"][1]["intervals"]["byar"][0].is_f64()
        );
        let table = &run(&["--table", "5,2,1,6"])["table"];
        for (measure, methods) in [
            ("RR", vec!["katz", "miettinen-nurminen"]),
            ("OR", vec!["woolf", "exact", "mid-p", "miettinen-nurminen"]),
            ("RD", vec!["newcombe", "miettinen-nurminen"]),
            ("NNT", vec!["newcombe", "miettinen-nurminen"]),
        ] {
            for method in methods {
                assert_eq!(table[measure]["intervals"][method].as_array().unwrap().len(), 2, "{measure} {method}");
            }
            assert!(table[measure]["estimate"].is_f64(), "{measure}");
        }
        assert!((table["fisher_p"].as_f64().unwrap() - 0.102_564_102_564_102_6).abs() < 1e-12);
        let pairs = &run(&["--paired-table", "0,0,5,2"])["paired_table"];
        for (field, expected) in [("exact_p", 0.0625), ("mid_p", 0.03125)] {
            assert!((pairs["mcnemar"][field].as_f64().unwrap() - expected).abs() < 1e-15, "{field}");
        }
        assert_eq!(pairs["mcnemar"]["statistic"], json!(5.0));
        for method in ["newcombe", "tango", "bonett-price"] {
            assert!(pairs["difference"]["intervals"][method][0].is_f64(), "{method}");
        }
        assert_eq!(pairs["odds_ratio"]["estimate"], json!(0.0));
    }

    #[test]
    fn what_is_infinite_is_null_with_a_note() {
        let table = &run(&["--table", "3,0,0,4"])["table"];
        assert!(table["OR"]["estimate"].is_null() && table["OR"]["intervals"]["exact"][1].is_null());
        assert!(table["OR"]["notes"].to_string().contains("infinite"));
        // Katz's variance is 0 where everybody has the event, of however few.
        let all = &run(&["--table", "5,0,6,0"])["table"]["RR"];
        assert!(all["intervals"]["katz"].is_null() && all["notes"].to_string().contains("everybody has the event"));
        assert!(all["intervals"]["miettinen-nurminen"][0].as_f64().is_some_and(|lower| lower < 0.6));
        let same = &run(&["--table", "2,2,2,2"])["table"]["NNT"];
        assert!(same["estimate"].is_null() && same["through_infinity"]["newcombe"] == json!(true));
        let none = &run(&["--paired-table", "3,0,0,4"])["paired_table"];
        assert!(none["mcnemar"].is_null() && none["notes"].to_string().contains("discordant"));
    }

    #[test]
    fn two_groups_have_the_promised_fields() {
        let of = run(&["--group1", "0.4 ± 0.8", "--n1", "7", "--group2", "2.1 ± 1.2", "--n2", "8"]);
        let contrast = &of["contrasts"][0];
        assert_eq!(
            (&contrast["design"], &contrast["n1"], &contrast["n2"]),
            (&json!("two-group"), &json!(7), &json!(8))
        );
        assert_eq!(contrast["group1"], json!({ "mean": 0.4, "sd": 0.8 }));
        let codes: Vec<&str> =
            contrast["estimates"].as_array().unwrap().iter().map(|e| e["measure"].as_str().unwrap()).collect();
        assert_eq!(codes, ["MD", "d", "g", "SMD", "SMDH", "SMD1", "SMD1H", "ROM", "VR", "CVR"]);
        for estimate in contrast["estimates"].as_array().unwrap() {
            for field in ["estimate", "se"] {
                assert!(estimate[field].is_f64(), "{estimate}");
            }
            assert!(estimate["ci"][1].is_f64() && estimate["rounding"][1].is_f64(), "{estimate}");
        }
        let names: Vec<&str> =
            contrast["test"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["student-t", "welch-t"]);
        assert!(contrast["common_language"]["overlap"]["ci"][0].is_f64());
    }

    #[test]
    fn screens_are_pinned() {
        let folder = Folder::new("counts-screens");
        let mut transcript = String::new();
        for args in [
            vec!["effect", "--group1", "0.4 ± 0.8", "--n1", "7", "--group2", "2.1 ± 1.2", "--n2", "8"],
            vec!["effect", "--group1", "0.47", "--group2", "0.25"],
            vec!["effect", "--rate1", "3/7", "--rate2", "20/7"],
            vec!["effect", "--table", "5,2,1,6"],
            vec!["effect", "--table", "3,4,2,5", "--format", "csv"],
            vec!["effect", "--paired-table", "0,0,5,2"],
            vec!["effect", "--rate1", "0/5", "--rate2", "0/3"],
        ] {
            let output = folder.run(&args);
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            transcript.push_str(&format!("$ reffect {}\n{}\n", args.join(" "), stdout(&output)));
        }
        for args in [
            vec!["effect", "--table", "5,2,1"],
            vec!["effect", "--table", "5,-2,1,6"],
            vec!["effect", "--table", "0,0,1,6"],
            vec!["effect", "--rate1", "3/0"],
            vec!["effect", "--rate1", "3"],
            vec!["effect", "--group1", "2.9 ± 1.1"],
            vec!["effect", "--group1", "2.9 ± 1.1", "--group2", "3 ± 1", "--r", "0.5"],
            vec!["effect", "--group1", "2.9 ± 1.1", "--group2", "3 ± 1", "--spread", "se"],
        ] {
            let output = folder.run(&args);
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            transcript.push_str(&format!("$ reffect {}\n{}\n", args.join(" "), stderr(&output)));
        }
        insta::assert_snapshot!(transcript);
    }
}
