package dev.firebreak.contracts.capacity;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Time-outs that the role of a running service carries in the database. Settings of the role hold whatever a client sends,
 * and behind a pooler, which drops or refuses {@code options}.
 */
public final class RoleTimeouts {
    /** One statement. Below the 4 s of silence after which the driver gives up: the server's refusal keeps the connection. */
    public static final Duration STATEMENT = Duration.ofSeconds(3);

    /** Waiting for a row or table lock: whoever holds it this long is slower than anybody here may be. */
    public static final Duration LOCK = Duration.ofSeconds(1);

    /** An open transaction in which nothing happens: its client hangs, and its locks must not. */
    public static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(5);

    private RoleTimeouts() {}

    /** By the name of PostgreSQL's setting. */
    public static Map<String, Duration> settings() {
        Map<String, Duration> settings = new LinkedHashMap<>();
        settings.put("statement_timeout", STATEMENT);
        settings.put("lock_timeout", LOCK);
        settings.put("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION);
        return settings;
    }
}
