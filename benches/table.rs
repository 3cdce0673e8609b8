//! How many rows a second `reffect effect --measure` reads, computes and writes, end to end, and the
//! same work in R's metafor where Rscript has it: `cargo bench --bench table`. With `-- --large` also
//! ten million rows, with the memory that they take.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Rows by the numbers of an xorshift generator, Marsaglia (2003), J Stat Softw 8(14): the same on every machine.
fn write_table(path: &Path, rows: u64) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "m1i,sd1i,n1i,m2i,sd2i,n2i,ai,ci")?;
    let mut state = 88_172_645_463_325_252u64;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for _ in 0..rows {
        let mut events = [0; 2];
        for (i, events) in events.iter_mut().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            let (mean, sd, n) = (10 + next(80), 5 + next(25), 5 + next(196));
            write!(out, "{comma}{}.{},{}.{},{n}", mean / 10, mean % 10, sd / 10, sd % 10)?;
            *events = next(n + 1);
        }
        writeln!(out, ",{},{}", events[0], events[1])?;
    }
    out.flush()
}

/// Seconds of the median run of a measure, whose results go to a file.
fn seconds(table: &Path, measure: &str, format: &str, runs: usize) -> Result<f64, Box<dyn std::error::Error>> {
    let mut times = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        let status = Command::new(env!("CARGO_BIN_EXE_reffect"))
            .args(["effect", "--measure", measure, "--format", format])
            .arg(table)
            .arg("-o")
            .arg(table.with_extension("out"))
            .status()?;
        if !status.success() {
            return Err(format!("{measure}: {status}").into());
        }
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// Seconds that R takes to read the table, compute a measure and write the results, without its own
/// start and that of the package; none where it is not installed.
fn seconds_in_r(table: &Path, measure: &str, runs: usize) -> Option<f64> {
    let columns = match measure {
        "RR" | "OR" => "ai=ai, n1i=n1i, ci=ci, n2i=n2i",
        _ => "m1i=m1i, sd1i=sd1i, n1i=n1i, m2i=m2i, sd2i=sd2i, n2i=n2i",
    };
    let (table, out) = (table.display(), table.with_extension("r.csv").display().to_string());
    let script = format!(
        "suppressMessages(library(metafor)); cat(median(sapply(1:{runs}, function(i) system.time({{ \
         d <- read.csv('{table}'); write.csv(escalc('{measure}', {columns}, data=d), '{out}', row.names=FALSE) \
         }})[['elapsed']])))"
    );
    let output = Command::new("Rscript").args(["-e", &script]).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// The most memory that a run takes, in MB, as the shell's `time` reports it.
fn peak_memory(table: &Path, measure: &str) -> Option<f64> {
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M", env!("CARGO_BIN_EXE_reffect"), "effect", "--measure", measure, "--format", "csv"])
        .arg(table)
        .stdout(Stdio::null())
        .output()
        .ok()?;
    let kilobytes: f64 = String::from_utf8(output.stderr).ok()?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("reffect-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut sizes = vec![(100_000u64, 15), (1_000_000, 5)];
    if std::env::args().any(|argument| argument == "--large") {
        sizes.push((10_000_000, 1));
    }
    for (rows, runs) in sizes {
        let table = folder.join(format!("{rows}.csv"));
        write_table(&table, rows)?;
        for (measure, format) in
            [("MD", "csv"), ("SMD", "csv"), ("SMD", "json"), ("RR", "csv"), ("OR", "csv"), ("ROM", "csv")]
        {
            let time = seconds(&table, measure, format, runs)?;
            let rate = rows as f64 / time / 1e6;
            print!("{rows:>9} rows  {measure:<4} {format:<5} {:>9.1} ms   {rate:.2} million rows/s", 1e3 * time);
            if rows > 1_000_000 {
                print!("{}", peak_memory(&table, measure).map_or(String::new(), |peak| format!("   {peak:.1} MB")));
            }
            let in_r = if rows == 100_000 && format == "csv" { seconds_in_r(&table, measure, 5) } else { None };
            println!(
                "{}",
                in_r.map_or(String::new(), |r| format!("   metafor {:.0} ms, {:.0} times", 1e3 * r, r / time))
            );
        }
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
