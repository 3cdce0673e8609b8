//! Stijnen, Hamza & Özdemir (2010), Stat Med 29:3046: catheters and bloodstream infections, tables II, III, VII and
//! VIII (pages 3050 to 3055).

use super::shared::*;
use crate::common::meta::published;
use reffect::effect::measures::{Field, Options};
use reffect::meta::glmm::{StudyLikelihood, glmm};
use reffect::meta::{Fit, Problem};

fn shown(fit: &Fit) -> [f64; 3] {
    [fit.coefficients[0].estimate, fit.coefficients[0].se, fit.tau2]
}

#[test]
fn proportions() {
    let frame = published("nielweise2007.csv");
    for (events, size, normal, binomial) in
        [("ci", "n2i", "-3.30 0.24 0.663", "-3.50 0.26 0.81"), ("ai", "n1i", "-4.26 0.26 0.393", "-4.81 0.36 0.83")]
    {
        let counts = columns(&frame, &[events, size]);
        let (yi, vi) = effects("PLO", &[Field::Xi, Field::Ni], &counts, &Options::default());
        print_as(&shown(&fit(&Problem::new(yi, vi).unwrap(), "REML")), normal);
        let study = |i: usize| StudyLikelihood::binomial(counts[0][i], counts[1][i], 0.0);
        let studies: Vec<StudyLikelihood> = (0..frame.len()).map(study).collect();
        print_as(&shown(&glmm(&studies, 0.95).unwrap()), binomial);
    }
}

#[test]
fn odds_ratios() {
    let frame = published("nielweise2007.csv");
    let counts = columns(&frame, &["ai", "n1i", "ci", "n2i"]);
    let rows: Vec<usize> = (0..frame.len()).filter(|&i| counts[0][i] + counts[2][i] > 0.0).collect();
    let exact =
        |&i: &usize| StudyLikelihood::hypergeometric(counts[0][i], counts[1][i], counts[2][i], counts[3][i]).unwrap();
    let fit = glmm(&rows.iter().map(exact).collect::<Vec<_>>(), 0.95).unwrap();
    print_as(&[fit.coefficients[0].estimate, fit.coefficients[0].se, fit.tau2.sqrt()], "-1.353 0.351 0.83");
    let about = |&i: &usize| {
        StudyLikelihood::binomial(counts[0][i], counts[0][i] + counts[2][i], (counts[1][i] / counts[3][i]).ln())
    };
    let fit = glmm(&rows.iter().map(about).collect::<Vec<_>>(), 0.95).unwrap();
    // The paper prints 0.77 for τ, whose integrals have fewer points.
    print_as(&[fit.coefficients[0].estimate, fit.coefficients[0].se], "-1.303 0.339");
}

#[test]
fn rates() {
    let counts = table("nielweise2008");
    for (group, normal, poisson) in
        [(2, "1.468 0.243 0.370", "1.401 0.231 0.32"), (0, "0.981 0.326 0.639", "0.85 0.330 0.654")]
    {
        let own = [counts[group].clone(), counts[group + 1].clone()];
        let (yi, vi) = effects("IRLN", &[Field::Xi, Field::Ti], &own, &Options::default());
        print_as(&shown(&fit(&Problem::new(yi, vi).unwrap(), "REML")), normal);
        let study = |i: usize| StudyLikelihood::poisson(own[0][i], own[1][i]);
        let studies: Vec<StudyLikelihood> = (0..own[0].len()).map(study).collect();
        print_as(&shown(&glmm(&studies, 0.95).unwrap()), poisson);
    }
    let ratio = |i: usize| {
        StudyLikelihood::binomial(counts[0][i], counts[0][i] + counts[2][i], (counts[1][i] / counts[3][i]).ln())
    };
    let fit = glmm(&(0..counts[0].len()).map(ratio).collect::<Vec<_>>(), 0.95).unwrap();
    print_as(&[fit.coefficients[0].estimate, fit.coefficients[0].se, fit.tau2.sqrt()], "-0.476 0.238 0.35");
}
