//! Meta-analysis against metafor and against 40-digit arithmetic (`tests/ref/meta/`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Comparison, golden, number};
use reffect::formula::{Contrasts, Design, Formula, Frame};
use reffect::meta::{Estimator, Fit, Model, PredictionInterval, Problem, Tau2Interval, Test, Weighting};
use std::collections::BTreeMap;
use std::path::Path;

/// A table of `data/published` as a frame.
pub fn published(file: &str) -> Frame {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/published").join(file);
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut frame = Frame::default();
    for (at, name) in names.iter().enumerate() {
        let texts: Vec<&str> = rows.iter().map(|row| &row[at]).collect();
        match texts.iter().map(|text| text.parse::<f64>().ok()).collect::<Option<Vec<f64>>>() {
            Some(values) => frame.numbers(name, values),
            None => frame.texts(name, texts.iter().map(|text| Some((*text).to_owned()))),
        }
    }
    frame
}

fn column(frame: &Frame, name: &str) -> Vec<f64> {
    match frame.column(name) {
        Some(reffect::formula::Column::Numbers(values)) => values.clone(),
        _ => panic!("{name}"),
    }
}

/// The table of a case, and the rows that it takes.
fn table(name: &str) -> (Frame, Vec<usize>) {
    if name == "alike" {
        let mut frame = Frame::default();
        frame.numbers("yi", vec![0.10, 0.12, 0.09, 0.11, 0.10]);
        frame.numbers("vi", vec![0.04, 0.05, 0.03, 0.06, 0.04]);
        return (frame, vec![0, 1, 2, 3, 4]);
    }
    let (file, rows) = match name {
        "bcg" => ("bcg.csv", None),
        "raudenbush" => ("raudenbush1985.csv", None),
        "hackshaw" => ("hackshaw1998.csv", None),
        "normand" => ("normand1999.csv", None),
        "three" => ("bcg.csv", Some(vec![0, 1, 2])),
        "two" => ("bcg.csv", Some(vec![3, 6])),
        _ => panic!("{name}"),
    };
    let frame = published(file);
    let rows = rows.unwrap_or_else(|| (0..frame.len()).collect());
    (frame, rows)
}

fn problem(name: &str, mods: &str) -> Problem {
    let (frame, rows) = table(name);
    let terms = Formula::parse(mods).unwrap().terms;
    let design = Design::new(&terms, &frame, &rows, Contrasts::Treatment).unwrap();
    let matrix = design.matrix(&frame, &rows, "intrcpt").unwrap();
    let pick = |name| rows.iter().map(|&row| column(&frame, name)[row]).collect::<Vec<f64>>();
    Problem::with_moderators(pick("yi"), pick("vi"), &matrix).unwrap()
}

fn fitted(case: &[String]) -> Fit {
    let [name, mods, method, test, weighting] = case else { panic!("{case:?}") };
    let mut problem = problem(name, mods);
    let mut model = Model { estimator: method.parse().unwrap(), test: test.parse().unwrap(), ..Model::default() };
    match weighting.as_str() {
        "user" => {
            let weights = problem.vi.iter().map(|v| 1.0 / (v + 0.1)).collect();
            problem = problem.weighted(weights).unwrap();
        }
        "equal" => model.weighting = Weighting::Equal,
        "inverse" => {}
        fixed => model.tau2 = Some(fixed.strip_prefix("tau2=").unwrap().parse().unwrap()),
    }
    model.fit(&problem).unwrap()
}

fn found(fit: &Fit, case: &[String], quantity: &str) -> Option<f64> {
    let (name, position) = match quantity.split_once('[') {
        Some((name, rest)) => (name, rest.trim_end_matches(']').parse::<usize>().unwrap() - 1),
        None => (quantity, 0),
    };
    let end = |ci: reffect::numeric::interval::Interval| ci.ends()[position];
    let coefficient = &fit.coefficients[position.min(fit.p - 1)];
    Some(match name {
        "tau2" => fit.tau2,
        "se_tau2" => fit.tau2_se?,
        "I2" => fit.i2,
        "H2" => fit.h2,
        "R2" => fit.r2?,
        "beta" => coefficient.estimate,
        "se" => coefficient.se,
        "p" => coefficient.p,
        "ci_lower" => coefficient.ci.lower,
        "ci_upper" => coefficient.ci.upper,
        "QE" => fit.qe,
        "QE_p" => fit.qe_p,
        "QM" => fit.qm?.statistic,
        "QM_p" => fit.qm?.p,
        "loglik" => fit.statistics.log_likelihood,
        "deviance" => fit.statistics.deviance,
        "aic" => fit.statistics.aic,
        "bic" => fit.statistics.bic,
        "aicc" => fit.statistics.aicc,
        "pi" => end(fit.prediction(PredictionInterval::Default)?.pi?),
        "tau2_ci" => end(fit.tau2_ci?),
        "I2_ci" => end(fit.i2_ci()?),
        "H2_ci" => end(fit.h2_ci()?),
        "tau2_pl" => {
            let model = Model { tau2_interval: Tau2Interval::ProfileLikelihood, ..fit.model };
            end(model.fit(&problem(&case[0], &case[1])).unwrap().tau2_ci?)
        }
        _ => panic!("{quantity}"),
    })
}

#[test]
fn univariate_models_agree_with_metafor() {
    let mut comparison = Comparison::default();
    let mut fits: BTreeMap<Vec<String>, Fit> = BTreeMap::new();
    for row in golden("meta/univariate.csv") {
        let (case, quantity) = (&row[..5], row[5].as_str());
        let fit = fits.entry(case.to_vec()).or_insert_with(|| fitted(case));
        let iterated =
            !matches!(case[2].as_str(), "FE" | "DL" | "HE" | "HS" | "HSk" | "SJ" | "GENQ") || row[5] == "tau2_ci";
        let relative = if iterated || quantity.contains("_ci") || quantity.contains("_pl") { 1e-6 } else { 1e-8 };
        let expected = number(&row[6]).unwrap();
        match found(fit, case, quantity) {
            Some(value) => comparison.close(&row[..6].join(" | "), value, expected, relative, 1e-8),
            None => comparison.close(&row[..6].join(" | "), f64::NAN, expected, relative, 0.0),
        }
    }
    comparison.finish(2000);
}
