//! Models of repeated visits, against nlme and against formulas with matrices of all rows.

use reffect::formula::{Formula, Frame};
use reffect::mixed::{DataOptions, DfMethod, MarginalFit, MarginalModel, MixedError, MixedFit, ModelData};
use reffect::numeric::matrix::Matrix;
use reffect::read::read_frame;
use std::collections::BTreeMap;
use std::path::Path;

fn frame(name: &str) -> Frame {
    let folder = match name {
        "orthodont" => "data/published",
        "visits" => "data/examples",
        _ => "tests/ref/mmrm",
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{folder}/{name}.csv"));
    read_frame(path).unwrap()
}

/// One fit as the reference tables name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Case {
    data: String,
    formula: String,
    structure: String,
    time: String,
    subject: String,
    method: String,
    by: String,
}

fn fit_with(case: &Case, frame: &Frame, df: DfMethod, weights: Option<&str>) -> Result<MarginalFit, MixedError> {
    let options = DataOptions {
        needed: vec![case.time.clone(), case.subject.clone()],
        weights: weights.map(str::to_owned),
        ..DataOptions::default()
    };
    let data = ModelData::new(Formula::parse(&case.formula).unwrap(), frame, &options)?;
    let model = MarginalModel::new(case.structure.parse().unwrap(), &case.time, &case.subject);
    let model = if case.by.is_empty() { model } else { model.by(&case.by) };
    model.reml(case.method == "REML").df(df).fit(data)
}

fn fit(case: &Case, df: DfMethod) -> MarginalFit {
    fit_with(case, &frame(&case.data), df, None).unwrap()
}

/// The values of each case by field and index.
fn reference(text: &str) -> BTreeMap<Case, Vec<(String, usize, f64)>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut cases: BTreeMap<Case, Vec<(String, usize, f64)>> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let get =
            |name: &str| header.iter().position(|column| column == name).map_or(String::new(), |at| row[at].to_owned());
        let case = Case {
            data: get("data"),
            formula: get("formula"),
            structure: get("structure"),
            time: get("time"),
            subject: get("subject"),
            method: get("method"),
            by: get("by"),
        };
        let value = (get("field"), get("index").parse().unwrap(), get("value").parse().unwrap());
        cases.entry(case).or_default().push(value);
    }
    cases
}

#[track_caller]
fn agree(found: f64, expected: f64, tolerance: f64, what: &str) {
    let difference = (found - expected).abs() / expected.abs().max(1e-3);
    assert!(difference <= tolerance, "{what}: {found} for {expected}, relative difference {difference:.1e}");
}

#[test]
fn criterion_and_estimates_agree_with_nlme() {
    let cases = reference(include_str!("../ref/mmrm/gls.csv"));
    assert_eq!(cases.len(), 26);
    for (case, values) in cases {
        let model = fit(&case, DfMethod::None);
        for (field, index, value) in values {
            let what = format!("{case:?} {field} {index}");
            match field.as_str() {
                "criterion" => agree(model.criterion(), value, 1e-8, &what),
                // gls stops where the criterion no longer falls; its estimates are up to 2e-4 off (us under ML).
                "estimate" => agree(model.fixef()[index - 1], value, 3e-4, &what),
                // Under ML gls multiplies standard errors by √(n/(n − p)).
                "se" => {
                    let own = model.vcov()[(index - 1, index - 1)].sqrt();
                    let (n, p) = (frame(&case.data).len() as f64, model.fixef().len() as f64);
                    let factor = if case.method == "ML" { (n / (n - p)).sqrt() } else { 1.0 };
                    agree(own * factor, value, 3e-4, &what);
                }
                "sigma" => {
                    let cov = &model.residual_covariance()[0].cov;
                    // varIdent's first stratum is the visit of the first row, here also the first visit.
                    agree(cov[(0, 0)].sqrt(), value, 3e-4, &what);
                }
                _ => panic!("{field} is unknown"),
            }
        }
    }
}

