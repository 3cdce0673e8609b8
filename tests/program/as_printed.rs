//! Numbers are taken as they are printed: nothing beside them is dropped, and nothing is written that cannot be read.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use crate::common::release::{outcome, release};

const VALUES: &str = "before = \"5.1 ± 1.7\"\nm6 = \"4.1 ± 1.6\"\nspread = \"sd\"";

fn trial() -> String {
    release(&[("drug", "20")], &outcome("pain", &[("drug", VALUES)])).replace("a phrase", "5.1 ± 1.7 to 4.1 ± 1.6")
}

/// The SD of the mean's own text contradicts that of the column.
#[test]
fn an_sd_beside_another_one_is_told() {
    let folder = Folder::new("two-sds");
    folder.write("t.csv", "x,n,sd\n2.9 ± 1.1,7,9.0\n2.9 ± 1.1,7,1.1\n");
    let told = stdout(&folder.run(["check", "t.csv", "--verbose"]));
    assert!(told.contains("`9.0`, and 1.1, the SD beside the mean, was expected"), "{told}");
    assert!(told.contains("2 rows: 0 inconsistent, 1 could not be read"), "{told}");
}

#[test]
fn degrees_of_freedom_are_above_0_and_asked_for() {
    let folder = Folder::new("degrees");
    folder.write("t.csv", "t,df,p\n2.1,0,0.05\n2.1,-3,0.05\n");
    let told = stdout(&folder.run(["check", "t.csv"]));
    assert!(told.contains("column `df`: 0, and a number above 0 was expected"), "{told}");
    assert!(told.contains("column `df`: -3, and a number above 0 was expected"), "{told}");
    for (header, missing) in [("t,p\n2.1,0.05\n", "`df`"), ("f,df1,p\n2.1,1,0.05\n", "`df2`")] {
        folder.write("without.csv", header);
        let output = folder.run(["check", "without.csv"]);
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
        assert!(stderr(&output).contains(missing), "{}", stderr(&output));
    }
}

/// What is accepted can be read again, and holds: at r = 0.5 the SD of changes is √(1.7² + 1.6² − 1.7 · 1.6) = 1.652,
/// and t = −√20 / 1.652 = −2.707 with 19 degrees of freedom.
#[test]
fn what_is_accepted_is_no_p_unless_it_is_one() {
    let folder = Folder::new("accepted");
    std::fs::create_dir(folder.path("data")).unwrap();
    folder.write("data/a.toml", trial());
    let expectation = |lines: &str| {
        format!(
            "[[expect]]\nresult = \"effect\"\noutcome = \"pain\"\nmeasure = \"MC\"\nr = 0.5\nis = \"-1.0\"\n{lines}\nsource = \"x\"\n"
        )
    };
    folder.write("data/a.expect.toml", expectation("statistic = \"> 0.3\"\ndf = \"< 0.9\""));
    assert_eq!(folder.run(["check", "data", "--accept"]).status.code(), Some(1), "what failed is told");
    let written = std::fs::read_to_string(folder.path("data/a.expect.toml")).unwrap();
    assert!(written.contains("statistic = \"−2.707\"") && written.contains("df = \"19.00\""), "{written}");
    let again = folder.run(["check", "data"]);
    assert_eq!(again.status.code(), Some(0), "{}{}", stdout(&again), stderr(&again));
    folder.write("data/a.expect.toml", expectation("df = \"< 19\""));
    let told = stderr(&folder.run(["check", "data"]));
    assert!(told.contains("`df`: ") && told.contains("only a p is compared"), "{told}");
}

/// A folder of releases is no single trial: the cells of one would be drawn for those of another.
#[test]
fn one_release_is_drawn_from_at_a_time() {
    let folder = Folder::new("one-release");
    std::fs::create_dir(folder.path("two")).unwrap();
    for name in ["two/a.toml", "two/b.toml", "one.toml"] {
        folder.write(name, trial());
    }
    const FIT: [&str; 2] = ["fit", "pain ~ after + (1 | patient)"];
    for (args, is_fit) in [
        ([&FIT[..], &["--reconstructed", "two"]].concat(), true),
        (vec!["simulate", "two", "--outcome", "pain", "--r", "0.5"], false),
    ] {
        let output = folder.run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let told = stderr(&output);
        assert!(told.contains("one release is taken at a time, and the folder holds a, b"), "{told}");
        if !is_fit {
            let one: Vec<&str> = args.iter().map(|arg| if *arg == "two" { "one.toml" } else { *arg }).collect();
            assert_eq!(folder.run(&one).status.code(), Some(0), "{one:?}");
        }
    }
}

