//! Streams that are compressed with gzip, by what they begin with.

use super::text::GZIP;
use flate2::read::MultiGzDecoder;
use std::io::{BufReader, Cursor, Read, Result};

/// What a stream holds: as it stands, or unpacked where it is compressed, whatever its name.
pub(super) fn unpacked(mut stream: impl Read + Send + 'static) -> Result<Box<dyn Read + Send>> {
    let mut first = Vec::with_capacity(GZIP.len());
    stream.by_ref().take(GZIP.len() as u64).read_to_end(&mut first)?;
    let is_compressed = first == GZIP;
    let whole = Cursor::new(first).chain(stream);
    Ok(if is_compressed { Box::new(MultiGzDecoder::new(BufReader::new(whole))) } else { Box::new(whole) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn streams_are_unpacked_by_their_first_bytes() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(b"yi,vi\n1,2\n").unwrap();
        for (stream, held) in [
            (packed.finish().unwrap(), "yi,vi\n1,2\n"),
            (b"yi,vi\n1,2\n".to_vec(), "yi,vi\n1,2\n"),
            (b"y".to_vec(), "y"),
            (Vec::new(), ""),
        ] {
            let mut text = String::new();
            unpacked(Cursor::new(stream)).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, held);
        }
    }
}
