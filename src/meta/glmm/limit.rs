//! Whether the likelihood has a maximum.

use super::design::Design;
use super::failed;
use super::study::{End, StudyLikelihood};
use crate::meta::problem::MetaError;
use crate::numeric::dist::{normal_cdf, normal_density};
use crate::numeric::minimum::{Minimum, descend};

/// The log-likelihood that τ → ∞ approaches where every study that says anything is at an end of its range: its
/// likelihood rises to 1 towards one end of η, and η = x′β + τz lies on either side of 0 with the probabilities that
/// x′β/τ gives, which are best where a probit regression of the ends has its maximum. None where a study has a
/// likelihood that falls on either side, so that its integral vanishes as 1/τ.
fn limit_of_tau(studies: &[StudyLikelihood], design: &Design) -> Option<f64> {
    let mut signs = Vec::with_capacity(studies.len());
    for end in studies.iter().map(StudyLikelihood::end) {
        signs.push(match end {
            End::Lower => -1.0,
            End::Upper => 1.0,
            End::Both => 0.0,
            End::Neither => return None,
        });
    }
    let minus = |x: &[f64]| {
        let of = |(eta, sign): (f64, &f64)| if *sign == 0.0 { 0.0 } else { -normal_cdf(sign * eta).ln() };
        design.eta(x).zip(&signs).map(of).sum()
    };
    let slopes = |x: &[f64]| {
        let mut total = vec![0.0; x.len()];
        for ((eta, sign), row) in design.eta(x).zip(&signs).zip(design.rows()) {
            let slope = sign * hazard(sign * eta);
            total.iter_mut().zip(row).for_each(|(total, value)| *total -= slope * value);
        }
        total
    };
    Some(-descend(minus, slopes, vec![0.0; design.p()]).value)
}

/// φ(x)/Φ(x).
fn hazard(x: f64) -> f64 {
    if x < -30.0 { -x } else { normal_density(x) / normal_cdf(x) }
}

/// That the likelihood has a maximum: no limit is as high as the best that the searches found.
///
/// `common` is minus the log-likelihood without heterogeneity, and `found` what the search for τ ended in.
pub(super) fn refuse_endless(
    studies: &[StudyLikelihood],
    design: &Design,
    common: f64,
    found: &Minimum,
) -> Result<(), MetaError> {
    let highest = -found.value.min(common);
    if limit_of_tau(studies, design).is_some_and(|limit| limit >= highest - 1e-7) {
        let why = "the likelihood has no maximum in tau2, and rises as it grows without end: each study lies at an end of \
                   its range (all of its events in one group, or an event in all or in none of a group), some at the one \
                   and some at the other";
        return Err(failed(why));
    }
    if !found.converged && found.value < common - 1e-6 {
        return Err(failed("the likelihood has no maximum in tau2 that a search can find"));
    }
    Ok(())
}

/// That counts put a bound on the coefficients: no study has a fitted effect beyond all that counts can tell.
pub(super) fn refuse_unbound(design: &Design, common: &Minimum) -> Result<(), MetaError> {
    /// The largest logit or log rate ratio that is taken for an estimate.
    const MOST: f64 = 20.0;
    if common.converged && design.eta(&common.at).all(|eta| eta.abs() <= MOST) {
        return Ok(());
    }
    Err(failed(match design.p() {
        1 => "the counts put no bound on the effect",
        _ => {
            "the counts put no bound on a coefficient: at some values of the moderators all studies lie at the same end of \
             their range (an event in none or in all), so that its estimate would be infinite; leave that moderator out"
        }
    }))
}
