//! The program that people are given goes by the machine's clock: a trial's clock is not even in it.
#![cfg(not(feature = "simulated-clock"))]

mod support;

use support::{Vygruzka, errors};

/// The variable that trials set.
const VARIABLE: &str = "VYGRUZKA_CLOCK_URL";

fn holds(program: &[u8], text: &str) -> bool {
    program.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_program_built_as_usual_holds_nothing_of_the_simulated_clock() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_vygruzka")).expect("the program is there");
    assert!(holds(&program, "VYGRUZKA_"), "the search finds what is there");
    assert!(!holds(&program, VARIABLE));
}

#[test]
fn the_variable_of_a_simulated_clock_does_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    // Nobody listens there: a program that asked would fail.
    let vygruzka = Vygruzka::on_sqlite(folder.path()).with(VARIABLE, "http://127.0.0.1:9/_sim/clock");
    let output = vygruzka.run(&["migrate"]);
    assert!(output.status.success(), "{}", errors(&output));
}
