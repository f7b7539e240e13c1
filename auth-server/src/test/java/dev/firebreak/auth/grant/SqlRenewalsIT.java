package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.starter.test.StatementCounter;
import dev.firebreak.starter.test.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class SqlRenewalsIT {
    static final Instant TAKEN = Instant.parse("2026-11-23T10:00:00Z");

    final StatementCounter statements = new StatementCounter();
    Instant now = TAKEN.plusSeconds(60);
    JdbcClient jdbc;
    TestPeople.SignedIn user;
    SqlRenewals renewals;

    @BeforeEach
    void database() {
        TestPostgres.Database database = TestPostgres.migrated();
        jdbc = JdbcClient.create(
                statements.counting(new DriverManagerDataSource(database.url(), database.user(), "postgres")));
        user = new TestPeople(jdbc, new MovableClock()).signIn();
        renewals = new SqlRenewals(jdbc, () -> now);
    }

    @Test
    void drawsTheCurveOfOneMoment() {
        family(Duration.ofMinutes(-5), null);
        family(Duration.ofMinutes(-16), null);
        family(Duration.ofMillis(400), null);
        family(Duration.ofMillis(900), null);
        family(Duration.ofMillis(2_100), null);
        family(Duration.ofMillis(2_200), TAKEN.plusSeconds(9));
        family(Duration.ofMinutes(20), null);
        statements.reset();

        Renewals.Curve curve = renewals.since(TAKEN);

        assertThat(curve.toRenew()).as("its token was alive").isEqualTo(5);
        assertThat(curve.renewed()).isEqualTo(4);
        assertThat(curve.points())
                .containsExactly(
                        new Renewals.Point(Duration.ofSeconds(1), 2), new Renewals.Point(Duration.ofSeconds(3), 3));
        assertThat(curve.exactUntil()).as("so far").isEqualTo(now);
        assertThat(statements.statements()).hasSize(1);
    }

    @Test
    void aSecondRenewalMovesNoPointOfTheCurve() {
        UUID session = family(Duration.ofSeconds(2), null);
        UUID other = family(Duration.ofMinutes(-5), null);
        now = TAKEN.plus(SqlRenewals.EXACT);
        Renewals.Curve last = renewals.since(TAKEN);
        assertThat(last.points()).containsExactly(new Renewals.Point(Duration.ofSeconds(2), 1));

        renewed(session, Duration.ofSeconds(271));
        renewed(other, Duration.ofSeconds(280));
        now = TAKEN.plusSeconds(290);
        Renewals.Curve later = renewals.since(TAKEN);

        assertThat(later.points()).isEqualTo(last.points());
        assertThat(later.exactUntil()).isEqualTo(TAKEN.plus(SqlRenewals.EXACT));
        assertThat(later.renewed()).as("the count goes on").isEqualTo(2);
    }

    @Test
    void whoAsksTooLateIsToldHowManyButNoTimes() {
        family(Duration.ofSeconds(271), null);
        family(Duration.ofSeconds(3), null);
        renewals.since(TAKEN.minusSeconds(9));
        now = TAKEN.plus(SqlRenewals.EXACT).plusSeconds(1);

        Renewals.Curve curve = renewals.since(TAKEN);

        assertThat(curve.points()).isEmpty();
        assertThat(curve.exactUntil()).isEqualTo(TAKEN);
        assertThat(curve.renewed()).isEqualTo(2);
    }

    /** No gateway renews a session so early for the second time. */
    @Test
    void theCurveEndsBeforeTheSecondRenewal() {
        assertThat(SqlRenewals.EXACT).isLessThan(Lifetimes.RENEW_AFTER.minus(Lifetimes.RENEW_JITTER));
    }

    @Test
    void howeverManyAskTheTableIsReadOnceASecond() throws Exception {
        family(Duration.ofSeconds(1), null);
        statements.reset();

        Parallel.run(20, () -> renewals.since(TAKEN).renewed() + renewals.liveSessions());
        assertThat(statements.statements()).hasSize(2);

        family(Duration.ofSeconds(2), null);
        statements.reset();
        now = now.plusSeconds(1);
        assertThat(renewals.since(TAKEN).renewed()).isEqualTo(2);
        assertThat(renewals.liveSessions()).isEqualTo(2);
        assertThat(renewals.since(TAKEN.plusSeconds(1)).renewed())
                .as("another question")
                .isEqualTo(2);
        assertThat(statements.statements()).hasSize(3);
    }

    /** A renewal writes no index (HOT): the reason why what is tested here reads the table without one. */
    @Test
    void noIndexHoldsATimeThatRenewalsChange() {
        assertThat(jdbc.sql("""
                        SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid
                         WHERE i.indrelid = 'refresh_family'::regclass AND a.attnum = ANY (i.indkey)
                        """).query(String.class).list())
                .doesNotContain("rotated_at", "idle_until", "generation", "late_replays", "last_late_generation");
    }

    private void renewed(UUID family, Duration after) {
        jdbc.sql("UPDATE refresh_family SET rotated_at = :at, generation = generation + 1 WHERE id = :id")
                .param("at", SqlTime.of(TAKEN.plus(after)))
                .param("id", family)
                .update();
    }

    private UUID family(Duration rotated, @Nullable Instant revokedAt) {
        UUID id = UUID.randomUUID();
        jdbc.sql("""
                INSERT INTO refresh_family (id, sid, user_id, client_id, scopes, auth_time, amr, acr, generation,
                    rotated_at, idle_until, expires_at, created_at, revoked_at, revoked_reason)
                VALUES (:id, :sid, :user, 'gateway', 'openid', :created, 'pwd', '1', 2,
                    :rotated, :expires, :expires, :created, :revoked, :reason)
                """)
                .param("id", id)
                .param("sid", user.sid())
                .param("user", user.userId())
                .param("created", SqlTime.of(TAKEN.minus(Duration.ofDays(1))))
                .param("rotated", SqlTime.of(TAKEN.plus(rotated)))
                .param("expires", SqlTime.of(TAKEN.plus(Duration.ofDays(20))))
                .param("revoked", SqlTime.ofNullable(revokedAt))
                .param("reason", revokedAt == null ? null : "test")
                .update();
        return id;
    }
}
