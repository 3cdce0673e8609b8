//! The catalogue of effect sizes against metafor (`tests/ref/effect/escalc.R`), and against 50-digit
//! values of the formulas that metafor 5 documents where the two differ (`tests/ref/effect/escalc.py`).

use crate::common::{Comparison, golden, number};
use reffect::effect::measures::{Field, Inputs, Options, Survey, escalc, measure, measures};

/// Closed forms, and a few roots and integrals of smooth functions.
const TOLERANCE: f64 = 1e-10;

fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap())
}

fn inputs(text: &str) -> Inputs {
    let mut inputs = Inputs::default();
    for (field, value) in pairs(text) {
        inputs.set(field.parse().unwrap(), Some(value.parse().unwrap()));
    }
    inputs
}

fn options(text: &str) -> Options {
    let mut options = Options::default();
    for (name, value) in pairs(text) {
        match name {
            "add" => options.add = Some(value.parse().unwrap()),
            "to" => options.to = value.parse().unwrap(),
            "vtype" => options.vtype = value.parse().unwrap(),
            "drop00" => options.drop00 = value == "TRUE",
            "correct" => options.correct = value == "TRUE",
            "average" => options.across.average = Some(value.parse().unwrap()),
            other => panic!("{other}"),
        }
    }
    options
}

/// The codes that were compared.
fn compare(file: &str, least: usize) -> Vec<String> {
    let mut comparison = Comparison::default();
    let mut codes = Vec::new();
    for row in golden(file) {
        let what = row.join(",");
        let of = measure(&row[0]).unwrap();
        let answer = escalc(of, &inputs(&row[2]), &options(&row[1]));
        codes.push(of.code.to_owned());
        match (number(&row[3]), answer) {
            // What metafor calls NA, or divides by zero for, has a reason here.
            (None, Err(_)) => {}
            (None, Ok(answer)) => assert!(answer.vi.is_none(), "{what}: {answer:?}"),
            (Some(yi), answer) => {
                let answer = answer.unwrap_or_else(|reason| panic!("{what}: {reason}"));
                // A difference of equal numbers is 0 up to their rounding.
                comparison.close(&format!("yi {what}"), answer.yi, yi, TOLERANCE, 1e-14);
                match number(&row[4]) {
                    Some(vi) => comparison.close(&format!("vi {what}"), answer.vi.unwrap(), vi, TOLERANCE, 1e-16),
                    None => assert_eq!(answer.vi, None, "{what}"),
                }
            }
        }
    }
    comparison.finish(least);
    codes
}

#[test]
fn every_measure_agrees_with_its_source() {
    let mut codes = compare("effect/escalc.csv", 1500);
    codes.extend(compare("effect/escalc5.csv", 500));
    // Hazard ratios and differences are computed elsewhere, as any effect may be.
    let row = Inputs::from([(Field::Yi, -0.4), (Field::Sei, 0.2)]);
    let of = |code| escalc(measure(code).unwrap(), &row, &Options::default()).unwrap();
    assert_eq!((of("HR"), of("HD")), (of("GEN"), of("GEN")));
    for measure in measures().filter(|measure| !["HR", "HD"].contains(&measure.code)) {
        assert!(codes.iter().any(|code| code == measure.code), "{} is compared with nothing", measure.code);
    }
}

/// `tests/ref/effect/rom_average.R`
#[test]
fn averages_over_all_rows_agree_with_metafor() {
    let rom = measure("ROM").unwrap();
    let fields = [Field::M1i, Field::Sd1i, Field::N1i, Field::M2i, Field::Sd2i, Field::N2i];
    let rows = golden("effect/rom_average.csv");
    let inputs = |row: &[String]| Inputs::from([0, 1, 2, 3, 4, 5].map(|i| (fields[i], number(&row[i]).unwrap())));
    let mut comparison = Comparison::default();
    for (column, vtype) in [(6, "AV"), (7, "AVHO")] {
        let mut options = Options { vtype: vtype.parse().unwrap(), ..Options::default() };
        let mut survey = Survey::default();
        rows.iter().for_each(|row| survey.add(rom, &inputs(row), &options));
        options.across = survey.across();
        for row in &rows {
            let vi = escalc(rom, &inputs(row), &options).unwrap().vi.unwrap();
            comparison.close(&format!("{vtype} {}", row.join(",")), vi, number(&row[column]).unwrap(), TOLERANCE, 0.0);
        }
    }
    comparison.finish(8);
}

