-- Which authorization servers live, and which keys each of them has loaded. A key that all must know first waits for
-- these rows; they hold ids only. Written by module node; the rings themselves belong to grant and sealing.

-- One row a process, renewed every few seconds by the database's clock. One that stops removes its row; any node removes
-- a row that nobody has renewed for two minutes.
CREATE TABLE auth_node (
    name text NOT NULL,
    -- Made at each start: two processes under one name are two rows, so that neither hides what the other lacks.
    instance uuid NOT NULL,
    last_seen timestamptz NOT NULL,
    -- Ids of key-encryption keys, the first one seals.
    wrapping_keys text[] NOT NULL,
    -- Ids of keys of the refresh tokens' MAC.
    refresh_mac_keys text[] NOT NULL,
    PRIMARY KEY (name, instance)
);

-- At most one key is on its way, so that two orders at the same moment make one key between them.
CREATE UNIQUE INDEX refresh_mac_key_one_verifying ON refresh_mac_key (state) WHERE state = 'verifying';
