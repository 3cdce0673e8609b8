//! What a model is fitted to.

use crate::estimate::is_level;
use crate::formula::ModelMatrix;
use crate::numeric::orthogonal::Orthonormal;
use crate::numeric::roots::RootError;

/// Effects with their sampling variances, and the columns of moderators.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The effects.
    pub(crate) yi: Vec<f64>,
    /// Their sampling variances.
    pub(crate) vi: Vec<f64>,
    /// The names of the coefficients.
    pub(crate) names: Vec<String>,
    /// The columns of the model matrix.
    pub(crate) columns: Vec<Vec<f64>>,
    /// Whether the first column is the intercept.
    pub(crate) intercept: bool,
    /// Weights of the user's, if there are any.
    pub(crate) weights: Option<Vec<f64>>,
}

/// Squares of larger numbers, and of the inverses of smaller ones, are near the end of what a double holds.
const BEYOND: f64 = 1e100;

/// Why a model cannot be fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MetaError {
    /// There is no study.
    #[error("there is no study with an effect and a variance")]
    NoStudies,
    /// An effect or a variance is no number.
    #[error("study {study}: the effect or its variance is no finite number")]
    NotFinite {
        /// The study, counted from 1.
        study: usize,
    },
    /// Squares of an effect or of a weight are beyond what a double holds.
    #[error(
        "study {study}: the effect {effect:e} and its variance {variance:e} are too large or too small to compute with"
    )]
    Beyond {
        /// The study, counted from 1.
        study: usize,
        /// Its effect.
        effect: f64,
        /// Its variance.
        variance: f64,
    },
    /// A variance is 0 or below.
    #[error("study {study}: the sampling variance is {variance}, and it must be above 0")]
    Variance {
        /// The study, counted from 1.
        study: usize,
        /// Its variance.
        variance: f64,
    },
    /// There are more coefficients than studies.
    #[error("{coefficients} coefficients cannot be estimated from {studies} studies")]
    TooManyCoefficients {
        /// How many coefficients.
        coefficients: usize,
        /// How many studies.
        studies: usize,
    },
    /// A column depends on those before it.
    #[error("the moderator {column} follows from those before it")]
    Dependent {
        /// The name of the column.
        column: String,
    },
    /// There is not one name for each column.
    #[error("there are {names} names for {columns} columns")]
    Names {
        /// How many names.
        names: usize,
        /// How many columns.
        columns: usize,
    },
    /// A column holds what is no finite number.
    #[error("the column of {column} holds what is no finite number")]
    NoNumber {
        /// The name of the column.
        column: String,
    },
    /// A combination has not one number for each coefficient.
    #[error("{found} numbers were given for {coefficients} coefficients")]
    Combination {
        /// How many numbers.
        found: usize,
        /// How many coefficients.
        coefficients: usize,
    },
    /// A number of a combination is no finite one.
    #[error("number {at} of the combination of coefficients is no finite one")]
    NoCombination {
        /// Which one, counted from 1.
        at: usize,
    },
    /// A weight is below 0, or all are 0.
    #[error("the weights must be numbers of at least 0, with at least one above it")]
    Weights,
    /// A list has not one entry for each study.
    #[error("{what} has {found} entries, and there are {studies} studies")]
    Lengths {
        /// Which list.
        what: &'static str,
        /// How many entries it has.
        found: usize,
        /// How many studies there are.
        studies: usize,
    },
    /// A confidence level is not between 0 and 1.
    #[error("the confidence level is {0}, and it must lie between 0 and 1, such as 0.95")]
    Level(f64),
    /// An option is out of its range, or does not go with another.
    #[error("{0}")]
    Option(String),
    /// The data do not allow what was asked for around a fit.
    #[error("{0}")]
    Data(String),
    /// A search did not end.
    #[error("{what} did not converge: {why}")]
    NotConverged {
        /// What was searched.
        what: &'static str,
        /// What happened.
        why: String,
        /// What went wrong where a function has no zero; none where it is another search.
        #[source]
        source: Option<RootError>,
    },
    /// There are too few studies for what was asked for.
    #[error("{what}")]
    TooFewStudies {
        /// How many it needs.
        needed: usize,
        /// How many there are.
        found: usize,
        /// What needs them, in a sentence.
        what: &'static str,
    },
    /// What was asked for is for models without moderators, and this one has some.
    #[error("{what} is for models without moderators")]
    HasModerators {
        /// What was asked for.
        what: &'static str,
    },
}

