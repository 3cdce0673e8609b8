//! Tables: a header line and rows, read one at a time, so that memory does not grow with the file.

use super::compressed::unpacked;
use super::decimal::tells_point;
use super::header::{LONGEST_SHOWN, columns};
use super::records::{Block, Blocks, Record};
use super::row::Row;
use super::text::{ends_in, whole_file};
use crate::diagnostic::{Diagnostic, Excerpt, Place, did_you_mean, listed, meant_or_known, shortened};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A table that is being read.
///
/// An empty field and `NA` are missing. A row that cannot be read whole is handed out with its
/// error, so that the row after it still has its own number.
///
/// ```
/// use reffect::read::Table;
///
/// let mut table = Table::from_reader("trials.csv", "yi,vi\n-0.89,0.33\nNA,0.19\n".as_bytes(), b',')?;
/// let [yi, vi] = table.need(["yi", "vi"])?;
/// let mut rows = Vec::new();
/// while let Some(row) = table.next_row()? {
///     rows.push((row.number(yi)?, row.number(vi)?));
/// }
/// assert_eq!(rows, [(Some(-0.89), Some(0.33)), (None, Some(0.19))]);
/// # Ok::<(), reffect::diagnostic::Diagnostic>(())
/// ```
pub struct Table {
    header: Header,
    blocks: Blocks,
    block: Block,
    record: Record,
}

/// The name of a table and those of its columns.
#[derive(Clone, Debug)]
pub struct Header {
    pub(super) name: String,
    pub(super) delimiter: u8,
    /// What divides decimals, where that was said.
    pub(super) decimal: Option<u8>,
    /// Whether a comma may divide decimals as well as thousands: between tabs, where no number at the beginning of the
    /// table tells them apart.
    pub(super) is_comma_unclear: bool,
    /// As they stand in the file.
    pub(super) columns: Vec<String>,
    /// As they are asked for.
    names: Vec<String>,
    /// The places of those that [`Table::called`] named.
    named: Vec<usize>,
}

/// The place of a column in every row of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column(usize);

impl Column {
    /// Which column of its table it is.
    pub(super) fn place(self) -> usize {
        self.0
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("header", &self.header).finish_non_exhaustive()
    }
}

impl Table {
    /// Opens a file, or standard input for `-`. Without a delimiter, a name that ends in `.tsv`
    /// means tabs and every other one commas. What is compressed with gzip is unpacked.
    ///
    /// # Errors
    /// If the file cannot be read, or its header is missing or names a column twice.
    pub fn open(path: &Path, delimiter: Option<u8>) -> Result<Self, Diagnostic> {
        let inner = if ends_in(path, "gz") { path.with_extension("") } else { path.to_owned() };
        let is_tsv = ends_in(&inner, "tsv");
        let delimiter = delimiter.unwrap_or(if is_tsv { b'\t' } else { b',' });
        if path == Path::new("-") {
            return Self::from_reader("<stdin>", std::io::stdin(), delimiter);
        }
        let name = path.display().to_string();
        if ends_in(path, "toml") {
            let hint =
                "releases go to `effect`, `check`, `meta`, `plot`, `report` and `show`, without options for tables";
            return Err(whole_file(&name, "a table was expected, and this is a release (a TOML file)", hint));
        }
        let unreadable = |error: std::io::Error| {
            whole_file(&name, format!("the file could not be read: {error}"), "check the path and its permissions")
        };
        let file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.is_dir() {
            return Err(whole_file(&name, "a table was expected, and this is a folder", "name one CSV file"));
        }
        Self::from_reader(&name, file, delimiter)
    }

    /// Reads a table from a stream, which may be compressed with gzip; errors give it the name.
    ///
    /// # Errors
    /// If the stream cannot be read, or its header is missing or names a column twice.
    pub fn from_reader(name: &str, stream: impl Read + Send + 'static, delimiter: u8) -> Result<Self, Diagnostic> {
        let stream = unpacked(stream).map_err(|error| unreadable(name, &error))?;
        let mut blocks = Blocks::new(stream, delimiter);
        let (mut block, mut record) = (Block::default(), Record::default());
        blocks.next(&mut block).map_err(|error| unreadable(name, &error))?;
        block.skip_blank_lines(delimiter);
        let Some(fields) = block.next(&mut record, delimiter) else {
            return Err(whole_file(name, "the table is empty", "write a header line with the names of the columns"));
        };
        let columns = columns(name, &fields, delimiter)?;
        let header = Header {
            name: name.to_owned(),
            delimiter,
            decimal: None,
            is_comma_unclear: delimiter == b'\t' && !tells_point(block.rest(), delimiter),
            names: columns.clone(),
            columns,
            named: Vec::new(),
        };
        Ok(Self { header, blocks, block, record })
    }

