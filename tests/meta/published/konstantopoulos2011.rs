//! Konstantopoulos (2011), Res Synth Methods 2:61: effects of schools in districts, tables 4 and 5 (pages 70
//! and 71).

use super::shared::*;
use reffect::meta::Test;
use reffect::meta::multilevel::{Component, Multilevel, MultilevelFit, SamplingCovariance};

fn three_levels(mods: &str, restricted: bool) -> MultilevelFit {
    let (frame, problem) = with_own_effects("konstantopoulos2011.csv", mods);
    let (outer, outer_names) = levels(&keys(&frame, "district"));
    let both: Vec<String> =
        keys(&frame, "district").iter().zip(keys(&frame, "school")).map(|(a, b)| format!("{a}/{b}")).collect();
    let (inner, inner_names) = levels(&both);
    let model = Multilevel {
        components: vec![
            Component::intercepts("district", outer, outer_names),
            Component::intercepts("district/school", inner, inner_names),
        ],
        v: SamplingCovariance::Diagonal,
        restricted,
        test: Test::Z,
        level: 0.95,
        profile: restricted,
    };
    model.fit(&problem).unwrap()
}

#[test]
fn two_levels() {
    let fit = fit(&with_own_effects("konstantopoulos2011.csv", "1").1, "REML");
    print_as(&[fit.coefficients[0].estimate, fit.coefficients[0].se, fit.tau2], "0.128 0.044 0.088");
    prints(fit.tau2_se.unwrap(), "0.020");
}

#[test]
fn three_levels_by_maximum_likelihood() {
    let fit = three_levels("1", false);
    print_as(&[fit.coefficients[0].estimate, fit.coefficients[0].se], "0.184 0.080");
    print_as(&[fit.components[0].0[0], fit.components[1].0[0]], "0.058 0.033");
    // The paper prints 0.183 for the intercept with the year in it, which no model of these data gives.
    let fit = three_levels("I(year - 1988.553571428571)", false);
    print_as(&[fit.coefficients[1].estimate, fit.coefficients[1].se], "0.005 0.009");
    print_as(&[fit.components[0].0[0], fit.components[1].0[0]], "0.056 0.033");
}

/// The page of the metafor project on this paper.
#[test]
fn three_levels_by_restricted_maximum_likelihood() {
    let fit = three_levels("1", true);
    print_as(&[fit.coefficients[0].estimate, fit.coefficients[0].se], "0.1847 0.0846");
    print_as(&[fit.components[0].0[0], fit.components[1].0[0]], "0.0651 0.0327");
    prints(fit.statistics.log_likelihood, "-7.9587");
    let [a, b] = [0, 1].map(|at: usize| fit.intervals[at].variances[0].unwrap());
    print_as(&[a.lower, a.upper, b.lower, b.upper], "0.0222 0.2072 0.0163 0.0628");
}
