-- With all that a list is sorted by, so that no order is read but those of the page.
CREATE INDEX orders_by_kind ON orders (kind_id, order_date, ship_by, total_minor);

-- A trigger cannot change the row that is being written, so that a new one is left to the other trigger.
CREATE TRIGGER orders_kind_of_new AFTER INSERT ON orders
BEGIN
    UPDATE orders SET kind_id = NULL WHERE id = NEW.id;
END;
CREATE TRIGGER orders_kind_of_changed
AFTER UPDATE OF cabinet_id, source_id, status_id, ozon_status, paid, manager_id, scheme, warehouse_id, express, kind_id ON orders
WHEN NEW.kind_id IS NULL OR OLD.cabinet_id <> NEW.cabinet_id OR OLD.source_id <> NEW.source_id
    OR OLD.status_id <> NEW.status_id OR OLD.ozon_status <> NEW.ozon_status OR OLD.paid <> NEW.paid
    OR OLD.manager_id IS NOT NEW.manager_id OR OLD.scheme IS NOT NEW.scheme
    OR OLD.warehouse_id IS NOT NEW.warehouse_id OR OLD.express IS NOT NEW.express
BEGIN
    INSERT INTO order_kinds (cabinet_id, source_id, status_id, ozon_status, paid, manager_id, scheme, warehouse_id, express)
        SELECT NEW.cabinet_id, NEW.source_id, NEW.status_id, NEW.ozon_status, NEW.paid,
            NEW.manager_id, NEW.scheme, NEW.warehouse_id, COALESCE(NEW.express, FALSE)
        WHERE NOT EXISTS (
            SELECT 1 FROM order_kinds
            WHERE cabinet_id = NEW.cabinet_id AND source_id = NEW.source_id AND status_id = NEW.status_id
                AND ozon_status = NEW.ozon_status AND paid = NEW.paid
                AND COALESCE(manager_id, -1) = COALESCE(NEW.manager_id, -1)
                AND COALESCE(scheme, '') = COALESCE(NEW.scheme, '')
                AND COALESCE(warehouse_id, -1) = COALESCE(NEW.warehouse_id, -1)
                AND COALESCE(express, FALSE) = COALESCE(NEW.express, FALSE)
        );
    UPDATE orders SET kind_id = (
        SELECT MIN(id) FROM order_kinds
        WHERE cabinet_id = NEW.cabinet_id AND source_id = NEW.source_id AND status_id = NEW.status_id
            AND ozon_status = NEW.ozon_status AND paid = NEW.paid
            AND COALESCE(manager_id, -1) = COALESCE(NEW.manager_id, -1)
            AND COALESCE(scheme, '') = COALESCE(NEW.scheme, '')
            AND COALESCE(warehouse_id, -1) = COALESCE(NEW.warehouse_id, -1)
            AND COALESCE(express, FALSE) = COALESCE(NEW.express, FALSE)
    ) WHERE id = NEW.id;
END;
