//! A release as a file that reads back the same, with every number as it was printed.

use crate::markup::toml_string;
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::Numeral;
use crate::reported::{
    Arm, Asked, Cell, CellAsked, Expectation, Expected, IntervalMethod, Localized, NumberForm, Origin, Outcome,
    Passage, Quantity, Release, ReportedEstimate, ReportedNumber, Scale, SpreadMeaning, Statement, StudyDesign,
    USUAL_LEVEL,
};

/// The text of a release file.
///
/// ```
/// use reffect::read::{Dataset, read_release};
/// use reffect::report::release_toml::release_toml;
///
/// let trials = Dataset::load("data/nmo-tocilizumab-2014.toml")?;
/// let release = &trials.releases()[0];
/// assert_eq!(read_release(&release.id, "copy", &release_toml(release))?, *release);
/// # Ok::<(), reffect::diagnostic::Diagnostics>(())
/// ```
pub fn release_toml(release: &Release) -> String {
    let mut file = File(String::new());
    file.localized("label", &release.label);
    file.localized("title", &release.title);
    match &release.publisher {
        Some(publisher) => file.localized("publisher", publisher),
        None => file.text("publisher", "not stated"),
    }
    match release.date {
        Some(date) => file.raw("date", &date.to_string()),
        None => file.text("date", "not stated"),
    }
    file.text("language", release.language.code());
    file.text("kind", release.kind.name());
    file.optional("design", release.design.map(StudyDesign::name));
    if !release.registrations.is_empty() {
        file.texts("registrations", &release.registrations);
    }
    file.section("[source]");
    file.text("file", &release.source.file);
    file.optional("sha256", release.source.sha256.as_deref());
    file.optional("url", release.source.url.as_deref());
    if let Some(paper) = &release.paper {
        file.section("[paper]");
        file.text("authors", &paper.authors);
        file.optional("title", paper.title.as_deref());
        file.text("journal", &paper.journal);
        file.raw("year", &paper.year.to_string());
        file.optional("volume", paper.volume.as_deref());
        file.optional("pages", paper.pages.as_deref());
        file.optional("doi", paper.doi.as_deref());
        file.optional("pmid", paper.pmid.as_deref());
    }
    for occasion in &release.occasions {
        file.section("[[occasion]]");
        file.text("id", &occasion.id);
        file.localized("label", &occasion.label);
    }
    release.arms.iter().for_each(|arm| file.arm(arm));
    release.outcomes.iter().for_each(|outcome| file.outcome(outcome));
    release.numbers.iter().for_each(|number| file.number(number));
    release.estimates.iter().for_each(|estimate| file.estimate(estimate));
    release.statements.iter().for_each(|statement| file.statement(statement));
    release.expectations.iter().for_each(|expectation| file.expectation(expectation));
    for ignored in &release.ignored {
        file.section("[[ignore]]");
        file.text("check", &ignored.check);
        file.optional("subject", ignored.subject.as_deref());
        file.text("reason", &ignored.reason);
    }
    file.0
}

struct File(String);

impl File {
    fn expectation(&mut self, expectation: &Expectation) {
        self.section("[[expect]]");
        match &expectation.result {
            Asked::Cell(cell) => self.cell_asked("cell", cell),
            Asked::Sets(cell) => self.cell_asked("sets", cell),
            Asked::Number { number } => {
                self.text("result", "number");
                self.text("number", number);
            }
            Asked::Proportion { number } => {
                self.text("result", "proportion");
                self.text("number", number);
            }
            Asked::Effect { cell, versus, measure, r, level } => {
                self.cell_asked("effect", cell);
                self.optional("versus", versus.as_deref());
                self.text("measure", measure);
                self.optional("r", r.map(|r| r.to_string()).as_deref());
                self.text("level", &level.to_string());
            }
            Asked::Verdict { check, subject } => {
                self.text("result", "check");
                self.text("check", check);
                self.optional("subject", subject.as_deref());
            }
            Asked::Pairing { cell, quantity } => {
                self.cell_asked("pairing", cell);
                self.text("quantity", quantity);
            }
            Asked::Run { words, at } => {
                self.texts("run", words);
                self.text("at", at);
            }
        }
        for part in &expectation.values {
            match &part.value {
                Expected::Interval(lower, upper) => {
                    self.texts(&part.key, &[lower.text().to_owned(), upper.text().to_owned()]);
                }
                value => self.text(&part.key, &value.to_string()),
            }
        }
        self.optional("within", expectation.within.map(|within| within.to_string()).as_deref());
        self.optional("rounding", expectation.rounding.map(|rounding| rounding.name()));
        self.text("source", &expectation.source);
    }

