//! Model matrices with R's names and contrasts.

use super::basis::{Basis, basis_call, polynomials_over};
use super::conditions::check_named_levels;
use super::error::FormulaError;
use super::evaluate::{Value, evaluate, numbers};
use super::factor::Factor;
use super::frame::{Column, Frame};
use super::parse::{Expr, Node};
use super::terms::Terms;
use crate::diagnostic::listed;
use std::collections::HashMap;

/// How a factor becomes columns where the intercept or another term already holds its sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Contrasts {
    /// Each level against the first.
    #[default]
    Treatment,
    /// Each level but the last, which is minus the sum of the others.
    Sum,
    /// Each level against the mean of those before it.
    Helmert,
}

/// What makes columns out of rows: terms, with levels, polynomials and knots fixed by the rows that a model
/// is fitted to, so that new rows give columns of the same meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    terms: Terms,
    variables: Vec<Variable>,
    /// For each term, whether each of its variables stands by all its levels instead of contrasts.
    full: Vec<Vec<bool>>,
    /// For each variable, whether it is a factor whose levels are in order, with polynomials as contrasts.
    ordered: Vec<bool>,
    contrasts: Contrasts,
}

/// A variable as it was found in the rows of the fit.
#[derive(Clone, Debug, PartialEq)]
enum Variable {
    Numbers,
    Levels(Vec<String>),
    Curve(Basis),
}

/// Columns with names.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelMatrix {
    /// The name of each column, as R gives it.
    pub names: Vec<String>,
    /// The columns.
    pub columns: Vec<Vec<f64>>,
    /// The term of each column, counted from 1; 0 is the intercept.
    pub assign: Vec<usize>,
}

impl Design {
    /// Fixes the levels of factors by the given rows, and the curves of terms, as R does, by all rows that have their
    /// variable: a visit without a response still counts for the knots.
    ///
    /// # Errors
    /// If a column or function is unknown, or a factor has one level where it stands by contrasts.
    pub fn new(terms: &Terms, frame: &Frame, rows: &[usize], contrasts: Contrasts) -> Result<Self, FormulaError> {
        let mut variables = Vec::with_capacity(terms.variables.len());
        for (_, expr) in &terms.variables {
            check_named_levels(expr, frame, rows, &terms.source)?;
            variables.push(match basis_call(expr, &terms.source)? {
                Some((argument, kind)) => {
                    let all: Vec<usize> = (0..frame.len()).collect();
                    let mut values = numbers(argument, frame, &all, &terms.source)?;
                    // What Terms::missing leaves out, such as the logarithm of 0, is no part of the curve either.
                    values.retain(|value| value.is_finite());
                    Variable::Curve(Basis::new(&values, &kind, expr, &terms.source)?)
                }
                None => match evaluate(expr, frame, rows, &terms.source)? {
                    Value::Numbers(_) => Variable::Numbers,
                    Value::Factor(factor) => Variable::Levels(used_levels(&factor)),
                },
            });
        }
        let is_factor: Vec<bool> = variables.iter().map(|v| matches!(v, Variable::Levels(_))).collect();
        let full = full_codings(terms, &is_factor);
        let ordered = terms.variables.iter().map(|(_, expr)| is_ordered(expr)).collect();
        let design = Self { terms: terms.clone(), variables, full, ordered, contrasts };
        design.refuse_single_levels()?;
        design.refuse_long_orders()?;
        Ok(design)
    }

    /// A factor of one level has no contrasts: its term would be gone without a word.
    fn refuse_single_levels(&self) -> Result<(), FormulaError> {
        for (term, full) in self.terms.terms.iter().zip(&self.full) {
            for (&variable, _) in term.variables.iter().zip(full).filter(|(_, full)| !**full) {
                let Variable::Levels(levels) = &self.variables[variable] else { continue };
                let [only] = levels.as_slice() else { continue };
                let (label, expr) = &self.terms.variables[variable];
                let message =
                    format!("{label} has one level in these rows, {only}: there is nothing to compare it with");
                let error = FormulaError::new(message, &self.terms.source, expr.span.clone());
                return Err(error.with_hint("leave it out, or take rows of several levels"));
            }
        }
        Ok(())
    }

