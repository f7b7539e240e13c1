package dev.firebreak.contracts.token;

import java.util.Set;
import java.util.TreeSet;

/** Scopes of the system (contracts, "Scopes"). */
public final class Scopes {
    public static final String OPENID = "openid";
    public static final String PROFILE = "profile";
    public static final String EMAIL = "email";
    public static final String TASKS_READ = "tasks:read";
    public static final String TASKS_WRITE = "tasks:write";
    public static final String GOOGLE_TOKEN = "google:token";

    public static final String KEYS_MANAGE = "keys:manage";
    public static final String POOLS_READ = "pools:read";
    public static final String VAULT_MANAGE = "vault:manage";
    public static final String USERS_MANAGE = "users:manage";
    public static final String AUDIT_READ = "audit:read";

    /** For people of role {@code operator} only. A client that acts for itself has those of its file. */
    public static final Set<String> OF_OPERATORS =
            Set.of(KEYS_MANAGE, POOLS_READ, VAULT_MANAGE, USERS_MANAGE, AUDIT_READ);

    private static final Set<String> OF_EVERYBODY =
            Set.of(OPENID, PROFILE, EMAIL, TASKS_READ, TASKS_WRITE, GOOGLE_TOKEN);

    private Scopes() {}

    /** Every scope there is, sorted. */
    public static Set<String> all() {
        Set<String> all = new TreeSet<>(OF_EVERYBODY);
        all.addAll(OF_OPERATORS);
        return all;
    }
}
