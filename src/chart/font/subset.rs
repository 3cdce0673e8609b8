//! The font of a page: the glyphs of the embedded font that the page needs, as WOFF 1.0.
//!
//! The layout of the tables is that of the OpenType specification 1.9 (`cmap` format 12, `loca` format 1,
//! `glyf`, `hmtx`), the file that of the W3C recommendation “WOFF File Format 1.0”.

use super::{Face, embedded_font};
use skrifa::Tag;
use skrifa::raw::TableProvider;
use std::collections::{BTreeMap, BTreeSet};

/// The embedded font with the glyphs of these characters alone, as a WOFF file; characters that it lacks
/// are left out. None where the font lacks a table, which a test rules out.
///
/// ```
/// let few = reffect::chart::embedded_subset("0123 再発".chars()).unwrap();
/// assert!(few.starts_with(b"wOFF") && few.len() < 20_000);
/// ```
#[must_use]
pub fn embedded_subset(characters: impl IntoIterator<Item = char>) -> Option<Vec<u8>> {
    let face = Face::open(embedded_font()).ok()?;
    let mut glyphs = Glyphs { kept: vec![0], places: BTreeMap::from([(0, 0)]) };
    let mut map = Vec::new();
    for character in characters.into_iter().collect::<BTreeSet<char>>() {
        if let Some(glyph) = face.glyph(character) {
            map.push((u32::from(character), glyphs.place(u16::try_from(glyph.to_u32()).ok()?)));
        }
    }
    let (glyf, loca) = outlines(&face, &mut glyphs)?;
    let count = u16::try_from(glyphs.kept.len()).ok()?;
    let raw = |tag: &[u8; 4]| table(&face, tag).map(<[u8]>::to_vec);
    let mut head = raw(b"head")?;
    head.get_mut(8..12)?.fill(0);
    head.get_mut(50..52)?.copy_from_slice(&1_u16.to_be_bytes());
    let mut hhea = raw(b"hhea")?;
    hhea.get_mut(34..36)?.copy_from_slice(&count.to_be_bytes());
    let mut maxp = raw(b"maxp")?;
    maxp.get_mut(4..6)?.copy_from_slice(&count.to_be_bytes());
    // Format 3 has no names of glyphs.
    let mut post = raw(b"post")?.get(..32)?.to_vec();
    post.get_mut(..4)?.copy_from_slice(&0x0003_0000_u32.to_be_bytes());
    let tables = vec![
        (*b"OS/2", raw(b"OS/2")?),
        (*b"cmap", character_map(&map)),
        (*b"glyf", glyf),
        (*b"head", head),
        (*b"hhea", hhea),
        (*b"hmtx", advances(&face, &glyphs.kept)?),
        (*b"loca", loca),
        (*b"maxp", maxp),
        (*b"name", raw(b"name")?),
        (*b"post", post),
    ];
    Some(woff(&tables))
}

/// A table of the font as it stands.
fn table<'a>(face: &Face<'a>, tag: &[u8; 4]) -> Option<&'a [u8]> {
    face.font.data_for_tag(Tag::new(tag)).map(|data| data.as_bytes())
}

/// The glyphs that are kept, in their new order, and where each old one has gone.
struct Glyphs {
    kept: Vec<u16>,
    places: BTreeMap<u16, u16>,
}

impl Glyphs {
    fn place(&mut self, old: u16) -> u16 {
        *self.places.entry(old).or_insert_with(|| {
            self.kept.push(old);
            (self.kept.len() - 1) as u16
        })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|two| u16::from_be_bytes([two[0], two[1]]))
}

