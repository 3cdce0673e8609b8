//! Before and after: a slope that changes, and the analysis in two stages.

use super::data::{ModelData, RandomTermData};
use super::error::MixedError;
use super::fit::MixedFit;
use super::groups::is_constant_within;
use super::linear::check_length;
use super::means::{Direction, MeansOf, slopes_along};
use super::result::{Coefficient, MarginalMeans};
use crate::formula::{Column, Contrasts, Design, Expr, Formula, Frame, Node, Term, Terms, quoted_name};
use crate::numeric::interval::Interval;
use crate::numeric::matrix::dot;
use crate::numeric::orthogonal::Orthonormal;

/// A slope over time that changes at some time: y = … + β₁t + β₂ max(t − c, 0), with β₂ the change.
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::change::{ChangePoint, two_stage};
/// use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
/// // Five simulated patients with ALS before and after treatment at month 0.
/// let mut frame = reffect::read::read_frame("data/examples/als-5.csv")?;
/// let mut formula = Formula::parse("alsfrs ~ month + (month | patient)")?;
/// let change = ChangePoint { time: "month".to_owned(), at: 0.0 };
/// change.add_to(&mut formula, &mut frame)?;
/// let data = ModelData::new(formula, frame, &DataOptions::default())?;
/// let functions = change.functions(&data).ok_or("both slopes")?;
/// let fit = LinearMixedModel::default().fit(&data)?;
/// let (name, weights) = &functions[2];
/// assert_eq!(*name, "change of slope");
/// assert!((fit.linear(name, weights)?.estimate - 0.55).abs() < 1e-6);
/// // In two stages: a regression for each patient, then a one-sample t test.
/// let functions = functions.map(|(name, weights)| (name.to_owned(), weights));
/// let found = two_stage(&data, &functions, 0.95)?.ok_or("patients with both slopes")?;
/// assert!((found.rows[2].se - 0.292_067).abs() < 1e-5 && (found.rows[2].p - 0.132_80).abs() < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ChangePoint {
    /// The column of time.
    pub time: String,
    /// When the slope changes.
    pub at: f64,
}

impl ChangePoint {
    /// The column that is 0 before and counts time after: max(time − at, 0).
    pub fn column(&self) -> String {
        format!("{}_after_{}", self.time, self.at)
    }

    /// Adds this column to the table, where it follows from time, and to the formula a twin of each term that holds
    /// time, in the fixed part and in the random ones: a random change left out makes p-values too small.
    ///
    /// # Errors
    /// If time is no column of numbers, has no values on one side of the change, or is no term of the fixed part.
    pub fn add_to(&self, formula: &mut Formula, frame: &mut Frame) -> Result<(), MixedError> {
        let within = match frame.column(&self.time) {
            None => return Err(super::data::unknown_column(&self.time, frame)),
            Some(Column::Texts { .. }) => {
                let message = format!("the column `{}` of time holds texts", self.time);
                return Err(MixedError::data(message, "time is a column of numbers"));
            }
            Some(Column::Numbers(times)) => self.check_within(times),
        };
        frame.derive(&self.column(), &format!("pmax({} - ({}), 0)", quoted_name(&self.time), self.at))?;
        if !self.double(&mut formula.terms) {
            let message = format!("`{}` is no term of the fixed part", self.time);
            let hint = format!("write for example \"y ~ {0} + ({0} | patient)\"", self.time);
            return Err(MixedError::data(message, hint));
        }
        within?;
        for term in &mut formula.random {
            self.double(&mut term.terms);
        }
        Ok(())
    }

