//! Times of a piece of work, shared by the benches.

use std::hint::black_box;
use std::time::Instant;

/// Prints the median of many runs, with the fastest and the slowest of the middle half.
pub fn measure<T>(name: &str, runs: usize, mut work: impl FnMut() -> T) {
    let mut times: Vec<f64> = (0..runs + runs / 10)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            1e6 * start.elapsed().as_secs_f64()
        })
        // The first runs warm the caches.
        .skip(runs / 10)
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{name:<48} {:>10.2} µs   ({:.2} to {:.2})", at(0.5), at(0.25), at(0.75));
}
