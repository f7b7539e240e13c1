package dev.firebreak.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.security.Key;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What {@link TokenVerifier} asks of its memory for each request, without token and signature: is the snapshot usable, is
 * anything of this token revoked, and which key is it. Beside it the library's own look-up of a key by its kid, which knows
 * no revocations and makes the key ready for the signature.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // set by JMH, and by the set-up that it calls
public class TrustLookUpBenchmark {
    /** None, and as many as the server serves at most. */
    @Param({"0", "100000"})
    public int revocations;

    private final InstantSource clock = InstantSource.system();
    private VerifierPolicy policy;
    private TrustSource trust;
    private VerifiedToken token;
    private JWSHeader header;
    private JWSVerificationKeySelector<SecurityContext> selector;

    @Setup
    public void prepare() throws JOSEException {
        Mint mint = new Mint(clock);
        policy = new VerifierPolicy(Mint.ISSUER, Mint.AUDIENCE, Duration.ZERO, 1);
        trust = mint.trust(revocations);
        TokenVerifier verifier = new TokenVerifier(policy, trust, clock);
        if (!(verifier.verify(mint.accessToken()) instanceof Verdict.Accepted accepted)) {
            throw new IllegalStateException("The token is good");
        }
        token = accepted.token();
        header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(token.kid()).build();
        selector = new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, new ImmutableJWKSet<>(mint.jwkSet()));
        if (trustedKey() == null || nimbus().size() != 1) {
            throw new IllegalStateException("The key is there");
        }
    }

    @Benchmark
    public @Nullable JWK trustedKey() {
        TrustSnapshot snapshot = trust.current().orElse(null);
        if (snapshot == null
                || Duration.between(snapshot.asOf(), clock.instant()).compareTo(policy.hardCap()) > 0
                || snapshot.revocations().revokes(token).isPresent()) {
            return null;
        }
        return snapshot.keys().get(token.kid());
    }

    @Benchmark
    public List<Key> nimbus() throws JOSEException {
        return List.copyOf(selector.selectJWSKeys(header, null));
    }
}
