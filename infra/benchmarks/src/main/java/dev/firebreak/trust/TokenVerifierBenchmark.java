package dev.firebreak.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Lifetimes;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From the compact token to the verdict, beside Nimbus' processor with the same keys, in memory too, and the same demands
 * of header and claims. The peer knows no revocations and remembers nothing; ours asks 1,000 of them.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // set by the set-up that JMH calls
public class TokenVerifierBenchmark {
    private static final int TOKENS = 256;
    private static final int REVOCATIONS = 1_000;
    /** A hit where everything should be new would measure something else. */
    private static final double MOST_HITS = 0.01;

    private String[] tokens;
    private int at;
    private TokenVerifier forgetful;
    private TokenVerifier remembering;
    private DefaultJWTProcessor<SecurityContext> nimbus;
    private DefaultJWTProcessor<SecurityContext> nimbusWithOurProvider;

    @Setup
    public void prepare() throws ParseException, BadJOSEException, JOSEException {
        InstantSource clock = InstantSource.system();
        Mint mint = new Mint(clock);
        TrustSource trust = mint.trust(REVOCATIONS);
        tokens = mint.accessTokens(TOKENS);
        forgetful = new TokenVerifier(policy(1), trust, clock);
        remembering = new TokenVerifier(policy(50_000), trust, clock);
        nimbus = processor(mint.jwkSet());
        nimbusWithOurProvider = processor(mint.jwkSet());
        DefaultJWSVerifierFactory factory = new DefaultJWSVerifierFactory();
        CryptoProviders.fast().ifPresent(factory.getJCAContext()::setProvider);
        nimbusWithOurProvider.setJWSVerifierFactory(factory);
        nimbus.process(tokens[0], null);
        for (String token : tokens) {
            if (!(remembering.verify(token) instanceof Verdict.Accepted)) {
                throw new IllegalStateException("The tokens are good");
            }
        }
    }

    @TearDown
    public void check() {
        VerifierStats stats = forgetful.stats();
        if (stats.hits() > MOST_HITS * (stats.hits() + stats.misses())) {
            throw new IllegalStateException("Tokens that should be new were remembered: " + stats);
        }
    }

    /** A token that this process has not seen. */
    @Benchmark
    public Verdict newToken() {
        return forgetful.verify(next());
    }

    /** A token that it has, as all but the first of its 15 minutes. */
    @Benchmark
    public Verdict knownToken() {
        return remembering.verify(next());
    }

    @Benchmark
    public JWTClaimsSet nimbus() throws ParseException, BadJOSEException, JOSEException {
        return nimbus.process(next(), null);
    }

    /** The peer with the native crypto that ours has. */
    @Benchmark
    public JWTClaimsSet nimbusWithOurProvider() throws ParseException, BadJOSEException, JOSEException {
        return nimbusWithOurProvider.process(next(), null);
    }

    private String next() {
        at = (at + 1) % TOKENS;
        return tokens[at];
    }

    private static VerifierPolicy policy(int cacheSize) {
        return new VerifierPolicy(Mint.ISSUER, Mint.AUDIENCE, Lifetimes.CLOCK_SKEW, cacheSize);
    }

    private static DefaultJWTProcessor<SecurityContext> processor(JWKSet keys) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType(Claims.ACCESS_TOKEN_TYPE)));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, new ImmutableJWKSet<>(keys)));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                Mint.AUDIENCE,
                new JWTClaimsSet.Builder().issuer(Mint.ISSUER).build(),
                Set.of("sub", Claims.CLIENT_ID, "jti", "iat", "exp")));
        return processor;
    }
}
