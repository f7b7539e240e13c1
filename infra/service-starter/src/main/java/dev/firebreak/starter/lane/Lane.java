package dev.firebreak.starter.lane;

import java.util.List;
import java.util.Locale;

/** Kinds of work, most important first. Each is guaranteed a part of what can run out; idle parts are lent. */
public enum Lane {
    /** Keeps others working: renewals, revocations, trust, moves of keys. Without it everybody is signed out in time. */
    KEEP(30),
    /** A signed-in person waits. */
    USER(40),
    /** Somebody signs in, or is not known yet. */
    LOGIN(15),
    /** A program waits: it can come back. */
    SERVICE(10),
    /** Nobody waits. */
    BACKGROUND(5);

    /** All of them, most important first. */
    public static final List<Lane> IN_ORDER = List.of(values());

    private final int percent;
    private final String id;

    Lane(int percent) {
        this.percent = percent;
        this.id = name().toLowerCase(Locale.ROOT);
    }

    /** Guaranteed part; all parts together are 100. */
    public int percent() {
        return percent;
    }

    /** Label of metrics: {@code keep}, {@code user} and so on. */
    public String id() {
        return id;
    }
}
