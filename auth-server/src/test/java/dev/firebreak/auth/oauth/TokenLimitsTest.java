package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.client.TestClients;
import dev.firebreak.contracts.error.RateError;
import dev.firebreak.contracts.error.ServiceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TokenLimitsTest {
    final TestDeployment deployment = new TestDeployment();
    final Client gateway = TestClients.find(deployment, "gateway");
    final Client cli = TestClients.find(deployment, "firebreak-cli");
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
    final InstantSource clock = now::get;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final TokenLimits limits = new TokenLimits(new TokenLimitProperties(5, 3, 2, 4, 10, 100), clock, metrics);

    @Test
    void countsAConfidentialClientWhateverAddressesItComesFrom() {
        for (int i = 0; i < 10; i++) {
            limits.requireClient(gateway, "10.0.0." + i);
        }

        slowDown(() -> limits.requireClient(gateway, "10.0.0.99"));
        pass(Duration.ofMillis(200));
        limits.requireClient(gateway, "10.0.0.99");
        slowDown(() -> limits.requireClient(gateway, "10.0.0.99"));
        assertThat(metrics.get("auth.token.limited").counter().count()).isEqualTo(2);
    }

    @Test
    void countsAPublicClientByAddressBecauseAnybodyCanTakeItsName() {
        for (int i = 0; i < 3; i++) {
            limits.requireClient(cli, "10.0.0.1");
        }

        slowDown(() -> limits.requireClient(cli, "10.0.0.1"));
        assertThatCode(() -> limits.requireClient(cli, "10.0.0.2")).doesNotThrowAnyException();
    }

    @Test
    void refusesAnAddressThatFailedTooOftenUntilABucketRefills() {
        limits.failed("10.0.0.1");
        limits.requireAddress("10.0.0.1");
        limits.failed("10.0.0.1");

        slowDown(() -> limits.requireAddress("10.0.0.1"));
        limits.requireAddress("10.0.0.2");
        pass(Duration.ofSeconds(30));
        limits.requireAddress("10.0.0.1");
    }

    @Test
    void countsABrowserByItsSession() {
        UUID sid = UUID.randomUUID();
        for (int i = 0; i < 4; i++) {
            limits.requireSession(sid);
        }

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> limits.requireSession(sid))
                .satisfies(e -> assertThat(e.error()).isEqualTo(RateError.LIMITED));
        limits.requireSession(UUID.randomUUID());
        pass(Duration.ofSeconds(15));
        limits.requireSession(sid);
    }

    @Test
    void remembersABoundedNumberOfAddresses() {
        for (int i = 0; i < 10_000; i++) {
            limits.failed("a" + i);
        }

        limits.cleanUp();
        assertThat(metrics.get("auth.token.buckets")
                        .tag("kind", "address")
                        .gauge()
                        .value())
                .isLessThanOrEqualTo(100);
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private static void slowDown(Runnable request) {
        assertThatExceptionOfType(OAuthFailure.class).isThrownBy(request::run).satisfies(e -> {
            assertThat(e.getError().getErrorCode()).isEqualTo("slow_down");
            assertThat(e.retryAfter()).isPositive();
        });
    }
}
