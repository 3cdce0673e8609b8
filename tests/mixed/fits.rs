//! What every fit answers, whichever family it is of.

use crate::common::meta::table_at;
use reffect::formula::{Formula, Frame};
use reffect::mixed::{
    DataOptions, DfMethod, Family, GeneralisedModel, LinearMixedModel, MarginalModel, MixedError, MixedFit, ModelData,
    ResidualStructure,
};
use reffect::numeric::random::Random;

/// A fit of each family, with its data, at a level.
fn fits(level: f64) -> Vec<Box<dyn MixedFit>> {
    let data = |formula: &str, file: &str| {
        let options = DataOptions::default();
        ModelData::new(Formula::parse(formula).unwrap(), table_at(file), &options).unwrap()
    };
    let sleep = data("Reaction ~ Days + (Days | Subject)", "published/sleepstudy.csv");
    let herds = data("cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)", "published/cbpp.csv");
    let seizures = data("y ~ lbase + V4", "published/epil.csv");
    let growth = data("distance ~ age * Sex", "published/orthodont.csv");
    let marginal = MarginalModel::new(ResidualStructure::Toeplitz, "age", "Subject").df(DfMethod::KenwardRoger);
    vec![
        Box::new(LinearMixedModel::default().level(level).fit(sleep).unwrap()),
        Box::new(GeneralisedModel::new(Family::Binomial).level(level).fit(herds).unwrap()),
        Box::new(GeneralisedModel::new(Family::NegativeBinomial2).level(level).fit(seizures).unwrap()),
        Box::new(marginal.level(level).fit(growth).unwrap()),
    ]
}

#[test]
fn every_family_answers_the_same_questions() {
    for (fit, group) in fits(0.95).iter().zip(["Subject", "herd", "subject", "Subject"]) {
        let (data, summary) = (fit.data(), fit.summary());
        let kind = &summary.kind;
        let p = data.p();
        assert_eq!((fit.aic(), fit.bic(), fit.parameters()), (summary.aic, summary.bic, summary.parameters), "{kind}");
        assert_eq!((fit.loglik(), fit.criterion()), (summary.loglik(), summary.criterion), "{kind}");
        assert_eq!((fit.coefficients(), fit.sigma(), fit.varcorr()), (summary.fixef, summary.sigma, summary.varcorr));
        assert_eq!((fit.fixef().len(), fit.vcov().rows(), fit.ranef().len()), (p, p, data.random.len()), "{kind}");
        assert!(fit.converged() && !fit.singular() && summary.ranef.is_empty(), "{kind}");
        assert_eq!(fit.residuals().len(), data.frame.len(), "{kind}");
        let predicted = fit.predict(&data.frame).unwrap();
        assert!(predicted.iter().all(|row| row.population.is_some() && row.se.is_some()), "{kind}");
        let profiles = fit.profile(false).unwrap();
        assert!(profiles.traces.is_empty() && profiles.intervals.fixef.len() == p, "{kind}");
        let found = fit.bootstrap(5, 3).unwrap();
        assert_eq!((found.replicates, found.failed, found.intervals.fixef.len()), (5, 0, p), "{kind}");
        assert_eq!(found, fit.bootstrap(5, 3).unwrap(), "{kind}");
        assert!(fit.bootstrap_watched(5, 3, &mut |_| false).unwrap().is_none(), "{kind}");
        assert!(fit.profile_watched(false, &mut |_| false).unwrap().is_none(), "{kind}");
        assert!(fit.bootstrap(0, 3).is_err(), "{kind}");
        let influence = fit.influence(group).unwrap();
        assert!(influence.levels.iter().all(|level| level.cook_d.is_some_and(|cook_d| cook_d >= 0.0)), "{kind}");
        assert_eq!(influence.deviations.len(), fit.varcorr().iter().map(|term| term.sd.len()).sum::<usize>(), "{kind}");
    }
}

#[test]
fn the_level_of_a_model_is_that_of_all_its_intervals() {
    for (wide, narrow) in fits(0.95).iter().zip(fits(0.8)) {
        let what = wide.summary().kind;
        let (a, b) = (wide.profile(false).unwrap().intervals, narrow.profile(false).unwrap().intervals);
        for at in 0..wide.data().p() {
            let of = |fit: &dyn MixedFit| fit.coefficients()[at].ci.width();
            assert!(of(narrow.as_ref()) < 0.75 * of(wide.as_ref()), "{what} {at}");
            assert!(b.fixef[at].width() < 0.75 * a.fixef[at].width(), "{what} {at}");
        }
        assert_eq!((wide.fixef(), wide.criterion()), (narrow.fixef(), narrow.criterion()), "{what}");
    }
}

