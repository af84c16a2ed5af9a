//! What a process has used, by /proc: the most memory it ever held, what it holds now, and its processor time.

use std::fs;
use std::time::Duration;

use crate::Outcome;

/// The most resident memory that a process ever held, bytes.
pub fn peak_memory(pid: u32) -> Outcome<u64> {
    status(pid, "VmHWM:")
}

/// Resident memory now, bytes.
pub fn memory(pid: u32) -> Outcome<u64> {
    status(pid, "VmRSS:")
}

fn status(pid: u32, key: &str) -> Outcome<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(key)).ok_or("the kernel tells no memory")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024)
}

/// The processor time that the threads of a process have used, to the nanosecond; of threads that have ended none.
pub fn processor(pid: u32) -> Outcome<Duration> {
    let mut all = Duration::ZERO;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        // A thread may end while it is looked at.
        let Ok(text) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        let ran = text.split_whitespace().next().unwrap_or("0");
        all += Duration::from_nanos(ran.parse()?);
    }
    Ok(all)
}
