//! A fitted model of repeated visits, and the tests of its coefficients.

use super::super::data::ModelData;
use super::super::df::{fai_cornelius, kenward_roger};
use super::super::error::MixedError;
use super::super::likelihood_ratio::{Side, check_rows, likelihood_ratio};
use super::super::linear::{FTest, Tested, coefficients};
use super::super::options::{DfMethod, Information, IntervalMethod, ResidualStructure};
use super::super::predict::predictions;
use super::super::result::{
    Comparison, Extras, Group, Prediction, ResidualCovariance, ResidualParameter, Step, Summary,
};
use super::likelihood::{Evaluation, Problem};
use super::problem::{Layout, Scaling, fewer, standardised};
use super::search::{Found, search, search_from};
use crate::formula::{FormulaError, Frame};
use crate::numeric::format::{fixed, significant};
use crate::numeric::matrix::{Matrix, dot};
use std::f64::consts::PI;

/// What is fitted and how it is tested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginalOptions {
    /// The covariance of the residuals of one subject.
    pub structure: ResidualStructure,
    /// Restricted maximum likelihood, or maximum likelihood.
    pub restricted: bool,
    /// How tests get their degrees of freedom.
    pub df: DfMethod,
    /// Where Kenward and Roger's method takes the covariance of the (co)variances from.
    pub information: Information,
    /// The level of intervals.
    pub level: f64,
}

/// A fitted model of repeated visits.
#[derive(Clone, Debug)]
pub struct MarginalFit<'a> {
    pub(super) data: &'a ModelData,
    pub(super) options: MarginalOptions,
    pub(super) layout: Layout,
    pub(super) problem: Problem,
    pub(super) scaling: Scaling,
    pub(super) at: Evaluation,
    pub(super) theta: Vec<f64>,
    pub(super) converged: bool,
    history: Vec<Step>,
    coefficients: Vec<f64>,
    /// (X′V⁻¹X)⁻¹ on the user's scale, adjusted under Kenward and Roger.
    covariance: Matrix,
    /// The covariance of the estimates of θ: twice the inverse of the second derivatives of −2 ln L.
    of_theta: Matrix,
    criterion: f64,
}

/// A covariance whose eigenvalues differ by more than this is not positive definite for what data can tell.
const SMALLEST_SHARE: f64 = 1e-9;