#[test]
fn everything_agrees_with_matrices_of_all_rows() {
    let cases = reference(include_str!("../ref/mmrm/dense.csv"));
    assert_eq!(cases.len(), 15);
    for (case, values) in cases {
        let restricted = case.method == "REML";
        let (satterthwaite, kenward_roger) =
            (fit(&case, DfMethod::Satterthwaite), restricted.then(|| fit(&case, DfMethod::KenwardRoger)));
        let p = satterthwaite.fixef().len();
        let slopes = Matrix::from_fn(p - 1, p, |row, column| f64::from(u8::from(column == row + 1)));
        let unit = |at: usize| (0..p).map(|other| f64::from(u8::from(other == at))).collect::<Vec<f64>>();
        let joint = satterthwaite.joint(&slopes).unwrap().unwrap();
        let adjusted = kenward_roger.as_ref().map(|model| model.joint(&slopes).unwrap().unwrap());
        let covariances = satterthwaite.residual_covariance();
        for (field, index, value) in values {
            let what = format!("{case:?} {field} {index}");
            match field.as_str() {
                "criterion" => agree(satterthwaite.criterion(), value, 1e-10, &what),
                "estimate" => agree(satterthwaite.fixef()[index - 1], value, 1e-7, &what),
                "se" => agree(satterthwaite.vcov()[(index - 1, index - 1)].sqrt(), value, 1e-7, &what),
                "df" => {
                    agree(satterthwaite.df(&unit(index - 1)).unwrap().unwrap(), value, 1e-5, &what);
                    if let Some(model) = &kenward_roger {
                        agree(model.df(&unit(index - 1)).unwrap().unwrap(), value, 1e-5, &what);
                    }
                }
                "kr_se" => {
                    let model = kenward_roger.as_ref().unwrap();
                    agree(model.vcov()[(index - 1, index - 1)].sqrt(), value, 1e-6, &what);
                }
                "fai_F" => agree(joint.f, value, 1e-6, &what),
                "fai_den" => agree(joint.den_df.unwrap(), value, 1e-5, &what),
                "kr_F" => agree(adjusted.unwrap().f, value, 1e-5, &what),
                "kr_den" => agree(adjusted.unwrap().den_df.unwrap(), value, 1e-5, &what),
                "cov" => {
                    let m = covariances[0].times.len();
                    let at = index - 1;
                    agree(covariances[at / (m * m)].cov[(at / m % m, at % m)], value, 1e-5, &what);
                }
                _ => panic!("{field} is unknown"),
            }
        }
    }
}

fn visits(structure: &str, formula: &str) -> Case {
    let text = |text: &str| text.to_owned();
    Case {
        data: text("visits"),
        formula: text(formula),
        structure: text(structure),
        time: text("visit"),
        subject: text("patient"),
        method: text("REML"),
        by: String::new(),
    }
}

#[test]
fn two_visits_are_the_paired_t_test_for_every_structure_with_two_variances() {
    // t.test(extra ~ group, paired = TRUE): t = 4.0621, df = 9, p = 0.002833
    for structure in ["us", "csh", "ar1h", "toeph"] {
        let case = Case { data: "sleep".to_owned(), time: "drug".to_owned(), ..visits(structure, "extra ~ drug") };
        let model = fit(&case, DfMethod::KenwardRoger);
        let one = model.linear("drug", &[0.0, 1.0]).unwrap();
        agree(one.estimate, 1.58, 1e-12, structure);
        agree(one.se, 0.388_958_723_888_395, 1e-9, structure);
        agree(one.df.unwrap(), 9.0, 1e-7, structure);
        agree(one.p, 0.002_832_890_197_384, 1e-7, structure);
    }
}

