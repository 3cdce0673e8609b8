//! Terms: main effects and interactions, in R's order.

use super::deparse::deparse;
use super::error::FormulaError;
use super::parse::{Expr, Node, Operator, sides};
use std::collections::HashSet;
use std::ops::Range;

/// A formula: perhaps a response, fixed terms, and random terms behind bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// The text as it was given.
    pub source: String,
    /// The left-hand side, if there is one.
    pub response: Option<Response>,
    /// The fixed part.
    pub terms: Terms,
    /// What stands as `(terms | group)`.
    pub random: Vec<RandomTerm>,
}

/// The left-hand side of a formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// One column, or a function of columns.
    One(Expr),
    /// `cbind(a, b)`.
    Pair(Expr, Expr),
}

/// Terms that vary with a group: `(terms | group)`.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomTerm {
    /// What varies.
    pub terms: Terms,
    /// The grouping expression, such as `district/school`.
    pub group: Expr,
    /// Whether the bar is double: the terms are uncorrelated.
    pub uncorrelated: bool,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A sum of terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// The formula in which the places of the variables stand.
    pub source: String,
    /// Whether there is an intercept.
    pub intercept: bool,
    /// The variables in order of appearance, each with the name that R gives it.
    pub variables: Vec<(String, Expr)>,
    /// The terms in R's order: main effects first, then by degree.
    pub terms: Vec<Term>,
    /// The arguments of `offset()`.
    pub offsets: Vec<Expr>,
    /// The variables that stand behind a minus alone: no term has them, and rows without them are left out as in R.
    pub removed: Vec<(String, Expr)>,
}

/// One term: the variables that are multiplied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Positions in [`Terms::variables`], ascending.
    pub variables: Vec<usize>,
}

impl Formula {
    /// Reads a formula, with or without a left-hand side.
    ///
    /// # Errors
    /// If it cannot be read; the error has the place.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// let formula = Formula::parse("y ~ month * after + (month | patient)")?;
    /// assert_eq!(formula.terms.labels(), ["month", "after", "month:after"]);
    /// assert_eq!(formula.random[0].groupings()?, [vec!["patient".to_owned()]]);
    /// # Ok::<(), reffect::formula::FormulaError>(())
    /// ```
    pub fn parse(source: &str) -> Result<Self, FormulaError> {
        let sides = sides(source)?;
        let response = sides.left.map(|left| response(left, source)).transpose()?;
        let mut expansion = Expansion::new(source);
        let terms = expansion.encode(&sides.right)?;
        let random = std::mem::take(&mut expansion.random);
        Ok(Self { source: source.to_owned(), response, terms: expansion.finish(terms), random })
    }
}

fn response(left: Expr, source: &str) -> Result<Response, FormulaError> {
    match left.node {
        Node::Call(name, arguments) if name == "cbind" => {
            let mut columns = arguments.into_iter().map(|(_, argument)| argument);
            match (columns.next(), columns.next(), columns.next()) {
                (Some(a), Some(b), None) => Ok(Response::Pair(a, b)),
                _ => {
                    let error = FormulaError::new("cbind takes two columns", source, left.span);
                    Err(error.with_hint("write cbind(events, non_events)"))
                }
            }
        }
        _ => Ok(Response::One(left)),
    }
}

impl RandomTerm {
    /// Reads `1 | district/school`, with or without `~` in front and parentheses round it.
    ///
    /// # Errors
    /// If it cannot be read or has no bar.
    pub fn parse(source: &str) -> Result<Self, FormulaError> {
        let mut expr = sides(source)?.right;
        while let Node::Parenthesis(inner) = expr.node {
            expr = *inner;
        }
        let span = expr.span.clone();
        match expr.node {
            Node::Binary(operator @ (Operator::Bar | Operator::DoubleBar), left, right) => {
                random_term(source, operator, &left, *right, span)
            }
            _ => {
                let error = FormulaError::new("a random term needs a bar", source, span);
                Err(error.with_hint("write what varies, a bar, and the group: \"1 | district/school\""))
            }
        }
    }

    /// The groupings that the grouping expression stands for, each a list of columns whose
    /// combinations are the groups, from the outer to the inner one: `a/b` is `a` and `a:b`.
    ///
    /// # Errors
    /// If the expression is none of columns with `/` and `:`.
    pub fn groupings(&self) -> Result<Vec<Vec<String>>, FormulaError> {
        groupings(&self.group, &self.terms.source)
    }
}

