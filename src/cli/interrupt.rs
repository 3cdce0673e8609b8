//! Ctrl-C and progress of long listings.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Watches over a long listing: says how far it is, and when to stop.
pub struct Watch {
    interrupted: Arc<AtomicBool>,
    total: Option<u128>,
    what: &'static str,
    told: Option<Instant>,
    is_shown: bool,
}

impl Watch {
    /// From now on Ctrl-C asks to stop, so that whole rows are written and the file is closed.
    pub fn new(total: Option<u128>, what: &'static str, quiet: bool) -> Self {
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        // Where no handler can be set, Ctrl-C ends the program as usual, and no file is left.
        let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
        Self { interrupted, total, what, told: None, is_shown: !quiet && std::io::stderr().is_terminal() }
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
