//! The profile itself: the signed root of the criterion's rise at values of a parameter.

use super::fit::{LinearFit, deviations};
use super::profile::{Held, Top, column_weights};
use crate::mixed::profiling::Side;
use crate::mixed::result::{Intervals, ProfilePoint, ProfileTrace};
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::dot;

/// Where points lie between the estimate (0) and the end of the interval (1), and beyond.
const STEPS: [f64; 6] = [0.2, 0.4, 0.6, 0.8, 1.0, 1.25];

/// A parameter with what it takes to hold it.
struct Parameter {
    name: String,
    held: Held,
    /// Its maximum likelihood estimate, standardised.
    estimate: f64,
    limits: [f64; 2],
    /// The user's value is `origin + scale` × the standardised one.
    origin: f64,
    scale: f64,
    interval: Interval,
}

impl LinearFit<'_> {
    /// Points of the profile of each parameter: standard deviations and correlations by term in the order of
    /// their covariance factor, σ, then the fixed effects, under the names of lme4's
    /// `confint(oldNames = FALSE)`. Each value has ζ, the signed square root of the rise of −2 log-likelihood
    /// over its minimum; as intervals, profiles are those of the full likelihood.
    ///
    /// Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), section 5.1.
    pub fn profile_traces(&self, level: f64, intervals: &Intervals) -> Vec<ProfileTrace> {
        let rise = chi_squared_quantile(level, 1.0);
        let (mut profile, top) = self.top(rise);
        let mut traces = Vec::new();
        for of in self.held_parameters(&top, intervals) {
            let mut points = vec![ProfilePoint { value: of.origin + of.scale * of.estimate, zeta: 0.0 }];
            for (end, limit, sign) in [(of.interval.lower, of.limits[0], -1.0), (of.interval.upper, of.limits[1], 1.0)]
            {
                let width = (end - of.origin) / of.scale - of.estimate;
                if !width.is_finite() || width * sign <= 0.0 {
                    continue;
                }
                let side = Side { estimate: of.estimate, width, limit };
                let mut near = top.theta.clone();
                for step in STEPS {
                    let value = side.inside(of.estimate + step * width);
                    let (at, risen) = profile.risen(&of.held, value, &near);
                    near = at;
                    let value = of.origin + of.scale * value;
                    let is_new = points.last().is_none_or(|last| last.value != value);
                    if risen.is_finite() && is_new {
                        points.push(ProfilePoint { value, zeta: sign * risen.max(0.0).sqrt() });
                    }
                }
            }
            points.sort_by(|a, b| a.value.total_cmp(&b.value));
            traces.push(ProfileTrace { parameter: of.name, points });
        }
        traces
    }

    /// ζ at given values of one parameter, counted in the order of [`Self::profile_traces`]; none where there
    /// is no such parameter.
    pub fn zeta(&self, parameter: usize, values: &[f64]) -> Option<Vec<f64>> {
        let (mut profile, top) = self.top(1.0);
        let none = Interval { lower: f64::NAN, upper: f64::NAN };
        let p = self.problem.p();
        let (mut sd, mut cor) = (Vec::new(), Vec::new());
        for term in &self.problem.terms {
            sd.push(vec![none; term.k]);
            cor.push(vec![none; term.k * (term.k - 1) / 2]);
        }
        let unknown = Intervals { fixef: vec![none; p], sigma: None, sd, cor };
        let of = self.held_parameters(&top, &unknown).into_iter().nth(parameter)?;
        let at = |value: &f64| {
            let inner = (value - of.origin) / of.scale;
            let (_, risen) = profile.risen(&of.held, inner, &top.theta);
            risen.max(0.0).sqrt().copysign(inner - of.estimate)
        };
        Some(values.iter().map(at).collect())
    }

    fn held_parameters(&self, top: &Top, intervals: &Intervals) -> Vec<Parameter> {
        let problem = &self.problem;
        let mut all = Vec::new();
        let positive = [0.0, f64::INFINITY];
        let scaled = |name: String, held: Held, estimate: f64, interval: Interval| {
            let (origin, scale) = (0.0, problem.scale);
            Parameter { name, held, estimate, limits: positive, origin, scale, interval }
        };
        for (term, data) in self.data.random.iter().enumerate() {
            let (lengths, correlations) = deviations(&problem.term_lambda(&top.theta, term));
            let (names, group) = (&data.names, &data.group);
            let mut pair = 0;
            for j in 0..lengths.len() {
                let held = Held::Deviation(term, column_weights(problem, term, j));
                let name = format!("sd_{}|{group}", names[j]);
                all.push(scaled(name, held, top.sigma * lengths[j], intervals.sd[term][j]));
                for i in j + 1..lengths.len() {
                    let (name, interval) =
                        (format!("cor_{}.{}|{group}", names[i], names[j]), intervals.cor[term][pair]);
                    pair += 1;
                    let (held, estimate) = (Held::Correlation(term, [j, i]), correlations[(i, j)]);
                    let limits = [-1.0, 1.0];
                    all.push(Parameter { name, held, estimate, limits, origin: 0.0, scale: 1.0, interval });
                }
            }
        }
        let none = Interval { lower: f64::NAN, upper: f64::NAN };
        all.push(scaled("sigma".to_owned(), Held::Sigma, top.sigma, intervals.sigma.unwrap_or(none)));
        for (at, name) in self.data.x.names.iter().enumerate() {
            let unit: Vec<f64> = (0..problem.p()).map(|other| f64::from(u8::from(other == at))).collect();
            let function = problem.function(&unit);
            let (estimate, origin) = (dot(&function, &top.beta), dot(&function, &problem.ols));
            let limits = [f64::NEG_INFINITY, f64::INFINITY];
            let (held, scale, interval) = (Held::Coefficient(function), problem.scale, intervals.fixef[at]);
            all.push(Parameter { name: name.clone(), held, estimate, limits, origin, scale, interval });
        }
        all
    }
}
