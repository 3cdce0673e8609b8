//! What becomes of sentences: each with all of its draft that is neither a phrase to quote nor a label to write.

use reffect::numeric::numeral::Numeral;
use reffect::read::read_release;
use reffect::report::release_toml::release_toml;
use reffect::reported::{Cell, NumberForm, Release};
use reffect::transcribe::draft;

/// Arms, results, numbers, effects and probabilities of a draft, each in a line.
pub(super) fn drafted(text: &str) -> Vec<String> {
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
            "{}{} {}{}{}",
            between_arms(&release, of.arm.as_deref(), of.versus.as_deref()),
            of.measure.name(),
            of.printed(),
            se.unwrap_or_default(),
            p.unwrap_or_default()
        ));
    }
    lines.extend(release.statements.iter().filter_map(|of| {
        let arms = between_arms(&release, of.arm.as_deref(), of.versus.as_deref());
        Some(format!("{arms}{}", of.p.as_ref()?.text))
    }));
    lines
}

fn between_arms(release: &Release, arm: Option<&str>, versus: Option<&str>) -> String {
    let of_arm = arm.map(|arm| arm_of(release, arm)).unwrap_or_default();
    match versus {
        Some(versus) => format!("{} vs {}", of_arm.trim_end_matches(": "), arm_of(release, versus)),
        None => of_arm,
    }
}

fn arm_of(release: &Release, id: &str) -> String {
    let label = release.arm(id).map(|arm| arm.label.en.clone()).unwrap_or_default();
    if label.starts_with("to do") { String::new() } else { format!("{label}: ") }
}

fn cell_of(occasion: &str, cell: &Cell, unit: Option<&str>) -> String {
    let time = cell.time.as_ref().map(Numeral::text).zip(unit).map(|(time, unit)| format!(" over {time} {unit}"));
    format!("{} {occasion} {}{}", cell.statistic.name(), cell.text, time.unwrap_or_default())
}

pub(super) fn assert_drafts(examples: &[(&str, &[&str])]) {
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
        ("Survival at 12 months was 71.0% (61.2–78.8).", &["number 71.0%"]),
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
        ("In a substudy involving 98 participants. A total of 795 participants were enrolled.", Some("795")),
        (
            "120 patients were enrolled, and 24 patients were included. A total of 110 patients were treated.",
            Some("110"),
        ),
        ("One trial enrolled 120 patients, and 131 patients were enrolled in the other.", None),
        ("187 of 195 patients randomly allocated drug A were included. 75 (40%) patients included relapsed.", None),
        ("195 patients were randomly assigned to drug A or placebo.", Some("195")),
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
        ("Pain improved by a mean (SD) of 2.3 (1.1) points.", &["1 change after 2.3 (1.1)"]),
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
                "1 drug A: change after -5.0 ± 1.1",
                "1 placebo: change after -2.0 ± 1.2",
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
            "In all, 63/94 patients (67.0%) in the drug X group and 37/92 (40.2%) in the placebo group responded.",
            &[
                "arm drug X group n=?",
                "arm placebo group n=?",
                "1 drug X group: count open 63/94 (67.0%)",
                "1 placebo group: count open 37/92 (40.2%)",
            ],
        ),
        (
            "At week 26, response was seen in 43.3% of patients in the drug X group versus 26.6% in the placebo group.",
            &[
                "arm drug X group n=?",
                "arm placebo group n=?",
                "1 drug X group: percent week-26 43.3%",
                "1 placebo group: percent week-26 26.6%",
            ],
        ),
        (
            "The drug X group and the placebo group were alike. Deaths were reported in 5 (5.3%) and 9 (9.8%) patients, respectively.",
            &[
                "arm drug X group n=?",
                "arm placebo group n=?",
                "1 drug X group: count open 5 (5.3%)",
                "1 placebo group: count open 9 (9.8%)",
            ],
        ),
        (
            "有害事象は実薬群で15例中9例（60.0％）、対照群で15例中7例（46.7％）に認められた。",
            &[
                "arm 実薬群 n=?",
                "arm 対照群 n=?",
                "1 実薬群: count open 15例中9例 (60.0％)",
                "1 対照群: count open 15例中7例 (46.7％)",
            ],
        ),
        ("実薬群29例、対照群14例であった。", &["number 29例", "number 14例"]),
        ("The drug X group and the placebo group had 12 and 15 relapses, respectively.", &["number 12", "number 15"]),
        (
            "94 patients (50.5%) were assigned to the drug X group and 92 patients (49.5%) to the placebo group.",
            &["arm drug X group n=94", "arm placebo group n=92", "number 94 (50.5%)", "number 92 (49.5%)"],
        ),
        (
            "Of these, 29 patients in the drug X group and 14 patients in the placebo group completed the trial.",
            &["number 29", "number 14"],
        ),
    ]);
}

