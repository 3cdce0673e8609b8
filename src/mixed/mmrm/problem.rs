//! From the rows of a table to standardised data: who was seen when, in which group.

use super::super::data::{ModelData, parts, unknown_column};
use super::super::error::MixedError;
use super::super::options::ResidualStructure;
use super::clusters::clusters;
use super::fit::MarginalModel;
use super::likelihood::Problem;
use super::patterns::{Cluster, Subject, patterns};
use super::random::RandomPart;
use super::structure::Covariance;
use crate::formula::{Column, Factor};
use crate::numeric::matrix::dot;
use crate::numeric::orthogonal::Orthonormal;

/// Who was seen when.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// The names of the visits, in order.
    pub times: Vec<String>,
    /// Their places: numbers where the column holds numbers, else 0, 1, 2 ….
    pub places: Vec<f64>,
    /// Whether the places are only an order, of names.
    pub is_order: bool,
    /// The visit of each row.
    pub visit: Vec<usize>,
    /// The column of the subjects.
    pub subject_name: String,
    /// How many subjects there are.
    pub subjects: usize,
    /// The subject of each row.
    pub subject: Vec<usize>,
    /// The levels that have covariances of their own; one without a name where none was asked for.
    pub groups: Vec<Option<String>>,
    /// The group of each subject.
    pub group: Vec<usize>,
}

impl Layout {
    /// Reads the columns over the rows of a model.
    ///
    /// # Errors
    /// If a column is missing or lacks a value, a subject has two rows at one visit, or belongs to two groups.
    pub fn new(data: &ModelData, columns: &MarginalModel) -> Result<Self, MixedError> {
        if columns.is_of_rows() {
            return Self::of_rows(data, columns);
        }
        let (visits, numbers) = visits(data, &columns.time)?;
        let is_order = numbers.is_none();
        let places = numbers.unwrap_or_else(|| (0..visits.levels.len()).map(|at| at as f64).collect());
        let (subjects, _) = factor(data, &columns.subject)?;
        let code = |factor: &Factor| factor.codes.iter().map(|code| code.unwrap_or(0)).collect::<Vec<usize>>();
        let (visit, subject) = (code(&visits), code(&subjects));
        let mut seen = std::collections::BTreeMap::new();
        let twice: Vec<[usize; 2]> =
            (0..data.n()).filter_map(|at| Some([seen.insert((subject[at], visit[at]), at)?, at])).collect();
        if let Some(&pair) = twice.first() {
            let (who, when) = (&subjects.levels[subject[pair[1]]], &visits.levels[visit[pair[1]]]);
            let told = format!("{} {who} has two rows at {} {when}", columns.subject, columns.time);
            return Err(seen_twice(data, &columns.time, told, pair, twice.len() - 1));
        }
        let mut layout = Self {
            times: visits.levels,
            places,
            is_order,
            visit,
            subject_name: columns.subject.clone(),
            subjects: subjects.levels.len(),
            group: vec![0; subjects.levels.len()],
            subject,
            groups: vec![None],
        };
        if let Some(by) = &columns.by {
            layout.split(data, columns, by, &subjects.levels)?;
        }
        Ok(layout)
    }

    /// Each row by itself, at one visit that all have.
    fn of_rows(data: &ModelData, columns: &MarginalModel) -> Result<Self, MixedError> {
        let n = data.n();
        let mut layout = Self {
            times: vec!["row".to_owned()],
            places: vec![0.0],
            is_order: true,
            visit: vec![0; n],
            subject_name: "row".to_owned(),
            subjects: n,
            subject: (0..n).collect(),
            groups: vec![None],
            group: vec![0; n],
        };
        if let Some(by) = &columns.by {
            let (groups, _) = factor(data, by)?;
            layout.group = groups.codes.iter().map(|code| code.unwrap_or(0)).collect();
            layout.groups = groups.levels.into_iter().map(Some).collect();
        }
        Ok(layout)
    }

