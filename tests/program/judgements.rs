//! What is judged where a release holds several comparisons, several sizes, or one number that can be read in two ways.

use crate::common::cli::{Folder, checks, json_of};
use crate::common::release::{outcome, release};
use serde_json::Value;

fn statuses(name: &str, text: &str, code: &str) -> Vec<String> {
    checks(name, text, code).into_iter().map(|(status, _)| status).collect()
}

const SD: &str = "spread = \"sd\"";

fn values(cells: &str) -> String {
    format!("{cells}\n{SD}")
}

fn claim(lines: &str) -> String {
    format!("\n[[statement]]\nlabel = \"a claim\"\nquote = \"a phrase\"\n{lines}\n")
}

/// R 4.2.2: t of 5.0 against 5.1 is −0.25 (p 0.80), of 3.0 against 5.1 −5.25; fisher.test of 10 and 10 of 50 has p = 1.
#[test]
fn a_claim_about_several_arms_holds_for_each() {
    let arms = [("high", "50"), ("low", "50"), ("placebo", "50")];
    let means = ["m6 = \"5.0 ± 2.0\"", "m6 = \"3.0 ± 2.0\"", "m6 = \"5.1 ± 2.0\""].map(values);
    let rows: Vec<(&str, &str)> = arms.iter().map(|(arm, _)| *arm).zip(means.iter().map(String::as_str)).collect();
    let all = claim("claim = \"significant\"\noutcome = \"pain\"\nversus = \"placebo\"\np = \"p < 0.001\"");
    let text = release(&arms, &(outcome("pain", &rows) + &all));
    assert_eq!(statuses("judge-arms", &text, "claim"), ["refused"]);
    let low = all.replace("versus", "arm = \"low\"\nversus");
    let text = release(&arms, &(outcome("pain", &rows) + &low));
    assert_eq!(statuses("judge-one-arm", &text, "claim"), ["pass"]);

    let count = |n: &str| format!("m6 = \"{n}\"\nstatistic = \"count\"");
    let counts = ["10", "40", "10"].map(count);
    let rows: Vec<(&str, &str)> = arms.iter().map(|(arm, _)| *arm).zip(counts.iter().map(String::as_str)).collect();
    let text = release(&arms, &(outcome("pain", &rows) + &all));
    assert_eq!(statuses("judge-counts", &text, "claim"), ["refused"]);
}