/// More terms than these are a slip of the pen, and a long wait: twenty factors with stars between them
/// would make a million.
const MOST_TERMS: usize = 2000;

fn too_many(source: &str, span: Range<usize>) -> FormulaError {
    let error = FormulaError::new(format!("this expands to more than {MOST_TERMS} terms"), source, span);
    error.with_hint("name the interactions that are meant, with : between columns")
}

fn groupings(expr: &Expr, source: &str) -> Result<Vec<Vec<String>>, FormulaError> {
    let both = |left: &Expr, right: &Expr| Ok((groupings(left, source)?, groupings(right, source)?));
    match &expr.node {
        Node::Name(name) => Ok(vec![vec![name.clone()]]),
        Node::Parenthesis(inner) => groupings(inner, source),
        Node::Call(name, arguments) if name == "factor" && arguments.len() == 1 => groupings(&arguments[0].1, source),
        Node::Binary(Operator::Add, left, right) => {
            let (mut left, right) = both(left, right)?;
            left.extend(right);
            Ok(left)
        }
        Node::Binary(Operator::Divide, left, right) => {
            let (left, right) = both(left, right)?;
            let outer: Vec<String> = left.last().cloned().unwrap_or_default();
            let nested = right.into_iter().map(|inner| outer.iter().cloned().chain(inner).collect());
            Ok(left.iter().cloned().chain(nested).collect())
        }
        Node::Binary(Operator::Colon, left, right) => {
            let (left, right) = both(left, right)?;
            if left.len() * right.len() > MOST_TERMS {
                return Err(too_many(source, expr.span.clone()));
            }
            Ok(left.iter().flat_map(|a| right.iter().map(|b| [a.clone(), b.clone()].concat())).collect())
        }
        _ => {
            let error = FormulaError::new("this is no grouping", source, expr.span.clone());
            Err(error.with_hint("a grouping is a column, or columns with / or : between them"))
        }
    }
}

fn random_term(
    source: &str,
    operator: Operator,
    left: &Expr,
    group: Expr,
    span: Range<usize>,
) -> Result<RandomTerm, FormulaError> {
    let mut expansion = Expansion::new(source);
    let terms = expansion.encode(left)?;
    if let Some(inner) = expansion.random.first() {
        return Err(FormulaError::new("a random term cannot stand inside another one", source, inner.span.clone()));
    }
    let random =
        RandomTerm { terms: expansion.finish(terms), group, uncorrelated: operator == Operator::DoubleBar, span };
    random.groupings()?;
    Ok(random)
}

impl Terms {
    /// The terms of an intercept alone.
    pub fn intercept_only() -> Self {
        Self {
            source: "1".to_owned(),
            intercept: true,
            variables: Vec::new(),
            terms: Vec::new(),
            offsets: Vec::new(),
            removed: Vec::new(),
        }
    }

    /// The names of the terms, as R gives them.
    pub fn labels(&self) -> Vec<String> {
        self.terms.iter().map(|term| self.label(term)).collect()
    }

    /// The name of one term.
    pub fn label(&self, term: &Term) -> String {
        let names: Vec<&str> = term.variables.iter().map(|&variable| self.variables[variable].0.as_str()).collect();
        names.join(":")
    }
}

/// The variables of a term as ascending positions; the empty term is dropped, since the intercept is
/// kept apart.
type Bits = Vec<usize>;

struct Expansion<'a> {
    source: &'a str,
    intercept: bool,
    variables: Vec<(String, Expr)>,
    offsets: Vec<Expr>,
    random: Vec<RandomTerm>,
}

impl<'a> Expansion<'a> {
    fn new(source: &'a str) -> Self {
        Self { source, intercept: true, variables: Vec::new(), offsets: Vec::new(), random: Vec::new() }
    }

