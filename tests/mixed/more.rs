//! Points of profiles, leverage and residuals, influence of groups, marginal means of combinations, contrasts,
//! splines and intervals of generalised models against lme4, lmerTest, emmeans and nlme
//! (`tests/ref/mixed/more.R`).

use crate::common::meta::table_at;
use crate::common::{Comparison, golden, number};
use reffect::formula::{Contrasts, Formula, Frame};
use reffect::mixed::result::{MarginalMeans, RowResidual};
use reffect::mixed::{
    DataOptions, DfMethod, Family, GeneralisedFit, GeneralisedModel, Information, LinearFit, LinearMixedModel,
    MarginalFit, MarginalModel, MeansOf, MixedFit, ModelData, ResidualStructure,
};

const SLEEP: &str = "Reaction ~ Days + (Days | Subject)";

fn data_with(formula: &str, frame: &Frame, options: &DataOptions) -> ModelData {
    ModelData::new(Formula::parse(formula).unwrap(), frame, options).unwrap()
}

fn data(formula: &str, frame: &Frame) -> ModelData {
    data_with(formula, frame, &DataOptions::default())
}

fn fit(data: &ModelData, df: DfMethod) -> LinearFit {
    LinearMixedModel::default().df(df).fit(data).unwrap()
}

/// The golden rows of a case: quantity, name, value.
fn rows(case: &str) -> Vec<(String, String, f64)> {
    let all = golden("mixed/more.csv");
    let own = all.iter().filter(|row| row[0] == case);
    let found: Vec<_> = own.map(|row| (row[1].clone(), row[2].clone(), number(&row[3]).unwrap())).collect();
    assert!(!found.is_empty(), "{case}");
    found
}

#[test]
fn points_of_profiles_are_those_of_lme4() {
    let frame = table_at("published/sleepstudy.csv");
    let data = data(SLEEP, &frame);
    let fit = fit(&data, DfMethod::None);
    let traces = fit.profile(true).unwrap().traces;
    // As lme4's confint(oldNames = FALSE) names them.
    let names: Vec<&str> = traces.iter().map(|trace| trace.parameter.as_str()).collect();
    let expected =
        ["sd_(Intercept)|Subject", "cor_Days.(Intercept)|Subject", "sd_Days|Subject", "sigma", "(Intercept)", "Days"];
    assert_eq!(names, expected);
    let mut comparison = Comparison::default();
    for (parameter, value, zeta) in rows("profile") {
        let at = names.iter().position(|name| *name == parameter).unwrap();
        let found = fit.zeta(at, &[number(&value).unwrap()]).unwrap()[0];
        if zeta.abs() > 4.0 {
            // Far out lme4 stops where a correlation is 1, before its minimum.
            assert!(found.abs() < zeta.abs() + 1e-4, "{parameter} {value}: {found} {zeta}");
            continue;
        }
        comparison.close(&format!("{parameter} {value}"), found, zeta, 2e-4, 2e-4);
    }
    comparison.finish(25);
    for trace in &traces {
        assert!(trace.points.windows(2).all(|pair| pair[0].value < pair[1].value && pair[0].zeta < pair[1].zeta));
        // The ends of the interval are among the points.
        for end in [-1.959_963_984_540_054, 1.959_963_984_540_054] {
            assert!(trace.points.iter().any(|point| (point.zeta - end).abs() < 1e-7), "{}", trace.parameter);
        }
    }
}

fn check_rows(case: &str, found: &[RowResidual]) {
    let mut comparison = Comparison::default();
    for (quantity, name, expected) in rows(case) {
        let Ok(at) = name.parse::<usize>() else { continue };
        let row = &found[at - 1].residual.unwrap();
        let value = match quantity.as_str() {
            "leverage" => row.leverage.unwrap(),
            "fitted" => row.fitted,
            "response" => row.response,
            "pearson" => row.pearson,
            "scaled" => row.scaled,
            _ => continue,
        };
        // lme4's own optimum is off by about 1e-6.
        comparison.close(&format!("{case} {quantity} {name}"), value, expected, 2e-5, 2e-5);
    }
    comparison.finish(20);
}

