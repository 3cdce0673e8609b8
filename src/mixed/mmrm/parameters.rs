//! Standard deviations and correlations of residuals and random effects as parameters that can be held at a value.

use super::super::options::ResidualStructure as S;
use super::likelihood::Problem;
use super::random::Place;
use super::structure::triangle;

/// What a parameter of a group's covariance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The standard deviation of all visits.
    Deviation,
    /// That of one visit.
    DeviationAt(usize),
    /// The one correlation of the structure.
    Correlation,
    /// The correlation of visits so many apart in order.
    Lag(usize),
    /// The correlation of two visits, the later one first.
    Pair(usize, usize),
    /// The standard deviation of the first column of a random term, where the problem is written so.
    Effect(usize),
    /// The correlation of the first two columns of a random term.
    Effects(usize),
}

/// A standard deviation or correlation of the residuals of one group, or of random effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parameter {
    pub group: usize,
    pub kind: Kind,
}

/// A parameter of the search as a function of the others, where another parameter is held: h, its slopes and
/// its second derivatives, each pair of places once.
#[derive(Clone, Debug, Default)]
pub(super) struct Substitute {
    pub place: usize,
    pub value: f64,
    pub slopes: Vec<(usize, f64)>,
    pub curves: Vec<(usize, usize, f64)>,
}

impl Parameter {
    /// All of them, by group: standard deviations, then correlations.
    pub fn all(problem: &Problem) -> Vec<Self> {
        let m = problem.covariance.visits();
        let each = |kinds: &mut Vec<Kind>| kinds.extend((0..m).map(Kind::DeviationAt));
        let lags = |kinds: &mut Vec<Kind>| kinds.extend((1..m).map(Kind::Lag));
        let mut kinds = Vec::new();
        match problem.covariance.structure {
            S::Independent => kinds.push(Kind::Deviation),
            S::HeterogeneousIndependent => each(&mut kinds),
            S::CompoundSymmetry | S::Autoregressive | S::ContinuousAutoregressive => {
                kinds.extend([Kind::Deviation, Kind::Correlation]);
            }
            S::HeterogeneousCompoundSymmetry | S::HeterogeneousAutoregressive => {
                each(&mut kinds);
                kinds.push(Kind::Correlation);
            }
            S::Toeplitz => {
                kinds.push(Kind::Deviation);
                lags(&mut kinds);
            }
            S::HeterogeneousToeplitz => {
                each(&mut kinds);
                lags(&mut kinds);
            }
            S::Unstructured => {
                each(&mut kinds);
                kinds.extend((0..m).flat_map(|k| (k + 1..m).map(move |j| Kind::Pair(j, k))));
            }
        }
        (0..problem.groups).flat_map(|group| kinds.iter().map(move |&kind| Self { group, kind })).collect()
    }

    /// Whether it is a standard deviation.
    pub fn is_deviation(self) -> bool {
        matches!(self.kind, Kind::Deviation | Kind::DeviationAt(_) | Kind::Effect(_))
    }

    /// Its name: `sd`, `sd V2`, `cor`, `cor lag 2`, `cor V3.V1`, with the group after a bar.
    pub fn name(self, times: &[String], groups: &[Option<String>]) -> String {
        let own = match self.kind {
            Kind::Deviation => "sd".to_owned(),
            Kind::DeviationAt(visit) => format!("sd {}", times[visit]),
            Kind::Correlation => "cor".to_owned(),
            Kind::Lag(lag) => format!("cor lag {lag}"),
            Kind::Pair(j, k) => format!("cor {}.{}", times[j], times[k]),
            Kind::Effect(_) => "sd of a random effect".to_owned(),
            Kind::Effects(_) => "cor of random effects".to_owned(),
        };
        match &groups[self.group] {
            Some(group) => format!("{own}|{group}"),
            None => own,
        }
    }

    /// The user's value of a value in the standardised problem, where residuals have the unit `size`.
    pub fn of_user(self, problem: &Problem, size: f64, value: f64) -> f64 {
        match self.kind {
            Kind::Effect(term) => size * value / problem.random.terms[term].r[(0, 0)],
            Kind::Deviation | Kind::DeviationAt(_) => size * value,
            // One unit of time apart.
            Kind::Correlation if problem.covariance.structure == S::ContinuousAutoregressive => {
                value.powf(1.0 / problem.covariance.gap)
            }
            _ => value,
        }
    }

