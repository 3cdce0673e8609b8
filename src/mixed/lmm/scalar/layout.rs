//! Which levels share rows, and the sums over rows.

use super::Scalar;
use super::root::{Graph, Root};
use crate::mixed::lmm::one::total_products;
use crate::mixed::lmm::problem::{Factor, Problem};

/// For each level, factor by factor, the levels of later factors that it shares rows with, and Z'Z for them.
struct Links {
    starts: Vec<usize>,
    links: Vec<(u32, f64)>,
}

impl Links {
    fn new(factors: &[Factor], base: &[usize]) -> Self {
        let mut links: Vec<(u32, f64)> = Vec::new();
        let mut starts = vec![0];
        // Where a later level stands among the links, if it is not from before the level's own ones.
        let mut place = vec![usize::MAX; base[factors.len()]];
        for (at, factor) in factors.iter().enumerate() {
            let rows = rows_by_level(factor);
            for level in rows.starts.windows(2) {
                let first = links.len();
                for &row in &rows.rows[level[0]..level[1]] {
                    let row = row as usize;
                    for (later, first_node) in factors[at + 1..].iter().zip(&base[at + 1..]) {
                        let node = first_node + later.codes[row] as usize;
                        let known = place[node];
                        if known >= first && known < links.len() && links[known].0 as usize == node {
                            links[known].1 += factor.columns[0][row] * later.columns[0][row];
                        } else {
                            place[node] = links.len();
                            links.push((node as u32, factor.columns[0][row] * later.columns[0][row]));
                        }
                    }
                }
                links[first..].sort_unstable_by_key(|link| link.0);
                starts.push(links.len());
            }
        }
        Self { starts, links }
    }

    fn of(&self, node: usize) -> &[(u32, f64)] {
        &self.links[self.starts[node]..self.starts[node + 1]]
    }
}

struct RowsByLevel {
    starts: Vec<usize>,
    rows: Vec<u32>,
}

fn rows_by_level(factor: &Factor) -> RowsByLevel {
    let mut starts = vec![0; factor.levels + 1];
    factor.codes.iter().for_each(|&code| starts[code as usize + 1] += 1);
    (0..factor.levels).for_each(|level| starts[level + 1] += starts[level]);
    let mut next = starts.clone();
    let mut rows = vec![0; factor.codes.len()];
    for (row, &code) in factor.codes.iter().enumerate() {
        rows[next[code as usize]] = row as u32;
        next[code as usize] += 1;
    }
    RowsByLevel { starts, rows }
}

impl Scalar {
    pub fn new(problem: &Problem, y: &[f64]) -> Self {
        let (factors, q) = (&problem.factors, problem.p() + 1);
        let mut base = vec![0];
        factors.iter().for_each(|factor| base.push(base[base.len() - 1] + factor.levels));
        let nodes = base[factors.len()];
        let eliminated = base[problem.eliminated()];
        let all = Links::new(factors, &base);
        let (root, places) = Root::new(nodes - eliminated, |graph| link(graph, &all, eliminated));
        let place = |node: u32| match (node as usize).checked_sub(eliminated) {
            Some(at) => places[at],
            None => node,
        };
        // The root stands behind the eliminated nodes.
        let behind = |node: u32| place(node) + if (node as usize) < eliminated { 0 } else { eliminated as u32 };
        let storage: Vec<u32> = (0..nodes as u32).map(behind).collect();
        let mut made = Self {
            q,
            factor_of: vec![0; nodes],
            factors: problem.places.iter().map(|place| place.factor).collect(),
            nodes: storage,
            eliminated,
            diagonal: vec![0.0; nodes],
            starts: all.starts[..=eliminated].to_vec(),
            among: Vec::with_capacity(eliminated),
            links: Vec::with_capacity(all.starts[eliminated]),
            a: Vec::with_capacity(all.starts[eliminated]),
            positions: Vec::new(),
            position_starts: Vec::with_capacity(eliminated),
            root_links: Vec::new(),
            root,
            right: vec![0.0; nodes * q],
            total: total_products(problem, y),
            theta: vec![0.0; nodes],
            pivots: vec![0.0; nodes],
            inverse_diagonal: vec![0.0; eliminated],
            lower: vec![0.0; all.starts[eliminated]],
            inverse: vec![0.0; all.starts[eliminated]],
            d: vec![0.0; nodes * q],
            v: Vec::new(),
            traces: vec![0.0; factors.len() * factors.len()],
            w: vec![0.0; factors.len() * q * q],
            base,
        };
        made.set_links(&all, place);
        made.set_positions();
        made.add_rows(problem, y);
        made
    }

