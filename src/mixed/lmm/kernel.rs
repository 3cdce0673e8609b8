//! One evaluation at θ, by whichever way fits the grouping factors.

use super::many::Many;
use super::one::{MOST_EFFECTS, OneFactor, Products};
use super::pieces::{Likelihood, Pieces, Profiled};
use super::problem::Problem;
use super::scalar::Scalar;
use crate::numeric::matrix::{Matrix, dot};

/// The ways to evaluate.
#[derive(Clone, Debug)]
enum Way {
    One1(OneFactor<1>),
    One2(OneFactor<2>),
    One3(OneFactor<3>),
    One4(OneFactor<4>),
    One5(OneFactor<5>),
    Scalar(Box<Scalar>),
    Many(Box<Many>),
}

/// Evaluates the criterion; what it needs is allocated once.
#[derive(Clone, Debug)]
pub(super) struct Kernel {
    way: Way,
    products: Option<Products>,
    pub pieces: Pieces,
    pub profiled: Profiled,
    pub likelihood: Likelihood,
    /// The entries of θ of which the criterion says nothing at any value: they have no slope, and stay where they are.
    pub lost: Vec<bool>,
    /// How often it was asked.
    pub evaluations: usize,
    /// Where the pieces are those of; empty before the first evaluation.
    at: Vec<f64>,
    /// Whether the way itself was last asked there as well.
    is_there: bool,
}

/// An evaluation that is kept while others are made.
pub(super) struct Kept {
    pieces: Pieces,
    profiled: Profiled,
    at: Vec<f64>,
}

fn one_factor(problem: &Problem, products: &Products) -> Way {
    let places = &problem.places;
    match products.k {
        1 => Way::One1(OneFactor::new(products, places)),
        2 => Way::One2(OneFactor::new(products, places)),
        3 => Way::One3(OneFactor::new(products, places)),
        4 => Way::One4(OneFactor::new(products, places)),
        _ => Way::One5(OneFactor::new(products, places)),
    }
}

fn several_factors(problem: &Problem, y: &[f64]) -> Way {
    if Scalar::fits(problem) {
        Way::Scalar(Box::new(Scalar::new(problem, y)))
    } else {
        Way::Many(Box::new(Many::new(problem, y)))
    }
}

impl Kernel {
    pub fn new(problem: &Problem, likelihood: Likelihood) -> Self {
        let is_one = problem.factors.len() == 1 && problem.factors[0].k <= MOST_EFFECTS;
        let products = is_one.then(|| Products::new(problem));
        let way = match &products {
            Some(products) => one_factor(problem, products),
            None => several_factors(problem, &problem.y),
        };
        Self::of(way, products, problem, likelihood)
    }

    fn of(way: Way, products: Option<Products>, problem: &Problem, likelihood: Likelihood) -> Self {
        let (p, thetas) = (problem.p(), problem.places.len());
        let lost = match likelihood {
            Likelihood::Restricted => problem.beyond_reml(),
            Likelihood::Full => vec![false; thetas],
        };
        Self {
            way,
            lost,
            products,
            pieces: Pieces::new(p + 1, thetas),
            profiled: Profiled::new(p, thetas),
            likelihood,
            evaluations: 0,
            at: Vec::new(),
            is_there: false,
        }
    }

    /// The kernel that can handle every design, for checks.
    #[cfg(test)]
    pub fn general(problem: &Problem, likelihood: Likelihood) -> Self {
        Self::of(Way::Many(Box::new(Many::new(problem, &problem.y))), None, problem, likelihood)
    }

    /// The same design with another standardised response.
    pub fn respond(&mut self, problem: &Problem, y: &[f64]) {
        self.at.clear();
        match (&mut self.products, &mut self.way) {
            (Some(products), way) => {
                products.respond(problem, y);
                *way = one_factor(problem, products);
            }
            (None, Way::Scalar(scalar)) => scalar.respond(problem, y),
            (None, way) => *way = Way::Many(Box::new(Many::new(problem, y))),
        }
    }

