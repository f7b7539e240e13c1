-- Google accounts that users have connected, and the access tokens made from them (ADR 22). Written by module vault only.

-- One grant a user and Google account: Google gives one refresh token for all scopes of a project.
CREATE TABLE google_account_grant (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id uuid NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    -- Google's "sub": the account, whatever its address is now.
    google_sub text NOT NULL,
    google_email text NOT NULL CHECK (google_email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    -- AES-256-GCM under a data key of its own, made anew with each refresh token; absent once it is known to be worthless.
    sealed_refresh_token bytea,
    -- The data key, sealed under a key-encryption key. The one column that a re-wrap touches.
    sealed_data_key bytea,
    wrapping_key_id text,
    -- What is authenticated with the refresh token: a value put back from an older version does not open.
    token_version bigint NOT NULL DEFAULT 1,
    -- As Google's token-revoked event names a refresh token: SHA-256 of its first 16 characters, and of Google's own hash
    -- of it (SHA-512 twice). Neither is of use to whoever reads this table.
    token_prefix_hash bytea CHECK (octet_length(token_prefix_hash) = 32),
    token_id_hash bytea CHECK (octet_length(token_id_hash) = 32),
    -- Space-separated, as Google granted them: the user may have unticked some.
    scopes text NOT NULL,
    state text NOT NULL CHECK (state IN ('active', 'needs_reconnect')),
    reason text,
    -- Grows with each change of state or of the refresh token.
    version bigint NOT NULL DEFAULT 1,
    -- Only for projects in testing and for access that Google limits in time.
    refresh_token_expires_at timestamptz,
    -- A refresh token that nobody used for six months dies at Google.
    refreshed_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK ((state = 'active') = (reason IS NULL)),
    CHECK (state <> 'active' OR sealed_refresh_token IS NOT NULL),
    CHECK ((sealed_refresh_token IS NULL) = (sealed_data_key IS NULL)),
    CHECK ((sealed_data_key IS NULL) = (wrapping_key_id IS NULL)),
    UNIQUE (user_id, google_sub)
);

-- "All grants of this Google account", for its events, whoever connected it.
CREATE INDEX google_account_grant_sub ON google_account_grant (google_sub);
CREATE INDEX google_account_grant_prefix ON google_account_grant (token_prefix_hash);
CREATE INDEX google_account_grant_token_id ON google_account_grant (token_id_hash);
-- Keeping idle grants alive.
CREATE INDEX google_account_grant_refreshed_at ON google_account_grant (refreshed_at) WHERE state = 'active';
-- "What has changed in the last minute?", each second, on each node that holds tokens in memory.
CREATE INDEX google_account_grant_updated_at ON google_account_grant (updated_at);
-- "Which rows does this key-encryption key still open?"
CREATE INDEX google_account_grant_wrapping_key ON google_account_grant (wrapping_key_id);

-- One row a service that the user has switched on at one account, with the access token for that service's scopes alone.
CREATE TABLE user_oauth_tokens (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    grant_id uuid NOT NULL REFERENCES google_account_grant (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    service text NOT NULL CHECK (service IN ('calendar', 'drive', 'gmail', 'tasks')),
    -- Absent until the first one is needed, and after a reconnect.
    sealed_access_token bytea,
    sealed_data_key bytea,
    wrapping_key_id text,
    -- Version of the access token: what is authenticated with it, and what a refresh compares.
    token_version bigint NOT NULL DEFAULT 0,
    obtained_at timestamptz,
    expires_at timestamptz,
    scope text NOT NULL,
    service_user_id text NOT NULL,
    service_email text NOT NULL CHECK (service_email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    -- Services may ask for a token while the user is away.
    offline boolean NOT NULL DEFAULT false,
    -- Who refreshes at the moment. The fence grows with each holder: one that was asleep writes nothing any more.
    lease_holder text,
    lease_fence bigint NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    -- When the worker should refresh it ahead; absent = nobody needs it soon.
    refresh_due_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK (expires_at > obtained_at),
    CHECK ((sealed_access_token IS NULL) = (expires_at IS NULL)),
    CHECK ((sealed_access_token IS NULL) = (obtained_at IS NULL)),
    CHECK ((sealed_access_token IS NULL) = (sealed_data_key IS NULL)),
    CHECK ((sealed_data_key IS NULL) = (wrapping_key_id IS NULL)),
    UNIQUE (user_id, service, service_user_id)
);

-- The list of a user's connections, and the look-up of a token.
CREATE INDEX user_oauth_tokens_user ON user_oauth_tokens (user_id, service, created_at);
CREATE INDEX user_oauth_tokens_grant ON user_oauth_tokens (grant_id);
-- Due index of the worker.
CREATE INDEX user_oauth_tokens_due ON user_oauth_tokens (refresh_due_at) WHERE refresh_due_at IS NOT NULL;
CREATE INDEX user_oauth_tokens_wrapping_key ON user_oauth_tokens (wrapping_key_id);
