//! The order of levels, and the numbers of groups.

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

/// The place of each identifier among the different ones in ascending order, and how many of these there are: what is
/// done for each group then costs by their number, whatever they are called.
pub(super) fn numbered(ids: &[usize]) -> (Vec<usize>, usize) {
    let mut distinct = ids.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    (ids.iter().map(|id| distinct.partition_point(|other| other < id)).collect(), distinct.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_numbered_in_their_order() {
        assert_eq!(numbered(&[usize::MAX, 7, usize::MAX, 0]), (vec![2, 1, 2, 0], 3));
        assert_eq!(numbered(&[]), (vec![], 0));
    }

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
