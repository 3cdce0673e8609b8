//! Groupings: which columns make a group, how lme4 names it, and the level of each row.

use super::error::MixedError;
use crate::diagnostic::meant_or_known;
use crate::formula::{Column, Expr, Factor, FormulaError, Frame, Node, Operator, RandomTerm};
use crate::numeric::numeral::{fold, plain_number};

/// One grouping of a random term.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grouping {
    /// As lme4 names it: `a/b` is `b:a` and `a`.
    pub name: String,
    /// The columns in the order of the name.
    pub columns: Vec<String>,
}

/// The groupings of a random term in lme4's order, the innermost first.
pub(super) fn groupings(term: &RandomTerm) -> Result<Vec<Grouping>, FormulaError> {
    let is_nested = has_slash(&term.group);
    let mut found = term.groupings()?;
    if is_nested {
        found.reverse();
    }
    Ok(found
        .into_iter()
        .map(|mut columns| {
            if !is_nested {
                return Grouping { name: columns.join(":"), columns };
            }
            columns.reverse();
            Grouping { name: nested_name(&columns), columns }
        })
        .collect())
}

/// `c:(b:a)`, as `a/b/c` is named.
fn nested_name(columns: &[String]) -> String {
    match columns {
        [] => String::new(),
        [one] => one.clone(),
        [inner, outer] => format!("{inner}:{outer}"),
        [inner, rest @ ..] => format!("{inner}:({})", nested_name(rest)),
    }
}

fn has_slash(expr: &Expr) -> bool {
    match &expr.node {
        Node::Binary(Operator::Divide, ..) => true,
        Node::Binary(_, left, right) => has_slash(left) || has_slash(right),
        Node::Parenthesis(inner) => has_slash(inner),
        _ => false,
    }
}

/// For each row of the frame, whether a column of a grouping is missing there.
pub(super) fn missing(term: &RandomTerm, frame: &Frame) -> Result<Vec<Option<String>>, MixedError> {
    let mut missing = vec![None; frame.len()];
    for name in term.groupings()?.concat() {
        let absent: Vec<bool> = match frame.column(&name) {
            Some(Column::Numbers(values)) => values.iter().map(|value| value.is_nan()).collect(),
            Some(Column::Texts { values, .. }) => values.iter().map(Option::is_none).collect(),
            None => {
                let error = FormulaError::new(
                    format!("there is no column `{name}`"),
                    &term.terms.source,
                    place(&term.group, &name).unwrap_or_else(|| term.group.span.clone()),
                );
                return Err(error.with_hint(meant_or_known(&name, "columns", frame.names())).into());
            }
        };
        for (place, _) in missing.iter_mut().zip(absent).filter(|(place, absent)| *absent && place.is_none()) {
            *place = Some(name.clone());
        }
    }
    Ok(missing)
}

fn place(expr: &Expr, name: &str) -> Option<std::ops::Range<usize>> {
    match &expr.node {
        Node::Name(own) if own == name => Some(expr.span.clone()),
        Node::Binary(_, left, right) => place(left, name).or_else(|| place(right, name)),
        Node::Parenthesis(inner) => place(inner, name),
        Node::Call(_, arguments) => arguments.iter().find_map(|(_, argument)| place(argument, name)),
        _ => None,
    }
}

/// The groups of some rows.
pub(super) struct Levels {
    /// The level of each row.
    pub codes: Vec<u32>,
    /// The names of the levels that occur, in the order of the columns.
    pub names: Vec<String>,
    /// The levels as [`level_key`] writes them: no two are equal, as names of combinations may be.
    pub keys: Vec<String>,
    /// For each column, whether it holds numbers.
    pub of_numbers: Vec<bool>,
}

/// Stands between the columns of a key, and in no text that is read by a person.
const BETWEEN: &str = "\u{1f}";

/// The levels of a grouping.
pub(super) fn levels(grouping: &Grouping, frame: &Frame, rows: &[usize]) -> Levels {
    let factors: Vec<Factor> =
        grouping.columns.iter().filter_map(|name| Some(frame.column(name)?.factor(rows))).collect();
    let key = |row: usize| -> Vec<u32> {
        factors.iter().map(|factor| factor.codes[row].map_or(u32::MAX, |code| code as u32)).collect()
    };
    let is_number = |name: &String| matches!(frame.column(name), Some(Column::Numbers(_)));
    let of_numbers = grouping.columns.iter().map(is_number).collect();
    if let [factor] = factors.as_slice() {
        let codes = factor.codes.iter().map(|code| code.map_or(0, |code| code as u32)).collect();
        return Levels { codes, names: factor.levels.clone(), keys: factor.levels.clone(), of_numbers };
    }
    let keys: Vec<Vec<u32>> = (0..rows.len()).map(key).collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let joined = |key: &Vec<u32>, between: &str| {
        let parts = key.iter().zip(&factors).map(|(&code, factor)| factor.levels[code as usize].as_str());
        parts.collect::<Vec<_>>().join(between)
    };
    Levels {
        codes: keys.iter().map(|key| sorted.partition_point(|known| known < key) as u32).collect(),
        names: sorted.iter().map(|key| joined(key, ":")).collect(),
        keys: sorted.iter().map(|key| joined(key, BETWEEN)).collect(),
        of_numbers,
    }
}

/// The key of the level of one row of any frame; none where a column is missing. A column that held numbers in the fit
/// is read as numbers also where a text stands beside them: 01 is 1.
pub(super) fn level_key(columns: &[String], of_numbers: &[bool], frame: &Frame, row: usize) -> Option<String> {
    let name_of = |value: f64| Factor::of_numbers(&[value]).levels.into_iter().next();
    let part = |(name, &is_number): (&String, &bool)| match frame.column(name)? {
        Column::Numbers(values) => name_of(values[row]),
        Column::Texts { values, .. } => {
            let text = values[row].as_ref()?;
            plain_number(&fold(text)).filter(|_| is_number).and_then(name_of).or_else(|| Some(text.clone()))
        }
    };
    Some(columns.iter().zip(of_numbers).map(part).collect::<Option<Vec<_>>>()?.join(BETWEEN))
}

/// Whether a value is the same in all rows of each level: where the values are the levels of another factor, whether
/// this one lies in it.
pub(super) fn is_constant_within<T: Copy + PartialEq>(codes: &[u32], levels: usize, values: &[T]) -> bool {
    let mut first: Vec<Option<T>> = vec![None; levels];
    codes.iter().zip(values).all(|(&code, &value)| *first[code as usize].get_or_insert(value) == value)
}
