//! What the covariance of the effects is made of.

use super::cone::correlation_matrix;
use crate::diagnostic::named;
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::matrix::Matrix;
use std::borrow::Cow;
use std::sync::Arc;

/// The covariance of random effects within a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Structure {
    /// One variance, no correlation.
    Id,
    /// A variance for each level, no correlation.
    Diag,
    /// One variance, one correlation.
    #[default]
    Cs,
    /// A variance for each level, one correlation.
    Hcs,
    /// A variance for each level, a correlation for each pair.
    Un,
    /// One variance, a correlation that falls with the distance between the levels, taken to be evenly spaced.
    Ar,
    /// A variance for each level, a correlation that falls with the distance between the levels.
    Har,
}

impl Structure {
    /// Whether each level has a variance of its own.
    pub fn is_heterogeneous(self) -> bool {
        matches!(self, Self::Diag | Self::Hcs | Self::Un | Self::Har)
    }

    /// Whether the levels are times.
    pub fn is_temporal(self) -> bool {
        matches!(self, Self::Ar | Self::Har)
    }

    fn variances(self, levels: usize) -> usize {
        if self.is_heterogeneous() { levels } else { 1 }
    }

    fn correlations(self, levels: usize) -> usize {
        match self {
            Self::Id | Self::Diag => 0,
            // One level correlates with nothing.
            _ if levels < 2 => 0,
            Self::Un => levels * (levels - 1) / 2,
            _ => 1,
        }
    }
}

named!(
    Structure,
    "structure of random effects",
    [Id "ID", Diag "DIAG", Cs "CS", Hcs "HCS", Un "UN", Ar "AR", Har "HAR"]
);

/// How far the two entries of a pair of levels may lie apart, and the diagonal from 1, as printed numbers do.
const NEARLY: f64 = 1e-6;

/// Variances and correlations that are given: a place for each, none for those that are estimated. Without any place
/// all are estimated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// Of the variances.
    pub variances: Vec<Option<f64>>,
    /// Of the correlations.
    pub correlations: Vec<Option<f64>>,
}

/// Random effects of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Component {
    /// Its name, such as `district/school` or `outcome | trial`.
    pub name: String,
    /// The group of each row, as a position in `levels`.
    pub groups: Vec<usize>,
    /// The names of the groups.
    pub levels: Vec<String>,
    /// What varies within a group; none for an effect that all rows of the group share.
    pub inner: Option<Inner>,
    /// The variances and correlations that are not estimated.
    pub given: Given,
    /// The correlations of the effects of its groups, a row and a column for each of `levels`, where these are known.
    pub known: Option<Arc<Matrix>>,
}

/// What varies within a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Inner {
    /// The covariance of its levels.
    pub structure: Structure,
    /// The level of each row.
    pub values: Vec<usize>,
    /// The names of the levels.
    pub levels: Vec<String>,
}

/// One number that the covariance depends on, with the range that it may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub lower: f64,
    pub upper: f64,
    pub start: f64,
    /// Whether the parameter is a correlation.
    pub is_correlation: bool,
}

impl Range {
    /// Of a variance, or a standard deviation.
    fn of_variance(start: f64) -> Self {
        Self { lower: 0.0, upper: f64::INFINITY, start, is_correlation: false }
    }

    /// Whether the parameter is given: there is one value that it may take.
    pub fn is_given(&self) -> bool {
        self.lower == self.upper
    }
}

impl Component {
    /// A component whose rows of a group share one effect.
    pub fn intercepts(name: &str, groups: Vec<usize>, levels: Vec<String>) -> Self {
        Self { name: name.to_owned(), groups, levels, ..Self::default() }
    }

