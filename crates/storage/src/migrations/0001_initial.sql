-- The whole store. {id}, {blob} and {exact} (text that is compared byte by
-- byte, whatever language the database sorts in) stand for the database's own words; instants are microseconds since 1970 UTC,
-- money is whole minor units. Search is made by the migration's own code, since it differs by database.

-- Single facts of the installation: number template, next number, fingerprint of the secret key, set-up link.
CREATE TABLE shop (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (key)
);

-- Ozon cabinets. api_key is encrypted; watermark is the start of the last complete load; failures counts failed loads in a row.
CREATE TABLE cabinets (
    id {id},
    name TEXT NOT NULL,
    client_id TEXT NOT NULL,
    api_url TEXT NOT NULL,
    api_key {blob} NOT NULL,
    key_set_at BIGINT NOT NULL,
    key_expires_at BIGINT,
    company_name TEXT,
    roles TEXT,
    checked_at BIGINT,
    check_error TEXT,
    added_at BIGINT NOT NULL,
    disabled_at BIGINT,
    watermark BIGINT,
    failures INTEGER NOT NULL,
    last_failure_at BIGINT
);

-- Every version of the settings of every cabinet, as JSON; the highest version is in force.
CREATE TABLE cabinet_settings (
    id {id},
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    version INTEGER NOT NULL,
    settings TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);

-- Codes of Ozon that we do not know but have seen: each gets a row in the status map.
CREATE TABLE ozon_codes (
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    code TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    PRIMARY KEY (cabinet_id, code)
);

-- The seller's warehouses at Ozon, for their names and their zones.
CREATE TABLE ozon_warehouses (
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    warehouse_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    utc_offset_minutes INTEGER,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (cabinet_id, warehouse_id)
);

-- Who does what only one may do at a time over all instances.
CREATE TABLE leases (
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (name)
);

-- Loads with their figures. state: running, done, failed, interrupted; expected: what Ozon said the open ones count.
CREATE TABLE runs (
    id {id},
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    cause TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    seen BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    expected BIGINT,
    error_code TEXT,
    error TEXT,
    trace_id TEXT
);

-- Order statuses. code names the ones that exist on install.
CREATE TABLE statuses (
    id {id},
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    position INTEGER NOT NULL,
    is_default BOOLEAN NOT NULL,
    is_cancelled BOOLEAN NOT NULL,
    is_completed BOOLEAN NOT NULL,
    hidden_from_customer BOOLEAN NOT NULL,
    shown_as_tab BOOLEAN NOT NULL,
    code TEXT
);

-- Order sources.
CREATE TABLE sources (
    id {id},
    name TEXT NOT NULL,
    code TEXT
);

-- Customers. The pair (cabinet_id, ozon_customer_id) is the only thing that tells Ozon's customers apart; search is the
-- folded text they are found by.
CREATE TABLE customers (
    id {id},
    name TEXT NOT NULL,
    phone TEXT,
    email TEXT,
    comment TEXT NOT NULL,
    cabinet_id BIGINT REFERENCES cabinets (id),
    ozon_customer_id BIGINT,
    search TEXT NOT NULL,
    code TEXT,
    created_at BIGINT NOT NULL
);

-- Delivery methods.
CREATE TABLE delivery_methods (
    id {id},
    name TEXT NOT NULL,
    code TEXT
);

-- Payment methods.
CREATE TABLE payment_methods (
    id {id},
    name TEXT NOT NULL,
    code TEXT
);

