//! Fetches the panel's one third-party script with npm, as locked in `package-lock.json`, and hands it to the crate.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const SCRIPT: &str = "node_modules/htmx.org/dist/htmx.min.js";

fn main() {
    for watched in ["package.json", "package-lock.json", SCRIPT, "assets", "templates"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let script = root.join(SCRIPT);
    if !script.exists() {
        install(&root);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let text = fs::read_to_string(&script)
        .unwrap_or_else(|e| panic!("{} is not there after `npm ci`: {e}", script.display()));
    // The map it points at is not served.
    let text: String =
        text.lines().filter(|l| !l.starts_with("//# sourceMappingURL")).collect::<Vec<_>>().join("\n");
    fs::write(out.join("htmx.js"), text).expect("OUT_DIR can be written");
}

fn install(root: &Path) {
    let ran = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(root)
        .status();
    match ran {
        Ok(status) if status.success() => {}
        Ok(status) => panic!(
            "`npm ci` in {} ended with {status}. The panel needs the script `htmx.org`; check the connection to the \
             npm registry and run `npm ci` there by hand.",
            root.display()
        ),
        Err(error) => panic!(
            "`npm` cannot be started ({error}). The panel needs the script `htmx.org`: install Node.js 20 or later \
             with npm (Debian: `apt install nodejs npm`), or put {SCRIPT} into {} by other means.",
            root.display()
        ),
    }
}
