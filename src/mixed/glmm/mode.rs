//! The mode of the random effects: Newton's steps on the penalised log-likelihood.

use super::super::options::Link;
use super::family::{Likelihood, Slopes};
use super::laplace::Problem;

/// The mode and what belongs to it.
#[derive(Clone, Debug)]
pub(super) struct Mode {
    pub u: Vec<f64>,
    pub eta: Vec<f64>,
    pub slopes: Vec<Slopes>,
    /// −2 Σ ln f + u′u.
    pub penalised: f64,
    pub a: Vec<f64>,
    pub fixed: Vec<f64>,
    pub factor: Vec<f64>,
}

/// Room for the numbers of one evaluation.
#[derive(Clone, Debug)]
pub(super) struct Work {
    eta: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
    gradient: Vec<f64>,
    step: Vec<f64>,
    tried: Vec<f64>,
    scratch: Vec<f64>,
}

/// A step of this squared length, in units of the posterior, leaves an error of its square.
const LAST_STEP: f64 = 1e-11;

/// A squared length that is rounding.
const NO_STEP: f64 = 1e-20;

/// Below this squared length Newton's steps need no watching.
const SHORT_STEP: f64 = 1e-3;

impl Mode {
    /// Room for a mode.
    pub fn of(problem: &Problem) -> Self {
        let n = problem.rows();
        Self {
            u: vec![0.0; problem.effects()],
            eta: vec![0.0; n],
            slopes: vec![Slopes::default(); n],
            penalised: f64::NAN,
            a: vec![0.0; n * problem.width],
            fixed: vec![0.0; n],
            factor: vec![0.0; problem.pattern.entries()],
        }
    }
}

impl Work {
    pub fn of(problem: &Problem) -> Self {
        let rows = || vec![0.0; problem.rows()];
        let effects = || vec![0.0; problem.effects()];
        Self {
            eta: rows(),
            first: rows(),
            second: rows(),
            gradient: effects(),
            step: effects(),
            tried: effects(),
            scratch: effects(),
        }
    }
}

impl Problem {
    /// The mode at these parameters, from scratch.
    pub fn mode(&self, at: &[f64]) -> Option<Mode> {
        let mut mode = Mode::of(self);
        self.find_mode(at, None, &mut mode, &mut Work::of(self)).then_some(mode)
    }

    /// The mode û by Newton's steps to the last digits; from where another mode says that it is, if there is
    /// one. Whether it was found.
    pub fn find_mode(&self, at: &[f64], near: Option<(&[f64], &Mode)>, into: &mut Mode, work: &mut Work) -> bool {
        let thetas = self.thetas();
        self.scaled_into(&at[..thetas], &mut into.a);
        self.fixed_into(&at[thetas..thetas + self.coefficients], &mut into.fixed);
        let dispersion = self.dispersion(at);
        match near {
            Some((from, mode)) => self.follow(from, mode, at, into, work),
            None => into.u.fill(0.0),
        }
        let mut known = f64::NAN;
        for round in 0..100 {
            self.two_slopes(into, dispersion, work);
            let is_concave = self.factorise(&into.a, &work.second, &mut into.factor, &mut work.scratch, false);
            let can_go = is_concave || self.factorise(&into.a, &work.second, &mut into.factor, &mut work.scratch, true);
            self.mode_gradient(&into.a, &work.first, &into.u, &mut work.gradient);
            work.step.copy_from_slice(&work.gradient);
            self.pattern.solve(&into.factor, &mut work.step);
            let fall: f64 = work.step.iter().zip(&work.gradient).map(|(s, g)| s * g).sum();
            if !can_go || !fall.is_finite() {
                // Where the other mode leads out of what can be held, from the middle.
                if round == 0 && near.is_some() {
                    into.u.fill(0.0);
                    continue;
                }
                return false;
            }
            if is_concave && fall <= LAST_STEP {
                return self.finish(fall, dispersion, into, work);
            }
            let is_short = is_concave && fall <= SHORT_STEP && self.likelihood != Likelihood::Binomial(Link::Log);
            if is_short {
                into.u.iter_mut().zip(&work.step).for_each(|(u, step)| *u -= step);
                known = f64::NAN;
            } else {
                if known.is_nan() {
                    known = self.penalised(into, &into.u, dispersion);
                }
                match self.down(known, fall, dispersion, into, work) {
                    Some(lower) => known = lower,
                    None => return false,
                }
            }
        }
        false
    }

