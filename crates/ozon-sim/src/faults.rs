//! Owns the queued faults: which call they meet and how often. Does not spoil answers itself.

use serde::{Deserialize, Serialize};

/// What goes wrong. In scenario files and control requests the form is
/// `{"kind": "slow", "millis": 1500}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// 429, code 8.
    TooManyRequests {
        /// Seconds in `Retry-After`.
        #[serde(default = "one_second")]
        retry_after: u64,
    },
    /// 500, code 13.
    ServerError,
    /// 502 with a page of HTML.
    BadGateway,
    /// Any refusal in the form of google.rpc.Status.
    Refuse {
        /// HTTP status.
        http: u16,
        /// gRPC code.
        code: i32,
        /// Text.
        message: String,
    },
    /// `Content-Length` of the whole body, half of the body, connection closed.
    CutBody,
    /// The answer comes late; goes together with any other fault.
    Slow {
        /// Delay in milliseconds of real time.
        millis: u64,
    },
    /// Connection closed without an answer.
    Hangup,
    /// What the call asks is done, then the answer comes late; a client that does not wait so long
    /// never learns of it.
    TakenThenSlow {
        /// Delay in milliseconds of real time.
        millis: u64,
    },
    /// What the call asks is done, then the connection is closed without an answer.
    TakenThenHangup,
    /// What the call asks is done, then 500, code 13.
    TakenThenServerError,
    /// An item of a changing call is refused though the call succeeds. The plan's `call` and
    /// `count` count items then, not calls.
    RefuseItem {
        /// Ozon's word.
        error: String,
        /// Only items of this posting.
        #[serde(default)]
        posting_number: Option<String>,
    },
    /// `has_next` with the cursor of the request.
    RepeatedCursor,
    /// 200 without a body.
    EmptyBody,
    /// 200 with `{}`.
    EmptyObject,
    /// `has_next` without postings.
    EmptyPage,
    /// The page's first posting once more at its end.
    DoubledPosting,
    /// After this page is answered, a new posting comes into the list's order.
    InsertedPosting {
        /// Just before the page's first posting, where this reading no longer comes; else just
        /// after its last one, so that it is on the next page.
        #[serde(default)]
        before_page: bool,
    },
    /// A valid answer with an unknown field of so many bytes.
    HugeBody {
        /// Size of the padding.
        bytes: usize,
    },
    /// The JSON ends in its middle although the body is complete.
    BrokenJson,
    /// A good body said to be `text/html`.
    WrongContentType,
}

fn one_second() -> u64 {
    1
}

/// A fault with the calls that it meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultPlan {
    /// What goes wrong.
    pub fault: Fault,
    /// Only calls of this Client-Id.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Only calls of this method (path); any when absent.
    #[serde(default)]
    pub method: Option<String>,
    /// The first matching call that it meets, counted from now; 1 is the next one.
    #[serde(default = "one")]
    pub call: u32,
    /// How many matching calls in a row it meets; nought: all until it is cleared.
    #[serde(default = "one")]
    pub count: u32,
}

fn one() -> u32 {
    1
}

impl FaultPlan {
    /// Meets the next call of any method, once.
    pub fn next_call(fault: Fault) -> Self {
        Self { fault, client_id: None, method: None, call: 1, count: 1 }
    }

    /// Only this method.
    #[must_use]
    pub fn of_method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Only this Client-Id.
    #[must_use]
    pub fn of_client(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// From the `call`-th matching call on (1 is the next one).
    #[must_use]
    pub fn at_call(mut self, call: u32) -> Self {
        self.call = call;
        self
    }

    /// So many matching calls in a row; nought: all until it is cleared.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.count = count;
        self
    }

    fn matches(&self, client_id: Option<&str>, method: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self.client_id.as_deref().is_none_or(|wanted| Some(wanted) == client_id)
    }
}

/// A queued plan with what it has seen.
#[derive(Debug, Clone, Serialize)]
pub struct PendingFault {
    /// Number of the plan.
    pub id: u64,
    /// The plan.
    pub plan: FaultPlan,
    /// Matching calls so far.
    pub seen: u32,
}

