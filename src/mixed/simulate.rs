//! Simulated trials from summaries: numbers of patients, means and SDs at each visit, correlation, dropout.

use super::error::MixedError;
use crate::numeric::matrix::Matrix;
use crate::numeric::random::Random;

/// A trial as it was reported or is planned.
///
/// ```
/// use reffect::mixed::simulate::{PlannedArm, TrialPlan, VisitCorrelation};
/// use reffect::numeric::random::Random;
/// // Seven patients, 2.9 ± 1.1 before and 0.4 ± 0.8 after, as printed to the last digit.
/// let arm = PlannedArm { name: "tocilizumab".to_owned(), patients: 7, means: vec![2.9, 0.4], sds: vec![1.1, 0.8] };
/// let plan = TrialPlan {
///     arms: vec![arm],
///     times: vec![0.0, 1.0],
///     correlation: VisitCorrelation::Common(0.5),
///     dropout: Vec::new(),
///     scale: None,
///     exact: true,
/// };
/// let rows = plan.simulate(&mut Random::seeded(1))?;
/// let mean = rows.iter().filter(|row| row.visit == 1).map(|row| row.value).sum::<f64>() / 7.0;
/// assert!((mean - 0.4).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TrialPlan {
    /// The arms.
    pub arms: Vec<PlannedArm>,
    /// The times of the visits.
    pub times: Vec<f64>,
    /// How two visits of a patient go together.
    pub correlation: VisitCorrelation,
    /// The chance to leave between two visits, for each pair of neighbours; one for all of them; or none.
    pub dropout: Vec<f64>,
    /// The values that the outcome can take.
    pub scale: Option<Steps>,
    /// Whether means, SDs and correlations of the sample itself are those of the plan.
    pub exact: bool,
}

/// The patients of one arm.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedArm {
    /// Its name.
    pub name: String,
    /// How many there are.
    pub patients: usize,
    /// The mean at each visit.
    pub means: Vec<f64>,
    /// The SD at each visit.
    pub sds: Vec<f64>,
}

/// How two visits of a patient go together.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum VisitCorrelation {
    /// All pairs alike.
    Common(f64),
    /// This at a distance of one visit, its power at more.
    Autoregressive(f64),
}

/// Values from `min` to `max` in steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steps {
    /// The least value.
    pub min: Option<f64>,
    /// The greatest value.
    pub max: Option<f64>,
    /// The distance of neighbouring values; any value where there is none.
    pub step: Option<f64>,
}

/// A value of a patient at a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimulatedRow {
    /// The arm, counted from 0.
    pub arm: usize,
    /// The patient in the trial, counted from 0.
    pub patient: usize,
    /// The visit, counted from 0.
    pub visit: usize,
    /// The value.
    pub value: f64,
}

/// The correlations are a matrix of visits by visits, and what is held in memory has an end.
const MOST_VISITS: usize = 1000;
const MOST_HELD: usize = 2_000_000;

impl TrialPlan {
    /// The rows of one trial: normal values, rounded to the scale and cut at its ends, without those after a
    /// patient left (completely at random).
    ///
    /// # Errors
    /// If the plan contradicts itself, or has more than two million values: those are for [`TrialPlan::for_each`].
    pub fn simulate(&self, random: &mut Random) -> Result<Vec<SimulatedRow>, MixedError> {
        self.check_held()?;
        let mut rows = Vec::new();
        let all: Result<(), std::convert::Infallible> = self.for_each(random, |row| {
            rows.push(row);
            Ok(())
        })?;
        all.unwrap_or_else(|never| match never {});
        Ok(rows)
    }

