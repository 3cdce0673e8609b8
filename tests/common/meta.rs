//! Published tables as problems of meta-analysis.

use reffect::formula::{Contrasts, Design, Formula, Frame};
use reffect::meta::Problem;
use std::path::Path;

/// A table of `data/published` as a frame.
pub fn published(file: &str) -> Frame {
    table_at(&format!("published/{file}"))
}

/// A table of `data` as a frame.
pub fn table_at(file: &str) -> Frame {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file);
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut frame = Frame::default();
    for (at, name) in names.iter().enumerate() {
        let texts: Vec<&str> = rows.iter().map(|row| &row[at]).collect();
        match texts
            .iter()
            .map(|text| if *text == "NA" { Some(f64::NAN) } else { text.parse().ok() })
            .collect::<Option<Vec<f64>>>()
        {
            Some(values) => frame.numbers(name, values),
            None => frame.texts(name, texts.iter().map(|text| Some((*text).to_owned()))),
        }
    }
    frame
}

pub fn column(frame: &Frame, name: &str) -> Vec<f64> {
    match frame.column(name) {
        Some(reffect::formula::Column::Numbers(values)) => values.clone(),
        _ => panic!("{name}"),
    }
}

/// The place of each value among the sorted ones, and their names.
pub fn levels(keys: &[String]) -> (Vec<usize>, Vec<String>) {
    let mut names = keys.to_vec();
    names.sort();
    names.dedup();
    (keys.iter().map(|key| names.binary_search(key).unwrap()).collect(), names)
}

/// The table of a case, and the rows that it takes.
pub fn table(name: &str) -> (Frame, Vec<usize>) {
    if name == "alike" {
        let mut frame = Frame::default();
        frame.numbers("yi", vec![0.10, 0.12, 0.09, 0.11, 0.10]);
        frame.numbers("vi", vec![0.04, 0.05, 0.03, 0.06, 0.04]);
        return (frame, vec![0, 1, 2, 3, 4]);
    }
    let (file, rows) = match name {
        "bcg" => ("bcg.csv", None),
        "raudenbush" => ("raudenbush1985.csv", None),
        "hackshaw" => ("hackshaw1998.csv", None),
        "normand" => ("normand1999.csv", None),
        "konstantopoulos" => ("konstantopoulos2011.csv", None),
        "berkey" => ("berkey1998.csv", None),
        "ishak" => ("ishak2007.csv", None),
        "three" => ("bcg.csv", Some(vec![0, 1, 2])),
        "two" => ("bcg.csv", Some(vec![3, 6])),
        _ => panic!("{name}"),
    };
    let frame = published(file);
    let rows = rows.unwrap_or_else(|| (0..frame.len()).collect());
    (frame, rows)
}

pub fn problem(name: &str, mods: &str) -> Problem {
    let (frame, rows) = table(name);
    let terms = Formula::parse(mods).unwrap().terms;
    let design = Design::new(&terms, &frame, &rows, Contrasts::Treatment).unwrap();
    let matrix = design.matrix(&frame, &rows, "intrcpt").unwrap();
    let pick = |name| rows.iter().map(|&row| column(&frame, name)[row]).collect::<Vec<f64>>();
    Problem::with_moderators(pick("yi"), pick("vi"), &matrix).unwrap()
}