    /// The name of the table and those of its columns.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The name that errors give it.
    pub fn name(&self) -> &str {
        &self.header.name
    }

    /// The columns as they stand in the file.
    pub fn columns(&self) -> &[String] {
        &self.header.columns
    }

    /// The names under which they are asked for: those in the file, but for the ones that [`Table::called`] gave.
    pub fn names(&self) -> &[String] {
        &self.header.names
    }

    /// The column of this name, if there is one: of exactly this name, or else the only one that differs from it in
    /// capitals alone.
    ///
    /// ```
    /// use reffect::read::Table;
    ///
    /// let table = Table::from_reader("t.csv", "Q1,Median,ai,Ai,AI\n1,2,3,4,5\n".as_bytes(), b',')?;
    /// assert!(table.column("q1").is_some() && table.column("median").is_some());
    /// assert!(table.column("Ai") != table.column("ai") && table.column("aI").is_none());
    /// # Ok::<(), reffect::diagnostic::Diagnostic>(())
    /// ```
    pub fn column(&self, name: &str) -> Option<Column> {
        let names = &self.header.names;
        let exact = names.iter().position(|column| column == name);
        let other = || {
            let is_same = |column: &String| column.to_lowercase() == name.to_lowercase();
            let mut places = names.iter().enumerate().filter(|(_, column)| is_same(column)).map(|(at, _)| at);
            places.next().filter(|_| places.next().is_none())
        };
        exact.or_else(other).map(Column)
    }

    /// Whether a column was given this name by [`Table::called`], and does not only happen to have it.
    ///
    /// ```
    /// use reffect::read::Table;
    ///
    /// let table = Table::from_reader("t.csv", "ai,bi\n1,2\n".as_bytes(), b',')?;
    /// let table = table.called(&[("ai".to_owned(), "ai".to_owned())])?;
    /// assert!(table.is_named("ai") && !table.is_named("bi"));
    /// # Ok::<(), reffect::diagnostic::Diagnostic>(())
    /// ```
    pub fn is_named(&self, name: &str) -> bool {
        self.column(name).is_some_and(|column| self.header.named.contains(&column.0))
    }

    /// What a column of this name is called in the file.
    pub fn in_file<'a>(&'a self, name: &'a str) -> &'a str {
        self.column(name).map_or(name, |column| &self.header.columns[column.0])
    }

    /// Gives columns of the file other names: pairs of the new name and that in the file.
    ///
    /// # Errors
    /// If the file has no such column, one is named twice, or another column has the new name already.
    ///
    /// ```
    /// use reffect::read::Table;
    ///
    /// let table = Table::from_reader("trials.csv", "events,patients\n3,20\n".as_bytes(), b',')?;
    /// let mut table = table.called(&[("ai".to_owned(), "events".to_owned())])?;
    /// let [ai] = table.need(["ai"])?;
    /// assert_eq!(table.next_row()?.map(|row| row.number(ai)), Some(Ok(Some(3.0))));
    /// # Ok::<(), reffect::diagnostic::Diagnostic>(())
    /// ```
    pub fn called(mut self, names: &[(String, String)]) -> Result<Self, Diagnostic> {
        for (new, column) in names {
            let Some(at) = self.header.columns.iter().position(|known| known == column) else {
                let known = self.header.columns.iter().map(String::as_str);
                return Err(self.about_header(
                    format!("the table has no column `{column}`"),
                    meant_or_known(column, "columns", known),
                ));
            };
            if self.header.names[at] != self.header.columns[at] {
                let message = format!("the column `{column}` is to be {} and {new}", self.header.names[at]);
                return Err(self.about_header(message, "give it one name".to_owned()));
            }
            self.header.names[at].clone_from(new);
            self.header.named.push(at);
        }
        for (new, column) in names {
            if self.header.names.iter().filter(|name| *name == new).count() > 1 {
                let message = format!("`{column}` is to be {new}, and another column is that already");
                return Err(self.about_header(message, "give the other one another name as well".to_owned()));
            }
        }
        Ok(self)
    }

