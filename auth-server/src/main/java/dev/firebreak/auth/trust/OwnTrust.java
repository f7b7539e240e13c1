package dev.firebreak.auth.trust;

import dev.firebreak.trust.TrustSource;

/**
 * What this process itself trusts, for the verifier in it. Wrapped, because a bean that is a {@link TrustSource} would make
 * the starter watch its age as a resource service must; here old trust data means "degraded", not "down".
 */
public record OwnTrust(TrustSource source) {}
