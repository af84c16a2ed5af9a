-- What a list is sorted by tells the kind and the date of each order too, so that those on the way to a page are not read that the
-- filter leaves out: most of their pages are not in memory. An expression does not tell what it is made of.
DROP INDEX orders_by_date;
CREATE INDEX orders_by_date ON orders (order_date, id) INCLUDE (kind_id);
DROP INDEX orders_by_ship_by;
CREATE INDEX orders_by_ship_by ON orders (COALESCE(ship_by, 9223372036854775807), id) INCLUDE (ship_by, kind_id, order_date);
DROP INDEX orders_by_ship_by_back;
CREATE INDEX orders_by_ship_by_back ON orders (COALESCE(ship_by, -9223372036854775807), id)
    INCLUDE (ship_by, kind_id, order_date);
DROP INDEX orders_by_total;
CREATE INDEX orders_by_total ON orders (total_minor, id) INCLUDE (kind_id, order_date);
-- And those of what is still here, of which the many that are overdue are not read to find the few that soon will be.
DROP INDEX orders_still_here;
CREATE INDEX orders_still_here ON orders (COALESCE(ship_by, 9223372036854775807), id, overdue_after)
    INCLUDE (ship_by, ozon_status, kind_id, order_date, total_minor)
    WHERE CASE WHEN ozon_status IN ('awaiting_verification', 'awaiting_approve', 'awaiting_packaging', 'awaiting_registration', 'acceptance_in_progress', 'awaiting_deliver') THEN 1 ELSE 0 END = 1;