    /// That there are times before and after the change: without either there is no slope of it.
    fn check_within(&self, times: &[f64]) -> Result<(), MixedError> {
        let range = Interval::hull(times.iter().copied().filter(|time| time.is_finite()));
        let side = match range {
            Some(range) if range.upper <= self.at => "after",
            Some(range) if range.lower >= self.at => "before",
            _ => return Ok(()),
        };
        let [from, to] = range.map_or([f64::NAN; 2], |range| range.ends());
        let message = format!(
            "no row lies {side} {} in `{}`, which goes from {from} to {to}: there is no slope {side} the change",
            self.at, self.time
        );
        Err(MixedError::data(message, "the change lies between the times of the table, in the unit of the column"))
    }

    fn double(&self, terms: &mut Terms) -> bool {
        let is_time = |expr: &Expr| matches!(&expr.node, Node::Name(name) if *name == self.time);
        let Some(time) = terms.variables.iter().position(|(_, expr)| is_time(expr)) else { return false };
        let name = self.column();
        let span = terms.variables[time].1.span.clone();
        terms.variables.push((quoted_name(&name), Expr { node: Node::Name(name), span }));
        let added = terms.variables.len() - 1;
        let twins: Vec<Term> = terms
            .terms
            .iter()
            .filter(|term| term.variables.contains(&time))
            .map(|term| {
                let others = term.variables.iter().copied().filter(|variable| *variable != time);
                Term { variables: others.chain([added]).collect() }
            })
            .collect();
        let found = !twins.is_empty();
        terms.terms.extend(twins);
        terms.terms.sort_by_key(|term| term.variables.len());
        found
    }

    /// Slope before, slope after and their change as weights of the coefficients that are kept.
    pub fn functions(&self, data: &ModelData) -> Option<[(&'static str, Vec<f64>); 3]> {
        let place = |name: &str| data.x.names.iter().position(|known| known == name);
        let (before, change) = (place(&quoted_name(&self.time))?, place(&quoted_name(&self.column()))?);
        let weights = |on: &[usize]| (0..data.p()).map(|at| f64::from(u8::from(on.contains(&at)))).collect();
        Some([
            ("slope before", weights(&[before])),
            ("slope after", weights(&[before, change])),
            ("change of slope", weights(&[change])),
        ])
    }

    /// The variables beside which a variable stands in terms of the fixed part.
    fn partners(data: &ModelData, name: &str) -> Vec<usize> {
        let terms = &data.formula.terms;
        let Some(own) = terms.variables.iter().position(|(label, _)| label == name) else { return Vec::new() };
        let with = terms.terms.iter().filter(|term| term.variables.contains(&own));
        let mut partners: Vec<usize> =
            with.flat_map(|term| &term.variables).copied().filter(|other| *other != own).collect();
        partners.sort_unstable();
        partners.dedup();
        partners
    }

    /// The rows of which [`Self::functions`] are the slopes, where other variables change them:
    /// `arm is drug, age is 0`.
    pub fn reference(&self, data: &ModelData) -> Option<String> {
        let factors = data.design.factors();
        let at = |variable: usize| {
            let label = &data.formula.terms.variables[variable].0;
            if data.design.is_ordered(variable) {
                return format!("{label} is the mean of its levels");
            }
            match (factors.iter().find(|(name, _)| name == label), data.contrasts) {
                (Some((_, levels)), Contrasts::Treatment) => format!("{label} is {}", levels[0]),
                (Some(_), _) => format!("{label} is the mean of its levels"),
                (None, _) => format!("{label} is 0"),
            }
        };
        let partners = Self::partners(data, &quoted_name(&self.time));
        (!partners.is_empty()).then(|| partners.into_iter().map(at).collect::<Vec<_>>().join(", "))
    }

    /// Whether [`Self::functions`] are slopes of the reference levels of factors, which are among those of
    /// [`Self::by_group`], and not of the mean of all levels.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::change::ChangePoint;
    /// use reffect::mixed::{DataOptions, ModelData};
    /// let mut frame = reffect::read::read_frame("data/published/orthodont.csv")?;
    /// let mut formula = Formula::parse("distance ~ age * Sex + (1 | Subject)")?;
    /// let change = ChangePoint { time: "age".to_owned(), at: 11.0 };
    /// change.add_to(&mut formula, &mut frame)?;
    /// assert!(change.is_of_reference(&ModelData::new(formula, frame, &DataOptions::default())?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_of_reference(&self, data: &ModelData) -> bool {
        let partners = Self::partners(data, &quoted_name(&self.time));
        data.contrasts == Contrasts::Treatment && partners.iter().all(|&variable| !data.design.is_ordered(variable))
    }

