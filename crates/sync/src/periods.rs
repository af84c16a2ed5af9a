//! A period of Ozon's list, gone through in halves where Ozon finds it too long.

use chrono::{DateTime, Utc};
use ozon_api::ErrorKind;

use crate::error::LoadError;

/// A period is halved this often at most.
const HALVINGS: u32 = 6;

/// One period, the part of it that is asked for now.
#[derive(Clone, Copy)]
pub(crate) struct Period {
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
    halvings: u32,
}

/// The parts that are still to be gone through, the earliest last.
pub(crate) struct Periods(Vec<Period>);

impl Periods {
    pub(crate) fn whole(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self(vec![Period { from, to, halvings: HALVINGS }])
    }

    /// The next part.
    pub(crate) fn next(&mut self) -> Option<Period> {
        self.0.pop()
    }

    /// Takes what came of a part: one that Ozon found too long comes again in halves, any other error goes through.
    pub(crate) fn ended(&mut self, period: Period, ended: Result<(), LoadError>) -> Result<(), LoadError> {
        match ended {
            Err(LoadError::Ozon(error))
                if matches!(error.kind, ErrorKind::PeriodTooLong) && period.halvings > 0 =>
            {
                let middle = period.from + (period.to - period.from) / 2;
                let halvings = period.halvings - 1;
                self.0.push(Period { from: middle, halvings, ..period });
                self.0.push(Period { to: middle, halvings, ..period });
                Ok(())
            }
            other => other,
        }
    }
}
