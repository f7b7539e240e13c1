package dev.firebreak.auth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.starter.test.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

class JournalIT {
    JdbcClient jdbc;
    TransactionTemplate transactions;
    Journal journal;

    @BeforeEach
    void start() {
        TestPostgres.Database database = TestPostgres.migrated();
        DriverManagerDataSource source = new DriverManagerDataSource(database.url(), database.user(), "postgres");
        jdbc = JdbcClient.create(source);
        transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
        journal = new Journal(jdbc, new MovableClock());
    }

    @Test
    void anEmptyJournalIsWell() {
        assertThat(journal.verify())
                .isEqualTo(new Journal.Verification(0, new Journal.Head(0, "0".repeat(64)), null, null));
    }

    @Test
    void keepsWhatIsAppendedInOrderAlsoByManyAtOnce() throws Exception {
        Parallel.run(20, () -> append("key"));

        assertThat(journal.after(0, 100))
                .extracting(JournalEntry::seq)
                .containsExactlyElementsOf(
                        java.util.stream.LongStream.rangeClosed(1, 20).boxed().toList());
        assertThat(journal.after(18, 100)).hasSize(2);
        assertThat(journal.after(0, 5)).hasSize(5);
        assertThat(journal.verify().brokenAt()).isNull();
        assertThat(journal.verify().rows()).isEqualTo(20);
        assertThat(journal.head().hash())
                .isEqualTo(journal.after(19, 1).getFirst().hash());
    }

    @Test
    void isWrittenOnlyTogetherWithWhatItTellsOf() {
        assertThatIllegalStateException().isThrownBy(() -> journal.append(note("k")));

        transactions.executeWithoutResult(status -> {
            journal.append(note("rolled back"));
            status.setRollbackOnly();
        });
        append("kept");

        assertThat(journal.after(0, 10))
                .extracting(entry -> entry.subject().id())
                .containsExactly("kept");
    }

    @Test
    void theDatabaseRefusesToChangeIt() {
        append("k1");

        for (String change : List.of("UPDATE journal SET reason = 'x'", "DELETE FROM journal", "TRUNCATE journal")) {
            assertThatThrownBy(() -> jdbc.sql(change).update()).as(change).hasMessageContaining("append-only");
        }
    }

    @Test
    void anEditShowsAtItsRow() {
        five();
        tamper("UPDATE journal SET reason = 'nothing happened' WHERE seq = 3");
        assertBroken(3, "not as it was written");
    }

    @Test
    void aStateThatIsTakenAwayShows() {
        five();
        tamper("UPDATE journal SET before = NULL WHERE seq = 2");
        assertBroken(2, "not as it was written");
    }

    @Test
    void aDeletionShowsAtItsRow() {
        five();
        tamper("DELETE FROM journal WHERE seq = 4");
        assertBroken(4, "missing");
    }

    @Test
    void aDeletionThatWasNumberedOverShows() {
        five();
        tamper("DELETE FROM journal WHERE seq = 2");
        tamper("UPDATE journal SET seq = seq - 1 WHERE seq > 2");
        assertBroken(2, "does not follow");
    }

    @Test
    void twoRowsThatWereSwappedShow() {
        five();
        tamper("UPDATE journal SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)");
        tamper("UPDATE journal SET seq = -seq WHERE seq < 0");
        assertBroken(2, "does not follow");
    }

    @Test
    void aCutTailShows() {
        five();
        tamper("DELETE FROM journal WHERE seq > 3");
        assertBroken(4, "missing");
    }

    @Test
    void aHeadThatWasSetBackShows() {
        five();
        jdbc.sql("UPDATE journal_head SET seq = 0, hash = decode(repeat('00', 32), 'hex')")
                .update();
        assertBroken(1, "head");
    }

    @Test
    void aTailThatWasWrittenAnewShows() {
        five();
        byte[] previous = jdbc.sql("SELECT previous_hash FROM journal WHERE seq = 5")
                .query(byte[].class)
                .single();
        Chain.Line forged = new Chain.Line(
                5, new MovableClock().instant(), "somebody else", "activate", "k5", "forged", "published", "active");
        tamper("DELETE FROM journal WHERE seq = 5");
        jdbc.sql("""
                INSERT INTO journal VALUES (5, :at, 'somebody else', 'activate', 'k5', 'forged', 'published', 'active',
                                            :previous, :hash)
                """)
                .param("at", forged.at().atOffset(java.time.ZoneOffset.UTC))
                .param("previous", previous)
                .param("hash", Chain.hash(previous, forged))
                .update();

        assertBroken(5, "head");
    }

    @ParameterizedTest
    @ValueSource(strings = {Subject.SIGNING_KEY, Subject.REFRESH_KEY, Subject.KEK, Subject.USER})
    void everyKindOfSubjectIsPartOfTheChain(String kind) {
        Subject subject = new Subject(kind, "some-id");
        for (int i = 0; i < 4; i++) {
            transactions.executeWithoutResult(
                    status -> journal.append(new Journal.Note(Actor.command("test"), "touch", subject, "because")));
        }

        assertThat(journal.after(0, 10))
                .hasSize(4)
                .allSatisfy(entry -> assertThat(entry.subject()).isEqualTo(subject));
        assertThat(journal.verify().brokenAt()).isNull();
        tamper("UPDATE journal SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4)");
        tamper("UPDATE journal SET seq = -seq WHERE seq < 0");
        assertBroken(3, "does not follow");
        tamper("UPDATE journal SET subject = 'user:somebody-else' WHERE seq = 2");
        assertBroken(2, "not as it was written");
        tamper("DELETE FROM journal WHERE seq = 1");
        assertBroken(1, "missing");
    }