impl MetaError {
    /// A search that did not end.
    pub(super) fn not_converged(what: &'static str, why: &str) -> Self {
        Self::NotConverged { what, why: why.to_owned(), source: None }
    }

    /// The same for the zero of a function.
    pub(super) fn of_root(what: &'static str) -> impl Fn(RootError) -> Self {
        move |error| Self::NotConverged { what, why: error.to_string(), source: Some(error) }
    }
}

/// That a combination of coefficients has a finite number for each of them.
pub(super) fn possible_combination(x: &[f64], coefficients: usize) -> Result<(), MetaError> {
    if x.len() != coefficients {
        return Err(MetaError::Combination { found: x.len(), coefficients });
    }
    x.iter().position(|value| !value.is_finite()).map_or(Ok(()), |at| Err(MetaError::NoCombination { at: at + 1 }))
}

/// That a confidence level is one.
pub(super) fn possible_level(level: f64) -> Result<(), MetaError> {
    if is_level(level) { Ok(()) } else { Err(MetaError::Level(level)) }
}

impl Problem {
    /// Whether a double holds the squares of an effect and of the weight that its variance gives it.
    pub fn can_compute_with(effect: f64, variance: f64) -> bool {
        effect.abs() <= BEYOND && (1.0 / BEYOND..=BEYOND).contains(&variance)
    }

    /// Effects and variances with an intercept alone.
    ///
    /// # Errors
    /// If there is no study, or a variance is not above 0.
    pub fn new(yi: Vec<f64>, vi: Vec<f64>) -> Result<Self, MetaError> {
        let ones = vec![1.0; yi.len()];
        Self::with_columns(yi, vi, vec!["intrcpt".to_owned()], vec![ones], true)
    }

    /// Effects and variances with the columns of a model matrix.
    ///
    /// # Errors
    /// As for [`Problem::new`]; also if there are fewer studies than columns.
    pub fn with_moderators(yi: Vec<f64>, vi: Vec<f64>, matrix: &ModelMatrix) -> Result<Self, MetaError> {
        let intercept = matrix.assign.first() == Some(&0);
        Self::with_columns(yi, vi, matrix.names.clone(), matrix.columns.clone(), intercept)
    }

    /// Effects and variances with columns of your own, the first of them the intercept if `intercept` says so.
    ///
    /// ```
    /// use reffect::meta::{Model, Problem};
    ///
    /// let dose = vec![1.0, 2.0, 4.0, 8.0];
    /// let columns = vec![vec![1.0; 4], dose];
    /// let names = vec!["intrcpt".to_owned(), "dose".to_owned()];
    /// let problem = Problem::with_columns(vec![0.1, 0.2, 0.5, 0.9], vec![0.02; 4], names, columns, true)?;
    /// assert!((Model::default().fit(&problem)?.coefficients[1].estimate - 0.115_652).abs() < 1e-6);
    /// # Ok::<(), reffect::meta::MetaError>(())
    /// ```
    ///
    /// # Errors
    /// As for [`Problem::with_moderators`]; also if there is no column, not one name for each of them, or one of them
    /// holds what is no finite number.
    pub fn with_columns(
        yi: Vec<f64>,
        vi: Vec<f64>,
        names: Vec<String>,
        columns: Vec<Vec<f64>>,
        intercept: bool,
    ) -> Result<Self, MetaError> {
        if yi.is_empty() {
            return Err(MetaError::NoStudies);
        }
        if columns.is_empty() {
            return Err(MetaError::Data(
                "there is no column to fit: a model has an intercept or a moderator".to_owned(),
            ));
        }
        if names.len() != columns.len() {
            return Err(MetaError::Names { names: names.len(), columns: columns.len() });
        }
        if let Some(at) = columns.iter().position(|column| !column.iter().all(|value| value.is_finite())) {
            return Err(MetaError::NoNumber { column: names[at].clone() });
        }
        let lengths = columns.iter().map(|column| ("the column of a moderator", column.len()));
        for (what, found) in lengths.chain([("the list of variances", vi.len())]) {
            if found != yi.len() {
                return Err(MetaError::Lengths { what, found, studies: yi.len() });
            }
        }
        for (at, (y, v)) in yi.iter().zip(&vi).enumerate() {
            if !y.is_finite() || !v.is_finite() {
                return Err(MetaError::NotFinite { study: at + 1 });
            }
            if *v <= 0.0 {
                return Err(MetaError::Variance { study: at + 1, variance: *v });
            }
            if !Self::can_compute_with(*y, *v) {
                return Err(MetaError::Beyond { study: at + 1, effect: *y, variance: *v });
            }
        }
        if columns.len() > yi.len() {
            return Err(MetaError::TooManyCoefficients { coefficients: columns.len(), studies: yi.len() });
        }
        Ok(Self { yi, vi, names, columns, intercept, weights: None })
    }

