package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.trust.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RevocationSetTest {
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofMinutes(16));

    @Test
    void revokesNothingWhenEmpty() {
        assertThat(RevocationSet.empty().revokes(token(NOW))).isEmpty();
        assertThat(RevocationSet.empty().size()).isZero();
    }

    @Test
    void namesTheFirstKindInTheOrderOfTheContract() {
        List<Revocation> all = new ArrayList<>(List.of(
                new Revocation(Revocation.Kind.JTI, "jti", null, LATER),
                new Revocation(Revocation.Kind.CLIENT, "client", null, LATER),
                new Revocation(Revocation.Kind.SUB, "sub", null, LATER),
                new Revocation(Revocation.Kind.SID, "sid", null, LATER),
                new Revocation(Revocation.Kind.KID, "kid", null, LATER)));

        for (Revocation.Kind kind : List.of(
                Revocation.Kind.KID,
                Revocation.Kind.SID,
                Revocation.Kind.SUB,
                Revocation.Kind.CLIENT,
                Revocation.Kind.JTI)) {
            assertThat(RevocationSet.of(all).revokes(token(NOW))).contains(kind);
            all.removeIf(entry -> entry.kind() == kind);
        }
    }

    @Test
    void aValueCountsUnderItsOwnKindOnly() {
        RevocationSet set = RevocationSet.of(List.of(new Revocation(Revocation.Kind.SID, "sub", null, LATER)));

        assertThat(set.revokes(token(NOW))).isEmpty();
    }

    @Test
    void aServiceHasNoSessionToRevoke() {
        RevocationSet set = RevocationSet.of(List.of(new Revocation(Revocation.Kind.SID, "sid", null, LATER)));

        assertThat(set.revokes(token(NOW, null))).isEmpty();
        assertThat(set.revokes(token(NOW))).contains(Revocation.Kind.SID);
    }

    @Test
    void issuedBeforeSparesWhatWasIssuedThenOrLater() {
        RevocationSet set = RevocationSet.of(List.of(bySub(NOW)));

        assertThat(set.revokes(token(NOW.minusSeconds(1)))).contains(Revocation.Kind.SUB);
        assertThat(set.revokes(token(NOW))).isEmpty();
        assertThat(set.revokes(token(NOW.plusSeconds(1)))).isEmpty();
    }

    @Test
    void dropsWhatHasEnded() {
        RevocationSet set = RevocationSet.of(List.of(bySub(NOW)));

        assertThat(set.plus(List.of(), LATER.minusMillis(1))).isSameAs(set);
        assertThat(set.plus(List.of(), LATER).size()).isZero();
        assertThat(RevocationSet.empty().plus(List.of(bySub(NOW)), LATER).size())
                .isZero();
    }

    @Test
    void isTheSameSetWhenNothingIsNew() {
        RevocationSet set = RevocationSet.of(List.of(bySub(NOW)));

        assertThat(set.plus(List.of(bySub(NOW), bySub(NOW.minusSeconds(5))), NOW))
                .isSameAs(set);
    }

    @Test
    void doesNotGrowWhenTheSameIsRevokedAgainAndAgain() {
        RevocationSet set = RevocationSet.empty();

        for (int second = 0; second < 1_000; second++) {
            Instant at = NOW.plusSeconds(second);
            set = set.plus(
                    List.of(new Revocation(Revocation.Kind.SUB, "sub", at, at.plus(Duration.ofMinutes(16)))), at);
        }

        assertThat(set.size()).isEqualTo(1);
        assertThat(set.revokes(token(NOW.plusSeconds(998)))).contains(Revocation.Kind.SUB);
    }

    @Test
    void keepsTheLongerAndTheWiderOfTwoThatDoNotCoverEachOther() {
        Revocation wideShort = new Revocation(Revocation.Kind.SUB, "sub", null, NOW.plusSeconds(10));
        Revocation narrowLong = bySub(NOW);
        RevocationSet set = RevocationSet.of(List.of(narrowLong, wideShort));

        assertThat(set.entries()).containsExactly(narrowLong, wideShort);
        assertThat(set.revokes(token(NOW.plusSeconds(5)))).contains(Revocation.Kind.SUB);
        RevocationSet after = set.plus(List.of(), NOW.plusSeconds(10));
        assertThat(after.entries()).containsExactly(narrowLong);
        assertThat(after.revokes(token(NOW.plusSeconds(5)))).isEqualTo(Optional.empty());
    }

    private static Revocation bySub(Instant issuedBefore) {
        return new Revocation(Revocation.Kind.SUB, "sub", issuedBefore, LATER);
    }

    private static VerifiedToken token(Instant issuedAt) {
        return token(issuedAt, "sid");
    }

    private static VerifiedToken token(Instant issuedAt, @Nullable String sid) {
        return new VerifiedToken(
                "kid", "sub", "client", sid, "jti", issuedAt, LATER, Set.of(), Set.of(), null, null, List.of(), null);
    }
}
