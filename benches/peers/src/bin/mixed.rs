//! Linear mixed models, here and by the crate `glmm`: `cargo run --release --features glmm --bin mixed` in
//! this folder. Data are in memory and model matrices are made beforehand by both; the fits take turns.
//!
//! `INSTEVAL=path.csv` adds lme4's InstEval (73,421 lectures; not part of this repository).

#[path = "../../../inputs.rs"]
mod inputs;

use glmm::formula::{Column as Theirs, Lowered, Table, lower};
use glmm::{Family, FitOptions};
use inputs::{Failure, data, frame, visits};
use reffect::formula::{Column, Frame};
use reffect::mixed::{DfMethod, LinearMixedModel, MixedFit, ModelData};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Name, formula, table, and the columns that are groups.
const CASES: [(&str, &str, &str, &[&str]); 6] = [
    ("sleepstudy, slope", "Reaction ~ Days + (Days | Subject)", "published/sleepstudy.csv", &["Subject"]),
    ("40 ALS patients, slope", "alsfrs ~ month + (month | patient)", "examples/als-40.csv", &["patient"]),
    ("Pastes, nested", "strength ~ 1 + (1 | batch/cask)", "published/pastes.csv", &["batch", "cask"]),
    ("Penicillin, crossed", "diameter ~ 1 + (1 | plate) + (1 | sample)", "published/penicillin.csv", &["plate", "sample"]),
    ("100,000 rows, 10,000 slopes", "y ~ t + (t | id)", "", &["id"]),
    ("InstEval, three factors", "y ~ service + (1 | s) + (1 | d) + (1 | dept:service)", "INSTEVAL", &["s", "d", "dept", "service"]),
];

fn main() -> Result<(), Failure> {
    println!("{:<29} {:<13} {:>22} {:>22} {:>6} {:>9}", "", "df", "reffect, µs", "glmm, µs", "ratio", "−2ℓ");
    for (name, formula, file, groups) in CASES {
        let table = match (file, std::env::var_os("INSTEVAL")) {
            ("", _) => visits(10_000),
            ("INSTEVAL", Some(path)) => as_texts(&frame(Path::new(&path))?, groups),
            ("INSTEVAL", None) => continue,
            _ => frame(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(file))?,
        };
        let ours = data(formula, &table)?;
        // What it cannot do is part of the comparison.
        match lower(formula, &of_frame(&table, groups), Family::Gaussian) {
            Ok(theirs) => {
                for satterthwaite in [false, true] {
                    compare(name, satterthwaite, &ours, &theirs);
                }
            }
            Err(error) => println!("{name:<29} glmm: {error}"),
        }
    }
    Ok(())
}

/// Both fits in turns for about two seconds each, and at least three times.
fn compare(name: &str, satterthwaite: bool, ours: &Arc<ModelData>, theirs: &Lowered) {
    let df = if satterthwaite { DfMethod::Satterthwaite } else { DfMethod::None };
    let model = LinearMixedModel::default().df(df);
    let mut options = FitOptions::default();
    options.satterthwaite = satterthwaite;
    let (mut own, mut other) = (Vec::new(), Vec::new());
    let (mut criterion, mut deviance) = (f64::NAN, Err(String::new()));
    let begun = Instant::now();
    while own.len() < 5000 && (own.len() < 4 || begun.elapsed().as_secs_f64() < 4.0) {
        let start = Instant::now();
        criterion = model.fit(Arc::clone(ours)).map_or(f64::NAN, |fit| fit.criterion());
        own.push(1e6 * start.elapsed().as_secs_f64());
        let start = Instant::now();
        let fit = glmm::fit(&theirs.data(), theirs.spec(), &options);
        other.push(1e6 * start.elapsed().as_secs_f64());
        deviance = fit.map(|fit| -2.0 * fit.loglik()).map_err(|error| error.to_string());
    }
    let df = if satterthwaite { "Satterthwaite" } else { "none" };
    let [own, other] = [&mut own, &mut other].map(quartiles);
    let told = |[low, median, high]: [f64; 3]| format!("{median:.0} ({low:.0}–{high:.0})");
    match deviance {
        Ok(deviance) => {
            let (ratio, off) = (other[1] / own[1], deviance - criterion);
            println!("{name:<29} {df:<13} {:>22} {:>22} {ratio:>6.2} {off:>9.1e}", told(own), told(other));
        }
        Err(error) => println!("{name:<29} {df:<13} {:>22} glmm: {error}", told(own)),
    }
}

/// The lower quartile, the median and the upper quartile, without the first run.
fn quartiles(times: &mut Vec<f64>) -> [f64; 3] {
    times.remove(0);
    times.sort_by(f64::total_cmp);
    [0.25, 0.5, 0.75].map(|share| times[((times.len() - 1) as f64 * share) as usize])
}

/// The same table with some columns as texts.
fn as_texts(table: &Frame, columns: &[&str]) -> Frame {
    let mut made = Frame::default();
    for name in table.names() {
        match table.column(name) {
            Some(Column::Numbers(values)) if !columns.contains(&name) => made.numbers(name, values.clone()),
            Some(column) => made.texts(name, labels(column).into_iter().map(Some)),
            None => {}
        }
    }
    made
}

fn of_frame(table: &Frame, groups: &[&str]) -> Table {
    let column = |name: &str| match table.column(name) {
        Some(Column::Numbers(values)) if !groups.contains(&name) => Some(Theirs::Numeric(values.clone())),
        Some(column) => Some(Theirs::factor_from_labels(&labels(column))),
        None => None,
    };
    let columns = table.names().filter_map(|name| Some((name.to_owned(), column(name)?))).collect();
    Table { columns, n: table.len() }
}

fn labels(column: &Column) -> Vec<String> {
    match column {
        Column::Numbers(values) => values.iter().map(f64::to_string).collect(),
        Column::Texts { values, .. } => values.iter().map(|value| value.clone().unwrap_or_default()).collect(),
    }
}