    fn cell_asked(&mut self, result: &str, cell: &CellAsked) {
        self.text("result", result);
        self.text("outcome", &cell.outcome);
        self.optional("arm", cell.arm.as_deref());
        self.optional("occasion", cell.occasion.as_deref());
    }

    fn raw(&mut self, key: &str, value: &str) {
        self.0.extend([key, " = ", value, "\n"]);
    }

    fn text(&mut self, key: &str, value: &str) {
        self.raw(key, &toml_string(value));
    }

    fn optional(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn texts(&mut self, key: &str, values: &[String]) {
        let values: Vec<String> = values.iter().map(|value| toml_string(value)).collect();
        self.raw(key, &format!("[{}]", values.join(", ")));
    }

    fn localized(&mut self, key: &str, label: &Localized) {
        self.raw(key, &in_languages(label));
    }

    fn section(&mut self, name: &str) {
        self.0.extend(["\n", name, "\n"]);
    }

    fn passage(&mut self, passage: &Passage) {
        if passage.origin == Origin::Paper {
            self.text("from", "paper");
        }
        self.optional("section", passage.section.as_deref());
        self.text("quote", &passage.quote);
        if let Some(line) = passage.line {
            self.raw("line", &line.to_string());
        }
    }

    fn arm(&mut self, arm: &Arm) {
        self.section("[[arm]]");
        self.text("id", &arm.id);
        self.localized("label", &arm.label);
        self.text("n", arm.n.as_ref().map_or("not stated", |n| n.text()));
        self.optional("of", arm.of.as_deref());
        self.passage(&arm.passage);
    }

    fn outcome(&mut self, outcome: &Outcome) {
        self.section("[[outcome]]");
        self.text("id", &outcome.id);
        self.localized("label", &outcome.label);
        if let Some(unit) = &outcome.unit {
            self.localized("unit", unit);
        }
        self.optional("better", outcome.better.map(|better| better.name()));
        match outcome.scale.name() {
            Some(name) => self.text("scale", name),
            None => self.raw("scale", &limits(&outcome.scale)),
        }
        self.optional("slope_of", outcome.slope_of.as_ref().and_then(Scale::name));
        if let Some(exposure) = &outcome.exposure {
            let time = exposure.time.as_ref().map(|time| format!("time = {}, ", toml_string(time.text())));
            let unit = in_languages(&exposure.unit);
            self.raw("exposure", &format!("{{ {}unit = {unit} }}", time.unwrap_or_default()));
        }
        for result in &outcome.results {
            let spread = |cell: &Cell| cell.spread();
            let is_alike = |one: &Cell, other: &Cell| {
                one.passage == other.passage
                    && (&one.n, &one.time, &one.adjusted) == (&other.n, &other.time, &other.adjusted)
                    && one.statistic == other.statistic
                    && one.form.marked_unit() == other.form.marked_unit()
                    && (spread(one).is_none() || spread(other).is_none() || spread(one) == spread(other))
            };
            for of in Quantity::BOTH.map(|quantity| result.all(quantity)) {
                for together in of.chunk_by(|(_, one), (_, next)| is_alike(one, next)) {
                    self.result(&result.arm, together);
                }
            }
        }
    }

    /// The cells of an arm that say the same of themselves.
    fn result(&mut self, arm: &str, cells: &[(String, Cell)]) {
        let Some((_, first)) = cells.first() else { return };
        self.section("[[outcome.result]]");
        self.text("arm", arm);
        for (occasion, cell) in cells {
            self.text(occasion, &cell.text);
        }
        self.optional("n", first.n.as_ref().map(Numeral::text));
        self.optional("time", first.time.as_ref().map(Numeral::text));
        if let Some(adjusted) = &first.adjusted {
            self.localized("adjusted", adjusted);
        }
        self.text("statistic", first.statistic.name());
        let meaning = cells.iter().find_map(|(_, cell)| cell.spread());
        self.optional("spread", meaning.map(SpreadMeaning::name));
        if let Some(unit) = first.form.marked_unit() {
            self.text("rounded_to", &unit.to_string());
        }
        self.passage(&first.passage);
    }

    fn number(&mut self, number: &ReportedNumber) {
        self.section("[[number]]");
        self.text("id", &number.id);
        self.localized("label", &number.label);
        self.text("value", &number.text);
        if let NumberForm::Single(numeral) = &number.form
            && numeral.unit() != numeral.decimal().unit()
        {
            self.text("rounded_to", &numeral.unit().to_string());
        }
        if let Some(unit) = &number.unit {
            self.localized("unit", unit);
        }
        self.optional("of", number.of.as_deref());
        self.optional("split", number.split.as_deref());
        self.passage(&number.passage);
    }

    fn estimate(&mut self, estimate: &ReportedEstimate) {
        self.section("[[estimate]]");
        self.text("id", &estimate.id);
        self.localized("label", &estimate.label);
        self.text("measure", estimate.measure.name());
        self.text("value", estimate.value.text());
        if let Some(interval) = &estimate.interval {
            self.texts("ci", &[interval.lower.text().to_owned(), interval.upper.text().to_owned()]);
            if interval.level != USUAL_LEVEL {
                self.text("level", &interval.level.to_string());
            }
        }
        self.optional("method", estimate.method.map(IntervalMethod::name));
        self.optional("se", estimate.se.as_ref().map(Numeral::text));
        self.optional("statistic", estimate.statistic.as_ref().map(Numeral::text));
        self.optional("p", estimate.p.as_ref().map(|p| p.text.as_str()));
        self.optional("test", estimate.test.as_deref());
        if let Some(adjusted) = &estimate.adjusted {
            self.localized("adjusted", adjusted);
        }
        self.optional("outcome", estimate.outcome.as_deref());
        self.optional("arm", estimate.arm.as_deref());
        self.optional("versus", estimate.versus.as_deref());
        self.optional("occasion", estimate.occasion.as_deref());
        self.passage(&estimate.passage);
    }

    fn statement(&mut self, statement: &Statement) {
        self.section("[[statement]]");
        self.text("claim", statement.claim.name());
        self.localized("label", &statement.label);
        if !statement.outcomes.is_empty() {
            self.texts("outcome", &statement.outcomes);
        }
        self.optional("arm", statement.arm.as_deref());
        self.optional("versus", statement.versus.as_deref());
        if !statement.between.is_empty() {
            self.texts("between", &statement.between);
        }
        self.optional("occasion", statement.occasion.as_deref());
        self.optional("p", statement.p.as_ref().map(|p| p.text.as_str()));
        self.passage(&statement.passage);
    }
}

/// A scale without a name: its limits, or its values.
fn limits(scale: &Scale) -> String {
    if let Scale::Values(values) = scale {
        let values: Vec<String> = values.iter().map(Decimal::to_string).collect();
        return format!("{{ values = [{}] }}", values.join(", "));
    }
    if let Scale::Items { items, min, max } = scale {
        return format!("{{ min = {min}, max = {max}, items = {items} }}");
    }
    let step = if let Scale::Range { step, .. } = scale { *step } else { None };
    let fields = [("min", scale.min()), ("max", scale.max()), ("step", step)];
    let fields: Vec<String> =
        fields.iter().filter_map(|(key, value)| value.map(|value| format!("{key} = {value}"))).collect();
    format!("{{ {} }}", fields.join(", "))
}

/// One text, or one in each language.
fn in_languages(label: &Localized) -> String {
    if label.en == label.ja {
        return toml_string(&label.en);
    }
    format!("{{ en = {}, ja = {} }}", toml_string(&label.en), toml_string(&label.ja))
}
