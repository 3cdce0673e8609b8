//! A fitted model of repeated visits, and the tests of its coefficients.

use super::super::data::ModelData;
use super::super::df::{fai_cornelius, kenward_roger};
use super::super::error::MixedError;
use super::super::linear::between;
use super::super::options::{DfMethod, Information, ResidualStructure};
use super::super::result::{ResidualCovariance, ResidualParameter, Step};
use super::likelihood::{Evaluation, Problem};
use super::problem::{Layout, Scaling, fewer, standardised};
use super::search::{Found, is_unbounded, search, search_from};
use crate::formula::FormulaError;
use crate::numeric::format::{fixed, significant};
use crate::numeric::matrix::Matrix;
use std::f64::consts::PI;
use std::sync::Arc;

/// A model of repeated visits by the covariance of residuals (MMRM): how it is fitted and tested.
///
/// y = Xβ + e, where the residuals of one subject have a covariance Σ(θ) over its visits. The data name the columns of
/// visits and subjects in [`DataOptions::needed`](crate::mixed::DataOptions), so that rows without them are left out.
///
/// Source: Jennrich & Schluchter (1986), Biometrics 42:805; Mallinckrodt, Lane, Schnell, Peng & Mancuso (2008),
/// Drug Inf J 42:303.
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
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MarginalModel {
    /// The covariance of the residuals of one subject.
    pub structure: ResidualStructure,
    /// The column that says at which visit or time a row was seen; also several with colons between them.
    pub time: String,
    /// The column that says whose row it is.
    pub subject: String,
    /// A column whose levels have covariances of their own; none by default.
    pub by: Option<String>,
    /// Restricted instead of full maximum likelihood; it is by default.
    pub reml: bool,
    /// Degrees of freedom of t and F tests; Satterthwaite's by default.
    pub df: DfMethod,
    /// Where Kenward and Roger's method takes the covariance of the (co)variances from; the observed one by default.
    pub information: Information,
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
        let (df, information) = (DfMethod::Satterthwaite, Information::default());
        let (time, subject) = (time.into(), subject.into());
        Self { structure, time, subject, by: None, reml: true, df, information, level: 0.95 }
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
        Self { information, ..self }
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
    /// If the formula has random effects, a column is missing or lacks a value in a row of the data, a subject has two
    /// rows at one visit, the level is not between 0 and 1, the data do not determine the covariance of the residuals, or
    /// the search fails.
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
    pub(super) coefficients: Vec<f64>,
    /// (X′V⁻¹X)⁻¹ on the user's scale, adjusted under Kenward and Roger.
    pub(super) covariance: Matrix,
    /// The covariance of the estimates of θ: twice the inverse of the second derivatives of −2 ln L.
    of_theta: Matrix,
    pub(super) criterion: f64,
}

impl MarginalFit {
    /// The fit to subjects whose visits are known.
    pub(super) fn seen_at(layout: Layout, data: Arc<ModelData>, model: MarginalModel) -> Result<Self, MixedError> {
        if let Some(term) = data.formula.random.first() {
            let message = "a model of repeated visits has no random effects: random effects and a covariance of residuals \
                           cannot be fitted together";
            let error = FormulaError::new(message, &data.formula.source, term.span.clone());
            return Err(error
                .with_hint(
                    "leave the random part out, whose place the covariance of residuals takes (cs is that of a random \
                     intercept), or leave --residual out",
                )
                .into());
        }
        MixedError::check_df(model.df, model.reml)?;
        let (problem, scaling) = standardised(&data, &layout, model.structure, model.reml)?;
        let found = search(&problem).ok_or_else(|| no_covariance(model.structure))?;
        if problem.is_degenerate(&found.theta) {
            return Err(no_covariance(model.structure));
        }
        let Found { theta, at, converged, history } = found;
        let is_expected = model.df == DfMethod::KenwardRoger && model.information == Information::Expected;
        let information =
            if is_expected { problem.expected_information(&theta, &at) } else { Some(at.hessian.clone()) };
        let of_theta = information.and_then(|of| Some(of.cholesky()?.inverse().scaled(2.0)));
        let of_theta = of_theta.ok_or_else(|| no_covariance(model.structure))?;
        let (n, p) = (problem.rows as f64, problem.coefficients as f64);
        let free = if model.reml { n - p } else { n };
        let mut criterion = at.value + free * ((2.0 * PI).ln() + 2.0 * scaling.size.ln()) - scaling.log_weights;
        if model.reml {
            criterion += 2.0 * scaling.columns.log_determinant();
        }
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
            of_theta,
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
        /// The criterion is right to as much.
        const ENOUGH: f64 = 1e-13;
        let (problem, scaling) = standardised(data, &self.layout, self.model.structure, false).ok()?;
        let is_whole = |found: &Found| found.converged && !problem.is_degenerate(&found.theta);
        let found = search_from(&problem, near.clone(), ENOUGH)
            .filter(is_whole)
            .or_else(|| search(&problem).filter(is_whole))?;
        let free = problem.rows as f64;
        *near = found.theta;
        Some(found.at.value + free * ((2.0 * PI).ln() + 2.0 * scaling.size.ln()) - scaling.log_weights)
    }

