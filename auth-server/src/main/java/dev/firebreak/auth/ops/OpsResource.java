package dev.firebreak.auth.ops;

import dev.firebreak.contracts.token.Scopes;

/**
 * What lies under {@code /auth/api/v1/ops/}, and the scope that each asks of a person. A controller whose resource is not
 * named here is closed to everybody there; clients on the internal face are judged by their file instead.
 */
enum OpsResource {
    KEYS("keys", Scopes.KEYS_MANAGE),
    /** Who verifies with which keys, for whoever moves them. */
    TRUST("trust", Scopes.KEYS_MANAGE),
    /** Keys of refresh tokens, and what is sealed under which key-encryption key. */
    REFRESH_KEYS("refresh-keys", Scopes.KEYS_MANAGE),
    SEALING("sealing", Scopes.KEYS_MANAGE),
    /** Who is told of events, and what could not be delivered. */
    WEBHOOKS("webhooks", Scopes.VAULT_MANAGE),
    USERS("users", Scopes.USERS_MANAGE),
    /** The journal of orders and automatic steps. */
    AUDIT("audit", Scopes.AUDIT_READ);

    private final String segment;
    private final String scope;

    OpsResource(String segment, String scope) {
        this.segment = segment;
        this.scope = scope;
    }

    /** Path without the context path. */
    String path() {
        return OpsSecurity.ROOT + "/" + segment;
    }

    String scope() {
        return scope;
    }
}
