//! What else is known of the data: `0 = 5`, `> 0 = 2`, `min = 1`, `median >= 2`.

use super::Unreconstructable;
use super::grid::{Fraction, Grid};
use super::space::Case;
use crate::diagnostic::Refused;
use std::fmt;
use std::str::FromStr;

/// More alternatives than this are no constraint that a person writes.
const MOST_CASES: usize = 100_000;

/// Something that is known of the data beside mean and spread.
///
/// ```
/// use reffect::reconstruct::Constraint;
///
/// let relapse_free: Constraint = "0 = 5".parse()?;
/// assert_eq!(relapse_free.to_string(), "0 = 5");
/// assert!("> 11/3 >= 2".parse::<Constraint>().is_ok());
/// assert!("mode = 1".parse::<Constraint>().is_err());
/// # Ok::<(), reffect::reconstruct::Unreconstructable>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constraint {
    subject: Subject,
    relation: Relation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// How many have this value.
    Value(Fraction, i64),
    /// How many lie above it.
    Above(Fraction, i64),
    /// How many lie below it.
    Below(Fraction, i64),
    /// How many lie above it or have it.
    NotBelow(Fraction, i64),
    /// How many lie below it or have it.
    NotAbove(Fraction, i64),
    /// A statistic of the ordered values.
    Order(Order, Fraction),
}

/// A statistic of the ordered values. The quartiles are R's default (type 7 of Hyndman & Fan 1996,
/// Am Stat 50:361).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Min,
    LowerQuartile,
    Median,
    UpperQuartile,
    Max,
}

const ORDERS: [(&str, Order); 5] = [
    ("min", Order::Min),
    ("q1", Order::LowerQuartile),
    ("median", Order::Median),
    ("q3", Order::UpperQuartile),
    ("max", Order::Max),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Equal,
    AtLeast,
    AtMost,
}

/// How many lie on one side of a value.
type CountOf = fn(Fraction, i64) -> Subject;

/// Signs in front of a value, the longer ones first, since the shorter ones begin them.
const SIDES: [(&str, CountOf); 6] = [
    (">=", Subject::NotBelow),
    ("≥", Subject::NotBelow),
    ("<=", Subject::NotAbove),
    ("≤", Subject::NotAbove),
    (">", Subject::Above),
    ("<", Subject::Below),
];

/// The longer signs stand first here as well.
const RELATIONS: [(&str, Relation); 5] = [
    (">=", Relation::AtLeast),
    ("≥", Relation::AtLeast),
    ("<=", Relation::AtMost),
    ("≤", Relation::AtMost),
    ("=", Relation::Equal),
];

impl FromStr for Constraint {
    type Err = Unreconstructable;

    fn from_str(text: &str) -> Result<Self, Unreconstructable> {
        let wrong = |problem: Refused| {
            let forms = "write a value and how many have it (`0 = 5`, `11/3 <= 2`), `> 0 = 2`, `>= 3 <= 1`, \
                         or min, q1, median, q3, max and a value (`median >= 2`)";
            Unreconstructable::Constraint(format!("`{}`: {problem}; {forms}", text.trim()))
        };
        let trimmed = text.trim();
        let signed = SIDES.iter().find(|(sign, _)| trimmed.starts_with(sign));
        let (body, side) = match signed {
            Some((sign, side)) => (&trimmed[sign.len()..], Some(*side)),
            None => (trimmed, None),
        };
        let first = RELATIONS.iter().filter_map(|(sign, relation)| Some((body.find(sign)?, *sign, *relation)));
        let (position, sign, relation) = first
            .min_by_key(|(position, sign, _)| (*position, usize::MAX - sign.len()))
            .ok_or_else(|| wrong("no `=`, `>=` or `<=` was found".into()))?;
        let (left, right) = (body[..position].trim(), body[position + sign.len()..].trim());
        let subject = match ORDERS.iter().find(|(name, _)| *name == left) {
            Some((_, order)) if side.is_none() => Subject::Order(*order, Fraction::read(right).map_err(wrong)?),
            _ => {
                let value = Fraction::read(left).map_err(wrong)?;
                let people = Fraction::read(right).map_err(wrong)?;
                if people.denominator != 1 || people.numerator < 0 {
                    return Err(wrong(format!("`{right}` is no number of people").into()));
                }
                side.map_or(Subject::Value(value, people.numerator), |side| side(value, people.numerator))
            }
        };
        Ok(Self { subject, relation })
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relation = RELATIONS.iter().find(|(_, relation)| *relation == self.relation).map_or("", |(sign, _)| sign);
        match self.subject {
            Subject::Value(value, people) => write!(f, "{value} {relation} {people}"),
            Subject::Above(value, people) => write!(f, "> {value} {relation} {people}"),
            Subject::Below(value, people) => write!(f, "< {value} {relation} {people}"),
            Subject::NotBelow(value, people) => write!(f, ">= {value} {relation} {people}"),
            Subject::NotAbove(value, people) => write!(f, "<= {value} {relation} {people}"),
            Subject::Order(order, value) => {
                let name = ORDERS.iter().find(|(_, known)| *known == order).map_or("", |(name, _)| name);
                write!(f, "{name} {relation} {value}")
            }
        }
    }
}

