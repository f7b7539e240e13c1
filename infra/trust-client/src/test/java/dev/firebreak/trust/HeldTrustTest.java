package dev.firebreak.trust;

import static dev.firebreak.trust.TrustAnswers.EPOCH;
import static dev.firebreak.trust.TrustAnswers.OTHER_EPOCH;
import static dev.firebreak.trust.TrustAnswers.delta;
import static dev.firebreak.trust.TrustAnswers.full;
import static dev.firebreak.trust.TrustAnswers.key;
import static dev.firebreak.trust.TrustAnswers.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.contracts.trust.TrustAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which answers may replace what is held. */
class HeldTrustTest {
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
    private static final PublishedKey K1 = key("k1");
    private static final PublishedKey K2 = key("k2");

    private final HeldTrust held = taken(null, full(NOW, 3, List.of(K1), 7, session("a", NOW)));

    @Test
    void beginsWithTheWholeOfTheData() {
        TrustSnapshot snapshot = held.snapshot();

        assertThat(snapshot.epoch()).isEqualTo(EPOCH);
        assertThat(snapshot.keysVersion()).isEqualTo(3);
        assertThat(snapshot.keys()).containsOnlyKeys("k1");
        assertThat(snapshot.cursor()).isEqualTo(7);
        assertThat(snapshot.revocations().entries()).containsExactly(session("a", NOW));
        assertThat(held.asAnswer()).isEqualTo(full(NOW, 3, List.of(K1), 7, session("a", NOW)));
    }

    @Test
    void doesNotBeginWithPartOfIt() {
        refused(null, delta(NOW, 3, 7));
        refused(null, new TrustAnswer(EPOCH, NOW, 3, List.of(K1), 7, false, List.of()));
        refused(null, new TrustAnswer(EPOCH, NOW, 3, null, 7, true, List.of()));
        refused(null, full(NOW, 3, List.of(), 7));
    }

    @Test
    void anUnchangedAnswerMovesTheTimeOnly() {
        HeldTrust.Outcome outcome = HeldTrust.merge(held, delta(NOW.plusSeconds(1), 3, 7), NOW.plusSeconds(1));

        assertThat(outcome).isInstanceOfSatisfying(HeldTrust.Outcome.Taken.class, taken -> {
            assertThat(taken.changed()).isFalse();
            assertThat(taken.trust().snapshot().asOf()).isEqualTo(NOW.plusSeconds(1));
            assertThat(taken.trust().snapshot().keys())
                    .as("kept as an object, so that verifiers keep their prepared keys")
                    .isSameAs(held.snapshot().keys());
            assertThat(taken.trust().snapshot().revocations())
                    .isSameAs(held.snapshot().revocations());
        });
    }

    @Test
    void addsLaterRevocations() {
        HeldTrust next = taken(held, delta(NOW, 3, 8, session("b", NOW)));

        assertThat(next.snapshot().cursor()).isEqualTo(8);
        assertThat(next.snapshot().revocations().entries()).containsExactly(session("a", NOW), session("b", NOW));
    }

    @Test
    void aFullAnswerReplacesTheRevocations() {
        HeldTrust next = taken(held, full(NOW, 3, List.of(K1), 9, session("b", NOW)));

        assertThat(next.snapshot().revocations().entries()).containsExactly(session("b", NOW));
    }

    @Test
    void dropsRevocationsThatHaveEnded() {
        Instant end = NOW.plus(Duration.ofMinutes(16));

        HeldTrust.Outcome outcome = HeldTrust.merge(held, delta(end, 3, 7), end);

        assertThat(outcome).isInstanceOfSatisfying(HeldTrust.Outcome.Taken.class, taken -> {
            assertThat(taken.changed()).isTrue();
            assertThat(taken.trust().snapshot().revocations().size()).isZero();
        });
    }

    @Test
    void takesANewKeySetWithItsVersion() {
        HeldTrust next = taken(held, new TrustAnswer(EPOCH, NOW, 4, List.of(K1, K2), 7, false, List.of()));

        assertThat(next.snapshot().keysVersion()).isEqualTo(4);
        assertThat(next.snapshot().keys()).containsOnlyKeys("k1", "k2");
        assertThat(next.keys()).containsExactly(K1, K2);
    }

    @Test
    void neverGoesBackWithinAnEpoch() {
        refused(held, delta(NOW.plusSeconds(1), 2, 7));
        refused(held, delta(NOW.plusSeconds(1), 3, 6));
        refused(held, full(NOW.plusSeconds(1), 2, List.of(K1), 9));
        refused(held, full(NOW.plusSeconds(1), 4, List.of(K1), 6));
    }

