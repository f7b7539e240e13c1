package dev.firebreak.gateway.renewal;

import static dev.firebreak.gateway.renewal.RenewalPolicy.Decision.DUE;
import static dev.firebreak.gateway.renewal.RenewalPolicy.Decision.KEEP;
import static dev.firebreak.gateway.renewal.RenewalPolicy.Decision.REQUIRED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalPolicyTest {
    static final Instant ISSUED = Instant.parse("2026-11-23T10:00:00Z");
    static final Instant EXPIRES = ISSUED.plus(Duration.ofMinutes(15));
    static final Duration MIN_LEFT = Duration.ofMillis(9500);

    @ParameterizedTest
    @CsvSource({
        "PT-10S, KEEP",
        "PT0S, KEEP",
        "PT4M59.999S, KEEP",
        "PT5M, DUE",
        "PT14M, DUE",
        "PT14M50.499S, DUE",
        "PT14M50.5S, REQUIRED",
        "PT15M, REQUIRED",
        "PT720H, REQUIRED"
    })
    void renewsFromTheFifthMinuteOnAndNeverSendsATokenThatMightEndOnTheWay(
            Duration age, RenewalPolicy.Decision decision) {
        RenewalPolicy policy = new RenewalPolicy(Duration.ofMinutes(5), Duration.ZERO, MIN_LEFT);

        assertThat(policy.decide(ISSUED.plus(age), ISSUED, EXPIRES, "sid")).isEqualTo(decision);
    }

    @Test
    void leavesNineMinutesOfOutageBudgetToEveryActiveSession() {
        RenewalPolicy policy = new RenewalPolicy(Duration.ofMinutes(5), Duration.ofSeconds(30), MIN_LEFT);
        Instant latest = ISSUED.plus(Duration.ofMinutes(5)).plusSeconds(30);

        for (int i = 0; i < 1000; i++) {
            String sid = UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)})
                    .toString();
            assertThat(policy.decide(latest, ISSUED, EXPIRES, sid)).isEqualTo(DUE);
        }
        assertThat(Duration.between(latest, policy.usableUntil(EXPIRES))).isGreaterThan(Duration.ofMinutes(9));
    }

    @Test
    void spreadsSessionsOverAMinuteAndEachAlwaysTheSameWay() {
        RenewalPolicy policy = new RenewalPolicy(Duration.ofMinutes(5), Duration.ofSeconds(30), MIN_LEFT);
        Set<Long> firstDue = new HashSet<>();

        for (int i = 0; i < 200; i++) {
            long due = firstDue(policy, "session-" + i);
            assertThat(due).isBetween(270L, 330L).isEqualTo(firstDue(policy, "session-" + i));
            firstDue.add(due);
        }

        assertThat(firstDue).hasSizeGreaterThan(40);
    }

    @Test
    void requiresARenewalOfTokensShorterThanTheirRenewalAge() {
        RenewalPolicy policy = new RenewalPolicy(Duration.ofMinutes(5), Duration.ZERO, MIN_LEFT);
        Instant soon = ISSUED.plusSeconds(60);

        assertThat(policy.decide(ISSUED.plusSeconds(10), ISSUED, soon, "sid")).isEqualTo(KEEP);
        assertThat(policy.decide(ISSUED.plusSeconds(51), ISSUED, soon, "sid")).isEqualTo(REQUIRED);
    }

    @Test
    void aLongCallNeedsATokenThatOutlivesIt() {
        RenewalPolicy policy = new RenewalPolicy(Duration.ofMinutes(5), Duration.ZERO, MIN_LEFT);
        Duration order = Duration.ofSeconds(20);

        assertThat(policy.decide(EXPIRES.minusSeconds(26), ISSUED, EXPIRES, "sid", order))
                .isEqualTo(DUE);
        assertThat(policy.decide(EXPIRES.minusSeconds(25), ISSUED, EXPIRES, "sid", order))
                .isEqualTo(REQUIRED);
        assertThat(policy.decide(EXPIRES.minusSeconds(25), ISSUED, EXPIRES, "sid", Duration.ofMillis(4500)))
                .as("an ordinary call")
                .isEqualTo(DUE);
    }

    private static long firstDue(RenewalPolicy policy, String sid) {
        for (long second = 0; second < 900; second++) {
            if (policy.decide(ISSUED.plusSeconds(second), ISSUED, EXPIRES, sid) != KEEP) {
                return second;
            }
        }
        throw new AssertionError("never due");
    }
}
