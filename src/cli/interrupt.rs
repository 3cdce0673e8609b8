//! Ctrl-C and progress of long listings.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Watches over a long listing: says how far it is, and when to stop.
pub struct Watch {
    interrupted: Arc<AtomicBool>,
    total: Option<u128>,
    what: &'static str,
    told: Option<Instant>,
    is_shown: bool,
}

/// Whether the program was asked to stop. A signal goes to the whole program, so that one listing after another has the
/// same answer.
static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

fn asked_to_stop() -> Arc<AtomicBool> {
    let asked = ASKED.get_or_init(|| {
        let asked = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&asked);
        // Where no handler can be set, Ctrl-C ends the program as usual.
        let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
        #[cfg(unix)]
        hear_the_end(&asked);
        asked
    });
    Arc::clone(asked)
}

/// A job that ends and a terminal that closes ask to stop like Ctrl-C; under `nohup` a closed terminal does not.
#[cfg(unix)]
fn hear_the_end(asked: &Arc<AtomicBool>) {
    use signal_hook::consts::{SIGHUP, SIGTERM};
    // As with Ctrl-C, where these cannot be heard they end the program.
    let _ = signal_hook::flag::register(SIGTERM, Arc::clone(asked));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    if ignored.is_some_and(|mask| mask & (1 << (SIGHUP - 1)) == 0) {
        let _ = signal_hook::flag::register(SIGHUP, Arc::clone(asked));
    }
}

impl Watch {
    /// From now on Ctrl-C asks to stop, so that whole rows are written and the file is closed.
    pub fn new(total: Option<u128>, what: &'static str, quiet: bool) -> Self {
        Self {
            interrupted: asked_to_stop(),
            total,
            what,
            told: None,
            is_shown: !quiet && std::io::stderr().is_terminal(),
        }
    }

    /// Whether to go on after so many.
    pub fn go_on(&mut self, done: u128) -> bool {
        let now = Instant::now();
        if self.is_shown && self.told.is_none_or(|told| now - told > Duration::from_millis(200)) {
            if self.told.is_some() {
                let of = self.total.map(|total| format!(" of {total}")).unwrap_or_default();
                // Progress that cannot be shown is no reason to stop.
                let mut out = std::io::stderr().lock();
                let _ = write!(out, "\r{done}{of} {}", self.what).and_then(|()| out.flush());
            }
            self.told = Some(now);
        }
        !self.is_interrupted()
    }

    /// Whether Ctrl-C was pressed.
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Wipes the line.
    pub fn finish(&self) {
        if self.is_shown {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The handler can be set once: what comes after another long step hears it as well.
    #[test]
    fn one_request_stops_all_listings() {
        let [first, second] = [(); 2].map(|()| Watch::new(None, "rows", true));
        assert!(Arc::ptr_eq(&first.interrupted, &second.interrupted));
    }
}