#[test]
fn columns_may_be_divided_by_blanks() {
    assert_drafts(&[(
        "Table 1. Values, mean ± SD\n            Drug group (n=40)   Placebo group (n=38)\nHbA1c, baseline   7.8±0.9    \
         7.7±0.8\nHbA1c, week 24    6.9±0.7    7.4±0.9\n",
        &[
            "arm Drug group n=40",
            "arm Placebo group n=38",
            "1 Drug group: mean before 7.8±0.9",
            "1 Drug group: mean week-24 6.9±0.7",
            "1 Placebo group: mean before 7.7±0.8",
            "1 Placebo group: mean week-24 7.4±0.9",
            "number 40",
            "number 38",
        ],
    )]);
}

#[test]
fn what_came_of_the_other_group_is_no_value_before() {
    assert_drafts(&[
        (
            "Pain (mean ± SD) fell from 6.1 ± 1.2 to 4.0 ± 1.5 in the drug group and to 5.5 ± 1.4 in the placebo group.",
            &[
                "arm drug group n=?",
                "arm placebo group n=?",
                "1 drug group: mean before 6.1 ± 1.2",
                "1 drug group: mean after 4.0 ± 1.5",
                "1 placebo group: mean after 5.5 ± 1.4",
            ],
        ),
        (
            "疼痛は6.1±1.2から実薬群では4.0±1.5に、プラセボ群では5.5±1.4に低下した。",
            &[
                "arm 実薬群 n=?",
                "arm プラセボ群 n=?",
                "1 mean before 6.1±1.2",
                "1 実薬群: mean after 4.0±1.5",
                "1 プラセボ群: mean after 5.5±1.4",
            ],
        ),
    ]);
}

#[test]
fn citations_and_levels_are_no_results() {
    assert_drafts(&[
        ("See N Engl J Med 2019;381(4):e12, Lancet 2020; 395(10223): 497–506 and 64巻（3号）：203–210頁。", &[]),
        ("There were 42 level 2 events in 149.3 patient-years.", &["1 events open 42 over 149.3 patient-years"]),
        (
            "The geometric mean ratio was 0.76 (95% CI 0.68-0.85) in the 300 mg arm and 1.02 (95% CI 0.92-1.13) in the placebo arm.",
            &[
                "arm 300 mg arm n=?",
                "arm placebo arm n=?",
                "300 mg arm: ratio-of-geometric-means 0.76 (0.68 to 0.85)",
                "placebo arm: ratio-of-geometric-means 1.02 (0.92 to 1.13)",
            ],
        ),
    ]);
}

