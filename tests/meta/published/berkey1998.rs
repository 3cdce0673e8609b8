//! Berkey et al. (1998), Stat Med 17:2537: two outcomes of five trials, table II (page 2545), the multiple-outcomes
//! model with the year of publication by maximum likelihood; and the page of the metafor project on it.

use super::shared::*;
use crate::common::meta::column;
use reffect::meta::Test;
use reffect::meta::multilevel::{Component, Inner, Multilevel, MultilevelFit, SamplingCovariance};

fn outcomes(mods: &str) -> MultilevelFit {
    let (frame, problem) = with_own_effects("berkey1998.csv", mods);
    let (trial, trials) = levels(&keys(&frame, "trial"));
    let (values, names) = levels(&keys(&frame, "outcome"));
    let (first, second) = (column(&frame, "v1i"), column(&frame, "v2i"));
    let inner = Inner { structure: "UN".parse().unwrap(), values, levels: names };
    let v = SamplingCovariance::from_clusters(trial.clone(), |i, j| if j % 2 == 0 { first[i] } else { second[i] });
    let name = "outcome | trial".to_owned();
    let components =
        vec![Component { name, groups: trial, levels: trials, inner: Some(inner), ..Component::default() }];
    Multilevel { components, v, restricted: false, test: Test::Z, level: 0.95, profile: false }.fit(&problem).unwrap()
}

#[test]
fn without_moderators() {
    let fit = outcomes("0 + outcome");
    print_as(&fit.coefficients.iter().map(|of| of.estimate).collect::<Vec<_>>(), "-0.3379 0.3448");
    print_as(&fit.coefficients.iter().map(|of| of.se).collect::<Vec<_>>(), "0.0798 0.0495");
    let (variances, rho) = &fit.components[0];
    print_as(&[variances[0], variances[1], rho[0]], "0.0261 0.0070 0.6992");
}

#[test]
fn with_the_year() {
    let fit = outcomes("0 + outcome + outcome:I(year - 1983)");
    print_as(&fit.coefficients.iter().map(|of| of.estimate).collect::<Vec<_>>(), "-0.335 0.348 -0.011 0.001");
    print_as(&fit.coefficients.iter().map(|of| of.se).collect::<Vec<_>>(), "0.079 0.052 0.024 0.015");
    let (variances, rho) = &fit.components[0];
    print_as(&[variances[0], variances[1], rho[0] * (variances[0] * variances[1]).sqrt()], "0.025 0.008 0.009");
}