    /// Both slopes and their change for each level of the factors, and each value of the columns of two values, that
    /// stand beside time in a term, with their differences: slope before, slope after, change. `of` may hold one of
    /// them. None where there are no such columns, or more than fifty combinations. It also says which pairs are
    /// compared, and where covariates are held.
    ///
    /// # Errors
    /// If they cannot be computed.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::change::ChangePoint;
    /// use reffect::mixed::{DataOptions, LinearMixedModel, MeansOf, MixedFit, ModelData};
    /// let mut frame = reffect::read::read_frame("data/published/orthodont.csv")?;
    /// let mut formula = Formula::parse("distance ~ age * Sex + (1 | Subject)")?;
    /// let change = ChangePoint { time: "age".to_owned(), at: 11.0 };
    /// change.add_to(&mut formula, &mut frame)?;
    /// let fit = LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?;
    /// let [before, after, change] = &change.by_group(&fit, &MeansOf::default())?[..] else { return Err("three".into()) };
    /// assert_eq!((before.means.len(), change.contrasts[0].name.as_str()), (2, "Male - Female"));
    /// // The change of a group is the difference of its slopes.
    /// let of = |means: &reffect::mixed::result::MarginalMeans| means.means[1].mean.estimate;
    /// assert!((of(after) - of(before) - of(change)).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_group(&self, fit: &dyn MixedFit, of: &MeansOf) -> Result<Vec<MarginalMeans>, MixedError> {
        let data = fit.data();
        let after = self.column();
        let mut of = of.clone();
        let mut partners = Self::partners(data, &quoted_name(&self.time));
        partners.extend(Self::partners(data, &quoted_name(&after)));
        let (mut combinations, mut is_grouped) = (1, false);
        for variable in partners {
            let expr = &data.formula.terms.variables[variable].1;
            for column in expr.columns().into_iter().filter(|column| *column != self.time && *column != after) {
                let values = distinct(data, column);
                let is_number = matches!(data.frame.column(column), Some(Column::Numbers(_)));
                let is_group = data.design.is_factor(variable) || is_number && values.len() == 2;
                is_grouped |= is_group;
                if !is_group || of.factors.iter().any(|known| known == column) || of.holds(column) {
                    continue;
                }
                combinations *= values.len();
                of.factors.push(column.to_owned());
                if is_number && !data.design.is_factor(variable) {
                    of.at.push((column.to_owned(), values));
                }
            }
        }
        if !is_grouped || combinations > MOST_GROUPS {
            return Ok(Vec::new());
        }
        let (time, after) = (self.time.as_str(), after.as_str());
        let all: [(&str, &Direction<'_>); 3] = [
            ("slope before", &[(time, 1.0), (after, 0.0)]),
            ("slope after", &[(time, 1.0), (after, 1.0)]),
            ("change of slope", &[(after, 1.0)]),
        ];
        all.into_iter().map(|(what, direction)| slopes_along(fit, direction, what, &of)).collect()
    }

