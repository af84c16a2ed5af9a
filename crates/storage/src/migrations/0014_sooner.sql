-- Found by what tells them apart: all customers of a cabinet are too many to look through.
DROP INDEX customers_of_ozon;
CREATE UNIQUE INDEX customers_of_ozon ON customers (ozon_customer_id, cabinet_id);