    /// Φ with the correction for the estimation of θ: Φ + 2Φ[Σ Wᵣₛ(Qᵣₛ − PᵣΦPₛ)]Φ.
    ///
    /// Source: Kenward & Roger (1997), Biometrics 53:983, eq. 6 of section 2 without the term of second
    /// derivatives Rᵢⱼ, which vanishes for covariances linear in their parameters; without it the result
    /// does not depend on the parametrisation.
    pub(super) fn adjusted(&self) -> Matrix {
        let (phi, w) = (&self.at.phi, &self.of_theta);
        let p = self.problem.coefficients;
        let Some(mut inside) = self.problem.weighted_products(&self.theta, w) else { return phi.clone() };
        let through: Vec<Matrix> = self.at.slopes.iter().map(|slope| slope.times(phi)).collect();
        for (r, left) in through.iter().enumerate() {
            let mut along = Matrix::zeros(p, p);
            for (s, right) in self.at.slopes.iter().enumerate() {
                along.add(right, w[(r, s)]);
            }
            inside.add(&left.times(&along), -1.0);
        }
        phi.plus(&phi.times(&inside).times(phi).scaled(2.0))
    }

    /// Derivatives of the variance of a standardised linear function in θ, for Satterthwaite's method.
    fn variance_slopes(&self, of: &[f64]) -> Vec<f64> {
        let along = self.at.phi.times_vector(of);
        // ∂Φ = Φ X′V⁻¹(∂V)V⁻¹X Φ
        self.at.slopes.iter().map(|slope| slope.quadratic(&along)).collect()
    }

    /// 2(l′Φl)²/(g′Ag): Giesbrecht & Burns (1985), Biometrics 41:477; with one function Kenward and Roger's
    /// degrees of freedom are the same expression.
    pub(super) fn single_df(&self, of: &[f64]) -> f64 {
        let variance = self.at.phi.quadratic(of);
        2.0 * variance * variance / self.of_theta.quadratic(&self.variance_slopes(of))
    }

    /// The F test of Kenward and Roger: scale λ and degrees of freedom m by the moments of the statistic.
    ///
    /// Source: Kenward & Roger (1997), Biometrics 53:983, section 3.
    pub(super) fn kenward_roger(&self, standardised: &[Vec<f64>]) -> Option<(f64, f64)> {
        let phi = &self.at.phi;
        let l = standardised.len() as f64;
        // ΘΦPᵣΦ of the paper as (LΦL′)⁻¹(LΦPᵣΦL′), a matrix of the size of the test.
        let inverse = between(standardised, phi).cholesky()?;
        let along: Vec<Vec<f64>> = standardised.iter().map(|row| phi.times_vector(row)).collect();
        let middle = |slope: &Matrix| inverse.solve_matrix(&between(&along, slope));
        let middles: Vec<Matrix> = self.at.slopes.iter().map(middle).collect();
        let (mut a1, mut a2) = (0.0, 0.0);
        for (r, left) in middles.iter().enumerate() {
            for (s, right) in middles.iter().enumerate() {
                let w = self.of_theta[(r, s)];
                a1 += w * left.trace() * right.trace();
                a2 += w * left.times(right).trace();
            }
        }
        Some(kenward_roger(a1, a2, l))
    }

    /// The denominator's degrees of freedom by those of independent functions of the same span.
    pub(super) fn joint_df(&self, standardised: &[Vec<f64>]) -> f64 {
        let (_, vectors) = between(standardised, &self.at.phi).symmetric_eigen();
        let width = standardised[0].len();
        let function = |column: usize| {
            (0..width)
                .map(|at| standardised.iter().enumerate().map(|(row, of)| vectors[(row, column)] * of[at]).sum())
                .collect::<Vec<f64>>()
        };
        let dfs: Vec<f64> = (0..standardised.len()).map(|column| self.single_df(&function(column))).collect();
        fai_cornelius(&dfs)
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
            notes.push(match self.model.information {
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
        let gap = self.layout.places[1] - self.layout.places[0];
        let of = |cov: &Matrix| {
            let r = cov[(0, 1)] / (cov[(0, 0)] * cov[(1, 1)]).sqrt();
            if self.model.structure == S::ContinuousAutoregressive { r.max(0.0).powf(1.0 / gap) } else { r }
        };
        let shown: Vec<String> = residual
            .iter()
            .map(|of_group| {
                format!(
                    "{}{}",
                    fixed(of(&of_group.cov), 4),
                    of_group.by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default()
                )
            })
            .collect();
        let what = match self.model.structure {
            S::CompoundSymmetry | S::HeterogeneousCompoundSymmetry => "the correlation of any two visits",
            S::ContinuousAutoregressive => "the correlation of two times one unit apart",
            _ => "the correlation of neighbouring visits",
        };
        Some(format!("{what} is {}", shown.join(", ")))
    }
}

fn no_covariance(structure: ResidualStructure) -> MixedError {
    let message = format!(
        "the likelihood has no maximum at a positive definite {} covariance: the subjects are too few, or their \
         residuals too alike",
        structure.title()
    );
    MixedError::data(message, fewer(structure))
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
