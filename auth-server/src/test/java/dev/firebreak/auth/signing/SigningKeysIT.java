package dev.firebreak.auth.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.starter.test.StatementCounter;
import dev.firebreak.starter.test.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class SigningKeysIT {
    final MovableClock clock = new MovableClock();
    final TestDeployment deployment = new TestDeployment();
    final StatementCounter statements = new StatementCounter();
    DataSource source;
    JdbcClient jdbc;

    @BeforeEach
    void database() {
        TestPostgres.Database database = TestPostgres.migrated();
        source = statements.counting(new DriverManagerDataSource(database.url(), database.user(), "postgres"));
        jdbc = JdbcClient.create(source);
    }

    @Test
    void makesOneKeyWhenManyNodesFindAnEmptyTableAtOnce() throws Exception {
        Parallel.run(12, () -> {
            node(deployment).refresh();
            return true;
        });

        assertThat(jdbc.sql("SELECT state FROM signing_key").query(String.class).list())
                .containsExactly("active");
        assertThat(jdbc.sql("SELECT version FROM signing_key_set")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void letsEveryNodeSignWithThatKeyAlsoAfterARestart() throws Exception {
        SigningKeys first = node(deployment);
        first.refresh();
        SigningKeys second = node(deployment);
        second.refresh();

        assertThat(kidOf(sign(first))).isEqualTo(kidOf(sign(second)));
        assertThat(second.current().orElseThrow().keys())
                .isEqualTo(first.current().orElseThrow().keys());
    }

    @Test
    void storesThePrivateHalfSealedOnly() {
        node(deployment).refresh();

        String row = jdbc.sql("SELECT public_jwk || encode(sealed_private, 'escape') FROM signing_key")
                .query(String.class)
                .single();

        assertThat(row).contains("\"kty\":\"EC\"").doesNotContain("\"d\":");
    }

    @Test
    void signsWithoutAnySql() {
        SigningKeys keys = node(deployment);
        keys.refresh();
        TokenSigner signer = signer(keys);
        statements.reset();

        for (int i = 0; i < 10; i++) {
            signer.sign(JOSEObjectType.JWT, Map.of("sub", "x"));
        }

        assertThat(statements.statements()).isEmpty();
        keys.refresh();
        assertThat(statements.statements()).as("a refresh is one statement").hasSize(1);
    }

    @Test
    void keepsTheSignerWhileItsKeyIsActiveAndDropsItThen() {
        SigningKeys keys = node(deployment);
        keys.refresh();
        ActiveKey before = keys.snapshot().orElseThrow().active();
        keys.refresh();
        assertThat(keys.snapshot().orElseThrow().active().signer()).isSameAs(before.signer());

        for (String state : List.of("retiring", "retired", "revoked")) {
            jdbc.sql("UPDATE signing_key SET state = :state")
                    .param("state", state)
                    .update();
            keys.refresh();

            assertThat(keys.snapshot().orElseThrow().active()).as(state).isNull();
            assertUnavailable(keys);
        }
        assertThat(jdbc.sql("SELECT count(*) FROM signing_key")
                        .query(Long.class)
                        .single())
                .as("a table that is not empty is never given a first key")
                .isEqualTo(1);
    }

    @Test
    void publishesWhatMayStillVerifyAndNothingElse() {
        SigningKeys keys = node(deployment);
        keys.refresh();
        for (String state : List.of("published", "retiring")) {
            jdbc.sql("UPDATE signing_key SET state = :state")
                    .param("state", state)
                    .update();
            keys.refresh();
            assertThat(keys.current().orElseThrow().keys())
                    .extracting(PublishedKey::state)
                    .containsExactly(state);
        }
        for (String state : List.of("staged", "retired", "revoked")) {
            jdbc.sql("UPDATE signing_key SET state = :state")
                    .param("state", state)
                    .update();
            keys.refresh();
            assertThat(keys.current().orElseThrow().keys()).as(state).isEmpty();
        }
    }

    @Test
    void neverSignsPastTheKeysOwnEndWhateverTheLifeCycleDoes() {
        SigningKeys keys = node(deployment);
        keys.refresh();
        jdbc.sql("UPDATE signing_key SET sign_until = now() + interval '1 minute'")
                .update();
        keys.refresh();
        assertThat(sign(keys)).isNotEmpty();

        clock.advance(Duration.ofSeconds(61));

        assertUnavailable(keys);
    }

    @Test
    void signsForFifteenMinutesAfterTheTableWasReadAndNoLonger() {
        SigningKeys keys = node(deployment);
        assertUnavailable(keys);
        keys.refresh();

        clock.advance(Duration.ofMinutes(15).minusSeconds(5));
        assertThat(sign(keys)).isNotEmpty();
        clock.advance(Duration.ofSeconds(5));

        assertUnavailable(keys);
        keys.refresh();
        assertThat(sign(keys)).isNotEmpty();
    }

    @Test
    void signsNothingWithTheWrongWrappingKeyAndStillTellsVerifiers() {
        node(deployment).refresh();
        SigningKeys stranger = node(new TestDeployment());

        stranger.refresh();

        assertThat(stranger.current().orElseThrow().keys())
                .as("verifiers need no private half")
                .hasSize(1);
        assertUnavailable(stranger);
        assertThat(jdbc.sql("SELECT state FROM signing_key").query(String.class).list())
                .containsExactly("active");
    }

    @Test
    void allowsOneActiveKeyOnly() {
        node(deployment).refresh();

        assertThatExceptionOfType(org.springframework.dao.DuplicateKeyException.class)
                .isThrownBy(() -> jdbc.sql("""
                        INSERT INTO signing_key (kid, state, algorithm, public_jwk, created_at)
                        VALUES ('k2', 'active', 'ES256', '{}', now())
                        """).update());
    }

    private SigningKeys node(TestDeployment of) {
        return new TestNode("node", source, of, TestNode.policy(), new TestNode.FakeVerifiers(), clock).keys;
    }

    private TokenSigner signer(SigningKeys keys) {
        return new TokenSigner(keys, Duration.ofMinutes(15), clock);
    }

    private String sign(SigningKeys keys) {
        return signer(keys).sign(JOSEObjectType.JWT, Map.of("sub", "x"));
    }

    private static String kidOf(String jwt) throws Exception {
        return SignedJWT.parse(jwt).getHeader().getKeyID();
    }

    private void assertUnavailable(SigningKeys keys) {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> sign(keys))
                .extracting(ServiceException::error)
                .isEqualTo(AuthError.UNAVAILABLE);
        assertThat(signer(keys).isReady()).isFalse();
    }
}
