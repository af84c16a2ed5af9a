//! The servers: started, killed, started again, and watched for an end of their own accord.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program that trials run.
const PROGRAM: &str = "vygruzka-simulated-clock";
/// How long after a fall of the database a server may still fail to start.
const AFTERMATH: Duration = Duration::from_secs(12);

/// The program with its environment.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) environment: Vec<(String, String)>,
}

impl Program {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        command.args(arguments).current_dir(&self.folder).envs(self.environment.iter().cloned());
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command that must do it; what it printed.
    pub(crate) fn done(&self, arguments: &[&str], input: &str) -> String {
        let file = self.folder.join("input");
        std::fs::write(&file, input).expect("a file can be written");
        let mut command = self.command(arguments);
        command.stdin(File::open(&file).expect("the file can be read"));
        let output = command.output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).expect("text")
    }
}

struct Server {
    port: u16,
    child: Child,
}

/// All servers.
pub(crate) struct Fleet {
    program: Program,
    servers: Vec<Server>,
    /// Until then the fall of the database explains a start that fails.
    excused_until: Option<Instant>,
    pub(crate) kills: u32,
    /// Starts that failed because the database was away.
    pub(crate) false_starts: u32,
    /// Ends that nothing explains.
    pub(crate) unexplained: Vec<String>,
}

impl Fleet {
    pub(crate) fn start(program: Program, many: u32) -> Self {
        let mut fleet = Self {
            program,
            servers: Vec::new(),
            excused_until: None,
            kills: 0,
            false_starts: 0,
            unexplained: Vec::new(),
        };
        for place in 0..many {
            let port = free_port();
            let child = fleet.spawn(place as usize, port);
            fleet.servers.push(Server { port, child });
        }
        fleet
    }

    fn spawn(&self, place: usize, port: u16) -> Child {
        let log =
            File::options().create(true).append(true).open(self.log(place)).expect("a log can be written");
        let mut command = self.program.command(&["serve", "--listen", &format!("127.0.0.1:{port}")]);
        command.stdout(Stdio::null()).stderr(log).spawn().expect("the program starts")
    }

    fn log(&self, place: usize) -> PathBuf {
        self.program.folder.join(format!("server-{place}.log"))
    }

    /// Their addresses.
    pub(crate) fn addresses(&self) -> Vec<String> {
        self.servers.iter().map(|server| format!("http://127.0.0.1:{}", server.port)).collect()
    }

    /// Whether a server listens already.
    pub(crate) fn listens(&self, place: usize) -> bool {
        let address = (Ipv4Addr::LOCALHOST, self.servers[place].port).into();
        TcpStream::connect_timeout(&address, Duration::from_millis(50)).is_ok()
    }

    /// SIGKILL, and a new one in its place at once.
    pub(crate) fn kill(&mut self, place: usize) {
        self.look();
        let server = &mut self.servers[place];
        server.child.kill().expect("the process can be killed");
        server.child.wait().expect("the process ends");
        self.kills += 1;
        let port = server.port;
        self.servers[place].child = self.spawn(place, port);
    }

    /// The database fell, and is there again.
    pub(crate) fn excuse(&mut self) {
        self.excused_until = Some(Instant::now() + AFTERMATH);
    }

    /// Starts those anew that ended by themselves, and notes it.
    pub(crate) fn look(&mut self) {
        for place in 0..self.servers.len() {
            let Ok(Some(status)) = self.servers[place].child.try_wait() else { continue };
            if self.excused_until.is_some_and(|until| Instant::now() < until) {
                self.false_starts += 1;
            } else {
                self.unexplained.push(format!("server {place} ended by itself: {status}"));
            }
            let port = self.servers[place].port;
            self.servers[place].child = self.spawn(place, port);
        }
    }

    /// Asks all to end, and waits; what did not end well is told.
    pub(crate) fn stop(&mut self) -> Vec<String> {
        let mut unwell = Vec::new();
        for server in &self.servers {
            let _ = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status();
        }
        let until = Instant::now() + Duration::from_secs(20);
        for (place, server) in self.servers.iter_mut().enumerate() {
            loop {
                match server.child.try_wait() {
                    Ok(Some(status)) if status.success() => break,
                    Ok(Some(status)) => {
                        unwell.push(format!("server {place} ended with {status}"));
                        break;
                    }
                    _ if Instant::now() > until => {
                        unwell.push(format!("server {place} did not end within twenty seconds"));
                        let _ = server.child.kill();
                        let _ = server.child.wait();
                        break;
                    }
                    _ => std::thread::sleep(Duration::from_millis(50)),
                }
            }
        }
        unwell
    }

    /// Lines of the logs that no server may write.
    pub(crate) fn panics(&self) -> Vec<String> {
        let mut found = Vec::new();
        for place in 0..self.servers.len() {
            let log = std::fs::read_to_string(self.log(place)).unwrap_or_default();
            found.extend(log.lines().filter(|line| line.contains("panicked")).map(str::to_owned));
        }
        found
    }

    /// Puts the logs where they stay.
    pub(crate) fn keep_logs(&self, folder: &Path) {
        for place in 0..self.servers.len() {
            let _ = std::fs::copy(self.log(place), folder.join(format!("server-{place}.log")));
        }
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for server in &mut self.servers {
            let _ = server.child.kill();
            let _ = server.child.wait();
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port of loopback");
    listener.local_addr().expect("a port has an address").port()
}

/// The server's program beside this one, built as this one was.
pub(crate) fn built() -> PathBuf {
    let own = std::env::current_exe().expect("a program knows its own file");
    let mut folder = own.parent().expect("a file is in a folder");
    if folder.ends_with("deps") {
        folder = folder.parent().expect("a folder of deps is in one of a profile");
    }
    let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(["build", "--quiet", "--workspace", "--bin", PROGRAM]);
    cargo.args(["--features", "vygruzka/simulated-clock"]).env_remove("CARGO_TARGET_DIR");
    cargo.arg("--target-dir").arg(folder.parent().expect("a profile's folder is in a target folder"));
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    // What cargo tells a test of its package: with it some build scripts run anew, and all that stands on them is built again.
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    assert!(cargo.status().is_ok_and(|built| built.success()), "the server is built");
    folder.join(PROGRAM)
}
