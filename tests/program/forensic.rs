//! What honest data must not be accused of, and what no data can be: cases of forensic checks.

use crate::common::cli::{Folder, checks, stderr};
use crate::common::release::{outcome, release};

fn claim(called: &str, p: &str) -> String {
    let p = if p.is_empty() { String::new() } else { format!("p = \"{p}\"\n") };
    format!("\n[[statement]]\nlabel = \"a claim\"\nclaim = \"{called}\"\noutcome = \"pain\"\n{p}quote = \"a phrase\"\n")
}

fn effect(measure: &str, value: &str, more: &str) -> String {
    format!(
        "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"{measure}\"\noutcome = \"pain\"\nvalue = \"{value}\"\n{more}\n\
         quote = \"a phrase\"\n"
    )
}

/// Pain from 0 to 10 in one arm.
fn scored(row: &str) -> String {
    outcome("pain", &[("a", row)]).replace("\"continuous\"", "\"nrs\"")
}

fn verdict(name: &str, text: &str, code: &str) -> (String, String) {
    let found = checks(name, text, code);
    let [only] = found.as_slice() else { panic!("{found:?}") };
    only.clone()
}

/// 8 6 4 9 1 8 5 4 before and 9 7 7 4 8 5 5 1 after, printed with standard errors: R 4.2.2, `t.test(paired = TRUE)`,
/// p = 0.929. As SDs the same digits have no such p.
#[test]
fn a_claim_beside_an_unexplained_spread_holds_whatever_it_is() {
    let row = |spread: &str| format!("before = \"5.6 ± 0.9\"\nm6 = \"5.8 ± 0.9\"\nspread = \"{spread}\"");
    let of = |spread: &str| release(&[("a", "8")], &(scored(&row(spread)) + &claim("not-significant", "p = 0.929")));
    assert_eq!(verdict("forensic-sd", &of("sd"), "claim").0, "fail");
    assert_ne!(verdict("forensic-se", &of("se"), "claim").0, "fail");
    let (status, told) = verdict("forensic-open", &of("unexplained"), "claim");
    assert!(status == "refused" && told.contains("as the sample SD, impossible"), "{told}");
    // Certain as the SD, and open as the standard error.
    let row = "before = \"6.0 ± 0.5\"\nm6 = \"5.0 ± 0.5\"\nspread = \"unexplained\"";
    let text = release(&[("a", "20")], &(scored(row) + &claim("significant", "")));
    let (status, told) = verdict("forensic-certain", &text, "claim");
    assert!(status == "refused" && told.contains("as the sample SD, certain"), "{told}");
}

#[test]
fn no_model_makes_a_difference_so_precise() {
    let rows = [("a", "m6 = \"6.0 ± 2.0\"\nspread = \"sd\""), ("b", "m6 = \"5.0 ± 2.0\"\nspread = \"sd\"")];
    let of = |ci: &str| {
        let told = format!("arm = \"a\"\nversus = \"b\"\nci = \"{ci}\"");
        release(&[("a", "20"), ("b", "20")], &(outcome("pain", &rows) + &effect("mean-difference", "1.0", &told)))
    };
    // The SDs give a standard error of 0.63; 40 % of it is that of a correlation of 0.92 with what a model adjusts for.
    for (ci, expected) in [("0.99 to 1.01", "fail"), ("0.5 to 1.5", "refused"), ("-0.3 to 2.3", "pass")] {
        assert_eq!(verdict("forensic-narrow", &of(ci), "estimate").0, expected, "{ci}");
    }
    // Nor does it bear a claim out that Welch's test of the values does not: R 4.2.2, p = 0.12, which leaves room for
    // another test of the same people.
    let of = |ci: &str| {
        let said = "\n[[statement]]\nlabel = \"a claim\"\nclaim = \"significant\"\noutcome = \"pain\"\narm = \"a\"\nversus = \"b\"\n\
                    quote = \"a phrase\"\n";
        of(ci) + said
    };
    assert_eq!(verdict("forensic-claim", &of("0.99 to 1.01"), "claim").0, "refused");
    assert_eq!(verdict("forensic-claim-of-model", &of("0.4 to 1.6"), "claim").0, "pass");
}

/// 1 2 6 7 8 8 8 before and 3 2 4 6 7 8 7 after: each one's change is +18 % on average, and that of the means −7 %.
#[test]
fn a_mean_of_percentages_may_be_far_from_that_of_the_means() {
    let row = "before = \"5.7 ± 3.0\"\nm6 = \"5.3 ± 2.3\"\nspread = \"sd\"";
    let of = |value: &str| {
        release(&[("a", "7")], &(outcome("pain", &[("a", row)]) + &effect("percent-increase", value, "arm = \"a\"")))
    };
    assert_eq!(verdict("forensic-percent", &of("18%"), "estimate").0, "refused");
    let row = "before = \"50.0 ± 3.0\"\nm6 = \"40.0 ± 3.0\"\nspread = \"sd\"";
    let text =
        release(&[("a", "7")], &(outcome("pain", &[("a", row)]) + &effect("percent-increase", "18%", "arm = \"a\"")));
    assert_eq!(verdict("forensic-percent-near", &text, "estimate").0, "fail");
}

#[test]
fn a_standardised_difference_has_some_sd() {
    let rows = [("a", "m6 = \"3.0 ± 2.1\"\nspread = \"sd\""), ("b", "m6 = \"2.4 ± 1.7\"\nspread = \"sd\"")];
    let of = |d: &str| {
        let told = "arm = \"a\"\nversus = \"b\"";
        let effect = effect("standardized-mean-difference", d, told);
        release(&[("a", "21"), ("b", "18")], &(outcome("pain", &rows) + &effect))
    };
    for (d, expected) in [("0.31", "pass"), ("0.63", "refused"), ("3.1", "fail"), ("13.3", "fail")] {
        assert_eq!(verdict("forensic-d", &of(d), "estimate").0, expected, "{d}");
    }
}

#[test]
fn intervals_of_tables_fit_mean_and_both_ends_at_once() {
    let folder = Folder::new("forensic-table");
    let rows = [
        // The mean rounds down for one end and up for the other.
        ("50,10,100,,48.4,51.6", "spread"),
        ("50,10,100,,48.0,52.0", ""),
        ("5.0,,20,,9,4", "spread"),
        ("5.0,,20,,5.5,6.5", "spread"),
        ("5.0,,20,,4.1,6.5", ""),
        ("5.0,,20,0.1,1,9", "spread"),
        ("5.0,,20,0.48,4.0,6.0", ""),
    ];
    for (row, failing) in rows {
        folder.write("t.csv", format!("mean,sd,n,se,ci_lower,ci_upper\n{row}\n"));
        let output = folder.run(["check", "t.csv", "--select", "spread"]);
        assert_eq!(output.status.code(), Some(i32::from(!failing.is_empty())), "{row}: {}", stderr(&output));
    }
}

/// The largest SD of 45 numbers from 0 to 38 with a mean of 19.4 is 19.2.
#[test]
fn what_nobody_has_is_no_part_of_the_scale() {
    let folder = Folder::new("forensic-where");
    for constraint in ["max <= 38", "> 38 = 0"] {
        let args = ["reconstruct", "19.4 ± 19.9", "-n", "45", "--min", "0", "--max", "60", "--where", constraint];
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(1), "{constraint}: {}", stderr(&output));
    }
}
