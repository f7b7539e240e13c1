package dev.firebreak.auth.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ratelimit.SignInLimits.Admission;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignInLimitsTest {
    static final Duration WINDOW = Duration.ofMinutes(10);

    Instant now = Instant.parse("2026-11-23T09:00:00Z");
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SignInLimits limits = limits(3, 100, 1000);

    SignInLimits limits(int failures, int attempts, int tracked) {
        return new SignInLimits(
                new SignInLimitProperties(failures, WINDOW, attempts, Duration.ofMinutes(1), tracked),
                () -> now,
                meters);
    }

    Admission admit(String account) {
        return limits.admit(account, "192.0.2.1");
    }

    @Test
    void refusesAnAccountAfterItsFailuresAndSaysWhenToComeBack() {
        for (int i = 0; i < 3; i++) {
            assertThat(admit("alice")).isInstanceOf(Admission.Admitted.class);
        }

        assertThat(admit("alice")).isEqualTo(new Admission.Refused(WINDOW.dividedBy(3)));
        assertThat(admit("bob")).isInstanceOf(Admission.Admitted.class);
        assertThat(refusedBy("account")).isEqualTo(1);
    }

    @Test
    void letsTheAccountTryAgainWhenItSaid() {
        for (int i = 0; i < 4; i++) {
            admit("alice");
        }
        now = now.plus(WINDOW.dividedBy(3));

        assertThat(admit("alice")).isInstanceOf(Admission.Admitted.class);
        assertThat(admit("alice")).isInstanceOf(Admission.Refused.class);
    }

    @Test
    void countsOnlyFailedGuessesAgainstTheAccount() {
        for (int i = 0; i < 50; i++) {
            if (admit("alice") instanceof Admission.Admitted(SignInLimits.Attempt attempt)) {
                attempt.forgive();
            } else {
                throw new AssertionError("refused at " + i);
            }
        }
    }

    @Test
    void guessesUnderWayCountBeforeTheirOutcomeIsKnown() {
        admit("alice");
        admit("alice");
        admit("alice");

        assertThat(admit("alice")).isInstanceOf(Admission.Refused.class);
    }

    @Test
    void refusesAnAddressWhateverAccountsItTries() {
        SignInLimits narrow = limits(3, 5, 1000);
        for (int i = 0; i < 5; i++) {
            assertThat(narrow.admit("user" + i, "192.0.2.1")).isInstanceOf(Admission.Admitted.class);
        }

        assertThat(narrow.admit("user6", "192.0.2.1")).isInstanceOf(Admission.Refused.class);
        assertThat(narrow.admit("user6", "192.0.2.2")).isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void aRefusedAddressCostsTheAccountNothing() {
        SignInLimits narrow = limits(1, 1, 1000);
        narrow.admit("bob", "192.0.2.1");
        narrow.admit("alice", "192.0.2.1");

        assertThat(narrow.admit("alice", "192.0.2.2")).isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void memoryIsBoundedHoweverManyAccountsAreTried() {
        Buckets buckets = new Buckets(3, WINDOW, 100, () -> now);
        for (int i = 0; i < 10_000; i++) {
            buckets.of("user" + i);
        }
        buckets.cleanUp();

        assertThat(buckets.size()).isLessThanOrEqualTo(100);
    }

    @Test
    void forgetsABucketThatIsFullAgain() {
        Buckets buckets = new Buckets(3, WINDOW, 100, () -> now);
        buckets.of("alice").tryConsume(3);
        now = now.plus(WINDOW).plusSeconds(1);
        buckets.cleanUp();

        assertThat(buckets.size()).isZero();
    }

    double refusedBy(String by) {
        return meters.get("auth.sign_in.refused").tag("by", by).counter().count();
    }
}
