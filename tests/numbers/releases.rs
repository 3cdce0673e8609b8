//! The five releases in `data/`: what they report is all there, and reads back as it was written.

use reffect::check::{Status, provenance};
use reffect::numeric::rounding::Rounding;
use reffect::read::{Dataset, read_release};
use reffect::report::release_toml::release_toml;
use reffect::report::show::show;
use reffect::reported::Lang;

fn dataset() -> Dataset {
    Dataset::load(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).unwrap()
}

/// What has to be seen of a release: a printed number, and where in the source it stands.
fn is_shown(release: &str, number: &str, place: &str) {
    let dataset = dataset();
    let text = show(dataset.release(release).unwrap(), Lang::En).to_text(400);
    let shown = text.lines().any(|line| line.contains(number) && line.contains(place));
    assert!(shown, "{release} does not show {number} at {place}:\n{text}");
}

#[test]
fn every_number_is_shown_with_its_place() {
    for (release, number, place) in [
        ("nmo-tocilizumab-2014", "2.9 ± 1.1", "line 110, 研究の内容"),
        ("nmo-tocilizumab-2014", "0.4 ± 0.8", "line 110, 研究の内容"),
        ("nmo-tocilizumab-2014", "5.1 ± 1.7", "line 117, 研究の内容"),
        ("nmo-tocilizumab-2014", "4.1 ± 1.6", "line 117, 研究の内容"),
        ("nmo-tocilizumab-2014", "3.0 ± 1.5", "研究の内容"),
        ("nmo-tocilizumab-2014", "0.9 ± 1.2", "研究の内容"),
        ("nmo-tocilizumab-2014", "6.1 ± 2.0", "研究の内容"),
        ("nmo-tocilizumab-2014", "3.0 ± 1.4", "研究の内容"),
        ("nmo-tocilizumab-2014", "patients without a relapse", "7 名中 5 名が再発しませんでした"),
        ("nmo-tocilizumab-2014", "women", "女性 6 名"),
        ("nmo-tocilizumab-2014", "men", "男性 1 名"),
        ("nmo-tocilizumab-2014", "treated at the NCNP hospital", "5 名は NCNP"),
        ("nmo-tocilizumab-2014", "Kindai", "2 名は近畿大学"),
        ("nmo-tocilizumab-2014", "mg/kg", "8mg/kg"),
        ("nmo-tocilizumab-2014", "約 4000 人", "about"),
        ("nmo-tocilizumab-2014", "significant, p < 0.005", "paper, abstract"),
        ("als-muse-2023", "0.47", "line 26, 概要"),
        ("als-muse-2023", "0.25", "line 26, 概要"),
        ("als-muse-2023", "tendency", "概要"),
        ("als-muse-2023", "not-significant", "paper, abstract"),
        ("als-muse-2023", "three", "of 5 Muse cells"),
        ("als-mice-muse-2020", "85.7％", "研究成果の内容"),
        ("als-mice-muse-2020", "５万細胞", "= 50000"),
        ("als-mice-muse-2020", "56", "生後 56 日目"),
        ("als-mice-muse-2020", "10", "連続 10 週間"),
        ("als-mice-muse-2020", "significant", "統計的有意差"),
        ("als-registry-jacals-2022", "2080", "line 45, 研究要旨"),
        ("als-registry-jacals-2022", "39施設", "研究要旨"),
        ("als-registry-jacals-2022", "6 施設", "of 39施設 sites"),
        ("als-registry-jacals-2022", "1500 例", "rounded to 100"),
        ("als-registry-jacals-2022", "1100 例", "rounded to 100"),
        ("als-registry-jacals-2022", "500 例", "rounded to 100"),
        ("als-registry-jacals-2022", "70例以上", "at least"),
        ("sma-videos-2020", "16名", "16名の医療関係者"),
        ("sma-videos-2020", "10名", "10名の SMA患者さんおよび支援者"),
    ] {
        is_shown(release, number, place);
    }
}