    /// Its value in the standardised problem.
    pub fn value(self, problem: &Problem, theta: &[f64]) -> f64 {
        if let Kind::Effect(term) | Kind::Effects(term) = self.kind {
            return of_effects(self.kind, problem, theta, term);
        }
        let (own, covariance) = (problem.part(theta, self.group), &problem.covariance);
        let at = |j: usize, k: usize| covariance.matrix(own, &[j, k]);
        let correlation = |j: usize, k: usize| {
            let of = at(j, k);
            of[(0, 1)] / (of[(0, 0)] * of[(1, 1)]).sqrt()
        };
        match self.kind {
            Kind::Deviation => covariance.matrix(own, &[0])[(0, 0)].sqrt(),
            Kind::DeviationAt(visit) => covariance.matrix(own, &[visit])[(0, 0)].sqrt(),
            // The mean gap apart: in seconds or days it is the same.
            Kind::Correlation if covariance.structure == S::ContinuousAutoregressive => (-own[1].exp()).exp(),
            Kind::Correlation => correlation(0, 1),
            Kind::Lag(lag) => correlation(0, lag),
            Kind::Pair(j, k) => correlation(j, k),
            Kind::Effect(_) | Kind::Effects(_) => f64::NAN,
        }
    }

    /// Between which values it is.
    pub fn limits(self, problem: &Problem) -> [f64; 2] {
        if self.is_deviation() {
            return [0.0, f64::INFINITY];
        }
        if matches!(self.kind, Kind::Effects(_)) {
            return [-1.0, 1.0];
        }
        match problem.covariance.structure {
            S::CompoundSymmetry | S::HeterogeneousCompoundSymmetry => [problem.covariance.lowest(), 1.0],
            S::ContinuousAutoregressive => [0.0, 1.0],
            _ => [-1.0, 1.0],
        }
    }

    /// The parameter of the search that follows from the others where this one is held at a value.
    pub fn held(self, problem: &Problem, theta: &[f64], value: f64) -> Substitute {
        let covariance = &problem.covariance;
        let (first, own) = (self.group * covariance.parameters(), problem.part(theta, self.group));
        let (m, widest) = (covariance.visits(), covariance.widest() as f64);
        let deviations = covariance.deviations();
        let fixed = |place: usize, value: f64| Substitute { place: first + place, value, ..Substitute::default() };
        let line = |place: usize, value: f64, on: usize, slope: f64| Substitute {
            place: first + place,
            value: value + slope * own[on],
            slopes: vec![(first + on, slope)],
            curves: Vec::new(),
        };
        match (covariance.structure, self.kind) {
            (_, Kind::Effect(term) | Kind::Effects(term)) => held_effect(self.kind, problem, theta, (term, value)),
            (S::Independent | S::Toeplitz, Kind::Deviation) => fixed(0, value * value),
            (S::CompoundSymmetry, Kind::Deviation) => line(0, widest * value * value, 1, 1.0 - widest),
            (S::CompoundSymmetry, _) => line(0, 0.0, 1, (1.0 + (widest - 1.0) * value) / (1.0 - value)),
            (S::Toeplitz, Kind::Lag(lag)) => line(lag, 0.0, 0, value),
            (S::Unstructured, Kind::DeviationAt(visit)) => fixed(triangle(m, visit, visit), value * value),
            (S::Unstructured, Kind::Pair(j, k)) => pair(first, own, m, [j, k], value),
            (_, Kind::Deviation) => fixed(0, value.ln()),
            (_, Kind::DeviationAt(visit)) => fixed(visit, value.ln()),
            (S::HeterogeneousToeplitz, Kind::Lag(lag)) => fixed(deviations + lag - 1, value),
            _ => fixed(deviations, covariance.eta_of(value)),
        }
    }
}

/// Of the first row of Λ its length, or its correlation with the second one.
fn of_effects(kind: Kind, problem: &Problem, theta: &[f64], term: usize) -> f64 {
    let own = problem.random.triangle(problem.random_part(theta), term);
    match kind {
        Kind::Effect(_) => own[(0, 0)].abs(),
        _ => (own[(1, 0)] / own[(1, 0)].hypot(own[(1, 1)])).copysign(own[(1, 0)] * own[(0, 0)]),
    }
}

