//! The fronts, and the sums over rows that fill them.

use super::{Front, Link, Many, Node, RootBlock, Target};
use crate::mixed::lmm::problem::Problem;
use std::collections::HashMap;

impl Many {
    /// The fronts with their links.
    pub(super) fn lay_out(&mut self, problem: &Problem) {
        let count: usize = self.levels[..self.eliminated].iter().sum();
        let mut links: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count];
        let mut first = 0;
        for factor in 0..self.eliminated {
            for row in 0..problem.n {
                let own = &mut links[first + problem.factors[factor].codes[row] as usize];
                own.extend((factor + 1..self.k.len()).map(|later| (later, problem.factors[later].codes[row] as usize)));
                // Long lists are made short now and then, so that they do not grow with the rows.
                if own.len() > 4096 {
                    own.sort_unstable();
                    own.dedup();
                }
            }
            first += self.levels[factor];
        }
        let front_of = |factor: usize, level: usize| self.levels[..factor].iter().sum::<usize>() + level;
        let mut start = 0;
        let nodes = (0..self.eliminated).flat_map(|factor| (0..self.levels[factor]).map(move |level| (factor, level)));
        for ((factor, level), mut own) in nodes.zip(links) {
            own.sort_unstable();
            own.dedup();
            let mut at = self.k[factor];
            let mut made = Vec::with_capacity(own.len());
            for (factor, level) in own {
                let node = Node { factor, level };
                let target = if factor < self.eliminated {
                    Target::Front(front_of(factor, level))
                } else {
                    Target::Root(self.base[factor] + level * self.k[factor] - self.base[self.eliminated])
                };
                made.push(Link { node, at, target });
                at += self.k[factor];
            }
            let width = at + self.q;
            let node = Node { factor, level };
            self.fronts.push(Front { node, start, width, links: made, positions: Vec::new() });
            start += self.k[factor] * width;
        }
        self.a = vec![0.0; start];
        for at in 0..self.fronts.len() {
            let positions = self.positions(&self.fronts[at]);
            self.fronts[at].positions = positions;
        }
    }

    /// Where the columns of later links stand in the fronts of earlier ones.
    fn positions(&self, front: &Front) -> Vec<Vec<usize>> {
        let mut all = Vec::new();
        for (number, link) in front.links.iter().enumerate() {
            let Target::Front(parent) = link.target else { break };
            let parent = &self.fronts[parent];
            let find =
                |later: &Link| parent.links.iter().find(|link| link.node == later.node).map_or(0, |link| link.at);
            all.push(front.links[number + 1..].iter().map(find).collect());
        }
        all
    }

    /// The sums over rows.
    pub(super) fn add_products(&mut self, problem: &Problem, y: &[f64]) {
        let mut blocks: HashMap<(usize, usize, usize, usize), usize> = HashMap::new();
        let p = problem.p();
        let factors = &problem.factors;
        let z = |factor: usize, column: usize, row: usize| factors[factor].columns[column][row];
        let x = |column: usize, row: usize| if column < p { problem.x.columns[column][row] } else { y[row] };
        for row in 0..problem.n {
            let level = |factor: usize| factors[factor].codes[row] as usize;
            let mut first = 0;
            for factor in 0..self.eliminated {
                let front = &self.fronts[first + level(factor)];
                first += self.levels[factor];
                for i in 0..self.k[factor] {
                    let own = z(factor, i, row);
                    let values = &mut self.a[front.start + i * front.width..front.start + (i + 1) * front.width];
                    (0..self.k[factor]).for_each(|j| values[j] += own * z(factor, j, row));
                    for later in factor + 1..self.k.len() {
                        let wanted = (later, level(later));
                        let found =
                            front.links.binary_search_by_key(&wanted, |link| (link.node.factor, link.node.level));
                        let Some(link) = found.ok().map(|at| &front.links[at]) else { continue };
                        (0..self.k[later]).for_each(|j| values[link.at + j] += own * z(later, j, row));
                    }
                    let right = front.width - self.q;
                    (0..self.q).for_each(|j| values[right + j] += own * x(j, row));
                }
            }
            for factor in self.eliminated..self.k.len() {
                let start = self.base[factor] + level(factor) * self.k[factor] - self.base[self.eliminated];
                for i in 0..self.k[factor] {
                    let own = z(factor, i, row);
                    (0..self.q).for_each(|j| self.root_right[(start + i) * self.q + j] += own * x(j, row));
                }
                // The later node stands in the row, so that the block lies below the diagonal.
                for earlier in self.eliminated..=factor {
                    let key = (factor, level(factor), earlier, level(earlier));
                    let next = self.root_blocks.len();
                    let at = *blocks.entry(key).or_insert(next);
                    if at == next {
                        let node = |factor: usize| Node { factor, level: level(factor) };
                        let values = vec![0.0; self.k[factor] * self.k[earlier]];
                        self.root_blocks.push(RootBlock { row: node(factor), column: node(earlier), values });
                    }
                    let values = &mut self.root_blocks[at].values;
                    for i in 0..self.k[factor] {
                        for j in 0..self.k[earlier] {
                            values[i * self.k[earlier] + j] += z(factor, i, row) * z(earlier, j, row);
                        }
                    }
                }
            }
        }
    }
}
