package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.starter.test.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The one-statement rotation says in SQL what the policy says in Java: compared on random rows. */
class RefreshSqlIT {
    static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    static JdbcClient jdbc;
    static TestPeople.SignedIn user;

    @BeforeAll
    static void database() {
        TestPostgres.Database database = TestPostgres.migrated();
        jdbc = JdbcClient.create(new SingleConnectionDataSource(database.url(), database.user(), "postgres", true));
        user = new TestPeople(jdbc, new MovableClock()).signIn();
    }

    @Test
    void rotatesExactlyWhenThePolicyDoesAndStoresTheSame() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        FamilyRepository families = new FamilyRepository(jdbc);
        int rotated = 0;
        for (int i = 0; i < 400; i++) {
            FamilyRow row = randomRow(random);
            UUID id = insert(row);
            long presented = row.generation() - random.nextInt(-1, 3);
            RefreshDecision decision = new RefreshPolicy(random.nextBoolean()).decide(row, presented, NOW);

            Optional<FamilyRepository.Family> stored = families.rotate(id, "gateway", presented, NOW);

            boolean expected = decision instanceof RefreshDecision.Rotate && presented == row.generation();
            assertThat(stored.isPresent())
                    .as("seed %d, %s presents %d", seed, row, presented)
                    .isEqualTo(expected);
            if (decision instanceof RefreshDecision.Rotate to && expected) {
                rotated++;
                Instant idleUntil = NOW.plus(Duration.ofDays(14));
                assertThat(stored.get().row())
                        .isEqualTo(new FamilyRow(
                                to.generation(),
                                NOW,
                                to.lateReplays(),
                                row.lastLateGeneration(),
                                idleUntil.isBefore(row.expiresAt()) ? idleUntil : row.expiresAt(),
                                row.expiresAt(),
                                null));
            }
        }
        assertThat(rotated).as("the comparison compared something").isGreaterThan(20);
    }

    @Test
    void touchesNoOtherClientsFamily() {
        FamilyRow row = new FamilyRow(3, NOW, 0, 0, NOW.plusSeconds(60), NOW.plusSeconds(60), null);
        UUID id = insert(row);
        FamilyRepository families = new FamilyRepository(jdbc);

        assertThat(families.rotate(id, "firebreak-cli", 3, NOW)).isEmpty();
        assertThat(families.find(id, "firebreak-cli")).isEmpty();
        assertThat(families.end(id, "firebreak-cli", "test", NOW)).isFalse();
        assertThat(families.find(id, "gateway").orElseThrow().row()).isEqualTo(row);
    }

    @Test
    void writesNothingOverARowThatChangedSinceItWasRead() {
        FamilyRow row = new FamilyRow(3, NOW, 0, 0, NOW.plusSeconds(60), NOW.plusSeconds(60), null);
        UUID id = insert(row);
        FamilyRepository families = new FamilyRepository(jdbc);
        families.rotate(id, "gateway", 3, NOW);

        assertThat(families.countLateReplay(id, row)).isFalse();
        assertThat(families.end(id, row, "lock_step", NOW)).isFalse();
        assertThat(families.rotateTo(id, row, new RefreshDecision.Rotate(9, 0), NOW))
                .isFalse();
    }

    private static FamilyRow randomRow(SplittableRandom random) {
        long generation = random.nextLong(3, 9);
        Instant expires =
                NOW.plusSeconds(random.nextLong(-10, Duration.ofDays(30).toSeconds()));
        Instant idle = NOW.plusSeconds(random.nextLong(-10, Duration.ofDays(14).toSeconds()));
        int late = random.nextInt(4);
        return new FamilyRow(
                generation,
                NOW.minusSeconds(random.nextLong(0, 90)),
                late,
                late == 0 ? 0 : generation - random.nextInt(2),
                idle.isBefore(expires) ? idle : expires,
                expires,
                random.nextInt(8) == 0 ? NOW.minusSeconds(5) : null);
    }

    private static UUID insert(FamilyRow row) {
        UUID id = UUID.randomUUID();
        jdbc.sql("""
                INSERT INTO refresh_family (id, sid, user_id, client_id, scopes, auth_time, amr, acr, generation,
                    rotated_at, late_replays, last_late_generation, idle_until, expires_at, created_at, revoked_at,
                    revoked_reason)
                VALUES (:id, :sid, :user, 'gateway', 'openid', :now, 'pwd', '1', :generation, :rotatedAt, :late,
                    :lastLate, :idleUntil, :expiresAt, :now, :revokedAt, :reason)
                """)
                .param("id", id)
                .param("sid", user.sid())
                .param("user", user.userId())
                .param("now", SqlTime.of(NOW))
                .param("generation", row.generation())
                .param("rotatedAt", SqlTime.of(row.rotatedAt()))
                .param("late", row.lateReplays())
                .param("lastLate", row.lastLateGeneration())
                .param("idleUntil", SqlTime.of(row.idleUntil()))
                .param("expiresAt", SqlTime.of(row.expiresAt()))
                .param("revokedAt", SqlTime.ofNullable(row.revokedAt()))
                .param("reason", row.revokedAt() == null ? null : "test")
                .update();
        return id;
    }
}
