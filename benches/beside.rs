//! reffect beside R in one run, as a table for the README: `cargo bench --bench beside`.
//!
//! Where Rscript has metafor and lme4 (with lmerTest and pbkrtest for degrees of freedom),
//! `benches/beside.R` does the same work on the same data; otherwise the table shows reffect alone. Times
//! are medians, with the fastest and the slowest of the middle half; data are in memory, unless a line
//! says that it is the whole program. A second table shows how cost grows.

#[path = "inputs.rs"]
mod inputs;
#[path = "measure.rs"]
mod measure;

use inputs::{Failure, data, frame, visits};
use measure::{Times, times};
use reffect::meta::deletion::leave_one_out;
use reffect::meta::multilevel::{Component, Multilevel, SamplingCovariance};
use reffect::meta::permutation::permutation_test;
use reffect::meta::{Model, Problem, Test};
use reffect::mixed::{DfMethod, LinearMixedModel, MixedFit};
use reffect::numeric::decimal::Decimal;
use reffect::numeric::random::Random;
use reffect::reconstruct::{DataSets, Grid, Summary};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// A piece of work that R does too, under the same name.
struct Case {
    name: &'static str,
    runs: usize,
    work: Box<dyn FnMut()>,
}

fn case<T>(name: &'static str, runs: usize, mut work: impl FnMut() -> T + 'static) -> Case {
    Case { name, runs, work: Box::new(move || drop(std::hint::black_box(work()))) }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn linear(name: &'static str, runs: usize, formula: &str, path: &Path, df: DfMethod) -> Result<Case, Failure> {
    let data = data(formula, &frame(path)?)?;
    let model = LinearMixedModel::default().df(df);
    Ok(case(name, runs, move || model.fit(Arc::clone(&data)).map(|fit| fit.criterion())))
}

/// Effects and variances that look like those of trials, the same each time.
fn studies(k: usize) -> Result<Problem, Failure> {
    let mut random = Random::seeded(1);
    let of = |_| {
        let v = 0.02 + 0.3 * random.uniform();
        (0.3 + random.normal() * (v + 0.1).sqrt(), v)
    };
    let (yi, vi) = (0..k).map(of).unzip();
    Ok(Problem::new(yi, vi)?)
}

fn write_studies(path: &Path, problem: &Problem) -> std::io::Result<()> {
    let mut text = "yi,vi\n".to_owned();
    problem.yi().iter().zip(problem.vi()).for_each(|(y, v)| writeln!(text, "{y},{v}").unwrap_or_default());
    std::fs::write(path, text)
}

/// Effects of studies and species that are crossed, with a random effect of each and of every effect.
fn crossed(effects: usize, studies: usize, species: usize) -> Result<(Problem, Multilevel), Failure> {
    let mut random = Random::seeded(5);
    let mut place = |count: usize| ((random.uniform() * count as f64) as usize).min(count - 1);
    let of_study: Vec<usize> = (0..effects).map(|_| place(studies)).collect();
    let of_species: Vec<usize> = (0..effects).map(|_| place(species)).collect();
    let mut deviations = |count: usize| (0..count).map(|_| 0.3 * random.normal()).collect::<Vec<f64>>();
    let (by_study, by_species) = (deviations(studies), deviations(species));
    let of = |row: usize| {
        let v = 0.01 + 0.2 * random.uniform();
        let own = random.normal() * (v + 0.04).sqrt();
        (0.4 + by_study[of_study[row]] + by_species[of_species[row]] + own, v)
    };
    let (yi, vi) = (0..effects).map(of).unzip();
    let component = |name: &str, groups: Vec<usize>, count: usize| {
        Component::intercepts(name, groups, (0..count).map(|level| level.to_string()).collect())
    };
    let components = vec![
        component("study", of_study, studies),
        component("species", of_species, species),
        component("effect", (0..effects).collect(), effects),
    ];
    let v = SamplingCovariance::Diagonal;
    let model = Multilevel { components, v, restricted: true, test: Test::Z, level: 0.95, profile: false };
    Ok((Problem::new(yi, vi)?, model))
}

fn write_crossed(path: &Path, problem: &Problem, model: &Multilevel) -> std::io::Result<()> {
    let mut text = "yi,vi,study,species,effect\n".to_owned();
    for (row, (y, v)) in problem.yi().iter().zip(problem.vi()).enumerate() {
        let groups: Vec<String> = model.components.iter().map(|of| of.groups[row].to_string()).collect();
        writeln!(text, "{y},{v},{}", groups.join(",")).unwrap_or_default();
    }
    std::fs::write(path, text)
}

/// Means, SDs and sizes of two groups.
fn write_groups(path: &Path, rows: usize) -> std::io::Result<()> {
    let mut random = Random::seeded(7);
    let mut text = "m1i,sd1i,n1i,m2i,sd2i,n2i\n".to_owned();
    for row in 0..rows {
        for comma in ["", ","] {
            let (mean, sd) = (9.0 + 2.0 * random.normal(), 0.5 + 4.0 * random.uniform());
            write!(text, "{comma}{mean:.2},{sd:.2},{}", 5 + (row * 7) % 196).unwrap_or_default();
        }
        text.push('\n');
    }
    std::fs::write(path, text)
}

fn cases(folder: &Path) -> Result<Vec<Case>, Failure> {
    let published = |file: &str| root().join("data/published").join(file);
    let model = Model::default();
    let (few, many) = (studies(13)?, studies(1000)?);
    write_studies(&folder.join("few.csv"), &few)?;
    write_studies(&folder.join("many.csv"), &many)?;
    let (again, exact) = (few.clone(), studies(8)?);
    write_studies(&folder.join("exact.csv"), &exact)?;
    let (effects, levels) = crossed(500, 60, 30)?;
    write_crossed(&folder.join("crossed.csv"), &effects, &levels)?;
    let (sleep, slope) = (published("sleepstudy.csv"), "Reaction ~ Days + (Days | Subject)");
    let als = root().join("data/examples/als-40.csv");
    let with_intervals = data(slope, &frame(&sleep)?)?;
    let resampled = with_intervals.clone();
    let plain = LinearMixedModel::default().df(DfMethod::None);
    let mut all = vec![
        case("REML of 13 studies with every interval", 2000, move || model.fit(&few)),
        case("REML of 1,000 studies", 100, move || model.fit(&many)),
        case("leaving out each of 13 studies", 500, move || leave_one_out(&model, &again).map_or(0, |f| f.len())),
        case("exact permutation test of 8 studies (256)", 50, move || permutation_test(&model, &exact, 0, 1)),
        case("500 effects of crossed studies and species", 10, move || levels.fit(&effects)),
        linear("sleepstudy, correlated slope", 2000, slope, &sleep, DfMethod::None)?,
        linear("sleepstudy with Satterthwaite's df", 2000, slope, &sleep, DfMethod::Satterthwaite)?,
        linear("sleepstudy with Kenward and Roger's df", 1000, slope, &sleep, DfMethod::KenwardRoger)?,
        case("profile intervals of sleepstudy", 50, move || {
            plain.fit(Arc::clone(&with_intervals)).and_then(|fit| fit.profile(false)).is_ok()
        }),
        case("100 bootstrap refits of sleepstudy", 20, move || {
            plain.fit(Arc::clone(&resampled)).and_then(|fit| fit.bootstrap(100, 1)).is_ok()
        }),
        linear("40 patients, correlated slope", 1000, "alsfrs ~ month + (month | patient)", &als, DfMethod::None)?,
        linear("Pastes, nested", 1000, "strength ~ 1 + (1 | batch/cask)", &published("pastes.csv"), DfMethod::None)?,
        linear(
            "Penicillin, crossed",
            1000,
            "diameter ~ 1 + (1 | plate) + (1 | sample)",
            &published("penicillin.csv"),
            DfMethod::None,
        )?,
    ];
    let lectures = folder.join("insteval.csv");
    if lectures.exists() {
        let formula = "y ~ service + (1 | s) + (1 | d) + (1 | dept:service)";
        all.push(linear("InstEval (73,421 ratings, three factors)", 3, formula, &lectures, DfMethod::None)?);
    }
    Ok(all)
}

/// The arguments of the whole program, and the R code that does the same from its start to its end.
struct Program {
    name: &'static str,
    arguments: Vec<String>,
    in_r: String,
}

fn programs(folder: &Path) -> Result<[Program; 2], Failure> {
    let groups = folder.join("groups.csv");
    write_groups(&groups, 100_000)?;
    let few = folder.join("few.csv");
    let (groups, few) = (groups.display(), few.display());
    let out = folder.join("out.csv");
    let out = out.display();
    let words = |text: String| text.split(' ').map(str::to_owned).collect::<Vec<String>>();
    Ok([
        Program {
            name: "whole program: SMD of 100,000 rows, file to file",
            arguments: words(format!("effect --measure SMD {groups} --format csv -o {out}")),
            in_r: format!(
                "suppressMessages(library(metafor)); d <- read.csv('{groups}'); write.csv(summary(escalc('SMD', \
                 m1i=m1i, sd1i=sd1i, n1i=n1i, m2i=m2i, sd2i=sd2i, n2i=n2i, data=d)), '{out}', row.names=FALSE)"
            ),
        },
        Program {
            name: "whole program: REML of 13 studies",
            arguments: words(format!("meta {few}")),
            in_r: format!(
                "suppressMessages(library(metafor)); print(rma(yi, vi, data=read.csv('{few}'), test='adhoc'))"
            ),
        },
    ])
}

fn run(program: &str, arguments: &[String], runs: usize) -> Option<Times> {
    let run = || Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    run().ok().filter(std::process::ExitStatus::success)?;
    Some(times(runs, run))
}

/// What R prints: a name, and the median with the middle half in microseconds.
fn in_r(folder: &Path) -> (HashMap<String, Times>, String) {
    let mut found = HashMap::new();
    let mut versions = String::new();
    let output = Command::new("Rscript").arg(root().join("benches/beside.R")).arg(root()).arg(folder).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    for line in text.lines() {
        match line.split('\t').collect::<Vec<&str>>()[..] {
            ["versions", names] => versions = names.to_owned(),
            [name, median, low, high] => {
                let number = |text: &str| text.parse().unwrap_or(f64::NAN);
                found.insert(name.to_owned(), Times { median: number(median), low: number(low), high: number(high) });
            }
            _ => {}
        }
    }
    (found, versions)
}

/// The unit that fits so many microseconds, and how many of them it is.
fn unit(micros: f64) -> (f64, &'static str) {
    match micros {
        m if m < 1e3 => (1.0, "µs"),
        m if m < 1e6 => (1e3, "ms"),
        _ => (1e6, "s"),
    }
}

fn digits(value: f64) -> String {
    let places = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.places$}")
}

