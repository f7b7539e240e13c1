package dev.firebreak.auth.google;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@link GoogleProperties} of a configured client, checked: nothing is absent any more. */
record GoogleSettings(
        String clientId,
        List<Path> clientSecretFiles,
        URI authorizationUri,
        URI tokenUri,
        URI revocationUri,
        String issuer,
        URI jwksUri,
        Duration callTimeout) {}
