//! Henmi & Copas (2010), Stat Med 29:2969, page 2978: 16 trials of acupuncture for nausea.

use super::shared::*;
use reffect::meta::bias::henmi_copas;

#[test]
fn both_intervals() {
    let problem = of_tables("OR", &table("lee2004"));
    let dl = fit(&problem, "DL");
    let pooled = &dl.coefficients[0];
    print_as(&[dl.tau2, pooled.estimate, pooled.ci.lower, pooled.ci.upper], "0.333 -0.679 -1.066 -0.291");
    let of = henmi_copas(&problem, 0.95).unwrap();
    print_as(&[of.estimate, of.ci.lower, of.ci.upper], "-0.514 -0.999 -0.030");
}