    @Test
    void refusesANewVersionWithoutItsKeysAndAnEmptyKeySet() {
        refused(held, delta(NOW, 4, 7));
        refused(held, new TrustAnswer(EPOCH, NOW, 4, List.of(), 7, false, List.of()));
        refused(held, new TrustAnswer(EPOCH, NOW, 3, List.of(), 7, false, List.of()));
    }

    @Test
    void refusesAKeySetInWhichNoKeySigns() {
        PublishedKey waiting = new PublishedKey("k2", "published", K2.jwk());

        refused(held, new TrustAnswer(EPOCH, NOW, 4, List.of(waiting), 7, false, List.of()));
        refused(null, full(NOW, 3, List.of(waiting), 7));
        assertThat(taken(held, new TrustAnswer(EPOCH, NOW, 4, List.of(K1, waiting), 7, false, List.of()))
                        .snapshot()
                        .keys())
                .containsOnlyKeys("k1", "k2");
    }

    @Test
    void anotherEpochVoidsEveryNumber() {
        TrustAnswer restored = new TrustAnswer(OTHER_EPOCH, NOW, 1, List.of(K2), 0, true, List.of());

        HeldTrust next = taken(held, restored);

        assertThat(next.snapshot().keys()).containsOnlyKeys("k2");
        assertThat(next.snapshot().cursor()).isZero();
        assertThat(next.snapshot().revocations().size()).isZero();
        refused(held, new TrustAnswer(OTHER_EPOCH, NOW, 9, null, 9, false, List.of()));
    }

    @Test
    void takesAllKeysOrNone() throws Exception {
        PublishedKey otherCurve = TrustAnswers.published(
                "k9", new ECKeyGenerator(Curve.P_384).keyID("k9").generate().toPublicJWK());
        PublishedKey smallRsa = TrustAnswers.published(
                "k9", new RSAKeyGenerator(1024, true).keyID("k9").generate().toPublicJWK());
        PublishedKey privateKey = TrustAnswers.published(
                "k9", new ECKeyGenerator(Curve.P_256).keyID("k9").generate());
        PublishedKey otherKid = new PublishedKey("k9", "active", K2.jwk());
        PublishedKey noKey = new PublishedKey("k9", "active", Map.of("kty", "EC"));
        PublishedKey newKind = new PublishedKey("k9", "active", Map.of("kty", "AKP", "kid", "k9"));

        List<PublishedKey> bad = new ArrayList<>(
                List.of(otherCurve, smallRsa, privateKey, otherKid, noKey, newKind, with("x", "AA"), K1));
        for (String member : List.of("kty", "crv", "x", "y", "use", "alg", "key_ops", "x5c", "exp", "kid")) {
            bad.add(with(member, "nonsense!"));
        }
        for (PublishedKey key : bad) {
            refused(held, new TrustAnswer(EPOCH, NOW, 4, List.of(K1, key), 7, false, List.of()));
        }
    }

    @Test
    void aServerWithAFastClockDoesNotMakeItsDataYoung() {
        HeldTrust next = taken(held, delta(NOW.plusSeconds(3600), 3, 7));

        assertThat(next.snapshot().asOf()).isEqualTo(NOW);
    }

    @Test
    void anotherNodeThatReadEarlierDoesNotMakeItOlder() {
        HeldTrust next = taken(held, delta(NOW.minusSeconds(3), 3, 7));

        assertThat(next.snapshot().asOf()).isEqualTo(NOW);
    }

    @Test
    void aClockSetBackDoesNotLeaveTheDataInTheFuture() {
        Instant setBack = NOW.minus(Duration.ofHours(1));

        HeldTrust.Outcome outcome = HeldTrust.merge(held, delta(setBack.minusSeconds(1), 3, 7), setBack);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        HeldTrust.Outcome.Taken.class,
                        taken -> assertThat(taken.trust().snapshot().asOf()).isEqualTo(setBack));
    }

    private static PublishedKey with(String member, String value) {
        Map<String, String> jwk = new HashMap<>(K2.jwk());
        jwk.put(member, value);
        return new PublishedKey("k2", "active", jwk);
    }

    private static HeldTrust taken(HeldTrust held, TrustAnswer answer) {
        HeldTrust.Outcome outcome = HeldTrust.merge(held, answer, NOW);
        assertThat(outcome).isInstanceOf(HeldTrust.Outcome.Taken.class);
        return ((HeldTrust.Outcome.Taken) outcome).trust();
    }

    private static void refused(HeldTrust held, TrustAnswer answer) {
        assertThat(HeldTrust.merge(held, answer, NOW)).isInstanceOf(HeldTrust.Outcome.Refused.class);
    }
}
