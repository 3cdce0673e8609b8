//! Records of delimited text: blocks of whole records, and the fields of one.
//!
//! The rules are those of RFC 4180, read with forbearance: a quote opens a quoted field only where
//! the field begins, what follows its closing quote belongs to the field, and a line ends with LF,
//! with or without a CR before it.

use std::io::{self, Read};

/// How many bytes a block has at least, but for the last.
const BLOCK: usize = 1 << 17;

/// No record of a table comes near this size; a quote that is never closed makes one of all that follows it.
const LONGEST_RECORD: usize = 64 << 20;

/// Whole records of a stream.
#[derive(Debug, Default)]
pub struct Block {
    bytes: Vec<u8>,
    /// The line on which it begins, counted from 1.
    line: u64,
    /// How much of it was read already.
    position: usize,
}

/// A stream, cut into blocks of whole records, so that memory does not grow with it.
pub(super) struct Blocks {
    stream: Box<dyn Read + Send>,
    delimiter: u8,
    /// What follows the last whole record.
    rest: Vec<u8>,
    line: u64,
    is_at_end: bool,
}

impl Blocks {
    pub(super) fn new(stream: Box<dyn Read + Send>, delimiter: u8) -> Self {
        Self { stream, delimiter, rest: Vec::new(), line: 1, is_at_end: false }
    }

    /// Whether the block that was read last is the last.
    pub(super) fn is_at_end(&self) -> bool {
        self.is_at_end && self.rest.is_empty()
    }

    /// Reads the next block; false at the end.
    pub(super) fn next(&mut self, block: &mut Block) -> io::Result<bool> {
        block.bytes.clear();
        block.bytes.append(&mut self.rest);
        (block.line, block.position) = (self.line, 0);
        let mut size = BLOCK;
        let whole = loop {
            let lacking = size.saturating_sub(block.bytes.len()) as u64;
            if !self.is_at_end {
                let found = self.stream.by_ref().take(lacking).read_to_end(&mut block.bytes)?;
                self.is_at_end = (found as u64) < lacking;
            }
            match whole_records(&block.bytes, self.delimiter) {
                (whole, true) if self.is_at_end => {
                    return Err(never_closed(block.line + lines(&block.bytes[..whole])));
                }
                _ if self.is_at_end => break block.bytes.len(),
                (0, _) if size >= LONGEST_RECORD => return Err(too_long(block, self.delimiter)),
                (0, _) => size *= 2,
                (whole, _) => break whole,
            }
        };
        if self.line == 1 && block.bytes.starts_with("\u{FEFF}".as_bytes()) {
            block.position = "\u{FEFF}".len();
        }
        self.rest.extend_from_slice(&block.bytes[whole..]);
        block.bytes.truncate(whole);
        self.line += lines(&block.bytes);
        Ok(!block.bytes.is_empty())
    }
}

impl Block {
    /// The bytes that have not been read.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }
}

/// The error for a record that does not end.
fn too_long(block: &Block, delimiter: u8) -> io::Error {
    let mut record = Record::default();
    record.read(&block.bytes[block.position..], delimiter);
    let why = if record.more_lines > 0 { "a quote that opens on it is never closed" } else { "it has no line ends" };
    let size = LONGEST_RECORD >> 20;
    io::Error::other(format!("the row that begins on line {} is longer than {size} MiB: {why}", block.line))
}

/// The error for a quote that would make one field of all that follows it.
fn never_closed(line: u64) -> io::Error {
    let why = "a quote that opens on it is never closed, and would take all rows after it for one field";
    io::Error::other(format!("the row that begins on line {line}: {why}"))
}

/// How many line ends there are.
fn lines(bytes: &[u8]) -> u64 {
    // In pieces that a byte can count, which compilers turn into wide instructions.
    let count = |piece: &[u8]| piece.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>();
    bytes.chunks(255).map(|piece| u64::from(count(piece))).sum()
}

/// How many bytes the whole records at the beginning have, and whether a quote is open behind them.
fn whole_records(bytes: &[u8], delimiter: u8) -> (usize, bool) {
    if !bytes.contains(&b'"') {
        return (bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1), false);
    }
    let (mut record, mut whole) = (Record::default(), 0);
    while whole < bytes.len() {
        let end = record.read(&bytes[whole..], delimiter);
        if !record.is_ended {
            return (whole, record.is_open);
        }
        whole += end;
    }
    (whole, false)
}

