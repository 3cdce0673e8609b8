//! Laplace's approximation of the likelihood and its exact gradient.
//!
//! With a = ZΛ, η = Xβ + offset + au and u standard normal, −2 ln L is approximated by
//! f = −2 Σ ln f(y | η) + u′u + ln |H| at the mode û, where H = a′Wa + I and W = −∂²ln f/∂η². The weights
//! are the observed ones, so that H is the second derivative also for links that are not canonical.
//!
//! Source: Bates, Maechler, Bolker & Walker (2015), J Stat Softw 67(1), for the model; Skaug & Fournier
//! (2006), Comput Stat Data Anal 51:699, for the gradient through the mode.

use super::family::{Likelihood, Slopes};
use super::sparse::Pattern;

/// A random term: columns of Z with the level of each row.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// Where its columns start in u.
    pub start: usize,
    /// How many effects a level has.
    pub width: usize,
    pub codes: Vec<u32>,
    /// Row by row, scaled to size 1.
    pub z: Vec<f64>,
    /// The scales that were taken out of z.
    pub scales: Vec<f64>,
}

impl Term {
    /// How many parameters its factor has.
    pub fn parameters(&self) -> usize {
        self.width * (self.width + 1) / 2
    }
}

/// What a model is fitted to, standardised.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub likelihood: Likelihood,
    pub y: Vec<f64>,
    pub trials: Vec<f64>,
    /// Prior weights of the log-likelihood.
    pub weights: Option<Vec<f64>>,
    pub offset: Option<Vec<f64>>,
    /// Orthogonal columns of unit size, row by row.
    pub x: Vec<f64>,
    pub coefficients: usize,
    pub terms: Vec<Term>,
    /// Σ of what does not depend on the parameters.
    pub constant: f64,
    pattern: Pattern,
    /// For each row, where the products of its entries of a stand in the pattern.
    places: Vec<u32>,
    /// The columns of a row of a, and how many.
    columns: Vec<u32>,
    width: usize,
}

/// f and its gradient, in the order θ, β, ln(dispersion).
#[derive(Clone, Debug)]
pub(super) struct Evaluation {
    pub value: f64,
    pub gradient: Vec<f64>,
}

/// The mode and what belongs to it.
#[derive(Clone, Debug)]
pub(super) struct Mode {
    pub u: Vec<f64>,
    pub eta: Vec<f64>,
    pub slopes: Vec<Slopes>,
    /// −2 Σ ln f + u′u.
    pub penalised: f64,
    pub a: Vec<f64>,
    pub factor: Vec<f64>,
}