impl<'a> MarginalFit<'a> {
    /// Fits the model.
    ///
    /// Where the covariance of the estimates of θ is needed, it is taken from the observed information, for
    /// Kenward and Roger's method from the expected one where that is asked for; on balanced data the two are
    /// the same.
    ///
    /// # Errors
    /// If the formula has random effects, the data do not determine the covariance of the residuals, or the search
    /// fails.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::linear::Tested;
    /// use reffect::mixed::mmrm::{Layout, MarginalFit, MarginalOptions, VisitColumns};
    /// use reffect::mixed::{DataOptions, DfMethod, ModelData, ResidualStructure};
    /// // Extra hours of sleep of ten patients under two drugs (Student 1908).
    /// let extra = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0, 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    /// let mut frame = Frame::default();
    /// frame.numbers("extra", extra.to_vec());
    /// frame.numbers("drug", (0..20).map(|at| f64::from(at / 10)).collect());
    /// frame.numbers("patient", (0..20).map(|at| f64::from(at % 10)).collect());
    /// let data = ModelData::new(Formula::parse("extra ~ drug")?, &frame, &DataOptions::default())?;
    /// let columns = VisitColumns { time: "drug", subject: "patient", by: None };
    /// let structure = ResidualStructure::Unstructured;
    /// let layout = Layout::new(&data, &frame, &columns, &[])?;
    /// let options = MarginalOptions { structure, restricted: true, df: DfMethod::KenwardRoger, information: Default::default(), level: 0.95 };
    /// let fit = MarginalFit::fit(&data, layout, options)?;
    /// // The paired t-test: 1.58 with a standard error of 0.38896 and 9 degrees of freedom.
    /// assert!((fit.covariance()[(1, 1)].sqrt() - 0.388_958_723_888_395).abs() < 1e-12);
    /// assert!((fit.df(&[0.0, 1.0]).unwrap_or(0.0) - 9.0).abs() < 1e-8);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fit(data: &'a ModelData, layout: Layout, options: MarginalOptions) -> Result<Self, MixedError> {
        if let Some(term) = data.formula.random.first() {
            let message = "a model of repeated visits has no random effects";
            let error = FormulaError::new(message, &data.formula.source, term.span.clone());
            return Err(error
                .with_hint("leave the random part out: the covariance of residuals takes its place")
                .into());
        }
        if options.df == DfMethod::KenwardRoger && !options.restricted {
            let message = "Kenward and Roger's method is for REML fits";
            return Err(MixedError::data(message, "leave out --ml, or use --df satterthwaite"));
        }
        let (problem, scaling) = standardised(data, &layout, options.structure, options.restricted)?;
        let found = search(&problem).ok_or_else(|| no_covariance(options.structure))?;
        // Times of different subjects may lie as close as they like.
        let is_ordinal = options.structure != ResidualStructure::ContinuousAutoregressive;
        if is_ordinal && problem.smallest_share(&found.theta) < SMALLEST_SHARE {
            return Err(no_covariance(options.structure));
        }
        let Found { theta, at, converged, history } = found;
        let is_expected = options.df == DfMethod::KenwardRoger && options.information == Information::Expected;
        let information =
            if is_expected { problem.expected_information(&theta, &at) } else { Some(at.hessian.clone()) };
        let of_theta = information.and_then(|of| Some(of.cholesky()?.inverse().scaled(2.0)));
        let of_theta = of_theta.ok_or_else(|| no_covariance(options.structure))?;
        let (n, p) = (problem.rows as f64, problem.coefficients as f64);
        let free = if options.restricted { n - p } else { n };
        let mut criterion = at.value + free * ((2.0 * PI).ln() + 2.0 * scaling.size.ln()) - scaling.log_weights;
        if options.restricted {
            criterion += 2.0 * scaling.columns.log_determinant();
        }
        let mut fit = Self {
            data,
            coefficients: scaling.coefficients(&at.beta),
            covariance: Matrix::zeros(0, 0),
            options,
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
        let inner = match options.df {
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
        let (problem, scaling) = standardised(data, &self.layout, self.options.structure, false).ok()?;
        let is_whole = |found: &Found| found.converged && problem.smallest_share(&found.theta) >= SMALLEST_SHARE;
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
    fn adjusted(&self) -> Matrix {
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
    fn single_df(&self, of: &[f64]) -> f64 {
        let variance = self.at.phi.quadratic(of);
        2.0 * variance * variance / self.of_theta.quadratic(&self.variance_slopes(of))
    }

    /// Orthonormal rows of the same span as standardised functions.
    fn independent(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let dependent = crate::numeric::matrix::dependent_columns(rows);
        rows.iter().enumerate().filter(|(at, _)| !dependent.contains(at)).map(|(_, row)| row.clone()).collect()
    }

    /// A variance matrix of standardised functions.
    fn between(rows: &[Vec<f64>], phi: &Matrix) -> Matrix {
        let times: Vec<Vec<f64>> = rows.iter().map(|row| phi.times_vector(row)).collect();
        Matrix::from_fn(rows.len(), rows.len(), |i, j| dot(&rows[i.max(j)], &times[i.min(j)]))
    }

    /// The statistic without its scale, l′β′(LΦL′)⁻¹Lβ over the number of functions.
    fn wald(&self, rows: &Matrix, standardised: &[Vec<f64>], kept: &[usize], phi: &Matrix) -> Option<f64> {
        let estimates: Vec<f64> = kept.iter().map(|&row| dot(rows.row(row), &self.coefficients)).collect();
        let solved = Self::between(standardised, phi).cholesky()?.solve(&estimates);
        Some(dot(&estimates, &solved) / kept.len() as f64)
    }

    /// The F test of Kenward and Roger: scale λ and degrees of freedom m by the moments of the statistic.
    ///
    /// Source: Kenward & Roger (1997), Biometrics 53:983, section 3.
    fn kenward_roger(&self, standardised: &[Vec<f64>]) -> Option<(f64, f64)> {
        let phi = &self.at.phi;
        let l = standardised.len() as f64;
        // ΘΦPᵣΦ of the paper as (LΦL′)⁻¹(LΦPᵣΦL′), a matrix of the size of the test.
        let inverse = Self::between(standardised, phi).cholesky()?;
        let along: Vec<Vec<f64>> = standardised.iter().map(|row| phi.times_vector(row)).collect();
        let middle = |slope: &Matrix| inverse.solve_matrix(&Self::between(&along, slope));
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
    fn joint_df(&self, standardised: &[Vec<f64>]) -> f64 {
        let (_, vectors) = Self::between(standardised, &self.at.phi).symmetric_eigen();
        let width = standardised[0].len();
        let function = |column: usize| {
            (0..width)
                .map(|at| standardised.iter().enumerate().map(|(row, of)| vectors[(row, column)] * of[at]).sum())
                .collect::<Vec<f64>>()
        };
        let dfs: Vec<f64> = (0..standardised.len()).map(|column| self.single_df(&function(column))).collect();
        fai_cornelius(&dfs)
    }

    /// The covariance of residuals in each group, over all visits.
    pub fn residual_covariance(&self) -> Vec<ResidualCovariance> {
        let visits: Vec<usize> = (0..self.layout.times.len()).collect();
        let scale = self.scaling.size * self.scaling.size;
        let all = self.residual_parameters();
        let count = all.len() / self.layout.groups.len();
        let named =
            |(name, estimate): &(String, f64)| ResidualParameter { name: name.clone(), estimate: *estimate, ci: None };
        let of = |(group, by): (usize, &Option<String>)| ResidualCovariance {
            structure: self.options.structure.name(),
            by: by.clone(),
            times: self.layout.times.clone(),
            cov: self.problem.covariance.matrix(self.problem.part(&self.theta, group), &visits).scaled(scale),
            parameters: all[group * count..(group + 1) * count].iter().map(named).collect(),
        };
        self.layout.groups.iter().enumerate().map(of).collect()
    }

    /// −2 log-likelihood, with every constant.
    pub fn criterion(&self) -> f64 {
        self.criterion
    }

    /// For each row of a table, the prediction of the population with its standard error.
    ///
    /// # Errors
    /// If a column is missing, or a factor of the fixed part has an unknown level.
    pub fn predict(&self, frame: &Frame) -> Result<Vec<Prediction>, MixedError> {
        predictions(self, self.data, &[], frame)
    }

    /// The likelihood-ratio test against a model of the same rows with the same structure of residuals,
    /// whichever of the two is the larger one; by full maximum likelihood.
    ///
    /// # Errors
    /// If the rows differ, neither model lies within the other, or the other one cannot be fitted.
    pub fn compare(&self, other: &ModelData) -> Result<Comparison, MixedError> {
        check_rows(self.data, other)?;
        let options = MarginalOptions { restricted: false, df: DfMethod::None, ..self.options };
        let mut notes = Vec::new();
        if self.options.restricted {
            notes.push("both models were fitted again by full maximum likelihood".to_owned());
        }
        let one = MarginalFit::fit(self.data, self.layout.clone(), options)?;
        let two = MarginalFit::fit(other, self.layout.clone(), options)?;
        fn side<'a>(fit: &MarginalFit<'a>) -> Side<'a> {
            let parameters = fit.problem.parameters() + fit.problem.coefficients;
            Side { data: fit.data, criterion: fit.criterion, parameters }
        }
        likelihood_ratio(&side(&one), &side(&two), notes)
    }

    /// What is reported; tests of terms, contrasts and means are added by the caller.
    pub fn summary(&self, subject: &str) -> Summary {
        let parameters = self.problem.parameters() + self.problem.coefficients;
        let residual = self.residual_covariance();
        let sigma = residual.first().map(|of| of.cov[(0, 0)].sqrt());
        let notes = self.notes(&residual);
        Summary {
            kind: format!("Repeated-measures model, {} residuals", self.options.structure.title()),
            formula: self.data.formula.source.clone(),
            n: self.data.n(),
            groups: vec![Group { name: subject.to_owned(), levels: self.layout.subjects }],
            method: if self.options.restricted { "REML" } else { "ML" }.to_owned(),
            criterion: self.criterion,
            parameters,
            aic: self.criterion + 2.0 * parameters as f64,
            bic: self.criterion + (self.data.n() as f64).ln() * parameters as f64,
            sigma,
            theta: Vec::new(),
            fixef: coefficients(self, &self.data.x.names, self.options.level),
            df_method: self.options.df,
            ci_method: IntervalMethod::Wald,
            level: self.options.level,
            vcov: self.covariance.clone(),
            varcorr: Vec::new(),
            sigma_ci: None,
            profile: Vec::new(),
            ranef: Vec::new(),
            dispersion: None,
            residual,
            singular: false,
            converged: self.converged,
            history: self.history.clone(),
            shares: None,
            extras: Extras::default(),
            notes,
        }
    }

    /// What is to be known of the fit.
    fn notes(&self, residual: &[ResidualCovariance]) -> Vec<String> {
        let structure = self.options.structure;
        let mut notes = Vec::new();
        if structure.is_heterogeneous() {
            notes.push(format!(
                "standard deviations differ between visits; where one stands for all, it is that of the first (`{}`)",
                self.layout.times[0]
            ));
        }
        if self.options.df == DfMethod::KenwardRoger {
            notes.push(match self.options.information {
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
        if !self.converged {
            notes.push("the search did not end in a minimum: do not rely on these numbers".to_owned());
        }
        notes
    }

    /// Whether the correlation over time is at its limit 0.
    fn limit_note(&self) -> Option<String> {
        let is_decay = self.options.structure == ResidualStructure::ContinuousAutoregressive;
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
        if !single.contains(&self.options.structure) || self.layout.times.len() < 2 {
            return None;
        }
        let gap = self.layout.places[1] - self.layout.places[0];
        let of = |cov: &Matrix| {
            let r = cov[(0, 1)] / (cov[(0, 0)] * cov[(1, 1)]).sqrt();
            if self.options.structure == S::ContinuousAutoregressive { r.max(0.0).powf(1.0 / gap) } else { r }
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
        let what = match self.options.structure {
            S::CompoundSymmetry | S::HeterogeneousCompoundSymmetry => "the correlation of any two visits",
            S::ContinuousAutoregressive => "the correlation of two times one unit apart",
            _ => "the correlation of neighbouring visits",
        };
        Some(format!("{what} is {}", shown.join(", ")))
    }
}

impl Tested for MarginalFit<'_> {
    fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    fn covariance(&self) -> &Matrix {
        &self.covariance
    }

    fn df(&self, of: &[f64]) -> Option<f64> {
        match self.options.df {
            DfMethod::None => None,
            DfMethod::Residual => Some((self.problem.rows - self.problem.coefficients) as f64),
            DfMethod::Satterthwaite | DfMethod::KenwardRoger => Some(self.single_df(&self.scaling.along(of))),
        }
    }

    fn joint(&self, rows: &Matrix) -> Option<FTest> {
        let all: Vec<Vec<f64>> = (0..rows.rows()).map(|row| self.scaling.along(rows.row(row))).collect();
        let dependent = crate::numeric::matrix::dependent_columns(&all);
        let kept: Vec<usize> = (0..all.len()).filter(|at| !dependent.contains(at)).collect();
        if kept.is_empty() {
            return None;
        }
        let standardised = Self::independent(&all);
        let adjusted = if self.options.df == DfMethod::KenwardRoger { self.adjusted() } else { self.at.phi.clone() };
        let wald = self.wald(rows, &standardised, &kept, &adjusted)?;
        let (scale, den_df) = match self.options.df {
            DfMethod::None => (1.0, None),
            DfMethod::Residual => (1.0, Some((self.problem.rows - self.problem.coefficients) as f64)),
            DfMethod::Satterthwaite => (1.0, Some(self.joint_df(&standardised))),
            DfMethod::KenwardRoger => {
                let (scale, df) = self.kenward_roger(&standardised)?;
                (scale, Some(df))
            }
        };
        Some(FTest::new(scale * wald, kept.len(), den_df))
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
