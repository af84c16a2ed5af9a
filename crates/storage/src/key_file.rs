//! The file that keeps the secret key beside an SQLite database: made at the first start, exchanged when the key is rotated.
//!
//! A new key stands aside under its own fingerprint before the database knows it, and takes the file's place afterwards. So
//! whenever a rotation is cut off, the key that the database wants is in the one file or in the other.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::secrets::{SecretKey, new_token};

/// Where the key is kept.
#[derive(Clone, Debug)]
pub(crate) struct KeyFile(PathBuf);

impl KeyFile {
    /// The file beside a database.
    pub(crate) fn beside(database: &Path) -> Self {
        Self(database.with_extension("key"))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The key, where there is one.
    pub(crate) fn known(&self) -> Result<Option<SecretKey>> {
        self.read(&self.0)
    }

    /// The key; made where there is none yet.
    pub(crate) fn key(&self) -> Result<SecretKey> {
        if let Some(key) = self.known()? {
            return Ok(key);
        }
        if let Some(folder) = self.0.parent() {
            std::fs::create_dir_all(folder).map_err(|e| self.fault(&e))?;
        }
        // Written aside and linked into place, so that of two processes that start at once both use the first one's key.
        let key = SecretKey::generate();
        let aside = self.0.with_extension(format!("key.{}", new_token()));
        self.write(&aside, &key)?;
        let linked = std::fs::hard_link(&aside, &self.0);
        let _ = std::fs::remove_file(&aside);
        match linked {
            Ok(()) => Ok(key),
            Err(_) => self.read(&self.0)?.ok_or(Error::NoSecretKey),
        }
    }

    /// The key of that fingerprint, whether it stands aside still or has taken the file's place.
    pub(crate) fn key_of(&self, fingerprint: &str) -> Result<Option<SecretKey>> {
        for path in [self.aside(fingerprint), self.0.clone()] {
            if let Some(key) = self.read(&path)?.filter(|key| key.fingerprint() == fingerprint) {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// Puts a key aside, readable by the owner alone.
    pub(crate) fn put_aside(&self, key: &SecretKey) -> Result<()> {
        let aside = self.aside(&key.fingerprint());
        // What an earlier try left is written anew: it may be cut short.
        self.forget_aside(&key.fingerprint());
        self.write(&aside, key)?;
        self.settle()
    }

    /// Takes back what was put aside.
    pub(crate) fn forget_aside(&self, fingerprint: &str) {
        let _ = std::fs::remove_file(self.aside(fingerprint));
    }

    /// Gives the key that stands aside the file's place; where it is then. Where that cannot be, it stands aside for good,
    /// and is found there.
    pub(crate) fn take_its_place(&self, fingerprint: &str) -> PathBuf {
        let aside = self.aside(fingerprint);
        match std::fs::rename(&aside, &self.0).map_err(|e| self.fault(&e)).and_then(|()| self.settle()) {
            Ok(()) => self.0.clone(),
            // Another process was first.
            Err(_) if !aside.is_file() => self.0.clone(),
            Err(error) => {
                tracing::warn!("the new key stays in {}: {error}", aside.display());
                aside
            }
        }
    }

    /// Where a key stands aside.
    pub(crate) fn aside(&self, fingerprint: &str) -> PathBuf {
        self.0.with_extension(format!("key.{fingerprint}"))
    }

    fn read(&self, path: &Path) -> Result<Option<SecretKey>> {
        match std::fs::read_to_string(path) {
            Ok(text) => SecretKey::from_base64(&text).map(Some).ok_or(Error::WrongSecretKey),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(self.fault(&e)),
        }
    }

    fn write(&self, path: &Path, key: &SecretKey) -> Result<()> {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(|e| self.fault(&e))?;
        file.write_all(key.to_base64().as_bytes()).and_then(|()| file.sync_all()).map_err(|e| self.fault(&e))
    }

    /// Waits until the folder's names are on disk, too.
    fn settle(&self) -> Result<()> {
        let folder = self.0.parent().filter(|folder| !folder.as_os_str().is_empty());
        #[cfg(unix)]
        File::open(folder.unwrap_or(Path::new(".")))
            .and_then(|f| f.sync_all())
            .map_err(|e| self.fault(&e))?;
        Ok(())
    }

    fn fault(&self, error: &std::io::Error) -> Error {
        Error::Corrupt(format!("the secret key in {}: {error}", self.0.display()))
    }
}