    @Test
    void aKindCannotBePushedIntoTheId() {
        assertThat(new Subject(Subject.USER, "a:b").text()).isEqualTo("user:a:b");
        assertThat(Subject.parse("user:a:b")).isEqualTo(new Subject(Subject.USER, "a:b"));
        assertThat(Subject.parse("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k").kind())
                .as("as rows of before are written")
                .isEqualTo(Subject.SIGNING_KEY);
    }

    @Test
    void showsTheKindsThatAreAskedForWithTheirOwnNumbers() {
        append("k1");
        transactions.executeWithoutResult(status -> {
            journal.append(new Journal.Note(Actor.person("p"), "disable", new Subject(Subject.USER, "u1"), "left"));
            journal.append(
                    new Journal.Note(Actor.automatic("n"), "promote", new Subject(Subject.REFRESH_KEY, "m1"), "d"));
        });

        assertThat(journal.after(0, 10, Set.of(Subject.SIGNING_KEY, Subject.REFRESH_KEY)))
                .extracting(JournalEntry::seq)
                .containsExactly(1L, 3L);
        assertThat(journal.after(0, 10, Set.of(Subject.USER)))
                .extracting(JournalEntry::actor)
                .containsExactly("person p");
        assertThat(journal.after(1, 1, Set.of(Subject.SIGNING_KEY, Subject.REFRESH_KEY)))
                .extracting(JournalEntry::seq)
                .containsExactly(3L);
    }

    @Test
    void ofManyThatWouldTellTheSameAtOnceOneDoes() throws Exception {
        Journal.Note begin =
                new Journal.Note(Actor.automatic("n"), "rewrap-begin", new Subject(Subject.KEK, "k"), "because");

        List<Boolean> told = Parallel.run(
                10,
                () -> Boolean.TRUE.equals(transactions.execute(
                        status -> journal.appendIf(begin, last -> !last.equals(Optional.of("rewrap-begin"))))));

        assertThat(told).filteredOn(it -> it).hasSize(1);
        assertThat(journal.after(0, 100)).hasSize(1);
    }

    @Test
    void metricsTellHowTheChainEnds() {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        HeadWatch watch = new HeadWatch(journal, metrics);
        assertThat(metrics.get("auth.journal.head.seq").gauge().value())
                .as("before the first look")
                .isNaN();
        append("k1");
        append("k2");

        watch.look();

        assertThat(metrics.get("auth.journal.head.seq").gauge().value()).isEqualTo(2);
        double hash = metrics.get("auth.journal.head.hash").gauge().value();
        assertThat("%012x".formatted((long) hash))
                .as("as an auditor compares it")
                .isEqualTo(journal.head().hash().substring(0, 12));
    }

    @Test
    void theHighestBeginningOfAHashIsToldExactly() {
        double highest = HeadWatch.beginning(new Journal.Head(1, "f".repeat(64)));

        assertThat((long) highest).isEqualTo(0xffff_ffff_ffffL);
        assertThat((long) Double.parseDouble(String.valueOf(highest))).isEqualTo(0xffff_ffff_ffffL);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aHeadThatWasSetBackWhileItWasWatchedIsSaidInTheLog(CapturedOutput output) {
        HeadWatch watch = new HeadWatch(journal, new SimpleMeterRegistry());
        five();
        watch.look();
        watch.look();
        assertThat(output.getAll()).doesNotContain("taken away");

        jdbc.sql("UPDATE journal_head SET seq = 0, hash = decode(repeat('00', 32), 'hex')")
                .update();
        watch.look();

        assertThat(output.getAll()).containsOnlyOnce("taken away or written anew");
    }

    private void five() {
        for (int i = 1; i <= 5; i++) {
            append("k" + i);
        }
        assertThat(journal.verify().brokenAt()).isNull();
    }

    private void assertBroken(long row, String why) {
        Journal.Verification verification = journal.verify();
        assertThat(verification.brokenAt())
                .as(String.valueOf(verification.why()))
                .isEqualTo(row);
        assertThat(verification.why()).contains(why);
    }

    /** As somebody who owns the table can. */
    private void tamper(String sql) {
        jdbc.sql("ALTER TABLE journal DISABLE TRIGGER journal_append_only").update();
        jdbc.sql(sql).update();
        jdbc.sql("ALTER TABLE journal ENABLE TRIGGER journal_append_only").update();
    }

    private boolean append(String subject) {
        transactions.executeWithoutResult(status -> journal.append(note(subject)));
        return true;
    }

    private static Journal.Note note(String subject) {
        return new Journal.Note("client test", "activate", subject, "because", "published", "active");
    }
}