impl Problem {
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        likelihood: Likelihood,
        y: Vec<f64>,
        trials: Vec<f64>,
        weights: Option<Vec<f64>>,
        offset: Option<Vec<f64>>,
        x: Vec<f64>,
        coefficients: usize,
        terms: Vec<Term>,
    ) -> Self {
        let n = y.len();
        let weight = |row: usize| weights.as_ref().map_or(1.0, |weights| weights[row]);
        let constant = (0..n).map(|row| weight(row) * likelihood.constant(y[row], trials[row])).sum();
        let width: usize = terms.iter().map(|term| term.width).sum();
        let columns: Vec<u32> = (0..n)
            .flat_map(|row| {
                terms.iter().flat_map(move |term| {
                    let first = term.start as u32 + term.codes[row] * term.width as u32;
                    (0..term.width as u32).map(move |c| first + c)
                })
            })
            .collect();
        let size = terms.iter().map(|term| term.start + term.width * term.levels()).max().unwrap_or(0);
        let mut below: Vec<Vec<u32>> = vec![Vec::new(); size];
        for own in columns.chunks_exact(width) {
            for (at, &column) in own.iter().enumerate() {
                below[column as usize].extend_from_slice(&own[at + 1..]);
            }
            // Repeated entries are thinned now and then.
            for &column in own {
                let list = &mut below[column as usize];
                if list.len() > 64 && list.len().is_power_of_two() {
                    list.sort_unstable();
                    list.dedup();
                }
            }
        }
        let pattern = Pattern::new(below);
        let place = |own: &[u32]| {
            let pairs = (0..own.len()).flat_map(|i| (0..=i).map(move |j| (i, j)));
            pairs.map(|(i, j)| pattern.place(own[i], own[j]) as u32).collect::<Vec<u32>>()
        };
        let places = columns.chunks_exact(width).flat_map(place).collect();
        Self {
            likelihood,
            y,
            trials,
            weights,
            offset,
            x,
            coefficients,
            terms,
            constant,
            pattern,
            places,
            columns,
            width,
        }
    }

    pub fn rows(&self) -> usize {
        self.y.len()
    }

    /// The length of θ.
    pub fn thetas(&self) -> usize {
        self.terms.iter().map(Term::parameters).sum()
    }

    /// All parameters of the search.
    pub fn parameters(&self) -> usize {
        self.thetas() + self.coefficients + usize::from(self.likelihood.has_dispersion())
    }

    /// The dispersion that a point stands for.
    pub fn dispersion(&self, at: &[f64]) -> f64 {
        if self.likelihood.has_dispersion() { at[self.parameters() - 1].exp() } else { 1.0 }
    }

    pub fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }

    /// Xβ + offset of each row.
    pub fn fixed_part(&self, beta: &[f64]) -> Vec<f64> {
        let of = |row: usize| {
            let x = &self.x[row * self.coefficients..(row + 1) * self.coefficients];
            self.offset.as_ref().map_or(0.0, |offset| offset[row]) + x.iter().zip(beta).map(|(x, b)| x * b).sum::<f64>()
        };
        (0..self.rows()).map(of).collect()
    }

    /// The rows of ZΛ.
    fn scaled(&self, theta: &[f64]) -> Vec<f64> {
        let mut a = vec![0.0; self.rows() * self.width];
        let (mut at, mut column) = (0, 0);
        for term in &self.terms {
            let k = term.width;
            for (row, own) in a.chunks_exact_mut(self.width).enumerate() {
                let z = &term.z[row * k..(row + 1) * k];
                let mut parameter = at;
                for c in 0..k {
                    // Column c of the lower triangle, from its diagonal down.
                    own[column + c] = (c..k).map(|r| z[r] * theta[parameter + r - c]).sum();
                    parameter += k - c;
                }
            }
            at += term.parameters();
            column += k;
        }
        a
    }

    /// The mode û by Newton's steps from `start`, to the last digits.
    pub fn mode(&self, at: &[f64], start: &[f64]) -> Option<Mode> {
        let thetas = self.thetas();
        let a = self.scaled(&at[..thetas]);
        let fixed = self.fixed_part(&at[thetas..thetas + self.coefficients]);
        let dispersion = self.dispersion(at);
        let mut u = start.to_vec();
        let mut state = self.state(&a, &fixed, &u, dispersion);
        if !state.2.is_finite() {
            u.fill(0.0);
            state = self.state(&a, &fixed, &u, dispersion);
        }
        let mut factor = vec![0.0; self.pattern.entries()];
        let mut work = vec![0.0; self.pattern.size()];
        let mut previous = f64::INFINITY;
        for _ in 0..100 {
            let (_, slopes, penalised) = &state;
            let is_concave = self.factorise(&a, slopes, &mut factor, &mut work, false);
            if !is_concave && !self.factorise(&a, slopes, &mut factor, &mut work, true) {
                return None;
            }
            let gradient = self.mode_gradient(&a, slopes, &u);
            let mut step = gradient.clone();
            self.pattern.solve(&factor, &mut step);
            let fall: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
            if !penalised.is_finite() || fall.is_nan() {
                return None;
            }
            // The mode is off by 1e-10 of its standard deviation at most, the criterion by the square of that
            // and by what its determinant makes of it.
            let is_rounding = fall <= 1e-20 || (fall <= 1e-17 && fall >= 0.1 * previous);
            if is_rounding && is_concave {
                let (eta, slopes, penalised) = state;
                return Some(Mode { u, eta, slopes, penalised, a, factor });
            }
            previous = fall;
            let mut share = 1.0;
            loop {
                let next: Vec<f64> = u.iter().zip(&step).map(|(u, s)| u - share * s).collect();
                let tried = self.state(&a, &fixed, &next, dispersion);
                if tried.2 <= penalised - 1e-4 * share * fall + 1e-13 * penalised.abs() {
                    (u, state) = (next, tried);
                    break;
                }
                share *= 0.5;
                if share < 1e-12 {
                    return None;
                }
            }
        }
        None
    }

    /// η, derivatives of each row, and −2 Σ ln f + u′u.
    fn state(&self, a: &[f64], fixed: &[f64], u: &[f64], dispersion: f64) -> (Vec<f64>, Vec<Slopes>, f64) {
        let w = self.width;
        let mut sum = 0.0;
        let mut eta = Vec::with_capacity(fixed.len());
        let mut slopes = Vec::with_capacity(fixed.len());
        for (row, fixed) in fixed.iter().enumerate() {
            let (own, columns) = (&a[row * w..(row + 1) * w], &self.columns[row * w..(row + 1) * w]);
            let here = fixed + own.iter().zip(columns).map(|(a, &column)| a * u[column as usize]).sum::<f64>();
            let mut of = self.likelihood.at(here, self.y[row], self.trials[row], dispersion);
            if let Some(weights) = &self.weights {
                let weight = weights[row];
                of = Slopes {
                    log: weight * of.log,
                    first: weight * of.first,
                    second: weight * of.second,
                    third: weight * of.third,
                };
            }
            sum += of.log;
            eta.push(here);
            slopes.push(of);
        }
        (eta, slopes, -2.0 * sum + u.iter().map(|u| u * u).sum::<f64>())
    }

    /// Half the gradient of −2 Σ ln f + u′u in u.
    fn mode_gradient(&self, a: &[f64], slopes: &[Slopes], u: &[f64]) -> Vec<f64> {
        let mut gradient = u.to_vec();
        for (row, of) in slopes.iter().enumerate() {
            for at in row * self.width..(row + 1) * self.width {
                gradient[self.columns[at] as usize] -= a[at] * of.first;
            }
        }
        gradient
    }

    /// The factor of H; `tamed` leaves out rows whose likelihood is not concave.
    fn factorise(&self, a: &[f64], slopes: &[Slopes], factor: &mut [f64], work: &mut [f64], tamed: bool) -> bool {
        factor.fill(0.0);
        let w = self.width;
        let mut places = self.places.iter();
        for (own, of) in a.chunks_exact(w).zip(slopes) {
            let weight = if tamed { (-of.second).max(0.0) } else { -of.second };
            for i in 0..w {
                let left = weight * own[i];
                for (right, &place) in own[..=i].iter().zip(&mut places) {
                    factor[place as usize] += left * right;
                }
            }
        }
        self.pattern.diagonal().iter().for_each(|&at| factor[at] += 1.0);
        self.pattern.factorise(factor, work)
    }

    /// f at a mode.
    pub fn value(&self, mode: &Mode) -> f64 {
        mode.penalised + self.pattern.log_determinant(&mode.factor) - 2.0 * self.constant
    }

    /// The gradient of f at a mode, by the derivatives of the mode itself.
    pub fn gradient(&self, at: &[f64], mode: &Mode) -> Vec<f64> {
        let (n, w) = (self.rows(), self.width);
        let inverse = self.pattern.inverse_entries(&mode.factor);
        let dispersion = self.dispersion(at);
        // H⁻¹aᵢ on the columns of row i, and the leverage aᵢ′H⁻¹aᵢ.
        let mut solved = vec![0.0; n * w];
        let mut leverage = vec![0.0; n];
        let mut places = self.places.iter();
        for row in 0..n {
            let own = &mode.a[row * w..(row + 1) * w];
            let into = &mut solved[row * w..(row + 1) * w];
            for i in 0..w {
                for j in 0..=i {
                    let Some(&place) = places.next() else { continue };
                    let entry = inverse[place as usize];
                    into[i] += entry * own[j];
                    if i != j {
                        into[j] += entry * own[i];
                    }
                }
            }
            leverage[row] = own.iter().zip(into.iter()).map(|(a, s)| a * s).sum();
        }
        let mut v = vec![0.0; self.pattern.size()];
        for (row, leverage) in leverage.iter().enumerate() {
            let t = -mode.slopes[row].third * leverage;
            for at in row * w..(row + 1) * w {
                v[self.columns[at] as usize] += mode.a[at] * t;
            }
        }
        self.pattern.solve(&mode.factor, &mut v);
        let mut gradient = vec![0.0; self.parameters()];
        let thetas = self.thetas();
        for (row, &leverage) in leverage.iter().enumerate() {
            let of = &mode.slopes[row];
            let range = row * w..(row + 1) * w;
            let through: f64 = range.clone().map(|at| mode.a[at] * v[self.columns[at] as usize]).sum();
            // What a shift of η does, directly and through the mode.
            let shift = -2.0 * of.first - of.third * leverage + of.second * through;
            let x = &self.x[row * self.coefficients..(row + 1) * self.coefficients];
            gradient[thetas..].iter_mut().zip(x).for_each(|(sum, x)| *sum += shift * x);
            self.add_theta(row, shift, of, mode, &v, &solved[range], &mut gradient);
            if self.likelihood.has_dispersion() {
                let own = self.likelihood.along_dispersion(mode.eta[row], self.y[row], dispersion);
                let weight = self.weight(row);
                gradient[thetas + self.coefficients] +=
                    weight * (-2.0 * own.log - own.second * leverage + own.first * through);
            }
        }
        gradient
    }

    #[allow(clippy::too_many_arguments)]
    fn add_theta(
        &self,
        row: usize,
        shift: f64,
        of: &Slopes,
        mode: &Mode,
        v: &[f64],
        solved: &[f64],
        gradient: &mut [f64],
    ) {
        let (mut at, mut column) = (0, 0);
        for term in &self.terms {
            let k = term.width;
            let z = &term.z[row * k..(row + 1) * k];
            for c in 0..k {
                let place = self.columns[row * self.width + column + c] as usize;
                let factor = shift * mode.u[place] + of.first * v[place] - 2.0 * of.second * solved[column + c];
                for z in &z[c..] {
                    gradient[at] += factor * z;
                    at += 1;
                }
            }
            column += k;
        }
    }

    /// How many random effects there are.
    pub fn effects(&self) -> usize {
        self.pattern.size()
    }

    /// The entries of H⁻¹ for the effects of one level.
    pub fn conditional_variance(&self, inverse: &[f64], first: usize, width: usize) -> Vec<f64> {
        let pairs = (0..width).flat_map(|i| (0..width).map(move |j| (i.max(j), i.min(j))));
        pairs.map(|(i, j)| inverse[self.pattern.place((first + i) as u32, (first + j) as u32)]).collect()
    }

    /// H⁻¹ where H has entries.
    pub fn inverse_entries(&self, mode: &Mode) -> Vec<f64> {
        self.pattern.inverse_entries(&mode.factor)
    }
}

impl Term {
    /// How many levels it has.
    pub fn levels(&self) -> usize {
        self.codes.iter().map(|code| *code as usize + 1).max().unwrap_or(0)
    }
}
