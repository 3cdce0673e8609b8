//! On which line of a text a value stands.

use crate::reported::Passage;

/// The characters of a text that are not white space, with the line of each: a quote has other white space.
pub(super) struct Places {
    chars: Vec<char>,
    lines: Vec<usize>,
}

impl Places {
    pub(super) fn of(text: &str) -> Self {
        let of_line = |(line, text): (usize, &str)| text.chars().map(move |c| (c, line + 1)).collect::<Vec<_>>();
        let all = text.split('\n').enumerate().flat_map(of_line);
        let (chars, lines) = all.filter(|(c, _)| !c.is_whitespace()).unzip();
        Self { chars, lines }
    }

    /// The line on which a value of a phrase stands; that on which the phrase begins, where it is not found there.
    pub(super) fn line(&self, passage: &Passage, value: &str) -> usize {
        let begun = passage.line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>();
        let (quote, value) = (bare(&passage.quote), bare(value));
        let place = |within: &[char], of: &[char]| within.windows(of.len().max(1)).position(|window| window == of);
        let start = self.lines.partition_point(|line| *line < begun);
        let reach = self.lines.partition_point(|line| *line <= begun) + quote.len();
        let near = &self.chars[start..reach.min(self.chars.len())];
        let found = place(near, &quote).zip(place(&quote, &value)).map(|(quote, value)| start + quote + value);
        found.and_then(|at| self.lines.get(at)).copied().unwrap_or(begun)
    }
}
