//! What each of two groups contributes to the sampling variance of an effect, from which follows the covariance of two
//! effects that share a group: several treatments against one control.
//!
//! By the delta method an effect has the variance Σ_g (u_g² + w_g²): u_g is what the location of group g (its mean,
//! risk or rate) contributes, w_g what its part in the SD contributes by which a difference is divided. Two effects
//! that share a group have the covariance ± u_g u_g′ + w_g w_g′, with + where the group stands on the same side of
//! both. All effects of a study together then have a covariance matrix that is never indefinite.
//!
//! Sources: Gleser & Olkin (2009), in The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., chapter 19; for
//! risk differences, ratios and odds ratios, differences of means and effects by the SD of the control as printed
//! there. For an SD that is pooled over both groups of each row it is the same derivation: with N_i the size of both
//! groups of effect i, w_g = g_i √(n_g/2)/N_i, since the SDs of two rows share n_g of their N_i and N_j members.

use super::inputs::SD;
use super::two_groups::{COX, TwoGroups, behind_smdh, cohens_d, logistic_sd, standardised, unbiased_share};
use super::zeros::{average, average_share, variations};
use super::{EffectMeasure, Field, Inputs, Options, Reason, Vtype, correction, counts::Counts, rates};
use crate::numeric::dist::normal_quantile;
use std::f64::consts::PI;

/// What both groups contribute to the sampling variance of an effect.
///
/// ```
/// use reffect::effect::measures::{Field, Inputs, Options, group_parts, measure};
/// // Gleser & Olkin (2009), table 19.2, first study: 40 of 1000 in a control group, 100 and 150 of 4000 in two others.
/// let against = |events: f64| {
///     Inputs::from([(Field::Ai, events), (Field::N1i, 4000.0), (Field::Ci, 40.0), (Field::N2i, 1000.0)])
/// };
/// let rd = measure("RD")?;
/// let parts = |events| group_parts(rd, &against(events), &Options::default());
/// let (one, other) = (parts(100.0)?, parts(150.0)?);
/// // The variance of the risk that both share, 0.04 · 0.96/1000.
/// assert!((one.covariance(1, &other, 1) - 3.84e-5).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct GroupParts {
    /// The variance that the mean, risk or rate of each group contributes: u².
    pub location: [f64; 2],
    /// The square root of what each group contributes through the SD of the denominator, with the sign of the effect:
    /// w.
    pub spread: [f64; 2],
}

impl GroupParts {
    fn of_locations(location: [f64; 2]) -> Self {
        Self { location, spread: [0.0; 2] }
    }

    /// The variance of the effect.
    pub fn variance(&self) -> f64 {
        self.location.iter().sum::<f64>() + self.spread.iter().map(|w| w * w).sum::<f64>()
    }

    /// The covariance with another effect that arises from one group: the one in this place here (0 for the first
    /// group, 1 for the second) is the one in that place there. Where a constant was added to the counts of one row and
    /// not of the other the group has two variances, and the covariance their geometric mean.
    ///
    /// # Panics
    /// If a place is neither 0 nor 1.
    pub fn covariance(&self, place: usize, other: &Self, other_place: usize) -> f64 {
        let sign = if place == other_place { 1.0 } else { -1.0 };
        let locations = (self.location[place] * other.location[other_place]).sqrt();
        sign * locations + self.spread[place] * other.spread[other_place]
    }
}

type Maker = fn(&Inputs, &Options) -> Result<GroupParts, Reason>;

