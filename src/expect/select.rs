//! A field of a JSON document, by a path such as `coefficients[name=ablat].estimate`.

use super::compare::Answer;
use crate::diagnostic::{Refused, meant_or_known};
use serde_json::Value;

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
enum Step<'a> {
    /// A field of an object.
    Field(&'a str),
    /// An element of a list, counted from 0.
    Index(usize),
    /// The first element of a list of objects whose field has this text.
    With(&'a str, &'a str),
}

/// Selects a field: names with dots between them, `[2]` for the third element of a list (counted from
/// 0), `[name=ablat]` for the first element whose `name` is `ablat`. An interval of two numbers is one
/// answer, `null` a refusal with the notes beside it.
///
/// # Errors
/// If there is no such field, with what there is.
///
/// ```
/// use reffect::expect::{Answer, select::select};
/// let result = serde_json::json!({"tau2": 0.31, "coefficients": [{"name": "ablat", "ci": [-0.04, -0.01]}]});
/// assert_eq!(select(&result, "tau2"), Ok(Answer::Number(0.31)));
/// assert_eq!(select(&result, "coefficients[name=ablat].ci"), Ok(Answer::Interval(-0.04, -0.01)));
/// assert!(select(&result, "tua2").is_err_and(|problem| problem.reason().contains("did you mean `tau2`?")));
/// ```
pub fn select(document: &Value, path: &str) -> Result<Answer, Refused> {
    let mut value = document;
    let mut notes = notes_of(document);
    for step in steps(path)? {
        value = follow(value, &step, path)?;
        let own = notes_of(value);
        if !own.is_empty() {
            notes = own;
        }
    }
    answer(value, &notes).ok_or_else(|| format!("`{path}` holds {}: go on to one value in it", shape(value)).into())
}

fn notes_of(value: &Value) -> String {
    let notes = value.get("notes").and_then(Value::as_array);
    notes.map(|notes| notes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; ")).unwrap_or_default()
}

fn answer(value: &Value, notes: &str) -> Option<Answer> {
    match value {
        Value::Null if notes.is_empty() => Some(Answer::Refused("the result is null".to_owned())),
        Value::Null => Some(Answer::Refused(notes.to_owned())),
        Value::Bool(truth) => Some(Answer::Text(truth.to_string())),
        Value::Number(number) => number.as_f64().map(Answer::Number),
        Value::String(text) => Some(Answer::Text(text.clone())),
        Value::Array(ends) => match &ends[..] {
            [lower, upper] => Some(Answer::Interval(lower.as_f64()?, upper.as_f64()?)),
            _ => None,
        },
        Value::Object(_) => None,
    }
}

fn shape(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(fields) => format!("the fields {}", fields.keys().cloned().collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn steps(path: &str) -> Result<Vec<Step<'_>>, Refused> {
    let wrong = || format!("`{path}` is no path: write it as coefficients[0].estimate or coefficients[name=ablat].se");
    let mut steps = Vec::new();
    for part in split_dots(path) {
        let (name, mut rest) = part.find('[').map_or((part, ""), |open| part.split_at(open));
        if !name.is_empty() {
            steps.push(Step::Field(name));
        }
        if name.is_empty() && rest.is_empty() {
            return Err(wrong().into());
        }
        while let Some(inside) = rest.strip_prefix('[') {
            let (inside, after) = inside.split_once(']').ok_or_else(wrong)?;
            steps.push(match inside.split_once('=') {
                Some((key, text)) => Step::With(key.trim(), text.trim()),
                None => Step::Index(inside.trim().parse().map_err(|_| wrong())?),
            });
            rest = after;
        }
        if !rest.is_empty() {
            return Err(wrong().into());
        }
    }
    Ok(steps)
}

/// The parts between dots that stand outside brackets.
fn split_dots(path: &str) -> Vec<&str> {
    let mut depth = 0usize;
    let is_dot = |c: char| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '.' && depth == 0
    };
    path.trim().split(is_dot).collect()
}

fn follow<'a>(value: &'a Value, step: &Step<'_>, path: &str) -> Result<&'a Value, Refused> {
    match (step, value) {
        (Step::Field(name), Value::Object(fields)) => fields.get(*name).ok_or_else(|| {
            let hint = meant_or_known(name, "fields", fields.keys().map(String::as_str));
            format!("`{path}`: the result has no `{name}`; {hint}").into()
        }),
        (Step::Index(index), Value::Array(items)) => items.get(*index).ok_or_else(|| {
            format!("`{path}`: there is no element {index}, counted from 0, in a list of {}", items.len()).into()
        }),
        (Step::With(key, text), Value::Array(items)) => {
            let own = |item: &Value| match item.get(*key) {
                Some(Value::String(text)) => Some(text.clone()),
                Some(other) => Some(other.to_string()),
                None => None,
            };
            items.iter().find(|item| own(item).as_deref() == Some(*text)).ok_or_else(|| {
                let known: Vec<String> = items.iter().filter_map(own).collect();
                let hint = meant_or_known(text, "values", known.iter().map(String::as_str));
                format!("`{path}`: no element has {key} = {text}; {hint}").into()
            })
        }
        (_, other) => Err(format!("`{path}` does not fit: there is {}", shape(other)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_to_values_or_say_where_they_end() {
        let document = json!({
            "a": {"b.c": 1, "list": [[1, 2], {"r": 0.5, "v": null, "notes": ["no SD is reported"]}]},
            "count": "79",
        });
        assert_eq!(select(&document, "a.list[0]"), Ok(Answer::Interval(1.0, 2.0)));
        assert_eq!(select(&document, "a.list[0][1]"), Ok(Answer::Number(2.0)));
        assert_eq!(select(&document, "a.list[r=0.5].v"), Ok(Answer::Refused("no SD is reported".to_owned())));
        assert_eq!(select(&document, "count"), Ok(Answer::Text("79".to_owned())));
        for (path, problem) in [
            ("a", "go on to one value"),
            ("a.lists", "did you mean `list`?"),
            ("a.list[7]", "no element 7"),
            ("a.list[r=0.6].v", "no element has r = 0.6"),
            ("a..b", "is no path"),
            ("a[", "is no path"),
            ("count.x", "does not fit"),
        ] {
            let told = select(&document, path).unwrap_err();
            assert!(told.reason().contains(problem), "{path}: {told}");
        }
    }
}