/// The cases, which exclude each other, that together are all data that meet the constraints.
pub(super) fn cases(
    constraints: &[Constraint],
    grid: &Grid,
    codes: &[i64],
    n: u32,
) -> Result<Vec<Case>, Unreconstructable> {
    let mut cases = vec![Case::free(codes.len(), n)];
    for constraint in constraints {
        let mut next = Vec::new();
        for case in cases {
            next.extend(constraint.split(case, grid, codes, n)?.into_iter().filter(Case::is_possible));
            if next.len() > MOST_CASES {
                let message = format!("`{constraint}` splits the data into too many cases; use `=` instead of a bound");
                return Err(Unreconstructable::TooLarge(message));
            }
        }
        cases = next;
    }
    Ok(cases)
}

impl Constraint {
    fn split(&self, mut case: Case, grid: &Grid, codes: &[i64], n: u32) -> Result<Vec<Case>, Unreconstructable> {
        let boundary = |value: Fraction| Boundary { value, denominator: grid.denominator(), codes };
        match self.subject {
            Subject::Value(value, people) => {
                let Some(code) = grid.code_of(value) else {
                    let message = format!("`{self}`: the scale has no value {value}");
                    return Err(Unreconstructable::Constraint(message));
                };
                let (low, high) = self.people(people, n);
                case.limit_count(codes.binary_search(&code).ok(), low, high);
            }
            Subject::Above(value, people) => {
                let (low, high) = self.people(people, n);
                case.limit_above(boundary(value).at_most(), low, high, n);
            }
            Subject::Below(value, people) => {
                let (low, high) = self.people(people, n);
                case.limit_above(boundary(value).below(), n.saturating_sub(high), n.saturating_sub(low), n);
                case.possible &= low <= n;
            }
            Subject::NotBelow(value, people) => {
                let (low, high) = self.people(people, n);
                case.limit_above(boundary(value).below(), low, high, n);
            }
            Subject::NotAbove(value, people) => {
                let (low, high) = self.people(people, n);
                case.limit_above(boundary(value).at_most(), n.saturating_sub(high), n.saturating_sub(low), n);
                case.possible &= low <= n;
            }
            Subject::Order(order, value) => return Ok(self.split_by_order(case, order, boundary(value), n)),
        }
        Ok(vec![case])
    }

    /// From how many people to how many.
    fn people(&self, people: i64, n: u32) -> (u32, u32) {
        let people = u32::try_from(people).unwrap_or(u32::MAX);
        match self.relation {
            Relation::Equal => (people, people),
            Relation::AtLeast => (people, n.max(people)),
            Relation::AtMost => (0, people),
        }
    }

