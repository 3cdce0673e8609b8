//! The columns of a table that `reffect check` reads, and a row of them.

use super::several_columns::{GROUPS, GroupsOfRow, SeveralColumns};
use super::table_groups::GroupColumns;
use super::table_missing::{absent_degrees, has_beside, missing_of};
use super::table_scale::{ScaleOfRow, scale_of};
use crate::check::reported_test::{Tails, read_p, tails_in};
use crate::check::several_groups::BesideSeveral;
use crate::check::table::{RowEstimate, TableRow};
use crate::check::table_groups::BesideGroups;
use crate::check::test_statistic::TestStatistic;
use crate::diagnostic::{Diagnostic, Place};
use crate::numeric::dist::alpha_of;
use crate::numeric::numeral::{Comparison, Expression, Numeral, NumeralError, count_and_percent, fold};
use crate::read::{Column, Row, Table};
use crate::reported::{MeanSd, PrintedEstimate, ReportedEstimate, ReportedInterval, ReportedMeasure, SpreadMeaning};
use std::borrow::Cow;

/// Every name that a column may have, but for those of more than two groups.
const NAMES: [&str; 40] = [
    "x", "mean", "n", "sd", "items", "percent", "min", "max", "step", "se", "ci_lower", "ci_upper", "p", "t", "z", "f",
    "r", "chi2", "df", "df1", "df2", "estimate", "measure", "n1", "n2", "test", "label", "sided", "tails", "scale",
    "values", "median", "m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i", "ai", "ci",
];

/// Every name that a column may have.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    let of_groups = GROUPS.iter().flatten().copied().filter(|name| !NAMES.contains(name));
    NAMES.into_iter().chain(of_groups)
}

/// Where each number stands; what is not in the header is not known of any row.
pub struct Columns {
    x: Option<Column>,
    n: Option<Column>,
    sd: Option<Column>,
    pub(super) items: Option<Column>,
    percent: Option<Column>,
    pub(super) min: Option<Column>,
    pub(super) max: Option<Column>,
    pub(super) step: Option<Column>,
    pub(super) scale: Option<Column>,
    pub(super) values: Option<Column>,
    median: Option<Column>,
    se: Option<Column>,
    ci: Option<(Column, Column)>,
    p: Option<Column>,
    t: Option<Column>,
    z: Option<Column>,
    f: Option<Column>,
    r: Option<Column>,
    chi2: Option<Column>,
    df: Option<Column>,
    df1: Option<Column>,
    df2: Option<Column>,
    estimate: Option<(Column, Column)>,
    sizes: Option<(Column, Column)>,
    /// The name of the test that a p beside an effect is of.
    named_test: Option<Column>,
    /// How many tails a p counts.
    tails: Option<Column>,
    groups: Option<GroupColumns>,
    /// Those of more than two groups.
    several: Option<SeveralColumns>,
}

/// What `x` holds.
struct CellOfRow {
    mean: Numeral,
    spread: Option<Numeral>,
    /// The count beside a percentage, and of how many where that is printed.
    counted: Option<(u64, Option<u64>)>,
    is_percent: bool,
}

/// An interval, and a standard error.
type Precision = (Option<(Numeral, Numeral)>, Option<Numeral>);

/// How many people a number is, 1 or more.
fn counted_people((n, column): (Numeral, Column), wrong: &Wrong<'_>) -> Result<u64, Diagnostic> {
    n.count().filter(|n| *n > 0).ok_or_else(|| wrong(column, "a number of people, 1 or more,"))
}

/// The error for a field that holds something else than was expected.
type Wrong<'a> = dyn Fn(Column, &str) -> Diagnostic + 'a;