/// `glyf` and `loca`; the parts of composite glyphs join the kept ones on the way.
fn outlines(face: &Face<'_>, glyphs: &mut Glyphs) -> Option<(Vec<u8>, Vec<u8>)> {
    let loca_of = |at: usize| -> Option<usize> {
        let old = table(face, b"loca")?;
        // Format 0 has halves of offsets.
        if u16_at(table(face, b"head")?, 50)? == 0 {
            return Some(2 * usize::from(u16_at(old, 2 * at)?));
        }
        old.get(4 * at..4 * at + 4).map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]) as usize)
    };
    let bytes = table(face, b"glyf")?;
    let (mut glyf, mut loca) = (Vec::new(), 0_u32.to_be_bytes().to_vec());
    let mut at = 0;
    while let Some(&glyph) = glyphs.kept.get(at) {
        let (start, end) = (loca_of(usize::from(glyph))?, loca_of(usize::from(glyph) + 1)?);
        let mut outline = bytes.get(start..end)?.to_vec();
        renumber(&mut outline, glyphs);
        glyf.extend(outline);
        glyf.resize(glyf.len().next_multiple_of(4), 0);
        loca.extend(u32::try_from(glyf.len()).ok()?.to_be_bytes());
        at += 1;
    }
    Some((glyf, loca))
}

/// Gives the parts of a composite glyph their new numbers.
fn renumber(outline: &mut [u8], glyphs: &mut Glyphs) {
    const WORDS: u16 = 0x1;
    const SCALES: [(u16, usize); 3] = [(0x8, 2), (0x40, 4), (0x80, 8)];
    const MORE: u16 = 0x20;
    if u16_at(outline, 0).is_none_or(|contours| (contours as i16) >= 0) {
        return;
    }
    let mut at = 10;
    while let (Some(flags), Some(part)) = (u16_at(outline, at), u16_at(outline, at + 2)) {
        outline[at + 2..at + 4].copy_from_slice(&glyphs.place(part).to_be_bytes());
        let scale = SCALES.iter().find(|(flag, _)| flags & flag != 0).map_or(0, |(_, length)| *length);
        at += 4 + if flags & WORDS == 0 { 2 } else { 4 } + scale;
        if flags & MORE == 0 {
            return;
        }
    }
}

/// `hmtx`: advance and left bearing of each kept glyph. Glyphs behind the last advance have the last one.
fn advances(face: &Face<'_>, kept: &[u16]) -> Option<Vec<u8>> {
    let (old, hhea) = (table(face, b"hmtx")?, table(face, b"hhea")?);
    let count = usize::from(u16_at(hhea, 34)?);
    let mut new = Vec::with_capacity(4 * kept.len());
    for glyph in kept.iter().map(|glyph| usize::from(*glyph)) {
        let last = count.checked_sub(1)?.min(glyph);
        let bearing = if glyph < count { 4 * glyph + 2 } else { 4 * count + 2 * (glyph - count) };
        new.extend(u16_at(old, 4 * last)?.to_be_bytes());
        new.extend(u16_at(old, bearing)?.to_be_bytes());
    }
    Some(new)
}

/// `cmap` with one table of format 12, a group for each run of characters and glyphs.
fn character_map(map: &[(u32, u16)]) -> Vec<u8> {
    let mut groups: Vec<[u32; 3]> = Vec::new();
    for &(character, glyph) in map {
        match groups.last_mut() {
            Some([first, last, start])
                if *last + 1 == character && *start + (character - *first) == u32::from(glyph) =>
            {
                *last = character;
            }
            _ => groups.push([character, character, u32::from(glyph)]),
        }
    }
    let mut table = Vec::new();
    [0_u16, 1, 3, 10].iter().for_each(|value| table.extend(value.to_be_bytes()));
    table.extend(12_u32.to_be_bytes());
    [12_u16, 0].iter().for_each(|value| table.extend(value.to_be_bytes()));
    let length = 16 + 12 * groups.len() as u32;
    [length, 0, groups.len() as u32].iter().for_each(|value| table.extend(value.to_be_bytes()));
    groups.iter().flatten().for_each(|value| table.extend(value.to_be_bytes()));
    table
}

fn checksum(table: &[u8]) -> u32 {
    let word = |chunk: &[u8]| {
        let mut bytes = [0; 4];
        bytes[..chunk.len()].copy_from_slice(chunk);
        u32::from_be_bytes(bytes)
    };
    table.chunks(4).fold(0_u32, |sum, chunk| sum.wrapping_add(word(chunk)))
}

