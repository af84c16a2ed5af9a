//! What a table holds, in a form that is the same on both databases.

use sea_orm::Value;

use crate::error::{Error, Result};

/// How many rows a table has, and a digest of them all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Rows.
    pub rows: u64,
    /// The same for the same rows, in whatever order they were read; hexadecimal.
    pub digest: String,
}

/// Digests rows as they are read: the sum of their hashes, since the databases sort texts each in its own way.
#[derive(Default)]
pub(super) struct Digest {
    sum: [u64; 4],
    rows: u64,
}

impl Digest {
    /// Adds a row by its values, in the order of the entity's columns.
    pub(super) fn add(&mut self, row: impl IntoIterator<Item = Value>) -> Result<()> {
        let mut hasher = blake3::Hasher::new();
        for value in row {
            feed(&mut hasher, &value)?;
        }
        let hash = *hasher.finalize().as_bytes();
        let (parts, _) = hash.as_chunks::<8>();
        for (sum, part) in self.sum.iter_mut().zip(parts) {
            *sum = sum.wrapping_add(u64::from_be_bytes(*part));
        }
        self.rows += 1;
        Ok(())
    }

    /// What was digested, which must be as much as the table counts.
    pub(super) fn contents(self, counted: u64) -> Result<Contents> {
        if self.rows != counted {
            return Err(Error::Corrupt(format!("a table counts {counted} rows and shows {}", self.rows)));
        }
        let digest = self.sum.iter().fold(String::new(), |digest, part| digest + &format!("{part:016x}"));
        Ok(Contents { rows: counted, digest })
    }
}

/// Feeds a value with its kind and length, so that no two rows look alike that are not. Whole numbers of any width are one kind.
fn feed(hasher: &mut blake3::Hasher, value: &Value) -> Result<()> {
    let mut part = |kind: u8, bytes: &[u8]| {
        hasher.update(&[kind]).update(&(bytes.len() as u64).to_be_bytes()).update(bytes);
    };
    match value {
        Value::BigInt(None)
        | Value::Int(None)
        | Value::Bool(None)
        | Value::String(None)
        | Value::Bytes(None) => {
            part(b'0', &[]);
        }
        Value::BigInt(Some(number)) => part(b'n', &number.to_be_bytes()),
        Value::Int(Some(number)) => part(b'n', &i64::from(*number).to_be_bytes()),
        Value::Bool(Some(truth)) => part(b'b', &[u8::from(*truth)]),
        Value::String(Some(text)) => part(b't', text.as_bytes()),
        Value::Bytes(Some(bytes)) => part(b'x', bytes),
        _ => return Err(Error::Corrupt("a value of a kind that no table of ours has".to_owned())),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(rows: &[&[Value]]) -> String {
        let mut digest = Digest::default();
        for row in rows {
            digest.add(row.iter().cloned()).expect("values of tables");
        }
        digest.contents(rows.len() as u64).expect("as many").digest
    }

    #[test]
    fn the_order_of_rows_does_not_matter_and_every_value_does() {
        let (one, two): (&[Value], &[Value]) = (&[1_i32.into(), "a".into()], &[2_i32.into(), "b".into()]);
        assert_eq!(digest(&[one, two]), digest(&[two, one]));
        let others: [&[Value]; 5] = [
            &[2_i32.into(), "c".into()],
            &[3_i32.into(), "b".into()],
            &[2_i32.into(), Value::String(None)],
            &["2".into(), "b".into()],
            &[2_i32.into(), true.into()],
        ];
        for other in others {
            assert_ne!(digest(&[one, two]), digest(&[one, other]), "{other:?}");
        }
        assert_ne!(digest(&[one]), digest(&[one, one]));
    }

    #[test]
    fn texts_that_run_together_are_told_apart_and_a_number_is_one_at_any_width() {
        assert_ne!(digest(&[&["ab".into(), "c".into()]]), digest(&[&["a".into(), "bc".into()]]));
        assert_ne!(digest(&[&["".into()]]), digest(&[&[Value::String(None)]]));
        assert_eq!(digest(&[&[7_i32.into()]]), digest(&[&[7_i64.into()]]));
    }

    #[test]
    fn a_table_that_shows_fewer_rows_than_it_counts_is_no_table_to_trust() {
        assert!(Digest::default().contents(1).is_err());
    }
}
