package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.http.Headers;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Reply;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A task service that refuses for want of room is sent less, until it takes what it is sent. */
class ThrottleIT extends SharedGatewayIT {
    private static final int MANY = 400;

    private static final Reply FULL = Reply.of(
                    503, "application/problem+json", "{\"code\":\"pool.saturated\",\"status\":503}")
            .with("Retry-After", "3")
            .with(Headers.OVERLOADED, "1");

    private Client person;
    private Client service;
    private String serviceToken;

    @BeforeEach
    void callers() {
        serviceToken = gateway.issuer().serviceToken("demo-service");
        service = gateway.client().bearer(serviceToken);
        person = gateway.client().bearer(gateway.issuer().accessToken());
    }

    @AfterEach
    void itTakesEverythingAgain() {
        gateway.tasks().behave(call -> Reply.json(200, "{}"));
        for (Client caller : List.of(person, service)) {
            Eventually.holds("eases", () -> ask(caller, 20).stream().allMatch(answer -> answer.status() == 200));
        }
    }

    @Test
    void whatTheServiceWouldRefuseIsRefusedHere() {
        gateway.tasks().behave(call -> FULL);

        List<Answer> answers = ask(person, MANY);

        assertThat(answers)
                .allMatch(answer -> answer.status() == 503)
                .allMatch(answer -> answer.header("Retry-After").matches("[1-9]|10"));
        assertThat(gateway.tasks().calls().size()).isLessThan(MANY - 100);
        assertThat(answers.getFirst().code()).isEqualTo("pool.saturated");
        assertThat(answers).as("but for a probe now and then").anyMatch(ThrottleIT::isRefusedHere);
        assertThat(answers).as("between services only").allMatch(answer -> answer.header(Headers.OVERLOADED) == null);
    }

    @Test
    void aServiceThatIsBrokenIsNotOverloaded() {
        gateway.tasks()
                .behave(call -> Reply.of(503, "application/problem+json", "{\"code\":\"pool.unavailable\"}")
                        .with("Retry-After", "3"));

        assertThat(ask(person, MANY)).allMatch(answer -> answer.code().equals("pool.unavailable"));
        assertThat(gateway.tasks().calls()).hasSize(MANY);
    }

    @Test
    void whatServicesMayBeSentIsNotWhatPeopleMayBeSent() {
        gateway.tasks()
                .behave(call -> call.header("Authorization").endsWith(serviceToken) ? FULL : Reply.json(200, "{}"));

        assertThat(ask(service, MANY)).anyMatch(ThrottleIT::isRefusedHere);
        assertThat(ask(person, 50)).allMatch(answer -> answer.status() == 200);
    }

    @Test
    void nobodyIsThrottledAtTheAuthorizationServer() {
        Client browser = gateway.browser();
        gateway.tasks().behave(call -> FULL);
        assertThat(ask(person, MANY)).anyMatch(ThrottleIT::isRefusedHere);

        gateway.clock().advance(Duration.ofMinutes(6));
        assertThat(browser.get("/session").json()).containsEntry("renewal", "ok");
        assertThat(browser.get("/api/v1/tasks").status()).isEqualTo(503);
        assertThat(gateway.client().get("/auth/login").status()).isEqualTo(200);
    }

    private static boolean isRefusedHere(Answer answer) {
        return answer.status() == 503 && answer.code().equals("service.saturated");
    }

    private static List<Answer> ask(Client caller, int times) {
        return Stream.generate(() -> caller.get("/api/v1/tasks")).limit(times).toList();
    }
}
