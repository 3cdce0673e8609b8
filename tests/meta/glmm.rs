//! Models with random effects for counts against direct integration (`tests/ref/meta/glmm.csv`).

use crate::common::meta::{column, published};
use crate::common::{Comparison, golden, number};
use crate::glmm_moderators::RATES;
use reffect::meta::glmm::{RandomStudies, StudyLikelihood, glmm, glmm_random_studies};
use reffect::meta::mantel_haenszel::{CountMeasure, Counts};

fn studies(model: &str) -> Vec<StudyLikelihood> {
    if model == "UM.FS of rates" {
        return RATES.map(|[a, m, c, n, _]| StudyLikelihood::two_poissons((a, m), (c, n))).to_vec();
    }
    let frame = published("nielweise2007.csv");
    let [a, n1, c, n2] = ["ai", "n1i", "ci", "n2i"].map(|name| column(&frame, name));
    let rows = (0..a.len()).filter(|&i| model == "PLO" || a[i] + c[i] > 0.0);
    rows.map(|i| match model {
        "PLO" => StudyLikelihood::binomial(a[i], n1[i], 0.0),
        "UM.FS" => StudyLikelihood::two_binomials((a[i], n1[i]), (c[i], n2[i])),
        "CM.AL" => StudyLikelihood::binomial(a[i], a[i] + c[i], (n1[i] / n2[i]).ln()),
        _ => StudyLikelihood::hypergeometric(a[i], n1[i], c[i], n2[i]).unwrap(),
    })
    .collect()
}

#[test]
fn counts_with_random_effects_agree_with_direct_integration() {
    let mut comparison = Comparison::default();
    for row in golden("meta/glmm.csv").into_iter().chain(golden("meta/glmm_um_fs.csv")) {
        let fit = glmm(&studies(&row[0]), 0.95).unwrap();
        let effect = &fit.coefficients[0];
        let found = [effect.estimate, fit.tau2, effect.se, fit.statistics.log_likelihood];
        for (at, value) in found.into_iter().enumerate() {
            // The likelihood is that of the last step but one of the search in the script.
            let relative = if at == 2 { 1e-5 } else { 1e-6 };
            comparison.close(&format!("{} {at}", row[0]), value, number(&row[at + 1]).unwrap(), relative, 0.0);
        }
    }
    comparison.finish(20);
}

/// With fixed study effects and no heterogeneity, one table gives its own odds ratio.
#[test]
fn one_table_gives_its_own_odds_ratio() {
    let table = StudyLikelihood::two_binomials((12.0, 40.0), (20.0, 50.0));
    let fit = glmm(&[table], 0.95).unwrap();
    let expected = (12.0 * 30.0 / (28.0 * 20.0f64)).ln();
    let se = (1.0 / 12.0 + 1.0 / 28.0 + 1.0 / 20.0 + 1.0 / 30.0f64).sqrt();
    assert!((fit.coefficients[0].estimate - expected).abs() < 1e-6, "{fit:?}");
    assert!((fit.coefficients[0].se - se).abs() < 1e-4 * se);
}

/// UM.RS with one point is the Laplace approximation of lme4; the other models have its quadrature with 25 points.
/// lme4's searches end about 1e-4 from the maximum.
#[test]
fn counts_agree_with_lme4() {
    let mut comparison = Comparison::default();
    for row in golden("meta/glmm_lme4.csv") {
        let found = if row[0] == "UM.RS" {
            let frame = published("nielweise2007.csv");
            let [a, n1, c, n2] = ["ai", "n1i", "ci", "n2i"].map(|name| column(&frame, name));
            let rows = (0..a.len()).filter(|&i| a[i] + c[i] > 0.0);
            let counts: Vec<Counts> =
                rows.map(|i| Counts { events1: a[i], size1: n1[i], events2: c[i], size2: n2[i] }).collect();
            let RandomStudies { fit, sigma2, .. } =
                glmm_random_studies(CountMeasure::Or, &counts, Some(1), 0.95).unwrap();
            // More points move the estimates, and little: adaptive Gauss–Hermite quadrature with 61 × 61 points and the
            // search BFGS, written out in R, end at these.
            let exact = glmm_random_studies(CountMeasure::Or, &counts, None, 0.95).unwrap();
            comparison.close("UM.RS exact", exact.fit.coefficients[0].estimate, -1.279_686, 1e-4, 0.0);
            comparison.close("UM.RS exact tau2", exact.fit.tau2, 0.725_214, 1e-3, 0.0);
            comparison.close("UM.RS exact sigma2", exact.sigma2, 0.536_374, 1e-3, 0.0);
            [fit.coefficients[0].estimate, fit.coefficients[0].se, fit.tau2, sigma2]
        } else {
            let fit = glmm(&studies(&row[0]), 0.95).unwrap();
            [fit.coefficients[0].estimate, fit.coefficients[0].se, fit.tau2, f64::NAN]
        };
        for (at, value) in found.into_iter().enumerate() {
            if let Some(expected) = number(&row[at + 1]) {
                comparison.close(&format!("{} {at}", row[0]), value, expected, 1e-3, 0.0);
            }
        }
    }
    comparison.finish(13);
}

