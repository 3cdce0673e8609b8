//! Whether reported effects of two arms can have their precision by the values beside them; through the program.

use crate::common::cli::{Folder, json_of, stderr};
use crate::common::release::{outcome, release};

/// The verdict on one estimate: status and message of `estimate`.
fn verdict(arms: &[(&str, &str)], rows: &[(&str, &str)], fields: &str) -> (String, String) {
    let folder = Folder::new("precision");
    let scale = if rows[0].1.contains('%') { "\"percent\"" } else { "\"continuous\"" };
    let estimate = format!(
        "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\noutcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"\n{fields}\nquote = \"a phrase\"\n"
    );
    folder.write("r.toml", release(arms, &(outcome("pain", rows) + &estimate)).replace("\"continuous\"", scale));
    let document = json_of(&folder.run(["check", "r.toml", "--select", "estimate", "--json"]));
    let check = &document["checks"][0];
    (check["status"].as_str().unwrap().to_owned(), check["message"].as_str().unwrap().to_owned())
}

const ARMS: [(&str, &str); 2] = [("drug", "40"), ("placebo", "42")];

/// 5.2 ± 2.0 of 40 and 6.4 ± 2.2 of 42: Welch's standard error is √(2.0²/40 + 2.2²/42) = 0.464, with the pooled SD
/// 0.465, so that the 95 % interval is −1.2 ± 0.92.
#[test]
fn the_width_of_a_difference_is_that_of_its_sds() {
    let rows = [("drug", "m12 = \"5.2 ± 2.0\"\nspread = \"sd\""), ("placebo", "m12 = \"6.4 ± 2.2\"\nspread = \"sd\"")];
    let of =
        |ci: &str| verdict(&ARMS, &rows, &format!("measure = \"mean-difference\"\nvalue = \"-1.2\"\nci = \"{ci}\""));
    assert_eq!(of("-2.1 to -0.3").0, "pass");
    // As wide as of ten people each.
    let (status, message) = of("-3.1 to 0.7");
    assert_eq!(status, "fail", "{message}");
    assert!(message.contains("the values give 0.4"), "{message}");
    // A model makes it narrower, and a little wider.
    assert_eq!(of("-1.7 to -0.7").0, "pass");
    assert_eq!(of("-2.4 to 0.0").0, "pass");
}

/// SDs of 2.0 and 2.2 called standard errors, and standard errors of 0.32 and 0.34 called SDs.
#[test]
fn standard_errors_and_sds_are_told_apart() {
    let fields = "measure = \"mean-difference\"\nvalue = \"-1.2\"\nci = \"-2.1 to -0.3\"";
    let rows =
        [("drug", "m12 = \"5.2 ± 0.32\"\nspread = \"sd\""), ("placebo", "m12 = \"6.4 ± 0.34\"\nspread = \"sd\"")];
    let (status, message) = verdict(&ARMS, &rows, fields);
    assert!(status == "fail" && message.contains("were their SDs standard errors, they would give 0.4"), "{message}");
    let rows = [("drug", "m12 = \"5.2 ± 2.0\"\nspread = \"se\""), ("placebo", "m12 = \"6.4 ± 2.2\"\nspread = \"se\"")];
    let (status, message) = verdict(&ARMS, &rows, fields);
    assert!(
        status == "refused" && message.contains("were their standard errors SDs, they would give 0.4"),
        "{message}"
    );
}

/// Values before and after allow any SD of change between their difference and their sum; reported changes have their own.
#[test]
fn differences_of_changes_have_the_precision_of_changes() {
    let rows = [
        ("drug", "before = \"7.0 ± 4.0\"\nm12 = \"5.2 ± 4.0\"\nspread = \"sd\""),
        ("placebo", "before = \"7.1 ± 4.0\"\nm12 = \"6.4 ± 4.0\"\nspread = \"sd\""),
    ];
    let of =
        |ci: &str| verdict(&ARMS, &rows, &format!("measure = \"mean-difference\"\nvalue = \"-1.2\"\nci = \"{ci}\""));
    // The SE of the values is 0.88; that of changes at r = −1 twice as much.
    assert_eq!(of("-2.0 to -0.4").0, "pass");
    assert_eq!(of("-4.2 to 1.8").0, "pass");
    assert_eq!(of("-7.2 to 4.8").0, "fail");
}

