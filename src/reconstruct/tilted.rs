//! Uniform draws from data sets that are too many to be counted.
//!
//! A multiset of n values is drawn with a chance that grows or falls exponentially with its total S and its sum of
//! squares Q, exp(aS + bQ): a table of n × values says how, since both are sums over people. With a and b such that S
//! and Q lie on average where they print as reported, many of the draws come near. Three evenly spaced values are left
//! open in the draw: how many people have the last of them more than the first follows from the total, and how many
//! have either from the sum of squares, so that a draw is completed instead of hoping that it hits. What is completed
//! is kept with the chance that takes the tilt away again, so that every data set that prints as reported comes out
//! equally often: rejection sampling (von Neumann 1951, Natl Bur Stand Appl Math Ser 12:36) from an exponentially
//! tilted proposal, as importance sampling tilts it (Siegmund 1976, Ann Stat 4:673). The mean of those chances says how
//! many data sets there are.

use super::space::{Case, Space};
use super::target::Target;
use crate::numeric::minimum::descend;
use crate::numeric::random::Random;
use std::collections::BTreeMap;

/// So many values are walked through before drawing ends: some ten seconds where data sets are asked for, and two where
/// they only illustrate.
pub(super) const MOST_STEPS: u64 = 200_000_000;
pub(super) const FEW_STEPS: u64 = 80_000_000;

/// Tables of more entries than this are not made: they are made some dozens of times.
const MOST_ENTRIES: usize = 1 << 21;

/// So many sums over people are made for one table, where constraints limit how many have a value.
const MOST_SUMS: usize = 10_000_000;

/// So many draws say which three values are best left open.
const PILOT: u64 = 500;

/// The number of data sets is told when its standard error is this share of it, or, after the last draw, that.
const PRECISE: f64 = 0.04;
const VAGUE: f64 = 0.2;

/// The draws for the number have a seed of their own, so that it is the same whatever else is drawn.
const SEED_OF_COUNT: u64 = 1;

/// About how many data sets there are, where they are too many to be counted.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CountEstimate {
    /// The decimal logarithm of the number.
    pub log10: f64,
    /// The standard error of the number, as a share of it.
    pub relative_se: f64,
}

/// Draws of data sets that print as reported.
pub(super) struct Tilted<'a> {
    space: &'a Space,
    tilt: Tilt,
    open: Open,
    /// The values that are not left open, and in how many ways people can have those.
    ways: Ways,
    /// The least exponent of data that print as reported.
    floor: f64,
    /// The largest exponent of the values that are left open.
    largest: f64,
}

/// What has been drawn.
pub(super) struct Drawn {
    pub kept: Vec<Vec<u32>>,
    /// How many draws that took.
    pub proposals: u64,
}

/// The exponents a of the total and b of the sum of squares.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Tilt {
    total: f64,
    squares: f64,
}

impl Tilt {
    fn of(self, value: i64) -> f64 {
        self.of_sums(value as f64, value as f64 * value as f64)
    }

    fn of_sums(self, total: f64, squares: f64) -> f64 {
        self.total * total + self.squares * squares
    }
}

impl<'a> Tilted<'a> {
    /// None where the tables would be too large, nothing prints as reported, or no three values of the scale that
    /// anybody may have lie evenly.
    pub fn new(space: &'a Space) -> Option<Self> {
        let n = usize::try_from(space.n).ok()?;
        let limits = limits(space, n);
        let entries = (n + 1).checked_mul(space.values.len() + 1)?;
        let sums: usize = limits.iter().map(|limits| if is_free(*limits, n) { n } else { n * n / 2 }).sum();
        if space.targets.is_empty() || entries > MOST_ENTRIES || sums > MOST_SUMS {
            return None;
        }
        let values: Vec<Value> =
            space.values.iter().zip(&limits).map(|(value, limits)| Value { value: *value, limits: *limits }).collect();
        let tilt = Middle::of(space).tilt(|tilt| {
            let mut base = vec![Entry::NONE; n + 1];
            base[0].ln = 0.0;
            Ways::new(values.clone(), tilt, base).all()
        });
        let floor = space.targets.iter().map(|target| {
            let squares = if tilt.squares > 0.0 { target.least } else { target.most };
            tilt.of_sums(target.sum as f64, squares as f64)
        });
        let floor = floor.fold(f64::INFINITY, f64::min);
        let with = |open: Open| {
            let largest = open.largest(space, tilt);
            Self { space, tilt, ways: open_ways(&values, &open, (tilt, largest), n), open, floor, largest }
        };
        let free = |index: &usize| is_free(limits[*index], n);
        let all = Open::choices(space, &(0..values.len()).filter(free).collect::<Vec<_>>()).into_iter().map(with);
        let chances = |one: &Self| one.mean_chance(PILOT).0;
        let best = all.map(|one| (chances(&one), one)).max_by(|a, b| a.0.total_cmp(&b.0));
        best.filter(|(_, one)| one.ways.all().ln.is_finite()).map(|(_, one)| one)
    }

