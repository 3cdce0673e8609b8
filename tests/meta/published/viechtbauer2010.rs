//! Viechtbauer (2010), J Stat Softw 36(3): 13 trials of the BCG vaccine, log risk ratios, sections 3.2 and 3.3.

use super::shared::*;

#[test]
fn random_effects() {
    let (_, problem) = with_own_effects("bcg.csv", "1");
    let fit = fit(&problem, "REML");
    print_as(&[fit.tau2, fit.tau2_se.unwrap(), fit.i2.unwrap(), fit.h2.unwrap()], "0.3132 0.1664 92.22 12.86");
    let pooled = &fit.coefficients[0];
    print_as(&[pooled.estimate, pooled.se, pooled.statistic], "-0.7145 0.1798 -3.9744");
    print_as(&[pooled.ci.lower, pooled.ci.upper, fit.qe], "-1.0669 -0.3622 152.2330");
    let ci = fit.tau2_ci.unwrap();
    print_as(&[ci.lower, ci.upper], "0.1197 1.1115");
}
