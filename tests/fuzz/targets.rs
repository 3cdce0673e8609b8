//! What must hold of any input at all: read by the fuzz targets beside this file, and by
//! `tests/program/fuzz_corpus.rs` over the inputs that were kept.

use reffect::check::of_release;
use reffect::check::prose::tests_in;
use reffect::check::prose_effects::effects_of;
use reffect::check::prose_shares::shares_of;
use reffect::effect::contrast::ContrastOptions;
use reffect::effect::of_release::effects;
use reffect::formula::{Contrasts, Design, Formula, Frame};
use reffect::numeric::numeral::{Comparison, Expression, Numeral};
use reffect::numeric::rounding::Rounding;
use reffect::read::Table;
use reffect::read::read_release;
use reffect::report::release_toml::release_toml;
use reffect::reported::MeanSd;
use reffect::transcribe;

/// What is done with an input; it panics where something does not hold.
pub type Target = fn(&[u8]);

/// The targets by name.
pub const ALL: &[(&str, Target)] = &[
    ("numeral", numeral),
    ("release", release),
    ("table", table),
    ("formula", formula),
    ("draft", draft),
    ("prose", prose),
    ("check", check),
    #[cfg(feature = "cli")]
    ("arguments", arguments),
];

/// A printed number lies in its own rounding interval and reads again as itself.
pub fn numeral(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(numeral) = text.parse::<Numeral>() {
        for rounding in [Rounding::default(), Rounding::Floor, Rounding::Ceil] {
            let interval = numeral.rounding_interval(rounding);
            assert!(interval.contains(numeral.decimal()), "{text:?} lies outside of {interval:?}");
        }
        assert!(numeral.value().is_finite(), "{text:?} is not finite");
        let again: Numeral = numeral.text().parse().unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(again.decimal(), numeral.decimal(), "{text:?}");
    }
    let _ = text.parse::<Expression>();
    let _ = text.parse::<Comparison>();
    let _ = text.parse::<MeanSd>();
}

/// A release is read, or there are words for what is wrong.
pub fn release(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match read_release("fuzzed", "fuzzed.toml", text) {
        Ok(release) => assert_eq!(release.id, "fuzzed"),
        Err(problems) => assert!(!problems.to_string().is_empty()),
    }
}

/// Each row of a table has a line, and fields that read as numbers are finite.
pub fn table(bytes: &[u8]) {
    let Some((&delimiter, bytes)) = bytes.split_first() else { return };
    let delimiter = [b',', b';', b'\t'][usize::from(delimiter) % 3];
    let stream = std::io::Cursor::new(bytes.to_vec());
    let Ok(mut table) = Table::from_reader("fuzzed.csv", stream, delimiter) else { return };
    let columns: Vec<_> = table.columns().to_vec().iter().filter_map(|name| table.column(name)).collect();
    let mut line = 0;
    while let Ok(Some(row)) = table.next_row() {
        assert!(row.line() > line, "line {} after {line}", row.line());
        line = row.line();
        for column in &columns {
            if let Ok(Some(number)) = row.number(*column) {
                assert!(number.is_finite(), "line {line}: {number}");
            }
        }
    }
}

/// A formula is an error with words for it, or a model matrix with a number for each row.
pub fn formula(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Formula::parse(text) {
        Ok(formula) => {
            let mut frame = Frame::default();
            frame.numbers("x", vec![1.0, 2.5, -3.0, 4.0, 0.5]);
            frame.numbers("y", vec![2.0, 1.0, 4.0, 3.0, 7.0]);
            frame.texts("g", ["a", "b", "a", "c", "b"].map(|level| Some(level.to_owned())));
            let rows = [0, 1, 2, 3, 4];
            let Ok(design) = Design::new(&formula.terms, &frame, &rows, Contrasts::Treatment) else { return };
            if let Ok(matrix) = design.matrix(&frame, &rows, "(Intercept)") {
                assert_eq!(matrix.names.len(), matrix.columns.len(), "{text:?}");
                assert!(matrix.columns.iter().all(|column| column.len() == rows.len()), "{text:?}");
            }
        }
        Err(error) => {
            let place = error.diagnostic();
            assert!(!place.to_string().is_empty(), "{text:?}");
        }
    }
}

/// The draft of any text is a release file that reads back as what was drafted.
pub fn draft(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some(drafted) = transcribe::draft("fuzzed", "fuzzed.txt", text) else { return };
    let written = release_toml(&drafted);
    let again = read_release("fuzzed", "fuzzed.toml", &written);
    let again = again.unwrap_or_else(|problems| panic!("{text:?}\n{problems}\n{written}"));
    assert_eq!(again, drafted, "{text:?}");
}

/// Every test that is found in a text stands on one of its lines, in the order of the text, and has a verdict.
pub fn prose(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let lines = text.split('\n').count() as u64;
    let mut last = 1;
    for test in tests_in(text, 0.05) {
        assert!((last..=lines).contains(&test.line), "{text:?}: line {} of {lines}, after {last}", test.line);
        last = test.line;
        let verdict = test.judge(0.95, Rounding::default());
        assert!(verdict.p_value.is_some() || !verdict.notes.is_empty(), "{text:?}: nothing is said of {}", test.text);
    }
    let Some(draft) = transcribe::draft("text", "text", text) else { return };
    let effects = effects_of(&draft, text).into_iter();
    let effects = effects.map(|effect| (effect.line, effect.judge(Rounding::default()), effect.text));
    let shares = shares_of(&draft, text).into_iter();
    let shares = shares.map(|share| (share.line, share.judge(0.95, Rounding::default()), share.text));
    for (line, verdict, told) in effects.chain(shares) {
        assert!((1..=lines).contains(&line), "{text:?}: line {line} of {lines}");
        assert!(!verdict.is_undecided() || !verdict.notes.is_empty(), "{text:?}: nothing is said of {told}");
    }
}

/// Every release that can be read has effects without a number that is none, and verdicts.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(release) = read_release("fuzzed", "fuzzed.toml", text) else { return };
    let found = effects(&release, &ContrastOptions::default(), Rounding::default());
    let estimates = found.contrasts.iter().flat_map(|named| &named.contrast.estimates);
    for estimate in estimates {
        let numbers = [estimate.estimate, estimate.se, estimate.ci.map(|ci| ci.lower), estimate.ci.map(|ci| ci.upper)];
        let [point, se, lower, upper] = numbers;
        let is_wrong = point.is_some_and(|of| !of.is_finite()) || se.is_some_and(|of| !of.is_finite() || of < 0.0);
        let is_nan = [lower, upper].into_iter().flatten().any(f64::is_nan);
        assert!(!is_wrong && !is_nan && lower <= upper, "{text:?}: {estimate:?}");
    }
    for check in of_release(&release, Rounding::default()) {
        assert!(!check.message.is_empty(), "{text:?}: {check:?}");
    }
}

/// Words after `reffect effect`, separated by line feeds: a result or a message, in a short time.
#[cfg(feature = "cli")]
pub fn arguments(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let words: Vec<String> = std::iter::once("effect").chain(text.split('\n')).map(str::to_owned).collect();
    // Without a file of its name a word is no path that could be read.
    let has_path = words.iter().any(|word| word.contains('/') && std::path::Path::new(word).exists());
    if words.iter().any(|word| word == "-") || has_path {
        return;
    }
    if let Err(message) = reffect::cli::answer(&words, "no.such.field", std::path::Path::new("no-such-folder")) {
        assert!(!message.reason().is_empty());
    }
}