    fn split(
        &mut self,
        data: &ModelData,
        columns: &MarginalModel,
        by: &str,
        names: &[String],
    ) -> Result<(), MixedError> {
        let (groups, _) = factor(data, by)?;
        let mut of: Vec<Option<usize>> = vec![None; names.len()];
        for (at, code) in groups.codes.iter().enumerate() {
            let own = of[self.subject[at]].get_or_insert(code.unwrap_or(0));
            if Some(*own) != *code {
                let who = &names[self.subject[at]];
                let message = format!("{} {who} is in more than one level of `{by}`", columns.subject);
                return Err(MixedError::data(
                    message,
                    "the covariances are told apart (--residual-by) by a column that is constant in each subject",
                ));
            }
        }
        self.groups = groups.levels.into_iter().map(Some).collect();
        self.group = of.into_iter().map(|group| group.unwrap_or(0)).collect();
        Ok(())
    }

    /// The most visits that one subject has.
    fn most_visits(&self) -> usize {
        self.by_subject().iter().map(|subject| subject.rows.len()).max().unwrap_or(0)
    }

    /// Each subject with its rows by visit.
    pub(super) fn by_subject(&self) -> Vec<Subject> {
        let mut all: Vec<Subject> = self.group.iter().map(|&group| Subject { group, rows: Vec::new() }).collect();
        for (row, (&subject, &visit)) in self.subject.iter().zip(&self.visit).enumerate() {
            all[subject].rows.push((visit, row));
        }
        all.iter_mut().for_each(|subject| subject.rows.sort_unstable());
        all
    }

    /// The subjects by clusters that are independent of each other.
    ///
    /// # Errors
    /// If the random effects of the model are crossed with each other or the subjects.
    pub(super) fn clusters(&self, data: &ModelData) -> Result<Vec<Cluster>, MixedError> {
        clusters(data, self, &self.subject_name)
    }

    /// Whether the structure can be estimated from who was seen when.
    fn check(&self, structure: ResidualStructure) -> Result<(), MixedError> {
        if structure == ResidualStructure::ContinuousAutoregressive && self.is_order {
            let message = format!("car1 needs times as numbers, and the visits are texts, such as `{}`", self.times[0]);
            return Err(MixedError::data(message, "use a column of days, or ar1 for visits in order"));
        }
        let m = self.times.len();
        if structure.is_heterogeneous() {
            self.check_visits()?;
        }
        let is_independent =
            matches!(structure, ResidualStructure::Independent | ResidualStructure::HeterogeneousIndependent);
        if is_independent || m < 2 {
            return Ok(());
        }
        for group in 0..self.groups.len() {
            let count = self.group.iter().filter(|&&of| of == group).count();
            let of = self.groups[group].as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
            let has_pair = self.by_subject().iter().any(|subject| subject.group == group && subject.rows.len() > 1);
            if !has_pair {
                let message = format!("nobody{of} has two visits, so that no correlation can be estimated");
                return Err(MixedError::data(message, "use --residual id or idh, which take all rows as independent"));
            }
            if structure == ResidualStructure::Unstructured && count < m {
                let message = format!("{count} subjects{of} are too few for an unstructured covariance of {m} visits");
                return Err(MixedError::data(message, fewer(structure)));
            }
            if !structure.needs_pairs() {
                continue;
            }
            self.check_pairs(structure, group, &of)?;
        }
        Ok(())
    }

    /// That every group was seen at every visit, where each has a variance of its own.
    fn check_visits(&self) -> Result<(), MixedError> {
        let m = self.times.len();
        let mut seen = vec![false; m * self.groups.len()];
        for (&subject, &visit) in self.subject.iter().zip(&self.visit) {
            seen[self.group[subject] * m + visit] = true;
        }
        let Some(at) = seen.iter().position(|seen| !seen) else { return Ok(()) };
        let (group, visit) = (self.groups[at / m].as_deref().unwrap_or_default(), &self.times[at % m]);
        let message =
            format!("nobody in {group} was seen at visit {visit}, so that its variance there cannot be estimated");
        let hint = "leave out --residual-by, or use a structure with one variance for all visits: ar1, cs, toep or id";
        Err(MixedError::data(message, hint))
    }

