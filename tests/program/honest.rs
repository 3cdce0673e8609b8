//! Honest numbers that a check must not accuse, each beside a dishonest one of the same kind that it must find.

use crate::common::cli::{Folder, checks, json_of, stdout};
use crate::common::release::{outcome, release};

/// The statuses of one code for a release.
fn statuses(name: &str, release: &str, code: &str) -> Vec<String> {
    checks(name, release, code).into_iter().map(|(status, _)| status).collect()
}

/// One verdict of each row of a table, with options of the call.
fn rows(name: &str, table: &str, key: &str, more: &[&str]) -> Vec<Option<bool>> {
    let folder = Folder::new(name);
    folder.write("t.csv", table);
    let found = json_of(&folder.run(["check", "t.csv", "--json", "--quiet"].iter().chain(more)));
    found["rows"].as_array().unwrap().iter().map(|row| row[key].as_bool()).collect()
}

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

/// Two arms with their counts of 40, and an effect of them.
fn of_counts(counts: [&str; 2], effect: &str) -> String {
    let cells = counts.map(|count| format!("m6 = \"{count}\"\nstatistic = \"count\""));
    let rest = outcome("o", &[("a", &cells[0]), ("b", &cells[1])]).replace("\"continuous\"", "\"percent\"");
    let effect =
        format!("\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\noutcome = \"o\"\narm = \"a\"\nversus = \"b\"\n{effect}\n");
    release(&[("a", "40"), ("b", "40")], &format!("{rest}{effect}quote = \"a phrase\"\n"))
}

#[test]
fn shares_of_a_curve_have_no_weights() {
    let parts = |whole: &str, spread: &str| {
        let row = |text: &str| format!("m6 = \"{text}\"\nstatistic = \"percent\"\n{spread}");
        let rows = [row(whole), row("70.5% (56.0-83.0)"), row("55.0% (40.0-70.0)")];
        let rest =
            outcome("o", &[("all", &rows[0]), ("a", &rows[1]), ("b", &rows[2])]).replace("continuous", "percent");
        let text = release(&[("all", "100"), ("a", "50"), ("b", "50")], &rest);
        ["a", "b"].iter().fold(text, |text, id| {
            text.replace(&format!("id = \"{id}\"\nlabel"), &format!("id = \"{id}\"\nof = \"all\"\nlabel"))
        })
    };
    assert_eq!(statuses("honest-curve", &parts("61.0% (50.1-71.9)", "spread = \"ci95\""), "total"), ["refused"]);
    assert_eq!(statuses("honest-curve-of", &parts("62.7% (52.5-72.5)", "spread = \"ci95\""), "total"), ["pass"]);
}

/// R 4.2.2: prop.test(c(8, 5), c(20, 20), alternative = "less", correct = FALSE): χ² = 1.0256, p = 0.8444; 1 −
/// pt(−2, 2.6)'s tail: 2 * pt(-2, 2.6) = 0.154, 1 − 0.154/2 = 0.923; Fisher's test of 30/40 and 8/40 has p < 0.0001, and
/// the two-sided t-test of 10.0 ± 2.0 and 8.6 ± 2.0 of 20 each p = 0.0331, twice that 0.066.
#[test]
fn a_column_of_sides_leaves_other_readings_of_a_p() {
    let counts = "ai,n1i,ci,n2i,chi2,p,sided\n8,20,5,20,1.026,0.844,one\n8,20,5,20,1.026,0.156,one\n\
                  8,20,5,20,1.026,0.6,one\n8,20,5,20,1.026,0.311,one\n30,40,8,40,,0.001,two\n30,40,8,40,,0.9,two\n";
    assert_eq!(rows("honest-sides-counts", counts, "groups", &[]), [YES, YES, NO, NO, None, NO]);
    let tests = "t,df,p,sided\n-2.00,3,0.923,one\n-2.00,3,0.077,one\n-2.00,3,0.5,one\n";
    assert_eq!(rows("honest-sides-tests", tests, "p_value", &[]), [None, None, NO]);
    let means = "m1i,sd1i,n1i,m2i,sd2i,n2i,p,sided\n10.0,2.0,20,8.6,2.0,20,0.066,two\n10.0,2.0,20,8.6,2.0,20,0.7,two\n";
    assert_eq!(rows("honest-sides-means", means, "groups", &[]), [None, NO]);
}

/// R 4.2.2: r = −0.20 of 50 has t = −1.414 and p = 0.1637, 1 − 0.1637/2 = 0.918.
#[test]
fn a_correlation_may_have_a_p_of_one_side() {
    let of = |p: &str| {
        let effect = format!(
            "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"correlation\"\nvalue = \"-0.20\"\np = \"{p}\"\n\
             arm = \"a\"\nquote = \"a phrase\"\n"
        );
        release(&[("a", "50")], &effect)
    };
    assert_eq!(statuses("honest-r", &of("p = 0.92"), "p-value"), ["refused"]);
    assert_eq!(statuses("honest-r-off", &of("p = 0.55"), "p-value"), ["fail"]);
}

