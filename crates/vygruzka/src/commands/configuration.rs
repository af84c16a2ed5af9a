//! `configuration`: the reference of the configuration, made of the defaults and their comments.

use crate::config::{DEFAULTS, PREFIX};

/// Prints it.
pub fn run() {
    super::print_line(format_args!("{}", reference().trim_end()));
}

/// A key with what the defaults say of it.
struct Key<'a> {
    name: &'a str,
    default: &'a str,
    meaning: String,
}

/// The keys in the order of the defaults; the comment right above a key is its meaning.
fn keys() -> Vec<Key<'static>> {
    let mut keys = Vec::new();
    let mut comment: Vec<&str> = Vec::new();
    for line in DEFAULTS.lines() {
        if let Some(words) = line.strip_prefix('#') {
            comment.push(words.trim());
        } else if let Some((name, default)) = line.split_once('=') {
            keys.push(Key { name: name.trim(), default: default.trim(), meaning: comment.join(" ") });
            comment.clear();
        } else {
            // An empty line ends what was said of the file as a whole.
            comment.clear();
        }
    }
    keys
}

/// The whole document.
fn reference() -> String {
    let mut text = "# Configuration\n\n\
        Made by `vygruzka configuration` from the defaults; change `crates/vygruzka/src/defaults.toml` instead.\n\n\
        What is not set has its default. A file `vygruzka.toml` in the current folder, or the one named by `--config FILE`,\n\
        changes it; a variable of the environment goes before the file. A list in a variable is written `[\"one\", \"two\"]`. An\n\
        unknown key in the file is an error; an unknown variable that begins with `VYGRUZKA_` is told by the log and by\n\
        `vygruzka doctor`.\n"
        .to_owned();
    for Key { name, default, meaning } in keys() {
        let variable = format!("{PREFIX}{}", name.to_uppercase());
        let told =
            format!("\n## `{name}`\n\n{meaning}\n\n- Default: `{default}`\n- Variable: `{variable}`\n");
        text.push_str(&told);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KEYS;

    #[test]
    fn every_key_has_a_default_and_a_meaning() {
        let told = keys();
        let mut names: Vec<&str> = told.iter().map(|key| key.name).collect();
        let mut known = KEYS.to_vec();
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
        for key in told {
            assert!(key.meaning.ends_with('.'), "{}: {}", key.name, key.meaning);
        }
    }

    #[test]
    fn the_committed_reference_is_the_one_that_the_defaults_make() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
        let committed = std::fs::read_to_string(file).expect("docs/configuration.md is there");
        assert!(
            committed == reference(),
            "docs/configuration.md is stale; `cargo run -- configuration > docs/configuration.md` renews it"
        );
    }
}
