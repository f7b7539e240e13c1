package dev.firebreak.contracts.trust;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is no longer trusted. On the wire: {@code {"kind","value","issued_before","until"}}, times as RFC 3339
 * in UTC.
 *
 * @param kind what {@code value} names
 * @param value kid, session id, subject, client id or token id
 * @param issuedBefore only tokens with {@code iat} before this are revoked; absent = all of them
 * @param until when the last token concerned has expired and the entry is dropped
 */
public record Revocation(Kind kind, String value, @Nullable Instant issuedBefore, Instant until) {
    /** What a revocation names. */
    public enum Kind {
        KID,
        SID,
        SUB,
        CLIENT,
        JTI;

        /** Name on the wire and in the database. */
        public String wireName() {
            return switch (this) {
                case KID -> "kid";
                case SID -> "sid";
                case SUB -> "sub";
                case CLIENT -> "client";
                case JTI -> "jti";
            };
        }

        /** The kind with this wire name; {@link IllegalArgumentException} if there is none. */
        public static Kind ofWireName(String name) {
            for (Kind kind : values()) {
                if (kind.wireName().equals(name)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("Unknown revocation kind: " + name);
        }
    }
}
