//! The plain text of lines of LaTeX, as far as results have it.

use super::prose_markup::degrees_below;

/// Whether a text has commands of LaTeX.
pub(super) fn is_latex(text: &str) -> bool {
    const COMMANDS: [&str; 10] =
        ["\\%", "\\begin{", "\\textit{", "\\textbf{", "\\emph{", "\\mathit{", "\\text{", "\\chi", "\\pm", "\\times"];
    text.contains('\\') && !text.starts_with("{\\rtf") && COMMANDS.iter().any(|command| text.contains(command))
}

/// Commands with the letter or sign that each stands for.
const SIGNS: &str = "alpha α beta β gamma γ delta δ Delta Δ epsilon ε varepsilon ε eta η kappa κ lambda λ Lambda Λ mu μ rho ρ sigma σ \
    tau τ phi φ varphi φ chi χ omega ω pm ± times × cdot · leq ≤ le ≤ geq ≥ ge ≥ lt < gt > neq ≠ approx ≈ sim ~ \
    textless < textgreater > percent %";

/// A line without its commands; what stands in their braces is kept.
pub(super) fn without_commands(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let mut plain = String::with_capacity(line.len());
    let mut at = 0;
    let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    while at < chars.len() {
        let next = chars.get(at + 1).copied();
        let hyphens = chars[at..].iter().take_while(|c| **c == '-').count();
        match chars[at] {
            '\\' if next.is_some_and(|c| c.is_ascii_alphabetic()) => {
                let name: String = chars[at + 1..].iter().take_while(|c| c.is_ascii_alphabetic()).collect();
                at += 1 + name.len();
                let mut signs = SIGNS.split(' ');
                match signs.by_ref().find(|known| *known == name).and_then(|_| signs.next()) {
                    Some(sign) => plain.push_str(sign),
                    None if chars.get(at) == Some(&'{') => {}
                    None => plain.push(' '),
                }
                continue;
            }
            '\\' => {
                plain.push(next.filter(|c| "%&_$#{}".contains(*c)).unwrap_or(' '));
                at += 2;
                continue;
            }
            '_' if next == Some('{') => {
                let inside: String = chars[at + 2..].iter().take(40).take_while(|c| **c != '}').collect();
                if let Some(degrees) = degrees_below(&plain, &inside) {
                    plain.push_str(&degrees);
                    at += 2 + inside.chars().count();
                    continue;
                }
                plain.push('_');
            }
            // A range of numbers in Japanese texts is no blank.
            '~' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => plain.push('~'),
            '~' => plain.push(' '),
            '&' => plain.push_str(" | "),
            '{' | '}' | '$' => {}
            '-' if hyphens > 1 => {
                plain.push('–');
                at += hyphens;
                continue;
            }
            c => plain.push(c),
        }
        at += 1;
    }
    plain
}

/// A line without the dollars round formulas, `$p<.001$`; those of sums of money stay. What opens a formula has no blank
/// behind it, and what closes it none in front of it and no digit behind it.
pub(super) fn without_dollars(line: &str) -> String {
    /// So long is a formula, at most.
    const LONGEST: usize = 200;
    let chars: Vec<char> = line.chars().collect();
    let is = |at: usize, what: fn(&char) -> bool| chars.get(at).is_some_and(what);
    let mut plain = String::with_capacity(line.len());
    let mut at = 0;
    while at < chars.len() {
        let length = || chars[at + 1..].iter().take(LONGEST).position(|c| *c == '$');
        let opens = chars[at] == '$' && is(at + 1, |c| !c.is_whitespace());
        let closes = |end: &usize| !chars[end - 1].is_whitespace() && !is(end + 1, char::is_ascii_digit);
        if let Some(end) = opens.then(length).flatten().map(|length| at + 1 + length).filter(closes) {
            plain.extend(&chars[at + 1..end]);
            at = end + 1;
        } else {
            plain.push(chars[at]);
            at += 1;
        }
    }
    plain
}