#[test]
fn scale_and_shift_of_covariates_do_not_matter() {
    let case = visits("us", "change ~ base + visit * arm");
    let plain = frame("visits");
    let reffect::formula::Column::Numbers(base) = plain.column("base").unwrap().clone() else { panic!() };
    let reffect::formula::Column::Numbers(change) = plain.column("change").unwrap().clone() else { panic!() };
    let mut moved = plain.clone();
    moved.numbers("base", base.iter().map(|x| 24_000.0 * x + 3e6).collect());
    moved.numbers("change", change.iter().map(|y| y / 1e6).collect());
    let (one, two) = (
        fit_with(&case, &plain, DfMethod::KenwardRoger, None).unwrap(),
        fit_with(&case, &moved, DfMethod::KenwardRoger, None).unwrap(),
    );
    for at in 2..13 {
        agree(two.fixef()[at] * 1e6, one.fixef()[at], 1e-8, "estimate");
        agree(two.vcov()[(at, at)] * 1e12, one.vcov()[(at, at)], 1e-8, "variance");
    }
    agree(two.fixef()[1] * 24_000.0 * 1e6, one.fixef()[1], 1e-7, "slope");
    let shift = -2.0 * (185.0 - 13.0) * 1e6f64.ln() + 2.0 * 24_000f64.ln();
    agree(two.criterion(), one.criterion() + shift, 1e-9, "criterion");
}

#[test]
fn visits_are_in_the_order_of_their_numbers() {
    let case = visits("ar1", "change ~ base");
    let plain = frame("visits");
    let reffect::formula::Column::Texts { values, .. } = plain.column("visit").unwrap().clone() else { panic!() };
    let mut renamed = plain.clone();
    // V5 and V6 become V10 and V11, which come before V2 by their characters.
    let name = |text: Option<String>| text.map(|text| text.replace("V6", "V11").replace("V5", "V10"));
    renamed.texts("visit", values.into_iter().map(name));
    let one = fit_with(&case, &plain, DfMethod::None, None).unwrap();
    let two = fit_with(&case, &renamed, DfMethod::None, None).unwrap();
    agree(two.criterion(), one.criterion(), 1e-12, "criterion");
    assert_eq!(two.residual_covariance()[0].times, ["V1", "V2", "V3", "V4", "V10", "V11"]);
}

#[test]
fn doubled_weights_halve_the_variance() {
    let case = visits("cs", "change ~ base + visit * arm");
    let mut table = frame("visits");
    table.numbers("w", vec![2.0; table.len()]);
    let one = fit_with(&case, &table, DfMethod::None, None).unwrap();
    let two = fit_with(&case, &table, DfMethod::None, Some("w")).unwrap();
    agree(two.criterion(), one.criterion(), 1e-9, "criterion");
    agree(two.residual_covariance()[0].cov[(0, 0)], 2.0 * one.residual_covariance()[0].cov[(0, 0)], 1e-8, "variance");
    agree(two.vcov()[(1, 1)], one.vcov()[(1, 1)], 1e-8, "variance of a coefficient");
}

#[test]
fn what_cannot_be_estimated_is_refused() {
    let message = |result: Result<MarginalFit, MixedError>| result.map(|_| ()).unwrap_err().to_string();
    let case = visits("us", "change ~ base");
    let plain = frame("visits");
    let twice = Case { time: "arm".to_owned(), ..case.clone() };
    assert!(message(fit_with(&twice, &plain, DfMethod::None, None)).contains("two rows at arm"), "duplicate");
    let texts = Case { structure: "car1".to_owned(), ..case.clone() };
    assert!(message(fit_with(&texts, &plain, DfMethod::None, None)).contains("numbers"), "car1");
    let by = Case { by: "visit".to_owned(), ..case.clone() };
    assert!(message(fit_with(&by, &plain, DfMethod::None, None)).contains("more than one level"), "by");
    let days = Case { time: "day".to_owned(), ..case.clone() };
    assert!(message(fit_with(&days, &plain, DfMethod::None, None)).contains("nobody has both"), "pairs");
    // Six visits of six subjects: a residual covariance that nothing holds away from singular.
    let mut few = Frame::default();
    few.numbers("id", (0..36).map(|at| f64::from(at / 6)).collect());
    few.numbers("t", (0..36).map(|at| f64::from(at % 6)).collect());
    few.numbers("y", (0..36).map(|at| f64::from(at * 7 % 23) + f64::from(at % 5)).collect());
    let six = Case { time: "t".to_owned(), subject: "id".to_owned(), ..visits("us", "y ~ factor(t)") };
    assert!(message(fit_with(&six, &few, DfMethod::None, None)).contains("positive definite"), "six");
    let ml = Case { method: "ML".to_owned(), ..case };
    assert!(message(fit_with(&ml, &plain, DfMethod::KenwardRoger, None)).contains("REML"), "Kenward-Roger");
    let mut exact = Frame::default();
    exact.numbers("y", vec![1.0, 2.0, 1.0, 2.0, 1.0, 2.0]);
    exact.numbers("t", vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    exact.numbers("id", vec![1.0, 1.0, 2.0, 2.0, 3.0, 3.0]);
    let case = Case { time: "t".to_owned(), subject: "id".to_owned(), ..visits("cs", "y ~ t") };
    assert!(message(fit_with(&case, &exact, DfMethod::None, None)).contains("exactly"), "exact");
    exact.numbers("y", vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.1]);
    let us = Case { structure: "us".to_owned(), ..case };
    // The two visits of each subject differ by exactly 1 but for rounding in one: a correlation near 1.
    assert!(fit_with(&us, &exact, DfMethod::Satterthwaite, None).is_ok());
}

