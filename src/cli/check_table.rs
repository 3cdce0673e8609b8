//! `reffect check TABLE.csv`: a verdict for each row, while the table is read.

use super::args::{CheckArgs, Common, Format};
use super::check::is_chosen;
use super::failure::Failure;
use super::output::stream;
use crate::check::Status;
use crate::check::table::{RowVerdict, TableRow, judge};
use crate::check::test_statistic::TestStatistic;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::numeric::numeral::{Comparison, Numeral};
use crate::read::{Column, Row, Table};
use crate::report::checks::{annotation, case};
use crate::reported::SpreadMeaning;
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;

/// Where each number stands; what is not in the header is not known of any row.
struct Columns {
    x: Column,
    n: Column,
    sd: Option<Column>,
    items: Option<Column>,
    percent: Option<Column>,
    min: Option<Column>,
    max: Option<Column>,
    step: Option<Column>,
    se: Option<Column>,
    ci: Option<(Column, Column)>,
    p: Option<Column>,
    t: Option<Column>,
    z: Option<Column>,
    f: Option<Column>,
    r: Option<Column>,
    df: Option<Column>,
    df1: Option<Column>,
    df2: Option<Column>,
}

/// What has been counted on the way.
#[derive(Default)]
struct Tally {
    rows: u64,
    inconsistent: u64,
    unread: u64,
}

pub fn run(path: &Path, args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    let wrong = |diagnostic: Diagnostic| Failure::Input(Diagnostics(vec![diagnostic]));
    let mut table = Table::open(path, args.delimiter).map_err(wrong)?;
    let columns = Columns::of(&table).map_err(wrong)?;
    let name = table.name().to_owned();
    let (mut tally, mut unreadable) = (Tally::default(), None);
    stream(args.output.as_deref(), |out| {
        let mut writer = Writer {
            out,
            format: common.format(),
            verbose: args.verbose,
            quiet: common.quiet && args.output.is_none(),
            name,
        };
        writer.begin()?;
        loop {
            let row = match table.next_row() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(diagnostic) => {
                    unreadable = Some(diagnostic);
                    break;
                }
            };
            let (verdict, subject) = verdict(&row, &columns, args, common);
            writer.row(row.line(), &subject, &verdict, tally.rows == 0)?;
            tally.add(&verdict);
        }
        writer.end(&tally)
    })?;
    match unreadable {
        Some(diagnostic) => Err(wrong(diagnostic)),
        None if tally.inconsistent > 0 => {
            Err(Failure::Contradiction(format!("{} of {} rows are inconsistent", tally.inconsistent, tally.rows)))
        }
        None => Ok(()),
    }
}

/// The verdict on a row; a row that cannot be read has none, and a note that says why.
fn verdict(row: &Row<'_>, columns: &Columns, args: &CheckArgs, common: &Common) -> (RowVerdict, String) {
    match columns.read(row, args.sd) {
        Ok(Some(read)) => {
            let mut found = judge(&read, common.level, common.rounding);
            for (code, verdict) in [
                ("grim", &mut found.grim),
                ("grimmer", &mut found.grimmer),
                ("debit", &mut found.debit),
                ("existence", &mut found.exists),
                ("spread", &mut found.spread),
                ("p-value", &mut found.p_value),
            ] {
                if !is_chosen(code, args) {
                    *verdict = None;
                }
            }
            let sd = read.sd.as_ref().map(|sd| format!(" ± {sd}")).unwrap_or_default();
            (found, format!("{}{sd}, n = {}", read.x, read.n))
        }
        Ok(None) => {
            let note = "the mean or n is missing".to_owned();
            (RowVerdict { notes: vec![note], ..RowVerdict::default() }, String::new())
        }
        Err(diagnostic) => {
            let hint = diagnostic.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            let note = format!("not read: {}{hint}", diagnostic.message);
            (RowVerdict { notes: vec![note], ..RowVerdict::default() }, String::new())
        }
    }
}

impl Tally {
    fn add(&mut self, verdict: &RowVerdict) {
        self.rows += 1;
        self.inconsistent += u64::from(verdict.is_inconsistent());
        self.unread += u64::from(verdict.notes.iter().any(|note| note.starts_with("not read")));
    }

    fn in_words(&self) -> String {
        let unread = if self.unread > 0 { format!(", {} could not be read", self.unread) } else { String::new() };
        format!("{} rows: {} inconsistent{unread}", self.rows, self.inconsistent)
    }
}