    /// Nobody reads polynomials of so high a degree; R refuses as many.
    fn refuse_long_orders(&self) -> Result<(), FormulaError> {
        let all = self.terms.variables.iter().zip(&self.variables).zip(&self.ordered);
        for (((label, expr), variable), _) in all.filter(|(_, ordered)| **ordered) {
            let Variable::Levels(levels) = variable else { continue };
            if levels.len() > MOST_ORDERED {
                let message =
                    format!("{label} has {} levels, too many for a polynomial over all of them", levels.len());
                let error = FormulaError::new(message, &self.terms.source, expr.span.clone());
                return Err(error.with_hint(format!(
                    "at most {MOST_ORDERED} are taken; poly(x, 3) or ns(x, df = 4) are curves over many values"
                )));
            }
        }
        Ok(())
    }

    /// The same with the contrasts that were asked for also of factors whose levels are in order.
    pub fn without_order(self) -> Self {
        Self { ordered: vec![false; self.ordered.len()], ..self }
    }

    /// Whether a variable of the terms is a factor whose levels are in order.
    pub fn is_ordered(&self, variable: usize) -> bool {
        self.ordered.get(variable) == Some(&true)
    }

    /// The levels of the factor of this name.
    pub fn levels(&self, label: &str) -> Option<&[String]> {
        let at = self.terms.variables.iter().position(|(own, _)| own == label)?;
        match &self.variables[at] {
            Variable::Levels(levels) => Some(levels),
            Variable::Numbers | Variable::Curve(_) => None,
        }
    }

    /// The terms that it is made of.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Each factor as its columns are named, with its levels in their order: contrasts compare with the first one.
    /// Factors whose levels are in order have polynomials instead, and are none of these.
    pub fn factors(&self) -> Vec<(String, Vec<String>)> {
        let levels = |((label, _), variable): (&(String, Expr), &Variable)| match variable {
            Variable::Levels(levels) => Some((label.clone(), levels.clone())),
            Variable::Numbers | Variable::Curve(_) => None,
        };
        let all = self.terms.variables.iter().zip(&self.variables).zip(&self.ordered);
        all.filter(|(_, ordered)| !**ordered).filter_map(|(of, _)| levels(of)).collect()
    }

