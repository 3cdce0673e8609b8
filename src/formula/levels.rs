//! The functions that make factors: `factor`, `relevel`, `cut`, `interaction`.

use super::conditions::truth;
use super::error::FormulaError;
use super::evaluate::{Value, evaluate};
use super::factor::Factor;
use super::frame::Frame;
use super::parse::{Expr, Node};
use crate::diagnostic::{did_you_mean, listed};

/// Where a call is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub frame: &'a Frame,
    pub rows: &'a [usize],
    pub source: &'a str,
}

impl Place<'_> {
    /// The numbers or levels of an argument; a condition has the levels FALSE and TRUE.
    fn value(&self, argument: &Expr) -> Result<Value, FormulaError> {
        let of = if argument.is_condition() { truth } else { evaluate };
        of(argument, self.frame, self.rows, self.source)
    }
}

/// A call as it is written.
struct Call<'a> {
    name: &'a str,
    expr: &'a Expr,
    source: &'a str,
}

impl Call<'_> {
    fn wrong(&self, message: impl Into<String>) -> FormulaError {
        self.wrong_at(message, self.expr)
    }

    fn wrong_at(&self, message: impl Into<String>, at: &Expr) -> FormulaError {
        let usage = match self.name {
            "relevel" => {
                "write relevel(arm, ref = \"placebo\"): a column of texts, or factor(…), and one of its levels"
            }
            "cut" => {
                "write cut(age, c(0, 40, 65, Inf)): a column of numbers and the ends of its classes; labels = c(\"young\", \
                 …), right = FALSE and include.lowest = TRUE as in R"
            }
            "interaction" => "write interaction(arm, sex): two factors or more",
            "ordered" => {
                "write ordered(dose) of a column of numbers, or ordered(grade, levels = c(\"mild\", \"moderate\", \"severe\")) \
                 with all levels from the lowest on"
            }
            _ => "write factor(visit), or factor(arm, levels = c(\"placebo\", \"drug\")) with its levels in order",
        };
        FormulaError::new(message, self.source, at.span.clone()).with_hint(usage)
    }

    /// The arguments in the places of their names, those without a name in the places that are left.
    ///
    /// # Errors
    /// If an argument has another name, is given twice, or there are too many.
    fn places<'b, const N: usize>(
        &self,
        names: [&str; N],
        arguments: &'b [(Option<String>, Expr)],
    ) -> Result<[Option<&'b Expr>; N], FormulaError> {
        let mut places: [Option<&Expr>; N] = [None; N];
        for (name, value) in arguments.iter().filter_map(|(name, value)| Some((name.as_deref()?, value))) {
            let Some(at) = names.iter().position(|own| *own == name) else {
                let error = self.wrong_at(format!("{}() has no argument {name}", self.name), value);
                return Err(did_you_mean(name, names).into_iter().fold(error, FormulaError::with_hint));
            };
            if places[at].replace(value).is_some() {
                return Err(self.wrong_at(format!("{name} is given twice"), value));
            }
        }
        for (_, value) in arguments.iter().filter(|(name, _)| name.is_none()) {
            match places.iter_mut().find(|place| place.is_none()) {
                Some(place) => *place = Some(value),
                None => return Err(self.wrong_at(format!("{}() takes no further argument", self.name), value)),
            }
        }
        Ok(places)
    }
}

/// The value of a call of one of [`OF_LEVELS`](super::functions::OF_LEVELS).
///
/// # Errors
/// If its arguments are others than it takes, or cannot be evaluated.
pub(super) fn levels_call(
    name: &str,
    arguments: &[(Option<String>, Expr)],
    expr: &Expr,
    place: Place,
) -> Result<Value, FormulaError> {
    let call = Call { name, expr, source: place.source };
    match name {
        "relevel" => releveled(&call, arguments, place),
        "cut" => classes(&call, arguments, place),
        "interaction" => crossed(&call, arguments, place),
        "ordered" => ordered(&call, arguments, place),
        _ => factor(&call, arguments, place),
    }
}

