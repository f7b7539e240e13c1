package dev.firebreak.auth.client;

import com.nimbusds.jose.JWSVerifier;
import dev.firebreak.contracts.event.EventType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/**
 * A registered client as its file says.
 *
 * @param id its {@code client_id}
 * @param grants how it may get tokens; empty for one that only makes internal calls
 * @param scopes it may ask for
 * @param registration the same in Spring Security's terms, which know no client without grants
 * @param confidential it has a key and must prove it holds the private half; a public one has PKCE only
 * @param internal internal endpoints it may call
 * @param google Google services, by wire name, of which it may have a token for a user who is present
 * @param googleOffline those of them of which it may have one while the user is away
 * @param events what it may see in the events feed
 * @param keys verifiers of its assertions by kid; empty for public clients
 */
public record Client(
        String id,
        Set<AuthorizationGrantType> grants,
        Set<String> scopes,
        @Nullable RegisteredClient registration,
        boolean confidential,
        Set<InternalCall> internal,
        Set<String> google,
        Set<String> googleOffline,
        Set<EventType> events,
        Map<String, JWSVerifier> keys) {
    public Client {
        grants = Set.copyOf(grants);
        scopes = Set.copyOf(scopes);
        internal = Set.copyOf(internal);
        google = Set.copyOf(google);
        googleOffline = Set.copyOf(googleOffline);
        events = Set.copyOf(events);
        keys = Map.copyOf(keys);
    }

    /** The registration of a client that may get tokens. */
    public RegisteredClient requireRegistration() {
        if (registration == null) {
            throw new IllegalStateException(this + " may not get tokens");
        }
        return registration;
    }

    /** Whether it may use a grant. */
    public boolean may(AuthorizationGrantType grant) {
        return grants.contains(grant);
    }

    @Override
    public String toString() {
        return "Client[" + id + "]";
    }
}
