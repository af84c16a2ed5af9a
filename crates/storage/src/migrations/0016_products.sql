-- What lines of orders are of: each article, SKU and name that Ozon has worded it with, once. A product that is named anew is
-- a further row, so that earlier lines keep their words (docs/decisions/0024).
CREATE TABLE products (
    id {id},
    offer_id TEXT NOT NULL,
    sku BIGINT,
    name TEXT NOT NULL
);
INSERT INTO products (offer_id, sku, name) SELECT DISTINCT offer_id, sku, name FROM order_lines;

-- Lines of orders, by their place in the order. cancelled counts pieces that were taken away since the order was made, moved
-- those of them that went to another posting.
CREATE TABLE order_goods (
    order_id BIGINT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id BIGINT NOT NULL,
    price_minor BIGINT NOT NULL,
    old_price_minor BIGINT,
    customer_price_minor BIGINT,
    position INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    moved INTEGER NOT NULL,
    currency TEXT NOT NULL,
    old_price_currency TEXT,
    customer_price_currency TEXT,
    PRIMARY KEY (order_id, position)
){in_its_key};
INSERT INTO order_goods (order_id, product_id, price_minor, old_price_minor, customer_price_minor, position, quantity, cancelled,
    moved, currency, old_price_currency, customer_price_currency)
    SELECT line.order_id, product.id, line.price_minor, line.old_price_minor, line.customer_price_minor, line.position,
        line.quantity, line.cancelled, line.moved, line.currency, line.old_price_currency, line.customer_price_currency
    FROM order_lines AS line
    JOIN products AS product ON product.offer_id = line.offer_id AND product.name = line.name
        AND (product.sku = line.sku OR (product.sku IS NULL AND line.sku IS NULL));
DROP TABLE order_lines;

-- Whose lines a product's are is told without reading them; a product is found by as much of its article as an index takes.
CREATE INDEX order_goods_by_product ON order_goods (product_id, order_id);
CREATE INDEX products_by_article ON products (substr(offer_id, 1, 200));