#[test]
fn a_level_in_per_cent_is_refused() {
    let data = |formula: &str| {
        let options = DataOptions::default();
        ModelData::new(Formula::parse(formula).unwrap(), table_at("published/epil.csv"), &options).unwrap()
    };
    let marginal = MarginalModel::new(ResidualStructure::CompoundSymmetry, "period", "subject");
    let found = [
        LinearMixedModel::default().level(95.0).fit(data("y ~ lbase + (1 | subject)")).map(|_| ()),
        GeneralisedModel::default().level(95.0).fit(data("y ~ lbase + (1 | subject)")).map(|_| ()),
        marginal.level(95.0).fit(data("y ~ lbase")).map(|_| ()),
    ];
    for found in found {
        let told = found.unwrap_err().to_string();
        assert_eq!(told, "the level of intervals is 95, and a number between 0 and 1 was expected");
    }
}

/// Rows of a file are named by their line, wherever the message comes from.
#[test]
fn messages_name_the_line_of_the_file() {
    let mut frame = table_at("examples/relapses.csv");
    let lines: Vec<u64> = (2..).take(frame.len()).collect();
    frame.numbers("rate", (0..frame.len()).map(|at| if at == 3 { 1.5 } else { at as f64 }).collect());
    frame.numbers("visit", (0..frame.len()).map(|at| if at == 6 { f64::NAN } else { (at / 12) as f64 }).collect());
    let data = |formula: &str, lines: &[u64]| {
        let options = DataOptions { lines: lines.to_vec(), ..DataOptions::default() };
        ModelData::new(Formula::parse(formula).unwrap(), &frame, &options).unwrap()
    };
    let told = |found: Result<(), MixedError>| found.unwrap_err().to_string();
    let counts = |lines| told(GeneralisedModel::default().fit(data("rate ~ after", lines)).map(|_| ()));
    assert_eq!(counts(&lines), "line 5: the response is 1.5, and a count is a whole number");
    assert_eq!(counts(&[]), "row 4: the response is 1.5, and a count is a whole number");
    // A visit that is not there is no visit: it used to count as the first one.
    let visits = MarginalModel::new(ResidualStructure::CompoundSymmetry, "visit", "patient");
    let found = told(visits.fit(data("relapses ~ after", &lines)).map(|_| ()));
    assert_eq!(found, "line 8: the column `visit` lacks a value in a row of the model");
    let needed = vec!["visit".to_owned()];
    let options = DataOptions { needed, ..DataOptions::default() };
    let data = ModelData::new(Formula::parse("relapses ~ after").unwrap(), &frame, &options).unwrap();
    assert_eq!(visits.fit(data).unwrap().data().n(), frame.len() - 1);
}

/// Where each centre has one arm, nothing tells how effects of both arms correlate; where it has both, much does.
#[test]
fn variances_that_rows_within_groups_do_not_tell_apart_are_named() {
    let mut random = Random::seeded(7);
    let shifts: Vec<[f64; 2]> = (0..12).map(|_| [0.6, 0.5].map(|sd| sd * random.normal())).collect();
    let rows: Vec<(usize, f64)> = (0..96).map(|row| (row / 8, random.normal())).collect();
    for (is_crossed, arm_of) in [(false, (|row| row / 8 % 2) as fn(usize) -> usize), (true, |row| row % 2)] {
        let mut frame = Frame::default();
        let arms = (0..96).map(arm_of);
        let shifted = || rows.iter().zip(arms.clone()).map(|((centre, noise), arm)| (shifts[*centre][arm], noise));
        frame.numbers("y", shifted().map(|(shift, noise)| 2.0 + shift + noise).collect());
        frame.numbers("k", shifted().map(|(shift, noise)| (3.0 * (shift + 0.3 * noise).exp()).round()).collect());
        frame.texts("arm", arms.clone().map(|arm| Some(["a", "b"][arm].to_owned())));
        frame.texts("centre", rows.iter().map(|(centre, _)| Some(format!("c{centre}"))));
        let data =
            |formula: &str| ModelData::new(Formula::parse(formula).unwrap(), &frame, &DataOptions::default()).unwrap();
        let mut found: Vec<Box<dyn MixedFit>> = Vec::new();
        for term in ["(arm | centre)", "(0 + arm | centre)"] {
            for reml in [true, false] {
                let model = LinearMixedModel::default().reml(reml);
                found.push(Box::new(model.fit(data(&format!("y ~ arm + {term}"))).unwrap()));
            }
            let model = GeneralisedModel::new(Family::Poisson);
            found.push(Box::new(model.fit(data(&format!("k ~ arm + {term}"))).unwrap()));
        }
        for fit in found {
            let summary = fit.summary();
            let is_named = summary.notes.iter().any(|note| note.contains("do not determine the variances"));
            assert_eq!((is_named, fit.converged()), (!is_crossed, is_crossed), "{}: {:?}", summary.kind, summary.notes);
        }
    }
}