/// The measures whose variance is a sum of parts of both groups.
const MAKERS: [(&str, Maker); 20] = [
    ("MD", md),
    ("SMD", smd),
    ("SMDH", smdh),
    ("SMD1", smd1),
    ("SMD1H", smd1h),
    ("ROM", rom),
    ("CVR", cvr),
    ("VR", vr),
    ("D2ORL", |inputs, _| of_d(inputs, logistic_sd())),
    ("D2ORN", |inputs, _| of_d(inputs, COX)),
    ("RR", rr),
    ("OR", |inputs, options| odds_ratio(inputs, options, 1.0)),
    ("RD", rd),
    ("AS", |inputs, options| Ok(of_both(Counts::read(inputs, options)?.n(), |n| 1.0 / (4.0 * n)))),
    ("PBIT", probit),
    ("OR2DL", |inputs, options| odds_ratio(inputs, options, logistic_sd())),
    ("OR2DN", |inputs, options| odds_ratio(inputs, options, COX)),
    ("IRR", |inputs, options| Ok(of_both(rates::groups(inputs, options)?, |(x, _)| 1.0 / x))),
    ("IRD", |inputs, options| Ok(of_both(rates::groups(inputs, options)?, |(x, t)| x / (t * t)))),
    ("IRSD", |inputs, options| Ok(of_both(rates::groups(inputs, options)?, |(_, t)| 1.0 / (4.0 * t)))),
];

/// The codes of the measures that have such parts.
pub fn measures_by_group() -> impl Iterator<Item = &'static str> {
    MAKERS.into_iter().map(|(code, _)| code)
}

/// What both groups of a row contribute to the variance of its effect.
///
/// # Errors
/// If the measure has no such parts (see [`measures_by_group`]), or why the row has no effect.
pub fn group_parts(measure: &EffectMeasure, inputs: &Inputs, options: &Options) -> Result<GroupParts, Reason> {
    let options = Options { add: options.add.or(Some(measure.usual_addition())), ..*options };
    match MAKERS.into_iter().find(|(code, _)| *code == measure.code) {
        Some((_, of)) => of(inputs, &options),
        None => Err(Reason::Undefined("the variance of this measure is no sum of parts of both groups")),
    }
}

fn of_both<T: Copy>(groups: [T; 2], variance: impl Fn(T) -> f64) -> GroupParts {
    GroupParts::of_locations(groups.map(variance))
}

fn md(inputs: &Inputs, options: &Options) -> Result<GroupParts, Reason> {
    let groups = TwoGroups::read(inputs)?;
    let sd = |i: usize| if options.vtype == Vtype::Ho { groups.pooled_sd() } else { groups.s[i] };
    Ok(GroupParts::of_locations([0, 1].map(|i| sd(i) * sd(i) / groups.n[i])))
}

fn smd(inputs: &Inputs, options: &Options) -> Result<GroupParts, Reason> {
    let (d, n) = cohens_d(inputs)?;
    let size = n[0] + n[1];
    by_sd(d, n, size - 2.0, size, n.map(|n| n / size), options)
}

fn smd1(inputs: &Inputs, options: &Options) -> Result<GroupParts, Reason> {
    let [m1, m2] = inputs.need([Field::M1i, Field::M2i])?;
    let [s2] = inputs.not_negative([Field::Sd2i], SD)?;
    let n = inputs.sizes([Field::N1i, Field::N2i])?;
    by_sd(standardised(m1 - m2, s2)?, n, n[1] - 1.0, n[1], [0.0, 1.0], options)
}

/// A difference divided by an SD with m degrees of freedom and `size` members, of whom the groups have these shares.
fn by_sd(d: f64, n: [f64; 2], m: f64, size: f64, shares: [f64; 2], options: &Options) -> Result<GroupParts, Reason> {
    let j = correction(m, options)?;
    let scale = if options.vtype == Vtype::Ls2 { j * j } else { 1.0 };
    let whole = match options.vtype {
        Vtype::Ub => j * d * unbiased_share(m, j).max(0.0).sqrt(),
        Vtype::Av => average(options)? / (2.0 * size).sqrt(),
        _ => j * d / (2.0 * size).sqrt(),
    };
    Ok(GroupParts { location: n.map(|n| scale / n), spread: shares.map(|share| whole * share.sqrt()) })
}

