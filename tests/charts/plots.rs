//! The charts in `plots/` are those that the main job draws today.
//!
//! `REFFECT_ACCEPT=1 cargo test --test charts plots` writes them anew; look at each before it is committed.

use crate::common::cli::{Folder, stderr};
use std::path::{Path, PathBuf};

/// The charts of single commands in `plots/kinds`: name, kind, arguments.
const KINDS: [(&str, &str); 32] = [
    ("forest", "forest data/published/bcg.csv --measure RR --columns alloc --sides favours_vaccine,favours_control"),
    ("forest-groups", "forest data/published/bcg.csv --transf exp --subgroup alloc"),
    ("funnel", "funnel data/published/hackshaw1998.csv --transf exp --trimfill"),
    ("regression", "regression data/published/bcg.csv --transf exp --mods ablat"),
    ("baujat", "baujat data/published/bcg.csv"),
    ("radial", "radial data/published/hackshaw1998.csv --transf exp"),
    ("labbe", "labbe data/published/nielweise2007.csv --measure OR"),
    ("gosh", "gosh data/published/normand1999.csv"),
    ("cumulative", "cumulative data/published/bcg.csv --transf exp --order year"),
    ("leave-one-out", "leave-one-out data/published/bcg.csv --transf exp"),
    ("qq", "qq data/published/bcg.csv"),
    ("profile", "profile data/published/bcg.csv"),
    ("estimation", "estimation data/nmo-tocilizumab-2014.toml"),
    ("estimation-cumming", "estimation data/nmo-tocilizumab-2014.toml --arrangement cumming"),
    ("sensitivity", "sensitivity data/nmo-tocilizumab-2014.toml"),
    ("between-arms", "between-arms data/trials"),
    ("reported", "reported data/trials"),
    ("forest-shares", "forest data/published/nielweise2007.csv --measure PLO --transf ilogit --map xi=ai,ni=n1i"),
    ("rounding", "rounding data/nmo-tocilizumab-2014.toml"),
    ("proportion", "proportion data/nmo-tocilizumab-2014.toml"),
    ("rate", "rate data/nmo-tocilizumab-2014.toml"),
    ("rate-counts", "rate rates.json --unit relapses_per_person-year --groups before,after"),
    ("profile-fit", "profile profile.json"),
    ("forest-levels", "forest levels.json --effect standardised_mean_difference"),
    ("forest-outcomes", "forest outcomes.json"),
    (
        "trajectory-observed",
        "trajectory data/examples/als-5.csv --response alsfrs --time month --subject patient --change-at 0",
    ),
    (
        "trajectory",
        "trajectory data/published/sleepstudy.csv sleepstudy.json --response Reaction --time Days --subject Subject",
    ),
    (
        "trajectory-groups",
        "trajectory data/examples/visits.csv visits.json --response change --time day --subject patient --group arm",
    ),
    ("means", "means means.json"),
    ("means-counts", "means counts.json"),
    ("caterpillar", "caterpillar sleepstudy.json --term Days"),
    ("residuals", "residuals data/published/sleepstudy.csv sleepstudy.json --response Reaction --subject Subject"),
];

/// The results that some of them draw. The 20 and 3 relapses of seven patients in a year each are what the
/// data behind the means of the release add up to.
const RESULTS: [(&str, &[&str]); 8] = [
    ("rates.json", &["effect", "--rate1", "20/7", "--rate2", "3/7"]),
    (
        "profile.json",
        &["fit", "Reaction ~ Days + (Days | Subject)", "data/published/sleepstudy.csv", "--ci", "profile"],
    ),
    ("levels.json", &["meta", "data/published/konstantopoulos2011.csv", "--random", "1 | district/school"]),
    ("outcomes.json", &["meta", "data/published/berkey1998.csv", "--random", "outcome | trial", "--struct", "UN"]),
    (
        "sleepstudy.json",
        &[
            "fit",
            "Reaction ~ Days + (Days | Subject)",
            "data/published/sleepstudy.csv",
            "--ranef",
            "--predict",
            "data/published/sleepstudy.csv",
        ],
    ),
    (
        "means.json",
        &[
            "fit",
            "change ~ base + arm * visit",
            "data/examples/visits.csv",
            "--residual",
            "us",
            "--time",
            "visit",
            "--subject",
            "patient",
            "--ref",
            "arm=placebo",
            "--emmeans",
            "arm:visit",
        ],
    ),
    (
        "counts.json",
        &[
            "fit",
            "TICKS ~ factor(YEAR) + cHEIGHT + (1 | BROOD)",
            "data/published/grouseticks.csv",
            "--family",
            "poisson",
            "--emmeans",
            "YEAR",
        ],
    ),
    (
        "visits.json",
        &[
            "fit",
            "change ~ arm * day + (1 | patient)",
            "data/examples/visits.csv",
            "--predict",
            "data/examples/visits.csv",
        ],
    ),
];

