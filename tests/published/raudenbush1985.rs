//! Raudenbush & Bryk (1985), J Educ Stat 10:75: teachers' expectations, pages 83 to 92.

use crate::shared::*;
use reffect::meta::deletion::blups;

#[test]
fn random_effects() {
    let (_, problem) = with_own_effects("raudenbush1985.csv", "1");
    let fit = fit(&problem, "REML");
    print_as(&[fit.tau2, fit.coefficients[0].estimate, fit.coefficients[0].statistic], "0.019 0.084 1.62");
    // The paper prints 35.85 for Q, from effects with more digits.
    prints(fit.qe, "35.8");
    let predictions: Vec<f64> = blups(&fit, &problem).iter().map(|of| of.estimate).collect();
    print_as(
        &predictions,
        "0.054 0.101 -0.006 0.214 0.105 -0.008 0.017 -0.029 0.160 0.248 0.162 0.110 0.065 0.110 -0.029 0.026 0.191 0.074 \
         0.025",
    );
}

/// Weeks of contact, those above 3 counted as 3.
#[test]
fn weeks_of_contact() {
    let (mut frame, problem) = with_own_effects("raudenbush1985.csv", "1");
    let weeks = crate::common::meta::column(&frame, "weeks").iter().map(|weeks| weeks.min(3.0)).collect();
    frame.numbers("few", weeks);
    let fit = fit(&regression(&frame, problem.yi.clone(), problem.vi.clone(), "few"), "REML");
    print_as(&[fit.tau2, fit.coefficients[0].estimate, fit.coefficients[1].estimate], "0.00 0.407 -0.157");
    print_as(&[fit.coefficients[0].statistic, fit.coefficients[1].statistic], "4.68 -4.39");
}