/// `factor(visit)`, `factor(arm, levels = c("placebo", "drug"))`.
fn factor(call: &Call, arguments: &[(Option<String>, Expr)], place: Place) -> Result<Value, FormulaError> {
    let [argument, levels, labels] = call.places(["x", "levels", "labels"], arguments)?;
    let Some(argument) = argument else { return Err(call.wrong(format!("{}() takes a column", call.name))) };
    let factor = match place.value(argument)? {
        Value::Numbers(values) => {
            let reference = match &argument.node {
                Node::Name(name) if levels.is_none() => place.frame.factor_reference(name),
                _ => None,
            };
            Factor::of_numbers(&values).with_first(reference)
        }
        Value::Factor(factor) => factor,
    };
    let Some(levels) = levels else {
        return match labels {
            None => Ok(Value::Factor(factor)),
            Some(labels) => Err(call.wrong_at("labels need the levels that they name", labels)),
        };
    };
    // Rows of a new table need not have every level; those of a fit are checked for it.
    let order = names(call, levels, "a level")?;
    let places: Vec<Option<usize>> =
        factor.levels.iter().map(|level| order.iter().position(|own| own == level)).collect();
    let codes = factor.codes.iter().map(|code| code.and_then(|code| places[code])).collect();
    let levels = match labels {
        Some(labels) => labelled(call, labels, order.len())?,
        None => order,
    };
    Ok(Value::Factor(Factor { levels, codes }))
}

/// `ordered(dose)`, `ordered(grade, levels = c("mild", "severe"))`: a factor whose levels rise. Those of a column of
/// texts are to be named, unless they differ by their numbers alone, as visits do.
fn ordered(call: &Call, arguments: &[(Option<String>, Expr)], place: Place) -> Result<Value, FormulaError> {
    let [argument, levels, _] = call.places(["x", "levels", "labels"], arguments)?;
    let made = factor(call, arguments, place)?;
    let (Value::Factor(found), None, Some(argument)) = (&made, levels, argument) else { return Ok(made) };
    // A reference level is for contrasts, and does not move a level in its order.
    let plain = match place.value(argument)? {
        Value::Numbers(values) => return Ok(Value::Factor(Factor::of_numbers(&values))),
        Value::Factor(_) => {
            let name = |code: &Option<usize>| code.map(|code| found.levels[code].clone());
            Factor::of_texts(&found.codes.iter().map(name).collect::<Vec<_>>(), None)
        }
    };
    // Of another call, such as cut(), the levels are in order already.
    if !matches!(argument.node, Node::Name(_)) {
        return Ok(made);
    }
    if plain.levels.len() > 1 && !plain.differs_by_numbers() {
        let which = &place.source[argument.span.clone()];
        return Err(call.wrong(format!(
            "the levels of {which} are texts, which have no order of their own: {}",
            listed(&plain.levels)
        )));
    }
    Ok(Value::Factor(plain.in_number_order()))
}

/// That the table of a fit has each level that `factor(arm, levels = c("placebo", "drug"))` lists. What is not among
/// these is missing, as in R: a level that is misspelt would empty its rows without a word.
///
/// # Errors
/// If it has not, or those of [`levels_call`].
pub(super) fn check_listed_levels(
    name: &str,
    arguments: &[(Option<String>, Expr)],
    expr: &Expr,
    place: Place,
) -> Result<(), FormulaError> {
    let call = Call { name, expr, source: place.source };
    let [Some(argument), Some(levels), _] = call.places(["x", "levels", "labels"], arguments)? else { return Ok(()) };
    let own = match place.value(argument)? {
        Value::Numbers(values) => Factor::of_numbers(&values).levels,
        Value::Factor(factor) => factor.levels,
    };
    let Some(absent) = names(&call, levels, "a level")?.into_iter().find(|level| !own.contains(level)) else {
        return Ok(());
    };
    let error = call.wrong_at(format!("{} has no level `{absent}`", &place.source[argument.span.clone()]), levels);
    Err(error.with_hint(format!("the levels are {}", listed(&own))))
}

/// `relevel(arm, ref = "placebo")`: the factor with another reference.
fn releveled(call: &Call, arguments: &[(Option<String>, Expr)], place: Place) -> Result<Value, FormulaError> {
    let [Some(argument), Some(Expr { node: Node::Text(level), .. })] = call.places(["x", "ref"], arguments)? else {
        return Err(call.wrong("relevel() takes a factor and a level"));
    };
    match place.value(argument)? {
        Value::Factor(factor) => Ok(Value::Factor(factor.with_first(Some(level)))),
        Value::Numbers(_) => Err(call.wrong("relevel() takes a factor, and this is a column of numbers")),
    }
}