    /// The same rows one after another, without holding them; only exact trials hold an arm at a time. The
    /// first error of `each` ends them.
    ///
    /// # Errors
    /// If the plan contradicts itself.
    pub fn for_each<E>(
        &self,
        random: &mut Random,
        mut each: impl FnMut(SimulatedRow) -> Result<(), E>,
    ) -> Result<Result<(), E>, MixedError> {
        let root = self.check()?;
        let mut first = 0;
        for (number, arm) in self.arms.iter().enumerate() {
            let mut draws = Draws::new(arm.patients, self.times.len(), self.exact, random);
            for patient in 0..arm.patients {
                let together = root.times_vector(&draws.of(patient));
                for (visit, own) in together.iter().enumerate() {
                    if visit > 0 && random.uniform() < self.chance(visit) {
                        break;
                    }
                    let value = arm.means[visit] + arm.sds[visit] * own;
                    let value = self.scale.map_or(value, |scale| scale.nearest(value));
                    let row = SimulatedRow { arm: number, patient: first + patient, visit, value };
                    if let Err(error) = each(row) {
                        return Ok(Err(error));
                    }
                }
            }
            first += arm.patients;
        }
        Ok(Ok(()))
    }

    /// The chance to leave before a visit.
    fn chance(&self, visit: usize) -> f64 {
        match self.dropout.as_slice() {
            [] => 0.0,
            [one] => *one,
            several => several[visit - 1],
        }
    }

    /// Whether all values may be held at once.
    fn check_held(&self) -> Result<(), MixedError> {
        let patients = self.arms.iter().fold(0, |sum: usize, arm| sum.saturating_add(arm.patients));
        let visits = self.times.len();
        if patients.saturating_mul(visits) <= MOST_HELD {
            return Ok(());
        }
        let message = format!("{patients} patients at {visits} visits are too many to be held at once");
        let hint = format!("take at most {MOST_HELD} values in all, or leave out --exact");
        Err(MixedError::data(message, &hint))
    }

    /// The factor of the correlation matrix of a plan without contradictions.
    fn check(&self) -> Result<Matrix, MixedError> {
        let refuse = |message: String, hint: &str| Err(MixedError::data(message, hint));
        let visits = self.times.len();
        if visits == 0 || self.arms.is_empty() {
            return refuse("a trial needs an arm and a visit".to_owned(), "give --arm with a mean at each visit");
        }
        if visits > MOST_VISITS {
            let message = format!("{visits} visits are too many for one trial");
            return refuse(message, &format!("take at most {MOST_VISITS} visits"));
        }
        if self.exact {
            self.check_held()?;
        }
        for arm in &self.arms {
            let name = &arm.name;
            if arm.means.len() != visits || arm.sds.len() != visits {
                let message = format!("the arm {name} has {} means, and there are {visits} visits", arm.means.len());
                return refuse(message, "give a mean and an SD for each visit");
            }
            if arm.patients == 0 {
                return refuse(format!("the arm {name} has no patients"), "give n=… from 1 on");
            }
            if let Some(bad) = arm.sds.iter().find(|sd| !sd.is_finite() || **sd < 0.0) {
                return refuse(format!("the arm {name} has an SD of {bad}"), "an SD is not below 0");
            }
            if self.exact && arm.patients <= visits {
                let message = format!(
                    "the arm {name} has {} patients: too few for exact moments at {visits} visits",
                    arm.patients
                );
                return refuse(message, "leave out --exact, or take more patients than visits");
            }
        }
        let known = self.dropout.len();
        if known > 1 && known + 1 != visits {
            let message = format!("{known} chances to leave, and {} gaps between visits", visits - 1);
            return refuse(message, "give one chance for all gaps, or one for each");
        }
        if let Some(bad) = self.dropout.iter().find(|chance| !(0.0..=1.0).contains(*chance)) {
            return refuse(format!("a chance to leave of {bad}"), "a chance is from 0 to 1");
        }
        if let Some(scale) = &self.scale {
            scale.check()?;
            self.arms.iter().try_for_each(|arm| scale.holds_means_of(arm))?;
        }
        if self.exact && (known > 0 || self.scale.is_some()) {
            let message = "exact moments do not outlive dropout, or rounding to a scale".to_owned();
            return refuse(message, "leave out --exact, or --dropout, --min, --max and --step");
        }
        self.correlations()
    }

