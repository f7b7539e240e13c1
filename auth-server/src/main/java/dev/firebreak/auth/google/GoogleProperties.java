package dev.firebreak.auth.google;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Our client at Google and where Google is. Without a client nothing of Google is there, no pool either; with one, all of
 * the addresses must be given, so that no mistake sends a test's secrets to Google.
 *
 * @param clientId as Google's console shows it; empty = users cannot connect Google
 * @param clientSecretFiles each holds one client secret; tried in order, so that a new one can be put in front
 * @param authorizationUri where browsers go for consent
 * @param tokenUri where codes and refresh tokens are exchanged
 * @param revocationUri where a grant is ended
 * @param issuer in ID tokens
 * @param jwksUri keys of ID tokens
 * @param callTimeout longest time of one call, from connecting to the last byte
 */
@Validated
@ConfigurationProperties(prefix = "auth.google", ignoreUnknownFields = false)
record GoogleProperties(
        @DefaultValue("") String clientId,
        List<Path> clientSecretFiles,
        @Nullable URI authorizationUri,
        @Nullable URI tokenUri,
        @Nullable URI revocationUri,
        @Nullable URI issuer,
        @Nullable URI jwksUri,
        @DefaultValue("5s") Duration callTimeout) {
    GoogleProperties {
        clientSecretFiles = clientSecretFiles == null ? List.of() : List.copyOf(clientSecretFiles);
        if (callTimeout.compareTo(Duration.ofMillis(100)) < 0 || callTimeout.compareTo(Duration.ofSeconds(10)) > 0) {
            // A refresh holds its lease for longer than that.
            throw new IllegalArgumentException("auth.google.call-timeout must lie between 100ms and 10s");
        }
        if (!clientId.isEmpty()) {
            List<String> wrong = new ArrayList<>();
            wrong(wrong, "authorization-uri", authorizationUri);
            wrong(wrong, "token-uri", tokenUri);
            wrong(wrong, "revocation-uri", revocationUri);
            wrong(wrong, "issuer", issuer);
            wrong(wrong, "jwks-uri", jwksUri);
            if (clientSecretFiles.isEmpty()) {
                wrong.add("client-secret-files");
            }
            if (!wrong.isEmpty()) {
                throw new IllegalArgumentException(
                        "auth.google.client-id is set, so these must be too, as https URLs (http for this machine only)"
                                + " and file names: " + wrong);
            }
        }
    }

    private static void wrong(List<String> wrong, String key, @Nullable URI uri) {
        boolean good = uri != null
                && uri.getHost() != null
                && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && isThisMachine(uri.getHost()));
        if (!good) {
            wrong.add(key);
        }
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    /** What a client with all its addresses is made of. */
    GoogleSettings settings() {
        if (authorizationUri == null
                || tokenUri == null
                || revocationUri == null
                || issuer == null
                || jwksUri == null) {
            throw new IllegalStateException("No Google client is configured");
        }
        return new GoogleSettings(
                clientId,
                clientSecretFiles,
                authorizationUri,
                tokenUri,
                revocationUri,
                issuer.toString(),
                jwksUri,
                callTimeout);
    }
}