    /// The same with variances and correlations that are given, in the order of [`MultilevelFit::components`], and none
    /// for those that are estimated. One value stands for all; a component has at least one variance.
    ///
    /// [`MultilevelFit::components`]: super::MultilevelFit::components
    ///
    /// # Errors
    /// If there are more or fewer than the component has, a variance is below 0, a correlation is beyond its range, or
    /// some but not all are given of an unstructured covariance of three and more levels, or those that are given make
    /// no covariance.
    ///
    /// ```
    /// use reffect::meta::multilevel::{Component, Multilevel, SamplingCovariance};
    /// use reffect::meta::{Problem, Test};
    /// let trials = Component::intercepts("trial", vec![0, 0, 1, 1], vec!["a".to_owned(), "b".to_owned()]);
    /// let components = vec![trials.with_given(&[Some(0.04)], &[])?];
    /// let v = SamplingCovariance::Diagonal;
    /// let model = Multilevel { components, v, restricted: true, test: Test::Z, level: 0.95, profile: true };
    /// let fit = model.fit(&Problem::new(vec![0.1, 0.3, 0.5, 0.2], vec![0.02; 4])?)?;
    /// assert_eq!(fit.components[0].0, [0.04]);
    /// assert!(fit.intervals[0].variances[0].is_none());
    /// # Ok::<(), reffect::meta::MetaError>(())
    /// ```
    pub fn with_given(mut self, variances: &[Option<f64>], correlations: &[Option<f64>]) -> Result<Self, MetaError> {
        let (own_variances, own_correlations) = self.counts();
        let all = |given: &[Option<f64>], count: usize| match given {
            [one] => vec![*one; count],
            _ => given.to_vec(),
        };
        self.given =
            Given { variances: all(variances, own_variances), correlations: all(correlations, own_correlations) };
        self.possible_given()?;
        Ok(self)
    }

    /// The same with effects of the groups that have known correlations, such as those of species by their phylogeny: a
    /// row and a column for each of its levels.
    ///
    /// Source: Lajeunesse (2009), Am Nat 174:369; Nakagawa & Santos (2012), Evol Ecol 26:1253, eq. 16.
    ///
    /// # Errors
    /// If something varies within the groups, the matrix has not one row and column for each level, or it is no
    /// correlation matrix: not symmetric, with another diagonal than 1, or not positive definite.
    ///
    /// ```
    /// use reffect::meta::multilevel::{Component, Multilevel, SamplingCovariance};
    /// use reffect::meta::{Problem, Test};
    /// use reffect::numeric::matrix::Matrix;
    /// // Two close relatives and a third species.
    /// let close = Matrix::from_fn(3, 3, |a, b| if a == b { 1.0 } else if a + b == 1 { 0.8 } else { 0.1 });
    /// let names = ["rat", "mouse", "newt"].map(str::to_owned).to_vec();
    /// let species = Component::intercepts("species", vec![0, 0, 1, 1, 2, 2], names).with_known_correlations(close)?;
    /// let (components, v) = (vec![species], SamplingCovariance::Diagonal);
    /// let model = Multilevel { components, v, restricted: true, test: Test::Z, level: 0.95, profile: false };
    /// let fit = model.fit(&Problem::new(vec![0.1, 0.3, 0.4, 0.2, 1.1, 0.9], vec![0.02; 6])?)?;
    /// assert!(fit.converged && fit.components[0].0[0] > 0.1);
    /// # Ok::<(), reffect::meta::MetaError>(())
    /// ```
    pub fn with_known_correlations(mut self, correlations: Matrix) -> Result<Self, MetaError> {
        let size = self.levels.len();
        let refused = |what: String| Err(MetaError::Data(format!("the known correlations of {}: {what}", self.name)));
        if (correlations.rows(), correlations.columns()) != (size, size) {
            let found = format!("{} rows and {} columns", correlations.rows(), correlations.columns());
            return refused(format!("there are {found}, and {size} levels"));
        }
        let name = |at: usize| &self.levels[at];
        // What is no number is near to none.
        let is_near = |one: f64, other: f64| (one - other).abs() <= NEARLY;
        for a in 0..size {
            let own = correlations[(a, a)];
            if !is_near(own, 1.0) {
                return refused(format!(
                    "{own} stands on the diagonal for {}, and a correlation matrix has 1 there",
                    name(a)
                ));
            }
            for b in 0..a {
                let (one, other) = (correlations[(a, b)], correlations[(b, a)]);
                if !is_near(one, other) {
                    let names = format!("{} and {}", name(a), name(b));
                    return refused(format!("they are not symmetric: {names} have {one} and {other}"));
                }
            }
        }
        let even = |a: usize, b: usize| if a == b { 1.0 } else { 0.5 * (correlations[(a, b)] + correlations[(b, a)]) };
        let even = Matrix::from_fn(size, size, even);
        if even.cholesky().is_none() {
            return refused("they are not positive definite (two levels with a correlation of 1?)".to_owned());
        }
        self.known = Some(Arc::new(even));
        self.possible_known()?;
        Ok(self)
    }