    /// The terms of an expression, each once, in order of appearance.
    fn encode(&mut self, expr: &Expr) -> Result<Vec<Bits>, FormulaError> {
        match &expr.node {
            Node::Number(value) if *value == 0.0 || *value == 1.0 => {
                self.intercept = *value == 1.0;
                Ok(Vec::new())
            }
            Node::Number(_) => {
                let error =
                    FormulaError::new("the only numbers that can be terms are 0 and 1", self.source, expr.span.clone());
                Err(error.with_hint("inside I(), signs are arithmetic: I(2 * x)"))
            }
            Node::Name(name) if name == "." => {
                let error = FormulaError::new("`.` has no meaning here", self.source, expr.span.clone());
                Err(error.with_hint("name the columns"))
            }
            Node::Text(_) => {
                let error = FormulaError::new("a text is no term", self.source, expr.span.clone());
                Err(error.with_hint("a column with an unusual name stands in backticks"))
            }
            Node::Call(name, arguments) if name == "offset" => {
                // One that is written twice counts once, also behind a minus, as in R.
                for (_, argument) in arguments {
                    let name = deparse(argument);
                    if !self.offsets.iter().any(|known| deparse(known) == name) {
                        self.offsets.push(argument.clone());
                    }
                }
                Ok(Vec::new())
            }
            // What is left of a division is one column, as in R.
            Node::Name(_) | Node::Call(..) | Node::Binary(Operator::Remainder | Operator::WholeQuotient, ..) => {
                Ok(vec![vec![self.variable(expr)]])
            }
            Node::Parenthesis(inner) => match &inner.node {
                Node::Binary(operator @ (Operator::Bar | Operator::DoubleBar), left, right) => {
                    let random = random_term(self.source, *operator, left, (**right).clone(), expr.span.clone())?;
                    self.random.push(random);
                    Ok(Vec::new())
                }
                _ => self.encode(inner),
            },
            Node::Positive(inner) => self.encode(inner),
            Node::Negative(inner) => self.without(Vec::new(), inner),
            Node::Not(_) => Err(self.no_term(expr.span.clone())),
            Node::Binary(operator, left, right) => self.binary(*operator, left, right, expr.span.clone()),
        }
    }

    fn variable(&mut self, expr: &Expr) -> usize {
        let name = deparse(expr);
        match self.variables.iter().position(|(known, _)| *known == name) {
            Some(position) => position,
            None => {
                self.variables.push((name, expr.clone()));
                self.variables.len() - 1
            }
        }
    }

    fn no_term(&self, span: Range<usize>) -> FormulaError {
        let error = FormulaError::new("a condition is no term by itself", self.source, span);
        error.with_hint("write it in I(): I(age > 65)")
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
        span: Range<usize>,
    ) -> Result<Vec<Bits>, FormulaError> {
        if matches!(operator, Operator::Bar | Operator::DoubleBar) {
            let error = FormulaError::new("a random term stands in parentheses", self.source, span);
            return Err(error.with_hint("write for example: y ~ x + (1 | group)"));
        }
        if operator.is_comparison() || operator == Operator::And {
            return Err(self.no_term(span));
        }
        if operator == Operator::Power {
            return self.power(left, right, span);
        }
        let a = self.encode(left)?;
        if operator == Operator::Subtract {
            return self.without(a, right);
        }
        let b = self.encode(right)?;
        if a.len() + b.len() > MOST_TERMS {
            return Err(too_many(self.source, span));
        }
        let interactions = |a: &[Bits], b: &[Bits]| self.interactions(a, b, &span);
        Ok(match operator {
            Operator::Add => once(a.into_iter().chain(b)),
            Operator::Colon => interactions(&a, &b)?,
            Operator::Times => {
                let crossed = interactions(&a, &b)?;
                once(a.into_iter().chain(b).chain(crossed))
            }
            Operator::Divide | Operator::In => {
                let whole = if operator == Operator::Divide { &a } else { &b };
                let all = vec![united(whole.iter().flatten().copied())];
                if operator == Operator::Divide {
                    let nested = interactions(&all, &b)?;
                    once(a.into_iter().chain(nested))
                } else {
                    interactions(&a, &all)?
                }
            }
            _ => Vec::new(),
        })
    }

    /// Every term of one list together with every term of the other.
    fn interactions(&self, a: &[Bits], b: &[Bits], span: &Range<usize>) -> Result<Vec<Bits>, FormulaError> {
        if a.len() * b.len() > MOST_TERMS {
            return Err(too_many(self.source, span.clone()));
        }
        Ok(match (a.is_empty(), b.is_empty()) {
            (true, _) => b.to_vec(),
            (_, true) => a.to_vec(),
            _ => once(a.iter().flat_map(|left| b.iter().map(|right| united(left.iter().chain(right).copied())))),
        })
    }

