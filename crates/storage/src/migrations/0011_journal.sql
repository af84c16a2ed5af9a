-- The journal of loads and of push messages: whatever it is asked for, an index leads straight to the rows, the newest first.

CREATE INDEX runs_by_start ON runs (started_at, id);
CREATE INDEX runs_of_cabinet_by_start ON runs (cabinet_id, started_at, id);
CREATE INDEX runs_by_cause ON runs (cause, started_at, id);
-- A few among all that ever were: what failed, was interrupted, or is under way.
CREATE INDEX runs_not_done ON runs (state, started_at, id) WHERE state <> 'done';

-- The first two take the place of those that did not end with the key that pages go by. Ozon's word for a kind is of any
-- length, and no index takes a long one.
DROP INDEX push_messages_by_age;
DROP INDEX push_messages_of_cabinet;
CREATE INDEX push_messages_by_time ON push_messages (received_at, id);
CREATE INDEX push_messages_of_cabinet_by_time ON push_messages (cabinet_id, received_at, id);
CREATE INDEX push_messages_by_type ON push_messages (substr(message_type, 1, 200), received_at, id);
CREATE INDEX push_messages_not_read ON push_messages (outcome, received_at, id) WHERE outcome <> 'read';
