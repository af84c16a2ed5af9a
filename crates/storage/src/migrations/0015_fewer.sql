-- What kinds of orders differ by is found by their kinds, the first of each by its date (docs/decisions/0022). What is left
-- of two indexes tells that a status or a source is in no use any more before it is deleted.
DROP INDEX orders_by_ozon_status;
DROP INDEX orders_by_cabinet;
DROP INDEX orders_by_paid;
DROP INDEX orders_by_manager;
DROP INDEX orders_by_scheme;
DROP INDEX orders_by_warehouse;
DROP INDEX orders_by_status;
CREATE INDEX orders_by_status ON orders (status_id);
DROP INDEX orders_by_source;
CREATE INDEX orders_by_source ON orders (source_id);