    /// Whether the change is compared between groups of patients: a term holds it beside a factor, or a column of two
    /// values, that is the same in all rows of a patient.
    ///
    /// # Errors
    /// If the columns cannot be made.
    pub fn is_compared(&self, data: &ModelData) -> Result<bool, MixedError> {
        let partners = Self::partners(data, &quoted_name(&self.column()));
        let terms = &data.formula.terms;
        let each = (0..terms.variables.len()).map(|variable| Term { variables: vec![variable] }).collect();
        let alone = Terms { intercept: true, terms: each, ..terms.clone() };
        let design = Design::new(&alone, &data.frame, &data.rows, Contrasts::Treatment)?;
        let matrix = design.matrix(&data.frame, &data.rows, "(Intercept)")?;
        let outer = outer_factors(data);
        let tells_apart = |column: &[f64]| {
            let has_two = column.iter().all(|value| *value == column[0]) || second_value(column).is_some();
            has_two && outer.iter().any(|of| is_constant_within(&of.codes, of.levels.len(), column))
        };
        let mut columns = matrix.columns.iter().zip(&matrix.assign);
        Ok(columns.any(|(column, &term)| term > 0 && partners.contains(&(term - 1)) && tells_apart(column)))
    }
}

/// More groups than these get no slopes of their own.
const MOST_GROUPS: usize = 50;

/// The different values of a column in the rows of the fit; of texts their places.
fn distinct(data: &ModelData, column: &str) -> Vec<f64> {
    let Some(of) = data.frame.column(column) else { return Vec::new() };
    if let Column::Numbers(values) = of {
        let mut own: Vec<f64> = data.rows.iter().map(|&row| values[row]).collect();
        own.sort_by(f64::total_cmp);
        own.dedup();
        return own;
    }
    let factor = of.factor(&data.rows);
    (0..factor.levels.len()).map(|at| at as f64).collect()
}

/// The grouping factors that lie in no other one: the patients; where factors are crossed, also the raters.
fn outer_factors(data: &ModelData) -> Vec<&RandomTermData> {
    let lies_in = |inner: &RandomTermData, outer: &RandomTermData| {
        is_constant_within(&inner.codes, inner.levels.len(), &outer.codes)
    };
    let is_outer = |(at, own): &(usize, &RandomTermData)| {
        let rank = |at: usize, of: &RandomTermData| (of.levels.len(), at);
        let mut others = data.random.iter().enumerate();
        !others.any(|(place, other)| rank(place, other) < rank(*at, own) && lies_in(own, other))
    };
    data.random.iter().enumerate().filter(is_outer).map(|(_, term)| term).collect()
}

/// The other one of two values; none where all are the same, or there are more.
fn second_value(column: &[f64]) -> Option<f64> {
    let first = *column.first()?;
    let other = column.iter().copied().find(|value| *value != first)?;
    column.iter().all(|value| *value == first || *value == other).then_some(other)
}

/// The analysis in two stages: see [`two_stage`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TwoStage {
    /// The grouping factor with a regression in each level.
    pub group: String,
    /// How many levels it has.
    pub all: usize,
    /// In how many of them the rows determine all coefficients.
    pub levels: usize,
    /// The test of each function.
    pub rows: Vec<Coefficient>,
}

/// The one-sample t test of linear functions of each patient's coefficients: regressions within each level of the
/// grouping factor in which all others lie, then their mean with n − 1 degrees of freedom. None where factors are
/// crossed, since the same patients then stand behind several regressions; where rows have weights; and unless
/// everything but the intercept varies within levels and at least two levels determine all coefficients.
///
/// It is exact where all have the same visits, whatever the covariance within a patient. Source:
/// Matthews, Altman, Campbell & Royston (1990), BMJ 300:230, on summary measures.
///
/// # Errors
/// If the level is not between 0 and 1, or a function has not a weight for each coefficient.
pub fn two_stage(
    data: &ModelData,
    functions: &[(String, Vec<f64>)],
    level: f64,
) -> Result<Option<TwoStage>, MixedError> {
    MixedError::check_level(level)?;
    functions.iter().try_for_each(|(_, weights)| check_length(data, weights.len()))?;
    Ok(tested_in_two_stages(data, functions, level))
}

