package dev.firebreak.auth.trust;

import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Revocations written on another pool than the requests': for what loops take back. */
public final class RevocationsOnPool {
    private RevocationsOnPool() {}

    /** Joins transactions on the pool that {@code jdbc} uses, and tells {@code news} of each that was committed. */
    public static Revocations of(JdbcClient jdbc, InstantSource clock, RevocationNews news) {
        return new SqlRevocations(new RevocationRepository(jdbc), clock, news);
    }
}