/// 28/40 against 14/42: Wald's standard error of log RR is √(1/28 − 1/40 + 1/14 − 1/42) = 0.242.
#[test]
fn ratios_of_counts_have_the_precision_of_counts() {
    let rows = [("drug", "m12 = \"28/40\""), ("placebo", "m12 = \"14/42\"")];
    let of = |fields: &str| verdict(&ARMS, &rows, fields);
    let ratio = "measure = \"risk-ratio\"\nvalue = \"2.1\"\n";
    assert_eq!(of(&format!("{ratio}ci = \"1.31 to 3.38\"")).0, "pass");
    // That of 280/400 against 140/420 is √10 times as narrow.
    let (status, message) = of(&format!("{ratio}ci = \"1.80 to 2.45\""));
    assert!(status == "fail" && message.contains("of its logarithm"), "{message}");
    assert_eq!(of(&format!("{ratio}ci = \"0.51 to 8.65\"")).0, "fail");
    assert_eq!(of(&format!("{ratio}ci = \"0.51 to 8.65\"\nadjusted = \"clusters\"")).0, "refused");
    // In per cent of people: the standard error is 0.103, or 10.3 points.
    let difference = "measure = \"risk-difference\"\nvalue = \"36.7%\"\n";
    assert_eq!(of(&format!("{difference}ci = \"16.5% to 56.8%\"")).0, "pass");
    assert_eq!(of(&format!("{difference}ci = \"33.7% to 39.7%\"")).0, "fail");
}

/// `confint(lm(y ~ arm))` of three arms of 20 with SDs 2.0, 2.0 and 8.0: −1 ± qt(0.975, 57)·√24·√(2/20), whose SE of 1.55
/// is that of the SD of all arms.
#[test]
fn an_analysis_of_variance_has_the_sd_of_all_arms() {
    let arms = [("drug", "20"), ("placebo", "20"), ("other", "20")];
    let row = |mean: &str, sd: &str| format!("m12 = \"{mean} ± {sd}\"\nspread = \"sd\"");
    let (first, second, third) = (row("5.0", "2.0"), row("6.0", "2.0"), row("20.0", "8.0"));
    let rows = [("drug", first.as_str()), ("placebo", &second), ("other", &third)];
    let of =
        |ci: &str| verdict(&arms, &rows, &format!("measure = \"mean-difference\"\nvalue = \"-1.0\"\nci = \"{ci}\""));
    assert_eq!(of("-4.1 to 2.1").0, "pass");
    assert_eq!(of("-9.1 to 7.1").0, "fail");
}

/// 22 and 21 of the same 50, of whom one answered otherwise: by McNemar the standard error is √(1 − 1/50)/50, 2.0 %.
#[test]
fn the_same_people_in_both_arms_are_not_accused() {
    let arms = [("drug", "50"), ("placebo", "50")];
    let rows = [("drug", "m12 = \"22/50\""), ("placebo", "m12 = \"21/50\"")];
    let (status, message) =
        verdict(&arms, &rows, "measure = \"risk-difference\"\nvalue = \"2.0%\"\nci = \"-1.9% to 5.9%\"");
    assert!(status == "refused" && message.contains("the same people"), "{message}");
}

/// 1.2 % and 0.7 % of 5,000: half a point, whose sign of per cent is missing.
#[test]
fn points_without_their_sign_are_told() {
    let arms = [("drug", "5000"), ("placebo", "5000")];
    let rows =
        [("drug", "m12 = \"1.2%\"\nstatistic = \"percent\""), ("placebo", "m12 = \"0.7%\"\nstatistic = \"percent\"")];
    let of = |sign: &str| {
        let fields = format!("measure = \"risk-difference\"\nvalue = \"0.5{sign}\"\nci = \"0.1{sign} to 0.9{sign}\"");
        verdict(&arms, &rows, &fields)
    };
    let (status, message) = of("");
    assert!(status == "refused" && message.contains("write 0.5%"), "{message}");
    assert_eq!(of("%").0, "pass");
}

/// Three arms of 60 with an SD of 10: −3 ± 2.417·1.826 by Bonferroni, beside the usual standard error.
#[test]
fn one_of_several_comparisons_has_a_wider_interval() {
    let check = |arms: &[(&str, &str)]| {
        let rows: Vec<(&str, &str)> =
            arms.iter().map(|(arm, _)| (*arm, "m12 = \"50 ± 10\"\nspread = \"sd\"")).collect();
        let folder = Folder::new("precision-several");
        let estimate = "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\noutcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"\n\
                        measure = \"mean-difference\"\nvalue = \"-3.00\"\nci = \"-7.41 to 1.41\"\nse = \"1.83\"\nquote = \"a phrase\"\n";
        folder.write("r.toml", release(arms, &(outcome("pain", &rows) + estimate)));
        let document = json_of(&folder.run(["check", "r.toml", "--select", "interval", "--json"]));
        document["checks"][0]["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(check(&[("drug", "60"), ("placebo", "60"), ("other", "60")]), "refused");
    assert_eq!(check(&[("drug", "60"), ("placebo", "60")]), "fail");
}

/// 25/28 against 98/100 at 90 %: 0.911 (0.774 to 0.984) by Miettinen and Nurminen (`effect --table 25,3,98,2 --level 0.9`).
#[test]
fn score_intervals_of_risks_near_1_are_lopsided() {
    let folder = Folder::new("precision-score");
    let call = |text: &str| folder.run(["effect", "--estimate", text, "--level", "0.9", "--kind", "risk-ratio"]);
    let output = call("0.911 (0.774 to 0.984)");
    assert!(output.status.success(), "{}", stderr(&output));
    // Those of small risks are not.
    assert_eq!(call("0.30 (0.10 to 0.35)").status.code(), Some(1));
}
