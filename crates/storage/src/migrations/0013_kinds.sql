-- The combinations that there were of what few values an order has for. Two conditions of a list that few orders meet together,
-- though many meet each, are found by the kinds that meet both (docs/decisions/0022).
CREATE TABLE order_kinds (
    id {id},
    cabinet_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    ozon_status TEXT NOT NULL,
    paid BOOLEAN NOT NULL,
    manager_id BIGINT,
    scheme TEXT,
    warehouse_id BIGINT,
    express BOOLEAN
);
-- NULLs are equal here: one kind of orders that nobody works. Two transactions that first need the same kind each make it:
-- one of a kind would make them wait for each other, and both are found.
CREATE INDEX order_kinds_identity ON order_kinds (
    cabinet_id, source_id, status_id, ozon_status, paid,
    COALESCE(manager_id, -1), COALESCE(scheme, ''), COALESCE(warehouse_id, -1), COALESCE(express, FALSE)
);
-- Found by kind as well now.
DROP INDEX orders_express;
-- Which kind an order is of, kept by triggers whoever writes the order.
ALTER TABLE orders ADD COLUMN kind_id BIGINT;
INSERT INTO order_kinds (cabinet_id, source_id, status_id, ozon_status, paid, manager_id, scheme, warehouse_id, express)
    SELECT cabinet_id, source_id, status_id, ozon_status, paid, MAX(manager_id), MAX(scheme), MAX(warehouse_id), COALESCE(express, FALSE)
    FROM orders
    GROUP BY cabinet_id, source_id, status_id, ozon_status, paid,
        COALESCE(manager_id, -1), COALESCE(scheme, ''), COALESCE(warehouse_id, -1), COALESCE(express, FALSE);
UPDATE orders SET kind_id = (
    SELECT MIN(id) FROM order_kinds AS kind
    WHERE kind.cabinet_id = orders.cabinet_id AND kind.source_id = orders.source_id AND kind.status_id = orders.status_id
        AND kind.ozon_status = orders.ozon_status AND kind.paid = orders.paid
        AND COALESCE(kind.manager_id, -1) = COALESCE(orders.manager_id, -1)
        AND COALESCE(kind.scheme, '') = COALESCE(orders.scheme, '')
        AND COALESCE(kind.warehouse_id, -1) = COALESCE(orders.warehouse_id, -1)
        AND COALESCE(kind.express, FALSE) = COALESCE(orders.express, FALSE)
);
