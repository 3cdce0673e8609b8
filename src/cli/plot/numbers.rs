//! Charts of the numbers on the command line: results of `effect` and `reconstruct` as the releases that would report
//! them.

use super::{is_result, parsed, read_text};
use crate::cli::effect::BORROWED;
use crate::cli::failure::Failure;
use crate::diagnostic::Refused;
use crate::numeric::rounding::Rounding;
use crate::read::{Dataset, read_release};
use crate::report::json::ChangeView;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Releases, and how a result of them was asked for.
#[derive(Default)]
pub struct Drawn {
    pub dataset: Dataset,
    /// The correlations that were given.
    pub r: Vec<f64>,
    /// What was reported of the change, from which r follows.
    pub r_recovered: Option<Recovered>,
    /// The correlations that were given, and where they come from.
    pub r_source: Option<[String; 2]>,
    /// The level of the intervals of a result.
    pub level: Option<f64>,
    /// The p-value for which a needed correlation is told.
    pub alpha: Option<f64>,
    /// How the numbers of a result were taken to be rounded.
    pub rounding: Option<Rounding>,
}

/// The commands whose results are drawn as releases are.
const COMMANDS: &str = "reffect effect --before … --after … --json, or reffect reconstruct … --json";

/// The releases of several paths, or what one path, or standard input, holds of the result of a command.
pub fn of_paths(paths: &[impl AsRef<Path>]) -> Result<Drawn, Failure> {
    let [path] = paths else { return Ok(releases(Dataset::load_all(paths)?)) };
    let path = path.as_ref();
    if is_result(path) { of_text(&read_text(path)?, path) } else { Ok(releases(Dataset::load(path)?)) }
}

fn releases(dataset: Dataset) -> Drawn {
    Drawn { dataset, ..Drawn::default() }
}

/// A release, or the result of a command, by its text.
pub fn of_text(text: &str, path: &Path) -> Result<Drawn, Failure> {
    if !text.trim_start().starts_with('{') {
        return Ok(releases(Dataset::from_iter([read_release("stdin", "<stdin>", text)?])));
    }
    let result: Numbers = parsed(text, path, COMMANDS)?;
    let contrast = result.contrasts.as_ref().and_then(|all| all.first());
    let level = contrast.and_then(|contrast| contrast.level);
    let alpha = contrast.and_then(|contrast| contrast.r_needed.as_ref()?.p);
    let r_recovered = contrast.and_then(|contrast| contrast.r_recovered.clone());
    let r_source = contrast.and_then(Contrast::r_source);
    let refused = |(message, hint): Reason| Failure::call(message, hint);
    let rounding = result.rounding().map_err(refused)?;
    let (outcome, r) = result.outcome().map_err(refused)?;
    let release = read_release("numbers", "the result", &format!("{HEAD}{outcome}"))?;
    Ok(Drawn { dataset: Dataset::from_iter([release]), r, r_recovered, r_source, level, alpha, rounding })
}

/// What a chart needs of a release that nobody published.
const HEAD: &str = "label = { en = \"numbers as given\", ja = \"入力した数値\" }\ntitle = { en = \"numbers as given\", ja = \"入力した数値\" }\npublisher = \"not stated\"\n\
                    date = \"not stated\"\nlanguage = \"en\"\nkind = \"trial\"\nsource = { file = \"numbers\" }\n";

/// A result of `effect` on the command line, or of `reconstruct`.
#[derive(Debug, Deserialize)]
struct Numbers {
    contrasts: Option<Vec<Contrast>>,
    before: Option<Cell>,
    after: Option<Cell>,
    group1: Option<Cell>,
    group2: Option<Cell>,
    readings: Option<Value>,
}

/// One contrast of a result.
#[derive(Debug, Deserialize)]
struct Contrast {
    release: Option<String>,
    level: Option<f64>,
    n: Option<u64>,
    n1: Option<u64>,
    n2: Option<u64>,
    before: Option<Moments>,
    after: Option<Moments>,
    #[serde(default)]
    printed: BTreeMap<String, String>,
    /// What the spread of each cell is.
    #[serde(default)]
    spread: BTreeMap<String, Option<String>>,
    rounding: Option<String>,
    r_recovered: Option<Recovered>,
    r_needed: Option<Needed>,
    #[serde(default)]
    estimates: Vec<Estimate>,
    /// Where the correlations come from.
    r_source: Option<String>,
    #[serde(default)]
    notes: Vec<String>,
}

impl Contrast {
    /// The correlations of the estimates, each once.
    fn correlations(&self) -> Vec<f64> {
        let mut r: Vec<f64> = self.estimates.iter().filter_map(|estimate| estimate.r).collect();
        r.sort_by(f64::total_cmp);
        r.dedup();
        r
    }

    /// The correlations that were given, and where they come from: documents of older versions have it in a note alone.
    fn r_source(&self) -> Option<[String; 2]> {
        let in_note = |note: &String| note.split_once(BORROWED).map(|(r, source)| [r.to_owned(), source.to_owned()]);
        let Some(source) = &self.r_source else { return self.notes.iter().find_map(in_note) };
        let r: Vec<String> = self.correlations().iter().map(f64::to_string).collect();
        Some([format!("r = {}", r.join(", ")), source.clone()])
    }
}

