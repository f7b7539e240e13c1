package dev.firebreak.contracts.event;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Kinds of events. Names are part of the API: never renamed, never reused. A new one is published a release after nodes
 * know it: a node that does not would pass it over in what it tells a client that may see its group.
 */
public enum EventType {
    /** A user connected an account of another provider, or one more service of it. */
    CONNECTION_CONNECTED("connection.connected"),
    /** A connection gives no tokens any more until its user connects it again. */
    CONNECTION_BROKEN("connection.broken"),
    /** A broken connection works again. */
    CONNECTION_RECOVERED("connection.recovered"),
    /** A user took a connection, or one service of it, away. */
    CONNECTION_DISCONNECTED("connection.disconnected"),
    /** A sign-in ended before its time. */
    SESSION_REVOKED("session.revoked"),
    /** A user is gone; what is kept about them must go too. */
    USER_DELETED("user.deleted");

    private static final String ALL_OF_A_GROUP = ".*";

    private final String wireName;

    EventType(String wireName) {
        this.wireName = wireName;
    }

    /** Name on the wire and in the database: group, dot, what happened. */
    public String wireName() {
        return wireName;
    }

    /** The type with this wire name; absent for one of a newer version. */
    public static Optional<EventType> find(String wireName) {
        for (EventType type : values()) {
            if (type.wireName.equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /**
     * The types that a pattern of a configuration file names.
     *
     * @param pattern a wire name, or a group with {@code .*} after it
     * @throws IllegalArgumentException if there is none, as a misspelt one would silently mean "nothing"
     */
    public static Set<EventType> matching(String pattern) {
        Set<EventType> found = EnumSet.noneOf(EventType.class);
        for (EventType type : values()) {
            boolean ofGroup = pattern.endsWith(ALL_OF_A_GROUP)
                    && type.wireName.startsWith(pattern.substring(0, pattern.length() - 1))
                    && pattern.length() > ALL_OF_A_GROUP.length();
            if (ofGroup || type.wireName.equals(pattern)) {
                found.add(type);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("has event '%s', which names no type of event".formatted(pattern));
        }
        return found;
    }
}
