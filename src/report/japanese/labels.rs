//! Labels of releases within sentences: no template reads the words of a name.

use super::pieces;

/// Characters that stand for labels while a text is translated: no text has those of the private use planes.
const FIRST: u32 = 0xF_0000;
const MOST: u32 = 0xFFFD;

/// The labels of releases that have several words, as templates have: `needs oxygen`, `Time to relapse by MRI`.
#[derive(Debug, Default)]
pub struct Labels<'a>(Vec<&'a str>);

impl<'a> Labels<'a> {
    /// Those of all labels that a template could read.
    pub fn new(labels: impl Iterator<Item = &'a str>) -> Self {
        let has_words = |label: &&str| label.contains(' ') && label.contains(|c: char| c.is_ascii_alphabetic());
        let mut all: Vec<&str> = labels.filter(has_words).collect();
        // The longest first: one label may be a part of another.
        all.sort_by_key(|label| (std::cmp::Reverse(label.len()), *label));
        all.dedup();
        Self(all)
    }

    /// A text with one character for each label in it.
    pub fn hidden(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (at, label) in (0..MOST).zip(&self.0).filter(|(_, label)| text.contains(*label)) {
            let Some(sign) = char::from_u32(FIRST + at) else { continue };
            let mut rest = std::mem::take(&mut out);
            while let Some(found) = rest.find(label) {
                let after = found + label.len();
                let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let is_whole =
                    !is_letter(rest[..found].chars().next_back()) && !is_letter(rest[after..].chars().next());
                out.push_str(&rest[..found]);
                if is_whole {
                    out.push(sign)
                } else {
                    out.push_str(label)
                }
                rest.drain(..after);
            }
            out.push_str(&rest);
        }
        out
    }

    /// The text with its labels again.
    pub fn put_back(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        let label_of = |c: char| u32::from(c).checked_sub(FIRST).and_then(|at| self.0.get(at as usize));
        while let Some((start, sign, label)) = rest.char_indices().find_map(|(at, c)| Some((at, c, *label_of(c)?))) {
            pieces::join(&mut out, &rest[..start]);
            pieces::join(&mut out, label);
            rest = &rest[start + sign.len_utf8()..];
        }
        pieces::join(&mut out, rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_found_as_whole_words_and_come_back() {
        let labels = Labels::new(["needs oxygen", "drug A", "needs oxygen at night", "EDSS", "12"].into_iter());
        for text in ["needs oxygen at night · drug A", "drug AB and drug A, needs oxygens", "EDSS 12", ""] {
            assert_eq!(labels.put_back(&labels.hidden(text)), text);
        }
        assert_eq!(labels.hidden("needs oxygen at night").chars().count(), 1);
        assert_eq!(labels.hidden("drug AB, EDSS 12"), "drug AB, EDSS 12");
        let said = labels.put_back(&format!("{}が必要", labels.hidden("drug A")));
        assert_eq!(said, "drug A が必要");
    }
}