/// Where the fields of one record stand.
#[derive(Debug, Default)]
pub struct Record {
    /// Beginnings and ends, in the text of the record.
    bounds: Vec<(usize, usize)>,
    /// The text, where quotes had to be taken from it.
    unquoted: Vec<u8>,
    has_unquoted: bool,
    has_quote: bool,
    is_ended: bool,
    /// Whether a quote was opened and not closed.
    is_open: bool,
    /// How many lines it spans beside its first.
    more_lines: u64,
}

impl Record {
    /// Reads the record at the beginning of these bytes; how many bytes it has.
    fn read(&mut self, bytes: &[u8], delimiter: u8) -> usize {
        self.bounds.clear();
        (self.has_unquoted, self.has_quote, self.is_ended, self.is_open, self.more_lines) =
            (false, false, false, false, 0);
        let mut start = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == delimiter {
                self.bounds.push((start, at));
                start = at + 1;
            } else if *byte == b'\n' {
                self.bounds.push((start, before_cr(bytes, start, at)));
                self.is_ended = true;
                return at + 1;
            } else if *byte == b'"' {
                self.has_quote = true;
                if at == start {
                    return self.read_quoted(bytes, start, delimiter);
                }
            }
        }
        self.bounds.push((start, before_cr(bytes, start, bytes.len())));
        bytes.len()
    }

    /// Goes on from a field that begins with a quote.
    fn read_quoted(&mut self, bytes: &[u8], from: usize, delimiter: u8) -> usize {
        self.has_unquoted = true;
        self.unquoted.clear();
        self.unquoted.extend_from_slice(&bytes[..from]);
        let (mut at, mut start, mut is_inside, mut begins) = (from, from, false, true);
        while let Some(byte) = bytes.get(at).copied() {
            at += 1;
            match byte {
                b'"' if begins => is_inside = true,
                b'"' if is_inside && bytes.get(at) == Some(&b'"') => {
                    self.unquoted.push(b'"');
                    at += 1;
                }
                b'"' if is_inside => is_inside = false,
                byte if byte == delimiter && !is_inside => {
                    self.bounds.push((start, self.unquoted.len()));
                    self.unquoted.push(byte);
                    start = self.unquoted.len();
                }
                b'\n' if !is_inside => {
                    self.bounds.push((start, before_cr(&self.unquoted, start, self.unquoted.len())));
                    self.is_ended = true;
                    return at;
                }
                byte => {
                    self.more_lines += u64::from(byte == b'\n');
                    self.unquoted.push(byte);
                }
            }
            begins = byte == delimiter && !is_inside;
        }
        self.bounds.push((start, before_cr(&self.unquoted, start, self.unquoted.len())));
        self.is_open = is_inside;
        at
    }
}

/// The end of a field at the end of a line, which a CR may precede.
fn before_cr(bytes: &[u8], start: usize, end: usize) -> usize {
    if end > start && bytes[end - 1] == b'\r' { end - 1 } else { end }
}

/// The fields of one record, as they stand in its block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    text: &'a [u8],
    bounds: &'a [(usize, usize)],
    /// The line as it stands in the file, where no quote is in it.
    pub(super) as_it_stands: Option<&'a [u8]>,
    /// The line on which the record begins.
    pub(super) line: u64,
}

impl<'a> Fields<'a> {
    pub(super) fn len(&self) -> usize {
        self.bounds.len()
    }

    pub(super) fn get(&self, position: usize) -> Option<&'a [u8]> {
        self.bounds.get(position).map(|(start, end)| &self.text[*start..*end])
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let text = self.text;
        self.bounds.iter().map(move |(start, end)| &text[*start..*end])
    }
}

impl Block {
    /// Goes on to the next line with something in it.
    pub(super) fn skip_blank_lines(&mut self, delimiter: u8) {
        let is_blank = |byte: u8| byte != delimiter && matches!(byte, b' ' | b'\t' | b'\r');
        let mut at = self.position;
        loop {
            match self.bytes.get(at).copied() {
                Some(b'\n') => {
                    self.line += 1;
                    self.position = at + 1;
                }
                Some(byte) if is_blank(byte) => {}
                Some(_) => return,
                None => {
                    self.position = at;
                    return;
                }
            }
            at += 1;
        }
    }