fn smdh(inputs: &Inputs, options: &Options) -> Result<GroupParts, Reason> {
    let groups = TwoGroups::read(inputs)?;
    let (d, n, share) = groups.by_average_sd()?;
    let yi = correction(groups.df(), options)? * d;
    let (of_means, of_sds) = behind_smdh(options.vtype, n);
    let shares = [share, 1.0 - share];
    Ok(GroupParts {
        location: [0, 1].map(|i| 2.0 * shares[i] / of_means[i]),
        spread: [0, 1].map(|i| yi * shares[i] / (2.0 * of_sds[i]).sqrt()),
    })
}

fn smd1h(inputs: &Inputs, options: &Options) -> Result<GroupParts, Reason> {
    let groups = TwoGroups::read(inputs)?;
    let ([s1, s2], [n1, n2]) = (groups.s, groups.n);
    let yi = correction(n2 - 1.0, options)? * standardised(groups.difference(), s2)?;
    Ok(GroupParts {
        location: [(s1 / s2).powi(2) / (n1 - 1.0), 1.0 / (n2 - 1.0)],
        spread: [0.0, yi / (2.0 * (n2 - 1.0)).sqrt()],
    })
}

fn rom(inputs: &Inputs, options: &Options) -> Result<GroupParts, Reason> {
    let groups = TwoGroups::read(inputs)?;
    let variation = |i: usize| {
        Ok(match options.vtype {
            Vtype::Ho => groups.pooled_sd() / groups.m[i],
            Vtype::Av | Vtype::AvHo => variations(options)?[i],
            _ => groups.s[i] / groups.m[i],
        })
    };
    let of = [variation(0)?, variation(1)?];
    Ok(GroupParts::of_locations([0, 1].map(|i| of[i] * of[i] / groups.n[i])))
}

fn cvr(inputs: &Inputs, _: &Options) -> Result<GroupParts, Reason> {
    let groups = TwoGroups::read(inputs)?;
    let of = |i: usize| 1.0 / (2.0 * (groups.n[i] - 1.0)) + (groups.s[i] / groups.m[i]).powi(2) / groups.n[i];
    Ok(GroupParts::of_locations([0, 1].map(of)))
}

fn vr(inputs: &Inputs, _: &Options) -> Result<GroupParts, Reason> {
    Ok(of_both(inputs.sizes([Field::N1i, Field::N2i])?, |n| 1.0 / (2.0 * (n - 1.0))))
}

/// d times a constant.
fn of_d(inputs: &Inputs, factor: f64) -> Result<GroupParts, Reason> {
    let (d, n) = cohens_d(inputs)?;
    let size = n[0] + n[1];
    let whole = factor * d / (2.0 * size).sqrt();
    Ok(GroupParts { location: n.map(|n| factor * factor / n), spread: n.map(|n| whole * (n / size).sqrt()) })
}

fn odds_ratio(inputs: &Inputs, options: &Options, by: f64) -> Result<GroupParts, Reason> {
    let counts = Counts::read(inputs, options)?;
    let cells = [(counts.a, counts.b), (counts.c, counts.d)];
    Ok(of_both(cells, |(events, others)| (1.0 / events + 1.0 / others) / (by * by)))
}

fn rr(inputs: &Inputs, options: &Options) -> Result<GroupParts, Reason> {
    let counts = Counts::read(inputs, options)?;
    let cells = [(counts.a, counts.b), (counts.c, counts.d)];
    Ok(of_both(cells, |(events, others)| others / (events * (events + others))))
}

fn rd(inputs: &Inputs, options: &Options) -> Result<GroupParts, Reason> {
    let counts = Counts::read(inputs, options)?;
    let (cells, n) = ([(counts.a, counts.b), (counts.c, counts.d)], counts.n());
    let of = |i: usize| {
        let (events, others) = cells[i];
        Ok(match options.vtype {
            Vtype::Ub => events / n[i] * (others / n[i]) / (n[i] - 1.0),
            Vtype::Av => {
                let share = average_share(options, i)?;
                share * (1.0 - share) / n[i]
            }
            _ => events / n[i] * (others / n[i]) / n[i],
        })
    };
    Ok(GroupParts::of_locations([of(0)?, of(1)?]))
}