    /// The columns of the table that the terms are made of.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.terms.variables.iter().flat_map(|(_, expr)| expr.columns())
    }

    /// For each variable of a term in its order, how many columns it brings, and whether these are the
    /// contrasts of a factor (with one level more).
    pub fn widths(&self, term: usize) -> Vec<(usize, bool)> {
        let width = |(&variable, &full): (&usize, &bool)| match &self.variables[variable] {
            Variable::Numbers => (1, false),
            Variable::Curve(basis) => (basis.width(), false),
            Variable::Levels(levels) if full => (levels.len(), false),
            Variable::Levels(levels) => (levels.len() - 1, true),
        };
        self.terms.terms[term].variables.iter().zip(&self.full[term]).map(width).collect()
    }

    /// The same terms with each factor by all its levels, so that the columns of a term depend on those of the
    /// terms that it contains.
    pub fn with_all_levels(&self) -> Self {
        let full = self.full.iter().map(|of| vec![true; of.len()]).collect();
        Self { full, ..self.clone() }
    }

    /// Whether a variable of the terms is a factor.
    pub fn is_factor(&self, variable: usize) -> bool {
        matches!(self.variables.get(variable), Some(Variable::Levels(_)))
    }

    /// The columns of the given rows, the intercept under the name that the caller gives it.
    ///
    /// # Errors
    /// If a column is unknown, or a row has a level that the rows of the fit did not have.
    pub fn matrix(&self, frame: &Frame, rows: &[usize], intercept: &str) -> Result<ModelMatrix, FormulaError> {
        let mut matrix = ModelMatrix { names: Vec::new(), columns: Vec::new(), assign: Vec::new() };
        if self.terms.intercept {
            matrix.push(intercept.to_owned(), vec![1.0; rows.len()], 0);
        }
        let values: Vec<Prepared> =
            (0..self.variables.len()).map(|variable| self.prepared(variable, frame, rows)).collect::<Result<_, _>>()?;
        for (number, term) in self.terms.terms.iter().enumerate() {
            self.refuse_names(&term.variables, rows.len())?;
            // The first variable of an interaction varies fastest.
            let mut columns = vec![(String::new(), vec![1.0; rows.len()])];
            for (&variable, &full) in term.variables.iter().zip(&self.full[number]) {
                let own = values[variable].columns(full, self.contrasts);
                columns = own.iter().flat_map(|right| columns.iter().map(|left| product(left, right))).collect();
            }
            for (name, column) in columns {
                matrix.push(name, column, number + 1);
            }
        }
        Ok(matrix)
    }

    /// A text with a level for nearly every row would make a matrix of rows times rows before anyone could say that
    /// there are too many coefficients.
    fn refuse_names(&self, variables: &[usize], rows: usize) -> Result<(), FormulaError> {
        const LARGE: usize = 20_000_000;
        let levels = |variable: &usize| match &self.variables[*variable] {
            Variable::Levels(levels) => levels.len(),
            _ => 1,
        };
        let columns = variables.iter().map(levels).fold(1usize, usize::saturating_mul);
        if columns < rows || columns.saturating_mul(rows) < LARGE {
            return Ok(());
        }
        let widest = variables.iter().max_by_key(|variable| levels(variable)).copied().unwrap_or_default();
        let (label, expr) = &self.terms.variables[widest];
        let message = format!("{label} makes {columns} columns of {rows} rows: more than can be estimated");
        let error = FormulaError::new(message, &self.terms.source, expr.span.clone());
        Err(error.with_hint(
            "a text with a level for nearly every row is a name; leave it out, or let `fit` group by it: (1 | name)"
                .to_owned(),
        ))
    }

    fn prepared(&self, variable: usize, frame: &Frame, rows: &[usize]) -> Result<Prepared, FormulaError> {
        let (label, expr) = &self.terms.variables[variable];
        let source = &self.terms.source;
        match &self.variables[variable] {
            Variable::Numbers => Ok(Prepared::Numbers(vec![(label.clone(), numbers(expr, frame, rows, source)?)])),
            Variable::Curve(basis) => {
                let argument = basis_call(expr, source)?.map_or(expr, |(argument, _)| argument);
                let columns = basis.columns(&numbers(argument, frame, rows, source)?);
                let is_single = columns.len() == 1;
                let name = |at: usize| if is_single { label.clone() } else { format!("{label}{}", at + 1) };
                let named = columns.into_iter().enumerate().map(|(at, column)| (name(at), column));
                Ok(Prepared::Numbers(named.collect()))
            }
            Variable::Levels(levels) => {
                let Value::Factor(factor) = evaluate(expr, frame, rows, source)? else {
                    let message = format!("{label} was a factor when the model was fitted, and here it holds numbers");
                    return Err(FormulaError::new(message, source, expr.span.clone()));
                };
                let known: HashMap<&String, usize> = levels.iter().zip(0..).collect();
                let places: Vec<Option<usize>> = factor.levels.iter().map(|level| known.get(level).copied()).collect();
                let used = used_levels(&factor);
                if let Some(new) = used.iter().find(|level| !known.contains_key(level)) {
                    let error = FormulaError::new(format!("{label} has no level `{new}`"), source, expr.span.clone());
                    return Err(error.with_hint(format!("the levels are {}", listed(levels))));
                }
                let codes = factor.codes.iter().map(|code| code.and_then(|code| places[code])).collect();
                let factor = Factor { levels: levels.clone(), codes };
                Ok(Prepared::Factor { label: label.clone(), factor, is_ordered: self.ordered[variable] })
            }
        }
    }
}

impl Terms {
    /// For each row of a frame, the name of the first variable that is missing there, also of those that stand behind
    /// a minus alone: R keeps them in the model frame.
    ///
    /// # Errors
    /// If a column or function is unknown.
    pub fn missing_in_frame(&self, frame: &Frame) -> Result<Vec<Option<String>>, FormulaError> {
        let removed = Self { variables: self.removed.clone(), ..self.clone() };
        let of_removed = removed.missing(frame)?;
        Ok(self.missing(frame)?.into_iter().zip(of_removed).map(|(own, removed)| own.or(removed)).collect())
    }