/// A percentage above 100 is tested as any other, 21/20 being 105 %, with a note: a change can be so large, and a share
/// cannot. 12 of the 30 answers of 10 people to 3 items are 40 %.
#[test]
fn shares_are_of_all_answers_and_of_no_more() {
    let shares = "mean,n,percent\n105,20,true\n95,20,true\n";
    assert_eq!(rows("honest-shares", shares, "grim", &[]), [YES, YES]);
    let beyond = "mean,n,percent\n104,20,true\n";
    assert_eq!(rows("honest-shares-beyond", beyond, "grim", &[]), [NO]);
    let items = "x,n,items\n12 (40%),10,3\n12 (41%),10,3\n31 (103%),10,3\n";
    assert_eq!(rows("honest-items", items, "grim", &[]), [YES, NO, NO]);
}

/// Welch's degrees of freedom of −6 ± 1.823 (5) and 8 ± 2.011 (36) are 5.447.
#[test]
fn degrees_of_freedom_are_rounded_as_the_rest() {
    let table = "m1i,sd1i,n1i,m2i,sd2i,n2i,df\n-6.000,1.823,5,8.000,2.011,36,6\n-6.000,1.823,5,8.000,2.011,36,8\n";
    assert_eq!(rows("honest-df", table, "groups", &["--rounding", "ceil"]), [YES, NO]);
}

/// Population SDs of 2 are sample SDs of 2.309 in groups of 4: t = 3/(2.309·√½) = 1.837.
#[test]
fn sds_of_groups_are_what_the_call_says() {
    let table = "m1i,sd1i,n1i,m2i,sd2i,n2i,t,df\n10.00,2.000,4,7.00,2.000,4,1.84,6\n";
    assert_eq!(rows("honest-population", table, "groups", &["--sd", "population"]), [YES]);
    assert_eq!(rows("honest-sample", table, "groups", &[]), [NO]);
}

/// 4 5 6 6 7 7 8 have a mean of 6.143, an SD of 1.345 and 1.96·SD/√7 = 0.996; 1.24 is the half-width by t.
#[test]
fn intervals_may_be_made_with_the_normal_quantile() {
    let of = |text: &str| {
        let row = format!("before = \"{text}\"\nspread = \"ci95\"");
        release(&[("a", "7")], &outcome("o", &[("a", &row)]).replace("continuous", "nrs"))
    };
    for code in ["grimmer", "existence"] {
        let name = |what: &str| format!("honest-normal-{what}-{code}");
        assert_eq!(statuses(&name("z"), &of("6.14 ± 1.00"), code), ["refused"]);
        assert_eq!(statuses(&name("t"), &of("6.14 ± 1.24"), code), ["pass"]);
        assert_eq!(statuses(&name("none"), &of("6.14 ± 1.03"), code), ["fail"]);
    }
}

/// Of 28 whole values no mean prints as 5.19 (Brown & Heathers 2017): 145/28 is 5.18, and 146/28 is 5.21.
#[test]
fn a_mean_without_an_sd_is_one_of_whole_values_all_the_same() {
    let of = |lines: &str| release(&[("a", "28")], &outcome("o", &[("a", lines)]).replace("continuous", "nrs"));
    let grim = |name: &str, lines: &str| statuses(name, &of(lines), "grim");
    assert_eq!(grim("honest-grim", "m6 = \"5.18\"\nstatistic = \"mean\""), ["pass"]);
    assert_eq!(grim("honest-grim-off", "m6 = \"5.19\"\nstatistic = \"mean\""), ["fail"]);
    let with_interval = "m6 = \"5.19 (4.19 to 6.19)\"\nstatistic = \"mean\"\nspread = \"ci95\"";
    assert_eq!(grim("honest-grim-ci", with_interval), ["refused"]);
    let adjusted = "m6 = \"5.19\"\nstatistic = \"mean\"\nadjusted = \"least squares\"";
    assert!(grim("honest-grim-adjusted", adjusted).is_empty());
}

/// Three relapses of seven people over two years each are 3/14 = 0.21 a year.
#[test]
fn rates_are_no_counts_of_people() {
    let lines = "before = \"0.21 ± 0.27\"\nspread = \"sd\"\nstatistic = \"rate\"";
    let rest = outcome("o", &[("a", lines)])
        .replace("scale = \"continuous\"", "scale = \"count\"\nexposure = { time = 2, unit = \"person-years\" }");
    let found = checks("honest-rate", &release(&[("a", "7")], &rest), "existence");
    assert_eq!(found[0].0, "refused", "{found:?}");
    assert!(statuses("honest-rate-grim", &release(&[("a", "7")], &rest), "grim").is_empty());
}

