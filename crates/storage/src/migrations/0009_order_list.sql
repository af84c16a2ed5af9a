-- The list of orders as people work with it.

-- Saved views: a name for what an address asks of the list. A shared one is seen by everyone.
CREATE TABLE order_views (
    id {id},
    user_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    shared BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

-- How a person wants the list: columns is a text of words between spaces, in their order.
CREATE TABLE list_preferences (
    user_id BIGINT NOT NULL REFERENCES users (id),
    columns TEXT NOT NULL,
    risk_hours INTEGER NOT NULL,
    PRIMARY KEY (user_id)
);

-- Acts on several orders, so that one can be undone: what is JSON, with each order before and after.
CREATE TABLE bulk_acts (
    id {id},
    user_id BIGINT NOT NULL REFERENCES users (id),
    at BIGINT NOT NULL,
    undone_at BIGINT,
    what TEXT NOT NULL
);

CREATE UNIQUE INDEX order_views_name ON order_views (user_id, name);
CREATE INDEX bulk_acts_by_age ON bulk_acts (at);
-- Orders whose posting is still with the seller, the most urgent first. The condition is written so that no database takes the
-- index of the status alone for it, which would have to be sorted.
CREATE INDEX orders_still_here ON orders (COALESCE(ship_by, 9223372036854775807), id)
    WHERE CASE WHEN ozon_status IN ('awaiting_verification', 'awaiting_approve', 'awaiting_packaging', 'awaiting_registration', 'acceptance_in_progress', 'awaiting_deliver') THEN 1 ELSE 0 END = 1;

-- How and from where an order leaves, as Ozon tells: scheme is fbs, rfbs or empty while Ozon has not told; null only in rows
-- that are older than these columns, which the program fills.
ALTER TABLE orders ADD COLUMN scheme TEXT;
ALTER TABLE orders ADD COLUMN warehouse_id BIGINT;
ALTER TABLE orders ADD COLUMN express BOOLEAN;
CREATE INDEX orders_by_scheme ON orders (scheme, order_date, id);
CREATE INDEX orders_by_warehouse ON orders (warehouse_id, order_date, id);
CREATE INDEX orders_express ON orders (order_date, id) WHERE express;
-- Whether a delivery or payment method is in use, and what is found by its track number or its article; by their beginnings,
-- since a text of any length may come from Ozon and an index takes no such.
CREATE INDEX orders_by_delivery_method ON orders (delivery_method_id);
CREATE INDEX orders_by_payment_method ON orders (payment_method_id);
CREATE INDEX orders_by_track_number ON orders (substr(track_number, 1, 200)) WHERE track_number IS NOT NULL;
CREATE INDEX order_lines_by_article ON order_lines (substr(offer_id, 1, 200));