/// The mean and SD of a cell, of which a chart has to know whether anyone differs.
#[derive(Debug, Deserialize)]
struct Moments {
    sd: Option<f64>,
}

/// What was reported of the change, and how the result names it.
#[derive(Clone, Debug, Deserialize)]
pub struct Recovered {
    pub from: String,
    pub change: ChangeView,
}

#[derive(Debug, Deserialize)]
struct Needed {
    p: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Estimate {
    r: Option<f64>,
}

/// A cell of `reconstruct`.
#[derive(Debug, Deserialize)]
struct Cell {
    printed: Option<String>,
    n: Option<u64>,
    spread: Option<String>,
    rounding: Option<String>,
    scale: Option<GivenScale>,
    #[serde(default, rename = "where")]
    constraints: Vec<String>,
    frequencies: Option<Vec<serde::de::IgnoredAny>>,
}

/// The values that one person can have, as exact texts.
#[derive(Debug, Deserialize, PartialEq)]
struct GivenScale {
    values: Option<Vec<String>>,
    min: Option<String>,
    max: Option<String>,
    step: Option<String>,
}

/// Why a result cannot be drawn, and what to do.
type Reason = (String, String);

impl Numbers {
    /// How the numbers were taken to be rounded.
    fn rounding(&self) -> Result<Option<Rounding>, Reason> {
        let of_contrasts = self.contrasts.iter().flatten().map(|contrast| &contrast.rounding);
        let cells = [&self.before, &self.after, &self.group1, &self.group2].into_iter().flatten();
        let name = of_contrasts.chain(cells.map(|cell| &cell.rounding)).flatten().next();
        let read = |name: &String| name.parse().map_err(|reason: Refused| (reason.to_string(), anew()));
        name.map(read).transpose()
    }

