//! Jackson et al. (2014), Res Synth Methods 5:238: generalised Cochran intervals of two meta-regressions, as the
//! tests of the metafor project give them for the examples of the paper.

use super::shared::*;
use reffect::formula::Frame;
use reffect::meta::{Model, Problem, Tau2Interval};

fn intervals(yi: Vec<f64>, vi: Vec<f64>, xi: Vec<f64>, by_variance: &str, by_se: &str, paule_mandel: &str) {
    let mut frame = Frame::default();
    frame.numbers("x", xi);
    let problem = regression(&frame, yi, vi, "x");
    let ends = |problem: &Problem, method: &str, tau2_interval: Tau2Interval| {
        let ci = Model { tau2_interval, ..model(method, "z") }.fit(problem).unwrap().tau2_ci.unwrap();
        [ci.lower, ci.upper]
    };
    let weights = |power: f64| problem.vi().iter().map(|v| v.powf(-power)).collect::<Vec<f64>>();
    let of = |power: f64| problem.clone().weighted(weights(power)).unwrap();
    print_as(&ends(&of(1.0), "GENQ", Tau2Interval::GeneralisedQ), by_variance);
    print_as(&ends(&of(0.5), "GENQ", Tau2Interval::GeneralisedQ), by_se);
    print_as(&ends(&problem, "PM", Tau2Interval::QProfile), paule_mandel);
}

#[test]
fn first_example() {
    let yi = vec![
        0.0267, 0.8242, 0.3930, 2.4405, 2.1401, 1.2528, 2.4849, 0.3087, 1.4246, 0.1823, 1.1378, 1.2321, 2.0695, 4.0237,
        1.4383, 1.6021,
    ];
    let vi = vec![
        0.1285, 0.0315, 0.0931, 2.0967, 1.0539, 0.1602, 1.0235, 0.0218, 0.5277, 0.0556, 0.3304, 0.1721, 0.4901, 2.0200,
        0.3399, 0.1830,
    ];
    let xi = [vec![0.0; 10], vec![1.0; 6]].concat();
    intervals(yi, vi, xi, "0.003 0.691", "0.000 1.125", "0.002 1.487");
}

#[test]
fn second_example() {
    let yi = vec![
        0.54, 0.4, 0.64, 0.365, 0.835, 0.02, 0.12, 0.085, 1.18, 0.08, 0.18, 0.325, 0.06, 0.715, 0.065, 0.245, 0.24,
        0.06, 0.19,
    ];
    let vi = vec![
        0.0176, 0.019, 0.0906, 0.0861, 0.0063, 0.0126, 0.0126, 0.0041, 0.0759, 0.0126, 0.0104, 0.0242, 0.0026, 0.2629,
        0.0169, 0.0156, 0.0481, 0.0084, 0.0044,
    ];
    let xi = [
        1986, 1987, 1988, 1988, 1998, 1999, 2000, 2000, 2000, 2001, 2001, 2001, 2002, 2002, 2002, 2002, 2003, 2003,
        2003,
    ];
    intervals(yi, vi, xi.map(f64::from).to_vec(), "0.0170 0.1393", "0.0180 0.1375", "0.0178 0.1564");
}
