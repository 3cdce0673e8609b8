//! What surrounds linear mixed models: F tests, profile intervals, likelihood ratios, predictions against
//! lme4, lmerTest and pbkrtest (`tests/ref/mixed/lmm_around.R`); invariances; data that allow little.

use crate::common::meta::{column, table_at};
use crate::common::{Comparison, golden, number};
use reffect::formula::{Column, Formula, Frame};
use reffect::mixed::change::{ChangePoint, two_stage};
use reffect::mixed::result::TermTest;
use reffect::mixed::{
    AnovaType, DataOptions, DfMethod, LinearFit, LinearMixedModel, MeansOf, MixedError, MixedFit, ModelData,
};

fn data(formula: &str, frame: &Frame) -> ModelData {
    ModelData::new(Formula::parse(formula).unwrap(), frame, &DataOptions::default()).unwrap()
}

fn fit(data: &ModelData, df: DfMethod) -> LinearFit {
    LinearMixedModel::default().df(df).fit(data).unwrap()
}

fn expected(case: &str, quantity: &str, name: &str) -> f64 {
    let rows = golden("mixed/lmm_around.csv");
    let row = rows.iter().find(|row| row[0] == case && row[1] == quantity && row[2] == name);
    number(&row.unwrap_or_else(|| panic!("{case} {quantity} {name}"))[3]).unwrap()
}

/// `tests/ref/mixed/types_one_two.R`.
#[test]
fn tests_of_types_one_and_two_are_those_of_lmertest() {
    let mut comparison = Comparison::default();
    for row in golden("mixed/types_one_two.csv") {
        let frame = table_at(&format!("published/{}", row[1]));
        let fit = fit(&data(&row[0], &frame), row[2].parse().unwrap());
        let kind = if row[3] == "1" { AnovaType::I } else { AnovaType::II };
        let test = fit.anova(kind).unwrap().into_iter().find(|test| test.term == row[4]).unwrap().test.unwrap();
        let what = format!("{} {} {kind} {}", row[0], row[2], row[4]);
        comparison.close(&format!("{what} F"), test.f, number(&row[5]).unwrap(), 1e-6, 0.0);
        comparison.close(&format!("{what} num"), test.num_df as f64, number(&row[6]).unwrap(), 1e-12, 0.0);
        comparison.close(&format!("{what} den"), test.den_df.unwrap(), number(&row[7]).unwrap(), 1e-5, 0.0);
    }
    comparison.finish(200);
}

#[test]
fn type_iii_tests_are_those_of_lmertest() {
    let mut comparison = Comparison::default();
    for (case, formula, file) in [
        ("sleepstudy_factor", "Reaction ~ factor(Days) + (1 | Subject)", "published/sleepstudy.csv"),
        ("orthodont", "distance ~ age * Sex + (age | Subject)", "published/orthodont.csv"),
        ("epil", "log1p(y) ~ lbase * trt + trt * factor(period) + (1 | subject)", "published/epil.csv"),
        (
            "grouseticks",
            "log1p(TICKS) ~ factor(YEAR) * cHEIGHT + (1 | BROOD) + (1 | LOCATION)",
            "published/grouseticks.csv",
        ),
    ] {
        let frame = table_at(file);
        let data = data(formula, &frame);
        for (code, df) in [("s", DfMethod::Satterthwaite), ("kr", DfMethod::KenwardRoger)] {
            let fit = fit(&data, df);
            for TermTest { term, test, .. } in fit.anova(AnovaType::III).unwrap() {
                let of = |quantity: &str| expected(case, &format!("{quantity}_{code}"), &term);
                let (what, test) = (format!("{case} {code} {term}"), test.unwrap());
                comparison.close(&format!("{what} F"), test.f, of("F"), 1e-6, 0.0);
                comparison.close(&format!("{what} num"), test.num_df as f64, of("num"), 1e-12, 0.0);
                comparison.close(&format!("{what} den"), test.den_df.unwrap(), of("den"), 1e-5, 0.0);
            }
        }
    }
    comparison.finish(60);
}

