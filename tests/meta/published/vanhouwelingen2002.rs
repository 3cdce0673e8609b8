//! van Houwelingen, Arends & Stijnen (2002), Stat Med 21:589: log odds ratios of the BCG trials, pages 596 to 609.

use super::shared::*;
use crate::common::meta::published;
use reffect::effect::measures::{Field, Options};
use reffect::meta::{Fit, PredictionInterval};

fn odds_ratios(mods: &str) -> reffect::meta::Problem {
    let frame = published("bcg.csv");
    let fields = [Field::Ai, Field::Bi, Field::Ci, Field::Di];
    let (yi, vi) = effects("OR", &fields, &columns(&frame, &["ai", "bi", "ci", "di"]), &Options::default());
    regression(&frame, yi, vi, mods)
}

fn ratio(fit: &Fit) -> [f64; 3] {
    let of = &fit.coefficients[0];
    [of.estimate.exp(), of.ci.lower.exp(), of.ci.upper.exp()]
}

#[test]
fn pooled_odds_ratios() {
    // The paper prints 0.703 for the upper end.
    print_as(&ratio(&fit(&odds_ratios("1"), "FE")), "0.647 0.595 0.702");
    let ml = fit(&odds_ratios("1"), "ML");
    print_as(&ratio(&ml), "0.476 0.336 0.675");
    prints(ml.tau2, "0.302");
    // Where true effects lie if the mean were known, page 599.
    let pi = ml.prediction(PredictionInterval::Simple).unwrap().pi.unwrap();
    print_as(&[pi.lower, pi.upper], "-1.820 0.336");
}

#[test]
fn latitude() {
    let fit = fit(&odds_ratios("ablat"), "ML");
    print_as(&[fit.coefficients[0].estimate, fit.coefficients[1].estimate], "0.371 -0.033");
    print_as(&[fit.coefficients[0].se, fit.coefficients[1].se, fit.tau2], "0.106 0.003 0.004");
}