/// What the words of a chart are in Japanese.
const JAPANESE: [(&str, &str); 3] = [
    ("relapses per person-year", "1人年あたりの再発"),
    ("before,after", "治療前,治療後"),
    ("standardised mean difference", "標準化平均差"),
];

/// Whether a drawn chart is the committed one; with REFFECT_ACCEPT it becomes that.
fn check(drawn: &Path, kept: &Path) {
    if std::env::var_os("REFFECT_ACCEPT").is_some() {
        std::fs::copy(drawn, kept).unwrap();
    }
    let same = std::fs::read(kept).is_ok_and(|bytes| bytes == std::fs::read(drawn).unwrap());
    assert!(same, "{} is not what is drawn today: draw it anew and look at it", kept.display());
}

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plots")
}

#[test]
fn committed_charts_of_every_kind_are_current() {
    let folder = Folder::with_data("kinds");
    for (file, call) in RESULTS {
        let output = folder.run([call, &["--json", "-o", file]].concat());
        assert!(output.status.success(), "{file}: {}", stderr(&output));
    }
    for (name, call) in KINDS {
        for lang in ["en", "ja"] {
            let file = format!("{name}.{lang}.svg");
            let mut words: Vec<String> = call.split(' ').map(|word| word.replace('_', " ")).collect();
            for word in words.iter_mut().filter(|_| lang == "ja") {
                if let Some((_, japanese)) = JAPANESE.iter().find(|(english, _)| english == word) {
                    *word = (*japanese).to_owned();
                }
            }
            let rest = ["--lang", lang, "-o", &file].map(str::to_owned);
            let output = folder.run(["plot".to_owned()].into_iter().chain(words).chain(rest));
            assert!(output.status.success(), "{name}: {}", stderr(&output));
            check(&folder.path(&file), &committed().join("kinds").join(&file));
        }
    }
}

/// The text of a chart for those who do not see it has each sentence once, and one full stop behind it.
#[test]
fn descriptions_say_everything_once() {
    let folders = [committed(), committed().join("kinds")];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut count = 0;
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "svg")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let description = text.split("<desc").nth(1).unwrap().split("</desc>").next().unwrap();
        let lines: Vec<&str> = description.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let name = path.display();
            assert!(!line.ends_with("..") && !line.ends_with("。。"), "{name}: {line}");
            // A heading may stand over several rows.
            let is_sentence = line.ends_with(['.', '。']);
            assert!(!is_sentence || lines[..at].iter().all(|of| !of.contains(line)), "{name} says twice: {line}");
        }
        count += 1;
    }
    assert!(count > 60, "{count}");
}

