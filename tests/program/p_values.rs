//! The p of tests, intervals and groups: what another test may have given, and what none has; through the program.

use crate::common::cli::{Folder, checks, json_of};
use crate::common::release::{outcome, release};

/// One verdict of each row of a table, and its notes.
fn verdicts(name: &str, table: &str, key: &str) -> Vec<(Option<bool>, String)> {
    let folder = Folder::new(name);
    folder.write("t.csv", table);
    let found = json_of(&folder.run(["check", "t.csv", "--json", "--quiet"]));
    let rows = found["rows"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| (row[key].as_bool(), row["notes"].to_string())).collect()
}

fn alone(name: &str, table: &str, key: &str) -> Vec<Option<bool>> {
    verdicts(name, table, key).into_iter().map(|(verdict, _)| verdict).collect()
}

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

/// R 4.2.2: pf(4, 1, 28, lower.tail = FALSE) = 0.0553. The degrees of freedom of the numerator are no rounded ones.
#[test]
fn a_number_of_groups_is_not_rounded() {
    let table = "f,df1,df2,t,df,p\n4.00,1,28,,,0.049\n,,,2.00,28,0.049\n4.00,1,28,,,0.055\n3.20,2,45,,,0.044\n";
    assert_eq!(alone("p-df1", table, "p_value"), [NO, NO, YES, NO]);
}

/// R 4.2.2: pf(4.84, 1, 28, lower.tail = FALSE) = 0.0362. One side of F with one degree of freedom is one of t.
#[test]
fn one_side_of_a_square_is_half() {
    let table = "f,df1,df2,t,df,p,sided\n4.84,1,28,,,0.036,one\n,,,2.20,28,0.036,one\n4.84,1,28,,,0.982,one\n\
                 ,,,2.20,28,0.982,one\n4.84,1,28,,,0.018,one\n4.84,1,28,,,0.036,\n";
    assert_eq!(alone("p-square", table, "p_value"), [NO, NO, YES, YES, YES, YES]);
}

/// R 4.2.2: 2 * pt(-2, 50) = 0.0509, 2 * pt(-2.2, 28) = 0.0362.
#[test]
fn a_number_beside_ns_is_read() {
    let table = "t,df,p\n2.0,50,0.42 ns\n2.0,50,0.42 (ns)\n2.0,50,p = 0.42 (NS)\n2.0,50,\"0.051, n.s.\"\n2.0,50,ns (p = .051)\n\
                 2.0,50,> .05 ns\n2.20,28,0.036 ns\n2.0,50,n.s.\n2.0,50,ns\n2.20,28,ns\n2.0,50,not significant (0.051)\n";
    let expected = [NO, NO, NO, YES, YES, YES, YES, YES, YES, NO, YES];
    assert_eq!(alone("p-ns", table, "p_value"), expected);
}

/// R 4.2.2: 2 * pt(-8 / 1.02, 48) = 4e-10, and of the logarithms 2 * pnorm(-7.5) = 8e-14; of the groups t = 5.40, p =
/// 1.6e-6.
#[test]
fn no_test_turns_a_clear_difference_into_none() {
    let table = "measure,estimate,ci_lower,ci_upper,n1,n2,p\nMD,8.0,6.0,10.0,25,25,ns\nMD,8.0,6.0,10.0,25,25,> 0.05\n\
                 MD,8.0,6.0,10.0,,,ns\nROM,1.50,1.35,1.67,500,500,0.04\nSMD,0.80,0.60,1.00,500,500,0.04\n\
                 MD,8.0,6.0,10.0,5,5,ns\nMD,8.0,6.0,10.0,25,25,> 0.01\n";
    let found = alone("p-clear", table, "p_value");
    // Without n it may be of two people; of five alone ranks have no p below 0.06, and of 25 one above 0.01 may be
    // theirs.
    assert_eq!(found, [NO, NO, None, NO, NO, None, None]);
    let groups = "m1i,sd1i,n1i,m2i,sd2i,n2i,p\n50.00,5.00,30,42.00,6.00,25,> 0.05\n50.00,5.00,30,42.00,6.00,25,ns\n\
                  50.00,5.00,30,42.00,6.00,25,< 0.001\n";
    assert_eq!(alone("p-clear-groups", groups, "groups"), [NO, NO, YES]);
}