impl Columns {
    pub fn of(table: &Table) -> Result<Self, Diagnostic> {
        let column = |name: &str| table.column(name);
        // A column `X` beside a mean holds numbers of rows.
        let is_exact = |name: &str| table.names().iter().any(|known| known == name);
        let x = column("x").filter(|_| is_exact("x") || column("mean").is_none());
        if x.is_some() && column("mean").is_some() {
            let message = "the table has a column `x` and a column `mean`, and one of them is needed";
            let place = Place { file: table.name().to_owned(), excerpt: None };
            let hint = Some("rename the one that is not the mean".to_owned());
            return Err(Diagnostic { message: message.to_owned(), place, hint });
        }
        let (x, n) = (x.or(column("mean")), column("n"));
        let lacking = absent_degrees(table);
        let has_test = lacking.iter().any(Vec::is_empty);
        // Without a measure the estimates of a table, such as those of a regression, are not ours.
        let estimate = column("estimate").zip(column("measure"));
        let groups = GroupColumns::of(table).filter(|groups| groups.has_means() || has_beside(table));
        // Of counts of more than two groups percentages may stand beside each one.
        let several = SeveralColumns::of(table)?;
        let has_median = column("median").is_some() && n.is_some();
        let has_groups = groups.is_some() || several.is_some();
        if (x.is_none() || n.is_none()) && !has_test && estimate.is_none() && !has_groups && !has_median {
            return Err(missing_of(table, x, n, &lacking));
        }
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
            chi2: column("chi2"),
            df: column("df"),
            df1: column("df1"),
            df2: column("df2"),
            estimate,
            sizes: column("n1").zip(column("n2")),
            named_test: column("test"),
            tails: column("sided").or(column("tails")),
            scale: column("scale"),
            values: column("values"),
            median: column("median"),
            groups,
            several,
        })
    }

    /// Whether the table is one of results, and not one of the values of studies alone, as `effect` and `convert` take
    /// them.
    pub fn are_of_results(&self, table: &Table) -> bool {
        let has_test = self.p.is_some() && [self.t, self.z, self.f, self.r, self.chi2].iter().any(Option::is_some);
        let has_groups = (self.groups.is_some() || self.several.is_some()) && has_beside(table);
        self.x.is_some() && self.n.is_some() || has_test || self.estimate.is_some() || has_groups
    }

    /// The row, and what of it could not be read; none where it has neither a mean with n nor a test nor an estimate.
    pub fn read(
        &self,
        row: &Row<'_>,
        meaning: SpreadMeaning,
        level: f64,
    ) -> Result<Option<(TableRow, Vec<String>)>, Diagnostic> {
        row.whole()?;
        let wrong = |column: Column, expected: &str| {
            let text = row.text(column).ok().flatten().unwrap_or_default();
            let message = format!("{}: `{text}`, and {expected} was expected", row.column_name(column));
            row.diagnostic(Some(column), message, "correct the table")
        };
        let (p, unread) = self.p_or_why_not(row, level);
        let test = match p.clone() {
            Some(p) => self.test(row, p)?,
            None => None,
        };
        let cell = self.cell(row, &wrong)?.zip(self.people_of(row)?);
        let estimate = self.reported(row, level)?;
        let tails = self.tails_of(row, &wrong)?;
        let (groups, several, lacking) = match self.groups_of(row, (p, tails), (meaning, level), estimate.as_ref())? {
            Some(GroupsOfRow::Two(of)) => (Some(*of), None, None),
            Some(GroupsOfRow::Several(of)) => (None, Some(*of), None),
            Some(GroupsOfRow::Lacking(told)) => (None, None, Some(told)),
            None => (None, None, None),
        };
        let median = self.median_of(row, &wrong)?;
        let has_effect = estimate.is_some() || groups.is_some() || several.is_some();
        let impossible_p = self.impossible_p(row, has_effect)?;
        let unread = unread.filter(|_| impossible_p.is_none());
        let has_one = impossible_p.is_some() || cell.is_some() || test.is_some() || has_effect || median.is_some();
        if !has_one && unread.is_none() && lacking.is_none() {
            return Ok(None);
        }
        let cell =
            cell.map(|(cell, people)| Ok::<_, Diagnostic>((cell, counted_people(people, &wrong)?))).transpose()?;
        let is_percent = cell.as_ref().is_some_and(|(cell, _)| cell.is_percent);
        let items = self.items_of(row, &wrong)?;
        // Where the whole is not said, it is that of all answers.
        let all = |n: u64| n.checked_mul(u64::from(items));
        let counted = cell.as_ref().and_then(|(cell, n)| Some((cell.counted?.0, cell.counted?.1.or_else(|| all(*n))?)));
        let (mean, spread) = cell.map(|(cell, n)| ((cell.mean, n), cell.spread)).unzip();
        let sd = self.sd_of(row, spread.flatten(), &wrong)?;
        let ScaleOfRow { min, max, step, scale, unknown } = scale_of(self, row, items, &wrong)?;
        let (ci, se) = self.precision_of(row, has_effect)?;
        let read = TableRow {
            mean,
            is_percent,
            counted,
            sd,
            meaning,
            items,
            min,
            max,
            step,
            scale,
            median,
            se,
            ci,
            test,
            tails,
            impossible_p,
            estimate,
            groups,
            several,
        };
        let unknown = unknown.map(|told| format!("scale: {told}"));
        let lacking = lacking.map(|told| format!("groups: {told}"));
        let bound = self.bound_of_f(row)?.map(|text| format!("f: `{text}` is a bound, and left aside"));
        Ok(Some((read, unread.into_iter().chain(unknown).chain(lacking).chain(bound).collect())))
    }

    /// How many tails the p of a row counts, by a column of its own or in brackets behind it.
    fn tails_of(&self, row: &Row<'_>, wrong: &Wrong<'_>) -> Result<Option<Tails>, Diagnostic> {
        match self.tails.zip(self.tails.map_or(Ok(None), |column| row.text(column))?) {
            Some((column, text)) => text.parse().map(Some).map_err(|_| wrong(column, "one or two")),
            None => {
                let text = |column: Option<Column>| column.and_then(|column| row.text(column).ok().flatten());
                Ok([self.p, self.named_test].into_iter().find_map(|column| tails_in(text(column)?)))
            }
        }
    }

    /// The median, and of how many people.
    fn median_of(&self, row: &Row<'_>, wrong: &Wrong<'_>) -> Result<Option<(Numeral, u64)>, Diagnostic> {
        let Some((column, of)) = self.median.zip(self.n) else { return Ok(None) };
        let Some((median, n)) = row.numeral(column)?.zip(row.numeral(of)?) else { return Ok(None) };
        let n = n.count().filter(|n| *n > 0).ok_or_else(|| wrong(of, "a number of people, 1 or more,"))?;
        Ok(Some((median, n)))
    }

    /// How many items each value is the mean of.
    fn items_of(&self, row: &Row<'_>, wrong: &Wrong<'_>) -> Result<u32, Diagnostic> {
        let Some(column) = self.items else { return Ok(1) };
        let Some(items) = row.numeral(column)? else { return Ok(1) };
        let items = items.count().and_then(|items| u32::try_from(items).ok()).filter(|items| *items > 0);
        items.ok_or_else(|| wrong(column, "a number of items, 1 or more,"))
    }

    /// The SD, which may stand beside the mean instead.
    fn sd_of(&self, row: &Row<'_>, beside: Option<Numeral>, wrong: &Wrong<'_>) -> Result<Option<Numeral>, Diagnostic> {
        let numeral = |column: Option<Column>| column.map_or(Ok(None), |column| row.numeral(column));
        let sd = numeral(self.sd)?;
        if let (Some(column), Some(own), Some(beside)) = (self.sd, &sd, &beside)
            && own.decimal() != beside.decimal()
        {
            return Err(wrong(column, &format!("{beside}, the SD beside the mean,")));
        }
        let sd = sd.or(beside);
        for (column, spread) in [(self.sd, &sd), (self.se, &numeral(self.se)?)] {
            if let (Some(column), Some(spread)) = (column, spread)
                && spread.decimal().signum() < 0
            {
                return Err(wrong(column, "a number not below 0"));
            }
        }
        Ok(sd)
    }

    /// Both groups of a row, or all of more, with what is reported of their difference, or what a group lacks. Of an
    /// effect that is none of their means, interval and p say nothing of these.
    fn groups_of(
        &self,
        row: &Row<'_>,
        (p, tails): (Option<Comparison>, Option<Tails>),
        (meaning, level): (SpreadMeaning, f64),
        estimate: Option<&RowEstimate>,
    ) -> Result<Option<GroupsOfRow>, Diagnostic> {
        let has_means = match (&self.several, &self.groups) {
            (Some(columns), _) => columns.has_means(),
            (_, Some(columns)) => columns.has_means(),
            (None, None) => return Ok(None),
        };
        let numeral = |column: Option<Column>| column.map_or(Ok(None), |column| row.numeral(column));
        let named_test = self.named_test.map_or(Ok(None), |column| row.text(column))?.map(str::to_owned);
        let (t, df, chi2) = (numeral(self.t)?, numeral(self.df)?, numeral(self.chi2)?);
        let (f, df1, df2) = (self.f_of(row)?, numeral(self.df1)?, numeral(self.df2)?);
        let beside = BesideGroups { t, df, f, df1, df2, chi2, tails, named_test, ..BesideGroups::default() };
        let of_all = p.clone().filter(|_| estimate.is_none());
        let beside = match estimate.map(|of| &of.reported) {
            None => BesideGroups { se: numeral(self.se)?, ci: self.interval(row)?, p, ..beside },
            Some(of) if of.measure == ReportedMeasure::MeanDifference && has_means => {
                let interval = of.interval.as_ref().filter(|interval| interval.level == level);
                let ci = interval.map(|interval| (interval.lower.clone(), interval.upper.clone()));
                BesideGroups { difference: Some(of.value.clone()), se: of.se.clone(), ci, p, ..beside }
            }
            Some(_) => beside,
        };
        let Some(several) = &self.several else {
            let of_two = self.groups.as_ref().map_or(Ok(None), |columns| columns.read(row, meaning, beside))?;
            return Ok(of_two.map(|of| GroupsOfRow::Two(Box::new(of))));
        };
        let of_two = [("t", beside.t.is_some()), ("se", beside.se.is_some()), ("interval", beside.ci.is_some())];
        let of_several = BesideSeveral {
            f: beside.f.clone(),
            df1: beside.df1.clone(),
            df2: beside.df2.clone(),
            chi2: beside.chi2.clone(),
            df: beside.df.clone(),
            p: of_all,
            named_test: beside.named_test.clone(),
            of_two: of_two.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name).collect(),
            without: Vec::new(),
        };
        several.read(row, meaning, (beside, of_several))
    }

    /// The mean, which may have its SD beside it, or the percentage with its count: `2.9 ± 1.1`, `12 (34.3%)`.
    fn cell(&self, row: &Row<'_>, wrong: &Wrong<'_>) -> Result<Option<CellOfRow>, Diagnostic> {
        let Some(x) = self.x else { return Ok(None) };
        let is_percent = self.is_percent(row, wrong)?;
        let Some(text) = row.number_text(x)? else { return Ok(None) };
        if let Some((count, percent)) = counted(&text, is_percent) {
            let expected = || wrong(x, "a count of people beside its percentage");
            let counted = match count.parse::<Expression>() {
                Ok(Expression::Number(count)) => count.count().map(|count| (count, None)),
                Ok(Expression::Fraction { part, whole }) => {
                    part.count().zip(whole.count().filter(|whole| *whole > 0)).map(|(part, whole)| (part, Some(whole)))
                }
                _ => None,
            };
            let counted = Some(counted.ok_or_else(expected)?);
            return Ok(Some(CellOfRow { mean: percent, spread: None, counted, is_percent: true }));
        }
        let MeanSd { mean, spread } = match text.parse::<MeanSd>() {
            Ok(cell) => cell,
            // The error of a plain number says more about a column of numbers.
            Err(_) => match row.numeral(x)? {
                Some(mean) => MeanSd { mean, spread: None },
                None => return Ok(None),
            },
        };
        let is_percent = is_percent || mean.is_percent();
        Ok(Some(CellOfRow { mean, spread, counted: None, is_percent }))
    }

    fn is_percent(&self, row: &Row<'_>, wrong: &Wrong<'_>) -> Result<bool, Diagnostic> {
        let Some(column) = self.percent else { return Ok(false) };
        match row.text(column)?.map(str::to_lowercase).as_deref() {
            None | Some("false" | "no" | "0") => Ok(false),
            Some("true" | "yes" | "1") => Ok(true),
            Some(_) => Err(wrong(column, "true or false")),
        }
    }

    /// The p of a row.
    fn p_value(&self, row: &Row<'_>, level: f64) -> Result<Option<Comparison>, Diagnostic> {
        let Some(column) = self.p else { return Ok(None) };
        let Some(text) = row.number_text(column)? else { return Ok(None) };
        let p = read_p(&text, alpha_of(level)).map_err(|error| {
            let message = format!("{}: {error}", row.column_name(column));
            row.diagnostic(Some(column), message, "write a p-value: 0.03, or p < 0.05")
        })?;
        Ok(Some(p))
    }

    /// Whether a statistic is there, of which a p would be.
    fn has_test(&self, row: &Row<'_>) -> Result<bool, Diagnostic> {
        for column in [self.t, self.z, self.r, self.chi2].into_iter().flatten() {
            if row.numeral(column)?.is_some() {
                return Ok(true);
            }
        }
        Ok(self.f_of(row)?.is_some())
    }

    /// What stands in the place of an F where only a bound of it is printed, as psychology writes `F < 1`.
    fn bound_of_f<'a>(&self, row: &'a Row<'_>) -> Result<Option<Cow<'a, str>>, Diagnostic> {
        let text = self.f.map_or(Ok(None), |column| row.number_text(column))?;
        let is_bound =
            |text: &Cow<'_, str>| fold(text).trim_start_matches(['F', 'f', ' ']).starts_with(['<', '>', '≤', '≥']);
        Ok(text.filter(is_bound))
    }

    /// The F; none where only a bound of it is printed.
    fn f_of(&self, row: &Row<'_>) -> Result<Option<Numeral>, Diagnostic> {
        match self.f.zip(Some(self.bound_of_f(row)?.is_some())) {
            Some((column, false)) => row.numeral(column),
            _ => Ok(None),
        }
    }

    /// The p; a p that is none, such as a word, leaves the other checks as they are, and a note says why.
    fn p_or_why_not(&self, row: &Row<'_>, level: f64) -> (Option<Comparison>, Option<String>) {
        match self.p_value(row, level) {
            Ok(p) => (p, None),
            Err(diagnostic) => (None, Some(format!("p-value: not read: {}", diagnostic.message))),
        }
    }

    /// The interval and the standard error of a mean; where an effect is reported, or two groups are, they are those of
    /// the difference.
    fn precision_of(&self, row: &Row<'_>, has_effect: bool) -> Result<Precision, Diagnostic> {
        if has_effect {
            return Ok((None, None));
        }
        Ok((self.interval(row)?, self.se.map_or(Ok(None), |column| row.numeral(column))?))
    }

    /// A number of people with its column.
    fn people_of(&self, row: &Row<'_>) -> Result<Option<(Numeral, Column)>, Diagnostic> {
        let Some(column) = self.n else { return Ok(None) };
        Ok(row.numeral(column)?.map(|n| (n, column)))
    }

    /// A number in the column of the p that is no probability: 1.5, or 17 for 0.017; none where nothing of the row has
    /// a p, whose column is then another one.
    fn impossible_p(&self, row: &Row<'_>, has_effect: bool) -> Result<Option<Numeral>, Diagnostic> {
        if !has_effect && !self.has_test(row)? {
            return Ok(None);
        }
        let text = self.p.map_or(Ok(None), |column| row.number_text(column))?;
        let number = text.and_then(|text| text.rsplit(['=', '<', '>']).next()?.trim().parse::<Numeral>().ok());
        Ok(number.filter(|p| !p.is_percent() && !(0.0..=1.0).contains(&p.value())))
    }

    /// The test statistics of a row with its p.
    fn test(&self, row: &Row<'_>, p: Comparison) -> Result<Option<(Vec<TestStatistic>, Comparison)>, Diagnostic> {
        let numeral = |column: Option<Column>| column.map_or(Ok(None), |column| row.numeral(column));
        let number = |column: Option<Column>| match column.zip(numeral(column)?) {
            Some((column, df)) if df.value() <= 0.0 => {
                let message = format!("{}: {df}, and a number above 0 was expected", row.column_name(column));
                Err(row.diagnostic(Some(column), message, "write the degrees of freedom as they are printed"))
            }
            found => Ok(found.map(|(_, df)| df)),
        };
        let (df, df1, df2) = (number(self.df)?, number(self.df1)?, number(self.df2)?);
        let with_df = |column: Option<Column>, of: fn(Numeral, Numeral) -> TestStatistic| {
            Ok::<_, Diagnostic>(numeral(column)?.zip(df.clone()).map(|(value, df)| of(value, df)))
        };
        let t = with_df(self.t, |value, df| TestStatistic::T { value, df })?;
        let z = numeral(self.z)?.map(TestStatistic::Z);
        let f = self.f_of(row)?.zip(df1.zip(df2)).map(|(value, (df1, df2))| TestStatistic::F { value, df1, df2 });
        let r = with_df(self.r, |value, df| TestStatistic::R { value, df })?;
        let chi2 = with_df(self.chi2, |value, df| TestStatistic::ChiSquared { value, df })?;
        let outside = |column: Column, expected: &str| {
            row.diagnostic(
                Some(column),
                format!("{}: {expected} is expected", row.column_name(column)),
                "check the number",
            )
        };
        if let (Some(column), Some(TestStatistic::R { value, .. })) = (self.r, &r)
            && value.value().abs() > 1.0
        {
            return Err(outside(column, "a correlation from −1 to 1"));
        }
        for (column, statistic) in [(self.f, &f), (self.chi2, &chi2)] {
            if let (Some(column), Some(TestStatistic::F { value, .. } | TestStatistic::ChiSquared { value, .. })) =
                (column, statistic)
                && value.value() < 0.0
            {
                return Err(outside(column, "a number not below 0"));
            }
        }
        let statistics: Vec<TestStatistic> = [t, z, f, r, chi2].into_iter().flatten().collect();
        Ok((!statistics.is_empty()).then_some((statistics, p)))
    }

    fn interval(&self, row: &Row<'_>) -> Result<Option<(Numeral, Numeral)>, Diagnostic> {
        match self.ci {
            Some((lower, upper)) => Ok(row.numeral(lower)?.zip(row.numeral(upper)?)),
            None => Ok(None),
        }
    }

    /// An effect that is reported with its interval, standard error and p.
    fn reported(&self, row: &Row<'_>, level: f64) -> Result<Option<RowEstimate>, Diagnostic> {
        let Some((column, kind)) = self.estimate else { return Ok(None) };
        let (Some(text), Some(name)) = (row.number_text(column)?, row.text(kind)?) else { return Ok(None) };
        let wrong = |column: Column, error: &dyn std::fmt::Display, hint: &str| {
            row.diagnostic(Some(column), format!("{}: {error}", row.column_name(column)), hint)
        };
        let printed: PrintedEstimate = text.parse().map_err(|error: NumeralError| {
            wrong(column, &error, error.hint.as_deref().unwrap_or("write 0.21, or 0.21 (0.06–0.76)"))
        })?;
        let measure: ReportedMeasure =
            name.parse().map_err(|error| wrong(kind, &error, "write mean-difference or MD, odds-ratio or OR …"))?;
        // A level that the text names is its own.
        let named = printed.level;
        let plain = ReportedEstimate::new(measure, printed);
        let beside = self.interval(row)?;
        if let (Some(_), Some(_)) = (&beside, &plain.interval) {
            let message = "the estimate has an interval in its text, and there is one in columns of its own";
            return Err(wrong(column, &message, "leave one of them out"));
        }
        let beside = beside.map(|(lower, upper)| ReportedInterval { lower, upper, level });
        let interval = plain.interval.map(|of| ReportedInterval { level: named.unwrap_or(level), ..of }).or(beside);
        let ends = interval.iter().flat_map(|of| [&of.lower, &of.upper]).map(|end| measure.admits_end(end));
        for admitted in ends.chain([measure.admits(&plain.value)]) {
            admitted.map_err(|reason| wrong(column, &reason, "check the measure and the number"))?;
        }
        let (interval, reversed) = in_order(interval, &plain.value);
        let p = self.p_value(row, level).ok().flatten();
        let se = self.se.map_or(Ok(None), |column| row.numeral(column))?;
        let statistic = self.t.or(self.z).filter(|_| se.is_some());
        let statistic = statistic.and_then(|column| row.numeral(column).ok().flatten());
        let of_groups = self.groups.as_ref().and_then(GroupColumns::sizes);
        let is_of_one = measure.is_of_one_arm() || measure == ReportedMeasure::Correlation;
        let columns = match (is_of_one, self.sizes.or(of_groups)) {
            (true, _) => self.n.into_iter().collect(),
            (false, Some((first, second))) => vec![first, second],
            (false, None) => Vec::new(),
        };
        let mut sizes = Vec::new();
        for size in &columns {
            if let Some(n) = row.numeral(*size)? {
                let expected = || wrong(*size, &format!("`{n}` is no number of people"), "write 1 or more, or nothing");
                sizes.push(n.count().filter(|n| *n > 0).ok_or_else(expected)?);
            }
        }
        if sizes.len() < columns.len() {
            sizes.clear();
        }
        let test = match self.named_test {
            Some(column) => row.text(column)?.map(str::to_owned),
            None => None,
        };
        Ok(Some(RowEstimate {
            reported: ReportedEstimate { interval, p, se, statistic, test, ..plain },
            sizes,
            reversed,
        }))
    }
}

