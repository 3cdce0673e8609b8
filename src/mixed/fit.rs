//! What every fitted model can be asked, whichever family it is of.

use super::adjust::{self, AdjustedFamily};
use super::data::ModelData;
use super::error::MixedError;
use super::influence::{self, Refit};
use super::intervals::{Bootstrapped, Profiles};
use super::linear::{self, FTest};
use super::means::{self, MeansOf};
use super::options::{Adjustment, AnovaType};
use super::predict::predictions;
use super::result::{
    Coefficient, Comparison, Influence, MarginalMeans, Prediction, RandomEffects, RowResidual, Summary, TermTest,
    VarCorr,
};
use crate::formula::Frame;
use crate::numeric::matrix::{Matrix, unit};
use crate::numeric::random::Random;

/// A fitted model of any family, with lme4's verbs: [`LinearFit`](super::LinearFit),
/// [`GeneralisedFit`](super::GeneralisedFit) and [`MarginalFit`](super::MarginalFit).
///
/// A fit holds its data, so that it can be returned from a function, and needs nothing else for what is asked of it
/// later. The questions that each family answers by itself stand first, from [`MixedFit::data`] to
/// [`MixedFit::bootstrap_watched`]; those whose answers follow from these stand behind, from [`MixedFit::coefficients`]
/// on. `&dyn MixedFit` is any of them:
///
/// ```
/// use reffect::formula::{Formula, Frame};
/// use reffect::mixed::{
///     DataOptions, DfMethod, Family, GeneralisedModel, LinearMixedModel, MarginalModel, MixedError, MixedFit, ModelData,
///     ResidualStructure,
/// };
///
/// fn fitted(formula: &str, frame: &Frame, family: Family) -> Result<Box<dyn MixedFit>, MixedError> {
///     let needed = ["visit", "patient"].map(str::to_owned).to_vec();
///     let data = ModelData::new(Formula::parse(formula)?, frame, &DataOptions { needed, ..DataOptions::default() })?;
///     Ok(match family {
///         Family::Gaussian if data.random.is_empty() => {
///             let model = MarginalModel::new(ResidualStructure::Unstructured, "visit", "patient");
///             Box::new(model.df(DfMethod::KenwardRoger).fit(data)?)
///         }
///         Family::Gaussian => Box::new(LinearMixedModel::default().df(DfMethod::KenwardRoger).fit(data)?),
///         family => Box::new(GeneralisedModel::new(family).fit(data)?),
///     })
/// }
///
/// // Eight patients seen twice.
/// let mut frame = Frame::default();
/// frame.numbers("relapses", vec![4.0, 1.0, 2.0, 0.0, 3.0, 2.0, 6.0, 1.0, 2.0, 1.0, 3.0, 0.0, 5.0, 2.0, 2.0, 2.0]);
/// frame.numbers("visit", (0..16).map(|at| f64::from(at % 2)).collect());
/// frame.numbers("patient", (0..16).map(|at| f64::from(at / 2)).collect());
/// let marginal = fitted("relapses ~ visit", &frame, Family::Gaussian)?;
/// let mixed = fitted("relapses ~ visit + (1 | patient)", &frame, Family::Gaussian)?;
/// let counts = fitted("relapses ~ visit + (1 | patient)", &frame, Family::Poisson)?;
/// for fit in [&marginal, &mixed] {
///     // The paired t test: a mean of −2.25 and 7 degrees of freedom.
///     let change = &fit.coefficients()[1];
///     assert!((change.estimate + 2.25).abs() < 1e-9 && (change.df.ok_or("t")? - 7.0).abs() < 1e-6);
/// }
/// // The log of the ratio of all counts: 9 after 27.
/// assert!((counts.fixef()[1] - (9f64 / 27.0).ln()).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait MixedFit: Refit + std::fmt::Debug + Send {
    /// What the model was fitted to: rows, columns, levels, and the table itself.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert_eq!((fit.data().n(), fit.data().p()), (180, 2));
    /// assert_eq!(fit.data().x.names, ["(Intercept)", "Days"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn data(&self) -> &ModelData;

    /// The level of every interval of this fit, as the model was given it.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert_eq!(fit.level(), 0.95);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn level(&self) -> f64;

    /// The fixed effects β̂, one for each column of `data().x`: lme4's `fixef`.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// // lme4: 251.4051 and 10.4673
    /// assert!((fit.fixef()[1] - 10.467_285_96).abs() < 1e-6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn fixef(&self) -> &[f64];

    /// The covariance matrix of the fixed effects, p × p, as tests take it: adjusted for small samples under Kenward
    /// and Roger's method, from the joint second derivatives in a generalised model. lme4's `vcov`.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// // The standard error of the slope; lme4: 1.5458
    /// assert!((fit.vcov()[(1, 1)].sqrt() - 1.545_788_9).abs() < 1e-6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn vcov(&self) -> &Matrix;

    /// The degrees of freedom of the t test of a linear function of the fixed effects, with a weight for each of them;
    /// none for the normal distribution, and NaN where the method has none, so that there is no p-value either.
    ///
    /// Source: Giesbrecht & Burns (1985), Biometrics 41:477; Kenward & Roger (1997), Biometrics 53:983.
    ///
    /// # Errors
    /// If there are more or fewer weights than coefficients.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// // lmerTest: 17
    /// assert!((fit.df(&[0.0, 1.0])?.ok_or("a t test")? - 17.0).abs() < 1e-4);
    /// let error = fit.df(&[1.0]).unwrap_err();
    /// assert_eq!(error.to_string(), "the linear function has 1 weight, and the model has 2 coefficients");
    /// assert_eq!(error.hint(), Some("give one weight for each of (Intercept), Days"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn df(&self, of: &[f64]) -> Result<Option<f64>, MixedError>;

    /// The F test that several linear functions are 0 together, one a row with a weight for each fixed effect; none
    /// where their covariance is singular.
    ///
    /// Source: Fai & Cornelius (1996), J Stat Comput Simul 54:363; Kenward & Roger (1997), Biometrics 53:983.
    ///
    /// # Errors
    /// If a row has more or fewer weights than there are coefficients.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// use reffect::numeric::matrix::Matrix;
    /// // One function: the square of its t, 10.467/1.546.
    /// let slope = Matrix::from_fn(1, 2, |_, column| f64::from(u8::from(column == 1)));
    /// let test = fit.joint(&slope)?.ok_or("a test")?;
    /// assert!((test.f - 45.853_0).abs() < 1e-3 && test.num_df == 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn joint(&self, rows: &Matrix) -> Result<Option<FTest>, MixedError>;

    /// The criterion that was minimised, −2 log-likelihood with every constant: restricted under REML, Laplace's
    /// approximation or quadrature in a generalised mixed model.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// // lme4's REML criterion: 1743.6283
    /// assert!((fit.criterion() - 1_743.628_272).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn criterion(&self) -> f64;

    /// How many parameters AIC and BIC count: fixed effects, variances and correlations, σ or dispersion.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// // Two fixed effects, two variances, their covariance, and σ.
    /// assert_eq!(fit.parameters(), 6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn parameters(&self) -> usize;

    /// The log-likelihood, restricted under REML: lme4's `logLik`.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert!((fit.loglik() + 871.814_136).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn loglik(&self) -> f64 {
        -0.5 * self.criterion()
    }

    /// Akaike's criterion: −2 log-likelihood + 2 × parameters, fixed effects counted also under REML as lme4 does.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert!((fit.aic() - 1_755.628_272).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn aic(&self) -> f64 {
        self.criterion() + 2.0 * self.parameters() as f64
    }

    /// Schwarz's criterion: −2 log-likelihood + ln(rows) × parameters.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert!((fit.bic() - 1_774.786_013).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn bic(&self) -> f64 {
        self.criterion() + (self.data().n() as f64).ln() * self.parameters() as f64
    }

    /// The residual standard deviation, where the family has one; with residual variances by visit that of the first
    /// one.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// // lme4: 25.592
    /// assert!((fit.sigma().ok_or("normal residuals")? - 25.591_815_6).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn sigma(&self) -> Option<f64>;

    /// Standard deviations and correlations of the random effects, one entry for each random term: lme4's `VarCorr`.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// // lme4: 24.741, 5.922 and 0.066
    /// let subject = &fit.varcorr()[0];
    /// assert!((subject.sd[1] - 5.922_133).abs() < 1e-4 && (subject.cor[(1, 0)] - 0.065_551).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn varcorr(&self) -> Vec<VarCorr>;

    /// Whether a variance is 0 or a correlation ±1: lme4's `isSingular`.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert!(!fit.singular());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn singular(&self) -> bool;

    /// Whether the gradient vanishes and the second derivatives are those of a minimum.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert!(fit.converged());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn converged(&self) -> bool;

    /// The random effects of each level with their conditional standard deviations, one entry for each random term:
    /// lme4's `ranef(condVar = TRUE)`. Conditional modes; empty for models without random effects.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// // lme4, of subject 308: 2.2586 and 9.1990
    /// let first = &fit.ranef()[0].levels[0];
    /// assert_eq!(first.level, "308");
    /// assert!((first.values[1] - 9.198_971_9).abs() < 1e-4 && (first.se[1] - 2.304_837).abs() < 1e-4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn ranef(&self) -> Vec<RandomEffects>;

    /// The residual of each row of the table, those that were left out included, in three units, with fitted value and
    /// leverage. In a generalised model they are given the random effects, on the scale of the response.
    ///
    /// Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), section 5; McCullagh & Nelder (1989),
    /// Generalized Linear Models, sections 2.4 and 12.5.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// let first = fit.residuals()[0].residual.ok_or("a row of the fit")?;
    /// // lme4: fitted 253.6637, hatvalues 0.2293
    /// assert!((first.fitted - 253.663_670).abs() < 1e-3);
    /// assert!((first.leverage.ok_or("a leverage")? - 0.229_303).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn residuals(&self) -> Vec<RowResidual>;

    /// A response as the model says that it arises, in new groups, one value for each row of the fit: lme4's
    /// `simulate(use.u = FALSE)`.
    ///
    /// # Errors
    /// If counts have weights, which no distribution gives a meaning.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// use reffect::numeric::random::Random;
    /// let one = fit.simulate(&mut Random::seeded(1))?;
    /// assert_eq!((one.len(), &one), (180, &fit.simulate(&mut Random::seeded(1))?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn simulate(&self, random: &mut Random) -> Result<Vec<f64>, MixedError>;

    /// The likelihood-ratio test against a model of the same rows, whichever of the two is the larger one: lme4's
    /// `anova` of two fits. Where the fixed parts of REML fits differ, both are fitted again by full maximum
    /// likelihood. Where one random effect more is tested, p is also given by the mixture for its boundary. Where
    /// neither lies within the other there is no test, and their AIC and BIC stand side by side.
    ///
    /// Source: Self & Liang (1987), J Am Stat Assoc 82:605; Stram & Lee (1994), Biometrics 50:1171.
    ///
    /// # Errors
    /// If the rows differ, or the other one cannot be fitted.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// let formula = Formula::parse("Reaction ~ Days + (1 | Subject)")?;
    /// let smaller = ModelData::new(formula, fit.data().frame.clone(), &DataOptions::default())?;
    /// let found = fit.compare(&smaller)?;
    /// let test = found.test.ok_or("one lies within the other")?;
    /// // lme4: anova(fm1, fm2, refit = FALSE)
    /// assert!((test.statistic - 42.836_813).abs() < 1e-4 && test.df == 2.0);
    /// assert!((found.models[1].aic - fit.aic()).abs() < 1e-9 && found.models[0].parameters == 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn compare(&self, other: &ModelData) -> Result<Comparison, MixedError>;

    /// Everything that the fit says without being asked: estimates with tests and intervals, variances, criteria,
    /// notes.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// let summary = fit.summary();
    /// assert_eq!((summary.kind.as_str(), summary.method.as_str()), ("Linear mixed model", "REML"));
    /// assert!((summary.fixef[1].p - 3.264e-6).abs() < 1e-8);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn summary(&self) -> Summary;

    /// How many parameters have profiles, as [`MixedFit::profile_watched`] counts them.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// // Two fixed effects, σ, two standard deviations and a correlation.
    /// assert_eq!(fit.profiled(), 6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn profiled(&self) -> usize;

    /// Profile intervals of every parameter for a caller who is told how many are done, of [`MixedFit::profiled`], and
    /// says whether to go on; none if it said no. See [`MixedFit::profile`].
    ///
    /// # Errors
    /// If the model cannot be fitted by full maximum likelihood.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// let mut told = Vec::new();
    /// let stopped = fit.profile_watched(false, &mut |done| {
    ///     told.push(done);
    ///     done < 2
    /// })?;
    /// assert_eq!((stopped, told), (None, vec![1, 2]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn profile_watched(
        &self,
        with_points: bool,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Profiles>, MixedError>;

    /// Percentile intervals by refits for a caller who is told how many are done and says whether to go on; none if it
    /// said no. See [`MixedFit::bootstrap`].
    ///
    /// # Errors
    /// If the model cannot be simulated, or no refit succeeds.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert!(fit.bootstrap_watched(1000, 1, &mut |done| done < 3)?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn bootstrap_watched(
        &self,
        replicates: usize,
        seed: u64,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Bootstrapped>, MixedError>;

    /// The table of the fixed effects: each with its standard error, test and interval, as lmerTest's
    /// `coef(summary(…))`.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// let days = &fit.coefficients()[1];
    /// assert_eq!(days.name, "Days");
    /// assert!((days.estimate - 10.467_286).abs() < 1e-5 && (days.se - 1.545_789).abs() < 1e-5);
    /// assert!((days.statistic - 6.771_48).abs() < 1e-4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn coefficients(&self) -> Vec<Coefficient> {
        // A unit vector has as many weights as there are names, so that none is an error.
        let names = &self.data().x.names;
        names.iter().enumerate().filter_map(|(at, name)| self.linear(name, &unit(names.len(), at)).ok()).collect()
    }

    /// The test of one linear function of the fixed effects, l′β̂ ± quantile × √(l′Cl), with a weight for each of them.
    /// Weights that someone wrote are checked by [`MixedFit::contrast`] for more than their number.
    ///
    /// # Errors
    /// If there are more or fewer weights than coefficients.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// // The mean after nine days.
    /// let last = fit.linear("day 9", &[1.0, 9.0])?;
    /// assert!((last.estimate - 345.610_678).abs() < 1e-4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn linear(&self, name: &str, of: &[f64]) -> Result<Coefficient, MixedError> {
        linear::linear(self, name, of)
    }

    /// The test of a contrast that someone wrote, with a weight for each fixed effect: checked before it is computed.
    ///
    /// # Errors
    /// If there are more or fewer weights than coefficients, or all are 0.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert!((fit.contrast("day 9", &[1.0, 9.0])?.estimate - 345.610_678).abs() < 1e-4);
    /// let error = fit.contrast("day 9", &[9.0]).unwrap_err().to_string();
    /// assert_eq!(error, "the contrast day 9 has 1 weights, and the model has 2 coefficients");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn contrast(&self, name: &str, weights: &[f64]) -> Result<Coefficient, MixedError> {
        linear::contrast(self, name, weights)
    }

    /// Tests of linear functions, made by [`MixedFit::linear`] from `functions` in their order, adjusted for their
    /// number; none without adjustment. `means` counts the means of whose pairs Tukey's method takes them to be all.
    /// Dunnett's method and the multivariate t distribution take the correlations of the tests, and for each test its
    /// own degrees of freedom.
    ///
    /// Source: Hothorn, Bretz & Westfall (2008), Biom J 50:346.
    ///
    /// # Errors
    /// If a function has more or fewer weights than there are coefficients, there is not one for each test, or there
    /// are too many for the multivariate t distribution.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{Adjustment, DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// let frame = reffect::read::read_frame("data/published/orthodont.csv")?;
    /// let formula = Formula::parse("distance ~ factor(age) + (1 | Subject)")?;
    /// let fit = LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?;
    /// // The ages of 10, 12 and 14 against 8 years.
    /// let functions: Vec<Vec<f64>> = (1..4).map(|age| (0..4).map(|at| f64::from(u8::from(at == age))).collect()).collect();
    /// let tests = functions.iter().map(|of| fit.linear("", of)).collect::<Result<Vec<_>, _>>()?;
    /// let found = fit.adjusted(&tests, &functions, Adjustment::Dunnett, 4)?.ok_or("tests")?;
    /// // Bonferroni's are larger, and those of each alone are smaller.
    /// assert!(found.tests[0].p > tests[0].p && found.tests[0].p < 3.0 * tests[0].p && found.error == 0.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn adjusted(
        &self,
        tests: &[Coefficient],
        functions: &[Vec<f64>],
        adjustment: Adjustment,
        means: usize,
    ) -> Result<Option<AdjustedFamily>, MixedError> {
        functions.iter().try_for_each(|of| linear::check_length(self.data(), of.len()))?;
        if tests.len() != functions.len() {
            let message = format!("{} tests and {} functions were given", tests.len(), functions.len());
            return Err(MixedError::data(message, "give the function of each test"));
        }
        adjust::adjusted(self, (tests, functions), adjustment, means)
    }

    /// F tests of the terms with the hypotheses of one of SAS's types. Those of type III are those of sum-to-zero
    /// contrasts, whichever contrasts the model was fitted with, and where combinations of levels have no rows those of
    /// the functions that can be estimated; those of types I and II say what a term adds to others, in which all rows
    /// count alike.
    ///
    /// Source: Goodnight (1978), SAS Technical Report R-101; Kuznetsova, Brockhoff & Christensen (2017), J Stat
    /// Softw 82(13).
    ///
    /// # Errors
    /// If the columns cannot be made.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{AnovaType, DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// let days = &fit.anova(AnovaType::III)?[0];
    /// // lmerTest: anova(fm1)
    /// let test = days.test.ok_or("a test")?;
    /// assert_eq!(days.term, "Days");
    /// assert!((test.f - 45.853_0).abs() < 1e-3 && (test.den_df.ok_or("t")? - 17.0).abs() < 1e-4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn anova(&self, kind: AnovaType) -> Result<Vec<TermTest>, MixedError> {
        linear::anova(self, kind)
    }

    /// What is to be known of the tests of [`MixedFit::anova`], in sentences: terms without a test, and combinations of
    /// levels without rows.
    ///
    /// # Errors
    /// If the columns cannot be made.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{AnovaType, DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert!(fit.anova_notes(AnovaType::III)?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn anova_notes(&self, kind: AnovaType) -> Result<Vec<String>, MixedError> {
        linear::anova_notes(self.data(), kind)
    }

    /// Estimated marginal means: one for each combination of the levels of some factors, over the other factors' levels
    /// with equal weights, at the mean of each covariate or at the values asked for, also in offsets. The first factor
    /// varies fastest; its levels are compared within each combination of the others, each minus an earlier one, and
    /// adjusted for their number as is asked for. They are on the scale of the linear predictor.
    ///
    /// Source: Searle, Speed & Milliken (1980), Am Stat 34:216.
    ///
    /// # Errors
    /// If a column is no factor of the fixed part, or a covariate that is held at a value is no covariate.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, LinearMixedModel, MeansOf, MixedFit, ModelData};
    ///
    /// // Potthoff & Roy (1964), Biometrika 51:313: 27 children, each at the ages of 8, 10, 12 and 14.
    /// let frame = reffect::read::read_frame("data/published/orthodont.csv")?;
    /// let formula = Formula::parse("distance ~ age * Sex + (1 | Subject)")?;
    /// let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// let fit = LinearMixedModel::default().fit(data)?;
    /// let means = fit.means(&MeansOf { factors: vec!["Sex".to_owned()], ..MeansOf::default() })?.means;
    /// // With nothing missing they are the plain means; R: tapply(distance, Sex, mean)
    /// assert!((means[0].mean.estimate - 22.647_727_272_7).abs() < 1e-9 && (means[1].mean.estimate - 24.968_75).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn means(&self, of: &MeansOf) -> Result<MarginalMeans, MixedError> {
        means::marginal_means(self, of)
    }

    /// The slope of a covariate for each combination of the levels of some factors, over the other factors' levels with
    /// equal weights: the derivative of the linear predictor, by differences, where the covariate is at its mean or at
    /// the value asked for, which matters for curves alone. With the differences of the first factor's levels, as in
    /// [`MixedFit::means`]. emmeans' `emtrends`.
    ///
    /// # Errors
    /// If the covariate is none of the fixed part, or where [`MixedFit::means`] has one.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, LinearMixedModel, MeansOf, MixedFit, ModelData};
    /// let frame = reffect::read::read_frame("data/published/orthodont.csv")?;
    /// let formula = Formula::parse("distance ~ age * Sex + (age | Subject)")?;
    /// let fit = LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?;
    /// let by_sex = MeansOf { factors: vec!["Sex".to_owned()], ..MeansOf::default() };
    /// let found = fit.slopes("age", &by_sex)?;
    /// // The slope of girls is the coefficient of age, and the difference that of the interaction.
    /// assert!((found.means[0].mean.estimate - fit.fixef()[1]).abs() < 1e-9);
    /// let (difference, coefficient) = (&found.contrasts[0], &fit.coefficients()[3]);
    /// assert!((difference.estimate - coefficient.estimate).abs() < 1e-9 && (difference.p - coefficient.p).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn slopes(&self, covariate: &str, of: &MeansOf) -> Result<MarginalMeans, MixedError> {
        means::slopes(self, covariate, of)
    }

    /// The prediction for each row of a table on the scale of the linear predictor: of the population with its standard
    /// error, and with the random effects of the row's groups, where a group that the fit does not know has none. A row
    /// that lacks a value, or whose combination of columns the data do not determine, has no prediction, and says why.
    ///
    /// # Errors
    /// If a column is missing, or a factor of the fixed part has an unknown level.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// use reffect::formula::Frame;
    /// let mut new = Frame::default();
    /// new.numbers("Days", vec![3.0]);
    /// new.numbers("Subject", vec![308.0]);
    /// // lme4: predict(fm1, new, re.form = NA) and predict(fm1, new)
    /// let found = &fit.predict(&new)?[0];
    /// assert!((found.population.ok_or("a number")? - 282.806_963).abs() < 1e-4);
    /// assert!((found.conditional.ok_or("a number")? - 312.662_444).abs() < 1e-3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn predict(&self, frame: &Frame) -> Result<Vec<Prediction>, MixedError> {
        predictions(self, frame)
    }

    /// Profile intervals of every parameter, with points of the profiles if `with_points`: a value lies in the interval
    /// where the full likelihood, maximised over all others, is at most half a quantile of χ²₁ below its maximum, also
    /// after a fit by REML. An end that is searched for and not found is NaN. lme4's `confint(method = "profile")`.
    ///
    /// Source: Venzon & Moolgavkar (1988), Appl Stat 37:87; Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1),
    /// section 5.1.
    ///
    /// # Errors
    /// If the model cannot be fitted by full maximum likelihood.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// let profiles = fit.profile(true)?;
    /// // lme4: confint(fm1)
    /// let days = profiles.intervals.fixef[1];
    /// assert!((days.lower - 7.358_65).abs() < 1e-3 && (days.upper - 13.575_92).abs() < 1e-3);
    /// assert_eq!(profiles.traces[5].parameter, "Days");
    /// assert!(profiles.traces[5].points.windows(2).all(|pair| pair[0].zeta < pair[1].zeta));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn profile(&self, with_points: bool) -> Result<Profiles, MixedError> {
        let stopped = || MixedError::NotConverged("the profiles were not finished".to_owned());
        self.profile_watched(with_points, &mut |_| true)?.ok_or_else(stopped)
    }

    /// Percentile intervals of every parameter by a parametric bootstrap: of refits to responses that the fit
    /// simulates, in new groups. Each replicate has a stream of its own, so that the result does not depend on the
    /// number of threads.
    ///
    /// Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, sections 6.5 and 13.3.
    ///
    /// # Errors
    /// If the model cannot be simulated, or no refit succeeds.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// let found = fit.bootstrap(200, 7)?;
    /// assert_eq!((found.replicates, found.failed), (200, 0));
    /// assert_eq!(found, fit.bootstrap(200, 7)?);
    /// // The slope is 10.47 with a standard error of 1.55.
    /// let days = found.intervals.fixef[1];
    /// assert!((5.0..9.0).contains(&days.lower) && (12.0..16.0).contains(&days.upper));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn bootstrap(&self, replicates: usize, seed: u64) -> Result<Bootstrapped, MixedError> {
        let stopped = || MixedError::NotConverged("the refits were not finished".to_owned());
        self.bootstrap_watched(replicates, seed, &mut |_| true)?.ok_or_else(stopped)
    }

    /// What the fit would be without each level of a group: estimates, their change over the standard error without the
    /// level, and Cook's distance (β − β₍ᵢ₎)′C⁻¹(β − β₍ᵢ₎)/p with C the covariance of β in the whole fit. The group is
    /// a grouping factor of the model or any column of the table.
    ///
    /// Source: Cook (1977), Technometrics 19:15; for mixed models Demidenko & Stukel (2005), Stat Med 24:893,
    /// section 4, and Nieuwenhuis, te Grotenhuis & Pelzer (2012), R J 4(2):38.
    ///
    /// # Errors
    /// If the group is no column, or has one level.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// let found = fit.influence("Subject")?;
    /// assert_eq!((found.levels.len(), found.deviations[1].as_str()), (18, "sd_Days|Subject"));
    /// let first = &found.levels[0];
    /// // lme4, fitted without subject 308
    /// assert!((first.fixef[1].ok_or("the slope")? - 9.802_732).abs() < 1e-4);
    /// assert!((first.cook_d.ok_or("a distance")? - 0.092_417).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn influence(&self, group: &str) -> Result<Influence, MixedError> {
        let stopped = || MixedError::NotConverged("the fits without each level were not finished".to_owned());
        self.influence_watched(group, &mut |_| true)?.ok_or_else(stopped)
    }

    /// The fits without each level of a group for a caller who is told how many are done and says whether to go on;
    /// none if it said no. See [`MixedFit::influence`].
    ///
    /// # Errors
    /// If the group is no column, or has one level.
    ///
    /// ```
    /// # use reffect::formula::Formula;
    /// # use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// # let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// # let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// # let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// # let fit = LinearMixedModel::default().fit(data)?;
    /// assert!(fit.influence_watched("Subject", &mut |_| false)?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn influence_watched(
        &self,
        group: &str,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Influence>, MixedError> {
        influence::influence(self, group, go_on)
    }
}
