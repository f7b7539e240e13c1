package dev.firebreak.auth.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.platform.HeldQuestions;
import dev.firebreak.contracts.event.ConnectionChanged;
import dev.firebreak.contracts.event.EventData;
import dev.firebreak.contracts.event.EventType;
import dev.firebreak.contracts.event.SessionRevoked;
import dev.firebreak.starter.test.Eventually;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The file of the client {@code task-service} names {@code connection.*} and {@code user.deleted}. */
class EventFeedIT extends ServerIT {
    @Autowired
    Events events;

    @Autowired
    EventFeed feed;

    @Autowired
    @Qualifier("eventQuestions")
    HeldQuestions questions;

    @Autowired
    PlatformTransactionManager transactions;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Until then nobody is held: a node that knows nothing cannot say that there is no news. */
    @BeforeEach
    void awaitFirstRead() {
        Eventually.within(
                Duration.ofSeconds(5), "events were read", () -> feed.head().isPresent());
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void aClientWhoseFileNamesNoEventsIsRefused() {
        Answer answer = oauth.send(oauth.internal("/auth/internal/v1/events", "gateway"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text("code")).isEqualTo("auth.client_forbidden");
    }

    @Test
    void aClientSeesWhatItsFileNamesAndIsLedPastTheRest() {
        Answer before = end();
        UUID user = UUID.randomUUID();
        publish(user, connection(EventType.CONNECTION_CONNECTED));
        publish(user, new SessionRevoked(UUID.randomUUID(), "test"));
        publish(user, connection(EventType.CONNECTION_BROKEN));
        publish(user, new SessionRevoked(UUID.randomUUID(), "test"));

        Answer answer = ask(known(before));

        assertThat(events(answer))
                .extracting(event -> event.get("type"))
                .containsExactly("connection.connected", "connection.broken");
        assertThat(events(answer)).allSatisfy(event -> {
            assertThat(event).containsOnlyKeys("seq", "id", "type", "timestamp", "subject", "data");
            assertThat(event.get("subject")).isEqualTo(user.toString());
        });
        assertThat(answer.json()).containsEntry("full", false).containsEntry("more", false);
        assertThat(number(answer, "cursor")).isEqualTo(number(before, "cursor") + 4);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(events(ask(known(answer)))).isEmpty();
    }

    @Test
    void pagesAreBoundedAndSayThatThereIsMore() {
        Answer before = end();
        for (int i = 0; i < 3; i++) {
            publish(UUID.randomUUID(), connection(EventType.CONNECTION_CONNECTED));
        }

        Answer first = ask(known(before) + "&limit=2");
        Answer second = ask(known(first) + "&limit=2");

        assertThat(events(first)).hasSize(2);
        assertThat(first.json()).containsEntry("more", true);
        assertThat(events(second)).hasSize(1);
        assertThat(second.json()).containsEntry("more", false);
    }

    @Test
    void aReaderOfAnotherDatabaseIsToldToBeginAnew() {
        publish(UUID.randomUUID(), connection(EventType.CONNECTION_CONNECTED));

        Answer first = ask("?limit=1");
        Answer other = ask("?limit=1&epoch=" + UUID.randomUUID() + "&after=4711");

        assertThat(first.json()).containsEntry("full", true);
        assertThat(events(first)).hasSize(1);
        assertThat(other.json()).containsEntry("full", true).containsEntry("epoch", first.text("epoch"));
        assertThat(events(other)).isEqualTo(events(first));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?after=1", "?after=-1", "?limit=0", "?limit=501", "?epoch=x", "?after=x"})
    void aQuestionThatMeansNothingIsRefused(String query) {
        assertThat(oauth.send(oauth.internal("/auth/internal/v1/events" + query, "task-service"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aCursorThatNobodyCanHaveIsRefused() {
        Answer before = end();

        Answer answer = oauth.send(oauth.internal(
                "/auth/internal/v1/events?epoch=" + before.text("epoch") + "&after="
                        + (number(before, "cursor") + 1_000_000),
                "task-service"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("events.cursor_unknown");
    }

    @Test
    void aCursorFromBelowWhatWasDeletedIsGone() {
        publish(UUID.randomUUID(), connection(EventType.CONNECTION_CONNECTED));
        Answer end = end();
        jdbc.sql("UPDATE event_state SET purged_seq = greatest(purged_seq, 1)").update();

        Answer answer = oauth.send(
                oauth.internal("/auth/internal/v1/events?after=0&epoch=" + end.text("epoch"), "task-service"));

        assertThat(answer.status()).isEqualTo(410);
        assertThat(answer.text("code")).isEqualTo("events.cursor_too_old");
    }

    @Test
    void isHeldUntilThereIsNewsForThisReader() throws Exception {
        Answer before = end();
        CompletableFuture<Answer> held = CompletableFuture.supplyAsync(
                () -> TestOAuth.requireOk(oauth.send(question(known(before)).header("Prefer", "wait=2"))), threads);
        Eventually.within(Duration.ofSeconds(5), "it waits", () -> questions.count() == 1);
        UUID user = UUID.randomUUID();

        publish(user, connection(EventType.CONNECTION_DISCONNECTED));

        assertThat(events(held.get(5, TimeUnit.SECONDS)))
                .extracting(event -> event.get("subject"))
                .containsExactly(user.toString());
        assertThat(questions.count()).isZero();
    }

    @Test
    void newsOfOthersEndNoWaitAndCostNoRead() throws Exception {
        Answer before = end();
        CompletableFuture<Answer> held = CompletableFuture.supplyAsync(
                () -> TestOAuth.requireOk(oauth.send(question(known(before)).header("Prefer", "wait=2"))), threads);
        Eventually.within(Duration.ofSeconds(5), "it waits", () -> questions.count() == 1);
        statements.reset();

        publish(UUID.randomUUID(), new SessionRevoked(UUID.randomUUID(), "test"));

        Eventually.within(
                Duration.ofSeconds(5),
                "it was read",
                () -> feed.head().orElseThrow().seq() > number(before, "cursor"));
        assertThat(events(held.get(5, TimeUnit.SECONDS))).isEmpty();
        assertThat(number(held.get(), "cursor")).as("past what is not for it").isEqualTo(number(before, "cursor") + 1);
        assertThat(statements.statements()).noneMatch(sql -> sql.contains("LATERAL"));
    }

    @Test
    void aSignOutIsToldOnceHoweverOftenItIsOrdered() {
        TestPeople.SignedIn user = people.signIn();
        for (int i = 0; i < 3; i++) {
            TestOAuth.requireOk(
                    oauth.send(oauth.internal("/auth/internal/v1/sessions/" + user.sid() + "/end", "gateway")
                            .POST(HttpRequest.BodyPublishers.noBody())));
        }

        List<String> told = jdbc.sql(
                        "SELECT subject || ' ' || (data ->> 'sid') || ' ' || (data ->> 'reason') FROM event WHERE subject = :user")
                .param("user", user.userId())
                .query(String.class)
                .list();

        assertThat(told).containsExactly(user.userId() + " " + user.sid() + " sign_out");
    }

    private void publish(UUID user, EventData data) {
        new TransactionTemplate(transactions).executeWithoutResult(status -> events.publish(user, data));
    }

    private static ConnectionChanged connection(EventType type) {
        return new ConnectionChanged(type, UUID.randomUUID(), "google", List.of("calendar"), null);
    }

    /** The answer after which there is nothing yet. */
    private Answer end() {
        Answer answer = ask("?limit=500");
        while (Boolean.TRUE.equals(answer.json().get("more"))) {
            answer = ask(known(answer) + "&limit=500");
        }
        return answer;
    }

    private static String known(Answer answer) {
        return "?epoch=" + answer.text("epoch") + "&after=" + answer.text("cursor");
    }

    private static long number(Answer answer, String member) {
        return ((Number) answer.json().get(member)).longValue();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> events(Answer answer) {
        return (List<Map<String, Object>>) answer.json().get("events");
    }

    private HttpRequest.Builder question(String query) {
        return oauth.internal("/auth/internal/v1/events" + query, "task-service");
    }

    private Answer ask(String query) {
        return TestOAuth.requireOk(oauth.send(question(query)));
    }
}
