//! The names of columns in a table that `reffect check` reads: the spellings that are taken for one, and the columns
//! that nothing reads.

use super::several_columns::spelled_of_group;
use super::table_columns::names;
use crate::cli::failure::Failure;
use crate::diagnostic::{Diagnostic, did_you_mean, listed, shortened};
use crate::read::Table;

/// Other spellings of a column, in small letters and without the signs between them.
const SPELLINGS: [(&str, &[&str]); 23] = [
    ("mean", &["average", "avg", "means"]),
    ("median", &["mdn"]),
    ("n", &["samplesize", "nobs", "numberofpatients", "npatients", "numberofparticipants", "人数", "例数"]),
    ("sd", &["stdev", "stddev", "std", "standarddeviation", "標準偏差"]),
    ("se", &["sem", "stderr", "stderror", "standarderror", "標準誤差"]),
    ("p", &["pvalue", "pval", "sig", "sig2tailed", "p値"]),
    ("t", &["tvalue", "tval", "tstat", "tstatistic", "tratio", "t値"]),
    ("z", &["zvalue", "zval", "zstat", "zstatistic"]),
    ("f", &["fvalue", "fval", "fstat", "fstatistic", "fratio", "f値"]),
    ("r", &["pearsonr", "rvalue", "pearsonsr"]),
    ("chi2", &["chisq", "chisquare", "chisquared", "χ2", "χ²", "x²", "chi²", "xsquared"]),
    ("df", &["dof", "degreesoffreedom", "degreeoffreedom", "自由度"]),
    ("df1", &["numdf", "dfnum", "dfn", "dfnumerator", "dfbetween", "dfeffect"]),
    ("df2", &["dendf", "dfden", "dfd", "dfdenominator", "dferror", "dfwithin", "dfresidual"]),
    (
        "ci_lower",
        &[
            "cilb",
            "cilow",
            "cilo",
            "lowerci",
            "cil",
            "lci",
            "lcl",
            "conflow",
            "lower95",
            "lower95ci",
            "ci95lower",
            "95cilower",
            "cilowerbound",
            "cilowerlimit",
            "ll",
        ],
    ),
    (
        "ci_upper",
        &[
            "ciub",
            "cihigh",
            "cihi",
            "upperci",
            "ciu",
            "uci",
            "ucl",
            "confhigh",
            "upper95",
            "upper95ci",
            "ci95upper",
            "95ciupper",
            "ciupperbound",
            "ciupperlimit",
            "ul",
        ],
    ),
    ("min", &["minimum", "lowest", "最小値"]),
    ("max", &["maximum", "highest", "最大値"]),
    ("items", &["nitems", "numberofitems"]),
    ("percent", &["ispercent"]),
    ("sided", &["alternative", "sides"]),
    ("m1i", &["mean1", "m1"]),
    ("m2i", &["mean2", "m2"]),
];

/// The two-group columns that are spelled with their group alone.
const OF_GROUPS: [(&str, &[&str]); 4] =
    [("sd1i", &["sd1", "s1"]), ("sd2i", &["sd2", "s2"]), ("n1i", &["n1"]), ("n2i", &["n2"])];

/// Columns that say of what a row is, which no check needs.
const LABELS: [&str; 28] = [
    "id", "label", "name", "study", "author", "year", "variable", "outcome", "group", "arm", "item", "source", "paper",
    "doi", "pmid", "table", "page", "line", "row", "note", "notes", "comment", "comments", "unit", "units", "trial",
    "kind", "x1",
];