#[derive(Debug, Default)]
pub(crate) struct FaultQueue {
    pending: Vec<PendingFault>,
    last_id: u64,
}

impl FaultQueue {
    pub(crate) fn push(&mut self, plan: FaultPlan) -> u64 {
        self.last_id += 1;
        self.pending.push(PendingFault { id: self.last_id, plan, seen: 0 });
        self.last_id
    }

    pub(crate) fn clear(&mut self) {
        self.pending.clear();
    }

    pub(crate) fn pending(&self) -> Vec<PendingFault> {
        self.pending.clone()
    }

    /// The faults that meet this call; every matching plan counts it.
    pub(crate) fn meet(&mut self, client_id: Option<&str>, method: &str) -> Vec<Fault> {
        self.meet_those(|plan| {
            !matches!(plan.fault, Fault::RefuseItem { .. }) && plan.matches(client_id, method)
        })
    }

    /// The refusal that meets this item of a call; every matching plan counts it.
    pub(crate) fn meet_item(&mut self, client_id: &str, method: &str, item: &str) -> Option<Fault> {
        let met = self.meet_those(|plan| match &plan.fault {
            Fault::RefuseItem { posting_number, .. } => {
                posting_number.as_deref().is_none_or(|number| number == item)
                    && plan.matches(Some(client_id), method)
            }
            _ => false,
        });
        met.into_iter().next()
    }

    fn meet_those(&mut self, is_concerned: impl Fn(&FaultPlan) -> bool) -> Vec<Fault> {
        let mut met = Vec::new();
        self.pending.retain_mut(|pending| {
            let plan = &pending.plan;
            if !is_concerned(plan) {
                return true;
            }
            pending.seen = pending.seen.saturating_add(1);
            let first = plan.call.max(1);
            if pending.seen >= first {
                met.push(plan.fault.clone());
            }
            let last = first.saturating_add(plan.count.saturating_sub(1));
            plan.count == 0 || pending.seen < last
        });
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_meets_its_calls_and_is_gone() {
        let mut queue = FaultQueue::default();
        queue.push(FaultPlan::next_call(Fault::ServerError).of_method("/a").at_call(2).times(2));
        let met: Vec<bool> = ["/a", "/b", "/a", "/a", "/a"]
            .into_iter()
            .map(|method| !queue.meet(None, method).is_empty())
            .collect();
        assert_eq!(met, [false, false, true, true, false]);
        assert!(queue.pending().is_empty());
    }

    #[test]
    fn a_plan_without_count_stays_until_cleared() {
        let mut queue = FaultQueue::default();
        queue.push(FaultPlan::next_call(Fault::BadGateway).of_client("7").times(0));
        assert!((0..50).all(|_| queue.meet(Some("7"), "/a") == [Fault::BadGateway]));
        assert!(queue.meet(Some("8"), "/a").is_empty());
        queue.clear();
        assert!(queue.meet(Some("7"), "/a").is_empty());
    }

    #[test]
    fn a_refusal_of_items_counts_items_and_not_calls() {
        let mut queue = FaultQueue::default();
        let refuse = |posting_number: Option<&str>| Fault::RefuseItem {
            error: "STATE_NOT_VALID".to_owned(),
            posting_number: posting_number.map(str::to_owned),
        };
        queue.push(FaultPlan::next_call(refuse(None)).times(2));
        assert!(queue.meet(Some("7"), "/a").is_empty());
        assert!(["1", "2"].iter().all(|item| queue.meet_item("7", "/a", item).is_some()));
        assert_eq!(queue.meet_item("7", "/a", "3"), None);
        queue.push(FaultPlan::next_call(refuse(Some("5"))).times(0));
        assert_eq!(queue.meet_item("7", "/a", "4"), None);
        assert_eq!(queue.meet_item("7", "/a", "5"), Some(refuse(Some("5"))));
    }
}