fn tested_in_two_stages(data: &ModelData, functions: &[(String, Vec<f64>)], level: f64) -> Option<TwoStage> {
    let [outer] = outer_factors(data)[..] else { return None };
    let constant = |column: &[f64]| is_constant_within(&outer.codes, outer.levels.len(), column);
    if data.weights.is_some() || data.x.columns.iter().zip(&data.x.assign).any(|(c, &term)| term > 0 && constant(c)) {
        return None;
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); outer.levels.len()];
    outer.codes.iter().enumerate().for_each(|(row, &code)| members[code as usize].push(row));
    let within: Vec<Regression> = members.iter().filter_map(|rows| regression(data, rows)).collect();
    if within.len() < 2 {
        return None;
    }
    let n = within.len() as f64;
    let test = |(name, weights): &(String, Vec<f64>)| {
        let values: Vec<f64> = within.iter().map(|own| dot(weights, &own.coefficients)).collect();
        let mean = values.iter().sum::<f64>() / n;
        let noise = within.iter().map(|own| own.rounding(weights)).fold(0.0, f64::max);
        if values.iter().all(|value| (value - mean).abs() <= noise) {
            return without_spread(name, mean, n - 1.0, level);
        }
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        Coefficient::new(name, mean, (variance / n).sqrt(), Some(n - 1.0), level)
    };
    let rows = functions.iter().map(test).collect();
    Some(TwoStage { group: outer.group.clone(), all: outer.levels.len(), levels: within.len(), rows })
}

/// A mean of values that are all the same: with a standard error of 0 there is no t test.
fn without_spread(name: &str, mean: f64, df: f64, level: f64) -> Coefficient {
    let none = Interval { lower: f64::NAN, upper: f64::NAN };
    let same = Coefficient::new(name, mean, 0.0, Some(df), level);
    Coefficient { statistic: f64::NAN, p: f64::NAN, ci: none, ..same }
}

/// The regression of one patient's rows.
struct Regression {
    coefficients: Vec<f64>,
    columns: Orthonormal,
    /// √Σy².
    size: f64,
}

impl Regression {
    /// How far rounding alone may move a linear function of the coefficients, l′β = (R⁻ᵀl)′Q′y: its length times that
    /// of the response, times some units of the last digit.
    fn rounding(&self, of: &[f64]) -> f64 {
        const UNITS: f64 = 100.0 * f64::EPSILON;
        let function = self.columns.function(of);
        UNITS * dot(&function, &function).sqrt() * self.size
    }
}

/// The regression of one patient's rows; none where these do not determine the coefficients.
fn regression(data: &ModelData, rows: &[usize]) -> Option<Regression> {
    let columns: Vec<Vec<f64>> =
        data.x.columns.iter().map(|column| rows.iter().map(|&row| column[row]).collect()).collect();
    if rows.len() < columns.len() || !crate::numeric::matrix::dependent_columns(&columns).is_empty() {
        return None;
    }
    let offset = |row: usize| data.offset.as_ref().map_or(0.0, |offset| offset[row]);
    let mut y: Vec<f64> = rows.iter().map(|&row| data.y[row] - offset(row)).collect();
    let size = dot(&y, &y).sqrt();
    let columns = Orthonormal::new(columns);
    let of_q = columns.take_out(&mut y);
    Some(Regression { coefficients: columns.coefficients(&of_q), columns, size })
}

/// Two occasions of the same patients.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Occasions {
    /// The column that tells them apart.
    pub column: String,
    /// Whether its name says that they are before and after; otherwise it only stands once each in every patient, as
    /// two eyes do.
    pub is_named: bool,
}

impl Occasions {
    /// Occasions that a column tells apart whose name says that they are before and after.
    pub fn named(column: &str) -> Self {
        Self { column: column.to_owned(), is_named: true }
    }

    /// Occasions that a column tells apart whose name does not say that they are before and after.
    pub fn unnamed(column: &str) -> Self {
        Self { column: column.to_owned(), is_named: false }
    }
}

