-- Personal data that goes. ended_at is when the posting was first seen at its end (with an order: when the order was), null
-- while it goes on; what could never be read ends when it is first seen. persons_erased_at: since then nothing of it names a
-- person, and no later answer brings that back.
ALTER TABLE postings ADD COLUMN ended_at BIGINT;
ALTER TABLE postings ADD COLUMN persons_erased_at BIGINT;
ALTER TABLE customers ADD COLUMN persons_erased_at BIGINT;

-- What ended before: nothing has changed it since. An order that goes with the parts of its posting may go on.
UPDATE postings SET ended_at = changed_at WHERE order_id IS NULL
    AND (facts IS NULL OR ozon_status IN ('delivered', 'not_accepted', 'cancelled', 'cancelled_from_split_pending'));
UPDATE postings SET ended_at = changed_at WHERE order_id IN (SELECT id FROM orders
    WHERE ozon_status IN ('delivered', 'not_accepted', 'cancelled', 'cancelled_from_split_pending'));

-- Erasings. actor is JSON; days is the rule that asked for it, null by hand; postings counts those without an order.
CREATE TABLE erasures (
    id {id},
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    days INTEGER,
    orders BIGINT NOT NULL,
    postings BIGINT NOT NULL,
    customers BIGINT NOT NULL
);

CREATE INDEX postings_to_erase ON postings (ended_at, id, order_id)
    WHERE ended_at IS NOT NULL AND persons_erased_at IS NULL;
CREATE INDEX cancellation_requests_of_posting ON cancellation_requests (cabinet_id, posting_number);
