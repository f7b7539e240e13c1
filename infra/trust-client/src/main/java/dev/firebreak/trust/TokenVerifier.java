package dev.firebreak.trust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of an access token whether it is valid here and now, out of memory alone: no I/O and no lock that one request can
 * hold while another waits. The verdicts and their order are the contract's ("verdicts, in this order"): a token is
 * refused only on proof; want of fresh trust data is {@link Verdict.Unknown}. For any number of threads.
 */
public final class TokenVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
    /** The feed asks each second: by then it has either brought the key or proved that there is none. */
    private static final Duration RETRY_AFTER_REFRESH = Duration.ofSeconds(2);
    /** Without any usable trust data the cause is an outage, not a moment. */
    private static final Duration RETRY_AFTER_OUTAGE = Duration.ofSeconds(5);

    private final VerifierPolicy policy;
    private final TrustSource trust;
    private final InstantSource clock;
    private final TokenParser parser;
    private final Cache<TokenHash, Entry> cache;
    private final VerdictCounters counters = new VerdictCounters();
    private volatile KeyRing ring = KeyRing.EMPTY;

    /** A verified token and the very key that proved it. The verdict is made once and shared. */
    private record Entry(Verdict.Accepted accepted, JWK key) {
        VerifiedToken token() {
            return accepted.token();
        }
    }

    public TokenVerifier(VerifierPolicy policy, TrustSource trust, InstantSource clock) {
        this.policy = policy;
        this.trust = trust;
        this.clock = clock;
        this.parser = new TokenParser(policy);
        // Its native part is read from disk once: here, not in the first request.
        CryptoProviders.fast();
        this.cache = Caffeine.newBuilder()
                .maximumSize(policy.cacheSize())
                .expireAfter(Expiry.<TokenHash, Entry>creating((hash, entry) -> lifeOf(entry)))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                // Housekeeping on the calling thread: no pool that could be busy, and it skips if another is at it.
                .executor(Runnable::run)
                .build();
    }

    /** Judges one token, as it stands after {@code Bearer}. Never throws for any input. */
    public Verdict verify(String compactJws) {
        return counters.count(judge(compactJws, clock.instant()));
    }

    /** Whether the token was verified before and has not expired; says nothing on revocation. */
    public boolean isWarm(String compactJws) {
        Entry entry = compactJws.length() > TokenParser.MAX_CHARS ? null : cache.getIfPresent(TokenHash.of(compactJws));
        return entry != null && !parser.isExpired(entry.token().expiresAt(), clock.instant());
    }

    /** Number of verified tokens remembered; may count some that have expired and were not yet cleared away. */
    public long cacheSize() {
        return cache.estimatedSize();
    }

    /** Finishes the cache's housekeeping, so that a test sees an exact size. Takes the cache's lock: not for requests. */
    void tidy() {
        cache.cleanUp();
    }

    /** Counts since this verifier was made. */
    public VerifierStats stats() {
        return counters.stats();
    }

    private Verdict judge(String compactJws, Instant now) {
        if (compactJws.length() > TokenParser.MAX_CHARS) {
            return new Verdict.Refused(AuthError.TOKEN_MALFORMED, null);
        }
        TokenHash hash = TokenHash.of(compactJws);
        Entry entry = cache.getIfPresent(hash);
        if (entry != null) {
            Verdict verdict = judgeRemembered(entry, now);
            if (verdict != null) {
                counters.hit();
                return verdict;
            }
            cache.invalidate(hash);
        }
        counters.miss();
        return switch (parser.parse(compactJws, now)) {
            case TokenParser.Parsed.Bad bad -> new Verdict.Refused(bad.reason(), null);
            case TokenParser.Parsed.Unverified token -> judgeUnverified(hash, token, now);
        };
    }

    /** The verdict on a token that was verified before, or null if its key has gone and it must be verified anew. */
    private @Nullable Verdict judgeRemembered(Entry entry, Instant now) {
        VerifiedToken token = entry.token();
        if (parser.isExpired(token.expiresAt(), now)) {
            return new Verdict.Refused(AuthError.TOKEN_EXPIRED, null);
        }
        TrustSnapshot snapshot = usableSnapshot(now);
        if (snapshot == null) {
            return new Verdict.Unknown(AuthError.TRUST_UNAVAILABLE, RETRY_AFTER_OUTAGE);
        }
        Optional<Revocation.Kind> revoked = snapshot.revocations().revokes(token);
        if (revoked.isPresent()) {
            return new Verdict.Refused(AuthError.TOKEN_REVOKED, revoked.get());
        }
        // By value: the same key read anew is the same key, another key under the same kid is not.
        return entry.key().equals(snapshot.keys().get(token.kid())) ? entry.accepted() : null;
    }

    private Verdict judgeUnverified(TokenHash hash, TokenParser.Parsed.Unverified token, Instant now) {
        TrustSnapshot snapshot = usableSnapshot(now);
        if (snapshot == null) {
            return new Verdict.Unknown(AuthError.TRUST_UNAVAILABLE, RETRY_AFTER_OUTAGE);
        }
        Optional<Revocation.Kind> revoked = snapshot.revocations().revokes(token.claims());
        if (revoked.isPresent()) {
            return new Verdict.Refused(AuthError.TOKEN_REVOKED, revoked.get());
        }
        JWK key = snapshot.keys().get(token.claims().kid());
        if (key == null) {
            return judgeUnknownKey(snapshot, now);
        }
        return judgeSignature(hash, token, key, ringOf(snapshot));
    }

    private Verdict judgeUnknownKey(TrustSnapshot snapshot, Instant now) {
        if (Lifetimes.isFresh(age(snapshot, now))) {
            return new Verdict.Refused(AuthError.KEY_UNKNOWN, null);
        }
        trust.refreshSoon();
        return new Verdict.Unknown(AuthError.TRUST_UNAVAILABLE, RETRY_AFTER_REFRESH);
    }

    private Verdict judgeSignature(TokenHash hash, TokenParser.Parsed.Unverified token, JWK key, KeyRing keys) {
        KeyRing.Key prepared = keys.find(token.claims().kid());
        try {
            if (prepared == null || !prepared.verifies(token.algorithm(), token.signingInput(), token.signature())) {
                return new Verdict.Refused(AuthError.TOKEN_INVALID, null);
            }
        } catch (JOSEException e) {
            // The provider failed, so nothing is proved against the token.
            LOG.error(
                    "Signature could not be checked with key {}", token.claims().kid(), e);
            return new Verdict.Unknown(AuthError.TRUST_UNAVAILABLE, RETRY_AFTER_OUTAGE);
        }
        Verdict.Accepted accepted = new Verdict.Accepted(token.claims());
        cache.put(hash, new Entry(accepted, key));
        return accepted;
    }

    private @Nullable TrustSnapshot usableSnapshot(Instant now) {
        TrustSnapshot snapshot = trust.current().orElse(null);
        return snapshot == null || age(snapshot, now).compareTo(policy.hardCap()) > 0 ? null : snapshot;
    }

    private static Duration age(TrustSnapshot snapshot, Instant now) {
        return Duration.between(snapshot.asOf(), now);
    }

    /** Two threads may build the same ring at once; that costs a little and blocks nobody. */
    private KeyRing ringOf(TrustSnapshot snapshot) {
        KeyRing known = ring;
        if (known.isOf(snapshot.keys())) {
            return known;
        }
        KeyRing built = KeyRing.of(snapshot.keys());
        ring = built;
        return built;
    }

    private Duration lifeOf(Entry entry) {
        return Duration.between(clock.instant(), entry.token().expiresAt().plus(policy.skew()));
    }
}
