//! Gleser & Olkin (2009), in The Handbook of Research Synthesis and Meta-Analysis, chapter 19: treatments that share
//! a control group, risk differences, table 19.2 and equations 19.6 to 19.8 (pages 360 to 362).

use super::shared::*;
use reffect::formula::Frame;
use reffect::meta::Test;
use reffect::meta::multilevel::{Multilevel, SamplingCovariance};

#[test]
fn shared_controls() {
    let studies = [0usize, 0, 1, 2, 2, 2];
    let treated = [(100.0, 4000.0), (150.0, 4000.0), (15.0, 400.0), (40.0, 1000.0), (80.0, 1000.0), (50.0, 1000.0)];
    let controls = [(40.0, 1000.0), (40.0, 1000.0), (10.0, 200.0), (150.0, 2000.0), (150.0, 2000.0), (150.0, 2000.0)];
    let variance = |(x, n): (f64, f64)| x / n * (1.0 - x / n) / n;
    let yi: Vec<f64> = treated.iter().zip(&controls).map(|(t, c)| c.0 / c.1 - t.0 / t.1).collect();
    print_as(&yi, "0.0150 0.0025 0.0125 0.0350 -0.0050 0.0250");
    let vi: Vec<f64> = treated.iter().zip(&controls).map(|(t, c)| variance(*t) + variance(*c)).collect();
    let mut frame = Frame::default();
    frame.numbers("trt", vec![1.0, 2.0, 1.0, 1.0, 2.0, 3.0]);
    let problem = regression(&frame, yi, vi.clone(), "0 + factor(trt)");
    let shared = |i: usize, j: usize| if i == j { vi[i] } else { variance(controls[i]) };
    let v = SamplingCovariance::from_clusters(studies.to_vec(), shared);
    let model = Multilevel { components: Vec::new(), v, restricted: true, test: Test::Z, level: 0.95, profile: false };
    let fit = model.fit(&problem).unwrap();
    print_as(&fit.coefficients.iter().map(|of| of.estimate).collect::<Vec<_>>(), "0.0200 0.0043 0.0211");
    let entry = |i: usize, j: usize| 1e6 * fit.covariance[(i, j)];
    print_as(&[entry(0, 0), entry(0, 1), entry(0, 2)], "24.612 19.954 13.323");
    print_as(&[entry(1, 1), entry(1, 2), entry(2, 2)], "28.538 13.255 69.806");
    prints(fit.qe, "7.1907");
}