/// lme4's ends are read off splines through its profile, so that they agree to 1e-4 of the width.
#[test]
fn profile_intervals_are_those_of_lme4() {
    let mut comparison = Comparison::default();
    for (case, formula, file, names) in [
        (
            "profile_sleepstudy",
            "Reaction ~ Days + (Days | Subject)",
            "published/sleepstudy.csv",
            vec!["sd_(Intercept)|Subject", "sd_Days|Subject"],
        ),
        (
            "profile_pastes",
            "strength ~ 1 + (1 | batch/cask)",
            "published/pastes.csv",
            vec!["sd_(Intercept)|cask:batch", "sd_(Intercept)|batch"],
        ),
        ("profile_dyestuff", "Yield ~ 1 + (1 | Batch)", "published/dyestuff.csv", vec!["sd_(Intercept)|Batch"]),
    ] {
        let frame = table_at(file);
        let data = data(formula, &frame);
        let profile = fit(&data, DfMethod::None).profile(false).unwrap().intervals;
        let mut check = |name: &str, found: reffect::numeric::interval::Interval| {
            let (lower, upper) = (expected(case, "lower", name), expected(case, "upper", name));
            comparison.close(&format!("{case} {name} lower"), found.lower, lower, 0.0, 1e-4 * (upper - lower));
            comparison.close(&format!("{case} {name} upper"), found.upper, upper, 0.0, 1e-4 * (upper - lower));
        };
        data.x.names.iter().zip(&profile.fixef).for_each(|(name, ci)| check(name, *ci));
        check("sigma", profile.sigma.unwrap());
        names.iter().zip(profile.sd.concat()).for_each(|(name, ci)| check(name, ci));
        if case == "profile_sleepstudy" {
            check("cor_Days.(Intercept)|Subject", profile.cor[0][0]);
        }
    }
    comparison.finish(24);
}

#[test]
fn likelihood_ratios_and_predictions_are_those_of_lme4() {
    let frame = table_at("published/sleepstudy.csv");
    let slope = data("Reaction ~ Days + (Days | Subject)", &frame);
    let fitted = fit(&slope, DfMethod::Satterthwaite);
    let mut comparison = Comparison::default();
    let found = fitted.compare(&data("Reaction ~ Days + (1 | Subject)", &frame)).unwrap();
    let test = found.test.unwrap();
    comparison.close("slope", test.statistic, expected("compare", "chisq", "slope by REML"), 1e-7, 0.0);
    assert_eq!(test.df, 2.0);
    // ½χ²(1) + ½χ²(2)
    assert!(found.p_boundary.unwrap() < test.p && found.p_boundary.unwrap() > 0.5 * test.p);
    let found = fitted.compare(&data("Reaction ~ 1 + (Days | Subject)", &frame)).unwrap();
    comparison.close("Days", found.test.unwrap().statistic, expected("compare", "chisq", "Days by ML"), 1e-7, 0.0);
    assert!(found.p_boundary.is_none() && found.notes[0].contains("full maximum likelihood"));
    let intercept = data("Reaction ~ Days + (1 | Subject)", &frame);
    let found = fit(&intercept, DfMethod::None).compare(&data("Reaction ~ Days", &frame)).unwrap();
    let test = found.test.unwrap();
    comparison.close("subjects", test.statistic, expected("compare", "chisq", "subjects by REML"), 1e-7, 0.0);
    assert!((found.p_boundary.unwrap() - 0.5 * test.p).abs() < 1e-15 * test.p);
    let mut new = Frame::default();
    new.numbers("Days", vec![3.0, 12.0, 5.0]);
    new.numbers("Subject", vec![308.0, 372.0, 999.0]);
    for (at, found) in fitted.predict(&new).unwrap().iter().enumerate() {
        let name = (at + 1).to_string();
        comparison.close("population", found.population.unwrap(), expected("predict", "population", &name), 1e-7, 0.0);
        comparison.close(
            "conditional",
            found.conditional.unwrap(),
            expected("predict", "conditional", &name),
            1e-6,
            0.0,
        );
        comparison.close("se", found.se.unwrap(), expected("predict", "se", &name), 1e-6, 0.0);
    }
    comparison.finish(12);
}