    fn set_links(&mut self, all: &Links, place: impl Fn(u32) -> u32) {
        let mut own: Vec<(u32, f64)> = Vec::new();
        for node in 0..self.eliminated {
            let of = all.of(node);
            let among = of.partition_point(|link| (link.0 as usize) < self.eliminated);
            own.clear();
            own.extend(of.iter().map(|&(link, a)| (place(link), a)));
            own[among..].sort_unstable_by_key(|link| link.0);
            self.among.push(among as u32);
            self.links.extend(own.iter().map(|link| link.0));
            self.a.extend(own.iter().map(|link| link.1));
        }
        for node in self.eliminated..self.nodes.len() {
            let row = place(node as u32);
            self.root_links.extend(all.of(node).iter().map(|&(link, a)| {
                let column = place(link);
                (row.max(column), row.min(column), a)
            }));
        }
    }

    /// Where rows of one level lie in one level of the next factors, that one has all links of the first.
    fn set_positions(&mut self) {
        for node in 0..self.eliminated {
            self.position_starts.push(self.positions.len());
            let (first, last) = (self.starts[node], self.starts[node + 1]);
            for at in first..first + self.among[node] as usize {
                let parent = self.links[at] as usize;
                let (start, among) = (self.starts[parent], self.among[parent] as usize);
                let its = &self.links[start..self.starts[parent + 1]];
                for later in at + 1..last {
                    // Eliminated nodes and those of the root are counted from 0 each.
                    let (from, its) = if later < first + self.among[node] as usize {
                        (0, &its[..among])
                    } else {
                        (among, &its[among..])
                    };
                    let found = its.binary_search(&self.links[later]).unwrap_or(0);
                    self.positions.push((start + from + found) as u32);
                }
            }
        }
    }

    fn add_rows(&mut self, problem: &Problem, y: &[f64]) {
        let q = self.q;
        let columns: Vec<&[f64]> = problem.x.columns.iter().map(Vec::as_slice).chain([y]).collect();
        for (at, factor) in problem.factors.iter().enumerate() {
            let nodes = &self.nodes[self.base[at]..self.base[at + 1]];
            nodes.iter().for_each(|&node| self.factor_of[node as usize] = at as u32);
            for (row, (&code, z)) in factor.codes.iter().zip(&factor.columns[0]).enumerate() {
                let node = nodes[code as usize] as usize;
                self.diagonal[node] += z * z;
                let right = &mut self.right[node * q..(node + 1) * q];
                right.iter_mut().zip(&columns).for_each(|(place, column)| *place += z * column[row]);
            }
        }
    }
}

/// The links of the root that are there, and those that elimination makes.
fn link(graph: &mut Graph, all: &Links, eliminated: usize) {
    let in_root = |links: &[(u32, f64)]| -> Vec<u32> {
        links.iter().filter_map(|link| link.0.checked_sub(eliminated as u32)).collect()
    };
    for node in 0..all.starts.len() - 1 {
        let mut nodes = in_root(all.of(node));
        match node.checked_sub(eliminated) {
            None => graph.link(&nodes),
            Some(own) => {
                let own = own as u32;
                for other in std::mem::take(&mut nodes) {
                    graph.link(&[own, other]);
                }
            }
        }
    }
}
