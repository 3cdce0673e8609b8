//! Tables as papers print them: what honest numbers must not be accused of, and what is wrong all the same.

use crate::common::cli::{Folder, json_of, stderr, stdout};

/// The verdicts of each row of a table, as JSON.
fn rows(name: &str, table: &str, more: &[&str]) -> Vec<serde_json::Value> {
    let folder = Folder::new(name);
    folder.write("t.csv", table);
    let found = json_of(&folder.run(["check", "t.csv", "--json", "--quiet"].iter().chain(more)));
    found["rows"].as_array().cloned().unwrap_or_default()
}

/// One verdict of each row: `Some(true)`, `Some(false)` or none.
fn verdicts(name: &str, table: &str, key: &str) -> Vec<Option<bool>> {
    rows(name, table, &[]).iter().map(|row| row[key].as_bool()).collect()
}

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

#[test]
fn a_percentage_in_brackets_is_that_of_the_count() {
    let table = "x,n,percent\n12 (34.3%),35,\n13 (34.3%),35,\n12 (34.3),35,true\n13 (34.3),35,true\n34.3% (12),35,\n\
                 34.3 (12),35,true\n12/35 (34.3%),40,\n12 (34),35,true\n36 (102.9%),35,\n5 (0.4),35,\n";
    let expected = [YES, NO, YES, NO, YES, YES, YES, YES, NO, YES];
    assert_eq!(verdicts("table-counts", table, "grim"), expected);
    let told = rows("table-counts-told", table, &[])[1]["notes"].to_string();
    assert!(told.contains("13/35 is 37.14 %, and 34.3 % is printed; that is 12/35"), "{told}");
}

/// R 4.2.2: 2 * pt(-1.75, 28) = 0.0911, 2 * pt(-5, 20) = 0.0000687, 2 * pt(-0.28, 20) = 0.782, 2 * pt(-3.5, 20) =
/// 0.00225, 2 * pt(-40, 50) = 1.2e-39.
#[test]
fn a_p_is_read_as_it_is_printed() {
    let table = "t,df,p,sided\n1.75,28,.091,\n1.75,28,.045,\n1.75,28,.045,one\n1.75,28,.045,two\n1.75,28,.091,one\n\
                 1.75,28,.045 (one-tailed),\n5.0,20,.000,\n0.28,20,.000,\n0.5,20,n.s.,\n3.5,20,NS,\n3.5,20,0.002**,\n\
                 40.0,50,1.2e-39,\n40.0,50,1.2e-29,\n";
    let expected = [YES, None, YES, NO, NO, YES, YES, NO, YES, NO, YES, YES, NO];
    assert_eq!(verdicts("table-p", table, "p_value"), expected);
    let found = rows("table-p-told", table, &[]);
    let told = |at: usize| found[at]["notes"].to_string();
    assert!(told(1).contains("the decision changes") && told(1).contains("one-sided one may have been meant"));
    assert!(told(6).contains("p < 0.001 says what is meant"), "{}", told(6));
    assert!(told(9).contains("the decision changes"), "{}", told(9));
}

/// R 4.2.2, MASS: t.test(Postwt ~ Treat, anorexia[anorexia$Treat != "FT", ]) and others: Welch's degrees of freedom,
/// rounded to 0, 1 and 2 decimals, belong to the p that R prints.
#[test]
fn degrees_of_freedom_are_intervals() {
    let table = "t,f,df,df1,df2,p\n1.667,,4,,,0.163\n1.667,,4.5,,,0.163\n1.667,,4.46,,,0.163\n1.667,,4,,,0.63\n\
                 ,2.78,,1,4.5,0.163\n,2.78,,1,4,0.163\n,2.78,,1,4.5,0.63\n";
    let expected = [None, YES, YES, NO, YES, None, NO];
    assert_eq!(verdicts("table-df", table, "p_value"), expected);
    let told = rows("table-df-told", table, &[])[0]["notes"].to_string();
    assert!(told.contains("Welch"), "{told}");
}

