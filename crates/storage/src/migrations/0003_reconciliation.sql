-- Comparisons of Ozon's list with the store. since and until is the period, by the time at which Ozon began to process a
-- posting; findings is JSON of the first postings that differ.
CREATE TABLE reconciliations (
    id {id},
    cabinet_id BIGINT NOT NULL REFERENCES cabinets (id),
    cause TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    matched BIGINT NOT NULL,
    missing BIGINT NOT NULL,
    differing BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    repaired BIGINT NOT NULL,
    findings TEXT NOT NULL,
    error_code TEXT
);

CREATE INDEX reconciliations_of_cabinet ON reconciliations (cabinet_id, id);
-- What Ozon began to process in a period.
CREATE INDEX postings_by_begin ON postings (cabinet_id, in_process_at, id);
