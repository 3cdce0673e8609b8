//! What the covariance of the effects is made of.

use crate::diagnostic::named;
use crate::meta::levels::numbered;
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::matrix::Matrix;

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

/// Random effects of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Its name, such as `district/school` or `outcome | trial`.
    pub name: String,
    /// The group of each row, as a position in `levels`.
    pub groups: Vec<usize>,
    /// The names of the groups.
    pub levels: Vec<String>,
    /// What varies within a group; none for an effect that all rows of the group share.
    pub inner: Option<Inner>,
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
}

impl Range {
    /// Whether the parameter is a correlation: variances have no upper end, or one beyond all data.
    pub fn is_correlation(&self) -> bool {
        self.upper == 1.0
    }
}

impl Component {
    /// A component whose rows of a group share one effect.
    pub fn intercepts(name: &str, groups: Vec<usize>, levels: Vec<String>) -> Self {
        Self { name: name.to_owned(), groups, levels, inner: None }
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
        Ok(())
    }

    /// What a variance of it belongs to: with several, a level of the inner column each.
    pub fn name_of(&self, at: usize, variances: usize) -> String {
        match &self.inner {
            Some(inner) if variances > 1 => format!("{}: {}", self.name, inner.levels[at]),
            _ => self.name.clone(),
        }
    }

    /// The ranges of its parameters: variances (standard deviations for HCS, UN and HAR), then
    /// correlations.
    pub(super) fn ranges(&self, variance: f64) -> Vec<Range> {
        let Some(inner) = &self.inner else {
            return vec![Range { lower: 0.0, upper: f64::INFINITY, start: variance }];
        };
        let count = inner.levels.len();
        let start = if inner.has_deviations() { variance.sqrt() } else { variance };
        let mut ranges = vec![Range { lower: 0.0, upper: f64::INFINITY, start }; inner.structure.variances(count)];
        let lower = match inner.structure {
            // Below it the matrix of all levels is no covariance.
            Structure::Cs | Structure::Hcs => -1.0 / (count as f64 - 1.0).max(1.0),
            _ => -1.0,
        };
        let rho = Range { lower, upper: 1.0, start: 0.5 };
        ranges.extend(vec![rho; inner.structure.correlations(count)]);
        ranges
    }

    /// How many variances and correlations it has.
    pub fn parameters(&self) -> usize {
        self.ranges(1.0).len()
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

/// How the sampling errors of two rows vary together.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SamplingCovariance {
    /// They are independent.
    Diagonal,
    /// Blocks of rows with their covariance matrices.
    Blocks {
        /// The block of each row.
        clusters: Vec<usize>,
        /// The matrix of each block, over its rows in order.
        matrices: Vec<Matrix>,
        /// The place of each row in its block.
        places: Vec<usize>,
    },
}

impl SamplingCovariance {
    /// Blocks from a function of two rows of the same block; rows belong together whose clusters have the same number,
    /// whichever that is.
    pub fn from_clusters(clusters: Vec<usize>, covariance: impl Fn(usize, usize) -> f64) -> Self {
        let (clusters, count) = numbered(&clusters);
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut places = vec![0; clusters.len()];
        for (row, &cluster) in clusters.iter().enumerate() {
            places[row] = members[cluster].len();
            members[cluster].push(row);
        }
        let matrix = |rows: &Vec<usize>| Matrix::from_fn(rows.len(), rows.len(), |a, b| covariance(rows[a], rows[b]));
        let matrices = members.iter().map(matrix).collect();
        Self::Blocks { clusters, matrices, places }
    }

    /// That each row has a place in the matrix of its block.
    pub(super) fn possible(&self, problem: &Problem) -> Result<(), MetaError> {
        let Self::Blocks { clusters, matrices, places } = self else { return Ok(()) };
        problem.each_has("the list of clusters of sampling errors", clusters.len())?;
        problem.each_has("the list of places in the clusters of sampling errors", places.len())?;
        let is_within = |(cluster, place): (&usize, &usize)| {
            matrices.get(*cluster).is_some_and(|matrix| *place < matrix.rows().min(matrix.columns()))
        };
        if clusters.iter().zip(places).all(is_within) {
            return Ok(());
        }
        let message =
            "the covariances of sampling errors have no row for an effect: its cluster or its place is beyond them";
        Err(MetaError::Data(message.to_owned()))
    }

    /// Some of the rows.
    pub(super) fn subset(&self, rows: &[usize]) -> Self {
        let pick = |values: &[usize]| rows.iter().map(|&row| values[row]).collect::<Vec<usize>>();
        match self {
            Self::Diagonal => Self::Diagonal,
            Self::Blocks { clusters, matrices, places } => {
                Self::Blocks { clusters: pick(clusters), matrices: matrices.clone(), places: pick(places) }
            }
        }
    }

    /// The cluster of each row, where errors depend on each other.
    pub(super) fn groups(&self) -> Option<&[usize]> {
        match self {
            Self::Diagonal => None,
            Self::Blocks { clusters, .. } => Some(clusters),
        }
    }

    /// The covariance of two rows.
    pub(super) fn of(&self, vi: &[f64], i: usize, j: usize) -> f64 {
        match self {
            Self::Diagonal => {
                if i == j {
                    vi[i]
                } else {
                    0.0
                }
            }
            Self::Blocks { clusters, matrices, places } => {
                if clusters[i] == clusters[j] {
                    matrices[clusters[i]][(places[i], places[j])]
                } else {
                    0.0
                }
            }
        }
    }
}
