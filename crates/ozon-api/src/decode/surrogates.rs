//! Replaces halves of surrogate pairs in JSON text, which a strict reader refuses. Looks at nothing else.

/// The JSON with every lone `\uD800`-`\uDFFF` turned into the replacement character; `None` where there is none.
pub(crate) fn mended(json: &str) -> Option<String> {
    let bytes = json.as_bytes();
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match unit(bytes, at) {
            Some(0xD800..=0xDBFF) => {
                if matches!(unit(bytes, at + 6), Some(0xDC00..=0xDFFF)) {
                    at += 12;
                    continue;
                }
            }
            Some(0xDC00..=0xDFFF) => {}
            Some(_) => {
                at += 6;
                continue;
            }
            // Another escape, `\\` among them: both bytes belong together.
            None => {
                at += 2;
                continue;
            }
        }
        out.push_str(&json[copied..at]);
        out.push('\u{fffd}');
        at += 6;
        copied = at;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&json[copied..]);
    Some(out)
}

/// The code unit of a `\uXXXX` that begins here.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6)?;
    if &escape[..2] != b"\\u" {
        return None;
    }
    let digits = std::str::from_utf8(&escape[2..]).ok()?;
    u16::from_str_radix(digits, 16).ok()
}
