//! A server process that ends with the test: on drop, and also when the test process is killed.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

const SUPERVISE: &str = include_str!("supervise.sh");

pub struct Supervised {
    shell: Child,
}

impl Supervised {
    /// Starts `program`, which must stay in the foreground.
    pub fn start(program: &str, args: &[&OsStr]) -> Self {
        let shell = Command::new("sh")
            .args(["-c", SUPERVISE, "supervise", program])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            // Out of reach of a Ctrl-C that ends the test: the shell must live on to end the server.
            .process_group(0)
            .spawn()
            .expect("sh");
        Self { shell }
    }
}

impl Supervised {
    /// Lets the server end by itself before what is left of it is killed.
    pub fn stop_gently(mut self) {
        if let Some(stdin) = &mut self.shell.stdin {
            let _ = stdin.write_all(b"gently\n");
        }
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// Process ids of the children of `parent` whose program is called `name`.
pub fn children(parent: u32, name: &str) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("/proc");
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let Some((head, tail)) = stat.rsplit_once(") ") else { return false };
            let is_named = head.split_once(" (").is_some_and(|(_, program)| program == name);
            is_named && tail.split(' ').nth(1) == Some(parent.to_string().as_str())
        })
        .collect()
}

/// Sends a signal, named as in `kill -KILL`. A process that is gone already is no error.
pub fn signal(signal: &str, pids: &[u32]) {
    for pid in pids {
        let kill = format!("kill -{signal} {pid}");
        let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status().expect("sh");
    }
}

/// Whether this process runs as root.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").expect("/proc").uid() == 0
}

/// User and group id of a system user.
pub fn ids_of(user: &str) -> (u32, u32) {
    let passwd = fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let fields = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let of_user = fields.into_iter().find(|fields| fields[0] == user);
    let of_user = of_user.unwrap_or_else(|| panic!("no user {user} here: run tests/run.sh, it installs the servers"));
    (of_user[2].parse().expect("user id"), of_user[3].parse().expect("group id"))
}
