//! Factors: a level in each row.

use super::deparse::number;
use super::frame::Column;
use crate::numeric::numeral::plain_number;

/// A level in each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The levels in order.
    pub levels: Vec<String>,
    /// The position of the level of each row; none where it is missing.
    pub codes: Vec<Option<usize>>,
}

impl Factor {
    /// The factor of texts: levels sorted by their characters, as R does in the C locale, and the
    /// reference first.
    pub fn of_texts(values: &[Option<String>], reference: Option<&str>) -> Self {
        let mut levels: Vec<String> = values.iter().flatten().cloned().collect();
        levels.sort_unstable();
        levels.dedup();
        if let Some(at) = reference.and_then(|reference| levels.iter().position(|level| level == reference)) {
            levels[..=at].rotate_right(1);
        }
        let places: std::collections::HashMap<&str, usize> =
            levels.iter().enumerate().map(|(at, level)| (level.as_str(), at)).collect();
        let codes = values.iter().map(|value| value.as_deref().and_then(|text| places.get(text).copied())).collect();
        Self { codes, levels }
    }

    /// The same factor with a level put first; unchanged where it has no such level.
    pub fn with_first(mut self, level: Option<&str>) -> Self {
        let Some(at) = level.and_then(|level| self.levels.iter().position(|own| own == level)) else { return self };
        self.levels[..=at].rotate_right(1);
        let moved = |code: usize| match code.cmp(&at) {
            std::cmp::Ordering::Less => code + 1,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => code,
        };
        self.codes.iter_mut().for_each(|code| *code = code.map(moved));
        self
    }

    /// Whether the levels are texts such as V1, V2, … V10, which differ by their numbers alone.
    pub(super) fn differs_by_numbers(&self) -> bool {
        self.numbered().is_some()
    }

    /// The common text and the number of each level; none where they differ by more.
    fn numbered(&self) -> Option<Vec<(String, f64)>> {
        let split = |level: &str| {
            let head = level.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            // The point of month.12 belongs to its head.
            let tail = level[head.len()..].trim_start_matches('.');
            Some((level[..level.len() - tail.len()].to_owned(), plain_number(tail)?))
        };
        let parts: Option<Vec<(String, f64)>> = self.levels.iter().map(|level| split(level)).collect();
        parts.filter(|parts| parts.windows(2).all(|pair| pair[0].0 == pair[1].0))
    }

    /// Texts such as V1, V2, … V10 or t0.25, t0.5 in the order of their numbers; others unchanged.
    pub fn in_number_order(self) -> Self {
        let Some(parts) = self.numbered() else { return self };
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by(|&one, &two| parts[one].1.total_cmp(&parts[two].1));
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &at)| places[at] = place);
        let codes = self.codes.iter().map(|code| code.map(|code| places[code])).collect();
        Self { levels: order.iter().map(|&at| self.levels[at].clone()).collect(), codes }
    }

    /// The factor of numbers: levels in ascending order, named as R prints them; by the shortest text that reads back
    /// where R's 15 digits do not, so that no two levels have one name.
    pub fn of_numbers(values: &[f64]) -> Self {
        // −0 is 0, and a sum with 0 makes it that.
        let values: Vec<f64> = values.iter().map(|value| value + 0.0).collect();
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let find = |value: &f64| sorted.binary_search_by(|level| level.total_cmp(value)).ok();
        let codes = values.iter().map(find).collect();
        Self { levels: sorted.iter().map(|&level| level_name(level)).collect(), codes }
    }
}

impl Column {
    /// Some of its rows as a factor, whose levels are in the order of numbers or characters, whatever level comes first
    /// in contrasts.
    ///
    /// ```
    /// use reffect::formula::Column;
    /// let visits = Column::Numbers(vec![12.0, 0.0, f64::NAN, 6.0]);
    /// let factor = visits.factor(&[0, 1, 2]);
    /// assert_eq!((factor.levels, factor.codes), (vec!["0".to_owned(), "12".to_owned()], vec![Some(1), Some(0), None]));
    /// ```
    pub fn factor(&self, rows: &[usize]) -> Factor {
        match self {
            Self::Numbers(values) => Factor::of_numbers(&rows.iter().map(|&row| values[row]).collect::<Vec<_>>()),
            Self::Texts { values, .. } => {
                Factor::of_texts(&rows.iter().map(|&row| values[row].clone()).collect::<Vec<_>>(), None)
            }
        }
    }
}

/// The name of a level that is a number.
pub(super) fn level_name(level: f64) -> String {
    let name = number(level);
    if plain_number(&name) == Some(level) { name } else { level.to_string() }
}
