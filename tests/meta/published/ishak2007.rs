//! Ishak et al. (2007), Clin Trials 4:525: deep-brain stimulation over time, table 1. The multivariate model has the
//! within-study correlation 0.97 of the paper.

use super::shared::*;
use crate::common::meta::column;
use reffect::meta::Test;
use reffect::meta::multilevel::{Component, Inner, Multilevel, MultilevelFit, SamplingCovariance};

fn over_time(structure: Option<&str>, phi: Option<f64>) -> MultilevelFit {
    let (frame, problem) = with_own_effects("ishak2007.csv", "0 + factor(time)");
    let (groups, studies) = levels(&keys(&frame, "study"));
    let (values, times) = levels(&keys(&frame, "time"));
    let inner = structure.map(|code| Inner { structure: code.parse().unwrap(), values: values.clone(), levels: times });
    let (vi, time) = (problem.vi().to_vec(), column(&frame, "time"));
    let v = match phi {
        None => SamplingCovariance::Diagonal,
        Some(phi) => SamplingCovariance::from_clusters(groups.clone(), |i, j| {
            phi.powf((time[i] - time[j]).abs()) * (vi[i] * vi[j]).sqrt()
        }),
    };
    let components =
        vec![Component { name: "time | study".to_owned(), groups, levels: studies, inner, ..Component::default() }];
    Multilevel { components, v, restricted: true, test: Test::Z, level: 0.95, profile: false }.fit(&problem).unwrap()
}

fn means(fit: &MultilevelFit) -> Vec<f64> {
    fit.coefficients.iter().map(|of| of.estimate).collect()
}

#[test]
fn table_1() {
    let independent = over_time(Some("DIAG"), None);
    print_as(&means(&independent), "-24.9 -27.5 -28.5 -24.1");
    print_as(&independent.components[0].0, "23.1 27.8 27.7 29.9");
    let study = over_time(None, None);
    print_as(&means(&study), "-26.2 -27.2 -28.5 -25.6");
    print_as(&study.components[0].0, "26.7");
    let multivariate = over_time(Some("HAR"), Some(0.97));
    print_as(&means(&multivariate), "-25.9 -27.5 -28.7 -26.5");
    // The paper prints 22.6 and 31.1 for the first and the last variance.
    print_as(&multivariate.components[0].0, "22.7 33.7 26.1 31.2");
    prints(multivariate.components[0].1[0], "0.88");
}
