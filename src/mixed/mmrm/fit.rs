//! A fitted model of repeated visits, and the tests of its coefficients.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::options::{DfMethod, Information, ResidualStructure};
use super::super::result::{ResidualCovariance, ResidualParameter, Step};
use super::identified;
use super::likelihood::{Evaluation, Problem};
use super::problem::{Layout, Scaling, fewer, standardised};
use super::search::{Found, search, search_near};
use super::tested::Tested;
use crate::numeric::matrix::Matrix;
use std::f64::consts::PI;
use std::sync::Arc;

/// A model of repeated visits by the covariance of residuals (MMRM): how it is fitted and tested.
///
/// y = Xβ + e, where the residuals of one subject have a covariance Σ(θ) over its visits. Where the formula has random
/// effects, y = Xβ + Zb + e as in R's `lme(random =, correlation =, weights =)`: their groups and the subjects lie
/// within each other, and b and e are independent. The data name the columns of
/// visits and subjects in [`DataOptions::needed`](crate::mixed::DataOptions), so that rows without them are left out.
///
/// Source: Jennrich & Schluchter (1986), Biometrics 42:805; Mallinckrodt, Lane, Schnell, Peng & Mancuso (2008),
/// Drug Inf J 42:303; with random effects Pinheiro & Bates (2000), Mixed-Effects Models in S and S-PLUS, section 5.1.
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, DfMethod, MarginalModel, MixedFit, ModelData, ResidualStructure};
/// // Potthoff & Roy (1964), Biometrika 51:313: 27 children, each at the ages of 8, 10, 12 and 14.
/// let frame = reffect::read::read_frame("data/published/orthodont.csv")?;
/// let needed = ["age", "Subject"].map(str::to_owned).to_vec();
/// let options = DataOptions { needed, ..DataOptions::default() };
/// let data = ModelData::new(Formula::parse("distance ~ age * Sex")?, frame, &options)?;
/// let model = MarginalModel::new(ResidualStructure::Unstructured, "age", "Subject").df(DfMethod::KenwardRoger);
/// let fit = model.fit(data)?;
/// let slopes = &fit.coefficients()[3];
/// // By matrices of all rows: tests/ref/mmrm/dense.py
/// assert!((fit.criterion() - 424.546_800_194).abs() < 1e-6);
/// assert!((slopes.estimate - 0.350_438_6).abs() < 1e-6 && (slopes.se - 0.138_538_7).abs() < 1e-6);
/// assert!((slopes.df.ok_or("a t test")? - 25.0).abs() < 1e-5);
///
/// // A level of each child, and AR(1) errors. R: nlme's lme(…, random = ~ 1 | Subject, correlation = corAR1())
/// let frame = reffect::read::read_frame("data/published/orthodont.csv")?;
/// let data = ModelData::new(Formula::parse("distance ~ age * Sex + (1 | Subject)")?, frame, &options)?;
/// let fit = MarginalModel::new(ResidualStructure::Autoregressive, "age", "Subject").fit(data)?;
/// assert!((fit.criterion() - 433.708_112_3).abs() < 1e-6 && (fit.varcorr()[0].sd[0] - 1.826_330_6).abs() < 1e-5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MarginalModel {
    /// The covariance of the residuals of one subject.
    pub structure: ResidualStructure,
    /// The column that says at which visit or time a row was seen; also several with colons between them. None where it
    /// is empty: independent residuals belong to no visit.
    pub time: String,
    /// The column that says whose row it is; none beside an empty `time`.
    pub subject: String,
    /// A column whose levels have covariances of their own; none by default.
    pub by: Option<String>,
    /// Restricted instead of full maximum likelihood; it is by default.
    pub reml: bool,
    /// Degrees of freedom of t and F tests; Satterthwaite's by default.
    pub df: DfMethod,
    /// Where Kenward and Roger's method takes the covariance of the (co)variances from; where none is said, from the
    /// observed information, or from the expected one where there are random effects.
    pub information: Option<Information>,
    /// The level of intervals; 0.95 by default.
    pub level: f64,
}

