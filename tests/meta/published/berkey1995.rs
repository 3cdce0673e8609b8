//! Berkey et al. (1995), Stat Med 14:395, page 408: the BCG trials with smoothed variances, empirical Bayes.

use super::shared::*;
use crate::common::meta::{column, published};
use reffect::meta::{PredictionInterval, Problem};

fn smoothed(mods: &str) -> Problem {
    let frame = published("bcg.csv");
    let [a, b, c, d] = ["ai", "bi", "ci", "di"].map(|name| column(&frame, name));
    let odds = |events: &[f64], rest: &[f64]| events.iter().zip(rest).map(|(x, y)| y / x).sum::<f64>() / 13.0;
    let (treated, control) = (odds(&a, &b), odds(&c, &d));
    let vi = (0..13).map(|i| treated / (a[i] + b[i]) + control / (c[i] + d[i])).collect();
    regression(&frame, column(&frame, "yi"), vi, mods)
}

#[test]
fn page_408() {
    let random = fit(&smoothed("1"), "EB");
    print_as(&[random.coefficients[0].estimate, random.coefficients[0].se, random.tau2], "-0.5429 0.1842 0.268");
    let mixed = fit(&smoothed("I(ablat - 33.46)"), "EB");
    // The paper prints −0.6304.
    print_as(&[mixed.coefficients[0].estimate, mixed.coefficients[1].estimate], "-0.630 -0.0268");
    print_as(&[mixed.coefficients[0].se, mixed.coefficients[1].se, mixed.tau2], "0.1591 0.0110 0.157");
    prints(mixed.r2.unwrap(), "41");
    let ratio =
        |latitude: f64| mixed.predict(&[1.0, latitude - 33.46], PredictionInterval::Default).unwrap().estimate.exp();
    print_as(&[ratio(33.46), ratio(42.0)], "0.53 0.42");
}
