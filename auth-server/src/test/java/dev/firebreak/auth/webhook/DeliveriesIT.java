package dev.firebreak.auth.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.JournalEntry;
import dev.firebreak.auth.egress.Egress;
import dev.firebreak.auth.egress.TestEgress;
import dev.firebreak.auth.event.TestEvents;
import dev.firebreak.contracts.error.EventError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.event.ConnectionChanged;
import dev.firebreak.contracts.event.EventType;
import dev.firebreak.contracts.event.SessionRevoked;
import dev.firebreak.starter.test.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

class DeliveriesIT {
    static final String OLD_SECRET = secret((byte) 1);
    static final String NEW_SECRET = secret((byte) 2);

    @TempDir
    Path folder;

    final MovableClock clock = new MovableClock();
    final List<Message> received = new CopyOnWriteArrayList<>();
    final AtomicInteger status = new AtomicInteger(200);
    HttpServer receiver;
    JdbcClient jdbc;
    DataSource pool;
    TestEvents events;
    WebhookRepository repository;
    Deliveries node;

    /** As the receiver's code sees one. */
    record Message(Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    @BeforeEach
    void start() throws IOException {
        TestPostgres.Database database = TestPostgres.migrated();
        pool = new DriverManagerDataSource(database.url(), database.user(), "postgres");
        jdbc = JdbcClient.create(pool);
        events = new TestEvents(pool, clock);
        repository = new WebhookRepository(jdbc);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext("/", this::receive);
        receiver.start();
        secretFile("new", NEW_SECRET);
        secretFile("old", OLD_SECRET);
        Files.writeString(folder.resolve("billing.yaml"), """
                id: billing
                url: http://127.0.0.1:%d/hook
                events: ["connection.*"]
                secret-files: [new, old]
                """.formatted(
                        receiver.getAddress().getPort()));
        node = node(TestEgress.local());
        events.refresh();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, List<String>> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(exchange.getRequestHeaders());
        received.add(new Message(headers, body));
        exchange.getResponseHeaders().add("Location", "/elsewhere");
        exchange.sendResponseHeaders(status.get(), -1);
        exchange.close();
    }

    @Test
    void deliversWhatIsWantedOnceSignedAsForeignCodeExpects() throws Exception {
        register();
        UUID user = UUID.randomUUID();
        events.publish(user, connection());
        events.publish(user, new SessionRevoked(UUID.randomUUID(), "test"));

        node.run();
        node.run();

        assertThat(received).singleElement().satisfies(message -> {
            assertThat(message.body()).contains("\"subject\":\"" + user + "\"").contains("connection.connected");
            assertThat(message.body()).contains("\"id\":\"" + message.header("webhook-id") + "\"");
            assertThat(message.header("webhook-signature").split(" ")).hasSize(2);
            for (String secret : List.of(NEW_SECRET, OLD_SECRET)) {
                assertThatCode(() -> new com.standardwebhooks.Webhook(secret).verify(message.body(), message.headers()))
                        .doesNotThrowAnyException();
            }
            assertThatExceptionOfType(com.standardwebhooks.exceptions.WebhookVerificationException.class)
                    .isThrownBy(() -> new com.standardwebhooks.Webhook(secret((byte) 3))
                            .verify(message.body(), message.headers()));
        });
    }

    @Test
    void aNewWebhookBeginsWithWhatHappensFromThenOn() throws Exception {
        events.publish(UUID.randomUUID(), connection());

        register();
        node.run();

        assertThat(received).isEmpty();
    }

    @Test
    void aFailedAttemptIsMadeAgainLaterWithTheSameIdAndBody() throws Exception {
        register();
        events.publish(UUID.randomUUID(), connection());
        status.set(500);

        node.run();
        node.run();
        assertThat(received).as("not before its time").hasSize(1);
        status.set(200);
        clock.advance(Duration.ofSeconds(7));
        node.run();
        clock.advance(Duration.ofDays(1));
        node.run();

        assertThat(received).hasSize(2);
        assertThat(received.get(1).header("webhook-id"))
                .isEqualTo(received.get(0).header("webhook-id"));
        assertThat(received.get(1).body()).isEqualTo(received.get(0).body());
        assertThat(received.get(1).header("webhook-timestamp"))
                .isNotEqualTo(received.get(0).header("webhook-timestamp"));
        assertThat(states()).containsExactly("delivered 200");
    }

    @Test
    void isGivenUpAfterItsLastAttemptAndDeliveredWhenAnOperatorSaysSo() throws Exception {
        register();
        events.publish(UUID.randomUUID(), connection());
        status.set(503);
        for (int i = 0; i < RetrySchedule.ATTEMPTS + 5; i++) {
            node.run();
            clock.advance(Duration.ofHours(30));
        }
        assertThat(received).hasSize(RetrySchedule.ATTEMPTS);
        assertThat(states()).containsExactly("dead answered 503");
        Journal journal = new Journal(jdbc, clock);
        WebhookOrders orders = new WebhookOrders(
                repository, journal, new TransactionTemplate(new DataSourceTransactionManager(pool)), clock);

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> orders.replay("billing", UUID.randomUUID(), Actor.client("c"), "mended"))
                .satisfies(e -> assertThat(e.error()).isEqualTo(EventError.NO_DELIVERY));
        UUID letter = repository.dead("billing", 0, 10).getFirst().eventId();
        WebhookOrders.Replayed replayed = orders.replay("billing", letter, Actor.client("c"), "mended");
        status.set(200);
        node.run();

        assertThat(replayed.count()).isEqualTo(1);
        assertThat(states()).containsExactly("delivered 200");
        assertThat(received).extracting(it -> it.header("webhook-id")).containsOnly(letter.toString());
        assertThat(journal.after(0, 10)).extracting(JournalEntry::action).containsExactly("replay");
    }