    /// The arms and the outcome that a release would have, and the correlations that were asked for.
    fn outcome(self) -> Result<(String, Vec<f64>), Reason> {
        if self.readings.is_some() {
            let hint = "say what it is, --sd sample or another, and draw that result";
            return Err((
                "the result is of an unexplained ±, with data sets for each reading".to_owned(),
                hint.to_owned(),
            ));
        }
        match (self.contrasts, [self.before, self.after], [self.group1, self.group2]) {
            (Some(contrasts), ..) => of_contrasts(&contrasts),
            (None, [Some(before), after], _) => of_cells(["before", "after"], &before, after.as_ref()),
            (None, _, [Some(first), Some(second)]) => of_cells(["group 1", "group 2"], &first, Some(&second)),
            _ => {
                Err(("the result has neither `contrasts` nor `before`".to_owned(), format!("write it with {COMMANDS}")))
            }
        }
    }
}

fn of_contrasts(contrasts: &[Contrast]) -> Result<(String, Vec<f64>), Reason> {
    let [contrast] = contrasts else {
        let message = format!("the result has {} contrasts, and that of one is drawn", contrasts.len());
        return Err((message, "draw the releases themselves: reffect plot KIND FILE.toml -o FILE".to_owned()));
    };
    if let Some(release) = &contrast.release {
        let hint = format!("draw the release itself: reffect plot KIND {release}.toml -o FILE");
        return Err(("the result is that of a release".to_owned(), hint));
    }
    let printed = |name: &str| {
        let found = contrast.printed.get(name).cloned();
        found.ok_or_else(|| ("the result does not say how its means were printed".to_owned(), anew()))
    };
    let spread = |name: &str| contrast.spread.get(name).and_then(Option::as_deref);
    // Where an SD is 0 nothing depends on r, whatever stands for it.
    let is_constant = [&contrast.before, &contrast.after].into_iter().flatten().any(|cell| cell.sd == Some(0.0));
    let r = if is_constant { Vec::new() } else { contrast.correlations() };
    if contrast.printed.contains_key("group1") {
        let texts = [printed("group1")?, printed("group2")?];
        let [first, second] = [contrast.n1, contrast.n2].map(size);
        let arms = arm("group-1", ["group 1", "群1"], &first) + &arm("group-2", ["group 2", "群2"], &second);
        let [first, second] = ["group1", "group2"].map(spread);
        // Nothing was before.
        const OCCASION: &str = "\n[[occasion]]\nid = \"given\"\nlabel = { en = \"as given\", ja = \"入力値\" }\n";
        let rows = row("group-1", &[("given", &texts[0])], first) + &row("group-2", &[("given", &texts[1])], second);
        return Ok((arms + OCCASION + &outcome("\"continuous\"") + &rows, Vec::new()));
    }
    let texts = [printed("before")?, printed("after")?];
    let spreads = ["before", "after"].map(spread);
    if spreads[0] != spreads[1] {
        let [before, after] = spreads.map(|spread| spread.unwrap_or("none"));
        let message = format!("the spread is {before} before and {after} after, and a chart is drawn of one kind");
        return Err((message, "give both with the same, such as SDs".to_owned()));
    }
    let rows = row("all", &[("before", &texts[0]), ("after", &texts[1])], spreads[0]);
    Ok((arm("all", ["all", "全員"], &size(contrast.n)) + &outcome("\"continuous\"") + &rows, r))
}

fn of_cells(names: [&str; 2], first: &Cell, second: Option<&Cell>) -> Result<(String, Vec<f64>), Reason> {
    let text = |cell: &Cell| {
        if let Some(constraint) = cell.constraints.first() {
            let message = format!("the data sets are those with --where \"{constraint}\", which a chart does not show");
            return Err((message, "leave --where out".to_owned()));
        }
        cell.printed.clone().ok_or_else(|| ("the result does not say how its cells were printed".to_owned(), anew()))
    };
    let Some(second) = second else {
        let hint = "give both: reffect reconstruct BEFORE AFTER -n N … --json";
        return Err((
            "the chart shows the data behind two cells, and the result is of one".to_owned(),
            hint.to_owned(),
        ));
    };
    if names[0] != "before" {
        let hint = "between-arms draws `effect --group1 … --group2 … --json`; give -n where they are the same people";
        return Err(("no chart shows the data sets of two groups".to_owned(), hint.to_owned()));
    }
    if [first, second].iter().any(|cell| cell.frequencies.as_ref().is_none_or(Vec::is_empty)) {
        let hint = "`reffect reconstruct` with the same cells says which";
        return Err(("no data set prints as reported, or they are too many to be drawn".to_owned(), hint.to_owned()));
    }
    let scale = first.scale.as_ref().filter(|scale| second.scale.as_ref() == Some(scale));
    let scale = scale.ok_or_else(|| ("the result does not say which values there are".to_owned(), anew()))?;
    let cells = [(names[0], text(first)?), (names[1], text(second)?)];
    let cells = cells.each_ref().map(|(id, text)| (*id, text.as_str()));
    let has_spread = cells.iter().any(|(_, text)| text.contains('±'));
    let spread = has_spread.then(|| first.spread.as_deref().unwrap_or("sd"));
    let arms = arm("all", ["all", "全員"], &size(first.n));
    Ok((arms + &outcome(&scale.in_release()?) + &row("all", &cells, spread), Vec::new()))
}

impl GivenScale {
    /// The scale as a release writes it: decimal numbers, or means of items where the step is one over a number of
    /// them.
    fn in_release(&self) -> Result<String, Reason> {
        let is_fraction = |text: &&String| text.contains('/');
        let limits = [&self.min, &self.max];
        let texts = limits.into_iter().chain([&self.step]).flatten().chain(self.values.iter().flatten());
        let Some(fraction) = texts.clone().find(is_fraction) else {
            if let Some(values) = &self.values {
                return Ok(format!("{{ values = [{}] }}", values.join(", ")));
            }
            let keys = [("min", &self.min), ("max", &self.max), ("step", &self.step)];
            let given = keys.iter().filter_map(|(key, value)| Some(format!("{key} = {}", value.as_ref()?)));
            return Ok(format!("{{ {} }}", given.collect::<Vec<_>>().join(", ")));
        };
        let items = self.step.as_ref().and_then(|step| step.strip_prefix("1/"));
        match (items, limits) {
            (Some(items), [Some(min), Some(max)])
                if ![min, max].into_iter().any(|limit| limit.contains(['/', '.'])) =>
            {
                Ok(format!("{{ min = {min}, max = {max}, items = {items} }}"))
            }
            _ => {
                let message =
                    format!("the scale has fractions such as {fraction}, which a chart of a release does not show");
                Err((message, "give decimal values, or means of items: --items".to_owned()))
            }
        }
    }
}

/// What to do where a result lacks what this version writes.
fn anew() -> String {
    format!("write the result anew with {COMMANDS}")
}

fn size(n: Option<u64>) -> String {
    n.map_or("not stated".to_owned(), |n| n.to_string())
}

fn arm(id: &str, [en, ja]: [&str; 2], n: &str) -> String {
    format!("\n[[arm]]\nid = \"{id}\"\nlabel = {{ en = \"{en}\", ja = \"{ja}\" }}\nn = \"{n}\"\nquote = \"n = {n}\"\n")
}

fn outcome(scale: &str) -> String {
    format!("\n[[outcome]]\nid = \"outcome\"\nlabel = {{ en = \"outcome\", ja = \"アウトカム\" }}\nscale = {scale}\n")
}

fn row(arm: &str, cells: &[(&str, &str)], spread: Option<&str>) -> String {
    let quote = cells.iter().map(|(_, text)| *text).collect::<Vec<_>>().join(" ");
    let lines: String = cells.iter().map(|(occasion, text)| format!("{occasion} = \"{text}\"\n")).collect();
    let spread = spread.map_or(String::new(), |spread| format!("spread = \"{spread}\"\n"));
    format!("\n[[outcome.result]]\narm = \"{arm}\"\n{lines}statistic = \"mean\"\n{spread}quote = \"{quote}\"\n")
}