/// R 4.2.2: fisher.test(matrix(c(30, 10, 8, 32), 2)): p = 1.7e-6.
#[test]
fn a_named_test_of_counts_may_have_the_least_p_that_is_printed() {
    let of = |p: &str| {
        let test = "test = \"Fisher's exact test\"";
        of_counts(["30", "8"], &format!("measure = \"risk-ratio\"\nvalue = \"3.75\"\n{test}\np = \"{p}\""))
    };
    assert_eq!(statuses("honest-fisher", &of("p = 0.001"), "p-value"), ["refused"]);
    assert_eq!(statuses("honest-fisher-off", &of("p = 0.2"), "p-value"), ["fail"]);
}

/// The same counts beside a p without an interval, and a percentage as vaccines have it: 5/40 against 20/40 are 75 %
/// fewer; R 4.2.2: fisher.test(matrix(c(5, 35, 20, 20), 2)): p = 0.00060.
#[test]
fn a_p_without_an_interval_is_held_against_the_counts() {
    let ratio = |p: &str| of_counts(["30", "8"], &format!("measure = \"risk-ratio\"\nvalue = \"3.75\"\np = \"{p}\""));
    assert_eq!(statuses("honest-alone", &ratio("p < 0.001"), "p-value"), ["pass"]);
    assert_eq!(statuses("honest-alone-off", &ratio("p = 0.90"), "p-value"), ["fail"]);
    // R 4.2.2: 2 * pbinom(8, 38, 0.5) = 0.000472: if the same 40 people were asked twice, 30 changed one way and 8 the
    // other at most, and with 22 and nobody 4.8e-7.
    assert_eq!(statuses("honest-alone-paired", &ratio("p = 0.0003"), "p-value"), ["refused"]);
    let share =
        |p: &str| of_counts(["5", "20"], &format!("measure = \"percent-reduction\"\nvalue = \"75.0%\"\np = \"{p}\""));
    assert_eq!(statuses("honest-reduction", &share("p = 0.0006"), "p-value"), ["pass"]);
    assert_eq!(statuses("honest-reduction-off", &share("p = 0.30"), "p-value"), ["fail"]);
}

/// Katz' interval of 7/13 against 52/55 at 90 % beside Pearson's p, in a table.
#[test]
fn a_p_beside_a_ratio_may_be_that_of_its_counts() {
    let table = "ai,n1i,ci,n2i,measure,estimate,ci_lower,ci_upper,p\n7,13,52,55,risk-ratio,0.57,0.37,0.87,<0.001\n\
                 7,13,52,55,risk-ratio,0.57,0.37,0.87,0.6\n";
    assert_eq!(rows("honest-ratio", table, "p_value", &["--level", "0.9"]), [YES, NO]);
}

/// R 4.2.2: t.test(c(4, 5, 6, 5), c(5, 6, 7, 8), paired = TRUE, alternative = "less"): p = 0.0288.
#[test]
fn a_claim_below_a_bound_may_be_one_sided() {
    let of = |p: &str| {
        let values = "before = \"6.50 ± 1.29\"\nm6 = \"5.00 ± 0.82\"\nspread = \"sd\"";
        let change = "statistic = \"change\"\nm6 = \"-1.50 ± 1.00\"\nspread = \"sd\"";
        let rest = outcome("o", &[("a", values), ("a", change)]).replace("continuous", "nrs");
        let claim = format!(
            "\n[[statement]]\nclaim = \"significant\"\nlabel = \"fell\"\noutcome = \"o\"\np = \"{p}\"\nquote = \"a phrase\"\n"
        );
        release(&[("a", "4")], &format!("{rest}{claim}"))
    };
    assert_eq!(statuses("honest-claim", &of("p < 0.05"), "claim"), ["refused"]);
    assert_eq!(statuses("honest-claim-off", &of("p < 0.001"), "claim"), ["fail"]);
}

/// 1460 + 720 are 2180, and print as 1500 + 700; 30,000 and 50,000 stand for 25,000 to 35,000 and 45,000 to 55,000.
#[test]
fn rounded_numbers_are_added_as_ranges() {
    let number = |id: &str, value: &str, more: &str| {
        format!("\n[[number]]\nid = \"{id}\"\nlabel = \"{id}\"\nvalue = {value}\n{more}quote = \"a phrase\"\n")
    };
    let split = |whole: &str, parts: [&str; 2], unit: &str| {
        let part = |at: usize| number(["x", "y"][at], parts[at], &format!("of = \"w\"\nsplit = \"sex\"\n{unit}"));
        release(&[("a", "7")], &format!("{}{}{}", number("w", whole, ""), part(0), part(1)))
    };
    let total = |name: &str, text: &str| statuses(name, text, "total");
    let hundreds = "rounded_to = 100\n";
    assert_eq!(total("honest-total", &split("\"2180\"", ["\"1500\"", "\"700\""], hundreds)), ["pass"]);
    assert_eq!(total("honest-total-off", &split("\"2380\"", ["\"1500\"", "\"700\""], hundreds)), ["fail"]);
    assert_eq!(total("honest-total-man", &split("\"81234\"", ["\"5万\"", "\"3万\""], "")), ["pass"]);
    assert_eq!(total("honest-total-exact", &split("\"2180\"", ["\"1500\"", "\"700\""], "")), ["fail"]);
}