/// `interaction(arm, sex)`: a level for each combination, that of the first factor varying fastest.
fn crossed(call: &Call, arguments: &[(Option<String>, Expr)], place: Place) -> Result<Value, FormulaError> {
    if let Some((_, value)) = arguments.iter().find(|(name, _)| name.is_some()) {
        return Err(call.wrong_at("interaction() takes factors alone", value));
    }
    let mut factors = Vec::new();
    for (_, argument) in arguments {
        factors.push(match place.value(argument)? {
            Value::Numbers(values) => Factor::of_numbers(&values),
            Value::Factor(factor) => factor,
        });
    }
    let mut rest = factors.into_iter();
    let (Some(mut all), 2..) = (rest.next(), arguments.len()) else {
        return Err(call.wrong("interaction() takes two factors or more"));
    };
    for next in rest {
        let (inner, outer) = (all.levels.len(), next.levels.len());
        if inner.saturating_mul(outer) > MOST_LEVELS {
            return Err(call.wrong(format!("interaction() makes more than {MOST_LEVELS} levels")));
        }
        let name = |at: usize| format!("{}.{}", all.levels[at % inner], next.levels[at / inner]);
        let levels = (0..inner * outer).map(name).collect();
        let codes = all.codes.iter().zip(&next.codes).map(|(a, b)| Some((*a)? + inner * (*b)?)).collect();
        all = Factor { levels, codes };
    }
    Ok(Value::Factor(all))
}

/// More combinations than a model has coefficients.
const MOST_LEVELS: usize = 100_000;

/// `cut(age, c(0, 40, 65, Inf))`: the class of each number, none outside of all.
fn classes(call: &Call, arguments: &[(Option<String>, Expr)], place: Place) -> Result<Value, FormulaError> {
    const NAMES: [&str; 5] = ["x", "breaks", "labels", "include.lowest", "right"];
    let [argument, breaks, labels, lowest, right] = call.places(NAMES, arguments)?;
    let (Some(argument), Some(breaks)) = (argument, breaks) else {
        return Err(call.wrong("cut() takes a column and the ends of its classes"));
    };
    let Value::Numbers(values) = evaluate(argument, place.frame, place.rows, place.source)? else {
        return Err(call.wrong_at("cut() takes a column of numbers, and this is one of texts", argument));
    };
    let ends = ends(call, breaks)?;
    let (with_lowest, is_right) = (flag(call, lowest, false)?, flag(call, right, true)?);
    let levels = match labels {
        Some(labels) => labelled(call, labels, ends.len() - 1)?,
        None => class_names(&ends, with_lowest, is_right),
    };
    let (first, last) = (ends[0], ends[ends.len() - 1]);
    let class = |value: &f64| {
        let below = match is_right {
            true => ends.partition_point(|end| end < value),
            false => ends.partition_point(|end| end <= value),
        };
        let outermost = if is_right { (first, 0) } else { (last, ends.len() - 2) };
        match below {
            _ if value.is_nan() => None,
            _ if with_lowest && *value == outermost.0 => Some(outermost.1),
            0 => None,
            _ => (below < ends.len()).then(|| below - 1),
        }
    };
    Ok(Value::Factor(Factor { levels, codes: values.iter().map(class).collect() }))
}

/// The ends of classes, ascending; two or more.
fn ends(call: &Call, breaks: &Expr) -> Result<Vec<f64>, FormulaError> {
    let Node::Call(list, all) = &breaks.node else {
        let message = "the ends of classes are numbers: classes that depend on the rows have no meaning in others";
        return Err(call.wrong_at(message, breaks));
    };
    let mut ends = Vec::new();
    for (_, end) in all.iter().filter(|_| list == "c") {
        ends.push(constant(end).ok_or_else(|| call.wrong_at("the end of a class is a number, or Inf", end))?);
    }
    ends.sort_by(f64::total_cmp);
    if ends.len() < 2 {
        return Err(call.wrong_at("classes need two ends or more", breaks));
    }
    if ends.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(call.wrong_at("two ends of classes are equal", breaks));
    }
    Ok(ends)
}

