//! What is judged where a release holds several comparisons, several sizes, or one number that can be read in two ways.

use crate::common::cli::{Folder, json_of};
use crate::common::release::{outcome, release};
use serde_json::Value;

/// Status and message of every check of a code.
fn checks(name: &str, text: &str, code: &str) -> Vec<(String, String)> {
    let folder = Folder::new(name);
    folder.write("trial.toml", text);
    let found: Value = json_of(&folder.run(["check", "trial.toml", "--select", code, "--json"]));
    let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    let all = found["checks"].as_array().cloned().unwrap_or_default();
    all.iter().map(|check| (text(check, "status"), text(check, "message"))).collect()
}

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
    for (p, expected) in [("0.011", "pass"), ("0.811", "fail"), ("0.0082", "refused")] {
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
}
