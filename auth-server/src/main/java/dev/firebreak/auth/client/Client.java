package dev.firebreak.auth.client;

import com.nimbusds.jose.JWSVerifier;
import java.util.Map;
import java.util.Set;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/**
 * A registered client as its file says.
 *
 * @param registration the same in Spring Security's terms
 * @param confidential it has a key and must prove it holds the private half; a public one has PKCE only
 * @param internal internal endpoints it may call
 * @param keys verifiers of its assertions by kid; empty for public clients
 */
public record Client(
        RegisteredClient registration,
        boolean confidential,
        Set<InternalCall> internal,
        Map<String, JWSVerifier> keys) {
    public Client {
        internal = Set.copyOf(internal);
        keys = Map.copyOf(keys);
    }

    /** Its {@code client_id}. */
    public String id() {
        return registration.getClientId();
    }

    /** Scopes it may ask for. */
    public Set<String> scopes() {
        return registration.getScopes();
    }

    /** Whether it may use a grant. */
    public boolean may(AuthorizationGrantType grant) {
        return registration.getAuthorizationGrantTypes().contains(grant);
    }

    @Override
    public String toString() {
        return "Client[" + id() + "]";
    }
}
