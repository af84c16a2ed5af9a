//! What was told to Ozon, what waits, and what was refused.

/// The other side's own words about what we sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The words.
    pub words: Option<String>,
    /// Ozon's id of the call, by which its support finds it.
    pub trace_id: Option<String>,
}

impl Answer {
    /// An answer, where there is anything of one.
    pub fn of(words: Option<&str>, trace_id: Option<&str>) -> Option<Self> {
        let given = |text: Option<&str>| text.filter(|t| !t.trim().is_empty()).map(str::to_owned);
        let answer = Self { words: given(words), trace_id: given(trace_id) };
        (answer.words.is_some() || answer.trace_id.is_some()).then_some(answer)
    }
}