    fn check_pairs(&self, structure: ResidualStructure, group: usize, of: &str) -> Result<(), MixedError> {
        let m = self.times.len();
        let mut together = vec![false; m * m];
        let mut lags = vec![false; m];
        for subject in self.by_subject().iter().filter(|subject| subject.group == group) {
            for (a, _) in &subject.rows {
                for (b, _) in &subject.rows {
                    together[a * m + b] = true;
                    lags[a.abs_diff(*b)] = true;
                }
            }
        }
        let pair = (0..m * m).find(|&at| !together[at]).filter(|_| structure == ResidualStructure::Unstructured);
        let missing = match pair {
            Some(at) => format!("nobody{of} has both visits {} and {}", self.times[at / m], self.times[at % m]),
            None => match (0..m).find(|&lag| !lags[lag]) {
                Some(lag) if structure != ResidualStructure::Unstructured => {
                    format!("nobody{of} has two visits that are {lag} apart in order")
                }
                _ => return Ok(()),
            },
        };
        let message = format!("{missing}, so that their covariance cannot be estimated");
        Err(MixedError::data(message, "use a structure that does not have a parameter for it: ar1h, csh, ar1 or cs"))
    }
}

/// What to try where a structure has too many parameters.
pub(super) fn fewer(structure: ResidualStructure) -> String {
    use ResidualStructure as S;
    let names = match structure {
        S::Unstructured => "toeph, ar1h, csh, toep, ar1 or cs",
        S::HeterogeneousToeplitz => "ar1h, csh, toep, ar1 or cs",
        S::HeterogeneousCompoundSymmetry | S::HeterogeneousAutoregressive | S::Toeplitz => "ar1, cs or id",
        _ => "id",
    };
    format!("use a structure with fewer parameters: --residual {names}")
}

/// The first visit whose residuals of ordinary least squares are all 0 although those of others are not.
fn constant_visit(data: &ModelData, layout: &Layout, rest: &[f64], size: f64) -> Option<usize> {
    let mut squares = vec![0.0; layout.times.len()];
    let mut counts = vec![0; layout.times.len()];
    for row in 0..data.n() {
        squares[layout.visit[row]] += rest[row] * rest[row];
        counts[layout.visit[row]] += 1;
    }
    (0..squares.len()).find(|&visit| counts[visit] > 1 && squares[visit] <= 1e-20 * size * size)
}

/// A column as a factor over the rows of a model, with its values where they are numbers.
fn factor(data: &ModelData, name: &str) -> Result<(Factor, Option<Vec<f64>>), MixedError> {
    let column = data.frame.column(name).ok_or_else(|| unknown_column(name, &data.frame))?;
    let factor = column.factor(&data.rows);
    let numbers = match column {
        Column::Numbers(values) => {
            let mut sorted: Vec<f64> = data.rows.iter().map(|&row| values[row]).collect();
            sorted.sort_by(f64::total_cmp);
            sorted.dedup();
            Some(sorted)
        }
        Column::Texts { .. } => None,
    };
    match factor.codes.iter().position(Option::is_none) {
        Some(at) => {
            let message = format!("{}: the column `{name}` lacks a value in a row of the model", data.place_of(at));
            Err(MixedError::data(message, "name the column among those that must not be missing, or fill it in"))
        }
        None => Ok((factor, numbers)),
    }
}

/// The visits: of a column, or the combinations of several (`outcome:visit`), the first one outermost.
fn visits(data: &ModelData, name: &str) -> Result<(Factor, Option<Vec<f64>>), MixedError> {
    let names = parts(name, &data.frame);
    if let [single] = names.as_slice() {
        return in_time(data, single);
    }
    let factors: Vec<Factor> =
        names.iter().map(|name| Ok(in_time(data, name)?.0)).collect::<Result<_, MixedError>>()?;
    let key = |row: usize| factors.iter().map(|factor| factor.codes[row].unwrap_or(0)).collect::<Vec<usize>>();
    let keys: Vec<Vec<usize>> = (0..data.n()).map(key).collect();
    let mut known = keys.clone();
    known.sort_unstable();
    known.dedup();
    let name = |key: &Vec<usize>| {
        let levels: Vec<&str> = key.iter().zip(&factors).map(|(&code, factor)| factor.levels[code].as_str()).collect();
        levels.join(":")
    };
    let codes = keys.iter().map(|key| known.binary_search(key).ok()).collect();
    Ok((Factor { levels: known.iter().map(name).collect(), codes }, None))
}

/// That a subject has two rows at one visit, with where they stand and how many more such rows there are.
fn seen_twice(data: &ModelData, time: &str, told: String, pair: [usize; 2], more: usize) -> MixedError {
    let [first, second] = pair.map(|at| data.place_of(at));
    if first == second {
        let hint = format!("name what tells the rows of a line apart beside the visit, as in --time outcome:{time}");
        return MixedError::data(format!("{told}, both from {first}"), hint);
    }
    let others = match more {
        0 => String::new(),
        1 => "; one more row repeats a visit so".to_owned(),
        more => format!("; {more} more rows repeat a visit so"),
    };
    let hint = "each subject has at most one row per visit: remove one of them";
    MixedError::data(format!("{told}: {first} and {second}{others}"), hint)
}

