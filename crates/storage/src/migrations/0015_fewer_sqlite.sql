-- As on PostgreSQL: what a list is sorted by tells the kind and the date of each order, so that those on the way to a page are
-- not read that the filter leaves out. SQLite has no columns beside the key, so the id stands before them.
DROP INDEX orders_by_ship_by;
CREATE INDEX orders_by_ship_by ON orders (COALESCE(ship_by, 9223372036854775807), id, kind_id, order_date);
DROP INDEX orders_by_ship_by_back;
CREATE INDEX orders_by_ship_by_back ON orders (COALESCE(ship_by, -9223372036854775807), id, kind_id, order_date);
DROP INDEX orders_by_total;
CREATE INDEX orders_by_total ON orders (total_minor, id, kind_id, order_date);
DROP INDEX orders_still_here;
CREATE INDEX orders_still_here
    ON orders (COALESCE(ship_by, 9223372036854775807), id, overdue_after, ship_by, ozon_status, kind_id, order_date, total_minor)
    WHERE CASE WHEN ozon_status IN ('awaiting_verification', 'awaiting_approve', 'awaiting_packaging', 'awaiting_registration', 'acceptance_in_progress', 'awaiting_deliver') THEN 1 ELSE 0 END = 1;
-- An article may have tens of thousands of lines: whose they are is told without reading them.
DROP INDEX order_lines_by_article;
CREATE INDEX order_lines_by_article ON order_lines (substr(offer_id, 1, 200), order_id);