    /// The next record; none at its end.
    pub(super) fn next<'a>(&'a mut self, record: &'a mut Record, delimiter: u8) -> Option<Fields<'a>> {
        if !self.has_rest() {
            return None;
        }
        let start = self.position;
        let line = self.line;
        self.position += record.read(&self.bytes[start..], delimiter);
        self.line += 1 + record.more_lines;
        let text = &self.bytes[start..self.position];
        let as_it_stands = (!record.has_quote).then(|| &text[..record.bounds.last().map_or(0, |(_, end)| *end)]);
        let text = if record.has_unquoted { &record.unquoted } else { text };
        Some(Fields { text, bounds: &record.bounds, as_it_stands, line })
    }

    /// Whether there is more in it.
    pub(super) fn has_rest(&self) -> bool {
        self.position < self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every record with its line, by way of blocks; an error where a quote never closes.
    fn try_read(text: &[u8]) -> io::Result<Vec<(u64, Vec<Vec<u8>>)>> {
        let mut blocks = Blocks::new(Box::new(io::Cursor::new(text.to_vec())), b',');
        let (mut block, mut record, mut found) = (Block::default(), Record::default(), Vec::new());
        while blocks.next(&mut block)? {
            while let Some(fields) = block.next(&mut record, b',') {
                found.push((fields.line, fields.iter().map(<[u8]>::to_vec).collect()));
            }
        }
        Ok(found)
    }

    fn read(text: &[u8]) -> Vec<(u64, Vec<Vec<u8>>)> {
        try_read(text).unwrap()
    }

    /// The same by the csv crate, which skips empty lines and keeps a CR.
    fn by_csv(text: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new();
        reader.flexible(true).has_headers(false).terminator(csv::Terminator::Any(b'\n'));
        let records = reader.from_reader(text).into_byte_records();
        records.map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect()).collect()
    }

    proptest! {
        #[test]
        fn agrees_with_the_csv_crate(text in proptest::collection::vec(proptest::sample::select(b"a1,,\"\"\n ".to_vec()), 0..60)) {
            let Ok(found) = try_read(&text) else {
                // The other crate makes one field of the rest.
                proptest::prop_assert!(text.iter().filter(|byte| **byte == b'"').count() > 0);
                return Ok(());
            };
            let found: Vec<_> = found.into_iter().map(|(_, fields)| fields).collect();
            let is_line = |fields: &Vec<Vec<u8>>| fields.len() > 1 || !fields[0].is_empty();
            let found: Vec<_> = found.into_iter().filter(is_line).collect();
            let expected: Vec<_> = by_csv(&text).into_iter().filter(is_line).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn records_longer_than_a_block_stay_whole_and_lines_are_counted() {
        let mut text = format!("a,b\n1,\"{}\"\n", "x\n".repeat(BLOCK)).into_bytes();
        text.extend("2,3\r\n".repeat(BLOCK).bytes());
        let found = read(&text);
        assert_eq!(found.len(), 2 + BLOCK);
        assert_eq!((found[1].0, found[1].1[1].len()), (2, 2 * BLOCK));
        assert_eq!(found[2], (3 + BLOCK as u64, vec![b"2".to_vec(), b"3".to_vec()]));
        assert_eq!(found.last().unwrap().0, 2 + 2 * BLOCK as u64);
    }

    #[test]
    fn quotes_that_never_close_are_refused_with_their_line() {
        let mut blocks = Blocks::new(Box::new(&b"x,y\na,\"b\nc\nd,e\n"[..]), b',');
        let error = blocks.next(&mut Block::default()).unwrap_err().to_string();
        assert!(error.contains("begins on line 2") && error.contains("never closed"), "{error}");
        assert_eq!(read(b"\"a\"\"b\"x,c\r\n"), [(1, vec![b"a\"bx".to_vec(), b"c".to_vec()])]);
        assert!(read(b"").is_empty());
    }
}
