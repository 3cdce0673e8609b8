//! Differences of means adjusted by the multivariate t distribution, against R's emmeans and mvtnorm.

use reffect::formula::Formula;
use reffect::mixed::{Adjustment, DataOptions, LinearFit, LinearMixedModel, MeansOf, MixedFit, ModelData, Pairs};
use reffect::read::read_frame;
use std::path::Path;

fn orthodont(formula: &str) -> LinearFit {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/published/orthodont.csv");
    let data = ModelData::new(Formula::parse(formula).unwrap(), read_frame(path).unwrap(), &DataOptions::default());
    LinearMixedModel::default().fit(data.unwrap()).unwrap()
}

fn of_age(pairs: Pairs, adjustment: Adjustment) -> MeansOf {
    MeansOf { factors: vec!["age".to_owned()], pairs, adjustment, ..MeansOf::default() }
}

#[test]
fn differences_from_the_first_level_have_dunnetts_distribution() {
    let fit = orthodont("distance ~ factor(age) * Sex + (1 | Subject)");
    let found = fit.means(&of_age(Pairs::First, Adjustment::Dunnett)).unwrap();
    // R 4.2.2, mvtnorm 1.1-3: 1 - pmvt(-t, t, df = 75, corr = 0.5 beside the diagonal, abseps = 1e-7)
    let first = found.adjusted[0].unwrap();
    assert!((first.p - 0.034_526_316).abs() < 1e-7, "{}", first.p);
    // 1 - pmvt at 2.39752926 is 0.0500000; qmvt, whose search is coarser, gives 2.39749.
    let ci = first.ci.unwrap();
    let critical = ci.width() / 2.0 / found.contrasts[0].se;
    assert!((critical - 2.397_529_26).abs() < 1e-6, "{critical}");
    // Independent of how the same is asked for.
    let any = fit.means(&of_age(Pairs::First, Adjustment::MultivariateT)).unwrap();
    assert_eq!(any.adjusted, found.adjusted);
    // Between each alone and Bonferroni's.
    let holm = fit.means(&of_age(Pairs::First, Adjustment::Bonferroni)).unwrap();
    for ((own, alone), bound) in found.adjusted.iter().zip(&found.contrasts).zip(&holm.adjusted) {
        let (own, bound) = (own.unwrap().p, bound.unwrap().p);
        assert!(own > alone.p && own < bound, "{own} {bound}");
    }
    let error = fit.means(&of_age(Pairs::All, Adjustment::Dunnett)).unwrap_err();
    assert!(error.hint().unwrap().contains("--pairs first"));
}

/// R 4.2.2: emmeans 1.8.4, pairs(emmeans(f, ~ age), adjust = "mvt"), whose integrals err by some 1e-4.
#[test]
fn all_pairs_have_the_correlations_and_degrees_of_freedom_of_the_model() {
    let fit = orthodont("distance ~ factor(age) * Sex + (age | Subject)");
    let found = fit.means(&of_age(Pairs::All, Adjustment::MultivariateT)).unwrap();
    let expected = [
        (0.0496, 0.000_843, 1.982_111),
        (0.0001, 1.341_834, 3.411_007),
        (0.0026, 0.394_670, 2.375_216),
        (0.0001, 2.606_407, 4.896_434),
        (0.0001, 1.725_351, 3.794_536),
        (0.0028, 0.384_365, 2.365_635),
    ];
    for (test, (p, lower, upper)) in found.adjusted.iter().zip(expected) {
        let test = test.unwrap();
        assert!((test.p - p).abs() < 2e-4, "{} {p}", test.p);
        let ci = test.ci.unwrap();
        assert!((ci.lower - lower).abs() < 1.5e-3 && (ci.upper - upper).abs() < 1.5e-3, "{ci:?} {lower} {upper}");
    }
    assert!(found.notes.iter().any(|note| note.contains("shifted lattice")));
    // With one variance for all and no covariates Tukey's method is the same.
    let balanced = orthodont("distance ~ factor(age) + (1 | Subject)");
    let [mvt, tukey] = [Adjustment::MultivariateT, Adjustment::Tukey]
        .map(|adjustment| balanced.means(&of_age(Pairs::All, adjustment)).unwrap().adjusted);
    for (one, two) in mvt.iter().zip(tukey) {
        let (one, two) = (one.unwrap().p, two.unwrap().p);
        assert!((one / two - 1.0).abs() < 5e-4, "{one} {two}");
    }
}