#[test]
fn shares_of_two_groups_have_their_intervals_and_counts() {
    let arms = ["arm drug A group n=?", "arm placebo group n=?"];
    let with_intervals = [
        arms[0],
        arms[1],
        "1 drug A group: percent open 62.3% (55.3 to 68.9)",
        "1 placebo group: percent open 20.1% (14.9 to 26.2)",
    ];
    let with_counts = [
        arms[0],
        arms[1],
        "1 drug A group: count open 129 of 207 (62.3%)",
        "1 placebo group: count open 41 of 204 (20.1%)",
    ];
    assert_drafts(&[
        (
            "The response rate was 62.3% (95% CI, 55.3 to 68.9) in the drug A group and 20.1% (14.9 to 26.2) in the placebo group.",
            &with_intervals,
        ),
        (
            "The response rate was 62.3% (95% CI 55.3-68.9) for the drug A group versus 20.1% (95% CI 14.9-26.2) for the placebo group.",
            &with_intervals,
        ),
        (
            "The response rate was 62.3% (129 of 207 patients; 95% CI, 55.3 to 68.9) in the drug A group and 20.1% (41 of 204; \
             95% CI, 14.9 to 26.2) in the placebo group.",
            &with_counts,
        ),
        (
            "The response rate was 62.3% (95% CI, 55.3 to 68.9; 129 of 207 patients) in the drug A group and 20.1% (95% CI, \
             14.9 to 26.2; 41 of 204) in the placebo group.",
            &with_counts,
        ),
        (
            "全奏効率は、実薬群で62.3％（95％信頼区間：55.3–68.9、129/207例）、対照群で20.1％（95％信頼区間：14.9–26.2、41/204例）でした。",
            &[
                "arm 実薬群 n=?",
                "arm 対照群 n=?",
                "1 実薬群: count open 129/207例 (62.3％)",
                "1 対照群: count open 41/204例 (20.1％)",
            ],
        ),
        (
            "奏効率は実薬群62.3％（95％信頼区間：55.3–68.9）、対照群20.1％（95％信頼区間：14.9–26.2）であった。",
            &[
                "arm 実薬群 n=?",
                "arm 対照群 n=?",
                "1 実薬群: percent open 62.3％ (55.3 to 68.9)",
                "1 対照群: percent open 20.1％ (14.9 to 26.2)",
            ],
        ),
        // Of one group alone they are numbers, with the interval beside them.
        ("The response rate was 62.3% (95% CI, 55.3 to 68.9) in the drug A group.", &["number 62.3%"]),
    ]);
}

