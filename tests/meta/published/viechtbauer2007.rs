//! Viechtbauer (2007), Stat Med 26:37: intervals of τ² for nine trials of diuretics in pre-eclampsia, table II
//! (page 44).

use super::shared::*;
use reffect::meta::{Model, Tau2Interval};

#[test]
fn estimates_and_intervals() {
    let problem = of_tables("OR", &table("collins1985b"));
    let tau2: Vec<f64> = ["DL", "ML", "REML", "SJ"].iter().map(|method| fit(&problem, method).tau2).collect();
    print_as(&tau2, "0.230 0.239 0.301 0.456");
    let ci = fit(&problem, "DL").tau2_ci.unwrap();
    print_as(&[ci.lower, ci.upper], "0.072 2.203");
    for (method, printed) in [("ML", "0.027 1.131"), ("REML", "0.043 1.475")] {
        let profile = Model { tau2_interval: Tau2Interval::ProfileLikelihood, ..model(method, "z") };
        let ci = profile.fit(&problem).unwrap().tau2_ci.unwrap();
        print_as(&[ci.lower, ci.upper], printed);
    }
    // The Wald intervals.
    for (method, printed) in [("ML", "-0.101 0.578"), ("REML", "-0.131 0.732")] {
        let fit = fit(&problem, method);
        let half = 1.96 * fit.tau2_se.unwrap();
        print_as(&[fit.tau2 - half, fit.tau2 + half], printed);
    }
}
