//! Raudenbush (2009), in The Handbook of Research Synthesis and Meta-Analysis, chapter 16: tables 16.2 and 16.3
//! (pages 301 and 309).

use super::shared::*;
use reffect::meta::deletion::blups;
use reffect::meta::multilevel::{SandwichKind, robust_univariate};

const METHODS: [&str; 5] = ["FE", "ML", "REML", "DL", "HE"];

#[test]
fn table_2() {
    let (_, problem) = with_own_effects("raudenbush1985.csv", "1");
    let fe = fit(&problem, "FE");
    print_as(&[fe.coefficients[0].estimate, fe.qe], "0.060 35.83");
    let reml = fit(&problem, "REML");
    print_as(&[reml.coefficients[0].statistic, reml.tau2], "1.62 0.019");
    let all: Vec<f64> = blups(&reml, &problem).unwrap().iter().map(|of| of.estimate).collect();
    let ends =
        [all.iter().copied().fold(f64::INFINITY, f64::min), all.iter().copied().fold(f64::NEG_INFINITY, f64::max)];
    print_as(&ends, "-0.03 0.25");
}

/// τ², mean, SE, z and interval by five estimators; the same with Knapp & Hartung, and with Huber & White.
#[test]
fn table_3() {
    let (_, problem) = with_own_effects("raudenbush1985.csv", "1");
    let clusters: Vec<usize> = (0..problem.k()).collect();
    let conventional = [
        "0.000 0.060 0.036 1.655 -0.011 0.132",
        "0.013 0.078 0.047 1.637 -0.015 0.171",
        "0.019 0.084 0.052 1.621 -0.018 0.185",
        "0.026 0.089 0.056 1.601 -0.020 0.199",
        "0.080 0.114 0.079 1.443 -0.041 0.270",
    ];
    let knapp_hartung = [
        "0.000 0.060 0.051 1.173 -0.048 0.168",
        "0.013 0.078 0.059 1.311 -0.047 0.202",
        "0.019 0.084 0.062 1.359 -0.046 0.213",
        "0.026 0.089 0.064 1.405 -0.044 0.223",
        "0.080 0.114 0.071 1.608 -0.035 0.264",
    ];
    let huber_white = [
        "0.000 0.060 0.040 1.515 -0.023 0.144",
        "0.013 0.078 0.047 1.637 -0.022 0.178",
        "0.019 0.084 0.050 1.676 -0.021 0.189",
        "0.026 0.089 0.052 1.710 -0.020 0.199",
        "0.080 0.114 0.062 1.850 -0.015 0.244",
    ];
    for (at, method) in METHODS.iter().enumerate() {
        let row = |tau2: f64, of: &reffect::meta::Coefficient| {
            [tau2, of.estimate, of.se, of.statistic, of.ci.lower, of.ci.upper]
        };
        let z = fit(&problem, method);
        print_as(&row(z.tau2, &z.coefficients[0]), conventional[at]);
        let hk = model(method, "knha").fit(&problem).unwrap();
        print_as(&row(hk.tau2, &hk.coefficients[0]), knapp_hartung[at]);
        let robust = robust_univariate(&problem, &z, &clusters, SandwichKind::Cr0).unwrap();
        print_as(&row(z.tau2, &robust.coefficients[0]), huber_white[at]);
    }
}