    /// For each row of a frame, the name of the first variable that is missing there; of one that is computed from
    /// numbers that are there, such as the logarithm of 0, that a finite one is missing.
    ///
    /// # Errors
    /// If a column or function is unknown.
    pub fn missing(&self, frame: &Frame) -> Result<Vec<Option<String>>, FormulaError> {
        let rows: Vec<usize> = (0..frame.len()).collect();
        let mut missing = vec![None; rows.len()];
        for (label, expr) in &self.variables {
            let inner = basis_call(expr, &self.source)?.map_or(expr, |(argument, _)| argument);
            let absent: Vec<bool> = match evaluate(inner, frame, &rows, &self.source)? {
                Value::Numbers(values) => values.iter().map(|value| !value.is_finite()).collect(),
                Value::Factor(factor) => factor.codes.iter().map(Option::is_none).collect(),
            };
            let columns: Vec<&Column> = expr.columns().into_iter().filter_map(|name| frame.column(name)).collect();
            for (row, place) in missing.iter_mut().enumerate().filter(|(row, place)| absent[*row] && place.is_none()) {
                let is_computed = columns.iter().all(|column| column.has(row));
                *place = Some(if is_computed { format!("a finite {label}") } else { label.clone() });
            }
        }
        Ok(missing)
    }
}

impl ModelMatrix {
    fn push(&mut self, name: String, column: Vec<f64>, term: usize) {
        self.names.push(name);
        self.columns.push(column);
        self.assign.push(term);
    }

    /// Takes columns away.
    pub fn remove(&mut self, positions: &[usize]) {
        fn kept<T>(all: &mut Vec<T>, keep: &[bool]) {
            let mut keep = keep.iter();
            all.retain(|_| keep.next().copied().unwrap_or(true));
        }
        let keep: Vec<bool> = (0..self.columns.len()).map(|at| !positions.contains(&at)).collect();
        kept(&mut self.names, &keep);
        kept(&mut self.columns, &keep);
        kept(&mut self.assign, &keep);
    }
}

/// More levels than these are no factor in order but a measurement.
const MOST_ORDERED: usize = 95;

/// Whether an expression is a factor whose levels are in order.
fn is_ordered(expr: &Expr) -> bool {
    match &expr.node {
        Node::Call(name, _) => name == "ordered",
        Node::Parenthesis(inner) => is_ordered(inner),
        _ => false,
    }
}

/// How R names the polynomial of a degree: linear, quadratic, cubic.
fn degree_name(degree: usize) -> String {
    match degree {
        1 => ".L".to_owned(),
        2 => ".Q".to_owned(),
        3 => ".C".to_owned(),
        degree => format!("^{degree}"),
    }
}

/// Where a variable of a term stands by all its levels: unless the model also holds the term without
/// it, or something that contains that. Without an intercept the first factor takes its place.
///
/// Source: the matrix `factors` of R's `terms.object`, and `model.matrix`.
fn full_codings(terms: &Terms, is_factor: &[bool]) -> Vec<Vec<bool>> {
    let mut full: Vec<Vec<bool>> = Vec::with_capacity(terms.terms.len());
    for (number, term) in terms.terms.iter().enumerate() {
        let needs_all = |variable: &usize| {
            let rest: Vec<usize> = term.variables.iter().copied().filter(|other| other != variable).collect();
            let holds_rest = |earlier: &super::terms::Term| rest.iter().all(|other| earlier.variables.contains(other));
            !rest.is_empty() && !terms.terms[..number].iter().any(holds_rest)
        };
        full.push(term.variables.iter().map(needs_all).collect());
    }
    if !terms.intercept {
        let first = terms.terms.iter().enumerate().find_map(|(number, term)| {
            term.variables.iter().position(|&variable| is_factor[variable]).map(|position| (number, position))
        });
        if let Some((number, position)) = first {
            full[number][position] = true;
        }
    }
    full
}

fn used_levels(factor: &Factor) -> Vec<String> {
    let mut used = vec![false; factor.levels.len()];
    factor.codes.iter().flatten().for_each(|&code| used[code] = true);
    factor.levels.iter().zip(used).filter(|(_, used)| *used).map(|(level, _)| level.clone()).collect()
}

fn product(left: &(String, Vec<f64>), right: &(String, Vec<f64>)) -> (String, Vec<f64>) {
    let name = if left.0.is_empty() { right.0.clone() } else { format!("{}:{}", left.0, right.0) };
    (name, left.1.iter().zip(&right.1).map(|(a, b)| a * b).collect())
}

enum Prepared {
    Numbers(Vec<(String, Vec<f64>)>),
    Factor { label: String, factor: Factor, is_ordered: bool },
}

