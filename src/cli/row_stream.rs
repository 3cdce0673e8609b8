//! Rows of a table, computed by several threads and written in their order, so that memory does not
//! grow with the table.

use super::failure::Failure;
use super::interrupt::Watch;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::read::{Block, Record, Row, Table};
use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// More threads than this would wait for the one that reads.
const MOST_THREADS: usize = 8;

/// What is written round the rows, and how one row is.
pub struct Frame {
    /// What comes first.
    pub head: Vec<u8>,
    /// What stands before each row but the first; `row` writes it before each.
    pub separator: &'static str,
    /// Whether a row needs its number. Such rows are worked on by one thread at a time.
    pub is_numbered: bool,
}

/// How many rows there were.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// All.
    pub rows: u64,
    /// Those without a value.
    pub without: u64,
    /// How many of these could not be read.
    pub unreadable: u64,
    /// Those whose numbers contradict each other.
    pub contradictory: u64,
    /// Those of which nothing can be said.
    pub undecided: u64,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// It has what was asked for.
    Value,
    /// It has not, and its notes say why.
    Without,
    /// It could not be read, and its notes say where and why.
    Unreadable,
    /// Its numbers contradict each other.
    Contradictory,
    /// Nothing can be said of it.
    Undecided,
}

impl RowOutcome {
    /// Of a row that may have a value.
    pub fn of(has_value: bool) -> Self {
        if has_value { Self::Value } else { Self::Without }
    }
}

impl Tally {
    pub fn add(&mut self, outcome: RowOutcome) {
        self.rows += 1;
        self.without += u64::from(matches!(outcome, RowOutcome::Without | RowOutcome::Unreadable));
        self.unreadable += u64::from(outcome == RowOutcome::Unreadable);
        self.contradictory += u64::from(outcome == RowOutcome::Contradictory);
        self.undecided += u64::from(outcome == RowOutcome::Undecided);
    }

    /// That every row could be read, for the exit of a run whose rows were all written.
    pub fn all_readable(&self) -> Result<(), Failure> {
        if self.unreadable == 0 {
            return Ok(());
        }
        let message = format!("{} of {} rows could not be read", self.unreadable, self.rows);
        Err(Failure::call(message, "the notes of those rows say what was found and what was expected"))
    }

    /// Those of two parts together.
    pub fn plus(&mut self, other: Self) {
        self.rows += other.rows;
        self.without += other.without;
        self.unreadable += other.unreadable;
        self.contradictory += other.contradictory;
        self.undecided += other.undecided;
    }
}

/// What is made of the rows of a table.
pub struct Work<S, F, T> {
    pub frame: Frame,
    /// What each thread begins with.
    pub state: S,
    /// Gets the state of its thread, a row and its number, counted from 1, or 0 where rows need none;
    /// appends its text, and says what became of it.
    pub row: F,
    /// What is written behind the rows, also where they end before their time: what was written is whole. It gets how
    /// many rows there were, and why there are no more where that is not the end of the table.
    pub tail: T,
}

/// Writes a table row by row.
pub fn write_rows<S: Clone + Send + Sync>(
    table: Table,
    out: &mut (dyn Write + Send),
    work: Work<
        S,
        impl Fn(&mut S, &Row<'_>, u64, &mut Vec<u8>) -> RowOutcome + Sync,
        impl FnOnce(Tally, Option<&Failure>) -> String,
    >,
    quiet: bool,
) -> io::Result<Result<Tally, Failure>> {
    let Work { frame, state, row, tail } = work;
    // What is in memory already takes no time.
    let is_short = table.is_read();
    let watch = (!is_short).then(|| Watch::new(None, "rows", quiet));
    let rows = Rows {
        source: Mutex::new(Source { table, blocks: 0, failed: None }),
        sink: Mutex::new(Sink { out: &mut *out, turn: 0, tally: Tally::default(), watch, stopped: None }),
        written: Condvar::new(),
        frame,
        row,
    };
    let threads = if is_short { 1 } else { thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS) };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| rows.work(state.clone()));
        }
        rows.work(state.clone());
    });
    let (tally, ended) = rows.finish()?;
    if tally.rows > 0 {
        out.write_all(tail(tally, ended.as_ref().err()).as_bytes())?;
        out.flush()?;
    }
    Ok(ended.map(|()| tally))
}

/// Where blocks come from, each with its place in the order.
struct Source {
    table: Table,
    blocks: u64,
    failed: Option<Diagnostic>,
}

/// Where they go.
struct Sink<'a> {
    out: &'a mut (dyn Write + Send),
    /// The block that is written next.
    turn: u64,
    tally: Tally,
    watch: Option<Watch>,
    stopped: Option<Stop>,
}

