-- Life cycle of signing keys: who may move them, what each verifier has acknowledged, and the journal of every move.
-- Written by modules signing, trust and audit only.

ALTER TABLE signing_key DROP CONSTRAINT signing_key_algorithm_check;
ALTER TABLE signing_key ADD CONSTRAINT signing_key_algorithm_check CHECK (algorithm IN ('ES256', 'RS256'));

-- Version of the set with which verifiers first got this key; acknowledging it or a later one proves that they have it.
ALTER TABLE signing_key ADD COLUMN published_version bigint;
-- When every live verifier had acknowledged it.
ALTER TABLE signing_key ADD COLUMN confirmed_at timestamptz;
-- Signs only from then on; set where verifiers were passed over in an emergency.
ALTER TABLE signing_key ADD COLUMN sign_from timestamptz;
-- An operator wants it active as soon as it may be, without waiting for the schedule.
ALTER TABLE signing_key ADD COLUMN wanted boolean NOT NULL DEFAULT false;
-- The same without the waits for third parties.
ALTER TABLE signing_key ADD COLUMN hurried boolean NOT NULL DEFAULT false;
-- Made in an emergency at this time, to take over from these keys (space-separated) and take them back: whoever began
-- it may die before it is done.
ALTER TABLE signing_key ADD COLUMN emergency_at timestamptz;
ALTER TABLE signing_key ADD COLUMN emergency_kids text NOT NULL DEFAULT '';

-- One row: which node acts on the schedule. The fence grows with each change of holder, so that a node that was
-- asleep cannot act on what it believed before.
CREATE TABLE signing_lease (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    holder text,
    fence bigint NOT NULL,
    until timestamptz NOT NULL
);
INSERT INTO signing_lease (holder, fence, until) VALUES (NULL, 0, '-infinity');

-- Every process that verifies tokens, and what it had when it last asked. Asking with a version acknowledges it.
CREATE TABLE verifier (
    client_id text NOT NULL,
    instance text NOT NULL,
    -- Of this epoch; a restored database, which has another, knows nobody.
    epoch uuid NOT NULL,
    -- 0 = it has nothing of this epoch.
    keys_version bigint NOT NULL,
    cursor bigint NOT NULL,
    asked_at timestamptz NOT NULL,
    -- It said that it stops: what another node heard of it before must not bring it back.
    stopped_at timestamptz,
    PRIMARY KEY (client_id, instance)
);

-- Due index of forgetting.
CREATE INDEX verifier_asked_at ON verifier (asked_at);

-- Who moved what, why and when. Each row carries the hash of the one before it.
CREATE TABLE journal (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL,
    before text,
    after text,
    previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

-- One row, locked by each append: the order of numbers is the order of commits, and a cut tail shows.
CREATE TABLE journal_head (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    seq bigint NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
INSERT INTO journal_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- Against mistakes. Whoever owns the table can still change it: the hashes are against that.
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