-- Orders, one of each posting at most. flags is a text of words between spaces, barcodes is JSON.
CREATE TABLE orders (
    id {id},
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    posting_number {exact} NOT NULL,
    number {exact} NOT NULL,
    ozon_order_number {exact},
    ozon_status TEXT NOT NULL,
    ozon_substatus TEXT,
    status_id BIGINT NOT NULL REFERENCES statuses (id),
    moved_by_hand BOOLEAN NOT NULL,
    source_id BIGINT NOT NULL REFERENCES sources (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    customer_name TEXT NOT NULL,
    delivery_method_id BIGINT NOT NULL REFERENCES delivery_methods (id),
    payment_method_id BIGINT NOT NULL REFERENCES payment_methods (id),
    placed_at BIGINT,
    imported_at BIGINT NOT NULL,
    order_date BIGINT NOT NULL,
    ship_by BIGINT,
    overdue_after BIGINT,
    paid BOOLEAN NOT NULL,
    paid_at BIGINT,
    paid_by_hand BOOLEAN NOT NULL,
    track_number TEXT,
    track_by_hand BOOLEAN NOT NULL,
    total_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    barcodes TEXT NOT NULL,
    boxes INTEGER NOT NULL,
    parent TEXT,
    flags TEXT NOT NULL,
    admin_comment TEXT NOT NULL
);

-- Lines of orders. cancelled counts pieces that were taken away since the order was made.
CREATE TABLE order_lines (
    id {id},
    order_id BIGINT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    offer_id TEXT NOT NULL,
    sku BIGINT,
    name TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    price_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    old_price_minor BIGINT,
    old_price_currency TEXT,
    customer_price_minor BIGINT,
    customer_price_currency TEXT
);

-- What happened to orders; actor and reason are JSON, worded when shown.
CREATE TABLE order_history (
    id {id},
    order_id BIGINT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    ozon_at BIGINT,
    actor TEXT NOT NULL,
    field TEXT NOT NULL,
    old TEXT,
    new TEXT,
    reason TEXT NOT NULL
);

-- Every posting that Ozon ever showed. facts (normalised), raw_list and raw_get (as they came) are zstd-compressed; fingerprint is a hash of facts; read_at is when the request began that brought them.
CREATE TABLE postings (
    id {id},
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    posting_number {exact} NOT NULL,
    ozon_status TEXT NOT NULL,
    ozon_substatus TEXT,
    in_process_at BIGINT,
    read_at BIGINT NOT NULL,
    fingerprint {blob} NOT NULL,
    facts {blob},
    raw_list {blob},
    raw_get {blob},
    skipped_because TEXT,
    undecodable TEXT,
    order_id BIGINT REFERENCES orders (id),
    first_seen_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- People who use the panel; password_hash is argon2id in PHC form.
CREATE TABLE users (
    id {id},
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);

-- Who is signed in; only the hash of the token is kept.
CREATE TABLE sessions (
    token_hash {blob} NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    user_agent TEXT NOT NULL,
    PRIMARY KEY (token_hash)
);

-- Tokens of programs; only their hashes are kept.
CREATE TABLE api_tokens (
    id {id},
    name TEXT NOT NULL,
    token_hash {blob} NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);

-- Who did what to the installation.
CREATE TABLE audit (
    id {id},
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);

CREATE UNIQUE INDEX cabinets_name ON cabinets (name);
CREATE UNIQUE INDEX cabinets_client_id ON cabinets (client_id);
CREATE UNIQUE INDEX cabinet_settings_version ON cabinet_settings (cabinet_id, version);
CREATE INDEX runs_of_cabinet ON runs (cabinet_id, id);
CREATE UNIQUE INDEX statuses_code ON statuses (code);
CREATE UNIQUE INDEX customers_of_ozon ON customers (cabinet_id, ozon_customer_id);
CREATE UNIQUE INDEX customers_code ON customers (code);

-- The identity: one row a posting, one order a posting.
CREATE UNIQUE INDEX postings_identity ON postings (cabinet_id, posting_number);
CREATE UNIQUE INDEX orders_identity ON orders (cabinet_id, posting_number);
CREATE UNIQUE INDEX orders_number ON orders (number);

-- Lists and their filters; each ends with the key that pages go by.
CREATE INDEX orders_by_date ON orders (order_date, id);
CREATE INDEX orders_by_status ON orders (status_id, order_date, id);
CREATE INDEX orders_by_ozon_status ON orders (ozon_status, order_date, id);
CREATE INDEX orders_by_cabinet ON orders (cabinet_id, order_date, id);
CREATE INDEX orders_by_source ON orders (source_id, order_date, id);
CREATE INDEX orders_by_customer ON orders (customer_id, order_date, id);
CREATE INDEX orders_by_paid ON orders (paid, order_date, id);
CREATE INDEX orders_by_total ON orders (total_minor, id);
-- Without a date last, whichever way it is sorted.
CREATE INDEX orders_by_ship_by ON orders (COALESCE(ship_by, 9223372036854775807), id);
CREATE INDEX orders_by_ship_by_back ON orders (COALESCE(ship_by, -9223372036854775807), id);
CREATE INDEX orders_by_posting_number ON orders (posting_number);
CREATE INDEX orders_by_ozon_order_number ON orders (ozon_order_number);
CREATE INDEX order_lines_of_order ON order_lines (order_id, position);
CREATE INDEX order_history_of_order ON order_history (order_id, id);
CREATE INDEX postings_by_reason ON postings (skipped_because, id);
-- Everything that the count over the panel's pages asks for, so that no posting with its raw texts is read for it.
CREATE INDEX postings_without_order ON postings (order_id, id, cabinet_id, skipped_because) WHERE order_id IS NULL;
CREATE INDEX postings_of_order ON postings (order_id);
CREATE INDEX postings_by_number ON postings (posting_number);

CREATE UNIQUE INDEX users_email ON users (email);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (token_hash);
CREATE UNIQUE INDEX api_tokens_name ON api_tokens (name);