    /// The terms `from` without those of `expr`; `-1` takes the intercept away and `-0` gives it back.
    fn without(&mut self, from: Vec<Bits>, expr: &Expr) -> Result<Vec<Bits>, FormulaError> {
        let before = self.intercept;
        let removed = self.encode(expr)?;
        if mentions_intercept(expr) {
            self.intercept = !self.intercept;
        } else {
            self.intercept = before;
        }
        Ok(from.into_iter().filter(|term| !removed.contains(term)).collect())
    }

    fn power(&mut self, base: &Expr, exponent: &Expr, span: Range<usize>) -> Result<Vec<Bits>, FormulaError> {
        let degree = match exponent.node {
            Node::Number(value) if (1.0..=16.0).contains(&value) && value.fract() == 0.0 => value as usize,
            _ => {
                let error =
                    FormulaError::new("a power of terms is a whole number from 1", self.source, exponent.span.clone());
                return Err(error.with_hint("for a squared column write I(x^2)"));
            }
        };
        let terms = self.encode(base)?;
        let mut result = terms.clone();
        for _ in 1..degree {
            // Every term with every term, and so with itself: the order in which R forms them.
            result = self.interactions(&result, &terms, &span)?;
        }
        Ok(result)
    }

    /// The terms in R's order: by degree, otherwise as they appear. Variables that only stood behind
    /// a minus are kept apart.
    fn finish(self, mut terms: Vec<Bits>) -> Terms {
        terms.sort_by_key(Vec::len);
        let used: Vec<usize> =
            (0..self.variables.len()).filter(|v| terms.iter().any(|term| term.contains(v))).collect();
        let position = |variable: usize| used.iter().position(|&u| u == variable).unwrap_or(variable);
        let terms =
            terms.into_iter().map(|term| Term { variables: term.into_iter().map(position).collect() }).collect();
        let (mut variables, mut removed) = (Vec::with_capacity(used.len()), Vec::new());
        for (at, variable) in self.variables.into_iter().enumerate() {
            if used.contains(&at) { variables.push(variable) } else { removed.push(variable) }
        }
        let source = self.source.to_owned();
        Terms { source, intercept: self.intercept, variables, terms, offsets: self.offsets, removed }
    }
}

/// Whether 0 or 1 stands in a sum.
fn mentions_intercept(expr: &Expr) -> bool {
    match &expr.node {
        Node::Number(_) => true,
        Node::Parenthesis(inner) | Node::Positive(inner) | Node::Negative(inner) => mentions_intercept(inner),
        Node::Binary(Operator::Add | Operator::Subtract, left, right) => {
            mentions_intercept(left) || mentions_intercept(right)
        }
        _ => false,
    }
}