impl MarginalModel {
    /// A model with this covariance of residuals over the visits of a column for the subjects of another one, by
    /// restricted maximum likelihood.
    ///
    /// ```
    /// use reffect::mixed::{DfMethod, Information, MarginalModel, ResidualStructure};
    /// let model = MarginalModel::new(ResidualStructure::Toeplitz, "visit", "patient");
    /// assert_eq!((model.reml, model.df, model.level), (true, DfMethod::Satterthwaite, 0.95));
    /// let model = model.by("arm").df(DfMethod::KenwardRoger).information(Information::Expected).level(0.9);
    /// assert_eq!((model.by.as_deref(), model.level), (Some("arm"), 0.9));
    /// ```
    pub fn new(structure: ResidualStructure, time: impl Into<String>, subject: impl Into<String>) -> Self {
        let (df, time, subject) = (DfMethod::Satterthwaite, time.into(), subject.into());
        Self { structure, time, subject, by: None, reml: true, df, information: None, level: 0.95 }
    }

    /// A model with independent residuals, which belong to no visits and subjects, by restricted maximum likelihood.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, MarginalModel, MixedFit, ModelData};
    /// let frame = reffect::read::read_frame("data/published/orthodont.csv")?;
    /// let data = ModelData::new(Formula::parse("distance ~ age * Sex + (age | Subject)")?, frame, &DataOptions::default())?;
    /// let fit = MarginalModel::of_rows().by("Sex").fit(data)?;
    /// // R: nlme's lme(…, random = ~ age | Subject, weights = varIdent(form = ~ 1 | Sex)), tests/ref/mmrm/lme.csv
    /// assert!((fit.criterion() - 411.522_479_9).abs() < 1e-6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_rows() -> Self {
        Self::new(ResidualStructure::Independent, "", "")
    }

    /// Whether the rows belong to no visits.
    pub(super) fn is_of_rows(&self) -> bool {
        self.structure == ResidualStructure::Independent && self.time.is_empty()
    }

    /// Gives each level of a column, such as the arms of a trial, a covariance of its own.
    ///
    /// # Errors
    /// [`MarginalModel::fit`] refuses a column that is not constant in each subject.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, DfMethod, Information, MarginalModel, MixedFit, ModelData, ResidualStructure};
    /// let frame = reffect::read::read_frame("data/examples/visits.csv")?;
    /// let needed = ["visit", "patient"].map(str::to_owned).to_vec();
    /// let options = DataOptions { needed, ..DataOptions::default() };
    /// let data = ModelData::new(Formula::parse("change ~ base + visit * arm")?, frame, &options)?;
    /// let model = MarginalModel::new(ResidualStructure::Unstructured, "visit", "patient");
    /// let fit = model.by("arm").fit(data)?;
    /// let groups: Vec<_> = fit.residual_covariance().into_iter().filter_map(|of| of.by).collect();
    /// assert_eq!(groups, ["active", "placebo"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn by(self, column: impl Into<String>) -> Self {
        Self { by: Some(column.into()), ..self }
    }

    /// Sets whether the likelihood is the restricted one (REML) or the full one (ML).
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, DfMethod, Information, MarginalModel, MixedFit, ModelData, ResidualStructure};
    /// let frame = reffect::read::read_frame("data/examples/visits.csv")?;
    /// let needed = ["visit", "patient"].map(str::to_owned).to_vec();
    /// let options = DataOptions { needed, ..DataOptions::default() };
    /// let data = ModelData::new(Formula::parse("change ~ base + visit * arm")?, frame, &options)?;
    /// let model = MarginalModel::new(ResidualStructure::Unstructured, "visit", "patient");
    /// assert!((model.clone().fit(&data)?.criterion() - 883.732_052).abs() < 1e-5);
    /// assert_eq!(model.reml(false).fit(data)?.summary().method, "ML");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reml(self, reml: bool) -> Self {
        Self { reml, ..self }
    }

    /// Sets the method for degrees of freedom.
    ///
    /// # Errors
    /// [`MarginalModel::fit`] refuses Kenward and Roger's method without REML.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, DfMethod, Information, MarginalModel, MixedFit, ModelData, ResidualStructure};
    /// let frame = reffect::read::read_frame("data/examples/visits.csv")?;
    /// let needed = ["visit", "patient"].map(str::to_owned).to_vec();
    /// let options = DataOptions { needed, ..DataOptions::default() };
    /// let data = ModelData::new(Formula::parse("change ~ base + visit * arm")?, frame, &options)?;
    /// let model = MarginalModel::new(ResidualStructure::Unstructured, "visit", "patient");
    /// let base = model.df(DfMethod::KenwardRoger).fit(data)?.coefficients()[1].clone();
    /// assert!((base.se - 0.101_185_7).abs() < 1e-6 && (base.df.ok_or("t")? - 37.340_48).abs() < 1e-3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn df(self, df: DfMethod) -> Self {
        Self { df, ..self }
    }

    /// Sets the information from which Kenward and Roger's method takes the covariance of the (co)variances.
    ///
    /// Source: Kenward & Roger (1997), Biometrics 53:983, take the expected one, SAS and R's mmrm the observed one.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, DfMethod, Information, MarginalModel, MixedFit, ModelData, ResidualStructure};
    /// let frame = reffect::read::read_frame("data/examples/visits.csv")?;
    /// let needed = ["visit", "patient"].map(str::to_owned).to_vec();
    /// let options = DataOptions { needed, ..DataOptions::default() };
    /// let data = ModelData::new(Formula::parse("change ~ base + visit * arm")?, frame, &options)?;
    /// let model = MarginalModel::new(ResidualStructure::Unstructured, "visit", "patient");
    /// let model = model.df(DfMethod::KenwardRoger);
    /// let se = |of| model.clone().information(of).fit(&data).map(|fit| fit.vcov()[(1, 1)].sqrt());
    /// let (observed, expected) = (se(Information::Observed)?, se(Information::Expected)?);
    /// // Visits are missing, so that the two differ a little.
    /// assert!((observed - 0.101_185_7).abs() < 1e-6 && observed != expected && (observed / expected - 1.0).abs() < 0.1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn information(self, information: Information) -> Self {
        Self { information: Some(information), ..self }
    }

    /// Sets the level of intervals.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, DfMethod, Information, MarginalModel, MixedFit, ModelData, ResidualStructure};
    /// let frame = reffect::read::read_frame("data/examples/visits.csv")?;
    /// let needed = ["visit", "patient"].map(str::to_owned).to_vec();
    /// let options = DataOptions { needed, ..DataOptions::default() };
    /// let data = ModelData::new(Formula::parse("change ~ base + visit * arm")?, frame, &options)?;
    /// let model = MarginalModel::new(ResidualStructure::Unstructured, "visit", "patient");
    /// let fit = model.df(DfMethod::None).level(0.99).fit(data)?;
    /// // The standard error times twice 2.5758.
    /// assert!((fit.coefficients()[1].ci.width() - 2.0 * 2.575_829 * fit.vcov()[(1, 1)].sqrt()).abs() < 1e-6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn level(self, level: f64) -> Self {
        Self { level, ..self }
    }

    /// Fits the model. Where the covariance of the estimates of θ is needed, it is taken from the observed information,
    /// for Kenward and Roger's method from the expected one where that is asked for; on balanced data the two are the
    /// same.
    ///
    /// The fit keeps the data: those that are given by reference are copied, those that are given away or are in an
    /// [`Arc`] already are not.
    ///
    /// # Errors
    /// If the groups of random effects are crossed, the data do not tell random effects apart from the covariance of
    /// residuals, a column is missing or lacks a value in a row of the data, a subject has two
    /// rows at one visit, the level is not between 0 and 1, the data do not determine the covariance of the residuals,
    /// or the search fails.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, DfMethod, MarginalModel, MixedFit, ModelData, ResidualStructure};
    /// // Extra hours of sleep of ten patients under two drugs (Student 1908).
    /// let extra = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0, 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    /// let mut frame = Frame::default();
    /// frame.numbers("extra", extra.to_vec());
    /// frame.numbers("drug", (0..20).map(|at| f64::from(at / 10)).collect());
    /// frame.numbers("patient", (0..20).map(|at| f64::from(at % 10)).collect());
    /// let data = ModelData::new(Formula::parse("extra ~ drug")?, frame, &DataOptions::default())?;
    /// let model = MarginalModel::new(ResidualStructure::Unstructured, "drug", "patient").df(DfMethod::KenwardRoger);
    /// let fit = model.fit(data)?;
    /// // The paired t-test: 1.58 with a standard error of 0.38896 and 9 degrees of freedom.
    /// assert!((fit.vcov()[(1, 1)].sqrt() - 0.388_958_723_888_395).abs() < 1e-12);
    /// assert!((fit.df(&[0.0, 1.0])?.unwrap_or(0.0) - 9.0).abs() < 1e-8);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fit(&self, data: impl Into<Arc<ModelData>>) -> Result<MarginalFit, MixedError> {
        MixedError::check_level(self.level)?;
        let data = data.into();
        let layout = Layout::new(&data, self)?;
        MarginalFit::seen_at(layout, data, self.clone())
    }
}

