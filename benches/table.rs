//! How many rows a second `reffect effect --measure` reads, computes and writes:
//! `cargo bench --bench table`. Each line is the median of several runs of the program, end to end.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Rows as a multiplicative generator makes them: the same on every machine.
fn write_table(path: &Path, rows: u64) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "m1i,sd1i,n1i,m2i,sd2i,n2i,ai,bi,ci,di")?;
    let mut state = 88_172_645_463_325_252u64;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for _ in 0..rows {
        for i in 0..2 {
            let comma = if i == 0 { "" } else { "," };
            let (mean, sd) = (10 + next(80), 5 + next(25));
            write!(out, "{comma}{}.{},{}.{},{}", mean / 10, mean % 10, sd / 10, sd % 10, 5 + next(196))?;
        }
        writeln!(out, ",{},{},{},{}", next(41), 1 + next(200), next(41), 1 + next(200))?;
    }
    out.flush()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("reffect-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    for (rows, runs) in [(100_000u64, 9), (1_000_000, 5)] {
        let table = folder.join(format!("{rows}.csv"));
        write_table(&table, rows)?;
        for (measure, format) in
            [("MD", "json"), ("SMD", "json"), ("SMD", "csv"), ("RR", "json"), ("OR", "json"), ("ROM", "json")]
        {
            let mut times = Vec::new();
            for _ in 0..runs {
                let start = Instant::now();
                let status = Command::new(env!("CARGO_BIN_EXE_reffect"))
                    .args(["effect", "--measure", measure, "--format", format])
                    .arg(&table)
                    .stdout(Stdio::null())
                    .status()?;
                if !status.success() {
                    return Err(format!("{measure}: {status}").into());
                }
                times.push(start.elapsed().as_secs_f64());
            }
            times.sort_by(f64::total_cmp);
            let median = times[times.len() / 2];
            let rate = rows as f64 / median / 1e6;
            println!("{rows:>9} rows  {measure:<4} {format:<5} {:>9.1} ms   {rate:.2} million rows/s", 1e3 * median);
        }
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
