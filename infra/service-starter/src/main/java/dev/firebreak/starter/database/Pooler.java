package dev.firebreak.starter.database;

import java.time.Duration;

/** What stands between this process and PostgreSQL; one switch that sets everything which depends on it. */
public enum Pooler {
    /** Nothing: a connection is a session of the server, its statements are prepared there. */
    NONE(5, 256, 5, Duration.ofMinutes(15)),
    /**
     * PgBouncer in transaction mode: each transaction may meet another session, so nothing may be left in one. No prepared
     * statements, because PgBouncer carries them over only from 1.21 on and if told to. A connection costs the server no
     * process, so it may be short: connections spread anew over poolers that were added, and leave those that go.
     */
    PGBOUNCER(0, 0, 0, Duration.ofMinutes(5));

    private final int prepareThreshold;
    private final int cachedStatements;
    private final int cachedMebibytes;
    private final Duration lifeOfConnection;

    Pooler(int prepareThreshold, int cachedStatements, int cachedMebibytes, Duration lifeOfConnection) {
        this.prepareThreshold = prepareThreshold;
        this.cachedStatements = cachedStatements;
        this.cachedMebibytes = cachedMebibytes;
        this.lifeOfConnection = lifeOfConnection;
    }

    /** Longest life of a pooled connection: it follows a fail-over that did not cut it within this time. */
    public Duration lifeOfConnection() {
        return lifeOfConnection;
    }

    /** Whether a connection here is one at the server too, and so counts against the role's CONNECTION LIMIT. */
    public boolean isDirect() {
        return this == NONE;
    }

    void applyTo(PostgresSource source) {
        source.setPrepareThreshold(prepareThreshold);
        source.setPreparedStatementCacheQueries(cachedStatements);
        source.setPreparedStatementCacheSizeMiB(cachedMebibytes);
    }
}
