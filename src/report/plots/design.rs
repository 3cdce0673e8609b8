//! The rows of a meta-regression's model matrix, rebuilt for values that no study has.
//!
//! A document lists the matrix of its studies under the names of coefficients, and no variables. So a row
//! for another value is rebuilt by these names: `a:b` is a product, `I(a^2)` a power, and everything else
//! of the same variable is refused.

use super::{MetaResult, Missing, both};

/// What a chart is drawn against.
pub(super) enum Moderator {
    /// A coefficient of a number.
    Number(usize),
    /// The indicator columns of a factor.
    Factor {
        /// Its name.
        name: String,
        /// The coefficients of its levels.
        dummies: Vec<usize>,
    },
}

/// A model matrix with its coefficients.
pub(super) struct Design<'a> {
    pub result: &'a MetaResult,
    /// The variables of the formula; none where the document does not tell it.
    formula: Option<Vec<String>>,
    means: Vec<f64>,
    /// Half an interval in standard errors, as the coefficients' own intervals have it; none where each has degrees of
    /// freedom of its own, as by Satterthwaite, and a mean would have others again.
    critical: Option<f64>,
}

impl<'a> Design<'a> {
    pub fn new(result: &'a MetaResult) -> Result<Self, Missing> {
        let mut means = Vec::new();
        for one in &result.coefficients {
            let values: Option<Vec<f64>> = result.studies.iter().map(|study| study.x.get(&one.name).copied()).collect();
            let values = values.ok_or("its studies have no moderators")?;
            means.push(values.iter().sum::<f64>() / values.len().max(1) as f64);
        }
        let half = |one: &super::Pooled| Some((both(one.ci)?[1] - one.estimate?) / one.se?);
        let critical = result.coefficients.iter().find_map(half).ok_or("its coefficients have no intervals")?;
        let df = || result.coefficients.iter().filter_map(|one| one.df);
        let is_one = df().zip(df().skip(1)).all(|(one, next)| (one - next).abs() <= 1e-9 * one.abs());
        let critical = Some(critical).filter(|_| is_one);
        let formula = result.formula.as_deref().map(variables);
        Ok(Self { result, formula, means, critical })
    }

    /// Whether a mean has an interval by what the document tells.
    pub fn has_intervals(&self) -> bool {
        self.critical.is_some()
    }