/// Of two visits every correlation is possible; the sample has it to the last digit, the second value falling by
/// 2 / 3 where the first rises by 1: (y₂ − 4) / 2 = −(y₁ − 10) / 3.
#[test]
fn two_visits_may_correlate_by_minus_1() {
    let folder = Folder::new("opposite");
    for more in [&[][..], &["--correlation", "ar1"]] {
        let call = ["simulate", "--arm", "a: n=9; 10 ± 3; 4 ± 2", "--r", "-1", "--exact"];
        let output = folder.run([&call[..], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = stdout(&output);
        let values: Vec<f64> =
            text.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse().unwrap()).collect();
        assert_eq!(values.len(), 18);
        for pair in values.chunks(2) {
            assert!(((pair[1] - 4.0) / 2.0 + (pair[0] - 10.0) / 3.0).abs() < 1e-9, "{pair:?}");
        }
    }
}

#[test]
fn options_of_a_conversion_need_their_columns() {
    let folder = Folder::new("conversion-options");
    folder.write("t.csv", "ni,n1i,n2i,ori\n40,20,15,2.5\n");
    let output = folder.run(["convert", "t.csv", "--to", "2x2", "--no-yates"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--no-yates has no effect on a table without the column x2i"));
    assert_eq!(folder.run(["convert", "t.csv", "--to", "2x2"]).status.code(), Some(0));
}

/// R 4.2.2: the p of the paired t-test and r rise and fall together. A p of 0.03 is below 0.05 whatever the rounding
/// hides, and one of 0.06 is not, though the ranges of the r that was recovered and of the one that is needed overlap.
#[test]
fn whether_r_is_enough_is_told_by_the_p_that_goes_with_it() {
    let folder = Folder::new("as-printed-r");
    for (known, words) in [
        (["--p", "0.03"], "is enough for that"),
        (["--p", "0.049"], "is enough for that"),
        (["--t", "-2.83"], "is enough for that"),
        (["--se", "0.35"], "is enough for that"),
        (["--ci", "-1.9,-0.1"], "is enough for that"),
        (["--p", "0.06"], "is too small for that"),
        (["--p", "0.05"], "leaves that open"),
    ] {
        let call = ["effect", "--before", "5.1 ± 1.7", "--after", "4.1 ± 1.6", "-n", "7", known[0], known[1]];
        let told = stdout(&folder.run(call));
        assert!(told.contains(words), "{known:?}: {told}");
    }
}

#[test]
fn what_cannot_be_read_says_what_can() {
    let folder = Folder::new("as-printed-refused");
    let told = |args: &[&str]| stderr(&folder.run(args));
    let level = told(&["effect", "--before", "2.9 (90% CI 1.9 to 3.9)", "--after", "1.0 ± 0.5", "-n", "7"]);
    assert!(level.contains("only an interval of 95 % is read"), "{level}");
    let p = told(&["effect", "--before", "5.1 ± 1.7", "--after", "4.1 ± 1.6", "-n", "7", "--p", "1"]);
    assert!(p.contains("p = 1 as printed"), "{p}");
    let cell = ["reconstruct", "0.4 ± 0.8", "-n", "7", "--min", "0", "--max", "8"];
    let rank = told(&[&cell[..], &["--nth", "2"]].concat());
    assert!(rank.contains("there is 1") && !rank.contains("there are 1"), "{rank}");
    let without = stdout(&folder.run([&cell[..], &["--where", "0 = 6"]].concat()));
    assert!(without.contains("Without --where there is 1"), "{without}");
}

/// An SD that prints as 0 says that it is small, and gives no interval of no width in any form of the same numbers.
#[test]
fn sds_of_0_give_no_interval() {
    let folder = Folder::new("sd-0");
    for call in [
        &["--before", "0.4 ± 0", "--after", "2.1 ± 0", "-n", "8"][..],
        &["--before", "0.4 ± 0", "--after", "2.1 ± 0", "-n", "8", "--r", "0.5"],
        &["--change", "1.7 ± 0", "-n", "8"],
        &["--group1", "0.4 ± 0", "--n1", "7", "--group2", "2.1 ± 0", "--n2", "8"],
    ] {
        let found = json_of(&folder.run([&["effect", "--json"], call].concat()));
        let estimates = found["contrasts"][0]["estimates"].as_array().unwrap();
        let with_value = estimates.iter().filter(|of| !of["estimate"].is_null()).count();
        assert!(
            with_value > 0 && estimates.iter().all(|of| of["ci"].is_null() && of["se"].is_null()),
            "{call:?}: {found}"
        );
        assert!(found["contrasts"][0]["ratio"]["ci"].is_null(), "{call:?}");
    }
}

/// A file that cannot be read is told to a build whatever checks it asks for.
#[test]
fn a_release_that_cannot_be_read_is_never_passed_over() {
    let folder = Folder::new("select-broken");
    folder.write("broken.toml", "label = \"x\"\n");
    let checks = |more: &[&str]| {
        let output = folder.run([&["check", "broken.toml", "--json"], more].concat());
        assert_eq!(output.status.code(), Some(2));
        json_of(&output)["checks"].as_array().unwrap().len()
    };
    assert!(checks(&["--select", "grim"]) > 0 && checks(&["--select", "grim"]) == checks(&[]));
    assert_eq!(checks(&["--ignore", "file"]), 0);
}
