//! What `reffect simulate` takes.

use crate::cli::args::{how_many, numeral, printed, seed};
use crate::mixed::simulate::{PlannedArm, VisitCorrelation};
use crate::numeric::numeral::Numeral;
use crate::reported::MeanSd;
use clap::{ArgGroup, Args};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("trial").required(true).args(["release", "arm"])))]
#[command(after_help = "\
Examples:
  reffect simulate --arm \"all: n=7; 2.9 ± 1.1; 0.4 ± 0.8\" --r 0.5 --exact
  reffect simulate --arm \"a: n=40; 40 ± 5; 36 ± 6\" --arm \"b: n=40; 40 ± 5; 38 ± 6\" --r 0.7
  reffect simulate --arm \"b: n=20; 0 ± 4; -2 ± 5\" --r 0.6 --dropout 0.1 --replicates 9 -o t.csv
  reffect simulate data/nmo-tocilizumab-2014.toml --outcome relapse-rate --r 0.5 --min 0

The result is CSV in long form with the columns patient, arm, visit and the value, and trial where --replicates
makes several; from a release patient, arm, occasion, after (0, 1, …) and the outcome. `reffect fit FORMULA
trials.csv --each trial` fits a model to each of them and counts how often p is small: the power of a plan.
Values are normal; --min, --max and --step cut and round them, which changes means and SDs a little. Patients
who leave do so at random and have no rows afterwards.")]
pub struct SimulateArgs {
    /// A release whose outcome is simulated
    #[arg(value_name = "RELEASE", requires = "outcome")]
    pub release: Option<PathBuf>,
    /// The outcome of the release
    #[arg(long, value_name = "ID", requires = "release")]
    pub outcome: Option<String>,
    /// An arm: its name, the number of patients, and mean ± SD at each visit: "active: n=40; 40 ± 5; 38 ± 6"; may
    /// be repeated
    #[arg(long, value_name = "ARM", value_parser = arm)]
    pub arm: Vec<GivenArm>,
    /// The times of the visits; 0,1,2 … by default
    #[arg(long, value_name = "TIMES", conflicts_with = "release", allow_hyphen_values = true, value_parser = numbers)]
    pub visits: Option<std::vec::Vec<f64>>,
    /// The correlation of two visits of a patient; of a release whose only arm reports its change, the recovered one
    #[arg(long, value_name = "R", allow_hyphen_values = true, value_parser = numeral)]
    pub r: Option<Numeral>,
    /// How it goes on: common to all pairs, or ar1, falling with each visit between
    #[arg(long, value_name = "KIND", default_value = "common", value_parser = ["common", "ar1"])]
    pub correlation: String,
    /// The chance to leave between two visits, or one for each gap: 0.1 or 0.05,0.1
    #[arg(long, value_name = "CHANCES", value_parser = numbers)]
    pub dropout: Option<std::vec::Vec<f64>>,
    /// The least value of the scale
    #[arg(long, value_name = "X", allow_hyphen_values = true, value_parser = numeral)]
    pub min: Option<Numeral>,
    /// The greatest value of the scale
    #[arg(long, value_name = "X", allow_hyphen_values = true, value_parser = numeral)]
    pub max: Option<Numeral>,
    /// The distance of neighbouring values of the scale
    #[arg(long, value_name = "X", value_parser = numeral)]
    pub step: Option<Numeral>,
    /// Give the sample itself the means, SDs and correlations, to the last digit
    #[arg(long)]
    pub exact: bool,
    /// The name of the column of values
    #[arg(long, value_name = "COLUMN", default_value = "y", conflicts_with = "release")]
    pub name: String,
    /// How many trials
    #[arg(long, value_name = "N", default_value = "1", value_parser = how_many::<u64>)]
    pub replicates: u64,
    /// The seed of the random numbers
    #[arg(long, value_name = "NUMBER", default_value = "1", allow_hyphen_values = true, value_parser = seed)]
    pub seed: u64,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

impl SimulateArgs {
    /// How visits go together, by the correlation that is given or else recovered; 0 for a single visit, whose
    /// correlation does not matter.
    pub fn together(&self, visits: usize, recovered: Option<f64>) -> Option<VisitCorrelation> {
        let r = match &self.r {
            Some(r) => r.value(),
            None if visits < 2 => 0.0,
            None => recovered?,
        };
        Some(if self.correlation == "ar1" { VisitCorrelation::Autoregressive(r) } else { VisitCorrelation::Common(r) })
    }
}

fn numbers(text: &str) -> Result<std::vec::Vec<f64>, String> {
    text.split(',').map(|number| numeral(number.trim()).map(|numeral| numeral.value())).collect()
}

/// An arm as it was written out.
#[derive(Clone, Debug)]
pub struct GivenArm {
    pub plan: PlannedArm,
    /// Whether its means are percentages.
    pub is_percent: bool,
}

fn arm(text: &str) -> Result<GivenArm, String> {
    let expected = "an arm such as \"active: n=40; 40 ± 5; 38 ± 6\" was expected";
    let (name, rest) = text.split_once(':').ok_or_else(|| format!("{expected}: no colon after the name"))?;
    let mut parts = rest.split(';').map(str::trim).filter(|part| !part.is_empty());
    let n = parts.next().and_then(|part| part.strip_prefix('n')).map(str::trim_start);
    let n = n.and_then(|part| part.strip_prefix('=')).ok_or_else(|| format!("{expected}: n=… comes first"))?;
    let patients = crate::cli::args::count(n.trim())?;
    let (mut means, mut sds, mut is_percent) = (Vec::new(), Vec::new(), None);
    for part in parts {
        // There is no option that says what a ± is: the SD is asked for.
        let sd_alone = |told: String| match told.split_once("; ") {
            Some((what, hint)) if hint.contains("--spread") => {
                format!("{what}; write the mean and its SD: `2.9 ± 1.1`")
            }
            _ => told,
        };
        let MeanSd { mean, spread } = printed::<MeanSd>(part).map_err(sd_alone)?;
        let sd = spread.ok_or_else(|| format!("{expected}: `{part}` has no SD"))?;
        if *is_percent.get_or_insert(mean.is_percent()) != mean.is_percent() {
            return Err(format!("`{part}`: one mean is a percentage and another is not; give all in the same unit"));
        }
        means.push(mean.value());
        sds.push(sd.value());
    }
    if means.is_empty() {
        return Err(format!("{expected}: no mean ± SD"));
    }
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(format!("{expected}: no name before the colon"));
    }
    let patients = usize::try_from(patients).unwrap_or(usize::MAX);
    Ok(GivenArm { plan: PlannedArm { name, patients, means, sds }, is_percent: is_percent.unwrap_or(false) })
}