    /// The factor of the correlation matrix.
    fn correlations(&self) -> Result<Matrix, MixedError> {
        let visits = self.times.len();
        let refuse = |message: String, hint: &str| Err(MixedError::data(message, hint));
        let matrix = Matrix::from_fn(visits, visits, |j, k| match self.correlation {
            VisitCorrelation::Common(r) if j != k => r,
            VisitCorrelation::Autoregressive(r) => r.powi(j.abs_diff(k) as i32),
            VisitCorrelation::Common(_) => 1.0,
        });
        let (VisitCorrelation::Common(r) | VisitCorrelation::Autoregressive(r)) = self.correlation;
        if r.abs() > 1.0 {
            return refuse(format!("a correlation of {r}"), "a correlation is from −1 to 1");
        }
        // A correlation of 1 has a factor as well, its first column; so has −1 where signs may take turns.
        let takes_turns = visits < 3 || matches!(self.correlation, VisitCorrelation::Autoregressive(_));
        if r == 1.0 || (r == -1.0 && takes_turns) {
            return Ok(Matrix::from_fn(
                visits,
                visits,
                |row, column| if column == 0 { r.powi(row as i32) } else { 0.0 },
            ));
        }
        match matrix.cholesky() {
            Some(cholesky) => Ok(cholesky.lower()),
            None => {
                let least = -1.0 / (visits as f64 - 1.0).max(1.0);
                let message = format!("{visits} visits cannot all correlate by {r}");
                refuse(message, &format!("a common correlation is above {least:.3}"))
            }
        }
    }
}

impl Steps {
    fn check(&self) -> Result<(), MixedError> {
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min >= max
        {
            let message = format!("the scale goes from {min} to {max}");
            return Err(MixedError::data(message, "give --min below --max"));
        }
        match self.step {
            Some(step) if step.is_nan() || step <= 0.0 => {
                Err(MixedError::data(format!("a step of {step}"), "a step is above 0"))
            }
            _ => Ok(()),
        }
    }

    /// That the means of an arm lie between the ends: cut values would all be the same.
    fn holds_means_of(&self, arm: &PlannedArm) -> Result<(), MixedError> {
        for (visit, mean) in arm.means.iter().enumerate() {
            let beyond = match (self.min, self.max) {
                (Some(min), _) if *mean < min => ("below", min, "least"),
                (_, Some(max)) if *mean > max => ("above", max, "greatest"),
                _ => continue,
            };
            let (side, end, which) = beyond;
            let message = format!(
                "the mean {mean} of the arm {} at visit {} lies {side} {end}, the {which} value of the scale",
                arm.name,
                visit + 1
            );
            return Err(MixedError::data(message, "correct the mean, or --min and --max"));
        }
        Ok(())
    }

    /// The value of the scale that lies nearest.
    fn nearest(&self, value: f64) -> f64 {
        // Steps go from the least value, else down from the greatest.
        let origin = self.min.or(self.max).unwrap_or(0.0);
        let mut value = value.max(self.min.unwrap_or(f64::NEG_INFINITY)).min(self.max.unwrap_or(f64::INFINITY));
        if let Some(step) = self.step {
            value = origin + ((value - origin) / step).round() * step;
            // The greatest value may lie between two steps; where it is one, sums of 0.1 may end just above it.
            if self.max.is_some_and(|max| value > max + 1e-9 * step) {
                value -= step;
            }
            // Steps such as 0.1 leave rounding behind; much smaller ones would be lost.
            let tidied = (value * 1e9).round() / 1e9;
            if (tidied - value).abs() < 1e-4 * step {
                value = tidied;
            }
            value = value.min(self.max.unwrap_or(f64::INFINITY));
        }
        value
    }
}

/// Standard normal numbers of an arm, patient by patient. They come visit by visit from the generator, so that
/// each visit has a copy of it that begins where its numbers do.
enum Draws {
    Streams(Vec<Random>),
    Columns(Vec<Vec<f64>>),
}

impl Draws {
    fn new(patients: usize, visits: usize, exact: bool, random: &mut Random) -> Self {
        if exact {
            let mut z: Vec<Vec<f64>> = (0..visits).map(|_| (0..patients).map(|_| random.normal()).collect()).collect();
            whiten(&mut z);
            return Self::Columns(z);
        }
        let stream = |_| {
            let own = random.clone();
            random.skip_normals(patients);
            own
        };
        Self::Streams((0..visits).map(stream).collect())
    }