    /// As many data sets as are asked for, or fewer where so many steps do not find them.
    pub fn draw(&self, how_many: usize, seed: u64, most_steps: u64) -> Drawn {
        let mut random = Random::seeded(seed);
        let mut drawn = Drawn { kept: Vec::new(), proposals: 0 };
        let mut counts = vec![0; self.space.values.len()];
        while drawn.kept.len() < how_many && drawn.proposals < self.proposals_within(most_steps) {
            drawn.proposals += 1;
            let chance = self.propose(&mut counts, &mut random);
            if chance > 0.0 && random.uniform() < chance {
                drawn.kept.push(counts.clone());
            }
        }
        drawn
    }

    /// About how many data sets there are; none where too few are found.
    pub fn count(&self) -> Option<CountEstimate> {
        let (mean, relative_se) = self.mean_chance(self.proposals_within(FEW_STEPS));
        let ln = self.ways.all().ln - self.floor + mean.ln();
        (relative_se < VAGUE).then_some(CountEstimate { log10: ln * std::f64::consts::LOG10_E, relative_se })
    }

    fn proposals_within(&self, steps: u64) -> u64 {
        steps / self.space.values.len().max(1) as u64
    }

    /// The mean chance to be kept, and the standard error of it as a share, over so many draws or as many as it takes.
    fn mean_chance(&self, most: u64) -> (f64, f64) {
        let mut random = Random::seeded(SEED_OF_COUNT);
        let mut counts = vec![0; self.space.values.len()];
        let (mut sum, mut squares, mut draws) = (0.0, 0.0, 0u64);
        loop {
            for _ in 0..PILOT {
                let chance = self.propose(&mut counts, &mut random);
                sum += chance;
                squares += chance * chance;
            }
            draws += PILOT;
            let mean = sum / draws as f64;
            let relative_se = ((squares / draws as f64 - mean * mean).max(0.0) / draws as f64).sqrt() / mean;
            // A few hits say too little of how they vary.
            let is_precise = relative_se < PRECISE && sum * sum > 100.0 * squares;
            if is_precise || draws >= most {
                return (mean, if mean > 0.0 { relative_se } else { f64::INFINITY });
            }
        }
    }

    /// One data set, and the chance with which it is to be kept: 0 where it does not print as reported.
    fn propose(&self, counts: &mut [u32], random: &mut Random) -> f64 {
        let Some((people, sum, squares)) = self.ways.draw(&self.open.others, counts, random) else { return 0.0 };
        let slot = random.below(u128::from(self.open.slots(people))) as i64;
        let Some((shares, exponent)) = self.open.complete(self.space, self.tilt, people, [sum, squares], slot) else {
            return 0.0;
        };
        let open = self.open.values(self.space);
        for (index, share) in self.open.at.iter().zip(shares) {
            counts[*index] = share as u32;
        }
        if !self.space.cases.iter().any(|case| admits(case, counts)) {
            return 0.0;
        }
        let own: f64 = open.iter().zip(shares).map(|(value, share)| share as f64 * self.tilt.of(*value)).sum();
        (self.floor - exponent + own - people as f64 * self.largest).exp()
    }
}

