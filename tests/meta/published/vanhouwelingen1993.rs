//! van Houwelingen, Zwinderman & Stijnen (1993), Stat Med 12:2273: bleeding, exact conditional likelihood, page 2277.

use crate::common::golden;
use reffect::meta::glmm::{StudyLikelihood, glmm};

#[test]
fn exact_conditional_likelihood() {
    let rows = golden("published/collins1985a.csv");
    let whole = rows.iter().filter(|row| row.iter().all(|field| field != "NA"));
    let counts = whole.map(|row| row.iter().map(|field| field.parse().unwrap()).collect::<Vec<f64>>());
    let studies: Vec<StudyLikelihood> = counts
        .filter(|of| of[0] + of[2] > 0.0)
        .map(|of| StudyLikelihood::hypergeometric(of[0], of[1], of[2], of[3]).unwrap())
        .collect();
    let fit = glmm(&studies, 0.95).unwrap();
    let pooled = &fit.coefficients[0];
    // The paper prints 0.175, and −0.092 to 0.441: its search ends where the likelihood is 1e-5 below its maximum.
    super::shared::print_as(&[pooled.estimate, pooled.se, fit.tau2], "0.174 0.136 0.119");
    super::shared::print_as(&[pooled.ci.lower, pooled.ci.upper], "-0.093 0.442");
}
