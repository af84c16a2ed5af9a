//! A PostgreSQL server of the trial's own, which falls without warning.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The server; it goes with this.
pub(crate) struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    /// The server refuses to run as root.
    is_root: bool,
}

impl Cluster {
    /// Makes and starts one.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let user = Command::new("id").arg("-u").output().expect("`id` answers");
        let is_root = user.stdout.trim_ascii() == b"0";
        let cluster = Self { folder, programs: programs(), is_root };
        if is_root {
            let mut chown = Command::new("chown");
            chown.arg("postgres").arg(cluster.folder.path());
            assert!(chown.status().is_ok_and(|done| done.success()), "the folder goes to the server's user");
        }
        cluster.done("initdb", &["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]);
        let socket = cluster.folder.path().display();
        let options = format!("-k {socket} -c listen_addresses='' -c fsync=off -c max_connections=200");
        let log = cluster.folder.path().join("server.log");
        cluster.done("pg_ctl", &["-w", "-l", &log.display().to_string(), "-o", &options, "start"]);
        cluster
    }

    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.path().display())
    }

    /// Breaks everything off, as a power cut would, and starts again.
    pub(crate) fn fall_and_rise(&self) {
        let log = self.folder.path().join("server.log");
        self.done("pg_ctl", &["-w", "-m", "immediate", "-l", &log.display().to_string(), "restart"]);
    }

    /// Writes all rows of a database to a file, in SQL.
    pub(crate) fn keep(&self, database: &str, file: &Path) -> std::io::Result<()> {
        let dump = Command::new(self.programs.join("pg_dump"))
            .args(["--inserts", "--dbname", &self.url(database)])
            .stdin(Stdio::null())
            .stdout(File::create(file)?)
            .status()?;
        if dump.success() { Ok(()) } else { Err(std::io::Error::other(dump.to_string())) }
    }

    fn done(&self, program: &str, arguments: &[&str]) {
        let ended = self.command(program, arguments).status();
        assert!(ended.is_ok_and(|status| status.success()), "{program} {arguments:?} of PostgreSQL does it");
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let program = self.programs.join(program);
        let mut command = if self.is_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // From a folder that the server's user may enter; the server keeps the pipes that it is given.
        command.current_dir(self.folder.path()).arg("-D").arg(self.folder.path().join("data"));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // What cannot be stopped is left to the machine.
        let _ = self.command("pg_ctl", &["-m", "immediate", "stop"]).status();
    }
}

/// Where Debian keeps the newest version's programs.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())))
        .max_by_key(|(version, _)| *version);
    newest.map_or_else(|| Path::new("/usr/bin").to_owned(), |(_, path)| path.join("bin"))
}
