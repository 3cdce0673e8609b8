//! From the text of a document to the draft of a release file.
//!
//! Every number that looks like a result is found, with its line and the phrase around it: means with their spread,
//! parts of a whole, percentages, probabilities, events over person-time, counts; Japanese and English, in any width,
//! broken over lines; the times and groups that names beside them tell. What they mean is for a person to say: a draft
//! decides nothing.
//!
//! ```
//! use reffect::transcribe::draft;
//!
//! let text = "難治性患者 7 名に対し、年間再発率は ２．９ ± \n1.1 回から 0.4 ± 0.8 回に有意に減少 (p < 0.005)";
//! let release = draft("trial", "trial.txt", text).ok_or("there is text")?;
//! assert_eq!(release.outcomes[0].results[0].at("before").map(|cell| cell.text.as_str()), Some("２．９ ± 1.1 回"));
//! assert_eq!(release.arms[0].n.as_ref().map(|n| n.text()), Some("7 名"));
//! assert_eq!(release.statements[0].p.as_ref().map(|p| p.text.as_str()), Some("p < 0.005"));
//! # Ok::<(), &str>(())
//! ```

mod arms;
mod assemble;
mod bare_pairs;
mod behind_effects;
mod brackets;
mod cells;
mod changes;
mod claims;
mod columns;
mod compare;
mod compared;
mod contrasts;
mod dates;
mod decimal_commas;
mod doses;
mod draft;
mod effects;
mod flow;
mod group_words;
mod groups;
mod heading;
mod letters;
mod lists;
mod named;
mod names;
mod not_results;
mod nouns;
mod number_words;
mod numbers;
mod occasions;
mod ordered;
mod outcomes;
mod own;
mod pairs;
mod passage;
mod people;
mod person_time;
mod plain_means;
mod plain_rows;
mod rows;
mod scan;
mod sentences;
mod series;
mod shared_names;
mod shares;
mod signs;
mod sizes;
mod table;
mod tallies;
mod time_reader;
mod time_words;
mod told;
mod whose;

pub use compare::{Missing, missing};
pub use draft::draft;
pub use flow::Flow;
pub use scan::{Form, Found, scan};
