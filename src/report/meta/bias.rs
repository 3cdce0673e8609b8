//! Tests around a meta-analysis, and what is said of small studies and publication.

use super::around::{Around, comparison_text};
use super::coefficients::{coefficient_table, df_text, name_of};
use super::selection::{self, side};
use crate::meta::Coefficient;
use crate::meta::bias::{Asymmetry, FailSafe, Selection, SelectionKind};
use crate::numeric::interval::Interval;
use crate::report::document::{Align, Document, Table};
use crate::report::meta::{Results, variance};
use crate::report::number::{fixed, p_is, p_value, significant};

/// One line for each test, and the selection model.
pub(super) fn document(results: &Results<'_>, around: &Around) -> Document {
    let mut document = Document::default();
    document.table(tests(results, around));
    if let Some(of) = &around.selmodel {
        document.append(selection(results, of));
    }
    if let Some(of) = &around.selmodel_given {
        document.append(selection::document(results, of));
    }
    document
}

/// The rows of tests: what the p-value asks, the p-value, and what was found.
struct Tests(Table);

impl Tests {
    fn add(&mut self, name: &str, result: String, asked: &str, p: Option<f64>) {
        let asked = p.map(|_| asked.to_owned()).unwrap_or_default();
        self.0.row([name.to_owned(), asked, p.map(p_value).unwrap_or_default(), result]);
    }
}

fn estimate_text(results: &Results<'_>, estimate: f64, ci: Interval) -> String {
    format!("{} ({})", results.shown_text(estimate), results.shown_interval(ci))
}

/// One line for each test. A p-value stands beside what it asks: beside an estimate, it need not be the test of that.
fn tests(results: &Results<'_>, around: &Around) -> Table {
    let columns = [("test", Align::Left), ("what p tests", Align::Left), ("p", Align::Right), ("result", Align::Left)];
    let mut table = Tests(Table::new(&columns));
    if let Some(of) = &around.subgroup {
        let kind = match (results.fit.model.estimator.is_common(), of.common_tau2) {
            (true, _) => "",
            (false, true) => "; one tau² for all",
            (false, false) => "; own tau² in each",
        };
        let text = format!("χ² = {}, {} df{kind}", fixed(of.qb.statistic, 2), of.qb.df);
        table.add("between subgroups", text, "no difference of the subgroups", Some(of.qb.p));
    }
    if let Some(of) = &around.permutest {
        let kind = if of.exact { "all" } else { "random" };
        for (name, p) in results.problem.names.iter().zip(&of.p) {
            let text = format!("{} permutations ({kind})", of.permutations);
            table.add(&format!("permutations: {name}"), text, "this coefficient is 0", *p);
        }
    }
    if let Some(of) = &around.compare {
        let has_tau2 = !results.fit.model.estimator.is_common();
        let text = comparison_text(of, has_tau2);
        table.add("likelihood ratio of the models", text, "the smaller model suffices", Some(of.test.p));
    }
    asymmetry(results, around, &mut table);
    publication(results, around, &mut table);
    if let Some(of) = &around.mh {
        let all = [
            ("Cochran–Mantel–Haenszel", of.mh, "no effect"),
            ("Breslow–Day", of.breslow_day, "the same odds ratio in all studies"),
            ("Tarone", of.tarone, "the same odds ratio in all studies"),
        ];
        for (name, test, asked) in all {
            if let Some(test) = test {
                table.add(name, format!("χ² = {}", fixed(test.statistic, 2)), asked, Some(test.p));
            }
        }
    }
    table.0
}

/// Tests of whether small studies have other effects.
fn asymmetry(results: &Results<'_>, around: &Around, table: &mut Tests) {
    const ASKED: &str = "no asymmetry of the funnel";
    let statistic = |of: &Coefficient| match of.df {
        Some(df) => format!("t = {}, {} df", fixed(of.statistic, 2), df_text(Some(df))),
        None => format!("z = {}", fixed(of.statistic, 2)),
    };
    if let Some(Asymmetry { slope, limit }) = &around.egger {
        let limit = limit.as_ref().map_or_else(String::new, |limit| {
            format!("; without sampling error {}", estimate_text(results, limit.estimate, limit.ci))
        });
        table.add("Egger's regression", format!("{}{limit}", statistic(slope)), ASKED, Some(slope.p));
    }
    for (name, of) in [("Harbord's regression", &around.harbord), ("Peters' regression", &around.peters)] {
        if let Some(of) = of {
            table.add(name, statistic(of), ASKED, Some(of.p));
        }
    }
    if let Some(of) = &around.begg {
        let text = format!("Kendall's tau = {}", fixed(of.tau, 3));
        table.add("Begg's rank correlation", text, ASKED, Some(of.p));
    }
}

