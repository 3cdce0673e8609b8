//! Times of a piece of work, shared by the benches.

use std::hint::black_box;
use std::time::Instant;

/// Microseconds: the median of many runs, with the fastest and the slowest of the middle half.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

/// Times a piece of work; a tenth of the runs, and one at least, warms the caches.
pub fn times<T>(runs: usize, mut work: impl FnMut() -> T) -> Times {
    let warm = (runs / 10).max(1);
    let mut times: Vec<f64> = (0..runs + warm)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            1e6 * start.elapsed().as_secs_f64()
        })
        .skip(warm)
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    Times { median: at(0.5), low: at(0.25), high: at(0.75) }
}

/// Prints the times of a piece of work.
#[allow(dead_code, reason = "one bench prints a table instead")]
pub fn measure<T>(name: &str, runs: usize, work: impl FnMut() -> T) {
    let Times { median, low, high } = times(runs, work);
    println!("{name:<48} {median:>10.2} µs   ({low:.2} to {high:.2})");
}
