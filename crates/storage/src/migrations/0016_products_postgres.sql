-- The folded texts that products are found by, as `order_search` has those of orders.
CREATE TABLE product_search (rowid BIGINT PRIMARY KEY, text TEXT NOT NULL);
-- Seldom written and read by every search: nothing waits to be sorted in.
CREATE INDEX product_search_text ON product_search USING gin (text gin_trgm_ops) WITH (fastupdate = off);

-- What instances of the version before go on reading and writing while they are upgraded one after another.
CREATE VIEW order_lines AS
    SELECT line.order_id * 10000 + line.position AS id, line.order_id, line.position, product.offer_id, product.sku, product.name,
        line.quantity, line.cancelled, line.price_minor, line.currency, line.old_price_minor, line.old_price_currency,
        line.customer_price_minor, line.customer_price_currency, line.moved
    FROM order_goods AS line JOIN products AS product ON product.id = line.product_id;
CREATE FUNCTION order_line_of_before() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    product BIGINT;
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM order_goods WHERE order_id = OLD.order_id AND position = OLD.position;
        RETURN OLD;
    END IF;
    SELECT MIN(id) INTO product FROM products
    WHERE substr(offer_id, 1, 200) = substr(NEW.offer_id, 1, 200) AND offer_id = NEW.offer_id AND name = NEW.name
        AND sku IS NOT DISTINCT FROM NEW.sku;
    IF product IS NULL THEN
        INSERT INTO products (offer_id, sku, name) VALUES (NEW.offer_id, NEW.sku, NEW.name) RETURNING id INTO product;
        INSERT INTO product_search (rowid, text)
        VALUES (product, replace(lower(concat_ws(E'\n', NEW.offer_id, NEW.sku)), 'ё', 'е'));
    END IF;
    INSERT INTO order_goods (order_id, product_id, price_minor, old_price_minor, customer_price_minor, position, quantity,
        cancelled, moved, currency, old_price_currency, customer_price_currency)
    VALUES (NEW.order_id, product, NEW.price_minor, NEW.old_price_minor, NEW.customer_price_minor, NEW.position, NEW.quantity,
        NEW.cancelled, NEW.moved, NEW.currency, NEW.old_price_currency, NEW.customer_price_currency);
    RETURN NEW;
END
$$;
CREATE TRIGGER order_lines_of_before INSTEAD OF INSERT OR DELETE ON order_lines
FOR EACH ROW EXECUTE FUNCTION order_line_of_before();