/// What studies that were not published, or not significant, would change.
fn publication(results: &Results<'_>, around: &Around, table: &mut Tests) {
    if let Some(of) = &around.trimfill {
        let pooled = &of.fit.coefficients[0];
        let then = estimate_text(results, pooled.estimate, pooled.ci);
        let text = format!("{} filled in on the {}; then {then}", of.k0, of.side.name());
        table.add("trim and fill", text, "no effect with these studies", Some(pooled.p));
    }
    if let Some(of) = &around.fsn {
        let text = format!("{} studies without an effect{}", number_of(of), aim(results, of));
        table.add("fail-safe number", text, "no effect in the studies as they are", of.p);
    }
    if let Some(of) = &around.tes {
        let text = format!("{} significant, {} expected", of.observed, fixed(of.expected, 1));
        table.add("excess significance", text, "no more than expected are significant", Some(of.p));
    }
    if let Some(of) = &around.hc {
        let range = results.shown_interval(of.ci);
        let text = format!("{} ({range})", results.shown_text(of.estimate));
        table.add("Henmi and Copas", text, "", None);
    }
}

fn number_of(of: &FailSafe) -> String {
    of.number.map_or_else(|| format!("more than {}", crate::meta::bias::MOST_ADDED), |number| number.to_string())
}

fn aim(results: &Results<'_>, of: &FailSafe) -> String {
    of.target.map_or(String::new(), |target| format!(", until {}", results.shown_text(target)))
}

/// A selection model: its coefficients, its variance, how likely studies are selected, and the test of no selection.
fn selection(results: &Results<'_>, of: &Selection) -> Document {
    let mut document = Document::default();
    let title = format!("with selection ({})", of.kind.name());
    let named = |one: &Coefficient| {
        let name = name_of(one, of.coefficients.len()).to_owned();
        Coefficient { name, ..one.clone() }
    };
    let coefficients: Vec<Coefficient> = of.coefficients.iter().map(named).collect();
    let shown = results.transformation.of_coefficients(results.problem);
    document.table(coefficient_table(&title, shown, results.fit.model.level, &coefficients));
    let dash = || "—".to_owned();
    let se = |value: Option<f64>| value.map_or_else(dash, |se| significant(se, 3));
    let is_steps = !of.counts.is_empty();
    let mut columns = vec![("of the selection model", Align::Left)];
    columns.extend(is_steps.then_some(("studies", Align::Right)));
    columns.extend([("estimate", Align::Right), ("SE", Align::Right)]);
    let mut table = Table::new(&columns);
    let mut add = |name: String, count: Option<usize>, estimate: String, se: String| {
        let mut row = vec![name];
        row.extend(is_steps.then(|| count.map(|count| count.to_string()).unwrap_or_default()));
        row.extend([estimate, se]);
        table.row(row);
    };
    if !results.fit.model.estimator.is_common() {
        add("tau²".to_owned(), None, variance(of.tau2), se(of.tau2_se));
    }
    for (at, (delta, spread)) in of.delta.iter().zip(&of.delta_se).enumerate() {
        let (name, estimate) = match (is_steps, at) {
            (true, 0) => (format!("selected where {}: the standard", step(&of.kind, at)), "1".to_owned()),
            (true, _) => (format!("selected where {}, relative to it", step(&of.kind, at)), variance(*delta)),
            _ if of.delta.len() == 1 => ("delta".to_owned(), variance(*delta)),
            _ => (format!("delta {}", at + 1), variance(*delta)),
        };
        add(name, of.counts.get(at).copied(), estimate, se(*spread));
    }
    document.table(table);
    let test = of.lrt.map_or_else(String::new, |test| {
        let none = without_selection(&of.kind);
        let (statistic, p) = (fixed(test.statistic, 2), p_is(test.p));
        format!("Likelihood-ratio test of no selection ({none}): χ² = {statistic}, {} df, {p}. ", test.df)
    });
    document.text(format!(
        "{test}The p-values of the studies, on which their selection depends, are {}.",
        side(of.alternative)
    ));
    // The counts stand in the table.
    document.list(of.notes.clone());
    document
}

/// An interval of p-values.
fn step(kind: &SelectionKind, at: usize) -> String {
    let SelectionKind::Steps(ends) = kind else { return String::new() };
    match (at.checked_sub(1).and_then(|before| ends.get(before)), ends.get(at)) {
        (None, Some(end)) => format!("p ≤ {end}"),
        (Some(begin), Some(end)) if *end < 1.0 => format!("{begin} < p ≤ {end}"),
        (Some(begin), _) => format!("p > {begin}"),
        (None, None) => String::new(),
    }
}

/// What the parameters are if nothing is selected.
fn without_selection(kind: &SelectionKind) -> &'static str {
    match kind {
        SelectionKind::Steps(_) => "all intervals of p alike",
        SelectionKind::Beta => "both delta 1",
        _ => "delta 0",
    }
}
