package dev.firebreak.contracts.token;

/** Scopes of the system (contracts, "Scopes"). */
public final class Scopes {
    public static final String OPENID = "openid";
    public static final String PROFILE = "profile";
    public static final String EMAIL = "email";
    public static final String TASKS_READ = "tasks:read";
    public static final String TASKS_WRITE = "tasks:write";
    public static final String GOOGLE_TOKEN = "google:token";

    private Scopes() {}
}
