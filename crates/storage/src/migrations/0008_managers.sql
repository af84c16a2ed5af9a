-- Who works an order; nobody by default.
ALTER TABLE orders ADD COLUMN manager_id BIGINT REFERENCES users (id);
-- A person chose the customer: no answer of Ozon's binds the order to another one.
ALTER TABLE orders ADD COLUMN customer_by_hand BOOLEAN NOT NULL DEFAULT FALSE;

-- What people write to each other under an order. name is the address of whoever wrote it at that time. Of a comment that
-- was taken back the row stays as a trace, without its text.
CREATE TABLE order_comments (
    id {id},
    order_id BIGINT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    text TEXT NOT NULL,
    deleted_at BIGINT,
    deleted_by TEXT
);

CREATE INDEX orders_by_manager ON orders (manager_id, order_date, id);
CREATE INDEX order_comments_of_order ON order_comments (order_id, id);
