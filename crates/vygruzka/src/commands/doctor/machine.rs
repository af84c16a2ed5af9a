//! What the machine gives: the SQLite file and its folder, who may read them, how much room is left, and the secret key's file.

use std::path::{Path, PathBuf};

use super::Findings;
use crate::config::Config;

/// Less room than this is soon none: a load of a large shop writes some hundred megabytes.
const ROOM: u64 = 512 * 1024 * 1024;

/// Looks; `false` when there is nothing that could be opened.
pub(super) fn look(config: &Config, findings: &mut Findings) -> bool {
    let Some(file) = sqlite_file(&config.database_url) else { return with_postgres(config, findings) };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !file.exists() {
        findings
            .problem(format!("there is no database at {} yet; `vygruzka migrate` makes it", file.display()));
        return false;
    }
    findings.told(rights::of_data(folder, &file));
    findings.told(rights::room(folder));
    if let Err(told) = rights::file_system(folder) {
        findings.problem(told);
    }
    let key = file.with_extension("key");
    if config.secret_key.is_some() {
        if key.exists() {
            findings.fine(format!("VYGRUZKA_SECRET_KEY goes before the secret key in {}", key.display()));
        }
        return true;
    }
    if !key.exists() {
        findings.problem(format!(
            "the secret key {} is missing; put its copy back, or every Api-Key must be entered anew",
            key.display()
        ));
        return false;
    }
    findings.told(rights::of_key(&key));
    true
}

/// PostgreSQL is looked at through its connection; here only what we must bring along.
fn with_postgres(config: &Config, findings: &mut Findings) -> bool {
    if config.secret_key.is_none() {
        findings.problem(
            "VYGRUZKA_SECRET_KEY is not set; with PostgreSQL it must hold base64 of 32 bytes, as from `openssl rand -base64 32`",
        );
        return false;
    }
    true
}

/// The path of a `sqlite://` address.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

#[cfg(not(unix))]
mod rights {
    //! What only Unix tells is fine elsewhere.
    use std::path::Path;

    pub fn of_data(folder: &Path, _: &Path) -> Result<String, String> {
        Ok(format!("the data is in {}", folder.display()))
    }
    pub fn room(folder: &Path) -> Result<String, String> {
        of_data(folder, folder)
    }
    pub fn file_system(_: &Path) -> Result<(), String> {
        Ok(())
    }
    pub fn of_key(key: &Path) -> Result<String, String> {
        Ok(format!("the secret key is in {}", key.display()))
    }
}

#[cfg(unix)]
mod rights {
    //! Modes, room and kinds of file systems.

    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use rustix::fs::{Access, access};

    /// The rights of everybody else, and of the group.
    const OTHERS: u32 = 0o007;
    const GROUP_OR_OTHERS: u32 = 0o077;
    /// File systems of networks, by the number that Linux gives them: NFS, SMB, SMB 2, CIFS, Ceph, AFS, 9P.
    #[cfg(target_os = "linux")]
    const OF_NETWORKS: [u32; 7] =
        [0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42, 0x00C3_6400, 0x5346_414F, 0x0102_1997];

    /// Orders hold names and addresses: nobody else may read the file, and we must be able to write beside it.
    pub fn of_data(folder: &Path, file: &Path) -> Result<String, String> {
        let mode = |path: &Path| {
            std::fs::metadata(path)
                .map(|about| about.mode())
                .map_err(|error| format!("{} cannot be looked at: {error}", path.display()))
        };
        if access(folder, Access::WRITE_OK | Access::EXEC_OK).is_err() {
            return Err(format!(
                "the data folder {} cannot be written by this user; give it to the user that runs Vygruzka",
                folder.display()
            ));
        }
        if access(file, Access::READ_OK | Access::WRITE_OK).is_err() {
            return Err(format!(
                "the database {} cannot be written by this user; give it to the user that runs Vygruzka",
                file.display()
            ));
        }
        if mode(folder)? & OTHERS != 0 && mode(file)? & OTHERS != 0 {
            return Err(format!(
                "everybody on this machine can read the database {}; `chmod o-rwx {}`",
                file.display(),
                folder.display()
            ));
        }
        Ok(format!("the data folder {} is ours alone", folder.display()))
    }