/// Why no more is written.
enum Stop {
    Output(io::Error),
    Interrupted,
}

/// What the threads share.
struct Rows<'a, F> {
    source: Mutex<Source>,
    sink: Mutex<Sink<'a>>,
    written: Condvar,
    frame: Frame,
    row: F,
}

/// A thread that panicked has told why; what it shared is whole.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a, F> Rows<'a, F> {
    /// Takes blocks, works on them and writes each when its turn has come.
    fn work<S>(&self, mut state: S)
    where
        F: Fn(&mut S, &Row<'_>, u64, &mut Vec<u8>) -> RowOutcome,
    {
        let guard = Abandoned { rows: self };
        let header = lock(&self.source).table.header().clone();
        let (mut block, mut record, mut text) = (Block::default(), Record::default(), Vec::new());
        while let Some(turn) = self.take(&mut block) {
            let before = if self.frame.is_numbered { self.wait(turn).tally.rows } else { 0 };
            let mut tally = Tally::default();
            text.clear();
            while let Some(row) = block.next_row(&header, &mut record) {
                let number = if self.frame.is_numbered { before + tally.rows + 1 } else { 0 };
                tally.add((self.row)(&mut state, &row, number, &mut text));
            }
            if !self.write(turn, &text, tally) {
                break;
            }
        }
        std::mem::forget(guard);
    }

    /// The next block with its turn; none at the end.
    fn take(&self, block: &mut Block) -> Option<u64> {
        let mut source = lock(&self.source);
        if source.failed.is_some() {
            return None;
        }
        match source.table.next_block(block) {
            Ok(true) => {
                source.blocks += 1;
                Some(source.blocks - 1)
            }
            Ok(false) => None,
            Err(diagnostic) => {
                source.failed = Some(diagnostic);
                None
            }
        }
    }

    /// Waits until it is the turn of a block, or no more is written.
    fn wait(&self, turn: u64) -> MutexGuard<'_, Sink<'a>> {
        let sink = lock(&self.sink);
        let others = |sink: &mut Sink<'a>| sink.turn != turn && sink.stopped.is_none();
        self.written.wait_while(sink, others).unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a block; whether to go on.
    fn write(&self, turn: u64, text: &[u8], tally: Tally) -> bool {
        let mut sink = self.wait(turn);
        if sink.stopped.is_some() {
            return false;
        }
        if let Err(error) = sink.append(&self.frame, text, tally) {
            sink.stopped = Some(Stop::Output(error));
        }
        let rows = u128::from(sink.tally.rows);
        if sink.watch.as_mut().is_some_and(|watch| !watch.go_on(rows)) {
            sink.stopped = Some(Stop::Interrupted);
        }
        sink.turn += 1;
        self.written.notify_all();
        sink.stopped.is_none()
    }

    fn finish(self) -> io::Result<(Tally, Result<(), Failure>)> {
        let sink = self.sink.into_inner().unwrap_or_else(PoisonError::into_inner);
        let source = self.source.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(watch) = sink.watch {
            watch.finish();
        }
        let input = |diagnostic| Err(Failure::Input(Diagnostics(vec![diagnostic])));
        let ended = match (sink.stopped, source.failed) {
            (Some(Stop::Output(error)), _) => return Err(error),
            (Some(Stop::Interrupted), _) => {
                Err(Failure::Interrupted(format!("stopped after {} rows", sink.tally.rows)))
            }
            (None, Some(diagnostic)) => input(diagnostic),
            (None, None) if sink.tally.rows == 0 => input(source.table.without_rows()),
            (None, None) => Ok(()),
        };
        Ok((sink.tally, ended))
    }
}

impl Sink<'_> {
    fn append(&mut self, frame: &Frame, text: &[u8], tally: Tally) -> io::Result<()> {
        if tally.rows == 0 {
            return Ok(());
        }
        let is_first = self.tally.rows == 0;
        if is_first {
            self.out.write_all(&frame.head)?;
        }
        self.out.write_all(&text[if is_first { frame.separator.len() } else { 0 }..])?;
        self.tally.plus(tally);
        Ok(())
    }
}

/// Dropped only by a thread that panics, whose block would be waited for forever.
struct Abandoned<'a, 'b, F> {
    rows: &'a Rows<'b, F>,
}

impl<F> Drop for Abandoned<'_, '_, F> {
    fn drop(&mut self) {
        let stop = Stop::Output(io::Error::other("a thread that computes rows has ended"));
        lock(&self.rows.sink).stopped.get_or_insert(stop);
        self.rows.written.notify_all();
    }
}
