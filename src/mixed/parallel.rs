//! The same work many times, on all processors, that can be stopped; and what percentiles make of it.

use crate::numeric::interval::Interval;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The results of `work` for 0 … `count` − 1 in this order, whatever the number of threads. Each thread has
/// a state of its own. `go_on` is told how many are done and says whether to go on; none if it said no.
pub(super) fn in_parallel<S, T: Send>(
    count: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Option<Vec<T>> {
    if !go_on(0) {
        return None;
    }
    let (next, done, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let results: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
    let waiting = std::thread::current();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(count.max(1));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let (mut own, mut state) = (Vec::new(), state());
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count || stop.load(Ordering::Relaxed) {
                        break;
                    }
                    own.push((at, work(&mut state, at)));
                    done.fetch_add(1, Ordering::Relaxed);
                }
                if let Ok(mut all) = results.lock() {
                    all.extend(own);
                }
                waiting.unpark();
            });
        }
        while done.load(Ordering::Relaxed) < count && !stop.load(Ordering::Relaxed) {
            if !go_on(done.load(Ordering::Relaxed)) {
                stop.store(true, Ordering::Relaxed);
            }
            std::thread::park_timeout(std::time::Duration::from_millis(2));
        }
    });
    let mut all = results.into_inner().ok()?;
    if all.len() < count {
        return None;
    }
    all.sort_by_key(|(at, _)| *at);
    Some(all.into_iter().map(|(_, result)| result).collect())
}

/// Quantiles as R's type 7: between the order statistics.
pub(super) fn percentile_interval(mut values: Vec<f64>, level: f64) -> Interval {
    values.sort_by(f64::total_cmp);
    let quantile = |p: f64| {
        if values.is_empty() {
            return f64::NAN;
        }
        let at = p * (values.len() - 1) as f64;
        let (below, share) = (at.floor() as usize, at.fract());
        let above = (below + 1).min(values.len() - 1);
        // Also where both are infinite.
        if values[below] == values[above] {
            return values[below];
        }
        values[below] + share * (values[above] - values[below])
    };
    Interval { lower: quantile(0.5 - 0.5 * level), upper: quantile(0.5 + 0.5 * level) }
}
