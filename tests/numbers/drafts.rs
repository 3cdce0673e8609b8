//! What becomes of sentences: each with all of its draft that is neither a phrase to quote nor a label to write.

use reffect::numeric::numeral::Numeral;
use reffect::read::read_release;
use reffect::report::release_toml::release_toml;
use reffect::reported::{Cell, NumberForm, Release};
use reffect::transcribe::draft;

/// Arms, results, numbers, effects and probabilities of a draft, each in a line.
fn drafted(text: &str) -> Vec<String> {
    let release = draft("t", "t.txt", text).unwrap();
    let written = release_toml(&release);
    let again = read_release("t", "t.toml", &written).unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert_eq!(again, release, "{text}");
    for check in reffect::check::provenance::numbers_in_quotes(&release) {
        assert_eq!(check.status, reffect::check::Status::Pass, "{text}: {check:?}");
    }
    let mut lines = Vec::new();
    for arm in &release.arms {
        let label =
            arm.label.en.replace("to do: the patients, and how many", "all").replace("to do: the patients", "all");
        if label != "all" || arm.n.is_some() {
            lines.push(format!("arm {label} n={}", arm.n.as_ref().map_or("?", |n| n.text())));
        }
    }
    for (place, outcome) in release.outcomes.iter().enumerate() {
        let unit = outcome.exposure.as_ref().map(|exposure| exposure.unit.en.clone());
        for result in &outcome.results {
            for (occasion, cell) in result.reported() {
                lines.push(format!(
                    "{} {}{}",
                    place + 1,
                    arm_of(&release, &result.arm),
                    cell_of(occasion, cell, unit.as_deref())
                ));
            }
        }
    }
    for number in &release.numbers {
        let (NumberForm::Single(numeral), unit) = (&number.form, number.unit.as_ref()) else {
            lines.push(format!("number {}", number.form.text()));
            continue;
        };
        let percent = number.percent.as_ref().map(|percent| format!(" ({})", percent.text()));
        let unit = unit.map(|unit| format!(" {}", unit.en));
        lines.push(format!("number {}{}{}", numeral.text(), percent.unwrap_or_default(), unit.unwrap_or_default()));
    }
    for of in &release.estimates {
        let se = of.se.as_ref().map(|se| format!(" se {}", se.text()));
        let p = of.p.as_ref().map(|p| format!(" {}", p.text));
        lines.push(format!(
            "{} {}{}{}",
            of.measure.name(),
            of.printed(),
            se.unwrap_or_default(),
            p.unwrap_or_default()
        ));
    }
    lines.extend(release.statements.iter().filter_map(|of| Some(of.p.as_ref()?.text.clone())));
    lines
}

fn arm_of(release: &Release, id: &str) -> String {
    let label = release.arm(id).map(|arm| arm.label.en.clone()).unwrap_or_default();
    if label.starts_with("to do") { String::new() } else { format!("{label}: ") }
}

fn cell_of(occasion: &str, cell: &Cell, unit: Option<&str>) -> String {
    let time = cell.time.as_ref().map(Numeral::text).zip(unit).map(|(time, unit)| format!(" over {time} {unit}"));
    format!("{} {occasion} {}{}", cell.statistic.name(), cell.text, time.unwrap_or_default())
}

fn assert_drafts(examples: &[(&str, &[&str])]) {
    for (text, expected) in examples {
        assert_eq!(drafted(text), *expected, "{text}");
    }
}