/// How many can have each value in some case.
fn limits(space: &Space, n: usize) -> Vec<(usize, usize)> {
    let possible = || space.cases.iter().filter(|case| case.is_possible());
    let hull = |index: usize| {
        let ends = possible().map(|case| case.counts[index]);
        ends.fold((n, 0), |(low, high), (least, most)| (low.min(least as usize), high.max((most as usize).min(n))))
    };
    (0..space.values.len()).map(hull).collect()
}

fn is_free(limits: (usize, usize), n: usize) -> bool {
    limits == (0, n)
}

/// Whether a data set meets the limits of a case.
fn admits(case: &Case, counts: &[u32]) -> bool {
    let within = |(low, high): &(u32, u32), count: u32| (*low..=*high).contains(&count);
    let mut above: u32 = counts.iter().sum();
    case.is_possible()
        && counts.iter().zip(case.counts.iter().zip(&case.above)).all(|(count, (own, higher))| {
            above -= count;
            within(own, *count) && within(higher, above)
        })
}

/// Three evenly spaced values that are left open in a draw.
#[derive(Clone, Debug)]
struct Open {
    /// Where they stand among the values.
    at: [usize; 3],
    spacing: i64,
    /// Where the other ones stand.
    others: Vec<usize>,
    /// How many targets at most have totals that leave the same rest by the spacing.
    totals: u64,
    /// How many sums of squares at most of a target are reached from one total.
    squares: u64,
}

impl Open {
    /// Wide and narrow ones, low and high ones, of the values that are free.
    fn choices(space: &Space, free: &[usize]) -> Vec<Self> {
        let place: BTreeMap<i64, usize> = free.iter().map(|index| (space.values[*index], *index)).collect();
        let (Some((low, _)), Some((high, _))) = (place.first_key_value(), place.last_key_value()) else {
            return Vec::new();
        };
        let mut choices = Vec::new();
        let mut spacing = (high - low) / 2;
        while spacing > 0 && choices.len() < 12 {
            let room = high - low - 2 * spacing;
            let mut firsts = [low + room / 2, *low, low + room].to_vec();
            firsts.dedup();
            for first in firsts {
                let at = [0, 1, 2].map(|step| place.get(&(first + step * spacing)).copied());
                if let [Some(a), Some(b), Some(c)] = at {
                    choices.push(Self::new(space, [a, b, c], spacing));
                }
            }
            spacing = if spacing > 4 { spacing / 2 } else { spacing - 1 };
        }
        choices
    }

    fn new(space: &Space, at: [usize; 3], spacing: i64) -> Self {
        let mut rests: BTreeMap<i64, u64> = BTreeMap::new();
        for target in &space.targets {
            *rests.entry(target.sum.rem_euclid(spacing)).or_default() += 1;
        }
        let widths = space.targets.iter().map(|target| (target.most - target.least) / (2 * spacing * spacing) + 1);
        Self {
            at,
            spacing,
            others: (0..space.values.len()).filter(|index| !at.contains(index)).collect(),
            totals: rests.into_values().max().unwrap_or(0),
            squares: widths.max().unwrap_or(0).max(0) as u64,
        }
    }

    fn values(&self, space: &Space) -> [i64; 3] {
        self.at.map(|index| space.values[index])
    }

    /// The largest exponent of the three.
    fn largest(&self, space: &Space, tilt: Tilt) -> f64 {
        self.values(space).iter().map(|value| tilt.of(*value)).fold(f64::NEG_INFINITY, f64::max)
    }

    /// In how many ways at most so many people can complete a draw.
    fn slots(&self, people: usize) -> u64 {
        let people = people as u64;
        self.totals.min(2 * people + 1) * self.squares.min(people / 2 + 1)
    }

