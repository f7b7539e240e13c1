package dev.firebreak.contracts.trust;

import java.util.Map;

/**
 * A verification key as the feed publishes it.
 *
 * @param kid key id (RFC 7517, 4.5)
 * @param state {@code published}, {@code active} or {@code retiring}
 * @param jwk public members of the JWK (RFC 7517), all strings for EC and RSA keys
 */
public record PublishedKey(String kid, String state, Map<String, String> jwk) {
    public PublishedKey {
        jwk = Map.copyOf(jwk);
    }
}
