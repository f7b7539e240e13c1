package dev.firebreak.auth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.starter.test.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

        assertThat(journal.after(0, 10)).extracting(JournalEntry::subject).containsExactly("kept");
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