    /// Takes the last step and everything that an evaluation needs at the mode.
    fn finish(&self, fall: f64, dispersion: f64, into: &mut Mode, work: &mut Work) -> bool {
        if fall > NO_STEP {
            into.u.iter_mut().zip(&work.step).for_each(|(u, step)| *u -= step);
        }
        self.eta_at(&into.a, &into.fixed, &into.u, &mut into.eta);
        let mut sum = 0.0;
        for (row, of) in into.slopes.iter_mut().enumerate() {
            *of = self.slopes_of(row, into.eta[row], dispersion);
            sum += of.log;
            work.second[row] = of.second;
        }
        into.penalised = -2.0 * sum + into.u.iter().map(|u| u * u).sum::<f64>();
        let is_same = fall <= NO_STEP;
        into.penalised.is_finite()
            && (is_same || self.factorise(&into.a, &work.second, &mut into.factor, &mut work.scratch, false))
    }

    /// ln f of a row with its derivatives, times its weight.
    fn slopes_of(&self, row: usize, eta: f64, dispersion: f64) -> Slopes {
        let of = self.likelihood.at(eta, self.y[row], self.trials[row], dispersion);
        match &self.weights {
            None => of,
            Some(weights) => of.times(weights[row]),
        }
    }

    /// A step that is shortened until it leads down; the value there.
    fn down(&self, here: f64, fall: f64, dispersion: f64, into: &mut Mode, work: &mut Work) -> Option<f64> {
        if !here.is_finite() {
            return None;
        }
        let mut share = 1.0;
        loop {
            for ((tried, u), step) in work.tried.iter_mut().zip(&into.u).zip(&work.step) {
                *tried = u - share * step;
            }
            let there = self.penalised(into, &work.tried, dispersion);
            if there <= here - 1e-4 * share * fall + 1e-13 * here.abs() + self.rounding {
                into.u.copy_from_slice(&work.tried);
                return Some(there);
            }
            share *= 0.5;
            if share < 1e-12 {
                return None;
            }
        }
    }

    /// −2 Σ ln f + u′u.
    fn penalised(&self, into: &Mode, u: &[f64], dispersion: f64) -> f64 {
        let mut sum = 0.0;
        self.each_eta(&into.a, &into.fixed, u, |row, eta| sum += self.slopes_of(row, eta, dispersion).log);
        -2.0 * sum + u.iter().map(|u| u * u).sum::<f64>()
    }

    /// Where the mode moves to first order when the parameters move.
    fn follow(&self, from: &[f64], mode: &Mode, to: &[f64], into: &mut Mode, work: &mut Work) {
        into.u.copy_from_slice(&mode.u);
        if !mode.penalised.is_finite() {
            return;
        }
        self.eta_at(&into.a, &into.fixed, &mode.u, &mut work.eta);
        let moved = if self.likelihood.has_dispersion() { to[to.len() - 1] - from[from.len() - 1] } else { 0.0 };
        let dispersion = self.dispersion(from);
        work.step.fill(0.0);
        let w = self.width;
        for (row, of) in mode.slopes.iter().enumerate() {
            let mut along = of.second * (work.eta[row] - mode.eta[row]);
            if moved != 0.0 {
                let own = self.likelihood.along_dispersion(mode.eta[row], self.y[row], dispersion);
                along += moved * self.weight(row) * own.first;
            }
            for at in row * w..(row + 1) * w {
                work.step[self.columns[at] as usize] += mode.a[at] * along + (into.a[at] - mode.a[at]) * of.first;
            }
        }
        self.pattern.solve(&mode.factor, &mut work.step);
        into.u.iter_mut().zip(&work.step).for_each(|(u, step)| *u += step);
        if into.u.iter().any(|u| !u.is_finite()) {
            into.u.copy_from_slice(&mode.u);
        }
    }

