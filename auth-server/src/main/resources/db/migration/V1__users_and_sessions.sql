-- Users and the sign-ins of their browsers. Written by modules user and sso only.

CREATE TABLE user_account (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    -- As the user wrote it, for display and mail.
    email text NOT NULL,
    -- NFKC and lower case: what "the same address" means. Made by the application, so that the database's
    -- collation cannot change the rule.
    email_key text NOT NULL,
    name text NOT NULL,
    -- Argon2id in PHC string format; the parameters stand inside.
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('user', 'operator')),
    disabled_at timestamptz,
    demo boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1
);

-- Sign-in and orders by address; also the order of the operators' list (keyset).
CREATE UNIQUE INDEX user_account_email_key ON user_account (email_key);

-- "Is this the last active operator?" locks exactly these rows, whatever the number of users.
CREATE INDEX user_account_active_operator ON user_account (id) WHERE role = 'operator' AND disabled_at IS NULL;

-- "Is there a demo account?", asked outside the local profile only.
CREATE INDEX user_account_demo ON user_account (id) WHERE demo;

CREATE TABLE sso_session (
    -- Public: the claim sid. Random, not derived from the secret.
    sid uuid PRIMARY KEY,
    -- SHA-256 of the cookie's 256 random bits: a dump of this table signs nobody in.
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    user_id uuid NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    auth_time timestamptz NOT NULL,
    -- Space-separated methods (RFC 8176).
    amr text NOT NULL,
    acr text NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    remembered boolean NOT NULL,
    ended_at timestamptz,
    end_reason text,
    device_label text NOT NULL
);

-- Every authorization of a signed-in browser looks its cookie up here.
CREATE UNIQUE INDEX sso_session_secret_hash ON sso_session (secret_hash);

-- "End all sessions of this user"; also what deleting a user needs.
CREATE INDEX sso_session_user ON sso_session (user_id);

-- Due index of the purge.
CREATE INDEX sso_session_expires_at ON sso_session (expires_at);
