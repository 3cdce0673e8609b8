//! `reffect meta --profile`: profile likelihoods.

use crate::meta::profile::Profile;
use crate::numeric::format::significant;

/// What is to be known of profiles.
pub fn notes_on_profiles(profiles: Option<&[Profile]>) -> Vec<String> {
    let Some(profiles) = profiles else { return Vec::new() };
    let rises = profiles.iter().filter_map(|of| Some((of, of.rise()?)));
    let mut notes: Vec<String> = rises
        .map(|(of, rise)| {
            format!(
                "the profile of {} is higher by {} elsewhere than at its estimate: the search ended at a lesser maximum, and \
                 the result is to be used with care",
                of.parameter,
                significant(rise, 3)
            )
        })
        .collect();
    if !profiles.is_empty() {
        notes.push(
            "the points of the profiles stand in --json and --format csv; reffect plot profile draws those of a result"
                .to_owned(),
        );
    }
    notes
}