/// R 4.2.2: pt(2.0232, 53) = 0.976. Nobody says which direction was expected; a mean below 0 is none of skewed values.
#[test]
fn groups_have_both_sides_and_no_skew_below_0() {
    let table = "m1i,sd1i,n1i,m2i,sd2i,n2i,p,sided\n50.00,5.00,30,47.00,6.00,25,0.976,one\n50.00,5.00,30,47.00,6.00,25,0.024,one\n\
                 50.00,5.00,30,47.00,6.00,25,0.048,one\n-2.0,1.5,50,0.3,1.5,50,0.5,\n2.0,3.5,50,0.3,1.5,50,0.5,\n";
    assert_eq!(alone("p-sides-groups", table, "groups"), [YES, YES, NO, NO, None]);
}

fn statement(lines: &str) -> String {
    format!("\n[[statement]]\nlabel = \"a claim\"\nquote = \"a phrase\"\n{lines}\n")
}

/// R 4.2.2: of 8 and 2 with SDs of 1 in 500 people each, t = 94.9.
#[test]
fn a_claim_between_large_arms_has_no_floor() {
    let rows = [("t", "m6 = \"8.0 ± 1.0\"\nspread = \"sd\""), ("u", "m6 = \"2.0 ± 1.0\"\nspread = \"sd\"")];
    let claim = statement("claim = \"not-significant\"\noutcome = \"pain\"\narm = \"t\"\nversus = \"u\"");
    let told = |n: &str| {
        let text = release(&[("t", n), ("u", n)], &(outcome("pain", &rows) + &claim));
        checks(&format!("p-claim-{n}"), &text, "claim").remove(0).1
    };
    assert!(told("500").contains("doubtful: impossible by Welch's"), "{}", told("500"));
    // Of four people each, ranks have no p below 0.029, and signs of four none below 0.125.
    assert!(!told("4").contains("doubtful"), "{}", told("4"));
}

/// The level of an interval of 95 % is 0.05, and not 1 − 0.95, which is a little more.
#[test]
fn a_p_above_5_percent_is_beyond_the_level_of_95_percent() {
    let estimate = "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"percent-reduction\"\nvalue = \"80\"\nci = \"60 to 100\"\n\
                    p = \"p > 0.05\"\narm = \"t\"\nversus = \"u\"\nquote = \"a phrase\"\n";
    let text = release(&[("t", "40"), ("u", "40")], estimate);
    let (status, told) = checks("p-level", &text, "p-value").remove(0);
    assert!(status == "fail" && told.contains("of means of percentages"), "{told}");
}

/// One value is that of a population of one, with an SD of 0; a sample of one has none, and no limits of it.
#[test]
fn limits_that_cannot_be_said_are_not_broken() {
    let row = [("t", "before = \"3 ± 0\"\nm6 = \"2 ± 0\"\nspread = \"population-sd\"")];
    let text = release(&[("t", "1")], &outcome("pain", &row)).replace("\"continuous\"", "\"nrs\"");
    let statuses: Vec<String> =
        checks("limits-of-one", &text, "sd-limits").into_iter().map(|(status, _)| status).collect();
    assert_eq!(statuses, ["refused", "refused"]);
}

/// 4.7 − 2.1 is 2.5 to 2.7 for what prints so, and 2 stands for 1.5 to 2.5; in doubles 4.65 − 2.15 is above 2.5.
#[test]
fn the_last_digit_of_a_double_moves_no_verdict() {
    let rows = [
        ("t", "before = \"2.1\"\nm6 = \"4.7\"\nstatistic = \"mean\""),
        ("t", "statistic = \"change\"\nm6 = \"2 ± 1\"\nspread = \"sd\""),
    ];
    let (status, told) =
        checks("limits-of-doubles", &release(&[("t", "20")], &outcome("pain", &rows)), "change").remove(0);
    assert_eq!(status, "pass", "{told}");
}