    /// Says what divides decimals, a point or a comma; the other one then stands between thousands.
    ///
    /// ```
    /// use reffect::read::Table;
    ///
    /// let text = "yi;vi\n1,250;0,04\n";
    /// let mut table = Table::from_reader("t.csv", text.as_bytes(), b';')?.with_decimal(b',');
    /// let [yi] = table.need(["yi"])?;
    /// assert_eq!(table.next_row()?.map(|row| row.number(yi)), Some(Ok(Some(1.25))));
    /// # Ok::<(), reffect::diagnostic::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn with_decimal(mut self, mark: u8) -> Self {
        self.header.decimal = Some(mark);
        self
    }

    /// An error about the names of the columns.
    fn about_header(&self, message: String, hint: String) -> Diagnostic {
        let line = self.header.columns.join(&self.header.separator());
        let place = Place { file: self.header.name.clone(), excerpt: Some(Excerpt::of(&line, 0..1)) };
        Diagnostic { message, place, hint: Some(hint) }
    }

    /// Every column in turn.
    pub(super) fn each_column(&self) -> impl Iterator<Item = Column> + use<> {
        (0..self.header.columns.len()).map(Column)
    }

    /// What stands between the columns.
    pub fn delimiter(&self) -> u8 {
        self.header.delimiter
    }

    /// The columns of these names.
    ///
    /// # Errors
    /// If some are missing: which, which there are, and whether one was meant.
    pub fn need<const N: usize>(&self, names: [&str; N]) -> Result<[Column; N], Diagnostic> {
        let missing: Vec<&str> = names.into_iter().filter(|name| self.column(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(self.missing(&missing));
        }
        Ok(names.map(|name| self.column(name).unwrap_or(Column(usize::MAX))))
    }

    /// The error for columns that are not there.
    pub fn missing(&self, names: &[&str]) -> Diagnostic {
        let list = |names: &[&str]| listed(names.iter().map(|name| format!("`{}`", shortened(name, LONGEST_SHOWN))));
        let known: Vec<&str> = self.header.columns.iter().map(String::as_str).collect();
        // `ai` and `bi` are close to each other, and each is a column of its own.
        let is_another =
            |name: &str, meant: &str| name.len() < 3 && meant.len() == name.len() && name != meant.to_lowercase();
        let could_be = |name: &str, meant: &str| !is_another(name, meant) && !is_of_another_number(name, meant);
        let meant = names
            .iter()
            .find_map(|name| did_you_mean(name, known.iter().copied().filter(|meant| could_be(name, meant))));
        let hint = match (self.header.undivided(), meant) {
            (Some(undivided), _) => undivided,
            (None, Some(meant)) => meant,
            (None, None) => {
                format!("name the columns so, or say which is which: --map {}=COLUMN", names.first().unwrap_or(&"NAME"))
            }
        };
        let plural = if names.len() == 1 { "column" } else { "columns" };
        let message = format!("the table has no {plural} {}; it has {}", list(names), list(&known));
        self.about_header(message, hint)
    }

    /// Refuses a table of one column whose name holds signs that separate columns elsewhere.
    pub(super) fn divided(&self) -> Result<(), Diagnostic> {
        match (self.header.columns.as_slice(), self.header.undivided()) {
            ([one], Some(hint)) => {
                let shown = shortened(one, LONGEST_SHOWN);
                Err(self.about_header(format!("the header has one column, `{shown}`"), hint))
            }
            _ => Ok(()),
        }
    }

    /// The error for a table that ends with its header.
    pub fn without_rows(&self) -> Diagnostic {
        whole_file(self.name(), "the table has a header and no rows", "check that the file is whole")
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// If the file cannot be read any further.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Diagnostic> {
        self.block.skip_blank_lines(self.header.delimiter);
        while !self.block.has_rest() {
            if !self.blocks.next(&mut self.block).map_err(|error| unreadable(&self.header.name, &error))? {
                return Ok(None);
            }
            self.block.skip_blank_lines(self.header.delimiter);
        }
        Ok(self.block.next_row(&self.header, &mut self.record))
    }

    /// Takes the next rows as a block, for work in several threads; false at the end.
    ///
    /// # Errors
    /// If the file cannot be read any further.
    pub fn next_block(&mut self, block: &mut Block) -> Result<bool, Diagnostic> {
        if self.block.has_rest() {
            *block = std::mem::take(&mut self.block);
            return Ok(true);
        }
        self.blocks.next(block).map_err(|error| unreadable(&self.header.name, &error))
    }

    /// Whether all rows that are left are in memory.
    pub fn is_read(&self) -> bool {
        self.blocks.is_at_end()
    }
}

impl Header {
    /// What to do about a header that was not divided: its names hold as many of another sign as there are names.
    fn undivided(&self) -> Option<String> {
        let other = [b';', b'\t', b','].into_iter().find(|other| {
            let count = |name: &String| name.matches(char::from(*other)).count();
            *other != self.delimiter && self.columns.iter().map(count).sum::<usize>() >= self.columns.len()
        })?;
        Some(match char::from(other) {
            '\t' => "the header seems to be separated by tabs: pass --delimiter tab".to_owned(),
            other => format!("the header seems to be separated by `{other}`: pass --delimiter '{other}'"),
        })
    }

