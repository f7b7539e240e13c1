package dev.firebreak.auth.audit;

/**
 * Who did what an entry tells of, as the journal keeps it; handlers of orders take one as an argument.
 *
 * @param text {@code person <user id>}, {@code client <id>/<instance>}, {@code automatic <node>}, {@code command <name>}
 */
public record Actor(String text) {
    /** Somebody who signed in, or proved by a link who they are; tokens and links hold no more than the id. */
    public static Actor person(String userId) {
        return new Actor("person " + userId);
    }

    /** A program that proved its client key; {@code name} tells its instances apart. */
    public static Actor client(String name) {
        return new Actor("client " + name);
    }

    /** A node that did what was due, at nobody's order. */
    public static Actor automatic(String node) {
        return new Actor("automatic " + node);
    }

    /** Whoever may start this service's program with its configuration. */
    public static Actor command(String name) {
        return new Actor("command " + name);
    }
}