    /// The completion of this number, of a draw that leaves so many people, with this total and sum of squares: how
    /// many have each of the three values, and the exponent of the data set. With a at the first, k − 2a − c are at the
    /// middle one and a + c at the last.
    fn complete(
        &self,
        space: &Space,
        tilt: Tilt,
        people: usize,
        [sum, squares]: [i64; 2],
        mut slot: i64,
    ) -> Option<([i64; 3], f64)> {
        let (k, step, [first, middle, last]) = (people as i64, self.spacing, self.values(space));
        let start = space.targets.partition_point(|target| target.sum < sum + k * first);
        let reached = space.targets[start..].iter().take_while(|target| target.sum <= sum + k * last);
        for target in reached {
            let excess = target.sum - sum - k * middle;
            if excess.rem_euclid(step) != 0 {
                continue;
            }
            let c = excess.div_euclid(step);
            // The sum of squares without the pairs that move from the middle to both sides.
            let even = squares + k * middle * middle + 2 * middle * step * c + step * step * c;
            let each = 2 * step * step;
            let low = (-c).max(0).max(-(even - target.least).div_euclid(each));
            let high = (k - c).div_euclid(2).min((target.most - even).div_euclid(each));
            if high < low {
                continue;
            }
            if slot <= high - low {
                let a = low + slot;
                let exponent = tilt.of_sums(target.sum as f64, (even + each * a) as f64);
                return Some(([a, k - 2 * a - c, a + c], exponent));
            }
            slot -= high - low + 1;
        }
        None
    }
}

/// The ways of the values that are not left open; those who are left may complete a draw in as many ways as there are
/// slots, each of which weighs as much as it can.
fn open_ways(values: &[Value], open: &Open, (tilt, largest): (Tilt, f64), n: usize) -> Ways {
    let base = |people: usize| Entry { ln: (open.slots(people) as f64).ln() + people as f64 * largest, ..Entry::NONE };
    let others = open.others.iter().map(|index| values[*index].clone()).collect();
    Ways::new(others, tilt, (0..=n).map(base).collect())
}

/// Where totals and sums of squares print as reported, in the middle.
struct Middle {
    total: f64,
    /// None without a spread.
    squares: Option<f64>,
    /// The largest distance of a value from 0.
    widest: f64,
}

impl Middle {
    fn of(space: &Space) -> Self {
        let count = space.targets.len() as f64;
        let mean = |of: &dyn Fn(&Target) -> f64| space.targets.iter().map(of).sum::<f64>() / count;
        let widest = space.values.iter().map(|value| value.unsigned_abs()).max().unwrap_or(1).max(1) as f64;
        // All sums of squares that any numbers can have are told from those of a spread.
        let any = space.n as f64 * widest * widest;
        let is_limited = space.targets.iter().any(|target| target.least > 0 || (target.most as f64) < any);
        let squares = is_limited.then(|| mean(&|target| 0.5 * (target.least as f64 + (target.most as f64).min(any))));
        Self { total: mean(&|target| target.sum as f64), squares, widest }
    }

    /// The tilt under which both lie there on average: where ln Z(a, b) − aS − bQ, which is convex and has the
    /// differences of the means from S and Q as its slope, is least. How near the search comes decides only how many
    /// draws are kept.
    fn tilt(&self, ways: impl Fn(Tilt) -> Entry) -> Tilt {
        // In units in which the exponent of the widest value is 1.
        let tilt = |x: &[f64]| Tilt {
            total: x[0] / self.widest,
            squares: x.get(1).map_or(0.0, |square| square / (self.widest * self.widest)),
        };
        let goal = [self.total, self.squares.unwrap_or(0.0)];
        let lower = |x: &[f64]| {
            let at = tilt(x);
            ways(at).ln - at.total * goal[0] - at.squares * goal[1]
        };
        let slope = |x: &[f64]| {
            let all = ways(tilt(x));
            let differences =
                [(all.total - goal[0]) / self.widest, (all.squares - goal[1]) / (self.widest * self.widest)];
            differences[..x.len()].to_vec()
        };
        tilt(&descend(lower, slope, vec![0.0; if self.squares.is_some() { 2 } else { 1 }]).at)
    }
}

/// The multisets of so many people, in the measure of the tilt.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Entry {
    /// The logarithm of their weight.
    ln: f64,
    /// Their mean total.
    total: f64,
    /// Their mean sum of squares.
    squares: f64,
}

impl Entry {
    const NONE: Self = Self { ln: f64::NEG_INFINITY, total: 0.0, squares: 0.0 };

