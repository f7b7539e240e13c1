package dev.firebreak.stack.postgres;

import dev.firebreak.stack.layout.Part;

/** The one database of a cluster, and the two roles a service knows it by. */
public record Database(String name) {
    /** Sessions that the migrate step may hold; a second one started by mistake still gets a clear answer. */
    static final int MIGRATOR_CONNECTIONS = 3;

    /**
     * Sessions of the running service: two nodes and one that replaces another, each with pools of up to 16 and three
     * probes beside them, make 59 ({@code ConnectionBudget}).
     */
    static final int APP_CONNECTIONS = 60;

    /** Database of a cluster. */
    public static Database of(Part cluster) {
        return switch (cluster) {
            case AUTH_DB -> new Database("auth");
            case TASKS_DB -> new Database("tasks");
            case AUTH_SERVER, TASK_SERVICE, GATEWAY -> throw new IllegalArgumentException(cluster + " is no cluster");
        };
    }

    /** Owns the schema; only the migrate step has its password. */
    public String migrator() {
        return name + "_migrator";
    }

    /** Reads and writes rows; cannot change a table. */
    public String app() {
        return name + "_app";
    }
}
