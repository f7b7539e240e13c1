package dev.firebreak.auth.reset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BootstrapOperatorIT {
    static final Pattern LINK = Pattern.compile("(?m)^http://localhost:8080/auth/reset\\?token=([A-Za-z0-9_-]{43})$");

    final TestPostgres.Database database = TestPostgres.migrated();
    final MovableClock clock = new MovableClock();

    int bootstrap(String... more) {
        return bootstrap(database, more);
    }

    int bootstrap(TestPostgres.Database where, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--firebreak.profile=local",
                "--firebreak.node=bootstrap-test",
                "--firebreak.run=bootstrap-operator",
                "--firebreak.issuer=http://localhost:8080/auth",
                "--firebreak.public-origin=http://localhost:8080",
                "--firebreak.pools.identity.host=127.0.0.1",
                "--firebreak.pools.identity.port=" + where.port(),
                "--firebreak.pools.identity.database=" + where.name(),
                "--firebreak.pools.identity.user=" + where.user(),
                "--firebreak.pools.identity.password-file=" + where.passwordFile()));
        args.addAll(List.of(more));
        return new BootstrapOperator(clock).run(args.toArray(String[]::new));
    }

    String query(String sql) throws SQLException {
        try (Connection connection = database.open();
                ResultSet found = connection.createStatement().executeQuery(sql)) {
            found.next();
            return String.valueOf(found.getString(1));
        }
    }

    void update(String sql) throws SQLException {
        try (Connection connection = database.open()) {
            connection.createStatement().execute(sql);
        }
    }

    static List<String> links(CapturedOutput output) {
        Matcher matcher = LINK.matcher(output.getOut());
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void printsALinkForHalfAnHourAndStoresItsHash(CapturedOutput output) throws SQLException {
        assertThat(bootstrap("--email=Olga@Example.org")).isZero();

        String token = links(output).getFirst();
        assertThat(output.getErr()).isEmpty();
        assertThat(query("SELECT email || ' ' || role || ' ' || demo || password_hash FROM user_account"))
                .isEqualTo("Olga@Example.org operator false");
        String bytes = "decode('%s', 'base64')"
                .formatted(Base64.getEncoder()
                        .encodeToString(Base64.getUrlDecoder().decode(token)));
        assertThat(query("SELECT expires_at - created_at FROM password_reset WHERE token_hash = sha256(" + bytes + ")"))
                .isEqualTo("00:30:00");
    }

    @Test
    void givesAnotherLinkWhileNobodyHasUsedTheFirst(CapturedOutput output) throws SQLException {
        bootstrap("--email=olga@example.org");

        assertThat(bootstrap("--email=olga@example.org")).isZero();

        assertThat(links(output)).hasSize(2).doesNotHaveDuplicates();
        assertThat(query("SELECT count(*) FROM password_reset")).isEqualTo("1");
    }

    @Test
    void forgetsAnAddressThatWasMistyped() throws SQLException {
        bootstrap("--email=olga@exmaple.org");

        assertThat(bootstrap("--email=olga@example.org")).isZero();

        assertThat(query("SELECT string_agg(email, ' ') FROM user_account")).isEqualTo("olga@example.org");
        assertThat(query("SELECT count(*) FROM password_reset")).isEqualTo("1");
        assertThat(query("SELECT string_agg(action || ' ' || (subject = 'user:' || id), ', ' ORDER BY seq)"
                        + " FROM journal, user_account"))
                .isEqualTo("create false, issue-link false, delete false, create true, issue-link true");
    }

    @Test
    void theJournalKnowsOfTheFirstOperatorAndEachLinkButNoLink(CapturedOutput output) throws SQLException {
        bootstrap("--email=olga@example.org");
        bootstrap("--email=olga@example.org");

        assertThat(query("SELECT string_agg(action || ' ' || coalesce(after, '') || ' by ' || actor, ', ' ORDER BY seq)"
                        + " FROM journal"))
                .isEqualTo("create operator by command bootstrap-operator, issue-link  by command bootstrap-operator,"
                        + " issue-link  by command bootstrap-operator");
        String rows = query("SELECT string_agg(journal::text, ' ') FROM journal");
        assertThat(links(output))
                .hasSize(2)
                .noneSatisfy(link -> assertThat(rows).contains(link));
    }

    @Test
    void aLinkThatCannotBeToldOfIsNotGiven(CapturedOutput output) throws SQLException {
        update("ALTER TABLE journal ADD CONSTRAINT full_up CHECK (action <> 'issue-link')");

        assertThat(bootstrap("--email=olga@example.org")).isEqualTo(1);

        assertThat(links(output)).isEmpty();
        assertThat(query("SELECT count(*) FROM user_account")).isEqualTo("0");
        assertThat(query("SELECT count(*) FROM journal")).isEqualTo("0");
        assertThat(query("SELECT seq FROM journal_head")).isEqualTo("0");
    }

    @Test
    void isRefusedInOneSentenceOnceAnOperatorExists(CapturedOutput output) throws SQLException {
        bootstrap("--email=olga@example.org");
        update("UPDATE user_account SET password_hash = 'chosen'");
        update("DELETE FROM password_reset");

        assertThat(bootstrap("--email=olga@example.org")).isEqualTo(1);
        assertThat(bootstrap("--email=another@example.org")).isEqualTo(1);

        assertThat(output.getErr().lines())
                .containsOnly("bootstrap-operator: there is an operator already, who can give others the role; "
                        + "nothing was changed");
        assertThat(query("SELECT count(*) FROM user_account")).isEqualTo("1");
        assertThat(query("SELECT count(*) FROM password_reset")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"olga@example.org", "another@example.org"})
    void isRefusedWhenAnEarlierLinkIsUsedAtTheSameMoment(String email, CapturedOutput output) throws Exception {
        bootstrap("--email=olga@example.org");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection use = database.open()) {
            use.setAutoCommit(false);
            use.createStatement().execute("UPDATE user_account SET password_hash = 'chosen'");

            Future<Integer> again = threads.submit(() -> bootstrap("--email=" + email));
            Eventually.within(
                    Duration.ofSeconds(30), "it waits for the use or is done", () -> again.isDone() || somebodyWaits());
            use.createStatement().execute("DELETE FROM password_reset");
            use.commit();

            assertThat(again.get()).isEqualTo(1);
        }

        assertThat(output.getErr()).contains("there is an operator already");
        assertThat(links(output)).as("the first one only").hasSize(1);
        assertThat(query("SELECT string_agg(email, ' ') FROM user_account")).isEqualTo("olga@example.org");
        assertThat(query("SELECT count(*) FROM password_reset")).isEqualTo("0");
    }

    boolean somebodyWaits() {
        try {
            return !query("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("0");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void takesNobodysAccountOver(CapturedOutput output) throws SQLException {
        update("""
                INSERT INTO user_account (email, email_key, name, password_hash, role, created_at, updated_at)
                VALUES ('alice@example.org', 'alice@example.org', 'Alice', 'chosen', 'user', now(), now())
                """);

        assertThat(bootstrap("--email=Alice@example.org")).isEqualTo(1);

        assertThat(output.getErr()).contains("the address has an account already");
        assertThat(query("SELECT role FROM user_account")).isEqualTo("user");
        assertThat(links(output)).isEmpty();
    }

    @Test
    void isAWrongCommandLineWithoutAnAddress(CapturedOutput output) {
        assertThat(bootstrap()).isEqualTo(2);
        assertThat(bootstrap("--email=nobody")).isEqualTo(2);
        assertThat(output.getErr().lines())
                .containsExactly(
                        "bootstrap-operator: whose account? Say --email=ADDRESS",
                        "bootstrap-operator: that is no e-mail address");
    }

    @Test
    void saysInOneLineWhatFailed(CapturedOutput output) {
        assertThat(bootstrap(TestPostgres.empty(), "--email=olga@example.org")).isEqualTo(1);

        assertThat(output.getErr().strip()).contains("user_account").doesNotContain("\n", "\tat ");
    }
}
