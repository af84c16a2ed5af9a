//! Compressed texts. The first byte names the way, so that a better one can follow without touching old rows.

use crate::error::{Error, Result};

/// Zstandard, without a dictionary.
const ZSTD: u8 = 1;
/// Fast, and already three to four times smaller.
const LEVEL: i32 = 3;
/// No honest posting unpacks to more than this many bytes.
const LARGEST: usize = 64 << 20;

/// Packs bytes.
pub fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = vec![ZSTD];
    packed.extend(zstd::bulk::compress(bytes, LEVEL).map_err(|e| Error::Corrupt(e.to_string()))?);
    Ok(packed)
}

/// Unpacks what [`pack`] packed.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>> {
    match packed.split_first() {
        Some((&ZSTD, body)) => {
            let size = zstd::zstd_safe::get_frame_content_size(body).ok().flatten().unwrap_or(0);
            let size = usize::try_from(size).unwrap_or(usize::MAX).min(LARGEST);
            zstd::bulk::decompress(body, size.max(1)).map_err(|e| Error::Corrupt(e.to_string()))
        }
        _ => Err(Error::Corrupt("a packed text of an unknown kind".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_and_rubbish_is_an_error() {
        let text = "Кружка «Утро»".repeat(100);
        let packed = pack(text.as_bytes()).expect("packs");
        assert!(packed.len() * 3 < text.len());
        assert_eq!(unpack(&packed).expect("unpacks"), text.as_bytes());
        assert_eq!(unpack(&pack(b"").expect("packs")).expect("unpacks"), b"");
        assert!(unpack(&[]).is_err());
        assert!(unpack(&[9, 9, 9]).is_err());
        assert!(unpack(&[1, 9, 9]).is_err());
    }
}