    @Test
    void aReceiverThatSaysThatItIsGoneGetsTheMessageNoMore() throws Exception {
        register();
        events.publish(UUID.randomUUID(), connection());
        status.set(410);

        node.run();

        assertThat(states()).containsExactly("dead answered 410");
    }

    @Test
    void aRedirectIsAFailureAndNotFollowed() throws Exception {
        register();
        events.publish(UUID.randomUUID(), connection());
        status.set(307);

        node.run();

        assertThat(received).hasSize(1);
        assertThat(states()).containsExactly("due answered 307");
    }

    @Test
    void nodesAmongThemselvesDeliverEachMessageOnce() throws Exception {
        register();
        for (int i = 0; i < 60; i++) {
            events.publish(UUID.randomUUID(), connection());
        }
        List<Deliveries> nodes = List.of(node, node(TestEgress.local()), node(TestEgress.local()));
        AtomicInteger next = new AtomicInteger();

        Parallel.run(3, () -> {
            Deliveries own = nodes.get(next.getAndIncrement());
            for (int i = 0; i < 10; i++) {
                own.run();
            }
            return true;
        });

        List<String> ids = received.stream().map(it -> it.header("webhook-id")).toList();
        assertThat(ids).hasSize(60).doesNotHaveDuplicates();
        assertThat(new HashSet<>(states())).containsExactly("delivered 200");
    }

    @Test
    void aNodeThatSleptPastItsLeaseHasNoSayAnyMore() throws Exception {
        register();
        events.publish(UUID.randomUUID(), connection());
        status.set(500);
        node.run();
        clock.advance(Duration.ofMinutes(1));
        Instant now = clock.instant();
        WebhookRepository.Taken sleeper =
                repository.take("billing", 1, now, now.plusSeconds(5)).getFirst();
        assertThat(repository.take("billing", 1, now, now.plusSeconds(5)))
                .as("leased")
                .isEmpty();
        clock.advance(Duration.ofSeconds(6));
        status.set(200);

        node.run();

        assertThat(states()).containsExactly("delivered 200");
        assertThat(repository.end(sleeper, "dead", "late", clock.instant())).isFalse();
        assertThat(repository.retry(sleeper, "late", clock.instant())).isFalse();
        assertThat(states()).containsExactly("delivered 200");
    }

