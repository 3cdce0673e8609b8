//! What is done with the data sets that a search finds: counted, listed, picked by rank.

use super::search::{Sink, advance, search_for};
use super::sets::ASK_EVERY;
use super::space::Space;
use super::target::Target;
use std::ops::ControlFlow;

pub(super) struct Counter {
    pub(super) total: u128,
    pub(super) branches: u64,
    /// More need not be counted.
    pub(super) most: u128,
}

impl Sink for Counter {
    fn found(&mut self, _: &mut [u32], solutions: u64) -> ControlFlow<()> {
        self.total += u128::from(solutions);
        if self.total > self.most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn entered(&mut self) -> ControlFlow<()> {
        spend(&mut self.branches)
    }
}

/// Takes the first solution, and goes on for some branches to count them.
pub(super) struct Glancer {
    pub(super) first: Option<Vec<u32>>,
    pub(super) total: u128,
    pub(super) branches: u64,
    /// How many branches may follow the first solution.
    pub(super) more: u64,
}

impl Sink for Glancer {
    fn found(&mut self, counts: &mut [u32], solutions: u64) -> ControlFlow<()> {
        if self.first.is_none() {
            self.first = Some(counts.to_vec());
            self.branches = self.branches.min(self.more);
        }
        self.total += u128::from(solutions);
        ControlFlow::Continue(())
    }

    fn entered(&mut self) -> ControlFlow<()> {
        spend(&mut self.branches)
    }
}

/// The first data set, within so many branches, which it spends; none where they do not decide whether there is
/// any.
pub(super) fn first_within(space: &Space, branches: &mut u64) -> Option<Option<Vec<u32>>> {
    first_of(space, &space.targets, branches)
}

/// The same of one total and range of sums of squares.
pub(super) fn first_of_target(space: &Space, target: &Target, branches: &mut u64) -> Option<Option<Vec<u32>>> {
    first_of(space, std::slice::from_ref(target), branches)
}

fn first_of(space: &Space, targets: &[Target], branches: &mut u64) -> Option<Option<Vec<u32>>> {
    let mut finder = Finder { first: None, branches: *branches };
    let ended = search_for(space, targets, &mut finder);
    *branches = finder.branches;
    (finder.first.is_some() || ended.is_continue()).then_some(finder.first)
}

pub(super) struct Finder {
    pub(super) first: Option<Vec<u32>>,
    pub(super) branches: u64,
}

impl Sink for Finder {
    fn found(&mut self, counts: &mut [u32], _: u64) -> ControlFlow<()> {
        self.first = Some(counts.to_vec());
        ControlFlow::Break(())
    }

    fn entered(&mut self) -> ControlFlow<()> {
        spend(&mut self.branches)
    }
}

/// One branch less; a stop where there are none left.
pub(super) fn spend(branches: &mut u64) -> ControlFlow<()> {
    match branches.checked_sub(1) {
        Some(left) => {
            *branches = left;
            ControlFlow::Continue(())
        }
        None => ControlFlow::Break(()),
    }
}

pub(super) struct Lister<F, G> {
    pub(super) visit: F,
    pub(super) go_on: G,
    pub(super) entered: u64,
}

impl<F: FnMut(&[u32]) -> ControlFlow<()>, G: FnMut() -> bool> Sink for Lister<F, G> {
    fn entered(&mut self) -> ControlFlow<()> {
        self.entered += 1;
        if self.entered.is_multiple_of(ASK_EVERY) && !(self.go_on)() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn found(&mut self, counts: &mut [u32], solutions: u64) -> ControlFlow<()> {
        (self.visit)(counts)?;
        for _ in 1..solutions {
            advance(counts);
            (self.visit)(counts)?;
        }
        ControlFlow::Continue(())
    }
}

/// Takes the solutions of rising ranks.
pub(super) struct Picker<'a> {
    pub(super) ranks: &'a [u128],
    pub(super) seen: u128,
    pub(super) picked: Vec<Vec<u32>>,
    pub(super) branches: u64,
}

impl Sink for Picker<'_> {
    fn entered(&mut self) -> ControlFlow<()> {
        spend(&mut self.branches)
    }

    fn found(&mut self, counts: &mut [u32], solutions: u64) -> ControlFlow<()> {
        let end = self.seen + u128::from(solutions);
        let mut at = self.seen;
        while let Some(rank) = self.ranks.first().filter(|rank| **rank < end) {
            while at < *rank {
                advance(counts);
                at += 1;
            }
            self.picked.push(counts.to_vec());
            self.ranks = &self.ranks[1..];
        }
        self.seen = end;
        if self.ranks.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Sums and extremes of the counts, range by range.
pub(super) struct Census {
    pub(super) sums: Vec<u128>,
    pub(super) range: Vec<(u32, u32)>,
}

impl Sink for Census {
    fn found(&mut self, counts: &mut [u32], solutions: u64) -> ControlFlow<()> {
        self.note(counts);
        for (sum, count) in self.sums.iter_mut().zip(counts.iter()) {
            *sum += u128::from(*count) * u128::from(solutions);
        }
        if solutions > 1 {
            // The last three counts run evenly: +1, −2, +1 with each further solution.
            let steps = u128::from(solutions) * u128::from(solutions - 1) / 2;
            if let [.., first, middle, last] = &mut self.sums[..] {
                *first += steps;
                *middle -= 2 * steps;
                *last += steps;
            }
            for _ in 1..solutions {
                advance(counts);
            }
            self.note(counts);
        }
        ControlFlow::Continue(())
    }
}

impl Census {
    fn note(&mut self, counts: &[u32]) {
        for (range, count) in self.range.iter_mut().zip(counts) {
            *range = (range.0.min(*count), range.1.max(*count));
        }
    }
}