/// A change of more people than the arm has, like a value of them.
#[test]
fn no_change_is_of_more_people_than_there_are() {
    let rows = [
        ("t", "before = \"6.0 ± 1.5\"\nm6 = \"3.0 ± 1.6\"\nspread = \"sd\""),
        ("t", "statistic = \"change\"\nm6 = \"−3.0 ± 1.2\"\nn = 25\nspread = \"sd\""),
    ];
    let (status, told) =
        checks("limits-of-people", &release(&[("t", "20")], &outcome("pain", &rows)), "total").remove(0);
    assert!(status == "fail" && told.contains("the arm has 20, and 25 is more"), "{told}");
}

/// R 4.2.2: 2 * pnorm(-log(0.81) / (log(0.937 / 0.7) / 2 / 1.96), lower.tail = FALSE) is 0.0046, and half of it 0.0023.
#[test]
fn intervals_have_sides_as_well() {
    let table = "measure,estimate,ci_lower,ci_upper,n1,n2,p,sided\nOR,0.810,0.700,0.937,,,0.0023,one\nOR,0.810,0.700,0.937,,,0.0023,two\n\
                 OR,0.810,0.700,0.937,,,0.0023 (one-sided),\nOR,0.810,0.700,0.937,,,0.0046,one\nOR,0.810,0.700,0.937,,,0.0046,two\n\
                 OR,0.810,0.700,0.937,,,0.9977,one\nOR,0.810,0.700,0.937,,,0.9977,two\nOR,0.810,0.700,0.937,,,0.46,one\n";
    let found = verdicts("p-sides-intervals", table, "p_value");
    let of: Vec<Option<bool>> = found.iter().map(|(verdict, _)| *verdict).collect();
    assert_eq!(of, [YES, None, YES, NO, YES, YES, NO, NO], "{found:?}");
    assert!(!found[1].1.contains("one-sided") && found[3].1.contains("that of both sides"), "{found:?}");
}

/// R 4.2.2: of 50 ± 5 (30) and 47 ± 6 (25) the difference is 3, t = 2.023, and the interval 0.03 to 5.97.
#[test]
fn a_difference_beside_its_groups_is_theirs() {
    let table = "m1i,sd1i,n1i,m2i,sd2i,n2i,measure,estimate,ci_lower,ci_upper,p\n\
                 50.00,5.00,30,47.00,6.00,25,MD,3.00,0.03,5.97,0.048\n50.00,5.00,30,47.00,6.00,25,MD,-3.00,-5.97,-0.03,0.048\n\
                 50.00,5.00,30,47.00,6.00,25,MD,30.00,28.00,32.00,0.0001\n50.00,5.00,30,47.00,6.00,25,MD,3.00,2.90,3.10,0.0001\n\
                 50.00,5.00,30,47.00,6.00,25,MD,3.00,1.50,4.50,0.010\n50.00,5.00,30,47.00,6.00,25,SMD,0.55,0.01,1.09,0.048\n";
    let found = verdicts("p-groups", table, "groups");
    let of: Vec<Option<bool>> = found.iter().map(|(verdict, _)| *verdict).collect();
    assert_eq!(of, [YES, YES, NO, NO, NO, YES], "{found:?}");
    assert!(found[2].1.contains("estimate: the values give 2.990 to 3.010; "), "{found:?}");
    assert!(found[5].1.contains("groups: the effect is that of the values"), "{found:?}");
    // The sizes are those of the groups.
    assert_eq!(alone("p-groups-sizes", table, "p_value")[..2], [YES, YES]);
    assert!(found.iter().all(|(_, notes)| !notes.contains("n is not given")), "{found:?}");
}

