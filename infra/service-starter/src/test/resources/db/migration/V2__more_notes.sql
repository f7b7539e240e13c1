-- Cannot run inside a transaction, and would wait for ever for Flyway's own if its lock were held in one.
CREATE INDEX CONCURRENTLY note_index ON note (id);
