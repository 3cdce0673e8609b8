//! Estimates of a mixed model on other scales than that of its link: ratios, counts and probabilities.

use crate::mixed::options::{Family, Link};
use crate::mixed::result::{Coefficient, Prediction, Summary};
use crate::numeric::interval::Interval;
use crate::report::document::{Align, Table};
use crate::report::fit::{number_or_dash, range_or_dash};
use crate::report::number::level_text;

/// An estimate with its interval.
pub type Ranged = (f64, Interval);

/// The scales of a fit: the family of its response and the link.
#[derive(Clone, Copy)]
pub struct Scale(Family, Link);

impl Scale {
    pub fn of(fit: &Summary) -> Self {
        Self(fit.extras.scale.0, fit.extras.scale.1)
    }

    /// What the exponential of a difference on the scale of the link is, if anything.
    pub fn ratio_name(self) -> Option<&'static str> {
        match (self.0, self.1) {
            (Family::Binomial, Link::Logit) => Some("odds ratio"),
            (Family::Binomial, Link::Cloglog) => Some("hazard ratio"),
            (Family::Binomial, Link::Log) => Some("risk ratio"),
            (_, Link::Log) => Some("rate ratio"),
            _ => None,
        }
    }

    /// What the response is, where it is not on the scale of the link.
    pub fn response_name(self) -> Option<&'static str> {
        match (self.0, self.1) {
            (_, Link::Identity) => None,
            (Family::Binomial, _) => Some("probability"),
            _ => Some("count"),
        }
    }

    /// A coefficient or difference as a ratio; the intercept is none.
    pub fn ratio(self, of: &Coefficient) -> Option<Ranged> {
        self.ratio_name().filter(|_| of.name != "(Intercept)")?;
        Some((of.estimate.exp(), of.ci.exp()))
    }

    /// A mean on the scale of the response.
    pub fn response(self, of: &Coefficient) -> Option<Ranged> {
        self.response_name()?;
        Some((self.1.inverse(of.estimate), self.of_interval(of.ci)))
    }

    fn of_interval(self, ci: Interval) -> Interval {
        let (lower, upper) = (self.1.inverse(ci.lower), self.1.inverse(ci.upper));
        Interval { lower, upper }
    }

    /// The prediction of the population, with its interval, and the one with random effects on the scale of the
    /// response.
    pub fn predicted(self, of: &Prediction, level: f64) -> Option<[Option<f64>; 4]> {
        self.response_name()?;
        let to = |eta: Option<f64>| eta.map(|eta| self.1.inverse(eta));
        let ci = of.ci(level);
        let [lower, upper] = [ci.map(|ci| ci.lower), ci.map(|ci| ci.upper)].map(to);
        Some([to(of.population), to(of.conditional), lower, upper])
    }

    /// Coefficients or differences as ratios, as a table; none where they are none.
    pub fn ratios(self, rows: &[Coefficient], title: &str, level: f64) -> Option<Table> {
        let name = self.ratio_name()?;
        table(rows, [&format!("{title} as {name}s"), name], level, |of| self.ratio(of))
    }

    /// Means on the scale of the response, as a table.
    pub fn responses(self, rows: &[Coefficient], title: &str, level: f64) -> Option<Table> {
        let name = self.response_name()?;
        let many = if name == "count" { "counts" } else { "probabilities" };
        table(rows, [&format!("{title} as {many}"), name], level, |of| self.response(of))
    }

    /// What is to be known of these scales, as far as a fit shows them.
    pub fn notes(self, fit: &Summary) -> Vec<String> {
        let mut notes = Vec::new();
        let extras = &fit.extras;
        if let Some(name) = self.ratio_name() {
            let of_interaction = fit.fixef.iter().find(|of| of.name.contains(':')).map(|of| {
                format!(
                    "; that of an interaction such as {} is a ratio of such ratios, and main effects hold where the \
                     others are 0 or at their reference level",
                    of.name
                )
            });
            if fit.fixef.iter().any(|of| of.name != "(Intercept)") {
                let has_intercept = fit.fixef.iter().any(|of| of.name == "(Intercept)");
                let of_levels = "; without an intercept that of a level by itself is its mean (or odds), and no ratio";
                let of_levels = if has_intercept { "" } else { of_levels };
                notes.push(format!("{name}s are exp(estimate){}{of_levels}", of_interaction.unwrap_or_default()));
            }
        }
        if let (Some(name), true) = (self.response_name(), !extras.emmeans.is_empty() || extras.predict.is_some()) {
            let many = if name == "count" { "counts" } else { "probabilities" };
            let is_fixed = fit.varcorr.is_empty();
            let random = if is_fixed { "" } else { ", where the random effects are 0 unless they are named" };
            notes
                .push(format!("means and predictions are on the scale of the link, {}, and as {many}{random}", self.1));
        }
        notes
    }
}

fn table(
    rows: &[Coefficient],
    [title, name]: [&str; 2],
    level: f64,
    of: impl Fn(&Coefficient) -> Option<Ranged>,
) -> Option<Table> {
    let ci = format!("{} CI", level_text(level));
    let mut table = Table::new(&[(title, Align::Left), (name, Align::Right), (ci.as_str(), Align::Left)]);
    let shown: Vec<(&Coefficient, Ranged)> = rows.iter().filter_map(|row| Some((row, of(row)?))).collect();
    if shown.is_empty() {
        return None;
    }
    for (row, (estimate, range)) in shown {
        table.row([row.name.clone(), number_or_dash(estimate, 4), range_or_dash(range)]);
    }
    Some(table)
}