impl Columns {
    fn of(table: &Table) -> Result<Self, Diagnostic> {
        let column = |name: &str| table.column(name);
        let (Some(x), Some(n)) = (column("x").or(column("mean")), column("n")) else {
            let missing: Vec<&str> = [("x", column("x").or(column("mean"))), ("n", column("n"))]
                .into_iter()
                .filter(|(_, column)| column.is_none())
                .map(|(name, _)| name)
                .collect();
            return Err(table.missing(&missing));
        };
        Ok(Self {
            x,
            n,
            sd: column("sd"),
            items: column("items"),
            percent: column("percent"),
            min: column("min"),
            max: column("max"),
            step: column("step"),
            se: column("se"),
            ci: column("ci_lower").zip(column("ci_upper")),
            p: column("p"),
            t: column("t"),
            z: column("z"),
            f: column("f"),
            r: column("r"),
            df: column("df"),
            df1: column("df1"),
            df2: column("df2"),
        })
    }

    /// The row; none where the mean or n is missing.
    fn read(&self, row: &Row<'_>, meaning: SpreadMeaning) -> Result<Option<TableRow>, Diagnostic> {
        row.whole()?;
        let numeral = |column: Option<Column>| column.map_or(Ok(None), |column| row.numeral(column));
        let decimal = |column| Ok::<_, Diagnostic>(numeral(column)?.map(|numeral| numeral.decimal()));
        let (Some(x), Some(n)) = (row.numeral(self.x)?, row.numeral(self.n)?) else { return Ok(None) };
        let wrong = |column: Column, expected: &str| {
            let text = row.text(column).ok().flatten().unwrap_or_default();
            let message = format!("{}: `{text}`, and {expected} was expected", row.column_name(column));
            row.diagnostic(Some(column), message, "correct the table")
        };
        let n = n.count().filter(|n| *n > 0).ok_or_else(|| wrong(self.n, "a number of people, 1 or more,"))?;
        let items = match self.items.zip(numeral(self.items)?) {
            None => 1,
            Some((column, items)) => items
                .count()
                .and_then(|items| u32::try_from(items).ok())
                .filter(|items| *items > 0)
                .ok_or_else(|| wrong(column, "a number of items, 1 or more,"))?,
        };
        let sd = numeral(self.sd)?;
        for (column, spread) in [(self.sd, &sd), (self.se, &numeral(self.se)?)] {
            if let (Some(column), Some(spread)) = (column, spread)
                && spread.decimal().signum() < 0
            {
                return Err(wrong(column, "a number not below 0"));
            }
        }
        let is_percent = self.is_percent(row, &wrong)? || x.is_percent();
        let ci = match self.ci {
            Some((lower, upper)) => row.numeral(lower)?.zip(row.numeral(upper)?),
            None => None,
        };
        Ok(Some(TableRow {
            x,
            is_percent,
            sd,
            meaning,
            n,
            items,
            min: decimal(self.min)?,
            max: decimal(self.max)?,
            step: decimal(self.step)?,
            se: numeral(self.se)?,
            ci,
            test: self.test(row)?,
        }))
    }

    fn is_percent(&self, row: &Row<'_>, wrong: &dyn Fn(Column, &str) -> Diagnostic) -> Result<bool, Diagnostic> {
        let Some(column) = self.percent else { return Ok(false) };
        match row.text(column)?.map(str::to_lowercase).as_deref() {
            None | Some("false" | "no" | "0") => Ok(false),
            Some("true" | "yes" | "1") => Ok(true),
            Some(_) => Err(wrong(column, "true or false")),
        }
    }

    /// The test statistic of a row with its p.
    fn test(&self, row: &Row<'_>) -> Result<Option<(TestStatistic, Comparison)>, Diagnostic> {
        let numeral = |column: Option<Column>| column.map_or(Ok(None), |column| row.numeral(column));
        let number = |column| {
            Ok::<_, Diagnostic>(numeral(column)?.map(|numeral: Numeral| numeral.value()).filter(|df| *df > 0.0))
        };
        let Some(column) = self.p else { return Ok(None) };
        let Some(text) = row.text(column)? else { return Ok(None) };
        let p = text.parse::<Comparison>().map_err(|error| {
            let message = format!("{}: {error}", row.column_name(column));
            row.diagnostic(Some(column), message, "write a p-value: 0.03, or p < 0.05")
        })?;
        let (df, df1, df2) = (number(self.df)?, number(self.df1)?, number(self.df2)?);
        let statistic = match (numeral(self.t)?, numeral(self.z)?, numeral(self.f)?, numeral(self.r)?) {
            (Some(value), ..) => df.map(|df| TestStatistic::T { value, df }),
            (_, Some(value), ..) => Some(TestStatistic::Z(value)),
            (_, _, Some(value), _) => df1.zip(df2).map(|(df1, df2)| TestStatistic::F { value, df1, df2 }),
            (_, _, _, Some(value)) => df.map(|df| TestStatistic::R { value, df }),
            _ => None,
        };
        Ok(statistic.map(|statistic| (statistic, p)))
    }
}

