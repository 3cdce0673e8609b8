//! What `reffect effect` takes beside releases and before/after numbers: two groups, and counts.

use crate::cli::args::{count, numeral, printed};
use crate::effect::counts::person_time::Rate;
use crate::numeric::numeral::{Comparison, Numeral};
use crate::reported::{MeanSpread, PrintedEstimate, ReportedMeasure};
use clap::Args;

/// Two groups, each measured once.
#[derive(Debug, Args)]
#[command(next_help_heading = "Two groups")]
pub struct GroupArgs {
    /// Mean and spread of group 1, as printed: "2.9 ± 1.1", "2.9 (SE 0.4)", "2.9 (95% CI 1.9 to 3.9)", or a mean alone
    #[arg(long, requires = "group2", conflicts_with_all = ["before", "paths", "proportion", "correlation"], allow_hyphen_values = true, value_parser = printed::<MeanSpread>)]
    pub group1: Option<MeanSpread>,
    /// The size of group 1
    #[arg(long, requires = "two", allow_hyphen_values = true, value_parser = count)]
    pub n1: Option<u64>,
    /// Mean and spread of group 2
    #[arg(long, requires = "group1", allow_hyphen_values = true, value_parser = printed::<MeanSpread>)]
    pub group2: Option<MeanSpread>,
    /// The size of group 2
    #[arg(long, requires = "two", allow_hyphen_values = true, value_parser = count)]
    pub n2: Option<u64>,
}

/// A control group, measured at the same times.
#[derive(Debug, Args)]
pub struct ControlArgs {
    /// Mean and spread before in a control group: with --before and --after, for d_ppc2 (Morris 2008)
    #[arg(long, requires_all = ["before", "control_after"], conflicts_with_all = ["t", "p", "sd_change", "se", "ci"], allow_hyphen_values = true, value_parser = printed::<MeanSpread>)]
    pub control_before: Option<MeanSpread>,
    /// Mean and spread after in the control group
    #[arg(long, requires = "control_before", allow_hyphen_values = true, value_parser = printed::<MeanSpread>)]
    pub control_after: Option<MeanSpread>,
    /// The size of the control group
    #[arg(long, requires = "control_before", allow_hyphen_values = true, value_parser = count)]
    pub control_n: Option<u64>,
}

/// A mean change that was reported with its own spread.
#[derive(Debug, Args)]
pub struct ChangeArgs {
    /// A mean change and its SD, as printed: "−1.0 ± 1.5"; with -n, and no correlation is needed
    #[arg(long, conflicts_with_all = ["before", "paths", "proportion", "correlation", "group1"], allow_hyphen_values = true, value_parser = printed::<MeanSpread>)]
    pub change: Option<MeanSpread>,
}

/// An effect as somebody reports it.
#[derive(Debug, Args)]
#[command(next_help_heading = "A reported effect")]
pub struct EstimateArgs {
    /// A difference, ratio or percentage as printed, with its interval (of --level): "0.21 (0.06–0.76)"
    #[arg(long, value_name = "TEXT", requires = "kind", conflicts_with_all = ["before", "paths", "proportion", "correlation", "group1", "change", "spread"], allow_hyphen_values = true, value_parser = printed::<PrintedEstimate>)]
    pub estimate: Option<PrintedEstimate>,
    /// What it is: mean-difference, hazard-ratio, odds-ratio, percent-reduction and others, as `measure` of a release,
    /// or MD, HR, OR …
    #[arg(long, value_name = "NAME", requires = "estimate")]
    pub kind: Option<ReportedMeasure>,
    /// Its p, as printed: "p = 0.017"
    #[arg(long, value_name = "P", requires = "estimate", allow_hyphen_values = true, value_parser = printed::<Comparison>)]
    pub estimate_p: Option<Comparison>,
}

/// Counts of events.
#[derive(Debug, Args)]
#[command(next_help_heading = "Counts")]
pub struct CountArgs {
    /// Events over person-time of group 1: 20/7
    #[arg(long, value_name = "EVENTS/TIME", conflicts_with_all = ["before", "paths", "proportion", "correlation", "spread", "change", "n", "group1"], allow_hyphen_values = true, value_parser = rate)]
    pub rate1: Option<Rate>,
    /// Events over person-time of group 2: 3/7
    #[arg(long, value_name = "EVENTS/TIME", requires = "rate1", allow_hyphen_values = true, value_parser = rate)]
    pub rate2: Option<Rate>,
    /// A 2×2 table: events and non-events of group 1, then of group 2; or events/total of each: 88/257,56/255
    #[arg(long, value_name = "A,B,C,D", conflicts_with_all = ["before", "paths", "proportion", "correlation", "spread", "change", "n", "group1", "rate1"], allow_hyphen_values = true, value_parser = two_by_two)]
    pub table: Option<Cells>,
    /// Pairs: yes/yes, yes/no, no/yes, no/no
    #[arg(long, value_name = "A,B,C,D", conflicts_with_all = ["before", "paths", "proportion", "correlation", "spread", "change", "n", "group1", "rate1", "table"], allow_hyphen_values = true, value_parser = four)]
    pub paired_table: Option<Cells>,
}

/// Four counts.
#[derive(Clone, Copy, Debug)]
pub struct Cells(pub [u64; 4]);

fn whole(text: &str) -> Option<u64> {
    let read = text.parse::<Numeral>().ok().filter(|read| read.exact().is_ok() && !read.is_percent())?;
    u64::try_from(read.decimal().to_integer()?).ok()
}

/// Exact intervals of counts beyond this would take too long.
const LARGEST_CELL: u64 = 1_000_000_000;

fn not_too_large(count: u64) -> Result<u64, String> {
    let message = format!("{count} is more than {LARGEST_CELL}, the largest count that exact intervals are made for");
    if count > LARGEST_CELL { Err(message) } else { Ok(count) }
}

fn rate(text: &str) -> Result<Rate, String> {
    let expected = || "events and person-time were expected, such as 20/7 or 3/8.5".to_owned();
    let (events, time) = text.split_once('/').ok_or_else(expected)?;
    let time = numeral(time).map_err(|_| expected())?;
    Ok(Rate::new(not_too_large(whole(events).ok_or_else(expected)?)?, time.value())?)
}

/// Four counts, or the events of each group with its total.
fn two_by_two(text: &str) -> Result<Cells, String> {
    const EXPECTED: &str = "events/total of two groups were expected, such as 5/7,1/7, or four counts, such as 5,2,1,6";
    if !text.contains('/') {
        return four(text);
    }
    let group = |text: &str| {
        let (events, total) = text.split_once('/').ok_or(EXPECTED)?;
        let (events, total) = whole(events).zip(whole(total)).ok_or(EXPECTED)?;
        let others =
            total.checked_sub(events).ok_or_else(|| format!("{events} events are more than the total {total}"))?;
        Ok::<_, String>([not_too_large(events)?, not_too_large(others)?])
    };
    let (first, second) = text.split_once(',').ok_or(EXPECTED)?;
    let ([a, b], [c, d]) = (group(first)?, group(second)?);
    Ok(Cells([a, b, c, d]))
}

fn four(text: &str) -> Result<Cells, String> {
    let expected = || "four counts with commas between them were expected, such as 5,2,1,6".to_owned();
    let counts: Option<Vec<u64>> = text.split(',').map(whole).collect();
    let cells: [u64; 4] = counts.and_then(|counts| counts.try_into().ok()).ok_or_else(expected)?;
    cells.into_iter().try_for_each(|cell| not_too_large(cell).map(|_| ()))?;
    Ok(Cells(cells))
}
