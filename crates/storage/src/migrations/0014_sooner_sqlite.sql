-- What is overdue is told from the index, so that the many that are do not have to be read to find the few that soon will be.
DROP INDEX orders_still_here;
CREATE INDEX orders_still_here ON orders (COALESCE(ship_by, 9223372036854775807), id, overdue_after)
    WHERE CASE WHEN ozon_status IN ('awaiting_verification', 'awaiting_approve', 'awaiting_packaging', 'awaiting_registration', 'acceptance_in_progress', 'awaiting_deliver') THEN 1 ELSE 0 END = 1;