    /// Those with so many more people of a value.
    fn with(self, people: usize, value: i64, exponent: f64) -> Self {
        let (people, value) = (people as f64, value as f64);
        Self {
            ln: self.ln + people * exponent,
            total: self.total + people * value,
            squares: self.squares + people * value * value,
        }
    }

    /// Both together.
    fn and(self, other: Self) -> Self {
        let (less, more) = if self.ln < other.ln { (self, other) } else { (other, self) };
        if less.ln == f64::NEG_INFINITY {
            return more;
        }
        let ratio = (less.ln - more.ln).exp();
        let share = ratio / (1.0 + ratio);
        Self {
            ln: more.ln + ratio.ln_1p(),
            total: more.total + share * (less.total - more.total),
            squares: more.squares + share * (less.squares - more.squares),
        }
    }
}

/// A value, and how many people can have it.
#[derive(Clone, Debug)]
struct Value {
    value: i64,
    limits: (usize, usize),
}

/// In how many ways, in the measure of the tilt, so many people can have the values from one on.
struct Ways {
    n: usize,
    values: Vec<Value>,
    exponents: Vec<f64>,
    /// By value and then by people; at the end those of people who have none of the values.
    entries: Vec<Entry>,
}

impl Ways {
    fn new(values: Vec<Value>, tilt: Tilt, base: Vec<Entry>) -> Self {
        let (n, m) = (base.len() - 1, values.len());
        let exponents: Vec<f64> = values.iter().map(|value| tilt.of(value.value)).collect();
        let mut entries = vec![Entry::NONE; m * (n + 1)];
        entries.extend(base);
        let mut ways = Self { n, values, exponents, entries };
        for value in (0..m).rev() {
            let free = is_free(ways.values[value].limits, n);
            for people in 0..=n {
                let taken = |here: usize, rest: Entry| rest.with(here, ways.values[value].value, ways.exponents[value]);
                let known = if free {
                    let fewer = people.checked_sub(1).map_or(Entry::NONE, |fewer| ways.at(value, fewer));
                    ways.at(value + 1, people).and(taken(1, fewer))
                } else {
                    let each = ways.here(value, people).map(|here| taken(here, ways.at(value + 1, people - here)));
                    each.fold(Entry::NONE, Entry::and)
                };
                ways.entries[value * (n + 1) + people] = known;
            }
        }
        ways
    }

    #[inline]
    fn at(&self, value: usize, people: usize) -> Entry {
        self.entries[value * (self.n + 1) + people]
    }

    /// Those of everyone.
    fn all(&self) -> Entry {
        self.at(0, self.n)
    }

    /// How many of so many people can have a value.
    fn here(&self, value: usize, people: usize) -> std::ops::RangeInclusive<usize> {
        let (least, most) = self.values[value].limits;
        least..=most.min(people)
    }

    /// How many people have each value, at these places of the counts, with how many are left, the total and the sum of
    /// squares; none where the rounding of shares leads to what cannot be.
    fn draw(&self, places: &[usize], counts: &mut [u32], random: &mut Random) -> Option<(usize, i64, i64)> {
        let (mut people, mut sum, mut squares) = (self.n, 0, 0);
        for (index, place) in places.iter().enumerate() {
            let here = if is_free(self.values[index].limits, self.n) {
                self.draw_free(index, people, random)
            } else {
                self.draw_limited(index, people, random)?
            };
            counts[*place] = here as u32;
            people -= here;
            let (here, value) = (here as i64, self.values[index].value);
            sum += here * value;
            squares += here * value * value;
        }
        Some((people, sum, squares))
    }