/// A fitted model of repeated visits, made by [`MarginalModel::fit`]; what it can be asked is in
/// [`MixedFit`](crate::mixed::MixedFit).
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, MarginalFit, MarginalModel, MeansOf, MixedFit, ModelData, ResidualStructure};
///
/// /// A fit holds its data and can leave the function that read them.
/// fn trial() -> Result<MarginalFit, Box<dyn std::error::Error>> {
///     let mut frame = reffect::read::read_frame("data/examples/visits.csv")?;
///     frame.set_reference("arm", "placebo");
///     let needed = ["visit", "patient"].map(str::to_owned).to_vec();
///     let options = DataOptions { needed, ..DataOptions::default() };
///     let data = ModelData::new(Formula::parse("change ~ base + visit * arm")?, frame, &options)?;
///     Ok(MarginalModel::new(ResidualStructure::Unstructured, "visit", "patient").fit(data)?)
/// }
///
/// let fit = trial()?;
/// let of = MeansOf { factors: vec!["arm".to_owned(), "visit".to_owned()], ..MeansOf::default() };
/// let last = fit.means(&of)?.contrasts.pop().ok_or("a difference of means")?;
/// assert_eq!(last.name, "active - placebo | V6");
/// assert!((last.estimate - 1.848).abs() < 1e-3 && (last.se - 2.309).abs() < 1e-3 && (last.p - 0.43).abs() < 1e-2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct MarginalFit {
    pub(super) data: Arc<ModelData>,
    pub(super) model: MarginalModel,
    pub(super) layout: Layout,
    pub(super) problem: Problem,
    pub(super) scaling: Scaling,
    pub(super) at: Evaluation,
    pub(super) theta: Vec<f64>,
    pub(super) converged: bool,
    pub(super) history: Vec<Step>,
    pub(super) is_local: bool,
    pub(super) coefficients: Vec<f64>,
    /// (X′V⁻¹X)⁻¹ on the user's scale, adjusted under Kenward and Roger.
    pub(super) covariance: Matrix,
    pub(super) tested: Tested,
    pub(super) criterion: f64,
}

