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
    SettingsCopied,
    OrderChanged,
    OrdersChanged,
    Undone,
    UndoneInPart,
    UndoOver,
    ViewNeedsName,
    TooManyViews,
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
    CommentAdded,
    CommentDeleted,
    CommentEmpty,
    CommentStays,
    CommentTooLate,
    ManagerGone,
    PaidWhen,
    ExportTooLong,
    WarehousesSaved,
    WarehousesRead,
    ErasingOn,
    ErasingOff,
    PersonsErased,
    NotEnded,
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
    /// The act on several orders that can be undone.
    undo: Option<i64>,
}

impl Note {
    pub(crate) fn counted(done: Done, count: u64) -> Self {
        Self { done, count, undo: None }
    }

    /// With the act by whose number it can be undone.
    pub(crate) fn undone_by(self, undo: Option<i64>) -> Self {
        Self { undo, ..self }
    }

    /// In words.
    pub(crate) fn worded(self, v: Voice) -> Flash {
        let code: &'static str = self.done.into();
        let bad = matches!(
            self.done,
            Done::NothingPicked
                | Done::UndoneInPart
                | Done::UndoOver
                | Done::ViewNeedsName
                | Done::TooManyViews
                | Done::LoadBusy
                | Done::OrderRefused
                | Done::ReconcileBusy
                | Done::PushMovedOn
                | Done::CancellationOver
                | Done::NotEnded
                | Done::SettingsOvertaken
                | Done::CommentEmpty
                | Done::CommentStays
                | Done::CommentTooLate
                | Done::ManagerGone
                | Done::PaidWhen
                | Done::ExportTooLong
                | Done::SignInOver
        );
        Flash { bad, text: v.n(&format!("flash-{code}"), self.count), link: None, undo: self.undo }
    }
}

impl From<Done> for Note {
    fn from(done: Done) -> Self {
        Self { done, count: 0, undo: None }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code: &'static str = self.done.into();
        write!(f, "{code}.{}", self.count)?;
        self.undo.map_or(Ok(()), |id| write!(f, ".{id}"))
    }
}

impl FromStr for Note {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(());
        let (done, count) = (part()?.parse().map_err(|_| ())?, part()?.parse().map_err(|_| ())?);
        let undo = parts.next().map(|id| id.parse().map_err(|_| ())).transpose()?;
        Ok(Self { done, count, undo })
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
            let undoable = note.undone_by(Some(7));
            assert_eq!(undoable.to_string().parse(), Ok(undoable));
            for lang in Lang::ALL {
                let v = Voice { lang, zone: chrono_tz::UTC, now: chrono::DateTime::UNIX_EPOCH };
                let text = note.worded(v).text;
                assert!(!text.contains("Unknown") && !text.contains('{'), "{note}: {text}");
            }
        }
        assert_eq!("<script>.1".parse::<Note>(), Err(()));
    }
}