/// Days × 24,000 and reaction times in other units: lme4 1.1-31 stops 9.9 deviance units too high.
#[test]
fn units_and_origins_do_not_matter() {
    let frame = table_at("published/sleepstudy.csv");
    let original = data("Reaction ~ Days + (Days | Subject)", &frame);
    let expected = fit(&original, DfMethod::Satterthwaite);
    let n = original.n() as f64;
    for (scale_x, shift_x, scale_y, shift_y) in
        [(24_000.0, 0.0, 1e-6, 0.0), (1e-7, 0.0, 1e9, 0.0), (1.0, 20_000.0, 1.0, -251.0), (3.0, -1e6, 1e-3, 1e4)]
    {
        let mut frame = frame.clone();
        frame.numbers("x", column(&frame, "Days").iter().map(|x| scale_x * x + shift_x).collect());
        frame.numbers("z", column(&frame, "Reaction").iter().map(|y| scale_y * y + shift_y).collect());
        let data = data("z ~ x + (x | Subject)", &frame);
        let found = fit(&data, DfMethod::Satterthwaite);
        assert!(found.converged());
        // The restricted likelihood changes by the Jacobians of y and of X.
        let jacobian = 2.0 * (n - 2.0) * scale_y.ln() + 2.0 * f64::ln(scale_x);
        let what = format!("{scale_x} {shift_x} {scale_y} {shift_y}");
        assert!((found.criterion() - jacobian - expected.criterion()).abs() < 1e-6, "{what}: {}", found.criterion());
        let (a, b) = (&found.summary().fixef[1], &expected.summary().fixef[1]);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-6 * b.abs();
        assert!(close(a.estimate * scale_x / scale_y, b.estimate) && close(a.se * scale_x / scale_y, b.se), "{what}");
        assert!(close(a.df.unwrap(), b.df.unwrap()), "{what}: {:?}", a.df);
        let (a, b) = (&found.varcorr()[0], &expected.varcorr()[0]);
        assert!(close(a.sd[1] * scale_x / scale_y, b.sd[1]), "{what}: {:?}", a.sd);
        assert!(close(found.sigma().unwrap() / scale_y, expected.sigma().unwrap()), "{what}");
    }
}

#[test]
fn the_order_of_rows_and_the_names_of_levels_do_not_matter() {
    let frame = table_at("published/grouseticks.csv");
    let formula = "log1p(TICKS) ~ cHEIGHT + (1 | BROOD) + (cHEIGHT | LOCATION)";
    let expected_data = data(formula, &frame);
    let expected = fit(&expected_data, DfMethod::Satterthwaite);
    let n = frame.len();
    let order: Vec<usize> = (0..n).map(|at| at * 37 % n).collect();
    let mut shuffled = Frame::default();
    for name in ["TICKS", "cHEIGHT"] {
        let values = column(&frame, name);
        shuffled.numbers(name, order.iter().map(|&row| values[row]).collect());
    }
    for name in ["BROOD", "LOCATION"] {
        let values = column(&frame, name);
        // Other names in another order, in another script.
        shuffled.texts(name, order.iter().map(|&row| Some(format!("群{}", 9999.0 - values[row]))));
    }
    let found_data = data(formula, &shuffled);
    let found = fit(&found_data, DfMethod::Satterthwaite);
    assert!(!n.is_multiple_of(37));
    assert!((found.criterion() - expected.criterion()).abs() < 1e-8);
    for (a, b) in found.summary().fixef.iter().zip(&expected.summary().fixef) {
        assert!((a.estimate - b.estimate).abs() < 1e-7 * b.se && (a.se - b.se).abs() < 1e-6 * b.se);
        assert!((a.df.unwrap() - b.df.unwrap()).abs() < 1e-4 * b.df.unwrap());
    }
}

#[test]
fn contrasts_and_means_are_sums_of_coefficients() {
    let frame = table_at("published/orthodont.csv");
    let data = data("distance ~ age * Sex + (age | Subject)", &frame);
    let fit = fit(&data, DfMethod::Satterthwaite);
    let beta = fit.fixef().to_vec();
    let slope = fit.contrast("slope of boys", &[0.0, 1.0, 0.0, 1.0]).unwrap();
    assert!((slope.estimate - beta[1] - beta[3]).abs() < 1e-12);
    // Ages 8, 10, 12 and 14 for everyone.
    let of = |name: &str| MeansOf { factors: vec![name.to_owned()], ..MeansOf::default() };
    let means = fit.means(&of("Sex")).unwrap().means;
    assert_eq!(means.iter().map(|of| of.mean.name.as_str()).collect::<Vec<_>>(), ["Female", "Male"]);
    assert!((means[1].mean.estimate - beta[0] - beta[2] - 11.0 * (beta[1] + beta[3])).abs() < 1e-10);
    assert!(fit.means(&of("age")).unwrap_err().to_string().contains("no factor"));
    assert!(fit.contrast("c", &[1.0]).unwrap_err().to_string().contains("4 coefficients"));
}