/// 5 and 10 events: the standard error of log IRR is at least √(1/5 + 1/10) = 0.55; two groups of 20 have one of d of at
/// least √(2/20) = 0.32. Intervals of ± 0.01 have neither.
#[test]
fn ratios_and_differences_have_the_precision_of_their_numbers() {
    let events = |count: &str| format!("m6 = \"{count}\"\nstatistic = \"events\"\ntime = \"100\"");
    let of_rates = |interval: &str| {
        let rest = outcome("o", &[("a", &events("5")), ("b", &events("10"))])
            .replace("scale = \"continuous\"", "scale = \"count\"\nexposure = { unit = \"patient-years\" }");
        let effect = format!(
            "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"rate-ratio\"\nvalue = \"0.50\"\nci = \"{interval}\"\n\
             outcome = \"o\"\narm = \"a\"\nversus = \"b\"\nquote = \"a phrase\"\n"
        );
        release(&[("a", "20"), ("b", "20")], &format!("{rest}{effect}"))
    };
    assert_eq!(statuses("honest-irr", &of_rates("0.17 to 1.46"), "estimate"), ["pass"]);
    assert_eq!(statuses("honest-irr-off", &of_rates("0.49 to 0.51"), "estimate"), ["fail"]);
    let of_means = |measure: &str, value: &str, interval: &str| {
        let rest = outcome(
            "o",
            &[("a", "m6 = \"11.0 ± 2.0\"\nspread = \"sd\""), ("b", "m6 = \"10.0 ± 2.0\"\nspread = \"sd\"")],
        );
        let effect = format!(
            "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"{measure}\"\nvalue = \"{value}\"\nci = \"{interval}\"\n\
             outcome = \"o\"\narm = \"a\"\nversus = \"b\"\nquote = \"a phrase\"\n"
        );
        release(&[("a", "20"), ("b", "20")], &format!("{rest}{effect}"))
    };
    let smd = |interval: &str| of_means("standardized-mean-difference", "0.50", interval);
    assert_eq!(statuses("honest-smd", &smd("-0.13 to 1.13"), "estimate"), ["pass"]);
    assert_eq!(statuses("honest-smd-off", &smd("0.49 to 0.51"), "estimate"), ["fail"]);
    let ratio = |interval: &str| of_means("ratio-of-means", "1.10", interval);
    assert_eq!(statuses("honest-rom", &ratio("0.98 to 1.24"), "estimate"), ["pass"]);
    assert_eq!(statuses("honest-rom-off", &ratio("1.09 to 1.11"), "estimate"), ["fail"]);
}

/// What is accepted holds: rounded down where expectations are, and beside a tolerance with the digits that it needs.
#[test]
fn what_is_accepted_holds_from_then_on() {
    let folder = Folder::new("honest-accept");
    folder.write("o.toml", {
        let lines = "before = \"10.3 ± 4.5\"\nm6 = \"7.3 ± 4.8\"\nspread = \"sd\"";
        let expect = "\n[[expect]]\nresult = \"effect\"\noutcome = \"o\"\nmeasure = \"SMCR\"\nr = 0.5\nis = \"-0.1\"\n\
                      rounding = \"floor\"\nsource = \"own\"\n";
        let rest = outcome("o", &[("a", lines)]);
        release(&[("a", "12")], &format!("{rest}{expect}"))
    });
    let accepted = folder.run(["check", "o.toml", "--select", "expectation", "--accept"]);
    assert!(stdout(&accepted).contains("1 value written"), "{}", stdout(&accepted));
    let again = folder.run(["check", "o.toml", "--select", "expectation"]);
    assert!(again.status.success(), "{}", stdout(&again));
}

/// An entry that accepts a check of sources says nothing where no folder of sources is named.
#[test]
fn what_was_not_looked_at_is_not_called_unused() {
    let entry = "\n[[ignore]]\ncheck = \"quote-source\"\nreason = \"the source is a scan\"\n";
    let text = release(&[("a", "12")], entry);
    assert!(statuses("honest-ignore", &text, "ignore").is_empty());
    let unused = text.replace("quote-source", "grim");
    assert_eq!(statuses("honest-ignore-off", &unused, "ignore"), ["fail"]);
}
