//! How tables of published effects usually call the columns of an effect and its interval.

use super::check::table_names::is_spelled;
use crate::read::Table;

/// The columns of an effect and of the ends of its interval, as the table names them.
pub struct EffectColumns {
    effect: String,
    ends: [String; 2],
    is_ratio: bool,
}

/// Ratios, whose intervals are symmetric on the scale of the logarithm.
const RATIOS: [&str; 8] = ["hr", "or", "rr", "irr", "ahr", "aor", "hazard_ratio", "odds_ratio"];
const DIFFERENCES: [&str; 10] = ["out", "yi", "md", "smd", "rd", "estimate", "est", "effect", "coef", "beta"];
/// The ends of an interval, which beside an effect need not be called so.
const ENDS: [[&str; 2]; 4] = [["ci_lower", "ci_upper"], ["lower", "upper"], ["low", "high"], ["lo", "hi"]];

impl EffectColumns {
    /// Those of a table; none where no name, or more than one, is that of an effect.
    pub fn of(table: &Table) -> Option<Self> {
        let named = |usual: &str| table.names().iter().find(|name| is_spelled(name, usual)).cloned();
        let ends = ENDS.iter().find_map(|[lower, upper]| Some([named(lower)?, named(upper)?]))?;
        let found: Vec<(String, bool)> = RATIOS
            .iter()
            .filter_map(|name| Some((named(name)?, true)))
            .chain(DIFFERENCES.iter().filter_map(|name| Some((named(name)?, false))))
            .collect();
        let [(effect, is_ratio)] = &found[..] else { return None };
        Some(Self { effect: effect.clone(), ends, is_ratio: *is_ratio })
    }

    /// The options of `reffect convert` that make estimates and variances of them.
    pub fn to_yi_vi(&self) -> String {
        let Self { effect, ends: [lower, upper], is_ratio } = self;
        let names = [("out", effect), ("ci.lb", lower), ("ci.ub", upper)];
        let named: Vec<String> = names.iter().map(|(name, column)| format!("{name}={column}")).collect();
        format!("--map {} --to yi-vi{}", named.join(","), if *is_ratio { " --transf log" } else { "" })
    }
}