/// With the same visits for everyone, the model with all effects random and the two stages agree in
/// estimate and, where the fit is not singular, in standard error and df.
#[test]
fn two_stages_are_the_exact_form_of_a_balanced_model() {
    let mut frame = table_at("examples/als-40.csv");
    let mut formula = Formula::parse("alsfrs ~ month + (month | patient)").unwrap();
    let change = ChangePoint { time: "month".to_owned(), at: 0.0 };
    change.add_to(&mut formula, &mut frame).unwrap();
    assert_eq!(column(&frame, &change.column()), column(&frame, "post"));
    let data = ModelData::new(formula, frame, &DataOptions::default()).unwrap();
    assert_eq!(data.x.names, ["(Intercept)", "month", "month_after_0"]);
    assert_eq!(data.random[0].names, data.x.names);
    let fit = fit(&data, DfMethod::KenwardRoger);
    assert!(!fit.singular());
    let functions = change.functions(&data).unwrap().map(|(name, weights)| (name.to_owned(), weights));
    let found = two_stage(&data, &functions, 0.95).unwrap().unwrap();
    assert_eq!((found.levels, found.all, found.group.as_str()), (40, 40, "patient"));
    for (stage, (name, weights)) in found.rows.iter().zip(&functions) {
        let model = fit.contrast(name, weights).unwrap();
        assert!((stage.estimate - model.estimate).abs() < 1e-9, "{name}");
        assert!((stage.se - model.se).abs() < 1e-6 * model.se, "{name}: {} {}", stage.se, model.se);
        assert!((stage.df.unwrap() - model.df.unwrap()).abs() < 1e-3, "{name}: {:?}", model.df);
    }
}

#[test]
fn columns_of_different_lengths_are_no_frame() {
    let mut frame = Frame::default();
    frame.numbers("y", vec![1.0, 2.0, 4.0, 3.0]);
    frame.numbers("x", vec![0.0, 1.0]);
    let told = refusal("y ~ x", &frame);
    assert!(told.contains("the column x has 2 rows, and y has 4"), "{told}");
}

fn refusal(formula: &str, frame: &Frame) -> String {
    let parsed = Formula::parse(formula).unwrap();
    let told = |error: MixedError| match error {
        MixedError::Data { message, hint } => format!("{message}; {hint}"),
        other => other.to_string(),
    };
    match ModelData::new(parsed, frame, &DataOptions::default()) {
        Ok(data) => {
            told(LinearMixedModel::default().fit(&data).err().unwrap_or_else(|| panic!("{formula} was fitted")))
        }
        Err(error) => told(error),
    }
}

#[test]
fn data_that_cannot_be_fitted_are_refused_with_the_reason() {
    let mut frame = Frame::default();
    frame.numbers("y", vec![1.0, 2.5, 3.0, 2.0, 4.0, 3.5]);
    frame.numbers("same", vec![7.0; 6]);
    frame.numbers("t", vec![0.0, 1.0, 2.0, 0.0, 1.0, 2.0]);
    frame.texts("one", (0..6).map(|_| Some("a".to_owned())));
    frame.texts("each", (0..6).map(|row| Some(format!("r{row}"))));
    frame.texts("two", (0..6).map(|row| Some(format!("p{}", row / 3))));
    frame.texts("words", (0..6).map(|row| Some(format!("w{}", row % 2))));
    frame.texts("gone", (0..6).map(|_| None));
    for (formula, said) in [
        ("y ~ t + (1 | one)", "1 level"),
        ("y ~ t + (1 | each)", "every group has one row"),
        ("y ~ 1 + (1 + t + I(t^2) | two)", "6 effects and the table 6 rows"),
        ("same ~ t + (1 | two)", "the response is 7 in every row"),
        ("words ~ t + (1 | two)", "holds texts"),
        ("y ~ factor(each) + (1 | two)", "cannot determine"),
        ("y ~ t + (1 | nobody)", "no column `nobody`"),
        ("y ~ t + (1 | gone)", "every row lacks a value"),
        ("y ~ t + (0 | two)", "nothing varies"),
        ("y ~ t", "no random part"),
        ("I(2 * t) ~ t + (1 | two)", "fit every row exactly"),
        ("cbind(y, t) ~ 1 + (1 | two)", "binomial"),
    ] {
        let found = refusal(formula, &frame);
        assert!(found.contains(said), "{formula}: {found}");
    }
}

