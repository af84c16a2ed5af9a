//! The note of what was just done, carried over a redirect in a short-lived cookie: a word of ours and a count.

use std::fmt;
use std::str::FromStr;

use strum::{EnumIter, EnumString, IntoStaticStr};

use super::view::Flash;
use voice::Voice;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum Done {
    Saved,
    Unchanged,
    SettingsSaved,
    SettingsApplied,
    SettingsApplying,
    SettingsOvertaken,
    OrderChanged,
    OrdersChanged,
    NothingPicked,
    OrderCreated,
    OrderRefused,
    Deleted,
    Added,
    CabinetAdded,
    KeySaved,
    KeyGood,
    CabinetDisabled,
    CabinetEnabled,
    LoadBusy,
    SignedOut,
    UserDisabled,
    PushRetried,
    AddressRenewed,
    PushCancelled,
    PushMovedOn,
    CancellationDecided,
    CancellationOver,
    MailSaved,
    MailForgotten,
    ReconcileBusy,
    PasswordChanged,
    SessionEnded,
    SessionsEnded,
    SecondFactorOff,
    SecondFactorReset,
    UserEnabled,
    SignInOver,
}

/// What was done, and to how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    done: Done,
    count: u64,
}

impl Note {
    pub(crate) fn counted(done: Done, count: u64) -> Self {
        Self { done, count }
    }

    /// In words.
    pub(crate) fn worded(self, v: Voice) -> Flash {
        let code: &'static str = self.done.into();
        let bad = matches!(
            self.done,
            Done::NothingPicked
                | Done::LoadBusy
                | Done::OrderRefused
                | Done::ReconcileBusy
                | Done::PushMovedOn
                | Done::CancellationOver
                | Done::SettingsOvertaken
                | Done::SignInOver
        );
        Flash { bad, text: v.n(&format!("flash-{code}"), self.count), link: None }
    }
}

impl From<Done> for Note {
    fn from(done: Done) -> Self {
        Self { done, count: 0 }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code: &'static str = self.done.into();
        write!(f, "{code}.{}", self.count)
    }
}

impl FromStr for Note {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (code, count) = text.split_once('.').ok_or(())?;
        Ok(Self { done: code.parse().map_err(|_| ())?, count: count.parse().map_err(|_| ())? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;
    use voice::Lang;

    #[test]
    fn every_note_reads_back_and_has_its_words() {
        for done in Done::iter() {
            let note = Note::counted(done, 3);
            assert_eq!(note.to_string().parse(), Ok(note));
            for lang in Lang::ALL {
                let v = Voice { lang, zone: chrono_tz::UTC, now: chrono::DateTime::UNIX_EPOCH };
                let text = note.worded(v).text;
                assert!(!text.contains("Unknown") && !text.contains('{'), "{note}: {text}");
            }
        }
        assert_eq!("<script>.1".parse::<Note>(), Err(()));
    }
}
