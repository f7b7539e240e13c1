package dev.firebreak.auth.trust;

import com.nimbusds.jose.jwk.JWK;
import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.trust.RevocationSet;
import dev.firebreak.trust.TrustSnapshot;
import dev.firebreak.trust.TrustSource;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What verifiers in this very process trust: the feed without the feed. Rebuilt when something was read, kept in between;
 * two threads that rebuild at once make the same thing.
 */
final class LocalTrust implements TrustSource {
    private final Feed feed;
    private final VerificationKeys keys;
    private final Runnable wakeUp;
    private volatile @Nullable Built built;

    LocalTrust(Feed feed, VerificationKeys keys, Runnable wakeUp) {
        this.feed = feed;
        this.keys = keys;
        this.wakeUp = wakeUp;
    }

    private record Built(RevocationLog log, VerificationKeys.KeySet keySet, TrustSnapshot snapshot) {}

    @Override
    public Optional<TrustSnapshot> current() {
        RevocationLog log = feed.log().orElse(null);
        VerificationKeys.KeySet keySet = keys.current().orElse(null);
        if (log == null || keySet == null || !log.epoch().equals(keySet.epoch())) {
            return Optional.empty();
        }
        Built known = built;
        if (known == null || known.log() != log || known.keySet() != keySet) {
            known = new Built(log, keySet, build(log, keySet, known));
            built = known;
        }
        return Optional.of(known.snapshot());
    }

    @Override
    public void refreshSoon() {
        wakeUp.run();
    }

    private static TrustSnapshot build(RevocationLog log, VerificationKeys.KeySet keySet, @Nullable Built known) {
        Map<String, JWK> jwks = known != null && known.keySet().keys().equals(keySet.keys())
                ? known.snapshot().keys()
                : jwks(keySet.keys());
        return new TrustSnapshot(
                log.epoch(),
                keySet.version(),
                jwks,
                log.cursor(),
                RevocationSet.of(log.after(0)),
                keySet.readAt().isBefore(log.readAt()) ? keySet.readAt() : log.readAt());
    }

    private static Map<String, JWK> jwks(List<PublishedKey> keys) {
        Map<String, JWK> jwks = new HashMap<>();
        for (PublishedKey key : keys) {
            try {
                jwks.put(key.kid(), JWK.parse(Map.copyOf(key.jwk())));
            } catch (ParseException e) {
                throw new IllegalStateException("Signing key %s is not a JWK".formatted(key.kid()), e);
            }
        }
        return jwks;
    }
}