/// Where the next step promises no more of the criterion, a search from near by has ended.
const ENOUGH: f64 = 1e-13;

impl MarginalFit {
    /// The fit to subjects whose visits are known.
    pub(super) fn seen_at(layout: Layout, data: Arc<ModelData>, model: MarginalModel) -> Result<Self, MixedError> {
        Self::seen_near(layout, data, model, None)
    }

    /// The same where a maximum is known to be near: it is searched for from several starts otherwise.
    pub(super) fn seen_near(
        layout: Layout,
        data: Arc<ModelData>,
        model: MarginalModel,
        near: Option<&[f64]>,
    ) -> Result<Self, MixedError> {
        MixedError::check_df(model.df, model.reml)?;
        let (problem, scaling) = standardised(&data, &layout, model.structure, model.reml)?;
        let has_effects = !problem.random.is_empty();
        if near.is_none() {
            identified::check(&problem, &data, &layout)?;
        }
        let found = near.and_then(|near| search_near(&problem, near.to_vec(), ENOUGH));
        let found = found.or_else(|| search(&problem)).ok_or_else(|| no_covariance(model.structure, has_effects))?;
        if problem.is_degenerate(&found.theta) {
            return Err(vanishing(&problem, &layout, &found.theta)
                .unwrap_or_else(|| no_covariance(model.structure, has_effects)));
        }
        let tested =
            Tested::new(&problem, &found, &model)?.ok_or_else(|| no_covariance(model.structure, has_effects))?;
        let Found { theta, at, converged, history, is_local } = found;
        let criterion = at.value + constants(&problem, &scaling);
        let mut fit = Self {
            coefficients: scaling.coefficients(&at.beta),
            covariance: Matrix::zeros(0, 0),
            data,
            model,
            layout,
            problem,
            scaling,
            at,
            theta,
            converged,
            history,
            is_local,
            tested,
            criterion,
        };
        let inner = match fit.model.df {
            DfMethod::KenwardRoger => fit.adjusted(),
            _ => fit.at.phi.clone(),
        };
        let size = fit.scaling.size;
        fit.covariance = fit.scaling.columns.covariance(&inner).scaled(size * size);
        Ok(fit)
    }