/// What became of the names of a table.
#[derive(Clone, Debug, Default)]
pub struct TableNames {
    /// Columns that are taken for others: the name in the file, and what it is read as.
    pub taken: Vec<(String, &'static str)>,
    /// Columns that nothing reads, and what may be meant by them.
    pub unread: Vec<(String, Option<&'static str>)>,
}

/// A name in small letters, without what stands between its words.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '²').flat_map(char::to_lowercase).collect()
}

/// Whether a column is called by a name or by another spelling of it.
pub fn is_spelled(column: &str, name: &str) -> bool {
    let (column, own) = (plain(column), plain(name));
    let mut spellings = SPELLINGS.iter().filter(|(known, _)| *known == name).flat_map(|(_, spellings)| *spellings);
    column == own || spellings.any(|spelling| *spelling == column)
}

/// The table with its columns under the names that are asked for, where a spelling leaves no doubt: no other column has
/// the name, and no other the same spelling.
///
/// # Errors
/// None that the header does not have already.
pub fn named(table: Table) -> Result<(Table, TableNames), Diagnostic> {
    let mut found_names = TableNames::default();
    let is_known = |name: &str| names().any(|known| known.eq_ignore_ascii_case(name));
    let has = |table: &Table, name: &str| table.column(name).is_some();
    let plain_names: Vec<String> = table.names().iter().map(|name| plain(name)).collect();
    let is_of_groups = plain_names.iter().any(|name| ["m1i", "mean1", "m1"].contains(&name.as_str()));
    for (name, spellings) in SPELLINGS.iter().chain(OF_GROUPS.iter().filter(|_| is_of_groups)) {
        if has(&table, name) || (*name == "mean" && has(&table, "x")) {
            continue;
        }
        let is_of_group = |spelled: &str| OF_GROUPS.iter().any(|(_, other)| other.contains(&spelled));
        // Psychology heads its columns M and SD.
        let is_m = |spelled: &str| *name == "mean" && spelled == "m" && has(&table, "sd");
        let own = plain(name);
        // `S.D.` is `sd` with signs between its letters.
        let is_spelled = |(column, spelled): &(&String, &String)| {
            (**spelled == own || spellings.contains(&spelled.as_str()) || is_m(spelled))
                && (!is_known(column) || is_of_group(spelled))
        };
        let found: Vec<&String> =
            table.names().iter().zip(&plain_names).filter(is_spelled).map(|(column, _)| column).collect();
        if let [one] = found[..] {
            found_names.taken.push((one.clone(), name));
        }
    }
    // Those of a third group and more.
    for (column, spelled) in table.names().iter().zip(&plain_names).filter(|_| is_of_groups) {
        let name = spelled_of_group(spelled).filter(|name| !has(&table, name) && !is_known(column));
        let is_one = || plain_names.iter().filter(|other| spelled_of_group(other) == name).count() == 1;
        found_names.taken.extend(name.filter(|_| is_one()).map(|name| (column.clone(), name)));
    }
    let pairs: Vec<(String, String)> =
        found_names.taken.iter().map(|(column, name)| ((*name).to_owned(), column.clone())).collect();
    let table = table.called(&pairs)?;
    for ((name, column), spelled) in table.names().iter().zip(table.columns()).zip(&plain_names) {
        if is_known(name) || LABELS.contains(&spelled.as_str()) || name.is_empty() {
            continue;
        }
        found_names.unread.push((column.clone(), meant(name)));
    }
    Ok((table, found_names))
}

/// The column that may be meant by a name.
fn meant(name: &str) -> Option<&'static str> {
    let own = plain(name);
    let by_spelling = SPELLINGS.iter().find(|(known, other)| plain(known) == own || other.contains(&own.as_str()));
    let begins = |(known, _): &&(&'static str, &[&str])| known.len() > 1 && own.len() > 2 && own.starts_with(known);
    let found = by_spelling.or_else(|| SPELLINGS.iter().find(begins)).map(|(known, _)| *known);
    let close =
        || did_you_mean(&own, names()).and_then(|told| names().find(|known| told.contains(&format!("`{known}`"))));
    found.or_else(|| if own.len() > 2 { close() } else { None })
}

impl TableNames {
    /// What there is to say of them, a sentence each.
    pub fn notes(&self) -> Vec<String> {
        const LONGEST: usize = 40;
        /// So many columns are told.
        const MOST_TOLD: usize = 8;
        let shown = |name: &str| format!("`{}`", shortened(name, LONGEST));
        let mut notes = Vec::new();
        if !self.taken.is_empty() {
            let taken = self.taken.iter().map(|(column, name)| format!("{} is read as {name}", shown(column)));
            notes.push(format!("{} (--map says otherwise)", listed(taken)));
        }
        if !self.unread.is_empty() {
            // Those that may be meant first.
            let (doubtful, others): (Vec<_>, Vec<_>) = self.unread.iter().partition(|(_, meant)| meant.is_some());
            let mut told: Vec<String> = doubtful
                .iter()
                .chain(&others)
                .take(MOST_TOLD)
                .map(|(column, meant)| match meant {
                    Some(meant) => format!("{} (if it is {meant}: --map '{meant}={column}')", shown(column)),
                    None => shown(column),
                })
                .collect();
            if self.unread.len() > MOST_TOLD {
                told.push(format!("{} more columns", self.unread.len() - MOST_TOLD));
            }
            notes.push(format!("no check reads {}", listed(told)));
        }
        notes
    }

