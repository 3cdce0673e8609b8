//! A table as columns.

use super::table::Table;
use crate::diagnostic::{Diagnostic, listed};
use crate::formula::{Column as Values, Frame};
use crate::numeric::numeral::{fold, plain_number};
use std::path::Path;

/// The texts of a column, one after another.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<Option<usize>>,
}

impl Texts {
    fn push(&mut self, text: Option<&str>) {
        self.text.push_str(text.unwrap_or_default());
        self.ends.push(text.map(|_| self.text.len()));
    }

    fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            end.map(|end| {
                let text = &self.text[start..end];
                start = end;
                text
            })
        })
    }

    /// Numbers where every text is one, in any width and with any minus sign, texts otherwise. Identifiers of so many
    /// digits that several of them would be one double stay texts.
    fn values(&self) -> Values {
        let kept_apart = |text: &str| plain_number(text).filter(|number| !is_merged(text, *number));
        let number = |text: &str| kept_apart(text).or_else(|| kept_apart(&fold(text)));
        let number = |text: Option<&str>| text.map_or(Some(f64::NAN), number);
        match self.iter().map(number).collect::<Option<Vec<f64>>>() {
            Some(numbers) => Values::Numbers(numbers),
            None => self.texts(),
        }
    }

    fn texts(&self) -> Values {
        Values::Texts { values: self.iter().map(|text| text.map(str::to_owned)).collect(), reference: None }
    }
}

/// Whether a text is a whole number that a double merges with its neighbours, having more digits than that holds.
fn is_merged(text: &str, number: f64) -> bool {
    const DIGITS: usize = 15;
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = whole.trim_start_matches('0');
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit()) && decimals.bytes().all(|byte| byte == b'0');
    digits.len() > DIGITS && is_whole && number.abs().to_string() != digits
}

/// The columns of a table with a header: of a CSV file, of one with tabs (`.tsv`), or of either compressed (`.gz`).
///
/// # Errors
/// If the file cannot be read or a row is not whole.
///
/// ```
/// let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
/// assert_eq!(frame.len(), 180);
/// # Ok::<(), reffect::diagnostic::Diagnostic>(())
/// ```
pub fn read_frame(path: impl AsRef<Path>) -> Result<Frame, Diagnostic> {
    Ok(Table::open(path.as_ref(), None)?.into_frame(&[])?.0)
}

impl Table {
    /// Reads the whole table as columns: numbers where every field is one, texts otherwise. The
    /// columns that `numbers` names must hold numbers. The second part is the line of each row. A column that
    /// [`Table::called`] gave another name stands under both, and so does one of `numbers` that is written with other
    /// capitals in the file.
    ///
    /// # Errors
    /// If the header was not divided, a row is not whole, or a field that must be a number is none.
    ///
    /// ```
    /// use reffect::read::Table;
    /// let table = Table::from_reader("t.csv", "yi,arm\n0.1,a\nNA,b\n".as_bytes(), b',')?;
    /// let (frame, lines) = table.into_frame(&["yi"])?;
    /// assert_eq!((frame.len(), lines), (2, vec![2, 3]));
    /// # Ok::<(), reffect::diagnostic::Diagnostic>(())
    /// ```
    pub fn into_frame(self, numbers: &[&str]) -> Result<(Frame, Vec<u64>), Diagnostic> {
        self.into_frame_of_levels(numbers, &[])
    }

    /// Reads the whole table as columns, where some hold texts whatever these look like: none but those that are given
    /// beside their names, if any are.
    ///
    /// # Errors
    /// As [`Table::into_frame`], and if a column holds another text.
    pub fn into_frame_of_levels(
        mut self,
        numbers: &[&str],
        levels: &[(&str, Option<Vec<&str>>)],
    ) -> Result<(Frame, Vec<u64>), Diagnostic> {
        self.divided()?;
        let mut names = self.names().to_vec();
        // A column that is asked for by name may differ from it in capitals.
        for name in numbers.iter().copied().chain(levels.iter().map(|(name, _)| *name)) {
            if let Some(column) = self.column(name) {
                names[column.place()] = name.to_owned();
            }
        }
        let columns: Vec<_> = self.each_column().collect();
        let is_number: Vec<bool> = names.iter().map(|name| numbers.contains(&name.as_str())).collect();
        let known = |name: &String| levels.iter().find(|(column, _)| column == name).map(|(_, levels)| levels);
        let known: Vec<Option<&Option<Vec<&str>>>> = names.iter().map(known).collect();
        let mut texts: Vec<Texts> = names.iter().map(|_| Texts::default()).collect();
        let mut values: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
        let mut lines = Vec::new();
        while let Some(row) = self.next_row()? {
            row.whole()?;
            for (at, column) in columns.iter().enumerate() {
                if is_number[at] {
                    values[at].push(row.number(*column)?.unwrap_or(f64::NAN));
                } else {
                    let text = row.value_text(*column)?;
                    if let (Some(text), Some(Some(levels))) = (&text, known[at])
                        && !levels.contains(&&**text)
                    {
                        let message = format!("{} has no level `{text}` in the model", row.column_name(*column));
                        let hint = format!("the levels are {}", listed(levels));
                        return Err(row.diagnostic(Some(*column), message, &hint));
                    }
                    texts[at].push(text.as_deref());
                }
            }
            lines.push(row.line());
        }
        if lines.is_empty() {
            return Err(self.without_rows());
        }
        let mut frame = Frame::default();
        for (at, name) in names.iter().enumerate() {
            let column = match known[at] {
                _ if is_number[at] => Values::Numbers(std::mem::take(&mut values[at])),
                Some(_) => texts[at].texts(),
                None => texts[at].values(),
            };
            // A formula may say what the file says.
            let own = &self.columns()[at];
            if own != name && !names.contains(own) {
                frame.insert(own, column.clone());
            }
            frame.insert(name, column);
        }
        Ok((frame, lines))
    }
}