/// R 4.2.2: t = 2.0 with df = 28 has p = 0.0553, and so has r = 0.354; r = 0.5 has 0.0049.
#[test]
fn no_statistic_of_a_row_is_passed_over() {
    let table =
        "t,r,df,p\n2.00,0.354,28,0.055\n2.00,0.50,28,0.055\n2.00,0.50,28,0.0049\n2.00,0.50,28,0.3\n,0.50,28,0.0049\n";
    let found = verdicts("p-several", table, "p_value");
    let of: Vec<Option<bool>> = found.iter().map(|(verdict, _)| *verdict).collect();
    assert_eq!(of, [YES, None, None, NO, YES], "{found:?}");
    assert!(found[1].1.contains("it is the p of t, and not of r: recomputed"), "{found:?}");
}

/// R 4.2.2: the p of 0.81 (0.70 to 0.94) is 0.005 at 95 %, and 0.0002 at 99 %.
#[test]
fn a_level_that_a_text_names_is_its_own() {
    let folder = Folder::new("p-named-level");
    folder.write("t.csv", "measure,estimate,p\nOR,0.81 (95% CI 0.70 to 0.94),0.005\nOR,0.81 (0.70 to 0.94),0.0002\n");
    let found = json_of(&folder.run(["check", "t.csv", "--json", "--level", "0.99"]));
    let of = |at: usize| found["rows"][at]["p_value"].clone();
    assert!(of(0) == true && of(1) == true, "{found}");
    let estimate = "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"odds-ratio\"\nvalue = \"0.81 (95% CI 0.70 to 0.94)\"\n\
                    level = 0.99\nquote = \"a phrase\"\n";
    folder.write("r.toml", release(&[("t", "40")], estimate));
    let told = String::from_utf8_lossy(&folder.run(["check", "r.toml"]).stderr).into_owned();
    assert!(told.contains("`value` names the level 0.95, and `level` is 0.99"), "{told}");
}

/// R 4.2.2: t.test(len ~ supp, ToothGrowth) has p = 0.06063, with var.equal = TRUE 0.06039; of the ten differences of
/// `sleep` (1.58 ± 1.23) t.test has p = 0.00283. Without SDs nothing says what the p is, and that is told.
#[test]
fn a_p_beside_means_alone_is_that_of_their_test() {
    let estimate = |measure: &str, more: &str| {
        format!(
            "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"{measure}\"\noutcome = \"len\"\narm = \"oj\"\n\
             quote = \"a phrase\"\n{more}\n"
        )
    };
    let of = |rows: &[(&str, &str)], n: [&str; 2], estimate: String| {
        let text = release(&[("oj", n[0]), ("vc", n[1])], &(outcome("len", rows) + &estimate));
        checks("p-alone", &text, "p-value").remove(0)
    };
    let values = [("oj", "m6 = \"20.66 ± 6.61\"\nspread = \"sd\""), ("vc", "m6 = \"16.96 ± 8.27\"\nspread = \"sd\"")];
    let difference = |p: &str, more: &str| {
        estimate("mean-difference", &format!("value = \"3.70\"\nversus = \"vc\"\np = \"{p}\"\n{more}"))
    };
    for (p, more, status, told) in [
        ("p = 0.06", "", "pass", "Student's t-test of 20.66 ± 6.61 against 16.96 ± 8.27 has a p of 0.060"),
        ("p = 0.03", "", "refused", "one-sided"),
        ("p = 0.04", "", "refused", "another test than that of the values"),
        ("p = 0.0004", "", "fail", "Welch's t-test 0.06"),
        ("p = 0.04", "test = \"Welch's t-test\"\n", "fail", "no common test"),
        ("p = 0.0004", "test = \"Mann-Whitney\"\n", "refused", "that of another test (Mann-Whitney)"),
        ("p = 0.0004", "adjusted = \"age\"\n", "refused", "it is adjusted (age)"),
    ] {
        let (found, message) = of(&values, ["30", "30"], difference(p, more));
        assert!(found == status && message.contains(told), "{p} {more}: {found} {message}");
    }
    let bare = [("oj", "m6 = \"20.66\"\nstatistic = \"mean\""), ("vc", "m6 = \"16.96\"\nstatistic = \"mean\"")];
    let (found, message) = of(&bare, ["30", "30"], difference("p = 0.06", ""));
    assert!(found == "refused" && message.contains("no SD of either group is reported"), "{message}");
    let both = [
        ("oj", "before = \"13.0 ± 6.6\"\nm6 = \"20.66 ± 6.61\"\nspread = \"sd\""),
        ("vc", "before = \"13.1 ± 6.6\"\nm6 = \"16.96 ± 8.27\"\nspread = \"sd\""),
    ];
    let (found, message) = of(&both, ["30", "30"], difference("p = 0.0004", ""));
    assert!(found == "refused" && message.contains("adjusted for those before"), "{message}");
    let change = [("oj", "statistic = \"change\"\nm6 = \"1.58 ± 1.23\"\nspread = \"sd\"")];
    for (p, status) in [("p = 0.003", "pass"), ("p = 0.3", "refused")] {
        let own = estimate("mean-change", &format!("value = \"1.58\"\np = \"{p}\"\n"));
        let (found, message) = of(&change, ["10", "10"], own);
        assert_eq!(found, status, "{p}: {message}");
    }
    let hazard = estimate("hazard-ratio", "value = \"0.7\"\nversus = \"vc\"\np = \"p = 0.04\"\n");
    let (found, message) = of(&values, ["30", "30"], hazard);
    assert!(found == "refused" && message.contains("a hazard ratio alone gives none"), "{message}");
}

