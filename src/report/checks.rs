//! Verdicts of checks.

use super::document::{Align, Document, Table};
use crate::check::{Check, Status};

fn count(checks: &[Check], status: Status) -> usize {
    checks.iter().filter(|check| check.status == status).count()
}

/// What does not hold, or everything, and one line that counts.
pub fn document(checks: &[Check], verbose: bool) -> Document {
    let columns = ["release", "check", "verdict", "subject", "message"].map(|name| (name, Align::Left));
    let mut table = Table::new(&columns);
    for check in checks.iter().filter(|check| verbose || check.status == Status::Fail) {
        table.row([check.release.as_str(), check.code, check.status.name(), &check.subject, &check.message]);
    }
    let mut document = Document::default();
    document.table(table);
    let counts = [Status::Pass, Status::Fail, Status::Refused].map(|status| count(checks, status));
    document.text(format!("checks: {} passed, {} failed, {} not decidable", counts[0], counts[1], counts[2]));
    document
}

/// Every verdict as a JSON document.
#[cfg(feature = "json")]
pub fn json(checks: &[Check]) -> serde_json::Value {
    let list: Vec<_> = checks
        .iter()
        .map(|check| {
            serde_json::json!({
                "release": check.release,
                "subject": check.subject,
                "check": check.code,
                "status": check.status.name(),
                "message": check.message,
                "expected": check.expected,
                "found": check.found,
            })
        })
        .collect();
    serde_json::json!({
        "checks": list,
        "passed": count(checks, Status::Pass),
        "failed": count(checks, Status::Fail),
        "refused": count(checks, Status::Refused),
    })
}
