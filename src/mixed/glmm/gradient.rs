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
        let w = self.width;
        let inverse = self.pattern.inverse_entries(&mode.factor);
        let dispersion = self.dispersion(at);
        let (solved, leverage) = self.solved_rows(&mode.a, &inverse);
        let mut v = vec![0.0; self.pattern.size()];
        let rows = || mode.a.chunks_exact(w).zip(self.columns.chunks_exact(w));
        for (((own, columns), of), leverage) in rows().zip(&mode.slopes).zip(&leverage) {
            let t = -of.third * leverage;
            own.iter().zip(columns).for_each(|(a, &column)| v[column as usize] += a * t);
        }
        self.pattern.solve(&mode.factor, &mut v);
        let mut gradient = vec![0.0; self.parameters()];
        let thetas = self.thetas();
        for (row, (((own, columns), of), &leverage)) in rows().zip(&mode.slopes).zip(&leverage).enumerate() {
            let through: f64 = own.iter().zip(columns).map(|(a, &column)| a * v[column as usize]).sum();
            // What a shift of η does, directly and through the mode.
            let shift = -2.0 * of.first - of.third * leverage + of.second * through;
            gradient[thetas..].iter_mut().zip(self.x_of(row)).for_each(|(sum, x)| *sum += shift * x);
            self.add_theta(row, shift, of, mode, &v, &solved[row * w..(row + 1) * w], &mut gradient);
            if self.likelihood.has_dispersion() {
                let own = self.likelihood.along_dispersion(mode.eta[row], self.y[row], dispersion);
                let weight = self.weight(row);
                gradient[thetas + self.coefficients] +=
                    weight * (-2.0 * own.log - own.second * leverage + own.first * through);
            }
        }
        gradient
    }

    /// For each row H⁻¹aᵢ on the columns of the row, and the leverage aᵢ′H⁻¹aᵢ.
    pub fn solved_rows(&self, a: &[f64], inverse: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (n, w) = (self.rows(), self.width);
        let (mut solved, mut leverage) = (vec![0.0; n * w], vec![0.0; n]);
        match w {
            1 => self.solve_rows::<1>(a, inverse, &mut solved),
            2 => self.solve_rows::<2>(a, inverse, &mut solved),
            3 => self.solve_rows::<3>(a, inverse, &mut solved),
            _ => {
                let mut places = self.places.iter();
                for (own, into) in a.chunks_exact(w).zip(solved.chunks_exact_mut(w)) {
                    for i in 0..w {
                        for (j, &place) in (0..=i).zip(&mut places) {
                            add_entry(inverse[place as usize], i, j, own, into);
                        }
                    }
                }
            }
        }
        for ((own, into), leverage) in a.chunks_exact(w).zip(solved.chunks_exact(w)).zip(&mut leverage) {
            *leverage = own.iter().zip(into).map(|(a, s)| a * s).sum();
        }
        (solved, leverage)
    }

    /// The same for few columns, whose number is known beforehand.
    fn solve_rows<const W: usize>(&self, a: &[f64], inverse: &[f64], solved: &mut [f64]) {
        let places = self.places.chunks_exact(W * (W + 1) / 2);
        for ((own, into), places) in a.chunks_exact(W).zip(solved.chunks_exact_mut(W)).zip(places) {
            let mut next = 0;
            for i in 0..W {
                for j in 0..=i {
                    add_entry(inverse[places[next] as usize], i, j, own, into);
                    next += 1;
                }
            }
        }
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

/// Adds what an entry of the lower triangle of a symmetric matrix makes of a vector.
fn add_entry(entry: f64, i: usize, j: usize, own: &[f64], into: &mut [f64]) {
    into[i] += entry * own[j];
    if i != j {
        into[j] += entry * own[i];
    }
}