    pub(super) fn separator(&self) -> String {
        char::from(self.delimiter).to_string()
    }
}

impl Block {
    /// Its next row; none at its end.
    pub fn next_row<'a>(&'a mut self, header: &'a Header, record: &'a mut Record) -> Option<Row<'a>> {
        self.skip_blank_lines(header.delimiter);
        let fields = self.next(record, header.delimiter)?;
        Some(Row { header, fields })
    }
}

fn unreadable(name: &str, error: &io::Error) -> Diagnostic {
    whole_file(name, format!("the file could not be read any further: {error}"), "check the file")
}

/// Whether two names differ in their numbers alone, as `sd1i` and `sd2i` do: each is a column of its own.
fn is_of_another_number(name: &str, other: &str) -> bool {
    let without = |text: &str| text.to_lowercase().chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    !name.eq_ignore_ascii_case(other) && name.len() == other.len() && without(name) == without(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &'static str) -> Table {
        Table::from_reader("t.csv", text.as_bytes(), b',').unwrap()
    }

    #[test]
    fn marks_ends_of_lines_and_missing_values_are_understood() {
        let mut table = table("\u{FEFF}mean, sd ,n\r\n2.9,1.1,7\r\nNA,,\"5\"\r\n");
        let [mean, sd, n] = table.need(["mean", "sd", "n"]).unwrap();
        let first = table.next_row().unwrap().unwrap();
        assert_eq!(first.numeral(mean).unwrap().unwrap().text(), "2.9");
        assert_eq!((first.number(sd).unwrap(), first.line()), (Some(1.1), 2));
        let second = table.next_row().unwrap().unwrap();
        assert_eq!((second.number(mean).unwrap(), second.number(sd).unwrap()), (None, None));
        assert_eq!((second.number(n).unwrap(), second.line()), (Some(5.0), 3));
        assert!(table.next_row().unwrap().is_none());
    }

    #[test]
    fn a_bad_field_names_line_column_and_text_and_the_next_row_is_still_read() {
        let mut table = table("mean,sd\n2.9,many\n1.0\n2.0,1.0\n");
        let [mean, sd] = table.need(["mean", "sd"]).unwrap();
        let bad = table.next_row().unwrap().unwrap().number(sd).unwrap_err().to_string();
        assert!(bad.starts_with("t.csv:2:5: column `sd`: `many`"), "{bad}");
        let short = table.next_row().unwrap().unwrap();
        assert!(short.number(sd).unwrap_err().to_string().contains("the row has 1 field, and the header has 2"));
        assert_eq!(short.number(mean).unwrap(), Some(1.0));
        assert_eq!(table.next_row().unwrap().unwrap().number(sd).unwrap(), Some(1.0));
    }

    #[test]
    fn a_quote_that_never_closes_is_named_on_its_line() {
        let text = "mean,sd\n2.9,1.0\n\"1.0,2\n2.0,1.0\n";
        let error = Table::from_reader("t.csv", text.as_bytes(), b',').err().unwrap().to_string();
        assert!(error.contains("begins on line 3: a quote that opens on it is never closed"), "{error}");
        // One that closes on a later line is told as what it is.
        let mut table = table("mean,sd\n2.9,1.0\n\"1.0,2\n2.0\",1.0,3\n");
        assert!(table.next_row().unwrap().unwrap().whole().is_ok());
        let error = table.next_row().unwrap().unwrap().whole().unwrap_err();
        assert!(error.hint.as_deref().unwrap().contains("quote opens"), "{error}");
        assert!(error.to_string().starts_with("t.csv:3:"), "{error}");
    }

    #[test]
    fn missing_columns_are_named_with_what_was_meant() {
        let error = table("mean,sdd\n").need(["mean", "sd", "n"]).unwrap_err().to_string();
        assert!(error.contains("no columns `sd`, `n`") && error.contains("did you mean `sdd`?"), "{error}");
        let error = table("sd1i,sd2\n").need(["sd1i", "sd2i"]).unwrap_err().to_string();
        assert!(error.contains("did you mean `sd2`?"), "{error}");
        let semicolons = table("mean;sd\n").need(["mean"]).unwrap_err().to_string();
        assert!(semicolons.contains("--delimiter ';'"), "{semicolons}");
        assert!(Table::from_reader("t.csv", "".as_bytes(), b',').is_err());
        let twice = Table::from_reader("t.csv", "\na,b,a\n".as_bytes(), b',').err().unwrap().to_string();
        assert!(twice.starts_with("t.csv:2:5: the header names the column `a` twice"), "{twice}");
    }
}
