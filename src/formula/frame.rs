//! Columns with names.

use super::derived::Derived;
use std::collections::HashMap;
use std::sync::Arc;

/// Columns of equal length with names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    columns: Vec<(String, Column)>,
    /// Where each stands.
    places: HashMap<String, usize>,
    /// The first levels of columns of numbers that formulas take as factors.
    references: Vec<(String, String)>,
    /// The number that each row had in the whole table, where these are chosen ones.
    numbers: Vec<usize>,
    /// The columns that follow from others.
    pub(super) derived: Vec<Derived>,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Numbers; NaN is missing.
    Numbers(Vec<f64>),
    /// Texts; none is missing.
    Texts {
        /// The text of each row.
        values: Vec<Option<String>>,
        /// The level that comes first, if it was declared.
        reference: Option<String>,
    },
}

impl Column {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Texts { values, .. } => values.len(),
        }
    }

    /// Whether a row has a value; one beyond the end has none.
    pub fn has(&self, row: usize) -> bool {
        match self {
            Self::Numbers(values) => values.get(row).is_some_and(|value| !value.is_nan()),
            Self::Texts { values, .. } => values.get(row).is_some_and(Option::is_some),
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Frame {
    /// The number of a row, counted from 1 on: in the whole table where the rows were chosen from one.
    ///
    /// ```
    /// use reffect::formula::Frame;
    ///
    /// let mut frame = Frame::default();
    /// frame.numbers("year", vec![1988.0, 1991.0, 1995.0]);
    /// assert_eq!(frame.of_rows(&[1, 2]).number_of(0), 2);
    /// ```
    pub fn number_of(&self, row: usize) -> usize {
        self.numbers.get(row).copied().unwrap_or(row + 1)
    }

    pub(super) fn number_as(&mut self, numbers: Vec<usize>) {
        self.numbers = numbers;
    }

    /// Adds a column of numbers, or replaces the one of this name.
    pub fn numbers(&mut self, name: &str, values: Vec<f64>) {
        self.insert(name, Column::Numbers(values));
    }

    /// Adds a column of texts, or replaces the one of this name.
    pub fn texts(&mut self, name: &str, values: impl IntoIterator<Item = Option<String>>) {
        self.insert(name, Column::Texts { values: values.into_iter().collect(), reference: None });
    }

    /// Adds a column, or replaces the one of this name.
    pub fn insert(&mut self, name: &str, column: Column) {
        self.derived.retain(|derived| derived.name != name);
        match self.places.get(name) {
            Some(place) => self.columns[*place].1 = column,
            None => {
                self.places.insert(name.to_owned(), self.columns.len());
                self.columns.push((name.to_owned(), column));
            }
        }
    }

    /// Declares the level of a column of texts that comes first; whether there is such a column.
    pub fn set_reference(&mut self, name: &str, level: &str) -> bool {
        match self.places.get(name).map(|place| &mut self.columns[*place].1) {
            Some(Column::Texts { reference, .. }) => {
                *reference = Some(level.to_owned());
                true
            }
            _ => false,
        }
    }

    /// Declares the level that comes first where a formula takes a column of numbers as a factor.
    pub fn set_factor_reference(&mut self, name: &str, level: &str) {
        self.references.retain(|(known, _)| known != name);
        self.references.push((name.to_owned(), level.to_owned()));
    }

    /// The level that was declared so.
    pub fn factor_reference(&self, name: &str) -> Option<&str> {
        self.references.iter().find(|(known, _)| known == name).map(|(_, level)| level.as_str())
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.places.get(name).map(|place| &self.columns[*place].1)
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first column that is not as long as the first one, and how long it is.
    pub fn uneven(&self) -> Option<(&str, usize)> {
        let other = self.columns.iter().find(|(_, column)| column.len() != self.len());
        other.map(|(name, column)| (name.as_str(), column.len()))
    }
}

/// A copy for whoever keeps the table; a frame that is given away, or is shared already, is not copied.
impl From<&Frame> for Arc<Frame> {
    fn from(frame: &Frame) -> Self {
        Self::new(frame.clone())
    }
}