#[test]
fn a_size_in_brackets_is_that_of_all_where_no_group_is_named() {
    let n = |text: &str| {
        let release = draft("t", "t.txt", text).unwrap();
        let arm = &release.arms[0];
        assert!(arm.n.as_ref().is_none_or(|n| arm.passage.quote.contains(n.text())), "{arm:?}");
        arm.n.as_ref().map(|n| n.text().to_owned())
    };
    assert_eq!(n("relapse rate 2.9 ± 1.1 → 0.4 ± 0.8, n = 7, p < 0.005").as_deref(), Some("7"));
    assert_eq!(n("疼痛は6.2±1.4から4.1±1.9に低下した（n＝30、p＝0.003）。").as_deref(), Some("30"));
    assert_eq!(n("Pain fell from 6.2 ± 1.4 (n = 30) to 4.1 ± 1.9 (n = 28)."), None);
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

#[test]
fn a_p_behind_the_changes_of_two_arms_is_of_their_comparison() {
    let english = [
        "arm drug A group n=?",
        "arm placebo group n=?",
        "drug A group: mean-change −2.1 (−3.2 to −1.0)",
        "placebo group: mean-change −0.4 (−1.3 to 0.5)",
        "drug A group vs placebo group: p = 0.002",
    ];
    let japanese = [
        "arm 実薬群 n=?",
        "arm プラセボ群 n=?",
        "実薬群: mean-change −2.1 (−3.2 to −1.0)",
        "プラセボ群: mean-change −0.4 (−1.3 to 0.5)",
        "実薬群 vs プラセボ群: p＝0.002",
    ];
    assert_drafts(&[
        (
            "The mean change was −2.1 [95% CI −3.2 to −1.0] in the drug A group versus −0.4 [95% CI −1.3 to 0.5] in the \
             placebo group (p = 0.002).",
            &english,
        ),
        (
            "The drug A group had a mean change of −2.1 (95% CI −3.2 to −1.0) and the placebo group −0.4 (95% CI −1.3 to \
             0.5), p = 0.002.",
            &english,
        ),
        ("変化量は実薬群−2.1（95%CI −3.2～−1.0）、プラセボ群−0.4（95%CI −1.3～0.5）であった（p＝0.002）。", &japanese),
        (
            "LS mean change −2.1 (SE 0.4) for drug A versus −0.4 (SE 0.5) for placebo; p=0.008.",
            &[
                "arm drug A n=?",
                "arm placebo n=?",
                "drug A: mean-change −2.1 se 0.4",
                "placebo: mean-change −0.4 se 0.5",
                "drug A vs placebo: p=0.008",
            ],
        ),
        // Each its own.
        (
            "The mean change was −2.1 (95% CI −3.2 to −1.0; p = 0.001) with drug A and −0.4 (95% CI −1.3 to 0.5; p = 0.40) \
             with placebo.",
            &["mean-change −2.1 (−3.2 to −1.0) p = 0.001", "mean-change −0.4 (−1.3 to 0.5) p = 0.40"],
        ),
    ]);
}

#[test]
fn a_percent_change_of_each_arm_compares_none() {
    assert_drafts(&[
        (
            "LDL変化率は、70mg群で−51.2％（標準誤差2.1）、プラセボ群で＋1.4％（標準誤差2.2）でした。",
            &[
                "arm 70mg群 n=?",
                "arm プラセボ群 n=?",
                "70mg群: percent-increase −51.2％ se 2.1",
                "プラセボ群: percent-increase ＋1.4％ se 2.2",
            ],
        ),
        (
            "The percent change in LDL was −51.2% (SE 2.1) in the drug A group and 1.4% (SE 2.2) in the placebo group.",
            &[
                "arm drug A group n=?",
                "arm placebo group n=?",
                "drug A group: percent-increase −51.2% se 2.1",
                "placebo group: percent-increase 1.4% se 2.2",
            ],
        ),
        (
            "The mean reduction in LDL was 52.3% (95% CI, 48.9 to 55.3) in the drug A group and 2.1% (95% CI, 0.9 to 3.3) in the \
             placebo group.",
            &[
                "arm drug A group n=?",
                "arm placebo group n=?",
                "drug A group: percent-reduction 52.3% (48.9 to 55.3)",
                "placebo group: percent-reduction 2.1% (0.9 to 3.3)",
            ],
        ),
    ]);
}

#[test]
fn from_and_to_are_before_and_after_whatever_stands_in_front() {
    let after: &[&str] = &["1 mean before 5.4 ± 1.2", "1 mean after 3.9 ± 1.4"];
    let week: &[&str] = &["1 mean before 5.4 ± 1.2", "1 mean week-24 3.9 ± 1.4"];
    assert_drafts(&[
        ("Relapses were reduced after treatment [from 5.4 ± 1.2 to 3.9 ± 1.4].", after),
        ("The score fell from 5.4 ± 1.2 to 3.9 ± 1.4 (p < 0.01) after treatment.", &[after, &["p < 0.01"]].concat()),
        ("The score fell after 24 weeks from 5.4 ± 1.2 to 3.9 ± 1.4.", week),
        ("The dose fell by 28%, from 5.4 ± 1.2 to 3.9 ± 1.4.", &[after, &["number 28%"]].concat()),
        ("The mean fell by 28% from a mean of 5.4 ± 1.2 to 3.9 ± 1.4.", &[after, &["number 28%"]].concat()),
        ("治療後、障害度は5.4±1.2から3.9±1.4に低下した。", &["1 mean before 5.4±1.2", "1 mean after 3.9±1.4"]),
        ("障害度は5.4±1.2から治療後3.9±1.4に低下した。", &["1 mean before 5.4±1.2", "1 mean after 3.9±1.4"]),
        ("摂取前の5.4±1.2から24週後には3.9±1.4に低下した。", &["1 mean before 5.4±1.2", "1 mean week-24 3.9±1.4"]),
        (
            "The score fell by 1.5 points (SD 0.8) from 5.4 points (SD 1.2) to 3.9 points (SD 1.4).",
            &[
                "1 change after -1.5 points (SD 0.8)",
                "2 mean before 5.4 points (SD 1.2)",
                "2 mean after 3.9 points (SD 1.4)",
            ],
        ),
        ("Scores ranged from 5.4 ± 1.2 to 3.9 ± 1.4.", &["1 mean open 5.4 ± 1.2", "2 mean open 3.9 ± 1.4"]),
        ("12週時の5.4±1.2から24週時の3.9±1.4に低下した。", &["1 mean week-12 5.4±1.2", "1 mean week-24 3.9±1.4"]),
        (
            "障害度は5.4±1.2から3.9±1.4に改善しました。痛みは4.0±1.1から12か月後に1.2±0.9になりました。",
            &["1 mean before 5.4±1.2", "1 mean after 3.9±1.4", "2 mean before 4.0±1.1", "2 mean month-12 1.2±0.9"],
        ),
    ]);
}

#[test]
fn what_is_listed_has_its_names_in_order() {
    let weeks: &[&str] = &["1 mean week-2 7.2 ± 1.0", "1 mean week-6 6.1 ± 1.1", "1 mean week-10 4.9 ± 1.2"];
    assert_drafts(&[
        ("At weeks 2, 6 and 10 the mean was 7.2 ± 1.0, 6.1 ± 1.1 and 4.9 ± 1.2, respectively.", weeks),
        ("Values of 7.2 ± 1.0 (mean ± SD), 6.1 ± 1.1, and 4.9 ± 1.2 were seen at 2, 6, and 10 weeks.", weeks),
        (
            "摂取2週後、6週後、10週後にそれぞれ7.2±1.0、6.1±1.1、4.9±1.2であった。",
            &["1 mean week-2 7.2±1.0", "1 mean week-6 6.1±1.1", "1 mean week-10 4.9±1.2"],
        ),
        (
            "摂取2・6・10週後の値は順に7.2±1.0、6.1±1.1、4.9±1.2であった。",
            &["1 mean week-2 7.2±1.0", "1 mean week-6 6.1±1.1", "1 mean week-10 4.9±1.2"],
        ),
        (
            "実薬群およびプラセボ群の変化量はそれぞれ−3.2±1.0、−1.1±1.2であった。",
            &[
                "arm 実薬群 n=?",
                "arm プラセボ群 n=?",
                "1 実薬群: change after −3.2±1.0",
                "1 プラセボ群: change after −1.1±1.2",
            ],
        ),
        // Two times for three values, and two times for two groups.
        (
            "2週後、6週後の値はそれぞれ7.2±1.0、6.1±1.1、4.9±1.2であった。",
            &["1 mean open 7.2±1.0", "2 mean open 6.1±1.1", "3 mean open 4.9±1.2"],
        ),
        (
            "Between weeks 2 and 6 the values were 7.2 ± 1.0 and 6.1 ± 1.1.",
            &["1 mean open 7.2 ± 1.0", "2 mean open 6.1 ± 1.1"],
        ),
    ]);
}

#[test]
fn a_number_has_its_interval_beside_it() {
    let label = |text: &str| {
        let release = draft("t", "t.txt", text).unwrap();
        assert_eq!((release.numbers.len(), release.outcomes.len()), (1, 0), "{text}: {release:?}");
        release.numbers[0].label.en.clone()
    };
    for (text, note) in [
        ("The rate was 46.2% (95% CI 41.0–51.4).", "its interval of 95 % is 41.0 to 51.4"),
        ("Median survival was 9.1 months (90% CI, 7.2 to 11.0).", "its interval of 90 % is 7.2 to 11.0"),
        ("奏効率は46.2％（95%信頼区間：41.0～51.4）であった。", "its interval of 95 % is 41.0 to 51.4"),
        ("奏効率は46.2％（30/65例、98.5%CI 41.0～51.4）であった。", "its interval of 98.5 % is 41.0 to 51.4"),
        ("Survival was 46.2% (41.0–51.4).", "in brackets 41.0 to 51.4: the text does not say what they are"),
        ("It was 46.2 (41.0–51.4).", "in brackets 41.0 to 51.4: the text does not say what they are"),
    ] {
        assert!(label(text).contains(note), "{text}: {}", label(text));
    }
}

#[test]
fn an_interval_is_that_of_the_number_beside_it() {
    assert_drafts(&[
        (
            "Of 24 patients with an event the interval (95% CI 1.2 to 3.4) was told.",
            &["number 24", "number 1.2", "number 3.4"],
        ),
        (
            "Median survival was 8.7 months (95% CI 7.6–10.1) in one and 10.6 months (9.5–12.3) in the other.",
            &["1 median open 8.7 months (95% CI 7.6–10.1)", "2 median open 10.6 months (9.5–12.3)"],
        ),
    ]);
}

#[test]
fn a_bracket_in_front_names_what_stands_in_those_behind() {
    let spreads = |text: &str| -> Vec<String> {
        let written = release_toml(&draft("t", "t.txt", text).unwrap());
        let lines = written.lines().filter_map(|line| line.strip_prefix("spread = "));
        lines.map(|spread| spread.trim_matches('"').to_owned()).collect()
    };
    for (text, expected) in [
        ("Mean (SD) age was 51.2 (9.8) years.", &["sd"] as &[&str]),
        ("LS mean [SE] change was −3.2 (0.4) at week 12.", &["se"]),
        ("Median (IQR) score was 6.2 (4.1–7.9).", &["quartiles"]),
        ("スコアの中央値（範囲）は6.2（4.1～7.9）であった。", &["range"]),
        ("スコアの平均（標準偏差）は6.2（4.1）であった。", &["sd"]),
        ("Median score was 6.2 (4.1–7.9).", &["unexplained"]),
        ("Scores were 6.2 (IQR 4.1–7.9) at baseline and 5.0 (3.1–6.2) at week 4.", &["quartiles"]),
        // Another sentence, and more than a name.
        ("Mean (SD) age. The score was 6.2 (4.1) in all.", &["unexplained"]),
        ("The mean (n = 12; SD) score was 6.2 (4.1).", &["unexplained"]),
    ] {
        assert_eq!(spreads(text), expected, "{text}");
    }
}

#[test]
fn a_difference_with_its_interval_named_in_front_is_an_effect() {
    assert_drafts(&[
        (
            "群間差（95%信頼区間）は−0.71%[−0.93,−0.49]であった（p<0.001）。",
            &["mean-difference −0.71% (−0.93 to −0.49) p<0.001"],
        ),
        (
            "Pain changed by -6.1 points (95% CI -8.0 to -4.2), compared with +0.9 points (-0.8 to 2.6).",
            &["mean-change -6.1 (-8.0 to -4.2)", "mean-change +0.9 (-0.8 to 2.6)"],
        ),
        ("HR 0.68 (98.51% CI 0.51-0.90).", &["hazard-ratio 0.68 (0.51 to 0.90)"]),
    ]);
    let odd = draft("t", "t.txt", "HR 0.68 (98.51% CI 0.51-0.90).").unwrap();
    assert!(release_toml(&odd).contains("level = \"0.9851\""), "{}", release_toml(&odd));
}

#[test]
fn people_are_counted_in_kanji_and_their_powers() {
    let text = "対象は1万5,210人の患者である。患者十二名に投与した。";
    let release = draft("t", "t.txt", text).unwrap();
    assert_eq!(release.arms[0].n.as_ref().and_then(Numeral::count), Some(15_210));
    for number in ["15210", "1万5,210人", "12", "十二名"] {
        assert!(reffect::check::provenance::holds_number(text, number), "{number}");
    }
    for number in ["15", "2"] {
        assert!(!reffect::check::provenance::holds_number("対象は1万5,210人、患者十二名", number), "{number}");
    }
}

#[test]
fn a_table_has_its_arms_and_times_in_its_header() {
    let arms = [
        "arm プラセボ群 n=120",
        "arm 実薬群 n=115",
        "1 プラセボ群: mean before 8.7±3.1",
        "1 実薬群: mean before 8.5±2.7",
        "2 プラセボ群: change after −0.7±0.3",
        "2 実薬群: change after −3.4±0.4",
    ];
    let numbers = ["number 120", "number 115", "number −2.7"];
    for divider in ["|", "\t"] {
        let table = "| 項目 | プラセボ群(N=120) | 実薬群(N=115) |\n\
                     | ベースライン | 8.7±3.1 | 8.5±2.7 |\n\
                     | 変化量 | −0.7±0.3 | −3.4±0.4 |\n\
                     | 群間差(95%信頼区間) | | −2.7(−3.6,−1.8) |\n\
                     副作用はなかった。";
        let text = if divider == "|" {
            table.to_owned()
        } else {
            table.replace(" | ", "\t").replace("| ", "").replace(" |", "")
        };
        let drafted = drafted(&text);
        assert_eq!(drafted[..6], arms, "{text}");
        assert!(
            drafted[6..].iter().all(|line| numbers.contains(&line.as_str()) || line.starts_with("mean-difference"))
        );
    }
    assert_drafts(&[(
        "| | Baseline | Week 12 |\n| Score | 6.2 ± 1.1 | 4.9 ± 1.3 |",
        &["1 mean before 6.2 ± 1.1", "1 mean week-12 4.9 ± 1.3"],
    )]);
}

#[test]
fn a_control_beside_others_is_an_arm_of_its_own() {
    assert_drafts(&[(
        "患者12名のスコアは34.1±9.7点から26.4±10.2点に改善した。偽刺激群10名では33.0±8.8点から31.8±9.1点であった。",
        &[
            "arm 偽刺激群 n=10名",
            "1 mean before 34.1±9.7点",
            "1 mean after 26.4±10.2点",
            "2 偽刺激群: mean before 33.0±8.8点",
            "2 偽刺激群: mean after 31.8±9.1点",
            "number 12名",
            "number 10名",
        ],
    )]);
}

#[test]
fn a_difference_of_arms_is_the_mean_of_none() {
    assert_drafts(&[
        (
            "Changes were −6.1 ± 0.8 with placebo and −5.4 ± 0.9 with drug A, a difference of 0.7 ± 0.8 (p = 0.38).",
            &[
                "arm placebo n=?",
                "arm drug A n=?",
                "1 placebo: change after −6.1 ± 0.8",
                "1 drug A: change after −5.4 ± 0.9",
                "number 0.7",
                "p = 0.38",
            ],
        ),
        (
            "HbA1cは投与前8.1±0.9、24週後7.0±0.8であり、変化量は−1.1±0.7だった。",
            &["1 mean before 8.1±0.9", "1 mean week-24 7.0±0.8", "2 change week-24 −1.1±0.7"],
        ),
        ("There were 134 patients [9.8%] with an event.", &["number 134 (9.8%)"]),
    ]);
}

#[test]
fn groups_are_known_by_more_of_their_names() {
    assert_drafts(&[
        (
            "317 were assigned to the 70-mg drug group, and 319 to the placebo group.",
            &["arm 70-mg drug group n=317", "arm placebo group n=319", "number 317", "number 319"],
        ),
        (
            "In all (n = 121; ADX-51, n = 63; placebo, n = 58) the score changed by −15.2 (1.6) with ADX-51 and −7.9 (1.5) with \
             placebo.",
            &[
                "arm ADX-51 n=63",
                "arm placebo n=58",
                "1 ADX-51: change after −15.2 (1.6)",
                "1 placebo: change after −7.9 (1.5)",
                "number 121",
                "number 63",
                "number 58",
            ],
        ),
        (
            "102人が新薬群、104人がプラセボ群に割付。スコアは新薬群3.1±1.0、プラセボ群5.2±1.1であった。",
            &[
                "arm 新薬群 n=102人",
                "arm プラセボ群 n=104人",
                "1 新薬群: mean open 3.1±1.0",
                "1 プラセボ群: mean open 5.2±1.1",
                "number 102人",
                "number 104人",
            ],
        ),
        (
            "It fell by 5.2 (4.1) points over 24 weeks in the active arm and 7.8 (5.1) points in the placebo arm.",
            &[
                "arm active arm n=?",
                "arm placebo arm n=?",
                "1 active arm: change after -5.2 (4.1)",
                "2 placebo arm: change after -7.8 (5.1)",
                "number 24",
            ],
        ),
        (
            "新薬＋化学療法群では3.1±1.0、プラセボ＋化学療法群では5.2±1.1であった。",
            &[
                "arm 新薬+化学療法群 n=?",
                "arm プラセボ+化学療法群 n=?",
                "1 新薬+化学療法群: mean open 3.1±1.0",
                "1 プラセボ+化学療法群: mean open 5.2±1.1",
            ],
        ),
        (
            "新薬を併用した群では3.1±1.0、併用しない群では5.2±1.1であった。",
            &[
                "arm 新薬を併用した群 n=?",
                "arm 併用しない群 n=?",
                "1 新薬を併用した群: mean open 3.1±1.0",
                "1 併用しない群: mean open 5.2±1.1",
            ],
        ),
    ]);
}

#[test]
fn an_arm_is_its_group_and_has_the_n_that_is_called_so() {
    assert_drafts(&[
        (
            "In total, 310 patients were randomised to drug A (n = 155) or placebo (n = 155). Baseline scores were 9.1 (SD 2.6) \
             and 9.3 (SD 2.8), respectively.",
            &[
                "arm drug A n=155",
                "arm placebo n=155",
                "1 drug A: mean before 9.1 (SD 2.6)",
                "1 placebo: mean before 9.3 (SD 2.8)",
                "number 310",
                "number 155",
                "number 155",
            ],
        ),
        (
            "In the active arm, 45 of 155 patients (29.0%) responded, against 20 of 155 (12.9%) in the placebo group. Pain was \
             4.1 ± 1.0 in the active group and 5.0 ± 1.1 in the placebo arm.",
            &[
                "arm active arm n=?",
                "arm placebo group n=?",
                "1 active arm: mean open 4.1 ± 1.0",
                "1 placebo group: mean open 5.0 ± 1.1",
                "2 active arm: count open 45 of 155 (29.0%)",
                "2 placebo group: count open 20 of 155 (12.9%)",
            ],
        ),
        (
            "Scores changed from 4.5 (1.2) to 4.1 (1.3) in the active group and 4.4 (1.1) to 4.5 (1.4) in the placebo group.",
            &[
                "arm active group n=?",
                "arm placebo group n=?",
                "1 active group: mean before 4.5 (1.2)",
                "1 active group: mean after 4.1 (1.3)",
                "1 placebo group: mean before 4.4 (1.1)",
                "1 placebo group: mean after 4.5 (1.4)",
            ],
        ),
    ]);
}

#[test]
fn a_rate_of_events_has_its_interval_and_a_far_name_of_a_change_is_one() {
    assert_drafts(&[
        (
            "The annualized relapse rate was 0.21 (95% CI 0.15 to 0.29) in the active group and 0.45 (95% CI 0.36 to 0.56) in the \
             placebo group.",
            &[
                "arm active group n=?",
                "arm placebo group n=?",
                "1 active group: rate open 0.21 (95% CI 0.15 to 0.29)",
                "1 placebo group: rate open 0.45 (95% CI 0.36 to 0.56)",
            ],
        ),
        (
            "年間再発率は実薬群で0.21（95%CI 0.15〜0.29）、プラセボ群で0.45（95%CI 0.36〜0.56）であった。",
            &[
                "arm 実薬群 n=?",
                "arm プラセボ群 n=?",
                "1 実薬群: rate open 0.21（95%CI 0.15〜0.29）",
                "1 プラセボ群: rate open 0.45（95%CI 0.36〜0.56）",
            ],
        ),
        ("The response rate was 0.45 (95% CI 0.38 to 0.52) with drug A.", &["number 0.45"]),
        (
            "The LS mean change from baseline in the score of fatigue at Week 24 was 6.8 (SE 1.1) in the active group and 2.1 (SE \
             1.2) in the placebo group.",
            &[
                "arm active group n=?",
                "arm placebo group n=?",
                "1 active group: change week-24 6.8 (SE 1.1)",
                "1 placebo group: change week-24 2.1 (SE 1.2)",
            ],
        ),
    ]);
    let text = "The least-squares mean score was 6.8 (SE 1.1), and the mean age 41 (SD 9).";
    let release = draft("t", "t.txt", text).unwrap();
    let adjusted = release.outcomes.iter().flat_map(|of| &of.results).flat_map(|result| result.reported());
    let adjusted: Vec<bool> = adjusted.map(|(_, cell)| cell.adjusted.is_some()).collect();
    assert_eq!(adjusted, [true, false]);
}

#[test]
fn doses_by_the_day_and_lengths_of_treatments_are_no_results() {
    assert_drafts(&[
        ("新薬を1日1回50mg、24週間経口投与しました。", &[]),
        ("新薬を週1回、52週間の皮下投与とした。", &[]),
        ("発作は週3回から週1回に減少した。", &["number 3回", "number 1回"]),
        (
            "投与量の中央値は12.5 mg/日（IQR 10.0–20.0）から5.0 mg/日（IQR 2.5–7.5）に減少した。",
            &["1 median before 12.5 mg/日（IQR 10.0–20.0）", "1 median after 5.0 mg/日（IQR 2.5–7.5）"],
        ),
    ]);
    let title = "Word ".repeat(60);
    let drafted = draft("t", "t.txt", &format!("{title}\n\nPain fell to 3.1 ± 0.4.")).unwrap().title.en;
    assert!(drafted.ends_with("Word …") && drafted.chars().count() <= 162, "{drafted}");
}