/// An interval with its lower end first, and its ends as they are printed where that is not so. A fall has the end nearer
/// to 0 first at times, as −1.2 (−0.5 to −1.9); anything else is no interval.
fn in_order(
    interval: Option<ReportedInterval>,
    value: &Numeral,
) -> (Option<ReportedInterval>, Option<(Numeral, Numeral)>) {
    let Some(of) = interval else { return (None, None) };
    if of.lower.decimal() <= of.upper.decimal() {
        return (Some(of), None);
    }
    let printed = (of.lower.clone(), of.upper.clone());
    let is_around = of.upper.decimal() <= value.decimal() && value.decimal() <= of.lower.decimal();
    let turned = (of.lower.decimal().signum() < 0 && is_around).then(|| ReportedInterval {
        lower: of.upper.clone(),
        upper: of.lower.clone(),
        ..of
    });
    (turned, Some(printed))
}

/// A count and the percentage beside it, also where a column says that it is one: `12 (34.3)`.
fn counted(text: &str, is_percent: bool) -> Option<(String, Numeral)> {
    let found = count_and_percent(text);
    if found.is_some() || !is_percent {
        return found;
    }
    let Ok(Expression::Spread { center, spread, name: None }) = text.parse() else { return None };
    // Of two whole numbers the first is the count, as such columns are headed: n (%).
    let is_count = |number: &Numeral| number.decimal().decimals() == 0 && number.count().is_some();
    match (is_count(&center), is_count(&spread)) {
        (true, _) => Some((center.text().to_owned(), spread)),
        (false, true) => Some((spread.text().to_owned(), center)),
        (false, false) => None,
    }
}