/// R 4.2.2: of r = 0.5 and n = 20 t is 2.4495 and p = 0.0248; the interval of 0.583 by five people has a standard error
/// of 1/√2 on Fisher's scale.
#[test]
fn a_correlation_of_a_table_is_of_its_people() {
    let table = "estimate,measure,n,p,sided\n0.50,correlation,20,0.025,\n0.50,correlation,20,0.5,\n0.50,correlation,20,0.012,one\n\
                 0.50,correlation,20,0.988,one\n0.50,correlation,20,0.025,one\n0.50,correlation,,0.5,\n";
    assert_eq!(alone("p-of-r", table, "p_value"), [YES, NO, YES, YES, NO, None]);
    let interval =
        "estimate,measure,n,p\n0.583 (0.014 to 0.867),correlation,5,\n0.583 (0.014 to 0.867),correlation,12,\n";
    assert_eq!(alone("interval-of-r", interval, "interval"), [NO, YES]);
}

/// A p of one side in the other direction is 1 less it, and another test may have given either. R 4.2.2:
/// 2 * pnorm(-1.370 / (1.7185 / 1.96)) is 0.118.
#[test]
fn either_direction_of_one_side_is_judged_alike() {
    let table = "measure,estimate,n1,n2,p,sided\nMD,1.370 (-0.348 to 3.089),54,54,0.061,one\n\
                 MD,1.370 (-0.348 to 3.089),54,54,0.939,one\nMD,1.370 (-0.348 to 3.089),54,54,0.3,one\n\
                 MD,1.370 (-0.348 to 3.089),54,54,0.7,one\n";
    assert_eq!(alone("p-directions", table, "p_value"), [None, None, NO, NO]);
    let groups =
        "m1i,sd1i,n1i,m2i,sd2i,n2i,p,sided\n50.2,8.1,20,53.9,7.4,20,0.085,one\n50.2,8.1,20,53.9,7.4,20,0.915,one\n";
    assert_eq!(alone("p-directions-groups", groups, "groups"), [None, None]);
}

