//! Miller (1978), Am Stat 32:138: the double arcsine, which is twice that of metafor.

use super::shared::*;
use reffect::effect::measures::{Field, Options};
use reffect::meta::{Model, Problem, Weighting};

#[test]
fn page_138() {
    let counts = [vec![3.0, 6.0, 10.0, 1.0], vec![11.0, 17.0, 21.0, 6.0]];
    let (yi, vi) = effects("PFT", &[Field::Xi, Field::Ni], &counts, &Options::default());
    print_as(&yi.iter().map(|y| 2.0 * y).collect::<Vec<_>>(), "1.1391 1.2888 1.5253 0.9515");
    print_as(&vi.iter().map(|v| 4.0 * v).collect::<Vec<_>>(), "0.0870 0.0571 0.0465 0.1538");
    let problem = Problem::new(yi, vi).unwrap();
    let plain = Model { weighting: Weighting::Equal, ..model("EE", "z") }.fit(&problem).unwrap();
    prints(2.0 * plain.coefficients[0].estimate, "1.2262");
    prints(2.0 * fit(&problem, "EE").coefficients[0].estimate, "1.3093");
}
