-- What goes out (to Ozon and by mail), what came in by push message, and what is to be read again.

-- What is to be told: pushes to Ozon and letters. kind and subject are words of ours, payload is JSON; rank is the order in
-- which pushes of one posting are sent. state: waiting, sending, sent (taken by Ozon, not seen yet), done, refused,
-- cancelled. due_at is when it is its turn, for one that is being sent when its sender counts as lost; sent_call is the
-- last call that may have reached Ozon, reads how often the posting was read since; once is a word that may occur only once.
CREATE TABLE outbox (
    id {id},
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    cabinet_id BIGINT REFERENCES cabinets (id),
    order_id BIGINT REFERENCES orders (id) ON DELETE CASCADE,
    payload TEXT NOT NULL,
    rank INTEGER NOT NULL,
    actor TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    reads INTEGER NOT NULL,
    holder TEXT,
    sent_call TEXT,
    sent_at BIGINT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    trouble TEXT,
    answer TEXT,
    trace_id TEXT,
    once {exact}
);

-- What the next letters are to tell; a row goes when its letter is written.
CREATE TABLE news (
    id {id},
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    kind TEXT NOT NULL,
    order_id BIGINT REFERENCES orders (id) ON DELETE CASCADE,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- Postings that are to be read again, each once, with why and when.
CREATE TABLE reads (
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    posting_number {exact} NOT NULL,
    cause TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (cabinet_id, posting_number)
);

-- Ozon's push messages as they came. outcome: waiting, read, loaded, unknown, noted.
CREATE TABLE push_messages (
    id {id},
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    received_at BIGINT NOT NULL,
    message_type TEXT NOT NULL,
    posting_number {exact},
    body TEXT NOT NULL,
    outcome TEXT NOT NULL,
    handled_at BIGINT
);

-- How letters are sent; one row. password is encrypted, recipients is JSON.
CREATE TABLE mail_settings (
    id BIGINT NOT NULL,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    security TEXT NOT NULL,
    login TEXT,
    password {blob},
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    language TEXT NOT NULL,
    extra_root TEXT,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

-- Customers' requests to cancel (realFBS), as Ozon lists them.
CREATE TABLE cancellation_requests (
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    request_id BIGINT NOT NULL,
    posting_number {exact} NOT NULL,
    order_id BIGINT REFERENCES orders (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    reason TEXT,
    requested_at BIGINT,
    decide_by BIGINT,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (cabinet_id, request_id)
);

-- The address for Ozon's push messages: the secret encrypted, and a hash to find it by.
ALTER TABLE cabinets ADD COLUMN hook_secret {blob};
ALTER TABLE cabinets ADD COLUMN hook_hash {blob};
-- Since when loads fail and the letter of it was written.
ALTER TABLE cabinets ADD COLUMN incident_at BIGINT;

-- The posting that this one was split from.
ALTER TABLE postings ADD COLUMN parent {exact};
-- Pieces that went to other postings by a split: neither here nor cancelled.
ALTER TABLE order_lines ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;

CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state IN ('waiting', 'sending', 'sent');
CREATE INDEX outbox_of_order ON outbox (order_id, id);
CREATE INDEX outbox_by_state ON outbox (state, id);
CREATE UNIQUE INDEX outbox_once ON outbox (once);
CREATE INDEX news_of_cabinet ON news (cabinet_id, kind, id);
CREATE INDEX reads_due ON reads (cabinet_id, due_at);
CREATE INDEX push_messages_of_cabinet ON push_messages (cabinet_id, id);
CREATE INDEX push_messages_waiting ON push_messages (cabinet_id, posting_number) WHERE outcome = 'waiting';
CREATE INDEX push_messages_by_number ON push_messages (posting_number, id);
CREATE INDEX push_messages_by_age ON push_messages (received_at);
CREATE INDEX cancellation_requests_of_order ON cancellation_requests (order_id);
CREATE UNIQUE INDEX cabinets_hook ON cabinets (hook_hash);
CREATE INDEX postings_by_parent ON postings (cabinet_id, parent) WHERE parent IS NOT NULL;
CREATE INDEX orders_by_parent ON orders (cabinet_id, parent) WHERE parent IS NOT NULL;
