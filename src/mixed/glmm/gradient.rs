//! Laplace's approximation at a mode, with its exact gradient.

use super::family::Slopes;
use super::laplace::Problem;
use super::mode::Mode;

/// f and its gradient, in the order θ, β, ln(dispersion).
#[derive(Clone, Debug)]
pub(super) struct Evaluation {
    pub value: f64,
    pub gradient: Vec<f64>,
}

impl Problem {
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
            gradient[thetas..].iter_mut().zip(self.x_of(row)).for_each(|(sum, x)| *sum += shift * x);
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