    /// −2 log-likelihood of other data of the same layout, from where the last search ended, which is kept; none
    /// where there is no maximum.
    pub(super) fn criterion_near(&self, data: &ModelData, near: &mut Vec<f64>) -> Option<f64> {
        let (problem, scaling) = standardised(data, &self.layout, self.model.structure, false).ok()?;
        let is_whole = |found: &Found| found.converged && !problem.is_degenerate(&found.theta);
        let found = search_near(&problem, near.clone(), ENOUGH)
            .filter(is_whole)
            .or_else(|| search(&problem).filter(is_whole))?;
        *near = found.theta;
        Some(found.at.value + constants(&problem, &scaling))
    }

    /// The covariance of residuals over all visits, in each group that has its own.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, MarginalModel, ModelData, ResidualStructure};
    /// let frame = reffect::read::read_frame("data/published/orthodont.csv")?;
    /// let data = ModelData::new(Formula::parse("distance ~ age * Sex")?, frame, &DataOptions::default())?;
    /// let fit = MarginalModel::new(ResidualStructure::Unstructured, "age", "Subject").fit(data)?;
    /// let residual = &fit.residual_covariance()[0];
    /// assert_eq!(residual.times, ["8", "10", "12", "14"]);
    /// assert!((residual.cov[(0, 0)] - 5.425_233_8).abs() < 1e-5 && (residual.cov[(0, 1)] - 2.709_226_1).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn residual_covariance(&self) -> Vec<ResidualCovariance> {
        let visits: Vec<usize> = (0..self.layout.times.len()).collect();
        let scale = self.scaling.size * self.scaling.size;
        let all = self.residual_parameters();
        let count = all.len() / self.layout.groups.len();
        let named =
            |(name, estimate): &(String, f64)| ResidualParameter { name: name.clone(), estimate: *estimate, ci: None };
        let of = |(group, by): (usize, &Option<String>)| ResidualCovariance {
            structure: self.model.structure.name(),
            by: by.clone(),
            times: self.layout.times.clone(),
            cov: self.problem.covariance.matrix(self.problem.part(&self.theta, group), &visits).scaled(scale),
            parameters: all[group * count..(group + 1) * count].iter().map(named).collect(),
        };
        self.layout.groups.iter().enumerate().map(of).collect()
    }
}

/// What −2 log-likelihood of the standardised data lacks.
fn constants(problem: &Problem, scaling: &Scaling) -> f64 {
    let (n, p) = (problem.rows as f64, problem.coefficients as f64);
    let free = if problem.reml { n - p } else { n };
    let of_columns = if problem.reml { 2.0 * scaling.columns.log_determinant() } else { 0.0 };
    free * ((2.0 * PI).ln() + 2.0 * scaling.size.ln()) - scaling.log_weights + of_columns
}

/// Beside random effects: that the residuals of a visit vanish.
fn vanishing(problem: &Problem, layout: &Layout, theta: &[f64]) -> Option<MixedError> {
    let structure = problem.covariance.structure;
    if problem.random.is_empty() || !structure.is_heterogeneous() {
        return None;
    }
    let visits: Vec<usize> = (0..layout.times.len()).collect();
    let of_group = |group: usize| problem.covariance.matrix(problem.part(theta, group), &visits).diagonal();
    let all: Vec<Vec<f64>> = (0..problem.groups).map(of_group).collect();
    let largest = all.iter().flatten().fold(0.0f64, |most, value| most.max(*value));
    let visit = visits.into_iter().find(|&visit| all.iter().any(|of| of[visit] < 1e-7 * largest))?;
    let when = &layout.times[visit];
    let message = format!(
        "the likelihood is highest where the residuals of visit {when} have no variance, as if the random effects alone made \
         its values: there is no maximum inside"
    );
    let hint = "take one residual variance for all visits (--residual id, ar1 or car1), or leave a random effect out";
    Some(MixedError::data(message, hint))
}

fn no_covariance(structure: ResidualStructure, has_effects: bool) -> MixedError {
    let beside = if has_effects { " of residuals beside the random effects" } else { "" };
    let message = format!(
        "the likelihood has no maximum at a positive definite {} covariance{beside}: the subjects are too few, or their \
         residuals too alike",
        structure.title()
    );
    let or = if has_effects { "leave a random effect out, or " } else { "" };
    MixedError::data(message, format!("{or}{}", fewer(structure)))
}