    /// These studies with weights of the user's instead of inverse variances.
    ///
    /// # Errors
    /// If there is not one weight for each study, a weight is below 0, no number or too large to compute with, or all
    /// are 0.
    pub fn weighted(self, weights: Vec<f64>) -> Result<Self, MetaError> {
        self.each_has("the list of weights", weights.len())?;
        let fine = weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0);
        if !fine || weights.iter().all(|weight| *weight == 0.0) {
            return Err(MetaError::Weights);
        }
        if let Some(at) = weights.iter().position(|weight| *weight > BEYOND) {
            let message = format!("study {}: the weight {:e} is too large to compute with", at + 1, weights[at]);
            return Err(MetaError::Data(message));
        }
        Ok(Self { weights: Some(weights), ..self })
    }

    /// The effects.
    pub fn yi(&self) -> &[f64] {
        &self.yi
    }

    /// The mean of the sampling variances.
    pub(crate) fn mean_variance(&self) -> f64 {
        self.vi.iter().sum::<f64>() / self.k() as f64
    }

    /// Their sampling variances.
    pub fn vi(&self) -> &[f64] {
        &self.vi
    }

    /// The names of the coefficients.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The columns of the model matrix, a number for each study in each.
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }

    /// How many studies there are.
    pub fn k(&self) -> usize {
        self.yi.len()
    }

    /// How many coefficients there are.
    pub fn p(&self) -> usize {
        self.columns.len()
    }

    /// k − p.
    pub fn residual_df(&self) -> f64 {
        self.k() as f64 - self.p() as f64
    }

    /// Whether there is an intercept and nothing else.
    pub fn is_intercept_only(&self) -> bool {
        self.intercept && self.p() == 1
    }

    /// Whether each coefficient is a mean: of all studies, or of the studies of a level. Any other is a slope, a
    /// difference, or what is expected where a moderator is 0.
    pub fn has_only_means(&self) -> bool {
        let is_unit = |row: usize| {
            let mut entries = self.columns.iter().map(|column| column[row]).filter(|x| *x != 0.0);
            entries.next() == Some(1.0) && entries.next().is_none()
        };
        (0..self.k()).all(is_unit)
    }

    /// That a fit of so many studies and coefficients is one of these studies and moderators.
    pub(super) fn is_that_of(&self, k: usize, p: usize) -> Result<(), MetaError> {
        self.each_has("the fit", k)?;
        if self.p() == p { Ok(()) } else { Err(MetaError::Combination { found: self.p(), coefficients: p }) }
    }

    /// That a list, such as the groups of the studies, has an entry for each of them.
    pub(super) fn each_has(&self, what: &'static str, found: usize) -> Result<(), MetaError> {
        let studies = self.k();
        if found == studies { Ok(()) } else { Err(MetaError::Lengths { what, found, studies }) }
    }

    /// Some of the studies, counted from 0.
    ///
    /// # Panics
    /// If there is no study of such a number.
    pub fn subset(&self, rows: &[usize]) -> Self {
        let pick = |column: &Vec<f64>| rows.iter().map(|&row| column[row]).collect::<Vec<f64>>();
        Self {
            yi: pick(&self.yi),
            vi: pick(&self.vi),
            names: self.names.clone(),
            columns: self.columns.iter().map(pick).collect(),
            intercept: self.intercept,
            weights: self.weights.as_ref().map(pick),
        }
    }

    /// All studies but one, counted from 0.
    pub fn without(&self, row: usize) -> Self {
        self.subset(&(0..self.k()).filter(|other| *other != row).collect::<Vec<_>>())
    }

    /// The columns of the model matrix made orthonormal.
    pub(crate) fn basis(&self) -> Orthonormal {
        Orthonormal::new(self.columns.iter().cloned())
    }

    /// The same studies with an intercept alone.
    pub fn intercept_only(&self) -> Self {
        Self { names: vec!["intrcpt".to_owned()], columns: vec![vec![1.0; self.k()]], intercept: true, ..self.clone() }
    }
}
