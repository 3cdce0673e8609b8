//! Rothman, Greenland & Lash (2008), Modern Epidemiology, chapter 15: tables 15-1 and 15-2, Mantel–Haenszel, 90 %
//! intervals.

use super::shared::*;
use reffect::meta::mantel_haenszel::{Counts, mantel_haenszel};

fn ends(measure: &str, counts: &[Counts]) -> [f64; 3] {
    let of = mantel_haenszel(measure.parse().unwrap(), counts, 0.0, 0.90).unwrap().fit.coefficients[0].clone();
    [of.estimate, of.ci.lower, of.ci.upper]
}

#[test]
fn tolbutamide_and_death() {
    let counts = [(8.0, 106.0, 5.0, 120.0), (22.0, 98.0, 16.0, 85.0)].map(|(events1, size1, events2, size2)| Counts {
        events1,
        size1,
        events2,
        size2,
    });
    // The chapter prints 0.088 for the upper end.
    print_as(&ends("RD", &counts), "0.035 -0.018 0.087");
    print_as(&ends("RR", &counts).map(f64::exp), "1.33 0.87 2.03");
    print_as(&ends("OR", &counts).map(f64::exp), "1.40 0.84 2.34");
}

#[test]
fn smoking_and_coronary_deaths() {
    let counts = [
        (32.0, 5.2407, 2.0, 1.8790),
        (104.0, 4.3248, 12.0, 1.0673),
        (206.0, 2.8612, 28.0, 0.5710),
        (186.0, 1.2663, 28.0, 0.2585),
        (102.0, 0.5317, 31.0, 0.1462),
    ]
    .map(|(events1, size1, events2, size2)| Counts { events1, size1, events2, size2 });
    print_as(&ends("IRD", &counts), "11.44 6.35 16.53");
    print_as(&ends("IRR", &counts).map(f64::exp), "1.42 1.19 1.70");
}
