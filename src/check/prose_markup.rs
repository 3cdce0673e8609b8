//! The plain text of one with marks: entities and tags of HTML, emphasis of Markdown, and words that are hyphenated over
//! lines, as text from a PDF has them. Commands of LaTeX are read in `prose_latex`.

use super::prose_latex::{is_latex, without_commands, without_dollars};
use super::prose_r_tables::with_strokes;
use crate::numeric::numeral::plain_number;
use std::borrow::Cow;

/// The text without its marks, on as many lines. What has no marks stays as it is: `p < .05 and x > 3` holds no tag,
/// `5*3*2` and `snake_case` no emphasis.
///
/// A text whose lines end with carriage returns alone has the usual ends.
///
/// ```
/// use reffect::check::prose_markup::plain_text;
///
/// assert_eq!(plain_text("(95% CI 0.60&ndash;0.91; <i>P</i>&lt;0.05)"), "(95% CI 0.60–0.91; P<0.05)");
/// assert_eq!(plain_text("*t*(18) = 2.31, __p__ = .03"), "t(18) = 2.31, p = .03");
/// assert_eq!(plain_text(r"95\%~CI 0.60--0.91, $F_{2,45}=4.1$"), "95% CI 0.60–0.91, F(2,45)=4.1");
/// assert_eq!(plain_text("the hazard ra-\ntio was 0.74"), "the hazard ratio\n was 0.74");
/// assert_eq!(plain_text("p < .05 and x > 3, 5*3*2"), "p < .05 and x > 3, 5*3*2");
/// ```
pub fn plain_text(text: &str) -> Cow<'_, str> {
    let text = if text.contains('\r') && !text.contains('\n') {
        Cow::Owned(text.replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    };
    let text = match with_strokes(&text) {
        Cow::Owned(lined) => Cow::Owned(lined),
        Cow::Borrowed(_) => text,
    };
    if !text.contains(['<', '&', '*', '_', '`', '$', '\\', SOFT_HYPHEN, '\u{200B}', '-', '‐']) {
        return text;
    }
    let is_latex = is_latex(&text);
    let mut lines: Vec<Cow<'_, str>> = text.split('\n').map(|line| plain_line(line, is_latex)).collect();
    join_hyphenated(&mut lines);
    Cow::Owned(lines.join("\n"))
}

const SOFT_HYPHEN: char = '\u{AD}';

fn plain_line(line: &str, is_latex: bool) -> Cow<'_, str> {
    let mut line = Cow::Borrowed(line);
    if line.contains('<') {
        line = Cow::Owned(without_tags(&line));
    }
    if is_latex && line.contains(['\\', '$', '~', '-', '{', '^', '_']) {
        line = Cow::Owned(without_commands(&line));
    } else if line.contains('$') {
        line = Cow::Owned(without_dollars(&line));
    }
    // What an entity stands for is no mark, and a `<` of one begins no tag.
    if line.contains('&') {
        line = Cow::Owned(without_entities(&line));
    }
    if line.contains(['*', '_', '`']) {
        line = Cow::Owned(without_emphasis(&line));
    }
    // That at the end of a line joins a word.
    let has_soft = line.trim_end().trim_end_matches(SOFT_HYPHEN).contains([SOFT_HYPHEN, '\u{200B}']);
    if has_soft {
        let end = line.trim_end().ends_with(SOFT_HYPHEN);
        let kept: String = line.chars().filter(|c| !matches!(*c, SOFT_HYPHEN | '\u{200B}')).collect();
        line = Cow::Owned(if end { format!("{}{SOFT_HYPHEN}", kept.trim_end()) } else { kept });
    }
    line
}

/// A tag of HTML that begins at a character.
struct Tag {
    name: String,
    is_end: bool,
    length: usize,
}

/// Tags round letters, and those round blocks, which divide words.
const OF_LETTERS: [&str; 14] =
    ["i", "em", "b", "strong", "sub", "sup", "span", "u", "small", "a", "font", "code", "var", "mark"];