    pub fn name(&self, at: usize) -> &'a str {
        &self.result.coefficients[at].name
    }

    /// The value of a study in a column.
    pub fn value(&self, at: usize, study: usize) -> f64 {
        self.result.studies[study].x.get(self.name(at)).copied().unwrap_or(f64::NAN)
    }

    /// The values of all studies in a column.
    pub fn values(&self, at: usize) -> impl Iterator<Item = f64> {
        (0..self.result.studies.len()).map(move |study| self.value(at, study))
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.result.coefficients.iter().position(|one| one.name == name)
    }

    /// The moderator that was asked for, or the first one that a chart can be drawn against.
    ///
    /// # Errors
    /// There is none, or a term of it cannot be rebuilt.
    pub fn moderator(&self, asked: Option<&str>) -> Result<Moderator, Missing> {
        let columns = || 0..self.result.coefficients.len();
        let Some(asked) = asked else {
            let mut found = columns().filter(|at| self.name(*at) != "intrcpt").map(|at| self.checked(self.along(at)));
            let first = found.next().ok_or_else(|| match &self.result.formula {
                Some(formula) => {
                    format!("nothing of its moderators {formula} is left: they are the same in all studies")
                }
                None => "it has no moderator: pass --mods COLUMN".to_owned(),
            })?;
            return first.or_else(|reason| found.find_map(Result::ok).ok_or(reason));
        };
        let is_asked = |factor: &str| factor == asked || column_of(factor) == asked;
        let of_factor = || columns().find(|at| self.factor(*at).is_some_and(|factor| is_asked(&factor)));
        let is_moderator = |at: &usize| self.name(*at) != "intrcpt";
        let at = self.place(asked).filter(is_moderator).or_else(of_factor).ok_or_else(|| {
            let names: Vec<&str> = columns().filter(is_moderator).map(|at| self.name(at)).collect();
            format!("it has no moderator `{asked}`: its coefficients are {}", names.join(", "))
        })?;
        self.checked(self.along(at))
    }

    fn along(&self, at: usize) -> Moderator {
        let Some(name) = self.factor(at) else { return Moderator::Number(at) };
        let own = |at: &usize| self.factor(*at).as_ref() == Some(&name);
        let dummies = (0..self.result.coefficients.len()).filter(own).collect();
        Moderator::Factor { name, dummies }
    }

    /// The moderator, unless a column that depends on it cannot be rebuilt.
    fn checked(&self, moderator: Moderator) -> Result<Moderator, Missing> {
        let own = match &moderator {
            Moderator::Number(at) => vec![*at],
            Moderator::Factor { dummies, .. } => dummies.clone(),
        };
        let is_bound = |other: &usize| own.iter().any(|at| self.is_bound(*at, *other));
        match (0..self.result.coefficients.len()).find(is_bound) {
            None => Ok(moderator),
            Some(other) => Err(format!(
                "`{}` changes with `{}` in a way that cannot be rebuilt from the model matrix: predict the values that \
                 you want with `reffect meta … --predict --newmods`, or draw a model without that term",
                self.name(other),
                self.name(own[0])
            )),
        }
    }

    /// The factor whose level a column indicates.
    fn factor(&self, at: usize) -> Option<String> {
        let name = self.name(at);
        if let Some(wrapped) = factor_call(name) {
            return Some(wrapped.to_owned());
        }
        let formula = self.formula.as_ref()?;
        let is_indicator = self.values(at).all(|value| value == 0.0 || value == 1.0);
        if name == "intrcpt" || name.contains([':', '(']) || !is_indicator || formula.iter().any(|own| own == name) {
            return None;
        }
        let owners = formula.iter().filter(|own| name.starts_with(own.as_str()));
        owners.max_by_key(|own| own.len()).cloned()
    }

    /// The studies of the level of a factor that has no column of its own.
    fn of_reference(&self, dummies: &[usize]) -> impl Iterator<Item = usize> {
        let is_left = |study: &usize| dummies.iter().all(|dummy| self.value(*dummy, *study) == 0.0);
        (0..self.result.studies.len()).filter(is_left)
    }

    /// The name of that level, where the document tells the levels.
    pub fn reference(&self, factor: &str, dummies: &[usize]) -> Option<&str> {
        let has_column = |level: &&String| dummies.iter().any(|dummy| *self.name(*dummy) == format!("{factor}{level}"));
        self.result.factors.get(factor)?.iter().find(|level| !has_column(level)).map(String::as_str)
    }

    /// The levels of a factor with their columns; the one that has none comes first, under its name or the one given,
    /// if a study has it.
    pub fn levels(&self, factor: &str, dummies: &[usize], reference: &str) -> Vec<(String, Option<usize>)> {
        let has_reference = self.of_reference(dummies).next().is_some();
        let reference = self.reference(factor, dummies).unwrap_or(reference);
        let own = dummies.iter().map(|dummy| {
            let level = self.name(*dummy).strip_prefix(factor).unwrap_or(self.name(*dummy));
            (level.to_owned(), Some(*dummy))
        });
        has_reference.then(|| (reference.to_owned(), None)).into_iter().chain(own).collect()
    }

    /// Whether another column depends on this one and is not rebuilt from it.
    fn is_bound(&self, at: usize, other: usize) -> bool {
        let (name, of) = (self.name(at), self.name(other));
        let shares = |part: &str| part != name && variables(part).iter().any(|own| variables(name).contains(own));
        if at == other || !shares(of) {
            return false;
        }
        // Levels of one factor are set together.
        if self.factor(at).is_some() && self.factor(at) == self.factor(other) {
            return false;
        }
        match self.parts(other) {
            Some(parts) => parts.iter().any(|part| self.is_bound(at, *part)),
            None => self.power(other).is_none_or(|(base, _)| base != at),
        }
    }

    /// Whether another column is rebuilt from this one.
    pub fn moves_others(&self, at: usize) -> bool {
        let own = |other: usize| {
            let of_parts = self.parts(other).is_some_and(|parts| parts.contains(&at));
            of_parts || self.power(other).is_some_and(|(base, _)| base == at)
        };
        (0..self.result.coefficients.len()).any(own)
    }

    /// Whether there are moderators besides these and what is made of them.
    pub fn has_others(&self, own: &[usize]) -> bool {
        let is_single = |at: &usize| self.parts(*at).is_none() && self.power(*at).is_none();
        let count = self.result.coefficients.len();
        (0..count).filter(is_single).any(|at| self.name(at) != "intrcpt" && !own.contains(&at))
    }

    /// The columns whose product a column is.
    fn parts(&self, at: usize) -> Option<Vec<usize>> {
        let name = self.name(at);
        name.contains(':').then(|| name.split(':').map(|part| self.place(part)).collect()).flatten()
    }

    /// The column a power of which a column is, and the exponent.
    fn power(&self, at: usize) -> Option<(usize, i32)> {
        let (base, exponent) = self.name(at).strip_prefix("I(")?.strip_suffix(')')?.split_once('^')?;
        let exponent = exponent.trim().bytes().all(|c| c.is_ascii_digit()).then(|| exponent.trim().bytes());
        let exponent =
            exponent?.fold(0_i32, |sum, digit| sum.saturating_mul(10).saturating_add(i32::from(digit - b'0')));
        Some((self.place(base.trim())?, exponent))
    }

    /// A column's value where some are set and the others are held at their means.
    fn at(&self, column: usize, set: &[(usize, f64)]) -> f64 {
        if let Some((_, value)) = set.iter().find(|(at, _)| *at == column) {
            return *value;
        }
        if let Some(parts) = self.parts(column) {
            return parts.iter().map(|part| self.at(*part, set)).product();
        }
        match self.power(column) {
            Some((base, exponent)) => self.at(base, set).powi(exponent),
            None => self.means[column],
        }
    }

    /// The mean effect and half its interval, where it has one, with some columns set.
    ///
    /// # Errors
    /// The document lacks coefficients or their covariance.
    pub fn fitted(&self, set: &[(usize, f64)]) -> Result<(f64, Option<f64>), Missing> {
        let count = self.result.coefficients.len();
        self.mean((0..count).map(|column| self.at(column, set)).collect())
    }

    /// The mean effect that the model gives a study by its moderators, and half of its interval.
    pub fn fitted_of(&self, study: usize) -> Result<(f64, Option<f64>), Missing> {
        self.mean((0..self.result.coefficients.len()).map(|column| self.value(column, study)).collect())
    }

    fn mean(&self, row: Vec<f64>) -> Result<(f64, Option<f64>), Missing> {
        let count = row.len();
        let missing = || "it has no covariance of its coefficients (`vcov`)".to_owned();
        let covariance = |i: usize, j: usize| self.result.vcov.get(i)?.get(j).copied().flatten();
        let mut fitted = 0.0;
        let mut variance = 0.0;
        for i in 0..count {
            fitted += row[i] * self.result.coefficients[i].estimate.ok_or_else(missing)?;
            for j in 0..count {
                variance += row[i] * row[j] * covariance(i, j).ok_or_else(missing)?;
            }
        }
        Ok((fitted, self.critical.map(|critical| critical * variance.max(0.0).sqrt())))
    }
}

/// `factor(…)` at the front of the name of a column that stands for one level of it.
fn factor_call(name: &str) -> Option<&str> {
    let end = name.strip_prefix("factor(")?.find(')')? + "factor(".len() + 1;
    let level = &name[end..];
    (!level.is_empty() && !level.contains(':')).then_some(&name[..end])
}

/// The column of a factor, with or without the call that makes it one.
pub(super) fn column_of(factor: &str) -> &str {
    factor.strip_prefix("factor(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(factor).trim()
}

/// The variables in a term or formula: its names, but for those of functions.
fn variables(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut rest = text;
    while let Some(start) = rest.find(is_name) {
        let end = rest[start..].find(|c| !is_name(c)).map_or(rest.len(), |length| start + length);
        let name = &rest[start..end];
        rest = &rest[end..];
        if !name.starts_with(|c: char| c.is_ascii_digit()) && !rest.starts_with('(') {
            found.push(name.to_owned());
        }
    }
    found
}