#[test]
fn releases_read_back_as_they_were_written() {
    for release in dataset().releases() {
        let text = release_toml(release);
        let again = read_release(&release.id, "written", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(again, *release);
        assert_eq!(release_toml(&again), text);
    }
}

#[test]
fn every_check_of_the_five_releases_holds_or_says_why_it_is_open() {
    for release in dataset().releases() {
        for check in reffect::check::of_release(release, Rounding::default()) {
            // Nothing fails; what a release leaves open cannot be decided, and says why.
            assert_ne!(check.status, Status::Fail, "{check:?}");
            let is_open = matches!(check.code, "percentage" | "existence" | "claim");
            assert!(check.status == Status::Pass || is_open && !check.message.is_empty(), "{check:?}");
        }
    }
}

/// Every digit of every printed number of the five releases, changed to each other digit: the quote
/// catches it, unless the quote holds the changed number as well.
#[test]
fn a_mistyped_digit_is_caught_by_its_quote() {
    let (mut caught, mut changed) = (0, 0);
    for release in dataset().releases() {
        for (passage, texts) in release.passages() {
            for text in texts {
                for (position, digit) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
                    for other in ('0'..='9').filter(|other| *other != digit) {
                        let mut wrong = text.to_owned();
                        wrong.replace_range(position..=position, &other.to_string());
                        changed += 1;
                        if !provenance::holds_number(&passage.quote, &wrong) {
                            caught += 1;
                        }
                    }
                }
            }
        }
    }
    // What slips through are single digits whose phrase holds another one, such as "7 名中 5 名".
    assert!(changed > 800, "only {changed} digits were changed");
    assert!(changed - caught <= 7, "{caught} of {changed} were caught");
}

/// The first block of the guide is a release, and passes every check.
#[test]
fn the_example_of_the_guide_is_a_good_release() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/README.md")).unwrap();
    let block = guide.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let release = read_release("guide", "guide.toml", block).unwrap_or_else(|error| panic!("{error}"));
    for check in reffect::check::of_release(&release, Rounding::default()) {
        assert_ne!(check.status, Status::Fail, "{check:?}");
    }
}

/// Forms that the five releases do not use, there and back.
#[test]
fn rare_forms_read_back_as_they_were_written() {
    let text = r#"
label = { en = "A \"quoted\" label", ja = "引用符 \\ 付き" }
title = "Title"
publisher = "not stated"
date = "not stated"
language = "en"
kind = "trial"
registrations = ["NCT00000000"]
source = { file = "release.txt", url = "https://example.org/a?b=c" }
paper = { authors = "A B", journal = "J", year = 2020, volume = "1", pages = "2–3", pmid = "4" }

[[occasion]]
id = "baseline"
label = "start"
[[occasion]]
id = "month-6"
label = { en = "6 months", ja = "6か月" }

[[arm]]
id = "a"
label = "A"
n = "１２"
quote = "１２"
[[arm]]
id = "b"
label = "B"
n = "70例以上"
quote = "70例以上"

[[outcome]]
id = "listed"
label = "listed"
scale = { values = [0, 0.5, 2] }
[[outcome.result]]
arm = "a"
baseline = "1.5 (range 0–2)"
month-6 = "0.5 [0, 2]"
statistic = "median"
spread = "range"
quote = "1.5 (range 0–2), 0.5 [0, 2]"

[[outcome]]
id = "stepped"
label = "stepped"
better = "higher"
scale = { min = -3, max = 3, step = 0.5 }
[[outcome.result]]
arm = "a"
baseline = "−0.50 (0.20)"
month-6 = "１．００±０．３０"
spread = "se"
quote = "−0.50 (0.20)"
[[outcome.result]]
arm = "b"
month-6 = "3/12"
quote = "3/12"

[[number]]
id = "share"
label = "share"
value = "79%"
of = "a"
quote = "79%"
[[number]]
id = "big"
label = "big"
value = "5万"
rounded_to = 50000
quote = "5万"
[[number]]
id = "fraction"
label = "fraction"
value = "３／１２"
of = "a"
quote = "３／１２"

[[statement]]
claim = "not-significant"
label = "no difference"
outcome = ["listed", "stepped"]
arm = "a"
versus = "b"
p = "p ≥ .05"
from = "paper"
quote = "p ≥ .05"
"#;
    let release = read_release("rare", "rare.toml", text).unwrap_or_else(|error| panic!("{error}"));
    let written = release_toml(&release);
    let again = read_release("rare", "written.toml", &written).unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert_eq!(again, release);
    for printed in [
        "１２",
        "70例以上",
        "1.5 (range 0–2)",
        "−0.50 (0.20)",
        "１．００±０．３０",
        "79%",
        "5万",
        "３／１２",
        "p ≥ .05",
    ] {
        assert!(written.contains(printed), "{printed} prints otherwise:\n{written}");
    }
}
