//! Rows of a table for which a condition holds.

use super::error::FormulaError;
use super::evaluate::{Value, evaluate};
use super::frame::{Column, Frame};
use super::parse::{Expr, Node, sides};

impl Frame {
    /// The rows for which a comparison holds, as R's `subset` chooses them: `outcome == "DFS"`, `year > 1990`. A row without
    /// a value does not hold.
    ///
    /// ```
    /// use reffect::formula::Frame;
    ///
    /// let mut frame = Frame::default();
    /// frame.texts("outcome", ["OS", "DFS", "DFS"].map(|text| Some(text.to_owned())));
    /// frame.numbers("year", vec![1988.0, 1991.0, f64::NAN]);
    /// assert_eq!(frame.rows_where("outcome == 'DFS'")?, [1, 2]);
    /// assert_eq!(frame.rows_where("year > 1980")?, [0, 1]);
    /// assert_eq!(frame.of_rows(&[1]).len(), 1);
    /// # Ok::<(), reffect::formula::FormulaError>(())
    /// ```
    ///
    /// # Errors
    /// If it is no comparison, or names a column that is not there.
    pub fn rows_where(&self, condition: &str) -> Result<Vec<usize>, FormulaError> {
        const HINT: &str =
            "write one such as outcome == \"DFS\" or year > 1990; several conditions are given each by itself";
        const EQUALITY: &str = "equality is written ==, as in outcome == \"DFS\"";
        let sides = sides(condition).map_err(|error| {
            let is_single = condition.get(error.span.clone()) == Some("=");
            error.with_hint(if is_single { EQUALITY } else { HINT })
        })?;
        let inner = sides.right;
        let is_comparison = matches!(&inner.node, Node::Binary(operator, ..) if operator.is_comparison());
        if !is_comparison || sides.left.is_some() {
            let error = FormulaError::new("a condition is a comparison", condition, inner.span);
            return Err(error.with_hint(HINT));
        }
        let span = inner.span.clone();
        let as_factor = Expr { node: Node::Call("I".to_owned(), vec![(None, inner)]), span };
        let rows: Vec<usize> = (0..self.len()).collect();
        let Value::Factor(factor) = evaluate(&as_factor, self, &rows, condition)? else { return Ok(Vec::new()) };
        let holds = |row: &usize| factor.codes[*row].is_some_and(|code| factor.levels[code] == "TRUE");
        Ok(rows.into_iter().filter(holds).collect())
    }

    /// The same columns with these rows alone.
    #[must_use]
    pub fn of_rows(&self, rows: &[usize]) -> Self {
        let mut chosen = self.clone();
        for name in self.names() {
            let column = match self.column(name) {
                Some(Column::Numbers(values)) => Column::Numbers(rows.iter().map(|&row| values[row]).collect()),
                Some(Column::Texts { values, reference }) => Column::Texts {
                    values: rows.iter().map(|&row| values[row].clone()).collect(),
                    reference: reference.clone(),
                },
                None => continue,
            };
            chosen.insert(name, column);
        }
        chosen
    }
}