/// Three tables of which two have an arm with no event beside one with many: at τ = 0 the search has nowhere to go, and
/// the maximum lies at τ = 4.
///
/// R 4.2.2, lme4: glmer(cbind(x, n - x) ~ g + (1 | study) + (0 + g | study), family = binomial), g = ±½, the likeliest
/// end of searches by bobyqa from four starts, of which that at θ = (0.5, 12) finds it; so with one point here.
#[test]
fn the_maximum_of_extreme_tables_is_found() {
    let of = |[events1, size1, events2, size2]: [f64; 4]| Counts { events1, size1, events2, size2 };
    let tables = [[9.0, 4541.0, 2.0, 101.0], [0.0, 11.0, 4706.0, 7672.0], [5.0, 4040.0, 36.0, 1574.0]].map(of);
    let found = glmm_random_studies(CountMeasure::Or, &tables, Some(1), 0.95).unwrap();
    let mut comparison = Comparison::default();
    comparison.close("effect", found.fit.coefficients[0].estimate, -5.481_564, 1e-3, 0.0);
    comparison.close("standard error", found.fit.coefficients[0].se, 2.395_157, 1e-3, 0.0);
    comparison.close("tau2", found.fit.tau2, 16.983_78, 1e-3, 0.0);
    comparison.close("log-likelihood", found.fit.statistics.log_likelihood, -22.949_08, 1e-4, 0.0);
    comparison.finish(4);
    // No model with τ = 0 comes near: −23.939.
    let exact = glmm_random_studies(CountMeasure::Or, &tables, None, 0.95).unwrap();
    assert!(exact.fit.tau2 > 5.0, "{exact:?}");
}

/// Q of UM.RS is against a model with an effect of its own for each study, where the random levels are those of the
/// second groups (0/1), as in metafor: by direct integration, and within 1e-3 of metafor's approximation by Laplace
/// (`tests/ref/meta/glmm_um_rs.csv`).
#[test]
fn heterogeneity_of_random_levels_is_that_of_direct_integration() {
    let mut comparison = Comparison::default();
    for row in golden("meta/glmm_um_rs.csv") {
        let of = |[events1, size1, events2, size2]: [f64; 4]| Counts { events1, size1, events2, size2 };
        let (measure, counts): (CountMeasure, Vec<Counts>) = match row[2].as_str() {
            "OR" => {
                let frame = published("nielweise2007.csv");
                let [a, n1, c, n2] = ["ai", "n1i", "ci", "n2i"].map(|name| column(&frame, name));
                let all = (0..a.len()).map(|i| [a[i], n1[i], c[i], n2[i]]);
                (CountMeasure::Or, all.filter(|row| row[0] + row[2] > 0.0).map(of).collect())
            }
            _ => (CountMeasure::Irr, RATES.map(|[a, m, c, n, _]| of([a, m, c, n])).to_vec()),
        };
        let fit = glmm_random_studies(measure, &counts, None, 0.95).unwrap().fit;
        let relative = if row[0] == "direct" { 1e-6 } else { 1e-3 };
        comparison.close(&row[..3].join(" "), fit.qe, number(&row[3]).unwrap(), relative, 0.0);
    }
    comparison.finish(4);
}