    @Test
    void aReceiverThatIsAwayIsLeftAloneForAWhileAndThenTriedWithOneMessage() throws Exception {
        register();
        for (int i = 0; i < 20; i++) {
            events.publish(UUID.randomUUID(), connection());
        }
        status.set(500);

        node.run();
        int first = received.size();
        node.run();
        assertThat(received).as("paused").hasSize(first);
        assertThat(node.isPaused("billing")).isTrue();
        clock.advance(Duration.ofSeconds(20));
        node.run();
        assertThat(received).as("one that decides").hasSize(first + 1);
        status.set(200);
        clock.advance(Duration.ofMinutes(2));
        while (node.run()) {
            assertThat(received.size()).isLessThan(100);
        }

        assertThat(node.isPaused("billing")).isFalse();
    }

    @Test
    void whatWaitedForDaysIsGivenUpAlsoUntried() throws Exception {
        register();
        events.publish(UUID.randomUUID(), connection());
        status.set(500);
        node.run();

        clock.advance(Duration.ofDays(3));
        node.giveUpOld();
        assertThat(states()).containsExactly("due answered 500");
        clock.advance(Duration.ofDays(2));
        node.giveUpOld();

        assertThat(states()).containsExactly("dead answered 500");
    }

    @Test
    void anAddressInsideIsNeverCalled() throws Exception {
        register();
        events.publish(UUID.randomUUID(), connection());

        node(TestEgress.publicOnly()).run();

        assertThat(received).isEmpty();
        assertThat(states()).containsExactly("due address not allowed");
    }

    @Test
    void aWebhookThatWasAwayForTooLongGoesOnWithWhatIsKept() throws Exception {
        register();
        events.publish(UUID.randomUUID(), connection());
        events.publish(UUID.randomUUID(), connection());
        clock.advance(Duration.ofDays(31));
        UUID young = UUID.randomUUID();
        events.publish(young, connection());
        events.purge();

        node.run();

        assertThat(received)
                .singleElement()
                .satisfies(it -> assertThat(it.body()).contains(young.toString()));
    }

    @Test
    void aFileThatIsWrongChangesNothingAndShowsNoSecret() throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        Webhooks webhooks = new Webhooks(new WebhookFolder(folder, TestEgress.local()), metrics);
        List<String> wrong = new ArrayList<>();
        for (String line : List.of("url: ftp://x/", "events: [conection.x]", "secret-files: []", "surprise: 1")) {
            String key = line.substring(0, line.indexOf(':'));
            String file = Files.readString(folder.resolve("billing.yaml"));
            Files.writeString(
                    folder.resolve("billing.yaml"),
                    file.lines().filter(it -> !it.startsWith(key)).reduce("", (a, b) -> a + b + "\n") + line);
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(webhooks::reload)
                    .satisfies(e -> wrong.add(String.valueOf(e.getMessage())));
            Files.writeString(folder.resolve("billing.yaml"), file);
        }
        secretFile("old", "whsec_tooShort=");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(webhooks::reload)
                .satisfies(e -> wrong.add(String.valueOf(e.getMessage())));

        assertThat(webhooks.isStale()).isTrue();
        assertThat(webhooks.all()).extracting(Webhook::id).containsExactly("billing");
        assertThat(wrong)
                .allSatisfy(it ->
                        assertThat(it).startsWith("Webhook file billing.yaml").doesNotContain("tooShort"));
        assertThat(webhooks.all().getFirst().secrets().toString()).doesNotContain("whsec");
        secretFile("old", OLD_SECRET);
        webhooks.reload();
        assertThat(webhooks.isStale()).isFalse();
    }

    /** Its first run puts it at the end of what has happened. */
    private void register() throws InterruptedException {
        node.run();
    }

    private Deliveries node(Egress egress) throws IOException {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        return new Deliveries(
                new Webhooks(new WebhookFolder(folder, egress), metrics),
                new HandOver(repository, events.feed, clock),
                repository,
                egress,
                clock,
                metrics);
    }

    private List<String> states() {
        return jdbc.sql("SELECT state || ' ' || coalesce(outcome, '-') FROM webhook_delivery ORDER BY id")
                .query(String.class)
                .list();
    }

    private void secretFile(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text + "\n");
    }

    private static ConnectionChanged connection() {
        return new ConnectionChanged(
                EventType.CONNECTION_CONNECTED, UUID.randomUUID(), "google", List.of("calendar"), null);
    }

    private static String secret(byte fill) {
        byte[] key = new byte[32];
        java.util.Arrays.fill(key, fill);
        return "whsec_" + Base64.getEncoder().encodeToString(key);
    }
}