/// By full maximum likelihood, against covariances written by hand (tests/ref/mmrm/profile.py).
#[test]
fn profiles_of_standard_deviations_and_correlations_agree_with_a_search_of_their_own() {
    let mut expected: BTreeMap<String, Vec<(usize, f64, f64)>> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(include_str!("../ref/mmrm/profile.csv").as_bytes());
    for row in reader.records() {
        let row = row.unwrap();
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        expected.entry(row[0].to_owned()).or_default().push((number(1) as usize - 1, number(2), number(3)));
    }
    assert!(expected.len() >= 8);
    let table = frame("orthodont");
    for (structure, ends) in expected {
        let text = |text: &str| text.to_owned();
        let case = Case {
            data: text("orthodont"),
            formula: text("distance ~ age * Sex"),
            time: text("age"),
            subject: text("Subject"),
            ..visits(&structure, "")
        };
        let model = fit_with(&case, &table, DfMethod::None, None).unwrap();
        let profiles = model.profile(true).unwrap();
        let parameters = &model.residual_covariance()[0].parameters;
        assert_eq!((profiles.intervals.residual.len(), parameters.len()), (ends.len(), ends.len()), "{structure}");
        for (at, lower, upper) in ends {
            let name = &parameters[at].name;
            agree(profiles.intervals.residual[at].lower, lower, 1e-5, &format!("{structure} {name} lower"));
            agree(profiles.intervals.residual[at].upper, upper, 1e-5, &format!("{structure} {name} upper"));
        }
        assert_eq!(profiles.traces.len(), parameters.len() + 4);
        for trace in &profiles.traces {
            let rises =
                trace.points.windows(2).all(|pair| pair[0].value < pair[1].value && pair[0].zeta < pair[1].zeta);
            assert!(rises && trace.points.len() >= 9, "{structure} {}: {:?}", trace.parameter, trace.points);
        }
    }
}

