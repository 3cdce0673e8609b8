//! Viechtbauer (2005), J Educ Behav Stat 30:261: seven estimators in two examples, pages 271 and 272.

use super::shared::*;
use reffect::meta::Problem;

const METHODS: [&str; 7] = ["HS", "HE", "DL", "ML", "REML", "EB", "SJ"];

fn tau2(problem: &Problem) -> Vec<f64> {
    METHODS.iter().map(|method| fit(problem, method).tau2).collect()
}

#[test]
fn both_examples() {
    let yi = vec![-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232];
    let vi = vec![0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040];
    print_as(&tau2(&Problem::new(yi, vi).unwrap()), "0.228 0.148 0.277 0.197 0.223 0.192 0.199");
    let yi = vec![
        0.100, -0.162, -0.090, -0.049, -0.046, -0.010, -0.431, -0.261, 0.134, 0.019, 0.175, 0.056, 0.045, 0.103, 0.121,
        -0.482, 0.290, 0.342,
    ];
    let vi = vec![
        0.016, 0.015, 0.050, 0.050, 0.032, 0.052, 0.036, 0.024, 0.034, 0.033, 0.031, 0.034, 0.039, 0.167, 0.134, 0.096,
        0.016, 0.035,
    ];
    print_as(&tau2(&Problem::new(yi, vi).unwrap()), "0.010 0.000 0.013 0.013 0.016 0.010 0.025");
}
