//! Several effects of one study against the same group, as the command takes them; their numbers stand in `walk`.

use crate::common::cli::{Folder, json_of, stderr, stdout, within};

/// Gleser & Olkin (2009), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., table 19.3.
const MEANS: &str = include_str!("../ref/meta/shared_means.csv");

/// Page 367: pooled effects, their covariances and Q, printed as 2.374, 1.570, 0.02257, 0.01244, 0.03554 and 3.945.
#[test]
fn gleser_and_olkin_by_one_sd_of_each_study() {
    let folder = Folder::new("shared-means");
    folder.write("t.csv", MEANS);
    let call =
        ["meta", "t.csv", "--measure", "SMD", "--no-correct", "--v-shared", "study", "--mods", "0 + factor(trt)"];
    let found = json_of(&folder.run([&call[..], &["--json"]].concat()));
    for (place, expected, half) in [
        ("/coefficients/0/estimate", 2.374, 5e-4),
        ("/coefficients/1/estimate", 1.570, 5e-4),
        ("/vcov/0/0", 0.02257, 5e-6),
        ("/vcov/0/1", 0.01244, 5e-6),
        ("/vcov/1/1", 0.03554, 5e-6),
        ("/QE", 3.945, 5e-4),
    ] {
        within(found.pointer(place).unwrap(), expected, half);
    }
    let text = stdout(&folder.run(call));
    assert!(text.contains("all groups of 1; 4 have the same SD, which is taken as one SD of all of them"), "{text}");
}

const ROWS: &str = "\
study,a,b,ai,n1i,ci,n2i,x
one,A,C,10,50,20,60,1
one,B,C,15,55,20,60,2
two,A,C,12,40,18,41,
two,B,C,9,44,18,41,3
three,A,B,5,30,9,31,4
";

/// The covariance is the variance of the log odds of the group, 1/20 + 1/40; a row without a moderator is left out,
/// also in the call of R, where the rows behind it move up.
#[test]
fn rows_that_are_left_out_share_nothing() {
    let folder = Folder::new("shared-rows");
    folder.write("t.csv", ROWS);
    let call = ["meta", "t.csv", "--measure", "OR", "--random", "1 | study", "--json", "--v-shared", "study"];
    let found = json_of(&folder.run(call));
    let pairs = found["sampling_covariances"].as_array().unwrap();
    assert_eq!((pairs.len(), &pairs[0]["studies"]), (2, &serde_json::json!(["one.1", "one.2"])));
    within(&pairs[0]["covariance"], 1.0 / 20.0 + 1.0 / 40.0, 1e-15);
    assert!(found["r_call"].as_str().unwrap().contains("at <- cbind(c(1, 3), c(2, 4))"), "{}", found["r_call"]);
    let found = json_of(&folder.run([&call[..], &["--mods", "x"]].concat()));
    assert_eq!(found["sampling_covariances"].as_array().unwrap().len(), 1);
    let r_call = found["r_call"].as_str().unwrap();
    assert!(r_call.contains("at <- cbind(c(1), c(2))") && r_call.contains("complete.cases(x)"), "{r_call}");
}

#[test]
fn what_shares_nothing_or_too_much_is_refused() {
    let folder = Folder::new("shared-refused");
    folder.write("t.csv", ROWS);
    folder.write(
        "loop.csv",
        "study,a,b,ai,n1i,ci,n2i\n1,A,B,9,30,8,31\n1,A,C,9,30,7,32\n1,B,C,8,31,7,32\n2,A,B,3,20,5,21\n",
    );
    folder.write("first.csv", "study,ai,n1i,ci,n2i\n1,9,30,8,31\n1,9,30,7,32\n2,8,31,7,32\n");
    for (table, more, expected) in [
        (
            "t.csv",
            vec!["OR", "--v-shared", "a"],
            "no two rows of a level of a have the same numbers in their second group",
        ),
        ("t.csv", vec!["OR", "--v-shared", "x"], "no level of x has two rows with an effect"),
        ("t.csv", vec!["OR", "--v-shared", "stdy"], "did you mean `study`?"),
        ("t.csv", vec!["PETO", "--v-shared", "study"], "--v-shared has no formula for PETO"),
        (
            "t.csv",
            vec!["OR", "--v-shared", "study", "--v-groups", "a"],
            "--v-groups takes two columns, and 1 were named",
        ),
        (
            "t.csv",
            vec!["OR", "--v-shared", "a", "--v-groups", "a,b"],
            "the group A of A has the numbers 10, 50 in line 2",
        ),
        ("t.csv", vec!["OR", "--v-shared", "study", "--v-groups", "b,b"], "both groups of one the same name"),
        ("t.csv", vec!["OR", "--v-shared", "study", "--v-groups", "a,x"], "`x` has missing values"),
        ("t.csv", vec!["OR", "--v-shared", "study", "--gosh"], "--gosh does not go with --v-shared"),
        ("t.csv", vec!["OR", "--v-shared", "study", "--method", "DL"], "--method DL does not go with --v-shared"),
        (
            "t.csv",
            vec!["OR", "--v-shared", "study", "--v-cluster", "study", "--v-rho", "0.5"],
            "--v-cluster COLUMN --v-block",
        ),
        ("t.csv", vec!["OR", "--v-rho", "0.5"], "--v-rho has no effect: it is for the blocks of --v-cluster"),
        (
            "loop.csv",
            vec!["OR", "--v-shared", "study", "--v-groups", "a,b"],
            "the effects of 1 (lines 2, 3, 4) follow from each other",
        ),
        ("first.csv", vec!["OR", "--v-shared", "study"], "the first groups repeat: --v-groups"),
    ] {
        let output = folder.run([&["meta", table, "--measure"], &more[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{table} {more:?}: {}", stdout(&output));
        let message = stderr(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(message.contains(expected), "{expected}: {message}");
    }
}

/// The note on a control group in several rows names the flag, also beside --random, and not where its covariances are
/// known.
#[test]
fn the_note_on_shared_controls_names_the_flag() {
    let folder = Folder::new("shared-note");
    folder.write("t.csv", ROWS);
    let told = |more: &[&str]| stdout(&folder.run([&["meta", "t.csv", "--measure", "RR"], more].concat()));
    let flag = "--v-shared COLUMN, the column of studies";
    for (more, is_told) in [
        (&[][..], true),
        (&["--random", "1 | study"], true),
        (&["--v-shared", "study"], false),
        (&["--cluster", "study", "--vcov", "CR0"], false),
    ] {
        let text = told(more).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(text.contains(flag), is_told, "{more:?}: {text}");
    }
}
