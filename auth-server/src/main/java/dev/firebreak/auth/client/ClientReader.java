package dev.firebreak.auth.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import dev.firebreak.contracts.event.EventType;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.contracts.token.TokenExchange;
import dev.firebreak.contracts.vault.GoogleService;
import dev.firebreak.trust.CryptoProviders;
import java.net.URI;
import java.text.ParseException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;

/** Makes a {@link Client} of a file, or says in words why it is none ({@link IllegalArgumentException}). */
final class ClientReader {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    /** Enough to roll a key: the old one, the new one, and one by mistake. */
    private static final int MAX_KEYS = 3;

    private static final Map<String, AuthorizationGrantType> GRANTS = Map.of(
            "authorization_code",
            AuthorizationGrantType.AUTHORIZATION_CODE,
            "refresh_token",
            AuthorizationGrantType.REFRESH_TOKEN,
            "client_credentials",
            AuthorizationGrantType.CLIENT_CREDENTIALS,
            TokenExchange.GRANT,
            AuthorizationGrantType.TOKEN_EXCHANGE);

    private ClientReader() {}

    static Client read(String yaml) {
        ClientFile file = ClientFile.parse(yaml);
        String id = file.text("id");
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("has an id that is not lower-case letters, digits, '.', '_', '-'");
        }
        boolean confidential = !file.flag("public");
        Set<AuthorizationGrantType> grants = grants(file, confidential);
        Map<String, JWSVerifier> keys = keys(file.maps("keys"), confidential);
        List<String> redirectUris = redirectUris(file, grants);
        Set<String> scopes = scopes(file, grants);
        String name = file.text("name");
        RegisteredClient registration =
                grants.isEmpty() ? null : registration(id, name, confidential, grants, redirectUris, scopes);
        Set<InternalCall> internal = internal(file, confidential);
        Set<String> google = google(file, "google");
        Set<String> googleOffline = google(file, "google-offline");
        if (!google.isEmpty() && !internal.contains(InternalCall.VAULT)) {
            throw new IllegalArgumentException("has google without 'vault' at 'internal', by which it would ask");
        }
        if (!google.containsAll(googleOffline)) {
            throw new IllegalArgumentException("has a service at 'google-offline' that it has not at 'google'");
        }
        Set<EventType> events = events(file, confidential);
        if (!events.isEmpty()) {
            internal.add(InternalCall.EVENTS);
        }
        return new Client(
                id, grants, scopes, registration, confidential, internal, google, googleOffline, events, keys);
    }

    private static RegisteredClient registration(
            String id,
            String name,
            boolean confidential,
            Set<AuthorizationGrantType> grants,
            List<String> redirectUris,
            Set<String> scopes) {
        return RegisteredClient.withId(id)
                .clientId(id)
                .clientName(name)
                .clientAuthenticationMethod(
                        confidential ? ClientAuthenticationMethod.PRIVATE_KEY_JWT : ClientAuthenticationMethod.NONE)
                .authorizationGrantTypes(all -> all.addAll(grants))
                .redirectUris(all -> all.addAll(redirectUris))
                .scopes(all -> all.addAll(scopes))
                // For every client, confidential ones too (RFC 9700, 2.1.1); consent is between us and ourselves.
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(true)
                        .requireAuthorizationConsent(false)
                        .build())
                .build();
    }

    private static Set<AuthorizationGrantType> grants(ClientFile file, boolean confidential) {
        Set<AuthorizationGrantType> grants = new HashSet<>();
        for (String name : file.texts("grants")) {
            AuthorizationGrantType grant = GRANTS.get(name);
            if (grant == null) {
                throw new IllegalArgumentException(
                        "has unknown grant '%s'; there are %s".formatted(name, GRANTS.keySet()));
            }
            grants.add(grant);
        }
        if (!confidential && grants.contains(AuthorizationGrantType.CLIENT_CREDENTIALS)) {
            throw new IllegalArgumentException("is public, so it has no credentials for client_credentials");
        }
        if (!confidential && grants.contains(AuthorizationGrantType.TOKEN_EXCHANGE)) {
            throw new IllegalArgumentException("is public, so anybody who finds a token could exchange it");
        }
        if (grants.contains(AuthorizationGrantType.REFRESH_TOKEN)
                && !grants.contains(AuthorizationGrantType.AUTHORIZATION_CODE)) {
            throw new IllegalArgumentException("has refresh_token without authorization_code, which would start it");
        }
        return grants;
    }

    private static List<String> redirectUris(ClientFile file, Set<AuthorizationGrantType> grants) {
        List<String> uris = file.texts("redirect-uris");
        if (grants.contains(AuthorizationGrantType.AUTHORIZATION_CODE) == uris.isEmpty()) {
            throw new IllegalArgumentException("needs redirect-uris exactly if it has the grant authorization_code");
        }
        for (String uri : uris) {
            URI parsed = URI.create(uri);
            boolean web = "https".equals(parsed.getScheme()) || "http".equals(parsed.getScheme());
            if (!web || parsed.getHost() == null || parsed.getFragment() != null || parsed.getUserInfo() != null) {
                throw new IllegalArgumentException(
                        "has redirect-uri '%s', which is no absolute http(s) URL without fragment".formatted(uri));
            }
        }
        return uris;
    }

    private static Set<String> scopes(ClientFile file, Set<AuthorizationGrantType> grants) {
        Set<String> scopes = new LinkedHashSet<>(file.texts("scopes"));
        for (String scope : scopes) {
            if (!Scopes.all().contains(scope)) {
                throw new IllegalArgumentException(
                        "has unknown scope '%s'; there are %s".formatted(scope, Scopes.all()));
            }
        }
        if (!grants.isEmpty() && scopes.isEmpty()) {
            throw new IllegalArgumentException("has grants but no scopes");
        }
        return scopes;
    }

    private static Set<InternalCall> internal(ClientFile file, boolean confidential) {
        Set<InternalCall> calls = EnumSet.noneOf(InternalCall.class);
        for (String name : file.texts("internal")) {
            InternalCall known = null;
            for (InternalCall call : InternalCall.values()) {
                known = call.wireName().equals(name) ? call : known;
            }
            if (known == null) {
                throw new IllegalArgumentException("has unknown internal call '%s'".formatted(name));
            }
            if (known == InternalCall.EVENTS) {
                throw new IllegalArgumentException("must name what it may see at 'events', not 'events' at 'internal'");
            }
            calls.add(known);
        }
        if (!confidential && !calls.isEmpty()) {
            throw new IllegalArgumentException("is public, so it cannot make internal calls");
        }
        return calls;
    }

    private static Set<String> google(ClientFile file, String key) {
        Set<String> services = new LinkedHashSet<>(file.texts(key));
        for (String service : services) {
            if (GoogleService.find(service).isEmpty()) {
                throw new IllegalArgumentException("has unknown service '%s' at '%s'; there are %s"
                        .formatted(
                                service,
                                key,
                                Stream.of(GoogleService.values())
                                        .map(GoogleService::wireName)
                                        .toList()));
            }
        }
        return services;
    }

    private static Set<EventType> events(ClientFile file, boolean confidential) {
        Set<EventType> events = EnumSet.noneOf(EventType.class);
        file.texts("events").forEach(pattern -> events.addAll(EventType.matching(pattern)));
        if (!confidential && !events.isEmpty()) {
            throw new IllegalArgumentException("is public, so it cannot follow events");
        }
        return events;
    }

    private static Map<String, JWSVerifier> keys(List<Map<String, Object>> jwks, boolean confidential) {
        if (confidential ? jwks.isEmpty() || jwks.size() > MAX_KEYS : !jwks.isEmpty()) {
            throw new IllegalArgumentException(
                    confidential ? "needs 1 to %d keys".formatted(MAX_KEYS) : "is public, so it has no keys");
        }
        Map<String, JWSVerifier> keys = new HashMap<>();
        for (Map<String, Object> members : jwks) {
            ECKey key = publicKey(members);
            if (keys.put(key.getKeyID(), verifier(key)) != null) {
                throw new IllegalArgumentException("has two keys with kid '%s'".formatted(key.getKeyID()));
            }
        }
        return keys;
    }

    private static ECKey publicKey(Map<String, Object> members) {
        if (members.containsKey("d")) {
            throw new IllegalArgumentException("holds a PRIVATE key; replace that key, it may have been read");
        }
        try {
            if (JWK.parse(members) instanceof ECKey key
                    && Curve.P_256.equals(key.getCurve())
                    && key.getKeyID() != null
                    && !key.getKeyID().isBlank()) {
                return key;
            }
        } catch (ParseException e) {
            throw new IllegalArgumentException("has a key that is no JWK: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("has a key that is not P-256 with a kid");
    }

    private static JWSVerifier verifier(ECKey key) {
        try {
            ECDSAVerifier verifier = new ECDSAVerifier(key);
            if (!verifier.supportedJWSAlgorithms().contains(JWSAlgorithm.ES256)) {
                throw new IllegalArgumentException("has a key that cannot verify ES256");
            }
            CryptoProviders.fast().ifPresent(fast -> verifier.getJCAContext().setProvider(fast));
            return verifier;
        } catch (JOSEException e) {
            throw new IllegalArgumentException("has a key that is no point of P-256", e);
        }
    }
}
