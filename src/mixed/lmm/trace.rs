//! The profile itself: the signed root of the criterion's rise at values of a parameter.

use super::fit::LinearFit;
use super::profile::{Held, Top, column_weights};
use crate::mixed::profiling::{Side, trace};
use crate::mixed::result::{Intervals, ProfileTrace, deviations};
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{dot, unit};

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

impl LinearFit {
    /// Points of the profile of each parameter: standard deviations and correlations by term in the order of
    /// their covariance factor, σ, then the fixed effects, under the names of lme4's
    /// `confint(oldNames = FALSE)`. Each value has ζ, the signed square root of the rise of −2 log-likelihood
    /// over its minimum; as intervals, profiles are those of the full likelihood. A correlation that has no estimate
    /// has none.
    ///
    /// Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), section 5.1.
    pub(super) fn profile_traces(&self, intervals: &Intervals) -> Vec<ProfileTrace> {
        let rise = chi_squared_quantile(self.model.level, 1.0);
        let (mut profile, top) = self.top(rise);
        let mut traces = Vec::new();
        // A correlation with a standard deviation of 0 has no estimate from which a profile could go out.
        for of in self.held_parameters(&top, intervals).into_iter().filter(|of| of.estimate.is_finite()) {
            let ends = [of.interval.lower, of.interval.upper].map(|end| (end - of.origin) / of.scale);
            let side = |at: usize, sign: f64| {
                let width = ends[at] - of.estimate;
                let width = if width * sign > 0.0 { width } else { sign };
                Side { estimate: of.estimate, width, limit: of.limits[at], least: of.held.least() }
            };
            // Each side follows its own way from the maximum.
            let (mut near, mut is_right) = (top.theta.clone(), false);
            let mut risen = |value: f64| {
                if !is_right && value > of.estimate {
                    (near, is_right) = (top.theta.clone(), true);
                }
                let (at, risen) = profile.risen(&of.held, value, &near);
                near = at;
                risen
            };
            let user = |value: f64| of.origin + of.scale * value;
            let points = trace(&mut risen, &[side(0, -1.0), side(1, 1.0)], ends, &user);
            traces.push(ProfileTrace { parameter: of.name, points });
        }
        traces
    }

    /// The signed root ζ of the rise of −2 log-likelihood at given values of one parameter, counted as
    /// [`Profiles::traces`](crate::mixed::result::Profiles) are; none where there is no such parameter.
    ///
    /// Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), section 5.1.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, LinearMixedModel, ModelData};
    /// let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// let fit = LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?;
    /// // The slope is the sixth; lme4: profile(fm1)
    /// let zeta = fit.zeta(5, &[8.132_228_894]).ok_or("a sixth parameter")?;
    /// assert!((zeta[0] + 1.505_707).abs() < 1e-3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn zeta(&self, parameter: usize, values: &[f64]) -> Option<Vec<f64>> {
        let (mut profile, top) = self.top(1.0);
        let none = Interval::UNKNOWN;
        let p = self.problem.p();
        let (mut sd, mut cor) = (Vec::new(), Vec::new());
        for term in &self.problem.terms {
            sd.push(vec![none; term.k]);
            cor.push(vec![none; term.k * (term.k - 1) / 2]);
        }
        let unknown = Intervals { fixef: vec![none; p], sd, cor, ..Intervals::default() };
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
                let held = Held::Deviation(term, j, column_weights(problem, term, j));
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
        let none = Interval::UNKNOWN;
        all.push(scaled("sigma".to_owned(), Held::Sigma, top.sigma, intervals.sigma.unwrap_or(none)));
        for (at, name) in self.data.x.names.iter().enumerate() {
            let function = problem.x.function(&unit(problem.p(), at));
            let (estimate, origin) = (dot(&function, &top.beta), dot(&function, &problem.ols));
            let limits = [f64::NEG_INFINITY, f64::INFINITY];
            let (held, scale, interval) = (Held::Coefficient(function), problem.scale, intervals.fixef[at]);
            all.push(Parameter { name: name.clone(), held, estimate, limits, origin, scale, interval });
        }
        all
    }
}
