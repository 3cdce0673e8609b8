//! Which calls of `reffect plot` are taken, and which are refused: measures in small letters, results of another
//! measure, axes that cut, paths that lead to the same place.

use crate::common::cli::{Folder, stderr, stdout};
use std::io::Write;
use std::process::{Command, Stdio};

/// Runs the program, which must succeed.
fn run(folder: &Folder, call: &str) -> String {
    let output = folder.run(call.split(' '));
    assert!(output.status.success(), "{call}: {}", stderr(&output));
    stdout(&output)
}

/// Runs the program, which must refuse with these words.
fn refused(folder: &Folder, call: &str, reason: &str) {
    let output = folder.run(call.split(' '));
    assert!(!output.status.success() && stderr(&output).contains(reason), "{call}: {}", stderr(&output));
}

fn file(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path(name)).unwrap()
}

#[test]
fn a_measure_in_small_letters_is_the_same() {
    let folder = Folder::with_data("small-letters");
    for chart in ["forest data/published/bcg.csv", "labbe data/published/nielweise2007.csv"] {
        run(&folder, &format!("plot {chart} --measure RR -o capital.svg"));
        run(&folder, &format!("plot {chart} --measure rr -o small.svg"));
        assert!(file(&folder, "capital.svg") == file(&folder, "small.svg"), "{chart}");
    }
}

#[test]
fn a_result_keeps_its_measure() {
    let folder = Folder::with_data("own-measure");
    run(&folder, "meta data/published/bcg.csv --measure RR --json -o r.json");
    refused(&folder, "plot forest r.json --measure MD -o f.svg", "the result is of RR");
    refused(&folder, "plot forest r.json --measure XX -o f.svg", "XX");
    run(&folder, "plot forest r.json --measure rr -o f.svg");
    folder.write("p.csv", "study,xi,ni\nA,1,20\nB,9,30\nC,12,40\n");
    run(&folder, "meta p.csv --measure PLO --json -o p.json");
    for transf in ["exp", "ztor", "iahw", "isqrt"] {
        refused(&folder, &format!("plot forest p.json --transf {transf} -o f.svg"), "does not fit PLO: it is a logit");
    }
    run(&folder, "plot forest p.json --transf ilogit -o f.svg");
}

/// The pooled risk ratio is 0.489 [0.344, 0.696].
#[test]
fn no_axis_cuts_a_pooled_effect() {
    let folder = Folder::with_data("cut-diamond");
    let call = "plot leave-one-out data/published/bcg.csv --measure RR -o l.svg --xlim";
    refused(&folder, &format!("{call} 0.6,2"), "would cut the interval 0.3441 to 0.6962");
    run(&folder, &format!("{call} 0.3,2"));
    assert!(file(&folder, "l.svg").contains("The broken line"));
    run(&folder, "plot cumulative data/published/bcg.csv --measure RR --order year -o c.svg --xlim 0.6,2");
    let svg = file(&folder, "c.svg");
    // The line of 0.489 is not there to be explained; the arrows are.
    assert!(!svg.contains("The broken line") && svg.contains("Arrows mark"));
}

#[test]
fn names_and_orders_that_have_no_effect_are_refused() {
    let folder = Folder::with_data("no-effect");
    let labbe = "plot labbe data/published/nielweise2007.csv --measure OR -o l.svg --groups";
    refused(&folder, &format!("{labbe} A"), "--groups takes two names");
    refused(&folder, &format!("{labbe} A,B,C"), "--groups takes two names");
    run(&folder, &format!("{labbe} A,B"));
    refused(&folder, "plot cumulative data/published/bcg.csv --order -year -o c.svg", "`-year`");
    let regression = "plot regression data/published/bcg.csv --mods ablat -o r.svg --moderator";
    refused(&folder, &format!("{regression} intrcpt"), "its coefficients are ablat");
    run(&folder, &format!("{regression} ablat"));
}

#[test]
fn a_picture_does_not_take_the_place_of_its_numbers() {
    let folder = Folder::with_data("same-place");
    std::fs::create_dir(folder.path("o")).unwrap();
    let chart = "plot forest data/published/bcg.csv";
    for (picture, data) in [("o/a.svg", "o/../o/a.svg"), ("a.svg", "./a.svg")] {
        refused(&folder, &format!("{chart} -o {picture} --data {data}"), "to the same file");
        assert!(!folder.path(picture).exists());
    }
    // No numbers of a picture that is not there.
    refused(&folder, &format!("{chart} -o nowhere/a.svg --data a.csv"), "nowhere");
    assert!(!folder.path("a.csv").exists());
}

#[test]
fn a_release_by_standard_input_is_a_release_for_every_chart() {
    let folder = Folder::with_data("piped-release");
    let release = file(&folder, "data/nmo-tocilizumab-2014.toml");
    for kind in ["proportion", "rate", "before-after"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reffect"));
        command.args(["plot", kind, "-", "-o", "piped.svg"]).current_dir(folder.path(""));
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(release.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{kind}: {}", stderr(&output));
        run(&folder, &format!("plot {kind} data/nmo-tocilizumab-2014.toml -o file.svg"));
        assert!(file(&folder, "piped.svg") == file(&folder, "file.svg"), "{kind}");
    }
}

/// The document and the table give the same numbers to the last digit.
#[test]
fn numbers_of_a_result_are_read_as_they_were_written() {
    let folder = Folder::with_data("last-digit");
    folder.write("p.csv", "study,xi,ni\nA,1,20\nB,3,45\nC,12,40\n");
    let text = run(&folder, "meta p.csv --measure PLO --json");
    folder.write("r.json", &text);
    run(&folder, "plot forest r.json -o f.svg --data d.csv");
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let data = file(&folder, "d.csv");
    for study in document["studies"].as_array().unwrap() {
        let text = study["ci"][0].to_string();
        assert!(data.contains(&text), "{text}: {data}");
    }
}
