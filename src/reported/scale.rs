//! Which values an outcome can take in one patient.

use crate::numeric::decimal::Decimal;

/// A scale knows its admissible values.
///
/// ```
/// use reffect::numeric::decimal::Decimal;
/// use reffect::reported::Scale;
///
/// // The Expanded Disability Status Scale has no 0.5.
/// assert!(Scale::Edss.admits(Decimal::new(15, -1)));
/// assert!(!Scale::Edss.admits(Decimal::new(5, -1)));
/// assert!(!Scale::Nrs.admits(Decimal::from_integer(11)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scale {
    /// Expanded Disability Status Scale: 0, 1, 1.5, 2 … 10 (Kurtzke 1983, Neurology 33:1444).
    Edss,
    /// Numerical rating scale: whole numbers from 0 to 10.
    Nrs,
    /// Revised ALS Functional Rating Scale: 12 items of 0 to 4, whole numbers from 0 to 48
    /// (Cedarbaum 1999, J Neurol Sci 169:13).
    AlsfrsR,
    /// A percentage from 0 to 100.
    Percent,
    /// A count: 0, 1, 2 …
    Count,
    /// Any number.
    Continuous,
    /// The numbers between two limits, by steps if a step is given.
    Range {
        /// The smallest value, if there is one.
        min: Option<Decimal>,
        /// The largest value, if there is one.
        max: Option<Decimal>,
        /// The distance between neighbouring values; the values are min, min + step …, or max, max − step … where there
        /// is no smallest value, and the multiples of the step where there is neither.
        step: Option<Decimal>,
    },
    /// These values and no others, in rising order.
    Values(Vec<Decimal>),
    /// The mean of so many items, each a whole number between two limits.
    Items {
        /// How many items.
        items: u32,
        /// The smallest value of an item.
        min: i64,
        /// The largest value of an item.
        max: i64,
    },
}

impl Scale {
    /// The scales that go by a name in a release file.
    pub const NAMED: [(&'static str, Self); 6] = [
        ("edss", Self::Edss),
        ("nrs", Self::Nrs),
        ("alsfrs-r", Self::AlsfrsR),
        ("percent", Self::Percent),
        ("count", Self::Count),
        ("continuous", Self::Continuous),
    ];

    /// The name in a release file, where it has one.
    pub fn name(&self) -> Option<&'static str> {
        Self::NAMED.iter().find(|(_, scale)| scale == self).map(|(name, _)| *name)
    }

    /// The smallest value, if there is one.
    pub fn min(&self) -> Option<Decimal> {
        match self {
            Self::Edss | Self::Nrs | Self::AlsfrsR | Self::Percent | Self::Count => Some(Decimal::from_integer(0)),
            Self::Continuous => None,
            Self::Range { min, .. } => *min,
            Self::Items { min, .. } => Some(Decimal::from_integer(*min)),
            Self::Values(values) => values.first().copied(),
        }
    }

    /// The largest value, if there is one.
    pub fn max(&self) -> Option<Decimal> {
        match self {
            Self::Edss | Self::Nrs => Some(Decimal::from_integer(10)),
            Self::AlsfrsR => Some(Decimal::from_integer(48)),
            Self::Percent => Some(Decimal::from_integer(100)),
            Self::Count | Self::Continuous => None,
            Self::Range { max, .. } => *max,
            Self::Items { max, .. } => Some(Decimal::from_integer(*max)),
            Self::Values(values) => values.last().copied(),
        }
    }

    /// Whether one patient can have this value.
    pub fn admits(&self, value: Decimal) -> bool {
        let first = self.min().or(self.max()).unwrap_or(Decimal::from_integer(0));
        let on_step = |step: Decimal| value.minus(first).is_multiple_of(step);
        self.covers(value)
            && match self {
                Self::Edss => on_step(Decimal::new(5, -1)) && value != Decimal::new(5, -1),
                Self::Nrs | Self::AlsfrsR | Self::Count => on_step(Decimal::from_integer(1)),
                Self::Percent | Self::Continuous => true,
                Self::Range { step, .. } => step.is_none_or(on_step),
                // A total of whole numbers; most of such means have no end as decimals.
                Self::Items { items, .. } => value.mantissa().checked_mul(i128::from(*items)).is_some_and(|total| {
                    Decimal::new(total, value.exponent()).is_multiple_of(Decimal::from_integer(1))
                }),
                Self::Values(values) => values.contains(&value),
            }
    }

    /// Whether the value lies within the limits of the scale, as every mean of its values does.
    pub fn covers(&self, value: Decimal) -> bool {
        self.min().is_none_or(|min| value >= min) && self.max().is_none_or(|max| value <= max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(scale: &Scale) -> Vec<String> {
        (-4..=22).map(|half| Decimal::new(half * 5, -1)).filter(|v| scale.admits(*v)).map(|v| v.to_string()).collect()
    }

    #[test]
    fn edss_has_half_steps_but_no_half() {
        let values = admitted(&Scale::Edss);
        assert_eq!(values.len(), 20);
        assert_eq!(values[..4], ["0.0", "1.0", "1.5", "2.0"]);
        assert_eq!(values[19], "10.0");
    }

    #[test]
    fn other_scales() {
        assert_eq!(admitted(&Scale::Nrs).len(), 11);
        assert!(Scale::AlsfrsR.admits(Decimal::from_integer(48)) && !Scale::AlsfrsR.admits(Decimal::from_integer(49)));
        assert!(Scale::Count.admits(Decimal::from_integer(4000)) && !Scale::Count.admits(Decimal::new(5, -1)));
        let range = Scale::Range {
            min: Some(Decimal::from_integer(1)),
            max: Some(Decimal::from_integer(7)),
            step: Some(Decimal::from_integer(2)),
        };
        assert_eq!(admitted(&range), ["1.0", "3.0", "5.0", "7.0"]);
        let items = Scale::Items { items: 4, min: 0, max: 3 };
        assert!(items.admits(Decimal::new(275, -2)) && !items.admits(Decimal::new(27, -1)));
        assert!(!items.admits(Decimal::new(325, -2)));
        let list = Scale::Values(vec![Decimal::from_integer(0), Decimal::new(25, -1)]);
        assert_eq!(admitted(&list), ["0.0", "2.5"]);
        assert!(Scale::Continuous.admits(Decimal::new(-47, -2)));
    }

    #[test]
    fn names_belong_to_their_scale() {
        for (name, scale) in Scale::NAMED {
            assert_eq!(scale.name(), Some(name));
        }
        assert_eq!(Scale::Values(vec![]).name(), None);
    }
}