#[test]
fn events_over_a_person_time_are_no_part_of_people() {
    assert_drafts(&[
        ("再発は15件/125.0人年であった。", &["1 events open 15件 over 125.0 person-years"]),
        ("再発は15件／125人年であった。", &["1 events open 15件 over 125 person-years"]),
        ("120.5人年の追跡で45件の再発があった。", &["1 events open 45件 over 120.5 person-years"]),
        ("There were 15 events/125.0 patient-years.", &["1 events open 15 over 125.0 patient-years"]),
        (
            "45 relapses over 120.5 person-years were counted in the drug group and 60 relapses over 118.0 person-years in \
             the placebo group.",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: events open 45 over 120.5 person-years",
                "1 placebo group: events open 60 over 118.0 person-years",
            ],
        ),
        // A rate has another number of person-years than anybody was observed, and people are no events.
        ("The rate was 12.4 per 100 patient-years.", &["number 12.4"]),
        ("発生率は100人年あたり12.4であった。", &["number 12.4"]),
        ("3例/125.0人年", &["number 3例", "number 125.0 person-years"]),
        ("The follow-up was 125.0 patient-years.", &["number 125.0 patient-years"]),
        ("15人、年齢は", &["number 15人"]),
    ]);
}

#[test]
fn a_mean_in_per_cent_is_no_share_of_people() {
    assert_drafts(&[
        ("HbA1c fell to 8.0% (0.9) at week 24.", &["1 mean week-24 8.0% (0.9)"]),
        (
            "HbA1c was 8.1% (SD 0.9) at baseline and 7.2% (SD 0.8) at week 24.",
            &["1 mean before 8.1% (SD 0.9)", "1 mean week-24 7.2% (SD 0.8)"],
        ),
        ("Events: 8.0% (5), 5 (8.0%).", &["number 5 (8.0%)", "number 5 (8.0%)"]),
        ("Survival at 12 months was 71.0% (61.2–78.8).", &["number 71.0%", "number 61.2", "number 78.8"]),
        ("The median FVC was 71.0% (61.2–78.8).", &["1 median open 71.0% (61.2–78.8)"]),
    ]);
}

