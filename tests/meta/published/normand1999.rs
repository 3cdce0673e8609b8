//! Normand (1999), Stat Med 18:321: lidocaine after infarction (table VII, page 349) and length of stay after stroke
//! (table IX, page 352).

use super::shared::*;
use crate::common::meta::published;
use reffect::effect::measures::{Field, Options};
use reffect::meta::{Fit, Problem};

fn pooled(fit: &Fit) -> [f64; 3] {
    let of = &fit.coefficients[0];
    [of.estimate, of.ci.lower, of.ci.upper]
}

#[test]
fn risk_differences_in_percent() {
    let frame = published("hine1989.csv");
    let of = of_tables("RD", &columns(&frame, &["ai", "n1i", "ci", "n2i"]));
    let hundred = |values: &[f64], by: f64| values.iter().map(|value| by * value).collect::<Vec<f64>>();
    let problem = Problem::new(hundred(of.yi(), 100.0), hundred(of.vi(), 1e4)).unwrap();
    print_as(problem.vi(), "17.7575 37.5657 8.1323 10.8998 8.0114 6.1320");
    for method in ["FE", "REML", "DL"] {
        let fit = fit(&problem, method);
        print_as(&pooled(&fit), "2.94 0.4 5.5");
        prints(fit.tau2, "0.000");
    }
}

#[test]
fn mean_differences() {
    let frame = published("normand1999.csv");
    let [n1, s1, n2, s2] = ["n1i", "sd1i", "n2i", "sd2i"].map(|name| crate::common::meta::column(&frame, name));
    // The paper pools the SDs of both groups.
    let sd: Vec<f64> = (0..n1.len())
        .map(|i| (((n1[i] - 1.0) * s1[i] * s1[i] + (n2[i] - 1.0) * s2[i] * s2[i]) / (n1[i] + n2[i] - 2.0)).sqrt())
        .collect();
    let mut values = columns(&frame, &["m1i", "m2i"]);
    values.extend([sd.clone(), sd, n1, n2]);
    let fields = [Field::M1i, Field::M2i, Field::Sd1i, Field::Sd2i, Field::N1i, Field::N2i];
    let (yi, vi) = effects("MD", &fields, &values, &Options::default());
    print_as(&vi, "40.59 2.05 15.28 150.22 20.19 1.22 95.38 8.03 20.69");
    let problem = Problem::new(yi, vi).unwrap();
    print_as(&pooled(&fit(&problem, "FE")), "-3.49 -5.03 -1.96");
    let dl = fit(&problem, "DL");
    print_as(&pooled(&dl), "-14.10 -24.45 -3.75");
    prints(dl.tau2, "218.72");
    let reml = fit(&problem, "REML");
    print_as(&pooled(&reml), "-15.12 -32.67 2.43");
    prints(reml.tau2, "685.20");
}
