//! Subgroups of effects and of pooled counts, and I² of levels, against metafor (`tests/ref/meta/subgroups.csv`,
//! `i2_levels.csv`).

use crate::common::cli::{Folder, json_of, stderr, stdout, words};
use crate::common::{Comparison, golden, number};
use serde_json::Value;

const BCG: &str = "data/published/bcg.csv";

#[test]
fn groups_agree_with_metafor() {
    let folder = Folder::with_data("groups");
    let mut comparison = Comparison::default();
    let rows = golden("meta/subgroups.csv");
    for row in &rows {
        let call = ["meta", BCG, "--subgroup", "alloc", "--json"].map(str::to_owned);
        let output = folder.run(call.into_iter().chain(words(&row[0])));
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let document = json_of(&output);
        let all = &document["subgroup"];
        let group = all["groups"].as_array().unwrap().iter().find(|group| group["level"] == row[1].as_str()).unwrap();
        let fields = ["estimate", "se", "statistic", "p"].map(|name| &group[name]);
        let rest = [&group["pi"][0], &group["pi"][1], &group["QE"], &all["QB"], &all["QB_p"]];
        for (at, field) in fields.into_iter().chain(rest).enumerate() {
            let what = format!("{} {} {at}", row[0], row[1]);
            match number(&row[at + 2]) {
                // metafor's tau2 is tight, and its p-values are those of rounded statistics.
                Some(expected) => comparison.close(&what, field.as_f64().unwrap(), expected, 1e-6, 1e-14),
                None => assert_eq!(*field, Value::Null, "{what}"),
            }
        }
    }
    comparison.finish(100);
}

/// Text, CSV and forest plot have them as well.
#[test]
fn groups_stand_in_text_csv_and_charts() {
    let folder = Folder::with_data("groups-shown");
    let call = ["meta", BCG, "--mh", "--measure", "RR", "--subgroup", "alloc", "--transf", "exp"];
    let text = stdout(&folder.run(call));
    assert!(text.contains("between subgroups") && text.contains("inverse variances"), "{text}");
    let csv = stdout(&folder.run([&call[..], &["--format", "csv"]].concat()));
    let header = csv.lines().next().unwrap();
    for name in ["statistic", "p", "pi_lower", "QB", "QB_df", "QB_p", "transf_estimate"] {
        assert!(header.split(',').any(|known| known == name), "{name}: {header}");
    }
    folder.write("r.json", stdout(&folder.run([&call[..], &["--json"]].concat())));
    let output = folder.run(["plot", "forest", "r.json", "-o", "f.svg"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let svg = std::fs::read_to_string(folder.path("f.svg")).unwrap();
    assert!(svg.contains("Between subgroups: ") && svg.contains(">random<"));
    // A group whose name is a number is told by its column.
    let numbered = "study,yi,vi,dose\nA,0.1,0.02,1\nB,0.3,0.03,1\nC,0.5,0.02,2\nD,0.2,0.01,2\n";
    folder.write("n.csv", numbered);
    assert_eq!(folder.run(["plot", "forest", "n.csv", "--subgroup", "dose", "-o", "n.svg"]).status.code(), Some(0));
    assert!(std::fs::read_to_string(folder.path("n.svg")).unwrap().contains("dose: 2"));
}

/// A group without an event in it is no group, and two have to remain.
#[test]
fn groups_without_events_are_told() {
    let folder = Folder::new("groups-empty");
    let rows = "study,g,ai,n1i,ci,n2i\nA,x,3,50,5,50\nB,x,2,40,6,41\nC,y,4,30,5,30\nD,z,0,20,0,20\n";
    folder.write("t.csv", rows);
    let call = |more: &[&str]| json_of(&folder.run([&["meta", "t.csv", "--subgroup", "g", "--json"], more].concat()));
    let found = call(&["--mh", "--measure", "OR"]);
    assert_eq!(found["subgroup"]["groups"].as_array().unwrap().len(), 2);
    assert!(found["notes"].to_string().contains("g z is no subgroup"), "{}", found["notes"]);
    let common = folder.run(["meta", "t.csv", "--subgroup", "g", "--common-tau2", "--mh", "--measure", "OR"]);
    assert!(stderr(&common).contains("they have no tau2"), "{}", stderr(&common));
    let none = call(&["--peto", "--subset", "g != 'y'"]);
    assert_eq!(none["subgroup"], Value::Null);
    assert!(none["notes"].to_string().contains("at least two groups"), "{}", none["notes"]);
}

#[test]
fn shares_of_levels_agree_with_the_formula_in_r() {
    let folder = Folder::with_data("groups-i2");
    let mut comparison = Comparison::default();
    for row in golden("meta/i2_levels.csv") {
        let file = format!("data/published/{}.csv", row[0]);
        let mut call = vec!["meta", &file, "--random", &row[1], "--mods", &row[2], "--json"];
        if !row[3].is_empty() {
            call.extend(["--v-cluster", "district", "--v-rho", &row[3]]);
        }
        let shares = json_of(&folder.run(&call))["I2_levels"].clone();
        let name = |what: &str| format!("{} {} {what}", row[2], row[3]);
        comparison.close(&name("total"), shares["total"].as_f64().unwrap(), number(&row[4]).unwrap(), 1e-5, 0.0);
        for (at, part) in row[5].split(' ').enumerate() {
            let found = shares["parts"][at]["I2"].as_f64().unwrap();
            comparison.close(&name(&at.to_string()), found, number(part).unwrap(), 1e-5, 0.0);
        }
    }
    comparison.finish(9);
    // One variance between studies is that of the usual model: 92.07 in both.
    let one = json_of(&folder.run(["meta", BCG, "--random", "1 | trial", "--json"]));
    let usual = json_of(&folder.run(["meta", BCG, "--json"]));
    let (one, usual) = (one["I2_levels"]["total"].as_f64().unwrap(), usual["I2"].as_f64().unwrap());
    assert!((one - usual).abs() < 1e-5 * usual, "{one} {usual}");
}

#[test]
fn several_variances_have_no_one_share() {
    let folder = Folder::with_data("groups-un");
    let call = ["meta", "data/published/berkey1998.csv", "--random", "outcome | trial", "--struct", "UN"];
    let found = json_of(&folder.run([&call[..], &["--mods", "outcome - 1", "--json"]].concat()));
    assert_eq!(found["I2_levels"], Value::Null, "{found}");
}
