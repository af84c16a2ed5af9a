-- When a person last signed in.
ALTER TABLE users ADD COLUMN signed_in_at BIGINT;
-- The secret of one-time codes, encrypted; codes are asked for once `factor_since` is set. `factor_step` is the newest step of
-- 30 seconds whose code was used: no code works twice.
ALTER TABLE users ADD COLUMN factor_secret {blob};
ALTER TABLE users ADD COLUMN factor_since BIGINT;
ALTER TABLE users ADD COLUMN factor_step BIGINT NOT NULL DEFAULT 0;

-- Codes that replace a lost second factor, each once; only their hashes are kept.
CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL REFERENCES users (id),
    code_hash {blob} NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

-- Who told the right password and still owes a one-time code; only the hash of the token is kept.
CREATE TABLE sign_ins (
    token_hash {blob} NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash)
);

-- From then on a token opens nothing.
ALTER TABLE api_tokens ADD COLUMN expires_at BIGINT;

CREATE INDEX audit_by_actor ON audit (actor, id);
CREATE INDEX audit_by_act ON audit (act, id);
