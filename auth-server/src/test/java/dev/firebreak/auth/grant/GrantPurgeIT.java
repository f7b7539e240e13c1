package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.platform.Purge;
import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.starter.test.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class GrantPurgeIT {
    final MovableClock clock = new MovableClock();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    JdbcClient jdbc;
    SignedIn user;

    @BeforeEach
    void database() {
        TestPostgres.Database database = TestPostgres.migrated();
        jdbc = JdbcClient.create(new SingleConnectionDataSource(database.url(), database.user(), "postgres", true));
        user = new TestPeople(jdbc, clock).signIn();
    }

    @Test
    void keepsUsedCodesForAWhileAndDeletesThemThen() {
        for (int i = 0; i < 1200; i++) {
            code();
        }

        clock.advance(Duration.ofMinutes(10));
        purge();
        assertThat(count("authorization_code")).isEqualTo(1200);
        clock.advance(Duration.ofMinutes(2));
        purge();

        assertThat(count("authorization_code")).isZero();
        assertThat(metrics.get("auth.purged")
                        .tag("table", "authorization_code")
                        .counter()
                        .count())
                .isEqualTo(1200);
    }

    @Test
    void deletesFamiliesADayAfterTheyAreOverAndNoOthers() {
        UUID alive = family();
        UUID ended = family();
        new FamilyRepository(jdbc).end(ended, "gateway", "test", clock.instant());

        clock.advance(Duration.ofHours(23));
        purge();
        assertThat(count("refresh_family")).isEqualTo(2);
        clock.advance(Duration.ofHours(2));
        purge();
        assertThat(jdbc.sql("SELECT id FROM refresh_family").query(UUID.class).list())
                .containsExactly(alive);
        clock.advance(Duration.ofDays(30));
        purge();

        assertThat(count("refresh_family")).isZero();
    }

    @Test
    void holdsASessionBackUntilItsLastFamilyHasGone() {
        family();

        assertThatExceptionOfType(DataIntegrityViolationException.class)
                .isThrownBy(() -> jdbc.sql("DELETE FROM sso_session").update());
    }

    @Test
    void letsADeletedUserTakeEverythingAlong() {
        family();
        code();

        jdbc.sql("DELETE FROM user_account WHERE id = :id")
                .param("id", user.userId())
                .update();

        assertThat(count("refresh_family") + count("authorization_code") + count("sso_session"))
                .isZero();
    }

    private void purge() {
        GrantConfiguration.purges(jdbc, clock, metrics).forEach(Purge::run);
    }

    private void code() {
        byte[] hash = new byte[32];
        new SecureRandom().nextBytes(hash);
        new CodeRepository(jdbc)
                .insert(
                        hash,
                        new AuthorizationCodes.NewCode("gateway", user.sid(), "http://x", "c", Set.of("openid"), null),
                        clock.instant().plusSeconds(60));
    }

    private UUID family() {
        UUID id = UUID.randomUUID();
        jdbc.sql("""
                INSERT INTO refresh_family (id, sid, user_id, client_id, scopes, auth_time, amr, acr, generation,
                                            rotated_at, idle_until, expires_at, created_at)
                VALUES (:id, :sid, :user, 'gateway', 'openid', :now, 'pwd', '1', 1, :now, :idle, :expires, :now)
                """)
                .param("id", id)
                .param("sid", user.sid())
                .param("user", user.userId())
                .param("now", SqlTime.of(clock.instant()))
                .param("idle", SqlTime.of(clock.instant().plus(Duration.ofDays(14))))
                .param("expires", SqlTime.of(clock.instant().plus(Duration.ofDays(30))))
                .update();
        return id;
    }

    private long count(String table) {
        return jdbc.sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }
}
