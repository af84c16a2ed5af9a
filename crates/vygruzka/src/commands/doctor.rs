//! `doctor`: looks at everything that can be wrong, says what to do about it, and changes nothing. One module a theme.

mod cabinets;
mod configuration;
mod database;
mod machine;
mod mail;
mod people;

use chrono::Duration;

use crate::config::Config;
use crate::failure::Failure;

/// Clocks that differ by more are worth a word: times of orders, of letters and of one-time codes would be wrong.
const CLOCKS: Duration = Duration::seconds(60);

/// What was found, printed as it is found.
#[derive(Default)]
struct Findings {
    problems: u32,
    #[cfg(test)]
    said: Vec<String>,
}

impl Findings {
    fn fine(&mut self, text: impl AsRef<str>) {
        self.line("ok      ", text.as_ref());
    }

    fn problem(&mut self, text: impl AsRef<str>) {
        self.problems += 1;
        self.line("PROBLEM ", text.as_ref());
    }

    /// A problem, or what is fine instead.
    fn told(&mut self, told: Result<String, String>) {
        match told {
            Ok(text) => self.fine(text),
            Err(text) => self.problem(text),
        }
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "tests keep what is said")]
    fn line(&mut self, mark: &str, text: &str) {
        say!("{mark} {text}");
    }

    #[cfg(test)]
    fn line(&mut self, mark: &str, text: &str) {
        self.said.push(format!("{mark} {text}"));
    }

    fn end(&self) -> Result<(), Failure> {
        match self.problems {
            0 => Ok(()),
            1 => Err(Failure::Failed("1 problem found".to_owned())),
            n => Err(Failure::Failed(format!("{n} problems found"))),
        }
    }
}

/// Looks at everything in order: what is written down, the machine, the database, people, cabinets, mail.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let mut findings = Findings::default();
    configuration::look(config, &mut findings);
    if !machine::look(config, &mut findings) {
        return findings.end();
    }
    let store = match super::open(config).await {
        Ok(store) => store,
        Err(error) => {
            findings.problem(format!("the database cannot be opened: {error}"));
            return findings.end();
        }
    };
    if database::look(&store, &mut findings).await? {
        people::look(config, &store, &mut findings).await?;
        let desk = super::desk(config, store.clone());
        cabinets::look(config, &desk, &mut findings).await?;
        mail::look(&desk, &mut findings).await?;
    }
    store.close().await?;
    findings.end()
}

/// How one clock stands to ours; `ahead` is how far ours goes before it.
fn clock(whose: &str, ahead: Duration) -> Result<String, String> {
    let seconds = ahead.num_seconds();
    if ahead.abs() <= CLOCKS {
        return Ok(format!("the clocks of this machine and of {whose} agree"));
    }
    let way = if seconds > 0 { "before" } else { "behind" };
    Err(format!("this machine's clock is {} seconds {way} that of {whose}; let NTP set it", seconds.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_differ_are_told_with_the_way() {
        assert!(clock("Ozon", Duration::seconds(30)).is_ok());
        assert!(clock("Ozon", Duration::seconds(-3)).is_ok());
        assert!(clock("Ozon", Duration::seconds(90)).expect_err("told").contains("90 seconds before"));
        assert!(clock("Ozon", Duration::hours(-1)).expect_err("told").contains("3600 seconds behind"));
    }
}