fn united(variables: impl IntoIterator<Item = usize>) -> Bits {
    let mut all: Bits = variables.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn once(terms: impl IntoIterator<Item = Bits>) -> Vec<Bits> {
    let mut known = HashSet::new();
    terms.into_iter().filter(|term| known.insert(term.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> (bool, Vec<String>) {
        let formula = Formula::parse(text).unwrap();
        (formula.terms.intercept, formula.terms.labels())
    }

    /// R 4.2.2: `attr(terms(…), "offset")` has one place for each of these, also for the one behind a minus.
    #[test]
    fn an_offset_that_is_written_twice_counts_once() {
        for (formula, count) in [
            ("y ~ x + offset(t) + offset(t)", 1),
            ("y ~ x + offset(t) - offset(t)", 1),
            ("y ~ x - offset(t)", 1),
            ("y ~ x + offset(t) + offset(1 * t)", 2),
        ] {
            assert_eq!(Formula::parse(formula).unwrap().terms.offsets.len(), count, "{formula}");
        }
    }

    #[test]
    fn flags_are_no_columns_and_columns_may_be_called_t() {
        for (text, expected) in [
            ("cut(age, c(0, Inf), right = F)", vec!["age"]),
            ("poly(T, 2, raw = T)", vec!["T"]),
            ("T * F", vec!["T", "F"]),
            ("cut(age, c(0, Inf), right = TRUE)", vec!["age"]),
        ] {
            assert_eq!(Expr::parse(text).unwrap().columns(), expected);
        }
    }

    #[test]
    fn what_would_take_for_ever_is_refused() {
        let columns: Vec<String> = (0..20).map(|at| format!("x{at}")).collect();
        for formula in
            [columns.join(" * "), format!("({})^9", columns.join(" + ")), format!("1 + ({})^2", columns.join("*"))]
        {
            let told = Formula::parse(&formula).unwrap_err().diagnostic().to_string();
            assert!(told.contains("expands to more than 2000 terms"), "{told}");
        }
        assert_eq!(labels(&columns[..7].join(" * ")).1.len(), 127);
    }

    /// The expected lists are `attr(terms(…), "term.labels")` of R 4.2.2.
    #[test]
    fn terms_stand_in_the_order_of_r() {
        for (text, intercept, expected) in [
            ("a + b", true, "a|b"),
            ("a:b + c", true, "c|a:b"),
            ("a * b * c", true, "a|b|c|a:b|a:c|b:c|a:b:c"),
            ("(a + b + c)^2", true, "a|b|c|a:b|a:c|b:c"),
            ("a / b", true, "a|a:b"),
            ("(a + b) / c", true, "a|b|a:b:c"),
            ("a * b - a", true, "b|a:b"),
            ("a * b - 1", false, "a|b|a:b"),
            ("0 + a", false, "a"),
            ("a + 0 + 1", true, "a"),
            ("-1 + a", false, "a"),
            ("1", true, ""),
            ("-1", false, ""),
            ("I(x^2) + x", true, "I(x^2)|x"),
            ("b %in% a", true, "b:a"),
            ("b:a + a:b", true, "b:a"),
            ("a + a", true, "a"),
            ("log(x + 1) + poly(y, 2)", true, "log(x + 1)|poly(y, 2)"),
            ("(a + b + f:c)^2", true, "a|b|a:b|f:c|a:f:c|b:f:c"),
            ("(a:b + c + d)^2", true, "c|d|a:b|c:d|a:b:c|a:b:d"),
            ("(a * b + c)^2", true, "a|b|c|a:b|a:c|b:c|a:b:c"),
            ("(a + b + f:c)^3", true, "a|b|a:b|f:c|a:f:c|b:f:c|a:b:f:c"),
            ("((a + b:c)^2 + d)^2", true, "a|d|a:d|b:c|a:b:c|b:c:d|a:b:c:d"),
            ("(a + b + c:d)^4", true, "a|b|a:b|c:d|a:c:d|b:c:d|a:b:c:d"),
            ("(a + b)^2 / c", true, "a|b|a:b|a:b:c"),
            ("a * b:c * d", true, "a|d|b:c|a:d|a:b:c|b:c:d|a:b:c:d"),
            ("(a:b + c) * (d + a)", true, "c|d|a|a:b|c:d|a:c|a:b:d"),
        ] {
            let expected: Vec<String> =
                expected.split('|').filter(|label| !label.is_empty()).map(str::to_owned).collect();
            assert_eq!(labels(text), (intercept, expected), "{text}");
        }
    }

    #[test]
    fn both_sides_and_bars_are_kept_apart() {
        let formula =
            Formula::parse("cbind(events, total - events) ~ arm + (1 + month || site/patient) + offset(log(t))")
                .unwrap();
        assert!(matches!(formula.response, Some(Response::Pair(..))));
        assert_eq!(formula.terms.labels(), ["arm"]);
        assert_eq!(formula.terms.offsets.len(), 1);
        let random = &formula.random[0];
        assert!(random.uncorrelated && random.terms.intercept);
        assert_eq!(
            random.groupings().unwrap(),
            [vec!["site".to_owned()], vec!["site".to_owned(), "patient".to_owned()]]
        );
        let nested = RandomTerm::parse("~ 1 | district/school").unwrap();
        assert_eq!(nested.groupings().unwrap()[1], ["district", "school"]);
        let crossed = RandomTerm::parse("outcome | trial").unwrap();
        assert_eq!(crossed.terms.labels(), ["outcome"]);
    }

    #[test]
    fn what_is_no_term_is_refused_with_its_place() {
        for (text, marked) in [
            ("2 * x", "2"),
            ("x^y", "y"),
            ("x + .", "."),
            ("y ~ x + 1 | g", "x + 1 | g"),
            ("cbind(a) ~ x", "cbind(a)"),
            ("(1 | a^2)", "a^2"),
        ] {
            let error = Formula::parse(text).unwrap_err();
            assert_eq!(&text[error.span.clone()], marked, "{error}");
        }
        assert!(RandomTerm::parse("district").is_err());
    }
}
