-- Links by which somebody chooses a password without having one. Written by module reset only.
-- An account that waits for its first password has an empty hash in user_account.

CREATE TABLE password_reset (
    -- One link a user: a new one takes the place of the last.
    user_id uuid PRIMARY KEY REFERENCES user_account (id) ON DELETE CASCADE,
    -- SHA-256 of the link's 256 random bits: a dump of this table sets nobody's password.
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Opening and using a link look it up here.
CREATE UNIQUE INDEX password_reset_token_hash ON password_reset (token_hash);

-- Due index of the purge.
CREATE INDEX password_reset_expires_at ON password_reset (expires_at);
