package dev.firebreak.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.contracts.trust.TrustAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Answers of the trust feed for tests. */
final class TrustAnswers {
    static final UUID EPOCH = UUID.fromString("11111111-1111-4111-8111-111111111111");
    static final UUID OTHER_EPOCH = UUID.fromString("22222222-2222-4222-8222-222222222222");

    private TrustAnswers() {}

    static PublishedKey key(String kid) {
        try {
            return published(
                    kid, new ECKeyGenerator(Curve.P_256).keyID(kid).generate().toPublicJWK());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static PublishedKey published(String kid, JWK jwk) {
        Map<String, String> members = new LinkedHashMap<>();
        jwk.toJSONObject().forEach((name, value) -> members.put(name, (String) value));
        return new PublishedKey(kid, "active", members);
    }

    static TrustAnswer full(Instant asOf, long version, List<PublishedKey> keys, long cursor, Revocation... entries) {
        return new TrustAnswer(EPOCH, asOf, version, keys, cursor, true, List.of(entries));
    }

    static TrustAnswer delta(Instant asOf, long version, long cursor, Revocation... entries) {
        return new TrustAnswer(EPOCH, asOf, version, null, cursor, false, List.of(entries));
    }

    static Revocation session(String sid, Instant now) {
        return new Revocation(Revocation.Kind.SID, sid, null, now.plus(Duration.ofMinutes(16)));
    }
}
