package dev.firebreak.auth.vault;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.google.FakeGoogle;
import dev.firebreak.auth.google.Google;
import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.auth.sealing.FileKeyWrapper;
import dev.firebreak.auth.vault.TokenSeal.Place;
import dev.firebreak.auth.vault.TokenSeal.SealedToken;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.starter.test.StatementCounter;
import dev.firebreak.starter.test.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One database with connected users, and nodes that give their tokens. */
final class TestVault {
    final MovableClock clock;
    final DataSource database;
    final JdbcClient jdbc;
    final TokenSeal seal;

    TestVault(TestPostgres.Database real, Path wrappingKeyFile, MovableClock clock) {
        this(source(real), wrappingKeyFile, clock);
    }

    TestVault(DataSource database, Path wrappingKeyFile, MovableClock clock) {
        this.clock = clock;
        this.database = database;
        this.jdbc = JdbcClient.create(database);
        this.seal = new TokenSeal(FileKeyWrapper.load(wrappingKeyFile));
    }

    private static DataSource source(TestPostgres.Database real) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(real.url());
        source.setUser(real.user());
        source.setPassword("postgres");
        return source;
    }

    /** What a node is made of. */
    record Node(
            VaultTokens tokens,
            TokenRepository rows,
            TokenCache cache,
            GrantWatch watch,
            LastUse lastUse,
            StatementCounter statements,
            List<Revocation> revocations,
            SimpleMeterRegistry metrics) {
        double renewals(String outcome) {
            return metrics.get("auth.vault.renewals")
                    .tag("outcome", outcome)
                    .counter()
                    .count();
        }
    }

    Node node(String name, Google google, Duration lease, Duration wait) {
        StatementCounter statements = new StatementCounter();
        DataSource counted = statements.counting(database);
        TokenRepository rows = new TokenRepository(JdbcClient.create(counted));
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        TokenCache cache = new TokenCache(20_000, clock, metrics);
        LastUse lastUse = new LastUse(rows, clock);
        VaultMetrics vaultMetrics = new VaultMetrics(metrics);
        Renewer renewer = new Renewer(
                rows, new TransactionTemplate(new JdbcTransactionManager(counted)), seal, google, clock, vaultMetrics);
        VaultProperties properties = new VaultProperties(20_000, lease, wait, Duration.ofSeconds(1));
        VaultTokens tokens =
                new VaultTokens(rows, renewer, seal, cache, lastUse, properties, name, clock, vaultMetrics, metrics);
        List<Revocation> revocations = new CopyOnWriteArrayList<>();
        GrantWatch watch = new GrantWatch(rows, cache, () -> revocations, clock);
        return new Node(tokens, rows, cache, watch, lastUse, statements, revocations, metrics);
    }

    /** A connected service. */
    record Connected(UUID user, UUID grant, UUID row, GoogleService service, String refreshToken) {
        Wish wish() {
            return Wish.of(user, service, null, false, null);
        }

        Wish wish(Duration minimum) {
            return Wish.of(user, service, null, false, minimum);
        }
    }

    /** A user with one service of one account and no access token yet. */
    Connected connect(String refreshToken) {
        UUID user = new TestPeople(jdbc, clock).signIn().userId();
        UUID grant = UUID.randomUUID();
        SealedToken sealed = seal.seal(refreshToken, Place.refreshToken(grant, user, 1));
        jdbc.sql("""
                INSERT INTO google_account_grant (id, user_id, google_sub, google_email, sealed_refresh_token,
                       sealed_data_key, wrapping_key_id, scopes, state, refreshed_at, created_at, updated_at)
                VALUES (:id, :user, :sub, 'ada@gmail.example', :token, :key, :keyId, 'all', 'active', :now, :now, :now)
                """)
                .param("id", grant)
                .param("user", user)
                .param("sub", "sub-" + grant)
                .param("token", sealed.value())
                .param("key", sealed.dataKey())
                .param("keyId", sealed.wrappingKeyId())
                .param("now", SqlTime.of(clock.instant()))
                .update();
        return addService(
                new Connected(user, grant, grant, GoogleService.CALENDAR, refreshToken), GoogleService.CALENDAR);
    }

    /** Another service of the same account. */
    Connected addService(Connected account, GoogleService service) {
        UUID row = jdbc.sql("""
                INSERT INTO user_oauth_tokens (grant_id, user_id, service, scope, service_user_id, service_email,
                                               created_at, updated_at)
                VALUES (:grant, :user, :service, :scope, :sub, 'ada@gmail.example', :now, :now)
                RETURNING id
                """)
                .param("grant", account.grant())
                .param("user", account.user())
                .param("service", service.wireName())
                .param("scope", String.join(" ", service.scopes()))
                .param("sub", "sub-" + account.grant())
                .param("now", SqlTime.of(clock.instant()))
                .query(UUID.class)
                .single();
        return new Connected(account.user(), account.grant(), row, service, account.refreshToken());
    }

    /** Puts an access token into the row that ends then. */
    String store(Connected of, String token, Instant expiresAt) {
        SealedToken sealed = seal.seal(token, Place.accessToken(of.row(), of.user(), of.service(), version(of) + 1));
        jdbc.sql("""
                UPDATE user_oauth_tokens
                   SET sealed_access_token = :token, sealed_data_key = :key, wrapping_key_id = :keyId,
                       token_version = token_version + 1, obtained_at = :obtained, expires_at = :expires
                 WHERE id = :id
                """)
                .param("token", sealed.value())
                .param("key", sealed.dataKey())
                .param("keyId", sealed.wrappingKeyId())
                .param("obtained", SqlTime.of(expiresAt.minus(Duration.ofHours(1))))
                .param("expires", SqlTime.of(expiresAt))
                .param("id", of.row())
                .update();
        return token;
    }

    /** What the connect flow does when a user consents again. */
    void replaceRefreshToken(Connected of, String next) {
        long version = jdbc.sql("SELECT token_version FROM google_account_grant WHERE id = :id")
                .param("id", of.grant())
                .query(Long.class)
                .single();
        SealedToken sealed = seal.seal(next, Place.refreshToken(of.grant(), of.user(), version + 1));
        new TokenRepository(jdbc).replaceRefreshToken(of.grant(), sealed, next, null, clock.instant());
    }

    /** A node that has just taken the lease and is gone. */
    void dieWithLease(Connected of, Duration lease) {
        TokenRepository rows = new TokenRepository(jdbc);
        TokenRepository.Row row = rows.find(of.wish().key()).orElseThrow();
        if (rows.takeLease(row, "dead", lease, clock.instant()).isEmpty()) {
            throw new AssertionError("no lease to die with");
        }
    }

    long version(Connected of) {
        return jdbc.sql("SELECT token_version FROM user_oauth_tokens WHERE id = :id")
                .param("id", of.row())
                .query(Long.class)
                .single();
    }

    String state(Connected of) {
        return jdbc.sql("SELECT concat_ws(' ', state, reason) FROM google_account_grant WHERE id = :id")
                .param("id", of.grant())
                .query(String.class)
                .single();
    }

    boolean leased(Connected of) {
        return jdbc.sql("SELECT lease_until > clock_timestamp() FROM user_oauth_tokens WHERE id = :id")
                .param("id", of.row())
                .query(Boolean.class)
                .single();
    }

    /** The refresh token as the row has it. */
    @Nullable
    String refreshToken(Connected of) {
        TokenRepository.Grant grant =
                new TokenRepository(jdbc).grant(of.grant()).orElseThrow();
        SealedToken sealed = grant.refreshToken();
        return sealed == null
                ? null
                : seal.open(sealed, Place.refreshToken(of.grant(), of.user(), grant.tokenVersion()));
    }

    static Google patient(FakeGoogle fake) {
        return fake.client(Duration.ofSeconds(5));
    }
}