/// Tables, sorted by name, as a WOFF file.
fn woff(tables: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    const HEADER: usize = 44;
    const ENTRY: usize = 20;
    let (mut directory, mut data) = (Vec::new(), Vec::new());
    let start = HEADER + ENTRY * tables.len();
    for (tag, table) in tables {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(table, 9);
        // What does not become smaller stays as it is.
        let stored = if packed.len() < table.len() { packed.as_slice() } else { table };
        directory.extend(tag);
        let numbers = [(start + data.len()) as u32, stored.len() as u32, table.len() as u32, checksum(table)];
        numbers.iter().for_each(|number| directory.extend(number.to_be_bytes()));
        data.extend(stored);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let unpacked: usize = tables.iter().map(|(_, table)| table.len().next_multiple_of(4)).sum();
    let mut file = b"wOFF".to_vec();
    file.extend(0x0001_0000_u32.to_be_bytes());
    file.extend(((start + data.len()) as u32).to_be_bytes());
    file.extend((tables.len() as u16).to_be_bytes());
    file.extend([0; 2]);
    file.extend(((12 + 16 * tables.len() + unpacked) as u32).to_be_bytes());
    // No version, no metadata, no private data.
    file.resize(HEADER, 0);
    file.extend(directory);
    file.extend(data);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plain font inside a WOFF file.
    fn unpacked(woff: &[u8]) -> Vec<u8> {
        let number = |at: usize| u32::from_be_bytes(woff[at..at + 4].try_into().unwrap()) as usize;
        let count = usize::from(u16_at(woff, 12).unwrap());
        let mut font = woff[4..8].to_vec();
        font.extend((count as u16).to_be_bytes());
        font.extend([0; 6]);
        let mut data = Vec::new();
        for entry in (0..count).map(|table| 44 + 20 * table) {
            let [offset, packed, length] = [4, 8, 12].map(|field| number(entry + field));
            let stored = &woff[offset..offset + packed];
            let table = match packed < length {
                true => miniz_oxide::inflate::decompress_to_vec_zlib(stored).unwrap(),
                false => stored.to_vec(),
            };
            assert_eq!(table.len(), length);
            font.extend(&woff[entry..entry + 4]);
            font.extend(&woff[entry + 16..entry + 20]);
            font.extend(((12 + 16 * count + data.len()) as u32).to_be_bytes());
            font.extend((length as u32).to_be_bytes());
            data.extend(table);
            data.resize(data.len().next_multiple_of(4), 0);
        }
        font.extend(data);
        font
    }

    struct Path(String);

    impl skrifa::outline::OutlinePen for Path {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("M{x} {y}");
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("L{x} {y}");
        }
        fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
            self.0 += &format!("Q{a} {b} {x} {y}");
        }
        fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
            self.0 += &format!("C{a} {b} {c} {d} {x} {y}");
        }
        fn close(&mut self) {
            self.0 += "Z";
        }
    }

    #[test]
    fn every_kept_character_has_its_outline_and_advance_and_no_other_is_there() {
        let whole = Face::open(embedded_font()).unwrap();
        let kept = "視神経脊髄炎 2.9 ± 1.1 → Éàïöü ガパ≤τ²①";
        let bytes = unpacked(&embedded_subset(kept.chars()).unwrap());
        let cut = Face::open(&bytes).unwrap();
        for character in kept.chars() {
            let [(old, one), (new, other)] = [&whole, &cut].map(|face| {
                let glyph = face.glyph(character).unwrap();
                let mut path = Path(String::new());
                face.outline(glyph, &mut path);
                (face.advance(glyph), path.0)
            });
            assert_eq!((old, one), (new, other), "{character}");
        }
        assert_eq!(cut.glyph('腫'), None);
        let count = u16_at(table(&cut, b"maxp").unwrap(), 4).unwrap();
        assert!(count < 60, "{count} glyphs");
    }
}