/// A number that is written, with its sign; `Inf` is one.
fn constant(expr: &Expr) -> Option<f64> {
    match &expr.node {
        Node::Number(value) => Some(*value),
        Node::Name(name) if name == "Inf" => Some(f64::INFINITY),
        Node::Negative(inner) => constant(inner).map(|value| -value),
        _ => None,
    }
}

fn flag(call: &Call, given: Option<&Expr>, otherwise: bool) -> Result<bool, FormulaError> {
    given.map_or(Ok(otherwise), |of| of.as_flag().ok_or_else(|| call.wrong_at("TRUE or FALSE was expected", of)))
}

/// The names of a list of texts or numbers; none is there twice.
fn names(call: &Call, list: &Expr, what: &str) -> Result<Vec<String>, FormulaError> {
    let name = |of: &Expr| match &of.node {
        Node::Text(text) => Ok(text.clone()),
        _ => match constant(of) {
            Some(value) => Ok(super::factor::level_name(value)),
            None => Err(call.wrong_at(format!("{what} is a text in quotes or a number"), of)),
        },
    };
    let names: Vec<String> = match &list.node {
        Node::Call(list, all) if list == "c" => all.iter().map(|(_, of)| name(of)).collect::<Result<_, _>>()?,
        _ => vec![name(list)?],
    };
    match names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        Some((_, twice)) => Err(call.wrong_at(format!("`{twice}` stands twice in this list"), list)),
        None => Ok(names),
    }
}

/// The labels of so many levels.
fn labelled(call: &Call, labels: &Expr, count: usize) -> Result<Vec<String>, FormulaError> {
    let own = names(call, labels, "a label")?;
    if own.len() == count {
        return Ok(own);
    }
    Err(call.wrong_at(format!("{} labels name {count} levels", own.len()), labels))
}

/// `(0,40]` and so on, with as many digits as tell the ends apart, three at least.
fn class_names(ends: &[f64], with_lowest: bool, is_right: bool) -> Vec<String> {
    let printed = |digits| ends.iter().map(|end| general(*end, digits)).collect::<Vec<String>>();
    let differ = |texts: &Vec<String>| texts.windows(2).all(|pair| pair[0] != pair[1]);
    let texts = (3..=12).map(printed).find(differ).unwrap_or_else(|| printed(17));
    let count = ends.len() - 1;
    let name = |at: usize| {
        let closes_below = !is_right || (with_lowest && at == 0);
        let closes_above = is_right || (with_lowest && at == count - 1);
        let (open, close) = (if closes_below { '[' } else { '(' }, if closes_above { ']' } else { ')' });
        format!("{open}{},{}{close}", texts[at], texts[at + 1])
    };
    (0..count).map(name).collect()
}