#[test]
fn names_of_visits_and_the_order_of_rows_do_not_matter_without_a_sequence() {
    let plain = frame("visits");
    let texts = |name: &str| match plain.column(name).unwrap() {
        reffect::formula::Column::Texts { values, .. } => values.clone(),
        reffect::formula::Column::Numbers(_) => panic!("{name} holds numbers"),
    };
    let numbers = |name: &str| match plain.column(name).unwrap() {
        reffect::formula::Column::Numbers(values) => values.clone(),
        reffect::formula::Column::Texts { .. } => panic!("{name} holds texts"),
    };
    let rows: Vec<usize> = (0..plain.len()).map(|at| at * 97 % plain.len()).collect();
    let mut other = Frame::default();
    for name in ["change", "base"] {
        other.numbers(name, rows.iter().map(|&row| numbers(name)[row]).collect());
    }
    // V1 … V6 in another order of their names.
    let renamed = |text: Option<String>| {
        text.map(|text| format!("visit {}", ["d", "a", "f", "b", "e", "c"]["123456".find(&text[1..]).unwrap()]))
    };
    other.texts("visit", rows.iter().map(|&row| renamed(texts("visit")[row].clone())));
    other.texts("patient", rows.iter().map(|&row| texts("patient")[row].clone().map(|id| format!("x{id}"))));
    other.texts("arm", rows.iter().map(|&row| texts("arm")[row].clone()));
    for structure in ["us", "cs", "csh"] {
        let case = visits(structure, "change ~ base * arm + visit");
        let (one, two) = (
            fit_with(&case, &plain, DfMethod::KenwardRoger, None).unwrap(),
            fit_with(&case, &other, DfMethod::KenwardRoger, None).unwrap(),
        );
        agree(two.criterion(), one.criterion(), 1e-9, structure);
        agree(two.fixef()[1], one.fixef()[1], 1e-7, structure);
        let unit: Vec<f64> = (0..9).map(|at| f64::from(u8::from(at == 1))).collect();
        agree(two.vcov()[(1, 1)], one.vcov()[(1, 1)], 1e-7, structure);
        agree(two.df(&unit).unwrap().unwrap(), one.df(&unit).unwrap().unwrap(), 1e-6, structure);
    }
}

#[test]
fn compound_symmetry_is_a_random_intercept() {
    use reffect::mixed::LinearMixedModel;
    let table = frame("visits");
    let marginal = fit_with(&visits("cs", "change ~ base + visit * arm"), &table, DfMethod::None, None).unwrap();
    let formula = Formula::parse("change ~ base + visit * arm + (1 | patient)").unwrap();
    let data = ModelData::new(formula, &table, &DataOptions::default()).unwrap();
    let mixed = LinearMixedModel::default().df(DfMethod::None).fit(&data).unwrap().summary();
    agree(marginal.criterion(), mixed.criterion, 1e-10, "criterion");
    let cov = &marginal.residual_covariance()[0].cov;
    agree(cov[(0, 1)].sqrt(), mixed.varcorr[0].sd[0], 1e-6, "random intercept");
    agree((cov[(0, 0)] - cov[(0, 1)]).sqrt(), mixed.sigma.unwrap(), 1e-6, "residual");
}

#[test]
fn what_has_no_covariance_is_refused_with_its_reason() {
    let message = |result: Result<MarginalFit, MixedError>| result.map(|_| ()).unwrap_err().to_string();
    let mut table = Frame::default();
    table.numbers("id", (0..24).map(|at| f64::from(at / 3)).collect());
    table.numbers("t", (0..24).map(|at| f64::from(at % 3)).collect());
    // Change from baseline with the baseline's rows left in: 0 for everyone.
    table.numbers("y", (0..24).map(|at| f64::from((at % 3) * (at * 7 % 11))).collect());
    let case = Case { time: "t".to_owned(), subject: "id".to_owned(), ..visits("us", "y ~ factor(t)") };
    assert!(message(fit_with(&case, &table, DfMethod::None, None)).contains("at visit 0 nothing varies"));
    let csh = Case { structure: "csh".to_owned(), ..case.clone() };
    assert!(message(fit_with(&csh, &table, DfMethod::None, None)).contains("at visit 0 nothing varies"));
    // One visit each.
    table.numbers("own", (0..24).map(f64::from).collect());
    for structure in ["cs", "ar1", "csh", "car1", "us"] {
        let own = Case { structure: structure.to_owned(), subject: "own".to_owned(), ..case.clone() };
        let said = message(fit_with(&own, &table, DfMethod::None, None));
        assert!(said.contains("nobody has two visits"), "{structure}: {said}");
    }
    let id = Case { structure: "id".to_owned(), subject: "own".to_owned(), ..case };
    assert!(fit_with(&id, &table, DfMethod::Satterthwaite, None).is_ok());
}
