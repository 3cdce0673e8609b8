//! How long models of repeated visits (MMRM) and of counts take: `cargo bench --bench glmm`.
//!
//! Each line is the median of several runs, with the fastest and the slowest of the middle half. The
//! table is in memory; making the model's data is not counted, as it is not for the other programs.

mod measure;

use measure::measure;
use reffect::formula::{Formula, Frame};
use reffect::mixed::{
    DataOptions, DfMethod, Family, GeneralisedModel, MarginalModel, MixedFit, ModelData, ResidualStructure,
};
use reffect::read::Table;
use std::path::Path;
use std::sync::Arc;

/// Whether a case was asked for: all are, unless words of their names are given.
fn is_wanted(name: &str) -> bool {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    words.is_empty() || words.iter().any(|word| name.contains(word.as_str()))
}

type Failure = Box<dyn std::error::Error>;

fn frame(file: &str) -> Result<Frame, Failure> {
    let table = Table::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file), None).map_err(|e| e.to_string())?;
    Ok(table.into_frame(&[]).map_err(|e| e.to_string())?.0)
}

fn data(formula: &str, frame: &Frame, offset: Option<&str>) -> Result<Arc<ModelData>, Failure> {
    let offset = offset.map(str::to_owned);
    let options = DataOptions { offset, binary_response: true, ..DataOptions::default() };
    Ok(Arc::new(ModelData::new(Formula::parse(formula)?, frame, &options)?))
}

fn counts() -> Result<(), Failure> {
    let cases = [
        ("cbpp, binomial, Laplace", "data/published/cbpp.csv", Family::Binomial, 1),
        ("cbpp, binomial, 9 points", "data/published/cbpp.csv", Family::Binomial, 9),
        ("grouseticks, Poisson, three nested terms", "data/published/grouseticks.csv", Family::Poisson, 1),
        ("epil, Poisson", "data/published/epil.csv", Family::Poisson, 1),
        ("epil, negative binomial 2", "data/published/epil.csv", Family::NegativeBinomial2, 1),
        ("VerbAgg, binomial, two crossed terms", "tests/ref/glmm/verbagg.csv.gz", Family::Binomial, 1),
    ];
    for (name, file, family, points) in cases.into_iter().filter(|case| is_wanted(case.0)) {
        let formula = match name.split([',', ' ']).next() {
            Some("cbpp") => "cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)",
            Some("grouseticks") => "TICKS ~ factor(YEAR) + cHEIGHT + (1 | BROOD) + (1 | INDEX) + (1 | LOCATION)",
            Some("epil") => "y ~ lbase * trt + lage + V4 + (1 | subject)",
            _ => "r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)",
        };
        let data = data(formula, &frame(file)?, None)?;
        let model = GeneralisedModel::new(family).points(points);
        let runs = if name.starts_with("VerbAgg") { 15 } else { 60 };
        measure(name, runs, || model.fit(Arc::clone(&data)).map(|fit| fit.criterion()));
    }
    Ok(())
}

/// Subjects at six visits with a random walk as residuals, some visits missing.
fn simulated(subjects: usize, complete: bool) -> Frame {
    let mut state = 7u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let (mut id, mut visit, mut arm, mut base, mut y) = (vec![], vec![], vec![], vec![], vec![]);
    for subject in 0..subjects {
        let (own, mut level) = (30.0 + 10.0 * uniform(), 0.0);
        for at in 0..6 {
            level += 3.0 * (uniform() + uniform() - 1.0);
            if complete || at == 0 || uniform() > 0.1 {
                id.push(subject as f64);
                visit.push(Some(format!("V{at}")));
                arm.push(Some(if subject % 2 == 0 { "a" } else { "b" }.to_owned()));
                base.push(own);
                y.push(0.3 * own + level - 0.5 * f64::from(at) + 2.0 * uniform());
            }
        }
    }
    let mut frame = Frame::default();
    frame.numbers("id", id);
    frame.texts("visit", visit);
    frame.texts("arm", arm);
    frame.numbers("base", base);
    frame.numbers("y", y);
    frame
}

fn visits() -> Result<(), Failure> {
    use ResidualStructure as S;
    let cases = [
        ("40 × 6 us, Kenward–Roger", 40, true, S::Unstructured, DfMethod::KenwardRoger),
        ("40 × 6 with gaps, us, Kenward–Roger", 40, false, S::Unstructured, DfMethod::KenwardRoger),
        ("40 × 6 with gaps, us, Satterthwaite", 40, false, S::Unstructured, DfMethod::Satterthwaite),
        ("40 × 6 with gaps, ar1h, Satterthwaite", 40, false, S::HeterogeneousAutoregressive, DfMethod::Satterthwaite),
        ("10,000 × 6 with gaps, us, Satterthwaite", 10_000, false, S::Unstructured, DfMethod::Satterthwaite),
    ];
    for (name, subjects, complete, structure, df) in cases.into_iter().filter(|case| is_wanted(case.0)) {
        let frame = simulated(subjects, complete);
        let data = data("y ~ base + visit * arm", &frame, None)?;
        let model = MarginalModel::new(structure, "visit", "id").df(df);
        let runs = if subjects > 1000 { 10 } else { 60 };
        measure(name, runs, || model.fit(Arc::clone(&data)).map(|fit| fit.coefficients()));
    }
    Ok(())
}

fn main() -> Result<(), Failure> {
    visits()?;
    counts()
}