/// The entry of Λ that makes a standard deviation, Λ₀₀, or a correlation, Λ₁₀ = Λ₁₁ρ/√(1 − ρ²).
fn held_effect(kind: Kind, problem: &Problem, theta: &[f64], (term, value): (usize, f64)) -> Substitute {
    let at = |row: usize, column: usize| {
        let is_own = |of: &Place| *of == Place { term, row, column };
        problem.of_residuals() + problem.random.places.iter().position(is_own).unwrap_or(0)
    };
    if let Kind::Effect(_) = kind {
        return Substitute { place: at(0, 0), value, ..Substitute::default() };
    }
    let (on, slope) = (at(1, 1), value / (1.0 - value * value).sqrt());
    Substitute { place: at(1, 0), value: slope * theta[on], slopes: vec![(on, slope)], curves: Vec::new() }
}

/// σⱼₖ = ρ√(σⱼⱼσₖₖ) of an unstructured covariance.
fn pair(first: usize, own: &[f64], m: usize, [j, k]: [usize; 2], r: f64) -> Substitute {
    let [one, two] = [triangle(m, j, j), triangle(m, k, k)];
    let value = r * (own[one] * own[two]).sqrt();
    let slope = |at: usize| 0.5 * value / own[at];
    Substitute {
        place: first + triangle(m, j, k),
        value,
        slopes: vec![(first + one, slope(one)), (first + two, slope(two))],
        curves: vec![
            (first + one, first + one, -0.5 * slope(one) / own[one]),
            (first + two, first + two, -0.5 * slope(two) / own[two]),
            (first + one, first + two, 0.25 * value / (own[one] * own[two])),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::options::ResidualStructure;
    use super::super::patterns::{Subject, patterns};
    use super::super::random::RandomPart;
    use super::super::structure::Covariance;
    use super::*;

    #[test]
    fn a_held_parameter_has_its_value_and_its_derivatives() {
        for structure in ResidualStructure::ALL.iter().copied() {
            let covariance = Covariance::new(structure, vec![0.0, 1.0, 2.5, 4.0], 4);
            let clusters = [vec![Subject { group: 0, rows: vec![(0, 0), (1, 1), (2, 2), (3, 3)] }]];
            let random = RandomPart::default();
            let patterns = patterns(&clusters, &random, &[1.0, 2.0, 0.5, -1.0], 1);
            let problem = Problem { patterns, covariance, random, groups: 1, rows: 4, coefficients: 0, reml: false };
            let theta = super::super::structure::sample(structure);
            for parameter in Parameter::all(&problem) {
                let name = format!("{structure} {parameter:?}");
                let value = 0.9 * parameter.value(&problem, &theta);
                let at = |theta: &[f64]| parameter.held(&problem, theta, value);
                let own = at(&theta);
                let mut moved = theta.clone();
                moved[own.place] = own.value;
                assert!((parameter.value(&problem, &moved) - value).abs() < 1e-12, "{name}");
                for other in (0..theta.len()).filter(|other| *other != own.place) {
                    let side = |by: f64| {
                        let mut moved = theta.clone();
                        moved[other] += by;
                        at(&moved)
                    };
                    let (up, down) = (side(1e-5), side(-1e-5));
                    let slope =
                        |of: &Substitute, at: usize| of.slopes.iter().filter(|s| s.0 == at).map(|s| s.1).sum::<f64>();
                    assert!((slope(&own, other) - (up.value - down.value) / 2e-5).abs() < 1e-8, "{name}");
                    for third in (0..theta.len()).filter(|third| *third != own.place) {
                        let curve: f64 = own
                            .curves
                            .iter()
                            .filter(|(a, b, _)| (*a, *b) == (other, third) || (*b, *a) == (other, third))
                            .map(|of| of.2)
                            .sum();
                        let found = (slope(&up, third) - slope(&down, third)) / 2e-5;
                        assert!((curve - found).abs() < 1e-7, "{name} {other} {third}: {curve} {found}");
                    }
                }
            }
        }
    }
}