    /// That known correlations have a place for each level, and nothing varies within the groups.
    fn possible_known(&self) -> Result<(), MetaError> {
        let Some(known) = &self.known else { return Ok(()) };
        if self.inner.is_some() {
            let message = format!("{}: known correlations belong to effects that all rows of a group share", self.name);
            return Err(MetaError::Option(message));
        }
        let count = self.levels.len();
        if (known.rows(), known.columns()) == (count, count) {
            return Ok(());
        }
        let message =
            format!("{}: the known correlations have {} rows, and there are {count} levels", self.name, known.rows());
        Err(MetaError::Data(message))
    }

    /// The group of each row, where groups whose effects are correlated count as one.
    pub(super) fn joined(&self) -> Cow<'_, [usize]> {
        let Some(known) = &self.known else { return Cow::Borrowed(&self.groups) };
        let mut label: Vec<usize> = (0..known.rows()).collect();
        let mut waiting = Vec::new();
        for first in 0..known.rows() {
            if label[first] != first {
                continue;
            }
            waiting.push(first);
            while let Some(at) = waiting.pop() {
                for other in first + 1..known.rows() {
                    if label[other] == other && known[(at, other)] != 0.0 {
                        label[other] = first;
                        waiting.push(other);
                    }
                }
            }
        }
        Cow::Owned(self.groups.iter().map(|&group| label[group]).collect())
    }

    /// How many variances and correlations it has.
    fn counts(&self) -> (usize, usize) {
        self.inner.as_ref().map_or((1, 0), |inner| {
            let levels = inner.levels.len();
            (inner.structure.variances(levels), inner.structure.correlations(levels))
        })
    }

    /// That what is given fits the component.
    fn possible_given(&self) -> Result<(), MetaError> {
        let refused = |what: String| Err(MetaError::Option(format!("{}: {what}", self.name)));
        let (variances, correlations) = self.counts();
        let places =
            [("variances", &self.given.variances, variances), ("correlations", &self.given.correlations, correlations)];
        for (what, given, count) in places {
            if !given.is_empty() && given.len() != count {
                return refused(format!(
                    "{} {what} are given, and there are {count}; NA stands for one that is estimated",
                    given.len()
                ));
            }
        }
        if let Some(value) = self.given.variances.iter().flatten().find(|value| !(value.is_finite() && **value >= 0.0))
        {
            return refused(format!("a variance is given as {value}, and it must be at least 0"));
        }
        let least = self.least_correlation();
        if let Some(rho) = self.given.correlations.iter().flatten().find(|rho| !(**rho >= least && **rho <= 1.0)) {
            return refused(format!("a correlation is given as {rho}, and it must lie between {least} and 1"));
        }
        let is_unstructured = self.inner.as_ref().is_some_and(|inner| inner.structure == Structure::Un);
        let held = self.given.variances.iter().chain(&self.given.correlations).flatten().count();
        if is_unstructured && variances > 2 && held > 0 {
            if held < variances + correlations {
                return refused(
                    "of an unstructured covariance of three and more levels all variances and correlations are given, or none"
                        .to_owned(),
                );
            }
            let rho: Vec<f64> = self.given.correlations.iter().flatten().copied().collect();
            if correlation_matrix(variances, &rho).symmetric_eigen().0.first().is_some_and(|least| *least < -1e-10) {
                return refused("the given correlations are those of no covariance".to_owned());
            }
        }
        Ok(())
    }

    /// The least correlation that its levels can have.
    fn least_correlation(&self) -> f64 {
        match &self.inner {
            // Below it the matrix of all levels is no covariance.
            Some(inner) if matches!(inner.structure, Structure::Cs | Structure::Hcs) => {
                -1.0 / (inner.levels.len() as f64 - 1.0).max(1.0)
            }
            _ => -1.0,
        }
    }

    /// That each row has a group, and a level within it, that is among those named.
    pub(super) fn possible(&self, problem: &Problem) -> Result<(), MetaError> {
        problem.each_has("the list of groups of a random effect", self.groups.len())?;
        let mut lists = vec![("group", &self.groups, self.levels.len())];
        if let Some(inner) = &self.inner {
            problem.each_has("the list of inner levels of a random effect", inner.values.len())?;
            lists.push(("inner level", &inner.values, inner.levels.len()));
        }
        for (what, values, count) in lists {
            if let Some(beyond) = values.iter().find(|&&value| value >= count) {
                let message = format!(
                    "{}: the {what} {beyond}, counted from 0, is none of the {count} that are named",
                    self.name
                );
                return Err(MetaError::Data(message));
            }
        }
        self.possible_known()?;
        self.possible_given()
    }

    /// What a variance of it belongs to: with several, a level of the inner column each.
    pub fn name_of(&self, at: usize, variances: usize) -> String {
        match &self.inner {
            Some(inner) if variances > 1 => format!("{}: {}", self.name, inner.levels[at]),
            _ => self.name.clone(),
        }
    }

    /// What a correlation of its effects is called, counted from 0: with the levels where there are several.
    pub fn correlation_name_of(&self, at: usize) -> String {
        let Some(inner) = &self.inner else { return self.name.clone() };
        let levels = &inner.levels;
        let mut pairs = (0..levels.len()).flat_map(|a| (a + 1..levels.len()).map(move |b| (a, b)));
        match pairs.nth(at) {
            Some((a, b)) if inner.structure == Structure::Un => format!("{}: {}, {}", self.name, levels[a], levels[b]),
            _ => self.name.clone(),
        }
    }

    /// The variances without any one of which the likelihood says nothing of a correlation, counted from 0.
    pub(super) fn freeing(&self, at: usize) -> Vec<usize> {
        let Some(inner) = &self.inner else { return Vec::new() };
        let (variances, _) = self.counts();
        let levels = inner.levels.len();
        let mut pairs = (0..levels).flat_map(|a| (a + 1..levels).map(move |b| (a, b)));
        match (inner.structure, pairs.nth(at)) {
            (Structure::Un, Some((a, b))) => vec![a, b],
            // Of three levels and more two may correlate without the third.
            _ if variances == 1 || levels == 2 => (0..variances).collect(),
            _ => Vec::new(),
        }
    }

    /// The ranges of its parameters: variances (standard deviations for HCS, UN and HAR), then
    /// correlations.
    pub(super) fn ranges(&self, variance: f64) -> Vec<Range> {
        let (variances, correlations) = self.counts();
        let scaled = |variance: f64| if self.has_deviations() { variance.sqrt() } else { variance };
        let mut ranges = vec![Range::of_variance(scaled(variance)); variances];
        let rho = Range { lower: self.least_correlation(), upper: 1.0, start: 0.5, is_correlation: true };
        ranges.extend(vec![rho; correlations]);
        for (range, value) in ranges.iter_mut().zip(self.given_values()) {
            let value = if range.is_correlation { value } else { value.map(scaled) };
            if let Some(value) = value {
                *range = Range { lower: value, upper: value, start: value, ..*range };
            }
        }
        ranges
    }

    /// How many variances it has.
    pub fn variances(&self) -> usize {
        self.counts().0
    }

    /// What is given of its variances and then of its correlations, with none for those that are estimated.
    pub fn given_values(&self) -> Vec<Option<f64>> {
        let (variances, correlations) = self.counts();
        let place = |given: &[Option<f64>], at: usize| given.get(at).copied().flatten();
        let first = (0..variances).map(|at| place(&self.given.variances, at));
        first.chain((0..correlations).map(|at| place(&self.given.correlations, at))).collect()
    }

    /// How many variances and correlations it has, also those that are given.
    pub fn parameters(&self) -> usize {
        let (variances, correlations) = self.counts();
        variances + correlations
    }

    /// Whether it is another one of whose numbers at least those are given that the other has given.
    pub(super) fn is_held_like(&self, other: &Self) -> bool {
        let holds = |own: &[Option<f64>], other: &[Option<f64>]| {
            other.iter().enumerate().all(|(at, value)| value.is_none() || own.get(at).copied().flatten() == *value)
        };
        let same = Self { given: other.given.clone(), name: other.name.clone(), ..self.clone() } == *other;
        same && holds(&self.given.variances, &other.given.variances)
            && holds(&self.given.correlations, &other.given.correlations)
    }

    /// How many of them are estimated.
    pub fn estimated(&self) -> usize {
        self.ranges(1.0).iter().filter(|range| !range.is_given()).count()
    }

    /// Whether its first parameters are standard deviations.
    pub(super) fn has_deviations(&self) -> bool {
        self.inner.as_ref().is_some_and(Inner::has_deviations)
    }

    /// Some of the rows; none where a level with a parameter of its own has no row left.
    pub(super) fn subset(&self, rows: &[usize]) -> Option<Self> {
        let pick = |values: &[usize]| rows.iter().map(|&row| values[row]).collect::<Vec<usize>>();
        let inner = self.inner.as_ref().map(|inner| Inner { values: pick(&inner.values), ..inner.clone() });
        let lost = inner.as_ref().is_some_and(|inner| {
            inner.structure.is_heterogeneous() && (0..inner.levels.len()).any(|level| !inner.values.contains(&level))
        });
        (!lost).then(|| Self { groups: pick(&self.groups), inner, ..self.clone() })
    }

    /// Whether its covariances are linear in its parameters.
    pub(super) fn is_linear(&self) -> bool {
        self.inner.as_ref().is_none_or(|inner| matches!(inner.structure, Structure::Id | Structure::Diag))
    }

    /// The covariance that it gives two rows.
    pub(super) fn covariance(&self, parameters: &[f64], i: usize, j: usize) -> f64 {
        if let Some(known) = &self.known {
            return parameters[0] * known[(self.groups[i], self.groups[j])];
        }
        if self.groups[i] != self.groups[j] {
            return 0.0;
        }
        match &self.inner {
            None => parameters[0],
            Some(inner) => inner.covariance(parameters, inner.values[i], inner.values[j]),
        }
    }

    /// The derivative of the covariance of two rows with respect to one parameter.
    pub(super) fn derivative(&self, parameters: &[f64], at: usize, i: usize, j: usize) -> f64 {
        if let Some(known) = &self.known {
            return known[(self.groups[i], self.groups[j])];
        }
        if self.groups[i] != self.groups[j] {
            return 0.0;
        }
        match &self.inner {
            None => 1.0,
            Some(inner) => inner.derivative(parameters, at, inner.values[i], inner.values[j]),
        }
    }

    /// Variances and correlations from the parameters.
    pub fn split(&self, parameters: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let Some(inner) = &self.inner else { return (parameters.to_vec(), Vec::new()) };
        let (first, rho) = parameters.split_at(inner.structure.variances(inner.levels.len()));
        let square = |value: &f64| if inner.has_deviations() { value * value } else { *value };
        (first.iter().map(square).collect(), rho.to_vec())
    }
}