    /// An order statistic at position h = (n − 1)p lies between two neighbouring ordered values. If
    /// it is one of them, one case says so; otherwise there is a case for each lower value.
    fn split_by_order(&self, mut case: Case, order: Order, boundary: Boundary<'_>, n: u32) -> Vec<Case> {
        let quarters = match order {
            Order::Min => 0,
            Order::LowerQuartile => 1,
            Order::Median => 2,
            Order::UpperQuartile => 3,
            Order::Max => 4,
        };
        let position = u64::from(n.saturating_sub(1)) * quarters;
        let (below, weight) = ((position / 4) as u32, (position % 4) as i64);
        if weight == 0 {
            if self.relation != Relation::AtMost {
                // At least the value: n − below people are not below it.
                case.limit_above(boundary.below(), n - below, n, n);
            }
            if self.relation != Relation::AtLeast {
                case.limit_above(boundary.at_most(), 0, n - below - 1, n);
            }
            return vec![case];
        }
        let Some(last) = boundary.codes.len().checked_sub(1) else { return Vec::new() };
        let between =
            |lower: usize, upper: usize| (4 - weight) * boundary.codes[lower] + weight * boundary.codes[upper];
        let mut cases = Vec::new();
        // For each lower value the upper ones that will do stand together; where all will do, so they will for every
        // lower value that is further from the bound, and one case holds them.
        let mut add = |lowers: (usize, usize), uppers: (usize, usize)| {
            let mut case = case.clone();
            let before = |index: usize| index.checked_sub(1);
            case.limit_above(before(lowers.0), n - below, n, n);
            case.limit_above(Some(lowers.1), 0, n - below - 1, n);
            case.limit_above(before(uppers.0), n - below - 1, n, n);
            case.limit_above(Some(uppers.1), 0, n - below - 2, n);
            cases.push(case);
        };
        for lower in 0..=last {
            let holds = |upper: usize| boundary.relates(self.relation, between(lower, upper));
            match self.relation {
                Relation::AtLeast if holds(lower) => {
                    add((lower, last), (lower, last));
                    break;
                }
                Relation::AtLeast => {
                    if let Some(least) = (lower..=last).find(|upper| holds(*upper)) {
                        add((lower, lower), (least, last));
                    }
                }
                Relation::AtMost
                    if holds(last) && (lower == last || !boundary.relates(self.relation, between(lower + 1, last))) =>
                {
                    add((0, lower), (0, last));
                }
                Relation::AtMost if holds(last) => {}
                Relation::AtMost => {
                    if let Some(most) = (lower..=last).rfind(|upper| holds(*upper)) {
                        add((lower, lower), (lower, most));
                    }
                }
                Relation::Equal => {
                    if let Some(only) = (lower..=last).find(|upper| holds(*upper)) {
                        add((lower, lower), (only, only));
                    }
                }
            }
        }
        cases
    }
}

/// A value among the codes.
struct Boundary<'a> {
    value: Fraction,
    denominator: i64,
    codes: &'a [i64],
}

impl Boundary<'_> {
    /// The last code that is at most the value.
    fn at_most(&self) -> Option<usize> {
        self.codes.partition_point(|code| self.compare(4 * code).is_le()).checked_sub(1)
    }

    /// The last code below the value.
    fn below(&self) -> Option<usize> {
        self.codes.partition_point(|code| self.compare(4 * code).is_lt()).checked_sub(1)
    }

    /// How four times a code compares with four times the value.
    fn compare(&self, quadruple: i64) -> std::cmp::Ordering {
        let left = i128::from(quadruple) * i128::from(self.value.denominator);
        left.cmp(&(4 * i128::from(self.value.numerator) * i128::from(self.denominator)))
    }

    fn relates(&self, relation: Relation, quadruple: i64) -> bool {
        let order = self.compare(quadruple);
        match relation {
            Relation::Equal => order.is_eq(),
            Relation::AtLeast => order.is_ge(),
            Relation::AtMost => order.is_le(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_and_writes_back() {
        for text in [
            "0 = 5",
            "11/3 <= 2",
            "> 0 = 2",
            "< 3 >= 1",
            "min = 1",
            "median >= 2.5",
            "q1 <= 2",
            "-3 = 1",
            "> -0.5 <= 4",
            ">= 2 = 3",
            "<= 1.5 >= 2",
        ] {
            assert_eq!(text.parse::<Constraint>().unwrap().to_string(), text);
        }
        assert_eq!("0=5".parse::<Constraint>().unwrap(), "0 = 5".parse().unwrap());
        for text in ["", "0", "= 5", "0 == 5", "0 = half", "0 = -1", "0 = 1.5", "> min = 1", "median = ", "mode = 3"] {
            assert!(text.parse::<Constraint>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_that_the_scale_does_not_have_is_a_mistake() {
        let grid = Grid::of_scale(&crate::reported::Scale::Edss).unwrap();
        let constraint: Constraint = "0.5 = 1".parse().unwrap();
        assert!(cases(&[constraint], &grid, &[0, 2, 3], 7).unwrap_err().to_string().contains("no value 0.5"));
    }
}