    /// Whether a column that nothing reads may be one that a check needs.
    fn is_doubtful(&self) -> bool {
        self.unread.iter().any(|(_, meant)| meant.is_some())
    }

    /// Refuses such a column where nothing is to be left open.
    pub fn refuse_doubtful(&self, table: &str, is_strict: bool) -> Result<(), Failure> {
        match is_strict && self.is_doubtful() {
            true => Err(Failure::call(
                format!("{table}: {}, and --strict leaves nothing unread", self.notes().join("; ")),
                "say by --map which is which, or take the column out",
            )),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_of(header: &'static str) -> TableNames {
        named(Table::from_reader("t.csv", header.as_bytes(), b',').unwrap()).unwrap().1
    }

    fn taken(header: &'static str) -> Vec<&'static str> {
        names_of(header).taken.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn common_spellings_are_read() {
        assert_eq!(taken("item,mean,S.D.,n\n"), ["sd"]);
        assert_eq!(taken("Variable,Mean,SD ,Sample size\n"), ["n"]);
        assert_eq!(taken("t,df,p.value\n"), ["p"]);
        assert_eq!(taken("mean,sd,n,SEM,95% CI lower,95% CI upper\n"), ["se", "ci_lower", "ci_upper"]);
        assert_eq!(taken("mean1,sd1,n1,mean2,sd2,n2\n"), ["m1i", "m2i", "sd1i", "sd2i", "n1i", "n2i"]);
        assert_eq!(taken("Mean1,SD1,N1,Mean2,SD2,N2,P\n"), ["m1i", "m2i", "sd1i", "sd2i", "n1i", "n2i"]);
        assert_eq!(taken("Scale,M,SD,N\n"), ["mean"]);
        // Sizes beside an effect stay what they are.
        assert!(taken("measure,estimate,n1,n2\n").is_empty());
    }

    #[test]
    fn what_is_in_doubt_is_left_and_told() {
        // A column of the name itself wins, and of two spellings none.
        for header in ["mean,sd,S.D.,n\n", "mean,sd,n,p.value,P-value\n"] {
            let TableNames { taken, unread } = names_of(header);
            assert!(taken.is_empty() && unread.iter().all(|(_, meant)| meant.is_some()), "{taken:?} {unread:?}");
        }
        assert_eq!(names_of("id,mean,sd,n,weight\n").unread, [("weight".to_owned(), None)]);
        assert_eq!(names_of("mean,sd_pre,n\n").unread, [("sd_pre".to_owned(), Some("sd"))]);
        let names = names_of("mean,sd,n,weight,stepp\n");
        let notes = names.notes().join(" ");
        assert!(
            notes.contains("no check reads `stepp`") && notes.contains("`weight`") && names.is_doubtful(),
            "{notes}"
        );
        assert!(notes.contains("--map 'step=stepp'"), "{notes}");
    }
}