/// A number as C's `%g` prints it, which names R's classes.
fn general(value: f64, digits: usize) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let short = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if exponent < -4 || exponent >= digits as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", short(mantissa), exponent.abs());
    }
    short(&format!("{value:.*}", (digits as i32 - 1 - exponent).max(0) as usize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::conditions::check_named_levels;

    fn frame() -> Frame {
        let mut frame = Frame::default();
        frame.numbers("x", vec![0.0, 1.0, 10.0, 12.5, 20.0, f64::NAN]);
        frame.texts("arm", ["b", "a", "c", "a", "b", "a"].map(|text| Some(text.to_owned())).to_vec());
        frame
    }

    fn value(text: &str) -> Result<Factor, FormulaError> {
        let expr = Expr::parse(text)?;
        match evaluate(&expr, &frame(), &[0, 1, 2, 3, 4, 5], text)? {
            Value::Factor(factor) => Ok(factor),
            Value::Numbers(_) => panic!("{text} is a number"),
        }
    }

    /// R 4.2.2: `x <- c(0, 1, 10, 12.5, 20, NA); as.integer(cut(x, …)); levels(cut(x, …))`.
    #[test]
    fn classes_are_those_of_r() {
        let cases: [(&str, &[&str], [usize; 6]); 6] = [
            ("cut(x, c(0, 10, 20))", &["(0,10]", "(10,20]"], [0, 1, 1, 2, 2, 0]),
            (
                "cut(x, c(20, 0, 10.123456, Inf), right = FALSE, include.lowest = TRUE)",
                &["[0,10.1)", "[10.1,20)", "[20,Inf]"],
                [1, 1, 1, 2, 3, 0],
            ),
            ("cut(x, c(0, 10, 20), include.lowest = TRUE)", &["[0,10]", "(10,20]"], [1, 1, 1, 2, 2, 0]),
            ("cut(x, c(0, 10, 20), right = FALSE)", &["[0,10)", "[10,20)"], [1, 1, 2, 2, 0, 0]),
            (
                "cut(x, c(-Inf, 0.000012345, 1234567, 2e8))",
                &["(-Inf,1.23e-05]", "(1.23e-05,1.23e+06]", "(1.23e+06,2e+08]"],
                [1, 2, 2, 2, 2, 0],
            ),
            (
                "cut(x, c(-1, 10.12345678, 10.12345679), labels = c('low', 'high'))",
                &["low", "high"],
                [1, 1, 1, 0, 0, 0],
            ),
        ];
        for (text, levels, codes) in cases {
            let factor = value(text).unwrap();
            assert_eq!(factor.levels, levels, "{text}");
            assert_eq!(factor.codes.iter().map(|code| code.map_or(0, |code| code + 1)).collect::<Vec<_>>(), codes);
        }
        let close = value("cut(x, c(0, 10.12345678, 10.12345679, 20))").unwrap();
        assert_eq!(close.levels[1], "(10.12345678,10.12345679]");
    }

    /// R 4.2.2: `levels(factor(arm, levels = c("c", "a")))`, `levels(interaction(arm, x))`.
    #[test]
    fn levels_stand_in_the_order_that_was_asked_for() {
        let factor = value("factor(arm, levels = c('c', 'a'))").unwrap();
        assert_eq!(
            (factor.levels, factor.codes),
            (vec!["c".to_owned(), "a".to_owned()], vec![None, Some(1), Some(0), Some(1), None, Some(1)])
        );
        let named = value("factor(x, levels = c(20, 0), labels = c('twenty', 'none'))").unwrap();
        assert_eq!(named.codes, [Some(1), None, None, None, Some(0), None]);
        assert_eq!(named.levels, ["twenty", "none"]);
        let crossed = value("interaction(arm, x)").unwrap();
        assert_eq!(crossed.levels[..4], ["a.0", "b.0", "c.0", "a.1"]);
        assert_eq!(crossed.codes, [Some(1), Some(3), Some(8), Some(9), Some(13), None]);
    }

    /// Rows of a new table may lack a level, and those of a fit may not.
    #[test]
    fn levels_that_are_listed_are_those_of_the_fit() {
        let text = "factor(arm, levels = c('a', 'd'))";
        assert_eq!(value(text).unwrap().levels, ["a", "d"]);
        let expr = Expr::parse(text).unwrap();
        let error = check_named_levels(&expr, &frame(), &[0, 1, 2, 3, 4, 5], text).unwrap_err();
        assert_eq!(&text[error.span.clone()], "c('a', 'd')", "{error}");
        assert!(check_named_levels(&expr, &frame(), &[0, 1], text).is_err());
        let whole = "factor(arm, levels = c('c', 'b', 'a'))";
        check_named_levels(&Expr::parse(whole).unwrap(), &frame(), &[0, 1, 2], whole).unwrap();
    }

    #[test]
    fn calls_that_cannot_be_are_told() {
        for (text, marked) in [
            ("cut(x, 3)", "3"),
            ("cut(x, c(1))", "c(1)"),
            ("cut(x, c(1, 1))", "c(1, 1)"),
            ("cut(x, c(1, arm))", "arm"),
            ("cut(arm, c(1, 2))", "arm"),
            ("cut(x, c(1, 2), labels = c('a', 'b'))", "c('a', 'b')"),
            ("cut(x, c(1, 2), right = 1)", "1"),
            ("cut(x, c(1, 2), wrong = 1)", "1"),
            ("cut(x)", "cut(x)"),
            ("factor(arm, levels = c('a', 'a'))", "c('a', 'a')"),
            ("factor(arm, labels = 'a')", "'a'"),
            ("interaction(arm)", "interaction(arm)"),
            ("interaction(arm, sep = '.')", "'.'"),
            ("relevel(x, ref = '1')", "relevel(x, ref = '1')"),
        ] {
            let error = value(text).unwrap_err();
            assert_eq!(&text[error.span.clone()], marked, "{error}");
        }
    }
}
