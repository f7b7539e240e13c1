package dev.firebreak.auth.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.auth.platform.Purge;
import dev.firebreak.auth.user.TestUsers;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.UserError;
import dev.firebreak.contracts.event.SessionRevoked;
import dev.firebreak.starter.test.StatementCounter;
import dev.firebreak.starter.test.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class SsoSignInsIT {
    static final TestPostgres.Database DATABASE = TestPostgres.migrated();
    static final StatementCounter STATEMENTS = new StatementCounter();
    static final DataSource SOURCE =
            STATEMENTS.counting(new DriverManagerDataSource(DATABASE.url(), DATABASE.user(), "postgres"));
    static final JdbcClient JDBC = JdbcClient.create(SOURCE);
    static final SsoSignIns.Proof PASSWORD = new SsoSignIns.Proof(List.of("pwd"), "urn:firebreak:acr:1", 1);

    static final Duration IDLE = Duration.ofHours(8);
    static final Duration REMEMBERED = Duration.ofDays(30);

    Instant now = Instant.parse("2026-11-23T09:00:00Z");
    final FakeFamilies families = new FakeFamilies();
    final FakeRevocations revocations = new FakeRevocations();
    final FakeEvents events = new FakeEvents();
    final TestUsers users = new TestUsers(JDBC, () -> now);
    final SsoSignIns signIns = new SsoSignIns(
            new SsoStore(JDBC),
            users.users,
            families,
            revocations,
            events,
            new SsoProperties(IDLE, REMEMBERED, Duration.ofDays(90), Duration.ofMinutes(5), Duration.ofMinutes(10)),
            () -> now);
    UserAccount alice;

    @BeforeEach
    void addUser() {
        alice = users.add();
    }

    SsoSignIns.Begun begin(UserAccount user, boolean remembered, SsoSecret previous) {
        return signIns.begin(user, PASSWORD, remembered, "Firefox on Linux", previous)
                .orElseThrow();
    }

    @Test
    void nothingBeginsOnAProofFromBeforeAChangeOfTheUser() {
        JDBC.sql("UPDATE user_account SET password_hash = 'another', version = version + 1 WHERE id = :id")
                .param("id", alice.id())
                .update();

        assertThat(signIns.begin(alice, PASSWORD, false, "Firefox on Linux", null))
                .isEmpty();
        assertThat(JDBC.sql("SELECT count(*) FROM sso_session WHERE user_id = :id")
                        .param("id", alice.id())
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void findsTheUserBehindTheCookieWithOneStatement() {
        SsoSecret secret = begin(alice, false, null).secret();
        STATEMENTS.reset();

        SsoAuthentication found = signIns.use(secret).orElseThrow();

        assertThat(STATEMENTS.statements()).hasSize(1);
        assertThat(found.user()).isEqualTo(alice);
        assertThat(found.getName()).isEqualTo(alice.id().toString());
        assertThat(found.session().authTime()).isEqualTo(now);
        assertThat(found.session().amr()).containsExactly("pwd");
    }

    @Test
    void storesNeitherTheSecretNorAnythingThatMakesIt() {
        SsoSignIns.Begun begun = begin(alice, false, null);

        String row = JDBC.sql("SELECT row_to_json(s)::text FROM sso_session s WHERE sid = :sid")
                .param("sid", begun.session().sid())
                .query(String.class)
                .single();

        assertThat(row).doesNotContain(begun.secret().text()).contains("Firefox on Linux");
        assertThat(begun.session().sid().version()).isEqualTo(4);
    }

    @Test
    void anUnusedSignInEndsAfterEightHoursARememberedOneAfterThirtyDays() {
        SsoSecret plain = begin(alice, false, null).secret();
        SsoSecret remembered = begin(alice, true, null).secret();

        now = now.plus(IDLE);
        assertThat(signIns.use(plain)).isEmpty();
        now = now.minus(IDLE).plus(REMEMBERED).minusSeconds(1);
        assertThat(signIns.use(remembered)).isPresent();
    }

    @Test
    void aUsedSignInLivesOnButNotForEver() {
        SsoSecret secret = begin(alice, true, null).secret();
        Instant begun = now;
        while (signIns.use(secret).isPresent()) {
            now = now.plus(Duration.ofDays(10));
            assertThat(now).isBefore(begun.plus(Duration.ofDays(200)));
        }

        assertThat(now).isEqualTo(begun.plus(Duration.ofDays(90)));
    }

    @Test
    void aProofBeginsTheNinetyDaysAnew() {
        SsoSecret first = begin(alice, true, null).secret();
        for (int days = 0; days < 80; days += 20) {
            now = now.plus(Duration.ofDays(20));
            assertThat(signIns.use(first)).isPresent();
        }
        SsoSecret second = begin(alice, true, first).secret();
        Instant proved = now;

        while (signIns.use(second).isPresent()) {
            now = now.plus(Duration.ofDays(10));
            assertThat(now).isBefore(proved.plus(Duration.ofDays(200)));
        }

        assertThat(now).isEqualTo(proved.plus(Duration.ofDays(90)));
    }

    @Test
    void writesTheUseAtMostOnceInFiveMinutes() {
        SsoSecret secret = begin(alice, false, null).secret();
        now = now.plus(Duration.ofMinutes(5));
        STATEMENTS.reset();
        for (int i = 0; i < 10; i++) {
            signIns.use(secret);
        }

        assertThat(STATEMENTS.statements())
                .filteredOn(sql -> sql.contains("UPDATE"))
                .hasSize(1);
    }

    @Test
    void aSecondProofGoesOnUnderTheSamePublicIdWithANewSecret() {
        SsoSignIns.Begun first = begin(alice, false, null);
        now = now.plus(Duration.ofMinutes(3));

        SsoSignIns.Begun second = begin(alice, true, first.secret());

        assertThat(second.session().sid()).isEqualTo(first.session().sid());
        assertThat(signIns.use(first.secret())).isEmpty();
        assertThat(signIns.use(second.secret()).orElseThrow().session().authTime())
                .isEqualTo(now);
        assertThat(families.ended).isEmpty();
        assertThat(revocations.revoked).isEmpty();
    }

    @Test
    void somebodyElsesSignInInTheSameBrowserEnds() {
        UserAccount bob = users.add();
        SsoSignIns.Begun alices = begin(alice, false, null);

        SsoSignIns.Begun bobs = begin(bob, false, alices.secret());

        assertThat(bobs.session().sid()).isNotEqualTo(alices.session().sid());
        assertThat(signIns.use(alices.secret())).isEmpty();
        assertThat(families.ended).containsExactly(alices.session().sid() + " replaced");
        assertThat(revocations.revoked)
                .containsExactly("SID " + alices.session().sid());
    }

    @Test
    void aSecretThatIsNobodysLeadsToNobody() {
        SsoSecret stranger = SsoSecret.random(new java.security.SecureRandom());

        assertThat(signIns.use(stranger)).isEmpty();
        assertThat(begin(alice, false, stranger).secret().text()).isNotEqualTo(stranger.text());
    }

    @Test
    void endTakesFamiliesAndTokensAlongAndIsIdempotent() {
        SsoSignIns.Begun begun = begin(alice, false, null);
        UUID sid = begun.session().sid();
        families.ofSession.put(sid, 2);

        assertThat(signIns.end(sid, "sign_out")).isTrue();
        assertThat(signIns.end(sid, "sign_out")).isFalse();

        assertThat(signIns.use(begun.secret())).isEmpty();
        assertThat(signIns.find(sid)).isEmpty();
        assertThat(revocations.revoked).containsExactly("SID " + sid);
        assertThat(signIns.end(UUID.randomUUID(), "sign_out")).isFalse();
        assertThat(events.published).containsExactly(alice.id() + " " + new SessionRevoked(sid, "sign_out"));
    }

    @Test
    void familiesThatOutlivedTheirExpiredSignInStillEnd() {
        SsoSignIns.Begun begun = begin(alice, false, null);
        UUID sid = begun.session().sid();
        families.ofSession.put(sid, 1);
        now = now.plus(Duration.ofDays(2));

        assertThat(signIns.end(sid, "sign_out")).isTrue();
        assertThat(families.ofSession).isEmpty();
        assertThat(revocations.revoked).containsExactly("SID " + sid);
    }

    @Test
    void aDisabledUsersSignInsAreNoneAndNoneBegins() {
        SsoSignIns.Begun begun = begin(alice, false, null);
        users.users.disable(alice.id());

        assertThat(signIns.use(begun.secret())).isEmpty();
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> begin(alice, false, null))
                .satisfies(e -> assertThat(e.error()).isEqualTo(UserError.DISABLED));
    }

    @Test
    void endsAllSignInsOfAUserAndNobodyElses() {
        UserAccount bob = users.add();
        SsoSecret first = begin(alice, false, null).secret();
        SsoSecret second = begin(alice, true, null).secret();
        SsoSecret other = begin(bob, false, null).secret();

        families.ofUser.put(alice.id(), 3);

        assertThat(signIns.endAllOf(alice.id(), "disabled")).isEqualTo(2);

        assertThat(signIns.use(first)).isEmpty();
        assertThat(signIns.use(second)).isEmpty();
        assertThat(signIns.use(other)).isPresent();
        assertThat(families.ofUser).isEmpty();
        assertThat(revocations.revoked).hasSize(2).allMatch(it -> it.startsWith("SID "));
        assertThat(events.published).hasSize(2).allMatch(it -> it.startsWith(alice.id() + " SessionRevoked"));
    }

    @Test
    void aRowGoesAMonthAfterItsTimeUnlessAFamilyStillStandsOnIt() {
        UUID lone = begin(alice, false, null).session().sid();
        UUID lingering = begin(alice, false, null).session().sid();
        addFamily(lingering);
        Purge purge = new Purge(JDBC, "sso_session", "sid", SsoConfiguration.DUE, () -> now, new SimpleMeterRegistry());

        now = now.plus(IDLE).plus(Duration.ofDays(30));
        purge.run();
        assertThat(exists(lone)).isTrue();
        now = now.plusSeconds(1);
        purge.run();

        assertThat(exists(lone)).isFalse();
        assertThat(exists(lingering)).isTrue();
    }

    boolean exists(UUID sid) {
        return JDBC.sql("SELECT count(*) FROM sso_session WHERE sid = :sid")
                        .param("sid", sid)
                        .query(Long.class)
                        .single()
                == 1;
    }

    void addFamily(UUID sid) {
        JDBC.sql("""
                INSERT INTO refresh_family (id, sid, user_id, client_id, scopes, auth_time, amr, acr, generation,
                                            rotated_at, idle_until, expires_at, created_at)
                VALUES (gen_random_uuid(), :sid, :user, 'gateway', 'openid', now(), 'pwd', '1', 1,
                        now(), now(), now(), now())
                """).param("sid", sid).param("user", alice.id()).update();
    }
}
