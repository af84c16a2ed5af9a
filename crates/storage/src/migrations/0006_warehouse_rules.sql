-- Delivery methods of the seller's realFBS warehouses at Ozon; status is Ozon's word. One that is listed no more stays, since
-- old orders and rules name it.
CREATE TABLE ozon_delivery_methods (
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    delivery_method_id BIGINT NOT NULL,
    warehouse_id BIGINT,
    name TEXT NOT NULL,
    status TEXT,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (cabinet_id, delivery_method_id)
);

-- What orders of a warehouse or of a delivery method of Ozon's get instead of the cabinet's source and methods. kind:
-- warehouse, delivery_method; ozon_id is Ozon's id of it; null is as the cabinet has it.
CREATE TABLE warehouse_rules (
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    kind TEXT NOT NULL,
    ozon_id BIGINT NOT NULL,
    source_id BIGINT REFERENCES sources (id),
    delivery_method_id BIGINT REFERENCES delivery_methods (id),
    payment_method_id BIGINT REFERENCES payment_methods (id),
    PRIMARY KEY (cabinet_id, kind, ozon_id)
);
