//! `reffect effect` of counts on the command line.

use super::args::Cells;
use crate::cli::args::{Common, EffectArgs};
use crate::cli::failure::Failure;
use crate::cli::output::{Outputs, write_results};
use crate::effect::counts::pairs::Pairs;
use crate::effect::counts::person_time::{Rate, RateRatio};
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::report::counts;
use crate::report::csv::{self, CountTest};
use crate::report::json;

pub fn rates(first: Rate, second: Option<Rate>, args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    let level = common.level;
    let ratio = second.map(|second| RateRatio { first, second });
    let outputs = Outputs {
        document: &|| counts::rates(first, ratio.as_ref(), level),
        json: &|| json::rates_document(first, ratio.as_ref(), level),
        csv: &|| {
            let p = ratio.as_ref().and_then(RateRatio::p_values);
            let tests = [("exact", p.as_ref().map(|p| p.exact)), ("mid-p", p.as_ref().map(|p| p.mid_p))];
            let tests =
                tests.map(|(method, p)| CountTest { name: "rate ratio", method, statistic: None, p, note: None });
            let tests = if ratio.is_some() { &tests[..] } else { &[] };
            csv::counts(&counts::rates_of(first, ratio.as_ref(), level), &[], tests)
        },
    };
    write_results(&outputs, args.output.as_deref(), common)
}

pub fn table(Cells(cells): Cells, args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    const HINT: &str = "give events and non-events of group 1, then of group 2: --table 5,2,1,6";
    let table = TwoByTwo::new(cells).map_err(|message| Failure::call(message, HINT))?;
    let outputs = Outputs {
        document: &|| counts::table(&table, common.level),
        json: &|| json::table_document(&table, common.level),
        csv: &|| {
            let needed = table.number_needed(common.level);
            let p = Some(table.fisher_p());
            let fisher = [CountTest { name: "independence", method: "fisher", statistic: None, p, note: None }];
            csv::counts(&counts::table_of(&table, common.level), &needed, &fisher)
        },
    };
    write_results(&outputs, args.output.as_deref(), common)
}

pub fn pairs(Cells(cells): Cells, args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    const HINT: &str = "give the pairs yes/yes, yes/no, no/yes and no/no: --paired-table 0,0,5,2";
    let pairs = Pairs::new(cells).map_err(|message| Failure::call(message, HINT))?;
    let outputs = Outputs {
        document: &|| counts::pairs(&pairs, common.level),
        json: &|| json::pairs_document(&pairs, common.level),
        csv: &|| {
            let test = pairs.mcnemar();
            let note = test.is_none().then_some(counts::NO_PAIR_IS_DISCORDANT);
            let by = |method, statistic, p| CountTest { name: "mcnemar", method, statistic, p, note };
            let tests = [
                by("exact", None, test.as_ref().map(|test| test.p_values.exact)),
                by("mid-p", None, test.as_ref().map(|test| test.p_values.mid_p)),
                by("chi-squared", test.as_ref().map(|test| test.statistic), test.as_ref().map(|test| test.p)),
            ];
            csv::counts(&counts::pairs_of(&pairs, common.level), &[], &tests)
        },
    };
    write_results(&outputs, args.output.as_deref(), common)
}