/// Means and SDs in units allow nearly every t, and the numbers beside them are those of one test. R 4.2.2: 2 * pt(-3.85,
/// 58) = 0.0003; 1/0.52·qt(0.975, 58) = 3.85.
#[test]
fn what_is_reported_of_two_groups_goes_together() {
    let table = "m1i,sd1i,n1i,m2i,sd2i,n2i,t,ci_lower,ci_upper,p\n5,1,30,6,1,30,3.85,,,0.90\n5,1,30,6,1,30,,0.48,1.52,0.60\n\
                 5,1,30,6,1,30,1.00,0.48,1.52,\n5,1,30,6,1,30,3.85,0.48,1.52,0.0003\n5,1,30,6,1,30,,0.48,1.52,<0.001\n\
                 5,1,30,6,1,30,-3.85,-1.52,-0.48,0.0003\n";
    assert_eq!(alone("p-together", table, "groups"), [NO, NO, NO, YES, YES, YES]);
}

/// R 4.2.2: of 13/49 and 5/50 the risk ratio is 2.65, the odds ratio 3.25, and of 50 ± 5 (30) and 47 ± 6 (30) d is 0.543.
#[test]
fn an_effect_beside_groups_is_held_against_them() {
    let counts = "ai,n1i,ci,n2i,measure,estimate,p\n13,49,5,50,risk-ratio,1.59 (0.63 to 4.02),0.33\n\
                  13,49,5,50,RR,2.65 (1.02 to 6.88),0.033\n13,49,5,50,RR,0.38 (0.15 to 0.98),0.033\n\
                  13,49,5,50,RR,2.56 (1.02 to 6.88),0.033\n13,49,5,50,OR,3.25 (1.06 to 9.97),0.033\n13,49,5,50,HR,1.59 (0.63 to 4.02),0.33\n";
    assert_eq!(alone("effect-counts", counts, "groups"), [None, YES, YES, NO, YES, None]);
    let means = "m1i,sd1i,n1i,m2i,sd2i,n2i,measure,estimate\n50.0,5.0,30,47.0,6.0,30,SMD,0.54\n50.0,5.0,30,47.0,6.0,30,SMD,1.54\n\
                 50.0,5.0,30,47.0,6.0,30,ROM,1.064\n50.0,5.0,30,47.0,6.0,30,ROM,1.64\n";
    assert_eq!(alone("effect-means", means, "groups"), [YES, None, YES, None]);
    let (_, notes) = verdicts("effect-means-told", means, "groups").remove(1);
    assert!(notes.contains("the values give 0.520 to 0.566") && notes.contains("and 1.54 is printed"), "{notes}");
}

/// R 4.2.2: of MD −0.574 with an interval by 1.96 of −2.134 to 0.985 and three people each, t is −0.7215 and pt(t, 4) is
/// 0.2553; of many people the interval has a p of 0.4706, and of one side half of it.
#[test]
fn few_people_leave_open_how_many_sides_are_meant() {
    let table = "measure,estimate,n1,n2,p,sided\nMD,-0.574 (-2.134 to 0.985),3,3,0.2618,one\n\
                 MD,-0.574 (-2.134 to 0.985),30,30,0.470,one\n";
    assert_eq!(alone("p-few", table, "p_value"), [None, NO]);
}

/// Whatever the ± of 2.9 ± 1.1 and 8.4 ± 1.3 of 40 and 42 people is, p is at most 0.0032: R 4.2.2, with both as standard
/// errors 2 * pt(-5.5 / sqrt(1.1^2 + 1.3^2), 80) = 0.0018, and 2 * pt(-5.4 / sqrt(1.15^2 + 1.35^2), 80) = 0.0032.
#[test]
fn a_p_that_no_reading_of_a_spread_gives_fails() {
    let of = |spread: &str, p: &str| {
        let rows = ["2.9 ± 1.1", "8.4 ± 1.3"].map(|text| format!("m6 = \"{text}\"\nspread = \"{spread}\""));
        let effect = format!(
            "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"mean-difference\"\noutcome = \"pain\"\narm = \"t\"\n\
             versus = \"u\"\nquote = \"a phrase\"\nvalue = \"-5.5\"\np = \"{p}\"\n"
        );
        let outcome = outcome("pain", &[("t", &rows[0]), ("u", &rows[1])]);
        checks("p-readings", &release(&[("t", "40"), ("u", "42")], &(outcome + &effect)), "p-value").swap_remove(0)
    };
    for (spread, p, expected) in [
        ("unexplained", "p < 0.001", "pass"),
        ("unexplained", "p = 0.001", "refused"),
        ("unexplained", "p = 0.008", "refused"),
        ("unexplained", "p = 0.40", "fail"),
        ("sd", "p = 0.40", "fail"),
        ("se", "p = 0.002", "pass"),
    ] {
        let (status, told) = of(spread, p);
        assert_eq!(status, expected, "{spread} {p}: {told}");
    }
}

