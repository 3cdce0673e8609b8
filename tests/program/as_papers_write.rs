//! What papers and releases print, and simple readings of it would accuse: stratified ratios, falls without a sign,
//! shares of those who were analysed, the least p that a program prints.

use crate::common::cli::{Folder, checks, json_of, stderr};
use crate::common::release::{outcome, release};

const ARMS: [(&str, &str); 2] = [("drug", "65"), ("placebo", "64")];

fn responders(rows: [&str; 2]) -> String {
    let lines = rows.map(|cell| format!("m6 = \"{cell}\"\nstatistic = \"percent\""));
    outcome("response", &[("drug", &lines[0]), ("placebo", &lines[1])])
        .replace("\"lower\"", "\"higher\"")
        .replace("\"continuous\"", "\"percent\"")
}

fn ratio(value: &str, ci: &str) -> String {
    format!(
        "\n[[estimate]]\nid = \"or\"\nlabel = \"or\"\nmeasure = \"odds-ratio\"\noutcome = \"response\"\narm = \"drug\"\n\
         versus = \"placebo\"\nvalue = \"{value}\"\nci = \"{ci}\"\nquote = \"a phrase\"\n"
    )
}

/// R 4.2.2: 44 of 65 against 19 of 64 has an odds ratio of 4.962, by Woolf 2.35 to 10.47. One of 4.59 beside that
/// interval is a slip of the digits; one of 4.95 beside another interval is that of another analysis.
#[test]
fn a_ratio_with_another_interval_need_not_be_that_of_the_counts() {
    let of = |value: &str, ci: &str| {
        let text = release(&ARMS, &(responders(["67.7%", "29.7%"]) + &ratio(value, ci)));
        checks("papers-ratio", &text, "estimate").swap_remove(0)
    };
    assert_eq!(of("4.96", "2.35 to 10.47").0, "pass");
    assert_eq!(of("4.59", "2.35 to 10.47").0, "fail");
    let (status, told) = of("4.95", "2.21 to 11.53");
    assert!(status == "refused" && told.contains("a stratified or adjusted analysis"), "{status} {told}");
    assert_eq!(of("14.95", "8.21 to 27.53").0, "fail");
    // Within its interval, and more than one standard error away: strata seldom move it so far.
    assert_eq!(of("2.90", "1.36 to 6.20").0, "fail");
    // 25 of 65 against 22 of 64, by Woolf 0.582 to 2.447: its reciprocal is that of the other direction, and no other
    // analysis.
    let turned = release(&ARMS, &(responders(["38.5%", "34.4%"]) + &ratio("0.84", "0.41 to 1.72")));
    assert_eq!(checks("papers-turned", &turned, "estimate")[0].0, "fail");
}

/// 54.9 % is no share of 65 as 44 is: with its interval it may be the end of a curve, and without one it is wrong. What
/// has quartiles is a median.
#[test]
fn a_share_of_a_curve_is_none_of_counts() {
    let of = |cell: &str, spread: &str| {
        let rows = responders([cell, "29.7%"]).replacen(
            "statistic = \"percent\"",
            &format!("statistic = \"percent\"\n{spread}"),
            1,
        );
        checks("papers-curve", &release(&ARMS, &rows), "percentage").into_iter().map(|of| of.0).collect::<Vec<_>>()
    };
    assert_eq!(of("54.9%", ""), ["fail", "pass"]);
    assert_eq!(of("54.9% (43.1–65.2)", "spread = \"ci95\""), ["refused", "pass"]);
    assert_eq!(of("54.9% (43.1–65.2)", "spread = \"quartiles\""), ["pass"]);
}

/// Shares with their intervals are counts like others: 44 of 65 and 19 of 64.
#[test]
fn shares_with_intervals_have_a_table() {
    let text = release(&ARMS, &responders(["67.7% (54.9–78.8)", "29.7% (18.9–42.4)"]))
        .replace("statistic = \"percent\"", "statistic = \"percent\"\nspread = \"ci95\"");
    let folder = Folder::new("papers-shares");
    folder.write("trial.toml", &text);
    let found = json_of(&folder.run(["effect", "trial.toml", "--json"]));
    let ratio = found["tables"][0]["RR"]["estimate"].as_f64().unwrap();
    assert!((ratio - (44.0 / 65.0) / (19.0 / 64.0)).abs() < 1e-12, "{ratio}");
    assert!(checks("papers-shares-check", &text, "percentage").iter().all(|(status, _)| status == "pass"));
}

