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

/// R 4.2.2: 2 * pt(-1.75, 28) = 0.0911, 2 * pt(-5, 20) = 0.0000687, 2 * pt(-0.28, 20) = 0.782, 2 * pt(-3.5, 20) = 0.00225,
/// 2 * pt(-40, 50) = 1.2e-39.
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

/// R 4.2.2, MASS: t.test(Postwt ~ Treat, anorexia[anorexia$Treat != "FT", ]) and others: Welch's degrees of freedom, rounded to
/// 0, 1 and 2 decimals, belong to the p that R prints.
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
