//! The average of the observed and the expected information, which costs one solution an entry of θ.

use super::Many;
use crate::numeric::matrix::{Matrix, dot};

impl Many {
    /// y'PVᵢPVⱼPy for all entries of θ, at the last evaluation; Vᵢ is the derivative of V, and P takes out
    /// the fixed part: v = (−β, 1) are the weights of the columns [Q y], and the covariance is that of β.
    ///
    /// With g = Z'Py, Vᵢ Py is Zh for h = (dΛΛ' + ΛdΛ')g, and Z'V⁻¹Z = A − AΛM⁻¹Λ'A.
    ///
    /// Source: Gilmour, Thompson & Cullis (1995), Biometrics 51:1440, section 2.
    pub fn average_information(&self, v: &[f64], covariance: &Matrix) -> Matrix {
        let (q, p, rows) = (self.q, self.q - 1, self.kx.len() / self.q);
        let g: Vec<f64> = self.kx.chunks_exact(q).map(|row| dot(row, v)).collect();
        let moved: Vec<Moved> = self
            .places
            .iter()
            .map(|place| {
                let mut h = vec![0.0; rows];
                let lambda = &self.lambdas[place.factor];
                let k = self.k[place.factor];
                for level in 0..self.levels[place.factor] {
                    let at = self.row(place.factor, level);
                    let (own, g) = (&mut h[at..at + k], &g[at..at + k]);
                    own[place.row] += (place.column..k).map(|row| lambda[(row, place.column)] * g[row]).sum::<f64>();
                    (place.column..k).for_each(|row| own[row] += lambda[(row, place.column)] * g[place.row]);
                }
                self.moved(h, p)
            })
            .collect();
        let fixed: Vec<Vec<f64>> = moved.iter().map(|moved| covariance.times_vector(&moved.through_x)).collect();
        Matrix::from_fn(moved.len(), moved.len(), |i, j| {
            let (i, j) = (i.max(j), i.min(j));
            dot(&moved[i].h, &moved[j].products)
                - dot(&moved[i].solved, &moved[j].solved)
                - dot(&moved[i].through_x, &fixed[j])
        })
    }

    fn moved(&self, h: Vec<f64>, p: usize) -> Moved {
        let mut products = vec![0.0; h.len()];
        self.subtract_products(&h, &mut products, 1);
        products.iter_mut().for_each(|value| *value = -*value);
        let mut solved = products.clone();
        for (factor, lambda) in self.lambdas.iter().enumerate() {
            for level in 0..self.levels[factor] {
                let at = self.row(factor, level);
                super::scale_columns(&mut solved[at..at + self.k[factor]], lambda);
            }
        }
        self.solve_forward(&mut solved);
        let mut through_x = vec![0.0; p];
        for (row, factor) in self.kx.chunks_exact(self.q).zip(&h) {
            through_x.iter_mut().zip(row).for_each(|(place, value)| *place += factor * value);
        }
        Moved { h, products, solved, through_x }
    }

    /// L⁻¹x in place, for M = LL'.
    fn solve_forward(&self, x: &mut [f64]) {
        for front in &self.fronts {
            let (k, width) = (self.k[front.node.factor], front.width);
            let own = &self.m[front.start..front.start + k * width];
            let row = self.row_of(front.node);
            for i in 0..k {
                let known = dot(&own[i * width..i * width + i], &x[row..row + i]);
                let value = (x[row + i] - known) / own[i * width + i];
                x[row + i] = value;
                for link in &front.links {
                    let there = self.row_of(link.node);
                    let factors = &own[i * width + link.at..];
                    let linked = &mut x[there..there + self.k[link.node.factor]];
                    linked.iter_mut().zip(factors).for_each(|(place, factor)| *place -= factor * value);
                }
            }
        }
        let x = &mut x[self.base[self.eliminated]..];
        for row in 0..self.root {
            let factors = &self.root_m[row * self.root..=row * self.root + row];
            x[row] = (x[row] - dot(&factors[..row], &x[..row])) / factors[row];
        }
    }
}

/// What the change of V along one entry of θ makes of Py.
struct Moved {
    h: Vec<f64>,
    /// Ah.
    products: Vec<f64>,
    /// L⁻¹Λ'Ah.
    solved: Vec<f64>,
    /// X'V⁻¹Zh.
    through_x: Vec<f64>,
}