    /// At least t of the people have a free value with the chance wᵗ·ways(people − t)/ways(people), which falls with t:
    /// the largest t is looked for that a uniform number does not exceed.
    fn draw_free(&self, value: usize, people: usize, random: &mut Random) -> usize {
        if people == 0 {
            return 0;
        }
        let goal = random.uniform().ln() + self.at(value, people).ln;
        let exponent = self.exponents[value];
        let holds = |t: usize| t as f64 * exponent + self.at(value, people - t).ln >= goal;
        // Most values have few people: the end is doubled first.
        let (mut low, mut high) = (0, 1);
        while high <= people && holds(high) {
            low = high;
            high *= 2;
        }
        high = high.min(people + 1);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if holds(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    fn draw_limited(&self, value: usize, people: usize, random: &mut Random) -> Option<usize> {
        let all = self.at(value, people).ln;
        let (mut left, mut taken) = (random.uniform(), None);
        for here in self.here(value, people) {
            let share = (here as f64 * self.exponents[value] + self.at(value + 1, people - here).ln - all).exp();
            left -= share;
            // What rounding leaves over goes to the last that is possible.
            taken = if share > 0.0 { Some(here) } else { taken };
            if left < 0.0 {
                break;
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::dist::chi_squared_sf;
    use crate::reconstruct::target::Quantile;
    use crate::reconstruct::{Constraint, DataSets, Grid, Summary};
    use crate::reported::Scale;
    use std::collections::BTreeMap;

    /// Spaces of few data sets, with their number by the search.
    fn known(cell: &str, n: u64, constraints: &[&str]) -> (Space, DataSets) {
        let constraints: Vec<Constraint> = constraints.iter().map(|text| text.parse().unwrap()).collect();
        let grid = Grid::of_scale(&Scale::Nrs).unwrap();
        let summary = Summary::sample(&cell.parse().unwrap(), n);
        (
            Space::new(&summary, Quantile::T, &grid, &constraints).unwrap(),
            DataSets::new(&summary, &grid, &constraints).unwrap(),
        )
    }

    const CASES: [(&str, u64, &[&str]); 8] = [
        ("3 ± 2", 5, &[]),
        ("4.5 ± 2.1", 14, &[]),
        ("6.0 ± 1.0", 30, &[]),
        ("0.4 ± 0.8", 7, &[]),
        ("4.5 ± 2.1", 14, &["median = 4.5", "2 <= 1"]),
        ("4.5 ± 2.1", 15, &["5 = 2", "> 6 >= 3"]),
        ("4.5", 6, &[]),
        ("8.9 ± 1.9", 16, &["q1 >= 8.25"]),
    ];

    #[test]
    fn the_share_of_kept_draws_gives_the_exact_count() {
        for (cell, n, constraints) in CASES {
            let (space, sets) = known(cell, n, constraints);
            let exact = sets.count().unwrap() as f64;
            let found = Tilted::new(&space).unwrap().count().unwrap();
            let error = (10f64.powf(found.log10) / exact - 1.0) / found.relative_se;
            assert!(error.abs() < 3.5, "{cell}, n = {n}, {constraints:?}: {found:?} and not {exact}");
        }
    }

    #[test]
    fn every_data_set_is_drawn_equally_often() {
        for (cell, n, constraints) in CASES {
            let (space, sets) = known(cell, n, constraints);
            let listed = sets.list(100_000).unwrap();
            let cells = listed.len().min(200);
            let draws = 50 * cells;
            // Sets that are neighbours in their order fall into one of 200 classes.
            let class: BTreeMap<&Vec<u32>, usize> =
                listed.iter().enumerate().map(|(rank, set)| (set, rank * cells / listed.len())).collect();
            let mut sizes = vec![0.0; cells];
            class.values().for_each(|of| sizes[*of] += 1.0);
            let mut found = vec![0.0; cells];
            let drawn = Tilted::new(&space).unwrap().draw(draws, 7, MOST_STEPS).kept;
            assert_eq!(drawn.len(), draws);
            drawn.iter().for_each(|set| found[class[set]] += 1.0);
            let expected = |size: f64| draws as f64 * size / listed.len() as f64;
            let statistic: f64 =
                found.iter().zip(&sizes).map(|(seen, size)| (seen - expected(*size)).powi(2) / expected(*size)).sum();
            let p = if cells > 1 { chi_squared_sf(statistic, cells as f64 - 1.0) } else { 1.0 };
            assert!(p > 1e-3, "{cell}, n = {n}, {constraints:?}: p = {p}");
        }
    }
}
