package dev.firebreak.auth.oauth;

import dev.firebreak.auth.trust.VerificationKeys;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The keys for verifiers that do not read the trust feed (RFC 7517, 5); from memory. */
@RestController
class JwksController {
    /** While this server is away, old keys are better than none: those who cannot bear that follow the trust feed. */
    private static final Duration STALE_IF_ERROR = Duration.ofHours(24);

    private final VerificationKeys keys;

    JwksController(VerificationKeys keys) {
        this.keys = keys;
    }

    @GetMapping(OAuthSettings.JWKS)
    ResponseEntity<Map<String, List<Map<String, String>>>> keys() {
        VerificationKeys.KeySet current = keys.current()
                // A set in which no key signs is a fault of ours; nobody may keep it.
                .filter(set -> set.keys().stream().anyMatch(key -> key.state().equals("active")))
                .orElseThrow(() -> new ServiceException(
                        AuthError.UNAVAILABLE, "No signing key that signs was read yet", Duration.ofSeconds(1)));
        // Sorted, so that every node answers the same bytes.
        List<Map<String, String>> jwks = current.keys().stream()
                .<Map<String, String>>map(key -> new TreeMap<>(key.jwk()))
                .toList();
        return ResponseEntity.ok()
                // A key is published for longer than this before it signs: nobody meets a token whose key their cache
                // lacks.
                .cacheControl(CacheControl.maxAge(keys.maxAge()).cachePublic().staleIfError(STALE_IF_ERROR))
                // Of the content, because the version alone would not tell two databases apart.
                .eTag("\"" + Integer.toHexString(jwks.hashCode()) + "-" + current.version() + "\"")
                .body(Map.of("keys", jwks));
    }
}
