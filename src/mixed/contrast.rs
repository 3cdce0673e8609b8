//! Contrasts that are written with the names of coefficients.

use super::data::ModelData;
use super::error::MixedError;
use crate::numeric::numeral::plain_number;

impl ModelData {
    /// The weights of a contrast that is written with the names of coefficients, one for each column of `x`:
    /// `armactive + 0.5*visitV6:armactive`. A weight stands in front of its name with `*`, and may be a fraction such
    /// as `1/3`. Of names that begin alike the longest one is taken. Weights alone, with commas between them, are one
    /// for each coefficient in order.
    ///
    /// # Errors
    /// If the text is no such sum, with the names that there are.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, ModelData};
    /// let frame = reffect::read::read_frame("data/published/orthodont.csv")?;
    /// let formula = Formula::parse("distance ~ age * Sex + (age | Subject)")?;
    /// let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// assert_eq!(data.x.names, ["(Intercept)", "age", "SexMale", "age:SexMale"]);
    /// assert_eq!(data.contrast_weights("age + age:SexMale")?, [0.0, 1.0, 0.0, 1.0]);
    /// assert_eq!(data.contrast_weights("- SexMale - 1/2*age:SexMale")?, [0.0, 0.0, -1.0, -0.5]);
    /// assert_eq!(data.contrast_weights("0, 1, 0, 0.5")?, [0.0, 1.0, 0.0, 0.5]);
    /// let error = data.contrast_weights("sexMale").unwrap_err();
    /// assert_eq!(error.to_string(), "no coefficient begins at `sexMale`");
    /// assert!(error.hint().is_some_and(|hint| hint.ends_with("(Intercept), age, SexMale, age:SexMale")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn contrast_weights(&self, text: &str) -> Result<Vec<f64>, MixedError> {
        let positional: Option<Vec<f64>> = text.split(',').map(weight).collect();
        if let Some(weights) = positional {
            return Ok(weights);
        }
        let names = &self.x.names;
        let refused = |message: String| {
            let hint = format!(
                "write NAME=SUM with names of coefficients, as in \"d = x + 0.5*y\", or a weight for each with commas; \
                 the coefficients are {}",
                names.join(", ")
            );
            MixedError::data(message, hint)
        };
        let (first, others) = text.split_once(',').unwrap_or((text, ""));
        if weight(first).is_some() {
            let wrong = others.split(',').map(str::trim).find(|part| weight(part).is_none()).unwrap_or_default();
            return Err(refused(format!("`{wrong}` is no weight")));
        }
        let mut weights = vec![0.0; names.len()];
        let mut rest = text.trim();
        let mut is_first = true;
        while !rest.is_empty() {
            let mut sign = 1.0;
            let signed = rest.strip_prefix('+').map(|rest| (1.0, rest));
            let signed = signed.or_else(|| rest.strip_prefix(['-', '−']).map(|rest| (-1.0, rest)));
            match signed {
                Some((own, after)) => (sign, rest) = (own, after.trim_start()),
                None if is_first => {}
                None => return Err(refused(format!("a sign was expected in front of `{rest}`"))),
            }
            is_first = false;
            if rest.is_empty() {
                return Err(refused("the contrast ends with a sign".to_owned()));
            }
            let (own, after) = coefficient(names, rest).ok_or_else(|| {
                let end = rest.find(' ').unwrap_or(rest.len());
                refused(format!("no coefficient begins at `{}`", &rest[..end]))
            })?;
            weights[own.0] += sign * own.1;
            rest = after.trim_start();
        }
        if is_first {
            return Err(refused("the contrast is empty".to_owned()));
        }
        Ok(weights)
    }
}

/// A number such as `2`, `0.5` or `1/3`.
fn weight(text: &str) -> Option<f64> {
    let text = text.trim();
    let (sign, size) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1.0, rest.trim_start()),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let value = match size.split_once('/') {
        Some((over, under)) => plain_number(over.trim())? / plain_number(under.trim())?,
        None => plain_number(size)?,
    };
    value.is_finite().then_some(sign * value)
}

/// The coefficient and its weight with which a text begins, and what comes after it.
fn coefficient<'a>(names: &[String], text: &'a str) -> Option<((usize, f64), &'a str)> {
    let longest = |text: &str| {
        let begins = names.iter().enumerate().filter(|(_, name)| ends_there(name, text));
        begins.max_by_key(|(_, name)| name.len()).map(|(at, name)| (at, name.len()))
    };
    if let Some((at, length)) = longest(text) {
        return Some(((at, 1.0), &text[length..]));
    }
    let (number, named) = text.split_once('*')?;
    let named = named.trim_start();
    let (at, length) = longest(named)?;
    Some(((at, weight(number)?), &named[length..]))
}

/// Whether a text begins with a name, and not in the middle of a longer word.
fn ends_there(name: &str, text: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':');
    let rest = text.strip_prefix(name);
    rest.is_some_and(|rest| !(rest.starts_with(is_word) && name.ends_with(is_word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::{Formula, Frame};
    use crate::mixed::DataOptions;

    fn data() -> ModelData {
        let mut frame = Frame::default();
        frame.numbers("y", vec![1.0, 2.0, 4.0, 3.0, 6.0, 5.0, 2.0, 9.0]);
        frame.numbers("x", vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        frame.numbers("x2", vec![1.0, 4.0, 2.0, 1.0, 3.0, 2.0, 7.0, 5.0]);
        let formula = Formula::parse("y ~ x + x2 + I(x * x) + I(x > 4)").unwrap();
        ModelData::new(formula, &frame, &DataOptions::default()).unwrap()
    }

    #[test]
    fn names_with_signs_and_spaces_are_read_whole() {
        let data = data();
        let names = &data.x.names;
        let at = |name: &str| names.iter().position(|own| own.starts_with(name)).unwrap();
        let square = names[at("I(x * x)")].clone();
        let weights = data.contrast_weights(&format!("x2 - 2*{square} + 0.25 * x")).unwrap();
        assert_eq!((weights[at("x2")], weights[at("I(x * x)")], weights[1]), (1.0, -2.0, 0.25), "{names:?}");
        // A name twice counts twice.
        assert_eq!(data.contrast_weights("x + x").unwrap()[1], 2.0);
    }

    #[test]
    fn what_is_no_sum_of_coefficients_is_refused_with_the_names() {
        let data = data();
        for (text, told) in [
            ("x x2", "a sign was expected in front of `x2`"),
            ("x3", "no coefficient begins at `x3`"),
            ("x +", "ends with a sign"),
            ("2 x", "no coefficient begins at `2`"),
            ("0,1,b", "`b` is no weight"),
            ("", "empty"),
            ("1/0*x", "no coefficient begins at"),
        ] {
            let error = data.contrast_weights(text).map_or_else(|error| error, |found| panic!("{text}: {found:?}"));
            assert!(error.to_string().contains(told), "{text}: {error}");
            assert!(error.hint().unwrap().contains("(Intercept), x, x2"), "{text}");
        }
    }
}
