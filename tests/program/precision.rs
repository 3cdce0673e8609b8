//! Whether reported effects of two arms can have their precision by the values beside them; through the program.

use crate::common::cli::{Folder, json_of};
use crate::common::release::{outcome, release};

/// The verdict on one estimate: status and message of `estimate`.
fn verdict(arms: &[(&str, &str)], rows: &[(&str, &str)], fields: &str) -> (String, String) {
    let folder = Folder::new("precision");
    let estimate = format!(
        "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\noutcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"\n{fields}\nquote = \"a phrase\"\n"
    );
    folder.write("r.toml", release(arms, &(outcome("pain", rows) + &estimate)));
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