/// The two occasions of the same patients that the model compares, where it compares nothing else: one column has two
/// values that both stand in a patient, once each or under a name of time, and no column tells groups of patients
/// apart.
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::change::compares_occasions;
/// use reffect::mixed::{DataOptions, ModelData};
/// let frame = reffect::read::read_frame("data/examples/relapses.csv")?;
/// let data = ModelData::new(Formula::parse("relapses ~ after + (1 | patient)")?, frame, &DataOptions::default())?;
/// let occasions = compares_occasions(&data).ok_or("before and after")?;
/// assert!(occasions.column == "after" && occasions.is_named);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compares_occasions(data: &ModelData) -> Option<Occasions> {
    let outer = outer_factors(data);
    let varies = |column: &&Vec<f64>| column.iter().any(|value| *value != column[0]);
    if outer.is_empty() && data.x.columns.iter().filter(varies).count() > 1 {
        // Without groups of rows nothing says whether another column tells patients apart.
        return None;
    }
    // One of several columns of a factor tells a level apart, and no two occasions.
    let single = |term: usize| data.x.assign.iter().filter(|own| **own == term).count() == 1;
    let mut occasions = Vec::new();
    for ((column, &term), name) in data.x.columns.iter().zip(&data.x.assign).zip(&data.x.names) {
        if column.iter().all(|value| *value == column[0]) {
            continue;
        }
        if outer.iter().any(|of| is_constant_within(&of.codes, of.levels.len(), column)) {
            return None;
        }
        if term == 0 || !single(term) || second_value(column).is_none() {
            continue;
        }
        let is_named = is_named_like_time(data, term - 1);
        if is_named || outer.iter().any(|of| stands_once_each(of, column)) {
            occasions.push(Occasions { column: name.clone(), is_named });
        }
    }
    let [one] = <[Occasions; 1]>::try_from(occasions).ok()?;
    Some(one)
}

/// Whether no value of a column of two values stands twice in a level.
fn stands_once_each(of: &RandomTermData, column: &[f64]) -> bool {
    let mut seen = vec![[0usize; 2]; of.levels.len()];
    column.iter().zip(&of.codes).for_each(|(value, &code)| seen[code as usize][usize::from(*value != column[0])] += 1);
    seen.iter().flatten().all(|count| *count <= 1)
}

/// Whether the variables of a term are called like occasions, or the levels of one are.
fn is_named_like_time(data: &ModelData, term: usize) -> bool {
    let label = data.formula.terms.label(&data.formula.terms.terms[term]);
    let factors = data.design.factors();
    let levels = factors.iter().find(|(name, _)| *name == label).map(|(_, levels)| levels);
    is_name_of_time(&label) || levels.is_some_and(|levels| levels.iter().all(|level| is_name_of_time(level)))
}

/// Whether one of the words of a name, such as `post` of `post_2`, is that of an occasion.
fn is_name_of_time(name: &str) -> bool {
    const WORDS: [&str; 13] = [
        "after",
        "before",
        "post",
        "pre",
        "period",
        "phase",
        "occasion",
        "visit",
        "time",
        "baseline",
        "prior",
        "pretreatment",
        "posttreatment",
    ];
    let name = name.to_lowercase();
    let mut words = name.split(|c: char| !c.is_alphanumeric()).map(|part| part.trim_end_matches(char::is_numeric));
    words.any(|word| WORDS.contains(&word)) || name.contains(['前', '後'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_names_of_time() {
        for name in ["after", "post2", "Visit_3", "I(occasion == \"after\")", "baseline", "治療後", "month.before"] {
            assert!(is_name_of_time(name), "{name}");
        }
        for name in ["prednisone", "pressure_mmHg", "preterm", "timeout", "laser", "poster", "visitor", "afterload"] {
            assert!(!is_name_of_time(name), "{name}");
        }
    }
}
