//! The report: what it says in both languages, and its Markdown.

use crate::common::cli::{Folder, stderr, stdout};
use crate::common::release;
use std::path::Path;

/// Whether a text has an English phrase: four words of small letters in a row, though no citation.
fn is_english(text: &str) -> bool {
    let is_word = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let words: Vec<&str> = text.split(' ').collect();
    words.windows(4).any(|four| four.iter().all(|word| is_word(word))) && !text.starts_with("論文：")
}

#[test]
fn the_japanese_report_of_the_releases_is_in_japanese() {
    let folder = Folder::with_data("japanese");
    let output = folder.run(["report", "data", "--format", "markdown", "--lang", "ja"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let report = stdout(&output);
    assert!(report.starts_with("# 発表された数値と、そこから言えること\n"));
    // What people wrote beside their expectations, and quotes of papers, are not ours to translate.
    let lines = report.lines().filter(|line| !line.contains("| expectation |") && !line.contains("論文、抄録"));
    let fields = lines.flat_map(|line| line.trim_start_matches("- ").split(" | "));
    let english: Vec<&str> = fields.filter(|field| is_english(field)).collect();
    assert!(english.is_empty(), "{english:#?}");
}

#[test]
fn markdown_links_the_charts_that_stand_beside_it() {
    let folder = Folder::with_data("markdown");
    let output = folder.run(["report", "data", "-o", "out", "--format", "markdown"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output), "\n10 files written; open out/index.md\n");
    let text = std::fs::read_to_string(folder.path("out/index.md")).unwrap();
    let links: Vec<&str> = text.match_indices("](").map(|(at, _)| text[at + 2..].split(')').next().unwrap()).collect();
    assert_eq!(links.len(), 4, "{links:?}");
    for link in links {
        assert!(folder.path("out").join(link).is_file(), "{link}");
        assert!(Path::new(link).is_relative() && link.ends_with(".en.svg"), "{link}");
    }
    for expected in [
        "# What the releases report, and what follows from it",
        "## Tocilizumab in neuromyelitis optica, 2014",
        "### What was refused, and why",
        "| EDSS | 7 | 5.1 ± 1.7 → 4.1 ± 1.6 | −1.0 | ×0.80 | −0.606 | r ≥ 0.787 (0.725 to 0.838) |",
        "<details><summary>What was said</summary>",
    ] {
        assert!(text.contains(expected), "{expected}");
    }
}

/// On a telephone the table under the control of r scrolls, and −1.35 stays on one line.
#[test]
fn numbers_of_the_page_are_not_broken() {
    let folder = Folder::with_data("page-numbers");
    let output = folder.run(["report", "data", "-o", "out", "--quiet"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let page = std::fs::read_to_string(folder.path("out/index.html")).unwrap();
    let style = page.split("<style>").nth(1).unwrap().split("@font-face").next().unwrap();
    let rules = style.split('}').filter_map(|rule| rule.split_once('{'));
    for (selector, rule) in rules.filter(|(selector, _)| selector.contains("td")) {
        assert!(!rule.contains("anywhere") && !rule.contains("break-all"), "{selector} {rule}");
        let is_number = selector.contains("td.right") || selector.trim() == ".what-if td";
        assert!(!is_number || !rule.contains("white-space: normal"), "{selector} {rule}");
    }
    assert!(
        style.contains("td.right, th.right {")
            && page.contains("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Results at this r\">")
    );
}

#[test]
fn labels_are_no_markdown() {
    let folder = Folder::with_data("markdown-hostile");
    let name = "data/nmo-tocilizumab-2014.toml";
    let text = std::fs::read_to_string(folder.path(name)).unwrap();
    let hostile = "[x](http://x.example) <b>|*a*";
    folder.write(name, text.replace("Tocilizumab in neuromyelitis optica, 2014", hostile));
    let output = folder.run(["report", name, "--format", "markdown"]);
    let heading = stdout(&output).lines().find(|line| line.starts_with("## ")).unwrap().to_owned();
    assert_eq!(heading, "## \\[x\\](http://x.example) &lt;b>\\|\\*a\\*");
}

/// On a screen names alone are Japanese: the sentences around them are English.
#[test]
fn the_screen_has_japanese_names_in_english_sentences() {
    let folder = Folder::with_data("screen");
    let output = folder.run(["report", "data/trials", "-o", "out", "--lang", "ja"]);
    let text = stdout(&output);
    assert!(text.contains(" against "), "{text}");
    assert!(!text.contains("）対") && !text.contains("、n ="), "{text}");
}

/// Every colour of every chart of the page has its counterpart on a dark screen, and paper stays white.
#[test]
fn charts_of_the_page_have_a_dark_scheme() {
    let folder = Folder::with_data("page-dark");
    let output = folder.run(["report", "data", "-o", "out", "--quiet"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let page = std::fs::read_to_string(folder.path("out/index.html")).unwrap();
    let (style, body) = page.split_once("</style>").unwrap();
    let dark = style.split("@media screen and (prefers-color-scheme: dark) {").nth(1).unwrap();
    let charts: Vec<&str> = body.split("<svg").skip(1).map(|svg| svg.split("</svg>").next().unwrap()).collect();
    assert!(charts.len() > 10, "{}", charts.len());
    for name in ["fill", "stroke"] {
        let attribute = format!(" {name}=\"#");
        let colours = charts.iter().flat_map(|svg| svg.split(&attribute).skip(1).map(|rest| &rest[..6]));
        for colour in colours.collect::<std::collections::BTreeSet<_>>() {
            let rule = format!("figure [{name}=\"#{colour}\"] {{ {name}: #");
            let other = dark.split(&rule).nth(1).unwrap_or_else(|| panic!("{rule}"));
            assert_ne!(&other[..6], colour, "{rule}");
        }
    }
    assert!(dark.contains("figure [fill=\"#ffffff\"] { fill: #161a1f }"));
}

#[test]
fn codes_stay_and_what_a_claim_needs_is_no_clause_of_another_test() {
    let folder = Folder::with_data("japanese-pieces");
    let output = folder.run(["report", "data", "data/trials", "--format", "markdown", "--lang", "ja"]);
    let text = stdout(&output);
    assert!(text.contains("| 適合 | estimate |") && !text.contains("| 推定値 | slope"), "codes are names");
    assert!(text.contains("188／238 通りで成り立つ；r > −0.42 が必要；正確な符号付順位検定では p 0.016〜0.13 |"));
    assert!(!text.contains("| 判定不能：") && text.contains("| 効果 | 報告された値 |"));
    assert!(text.contains("（placebo、n = 48）") && !text.contains("(placebo, n = 48)対"));
}

/// A letter that no font has is drawn as 〓, and named with the way out; text that programs read keeps it.
#[test]
fn a_letter_without_a_font_costs_no_chart() {
    let folder = Folder::new("no-glyph");
    let lines = "before = \"5.1 ± 1.7\"\nafter = \"4.1 ± 1.6\"\nspread = \"sd\"";
    let release = |label: &str| {
        let text = release::release(&[("treated", "7")], &release::outcome("pain", &[("treated", lines)]));
        text.replacen("label = \"A trial\"", &format!("label = \"{label}\""), 1)
            .replace("id = \"m6\"", "id = \"after\"")
    };
    folder.write("odd.toml", release("A trial \u{1F600}"));
    folder.write("plain.toml", release("A trial"));
    let output = folder.run(["report", "odd.toml", "plain.toml", "-o", "out"]);
    let told = stderr(&output);
    assert!(output.status.code() != Some(2), "{told}");
    let note = "in odd.before-after.en.svg, overview.en.svg 〓 stands for \u{1F600} (U+1F600)";
    assert!(told.contains(note) && told.contains("--font FILE"), "{told}");
    let page = std::fs::read_to_string(folder.path("out/index.html")).unwrap();
    assert!(page.contains(note) && page.contains("\u{1F600} (U+1F600) を〓で示した"));
    assert!(folder.path("out/plain.before-after.en.svg").is_file());
    let chart = std::fs::read_to_string(folder.path("out/odd.before-after.en.svg")).unwrap();
    assert!(chart.contains("A trial \u{1F600}</text>"), "what is searched and copied");
}

/// A chart of an earlier run that this run does not draw goes, since its numbers are no longer those of the page. What
/// was not written by `report`, and what belongs to other releases, stays as it is.
#[test]
fn old_charts_of_a_release_do_not_stay_beside_a_new_page() {
    let folder = Folder::new("earlier");
    let lines = "before = \"5.1 ± 1.7\"\nafter = \"4.1 ± 1.6\"\nspread = \"sd\"";
    let release = |n: &str| {
        let text = release::release(&[("treated", n)], &release::outcome("pain", &[("treated", lines)]));
        text.replace("id = \"m6\"", "id = \"after\"").replace("scale = \"continuous\"", "scale = \"nrs\"")
    };
    folder.write("one.toml", release("7"));
    let first = folder.run(["report", "one.toml", "-o", "out"]);
    assert!(first.status.code() != Some(2) && !stderr(&first).contains("earlier run"), "{}", stderr(&first));
    let read = |name: &str| std::fs::read_to_string(folder.path(name)).ok();
    let old = read("out/one.ensemble.en.svg").unwrap();
    folder.write("out/two.ensemble.en.svg", old.replace("one_2e_ensemble", "two_2e_ensemble"));
    folder.write("out/one.reported.en.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>\n");
    folder.write("out/one.between-arms.en.svg", old.clone());
    // So many people that the data sets behind the numbers are no longer counted.
    folder.write("one.toml", release("900"));
    let second = folder.run(["report", "one.toml", "-o", "out"]);
    let told = stderr(&second);
    assert!(told.contains("are removed: one.ensemble.en.svg, one.ensemble.ja.svg\n"), "{told}");
    assert_eq!(read("out/one.ensemble.en.svg"), None);
    assert_eq!(read("out/one.ensemble.ja.svg"), None);
    assert!(read("out/one.before-after.en.svg").unwrap().contains("n = 900"));
    assert!(read("out/two.ensemble.en.svg").is_some(), "a release that is not in this run");
    assert!(read("out/one.reported.en.svg").is_some(), "no chart of ours");
    assert_eq!(read("out/one.between-arms.en.svg"), Some(old), "a copy under another name");
}

/// The rows of the control of r stand as the outcomes do: the eleventh comes last.
#[test]
fn the_control_of_r_has_its_rows_in_order() {
    let folder = Folder::new("order");
    let lines = "before = \"5.1 ± 1.7\"\nafter = \"4.1 ± 1.6\"\nspread = \"sd\"";
    let outcomes: String =
        (1..=11).map(|at| release::outcome(&format!("outcome-{at}"), &[("treated", lines)])).collect();
    let text = release::release(&[("treated", "7")], &outcomes).replace("id = \"m6\"", "id = \"after\"");
    folder.write("many.toml", text);
    let output = folder.run(["report", "many.toml", "-o", "out"]);
    assert!(output.status.code() != Some(2), "{}", stderr(&output));
    let page = std::fs::read_to_string(folder.path("out/index.html")).unwrap();
    let rows = page.match_indices("data-contrast=\"0.").map(|(at, found)| page[at + found.len()..].split('"').next());
    let rows: Vec<usize> = rows.map(|number| number.unwrap().parse().unwrap()).take(11).collect();
    assert_eq!(rows, (0..11).collect::<Vec<usize>>());
}

/// Names of files make no id that another release or the page itself has.
#[test]
fn every_id_of_the_page_stands_once() {
    let folder = Folder::with_data("page-ids");
    let text = std::fs::read(folder.path("data/nmo-tocilizumab-2014.toml")).unwrap();
    std::fs::create_dir(folder.path("named")).unwrap();
    for name in ["numbers", "x", "x.ja", "ja-x", "show-ja"] {
        folder.write(&format!("named/{name}.toml"), &text);
    }
    let output = folder.run(["report", "named", "-o", "out", "--quiet"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let page = std::fs::read_to_string(folder.path("out/index.html")).unwrap();
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let different: std::collections::HashSet<&str> = ids.iter().copied().collect();
    let twice = ids.iter().filter(|id| ids.iter().filter(|other| other == id).count() > 1).collect::<Vec<_>>();
    assert!(ids.len() > 20 && different.len() == ids.len(), "{twice:?}");
}

/// What a file says is not stated is no name of a journal.
#[test]
fn a_paper_has_no_journal_that_is_not_stated() {
    let folder = Folder::with_data("journal");
    for lang in ["en", "ja"] {
        let text = stdout(&folder.run(["show", "data/trials/als-edaravone-mci186-16-2014.toml", "--lang", lang]));
        let paper = text.lines().find(|line| line.contains("Abe")).unwrap();
        assert!(!paper.contains("not stated") && paper.contains("2014"), "{paper}");
    }
}

/// A failed check of a table beside a release is told in Markdown as it is on the page.
#[test]
fn markdown_tells_the_checks_of_other_files() {
    let folder = Folder::with_data("markdown-checks");
    let wrong = "[[expect]]\nrun = \"meta hart1999.csv --measure IRR --method FE\"\nat = \"coefficients[0].estimate\"\n\
                 is = \"9.99\"\nsource = \"none\"\n";
    folder.write("data/hart1999.expect.toml", wrong);
    std::fs::copy(folder.path("data/published/hart1999.csv"), folder.path("data/hart1999.csv")).unwrap();
    for (arguments, heading) in [
        (&["--format", "markdown"][..], "## Checks of other files"),
        (&["--format", "markdown", "--lang", "ja"], "## その他のファイルの検査"),
    ] {
        let output = folder.run([&["report", "data"], arguments].concat());
        let text = stdout(&output);
        let (_, others) = text.split_once(heading).unwrap_or_else(|| panic!("{}", stderr(&output)));
        assert!(others.contains("hart1999") && others.contains("9.99"), "{others}");
    }
}

/// In a release whose labels are English the words of a label are no template: `needs oxygen` needs nothing.
#[test]
fn labels_are_not_translated_within_other_texts() {
    let folder = Folder::new("english-labels");
    let outcomes: Vec<String> = ["needs oxygen", "Time to relapse by MRI", "share of good days", "only severe pain", "line 2 therapy"]
        .iter()
        .enumerate()
        .map(|(at, label)| {
            let row = |arm: &str| {
                format!("[[outcome.result]]\narm = \"{arm}\"\nbefore = \"6.0 ± 1.5\"\nw4 = \"5.0 ± 1.5\"\nspread = \"sd\"\nquote = \"x\"\n")
            };
            let head = format!("[[outcome]]\nid = \"o{at}\"\nlabel = \"{label}\"\nunit = \"points\"\nscale = \"nrs\"\n");
            format!("{head}{}{}", row("a"), row("b"))
        })
        .collect();
    let head = "label = \"Lab\"\ntitle = \"x\"\npublisher = \"P\"\ndate = 2024-03-01\nlanguage = \"en\"\nkind = \"trial\"\n\
                source = { file = \"x.txt\" }\n[[occasion]]\nid = \"before\"\nlabel = \"before\"\n[[occasion]]\nid = \"w4\"\nlabel = \"week 4\"\n\
                [[arm]]\nid = \"a\"\nlabel = \"drug A\"\nn = 12\nquote = \"x\"\n[[arm]]\nid = \"b\"\nlabel = \"only care\"\nn = 12\nquote = \"x\"\n";
    folder.write("lab.toml", format!("{head}{}", outcomes.concat()));
    folder.write("x.txt", "x\n");
    let output = folder.run(["report", "lab.toml", "--format", "markdown", "--lang", "ja"]);
    let text = stdout(&output);
    for name in ["needs oxygen · drug A", "Time to relapse by MRI · only care", "line 2 therapy · drug A（n = 12）"]
    {
        assert!(text.contains(name), "{name}: {text}");
    }
    for garbled in
        ["oxygen · drug A が必要", "Time〜", "good days · drug A の割合", "severe pain · drug A のみ", "care行目"]
    {
        assert!(!text.contains(garbled), "{garbled}: {text}");
    }
}

/// Rows that go on with the one above have no name, and sorting would tear them from it.
#[test]
fn tables_with_rows_that_go_on_are_not_sorted() {
    let folder = Folder::with_data("sortable");
    folder.run(["report", "data", "data/trials", "-o", "out", "--quiet"]);
    let page = std::fs::read_to_string(folder.path("out/index.html")).unwrap();
    let (mut sortable, mut others) = (0, 0);
    for table in page.split("<table class=\"data").skip(1) {
        let body = table.split("</table>").next().unwrap().split_once("<tbody>").unwrap().1;
        let rows = || body.split("<tr>").skip(1).map(|row| row.split_once('>').unwrap().1);
        let goes_on = rows().any(|row| row.is_empty() || row.starts_with("<td"));
        assert_eq!(table.starts_with(" sortable"), !goes_on, "{body}");
        if goes_on { others += 1 } else { sortable += 1 }
    }
    assert!(sortable > 20 && others > 4, "{sortable} {others}");
}

/// What is to be borne in mind of shares stands beside them: of parts of a whole, which are details, not above.
#[test]
fn what_is_said_of_shares_stands_beside_them() {
    let folder = Folder::with_data("beside-shares");
    for (release, is_above) in [("als-muse-2023", false), ("als-registry-jacals-2022", true)] {
        let output = folder.run(["report", &format!("data/{release}.toml"), "--format", "markdown"]);
        let text = stdout(&output);
        let (above, details) = text.split_once("<summary>What can be computed").unwrap();
        let said = |text: &str| text.contains("Intervals of shares treat the people counted");
        assert_eq!((said(above), said(details)), (is_above, true), "{release}: {text}");
    }
}