/// Who reported the numbers: the paper where no publisher is named, and never that nothing is stated.
#[test]
fn the_source_of_a_chart_is_what_is_known() {
    let folder = Folder::with_data("sources");
    for (lang, expected) in [
        (
            "en",
            ">Source: CENTAUR investigators, New England Journal of Medicine, 2020, doi 10.1056/NEJMoa1916945</text>",
        ),
        ("ja", ">出典：CENTAUR investigators、New England Journal of Medicine、2020、doi 10.1056/NEJMoa1916945</text>"),
    ] {
        let call = ["plot", "reported", "data/trials/als-centaur-2020.toml", "-o", "centaur.svg", "--lang", lang];
        let output = folder.run(call);
        assert!(output.status.success(), "{}", stderr(&output));
        let chart = std::fs::read_to_string(folder.path("centaur.svg")).unwrap();
        assert!(chart.contains(expected) && !chart.contains("not stated"), "{lang}");
    }
    // Of a paper without authors the journal is known.
    let output = folder.run(["plot", "reported", "data/trials/nmo-tocilizumab-meta-2020.toml", "-o", "meta.svg"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let chart = std::fs::read_to_string(folder.path("meta.svg")).unwrap();
    assert!(chart.contains(">Source: Multiple Sclerosis and Related Disorders, 2020</text>"));
}

#[test]
fn results_on_standard_input_are_drawn_as_the_table_is() {
    let folder = Folder::with_data("results");
    let result = folder.run("meta data/published/bcg.csv --slab author --json -o bcg.json".split(' '));
    assert!(result.status.success(), "{}", stderr(&result));
    let slab: &[&str] = &["--slab", "author"];
    for (input, own, output) in [("bcg.json", &[][..], "json.svg"), ("data/published/bcg.csv", slab, "csv.svg")] {
        let drawn = folder.run([&["plot", "forest", input, "--transf", "exp", "-o", output], own].concat());
        assert!(drawn.status.success(), "{}", stderr(&drawn));
    }
    let read = |name: &str| std::fs::read_to_string(folder.path(name)).unwrap();
    assert_eq!(read("json.svg"), read("csv.svg"));
}

#[test]
fn studies_keep_their_names() {
    let folder = Folder::with_data("names");
    let draw = |result: &[&str], chart: &[&str]| {
        let output = folder.run(["meta"].iter().chain(result).chain(&["--json", "-o", "names.json"]));
        assert!(output.status.success(), "{}", stderr(&output));
        let output = folder.run(["plot", "forest"].iter().chain(chart).chain(&["-o", "names.svg"]));
        assert!(output.status.success(), "{}", stderr(&output));
        std::fs::read_to_string(folder.path("names.svg")).unwrap()
    };
    let levels = draw(&["data/published/konstantopoulos2011.csv", "--random", "1 | district/school"], &["names.json"]);
    assert!(levels.contains(">district 11, school 1</text>"));
    let outcomes = draw(&["data/published/berkey1998.csv", "--random", "outcome | trial"], &["names.json"]);
    assert!(outcomes.contains(">Pihlstrom et al. 1983, PD</text>"));
    let measured = draw(&["data/published/bcg.csv", "--measure", "RR"], &["names.json"]);
    // The result tells its measure: the axis is one of ratios.
    assert!(measured.contains(">Aronson 1948</text>") && measured.contains(">Risk ratio (log scale)</text>"));
    // What is asked for comes first.
    let asked = draw(&["data/published/bcg.csv", "--measure", "RR", "--slab", "alloc"], &["names.json"]);
    assert!(!asked.contains("Aronson 1948"));
}

#[test]
fn a_regression_names_its_moderator_plainly_and_its_largest_study() {
    let folder = Folder::with_data("regression-names");
    // The largest study lies on the line, which leaves no place beside it.
    let table =
        "study,yi,vi,Dose (mg)\nlargest,-0.9,0.019,10\nb,-1.1,0.31,20\nc,-1.8,0.2,30\nd,-2.1,0.25,40\ne,-0.6,0.2,10\n";
    folder.write("doses.csv", table);
    let output = folder.run(["plot", "regression", "doses.csv", "--mods", "`Dose (mg)`", "-o", "doses.svg"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let svg = std::fs::read_to_string(folder.path("doses.svg")).unwrap();
    assert!(svg.contains(">Dose (mg)</text>") && svg.contains("Slope of Dose (mg): "), "the moderator");
    assert!(!svg.contains('`') && svg.contains(">largest</text>"), "the largest study");
}

#[test]
fn titles_and_sources_are_those_that_are_given() {
    let folder = Folder::with_data("titles");
    for kind in ["before-after", "overview", "ensemble", "estimation", "sensitivity", "rounding", "proportion", "rate"]
    {
        let call = ["plot", kind, "data/nmo-tocilizumab-2014.toml", "--title", "My title", "--source", "My source"];
        let output = folder.run(call.iter().chain(&["-o", "titled.svg"]));
        assert!(output.status.success(), "{kind}: {}", stderr(&output));
        let svg = std::fs::read_to_string(folder.path("titled.svg")).unwrap();
        assert!(svg.contains(">My title</text>") && svg.contains(">My source</text>"), "{kind}");
    }
}

#[test]
fn wrong_calls_are_told() {
    let folder = Folder::with_data("wrong");
    folder.write("no.json", "{\"k\": 3}");
    folder.write("none.json", "{\"k\":3,\"method\":\"REML\",\"level\":0.95,\"coefficients\":[]}");
    let cases = [
        ("forest data/published/bcg.csv -o x.gif", "charts are written as .svg, .png or .pdf"),
        ("forest no.json -o x.svg", "is no result of `reffect meta FILE.csv --json`"),
        ("forest none.json -o x.svg", "it lists no studies"),
        ("cumulative data/published/bcg.csv -o x.svg", "needs an order of the studies"),
        ("regression data/published/bcg.csv -o x.svg", "it has no moderator"),
        ("labbe data/published/bcg.csv -o x.svg", "needs the events of both groups"),
        ("forest data/published/bcg.csv --columns aloc -o x.svg", "there is no column `aloc`"),
        ("forest data/published/bcg.csv --method XX -o x.svg", "invalid value 'XX'"),
        ("rate data/als-muse-2023.toml -o x.svg", "no outcome says over which time its events were counted"),
        ("rate no.json -o x.svg", "it has no `rates`"),
        ("trajectory data/published/ishak2007.csv --time time --subject study -o x.svg", "--response"),
        ("funnel data/published/bcg.csv --height 100 -o x.svg", "is too low"),
        ("profile none.json -o x.svg", "it has no `profile`: pass --ci profile to `fit`, or --profile to `meta`"),
        ("labbe none.json -o x.svg", "give the table with ai, n1i, ci and n2i"),
        ("funnel data/published/bcg.csv --data x.svg -o x.svg", "to the same file"),
        ("funnel data/published/bcg.csv --journal lancet:3 -o x.svg", "lancet:1"),
    ];
    for (call, expected) in cases {
        let output = folder.run(["plot"].into_iter().chain(call.split(' ')));
        assert_eq!(output.status.code(), Some(2), "{call}");
        assert!(stderr(&output).contains(expected), "{call}: {}", stderr(&output));
        assert!(!folder.path("x.svg").exists(), "{call}");
    }
}

#[test]
fn committed_charts_are_current() {
    let folder = Folder::with_data("plots");
    let output = folder.run(["report", "data", "-o", "plots", "--quiet"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let mut compared = 0;
    for entry in std::fs::read_dir(folder.path("plots")).unwrap() {
        let drawn = entry.unwrap().path();
        if drawn.extension().is_none_or(|ending| ending != "svg") {
            continue;
        }
        check(&drawn, &committed().join(drawn.file_name().unwrap()));
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn results_of_all_kinds_are_drawn() {
    let folder = Folder::with_data("of-results");
    let calls = [
        ("meta data/published/normand1999.csv --measure MD --gosh --json -o gosh.json", "gosh gosh.json -o gosh.svg"),
        (
            "meta data/published/konstantopoulos2011.csv --random 1_|_district/school --json -o levels.json",
            "forest levels.json -o levels.svg --data levels.csv",
        ),
        // A variance for each outcome is a list.
        (
            "meta data/published/berkey1998.csv --random outcome_|_trial --struct UN --json -o outcomes.json",
            "forest outcomes.json -o outcomes.svg",
        ),
    ];
    let words = |call: &str| call.split(' ').map(|word| word.replace('_', " ")).collect::<Vec<_>>();
    for (result, chart) in calls {
        let output = folder.run(words(result));
        assert!(output.status.success(), "{result}: {}", stderr(&output));
        let output = folder.run([vec!["plot".to_owned()], words(chart)].concat());
        assert!(output.status.success(), "{chart}: {}", stderr(&output));
    }
    // 2⁹ − 1 subsets less the nine of one study.
    assert!(
        std::fs::read_to_string(folder.path("gosh.svg"))
            .unwrap()
            .contains("All 502 subsets of two or more of 9 studies.")
    );
    let outcomes = std::fs::read_to_string(folder.path("outcomes.svg")).unwrap();
    assert!(outcomes.contains("10 effects, multilevel model (REML)"));
    let rows = std::fs::read_to_string(folder.path("levels.csv")).unwrap();
    assert_eq!(rows.lines().filter(|line| line.starts_with("study,")).count(), 56, "{rows}");
}
