//! Release files for tests: a head, occasions and arms, so that a test writes what it is about alone.

/// A release with the occasions `before`, `m6` and `m12`, arms with their size (`"50"`, `"not stated"`), and what else
/// it holds. Quotes are to be written by the test, where it looks at them.
pub fn release(arms: &[(&str, &str)], rest: &str) -> String {
    let mut text = String::from(
        "label = \"A trial\"\ntitle = \"A trial\"\npublisher = \"A hospital\"\ndate = 2020-01-15\nlanguage = \"en\"\n\
         kind = \"trial\"\nsource = { file = \"release.txt\" }\n",
    );
    for (id, label) in [("before", "before"), ("m6", "6 months"), ("m12", "12 months")] {
        text.push_str(&format!("\n[[occasion]]\nid = \"{id}\"\nlabel = \"{label}\"\n"));
    }
    for (id, n) in arms {
        text.push_str(&format!("\n[[arm]]\nid = \"{id}\"\nlabel = \"{id}\"\nn = \"{n}\"\nquote = \"n {n}\"\n"));
    }
    text + rest
}

/// An outcome on no scale with steps; each row is an arm with the lines of its result.
pub fn outcome(id: &str, rows: &[(&str, &str)]) -> String {
    let row =
        |(arm, lines): &(&str, &str)| format!("\n[[outcome.result]]\narm = \"{arm}\"\n{lines}\nquote = \"a phrase\"\n");
    let rows: String = rows.iter().map(row).collect();
    format!("\n[[outcome]]\nid = \"{id}\"\nlabel = \"{id}\"\nbetter = \"lower\"\nscale = \"continuous\"\n{rows}")
}
