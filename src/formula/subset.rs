//! Rows of a table for which a condition holds.

use super::conditions;
use super::error::FormulaError;
use super::frame::{Column, Frame};
use super::parse::sides;

impl Frame {
    /// The rows for which a condition holds, as R's `subset` chooses them: `outcome == "DFS"`, `year > 1990`. A row
    /// without a value does not hold.
    ///
    /// ```
    /// use reffect::formula::Frame;
    ///
    /// let mut frame = Frame::default();
    /// frame.texts("outcome", ["OS", "DFS", "DFS"].map(|text| Some(text.to_owned())));
    /// frame.numbers("year", vec![1988.0, 1991.0, f64::NAN]);
    /// assert_eq!(frame.rows_where("outcome == 'DFS'")?, [1, 2]);
    /// assert_eq!(frame.rows_where("year > 1980")?, [0, 1]);
    /// assert_eq!(frame.rows_where("year > 1990 | outcome %in% c('OS', 'EFS')")?, [0, 1]);
    /// assert_eq!(frame.of_rows(&[1]).len(), 1);
    /// # Ok::<(), reffect::formula::FormulaError>(())
    /// ```
    ///
    /// # Errors
    /// If it is no condition, or names a column that is not there.
    pub fn rows_where(&self, condition: &str) -> Result<Vec<usize>, FormulaError> {
        const HINT: &str =
            "write one such as outcome == \"DFS\", year > 1990 & year <= 2000, or arm %in% c(\"a\", \"b\")";
        const EQUALITY: &str = "equality is written ==, as in outcome == \"DFS\"";
        let sides = sides(condition).map_err(|error| {
            let is_single = condition.get(error.span.clone()) == Some("=");
            error.with_hint(if is_single { EQUALITY } else { HINT })
        })?;
        let inner = sides.right;
        if !inner.is_condition() || sides.left.is_some() {
            let error = FormulaError::new("this is no condition", condition, inner.span);
            return Err(error.with_hint(HINT));
        }
        let rows: Vec<usize> = (0..self.len()).collect();
        let holds = conditions::condition(&inner, self, &rows, condition)?;
        Ok(rows.into_iter().filter(|&row| holds[row] == Some(true)).collect())
    }

    /// The same columns with these rows alone.
    #[must_use]
    pub fn of_rows(&self, rows: &[usize]) -> Self {
        let mut chosen = self.clone();
        chosen.number_as(rows.iter().map(|&row| self.number_of(row)).collect());
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
