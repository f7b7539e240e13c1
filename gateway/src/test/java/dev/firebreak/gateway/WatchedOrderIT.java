package dev.firebreak.gateway;

import static dev.firebreak.gateway.FakeAuthServer.TOKEN;
import static dev.firebreak.gateway.TestGateway.COOKIE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.http.Headers;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Call;
import dev.firebreak.gateway.FakeService.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders on signing keys, which answer only when they have seen their effect, beside calls that may not take as long. */
class WatchedOrderIT {
    static final String KEYS = "/api/v1/ops/keys";
    static final String EMERGENCY = KEYS + "/rotate";
    static final String ORDER = "{\"reason\":\"key leaked\",\"emergency\":true}";

    final CountDownLatch stopped = new CountDownLatch(1);
    TestGateway gateway;
    Client browser;

    @BeforeEach
    void anOperatorIsSignedIn() {
        gateway = TestGateway.start(Map.of(
                "gateway.upstream.response-timeout", "500ms",
                "gateway.upstream.order-timeout", "6s"));
        String sub = UUID.randomUUID().toString();
        gateway.auth().makeOperator(sub);
        browser = gateway.client()
                .cookie(
                        COOKIE,
                        gateway.seal(gateway.session(sub, UUID.randomUUID().toString())))
                .script();
        // The exchange of the token is no part of what is measured here.
        assertThat(browser.get(KEYS).status()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        stopped.countDown();
        gateway.close();
    }

    /** The authorization server takes this long over everything below {@code ops/}; its answers name the path. */
    void opsTakes(Duration time) {
        gateway.auth().face().behave(call -> {
            if (call.path().startsWith("/auth/api/v1/ops/")) {
                stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
            }
            return gateway.auth().answer(call);
        });
    }

    Call upstream(String path) {
        return gateway.auth().face().calls("/auth" + path).getFirst();
    }

    @Test
    void anOrderMayTakeLongerThanOtherCallsAndTheServiceIsToldHowLong() {
        opsTakes(Duration.ofSeconds(2));

        Answer answer = browser.send("POST", EMERGENCY, ORDER);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("auth /auth" + EMERGENCY);
        assertThat(upstream(EMERGENCY).header(Headers.TIMEOUT)).isEqualTo("6000");
        assertThat(gateway.auth().face().calls("/auth" + EMERGENCY))
                .as("given once")
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh-keys/emergency", "trust/revocations", "users/alice@example.com/disable"})
    void soMayOtherOrdersThatWatchTheirEffect(String order) {
        opsTakes(Duration.ofSeconds(2));

        assertThat(browser.send("POST", "/api/v1/ops/" + order, ORDER).status()).isEqualTo(200);
    }

    @Test
    void nothingElseMay() {
        opsTakes(Duration.ofSeconds(2));

        assertThat(browser.get(KEYS).code()).isEqualTo("service.upstream_timeout");
        assertThat(browser.get(KEYS + "/history").code()).isEqualTo("service.upstream_timeout");
        assertThat(browser.send("POST", "/api/v1/ops/refresh-keys/rotate", ORDER)
                        .code())
                .isEqualTo("service.upstream_timeout");
        assertThat(upstream(KEYS).header(Headers.TIMEOUT)).isEqualTo("5000");
    }

    @Test
    void anOrderThatTakesTooLongMayHaveBeenCarriedOut() {
        opsTakes(Duration.ofSeconds(30));

        Answer answer = browser.send("POST", EMERGENCY, ORDER);

        assertThat(answer.code()).isEqualTo("service.upstream_timeout");
        assertThat(answer.json().get("detail").toString()).contains("may have been carried out");
        assertThat(gateway.auth().face().calls("/auth" + EMERGENCY)).hasSize(1);
    }

    @Test
    void anOrderIsSentOnlyWithATokenThatOutlivesIt() {
        gateway.clock().advance(Duration.ofMinutes(15).minusSeconds(10));
        gateway.auth()
                .face()
                .behave(call -> call.path().equals(TOKEN)
                        ? Reply.json(503, "{\"error\":\"temporarily_unavailable\"}")
                        : gateway.auth().answer(call));

        Answer look = browser.get(KEYS);
        Answer order = browser.send("POST", EMERGENCY, ORDER);

        assertThat(look.status()).as("ten seconds are enough for it").isEqualTo(200);
        assertThat(order.status()).isEqualTo(503);
        assertThat(order.code()).isEqualTo("auth.unavailable");
        assertThat(gateway.auth().face().calls("/auth" + EMERGENCY)).isEmpty();
    }
}
