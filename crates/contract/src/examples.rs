//! Reads the official examples, one file each. Does not judge them.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// `../shared/ozon`, counted from the project's root.
pub(crate) fn shared_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/ozon")
}

/// An error answer as people have reported it.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorExample {
    /// The file's name without its ending.
    pub name: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The answer's body.
    pub body: Value,
}

/// The folder of the examples.
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// `/v1/roles` and `resp200` name `v1_roles__resp200.json`.
    pub(crate) fn of_method(&self, path: &str, kind: &str) -> Vec<Value> {
        let stem = path.trim_matches('/').replace('/', "_");
        read(&self.root.join(format!("{stem}__{kind}.json"))).into_iter().collect()
    }

    pub(crate) fn push(&self) -> Vec<(String, Value)> {
        named_files(&self.root.join("push"))
    }

    pub(crate) fn errors(&self) -> Vec<ErrorExample> {
        named_files(&self.root.join("errors"))
            .into_iter()
            .filter_map(|(name, mut file)| {
                Some(ErrorExample {
                    name,
                    status: file["http_status"].as_u64()?.try_into().ok()?,
                    body: file["body"].take(),
                })
            })
            .collect()
    }
}

fn named_files(folder: &Path) -> Vec<(String, Value)> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<(String, Value)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            Some((name, read(&path)?))
        })
        .collect();
    found.sort_by(|left, right| left.0.cmp(&right.0));
    found
}

fn read(file: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(file).ok()?;
    serde_json::from_str(&text).ok()
}