const OF_BLOCKS: [&str; 16] =
    ["p", "br", "td", "th", "tr", "li", "div", "ul", "ol", "h1", "h2", "h3", "table", "tbody", "thead", "section"];

fn tag_at(chars: &[char], at: usize) -> Option<Tag> {
    /// So long is a tag with its attributes, at most.
    const LONGEST: usize = 200;
    let length = chars[at + 1..].iter().take(LONGEST).position(|c| matches!(c, '<' | '>'))?;
    if chars[at + 1 + length] != '>' {
        return None;
    }
    let inside: String = chars[at + 1..at + 1 + length].iter().collect();
    let is_end = inside.starts_with('/');
    let inside = inside.trim_start_matches('/').trim_end_matches('/');
    let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let name = name.to_lowercase();
    let is_known = OF_LETTERS.contains(&name.as_str()) || OF_BLOCKS.contains(&name.as_str());
    // `a <b and c> d` compares two numbers.
    let is_tag = is_known && (attributes.trim().is_empty() || attributes.contains('='));
    is_tag.then_some(Tag { name, is_end, length: length + 2 })
}

fn without_tags(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let mut plain = String::with_capacity(line.len());
    let mut at = 0;
    while at < chars.len() {
        let Some(tag) = (chars[at] == '<').then(|| tag_at(&chars, at)).flatten() else {
            plain.push(chars[at]);
            at += 1;
            continue;
        };
        at += tag.length;
        let inside: String = chars[at..].iter().take(40).take_while(|c| **c != '<').collect();
        match tag.name.as_str() {
            "sup" if !tag.is_end => plain.push_str(raised_behind(&plain, &inside)),
            "sub" if !tag.is_end => {
                if let Some(degrees) = degrees_below(&plain, &inside) {
                    plain.push_str(&degrees);
                    at += inside.chars().count();
                }
            }
            name if OF_BLOCKS.contains(&name) => plain.push(' '),
            _ => {}
        }
    }
    plain
}

/// What stands for the beginning of raised letters: `χ²` is one name, and 10⁻³ a power, while `0.74¹²` has the number of
/// a source or of a footnote.
fn raised_behind(plain: &str, inside: &str) -> &'static str {
    let mut before = plain.chars().rev();
    let (last, other) = (before.next(), before.next());
    let is_minus = inside.starts_with("&minus;") || inside.starts_with("&#8722;");
    let is_number = is_minus || inside.starts_with(|c: char| c.is_ascii_digit() || "-−–".contains(c));
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    match (is_number, last.is_some_and(|c| c.is_ascii_digit()) || is_letter(last) && is_letter(other)) {
        (true, true) => "^",
        (false, true) => " ",
        (_, false) => "",
    }
}

/// The degrees of freedom that stand below a letter, in brackets: those of F are two, of t more than the few that
/// number times, and of χ² any.
pub(super) fn degrees_below(plain: &str, inside: &str) -> Option<String> {
    const MOST_TIMES: f64 = 2.0;
    let numbers: Option<Vec<f64>> = inside.split(',').map(|part| plain_number(part.trim())).collect();
    let numbers = numbers?;
    let is_alone = |letter: &str| {
        let front = plain.strip_suffix(letter);
        front.is_some_and(|front| !front.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '\\')))
    };
    let is_chi_squared = || ["χ2", "χ²", "χ^2", "𝜒2", "𝜒²", "X2", "X²", "X^2"].into_iter().any(is_alone);
    let are_degrees = match numbers[..] {
        [df] => is_alone("t") && df > MOST_TIMES || is_chi_squared(),
        [_, _] => is_alone("F"),
        _ => false,
    };
    are_degrees.then(|| format!("({})", inside.trim()))
}

