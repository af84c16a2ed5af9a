-- What stays fast however many orders, loads and letters there have been.

-- The loads under way: a handful among all that ever were.
CREATE INDEX runs_running ON runs (cabinet_id) WHERE state = 'running';
