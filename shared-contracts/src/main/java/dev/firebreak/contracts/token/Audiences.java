package dev.firebreak.contracts.token;

/** Audiences are URLs under the public origin, so that one deployment's token means nothing in another. */
public final class Audiences {
    private Audiences() {}

    /** Audience of the API that users and services call. */
    public static String api(String publicOrigin) {
        return publicOrigin + "/api";
    }

    /** Audience of the operators' endpoints. */
    public static String ops(String publicOrigin) {
        return publicOrigin + "/ops";
    }
}
