//! Which options change which chart, so that one without effect is refused.

use super::args::ChartKind;
use crate::cli::args::Common;
use crate::cli::failure::Failure;

/// What a chart is drawn of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Releases.
    Releases,
    /// A table.
    Table,
    /// What another command wrote with `--json`.
    Result,
}

impl Source {
    fn name(self) -> &'static str {
        match self {
            Self::Releases => "releases",
            Self::Table => "a table",
            Self::Result => "a result",
        }
    }
}

/// Those of every chart.
const PICTURE: &[&str] = &["data", "font", "width", "height", "scale", "theme", "journal", "title", "source"];
/// Those of every meta-analysis of a table.
const STUDIES: &[&str] =
    &["yi", "vi", "sei", "slab", "measure", "method", "test", "mods", "weights", "delimiter", "decimal", "map"];
/// Those that decide which effects there are.
const MADE: &[&str] = &["subset", "add", "to", "drop00", "vtype", "no-correct"];
/// What of releases is drawn.
const CHOSEN: &[&str] = &["outcome", "arm"];
/// How effects are shown.
const EFFECTS: &[&str] = &["transf", "effect", "sides"];

/// The options that change a chart, besides those of every picture.
fn with_effect(kind: ChartKind, source: Source) -> [&'static [&'static str]; 3] {
    use ChartKind as Kind;
    let none: &[&str] = &[];
    let of_table = source == Source::Table;
    let studies = if of_table { STUDIES } else { none };
    // A result tells the scale of its effects; the measure says it where it does not.
    let shown: &[&str] = if of_table { none } else { &["measure"] };
    match kind {
        Kind::BeforeAfter | Kind::Overview => [CHOSEN, &["r"], none],
        Kind::Estimation => [CHOSEN, &["r", "arrangement"], none],
        Kind::Proportion | Kind::Rate if source == Source::Result => {
            [if kind == Kind::Rate { &["groups", "unit"] } else { none }, none, none]
        }
        Kind::Ensemble | Kind::BetweenArms | Kind::Reported | Kind::Sensitivity | Kind::Rounding => {
            [CHOSEN, none, none]
        }
        Kind::Proportion | Kind::Rate => [CHOSEN, none, none],
        Kind::Forest if of_table => [studies, EFFECTS, &["subgroup", "columns", "digits", "order", "xlim"]],
        Kind::Funnel if of_table => [studies, EFFECTS, &["trimfill"]],
        Kind::Cumulative if of_table => [studies, EFFECTS, &["order", "digits", "xlim"]],
        Kind::LeaveOneOut if of_table => [studies, EFFECTS, &["digits", "xlim"]],
        Kind::Forest => [studies, EFFECTS, &["measure", "digits", "order", "xlim"]],
        Kind::Cumulative | Kind::LeaveOneOut => [studies, EFFECTS, &["measure", "digits", "xlim"]],
        Kind::Funnel | Kind::Gosh => [studies, EFFECTS, shown],
        Kind::Regression if of_table => [studies, &["transf", "effect"], &["moderator"]],
        Kind::Regression => [&["moderator"], &["transf", "effect"], shown],
        Kind::Radial => [studies, &["transf"], shown],
        Kind::Labbe => [studies, &["groups"], none],
        Kind::Baujat | Kind::Qq => [studies, none, none],
        Kind::Profile => [studies, none, none],
        Kind::Trajectory => {
            [&["time", "subject", "response", "group"], &["change-at"], &["delimiter", "decimal", "map"]]
        }
        Kind::Residuals if of_table => [&["subject", "response"], none, &["delimiter", "decimal", "map"]],
        Kind::Residuals => [none, none, none],
        Kind::Means => [&["time", "group"], none, none],
        Kind::Caterpillar => [&["group", "term"], none, none],
    }
}

/// Those of a fit that change nothing in some charts of it: charts without a name of a study, or without a test or an
/// interval of what is pooled.
fn without_effect(kind: ChartKind, common: &Common) -> &'static [&'static str] {
    match kind {
        ChartKind::Gosh | ChartKind::Profile => &["test", "slab"],
        ChartKind::Labbe => &["test"],
        // With studies filled in, the pooled effect stands beside it with its interval.
        ChartKind::Funnel if !common.given.has("trimfill") => &["test"],
        _ => &[],
    }
}

/// Refuses options that change nothing in a chart of this kind.
pub fn refuse_without_effect(kind: ChartKind, source: Source, common: &Common) -> Result<(), Failure> {
    let [first, second, third] = with_effect(kind, source);
    let name = kind.name();
    let article = if name.starts_with(['e', 'o']) { "an" } else { "a" };
    let what = format!("{article} {name} chart of {}", source.name());
    let of_studies = if first == STUDIES { MADE } else { &[] };
    common.given.only(&[first, of_studies, second, third, PICTURE], &what)?;
    if let Some(option) = without_effect(kind, common).iter().find(|option| common.given.has(option)) {
        return Err(Failure::call(format!("--{option} has no effect on {what}"), "leave it out"));
    }
    if source == Source::Result && common.given.has("level") {
        return Err(Failure::call(
            format!("--level has no effect on {what}, whose intervals are those of the result"),
            "give it to the command that writes the result",
        ));
    }
    let effects = ["yi", "vi", "sei"].into_iter().find(|name| common.given.has(name));
    match effects {
        Some(name) if common.given.has("measure") => Err(Failure::call(
            format!("--{name} has no effect beside --measure, which makes the effects of other columns"),
            "leave one of them out",
        )),
        _ => Ok(()),
    }
}

/// Refuses a document of a chart.
pub fn refuse_documents(common: &Common) -> Result<(), Failure> {
    let asked = ["json", "format"].into_iter().find(|option| common.given.has(option));
    match asked {
        Some(option) => Err(Failure::call(
            format!("--{option} has no effect on plot: a chart is a picture"),
            "--data FILE.csv writes the numbers that are drawn",
        )),
        None => Ok(()),
    }
}