#[test]
fn two_patients_are_fitted_and_flagged() {
    let mut frame = Frame::default();
    frame.numbers("y", vec![1.0, 2.5, 3.0, 2.0, 4.0, 3.5]);
    frame.numbers("t", vec![0.0, 1.0, 2.0, 0.0, 1.0, 2.0]);
    frame.texts("id", (0..6).map(|row| Some(format!("p{}", row / 3))));
    let data = data("y ~ t + (1 | id)", &frame);
    let summary = fit(&data, DfMethod::Satterthwaite).summary();
    assert!(summary.converged && summary.notes.iter().any(|note| note.contains("2 levels")), "{:?}", summary.notes);
    assert!(summary.fixef.iter().all(|row| row.se.is_finite() && row.df.is_some_and(f64::is_finite)));
}

#[test]
fn missing_rows_and_dependent_columns_are_left_out_and_named() {
    let mut frame = table_at("published/sleepstudy.csv");
    let mut reaction = column(&frame, "Reaction");
    reaction[4] = f64::NAN;
    frame.numbers("Reaction", reaction);
    frame.numbers("hours", column(&frame, "Days").iter().map(|days| 24.0 * days).collect());
    let data = data("Reaction ~ Days + hours + (Days | Subject)", &frame);
    assert_eq!((data.n(), data.missing[4].as_deref()), (179, Some("Reaction")));
    assert_eq!(data.dropped.len(), 1);
    assert_eq!(data.dropped[0].name, "hours");
    assert!((data.dropped[0].combination[1] - 24.0).abs() < 1e-9);
    assert!(data.estimable(&[1.0, 2.0, 48.0]).is_some() && data.estimable(&[0.0, 0.0, 1.0]).is_none());
    assert_eq!(fit(&data, DfMethod::Satterthwaite).fixef().len(), 2);
}

/// The same seed gives the same percentiles, whatever the threads do; they lie near the profile's.
#[test]
fn bootstrap_intervals_repeat_and_lie_near_the_profile() {
    let frame = table_at("published/sleepstudy.csv");
    let data = data("Reaction ~ Days + (Days | Subject)", &frame);
    let fit = LinearMixedModel::default().reml(false).df(DfMethod::None).fit(&data).unwrap();
    let run = |seed| fit.bootstrap(400, seed).unwrap();
    let first = run(7);
    assert_eq!(first, run(7));
    assert_ne!(first, run(8));
    let profile = fit.profile(false).unwrap();
    for (a, b) in first.intervals.fixef.iter().zip(&profile.intervals.fixef) {
        assert!((a.lower - b.lower).abs() < 0.15 * b.width() && (a.upper - b.upper).abs() < 0.15 * b.width());
    }
    assert!(fit.bootstrap_watched(100_000, 1, &mut |done| done < 3).unwrap().is_none());
    // A profile tells how many of its parameters are done, and stops when it is told to.
    let mut told = Vec::new();
    let watched = fit.profile_watched(false, &mut |done| {
        told.push(done);
        true
    });
    assert_eq!((watched.unwrap(), fit.profiled()), (Some(profile), 6));
    assert_eq!(told, [1, 2, 3, 4, 5, 6]);
    assert!(fit.profile_watched(false, &mut |done| done < 2).unwrap().is_none());
}

/// Groups of texts and of numbers, and a reference level.
#[test]
fn numbers_and_texts_make_the_same_groups() {
    let frame = table_at("published/sleepstudy.csv");
    let mut texts = frame.clone();
    texts.texts("Subject", column(&frame, "Subject").iter().map(|id| Some(format!("{id}"))));
    assert!(matches!(texts.column("Subject"), Some(Column::Texts { .. })));
    let (a, b) = (data("Reaction ~ Days + (1 | Subject)", &frame), data("Reaction ~ Days + (1 | Subject)", &texts));
    assert_eq!(a.random[0].levels, b.random[0].levels);
    assert_eq!(fit(&a, DfMethod::None).criterion(), fit(&b, DfMethod::None).criterion());
}
