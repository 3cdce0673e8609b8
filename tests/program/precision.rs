//! Whether reported effects of two arms can have their precision by the values beside them; through the program.

use crate::common::cli::{Folder, checks, json_of, stderr, stdout};
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

/// The largest SD that an unexplained ± of 2.0 of 40 people has is 2.0·√40 = 12.6, as a standard error: a difference has
/// one of √(2.0² + 2.2²) = 2.97 at most, and of 0.464 at least.
#[test]
fn an_unexplained_spread_allows_what_some_reading_does() {
    let spread = |text: &str| format!("m12 = \"{text}\"\nspread = \"unexplained\"");
    let rows = [spread("5.2 ± 2.0"), spread("6.4 ± 2.2")];
    let rows = [("drug", rows[0].as_str()), ("placebo", rows[1].as_str())];
    let of =
        |ci: &str| verdict(&ARMS, &rows, &format!("measure = \"mean-difference\"\nvalue = \"-1.2\"\nci = \"{ci}\""));
    for ci in ["-2.1 to -0.3", "-7.1 to 4.7", "-3.1 to 0.7"] {
        assert_eq!(of(ci).0, "pass", "{ci}");
    }
    for ci in ["-20.0 to 17.6", "-1.25 to -1.15"] {
        let (status, message) = of(ci);
        assert!(status == "fail" && message.contains("whatever their ± is"), "{message}");
    }
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
    assert!(status == "fail" && message.contains("were their standard errors SDs, they would give 0.4"), "{message}");
}

/// Values before and after allow any SD of change between their difference and their sum; reported changes have their
/// own.
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

/// `confint(lm(y ~ arm))` of three arms of 20 with SDs 2.0, 2.0 and 8.0: −1 ± qt(0.975, 57)·√24·√(2/20), whose SE of
/// 1.55 is that of the SD of all arms.
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

/// 25/28 against 98/100 at 90 %: 0.911 (0.774 to 0.984) by Miettinen and Nurminen
/// (`effect --table 25,3,98,2 --level 0.9`).
#[test]
fn score_intervals_of_risks_near_1_are_lopsided() {
    let folder = Folder::new("precision-score");
    let call = |text: &str| folder.run(["effect", "--estimate", text, "--level", "0.9", "--kind", "risk-ratio"]);
    let output = call("0.911 (0.774 to 0.984)");
    assert!(output.status.success(), "{}", stderr(&output));
    // Those of small risks are not.
    assert_eq!(call("0.30 (0.10 to 0.35)").status.code(), Some(1));
}

/// R 4.2.2, metafor 3.8, escalc("RD"): 3/5 − 0/4 is 0.60 (0.17 to 1.03), 1/9 − 7/9 is −0.67 (−1.01 to −0.33), and
/// 8/1000 − 2/1000 0.006 (−0.0002 to 0.0122), which is printed in points.
#[test]
fn wald_intervals_of_few_people_go_beyond_one() {
    for ([n1, n2], counts, value, ci, expected) in [
        (["5", "4"], ["3/5", "0/4"], "0.60", "0.17 to 1.03", "pass"),
        (["9", "9"], ["1/9", "7/9"], "-0.67", "-1.01 to -0.33", "pass"),
        (["1000", "1000"], ["8/1000", "2/1000"], "0.60", "-0.02 to 1.22", "pass"),
        (["1000", "1000"], ["8/1000", "2/1000"], "0.70", "-0.02 to 1.22", "fail"),
        (["5", "4"], ["3/5", "0/4"], "0.50", "-0.03 to 1.03", "refused"),
    ] {
        let rows = counts.map(|count| format!("m12 = \"{count}\""));
        let fields = format!("measure = \"risk-difference\"\nvalue = \"{value}\"\nci = \"{ci}\"");
        let rows = [("drug", rows[0].as_str()), ("placebo", &rows[1])];
        let (status, message) = verdict(&[("drug", n1), ("placebo", n2)], &rows, &fields);
        assert_eq!(status, expected, "{value}: {message}");
    }
}

/// R 4.2.2, metafor 3.8: of 12/20 against 6/22 the odds ratio is 4.00 (1.09 to 14.6), the risk ratio 2.20, and the risk
/// difference 0.327 (0.043 to 0.611).
#[test]
fn one_measure_of_counts_is_not_another() {
    let arms = [("drug", "20"), ("placebo", "22")];
    let rows = [("drug", "m12 = \"12/20\""), ("placebo", "m12 = \"6/22\"")];
    let of = |measure: &str, value: &str, ci: &str| {
        verdict(&arms, &rows, &format!("measure = \"{measure}\"\nvalue = \"{value}\"\nci = \"{ci}\""))
    };
    for (measure, value, ci, other) in [
        ("risk-ratio", "4.00", "1.09 to 14.6", "the odds ratio of the counts is"),
        ("risk-ratio", "0.327", "0.043 to 0.611", "the risk difference of the counts is"),
        ("odds-ratio", "2.20", "1.02 to 4.75", "the risk ratio of the counts is"),
        ("risk-difference", "2.20", "1.02 to 4.75", "the risk ratio of the counts is"),
    ] {
        let (status, message) = of(measure, value, ci);
        assert!(status == "fail" && message.contains(other), "{measure} {value}: {message}");
    }
    // An adjusted ratio near that of the counts is none of theirs.
    assert_eq!(of("risk-ratio", "2.60", "1.15 to 5.90").0, "refused");
}