#[test]
fn the_size_of_an_arm_is_of_people_who_were_studied() {
    let n = |text: &str| draft("t", "t.txt", text).unwrap().arms[0].n.as_ref().map(|n| n.text().to_owned());
    for (text, expected) in [
        ("Discontinuation occurred in 5 patients.", None),
        ("Discontinuation occurred in 5 patients. 120 patients were enrolled.", Some("120")),
        ("5 patients died. We treated 24 patients.", Some("24")),
        ("The drug was given in a trial of 24 patients.", Some("24")),
        ("悪化した患者は3例であった。", None),
        ("悪化した患者は3例であった。患者30例を対象とした。", Some("30例")),
        ("30名の患者が登録された。", Some("30名")),
        ("難治性患者 7 名に対し、投与した。", Some("7 名")),
    ] {
        assert_eq!(n(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn a_change_ends_where_another_begins() {
    assert_drafts(&[
        (
            "女性では22.4±3.1点から18.9±4.0点に、男性では23.0±2.9点から21.7±3.3点に低下した。",
            &[
                "1 mean before 22.4±3.1点",
                "1 mean after 18.9±4.0点",
                "2 mean before 23.0±2.9点",
                "2 mean after 21.7±3.3点",
            ],
        ),
        ("EDSSは投与前5.1±1.7、投与12か月後4.1±1.6であった。", &["1 mean before 5.1±1.7", "1 mean month-12 4.1±1.6"]),
    ]);
}

#[test]
fn changes_go_on_from_arm_to_arm() {
    assert_drafts(&[
        (
            "Change from baseline in MADRS was −21.4 ± 1.3 with esketamine and −17.0 ± 1.4 with placebo.",
            &[
                "arm esketamine n=?",
                "arm placebo n=?",
                "1 esketamine: change after −21.4 ± 1.3",
                "1 placebo: change after −17.0 ± 1.4",
            ],
        ),
        (
            "Pain improved by 2.3 ± 1.1 points with drug X versus 0.8 ± 1.2 points with placebo.",
            &[
                "arm drug X n=?",
                "arm placebo n=?",
                "1 drug X: change after 2.3 ± 1.1 points",
                "1 placebo: change after 0.8 ± 1.2 points",
            ],
        ),
        ("Pain improved by 2.3 ± 1.1 points.", &["1 change after 2.3 ± 1.1 points"]),
        ("Pain was lower by 2.3 ± 1.1 points.", &["1 mean open 2.3 ± 1.1 points"]),
    ]);
}

#[test]
fn arms_have_their_n_and_ranges_doses_and_grades_are_no_results() {
    assert_drafts(&[
        (
            "Patients were randomised to exercise (n = 63) or education (n = 61). Pain (0–10) was 6.1 ± 1.2 at baseline and 4.2 \
             ± 1.1 at week 12 in the exercise group.",
            &[
                "arm exercise group n=63",
                "arm education n=61",
                "1 exercise group: mean before 6.1 ± 1.2",
                "1 exercise group: mean week-12 4.2 ± 1.1",
                "number 63",
                "number 61",
            ],
        ),
        (
            "They were randomised to drug A (n = 36) or placebo (n = 36). Scores (0 to 20) fell by 5.0 ± 1.1 with drug A and 2.0 \
             ± 1.2 with placebo.",
            &[
                "arm drug A n=36",
                "arm placebo n=36",
                "1 drug A: change after 5.0 ± 1.1",
                "1 placebo: change after 2.0 ± 1.2",
                "number 36",
                "number 36",
            ],
        ),
        ("In all, 72 were randomised (n = 72), and treated (n = 70).", &["number 72", "number 72", "number 70"]),
        ("スコア（0～80点）は40.2点であった。", &["number 40.2点"]),
        (
            "Drug A 50 mg daily gave PASI 75 in 40 of 60 patients; Grade 3 events were 5.",
            &["number 40 of 60", "number 5"],
        ),
        ("CRP was 3.1 mg/dL, and prednisolone fell from 15 mg to 5 mg.", &["number 3.1", "number 15", "number 5"]),
        ("BOSTON, Jan. 18, 2025, 3 marked changes", &["number 3"]),
    ]);
}

#[test]
fn an_estimate_has_its_standard_error_and_its_interval() {
    assert_drafts(&[
        (
            "LS mean difference vs placebo was -1.2 (SE 0.4; 95% CI -2.0, -0.4; p=0.003).",
            &["mean-difference -1.2 (-2.0 to -0.4) se 0.4 p=0.003"],
        ),
        (
            "Pain improved (difference −4.0, SE 1.69, 95% CI −7.31 to −0.64).",
            &["mean-difference −4.0 (−7.31 to −0.64) se 1.69"],
        ),
        (
            "The difference was −4.0 (SE 1.69), 95% CI −7.31 to −0.64.",
            &["mean-difference −4.0 (−7.31 to −0.64) se 1.69"],
        ),
    ]);
}

#[test]
fn people_of_two_groups_are_counts_of_an_outcome() {
    assert_drafts(&[
        (
            "29 patients in the drug X group and 14 patients in the placebo group were responders (60.4% vs 29.2%; p = 0.002).",
            &[
                "arm drug X group n=?",
                "arm placebo group n=?",
                "1 drug X group: count open 29",
                "1 placebo group: count open 14",
                "number 60.4%",
                "number 29.2%",
                "p = 0.002",
            ],
        ),
        (
            "Of these, 29 patients in the drug X group and 14 patients in the placebo group completed the trial.",
            &["number 29", "number 14"],
        ),
    ]);
}

#[test]
fn what_was_not_found_is_left_to_do() {
    let text =
        "LEEDS, 12 March 2024 — A drug reduced relapses in a small group of people with a rare disease of the nerves.";
    let release = draft("t", "t.txt", text).unwrap();
    let publisher = release.publisher.as_ref().map(|publisher| publisher.en.as_str());
    assert_eq!(publisher, Some("to do: who published it"));
    assert_eq!(release.title.en, "to do: the title");
    let undated = draft("t", "t.txt", "Relapses fell\n\nA drug reduced relapses.").unwrap();
    assert!(undated.date.is_none() && undated.label.en.contains("no date was found"), "{:?}", undated.label);
    let unfinished = reffect::check::provenance::unfinished(&release).unwrap();
    assert!(unfinished.message.contains("4 entries say"), "{}", unfinished.message);
}
