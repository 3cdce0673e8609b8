//! What is to be known of a fitted model of repeated visits.

use super::super::lmm::singular;
use super::super::options::{DfMethod, Information, ResidualStructure};
use super::super::result::ResidualCovariance;
use super::fit::MarginalFit;
use super::search::is_unbounded;
use crate::numeric::format::{fixed, significant};

impl MarginalFit {
    /// What is to be known of the fit.
    pub(super) fn notes(&self, residual: &[ResidualCovariance]) -> Vec<String> {
        let structure = self.model.structure;
        let mut notes = Vec::new();
        if structure.is_heterogeneous() {
            notes.push(format!(
                "standard deviations differ between visits; where one stands for all, it is that of the first (`{}`)",
                self.layout.times[0]
            ));
        }
        if self.model.df == DfMethod::KenwardRoger {
            notes.push(match self.model.takes(!self.problem.random.is_empty()) {
                Information::Observed => {
                    "Kenward and Roger's method takes the observed information, as SAS and mmrm do; --information \
                     expected is that of their paper, and of models with random effects"
                        .to_owned()
                }
                Information::Expected => "Kenward and Roger's method takes the expected information".to_owned(),
            });
        }
        let is_sequence = matches!(
            structure,
            ResidualStructure::Autoregressive
                | ResidualStructure::HeterogeneousAutoregressive
                | ResidualStructure::Toeplitz
                | ResidualStructure::HeterogeneousToeplitz
        );
        if is_sequence && self.layout.is_order {
            let order = self.layout.times.join(", ");
            notes
                .push(format!("{structure} takes the visits in this order: {order}; a column of numbers sets another"));
        }
        if is_sequence && !self.layout.is_order {
            notes.extend(uneven(structure, &self.layout.places));
        }
        notes.extend(self.correlation_note(residual));
        if self.has_no_variance() {
            notes.push(singular(&self.deviations()));
        }
        if self.is_local {
            let how = match self.problem.random.is_empty() {
                true => "",
                false => ", as if random effects alone made some values",
            };
            notes.push(format!(
                "the likelihood is higher yet where the covariance of the residuals loses rank{how}: this is a maximum \
                 beside that, and a simpler model is safer"
            ));
        }
        notes.extend(self.data.few_levels());
        notes.extend(self.limit_note());
        notes.extend(self.unbounded_note());
        notes.extend(self.impossible_note(residual));
        if !self.converged {
            notes.push("the search did not end in a minimum: do not rely on these numbers".to_owned());
        }
        notes
    }

    /// Whether the correlation over time is at its limit 0.
    fn limit_note(&self) -> Option<String> {
        let is_decay = self.model.structure == ResidualStructure::ContinuousAutoregressive;
        if !is_decay || self.layout.times.len() < 2 {
            return None;
        }
        // Between the two times that are nearest to each other.
        let nearest = self.layout.places.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        let per_gap = nearest / self.problem.covariance.gap;
        let largest = (0..self.layout.groups.len())
            .map(|group| (-per_gap * self.problem.part(&self.theta, group)[1].exp()).exp())
            .fold(0.0, f64::max);
        (largest < 1e-6).then(|| {
            "the correlation over time is at its limit 0 (car1 has no negative ones): the fit is that of --residual id"
                .to_owned()
        })
    }

    /// Whether this is the lesser maximum beside a limit of the correlation where the likelihood has none.
    fn unbounded_note(&self) -> Option<String> {
        let group = (0..self.layout.groups.len()).find(|&group| is_unbounded(&self.problem, &self.theta, group))?;
        let of_group = self.layout.groups[group].as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
        Some(format!(
            "the likelihood grows without end as the correlation{of_group} nears {}, since hardly any subject has {} \
             visits: the fit is the maximum beside that, and profile intervals are open where it ends",
            fixed(self.problem.covariance.lowest(), 4),
            self.problem.covariance.widest()
        ))
    }

    /// That no subject could have all visits with the one correlation of them: each has fewer.
    fn impossible_note(&self, residual: &[ResidualCovariance]) -> Option<String> {
        let visits = self.layout.times.len();
        let lowest = -1.0 / (visits as f64 - 1.0);
        let is_below = |of: &ResidualCovariance| of.cov[(0, 1)] < lowest * (of.cov[(0, 0)] * of.cov[(1, 1)]).sqrt();
        (visits > 2 && self.problem.covariance.is_compound() && residual.iter().any(is_below)).then(|| {
            format!(
                "the correlation is below {}, the lowest that {visits} visits can all have with each other: it can be so \
                 because no subject has more than {} of them",
                fixed(lowest, 4),
                self.problem.covariance.widest()
            )
        })
    }

    /// For structures with one correlation: what it is.
    fn correlation_note(&self, residual: &[ResidualCovariance]) -> Option<String> {
        use ResidualStructure as S;
        let single = [
            S::CompoundSymmetry,
            S::HeterogeneousCompoundSymmetry,
            S::Autoregressive,
            S::HeterogeneousAutoregressive,
            S::ContinuousAutoregressive,
        ];
        if !single.contains(&self.model.structure) || self.layout.times.len() < 2 {
            return None;
        }
        let shown = residual.iter().filter_map(|of_group| {
            let cor = of_group.parameters.iter().find(|of| of.name == "cor" || of.name.starts_with("cor|"))?;
            let by = of_group.by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
            Some(format!("{}{by}", fixed(cor.estimate, 4)))
        });
        let shown: Vec<String> = shown.collect();
        let what = match self.model.structure {
            S::CompoundSymmetry | S::HeterogeneousCompoundSymmetry => "the correlation of any two visits",
            S::ContinuousAutoregressive => "the correlation of two times one unit apart",
            _ => "the correlation of neighbouring visits",
        };
        let beside = if self.problem.random.is_empty() { "" } else { " beside the random effects" };
        Some(format!("{what}{beside} is {}", shown.join(", ")))
    }
}

/// That the visits are taken as steps of one length, where their times are not.
fn uneven(structure: ResidualStructure, times: &[f64]) -> Option<String> {
    let mut gaps = times.windows(2).map(|pair| pair[1] - pair[0]);
    let first = gaps.next()?;
    let (shortest, longest) = gaps.fold((first, first), |(low, high), gap| (low.min(gap), high.max(gap)));
    (longest - shortest > 1e-9 * longest.abs()).then(|| {
        format!(
            "{structure} takes the visits as steps of one length, and they are {} to {} apart; --residual car1 lets the \
             correlation fall with time",
            significant(shortest, 3),
            significant(longest, 3)
        )
    })
}
