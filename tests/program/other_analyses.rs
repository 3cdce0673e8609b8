//! What honest analyses make of numbers that plain ones would not, and what none of them makes.

use crate::common::cli::{Folder, checks, stdout};
use crate::common::release::{outcome, release};

const ARMS: [(&str, &str); 2] = [("drug", "50"), ("placebo", "50")];

/// An effect with these fields.
fn effect(fields: &str) -> String {
    format!("\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nquote = \"a phrase\"\n{fields}\n")
}

/// The verdict of a code on `e`, or on the only subject.
fn verdict(name: &str, text: &str, code: &str) -> (String, String) {
    let mut found = checks(name, text, code);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found.remove(0)
}

fn against(measure: &str, fields: &str) -> String {
    effect(&format!("measure = \"{measure}\"\noutcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"\n{fields}"))
}

fn means(spread: &str) -> String {
    let [drug, placebo] = ["52.0 ± 1.4", "47.0 ± 1.4"].map(|cell| format!("m6 = \"{cell}\"\nspread = \"{spread}\""));
    outcome("pain", &[("drug", &drug), ("placebo", &placebo)])
}

/// By hand: (52 − 47)/1.4 = 3.57 by SDs, and 5/(1.4·√50) = 0.505 by standard errors.
#[test]
fn an_unexplained_spread_of_a_standardised_difference_may_be_the_standard_error() {
    let of = |spread: &str, value: &str| {
        let found = against("standardized-mean-difference", &format!("value = \"{value}\""));
        verdict(&format!("other-smd-{spread}-{value}"), &release(&ARMS, &(means(spread) + &found)), "estimate")
    };
    for (spread, value, expected) in [
        ("unexplained", "0.51", "pass"),
        ("unexplained", "3.57", "pass"),
        ("unexplained", "33.0", "fail"),
        ("se", "0.51", "pass"),
        ("sd", "3.57", "pass"),
    ] {
        let (status, message) = of(spread, value);
        assert_eq!(status, expected, "{spread} {value}: {message}");
    }
    let (status, message) = of("sd", "0.505");
    assert!(status == "fail" && message.contains("were their SDs standard errors"), "{message}");
}

/// R 4.2.2: the interval of 50.0 ± 5.0 (n = 30) against 47.0 ± 5.0 (n = 30) by Student's t is 0.4 to 5.6.
#[test]
fn an_interval_of_means_is_that_of_their_sds() {
    let values = |n: &str, spread: &str| {
        let [drug, placebo] =
            ["50.0 ± 5.0", "47.0 ± 5.0"].map(|cell| format!("m6 = \"{cell}\"\nspread = \"{spread}\""));
        let rows = outcome("pain", &[("drug", &drug), ("placebo", &placebo)]);
        release(
            &[("drug", n), ("placebo", n)],
            &(rows + &against("mean-difference", "value = \"3.0\"\nci = \"0.4 to 5.6\"")),
        )
    };
    for (n, expected) in [("30", "pass"), ("13", "refused"), ("67", "refused")] {
        let (status, message) = verdict(&format!("other-ci-{n}"), &values(n, "sd"), "interval");
        assert_eq!(status, expected, "{n}: {message}");
    }
}

/// The standard error of a change of 1.6 ± 7.1 in 17 people is 1.72: t at 16 degrees of freedom gives −2.1 to 5.2 (by
/// hand).
#[test]
fn an_interval_of_a_change_is_that_of_its_sd() {
    let text = |sd: &str| {
        let values = "before = \"79.7 ± 4.8\"\nm6 = \"81.3 ± 4.4\"\nspread = \"sd\"";
        let change = format!("statistic = \"change\"\nm6 = \"1.6 ± {sd}\"\nspread = \"sd\"");
        let rows = outcome("pain", &[("drug", values), ("drug", &change)]);
        let found = effect(
            "measure = \"mean-change\"\noutcome = \"pain\"\narm = \"drug\"\nvalue = \"1.6\"\nci = \"-2.1 to 5.2\"",
        );
        release(&[("drug", "17")], &(rows + &found))
    };
    for (sd, expected) in [("7.1", "pass"), ("6.4", "refused"), ("1.0", "fail")] {
        let (status, message) = verdict(&format!("other-change-{sd}"), &text(sd), "estimate");
        assert_eq!(status, expected, "{sd}: {message}");
    }
}

/// R 4.2.2, MASS 7.3-58: confint(glm(type ~ glu, binomial, Pima.tr[41:75, ])) is 1.065 to 1.388 beside exp(coef) 1.157.
/// Of a year or of ten, an odds ratio is as lopsided.
#[test]
fn profile_intervals_of_regressions_are_lopsided() {
    for (value, ci, expected) in [
        ("1.157", "1.065 to 1.388", "refused"),
        ("1.080", "1.041 to 1.141", "refused"),
        ("1.157", "1.130 to 1.388", "fail"),
    ] {
        let found = effect(&format!("measure = \"odds-ratio\"\nvalue = \"{value}\"\nci = \"{ci}\""));
        let (status, message) = verdict(&format!("other-glm-{value}-{expected}"), &release(&ARMS, &found), "interval");
        assert_eq!(status, expected, "{value} ({ci}): {message}");
    }
}

/// Costs are compared by resampling: halves that differ by less than a third. A digit that moved differs by more.
#[test]
fn a_difference_of_means_may_be_bootstrapped() {
    for (ci, expected) in [("0.20 to 4.53", "refused"), ("0.20 to 4.64", "pass"), ("0.20 to 9.53", "fail")] {
        let found = effect(&format!("measure = \"mean-difference\"\nvalue = \"2.42\"\nci = \"{ci}\""));
        let (status, message) = verdict(&format!("other-boot-{}", &ci[9..]), &release(&ARMS, &found), "interval");
        assert_eq!(status, expected, "{ci}: {message}");
    }
}

/// R 4.2.2: prop.test(c(20, 17), c(40, 50), correct = FALSE) has −4.2 % to 36.2 % about 16 %.
#[test]
fn a_lost_sign_makes_an_interval_of_a_difference_of_risks_lopsided() {
    let count = |count: &str| format!("m6 = \"{count}\"");
    let (drug, placebo) = (count("20/40"), count("17/50"));
    let rows = outcome("pain", &[("drug", &drug), ("placebo", &placebo)]).replace("continuous", "percent");
    for (ci, expected) in [("-4% to 36%", "pass"), ("4% to 36%", "fail"), ("-4% to 63%", "fail")] {
        let found = against("risk-difference", &format!("value = \"16%\"\nci = \"{ci}\""));
        let text = release(&[("drug", "40"), ("placebo", "50")], &(rows.clone() + &found));
        let (status, message) = verdict(&format!("other-rd-{}", &ci[..2]), &text, "interval");
        assert_eq!(status, expected, "{ci}: {message}");
    }
}

/// Twelve at 50.0 and eight at 51.0 are twenty at 50.4.
#[test]
fn subgroups_make_the_whole() {
    let text = |whole: &str, lines: &[&str; 2]| {
        let arms = [("all", "20"), ("women", "12"), ("men", "8")];
        let of = |text: String| {
            text.replace("id = \"women\"", "id = \"women\"\nof = \"all\"")
                .replace("id = \"men\"", "id = \"men\"\nof = \"all\"")
        };
        let rows = outcome("pain", &[("all", whole), ("women", lines[0]), ("men", lines[1])]);
        of(release(&arms, &rows))
    };
    let means = ["m6 = \"50.0 ± 5.0\"\nspread = \"sd\"", "m6 = \"51.0 ± 5.0\"\nspread = \"sd\""];
    let counts = ["m6 = \"5\"\nstatistic = \"count\"", "m6 = \"4\"\nstatistic = \"count\""];
    for (at, (whole, lines, expected)) in [
        ("m6 = \"50.4 ± 5.0\"\nspread = \"sd\"", &means, "pass"),
        ("m6 = \"55.0 ± 5.0\"\nspread = \"sd\"", &means, "fail"),
        ("m6 = \"9\"\nstatistic = \"count\"", &counts, "pass"),
        ("m6 = \"8\"\nstatistic = \"count\"", &counts, "fail"),
    ]
    .into_iter()
    .enumerate()
    {
        let (status, message) = verdict(&format!("other-parts-{at}"), &text(whole, lines), "total");
        assert_eq!(status, expected, "{whole}: {message}");
    }
}

#[test]
fn a_median_lies_on_the_scale_or_between_two_of_its_values() {
    for (n, median, expected) in [("7", "2.5", "fail"), ("8", "2.5", "pass"), ("8", "2.25", "fail"), ("7", "2", "pass")]
    {
        let row = format!("m6 = \"{median}\"\nstatistic = \"median\"");
        let text = release(&[("drug", n)], &outcome("pain", &[("drug", &row)])).replace("continuous", "count");
        let (status, message) = verdict(&format!("other-median-{n}-{median}"), &text, "median");
        assert_eq!(status, expected, "{median} of {n}: {message}");
    }
}

/// 11/23 is 47.8 %, and 11/24 is 45.8 %.
#[test]
fn a_percentage_beside_a_count_names_the_whole_that_fits() {
    let text = release(&[("drug", "24")], &outcome("pain", &[("drug", "m6 = \"11 (47.8%)\"\nstatistic = \"count\"")]));
    let (status, message) = verdict("other-whole", &text, "percentage");
    assert!(status == "fail" && message.contains("11/23 does"), "{message}");
}

/// R 4.2.2: t of 50.0 ± 5.0 against 49.9 ± 5.0 with 30 in each group has p = 0.94.
#[test]
fn what_usual_tests_speak_against_is_shown_without_being_asked_for() {
    let text = |mean: &str| {
        let [drug, placebo] = ["50.0", mean].map(|mean| format!("m6 = \"{mean} ± 5.0\"\nspread = \"sd\""));
        let said = "\n[[statement]]\nlabel = \"a claim\"\nquote = \"p < 0.001\"\nclaim = \"significant\"\noutcome = \"pain\"\n\
                    arm = \"drug\"\nversus = \"placebo\"\np = \"p < 0.001\"\n";
        release(
            &[("drug", "30"), ("placebo", "30")],
            &(outcome("pain", &[("drug", &drug), ("placebo", &placebo)]) + said),
        )
    };
    let folder = Folder::new("other-doubtful");
    for (mean, is_told) in [("49.9", true), ("46.8", false)] {
        folder.write("trial.toml", text(mean));
        let output = folder.run(["check", "trial.toml", "--select", "claim"]);
        assert_eq!(stdout(&output).contains("doubtful: impossible by Welch"), is_told, "{}", stdout(&output));
        assert_eq!(output.status.code(), Some(0));
    }
}

/// By hand: 1.76/3.52 = 0.500 is Glass' Δ; 2.95/√((3.29² + 2.79²)/2) = 0.967; 1.60/3.05·(1 − 3/(4·… − 1)) by both.
#[test]
fn a_standardised_difference_may_be_over_any_usual_sd() {
    let of = |name: &str, rows: [&str; 2], n: [&str; 2], fields: &str| {
        let lines = rows.map(|row| format!("m6 = \"{row}\"\nspread = \"sd\""));
        let arms = [("drug", n[0]), ("placebo", n[1])];
        let values = outcome("pain", &[("drug", &lines[0]), ("placebo", &lines[1])]);
        verdict(name, &release(&arms, &(values + &against("standardized-mean-difference", fields))), "estimate")
    };
    for (name, rows, n, fields, expected) in [
        ("smd-glass", ["9.79 ± 3.05", "8.03 ± 3.52"], ["150", "32"], "value = \"0.50\"\nci = \"0.11 to 0.88\"", "pass"),
        ("smd-both", ["10.14 ± 3.29", "7.19 ± 2.79"], ["30", "20"], "value = \"0.97\"\nci = \"0.37 to 1.56\"", "pass"),
        ("smd-slip", ["9.79 ± 3.05", "8.03 ± 3.52"], ["150", "32"], "value = \"0.75\"\nci = \"0.17 to 0.95\"", "fail"),
    ] {
        let (status, message) = of(name, rows, n, fields);
        assert_eq!(status, expected, "{name}: {message}");
    }
}

/// R 4.2.2: by t with 39 degrees of freedom at some correlation the p of 4.5 ± 2.5 and 4.0 ± 4.3 is above 0.05, whatever
/// the interval of each one's percentage says.
#[test]
fn a_percentage_is_no_test_of_the_means() {
    let of = |name: &str, measure: &str, value: &str| {
        let rows = [("drug", "before = \"4.5 ± 2.5\"\nm6 = \"4.0 ± 4.3\"\nspread = \"sd\"")];
        let effect = effect(&format!("measure = \"{measure}\"\noutcome = \"pain\"\narm = \"drug\"\n{value}"));
        let claim = "\n[[statement]]\nlabel = \"a claim\"\nquote = \"a phrase\"\nclaim = \"not-significant\"\noutcome = \
                     \"pain\"\np = \"p > 0.05\"\n";
        verdict(name, &release(&[("drug", "40")], &(outcome("pain", &rows) + &effect + claim)), "claim")
    };
    let (status, message) = of("claim-percentage", "percent-reduction", "value = \"28.2%\"\nci = \"18.6 to 36.7\"");
    assert_eq!(status, "refused", "{message}");
    let (status, message) = of("claim-change", "mean-change", "value = \"-0.5\"\nci = \"-0.6 to -0.4\"");
    assert_eq!(status, "fail", "{message}");
}

/// A row of a table is judged as the same of a release: a mean in the middle of its interval, a fraction of no more than
/// there are, and a p that is a probability.
#[test]
fn tables_are_judged_as_releases_are() {
    let folder = Folder::new("tables-as-releases");
    let of = |table: &str, key: &str| -> Vec<Option<bool>> {
        folder.write("t.csv", table);
        let found = crate::common::cli::json_of(&folder.run(["check", "t.csv", "--json", "--quiet"]));
        found["rows"].as_array().unwrap().iter().map(|row| row[key].as_bool()).collect()
    };
    let means = "mean,n,step,ci_lower,ci_upper\n10.00,25,1,9.20,11.90\n10.00,25,1,9.20,10.80\n10.00,25,1,9.20,10.90\n\
                 10.00,25,1,8.33,12.00\n";
    // In the middle of the logarithms: √(8.33·12.00) = 10.0.
    assert_eq!(of(means, "interval"), [Some(false), Some(true), None, Some(true)]);
    assert_eq!(of("x,n\n12/45 (26.7%),40\n12/40 (30.0%),40\n", "grim"), [Some(false), Some(true)]);
    let tests = "p,t,df\n1.5,2,10\n0.073,2,10\n";
    assert_eq!(of(tests, "p_value"), [Some(false), Some(true)]);
    let effects = "estimate,measure,p\n0.21 (0.06–0.76),HR,17\n0.21 (0.06–0.76),HR,0.017\n";
    assert_eq!(of(effects, "p_value"), [Some(false), Some(true)]);
    // A column P beside means alone is none of p-values.
    assert_eq!(of("mean,n,sd,P\n5.18,28,1.52,3.4\n", "p_value"), [None]);
}

/// Bootstrap intervals of skewed values, as of costs, are lopsided, and those of others are not.
#[test]
fn skewed_values_have_lopsided_intervals() {
    let of = |name: &str, sds: [&str; 2]| {
        let [drug, placebo] = [format!("800 ± {}", sds[0]), format!("1509 ± {}", sds[1])]
            .map(|cell| format!("m6 = \"{cell}\"\nspread = \"sd\""));
        let values = outcome("pain", &[("drug", &drug), ("placebo", &placebo)]);
        let effect = against("mean-difference", "value = \"-709\"\nci = \"-1564 to -143\"");
        verdict(name, &release(&ARMS, &(values + &effect)), "interval")
    };
    assert_eq!(of("boot-skewed", ["1600", "2100"]).0, "refused");
    assert_eq!(of("boot-plain", ["300", "400"]).0, "fail");
}
