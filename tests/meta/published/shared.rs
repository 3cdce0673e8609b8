//! What the papers share.

use crate::common::golden;
pub use crate::common::meta::levels;
use crate::common::meta::{column, published};
use reffect::effect::measures::{Field, Inputs, Options, escalc, measure};
use reffect::formula::{Contrasts, Design, Formula, Frame};
use reffect::meta::{Fit, Model, Problem};

/// The number rounds to what is printed: it lies within half a unit of the last digit.
#[track_caller]
pub fn prints(found: f64, printed: &str) {
    let expected: f64 = printed.parse().unwrap();
    let decimals = printed.split_once('.').map_or(0, |(_, digits)| digits.len());
    let half = 0.5 * 10f64.powi(-(decimals as i32));
    assert!((found - expected).abs() <= half * (1.0 + 1e-9), "{found} does not print as {printed}");
}

/// Several numbers, printed with spaces between.
#[track_caller]
pub fn print_as(found: &[f64], printed: &str) {
    let printed: Vec<&str> = printed.split_whitespace().collect();
    assert_eq!(found.len(), printed.len());
    found.iter().zip(printed).for_each(|(found, printed)| prints(*found, printed));
}

/// A model by the names of its estimator and test.
pub fn model(method: &str, test: &str) -> Model {
    Model { estimator: method.parse().unwrap(), test: test.parse().unwrap(), ..Model::default() }
}

pub fn fit(problem: &Problem, method: &str) -> Fit {
    model(method, "z").fit(problem).unwrap()
}

/// A table under `tests/ref/published/` as columns.
pub fn table(name: &str) -> Vec<Vec<f64>> {
    let rows = golden(&format!("published/{name}.csv"));
    (0..rows[0].len()).map(|at| rows.iter().map(|row| row[at].parse().unwrap()).collect()).collect()
}

/// Effects and variances of a measure from columns.
pub fn effects(code: &str, fields: &[Field], columns: &[Vec<f64>], options: &Options) -> (Vec<f64>, Vec<f64>) {
    let measure = measure(code).unwrap();
    let inputs = |row: usize| {
        let mut inputs = Inputs::default();
        fields.iter().zip(columns).for_each(|(field, values)| inputs.set(*field, Some(values[row])));
        inputs
    };
    let answers = (0..columns[0].len()).filter_map(|row| escalc(measure, &inputs(row), options).ok());
    answers.filter_map(|answer| Some((answer.yi, answer.vi.filter(|vi| *vi > 0.0)?))).unzip()
}

/// Log odds ratios or other measures of two-by-two tables with the columns ai, n1i, ci and n2i.
pub fn of_tables(code: &str, columns: &[Vec<f64>]) -> Problem {
    let fields = [Field::Ai, Field::N1i, Field::Ci, Field::N2i];
    let (yi, vi) = effects(code, &fields, columns, &Options::default());
    Problem::new(yi, vi).unwrap()
}

/// Effects with moderators of a frame.
pub fn regression(frame: &Frame, yi: Vec<f64>, vi: Vec<f64>, mods: &str) -> Problem {
    let rows: Vec<usize> = (0..frame.len()).collect();
    let terms = Formula::parse(mods).unwrap().terms;
    let design = Design::new(&terms, frame, &rows, Contrasts::Treatment).unwrap();
    Problem::with_moderators(yi, vi, &design.matrix(frame, &rows, "intrcpt").unwrap()).unwrap()
}

/// A table of `data/published` with its own effects and variances.
pub fn with_own_effects(file: &str, mods: &str) -> (Frame, Problem) {
    let frame = published(file);
    let problem = regression(&frame, column(&frame, "yi"), column(&frame, "vi"), mods);
    (frame, problem)
}

pub fn columns(frame: &Frame, names: &[&str]) -> Vec<Vec<f64>> {
    names.iter().map(|name| column(frame, name)).collect()
}

pub fn keys(frame: &Frame, name: &str) -> Vec<String> {
    match frame.column(name).unwrap() {
        reffect::formula::Column::Numbers(values) => values.iter().map(|value| format!("{value:0>6}")).collect(),
        reffect::formula::Column::Texts { values, .. } => values.iter().map(|text| text.clone().unwrap()).collect(),
    }
}
