//! Columns that follow from others of their table.

use super::error::FormulaError;
use super::evaluate::numbers;
use super::frame::Frame;
use super::parse::Expr;

/// How a column follows from others.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Derived {
    pub name: String,
    expr: Expr,
    source: String,
}

impl Frame {
    /// Adds a column of numbers that follows from others by an expression, or replaces the one of this name. It is no
    /// longer one that follows where its values are given later.
    ///
    /// ```
    /// use reffect::formula::Frame;
    ///
    /// let mut frame = Frame::default();
    /// frame.numbers("month", vec![-1.0, 2.0, f64::NAN]);
    /// frame.derive("after", "pmax(month - 1, 0)")?;
    /// assert_eq!(frame.derived_from("after"), Some(vec!["month"]));
    /// // In another table it follows from the values there.
    /// let mut other = Frame::default();
    /// other.numbers("month", vec![5.0]);
    /// other.derive_as(&frame, |_| false)?;
    /// assert_eq!(other.column("after"), Some(&reffect::formula::Column::Numbers(vec![4.0])));
    /// # Ok::<(), reffect::formula::FormulaError>(())
    /// ```
    ///
    /// # Errors
    /// If it is no expression of numbers, or names a column that is not there.
    pub fn derive(&mut self, name: &str, source: &str) -> Result<(), FormulaError> {
        let derived = Derived { name: name.to_owned(), expr: Expr::parse(source)?, source: source.to_owned() };
        self.follow(derived)
    }

    /// Makes the columns that follow from others in another table here as well, or again where these have changed;
    /// those for which `is_given` holds keep their values.
    ///
    /// # Errors
    /// If a column that one follows from is not there, or holds texts.
    pub fn derive_as(&mut self, other: &Self, is_given: impl Fn(&str) -> bool) -> Result<(), FormulaError> {
        let wanted = other.derived.iter().filter(|derived| !is_given(&derived.name));
        wanted.cloned().try_for_each(|derived| self.follow(derived))
    }

    /// The columns that a column follows from; none where it does not follow from others.
    pub fn derived_from(&self, name: &str) -> Option<Vec<&str>> {
        self.derived.iter().find(|derived| derived.name == name).map(|derived| derived.expr.columns())
    }

    fn follow(&mut self, derived: Derived) -> Result<(), FormulaError> {
        let rows: Vec<usize> = (0..self.len()).collect();
        let values = numbers(&derived.expr, self, &rows, &derived.source)?;
        self.numbers(&derived.name, values);
        self.derived.push(derived);
        Ok(())
    }
}