/// 43.3 % is no share of 317, and 138 of 319 nor 135 of 312 are of 317: fewer were analysed.
#[test]
fn a_share_of_fewer_people_is_told() {
    let arms = [("drug", "317"), ("placebo", "64")];
    let text = release(&arms, &responders(["43.3%", "29.7%"]));
    let told = checks("papers-fewer", &text, "percentage");
    assert!(told[0].0 == "fail" && told[0].1.contains("/31"), "{told:?}");
    let folder = Folder::new("papers-fewer-plot");
    folder.write("trial.toml", &text);
    let output = folder.run(["plot", "proportion", "trial.toml", "-o", "chart.svg"]);
    let drawn = std::fs::read_to_string(folder.path("chart.svg")).unwrap();
    assert!(drawn.contains("Not drawn") && drawn.contains("no count of 317"), "{}", stderr(&output));
}

/// "declined 1.24 points" is a change of −1.24, and the difference of −1.24 and −1.66 is 0.42.
#[test]
fn a_fall_without_a_sign_has_it_in_words() {
    let row = |change: &str| format!("m6 = \"{change}\"\nstatistic = \"change\"\nspread = \"se\"");
    let text =
        release(&ARMS, &outcome("decline", &[("drug", &row("-1.24 ± 0.10")), ("placebo", &row("-1.66 ± 0.16"))]));
    let quoted = |quote: &str| {
        let text = text.replacen("a phrase", quote, 1);
        checks("papers-sign", &text, "quote-number").into_iter().find(|(_, told)| told.contains("words"))
    };
    assert!(quoted("the score declined by 1.24 ± 0.10").is_some());
    assert!(quoted("the score changed by 1.24 ± 0.10").is_none());
    // Written above 0 the difference is turned round, and that is what the arms would be changed for.
    let difference = "\n[[estimate]]\nid = \"md\"\nlabel = \"md\"\nmeasure = \"mean-difference\"\noutcome = \"decline\"\n\
                      arm = \"drug\"\nversus = \"placebo\"\nvalue = \"0.42\"\nquote = \"a phrase\"\n";
    let found = checks("papers-falls", &(text.clone() + difference), "estimate");
    assert_eq!(found[0].0, "pass", "{found:?}");
    let found = checks("papers-unsigned", &(text.replace("\"-1.", "\"1.") + difference), "estimate");
    assert!(found[0].0 == "fail" && found[0].1.contains("falls are written below 0"), "{found:?}");
}

fn claim(lines: &str) -> String {
    format!(
        "\n[[statement]]\nlabel = \"a claim\"\nquote = \"a phrase\"\noutcome = \"pain\"\narm = \"drug\"\n\
         versus = \"placebo\"\nclaim = \"significant\"\n{lines}\n"
    )
}

fn pain(cells: [&str; 2], spread: &str) -> String {
    let rows = cells.map(|cell| format!("m6 = \"{cell}\"\nspread = \"{spread}\""));
    outcome("pain", &[("drug", &rows[0]), ("placebo", &rows[1])])
}

/// R 4.2.2: Welch's t of 3.0 ± 1.0 (65) and 4.5 ± 1.1 (64) is −8.1, p = 4e-13; programs that print four digits print
/// 0.0001.
#[test]
fn the_least_p_that_is_printed_stands_for_less() {
    let told = |p: &str| {
        let text = release(&ARMS, &(pain(["3.0 ± 1.0", "4.5 ± 1.1"], "sd") + &claim(&format!("p = \"{p}\""))));
        checks("papers-least", &text, "claim").swap_remove(0).1
    };
    assert!(told("p = 0.0001").contains("possible by Welch"), "{}", told("p = 0.0001"));
    assert!(told("p = 0.0004").contains("impossible by Welch"), "{}", told("p = 0.0004"));
}