    /// The pieces at θ; whether they are finite.
    fn pieces(&mut self, theta: &[f64]) -> bool {
        self.evaluations += 1;
        let pieces = &mut self.pieces;
        match &mut self.way {
            Way::One1(one) => one.evaluate(theta, pieces),
            Way::One2(one) => one.evaluate(theta, pieces),
            Way::One3(one) => one.evaluate(theta, pieces),
            Way::One4(one) => one.evaluate(theta, pieces),
            Way::One5(one) => one.evaluate(theta, pieces),
            Way::Scalar(scalar) => return scalar.evaluate(theta, pieces) && pieces.log_det.is_finite(),
            Way::Many(many) => return many.evaluate(theta, pieces) && pieces.log_det.is_finite(),
        }
        pieces.log_det.is_finite()
    }

    /// The criterion with its gradient in [`Kernel::profiled`]; infinite where it cannot be computed.
    pub fn criterion(&mut self, problem: &Problem, theta: &[f64]) -> f64 {
        if self.at == theta && !theta.is_empty() {
            return self.profiled.criterion;
        }
        self.at.clear();
        self.at.extend_from_slice(theta);
        self.is_there = true;
        if !self.pieces(theta) {
            self.profiled.criterion = f64::INFINITY;
            return f64::INFINITY;
        }
        self.profiled.set(&self.pieces, problem, self.likelihood);
        for (slope, _) in self.profiled.gradient.iter_mut().zip(&self.lost).filter(|(_, lost)| **lost) {
            *slope = 0.0;
        }
        self.profiled.criterion
    }

    /// Keeps the last evaluation.
    pub fn keep(&self) -> Kept {
        Kept { pieces: self.pieces.clone(), profiled: self.profiled.clone(), at: self.at.clone() }
    }

    /// Goes back to an evaluation that was kept.
    pub fn put_back(&mut self, kept: Kept) {
        (self.pieces, self.profiled, self.at) = (kept.pieces, kept.profiled, kept.at);
        self.is_there = false;
    }

    /// Whether an evaluation costs much more than what surrounds it.
    pub fn is_dear(&self) -> bool {
        matches!(self.way, Way::Scalar(_) | Way::Many(_))
    }

    /// Second derivatives of the criterion by θ, roughly, at the last evaluation: those of the average
    /// information, with σ profiled out. Only where one more evaluation costs much more, and none after
    /// [`Kernel::put_back`].
    pub fn rough_curvature(&self, problem: &Problem) -> Option<Matrix> {
        let profiled = &self.profiled;
        let mut v: Vec<f64> = profiled.beta.iter().map(|beta| -beta).collect();
        v.push(1.0);
        if !self.is_there {
            return None;
        }
        let information = match &self.way {
            Way::Scalar(scalar) => scalar.average_information(&v, &profiled.covariance),
            Way::Many(many) => many.average_information(&v, &profiled.covariance),
            _ => return None,
        };
        let factor = Profiled::degrees(problem, self.likelihood) / profiled.r2;
        let slope: Vec<f64> = (0..problem.places.len()).map(|theta| self.slopes(theta).1).collect();
        let of = |i: usize, j: usize| factor * (information[(i, j)] - slope[i] * slope[j] / profiled.r2);
        Some(Matrix::from_fn(slope.len(), slope.len(), of))
    }

    /// The derivatives by one entry of θ, at the last evaluation: of the logarithms of determinants, and
    /// of the penalised residual sum of squares.
    pub fn slopes(&self, theta: usize) -> (f64, f64) {
        if self.lost[theta] {
            return (0.0, 0.0);
        }
        let (pieces, profiled) = (&self.pieces, &self.profiled);
        let (q, p) = (pieces.q, pieces.q - 1);
        let d_s = pieces.d_s(theta);
        let mut log = pieces.d_log_det[theta];
        if self.likelihood == Likelihood::Restricted {
            log += (0..p).map(|i| dot(profiled.covariance.row(i), &d_s[i * q..i * q + p])).sum::<f64>();
        }
        (log, profiled.d_r2(d_s, q))
    }
}
