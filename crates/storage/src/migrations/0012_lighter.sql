-- The same answers from fewer and smaller indexes, and sooner.

-- One by posting number that also says whose it is, instead of one for each question.
DROP INDEX orders_by_posting_number;
DROP INDEX orders_identity;
CREATE UNIQUE INDEX orders_identity ON orders (posting_number, cabinet_id);
DROP INDEX postings_by_number;
DROP INDEX postings_identity;
CREATE UNIQUE INDEX postings_identity ON postings (posting_number, cabinet_id);

-- The orders whose time to leave is unusually far from their date: few, and the first of each says how far it is at most.
CREATE INDEX orders_left_before ON orders ((order_date - ship_by)) WHERE ship_by < order_date;
CREATE INDEX orders_leave_late ON orders ((ship_by - order_date)) WHERE ship_by - order_date > 1209600000000;