fn shown(micros: f64) -> String {
    let (size, unit) = unit(micros);
    format!("{} {unit}", digits(micros / size))
}

/// The median with the middle half of the runs in its unit: `16.4 µs (16.2–16.8)`.
fn with_spread(times: &Times) -> String {
    let (size, _) = unit(times.median);
    let [low, high] = [times.low, times.high].map(|micros| digits(micros / size));
    let spread = if low == high { low } else { format!("{low}–{high}") };
    format!("{} ({spread})", shown(times.median))
}

/// With commas between thousands.
fn grouped(count: impl std::fmt::Display) -> String {
    let digits = count.to_string();
    let group = |(at, digit): (usize, char)| {
        let ends = at > 0 && (digits.len() - at).is_multiple_of(3);
        [ends.then_some(','), Some(digit)].into_iter().flatten().collect::<Vec<_>>()
    };
    digits.chars().enumerate().flat_map(group).collect()
}

fn line(name: &str, here: &Times, there: Option<&Times>) {
    let (there, ratio) = there.map_or((String::new(), String::new()), |there| {
        (with_spread(there), grouped((there.median / here.median).round()))
    });
    println!("| {name} | {} | {there} | {ratio} |", with_spread(here));
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("", |name| name.trim_matches([' ', '\t', ':']));
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores; load {}", load.split(' ').next().unwrap_or("unknown"))
}

