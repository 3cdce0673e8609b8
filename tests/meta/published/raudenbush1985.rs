//! Raudenbush & Bryk (1985), J Educ Stat 10:75: teachers' expectations, pages 83 to 92.

use super::shared::*;
use reffect::meta::deletion::blups;

#[test]
fn random_effects() {
    let (_, problem) = with_own_effects("raudenbush1985.csv", "1");
    let fit = fit(&problem, "REML");
    print_as(&[fit.tau2, fit.coefficients[0].estimate, fit.coefficients[0].statistic], "0.019 0.084 1.62");
    // The paper prints 35.85 for Q, from effects with more digits.
    prints(fit.qe, "35.8");
    let predictions: Vec<f64> = blups(&fit, &problem).unwrap().iter().map(|of| of.estimate).collect();
    print_as(
        &predictions,
        "0.05 0.10 -0.01 0.21 0.11 -0.01 0.02 -0.03 0.16 0.25 0.16 0.11 0.06 0.11 -0.03 0.03 0.19 0.07 0.02",
    );
}

/// Weeks of contact, those above 3 counted as 3.
#[test]
fn weeks_of_contact() {
    let (mut frame, problem) = with_own_effects("raudenbush1985.csv", "1");
    let weeks = crate::common::meta::column(&frame, "weeks").iter().map(|weeks| weeks.min(3.0)).collect();
    frame.numbers("few", weeks);
    let fit = fit(&regression(&frame, problem.yi().to_vec(), problem.vi().to_vec(), "few"), "REML");
    print_as(&[fit.tau2, fit.coefficients[0].estimate, fit.coefficients[1].estimate], "0.00 0.407 -0.157");
    print_as(&[fit.coefficients[0].statistic, fit.coefficients[1].statistic], "4.68 -4.39");
}
