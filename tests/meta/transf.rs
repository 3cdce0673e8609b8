//! The ways back from the scales on which effects are pooled, against metafor (`tests/ref/meta/transf.csv`).

use crate::common::cli::{Folder, close, json_of, stderr, stdout, within};
use crate::common::{Comparison, golden, number};
use reffect::report::plots::Transformation;

/// Patients whose sheets healed of those treated: metadat's dat.pritz1997.
const PRITZ: &str =
    "xi,ni\n16,17\n10,12\n4,8\n43,58\n10,10\n25,42\n13,14\n12,12\n22,41\n4,5\n5,6\n18,23\n58,68\n6,10\n";

#[test]
fn every_way_back_is_that_of_metafor() {
    let mut comparison = Comparison::default();
    for row in golden("meta/transf.csv").iter().filter(|row| !row[0].contains('-')) {
        let shown: Transformation = row[0].parse().unwrap();
        let shown = number(&row[1]).map_or(shown, |size| shown.with_size(size));
        let value = shown.of(number(&row[2]).unwrap());
        // Near the end of Miller's inverse the root is of a difference of nearly equal numbers.
        comparison.close(&row[..3].join(" "), value, number(&row[3]).unwrap(), 1e-9, 1e-12);
    }
    comparison.finish(150);
}

/// Every one leads back from its measure to a number that rises with the effect.
#[test]
fn every_way_back_rises() {
    for (name, shown) in Transformation::ALL {
        let shown = shown.with_size(12.0);
        let values: Vec<f64> = (-300..=300).map(|at| shown.of(f64::from(at) / 100.0)).collect();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1]), "{name}");
        assert!(values.iter().all(|value| value.is_finite()), "{name}");
    }
}

#[test]
fn pooled_proportions_are_taken_back_as_by_metafor() {
    let folder = Folder::new("meta-transf");
    folder.write("t.csv", PRITZ);
    let golden = golden("meta/transf.csv");
    for code in ["PFT", "PAS"] {
        let rows: Vec<&Vec<String>> = golden.iter().filter(|row| row[0] == format!("pooled-{code}")).collect();
        let output = folder.run(["meta", "t.csv", "--measure", code, "--transf", &rows[0][1], "--json"]);
        let document = json_of(&output);
        let of = &document["transformed"];
        let found = [&of["estimate"], &of["ci"][0], &of["ci"][1], &of["pi"][0], &of["pi"][1]];
        for (field, row) in found.into_iter().zip(rows) {
            close(field, number(&row[3]).unwrap(), 1e-6);
        }
    }
}

/// Text, CSV and chart show proportions; each study by its own size, so that it is what was counted.
#[test]
fn studies_have_their_own_sizes() {
    let folder = Folder::new("meta-transf-own");
    folder.write("t.csv", PRITZ);
    let call = ["meta", "t.csv", "--measure", "PFT", "--transf", "ipft"];
    let text = stdout(&folder.run(call));
    // 25 of 42, and the pooled effect.
    for part in ["0.595", "0.803", "0.70 to 0.89", "0.46 to 1.00", "harmonic mean"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let csv = stdout(&folder.run([&call[..], &["--format", "csv"]].concat()));
    let (header, row) = csv.split_once('\n').unwrap();
    let at = header.split(',').position(|name| name == "transf_ci_upper").unwrap();
    let upper: f64 = row.trim().split(',').nth(at).unwrap().parse().unwrap();
    assert!((upper - 0.889_346_782_7).abs() < 1e-6, "{upper}");
    let document = json_of(&folder.run([&call[..], &["--json"]].concat()));
    within(&document["studies"][5]["size"], 42.0, 0.0);
    folder.write("r.json", document.to_string());
    for source in [vec!["r.json"], vec!["t.csv", "--measure", "PFT", "--transf", "ipft"]] {
        let output = folder.run([&["plot", "forest"], &source[..], &["-o", "f.svg"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let svg = std::fs::read_to_string(folder.path("f.svg")).unwrap();
        assert!(svg.contains("80.3 [70.2, 88.9]") && svg.contains("59.5 ["), "{source:?}");
    }
}

#[test]
fn what_lacks_its_sizes_says_so() {
    let folder = Folder::new("meta-transf-lacks");
    folder.write("t.csv", "study,yi,vi\nA,1.2,0.01\nB,1.0,0.02\nC,1.1,0.02\n");
    let output = folder.run(["meta", "t.csv", "--transf", "ipft"]);
    assert!(stderr(&output).contains("--map ni=COLUMN"), "{}", stderr(&output));
    let document = folder.run(["meta", "t.csv", "--json"]);
    folder.write("r.json", stdout(&document));
    let output = folder.run(["plot", "forest", "r.json", "--transf", "ipft", "-o", "f.svg"]);
    assert!(stderr(&output).contains("make the result with it"), "{}", stderr(&output));
}

/// Also other tables of effects have columns for what is shown.
#[test]
fn csv_has_what_is_shown() {
    let folder = Folder::with_data("meta-transf-csv");
    let csv = stdout(&folder.run([
        "meta",
        "data/published/bcg.csv",
        "--transf",
        "exp",
        "--format",
        "csv",
        "--leave-one-out",
    ]));
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let number = |row: &str, name: &str| -> f64 {
        row.split(',').nth(header.iter().position(|known| *known == name).unwrap()).unwrap().parse().unwrap()
    };
    for row in csv.lines().skip(1) {
        let (log, ratio) = (number(row, "ci_lower"), number(row, "transf_ci_lower"));
        assert!((log.exp() - ratio).abs() < 1e-12, "{row}");
    }
    assert_eq!(csv.lines().count(), 14);
}