/// The same beside an interval: −1.5 (−1.9 to −1.1) is 7.4 standard errors.
#[test]
fn the_least_p_beside_an_interval_stands_for_less() {
    let told = |p: &str| {
        let effect = format!(
            "\n[[estimate]]\nid = \"md\"\nlabel = \"md\"\nmeasure = \"mean-difference\"\noutcome = \"pain\"\narm = \"drug\"\n\
             versus = \"placebo\"\nvalue = \"-1.5\"\nci = \"-1.9 to -1.1\"\np = \"{p}\"\nquote = \"a phrase\"\n"
        );
        let text = release(&ARMS, &(pain(["3.0 ± 1.0", "4.5 ± 1.1"], "sd") + &effect));
        checks("papers-least-interval", &text, "p-value").swap_remove(0).0
    };
    assert_eq!([told("p = 0.001"), told("p = 0.004"), told("p < 0.001")], ["refused", "fail", "pass"]);
}

/// R 4.2.2: were the ± of 3.0 ± 0.5 (65) and 3.6 ± 0.6 (64) the SE, t = −0.768 and p = 0.44; as SDs, p = 8e-9.
#[test]
fn an_unexplained_spread_leaves_a_claim_open() {
    let text = release(
        &ARMS,
        &(pain(["3.0 ± 0.5", "3.6 ± 0.6"], "unexplained")
            + &claim("p = \"p = 0.44\"").replace("\"significant\"", "\"not-significant\"")),
    );
    let (status, told) = checks("papers-unexplained", &text, "claim").swap_remove(0);
    assert!(status == "refused" && told.contains("possible by Welch") && told.contains("were the ± the SE"), "{told}");
    let text = release(&ARMS, &(pain(["3.0 ± 0.5", "3.6 ± 0.6"], "unexplained") + &claim("")));
    assert_eq!(checks("papers-unexplained-claim", &text, "claim")[0].0, "refused");
}

/// −1.5 with a standard error of 0.4 is 3.75 of them: p = 0.0002 by the normal distribution.
#[test]
fn a_standard_error_alone_decides_a_claim() {
    let effect = "\n[[estimate]]\nid = \"md\"\nlabel = \"md\"\nmeasure = \"mean-difference\"\noutcome = \"pain\"\narm = \"drug\"\n\
                  versus = \"placebo\"\nvalue = \"-1.5\"\nse = \"0.4\"\nadjusted = \"for site\"\nquote = \"a phrase\"\n";
    let text = release(&ARMS, &(outcome("pain", &[]) + effect + &claim("")));
    let (status, told) = checks("papers-se", &text, "claim").swap_remove(0);
    assert!(status == "pass" && told.contains("the reported standard error"), "{status} {told}");
}

/// A row that is left out keeps its number among rows of one name.
#[test]
fn a_study_that_is_left_out_keeps_its_number() {
    let folder = Folder::new("papers-names");
    folder.write("t.csv", "study,yi,vi\nRoss,0.1,0.02\nRoss,,\nRoss,0.3,0.03\nLee,0.2,0.01\n");
    let found = json_of(&folder.run(["meta", "t.csv", "--json"]));
    let names: Vec<&str> = found["studies"].as_array().unwrap().iter().map(|of| of["slab"].as_str().unwrap()).collect();
    assert_eq!(names, ["Ross.1", "Ross.2", "Ross.3", "Lee"]);
}

/// Typed numbers are read as those of a release are: two means in the middle of the logarithms of their intervals alone
/// are compared by these, and one of them gives no SD. R: the log ratio is log(0.21/0.45) = −0.762.
#[test]
fn typed_means_with_lopsided_intervals_are_compared_by_their_logarithms() {
    let folder = Folder::new("papers-typed-logarithms");
    let (first, second) = ("0.21 (95% CI 0.12 to 0.39)", "0.45 (95% CI 0.30 to 0.70)");
    let found =
        json_of(&folder.run(["effect", "--group1", first, "--n1", "40", "--group2", second, "--n2", "41", "--json"]));
    let text = found.to_string();
    assert!(text.contains("-0.762140") && text.contains("middle of the logarithms"), "{text:.2000}");
    for args in [
        &["effect", "--change", first, "-n", "40"][..],
        &["effect", "--before", second, "--after", first, "-n", "40"],
        &["effect", "--group1", first, "--n1", "40", "--group2", "0.45 ± 0.2", "--n2", "40"],
    ] {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains("as a geometric mean does"), "{args:?}: {}", stderr(&output));
    }
}