#[test]
fn a_row_whose_p_is_open_is_not_called_consistent() {
    let folder = Folder::new("table-open");
    folder.write("t.csv", "measure,estimate,ci_lower,ci_upper,p\nMD,2,-0.5,4.5,0.03\n");
    let output = folder.run(["check", "t.csv"]);
    let told = stdout(&output);
    assert!(output.status.success(), "{}", stderr(&output));
    for part in
        ["not decidable: p-value", "interval and p decide differently", "1 row: 0 inconsistent, 1 not decidable"]
    {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn scales_have_names_lists_and_no_steps() {
    let table = "mean,sd,n,scale,values,step,median\n3.45,0.97,20,,,,\n3.45,0.97,20,continuous,,,\n3.45,0.97,20,,,any,\n\
                 5.1,1.7,7,edss,,,\n2.0,5.0,20,nrs,,,\n2.25,0.5,4,,2 2.5 3,,\n,,20,,,,2.5\n,,21,,,,2.5\n,,21,edss,,,0.5\n,,20,edss,,,0.5\n\
                 12.5,1.0,20,percent,,,\n112.5,1.0,20,percent,,,\n";
    let found = rows("table-scales", table, &[]);
    let of = |key: &str| found.iter().map(|row| row[key].as_bool()).collect::<Vec<_>>();
    let grimmer = [NO, None, None, YES, YES, YES, None, None, None, None, None, None];
    assert_eq!(of("grimmer"), grimmer);
    assert_eq!(of("exists"), [None, None, None, YES, NO, YES, None, None, None, None, YES, NO]);
    assert_eq!(of("median")[6..10], [YES, NO, NO, YES]);
    let told = found[0]["notes"].to_string();
    assert!(told.contains("whole numbers are supposed") && told.contains("it would fit with the SD 0.94"), "{told}");
    for wrong in ["3,1,9,nrs,0 1,,\n", "3,1,9,,0 x,,\n", "3,1,9,nrs,,any,\n"] {
        let table = format!("mean,sd,n,scale,values,step,median\n{wrong}");
        let told = rows("table-scales-wrong", &table, &[])[0]["notes"].to_string();
        assert!(told.contains("not read"), "{wrong}: {told}");
    }
    // A questionnaire is the label of its row.
    let found = rows("table-scales-label", "Scale,M,SD,N\nBDI,3.45,0.94,20\nedsss,3.45,0.94,20\n", &[]);
    assert!(found[0]["grimmer"] == true && found[0]["notes"].to_string().contains("`BDI` is no scale"), "{found:?}");
    assert!(found[1]["notes"].to_string().contains("did you mean `edss`?"), "{found:?}");
}

#[test]
fn columns_that_nothing_reads_are_told() {
    let folder = Folder::new("table-names");
    let run = |table: &str, more: &[&str]| {
        folder.write("t.csv", table);
        folder.run(["check", "t.csv"].iter().chain(more))
    };
    let output = run("item,mean,S.D.,n,weight\nq1,3.45,0.97,20,1\n", &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    assert!(told.contains("`S.D.` is read as sd") && told.contains("no check reads `weight`"), "{told}");
    assert!(!told.contains("`item`"), "{told}");
    // Under two names it is neither.
    let twice = "mean,n,S.D.,s_d\n3.45,20,0.97,0.97\n";
    let output = run(twice, &[]);
    assert!(output.status.success() && stderr(&output).contains("--map 'sd=S.D.'"), "{}", stderr(&output));
    assert_eq!(run(twice, &["--strict"]).status.code(), Some(2));
    assert_eq!(run(twice, &["--strict", "--map", "sd=S.D.,items=s_d"]).status.code(), Some(2));
    let json = json_of(&run(twice, &["--json"]));
    assert!(json["notes"][0].as_str().is_some_and(|note| note.contains("`S.D.`")), "{json}");
    for (table, told) in
        [("t,df\n2,10\n", "no column `p`"), ("m1i,sd1i,n1i,m2i\n1,1,9,1\n", "no columns `sd2i`, `n2i`")]
    {
        assert!(stderr(&run(table, &[])).contains(told), "{}", stderr(&run(table, &[])));
    }
    let comma = stdout(&run("mean,sd,n\n\"3,45\",1,20\n", &[]));
    assert!(comma.contains("--decimal ','"), "{comma}");
}

/// A p that is open fails the build where everything is to be decided.
#[test]
fn strict_tables_leave_nothing_open() {
    let folder = Folder::new("table-strict");
    folder.write("t.csv", "t,df,p\n1.75,28,.045\n");
    assert_eq!(folder.run(["check", "t.csv"]).status.code(), Some(0));
    assert_eq!(folder.run(["check", "t.csv", "--strict"]).status.code(), Some(1));
    folder.write("u.csv", "t,df,p\n1.75,28,.045\n");
    assert_eq!(folder.run(["check", "t.csv", "u.csv", "--strict"]).status.code(), Some(1));
}

/// What is told fits the whole row: of 15 people no SD of 1.54 stands beside a mean of 2.07, nor of 0.11 beside 0.35 of
/// zeros and ones, √(0.35·0.65·20/19) = 0.489.
#[test]
fn what_would_fit_does_so_in_the_whole_row() {
    let table = "x,sd,n,scale,min,max\n2.04,1.54,15,edss,,\n0.36,0.11,20,,0,1\n2.07,1.54,15,edss,,\n";
    let found = rows("table-near-rows", table, &[]);
    let told = |at: usize| found[at]["notes"].to_string();
    assert!(found[2]["grimmer"] == false && !told(0).contains("2.07"), "{}", told(0));
    assert!(!told(1).contains("it would fit"), "{}", told(1));
    // The reason of what fails stands beside it, whatever is selected.
    for code in ["grimmer", "debit"] {
        let found = rows("table-near-selected", "x,sd,n,min,max\n0.36,0.11,20,0,1\n", &["--select", code]);
        assert!(found[0]["notes"].to_string().contains(&format!("{code}: no total of 20 people")), "{found:?}");
    }
}

/// Hotelling & Solomons: mean and median of 30 values are no more than 5.05·√(29/30) = 4.97 apart where the SD is 5.0.
#[test]
fn a_median_belongs_to_mean_and_sd() {
    let table =
        "x,sd,n,median,step\n50.0,5.0,30,70,any\n50.0,5.0,30,55,any\n50.0,5.0,30,45.0,any\n50.0,5.0,30,44.9,any\n";
    let found = rows("table-median", table, &[]);
    let of: Vec<_> = found.iter().map(|row| row["median"].as_bool()).collect();
    assert!(of[0] == NO && of[3] == NO && of[1] != NO && of[2] != NO, "{of:?}");
}

/// 1.65/√9 = 0.55 prints as 0.6 and 1.65 as 1.6 or 1.7.
#[test]
fn ends_that_touch_belong_together() {
    let table = "x,sd,n,se,step\n50.0,1.6,9,0.6,any\n50.0,3.1,9,1.1,any\n50.0,4.3,9,1.5,any\n50.0,1.5,9,0.6,any\n";
    let of: Vec<_> = rows("table-ends", table, &[]).iter().map(|row| row["spread"].as_bool()).collect();
    assert_eq!(of, [YES, YES, YES, NO]);
}

/// Of 22/83 and 16/47 the risk ratio has Katz' interval 0.46 to 1.33 (R 4.2.2); of 30 and 30 people d has a standard error
/// of 0.26, and of 20 and 20 of 0.316 at least. Wald's interval of 10/40 less 5/20 is ±1.96·0.1186.
#[test]
fn an_effect_beside_groups_has_their_precision() {
    let table = "ai,n1i,ci,n2i,measure,estimate,ci_lower,ci_upper\n22,83,16,47,risk-ratio,0.78,0.46,1.33\n\
                 22,83,16,47,risk-ratio,0.78,0.70,0.87\n22,83,16,47,risk-ratio,0.78,0.10,6.1\n\
                 22,83,16,47,risk-difference,-7.5,-8.4,-6.6\n10,40,5,20,risk-difference,0.00,-0.23,0.23\n\
                 10,40,5,20,risk-difference,0.0,-23.2,23.2\n";
    let of = |name: &str, table: &str, key: &str| -> Vec<_> {
        rows(name, table, &[]).iter().map(|row| row[key].as_bool()).collect()
    };
    assert_eq!(of("table-precision", table, "groups"), [YES, NO, None, NO, YES, YES]);
    let table = "m1i,sd1i,n1i,m2i,sd2i,n2i,measure,estimate,ci_lower,ci_upper\n50,10,30,45,10,30,SMD,0.50,-0.01,1.01\n\
                 50,10,30,45,10,30,SMD,0.50,0.47,0.53\n50,10,30,45,10,30,ROM,1.11,1.10,1.12\n";
    assert_eq!(of("table-precision-means", table, "groups"), [YES, NO, NO]);
    let table = "measure,estimate,ci_lower,ci_upper,n1,n2\nSMD,0.5,0.49,0.51,20,20\nSMD,0.5,-0.13,1.13,20,20\n";
    assert_eq!(of("table-precision-sizes", table, "interval"), [NO, YES]);
}

/// A fall has the end nearer to 0 first at times; any other interval that ends below its beginning is wrong, and what
/// stands beside it is judged.
#[test]
fn an_interval_the_wrong_way_round_is_no_reason_to_read_nothing() {
    let table = "m1i,sd1i,n1i,m2i,sd2i,n2i,measure,estimate,ci_lower,ci_upper,t,se\n\
                 19.2,20.01,72,40.7,15.61,137,MD,-21.5,-26.5,-46.5,-4.54,9.51\n\
                 19.2,20.01,72,40.7,15.61,137,MD,-21.5,-16.6,-26.4,-8.54,2.51\n";
    let found = rows("table-reversed", table, &[]);
    let of = |key: &str| found.iter().map(|row| row[key].as_bool()).collect::<Vec<_>>();
    assert_eq!((of("interval"), of("groups")), (vec![NO, YES], vec![NO, YES]), "{found:?}");
}

/// A selection that nothing is judged by is no green build.
#[test]
fn a_selection_without_effect_is_refused() {
    let folder = Folder::new("table-selected");
    folder.write("t.csv", "x,sd,n,min,max\n4,5,7,0,8\n");
    folder.write("t.txt", "t(34) = 0.80, p = 0\n");
    for (call, told) in [
        (["check", "t.csv", "--select", "sd-limits"], "sd-limits is none of tables"),
        (["check", "t.csv", "--select", "quote-source"], "--sources does not say"),
        (["check", "t.txt", "--select", "grimmer"], "grimmer is none of texts"),
    ] {
        let output = folder.run(call);
        assert!(output.status.code() == Some(2) && stderr(&output).contains(told), "{}", stderr(&output));
    }
    let open = folder.run(["check", "t.txt", "--strict"]);
    assert_eq!(open.status.code(), Some(1), "{}", stderr(&open));
}

#[test]
fn percentages_and_means_name_what_would_fit() {
    let told = rows("table-near", "x,n,percent\n5.19,28,\n33.3,28,true\n13 (39.4%),35,\n", &[]);
    let of = |at: usize| told[at]["notes"].to_string();
    assert!(of(0).contains("it would fit with n = 27 or 26, or the mean 5.18, 5.14"), "{}", of(0));
    assert!(of(1).contains("n = 27 or 24"), "{}", of(1));
    assert!(of(2).contains("13/35 is 37.14 %") && of(2).contains("it would fit with n = 33"), "{}", of(2));
}

/// `b.csv` of an analyst: t and p are none of the values'.
#[test]
fn rows_of_two_groups_have_their_tests() {
    let table = "variable,m1i,sd1i,n1i,m2i,sd2i,n2i,t,df,p,ai,ci,chi2,ci_lower,ci_upper\n\
                 age,50.0,5.0,30,40.0,5.0,30,2.0,58,0.05,,,,,\n\
                 age,50.00,5.00,30,47.00,6.00,25,2.02,53,0.048,,,,0.02,5.98\n\
                 age,50.00,5.00,30,47.00,6.00,25,-1.99,46.9,0.052,,,,-6.03,0.03\n\
                 sex,,,35,,,35,,,0.055,12 (34.3%),20,3.68,,\n\
                 sex,,,35,,,35,,,0.002,12,20,,,\n";
    assert_eq!(verdicts("table-groups", table, "groups"), [NO, YES, YES, YES, NO]);
    // The SDs may stand beside the means.
    let beside = "m1i,n1i,m2i,n2i,p\n50.00 ± 5.00,30,47.00 (6.00),25,0.048\n50.00 ± 5.00,30,47.00 (6.00),25,0.00048\n";
    assert_eq!(verdicts("table-groups-beside", beside, "groups"), [YES, NO]);
    let folder = Folder::new("table-baseline");
    folder.write("t.csv", table);
    let found = json_of(&folder.run(["check", "t.csv", "--baseline", "--json"]));
    let of = &found["baseline"];
    assert_eq!((of["k"].as_u64(), of["left_out"].as_u64()), (Some(3), Some(2)));
    let text = stdout(&folder.run(["check", "t.csv", "--baseline"]));
    assert!(text.contains("baseline: 3 variables by Stouffer's method"), "{text}");
    let release = folder.run(["check", concat!(env!("CARGO_MANIFEST_DIR"), "/data"), "--baseline"]);
    assert!(stderr(&release).contains("--baseline has no effect"), "{}", stderr(&release));
}

/// Honest numbers of other analyses, with raw data drawn in R 4.2.2: an analysis of variance of logarithms, of repeated
/// measures, adjusted for a baseline, a contrast, of two factors, a t-test of groups 1 and 3, and TukeyHSD of groups 1 and 2.
#[test]
fn several_groups_are_judged_by_the_test_that_is_named() {
    let head = "m1i,sd1i,n1i,m2i,sd2i,n2i,m3i,sd3i,n3i,p,test\n";
    let honest = "3.84,4.13,20,3.53,2.08,20,6.07,4.21,20,0.016,ANOVA on log-transformed values\n\
                  10.82,2.96,20,11.65,3.11,20,12.28,3.12,20,0.000,RM-ANOVA\n\
                  10.47,2.41,20,11.81,3.50,20,12.39,4.18,20,0.131,ANOVA adjusted for baseline\n\
                  10.74,1.79,20,10.92,2.19,20,12.24,2.13,20,0.0236,linear contrast (ANOVA)\n\
                  12.74,3.54,20,14.17,2.90,20,15.06,2.80,20,0.0021,2-way ANOVA\n\
                  10.95,2.26,20,9.58,2.15,20,11.25,2.33,20,0.684,Welch's t-test\n\
                  10.0,2.0,20,10.3,2.0,20,13.0,2.0,20,0.884,\n10.0,2.0,20,10.3,2.0,20,13.0,2.0,20,1.000,\n";
    assert_eq!(verdicts("several-named", &format!("{head}{honest}"), "groups"), [None; 8]);
    // The same p under the name of a test that is made of the values.
    let wrong = ["ANOVA", "one-way", "F-test", "omnibus ANOVA", "分散分析"]
        .map(|name| format!("10.82,2.96,20,11.65,3.11,20,12.28,3.12,20,0.001,{name}\n"));
    assert_eq!(verdicts("several-wrong", &format!("{head}{}", wrong.concat()), "groups"), [NO; 5]);
}

/// R 4.2.2: fisher.test and chisq.test of 12, 11, 16 of 39 have p = 0.548 and χ² = 1.615; fisher.test of 12, 11, 16, 13 and
/// 15 of 39 has p = 0.7694, of 5 and 7 of 20 0.7311; Wald's χ² test of glm(binomial) of 1, 6 and 14 of 40 0.00539;
/// chisq.test(simulate.p.value = TRUE) has no p below 1/2001.
#[test]
fn several_counts_are_judged_by_the_test_that_is_named() {
    let head = "x1i,n1i,x2i,n2i,x3i,n3i,x4i,n4i,x5i,n5i,chi2,df,p,test\n";
    let honest = "12,39,11,39,16,39,,,,,1.615,2,0.548,Fisher's exact test\n12,39,11,39,16,39,,,,,1.615,2,0.548,\n\
                  12,39,11,39,16,39,13,39,15,39,,,0.769,Fisher's exact test\n5,20,7,20,18,20,,,,,,,0.731,\n\
                  5,20,7,20,18,20,,,,,,,0.731,Fisher's exact test\n5,20,7,20,18,20,,,,,,,1.00,\n\
                  1,40,6,40,14,40,,,,,,,0.005,Wald chi-square\n1,40,6,40,14,40,,,,,,,0.0054,\n\
                  10,30,14,30,5,30,,,,,,,0.011,Cochran-Mantel-Haenszel chi-square\n4,40,9,40,13,40,,,,,,,0.013,\"logistic regression, likelihood ratio\"\n\
                  12,40,17,40,23,40,,,,,,,0.0560,\"chi-square, simulated p\"\n38,115,71,109,87,110,,,,,,,0.0005,\n\
                  0,20,0,20,0,20,,,,,,,1.00,\n";
    let found = verdicts("several-counts", &format!("{head}{honest}"), "groups");
    let open = [None; 2];
    assert_eq!(found[..3], [YES; 3]);
    assert_eq!(found[3..5], open);
    assert!(found[5..12].iter().all(|of| *of != NO) && found[12] == YES, "{found:?}");
    assert!(verdicts("several-counts-p", &format!("{head}{honest}"), "p_value").iter().all(|of| *of != NO));
    let wrong = "12,39,11,39,16,39,,,,,1.615,2,0.0548,Fisher's exact test\n12,39,11,39,16,39,,,,,1.615,2,0.0446,chi-square\n\
                 5,20,7,20,18,20,,,,,,,0.55,chi-square\n0,20,0,20,0,20,,,,,,,0.01,\n0,20,0,20,0,20,,,,,8.31,2,,\n\
                 4,40,9,40,13,40,,,,,9.4,1,,chi-square for trend\n";
    assert_eq!(verdicts("several-counts-wrong", &format!("{head}{wrong}"), "groups"), [NO; 6]);
}

/// What a row lacks is told, and never makes it fail.
#[test]
fn a_group_that_lacks_a_value_is_told() {
    let head = "m1i,sd1i,n1i,m2i,sd2i,n2i,m3i,sd3i,n3i,p\n";
    let table = format!(
        "{head}5.0,1.0,20,5.2,1.1,20,,1.2,20,<0.001\n5.0,1.0,20,5.2,1.1,20,,,20,<0.001\n5.0,1.0,20,5.5,1.1,20,,,20,0.141\n"
    );
    let found = rows("group-lacks", &table, &[]);
    let told = |at: usize| found[at]["notes"][0].to_string();
    assert!(found[0]["groups"].is_null() && told(0).contains("group 3 has no mean"), "{}", told(0));
    assert!(found[1]["groups"].is_null() && told(1).contains("group 3 has a size and no values"), "{}", told(1));
    assert!(found[2]["groups"] == true && told(2).contains("is left out"), "{}", told(2));
    let folder = Folder::new("group-lacks-baseline");
    folder.write("t.csv", &table);
    let of = &json_of(&folder.run(["check", "t.csv", "--baseline", "--json"]))["baseline"];
    assert_eq!((of["k"].as_u64(), of["left_out"].as_u64()), (Some(0), Some(3)));
    let counts = "x1i,n1i,x2i,n2i,x3i,n3i,p\n5,20,,20,7,20,<0.001\n5,20,,,7,20,<0.001\n";
    assert_eq!(verdicts("group-lacks-count", counts, "groups"), [None, NO]);
}

/// Names of columns of several groups, and what is wrong with them.
#[test]
fn columns_of_several_groups_are_found() {
    for (at, head, row) in [
        ("mixed", "ai,n1i,ci,n2i,x3i,n3i,p", "5,20,6,20,19,20,<0.001"),
        ("spelled", "mean_1,sd_1,n_1,mean_2,sd_2,n_2,mean_3,sd_3,n_3,p", "5.0,1.0,20,5.5,1.1,20,6.1,1.2,20,0.006"),
        ("spaced", "Mean 1,SD 1,N 1,Mean 2,SD 2,N 2,Mean 3,SD 3,N 3,P", "5.0,1.0,20,5.5,1.1,20,6.1,1.2,20,0.006"),
        ("shares", "x1i,n1i,x2i,n2i,x3i,n3i", "7 (35%),20,6 (30%),20,7 (35%),20"),
        ("later", "m3i,sd3i,n3i,m4i,sd4i,n4i,p", "5.0,1.0,20,5.5,1.1,20,0.141"),
    ] {
        assert_eq!(verdicts(&format!("columns-{at}"), &format!("{head}\n{row}\n"), "groups"), [YES], "{at}");
    }
    let ten: String = (1..=10).map(|at| format!("m{at}i,sd{at}i,n{at}i,")).collect();
    for (at, head, told) in [
        ("ten", format!("{ten}p"), "column `m10i`, and groups are read up to 9"),
        ("size", "m1i,sd1i,n1i,m2i,sd2i,n2i,m3i,sd3i,p".to_owned(), "no column `n3i`"),
        ("total", "m1i,sd1i,m2i,sd2i,n,p".to_owned(), "`n` is no size of a group"),
    ] {
        let folder = Folder::new(&format!("columns-{at}"));
        folder.write("t.csv", format!("{head}\n{}\n", "1,".repeat(head.matches(',').count()) + "1"));
        let output = folder.run(["check", "t.csv"]);
        assert!(output.status.code() == Some(2) && stderr(&output).contains(told), "{at}: {}", stderr(&output));
    }
    // An SD that stands twice, a bound of F, and a mark without a p.
    let head = "m1i,sd1i,n1i,m2i,sd2i,n2i,f,p\n";
    let found = rows(
        "columns-fields",
        &format!(
            "{head}5.0 ± 2.0,1.0,20,5.5,1.1,20,,0.141\n5.0,1.0,20,5.1,1.1,20,< 1,0.77\n5.0,1.0,20,5.5,1.1,20,,**\n"
        ),
        &[],
    );
    let told: Vec<String> = found.iter().map(|row| row["notes"].to_string()).collect();
    assert!(told[0].contains("2.0, the SD beside the mean, was expected"), "{}", told[0]);
    assert!(found[1]["groups"] == true && told[1].contains("f: `< 1` is a bound, and left aside"), "{}", told[1]);
    assert!(told[2].contains("`**` is not a number"), "{}", told[2]);
}

/// R 4.2.2: t.test(paired = TRUE) of data with these means and SDs has p = 0.0132; of 5.0 ± 1.0 and 5.5 ± 1.1 with 20 each
/// t² is 2.26.
#[test]
fn two_groups_are_judged_by_the_test_that_is_named() {
    let head = "m1i,sd1i,n1i,m2i,sd2i,n2i,f,df1,df2,p,test\n";
    let open = "10.39,2.15,20,10.94,2.23,20,,,,0.013,paired t-test\n10.39,2.15,20,10.94,2.23,20,,,,0.013,t-test on log-transformed values\n\
                10.39,2.15,20,10.94,2.23,20,,,,0.013,\"t-test, adjusted\"\n5.0,1.0,20,5.5,1.1,20,9.87,1,38,0.003,\n";
    assert_eq!(verdicts("two-open", &format!("{head}{open}"), "groups"), [None; 4]);
    let judged = "10.39,2.15,20,10.94,2.23,20,,,,0.013,t-test\n10.39,2.15,20,10.94,2.23,20,,,,0.013,対応のないt検定\n\
                  5.0,1.0,20,5.5,1.1,20,9.87,1,38,0.003,ANOVA\n5.0,1.0,20,5.5,1.1,20,2.26,1,38,0.141,\n5.0,1.0,20,5.5,1.1,20,2.26,1,38,0.141,ANOVA\n";
    assert_eq!(verdicts("two-judged", &format!("{head}{judged}"), "groups"), [NO, NO, NO, YES, YES]);
    // χ² and Fisher's p: R 4.2.2, 3 and 9 of 20: 4.286 and 0.0824.
    let counts = "ai,n1i,ci,n2i,chi2,df,p,test\n3,20,9,20,4.286,1,0.082,Fisher's exact test\n3,20,9,20,4.286,1,0.082,\n\
                  3,20,9,20,4.286,1,0.38,\n12,40,15,40,,,0.011,Rao-Scott chi-square\n12,40,15,40,,,0.011,chi-square\n";
    assert_eq!(verdicts("two-counts", counts, "groups"), [YES, YES, NO, None, NO]);
    assert_eq!(verdicts("two-counts-p", counts, "p_value"), [None, None, NO, None, None]);
}

/// Whoever has ratios with intervals is told the call that makes effects and variances of them, and it works.
#[test]
fn ratios_with_intervals_lead_to_a_meta_analysis() {
    let folder = Folder::new("ratios");
    folder.write("hr.csv", "study,hr,lo,hi\nA,0.5,0.3,0.8\nB,0.7,0.5,1.0\nC,0.9,0.6,1.3\n");
    let told = stderr(&folder.run(["meta", "hr.csv"]));
    let call = told.split('`').find(|part| part.starts_with("reffect convert")).unwrap().to_owned();
    assert_eq!(call, "reffect convert hr.csv --map out=hr,ci.lb=lo,ci.ub=hi --to yi-vi --transf log");
    let call = format!("{call} --format csv -o new.csv");
    assert!(folder.run(call.split(' ').skip(1)).status.success());
    assert!(folder.run(["meta", "new.csv"]).status.success());
    let told = stderr(&folder.run(["convert", "hr.csv", "--to", "yi-vi"]));
    assert!(told.contains("`out`, `ci.lb`, `ci.ub`") && told.contains("--map out=hr,ci.lb=lo,ci.ub=hi"), "{told}");
    // Of two effects nobody knows which is meant.
    folder.write("two.csv", "study,hr,or,lo,hi\nA,0.5,0.4,0.3,0.8\n");
    assert!(!stderr(&folder.run(["meta", "two.csv"])).contains("reffect convert"));
}

/// A page of the web is no release, and is not read as one.
#[test]
fn a_page_is_told_to_be_saved_as_text() {
    let folder = Folder::new("page");
    folder.write("page.html", "<p>difference, -0.45; 95% CI, -0.67 to -0.23</p>\n");
    let output = folder.run(["check", "page.html"]);
    assert!(
        output.status.code() == Some(2) && stderr(&output).contains("save its text as .txt"),
        "{}",
        stderr(&output)
    );
}
