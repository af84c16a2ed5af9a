//! The words are compiled in: a changed file of them makes this crate new.

fn main() {
    println!("cargo::rerun-if-changed=locales");
}
