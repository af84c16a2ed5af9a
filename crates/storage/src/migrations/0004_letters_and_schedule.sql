-- To whom a letter still has to go, as JSON, where the mail server has taken it for others already.
ALTER TABLE outbox ADD COLUMN recipients TEXT;
-- Start of the last complete load that the schedule counts from: one that it began itself, or that a person or program asked
-- for. Loads that we begin for reasons of our own bring the watermark forward and leave the schedule as it is.
ALTER TABLE cabinets ADD COLUMN scheduled_from BIGINT;
UPDATE cabinets SET scheduled_from = watermark;
-- The nightly comparison asks for its own last one.
CREATE INDEX reconciliations_by_cause ON reconciliations (cabinet_id, cause, id);
