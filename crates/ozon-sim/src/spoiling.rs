//! Owns what each fault does to an answer. Does not decide which fault meets which call.

use serde_json::Value;

use crate::api::page::Page;
use crate::faults::Fault;
use crate::generate::draft::PostingDraft;
use crate::handle::Handle;
use crate::outgoing::Outgoing;
use crate::refusal::Refusal;

/// Faults that take the answer's place.
pub(crate) fn instead(fault: &Fault) -> Option<Outgoing> {
    match fault {
        Fault::TooManyRequests { retry_after } => Some(Outgoing::refusal(&Refusal::too_many(*retry_after))),
        Fault::ServerError => Some(Outgoing::refusal(&Refusal::internal())),
        Fault::BadGateway => Some(Outgoing {
            content_type: "text/html",
            ..Outgoing::json(
                502,
                b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                  <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
                    .to_vec(),
            )
        }),
        Fault::Refuse { http, code, message } => Some(Outgoing::refusal(&Refusal {
            http: *http,
            code: *code,
            message: message.clone(),
            retry_after: None,
        })),
        // What is hung up on is never seen.
        Fault::EmptyBody | Fault::Hangup => Some(Outgoing::json(200, Vec::new())),
        Fault::EmptyObject => Some(Outgoing::json(200, b"{}".to_vec())),
        _ => None,
    }
}

/// Faults that change a page of postings.
pub(crate) fn spoil_page(handle: &Handle, client_id: &str, page: &mut Page, body: &Value, fault: &Fault) {
    match fault {
        Fault::RepeatedCursor => {
            page.has_next = true;
            body["cursor"].as_str().unwrap_or("").clone_into(&mut page.cursor);
        }
        Fault::EmptyPage => {
            page.has_next = true;
            page.postings.clear();
        }
        Fault::DoubledPosting => {
            if let Some(first) = page.postings.first() {
                page.postings.push(first.clone());
            }
        }
        Fault::InsertedPosting { before_page } => {
            let Some(edges) = page.edges else { return };
            let (in_process_at, shipment_date) = if *before_page { edges.before } else { edges.after };
            let draft = PostingDraft {
                in_process_at: Some(in_process_at),
                shipment_date,
                status_changed_at: Some(handle.now()),
                ..PostingDraft::default()
            };
            if let Err(error) = handle.add_posting(client_id, &draft) {
                tracing::warn!(%error, "no posting was inserted between pages");
            }
            // The inserted one is on the next page, so there is a next page.
            page.has_next |= !before_page;
        }
        _ => {}
    }
}

/// Faults that change finished bytes.
pub(crate) fn spoil(outgoing: &mut Outgoing, fault: &Fault) {
    match fault {
        Fault::HugeBody { bytes } if outgoing.body.first() == Some(&b'{') => {
            let is_empty = outgoing.body.starts_with(b"{}");
            let mut body = Vec::with_capacity(outgoing.body.len() + bytes + 32);
            body.extend_from_slice(b"{\"padding\":\"");
            body.resize(body.len() + bytes, b'x');
            body.extend_from_slice(if is_empty { b"\"" } else { b"\"," });
            body.extend_from_slice(&outgoing.body[1..]);
            outgoing.body = body;
        }
        Fault::BrokenJson => {
            let half = outgoing.body.len() / 2;
            outgoing.body.truncate(half);
        }
        Fault::TakenThenServerError => *outgoing = Outgoing::refusal(&Refusal::internal()),
        Fault::WrongContentType => outgoing.content_type = "text/html; charset=utf-8",
        _ => {}
    }
}
