//! What stands in front of the name of a measure and makes it another: "log HR", "group B =".

/// Whether words end in a logarithm: "log HR", "ln(OR)", "the natural log of the hazard ratio".
pub(super) fn is_behind_logarithm(words: &[char]) -> bool {
    let front: String = words.iter().collect::<String>().to_lowercase();
    let front = front.trim_end_matches([' ', '-', '(']);
    let front = front.strip_suffix(" the").unwrap_or(front);
    let front = front.strip_suffix(" of").unwrap_or(front);
    ["log", "ln", "logarithm", "対数"].iter().any(|word| {
        let rest = front.strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_alphabetic()))
    })
}

/// Whether a name is a letter with what stands behind it, such as "b =" or "β:".
pub(super) fn is_letter(name: &[char]) -> bool {
    !name.get(1).is_some_and(|c| c.is_alphabetic()) && name.len() > 1
}

/// Whether a letter behind these words is the name of something else: "group B =", "TGF-β, 12.3".
pub(super) fn names_another(words: &[char]) -> bool {
    const THINGS: [&str; 19] = [
        "group",
        "arm",
        "drug",
        "dose",
        "treatment",
        "vitamin",
        "hepatitis",
        "type",
        "model",
        "class",
        "grade",
        "cohort",
        "panel",
        "table",
        "figure",
        "site",
        "study",
        "part",
        "群",
    ];
    let front: String = words.iter().collect::<String>().to_lowercase();
    let is_joined = front.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '–'));
    is_joined || THINGS.iter().any(|word| front.trim_end().ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_and_groups_are_other_things() {
        let is_log = |words: &str| is_behind_logarithm(&words.chars().collect::<Vec<_>>());
        for words in ["The log ", "log-", "ln(", "the natural log of the ", "log "] {
            assert!(is_log(words), "{words}");
        }
        for words in ["the catalog ", "the ", "", "of the "] {
            assert!(!is_log(words), "{words}");
        }
        let is_other = |words: &str| names_another(&words.chars().collect::<Vec<_>>());
        assert!(is_other("in group ") && is_other("TGF-") && !is_other("rose with age, ") && !is_other("("));
        let letter = |name: &str| is_letter(&name.chars().collect::<Vec<_>>());
        assert!(letter("b =") && letter("β:") && !letter("hazard ratio") && !letter("HR"));
    }
}
