//! Rows that depend on each other, and how they fall apart without the effects that many of them share.

use super::components::Component;
use super::sampling::SamplingCovariance;
use crate::numeric::matrix::Matrix;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Rows that depend on each other and on no other row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    /// The rows, ascending.
    pub rows: Vec<usize>,
    /// How a large block falls apart, where that saves work.
    pub split: Option<Arc<Split>>,
}

/// A block whose rows fall into parts that depend on each other through shared effects alone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Split {
    /// The parts, as positions in the block.
    pub parts: Vec<Vec<usize>>,
    /// The effects that join them.
    pub shared: Vec<Shared>,
    /// How many shared effects there are: the columns of Z.
    pub width: usize,
}

/// The effects of components with the same groups that join the parts of a block.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shared {
    /// The components.
    pub members: Vec<Member>,
    /// The column of Z that has a 1 in each row of the block.
    pub columns: Vec<usize>,
    /// All its columns.
    pub range: Range<usize>,
}

/// One component of shared effects.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    /// Which component.
    pub component: usize,
    /// The correlations of its effects, where they are known.
    pub known: Option<Matrix>,
}

/// Components with the same groups in the rows of a block, and these groups.
type Candidate = (Vec<usize>, Vec<usize>);

/// The blocks of all rows.
pub(super) fn blocks(k: usize, components: &[Component], v: &SamplingCovariance) -> Vec<Block> {
    let rows: Vec<usize> = (0..k).collect();
    let joined: Vec<Cow<'_, [usize]>> = components.iter().map(Component::joined).collect();
    let groups: Vec<&[usize]> = joined.iter().map(AsRef::as_ref).chain(v.groups()).collect();
    let block = |rows: Vec<usize>| Block { split: Split::of(&rows, components, &joined, v).map(Arc::new), rows };
    connected(&rows, &groups).into_iter().map(block).collect()
}

/// Rows that are joined by groups that they share, directly or over others: as positions in the list of rows.
fn connected(rows: &[usize], groups: &[&[usize]]) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..rows.len()).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    for group in groups {
        let mut first: Vec<Option<usize>> = vec![None; rows.iter().map(|&row| group[row] + 1).max().unwrap_or(0)];
        for (at, &row) in rows.iter().enumerate() {
            match first[group[row]] {
                None => first[group[row]] = Some(at),
                Some(other) => {
                    let (a, b) = (root(&mut parent, at), root(&mut parent, other));
                    parent[a.max(b)] = a.min(b);
                }
            }
        }
    }
    let mut place: Vec<Option<usize>> = vec![None; rows.len()];
    let mut found: Vec<Vec<usize>> = Vec::new();
    for at in 0..rows.len() {
        let root = root(&mut parent, at);
        let own = *place[root].get_or_insert_with(|| {
            found.push(Vec::new());
            found.len() - 1
        });
        found[own].push(at);
    }
    found
}

impl Block {
    /// The size of the largest matrix that its inverse needs.
    pub fn largest(&self) -> usize {
        match &self.split {
            None => self.rows.len(),
            Some(split) => split.parts.iter().map(Vec::len).fold(split.width, usize::max),
        }
    }
}

/// Which candidates may be shared: every choice of a few, which those of fewest groups need not be part of, and of many
/// those of fewest groups alone.
fn choices(candidates: &[Candidate]) -> Vec<Vec<&Candidate>> {
    /// Of more than these not every choice is tried.
    const FEW: usize = 5;
    let chosen = |choice: usize| {
        let is_in = |at: &usize| choice >> at & 1 == 1;
        (0..candidates.len()).filter(is_in).map(|at| &candidates[at]).collect()
    };
    match candidates.len() {
        count @ ..=FEW => (1..1usize << count).map(chosen).collect(),
        count => (1..=count).map(|count| candidates[..count].iter().collect()).collect(),
    }
}

