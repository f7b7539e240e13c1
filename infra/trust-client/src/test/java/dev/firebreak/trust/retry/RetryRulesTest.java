package dev.firebreak.trust.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.trust.retry.RetryRules.Decision;
import dev.firebreak.trust.retry.RetryRules.Denial;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Waits: never earlier than asked, spread, and never past the deadline; and who gets none. */
class RetryRulesTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private final SplittableRandom random = new SplittableRandom(1);

    @ParameterizedTest(name = "asked for {0} ms: {0} to {1} ms")
    @CsvSource({"0, 500", "1000, 1500", "2000, 3000", "10000, 15000", "86400000, 129600000"})
    void waitsAtLeastAsLongAsAskedAndSpreadsBeyond(long asked, long most) {
        LongSummaryStatistics waits = waits(0, Optional.of(Duration.ofMillis(asked)));

        assertThat(waits.getMin()).isBetween(asked, asked + (most - asked) / 20);
        assertThat(waits.getMax()).isBetween(most - (most - asked) / 20, most);
        assertThat(waits.getAverage()).isBetween(asked + 0.4 * (most - asked), asked + 0.6 * (most - asked));
    }

    @ParameterizedTest(name = "unasked, retry {0}: 0 to {1} ms")
    @CsvSource({"0, 200", "1, 400"})
    void backsOffWithFullJitterWhereNobodySaidHowLong(int retries, long ceiling) {
        LongSummaryStatistics waits = waits(retries, Optional.empty());

        assertThat(waits.getMin()).isBetween(0L, ceiling / 20);
        assertThat(waits.getMax()).isBetween(ceiling - ceiling / 20, ceiling);
        assertThat(waits.getAverage()).isBetween(0.4 * ceiling, 0.6 * ceiling);
    }

    @Test
    void neverWaitsIntoTheTimeThatTheAnswerNeeds() {
        for (int i = 0; i < 2_000; i++) {
            Duration left = Duration.ofMillis(random.nextLong(3_000));
            Decision decision = rules().onFailure(0, true, Optional.of(Duration.ofSeconds(1)), left);

            if (decision instanceof Decision.Retry retry) {
                assertThat(retry.after().plusMillis(100)).isLessThanOrEqualTo(left);
            } else {
                assertThat(decision).isEqualTo(new Decision.GiveUp(Denial.DEADLINE));
                assertThat(left).isLessThan(Duration.ofMillis(1_600));
            }
        }
    }

    @ParameterizedTest(name = "left {0} ms, asked for {1} s: {2}")
    @CsvSource({"0, 0, DEADLINE", "-5, 0, DEADLINE", "99, 0, DEADLINE", "1099, 1, DEADLINE", "5000, 86400, DEADLINE"})
    void givesUpWhereTheAnswerWouldComeTooLate(long left, long asked, Denial reason) {
        assertThat(rules().onFailure(0, true, Optional.of(Duration.ofSeconds(asked)), Duration.ofMillis(left)))
                .isEqualTo(new Decision.GiveUp(reason));
    }

    @Test
    void makesNothingTwiceThatMightBeDoneTwice() {
        assertThat(rules().onFailure(0, false, Optional.empty(), LONG)).isEqualTo(new Decision.GiveUp(Denial.METHOD));
    }

    @Test
    void givesUpAfterTwoRetries() {
        RetryRules rules = rules();

        assertThat(rules.onFailure(1, true, Optional.empty(), LONG)).isInstanceOf(Decision.Retry.class);
        assertThat(rules.onFailure(2, true, Optional.empty(), LONG)).isEqualTo(new Decision.GiveUp(Denial.ATTEMPTS));
    }

    @Test
    void takesFromTheBudgetOnlyForRetriesThatAreMade() {
        RetryRules rules = rules();
        for (int i = 0; i < 100; i++) {
            rules.onFailure(0, false, Optional.empty(), LONG);
            rules.onFailure(2, true, Optional.empty(), LONG);
            rules.onFailure(0, true, Optional.empty(), Duration.ZERO);
        }

        for (int i = 0; i < RetryBudget.RESERVE; i++) {
            assertThat(rules.onFailure(0, true, Optional.empty(), LONG)).isInstanceOf(Decision.Retry.class);
        }
        assertThat(rules.onFailure(0, true, Optional.empty(), LONG)).isEqualTo(new Decision.GiveUp(Denial.BUDGET));
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "HEAD, true", "PUT, true", "DELETE, true", "OPTIONS, true", "POST, false", "PATCH, false"})
    void knowsWhichMethodsAreIdempotent(String method, boolean idempotent) {
        assertThat(RetryRules.isIdempotent(method)).isEqualTo(idempotent);
    }

    @Test
    void tellsALostConnectionFromASlowAnswer() {
        assertThat(RetryRules.isConnectionFailure(new ConnectException())).isTrue();
        assertThat(RetryRules.isConnectionFailure(new HttpConnectTimeoutException("slow")))
                .isTrue();
        assertThat(RetryRules.isConnectionFailure(new IOException("Connection reset")))
                .isTrue();
        assertThat(RetryRules.isConnectionFailure(new HttpTimeoutException("slow")))
                .isFalse();
        assertThat(RetryRules.isConnectionFailure(new SSLHandshakeException("whose?")))
                .isFalse();
    }

    private RetryRules rules() {
        return new RetryRules(new RetryBudget(), random);
    }

    private LongSummaryStatistics waits(int retries, Optional<Duration> asked) {
        return LongStream.range(0, 1_000)
                .map(i -> switch (rules().onFailure(retries, true, asked, Duration.ofDays(3))) {
                    case Decision.Retry retry -> retry.after().toMillis();
                    case Decision.GiveUp no -> throw new AssertionError(no);
                })
                .summaryStatistics();
    }
}