#[cfg(feature = "cli")]
mod table {
    use crate::common::cli::{Folder, json_of, stderr, stdout};
    use serde_json::Value;

    const HEADER: &str = "study,m1i,sd1i,n1i,m2i,sd2i,n2i\n";

    fn json(folder: &Folder, args: &[&str]) -> Value {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        json_of(&output)
    }

    #[test]
    fn each_row_has_its_result_or_its_reason() {
        let folder = Folder::new("escalc-rows");
        let rows = "a,2.9,1.1,7,0.4,0.8,7\nb,5.1,-1.7,12,4.1,1.6,15\nc,NA,1,5,3,1,5\nd,many,1,5,3,1,5\n\
                    e,1e308,1,5,-1e308,1,5\nf,3,1,1,3,1,5\ng,3,1\n\"h,i\",3,1,4,3.5,0,4\nj,3,1,0,3,1,5\n";
        folder.write("t.csv", format!("\u{FEFF}{HEADER}{rows}").replace('\n', "\r\n"));
        // Every row is written, and two that could not be read are no input.
        let output = folder.run(["effect", "--measure", "SMD", "t.csv", "--json"]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("2 of 9 rows could not be read"), "{}", stderr(&output));
        let document = json_of(&output);
        assert_eq!(document["measure"], "SMD");
        let rows = document["rows"].as_array().unwrap();
        let expected: [Option<&str>; 9] = [
            None,
            Some("an SD is never below 0"),
            Some("missing: m1i"),
            Some("t.csv:5:3: column `m1i`: `many`"),
            Some("beyond the range"),
            Some("n1i = 1: "),
            Some("the row has 3 fields, and the header has 7"),
            None,
            Some("n1i = 0: "),
        ];
        assert_eq!(rows.len(), expected.len());
        for (row, reason) in rows.iter().zip(expected) {
            let notes = row["notes"].as_array().unwrap();
            match reason {
                Some(reason) => {
                    assert!(row["yi"].is_null() && row["vi"].is_null() && row["ci"].is_null(), "{row}");
                    assert!(notes[0].as_str().unwrap().contains(reason), "{row}");
                }
                None => {
                    let number = |field: &str| row[field].as_f64().unwrap();
                    assert!((number("sei").powi(2) / number("vi") - 1.0).abs() < 1e-14 && notes.is_empty());
                    let half = 1.959_963_984_540_054 * number("sei");
                    assert!((row["ci"][1].as_f64().unwrap() - number("yi") - half).abs() < 1e-12, "{row}");
                }
            }
        }
    }

    #[test]
    fn other_separators_and_standard_output_forms_hold_the_same() {
        let folder = Folder::new("escalc-forms");
        folder.write("t.csv", "study;ai;n1i;ci;n2i;yi\na;4;123;11;139;old\nb;0;10;3;12;old\n");
        folder.write("t.tsv", "study\tai\tn1i\tci\tn2i\tyi\na\t4\t123\t11\t139\told\nb\t0\t10\t3\t12\told\n");
        let semicolons =
            stdout(&folder.run(["effect", "--measure", "RR", "t.csv", "--delimiter", ";", "--format", "csv"]));
        let tabs = stdout(&folder.run(["effect", "--measure", "RR", "t.tsv", "--format", "csv"]));
        assert_eq!(semicolons, tabs);
        let lines: Vec<&str> = tabs.lines().collect();
        assert_eq!(lines[0], "study,ai,n1i,ci,n2i,yi,vi,sei,ci_lower,ci_upper,notes");
        assert!(lines[1].starts_with("a,4,123,11,139,-0.8893113339202054,0.3255847650039"), "{}", lines[1]);
        assert!(lines[2].ends_with("0.5 was added to each cell"), "{}", lines[2]);
        let table = stdout(&folder.run(["effect", "--measure", "RR", "t.tsv"]));
        assert!(table.contains("−0.8893") && table.contains("−2.01 to 0.23"), "{table}");
        let written = folder.run(["effect", "--measure", "RR", "t.tsv", "--format", "csv", "-o", "out.csv"]);
        assert!(written.stdout.is_empty());
        assert_eq!(std::fs::read_to_string(folder.path("out.csv")).unwrap(), tabs);
    }

