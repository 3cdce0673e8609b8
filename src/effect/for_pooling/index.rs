//! Releases by their names.

use crate::reported::Release;
use std::collections::HashMap;

/// The releases that are pooled, found by their names.
pub(super) struct Index<'r> {
    releases: &'r [Release],
    places: HashMap<&'r str, usize>,
}

impl<'r> Index<'r> {
    pub(super) fn of(releases: &'r [Release]) -> Self {
        let mut places = HashMap::new();
        for (place, release) in releases.iter().enumerate() {
            places.entry(release.id.as_str()).or_insert(place);
        }
        Self { releases, places }
    }

    /// The release of a name.
    pub(super) fn release(&self, id: &str) -> Option<&'r Release> {
        self.places.get(id).map(|&place| &self.releases[place])
    }

    /// The place of the release to which the name of a release, or that of one of its arms behind a colon, belongs.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let colons = name.match_indices(':').map(|(at, _)| &name[..at]);
        std::iter::once(name).chain(colons).filter_map(|id| self.places.get(id).copied()).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read_release;

    #[test]
    fn arms_have_the_place_of_their_release() {
        let text = include_str!("../../../data/nmo-tocilizumab-2014.toml");
        let releases = ["b", "a", "a: b"].map(|id| read_release(id, "t.toml", text).unwrap());
        let index = Index::of(&releases);
        let places = ["a", "a: arm", "a: b", "b: c: d", "c"].map(|name| index.place(name));
        assert_eq!(places, [Some(1), Some(1), Some(1), Some(0), None]);
        assert_eq!(index.release("a").map(|release| release.id.as_str()), Some("a"));
    }
}
