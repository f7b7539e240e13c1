package dev.firebreak.starter.database;

import java.util.Locale;

/** How a connection is encrypted, in PostgreSQL's words. The modes that try and fall back are left out: they guess. */
public enum Sslmode {
    /** Plain text: for one machine only. */
    DISABLE,
    /** Encrypted, with whoever answers. */
    REQUIRE,
    /** And its certificate is signed by the CA in {@code ssl-root-cert}. */
    VERIFY_CA,
    /** And it is made for the host name that was asked for. */
    VERIFY_FULL;

    /** As PostgreSQL and its drivers write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean verifies() {
        return this == VERIFY_CA || this == VERIFY_FULL;
    }
}