impl Split {
    /// How a large block is split with the least work; none where the inverse of the whole costs no more.
    fn of(
        rows: &[usize],
        components: &[Component],
        joined: &[Cow<'_, [usize]>],
        v: &SamplingCovariance,
    ) -> Option<Self> {
        /// Smaller blocks are inverted in no time.
        const LARGE: usize = 32;
        if rows.len() < LARGE {
            return None;
        }
        let count = |component: &Component| {
            let mut groups: Vec<usize> = rows.iter().map(|&row| component.groups[row]).collect();
            groups.sort_unstable();
            groups.dedup();
            groups
        };
        let mut candidates: Vec<Candidate> = Vec::new();
        for (at, component) in components.iter().enumerate().filter(|(_, component)| component.inner.is_none()) {
            let has_same = |(members, _): &&mut Candidate| {
                rows.iter().all(|&row| components[members[0]].groups[row] == component.groups[row])
            };
            match candidates.iter_mut().find(has_same) {
                Some((members, _)) => members.push(at),
                None => candidates.push((vec![at], count(component))),
            }
        }
        candidates.sort_by_key(|(_, groups)| groups.len());
        let cube = |size: usize| (size as f64).powi(3);
        let mut best: Option<(f64, Self)> = None;
        for shared in choices(&candidates) {
            let is_other = |at: usize| shared.iter().all(|(members, _)| !members.contains(&at));
            let others = joined.iter().enumerate().filter(|(at, _)| is_other(*at)).map(|(_, of)| of.as_ref());
            let parts = connected(rows, &others.chain(v.groups()).collect::<Vec<_>>());
            let width = shared.iter().map(|(_, groups)| groups.len()).sum();
            let work = cube(width) + parts.iter().map(|part| cube(part.len())).sum::<f64>();
            if best.as_ref().is_none_or(|(least, _)| work < *least) {
                best = Some((work, Self { parts, shared: Shared::all(rows, components, &shared), width }));
            }
        }
        best.filter(|(work, _)| 4.0 * work < cube(rows.len())).map(|(_, split)| split)
    }

    /// Whether a component is among the shared ones.
    pub fn shares(&self, component: usize) -> bool {
        self.place(component).is_some()
    }

    /// Where a component stands among the shared ones, and among those with its groups.
    pub fn place(&self, component: usize) -> Option<(usize, usize)> {
        let within = |shared: &Shared| shared.members.iter().position(|member| member.component == component);
        self.shared.iter().enumerate().find_map(|(at, shared)| Some((at, within(shared)?)))
    }
}

impl Shared {
    fn all(rows: &[usize], components: &[Component], shared: &[&Candidate]) -> Vec<Self> {
        let mut next = 0;
        let mut all = Vec::with_capacity(shared.len());
        for (members, groups) in shared {
            let of = &components[members[0]].groups;
            let member = |&component: &usize| {
                let part = |known: &Arc<Matrix>| known.part(groups);
                Member { component, known: components[component].known.as_ref().map(part) }
            };
            let column = |&row: &usize| next + groups.partition_point(|group| *group < of[row]);
            let columns = rows.iter().map(column).collect();
            let members = members.iter().map(member).collect();
            all.push(Self { members, columns, range: next..next + groups.len() });
            next += groups.len();
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossed_groups_are_shared_and_rows_fall_apart() {
        let intercepts = |name: &str, of: fn(usize) -> usize, count: usize| {
            let levels = (0..count).map(|level| level.to_string()).collect();
            Component::intercepts(name, (0..60).map(of).collect(), levels)
        };
        let components = [
            intercepts("row", |row| row, 60),
            intercepts("species", |row| row % 7, 7),
            intercepts("study", |row| row / 3, 20),
        ];
        let blocks = blocks(60, &components, &SamplingCovariance::Diagonal);
        assert_eq!(blocks.len(), 1);
        // 7³ + 20·3³ is less work than (7 + 20)³ + 60.
        let split = blocks[0].split.as_ref().unwrap();
        assert_eq!((split.width, split.parts.len(), split.shared.len()), (7, 20, 1));
        assert!(split.shares(1) && !split.shares(2));
        assert_eq!(split.parts[1], [3, 4, 5]);
        assert_eq!(split.shared[0].columns[..8], [0, 1, 2, 3, 4, 5, 6, 0]);
        assert_eq!(blocks[0].largest(), 7);
    }

    /// Species whose correlations join all rows are shared, and studies are not, though they are fewer: their rows are
    /// the parts.
    #[test]
    fn the_groups_that_join_all_rows_are_shared() {
        let levels = |count: usize| (0..count).map(|level| level.to_string()).collect::<Vec<_>>();
        let species = Component::intercepts("species", (0..60).map(|row| row % 20).collect(), levels(20));
        let species = species.with_known_correlations(Matrix::from_fn(20, 20, |a, b| if a == b { 1.0 } else { 0.5 }));
        let study = Component::intercepts("study", (0..60).map(|row| row / 5).collect(), levels(12));
        let blocks = blocks(60, &[species.unwrap(), study], &SamplingCovariance::Diagonal);
        let split = blocks[0].split.as_ref().unwrap();
        assert_eq!((split.width, split.parts.len()), (20, 12));
        assert!(split.shares(0) && !split.shares(1));
    }

    #[test]
    fn small_blocks_and_blocks_of_one_group_stay_whole() {
        let one = Component::intercepts("one", vec![0; 20], vec!["a".to_owned()]);
        assert!(blocks(20, &[one], &SamplingCovariance::Diagonal)[0].split.is_none());
        let same = SamplingCovariance::from_clusters(vec![0; 40], |i, j| if i == j { 1.0 } else { 0.5 });
        assert!(blocks(40, &[], &same)[0].split.is_none());
    }
}
