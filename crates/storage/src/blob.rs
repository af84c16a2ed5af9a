//! Compressed texts. The first byte names the way, so that a better one can follow without touching old rows.

use std::cell::RefCell;
use std::sync::LazyLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::error::{Error, Result};

/// Zstandard without a dictionary; nothing is packed so any more.
const PLAIN: u8 = 1;
/// Zstandard with [`DICTIONARY`].
const OF_POSTINGS: u8 = 2;
/// The same of two texts: the length of the first in four bytes, the first, the second. Much of the second is in the first.
const TWO_TEXTS: u8 = 3;
/// How Ozon words a posting, and how we keep one; made by `bench dictionary`. Rows that are stored need it as it is: another
/// one takes another first byte.
const DICTIONARY: &[u8] = include_bytes!("blob/postings.zdict");
/// Fast, and with the dictionary ten times smaller.
const LEVEL: i32 = 3;
/// No honest posting unpacks to more than this many bytes.
const LARGEST: usize = 64 << 20;

static FOR_PACKING: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static FOR_UNPACKING: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

thread_local! {
    // To set one up takes longer than to pack a posting.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Packs a text.
pub fn pack(text: &[u8]) -> Result<Vec<u8>> {
    packed(OF_POSTINGS, text)
}

/// Packs two texts together.
pub fn pack_two(first: &[u8], second: &[u8]) -> Result<Vec<u8>> {
    let length = u32::try_from(first.len()).map_err(|e| Error::Corrupt(e.to_string()))?;
    packed(TWO_TEXTS, &[&length.to_le_bytes(), first, second].concat())
}

fn packed(way: u8, bytes: &[u8]) -> Result<Vec<u8>> {
    let body = PACKER.with_borrow_mut(|kept| {
        let packer = match kept {
            Some(packer) => packer,
            None => kept.insert(Compressor::with_prepared_dictionary(&FOR_PACKING)?),
        };
        packer.compress(bytes)
    });
    let body = body.map_err(|e| Error::Corrupt(e.to_string()))?;
    Ok([&[way], body.as_slice()].concat())
}

/// Unpacks the text that was packed alone, now or in an earlier version, or the first of two.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>> {
    Ok(unpack_all(packed)?.0)
}

/// Unpacks one text or two.
pub fn unpack_all(packed: &[u8]) -> Result<(Vec<u8>, Option<Vec<u8>>)> {
    let Some((&way, body)) = packed.split_first() else {
        return Err(Error::Corrupt("a packed text that is empty".to_owned()));
    };
    let size = zstd::zstd_safe::get_frame_content_size(body).ok().flatten().unwrap_or(0);
    let size = usize::try_from(size).unwrap_or(usize::MAX).clamp(1, LARGEST);
    let text = match way {
        PLAIN => zstd::bulk::decompress(body, size),
        OF_POSTINGS | TWO_TEXTS => UNPACKER.with_borrow_mut(|kept| {
            let unpacker = match kept {
                Some(unpacker) => unpacker,
                None => kept.insert(Decompressor::with_prepared_dictionary(&FOR_UNPACKING)?),
            };
            unpacker.decompress(body, size)
        }),
        _ => return Err(Error::Corrupt("a packed text of an unknown kind".to_owned())),
    };
    let text = text.map_err(|e| Error::Corrupt(e.to_string()))?;
    if way != TWO_TEXTS {
        return Ok((text, None));
    }
    let (length, texts) = text.split_first_chunk().ok_or_else(cut_short)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| cut_short())?;
    let (first, second) = texts.split_at_checked(length).ok_or_else(cut_short)?;
    Ok((first.to_vec(), Some(second.to_vec())))
}

fn cut_short() -> Error {
    Error::Corrupt("two packed texts that are cut short".to_owned())
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
        assert!(unpack(&[2, 9, 9]).is_err());
    }

    #[test]
    fn of_two_texts_each_comes_back() {
        let packed = pack_two(b"known", "как сказано".as_bytes()).expect("packs");
        assert_eq!(unpack(&packed).expect("unpacks"), b"known");
        let (first, second) = unpack_all(&packed).expect("unpacks");
        assert_eq!((first.as_slice(), second.as_deref()), (&b"known"[..], Some("как сказано".as_bytes())));
        let mut lying = packed.clone();
        lying[0] = OF_POSTINGS;
        assert_eq!(unpack_all(&lying).expect("unpacks").1, None);
        let mut alone = pack(&[255, 255, 255, 255, 0]).expect("packs");
        alone[0] = TWO_TEXTS;
        assert!(unpack(&alone).is_err(), "a length beyond the end");
    }

    #[test]
    fn what_earlier_versions_packed_comes_back() {
        let text = "{\"posting_number\":\"0120966838-0003-1\"}";
        let mut packed = vec![PLAIN];
        packed.extend(zstd::bulk::compress(text.as_bytes(), LEVEL).expect("packs"));
        assert_eq!(unpack(&packed).expect("unpacks"), text.as_bytes());
    }

    /// Rows of every installation are unpacked with it.
    #[test]
    fn the_dictionary_is_the_one_that_rows_were_packed_with() {
        assert_eq!(
            blake3::hash(DICTIONARY).to_hex().as_str(),
            "26077d2d057eb99033737a4c6c17961b03f91b529b7e850a1bcbadb0d601fb9e"
        );
    }
}