/// Writes verdicts as they come.
struct Writer<'a> {
    out: &'a mut dyn Write,
    format: Format,
    verbose: bool,
    quiet: bool,
    name: String,
}

fn spoken(verdict: Option<bool>) -> &'static str {
    verdict.map_or("", |verdict| if verdict { "true" } else { "false" })
}

impl Writer<'_> {
    fn begin(&mut self) -> io::Result<()> {
        match self.format {
            _ if self.quiet => Ok(()),
            Format::Json => self.out.write_all(b"{\"rows\":["),
            Format::Csv => writeln!(self.out, "line,grim,grimmer,debit,exists,spread,p_value,notes"),
            Format::Junit => {
                writeln!(
                    self.out,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"reffect\">\n  <testsuite name=\"table\">"
                )
            }
            Format::Markdown => writeln!(self.out, "| line | row | verdict | notes |\n| ---: | --- | --- | --- |"),
            Format::Table | Format::Github => Ok(()),
        }
    }

    fn row(&mut self, line: u64, subject: &str, found: &RowVerdict, is_first: bool) -> io::Result<()> {
        let failing: Vec<&str> =
            found.verdicts().into_iter().filter(|(_, verdict)| *verdict == Some(false)).map(|(code, _)| code).collect();
        let notes = found.notes.join("; ");
        let is_shown = self.verbose || !failing.is_empty() || notes.starts_with("not read");
        let words =
            || if failing.is_empty() { "consistent".to_owned() } else { format!("fails {}", failing.join(", ")) };
        match self.format {
            _ if self.quiet => Ok(()),
            Format::Json => {
                let row = json!({
                    "grim": found.grim, "grimmer": found.grimmer, "debit": found.debit, "exists": found.exists,
                    "spread": found.spread, "p_value": found.p_value, "notes": found.notes,
                });
                write!(self.out, "{}\n{row}", if is_first { "" } else { "," })
            }
            Format::Csv => {
                let verdicts: Vec<&str> = found.verdicts().iter().map(|(_, verdict)| spoken(*verdict)).collect();
                writeln!(self.out, "{line},{},\"{}\"", verdicts.join(","), notes.replace('"', "\"\""))
            }
            Format::Junit => {
                let status = if failing.is_empty() { Status::Pass } else { Status::Fail };
                let message = format!("{}; {notes}", words());
                self.out.write_all(case(&self.name, &format!("line {line}: {subject}"), status, &message).as_bytes())
            }
            Format::Github if !failing.is_empty() => {
                let message = format!("line {line}: {subject}: {}; {notes}", words());
                self.out.write_all(annotation(&self.name, &failing.join(" "), &message).as_bytes())
            }
            Format::Markdown if is_shown => {
                writeln!(self.out, "| {line} | {} | {} | {} |", bar(subject), words(), bar(&notes))
            }
            Format::Table if is_shown => {
                let notes = if notes.is_empty() { notes } else { format!(" ({notes})") };
                writeln!(self.out, "  line {line}: {subject}: {}{notes}", words())
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self, tally: &Tally) -> io::Result<()> {
        match self.format {
            _ if self.quiet => Ok(()),
            Format::Json => {
                writeln!(self.out, "\n],\"total\":{},\"inconsistent\":{}}}", tally.rows, tally.inconsistent)
            }
            Format::Junit => writeln!(self.out, "  </testsuite>\n</testsuites>"),
            Format::Csv => Ok(()),
            Format::Markdown => writeln!(self.out, "\n{}", tally.in_words()),
            Format::Table | Format::Github => writeln!(self.out, "{}", tally.in_words()),
        }
    }
}

fn bar(text: &str) -> String {
    text.replace('|', "\\|")
}
