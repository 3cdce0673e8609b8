//! The order of levels.

use crate::numeric::numeral::plain_number;
use std::cmp::Ordering;

/// The order of the levels of one column: that of numbers where all are numbers, and by characters otherwise. One order
/// for numbers and texts together would contradict itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LevelOrder {
    are_numbers: bool,
}

impl LevelOrder {
    /// The order of these levels.
    pub(crate) fn of<'t>(levels: impl IntoIterator<Item = &'t str>) -> Self {
        Self { are_numbers: levels.into_iter().all(|level| plain_number(level).is_some()) }
    }

    /// Which of two comes first.
    pub(crate) fn compare(self, a: &str, b: &str) -> Ordering {
        let number = |level: &str| plain_number(level).filter(|_| self.are_numbers).unwrap_or(0.0);
        number(a).total_cmp(&number(b)).then_with(|| a.cmp(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_the_order_of_numbers_and_among_texts_in_that_of_characters() {
        let sorted = |mut levels: Vec<&'static str>| {
            let order = LevelOrder::of(levels.iter().copied());
            levels.sort_by(|a, b| order.compare(a, b));
            levels
        };
        assert_eq!(sorted(vec!["10", "9", "-1"]), ["-1", "9", "10"]);
        assert_eq!(sorted(vec!["9", "x", "10"]), ["10", "9", "x"]);
    }
}
