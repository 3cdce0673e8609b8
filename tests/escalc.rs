//! The catalogue of effect sizes against metafor (`tests/ref/effect/escalc.R`), and against 50-digit
//! values of the formulas that metafor 5 documents where the two differ (`tests/ref/effect/escalc.py`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Comparison, golden, number};
use reffect::effect::measures::{Inputs, Options, escalc, measure, measures};

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
    for measure in measures() {
        assert!(codes.iter().any(|code| code == measure.code), "{} is compared with nothing", measure.code);
    }
}