    #[test]
    fn rules_for_all_rows_read_the_table_twice() {
        let folder = Folder::new("escalc-twice");
        folder.write("t.csv", "ai,bi,ci,di\n4,119,11,128\n0,9,5,6\n");
        let all = json(&folder, &["effect", "--measure", "OR", "t.csv", "--to", "all", "--json"]);
        let if0all = json(&folder, &["effect", "--measure", "OR", "t.csv", "--to", "if0all", "--json"]);
        assert_eq!(all, if0all);
        folder.write("r.csv", "ri,ni\n0.5,20\n0.2,30\nNA,4\n");
        let rows = json(&folder, &["effect", "--measure", "COR", "r.csv", "--vtype", "AV", "--json"])["rows"].clone();
        let average = (20.0 * 0.5 + 30.0 * 0.2) / 50.0;
        let expected = (1.0f64 - average * average).powi(2) / 19.0;
        assert!((rows[0]["vi"].as_f64().unwrap() / expected - 1.0).abs() < 1e-14);
    }

    /// metafor 3.8-1: escalc(measure = "RD", vtype = "AV") and escalc(measure = "ROM", vtype = "AVHO"). A group counts
    /// in its own average where the other one is missing, and in the joint one only where both are known.
    #[test]
    fn averages_take_the_rows_that_know_what_they_need() {
        let folder = Folder::new("escalc-average");
        folder.write("rd.csv", "ai,bi,ci,di\n3,7,2,9\n,8,4,8\n5,9,6,15\n6,12,,3\n");
        folder.write("rom.csv", "m1i,sd1i,n1i,m2i,sd2i,n2i\n5,1,10,4,1,10\n6,,12,5,2,11\n7,2,9,6,3,12\n");
        for (measure, table, vtype, expected) in
            [("RD", "rd.csv", "AV", [0.040_253_8, 0.025_318_1]), ("ROM", "rom.csv", "AVHO", [0.020_328_6, 0.019_764_0])]
        {
            let found =
                json(&folder, &["effect", "--measure", measure, table, "--vtype", vtype, "--json"])["rows"].clone();
            for (row, expected) in [0, 2].into_iter().zip(expected) {
                let vi = found[row]["vi"].as_f64().unwrap();
                assert!((vi - expected).abs() < 5e-8, "{measure}: {vi} for {expected}");
            }
        }
    }

    #[test]
    fn wrong_calls_are_told() {
        let folder = Folder::new("escalc-wrong");
        folder.write("t.csv", format!("{HEADER}a,1,1,5,2,1,5\n"));
        folder.write("empty.csv", HEADER);
        let mut transcript = String::new();
        for args in [
            vec!["effect", "--measure", "SDM", "t.csv"],
            vec!["effect", "--measure", "OR", "t.csv"],
            vec!["effect", "--measure", "SMD", "t.csv", "--vtype", "HO"],
            vec!["effect", "--measure", "MD", "t.csv", "--no-correct"],
            vec!["effect", "--measure", "SMD", "t.csv", "--add", "1"],
            vec!["effect", "--measure", "OR", "t.csv", "--to", "some"],
            vec!["effect", "--measure", "SMD", "-", "--vtype", "AV"],
            vec!["effect", "--measure", "SMD", "t.csv", "t.csv"],
            vec!["effect", "--measure", "SMD", "t.csv", "--r", "0.5"],
            vec!["effect", "--measure", "SMD", "missing.csv"],
            vec!["effect", "--measure", "SMD", "empty.csv", "--quiet"],
        ] {
            let output = folder.run(&args);
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            transcript.push_str(&format!("$ reffect {}\n{}\n", args.join(" "), stderr(&output)));
        }
        insta::assert_snapshot!(transcript);
    }

    #[test]
    fn the_catalogue_lists_every_measure() {
        let folder = Folder::new("escalc-catalogue");
        let text = stdout(&folder.run(["effect", "--measures"]));
        let listed = json(&folder, &["effect", "--measures", "--json"]);
        let listed = listed["measures"].as_array().unwrap();
        assert_eq!(listed.len(), super::measures().count());
        assert_eq!(text, stdout(&folder.run(["help", "measures"])));
        for measure in super::measures() {
            assert!(text.contains(&format!("  {} ", measure.code)) || text.contains(&format!("  {},", measure.code)));
            // Each row says what it is made of; long lines are broken at blanks.
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for part in [measure.name, measure.estimate, measure.variance, measure.back.formula(), measure.reference] {
                let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(words.contains(&part), "{}: {part}", measure.code);
            }
        }
    }
}
