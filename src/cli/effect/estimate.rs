//! `reffect effect --estimate`: an effect as somebody reports it, with what follows from its interval.

use super::args::EstimateArgs;
use crate::check::Status;
use crate::check::estimates::of_itself;
use crate::cli::args::{Common, EffectArgs};
use crate::cli::failure::Failure;
use crate::cli::output::{Outputs, write_results};
use crate::effect::reported::{DegreesOfFreedom, ReleaseEstimate};
use crate::report::document::Document;
use crate::report::{csv, json, reported as text};
use crate::reported::{PrintedEstimate, ReportedEstimate, ReportedInterval, ReportedMeasure};

/// What the options say, as a release would.
fn reported(args: &EstimateArgs, printed: &PrintedEstimate, measure: ReportedMeasure, level: f64) -> ReportedEstimate {
    let plain = ReportedEstimate::new(measure, printed.clone());
    // A level that the text names is its own.
    let level = printed.level.unwrap_or(level);
    let interval = plain.interval.map(|interval| ReportedInterval { level, ..interval });
    ReportedEstimate { interval, p: args.estimate_p.clone(), ..plain }
}

/// The sizes of the arms; those of others than the measure compares are refused.
fn sizes(args: &EffectArgs, measure: ReportedMeasure) -> Result<Vec<u64>, Failure> {
    let name = measure.in_words();
    match (measure.is_of_one_arm(), args.n, args.groups.n1, args.groups.n2) {
        (_, None, None, None) => Ok(Vec::new()),
        _ if !measure.is_of_means() => {
            let message = format!("a {name} is tested by the normal distribution, whatever the number of patients");
            Err(Failure::call(message, "leave -n, --n1 and --n2 out"))
        }
        (true, Some(n), None, None) => Ok(vec![n]),
        (true, ..) => Err(Failure::call(format!("a {name} is that of one group"), "give its size by -n")),
        (false, None, Some(n1), Some(n2)) => Ok(vec![n1, n2]),
        (false, ..) => Err(Failure::call(format!("a {name} has two groups"), "give both sizes, --n1 and --n2")),
    }
}

pub fn run(printed: &PrintedEstimate, args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    let own = &args.estimate;
    let Some(measure) = own.kind else {
        let names: Vec<&str> = ReportedMeasure::ALL.iter().map(|(name, _)| *name).collect();
        return Err(Failure::call("--estimate needs --kind, which says what it is", names.join(", ")));
    };
    for number in std::iter::once(&printed.value).chain(printed.ends.iter().flatten()) {
        measure
            .admits_end(number)
            .map_err(|reason| Failure::call(reason.to_string(), "check the number and --kind"))?;
    }
    let sizes = sizes(args, measure)?;
    let (reported, df) = (reported(own, printed, measure, common.level), DegreesOfFreedom::of(measure, &sizes));
    let found = ReleaseEstimate::of(&reported, df, common.rounding)
        .map_err(|reason| Failure::call(reason.to_string(), "check the numbers"))?;
    let verdicts = of_itself(&reported, df, false, None, common.rounding);
    let document = || {
        let mut document = Document::default();
        document.table(text::one(&reported, &found));
        let points = verdicts.iter().map(|(code, (status, message))| format!("{} {code}: {message}", status.name()));
        document.list(points.chain(found.notes.iter().cloned()).collect());
        document
    };
    let outputs = Outputs {
        document: &document,
        json: &|| json::reported_document(&reported, &found, &verdicts),
        csv: &|| csv::reported(&reported, &found, &verdicts),
    };
    write_results(&outputs, args.output.as_deref(), common)?;
    match verdicts.iter().find(|(_, (status, _))| *status == Status::Fail) {
        Some((_, (_, message))) => Err(Failure::Contradiction(message.clone())),
        None => Ok(()),
    }
}