/// On the scale of the logarithm the halves of 0.31 to 1.65 about 0.37 are 0.18 and 1.50. Of Fieller's interval from
/// 0.37/1.684 to 0.37/0.316 they are 0.52 and 1.15.
#[test]
fn no_interval_of_a_ratio_of_means_is_so_lopsided() {
    let folder = Folder::new("precision-lopsided");
    let of = |kind: &str, text: &str| {
        let output = folder.run(["effect", "--estimate", text, "--kind", kind]);
        (output.status.code(), stdout(&output))
    };
    let (code, told) = of("ROM", "0.37 (0.31–1.65)");
    assert!(code == Some(1) && told.contains("fail interval"), "{told}");
    let (code, told) = of("ROM", "0.37 (0.22–1.17)");
    assert!(code == Some(0) && told.contains("not decidable"), "{told}");
    // 63 % less is a ratio of 0.37.
    assert_eq!(of("percent-reduction", "63 (-65 to 69)").0, Some(1));
    // The mean of each one's percentage lies in the middle as it is printed.
    assert_eq!(of("percent-reduction", "60 (21 to 99)").0, Some(0));
}

/// An interval of ±1.0 at 95 % has a standard error of 0.51 by the normal distribution, 0.31 by t with 3 degrees of
/// freedom, and 0.08 with one; p by t = 1.5/0.31 is 0.017 then, and 0.033 with one.
#[test]
fn without_n_very_few_people_are_not_thought_of_in_silence() {
    let folder = Folder::new("precision-no-n");
    folder.write(
        "t.csv",
        "estimate,measure,ci_lower,ci_upper,se,p\n1.5,MD,0.5,2.5,0.1,\n1.5,MD,0.5,2.5,0.51,\n1.50,MD,0.50,2.50,,p = 0.032\n\
         1.50,MD,0.50,2.50,,p = 0.012\n",
    );
    let rows = json_of(&folder.run(["check", "t.csv", "--json"]));
    let row = |at: usize| rows["rows"][at].clone();
    let is_told = |at: usize| row(at)["notes"].to_string().contains("n is not given");
    assert_eq!([0, 1, 2, 3].map(is_told), [true, false, true, false], "{rows}");
    assert!(row(0)["interval"].is_null() && row(1)["interval"] == true, "{rows}");
    assert!(row(2)["p_value"].is_null() && row(3)["p_value"] == true, "{rows}");
}

/// Statuses of `estimate` of a mean change of one arm of 5 with these cells.
fn of_change(name: &str, cells: &str, fields: &str) -> (String, String) {
    let estimate = format!(
        "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"mean-change\"\noutcome = \"pain\"\narm = \"drug\"\n{fields}\n\
         quote = \"a phrase\"\n"
    );
    let rows: Vec<(&str, &str)> = cells.split('|').map(|lines| ("drug", lines)).collect();
    checks(name, &release(&[("drug", "5")], &(outcome("pain", &rows) + &estimate)), "estimate").remove(0)
}

/// A change of 2.00/√5 = 0.894; by t with 4 degrees of freedom the 95 % interval reaches 2.48 to either side, and by
/// 1.96 1.75: with half of that neither fits, nor does a standard error of 0.64. Before 5.00 and after 1.00 the SD of
/// change is at least 4.00, and 1.79 its standard error: by the normal quantile the 99 % interval reaches 4.61, which t
/// would divide by 4.60.
#[test]
fn the_normal_quantile_stands_in_place_of_t_once() {
    let change = "before = \"10.00 ± 2.00\"\nm12 = \"7.00 ± 2.00\"\nspread = \"sd\"|statistic = \"change\"\nm12 = \"−3.00 ± 2.00\"\n\
                  spread = \"sd\"";
    let of = |name: &str, fields: &str| of_change(name, change, &format!("value = \"−3.00\"\n{fields}")).0;
    assert_eq!(of("precision-t", "ci = \"−5.48 to −0.52\""), "pass");
    assert_eq!(of("precision-z", "ci = \"−4.75 to −1.25\""), "pass");
    assert_eq!(of("precision-half", "ci = \"−4.24 to −1.76\""), "refused");
    assert_eq!(of("precision-se", "se = \"0.89\""), "pass");
    assert_eq!(of("precision-se-half", "se = \"0.64\""), "refused");
    let values = "before = \"10.00 ± 5.00\"\nm12 = \"7.00 ± 1.00\"\nspread = \"sd\"";
    let of = |name: &str, fields: &str| of_change(name, values, &format!("value = \"−3.00\"\n{fields}"));
    let (status, told) = of("precision-99", "ci = \"−7.84 to 1.84\"\nlevel = 0.99");
    assert_eq!(status, "pass", "{told}");
    assert_eq!(of("precision-95", "ci = \"−6.55 to 0.55\"").0, "pass");
    assert_eq!(of("precision-99-t", "ci = \"−5.55 to −0.45\"\nlevel = 0.99").0, "refused");
}