    pub fn room(folder: &Path) -> Result<String, String> {
        let told = rustix::fs::statvfs(folder)
            .map_err(|error| format!("the room in {} is not told: {error}", folder.display()))?;
        let left = told.f_bavail.saturating_mul(told.f_frsize);
        super::is_room_enough(left, folder)
    }

    /// SQLite's locks do not hold on file systems of networks.
    #[cfg(target_os = "linux")]
    pub fn file_system(folder: &Path) -> Result<(), String> {
        let told = rustix::fs::statfs(folder)
            .map_err(|error| format!("the file system of {} is not told: {error}", folder.display()))?;
        // The kernel's number has 32 bits, whatever the width of the field.
        let kind = u32::try_from(told.f_type & 0xFFFF_FFFF).unwrap_or(0);
        if OF_NETWORKS.contains(&kind) {
            return Err(format!(
                "the database in {} is on a file system of the network, where SQLite loses data; move it to a local disk or use PostgreSQL",
                folder.display()
            ));
        }
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    pub fn file_system(_: &Path) -> Result<(), String> {
        Ok(())
    }

    pub fn of_key(key: &Path) -> Result<String, String> {
        let about = std::fs::metadata(key)
            .map_err(|error| format!("the secret key {} cannot be looked at: {error}", key.display()))?;
        if about.mode() & GROUP_OR_OTHERS != 0 {
            let path = key.display();
            return Err(format!("others can read the secret key {path}; `chmod 600 {path}`"));
        }
        Ok(format!("the secret key {} is ours alone", key.display()))
    }
}

fn is_room_enough(left: u64, folder: &Path) -> Result<String, String> {
    let megabytes = left / (1024 * 1024);
    let folder = folder.display();
    if left < ROOM {
        return Err(format!(
            "only {megabytes} MB are left in {folder}; make room before loads begin to fail"
        ));
    }
    Ok(format!("{megabytes} MB are left in {folder}"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn data() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        chmod(folder.path(), 0o700);
        let (file, key) = (folder.path().join("vygruzka.db"), folder.path().join("vygruzka.key"));
        for path in [&file, &key] {
            std::fs::write(path, "").expect("is written");
            chmod(path, 0o600);
        }
        (folder, file, key)
    }

    fn chmod(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("is changed");
    }

    fn said(file: &Path) -> (bool, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let written = folder.path().join("vygruzka.toml");
        std::fs::write(&written, format!("database_url = 'sqlite://{}'", file.display()))
            .expect("is written");
        let config = Config::read(Some(&written)).expect("it can be read");
        let mut findings = Findings::default();
        let goes_on = look(&config, &mut findings);
        findings.said.retain(|line| line.starts_with("PROBLEM"));
        (goes_on, findings.said)
    }

    #[test]
    fn data_of_our_own_is_fine() {
        let (_folder, file, _) = data();
        assert_eq!(said(&file), (true, Vec::new()));
    }

    #[test]
    fn a_database_that_everybody_can_read_is_told() {
        let (folder, file, _) = data();
        chmod(&file, 0o644);
        assert_eq!(said(&file).1, Vec::<String>::new(), "the folder lets nobody in");
        chmod(folder.path(), 0o755);
        let told = said(&file).1;
        assert!(told.len() == 1 && told[0].contains("chmod o-rwx"), "{told:?}");
    }

    #[test]
    fn a_secret_key_that_others_can_read_is_told() {
        let (_folder, file, key) = data();
        chmod(&key, 0o640);
        let told = said(&file).1;
        assert!(told.len() == 1 && told[0].contains("chmod 600"), "{told:?}");
    }

    #[test]
    fn a_secret_key_that_is_gone_is_told_and_none_is_made() {
        let (_folder, file, key) = data();
        std::fs::remove_file(&key).expect("is removed");
        let (goes_on, told) = said(&file);
        assert!(!goes_on && told.len() == 1 && told[0].contains("put its copy back"), "{told:?}");
        assert!(!key.exists());
    }

    #[test]
    fn little_room_is_told() {
        assert!(is_room_enough(ROOM, Path::new("data")).is_ok());
        assert!(is_room_enough(ROOM - 1, Path::new("data")).expect_err("told").contains("511 MB"));
    }
}
