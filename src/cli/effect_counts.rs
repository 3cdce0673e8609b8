//! `reffect effect` of counts on the command line.

use super::args::{Common, EffectArgs};
use super::effect_args::Cells;
use super::failure::Failure;
use super::output::{Outputs, write_results};
use crate::effect::counts::pairs::Pairs;
use crate::effect::counts::person_time::{Rate, RateRatio};
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::report::counts;
use crate::report::{csv, json};

pub fn rates(first: Rate, second: Option<Rate>, args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    let level = common.level;
    let ratio = second.map(|second| RateRatio { first, second });
    let outputs = Outputs {
        document: &|| counts::rates(first, ratio.as_ref(), level),
        json: &|| json::rates_document(first, ratio.as_ref(), level),
        csv: &|| csv::intervals(&counts::rates_of(first, ratio.as_ref(), level)),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

pub fn table(Cells(cells): Cells, args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    const HINT: &str = "give events and non-events of group 1, then of group 2: --table 5,2,1,6";
    let table = TwoByTwo::new(cells).map_err(|message| Failure::call(message, HINT))?;
    let outputs = Outputs {
        document: &|| counts::table(&table, common.level),
        json: &|| json::table_document(&table, common.level),
        csv: &|| csv::intervals(&counts::table_of(&table, common.level)),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

pub fn pairs(Cells(cells): Cells, args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    const HINT: &str = "give the pairs yes/yes, yes/no, no/yes and no/no: --paired-table 0,0,5,2";
    let pairs = Pairs::new(cells).map_err(|message| Failure::call(message, HINT))?;
    let outputs = Outputs {
        document: &|| counts::pairs(&pairs, common.level),
        json: &|| json::pairs_document(&pairs, common.level),
        csv: &|| csv::intervals(&counts::pairs_of(&pairs, common.level)),
    };
    write_results(&outputs, args.output.as_deref(), common)
}
