package dev.firebreak.auth.oauth;

import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.contracts.token.TokenExchange;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What this server can do (OpenID Connect Discovery 1.0; RFC 8414): exactly what it does, so that a client can believe it.
 * Known at the start, so it is one immutable answer.
 */
@RestController
class MetadataController {
    private static final CacheControl AN_HOUR =
            CacheControl.maxAge(Duration.ofHours(1)).cachePublic();
    private static final List<String> ES256 = List.of("ES256");
    private static final List<String> CLIENT_AUTHENTICATION = List.of("private_key_jwt", "none");

    private final Map<String, Object> metadata;
    private final String eTag;

    MetadataController(OAuthSettings settings) {
        this.metadata = metadata(settings);
        this.eTag = "\"" + Integer.toHexString(metadata.hashCode()) + "\"";
    }

    @GetMapping({"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"})
    ResponseEntity<Map<String, Object>> metadata() {
        return ResponseEntity.ok().cacheControl(AN_HOUR).eTag(eTag).body(metadata);
    }

    private static Map<String, Object> metadata(OAuthSettings settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("issuer", settings.issuer());
        all.put("authorization_endpoint", settings.url(OAuthSettings.AUTHORIZE));
        all.put("token_endpoint", settings.url(OAuthSettings.TOKEN));
        all.put("revocation_endpoint", settings.url(OAuthSettings.REVOKE));
        all.put("userinfo_endpoint", settings.url(OAuthSettings.USER_INFO));
        all.put("jwks_uri", settings.url(OAuthSettings.JWKS));
        all.put("response_types_supported", List.of("code"));
        all.put("response_modes_supported", List.of("query"));
        all.put(
                "grant_types_supported",
                List.of("authorization_code", "client_credentials", "refresh_token", TokenExchange.GRANT));
        all.put("code_challenge_methods_supported", List.of("S256"));
        all.put("token_endpoint_auth_methods_supported", CLIENT_AUTHENTICATION);
        all.put("token_endpoint_auth_signing_alg_values_supported", ES256);
        all.put("revocation_endpoint_auth_methods_supported", CLIENT_AUTHENTICATION);
        all.put("revocation_endpoint_auth_signing_alg_values_supported", ES256);
        all.put("subject_types_supported", List.of("public"));
        all.put("id_token_signing_alg_values_supported", List.of("ES256", "RS256"));
        all.put(
                "scopes_supported",
                List.of(
                        Scopes.OPENID,
                        Scopes.PROFILE,
                        Scopes.EMAIL,
                        Scopes.TASKS_READ,
                        Scopes.TASKS_WRITE,
                        Scopes.GOOGLE_TOKEN));
        all.put(
                "claims_supported",
                List.of(
                        "iss",
                        "sub",
                        "aud",
                        "iat",
                        "exp",
                        Claims.SID,
                        Claims.AUTH_TIME,
                        Claims.AMR,
                        Claims.ACR,
                        "nonce",
                        "name",
                        "email"));
        all.put("acr_values_supported", List.of(Claims.ACR_PASSWORD));
        all.put("prompt_values_supported", List.of("none", "login", "select_account"));
        all.put("authorization_response_iss_parameter_supported", true);
        // Said aloud, because both are true where they are missing (Discovery, 3).
        all.put("request_parameter_supported", false);
        all.put("request_uri_parameter_supported", false);
        return Collections.unmodifiableMap(all);
    }
}