#[test]
fn a_claim_without_occasion_holds_at_each_behind_the_first() {
    let arms = [("drug", "50"), ("placebo", "50")];
    let rows = |m12: &str| {
        let drug = values(&format!("before = \"6.0 ± 2.0\"\nm6 = \"4.0 ± 2.0\"\nm12 = \"{m12} ± 2.0\""));
        let placebo = values("before = \"6.0 ± 2.0\"\nm6 = \"6.0 ± 2.0\"\nm12 = \"5.1 ± 2.0\"");
        outcome("pain", &[("drug", &drug), ("placebo", &placebo)])
    };
    let said = claim("claim = \"significant\"\noutcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"");
    assert_eq!(statuses("judge-m12", &release(&arms, &(rows("4.9") + &said)), "claim"), ["refused"]);
    assert_eq!(statuses("judge-both", &release(&arms, &(rows("3.0") + &said)), "claim"), ["pass"]);
    // Whatever the order of the reported effects, each is of its own occasion.
    let effect = |id: &str, value: &str, ci: &str| {
        format!(
            "\n[[estimate]]\nid = \"{id}\"\nlabel = \"{id}\"\nmeasure = \"mean-difference\"\noutcome = \"pain\"\narm = \"drug\"\n\
             versus = \"placebo\"\noccasion = \"{id}\"\nvalue = \"{value}\"\nci = \"{ci}\"\nquote = \"a phrase\"\n"
        )
    };
    let [first, second] = [effect("m6", "-2.0", "-2.8 to -1.2"), effect("m12", "-0.2", "-1.0 to 0.6")];
    for effects in [format!("{first}{second}"), format!("{second}{first}")] {
        let text = release(&arms, &(rows("4.9") + &effects + &said));
        assert_eq!(statuses("judge-effects", &text, "claim"), ["refused"]);
    }
}

#[test]
fn what_is_called_significant_has_a_p_that_can_be() {
    let arms = [("drug", "50"), ("placebo", "50")];
    let rows =
        outcome("pain", &[("drug", &values("m6 = \"5.00 ± 2.00\"")), ("placebo", &values("m6 = \"5.10 ± 2.00\""))]);
    for (called, p, expected) in
        [("significant", "p = 0.8", "fail"), ("not-significant", "p = 0.8", "pass"), ("other", "p = 0.8", "pass")]
    {
        let said =
            format!("claim = \"{called}\"\noutcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"\np = \"{p}\"");
        let text = release(&arms, &(rows.clone() + &claim(&said)));
        assert_eq!(statuses("judge-called", &text, "claim"), [expected], "{called}");
    }
    // R 4.2.2: the t of 4.0 and 5.1 of 50 each with an SD of 2 is −2.75, p 0.0071.
    let rows =
        outcome("pain", &[("drug", &values("m6 = \"4.00 ± 2.00\"")), ("placebo", &values("m6 = \"5.10 ± 2.00\""))]);
    for (called, told) in [("not-significant", "is called not significant"), ("tendency", "is called a tendency")] {
        for p in ["p = 0.0071", "p = 0.002", "p < 0.01"] {
            let said =
                format!("claim = \"{called}\"\noutcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"\np = \"{p}\"");
            let found = checks("judge-below", &release(&arms, &(rows.clone() + &claim(&said))), "claim");
            let (status, message) = &found[0];
            assert!(status == "refused" && message.contains(told), "{called} {p}: {message}");
            assert!(!message.contains("consistent with the claim"), "{message}");
        }
    }
}

#[test]
fn a_correlation_tests_no_change() {
    let rows = outcome("edss", &[("a", &values("before = \"5.1 ± 1.7\"\nm6 = \"5.0 ± 1.7\""))]);
    let age = "\n[[estimate]]\nid = \"age\"\nlabel = \"EDSS with age\"\nmeasure = \"correlation\"\noutcome = \"edss\"\nvalue = \"0.60\"\n\
               ci = \"0.46 to 0.71\"\nquote = \"a phrase\"\n";
    let said = claim("claim = \"significant\"\noutcome = \"edss\"");
    let found = checks("judge-correlation", &release(&[("a", "100")], &(rows + age + &said)), "claim");
    assert_eq!(found.len(), 1);
    assert!(found[0].0 == "refused" && !found[0].1.contains("reported effect"), "{found:?}");
}

/// (20/40)/(40/20) = 0.25; 1 − (4/8)/(12/14) = 0.417.
#[test]
fn ratios_of_one_arm_are_over_its_person_time_and_people() {
    let effect = |measure: &str, value: &str| {
        format!(
            "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"{measure}\"\noutcome = \"events\"\narm = \"a\"\nvalue = \"{value}\"\n\
             quote = \"a phrase\"\n"
        )
    };
    let rows = [
        ("a", "statistic = \"events\"\ntime = \"20\"\nbefore = \"40\""),
        ("a", "statistic = \"events\"\ntime = \"40\"\nm6 = \"20\""),
    ];
    let rates = outcome("events", &rows)
        .replace("scale = \"continuous\"", "scale = \"count\"\nexposure = { unit = \"years\" }");
    for (value, expected) in [("0.25", "pass"), ("0.50", "fail")] {
        let text = release(&[("a", "20")], &(rates.clone() + &effect("rate-ratio", value)));
        assert_eq!(statuses("judge-rates", &text, "estimate"), [expected], "{value}");
    }
    let shares = outcome("events", &[("a", "before = \"12/14\"\nm6 = \"4/8\"")]);
    for (value, expected) in [("42%", "pass"), ("67%", "fail")] {
        let text = release(&[("a", "14")], &(shares.clone() + &effect("percent-reduction", value)));
        assert_eq!(statuses("judge-shares", &text, "estimate"), [expected], "{value}");
    }
}

/// 3.08/2/qt(0.975, 10) = 0.6911 in R 4.2.2: six and six people have a change, whatever was randomised.
#[test]
fn the_people_of_a_change_are_its_own() {
    let change = |mean: &str| format!("m6 = \"{mean} ± 1.2\"\nn = 6\nstatistic = \"change\"\nspread = \"sd\"");
    let rows = outcome("pain", &[("drug", &change("-5.0")), ("placebo", &change("-2.0"))]);
    let effect = "\n[[estimate]]\nid = \"d\"\nlabel = \"d\"\nmeasure = \"mean-difference\"\noutcome = \"pain\"\narm = \"drug\"\n\
                  versus = \"placebo\"\nvalue = \"-3.00\"\nci = \"-4.54 to -1.46\"\nquote = \"a phrase\"\n";
    let folder = Folder::new("judge-sizes");
    folder.write("trial.toml", release(&[("drug", "not stated"), ("placebo", "not stated")], &(rows + effect)));
    let found = json_of(&folder.run(["effect", "trial.toml", "--json"]));
    let se = found.pointer("/reported/0/se").and_then(Value::as_f64);
    let se = se.unwrap_or_else(|| panic!("{found:#}"));
    assert!((se - 1.54 / 2.228138852).abs() < 1e-8, "{se}");

    // A change of fewer people gives no r of all, and none of other people has a false sign.
    let rows = outcome(
        "edss",
        &[
            ("a", &values("before = \"5.1 ± 1.7\"\nm6 = \"5.3 ± 1.7\"")),
            ("a", "m6 = \"-0.20 ± 0.6\"\nn = 20\nstatistic = \"change\"\nspread = \"sd\""),
        ],
    );
    let text = release(&[("a", "50")], &rows);
    assert_eq!(statuses("judge-sign", &text, "change"), ["refused"]);
    let recovered = |name: &str, text: &str| {
        let folder = Folder::new(name);
        folder.write("trial.toml", text);
        let found = json_of(&folder.run(["effect", "trial.toml", "--json"]));
        let contrasts = found["contrasts"].as_array().unwrap();
        contrasts.iter().filter(|of| !of["r_recovered"].is_null()).count()
    };
    assert_eq!(recovered("judge-own-n", &text), 0);
    assert_eq!(recovered("judge-same-n", &text.replace("n = 20\n", "")), 1);
}

#[test]
fn percentages_of_a_whole_are_a_hundred_together() {
    let number = |id: &str, value: &str| {
        format!(
            "\n[[number]]\nid = \"{id}\"\nlabel = \"{id}\"\nvalue = \"{value}\"\nof = \"a\"\nsplit = \"sex\"\nquote = \"a phrase\"\n"
        )
    };
    for (parts, expected) in
        [(["45%", "55%"], "pass"), (["33%", "66%"], "pass"), (["45%", "45%"], "fail"), (["45%", "110"], "refused")]
    {
        let numbers = number("women", parts[0]) + &number("men", parts[1]);
        assert_eq!(statuses("judge-split", &release(&[("a", "200")], &numbers), "total"), [expected], "{parts:?}");
    }
    for (cell, code) in
        [("m6 = \"60\"\nstatistic = \"count\"", "total"), ("m6 = \"120%\"\nstatistic = \"percent\"", "percentage")]
    {
        let text = release(&[("a", "50")], &outcome("response", &[("a", cell)]));
        assert_eq!(statuses("judge-more", &text, code), ["fail"], "{cell}");
    }
}

/// 1/(5 × 94) = 0.00213 is the first beyond 60 that prints so.
#[test]
fn a_slope_may_need_a_long_follow_up() {
    let rows = outcome("slope", &[("a", "before = \"0.0021\"\nstatistic = \"slope\"")]);
    let rows = rows
        .replace("scale = \"continuous\"", "unit = \"points/day\"\nscale = \"continuous\"\nslope_of = \"alsfrs-r\"");
    let found = checks("judge-slope", &release(&[("a", "5")], &rows), "slope");
    assert_eq!(found.iter().map(|(status, _)| status.as_str()).collect::<Vec<_>>(), ["pass"]);
    assert!(found[0].1.contains("more than 60 (94, for one) days"), "{found:?}");
}

/// (4 − 8) − (6 − 6 months' 7) is no difference of changes: one begins before, the other at six months.
#[test]
fn changes_begin_where_both_arms_do() {
    let rows = [
        ("drug", values("before = \"8.0 ± 2.0\"\nm12 = \"4.0 ± 2.0\"")),
        ("placebo", values("m6 = \"7.0 ± 2.0\"\nm12 = \"6.0 ± 2.0\"")),
    ];
    let rows: Vec<(&str, &str)> = rows.iter().map(|(arm, lines)| (*arm, lines.as_str())).collect();
    let effect = "\n[[estimate]]\nid = \"d\"\nlabel = \"d\"\nmeasure = \"mean-difference\"\noutcome = \"pain\"\narm = \"drug\"\n\
                  versus = \"placebo\"\noccasion = \"m12\"\nvalue = \"-3.0\"\nquote = \"a phrase\"\n";
    let text = release(&[("drug", "20"), ("placebo", "20")], &(outcome("pain", &rows) + effect));
    assert_eq!(statuses("judge-starts", &text, "estimate"), ["fail"]);
}

#[test]
fn what_the_source_explains_is_not_read_in_another_way() {
    let rows = [
        ("a", values("before = \"5.1 ± 1.7\"\nm6 = \"4.1 ± 1.6\"")),
        ("a", "m12 = \"4.0 ± 1.6\"\nspread = \"unexplained\"".to_owned()),
    ];
    let rows: Vec<(&str, &str)> = rows.iter().map(|(arm, lines)| (*arm, lines.as_str())).collect();
    let folder = Folder::new("judge-unexplained");
    folder.write("trial.toml", release(&[("a", "25")], &outcome("edss", &rows)));
    let found = json_of(&folder.run(["effect", "trial.toml", "--json"])).to_string();
    assert_eq!(found.matches("if the ±").count(), 1, "{found}");
    assert!(found.contains("if the ± of 4.0 ± 1.6 were the SE, its SD would be √25 times as large"), "{found}");
}

/// The log ratio of equal SDs is 0 and has p = 1; Student's t-test of the same arms is another question.
#[test]
fn an_effect_has_the_p_of_its_own_test() {
    let arms = [("high", "50"), ("low", "50"), ("placebo", "50")];
    let means = ["m6 = \"5.0 ± 2.0\"", "m6 = \"3.0 ± 2.0\"", "m6 = \"5.1 ± 2.0\""].map(values);
    let rows: Vec<(&str, &str)> = arms.iter().map(|(arm, _)| *arm).zip(means.iter().map(String::as_str)).collect();
    let expect =
        |lines: &str| format!("\n[[expect]]\nresult = \"effect\"\noutcome = \"pain\"\nsource = \"R 4.2.2\"\n{lines}\n");
    for (lines, expected) in [
        ("arm = \"low\"\nversus = \"placebo\"\nmeasure = \"VR\"\nis = \"0.00\"\np = \"p = 1.00\"", "pass"),
        ("arm = \"low\"\nversus = \"placebo\"\nmeasure = \"MD\"\nis = \"-2.10\"", "pass"),
        ("arm = \"placebo\"\nversus = \"low\"\nmeasure = \"MD\"\nis = \"2.10\"", "pass"),
    ] {
        let text = release(&arms, &(outcome("pain", &rows) + &expect(lines)));
        let found = checks("judge-expect", &text, "expectation");
        assert_eq!(found.iter().map(|(status, _)| status.as_str()).collect::<Vec<_>>(), [expected], "{found:?}");
    }
    let text =
        release(&arms, &(outcome("pain", &rows) + &expect("versus = \"placebo\"\nmeasure = \"MD\"\nis = \"-2.10\"")));
    let found = checks("judge-several", &text, "expectation");
    assert!(found.len() == 1 && found[0].1.contains("write arm = one of high, low"), "{found:?}");
}

/// `fisher.test(matrix(c(11, 5, 3, 12), 2))$p.value` in R 4.2.2: 0.01134; of one side 0.008247.
#[test]
fn fishers_p_is_made_of_the_counts() {
    let rows = [("drug", "m6 = \"11/16\""), ("placebo", "m6 = \"3/15\"")];
    let effect = |p: &str| {
        format!(
            "\n[[estimate]]\nid = \"rr\"\nlabel = \"rr\"\nmeasure = \"risk-ratio\"\noutcome = \"responders\"\narm = \"drug\"\n\
             versus = \"placebo\"\nvalue = \"3.44\"\nci = \"1.19 to 9.97\"\np = \"p = {p}\"\ntest = \"Fisher\"\nquote = \"a phrase\"\n"
        )
    };
    for (p, expected) in [("0.011", "pass"), ("0.811", "fail"), ("0.0082", "refused"), ("0.0060", "fail")] {
        let text = release(&[("drug", "16"), ("placebo", "15")], &(outcome("responders", &rows) + &effect(p)));
        assert_eq!(statuses("judge-fisher", &text, "p-value"), [expected], "{p}");
    }
}

/// Fewer people have a change than have a value, and the difference may be that of their changes.
#[test]
fn a_difference_may_be_that_of_fewer_people() {
    let arms = [("drug", "60"), ("placebo", "60")];
    let effect = "\n[[estimate]]\nid = \"d\"\nlabel = \"d\"\nmeasure = \"mean-difference\"\noutcome = \"pain\"\narm = \"drug\"\n\
                  versus = \"placebo\"\nvalue = \"-1.4\"\nquote = \"a phrase\"\n";
    let row = |first: &str, last: &str| {
        [values(&format!("before = \"{first}\"")), values(&format!("m6 = \"{last}\"\nn = 52"))]
    };
    let ([drug, drug_later], [placebo, placebo_later]) = (row("6.1 ± 2.0", "4.0 ± 2.0"), row("6.0 ± 2.0", "5.0 ± 2.0"));
    let rows = [("drug", drug), ("drug", drug_later), ("placebo", placebo), ("placebo", placebo_later)];
    let rows: Vec<(&str, &str)> = rows.iter().map(|(arm, lines)| (*arm, lines.as_str())).collect();
    let text = release(&arms, &(outcome("pain", &rows) + effect));
    assert_eq!(statuses("judge-fewer", &text, "estimate"), ["refused"]);
    assert_eq!(statuses("judge-all", &text.replace("\nn = 52", ""), "estimate"), ["fail"]);
}

/// 66.7 % − 33.3 % = 33.4 points, where 8/12 − 4/12 are 33.3.
#[test]
fn a_difference_of_shares_may_be_that_of_the_printed_ones() {
    let rows =
        [("drug", "m6 = \"66.7%\"\nstatistic = \"percent\""), ("placebo", "m6 = \"33.3%\"\nstatistic = \"percent\"")];
    for (value, expected) in [("33.3%", "pass"), ("33.4%", "pass"), ("34.4%", "fail")] {
        let effect = format!(
            "\n[[estimate]]\nid = \"d\"\nlabel = \"d\"\nmeasure = \"risk-difference\"\noutcome = \"responders\"\narm = \"drug\"\n\
             versus = \"placebo\"\nvalue = \"{value}\"\nquote = \"a phrase\"\n"
        );
        let text = release(&[("drug", "12"), ("placebo", "12")], &(outcome("responders", &rows) + &effect));
        assert_eq!(statuses("judge-printed", &text, "estimate"), [expected], "{value}");
    }
}

#[test]
fn of_two_claims_beside_one_p_the_worse_verdict_stands() {
    let arms = [("drug", "50"), ("placebo", "50")];
    let rows =
        outcome("pain", &[("drug", &values("m6 = \"5.00 ± 2.00\"")), ("placebo", &values("m6 = \"5.10 ± 2.00\""))]);
    let said = |called: &str| {
        claim(&format!(
            "claim = \"{called}\"\noutcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"\np = \"p = 0.8\""
        ))
    };
    for order in [["significant", "not-significant"], ["not-significant", "significant"]] {
        let text = release(&arms, &(rows.clone() + &order.map(said).concat()));
        assert_eq!(statuses("judge-two", &text, "claim"), ["fail"], "{order:?}");
    }
}

#[test]
fn a_mean_outside_of_its_data_gives_no_sd() {
    let folder = Folder::new("judge-convert");
    folder.write("in.csv", "mean,q1,median,q3,n\n15.2,12,15,19,80\n");
    folder.write("out.csv", "mean,q1,median,q3,n\n40,12,15,19,80\n");
    let sd = |file: &str| json_of(&folder.run(["convert", file, "--to", "mean-sd", "--json"])).to_string();
    // (19 − 12)/(2 qnorm((0.75·80 − 0.125)/80.25)): Wan et al. (2014), eq. 16.
    assert!(sd("in.csv").contains("5.28") && sd("in.csv").contains("15.2"), "{}", sd("in.csv"));
    assert!(sd("out.csv").contains("lies outside of q1 and q3"), "{}", sd("out.csv"));
    // 12.4/4.1·√25, whichever of the two differences the t was made of.
    folder.write("turned.csv", "mean,n,t\n12.4,25,-4.1\n12.4,25,4.1\n");
    let turned = sd("turned.csv");
    assert_eq!((turned.matches("15.12").count(), turned.matches("opposite difference").count()), (2, 1), "{turned}");
}

/// Medians of survival times have such intervals as well, and no ratio of means.
#[test]
fn a_median_in_the_middle_of_logarithms_is_no_geometric_mean() {
    let rows = ["19.3 (15.8–23.6)", "11.1 (9.2–13.4)"]
        .map(|cell| format!("m6 = \"{cell}\"\nstatistic = \"median\"\nspread = \"ci95\""));
    let text =
        release(&[("drug", "50"), ("placebo", "50")], &outcome("time", &[("drug", &rows[0]), ("placebo", &rows[1])]));
    let folder = Folder::new("judge-median");
    folder.write("r.toml", &text);
    let found = json_of(&folder.run(["effect", "r.toml", "--json"]));
    assert!(found["contrasts"].as_array().unwrap().is_empty(), "{found}");
    assert!(found.to_string().contains("is a median"), "{found}");
    let pooled = folder.run(["meta", "r.toml", "--outcome", "time", "--measure", "ROM"]);
    assert_eq!(pooled.status.code(), Some(2));
}

/// A geometric mean with its interval gives no SD of the values, and two of them a ratio: 9.4/9.6 = 0.98.
#[test]
fn geometric_means_have_a_ratio_and_no_difference() {
    let row = |cell: &str| format!("m6 = \"{cell}\"\nstatistic = \"mean\"\nspread = \"ci95\"");
    let rows = [("drug", row("9.4 (7.1–12.4)")), ("placebo", row("9.6 (6.1–15.0)"))];
    let rows: Vec<(&str, &str)> = rows.iter().map(|(arm, lines)| (*arm, lines.as_str())).collect();
    let effect = |value: &str| {
        format!(
            "\n[[estimate]]\nid = \"r\"\nlabel = \"r\"\nmeasure = \"ratio-of-geometric-means\"\noutcome = \"titre\"\narm = \"drug\"\n\
             versus = \"placebo\"\nvalue = \"{value}\"\nci = \"0.59 to 1.64\"\np = \"p = 0.95\"\nquote = \"a phrase\"\n"
        )
    };
    let said = claim(
        "claim = \"not-significant\"\noutcome = \"titre\"\narm = \"drug\"\nversus = \"placebo\"\np = \"p = 0.12\"",
    );
    let arms = [("drug", "31"), ("placebo", "12")];
    let text = release(&arms, &(outcome("titre", &rows) + &effect("0.98") + &said));
    assert_eq!(statuses("judge-geometric", &text, "estimate"), ["pass"]);
    let claims = checks("judge-geometric-claim", &text, "claim");
    assert!(claims.iter().all(|(_, told)| !told.contains("t-test")), "{claims:?}");
    let wrong = release(&arms, &(outcome("titre", &rows) + &effect("1.20")));
    assert_eq!(statuses("judge-geometric-wrong", &wrong, "estimate"), ["fail"]);
    let folder = Folder::new("judge-geometric-effect");
    folder.write("r.toml", &text);
    folder.write("s.toml", text.replace("9.6 (6.1–15.0)", "9.6 (6.0–15.3)"));
    // R 4.2.2: SDs of the logarithms by (log(upper) - log(lower))/2*sqrt(n)/qt(.975, n - 1), then Welch's t-test of
    // them.
    let found = json_of(&folder.run(["effect", "r.toml", "--json"]));
    let contrast = &found["contrasts"][0];
    let ratio = contrast["estimates"].as_array().unwrap().iter().find(|of| of["measure"] == "ROM").unwrap();
    let close = |found: &serde_json::Value, expected: f64| {
        assert!((found.as_f64().unwrap() / expected - 1.0).abs() < 1e-8, "{found} {expected}");
    };
    close(&ratio["estimate"], -0.021_053_409_197_8);
    close(&ratio["se"], 0.245_795_823_463_2);
    let welch = contrast["test"].as_array().unwrap().iter().find(|of| of["name"] == "welch-t").unwrap();
    close(&welch["df"], 21.438_133_593_992_7);
    close(&welch["p"], 0.932_536_348_291);
    // 0.587676613736 to 1.631453998170
    let text = crate::common::cli::stdout(&folder.run(["effect", "r.toml"]));
    assert!(text.contains("ratio of the means 0.979, 95 % CI 0.588 to 1.631"), "{text}");
    let difference = contrast["estimates"].as_array().unwrap().iter().find(|of| of["measure"] == "MD").unwrap();
    assert!(difference["estimate"].is_null(), "{difference}");
    for measure in ["MD", "SMD", "VR", "CVR"] {
        let output = folder.run(["meta", "r.toml", "s.toml", "--outcome", "titre", "--measure", measure]);
        let told = crate::common::cli::stdout(&output) + &crate::common::cli::stderr(&output);
        assert!(told.contains("as a geometric mean does"), "{measure}: {told}");
    }
    // Their ratio is not corrected for a bias that it does not have, and is not said to be.
    let pooled = folder.run(["meta", "r.toml", "s.toml", "--outcome", "titre", "--measure", "ROM"]);
    let told = crate::common::cli::stdout(&pooled);
    assert!(told.contains("ROM, log ratio of means") && !told.contains("bias-corrected"), "{told}");
    let pooled = json_of(&folder.run(["meta", "r.toml", "s.toml", "--outcome", "titre", "--measure", "ROM", "--json"]));
    close(&pooled["studies"][0]["yi"], -0.021_053_409_197_8);
    close(&pooled["studies"][0]["vi"], 0.245_795_823_463_2f64.powi(2));
}

/// The population SD of 2, 4, 4, 4, 5 is 0.98 and their sample SD 1.10: 3.80 ± 0.75 of five people is such a one as
/// well.
#[test]
fn an_unexplained_spread_need_not_be_the_sample_sd() {
    let of = |spread: &str| {
        let rows = format!("before = \"3.80 ± 0.75\"\nm6 = \"2.60 ± 2.06\"\nspread = \"{spread}\"");
        release(&[("drug", "5")], &outcome("pain", &[("drug", &rows)]).replace("\"continuous\"", "\"nrs\""))
    };
    for code in ["grimmer", "existence"] {
        let found = checks("judge-unexplained", &of("unexplained"), code);
        assert!(found.iter().any(|(status, told)| status == "refused" && told.contains("see plus-minus")), "{found:?}");
        assert!(found.iter().all(|(status, told)| status != "fail" && !told.contains("slip")), "{found:?}");
        assert!(statuses("judge-explained", &of("sd"), code).contains(&"fail".to_owned()));
    }
    // The limits of the SD are 0.447 and 5.22, and 0.75 lies between them, though no data have it.
    assert_eq!(statuses("judge-limits", &of("sd"), "sd-limits"), ["pass", "pass"]);
}

/// Half of a 95 % interval of three people is 2.48 times their SD: ± 9.0 on 0 to 10 without steps is no SD of theirs,
/// which is at most 5.8, and may be that.
#[test]
fn half_of_an_interval_of_few_people_is_more_than_their_sd() {
    let of = |spread: &str| {
        let rows = format!("before = \"5.0 ± 9.0\"\nspread = \"{spread}\"");
        let release = release(&[("drug", "3")], &outcome("pain", &[("drug", &rows)]));
        checks("judge-few", &release.replace("\"continuous\"", "{ min = 0, max = 10 }"), "sd-limits").swap_remove(0)
    };
    assert_eq!(["sd", "ci95"].map(|spread| of(spread).0), ["fail", "pass"]);
    let (status, told) = of("unexplained");
    assert!(status == "refused" && told.contains("the ± may be half of a 95 % interval"), "{told}");
}

/// R 4.2.2, of 87 of 106 against 7 of 16: chisq.test(correct = FALSE) has p = 0.0006785, with its default 0.002076, and
/// fisher.test 0.002008.
#[test]
fn a_p_beside_counts_may_be_that_of_their_test() {
    let rows = [("drug", "m6 = \"87/106\""), ("placebo", "m6 = \"7/16\"")];
    let effect = |p: &str| {
        format!(
            "\n[[estimate]]\nid = \"rr\"\nlabel = \"rr\"\nmeasure = \"risk-ratio\"\noutcome = \"responders\"\narm = \"drug\"\n\
             versus = \"placebo\"\nvalue = \"1.88\"\nci = \"1.07 to 3.29\"\np = \"{p}\"\nquote = \"a phrase\"\n"
        )
    };
    let of = |p: &str| {
        let text = release(&[("drug", "106"), ("placebo", "16")], &(outcome("responders", &rows) + &effect(p)));
        checks("judge-chi", &text, "p-value").remove(0)
    };
    for p in ["p = 0.002", "p = 0.0021", "p = 0.0007", "p = 0.028"] {
        assert_eq!(of(p).0, "pass", "{p}");
    }
    let (status, told) = of("p = 0.7");
    assert!(status == "fail" && told.contains("the counts give Fisher's exact test 0.0020"), "{told}");
}

/// t = −2.2/2 with 78 degrees of freedom has p = 0.27: three times it is 0.82, and 1 less half of it 0.86.
#[test]
fn a_p_may_be_adjusted_or_of_one_side() {
    let rows = |cells: [&str; 2]| {
        let [drug, placebo] = cells.map(|cell| values(&format!("m6 = \"{cell}\"")));
        outcome("pain", &[("drug", &drug), ("placebo", &placebo)])
    };
    let effect = |p: &str| {
        format!(
            "\n[[estimate]]\nid = \"d\"\nlabel = \"d\"\nmeasure = \"mean-difference\"\noutcome = \"pain\"\narm = \"drug\"\n\
             versus = \"placebo\"\nvalue = \"−2.2\"\nci = \"−6.2 to 1.8\"\np = \"{p}\"\nquote = \"a phrase\"\n"
        )
    };
    let of = |cells: [&str; 2], p: &str| {
        let text = release(&[("drug", "40"), ("placebo", "40")], &(rows(cells) + &effect(p)));
        checks("judge-another-p", &text, "p-value").remove(0)
    };
    let even = ["51.4 ± 9.0", "53.6 ± 9.0"];
    for (p, expected, words) in [
        ("p = 0.82", "refused", "adjusted for several comparisons"),
        ("p = 0.86", "refused", "of the other direction"),
        ("p = 0.003", "fail", "no common test of these data"),
    ] {
        let (status, told) = of(even, p);
        assert!(status == expected && told.contains(words), "{p}: {status} {told}");
    }
    // An SD above the mean of values that are not below 0 is that of much skewed ones.
    let (status, told) = of(["6.8 ± 9.0", "9.0 ± 9.0"], "p = 0.003");
    assert!(status == "refused" && told.contains("test of ranks"), "{told}");
}

/// The ratio of 28/40 and 14/42 is 2.10, and turned round 0.476.
#[test]
fn arms_of_a_ratio_may_have_changed_places() {
    let rows = [("drug", "m6 = \"28/40\""), ("placebo", "m6 = \"14/42\"")];
    let effect = |measure: &str, value: &str| {
        format!(
            "\n[[estimate]]\nid = \"rr\"\nlabel = \"rr\"\nmeasure = \"{measure}\"\noutcome = \"responders\"\narm = \"drug\"\n\
             versus = \"placebo\"\nvalue = \"{value}\"\nquote = \"a phrase\"\n"
        )
    };
    for (measure, value) in [("risk-ratio", "0.48"), ("percent-increase", "−52.4%"), ("percent-reduction", "52.4%")] {
        let text =
            release(&[("drug", "40"), ("placebo", "42")], &(outcome("responders", &rows) + &effect(measure, value)));
        let (status, told) = checks("judge-turned", &text, "estimate").remove(0);
        assert!(status == "fail" && told.contains("change `arm` and `versus`"), "{measure}: {status} {told}");
    }
}

/// Without a sign the difference is that of the other direction, whatever it is adjusted for, and however many have it.
#[test]
fn the_sign_of_an_adjusted_difference_is_that_of_the_values() {
    let arms = [("drug", "60"), ("placebo", "60")];
    let row = |first: &str, last: &str, n: &str| values(&format!("before = \"{first}\"\nm6 = \"{last}\"{n}"));
    let rows = [("drug", row("6.1 ± 2.0", "2.0 ± 2.0", "")), ("placebo", row("6.1 ± 2.0", "5.0 ± 2.0", ""))];
    let rows: Vec<(&str, &str)> = rows.iter().map(|(arm, lines)| (*arm, lines.as_str())).collect();
    let effect = |value: &str, ci: &str| {
        format!(
            "\n[[estimate]]\nid = \"d\"\nlabel = \"d\"\nmeasure = \"mean-difference\"\noutcome = \"pain\"\narm = \"drug\"\n\
             versus = \"placebo\"\nvalue = \"{value}\"\nci = \"{ci}\"\nadjusted = \"for baseline\"\nquote = \"a phrase\"\n"
        )
    };
    let of = |value: &str, ci: &str| {
        checks("judge-adjusted", &release(&arms, &(outcome("pain", &rows) + &effect(value, ci))), "estimate").remove(0)
    };
    let (status, told) = of("2.9", "2.3 to 3.5");
    assert!(status == "fail" && told.contains("change `arm` and `versus`"), "{status} {told}");
    assert_eq!(of("−2.9", "−3.5 to −2.3").0, "refused");
}

/// R 4.2.2: 8 of 12 before and 2 of 12 after, of whom 0 to 2 were without before: binom.test of 0 of 6 has 0.03125, and
/// of 2 of 10 0.1094.
#[test]
fn counts_of_the_same_people_bound_the_p_of_their_change() {
    let rows = outcome("relapsed", &[("drug", "before = \"8/12\"\nm6 = \"2/12\"")]);
    let said = claim("claim = \"significant\"\noutcome = \"relapsed\"\np = \"p < 0.05\"");
    let (status, told) = checks("judge-mcnemar", &release(&[("drug", "12")], &(rows + &said)), "claim").remove(0);
    assert!(status == "refused" && told.contains("McNemar") && told.contains("0.031 to 0.11"), "{status} {told}");
}

/// R 4.2.2: tanh(atanh(0.5) + c(-1, 1) * 1.96 / sqrt(37)) is 0.2233 to 0.7021 for 40 people, and cor.test has p = 0.001.
#[test]
fn a_correlation_has_the_precision_of_its_people() {
    let effect = |lines: &str| {
        format!(
            "\n[[estimate]]\nid = \"r\"\nlabel = \"r\"\nmeasure = \"correlation\"\narm = \"drug\"\nvalue = \"0.50\"\n{lines}\nquote = \"a phrase\"\n"
        )
    };
    let of = |lines: &str, code: &str| statuses("judge-correlation", &release(&[("drug", "40")], &effect(lines)), code);
    assert_eq!(of("ci = \"0.22 to 0.70\"", "interval"), ["pass"]);
    assert_eq!(of("ci = \"0.38 to 0.60\"", "interval"), ["fail"]);
    assert_eq!(of("ci = \"0.18 to 0.73\"", "interval"), ["refused"]);
    assert_eq!(of("p = \"p = 0.001\"", "p-value"), ["pass"]);
    assert_eq!(of("p = \"p = 0.2\"", "p-value"), ["fail"]);
    let folder = Folder::new("judge-correlation-se");
    folder.write("r.toml", release(&[("drug", "40")], &effect("")));
    let found = json_of(&folder.run(["effect", "r.toml", "--json"])).to_string();
    // 1/√37
    assert!(found.contains("0.16439"), "{found}");
}

/// The interval of a mean of percentages has it in its middle as it is printed, and gives no SE of a logarithm: the
/// middle of −10.7 and 30.4 is 9.85.
#[test]
fn a_mean_of_percentages_has_an_interval_of_its_own() {
    let rows = outcome("pain", &[("drug", &values("before = \"18.8 ± 4.4\"\nm6 = \"16.6 ± 6.1\""))]);
    let effect = |p: &str| {
        format!(
            "\n[[estimate]]\nid = \"f\"\nlabel = \"f\"\nmeasure = \"percent-reduction\"\noutcome = \"pain\"\narm = \"drug\"\n\
             value = \"9.9%\"\nci = \"−10.7% to 30.4%\"\np = \"{p}\"\nquote = \"a phrase\"\n"
        )
    };
    let text = release(&[("drug", "11")], &(rows.clone() + &effect("p = 0.31")));
    // R 4.2.2: 2 * pt(-9.85 / 20.55 * qt(0.975, 10), 10) = 0.311.
    assert_eq!(statuses("judge-percentages", &text, "interval"), ["pass"]);
    assert_eq!(statuses("judge-percentages", &text, "p-value"), ["pass"]);
    let folder = Folder::new("judge-percentages-se");
    folder.write("r.toml", &text);
    let shown = json_of(&folder.run(["effect", "r.toml", "--json"])).to_string();
    assert!(shown.contains("no standard error of a logarithm"), "{shown}");
}

/// R 4.2.2: wilcox.test(exact = FALSE, correct = FALSE) and t.test(alternative = "less") give what no two-sided test
/// that is corrected does.
#[test]
fn a_claimed_p_may_be_of_one_side_or_without_correction() {
    let of = |n: &str, cells: [&str; 2], p: &str| {
        let rows = values(&format!("before = \"{}\"\nm6 = \"{}\"", cells[0], cells[1]));
        let rows = outcome("pain", &[("drug", &rows)]).replace("\"continuous\"", "{ min = 0, max = 3, step = 1 }");
        let said = claim(&format!("claim = \"not-significant\"\noutcome = \"pain\"\np = \"{p}\""));
        checks("judge-one-sided", &release(&[("drug", n)], &(rows + &said)), "claim").remove(0)
    };
    let (status, told) = of("11", ["1.1 ± 0.8", "1.0 ± 0.8"], "p = 0.739");
    assert!(status == "refused" && told.contains("without correction"), "{status} {told}");
    let (status, told) = of("8", ["1.50 ± 0.53", "1.25 ± 0.46"], "p = 0.175");
    assert!(status == "refused" && told.contains("a one-sided one may have been meant"), "{status} {told}");
    let (status, told) = of("8", ["1.50 ± 0.53", "1.25 ± 0.46"], "p = 0.90");
    assert!(status == "fail" && !told.contains("without correction"), "{status} {told}");
}