/// An unexplained ± can be a standard error, of a larger SD, and allows no less than an SD does; the interval of a mean of
/// each one's percentage may end above 100.
#[test]
fn a_mean_of_percentages_stands_beside_any_spread() {
    let of = |name: &str, spread: &str, fields: &str| {
        let row = format!("before = \"6.5 ± 5.3\"\nm6 = \"4.0 ± 3.3\"\nspread = \"{spread}\"");
        let effect = format!(
            "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"percent-reduction\"\noutcome = \"pain\"\narm = \"t\"\n\
             quote = \"a phrase\"\n{fields}"
        );
        checks(name, &release(&[("t", "12")], &(outcome("pain", &[("t", &row)]) + &effect)), "estimate")
    };
    for spread in ["sd", "se", "unexplained"] {
        let found = of("percent-spread", spread, "value = \"-9.5%\"\nci = \"-46.4 to 27.4\"");
        assert_eq!(found[0].0, "refused", "{spread}: {found:?}");
    }
    let found = of("percent-above", "sd", "value = \"60%\"\nci = \"12 to 108\"");
    assert_eq!(found[0].0, "refused", "{found:?}");
    assert_eq!(alone("percent-table", "estimate,measure,n\n60% (12 to 108),percent-reduction,6\n", "interval"), [None]);
}

/// R 4.2.2: chisq.test(matrix(c(69, 33, 31, 2), 2), correct = FALSE) has p = 0.003, and Wald's z of log RR is 3.96;
/// fisher.test(matrix(c(16, 29, 1, 15), 2)) 0.027; of 23/100 and 1/35 Yates' p is 0.015.
#[test]
fn usual_tests_stand_beside_walds_intervals_of_risks() {
    let table = "estimate,measure,p\n0.732 (0.627 to 0.854),RR,0.003\n1.428 (1.119 to 1.822),RR,0.027\n\
                 0.20 (0.10 to 0.30),RD,0.015\n0.732 (0.627 to 0.854),RR,0.6\n0.20 (0.10 to 0.30),RD,0.5\n";
    assert_eq!(alone("p-risks", table, "p_value"), [None, None, None, NO, NO]);
    let rows = [("t", "m6 = \"14/24\""), ("u", "m6 = \"8/24\"")];
    let of = |name: &str, p: &str| {
        let effect = format!(
            "\n[[estimate]]\nid = \"e\"\nlabel = \"e\"\nmeasure = \"risk-difference\"\noutcome = \"pain\"\narm = \"t\"\n\
             versus = \"u\"\nquote = \"a phrase\"\nvalue = \"0.25\"\np = \"{p}\"\n"
        );
        checks(name, &release(&[("t", "24"), ("u", "24")], &(outcome("pain", &rows) + &effect)), "p-value")
    };
    // 0.25/√(7/12·5/12/24 + 1/3·2/3/24) = 1.7955: p = 0.0726; χ² 0.082, Yates' 0.148, Fisher's 0.147.
    let found = of("p-wald", "p = 0.0726");
    assert!(found[0].0 == "pass" && found[0].1.contains("Wald's test"), "{found:?}");
    assert_eq!(of("p-wald-off", "p = 0.0007")[0].0, "fail");
}
