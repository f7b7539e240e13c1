package dev.firebreak.stack.layout;

import java.util.Optional;

/** One process of the local stack, named as {@code status} shows it. */
public enum Part {
    AUTH_DB("auth-db"),
    TASKS_DB("tasks-db"),
    AUTH_SERVER("auth-server-1"),
    TASK_SERVICE("task-service-1"),
    GATEWAY("gateway-1");

    private final String id;

    Part(String id) {
        this.id = id;
    }

    /** Name in commands, files and JSON, for instance {@code gateway-1}; a service's node name too. */
    public String id() {
        return id;
    }

    /** Whether this part is a PostgreSQL cluster rather than one of our services. */
    public boolean isDatabase() {
        return this == AUTH_DB || this == TASKS_DB;
    }

    /** Finds a part by its name; the number may be left out, as nobody types {@code gateway-1} for the only gateway. */
    public static Optional<Part> find(String name) {
        for (Part part : values()) {
            if (part.id.equals(name) || part.id.equals(name + "-1")) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }
}
