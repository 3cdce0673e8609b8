//! Lipsey & Wilson (2001), Practical Meta-Analysis: exhibits 7.3, 7.6 and 7.7 (pages 133 and 141).

use super::shared::*;
use reffect::formula::Frame;
use reffect::meta::{Fit, Problem};

fn challenge(mods: &str) -> Problem {
    let mut frame = Frame::default();
    frame.numbers("random", vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    frame.numbers("intensity", vec![7.0, 3.0, 7.0, 5.0, 7.0, 7.0, 4.0, 4.0, 5.0, 6.0]);
    let yi = vec![-0.33, 0.32, 0.39, 0.31, 0.17, 0.64, -0.33, 0.15, -0.02, 0.00];
    let vi = vec![0.084, 0.035, 0.017, 0.034, 0.072, 0.117, 0.102, 0.093, 0.012, 0.067];
    regression(&frame, yi, vi, mods)
}

fn row(fit: &Fit, at: usize) -> [f64; 6] {
    let of = &fit.coefficients[at];
    [of.estimate, of.se, of.statistic, of.p, of.ci.lower, of.ci.upper]
}

#[test]
fn exhibit_3() {
    let fe = fit(&challenge("1"), "FE");
    print_as(&row(&fe, 0), "0.1549 0.0609 2.5450 0.0109 0.0356 0.2742");
    print_as(&[fe.qe, fe.qe_p], "14.7640 0.0976");
    let dl = fit(&challenge("1"), "DL");
    print_as(&row(&dl, 0), "0.1534 0.0858 1.7893 0.0736 -0.0146 0.3215");
    prints(dl.tau2, "0.025955");
}

#[test]
fn exhibits_6_and_7() {
    let fe = fit(&challenge("random + intensity"), "FE");
    print_as(&row(&fe, 1), "-0.3298 0.1304 -2.5286 0.0115 -0.5854 -0.0742");
    print_as(&row(&fe, 2), "-0.0041 0.0493 -0.0829 0.9339 -0.1007 0.0925");
    print_as(&[fe.qm.unwrap().statistic, fe.qm.unwrap().p], "7.0807 0.0290");
    let dl = fit(&challenge("random + intensity"), "DL");
    print_as(&row(&dl, 1), "-0.3269 0.1439 -2.2712 0.0231 -0.6090 -0.0448");
    print_as(&[dl.qm.unwrap().p, dl.tau2], "0.0617 0.00488");
}