fn probit(inputs: &Inputs, options: &Options) -> Result<GroupParts, Reason> {
    let counts = Counts::read(inputs, options)?;
    let cells = [(counts.a, counts.b), (counts.c, counts.d)];
    Ok(of_both(cells, |(events, others)| {
        let n = events + others;
        let z = normal_quantile(events / n);
        2.0 * PI * (events / n) * (others / n) * (z * z).exp() / n
    }))
}

#[cfg(test)]
mod tests {
    use super::super::{Survey, escalc, measure};
    use super::*;

    fn means(m: [f64; 2], s: [f64; 2], n: [f64; 2]) -> Inputs {
        use Field::{M1i, M2i, N1i, N2i, Sd1i, Sd2i};
        Inputs::from([(M1i, m[0]), (M2i, m[1]), (Sd1i, s[0]), (Sd2i, s[1]), (N1i, n[0]), (N2i, n[1])])
    }

    fn rows(code: &str) -> Vec<Inputs> {
        use Field::{Ai, Ci, N1i, N2i, T1i, T2i, X1i, X2i};
        let counts = |a, n1, c, n2| Inputs::from([(Ai, a), (N1i, n1), (Ci, c), (N2i, n2)]);
        let rates = |x1, t1, x2, t2| Inputs::from([(X1i, x1), (T1i, t1), (X2i, x2), (T2i, t2)]);
        match code {
            "RR" | "OR" | "RD" | "AS" | "PBIT" | "OR2DL" | "OR2DN" => {
                vec![counts(4.0, 23.0, 11.0, 39.0), counts(0.0, 12.0, 3.0, 15.0), counts(7.0, 9.0, 2.0, 14.0)]
            }
            "IRR" | "IRD" | "IRSD" => vec![rates(4.0, 23.5, 11.0, 39.0), rates(0.0, 12.0, 3.0, 15.0)],
            _ => vec![
                means([8.1, 6.2], [2.0, 3.5], [12.0, 17.0]),
                means([5.0, 6.0], [1.0, 1.5], [7.0, 5.0]),
                means([30.0, 11.0], [4.0, 4.0], [40.0, 80.0]),
            ],
        }
    }

    /// The parts add up to the variance of the effect, for each measure and each kind of variance that it has.
    #[test]
    fn the_parts_of_both_groups_are_the_variance() {
        let mut compared = 0;
        for code in measures_by_group() {
            let measure = measure(code).unwrap();
            for vtype in measure.vtypes.iter().copied().chain([Vtype::Ls]) {
                let mut options = Options { vtype, ..Options::default() };
                let mut survey = Survey::default();
                rows(code).iter().for_each(|row| survey.add(measure, row, &options));
                options.across = survey.across();
                for row in rows(code) {
                    let expected = escalc(measure, &row, &options).unwrap().vi.unwrap();
                    let parts = group_parts(measure, &row, &options).unwrap();
                    assert!((parts.variance() / expected - 1.0).abs() < 1e-13, "{code} {vtype}: {parts:?} {expected}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 80, "{compared}");
    }

    #[test]
    fn a_group_on_the_other_side_turns_the_sign() {
        let md = measure("MD").unwrap();
        let of = |inputs| group_parts(md, &inputs, &Options::default()).unwrap();
        let a = of(means([8.0, 6.0], [2.0, 3.0], [12.0, 18.0]));
        let b = of(means([6.0, 1.0], [3.0, 1.0], [18.0, 10.0]));
        // The variance of the mean of the middle group, 9/18.
        assert_eq!((a.covariance(1, &b, 0), a.covariance(1, &a, 1)), (-0.5, 0.5));
    }

    #[test]
    fn measures_without_such_parts_say_so() {
        let row = Inputs::from([(Field::Ai, 4.0), (Field::N1i, 9.0), (Field::Ci, 2.0), (Field::N2i, 9.0)]);
        assert!(group_parts(measure("PETO").unwrap(), &row, &Options::default()).is_err());
    }
}
