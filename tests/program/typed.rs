//! Numbers as they are typed: signs of per cent, "about", minus signs of print, names of columns; through the program.

use crate::common::cli::{Folder, json_of, stderr, stdout};

fn refused(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stdout(&output));
    stderr(&output)
}

#[test]
fn signs_and_words_that_would_be_dropped_are_refused() {
    let folder = Folder::new("typed-signs");
    let arm = ["simulate", "--arm", "a: n=3; 1 ± 1; 2 ± 1"];
    for more in [
        &["--r", "1%"][..],
        &["--r", "about 0.5"],
        &["--r", "0.5", "--step", "10%"],
        &["--r", "0.5", "--visits", "0%,50%"],
    ] {
        refused(&folder, &[&arm[..], more].concat());
    }
    assert!(
        refused(&folder, &[&arm[..], &["--r", "50%"]].concat()).contains("without a sign of per cent was expected")
    );
    let effect = ["effect", "--before", "5.1 ± 1.7", "--after", "4.1 ± 1.6"];
    refused(&folder, &[&effect[..], &["-n", "20", "--t", "5%"]].concat());
    refused(&folder, &[&effect[..], &["-n", "7%"]].concat());
    // A percentage of percentages is one.
    let output =
        folder.run(["effect", "--before", "5.1% ± 1.7%", "--after", "4.1% ± 1.6%", "-n", "20", "--ci=-1.5%,-0.5%"]);
    assert!(output.status.success(), "{}", stderr(&output));
}

/// 0.33 was expected, and 0.2468 came: 0.1 % is no distance of 0.1.
#[test]
fn a_tolerance_in_per_cent_is_no_distance_of_a_number() {
    let folder = Folder::new("typed-within");
    let file = |within: &str| {
        format!(
            "[[expect]]\nrun = \"effect --rate1 5/20 --rate2 8/20\"\nat = \"rate_ratio.estimate\"\nis = \"0.7\"\nwithin = \"{within}\"\nsource = \"by hand\"\n"
        )
    };
    for within in ["0.1%", "about 0.1"] {
        folder.write("a.expect.toml", file(within));
        assert!(refused(&folder, &["check", "a.expect.toml"]).contains("says no distance"));
    }
    folder.write("a.expect.toml", file("0.1"));
    assert_eq!(folder.run(["check", "a.expect.toml"]).status.code(), Some(0));
    // What the command itself refuses has no result.
    folder.write("b.expect.toml", file("0.1").replace("8/20\"", "8/20 --format csv\""));
    assert_ne!(folder.run(["check", "b.expect.toml"]).status.code(), Some(0));
}

/// `rma(yi, vi, mods = ~ x)` of metafor 3.8-1 gives a slope of −0.0285 for x = −1, −2, 3, −4, 5.
#[test]
fn minus_signs_of_print_make_no_factor() {
    let folder = Folder::new("typed-minus");
    for (name, minus) in [("ascii.csv", "-"), ("print.csv", "−"), ("wide.csv", "－")] {
        let rows =
            format!("yi,vi,x\n0.1,0.04,{minus}1\n0.3,0.05,{minus}2\n0.2,0.03,3\n0.5,0.04,{minus}4\n0.1,0.05,5\n");
        folder.write(name, rows);
    }
    let slope = |name: &str| {
        let document = json_of(&folder.run(["meta", name, "--mods", "x", "--json"]));
        assert_eq!(document["coefficients"].as_array().unwrap().len(), 2, "{name}");
        document["coefficients"][1]["estimate"].as_f64().unwrap()
    };
    assert_eq!([slope("print.csv"), slope("wide.csv")], [slope("ascii.csv"); 2]);
}

#[test]
fn columns_of_simulations_have_names_of_their_own() {
    let folder = Folder::new("typed-columns");
    let arm = ["simulate", "--arm", "a: n=3; 1 ± 1; 2 ± 1", "--r", "0.5"];
    for name in ["visit", "patient", ""] {
        assert!(refused(&folder, &[&arm[..], &["--name", name]].concat()).contains("cannot be called"));
    }
    folder.write("t.csv", "trial,g,x,y\n1,a,0,1\n1,a,1,2\n1,b,0,1\n1,b,1,4\n1,c,0,2\n1,c,1,2\n");
    let said = refused(&folder, &["fit", "y ~ x + (1|g)", "t.csv", "--simulate", "2"]);
    assert!(said.contains("has a column `trial`"), "{said}");
}

/// Arm d was never measured at visit 1.
#[test]
fn a_mean_that_the_data_do_not_determine_says_so() {
    let folder = Folder::new("typed-empty");
    let rows: String = (0..24_u32)
        .filter_map(|at| {
            let (id, visit) = (at / 2, at % 2);
            let arm = ["c", "d", "p"][id as usize % 3];
            let y = 1.0 + 0.3 * f64::from(visit) + f64::from((at * 37) % 11) / 5.0;
            (arm != "d" || visit != 0).then(|| format!("{id},{arm},{},{y}\n", visit + 1))
        })
        .collect();
    folder.write("t.csv", "id,arm,visit,y\n".to_owned() + &rows);
    let document =
        json_of(&folder.run(["fit", "y ~ arm*factor(visit) + (1|id)", "t.csv", "--emmeans", "arm:visit", "--json"]));
    assert!(document["notes"].to_string().contains("no mean of d:1"), "{}", document["notes"]);
}
