-- What happened to users, for services that pull it and for webhooks. Written by module event only.

-- One row. Number and rows change in one transaction, and the row stays locked until it commits: order of numbers is order
-- of commits. The identity of the database is trust_state's.
CREATE TABLE event_state (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    seq bigint NOT NULL,
    -- The highest number that was deleted after its time: a reader that has not come so far has lost something.
    purged_seq bigint NOT NULL,
    CHECK (purged_seq <= seq)
);
INSERT INTO event_state (seq, purged_seq) VALUES (0, 0);

CREATE TABLE event (
    seq bigint PRIMARY KEY,
    id uuid NOT NULL DEFAULT uuidv7(),
    type text NOT NULL CHECK (type ~ '^[a-z_]+\.[a-z_]+$'),
    -- The user. No reference: that a user is gone must be told after the row is.
    subject uuid NOT NULL,
    data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object'),
    happened_at timestamptz NOT NULL
);

-- "The next events of these types", and the last one of each.
CREATE INDEX event_type ON event (type, seq);
-- Due index of the purge.
CREATE INDEX event_happened_at ON event (happened_at);

-- How far the events were handed to each webhook. A row stays when its file goes, so that a file that comes back goes on
-- where it was. Written by module webhook only, as is the next table.
CREATE TABLE webhook (
    id text PRIMARY KEY,
    -- Every event up to here has a row below, if the webhook wants it.
    cursor bigint NOT NULL
);

-- One row an event and webhook that wants it, from the hand-over until some time after its end.
CREATE TABLE webhook_delivery (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook text NOT NULL REFERENCES webhook (id),
    -- Also what its receiver knows it by.
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    -- The same at each attempt; a copy, as events may be deleted before the last attempt.
    body text NOT NULL,
    state text NOT NULL CHECK (state IN ('due', 'delivered', 'dead')),
    attempts integer NOT NULL DEFAULT 0,
    -- When it may be taken: the next attempt, or the end of the lease of the node that has it.
    due_at timestamptz NOT NULL,
    -- Grows with each taking: a node that was asleep for longer than its lease notes nothing any more.
    fence bigint NOT NULL DEFAULT 0,
    -- Of the last attempt, in words of ours.
    outcome text,
    -- When it was handed over, or last replayed.
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((state = 'due') = (ended_at IS NULL)),
    UNIQUE (webhook, event_id)
);

-- What is to be taken next, a webhook at a time.
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, due_at) WHERE state = 'due';
-- The list of dead letters.
CREATE INDEX webhook_delivery_dead ON webhook_delivery (webhook, id) WHERE state = 'dead';
-- Due index of the purge; what is due for so long belongs to a webhook that was taken away.
CREATE INDEX webhook_delivery_kept ON webhook_delivery (coalesce(ended_at, created_at));
