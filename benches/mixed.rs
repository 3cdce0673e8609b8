//! How long mixed models take: `cargo bench --bench mixed`. Tables are in memory; a fit makes the model
//! matrices once beforehand, and then everything else.
//!
//! `INSTEVAL=path.csv` adds lme4's InstEval (73,421 lectures; not part of this repository).

#[path = "inputs.rs"]
mod inputs;
#[path = "measure.rs"]
mod measure;

use inputs::{Failure, data, frame, visits};
use measure::measure;
use reffect::formula::{Formula, Frame};
use reffect::mixed::{DataOptions, DfMethod, LinearMixedModel, MixedError, MixedFit, ModelData};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

fn table(file: &str) -> Result<Frame, Failure> {
    frame(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file))
}

fn fit(name: &str, runs: usize, data: &Arc<ModelData>, df: DfMethod) {
    let model = LinearMixedModel::default().df(df);
    measure(name, runs, || model.fit(Arc::clone(black_box(data))).map(|fit| fit.criterion()));
}

fn main() -> Result<(), Failure> {
    let sleepstudy = table("published/sleepstudy.csv")?;
    let slope = data("Reaction ~ Days + (Days | Subject)", &sleepstudy)?;
    fit("sleepstudy, correlated slope", 2000, &slope, DfMethod::None);
    fit("the same with Satterthwaite", 2000, &slope, DfMethod::Satterthwaite);
    fit("the same with Kenward and Roger", 1000, &slope, DfMethod::KenwardRoger);
    measure("the same from the table on", 500, || -> Result<f64, MixedError> {
        let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
        let data = ModelData::new(formula, black_box(&sleepstudy), &DataOptions::default())?;
        Ok(LinearMixedModel::default().fit(data)?.criterion())
    });
    let model = LinearMixedModel::default().df(DfMethod::None);
    let fitted = model.fit(Arc::clone(&slope))?;
    measure("its profile intervals", 50, || fitted.profile(false));
    measure("1,000 refits of a bootstrap", 5, || fitted.bootstrap(1000, 1));
    let als = table("examples/als-40.csv")?;
    fit("40 patients, correlated slope", 1000, &data("alsfrs ~ month + (month | patient)", &als)?, DfMethod::None);
    let change = data("alsfrs ~ month + post + (month + post | patient)", &als)?;
    fit("40 patients, change of slope, Satterthwaite", 500, &change, DfMethod::Satterthwaite);
    let pastes = data("strength ~ 1 + (1 | batch/cask)", &table("published/pastes.csv")?)?;
    fit("Pastes, nested", 1000, &pastes, DfMethod::None);
    let penicillin = data("diameter ~ 1 + (1 | plate) + (1 | sample)", &table("published/penicillin.csv")?)?;
    fit("Penicillin, crossed", 1000, &penicillin, DfMethod::None);
    let large = visits(10_000);
    let big = data("y ~ t + (t | id)", &large)?;
    fit("100,000 rows of 10,000 subjects", 20, &big, DfMethod::None);
    fit("the same with Satterthwaite", 20, &big, DfMethod::Satterthwaite);
    measure("its model matrices", 10, || data("y ~ t + (t | id)", &large).map(|data| data.n()));
    if let Some(path) = std::env::var_os("INSTEVAL") {
        let frame = frame(Path::new(&path))?;
        let data = data("y ~ service + (1 | s) + (1 | d) + (1 | dept:service)", &frame)?;
        fit("InstEval, three factors", 1, &data, DfMethod::None);
    }
    Ok(())
}
