//! The same work many times, on all processors, that can be stopped.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The results of `work` for 0 … `count` − 1 in this order, whatever the number of threads. Each thread has
/// a state of its own. `go_on` is told how many are done and says whether to go on; none if it said no.
pub fn in_parallel<S, T: Send>(
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
                let _leaving = Leaving { stop: &stop, waiting: &waiting };
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
            });
        }
        while done.load(Ordering::Relaxed) < count && !stop.load(Ordering::Relaxed) {
            if !go_on(done.load(Ordering::Relaxed)) {
                stop.store(true, Ordering::Relaxed);
            }
            std::thread::park_timeout(Duration::from_millis(2));
        }
    });
    let mut all = results.into_inner().ok()?;
    if all.len() < count {
        return None;
    }
    all.sort_by_key(|(at, _)| *at);
    Some(all.into_iter().map(|(_, result)| result).collect())
}

/// What is done sooner than this is not worth the start of threads.
const SHORT: Duration = Duration::from_millis(1);

/// The same of work that nobody stops. How long the first piece takes tells whether all of it is worth other threads.
pub fn each_in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if count == 0 {
        return Vec::new();
    }
    let start = Instant::now();
    let mut all = vec![work(0)];
    let expected = start.elapsed().saturating_mul(u32::try_from(count).unwrap_or(u32::MAX));
    if expected < SHORT {
        all.extend((1..count).map(work));
    } else {
        let rest = in_parallel(count - 1, || (), |(), at| work(at + 1), &mut |_| true);
        all.extend(rest.unwrap_or_default());
    }
    all
}

/// Wakes the thread that waits for the others when one of them ends; where it ended in a panic, nobody waits for
/// the rest of its work, and the panic goes on in the caller.
struct Leaving<'a> {
    stop: &'a AtomicBool,
    waiting: &'a std::thread::Thread,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.stop.store(true, Ordering::Relaxed);
        }
        self.waiting.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_order_and_a_stop_gives_none() {
        assert_eq!(in_parallel(100, || (), |(), at| at * at, &mut |_| true).unwrap()[99], 9801);
        assert!(in_parallel(100, || (), |(), at| at, &mut |_| false).is_none());
    }

    #[test]
    fn short_and_long_work_give_the_same() {
        assert_eq!(each_in_parallel(0, |at| at), [0; 0]);
        for pause in [0, 1] {
            let squares = each_in_parallel(5, |at| {
                std::thread::sleep(Duration::from_millis(pause));
                at * at
            });
            assert_eq!(squares, [0, 1, 4, 9, 16]);
        }
    }

    #[test]
    fn a_panic_of_one_thread_ends_the_waiting() {
        let run = || in_parallel(4, || (), |(), at| assert!(at != 2, "on purpose"), &mut |_| true);
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
