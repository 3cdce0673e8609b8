//! The tests of the coefficients of a model of repeated visits.

use super::super::df::{fai_cornelius, kenward_roger};
use super::super::error::MixedError;
use super::super::linear::between;
use super::super::options::{DfMethod, Information};
use super::fit::{MarginalFit, MarginalModel};
use super::likelihood::{Evaluation, Problem};
use super::search::Found;
use super::search_effects::{free, linear};
use crate::numeric::matrix::Matrix;

/// What tests of coefficients take beside their covariance.
#[derive(Clone, Debug)]
pub(super) struct Tested {
    /// The covariance of the estimates of θ: twice the inverse of the second derivatives of −2 ln L.
    of_theta: Matrix,
    /// The model over the (co)variances of the random effects, where Kenward and Roger's method is to take these.
    linear: Option<Box<(Problem, Vec<f64>, Evaluation)>>,
}

impl Tested {
    /// Of the maximum; none where the second derivatives are not those of one.
    ///
    /// # Errors
    /// If the observed information is asked for where a variance is 0, so that there is no maximum inside.
    pub fn new(problem: &Problem, found: &Found, model: &MarginalModel) -> Result<Option<Self>, MixedError> {
        let is_adjusted = model.df == DfMethod::KenwardRoger;
        let is_expected = is_adjusted && model.takes(!problem.random.is_empty()) == Information::Expected;
        let inverse = |of: &Matrix| Some(of.cholesky()?.inverse().scaled(2.0));
        if problem.random.is_empty() {
            let (theta, at) = (&found.theta, &found.at);
            let information =
                if is_expected { problem.expected_information(theta, at) } else { Some(at.hessian.clone()) };
            let of_theta = information.and_then(|of| inverse(&of));
            return Ok(of_theta.map(|of_theta| Self { of_theta, linear: None }));
        }
        let free = free(problem, &found.theta);
        if !is_adjusted {
            // What has no variance has no slopes there either, and does not count.
            let inner = super::super::lmm::inverse(&found.at.hessian.part(&free), !found.converged).scaled(2.0);
            let place = |at: usize| free.iter().position(|own| *own == at);
            let all = found.theta.len();
            let of_theta = Matrix::from_fn(all, all, |r, s| match (place(r), place(s)) {
                (Some(r), Some(s)) => inner[(r, s)],
                _ => 0.0,
            });
            return Ok(Some(Self { of_theta, linear: None }));
        }
        if !is_expected && free.len() < found.theta.len() {
            let message = "the observed information of Kenward and Roger's method is that of a maximum, and here a variance \
                           is 0 or a correlation ±1, at the border of what is possible";
            return Err(MixedError::data(message, "take --information expected, or leave that random effect out"));
        }
        let Some((problem, theta, at)) = linear(problem, &found.theta) else { return Ok(None) };
        let information =
            if is_expected { problem.expected_information(&theta, &at) } else { Some(at.hessian.clone()) };
        let of_theta = information.and_then(|of| inverse(&of));
        Ok(of_theta.map(|of_theta| Self { of_theta, linear: Some(Box::new((problem, theta, at))) }))
    }
}

impl MarginalModel {
    /// The information that Kenward and Roger's method takes.
    pub(super) fn takes(&self, has_effects: bool) -> Information {
        let usual = if has_effects { Information::Expected } else { Information::Observed };
        self.information.unwrap_or(usual)
    }
}

impl MarginalFit {
    /// X′V⁻¹(∂V/∂θᵣ)V⁻¹X over the parameters that tests take.
    fn slopes(&self) -> &[Matrix] {
        self.tested.linear.as_ref().map_or(&self.at.slopes, |of| &of.2.slopes)
    }

    fn weighted_products(&self, w: &Matrix) -> Option<Matrix> {
        match &self.tested.linear {
            Some(of) => of.0.weighted_products(&of.1, w),
            None => self.problem.weighted_products(&self.theta, w),
        }
    }

    /// Φ with the correction for the estimation of θ: Φ + 2Φ[Σ Wᵣₛ(Qᵣₛ − PᵣΦPₛ)]Φ.
    ///
    /// Source: Kenward & Roger (1997), Biometrics 53:983, eq. 6 of section 2 without the term of second
    /// derivatives Rᵢⱼ, which vanishes for covariances linear in their parameters; without it the result
    /// does not depend on the parametrisation.
    pub(super) fn adjusted(&self) -> Matrix {
        let (phi, w) = (&self.at.phi, &self.tested.of_theta);
        let p = self.problem.coefficients;
        let Some(mut inside) = self.weighted_products(w) else { return phi.clone() };
        let through: Vec<Matrix> = self.slopes().iter().map(|slope| slope.times(phi)).collect();
        for (r, left) in through.iter().enumerate() {
            let mut along = Matrix::zeros(p, p);
            for (s, right) in self.slopes().iter().enumerate() {
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
        self.slopes().iter().map(|slope| slope.quadratic(&along)).collect()
    }

    /// 2(l′Φl)²/(g′Ag): Giesbrecht & Burns (1985), Biometrics 41:477; with one function Kenward and Roger's
    /// degrees of freedom are the same expression.
    pub(super) fn single_df(&self, of: &[f64]) -> f64 {
        let variance = self.at.phi.quadratic(of);
        2.0 * variance * variance / self.tested.of_theta.quadratic(&self.variance_slopes(of))
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
        let middles: Vec<Matrix> = self.slopes().iter().map(middle).collect();
        let (mut a1, mut a2) = (0.0, 0.0);
        for (r, left) in middles.iter().enumerate() {
            for (s, right) in middles.iter().enumerate() {
                let w = self.tested.of_theta[(r, s)];
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
}