/// Names of entities with their characters, without those that no result has and those of blanks.
const ENTITIES: &str = "lt < gt > amp & quot \" apos ' ndash – mdash — minus − plusmn ± times × middot · sdot ⋅ le ≤ ge ≥ leq ≤ geq ≥ ne \
    ≠ asymp ≈ sim ∼ percnt % equals = lpar ( rpar ) hellip … sup2 ² sup3 ³ deg ° micro µ mu μ alpha α beta β gamma γ \
    delta δ Delta Δ epsilon ε eta η kappa κ lambda λ Lambda Λ rho ρ sigma σ Sigma Σ tau τ phi φ chi χ psi ψ omega ω \
    Omega Ω lsquo ‘ rsquo ’ ldquo “ rdquo ” dagger † Dagger ‡ bull •";

fn without_entities(line: &str) -> String {
    /// So long is the name of one, at most.
    const LONGEST: usize = 10;
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let name = rest.char_indices().take(LONGEST).find(|(_, c)| *c == ';').map(|(end, _)| &rest[..end]);
        match name.and_then(|name| Some((name, entity(name)?))) {
            Some((name, character)) => {
                plain.push_str(&character);
                rest = &rest[name.len() + 1..];
            }
            None => plain.push('&'),
        }
    }
    plain + rest
}

fn entity(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else {
        let blank = match name {
            "nbsp" => Some("\u{A0}"),
            "thinsp" => Some("\u{2009}"),
            "ensp" => Some("\u{2002}"),
            "emsp" => Some("\u{2003}"),
            "shy" => Some("\u{AD}"),
            _ => None,
        };
        let mut names = ENTITIES.split(' ');
        let listed = || names.by_ref().find(|known| *known == name).and_then(|_| names.next());
        return blank.or_else(listed).map(str::to_owned);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number.parse(),
    };
    let character = char::from_u32(code.ok()?).filter(|c| !c.is_control())?;
    Some(character.to_string())
}

/// A line without the marks of emphasis round its words: `*P*`, `**15.3%**`, `_p_`, `` `p = .03` ``. Those of a footnote,
/// as in `0.42*`, begin none.
fn without_emphasis(line: &str) -> String {
    /// Marks within each other, as in `***` or `**…*p*…**`.
    const DEEPEST: usize = 3;
    let mut chars: Vec<char> = line.chars().collect();
    for _ in 0..DEEPEST {
        let marks = emphasis(&chars);
        if marks.is_empty() {
            break;
        }
        let mut marks = marks.into_iter().peekable();
        let mut kept = Vec::with_capacity(chars.len());
        for (at, c) in chars.into_iter().enumerate() {
            if marks.next_if_eq(&at).is_none() {
                kept.push(c);
            }
        }
        chars = kept;
    }
    chars.into_iter().collect()
}

/// The places of the outermost marks, in rising order.
fn emphasis(chars: &[char]) -> Vec<usize> {
    /// So long is what they stand round, at most.
    const LONGEST: usize = 200;
    let is_word = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
    let is_blank = |at: usize| chars.get(at).is_none_or(|c| c.is_whitespace());
    let run = |at: usize| chars[at..].iter().take_while(|c| **c == chars[at]).count();
    let mut marks = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !matches!(chars[at], '*' | '_' | '`') {
            at += 1;
            continue;
        }
        let length = run(at);
        let inside = at + length;
        let opens = length <= 3 && !is_word(at.checked_sub(1)) && !is_blank(inside);
        let last = chars.len().min(inside + LONGEST);
        let mut next = inside;
        let mut closed = None;
        while opens && next < last {
            if chars[next] != chars[at] {
                next += 1;
                continue;
            }
            let found = run(next);
            if found == length && !is_blank(next - 1) && !is_word(Some(next + length)) {
                closed = Some(next);
                break;
            }
            next += found;
        }
        if let Some(end) = closed {
            marks.extend((at..inside).chain(end..end + length));
            at = end + length;
        } else {
            at = inside;
        }
    }
    marks
}

