//! What documents of `reffect meta` tell that were written before it stood in fields of its own: by the call of R and
//! the notes.

use crate::numeric::numeral::plain_number;
use crate::report::meta::Added;

/// Whether an argument of the call, such as `tau2`, is given.
pub(super) fn is_given(call: Option<&str>, argument: &str) -> bool {
    call.is_some_and(|call| call.contains(&format!(", {argument} = ")))
}

/// Whether a variance or correlation of random effects is given: the correlations of sampling errors, which have such
/// names too, stand before the random effects.
pub(super) fn has_given_parts(call: Option<&str>) -> bool {
    let of_random = call.and_then(|call| call.split_once(", random = "));
    ["sigma2", "tau2", "gamma2", "rho", "phi"]
        .iter()
        .any(|argument| is_given(of_random.map(|(_, rest)| rest), argument))
}

/// The weights under the name that `weighting` has for them.
pub(super) fn weighting(call: Option<&str>) -> &'static str {
    match call {
        _ if is_given(call, "weights") => "given",
        Some(call) if call.contains(", weighted = FALSE") => "equal",
        _ => "inverse-variance",
    }
}

/// The column of the clusters of robust standard errors.
pub(super) fn cluster(call: Option<&str>) -> Option<String> {
    let (_, cluster) = call?.strip_prefix("robust(")?.rsplit_once("), cluster = ")?;
    let column = cluster.trim_end_matches(')').split(", ").next().unwrap_or(cluster);
    Some(column.trim_matches('`').to_owned())
}

/// The text of an argument, such as `method`.
pub(super) fn text_of<'a>(call: Option<&'a str>, argument: &str) -> Option<&'a str> {
    call?.split_once(&format!("{argument} = \""))?.1.split('"').next()
}

/// What was assumed or read into the numbers.
pub(super) fn caveats(notes: &[String]) -> impl Iterator<Item = &str> {
    notes.iter().filter_map(|note| note.strip_prefix("caveat: "))
}

/// The constant that was added to counts, and to those of how many studies.
pub(super) fn added(notes: &[String]) -> Option<Added> {
    let constant = |note: &String| {
        let (lines, rest) = note.strip_prefix("lines ").or(note.strip_prefix("line "))?.split_once(": ")?;
        let (constant, what) = rest.split_once(" was added to each ")?;
        let is_shown_alone = what.contains("of single studies, as they are shown") && !what.contains("--mh-add");
        Some(Added { constant: plain_number(constant)?, studies: how_many(lines)?, pooled: !is_shown_alone })
    };
    let all: Vec<Added> = notes.iter().filter_map(constant).collect();
    Some(Added { studies: all.iter().map(|of| of.studies).sum(), ..*all.first()? })
}

/// How many lines a note names: `2`, `2, 5`, `2, 5, 7 and 12 more`.
fn how_many(lines: &str) -> Option<usize> {
    let (named, more) = match lines.strip_suffix(" more") {
        Some(text) => text.rsplit_once(" and ").map(|(named, more)| (named, plain_number(more)))?,
        None => (lines, Some(0.0)),
    };
    Some(named.split(", ").count() + more? as usize)
}
