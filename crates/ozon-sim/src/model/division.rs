//! Owns the splitting of a posting in both of Ozon's kinds (API section 3.5). Does not number
//! the new postings and does not put them into the cabinet.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::machine::{ActError, Piece, pack};
use super::posting::{Line, Posting};
use super::vocabulary::Status;

/// Substatus of a part before it is ready for packing.
pub(crate) const SPLIT_PENDING: &str = "posting_split_pending";

/// Number and id for a new posting of an order.
pub(crate) struct NewIdentity {
    pub(crate) id: i64,
    pub(crate) posting_number: Arc<str>,
}

/// How the goods are shared out; every piece of the posting must be in some part.
pub(crate) fn share_out(posting: &Posting, parts: &[Vec<Piece>]) -> Result<Vec<Vec<Line>>, ActError> {
    if parts.is_empty() {
        return halve(posting);
    }
    let mut left: Vec<(i64, u32)> = posting.lines.iter().map(|line| (line.sku, line.quantity)).collect();
    let mut shares = Vec::with_capacity(parts.len());
    for part in parts {
        let mut lines = Vec::with_capacity(part.len());
        for piece in part {
            let line =
                posting.lines.iter().find(|line| line.sku == piece.sku).ok_or(ActError::NoLine(piece.sku))?;
            let rest =
                left.iter_mut().find(|(sku, _)| *sku == piece.sku).ok_or(ActError::NoLine(piece.sku))?;
            if piece.quantity == 0 || piece.quantity > rest.1 {
                return Err(ActError::WrongQuantity);
            }
            rest.1 -= piece.quantity;
            lines.push(Line { quantity: piece.quantity, ..line.clone() });
        }
        if lines.is_empty() {
            return Err(ActError::WrongQuantity);
        }
        shares.push(lines);
    }
    if left.iter().any(|(_, quantity)| *quantity > 0) {
        return Err(ActError::WrongQuantity);
    }
    Ok(shares)
}

fn halve(posting: &Posting) -> Result<Vec<Vec<Line>>, ActError> {
    let [first, rest @ ..] = posting.lines.as_slice() else {
        return Err(ActError::WrongQuantity);
    };
    if !rest.is_empty() {
        return Ok(vec![vec![first.clone()], rest.to_vec()]);
    }
    if first.quantity < 2 {
        return Err(ActError::WrongQuantity);
    }
    let half = first.quantity / 2;
    let of = |quantity| vec![Line { quantity, ..first.clone() }];
    Ok(vec![of(first.quantity - half), of(half)])
}

/// Packs in several packages: `posting` keeps the first, the rest are returned as new postings.
pub(crate) fn ship_in_packages(
    posting: &mut Posting,
    shares: Vec<Vec<Line>>,
    at: DateTime<Utc>,
    mut identity: impl FnMut() -> NewIdentity,
) -> Result<Vec<Posting>, ActError> {
    if posting.status != Status::AwaitingPackaging {
        return Err(ActError::WrongStatus(posting.status.clone()));
    }
    let mut shares = shares.into_iter();
    posting.lines = shares.next().ok_or(ActError::WrongQuantity)?;
    let mut children: Vec<Posting> = shares.map(|lines| child(posting, lines, identity())).collect();
    pack(posting, at)?;
    for child in &mut children {
        pack(child, at)?;
    }
    relate(posting, &mut children);
    Ok(children)
}

/// Divides without packing: `posting` becomes `cancelled_from_split_pending`, the parts wait for
/// packing, at first with `posting_split_pending`.
pub(crate) fn split(
    posting: &mut Posting,
    shares: Vec<Vec<Line>>,
    at: DateTime<Utc>,
    mut identity: impl FnMut() -> NewIdentity,
) -> Result<Vec<Posting>, ActError> {
    if posting.status != Status::AwaitingPackaging {
        return Err(ActError::WrongStatus(posting.status.clone()));
    }
    let mut children: Vec<Posting> = shares
        .into_iter()
        .map(|lines| {
            let mut child = child(posting, lines, identity());
            child.enter(Status::AwaitingPackaging, SPLIT_PENDING, at, "made by a split");
            child
        })
        .collect();
    posting.enter(Status::CancelledFromSplitPending, "posting_canceled", at, "split");
    relate(posting, &mut children);
    Ok(children)
}

fn child(parent: &Posting, lines: Vec<Line>, identity: NewIdentity) -> Posting {
    Posting {
        id: identity.id,
        posting_number: identity.posting_number,
        parent: Some(Arc::clone(&parent.posting_number)),
        lines,
        history: Vec::new(),
        overrides: Vec::new(),
        ..parent.clone()
    }
}

/// Every one of the family names all the others.
fn relate(posting: &mut Posting, children: &mut [Posting]) {
    let numbers: Vec<Arc<str>> = std::iter::once(&*posting)
        .chain(children.iter())
        .map(|posting| Arc::clone(&posting.posting_number))
        .collect();
    for member in std::iter::once(posting).chain(children.iter_mut()) {
        for number in &numbers {
            if *number != member.posting_number && !member.related.contains(number) {
                member.related.push(Arc::clone(number));
            }
        }
    }
}