/// Words of results that a line breaks; of others a hyphen may be their own, as that of `one-tailed` is.
const WORDS: &str = "hazard hazards ratio ratios odds relative absolute risk risks incidence prevalence difference differences \
    confidence credible interval intervals reduction increase efficacy geometric mean median standard standardized \
    standardised deviation error correlation coefficient regression adjusted unadjusted corrected correction \
    adjustment bonferroni greenhouse geisser permutation wilcoxon kruskal estimate estimates estimated cumulative \
    imputed imputation weighted patients participants subjects percent percentage percentages missing respectively \
    significant significance baseline change compared women children";

/// Puts the rest of a hyphenated word behind its beginning, on the line of that. No line becomes an empty one, which would
/// end a paragraph.
fn join_hyphenated(lines: &mut [Cow<'_, str>]) {
    for at in 1..lines.len() {
        let (front, behind) = (lines[at - 1].trim_end(), lines[at].trim_start());
        let Some(stem) = front.strip_suffix(['-', '‐', SOFT_HYPHEN]) else { continue };
        let is_soft = front.ends_with(SOFT_HYPHEN);
        let letters = |text: &str| text.chars().take_while(|c| c.is_lowercase()).map(char::len_utf8).sum::<usize>();
        let rest = &behind[..letters(behind)];
        let begun = stem.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let is_word = || {
            let word = format!("{begun}{rest}").to_lowercase();
            WORDS.split(' ').any(|known| known == word)
        };
        if rest.is_empty() || begun.is_empty() || behind[rest.len()..].trim().is_empty() || !(is_soft || is_word()) {
            continue;
        }
        let (joined, left) = (format!("{stem}{rest}"), behind[rest.len()..].to_owned());
        lines[at - 1] = Cow::Owned(joined);
        lines[at] = Cow::Owned(left);
    }
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn marks_go_and_the_lines_stay() {
        for (text, expected) in [
            (
                "HR 0.74 (0.60–0.91; *P* = 0.9), **15.3%**, ***p*** = .03",
                "HR 0.74 (0.60–0.91; P = 0.9), 15.3%, p = .03",
            ),
            ("**Table 1. *Age* of all**", "Table 1. Age of all"),
            ("<i>χ</i><sup>2</sup>(1) = 3.9<sup>a</sup>, 0.74<sup>12</sup>", "χ2(1) = 3.9 a, 0.74^12"),
            (
                "<p class=\"x\">p &lt; .01 &amp; 3&#215;10<sup>&minus;4</sup>&#x2009;g</p>",
                " p < .01 & 3×10^−4\u{2009}g ",
            ),
            (
                "<i>F</i><sub>2,45</sub> = 4.1, t<sub>18</sub>, t<sub>1</sub>, CO<sub>2</sub>",
                "F(2,45) = 4.1, t(18), t1, CO2",
            ),
            ("a\rb\r\rc", "a\nb\n\nc"),
            ("haz\u{AD}ard, placebo\u{AD}\ngroup of 3", "hazard, placebogroup\n of 3"),
            ("95% confi-\r\ndence interval", "95% confidence\n interval"),
            ("`p = .03` and $p<.001$", "p = .03 and p<.001"),
        ] {
            assert_eq!(plain_text(text), expected, "{text}");
            let has_lines = |text: &str| text.contains('\n').then(|| text.matches('\n').count());
            assert!(has_lines(text).is_none_or(|count| Some(count) == has_lines(&plain_text(text))), "{text}");
        }
    }

    #[test]
    fn what_has_no_marks_stays() {
        for text in [
            "p < .05 and x > 3; 1 <b and c> 2",
            "5*3*2, a * b * c, snake_case_name, 0.42* and 0.31*, *p < .05, **p < .01",
            "* item\n* item",
            "A one-\ntailed test of a placebo-\ncontrolled trial, 0.60-\n0.91",
            "the hazard ra-\ntio\n",
            "costs of $5 and $10, AT&T; R&D, C:\\dir",
            "0.60~0.91",
        ] {
            assert_eq!(plain_text(text), text);
        }
    }
}
