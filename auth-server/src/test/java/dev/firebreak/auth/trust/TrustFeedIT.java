package dev.firebreak.auth.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.platform.HeldQuestions;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.contracts.trust.Revocation.Kind;
import dev.firebreak.contracts.trust.TrustAnswer;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.trust.TrustAnswerJson;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

class TrustFeedIT extends ServerIT {
    @Autowired
    Revocations revocations;

    @Autowired
    PlatformTransactionManager transactions;

    @Autowired
    HeldQuestions questions;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void givesANewVerifierEverything() {
        String value = UUID.randomUUID().toString();
        revocations.revoke(Kind.SID, value, null);
        awaitRevocation(value);

        TrustAnswer answer = ask("");

        assertThat(answer.full()).isTrue();
        assertThat(answer.keys()).hasSize(1).first().satisfies(key -> {
            assertThat(key.state()).isEqualTo("active");
            assertThat(key.jwk())
                    .containsEntry("kid", key.kid())
                    .containsEntry("alg", "ES256")
                    .doesNotContainKey("d");
        });
        assertThat(answer.revocations()).extracting(Revocation::value).contains(value);
        assertThat(Duration.between(answer.asOf(), clock.instant())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void givesAKnownVerifierOnlyWhatIsNew() {
        TrustAnswer before = ask("");
        String value = UUID.randomUUID().toString();
        Instant issuedBefore = Instant.parse("2026-11-23T10:00:00.123456Z");
        revocations.revoke(Kind.SUB, value, issuedBefore);
        awaitRevocation(value);

        TrustAnswer after = ask(known(before));

        assertThat(after.full()).isFalse();
        assertThat(after.keys()).as("unchanged").isNull();
        assertThat(after.keysVersion()).isEqualTo(before.keysVersion());
        assertThat(after.cursor()).isGreaterThan(before.cursor());
        assertThat(after.revocations())
                .filteredOn(it -> it.value().equals(value))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.kind()).isEqualTo(Kind.SUB);
                    assertThat(it.issuedBefore()).isEqualTo(issuedBefore);
                    assertThat(Duration.between(clock.instant(), it.until()))
                            .isBetween(Duration.ofMinutes(15), Duration.ofMinutes(17));
                });
        assertThat(ask(known(after)).revocations()).isEmpty();
    }

    @Test
    void givesAVerifierOfAnotherDatabaseEverything() {
        TrustAnswer before = ask("");

        TrustAnswer answer =
                ask("?epoch=" + UUID.randomUUID() + "&keys=" + before.keysVersion() + "&after=" + before.cursor());

        assertThat(answer.full()).isTrue();
        assertThat(answer.keys()).isNotNull();
        assertThat(answer.epoch()).isEqualTo(before.epoch());
    }

    @Test
    void answersUnchangedToAVerifierThatHasSeenMore() {
        TrustAnswer before = ask("");

        TrustAnswer answer = ask("?epoch=" + before.epoch() + "&keys=" + (before.keysVersion() + 5) + "&after="
                + (before.cursor() + 1000));

        assertThat(answer.full()).isFalse();
        assertThat(answer.keys()).isNull();
        assertThat(answer.revocations()).isEmpty();
        assertThat(answer.keysVersion()).isEqualTo(before.keysVersion() + 5);
        assertThat(answer.cursor()).isEqualTo(before.cursor() + 1000);
    }

    /** Only the news end the hold of the second question: the answer would come without them after two seconds, too. */
    @Test
    void holdsAQuestionUntilThereIsNewsForItAndAnswersAllWhoWaitAtOnce() throws Exception {
        TrustAnswer before = ask("");
        List<CompletableFuture<TrustAnswer>> held = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            held.add(CompletableFuture.supplyAsync(() -> askHeld(known(before)), threads));
        }
        Eventually.within(Duration.ofSeconds(5), "all wait", () -> questions.count() == 20);
        String value = UUID.randomUUID().toString();

        revocations.revoke(Kind.JTI, value, null);

        for (CompletableFuture<TrustAnswer> answer : held) {
            assertThat(answer.get(5, TimeUnit.SECONDS).revocations())
                    .extracting(Revocation::value)
                    .containsExactly(value);
        }
        assertThat(questions.count()).isZero();
    }

    @Test
    void answersAHeldQuestionUnchangedWhenNothingComesAndAnUnheldOneAtOnce() {
        TrustAnswer before = ask("");

        TrustAnswer after = askHeld(known(before));

        assertThat(after.revocations()).isEmpty();
        assertThat(after.asOf()).as("read while it was held").isAfter(before.asOf());
    }

    @Test
    void refusesAQuestionThatIsNone() {
        assertThat(oauth.send(oauth.internal("/auth/internal/v1/trust?after=x", "gateway"))
                        .status())
                .isEqualTo(400);
        assertThat(oauth.send(oauth.internal("/auth/internal/v1/trust?epoch=1", "gateway"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void keepsWhichCookieKeysAGatewayCanOpenAndShowsThemToOperators() {
        assertThat(oauth.send(oauth.internal("/auth/internal/v1/trust?ring=c1,C-2_x", "gateway"))
                        .status())
                .isEqualTo(200);

        String trust = oauth.send(oauth.internal("/auth/internal/v1/ops/trust", "operator-cli"))
                .raw()
                .body();

        assertThat(JsonMapper.shared().readTree(trust).path("verifiers"))
                .filteredOn(it -> it.path("client").asString().equals("gateway"))
                .anySatisfy(it -> assertThat(it.path("ring").toString()).isEqualTo("[\"c1\",\"C-2_x\"]"));
    }

    @Test
    void refusesARingThatIsNone() {
        for (String ring : List.of("", ",", "c1,", "c1%20c2", "c%2F1", "c".repeat(201))) {
            Answer answer = oauth.send(oauth.internal("/auth/internal/v1/trust?ring=" + ring, "gateway"));
            assertThat(answer.status()).as(ring).isEqualTo(400);
            assertThat(answer.raw().body()).as(ring).contains("request.invalid", "/ring");
        }
    }

    @Test
    void takesBackARevocationWithItsTransaction() {
        String value = UUID.randomUUID().toString();
        long before = seq();

        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            revocations.revoke(Kind.JTI, value, null);
            status.setRollbackOnly();
        });

        assertThat(seq()).isEqualTo(before);
        assertThat(jdbc.sql("SELECT count(*) FROM revocation WHERE value = :value")
                        .param("value", value)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void numbersRevocationsInTheOrderOfTheirCommits() throws Exception {
        AtomicBoolean writing = new AtomicBoolean(true);
        List<Long> highest = new ArrayList<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            while (writing.get()) {
                // What a reader has seen must never be overtaken by a lower number that commits later.
                long count = jdbc.sql("SELECT count(*) - count(*) FILTER (WHERE seq <= (SELECT revocation_seq FROM"
                                + " trust_state)) FROM revocation")
                        .query(Long.class)
                        .single();
                highest.add(count);
            }
        });
        long before = seq();

        Parallel.run(30, () -> {
            new TransactionTemplate(transactions)
                    .executeWithoutResult(status ->
                            revocations.revoke(Kind.JTI, UUID.randomUUID().toString(), null));
            return true;
        });
        writing.set(false);
        reader.join();

        assertThat(seq()).isEqualTo(before + 30);
        assertThat(highest).isNotEmpty().containsOnly(0L);
    }

    @Test
    void dropsWhatHasRunOutFromAnswersAndFromTheTable() {
        String value = UUID.randomUUID().toString();
        revocations.revoke(Kind.CLIENT, value, null);
        awaitRevocation(value);

        pass(Duration.ofMinutes(17));

        Eventually.within(
                Duration.ofSeconds(10),
                "dropped from the feed",
                () -> ask("").revocations().stream().noneMatch(it -> it.value().equals(value)));
    }

    private void awaitRevocation(String value) {
        Eventually.within(
                Duration.ofSeconds(5),
                "the revocation is served",
                () -> ask("").revocations().stream().anyMatch(it -> it.value().equals(value)));
    }

    private static String known(TrustAnswer answer) {
        return "?epoch=" + answer.epoch() + "&keys=" + answer.keysVersion() + "&after=" + answer.cursor();
    }

    private TrustAnswer askHeld(String query) {
        try {
            return TrustAnswerJson.parse(oauth.send(oauth.internal("/auth/internal/v1/trust" + query, "gateway")
                            .header("Prefer", "wait=10"))
                    .raw()
                    .body());
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private TrustAnswer ask(String query) {
        try {
            return TrustAnswerJson.parse(oauth.send(oauth.internal("/auth/internal/v1/trust" + query, "gateway"))
                    .raw()
                    .body());
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private long seq() {
        return jdbc.sql("SELECT revocation_seq FROM trust_state")
                .query(Long.class)
                .single();
    }
}