impl Prepared {
    fn columns(&self, full: bool, contrasts: Contrasts) -> Vec<(String, Vec<f64>)> {
        let (label, factor, is_ordered) = match self {
            Self::Numbers(columns) => return columns.clone(),
            Self::Factor { label, factor, is_ordered } => (label, factor, *is_ordered),
        };
        let count = factor.levels.len();
        let column = |name: &str, value: &dyn Fn(usize) -> f64| {
            let values = factor.codes.iter().map(|code| code.map_or(f64::NAN, value)).collect();
            (format!("{label}{name}"), values)
        };
        let is = |level: usize| move |code: usize| f64::from(u8::from(code == level));
        if full {
            return (0..count).map(|level| column(&factor.levels[level], &is(level))).collect();
        }
        if is_ordered {
            let polynomials = polynomials_over(count);
            return polynomials
                .iter()
                .zip(1..)
                .map(|(of, degree)| column(&degree_name(degree), &|code| of[code]))
                .collect();
        }
        match contrasts {
            Contrasts::Treatment => (1..count).map(|level| column(&factor.levels[level], &is(level))).collect(),
            Contrasts::Sum => {
                let last = count.saturating_sub(1);
                let value = |level: usize| move |code: usize| if code == last { -1.0 } else { is(level)(code) };
                (0..last).map(|level| column(&(level + 1).to_string(), &value(level))).collect()
            }
            Contrasts::Helmert => {
                let value = |level: usize| {
                    move |code: usize| match code.cmp(&level) {
                        std::cmp::Ordering::Less => -1.0,
                        std::cmp::Ordering::Equal => level as f64,
                        std::cmp::Ordering::Greater => 0.0,
                    }
                };
                (1..count).map(|level| column(&level.to_string(), &value(level))).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::Formula;
    use crate::numeric::matrix::dependent_columns;

    fn frame() -> Frame {
        let mut frame = Frame::default();
        frame.numbers("x", vec![1.5, 2.0, 3.5, 4.0, 7.0, 9.0]);
        frame.numbers("y", vec![2.0, 4.0, 4.0, 8.0, 8.0, 2.0]);
        for (name, texts) in [("f", ["b", "a", "c", "a", "b", "c"]), ("g", ["u", "u", "v", "v", "u", "v"])] {
            frame.texts(name, texts.map(|text| Some(text.to_owned())));
        }
        frame
    }

    /// Names, sums of column times row number, and the columns that R's `qr` moves to the end, from
    /// `model.matrix` of R 4.2.2.
    #[test]
    fn matrices_are_those_of_r() {
        for (text, names, sums, dropped) in [
            ("x + f", "(Intercept) x fb fc", "21 121 6 9", ""),
            ("f - 1", "fa fb fc", "6 6 9", ""),
            ("0 + x + f", "x fa fb fc", "121 6 6 9", ""),
            ("f:g", "(Intercept) fa:gu fb:gu fc:gu fa:gv fb:gv fc:gv", "21 2 6 0 4 0 9", "fc:gu fb:gv fc:gv"),
            ("f * g", "(Intercept) fb fc gv fb:gv fc:gv", "21 6 9 13 0 9", "fb:gv fc:gv"),
            ("x:f", "(Intercept) x:fa x:fb x:fc", "21 20 36.5 64.5", ""),
            ("x + x:f", "(Intercept) x x:fb x:fc", "21 121 36.5 64.5", ""),
            ("f + x:f", "(Intercept) fb fc fa:x fb:x fc:x", "21 6 9 20 36.5 64.5", ""),
            ("factor(y) + I(x^2)", "(Intercept) factor(y)4 factor(y)8 I(x^2)", "21 5 9 842", ""),
            ("g + f:g", "(Intercept) gv gu:fb gv:fb gu:fc gv:fc", "21 13 6 0 0 9", "gv:fb gu:fc"),
            ("f/g", "(Intercept) fb fc fa:gv fb:gv fc:gv", "21 6 9 4 0 9", "fb:gv fc:gv"),
            ("0 + f:x", "fa:x fb:x fc:x", "20 36.5 64.5", ""),
            ("x + I(2 * x) + f", "(Intercept) x I(2 * x) fb fc", "21 121 242 6 9", "I(2 * x)"),
            ("x - 1 + f:g", "x fa:gu fb:gu fc:gu fa:gv fb:gv fc:gv", "121 2 6 0 4 0 9", "fc:gu fb:gv"),
            (
                "poly(x,2) + log(y)",
                "(Intercept) poly(x, 2)1 poly(x, 2)2 log(y)",
                "21 4.04121211381402 -0.850005977035738 30.4984759446376",
                "",
            ),
        ] {
            check(text, Contrasts::Treatment, names, sums, dropped);
        }
        check("f * x", Contrasts::Sum, "(Intercept) f1 f2 x f1:x f2:x", "21 -3 -3 121 -44.5 -28", "");
        check("f * g", Contrasts::Helmert, "(Intercept) f1 f2 g1 f1:g1 f2:g1", "21 0 6 5 -8 22", "f1:g1 f2:g1");
    }

    fn check(text: &str, contrasts: Contrasts, names: &str, sums: &str, dropped: &str) {
        let (frame, rows) = (frame(), [0, 1, 2, 3, 4, 5]);
        let design = Design::new(&Formula::parse(text).unwrap().terms, &frame, &rows, contrasts).unwrap();
        let mut matrix = design.matrix(&frame, &rows, "(Intercept)").unwrap();
        let joined = matrix.names.join(" ");
        assert_eq!(joined, names, "{text}");
        for (column, expected) in matrix.columns.iter().zip(sums.split(' ')) {
            let sum: f64 = column.iter().zip(1..).map(|(value, row)| value * f64::from(row)).sum();
            let expected: f64 = expected.parse().unwrap();
            assert!((sum - expected).abs() < 1e-12 * expected.abs().max(1.0), "{text}: {sum} for {expected}");
        }
        let dependent = dependent_columns(&matrix.columns);
        let found: Vec<&str> = dependent.iter().map(|&column| matrix.names[column].as_str()).collect();
        assert_eq!(found.join(" "), dropped, "{text}");
        let before = matrix.names.len();
        matrix.remove(&dependent);
        assert_eq!(matrix.columns.len(), before - dependent.len());
        assert_eq!(matrix.names.len(), matrix.assign.len());
    }

    #[test]
    fn new_rows_get_columns_of_the_same_meaning() {
        let frame = frame();
        let terms = Formula::parse("poly(x, 2) + f").unwrap().terms;
        let design = Design::new(&terms, &frame, &[0, 1, 2, 3, 4, 5], Contrasts::Treatment).unwrap();
        let whole = design.matrix(&frame, &[0, 1, 2, 3, 4, 5], "(Intercept)").unwrap();
        let part = design.matrix(&frame, &[4], "(Intercept)").unwrap();
        for (all, one) in whole.columns.iter().zip(&part.columns) {
            assert!((all[4] - one[0]).abs() < 1e-14);
        }
        let fewer = Design::new(&terms, &frame, &[0, 1, 3, 4], Contrasts::Treatment).unwrap();
        let error = fewer.matrix(&frame, &[2], "(Intercept)").unwrap_err();
        assert!(error.message.contains("no level `c`"), "{error}");
    }

    #[test]
    fn missing_values_references_and_unknown_names_are_told() {
        let mut frame = frame();
        frame.numbers("z", vec![1.0, f64::NAN, 0.0, 2.0, 3.0, 4.0]);
        frame.texts("t", [Some("p"), None, Some("q"), Some("p"), Some("q"), Some("p")].map(|t| t.map(str::to_owned)));
        let missing = Formula::parse("log(z) + t").unwrap().terms.missing(&frame).unwrap();
        assert_eq!(missing[1].as_deref(), Some("log(z)"));
        assert_eq!(missing[2].as_deref(), Some("a finite log(z)"));
        assert_eq!(missing[0], None);
        assert!(frame.set_reference("f", "c") && !frame.set_reference("x", "1"));
        let terms = Formula::parse("f").unwrap().terms;
        let design = Design::new(&terms, &frame, &[0, 1, 2], Contrasts::Treatment).unwrap();
        assert_eq!(design.matrix(&frame, &[0, 1, 2], "intrcpt").unwrap().names, ["intrcpt", "fa", "fb"]);
        for (text, hint) in
            [("xx", "did you mean `x`?"), ("lgo(x)", "did you mean `log`?"), ("f^2 + I(f + 1)", "columns of numbers")]
        {
            let terms = Formula::parse(text).unwrap().terms;
            let error = Design::new(&terms, &frame, &[0], Contrasts::Treatment).unwrap_err();
            assert!(error.to_string().contains(hint), "{error}");
        }
    }
}