    /// η of each row, one after another.
    fn each_eta(&self, a: &[f64], fixed: &[f64], u: &[f64], mut take: impl FnMut(usize, f64)) {
        let w = self.width;
        for (row, ((own, columns), fixed)) in a.chunks_exact(w).zip(self.columns.chunks_exact(w)).zip(fixed).enumerate()
        {
            take(row, fixed + own.iter().zip(columns).map(|(a, &column)| a * u[column as usize]).sum::<f64>());
        }
    }

    fn eta_at(&self, a: &[f64], fixed: &[f64], u: &[f64], eta: &mut [f64]) {
        self.each_eta(a, fixed, u, |row, value| eta[row] = value);
    }

    /// The first two derivatives of each row.
    fn two_slopes(&self, into: &Mode, dispersion: f64, work: &mut Work) {
        let Work { first, second, .. } = work;
        let (y, trials) = (&self.y, &self.trials);
        self.each_eta(&into.a, &into.fixed, &into.u, |row, eta| {
            let own = self.likelihood.first_two(eta, y[row], trials[row], dispersion);
            let weight = self.weights.as_ref().map_or(1.0, |weights| weights[row]);
            (first[row], second[row]) = (weight * own.0, weight * own.1);
        });
    }

    /// Half the gradient of −2 Σ ln f + u′u in u.
    fn mode_gradient(&self, a: &[f64], first: &[f64], u: &[f64], gradient: &mut [f64]) {
        gradient.copy_from_slice(u);
        let w = self.width;
        for ((own, columns), first) in a.chunks_exact(w).zip(self.columns.chunks_exact(w)).zip(first) {
            own.iter().zip(columns).for_each(|(a, &column)| gradient[column as usize] -= a * first);
        }
    }

    /// The factor of H; `tamed` leaves out rows whose likelihood is not concave.
    fn factorise(&self, a: &[f64], second: &[f64], factor: &mut [f64], work: &mut [f64], tamed: bool) -> bool {
        factor.fill(0.0);
        let least = if tamed { 0.0 } else { f64::NEG_INFINITY };
        match self.width {
            1 => self.add_products::<1>(a, second, least, factor),
            2 => self.add_products::<2>(a, second, least, factor),
            3 => self.add_products::<3>(a, second, least, factor),
            w => {
                let mut places = self.places.iter();
                for (own, second) in a.chunks_exact(w).zip(second) {
                    let weight = (-second).max(least);
                    for i in 0..w {
                        let left = weight * own[i];
                        for (right, &place) in own[..=i].iter().zip(&mut places) {
                            factor[place as usize] += left * right;
                        }
                    }
                }
            }
        }
        self.pattern.diagonal().iter().for_each(|&at| factor[at] += 1.0);
        self.pattern.factorise(factor, work)
    }

    /// The same for few columns, whose number is known beforehand.
    fn add_products<const W: usize>(&self, a: &[f64], second: &[f64], least: f64, factor: &mut [f64]) {
        let pairs = W * (W + 1) / 2;
        for ((own, places), second) in a.chunks_exact(W).zip(self.places.chunks_exact(pairs)).zip(second) {
            let weight = (-second).max(least);
            let mut next = 0;
            for i in 0..W {
                let left = weight * own[i];
                for right in &own[..=i] {
                    factor[places[next] as usize] += left * right;
                    next += 1;
                }
            }
        }
    }
}