impl Inner {
    fn has_deviations(&self) -> bool {
        matches!(self.structure, Structure::Hcs | Structure::Un | Structure::Har)
    }

    /// The correlation of two levels, and its derivative with respect to its own parameter.
    fn correlation(&self, rho: &[f64], a: usize, b: usize) -> (f64, f64) {
        if a == b {
            return (1.0, 0.0);
        }
        match self.structure {
            Structure::Id | Structure::Diag => (0.0, 0.0),
            Structure::Cs | Structure::Hcs => (rho[0], 1.0),
            Structure::Un => (rho[pair(a, b, self.levels.len())], 1.0),
            Structure::Ar | Structure::Har => {
                let distance = a.abs_diff(b) as i32;
                (rho[0].powi(distance), f64::from(distance) * rho[0].powi(distance - 1))
            }
        }
    }

    fn covariance(&self, parameters: &[f64], a: usize, b: usize) -> f64 {
        let (scale, rho) = parameters.split_at(self.structure.variances(self.levels.len()));
        let (correlation, _) = self.correlation(rho, a, b);
        self.scale(scale, a, b) * correlation
    }

    /// What a correlation is multiplied by.
    fn scale(&self, scale: &[f64], a: usize, b: usize) -> f64 {
        match self.structure {
            Structure::Id | Structure::Cs | Structure::Ar => scale[0],
            Structure::Diag => {
                if a == b {
                    scale[a]
                } else {
                    0.0
                }
            }
            Structure::Hcs | Structure::Un | Structure::Har => scale[a] * scale[b],
        }
    }

    fn derivative(&self, parameters: &[f64], at: usize, a: usize, b: usize) -> f64 {
        let count = self.structure.variances(self.levels.len());
        let (scale, rho) = parameters.split_at(count);
        let (correlation, slope) = self.correlation(rho, a, b);
        if at >= count {
            let is_own = self.structure != Structure::Un || (a != b && pair(a, b, self.levels.len()) == at - count);
            return if is_own { self.scale(scale, a, b) * slope } else { 0.0 };
        }
        match self.structure {
            Structure::Id | Structure::Cs | Structure::Ar => correlation,
            Structure::Diag => f64::from(u8::from(a == b && a == at)),
            Structure::Hcs | Structure::Un | Structure::Har => {
                let first = if a == at { scale[b] } else { 0.0 };
                let second = if b == at { scale[a] } else { 0.0 };
                (first + second) * correlation
            }
        }
    }
}

/// The position of a pair of levels among the correlations, in metafor's order: (1,2), (1,3), …, (2,3), ….
fn pair(a: usize, b: usize, count: usize) -> usize {
    let (low, high) = (a.min(b), a.max(b));
    low * count - low * (low + 1) / 2 + high - low - 1
}
