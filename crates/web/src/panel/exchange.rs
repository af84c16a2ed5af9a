//! "Обмен с Ozon": what went out and what is to go out, and what a person may do about it.

pub(crate) mod told;
