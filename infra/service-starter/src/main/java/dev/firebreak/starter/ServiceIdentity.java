package dev.firebreak.starter;

import java.net.URI;

/**
 * Who this process is and which deployment it belongs to: the part of {@code firebreak.*} that services build on.
 *
 * @param node stable name of this process
 * @param issuer exact {@code iss} of the deployment's tokens
 * @param publicOrigin origin that browsers see, without a trailing slash
 */
public record ServiceIdentity(Profile profile, String node, URI issuer, URI publicOrigin) {
    /** True on a developer's machine. */
    public boolean isLocal() {
        return profile == Profile.LOCAL;
    }
}