/// The visits of one column in the order of time: numbers are in it already.
fn in_time(data: &ModelData, name: &str) -> Result<(Factor, Option<Vec<f64>>), MixedError> {
    let (factor, numbers) = factor(data, name)?;
    Ok((if numbers.is_some() { factor } else { factor.in_number_order() }, numbers))
}

/// How the standardised data came from those of the user.
#[derive(Clone, Debug)]
pub(super) struct Scaling {
    /// The weighted columns.
    pub columns: Orthonormal,
    /// Ordinary least squares in the orthonormal columns.
    centre: Vec<f64>,
    /// The size of the response without them.
    pub size: f64,
    /// Σ ln w.
    pub log_weights: f64,
}

impl Scaling {
    /// A linear function of the user's coefficients as one of the standardised ones, times the size.
    pub fn along(&self, of: &[f64]) -> Vec<f64> {
        self.columns.function(of).into_iter().map(|value| value * self.size).collect()
    }

    /// The user's coefficients.
    pub fn coefficients(&self, beta: &[f64]) -> Vec<f64> {
        let moved: Vec<f64> = beta.iter().zip(&self.centre).map(|(b, c)| self.size * b + c).collect();
        self.columns.coefficients(&moved)
    }
}

/// Standardises: columns become orthonormal and the response what they leave of it, of unit size.
pub(super) fn standardised(
    data: &ModelData,
    layout: &Layout,
    structure: ResidualStructure,
    reml: bool,
) -> Result<(Problem, Scaling), MixedError> {
    let (n, p) = (data.n(), data.p());
    if n <= p {
        let message = format!("{n} rows do not determine {p} coefficients and a variance");
        return Err(MixedError::data(message, "use fewer terms"));
    }
    layout.check(structure)?;
    let root = |row: usize| data.weights.as_ref().map_or(1.0, |weights| weights[row].sqrt());
    let weighted = |column: &[f64]| column.iter().enumerate().map(|(row, x)| x * root(row)).collect::<Vec<f64>>();
    let columns = Orthonormal::new(data.x.columns.iter().map(|column| weighted(column)));
    let offset = |row: usize| data.offset.as_ref().map_or(0.0, |offset| offset[row]);
    let y: Vec<f64> = data.y.iter().enumerate().map(|(row, y)| y - offset(row)).collect();
    let mut rest = weighted(&y);
    let before = dot(&rest, &rest);
    let centre = columns.take_out(&mut rest);
    let left = dot(&rest, &rest);
    if left <= 1e-24 * before || left == 0.0 {
        let message = "the fixed part fits the response exactly: nothing is left to vary";
        return Err(MixedError::data(message, "check the response, or use fewer terms"));
    }
    let size = (left / (n - p) as f64).sqrt();
    let constant = if structure.is_heterogeneous() { constant_visit(data, layout, &rest, size) } else { None };
    if let Some(visit) = constant {
        let when = &layout.times[visit];
        let message = format!(
            "at visit {when} nothing varies beyond the fixed part: its variance is 0, and {} has a variance for each \
             visit",
            structure.title()
        );
        let hint = format!(
            "leave the rows of visit {when} out (a baseline whose change is 0 by definition is no visit), or use a \
             structure with one variance: --residual toep, ar1 or cs"
        );
        return Err(MixedError::data(message, hint));
    }
    let z: Vec<f64> = (0..n)
        .flat_map(|row| columns.columns.iter().map(move |column| column[row]).chain(std::iter::once(rest[row] / size)))
        .collect();
    let log_weights = data.weights.iter().flatten().map(|weight| weight.ln()).sum();
    let random = RandomPart::new(&data.random, &weighted);
    let problem = Problem {
        patterns: patterns(&layout.clusters(data)?, &random, &z, p + 1),
        covariance: Covariance::new(structure, layout.places.clone(), layout.most_visits()),
        random,
        groups: layout.groups.len(),
        rows: n,
        coefficients: p,
        reml,
    };
    Ok((problem, Scaling { columns, centre, size, log_weights }))
}
