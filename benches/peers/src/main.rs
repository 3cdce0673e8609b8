//! Listing data sets behind a mean and SD, here and by closure-core: `cargo run --release` in this
//! folder. Each measurement runs in a process of its own, so that its peak memory is its own.

use reffect::numeric::decimal::Decimal;
use reffect::reconstruct::{DataSets, Grid, Summary};
use std::process::Command;
use std::time::Instant;

/// Mean, SD, n, smallest and largest value, and whether closure-core is done within a minute.
const CASES: [(&str, &str, u64, i64, i64, bool); 8] = [
    ("2.9", "0.5", 25, 1, 5, true),
    ("3.5", "1.7", 70, 1, 5, true),
    ("4.7", "2.2", 50, 1, 7, true),
    ("3.7", "1.2", 120, 1, 5, true),
    ("4.26", "1.58", 100, 1, 7, false),
    ("3.0", "1.2", 200, 1, 5, false),
    ("4.3", "1.6", 100, 1, 7, false),
    ("3.81", "3.09", 156, 1, 7, false),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    if let [_, who, case] = &args[..] {
        let case = CASES[case.parse::<usize>()?];
        let start = Instant::now();
        let found = match who.as_str() {
            "count" => count(case)?,
            "list" => list(case)?,
            _ => closure(case)?,
        };
        println!("{found} {:.6} {}", start.elapsed().as_secs_f64(), peak_kilobytes());
        return Ok(());
    }
    let with_slow = args.iter().any(|arg| arg == "--slow");
    println!("{:<22} {:>12} {:>12} {:>12} {:>14} {:>10} {:>10}", "mean ± SD, n, scale", "data sets", "count", "list", "closure-core", "MB", "its MB");
    for (index, (mean, sd, n, low, high, is_quick)) in CASES.iter().enumerate() {
        let run = |who: &str| -> Result<(u128, f64, f64), Box<dyn std::error::Error>> {
            let output = Command::new(&args[0]).args([who, &index.to_string()]).output()?;
            let text = String::from_utf8(output.stdout)?;
            let fields: Vec<&str> = text.split_whitespace().collect();
            match fields[..] {
                [found, seconds, peak] => Ok((found.parse()?, seconds.parse()?, peak.parse::<f64>()? / 1024.0)),
                _ => Err(format!("{who} failed: {}", String::from_utf8_lossy(&output.stderr)).into()),
            }
        };
        let (counted, count_time, _) = run("count")?;
        let (listed, list_time, memory) = run("list")?;
        assert_eq!(counted, listed);
        let name = format!("{mean} ± {sd}, {n}, {low}–{high}");
        let theirs = if *is_quick || with_slow { Some(run("closure")?) } else { None };
        let (time, peak) = theirs.map_or(("not run".to_owned(), String::new()), |(found, time, peak)| {
            let differs = if found == counted { "" } else { " (differs)" };
            (format!("{:.3} s{differs}", time), format!("{peak:.1}"))
        });
        println!("{name:<22} {counted:>12} {:>9.3} ms {:>9.3} ms {time:>14} {memory:>10.1} {peak:>10}", 1e3 * count_time, 1e3 * list_time);
    }
    Ok(())
}

type Case = (&'static str, &'static str, u64, i64, i64, bool);

fn sets((mean, sd, n, low, high, _): Case) -> Result<DataSets, Box<dyn std::error::Error>> {
    let grid = Grid::range(Some(Decimal::from_integer(low)), Some(Decimal::from_integer(high)), Decimal::from_integer(1))?;
    Ok(DataSets::new(&Summary::sample(&format!("{mean} ± {sd}").parse()?, n), &grid, &[])?)
}

fn count(case: Case) -> Result<u128, Box<dyn std::error::Error>> {
    Ok(sets(case)?.count()?)
}

/// Every data set as a count vector of bytes, held in memory.
fn list(case: Case) -> Result<u128, Box<dyn std::error::Error>> {
    let sets = sets(case)?;
    let (mut held, values): (Vec<u8>, usize) = (Vec::new(), sets.codes().len());
    let _ = sets.for_each(|counts| {
        held.extend(counts.iter().map(|count| *count as u8));
        std::ops::ControlFlow::Continue(())
    });
    Ok((held.len() / values.max(1)) as u128)
}

fn closure((mean, sd, n, low, high, _): Case) -> Result<u128, Box<dyn std::error::Error>> {
    let half = |text: &str| 0.5 * 10f64.powi(-(text.split_once('.').map_or(0, |(_, digits)| digits.len() as i32)));
    let found = closure_core::dfs_parallel::<f64, i32>(
        mean.parse()?,
        sd.parse()?,
        n as i32,
        low as i32,
        high as i32,
        half(mean),
        half(sd),
    );
    Ok(found.len() as u128)
}

/// The most memory that this process has had.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
