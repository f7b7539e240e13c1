-- What clients were granted, the keys that sign and seal it, and the trust feed.
-- Written by modules grant, signing and trust only; V1 holds the tables referred to.

-- One row: the version of the set of signing keys. It changes in the same transaction as any key.
CREATE TABLE signing_key_set (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version bigint NOT NULL
);
INSERT INTO signing_key_set (version) VALUES (0);

CREATE TABLE signing_key (
    kid text PRIMARY KEY,
    state text NOT NULL
        CHECK (state IN ('staged', 'published', 'active', 'retiring', 'retired', 'revoked')),
    algorithm text NOT NULL CHECK (algorithm = 'ES256'),
    -- Public JWK as JSON (RFC 7517).
    public_jwk text NOT NULL,
    -- Private JWK, AES-256-GCM under the key-encryption key named beside it. Absent once destroyed.
    sealed_private bytea,
    wrapping_key_id text,
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    activated_at timestamptz,
    -- Hard end of signing, whatever the life cycle does or fails to do.
    sign_until timestamptz,
    retiring_at timestamptz,
    retired_at timestamptz,
    revoked_at timestamptz,
    CHECK ((sealed_private IS NULL) = (wrapping_key_id IS NULL))
);

-- At most one key signs. Two nodes that find the table empty at the same moment make one key between them.
CREATE UNIQUE INDEX signing_key_one_active ON signing_key (state) WHERE state = 'active';

-- Keys of the MAC of refresh tokens: 'verifying' accepts, 'making' makes and accepts, 'old' still accepts.
CREATE TABLE refresh_mac_key (
    id text PRIMARY KEY CHECK (id ~ '^[a-z0-9]{1,16}$'),
    state text NOT NULL CHECK (state IN ('verifying', 'making', 'old')),
    sealed_secret bytea NOT NULL,
    wrapping_key_id text NOT NULL,
    created_at timestamptz NOT NULL,
    -- When it stopped making tokens; 30 days later its last token is dead and the row may go.
    made_until timestamptz
);

CREATE UNIQUE INDEX refresh_mac_key_one_making ON refresh_mac_key (state) WHERE state = 'making';

CREATE TABLE authorization_code (
    -- SHA-256 of the code: a dump of this table redeems nothing.
    code_hash bytea PRIMARY KEY CHECK (octet_length(code_hash) = 32),
    client_id text NOT NULL,
    -- Codes live for a minute, so they never hold a session back.
    sid uuid NOT NULL REFERENCES sso_session (sid) ON DELETE CASCADE,
    redirect_uri text NOT NULL,
    -- PKCE (RFC 7636), method S256.
    code_challenge text NOT NULL,
    -- Space-separated.
    scopes text NOT NULL,
    nonce text,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    -- What its first use made, taken back by a second use (RFC 6749, 4.1.2).
    family_id uuid,
    first_jti text
);

-- Due index of the purge, and "codes of a session" when a session is deleted.
CREATE INDEX authorization_code_expires_at ON authorization_code (expires_at);
CREATE INDEX authorization_code_sid ON authorization_code (sid);

-- One row per sign-in and client, whatever the number of renewals. Renewals change no indexed column, so that they
-- stay in the page (HOT); the fill factor leaves the room.
CREATE TABLE refresh_family (
    id uuid PRIMARY KEY,
    -- No cascade: the session's row stays until its last family is gone. Deleting a user takes both in one statement.
    sid uuid NOT NULL REFERENCES sso_session (sid),
    user_id uuid NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    client_id text NOT NULL,
    scopes text NOT NULL,
    -- How the user signed in for this grant; a later step-up makes another family.
    auth_time timestamptz NOT NULL,
    amr text NOT NULL,
    acr text NOT NULL,
    -- Number of the newest token.
    generation bigint NOT NULL CHECK (generation >= 1),
    rotated_at timestamptz NOT NULL,
    -- Generations in a row whose parent came back later than the grace, and the last of them.
    late_replays integer NOT NULL DEFAULT 0,
    last_late_generation bigint NOT NULL DEFAULT 0,
    idle_until timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text,
    CHECK (idle_until <= expires_at),
    CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
) WITH (fillfactor = 80);

-- "End the families of this session / of this user"; also what deleting either needs.
CREATE INDEX refresh_family_sid ON refresh_family (sid);
CREATE INDEX refresh_family_user ON refresh_family (user_id);
-- Due indexes of the purge.
CREATE INDEX refresh_family_expires_at ON refresh_family (expires_at);
CREATE INDEX refresh_family_revoked_at ON refresh_family (revoked_at) WHERE revoked_at IS NOT NULL;

-- One row: who this database is, and the number of its last revocation. A restored copy needs a new epoch.
CREATE TABLE trust_state (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    epoch uuid NOT NULL,
    revocation_seq bigint NOT NULL
);
INSERT INTO trust_state (epoch, revocation_seq) VALUES (gen_random_uuid(), 0);

CREATE TABLE revocation (
    -- Taken from trust_state inside the same write: order of numbers = order of commits.
    seq bigint PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('kid', 'sid', 'sub', 'client', 'jti')),
    value text NOT NULL,
    issued_before timestamptz,
    -- When the last token concerned has expired.
    until timestamptz NOT NULL
);

-- Due index of the purge.
CREATE INDEX revocation_until ON revocation (until);