#[test]
fn leverage_and_residuals_are_those_of_lme4() {
    let sleep = table_at("published/sleepstudy.csv");
    let own = data(SLEEP, &sleep);
    let found = fit(&own, DfMethod::None).residuals();
    check_rows("rows sleepstudy", &found);
    // The effective number of parameters: sum(hatvalues(lmer(Reaction ~ Days + (Days | Subject), sleepstudy))).
    let sum: f64 = found.iter().map(|row| row.residual.unwrap().leverage.unwrap()).sum();
    assert!((sum - 29.0221239506).abs() < 1e-5 * 29.0, "{sum}");
    let mut weighted = sleep.clone();
    weighted.numbers("w", (1..=180).map(|at| 1.0 + f64::from(at % 5) / 3.0).collect());
    let options = DataOptions { weights: Some("w".to_owned()), ..DataOptions::default() };
    let own = data_with(SLEEP, &weighted, &options);
    check_rows("rows weights", &fit(&own, DfMethod::None).residuals());
    for (case, file, formula) in [
        ("rows nested", "published/pastes.csv", "strength ~ 1 + (1 | batch/cask)"),
        ("rows crossed", "published/penicillin.csv", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
    ] {
        let frame = table_at(file);
        let own = data(formula, &frame);
        check_rows(case, &fit(&own, DfMethod::None).residuals());
    }
}

#[test]
fn rows_that_were_left_out_keep_their_place() {
    let mut frame = table_at("published/sleepstudy.csv");
    let mut days: Vec<f64> = (0..180).map(|at| f64::from(at % 10)).collect();
    days[4] = f64::NAN;
    frame.numbers("Days", days);
    let own = data(SLEEP, &frame);
    let found = fit(&own, DfMethod::None).residuals();
    assert_eq!((found.len(), found[4].row), (180, 5));
    assert!(found[4].residual.is_none() && found[5].residual.is_some());
}

#[test]
fn influence_of_subjects_is_that_of_refits_by_lme4() {
    let frame = table_at("published/sleepstudy.csv");
    let own = data(SLEEP, &frame);
    let whole = fit(&own, DfMethod::KenwardRoger);
    let found = whole.influence("Subject").unwrap();
    assert_eq!(found.levels.len(), 18);
    assert_eq!(found.deviations, ["sd_(Intercept)|Subject", "sd_Days|Subject"]);
    let mut comparison = Comparison::default();
    for (quantity, subject, expected) in rows("influence") {
        let level = found.levels.iter().find(|level| level.level == subject).unwrap();
        let value = match quantity.as_str() {
            "(Intercept)" => level.fixef[0].unwrap(),
            "Days" => level.fixef[1].unwrap(),
            "dfbetas" => level.dfbetas[1].unwrap(),
            "cook_d" => level.cook_d.unwrap(),
            "sigma" => level.sigma.unwrap(),
            _ => level.sd[1].unwrap(),
        };
        comparison.close(&format!("{quantity} {subject}"), value, expected, 2e-5, 1e-6);
    }
    comparison.finish(108);
    assert!(whole.influence_watched("Subject", &mut |_| false).unwrap().is_none());
}

fn check_means(case: [&str; 2], found: &MarginalMeans, tolerance: f64) -> usize {
    let mut comparison = Comparison::default();
    for (quantity, name, expected) in rows(case[0]) {
        let of = &found.means.iter().find(|of| of.mean.name == name).unwrap_or_else(|| panic!("{name}")).mean;
        let value = match quantity.as_str() {
            "emmean" => of.estimate,
            "SE" => of.se,
            _ => of.df.unwrap(),
        };
        comparison.close(&format!("{} {quantity} {name}", case[0]), value, expected, tolerance, 0.0);
    }
    for (quantity, name, expected) in rows(case[1]) {
        let of = found.contrasts.iter().find(|of| of.name == name).unwrap_or_else(|| panic!("{name}"));
        let value = match quantity.as_str() {
            "estimate" => of.estimate,
            "SE" => of.se,
            "df" => of.df.unwrap(),
            "t.ratio" => of.statistic,
            _ => of.p,
        };
        comparison.close(&format!("{} {quantity} {name}", case[1]), value, expected, tolerance, 0.0);
    }
    comparison.finish(20);
    found.means.len()
}

fn asked(factors: &[&str], at: &[(&str, &[f64])]) -> MeansOf {
    MeansOf {
        factors: factors.iter().map(|name| (*name).to_owned()).collect(),
        at: at.iter().map(|(name, values)| ((*name).to_owned(), values.to_vec())).collect(),
        ..MeansOf::default()
    }
}

#[test]
fn means_of_combinations_and_their_differences_are_those_of_emmeans() {
    let frame = table_at("published/orthodont.csv");
    let own = data("distance ~ age * Sex + (age | Subject)", &frame);
    for df in [DfMethod::Satterthwaite, DfMethod::KenwardRoger] {
        let fit = fit(&own, df);
        let found = fit.means(&asked(&["Sex"], &[("age", &[8.0, 14.0])])).unwrap();
        let cases = [format!("means {df}"), format!("differences {df}")];
        assert_eq!(check_means([&cases[0], &cases[1]], &found, 1e-5), 4);
        assert_eq!(found.means[2].levels[1], ("age".to_owned(), "14".to_owned()));
    }
    let by_visit = data("distance ~ Sex * factor(age) + (1 | Subject)", &frame);
    let whole = fit(&by_visit, DfMethod::Satterthwaite);
    let found = whole.means(&asked(&["Sex", "age"], &[])).unwrap();
    assert_eq!(check_means(["means visits", "differences visits"], &found, 1e-6), 8);
    for (factors, at, told) in [
        (vec!["Sex", "Sex"], vec![], "names Sex twice"),
        (vec!["sex"], vec![], "no factor of the fixed part"),
        (vec!["Sex"], vec![("Sex", &[1.0][..])], "holds texts"),
        (vec!["Sex"], vec![("Subject2", &[1.0][..])], "no column `Subject2`"),
    ] {
        let error = whole.means(&asked(&factors, &at)).unwrap_err();
        assert!(error.to_string().contains(told), "{error}");
    }
}

fn visits(frame: &Frame, df: DfMethod) -> MarginalFit {
    let model = MarginalModel::new(ResidualStructure::Unstructured, "visit", "patient").df(df);
    model.fit(data("change ~ base + visit * arm", frame)).unwrap()
}

#[test]
fn means_by_visit_and_arm_of_repeated_measures_are_those_of_gls() {
    let mut frame = table_at("examples/visits.csv");
    frame.set_reference("arm", "placebo");
    let fit = visits(&frame, DfMethod::Satterthwaite);
    let own = fit.data();
    let found = fit.means(&asked(&["arm", "visit"], &[])).unwrap();
    let mut comparison = Comparison::default();
    for (quantity, name, expected) in rows("mmrm") {
        let mean = found.means.iter().find(|of| of.mean.name == name).map(|of| &of.mean);
        // emmeans took the arms in the order of the alphabet.
        let turned = name.replace("placebo - active", "active - placebo");
        let value = match (quantity.as_str(), mean) {
            ("emmean", Some(mean)) => mean.estimate,
            ("SE", Some(mean)) => mean.se,
            (_, None) => {
                let of = found.contrasts.iter().find(|of| of.name == turned).unwrap_or_else(|| panic!("{turned}"));
                if quantity == "difference" { -of.estimate } else { of.se }
            }
            _ => continue,
        };
        // gls stops within 1e-4 of its optimum.
        comparison.close(&format!("{quantity} {name}"), value, expected, 1e-3, 1e-3);
    }
    comparison.finish(36);
    // The last difference is the contrast of the coefficients themselves.
    let weights: Vec<f64> = own
        .x
        .names
        .iter()
        .map(|name| f64::from(u8::from(name == "armactive" || name == "visitV6:armactive")))
        .collect();
    let last = found.contrasts.last().unwrap();
    assert_eq!(last.name, "active - placebo | V6");
    assert!((last.df.unwrap() - fit.df(&weights).unwrap().unwrap()).abs() < 1e-8);
}

#[test]
fn coefficients_under_other_codings_and_splines_are_those_of_lme4() {
    let mut orthodont = table_at("published/orthodont.csv");
    let ages: Vec<f64> = (0..108).map(|at| [8.0, 10.0, 12.0, 14.0][at % 4]).collect();
    // Names in the order of the ages.
    orthodont.texts("visit", ages.iter().map(|age| Some(format!("V{age:02}"))));
    let mut als = table_at("examples/als-40.csv");
    let patients: Vec<usize> = match als.column("patient").unwrap() {
        reffect::formula::Column::Texts { values, .. } => {
            values.iter().map(|name| name.as_ref().unwrap()[1..].parse().unwrap()).collect()
        }
        reffect::formula::Column::Numbers(_) => panic!("patients are texts"),
    };
    als.texts(
        "arm",
        patients.iter().map(|at| Some(if at.is_multiple_of(2) { "active" } else { "placebo" }.to_owned())),
    );
    als.set_reference("arm", "placebo");
    let (sleep, pastes) = (table_at("published/sleepstudy.csv"), table_at("published/pastes.csv"));
    let mut comparison = Comparison::default();
    for (case, formula, frame, contrasts) in [
        ("contr.sum", "distance ~ Sex * visit + (1 | Subject)", &orthodont, Contrasts::Sum),
        ("contr.helmert", "distance ~ Sex * visit + (1 | Subject)", &orthodont, Contrasts::Helmert),
        ("spline", "distance ~ ns(age, df = 2) * Sex + (1 | Subject)", &orthodont, Contrasts::Treatment),
        ("spline slopes", "Reaction ~ ns(Days, df = 3) + (1 | Subject)", &sleep, Contrasts::Treatment),
        ("interaction", "strength ~ 1 + (1 | batch) + (1 | batch:cask)", &pastes, Contrasts::Treatment),
        ("shared baseline", "alsfrs ~ month + post + post:arm + (month | patient)", &als, Contrasts::Treatment),
    ] {
        let options = DataOptions { contrasts, ..DataOptions::default() };
        let own = data_with(formula, frame, &options);
        let fit = fit(&own, DfMethod::None);
        for (quantity, name, expected) in rows(case) {
            let value = match quantity.as_str() {
                "criterion" => fit.criterion(),
                _ => {
                    let name = name.replace("age; ", "age, ").replace("Days; ", "Days, ");
                    let at = own.x.names.iter().position(|own| *own == name);
                    let at = at.unwrap_or_else(|| panic!("{case}: {name} is not among {:?}", own.x.names));
                    if quantity == "estimate" { fit.fixef()[at] } else { fit.vcov()[(at, at)].sqrt() }
                }
            };
            let tolerance = if quantity == "criterion" { 1e-9 } else { 2e-6 };
            comparison.close(&format!("{case} {quantity} {name}"), value, expected, tolerance, 1e-7);
        }
    }
    comparison.finish(50);
}

fn cbpp() -> ModelData {
    let frame = table_at("published/cbpp.csv");
    data("cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)", &frame)
}

fn binomial(data: &ModelData) -> GeneralisedFit {
    GeneralisedModel::new(Family::Binomial).fit(data).unwrap()
}

#[test]
fn profile_intervals_and_residuals_of_a_generalised_model_are_those_of_lme4() {
    let own = cbpp();
    let fit = binomial(&own);
    let intervals = fit.profile(false).unwrap().intervals;
    let residuals = fit.residuals();
    let mut comparison = Comparison::default();
    for (quantity, name, expected) in rows("cbpp") {
        if let Ok(at) = name.parse::<usize>() {
            let row = &residuals[at - 1].residual.unwrap();
            let value = match quantity.as_str() {
                "fitted" => row.fitted,
                "pearson" => row.pearson,
                _ => row.response,
            };
            comparison.close(&format!("{quantity} {name}"), value, expected, 1e-4, 1e-4);
            continue;
        }
        let name = name.replace("period", "factor(period)");
        let interval = match own.x.names.iter().position(|own| *own == name) {
            Some(at) => intervals.fixef[at],
            None => intervals.sd[0][0],
        };
        let value = if quantity == "lower" { interval.lower } else { interval.upper };
        // lme4 reads its ends off splines, and solves u to 1e-7 alone.
        comparison.close(&format!("{quantity} {name}"), value, expected, 2e-3, 1e-3);
    }
    comparison.finish(40);
}

#[test]
fn a_bootstrap_is_the_same_for_the_same_seed_and_covers_what_it_simulates() {
    let own = cbpp();
    let fit = binomial(&own);
    let run = |seed: u64| fit.bootstrap(100, seed).unwrap();
    let (one, two, other) = (run(5), run(5), run(6));
    assert!(one == two && one != other);
    // The spread of refits is that of the standard errors: of 100, the width between the percentiles at ±1.96 SE has a
    // standard error of √(pq/100)/φ ≈ 10 %, and 4 of them are allowed.
    for (at, interval) in one.intervals.fixef.iter().enumerate() {
        let half = 1.96 * fit.vcov()[(at, at)].sqrt();
        let ratio = 0.5 * interval.width() / half;
        assert!((0.6..1.4).contains(&ratio), "{at}: {ratio}");
    }
    // Samples from known truth: of 60 simulated sets the profile interval of the second coefficient covers at
    // least 51 times (95 %: 57; below 51 with probability 0.004).
    let truth = fit.fixef()[1];
    let mut covered = 0;
    for replicate in 0..60 {
        let mut simulated = own.clone();
        let mut random = reffect::numeric::random::Random::of_replicate(9, replicate);
        simulated.y = fit.simulate(&mut random).unwrap();
        let again = binomial(&simulated);
        let interval = again.profile(false).unwrap().intervals.fixef[1];
        covered += usize::from(interval.lower <= truth && truth <= interval.upper);
    }
    assert!(covered >= 51, "{covered}");
}

/// Compound symmetry and a random intercept are the same model where its variance is not negative: the same
/// Kenward–Roger standard errors and degrees of freedom, also with missing visits, if both take the expected
/// information; with observed information the two differ there.
#[test]
fn kenward_and_roger_agree_between_compound_symmetry_and_a_random_intercept() {
    let frame = table_at("examples/visits.csv");
    let own = data("change ~ base + visit * arm + (1 | patient)", &frame);
    let mixed = fit(&own, DfMethod::KenwardRoger);
    let without = data("change ~ base + visit * arm", &frame);
    let marginal = |information| {
        let model = MarginalModel::new(ResidualStructure::CompoundSymmetry, "visit", "patient");
        model.df(DfMethod::KenwardRoger).information(information).fit(&without).unwrap()
    };
    let (expected, observed) = (marginal(Information::Expected), marginal(Information::Observed));
    let p = own.p();
    let mut largest: f64 = 0.0;
    for at in 0..p {
        let unit: Vec<f64> = (0..p).map(|other| f64::from(u8::from(other == at))).collect();
        let se = |fit: &dyn MixedFit| fit.vcov()[(at, at)].sqrt();
        let df = |fit: &dyn MixedFit| fit.df(&unit).unwrap().unwrap();
        assert!((se(&expected) - se(&mixed)).abs() < 1e-8 * se(&mixed), "{at}: {} {}", se(&expected), se(&mixed));
        assert!((df(&expected) - df(&mixed)).abs() < 1e-6 * df(&mixed), "{at}: {} {}", df(&expected), df(&mixed));
        largest = largest.max((df(&observed) / df(&mixed) - 1.0).abs());
    }
    assert!(largest > 1e-6, "{largest}");
}

/// Leverage as the diagonal of X(X′V⁻¹X)⁻¹X′V⁻¹ and scaled residuals as L⁻¹r, by the matrix of all rows.
#[test]
fn residuals_of_repeated_measures_are_those_of_the_whole_matrix() {
    use reffect::formula::Column;
    use reffect::numeric::matrix::Matrix;
    let frame = table_at("examples/visits.csv");
    let fit = visits(&frame, DfMethod::None);
    let own = fit.data();
    let found = fit.residuals();
    let of = &fit.residual_covariance()[0];
    let texts = |name: &str| match frame.column(name).unwrap() {
        Column::Texts { values, .. } => own.rows.iter().map(|&row| values[row].clone().unwrap()).collect::<Vec<_>>(),
        Column::Numbers(_) => panic!("{name} holds texts"),
    };
    let (patients, names) = (texts("patient"), texts("visit"));
    let place = |row: usize| of.times.iter().position(|time| *time == names[row]).unwrap();
    let n = own.n();
    let v = Matrix::from_fn(n, n, |i, j| if patients[i] == patients[j] { of.cov[(place(i), place(j))] } else { 0.0 });
    let x = Matrix::from_fn(n, own.p(), |row, column| own.x.columns[column][row]);
    let cholesky = v.cholesky().unwrap();
    let solved = cholesky.solve_matrix(&x);
    let hat = x.times(&x.transposed().times(&solved).cholesky().unwrap().inverse()).times(&solved.transposed());
    let fitted = x.times_vector(fit.fixef());
    let rest: Vec<f64> = own.y.iter().zip(&fitted).map(|(y, f)| y - f).collect();
    // The rows of a patient stand in the order of the visits.
    let scaled = cholesky.forward(&rest);
    for row in 0..n {
        let found = &found[own.rows[row]].residual.unwrap();
        let leverage = found.leverage.unwrap();
        assert!((leverage - hat[(row, row)]).abs() < 1e-9, "{row}: {leverage} {}", hat[(row, row)]);
        assert!((found.scaled - scaled[row]).abs() < 1e-8, "{row}: {} {}", found.scaled, scaled[row]);
        assert!((found.pearson - rest[row] / v[(row, row)].sqrt()).abs() < 1e-9);
    }
    let trace: f64 = found.iter().filter_map(|row| row.residual?.leverage).sum();
    assert!((trace - own.p() as f64).abs() < 1e-8, "{trace}");
}

/// Refits to responses simulated from a repeated-measures model, and its profile, agree with its standard errors.
#[test]
fn bootstrap_and_profile_of_repeated_measures_have_the_width_of_their_standard_errors() {
    let frame = table_at("examples/visits.csv");
    let fit = visits(&frame, DfMethod::None);
    let own = fit.data();
    let bootstrap = fit.bootstrap(60, 1).unwrap();
    let profile = fit.profile(false).unwrap().intervals;
    assert_eq!(bootstrap.failed, 0);
    for at in 0..own.p() {
        // Of 60 refits the width has a standard error of about 12 %, and 4 of them are allowed.
        let width = 2.0 * 1.96 * fit.vcov()[(at, at)].sqrt();
        let (by_refits, by_profile) =
            (bootstrap.intervals.fixef[at].width() / width, profile.fixef[at].width() / width);
        assert!((0.52..1.48).contains(&by_refits), "{at}: {by_refits}");
        assert!((0.85..1.25).contains(&by_profile), "{at}: {by_profile}");
    }
}