fn growth(folder: &Path) -> Result<(), Failure> {
    println!("\n| what grows | each size and its time |\n|---|---|");
    let row = |name: &str, cells: Vec<String>| println!("| {name} | {} |", cells.join(", "));
    let model = Model::default();
    let mut cells = Vec::new();
    for k in [100, 1_000, 10_000, 100_000] {
        let problem = studies(k)?;
        cells.push(format!(
            "{}: {}",
            grouped(k),
            shown(times(if k > 5_000 { 7 } else { 50 }, || model.fit(&problem)).median)
        ));
    }
    row("studies, REML with every interval", cells);
    let plain = LinearMixedModel::default().df(DfMethod::None);
    let mut cells = Vec::new();
    for subjects in [100, 1_000, 10_000, 100_000] {
        let data = data("y ~ t + (t | id)", &visits(subjects))?;
        let runs = if subjects > 5_000 { 5 } else { 50 };
        cells.push(format!(
            "{}: {}",
            grouped(subjects),
            shown(times(runs, || plain.fit(Arc::clone(&data)).is_ok()).median)
        ));
    }
    row("patients of 10 visits, correlated slope", cells);
    let mut cells = Vec::new();
    for rows in [1_000, 10_000, 100_000, 1_000_000] {
        let (table, out) = (folder.join("rows.csv"), folder.join("rows.out"));
        write_groups(&table, rows)?;
        let arguments = ["effect", "--measure", "SMD", "--format", "csv", "-o"].map(str::to_owned);
        let files = [out, table].map(|path: PathBuf| path.display().to_string());
        let arguments: Vec<String> = arguments.into_iter().chain(files).collect();
        let time = run(env!("CARGO_BIN_EXE_reffect"), &arguments, 5).ok_or("reffect effect failed")?;
        cells.push(format!("{}: {}", grouped(rows), shown(time.median)));
    }
    row("rows of a table, whole program", cells);
    let end = |value| Some(Decimal::from_integer(value));
    let grid = Grid::range(end(1), end(7), Decimal::from_integer(1))?;
    let mut cells = Vec::new();
    for (cell, n) in [("4.7 ± 2.2", 50), ("4.26 ± 1.58", 100), ("4.3 ± 1.6", 100)] {
        let summary = Summary::sample(&cell.parse()?, n);
        let count = || DataSets::new(&summary, &grid, &[]).and_then(|sets| sets.count());
        cells.push(format!("{}: {}", grouped(count()?), shown(times(10, count).median)));
    }
    row("data sets behind a mean and SD, counted", cells);
    Ok(())
}

fn main() -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("reffect-beside-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let export = format!("write.csv(lme4::InstEval, '{}', row.names=FALSE)", folder.join("insteval.csv").display());
    // Without R that case is left out.
    let _ = Command::new("Rscript").args(["-e", &export]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let mut cases = cases(&folder)?;
    let (there, versions) = in_r(&folder);
    println!("{}; reffect {}; {versions}\n", machine(), env!("CARGO_PKG_VERSION"));
    println!("| work | reffect | R | times as fast |\n|---|---:|---:|---:|");
    for case in &mut cases {
        let here = times(case.runs, &mut case.work);
        line(case.name, &here, there.get(case.name));
    }
    for program in programs(&folder)? {
        let here = run(env!("CARGO_BIN_EXE_reffect"), &program.arguments, 15).ok_or("reffect failed")?;
        line(program.name, &here, run("Rscript", &["-e".to_owned(), program.in_r], 3).as_ref());
    }
    growth(&folder)?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