    /// Those of a patient; patients are asked for in turn.
    fn of(&mut self, patient: usize) -> Vec<f64> {
        match self {
            Self::Streams(streams) => streams.iter_mut().map(Random::normal).collect(),
            Self::Columns(columns) => columns.iter().map(|column| column[patient]).collect(),
        }
    }
}

/// Makes columns have mean 0, SD 1 and no correlation, by Gram and Schmidt.
fn whiten(columns: &mut [Vec<f64>]) {
    let n = columns.first().map_or(0, Vec::len) as f64;
    for at in 0..columns.len() {
        let (done, rest) = columns.split_at_mut(at);
        let column = &mut rest[0];
        for _ in 0..2 {
            let mean = column.iter().sum::<f64>() / n;
            column.iter_mut().for_each(|value| *value -= mean);
            for other in done.iter() {
                let share = crate::numeric::matrix::dot(other, column) / (n - 1.0);
                column.iter_mut().zip(other).for_each(|(value, other)| *value -= share * other);
            }
        }
        let sd = (crate::numeric::matrix::dot(column, column) / (n - 1.0)).sqrt();
        column.iter_mut().for_each(|value| *value /= sd);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(patients: usize) -> TrialPlan {
        let arm = |name: &str, means: [f64; 3]| PlannedArm {
            name: name.to_owned(),
            patients,
            means: means.to_vec(),
            sds: vec![5.0, 6.0, 7.0],
        };
        TrialPlan {
            arms: vec![arm("placebo", [40.0, 37.0, 34.0]), arm("active", [40.0, 38.5, 37.0])],
            times: vec![0.0, 3.0, 6.0],
            correlation: VisitCorrelation::Autoregressive(0.7),
            dropout: Vec::new(),
            scale: None,
            exact: false,
        }
    }

    fn column(rows: &[SimulatedRow], arm: usize, visit: usize) -> Vec<f64> {
        rows.iter().filter(|row| row.arm == arm && row.visit == visit).map(|row| row.value).collect()
    }

    fn moments(a: &[f64], b: &[f64]) -> (f64, f64, f64) {
        let n = a.len() as f64;
        let (x, y) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
        let product = |a: &[f64], x: f64, b: &[f64], y: f64| {
            a.iter().zip(b).map(|(a, b)| (a - x) * (b - y)).sum::<f64>() / (n - 1.0)
        };
        let (sa, sb) = (product(a, x, a, x).sqrt(), product(b, y, b, y).sqrt());
        (x, sa, product(a, x, b, y) / (sa * sb))
    }

    #[test]
    fn exact_trials_have_the_moments_to_the_last_digit() {
        let plan = TrialPlan { exact: true, ..plan(8) };
        let rows = plan.simulate(&mut Random::seeded(3)).unwrap();
        assert_eq!(rows.len(), 48);
        for (arm, of) in plan.arms.iter().enumerate() {
            for visit in 0..3 {
                let (mean, sd, r) = moments(&column(&rows, arm, visit), &column(&rows, arm, 0));
                assert!((mean - of.means[visit]).abs() < 1e-10 && (sd - of.sds[visit]).abs() < 1e-10);
                assert!((r - 0.7f64.powi(visit as i32)).abs() < 1e-10, "{r}");
            }
        }
    }

    /// Within four standard errors.
    #[test]
    fn large_trials_have_the_moments_of_the_plan() {
        let n = 20_000.0;
        let rows = plan(20_000).simulate(&mut Random::seeded(4)).unwrap();
        let (mean, sd, r) = moments(&column(&rows, 1, 2), &column(&rows, 1, 0));
        assert!((mean - 37.0).abs() < 4.0 * 7.0 / f64::sqrt(n), "{mean}");
        assert!((sd - 7.0).abs() < 4.0 * 7.0 / (2.0 * n).sqrt(), "{sd}");
        assert!((r - 0.49).abs() < 4.0 * (1.0 - 0.49 * 0.49) / n.sqrt(), "{r}");
        assert_eq!(rows, plan(20_000).simulate(&mut Random::seeded(4)).unwrap());
    }

    /// One patient after another, from numbers that are drawn visit by visit.
    #[test]
    fn rows_that_are_not_held_are_those_that_are() {
        let plan = TrialPlan { dropout: vec![0.2], correlation: VisitCorrelation::Common(0.0), ..plan(5) };
        let mut random = Random::seeded(9);
        let z: Vec<Vec<f64>> = (0..3).map(|_| (0..5).map(|_| random.normal()).collect()).collect();
        let rows = plan.simulate(&mut Random::seeded(9)).unwrap();
        for row in rows.iter().filter(|row| row.arm == 0) {
            let arm = &plan.arms[0];
            let expected = arm.means[row.visit] + arm.sds[row.visit] * z[row.visit][row.patient];
            assert_eq!(row.value.to_bits(), expected.to_bits());
        }
        let mut seen = 0;
        let stopped = plan.for_each(&mut Random::seeded(9), |_| {
            seen += 1;
            if seen < 4 { Ok(()) } else { Err("enough") }
        });
        assert_eq!((stopped.unwrap(), seen), (Err("enough"), 4));
    }

    #[test]
    fn patients_leave_with_their_chance_and_stay_away() {
        let plan = TrialPlan { dropout: vec![0.1, 0.3], ..plan(20_000) };
        let rows = plan.simulate(&mut Random::seeded(5)).unwrap();
        let seen = |visit: usize| column(&rows, 0, visit).len() as f64 / 20_000.0;
        assert!((seen(0), (seen(1) - 0.9).abs() < 0.01) == (1.0, true) && (seen(2) - 0.63).abs() < 0.015);
    }

    #[test]
    fn values_lie_on_the_scale() {
        let scale = Steps { min: Some(0.0), max: Some(48.0), step: Some(0.5) };
        let plan = TrialPlan { scale: Some(scale), ..plan(500) };
        let rows = plan.simulate(&mut Random::seeded(6)).unwrap();
        assert!(rows.iter().all(|row| (0.0..=48.0).contains(&row.value) && (2.0 * row.value).fract() == 0.0));
        assert!(rows.iter().any(|row| row.value == 48.0));
        let fine = Steps { min: None, max: None, step: Some(1e-12) };
        assert!((fine.nearest(2.3e-12) - 2e-12).abs() < 1e-20);
        let odd = Steps { min: Some(0.0), max: Some(1.0), step: Some(0.3) };
        assert!((odd.nearest(0.99) - 0.9).abs() < 1e-12);
        // Six steps of 0.1 are more than 0.6 by rounding.
        for steps in 1..2000u32 {
            for step in [0.1, 0.3, 0.7, 1e-3] {
                let max = (f64::from(steps) * step * 1e6).round() / 1e6;
                let scale = Steps { min: Some(0.0), max: Some(max), step: Some(step) };
                assert_eq!(scale.nearest(2.0 * max), max, "{max} by {step}");
            }
        }
    }

    #[test]
    fn contradictions_are_told() {
        let of = |change: &dyn Fn(&mut TrialPlan)| {
            let mut plan = plan(3);
            change(&mut plan);
            plan.simulate(&mut Random::seeded(1)).unwrap_err().to_string()
        };
        for (found, told) in [
            (of(&|plan| plan.correlation = VisitCorrelation::Common(-0.6)), "cannot all correlate by -0.6"),
            (of(&|plan| plan.correlation = VisitCorrelation::Common(1.6)), "a correlation of 1.6"),
            (of(&|plan| plan.exact = true), "too few for exact moments"),
            (of(&|plan| plan.arms[0].means = vec![1.0]), "has 1 means"),
            (of(&|plan| plan.arms[0].sds[1] = -1.0), "an SD of -1"),
            (of(&|plan| plan.dropout = vec![0.1; 3]), "3 chances to leave, and 2 gaps"),
            (of(&|plan| plan.dropout = vec![1.5]), "a chance to leave of 1.5"),
            (of(&|plan| plan.arms.clear()), "needs an arm"),
            (of(&|plan| plan.scale = Some(Steps { min: Some(2.0), max: Some(1.0), step: None })), "from 2 to 1"),
            (
                of(&|plan| plan.scale = Some(Steps { min: None, max: Some(-100.0), step: None })),
                "at visit 1 lies above -100, the greatest value",
            ),
        ] {
            assert!(found.contains(told), "{found}");
        }
    }
}
