package dev.firebreak.auth.vault;

import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.auth.vault.TokenSeal.SealedToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * SQL of connecting and disconnecting. Locks are taken in one order: grants of a Google account by id, then rows of services.
 *
 * <p>A grant without services, with reason {@value #DISCONNECTED}, is an order to end it at Google; once that is done it has
 * no refresh token any more, and is deleted later, when every node has seen its change.
 */
final class ConnectionRepository {
    static final String DISCONNECTED = "disconnected";

    private static final String GRANT = """
            SELECT id, user_id, google_sub, google_email, sealed_refresh_token, sealed_data_key, wrapping_key_id,
                   token_version, scopes, state, reason, version
              FROM google_account_grant
            """;

    /** By user_oauth_tokens_user; then each grant by its key, and its sub by google_account_grant_sub. */
    private static final String CONNECTION = """
            SELECT t.id, t.grant_id, t.service, t.service_email, t.scope, t.offline, t.created_at, t.last_used_at,
                   g.state, g.reason,
                   NOT EXISTS (SELECT FROM user_oauth_tokens s WHERE s.grant_id = t.grant_id AND s.id <> t.id)
                   AND NOT EXISTS (SELECT FROM google_account_grant o
                                    WHERE o.google_sub = g.google_sub AND o.id <> g.id
                                      AND o.reason IS DISTINCT FROM 'disconnected') AS ends_at_google
              FROM user_oauth_tokens t JOIN google_account_grant g ON g.id = t.grant_id
             WHERE t.user_id = :user
            """;

    private final JdbcClient jdbc;

    ConnectionRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A grant as its row has it.
     *
     * @param refreshToken absent once it is known to be worth nothing
     */
    record Grant(
            UUID id,
            UUID userId,
            String sub,
            String email,
            @Nullable SealedToken refreshToken,
            long tokenVersion,
            Set<String> scopes,
            boolean active,
            @Nullable String reason,
            long version) {
        boolean isDisconnected() {
            return DISCONNECTED.equals(reason);
        }
    }

    /** A refresh token as a row takes it, with what Google's events call it. */
    @SuppressWarnings("ArrayRecordComponent")
    record NewToken(
            SealedToken sealed,
            byte[] prefixHash,
            byte[] googleHash,
            @Nullable Instant expiresAt) {
        @Override
        public String toString() {
            return "NewToken[" + sealed + "]";
        }
    }

    UUID newId() {
        return jdbc.sql("SELECT uuidv7()").query(UUID.class).single();
    }

    List<Connection> connectionsOf(UUID user) {
        return jdbc.sql(CONNECTION + " ORDER BY t.service, t.created_at, t.id")
                .param("user", user)
                .query((row, n) -> connection(row))
                .list();
    }

    Optional<Connection> connection(UUID user, UUID id) {
        return jdbc.sql(CONNECTION + " AND t.id = :id")
                .param("user", user)
                .param("id", id)
                .query((row, n) -> connection(row))
                .optional();
    }

    List<Grant> grantsOf(UUID user) {
        return jdbc.sql(GRANT + " WHERE user_id = :user ORDER BY created_at, id")
                .param("user", user)
                .query((row, n) -> grant(row))
                .list();
    }

    Optional<Grant> lockGrant(UUID user, String sub) {
        return jdbc.sql(GRANT + " WHERE user_id = :user AND google_sub = :sub FOR UPDATE")
                .param("user", user)
                .param("sub", sub)
                .query((row, n) -> grant(row))
                .optional();
    }

    /** All grants of the Google account of this connection, whoever has them: of two users who leave, one is the last. */
    List<Grant> lockGrantsOfAccountOf(UUID user, UUID connection) {
        return jdbc.sql(GRANT + """
                 WHERE google_sub = (SELECT g.google_sub
                                       FROM user_oauth_tokens t JOIN google_account_grant g ON g.id = t.grant_id
                                      WHERE t.id = :connection AND t.user_id = :user)
                 ORDER BY id FOR UPDATE
                """)
                .param("connection", connection)
                .param("user", user)
                .query((row, n) -> grant(row))
                .list();
    }

    /** False if another node has just made a grant of this user and account. */
    boolean insertGrant(Grant grant, NewToken token, Instant now) {
        return jdbc.sql("""
                INSERT INTO google_account_grant (id, user_id, google_sub, google_email, sealed_refresh_token,
                       sealed_data_key, wrapping_key_id, token_version, token_prefix_hash, token_id_hash, scopes, state,
                       version, refresh_token_expires_at, refreshed_at, created_at, updated_at)
                VALUES (:id, :user, :sub, :email, :token, :key, :keyId, :tokenVersion, :prefix, :hash, :scopes, 'active',
                        :version, CAST(:expires AS timestamptz), :now, :now, :now)
                ON CONFLICT (user_id, google_sub) DO NOTHING
                """)
                        .param("id", grant.id())
                        .param("user", grant.userId())
                        .param("sub", grant.sub())
                        .param("email", grant.email())
                        .param("token", token.sealed().value())
                        .param("key", token.sealed().dataKey())
                        .param("keyId", token.sealed().wrappingKeyId())
                        .param("tokenVersion", grant.tokenVersion())
                        .param("prefix", token.prefixHash())
                        .param("hash", token.googleHash())
                        .param("scopes", join(grant.scopes()))
                        .param("version", grant.version())
                        .param("expires", SqlTime.ofNullable(token.expiresAt()))
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    /** Another refresh token: whatever was wrong with the grant is over. */
    void replaceToken(Grant grant, NewToken token, Instant now) {
        jdbc.sql("""
                UPDATE google_account_grant
                   SET sealed_refresh_token = :token, sealed_data_key = :key, wrapping_key_id = :keyId,
                       token_version = :tokenVersion, token_prefix_hash = :prefix, token_id_hash = :hash,
                       google_email = :email, scopes = :scopes, state = 'active', reason = NULL, version = version + 1,
                       refresh_token_expires_at = CAST(:expires AS timestamptz), refreshed_at = :now, updated_at = :now
                 WHERE id = :id
                """)
                .param("token", token.sealed().value())
                .param("key", token.sealed().dataKey())
                .param("keyId", token.sealed().wrappingKeyId())
                .param("tokenVersion", grant.tokenVersion())
                .param("prefix", token.prefixHash())
                .param("hash", token.googleHash())
                .param("email", grant.email())
                .param("scopes", join(grant.scopes()))
                .param("expires", SqlTime.ofNullable(token.expiresAt()))
                .param("now", SqlTime.of(now))
                .param("id", grant.id())
                .update();
    }

    /** More scopes under the refresh token that is there. */
    void widen(Grant grant, Instant now) {
        jdbc.sql("""
                UPDATE google_account_grant
                   SET google_email = :email, scopes = :scopes, version = version + 1, updated_at = :now
                 WHERE id = :id
                """)
                .param("email", grant.email())
                .param("scopes", join(grant.scopes()))
                .param("now", SqlTime.of(now))
                .param("id", grant.id())
                .update();
    }

    List<Connection> connectionsOfGrant(UUID user, UUID grant) {
        return jdbc.sql(CONNECTION + " AND t.grant_id = :grant ORDER BY t.id")
                .param("user", user)
                .param("grant", grant)
                .query((row, n) -> connection(row))
                .list();
    }

    /**
     * What the grant gives this service now. An access token made before may say less or more, or be dead at Google: the
     * next one is made anew, and who is refreshing at the moment finds another version.
     */
    void refit(UUID connection, String email, Set<String> scopes, Instant now) {
        jdbc.sql("""
                UPDATE user_oauth_tokens
                   SET scope = :scope, service_email = :email, sealed_access_token = NULL, sealed_data_key = NULL,
                       wrapping_key_id = NULL, obtained_at = NULL, expires_at = NULL, refresh_due_at = NULL,
                       token_version = token_version + 1, failures = 0, updated_at = :now
                 WHERE id = :id
                """)
                .param("scope", join(scopes))
                .param("email", email)
                .param("now", SqlTime.of(now))
                .param("id", connection)
                .update();
    }

    UUID insert(Grant grant, GoogleService service, Set<String> scopes, Instant now) {
        return jdbc.sql("""
                INSERT INTO user_oauth_tokens (grant_id, user_id, service, scope, service_user_id, service_email,
                                               created_at, updated_at)
                VALUES (:grant, :user, :service, :scope, :sub, :email, :now, :now)
                RETURNING id
                """)
                .param("grant", grant.id())
                .param("user", grant.userId())
                .param("service", service.wireName())
                .param("scope", join(scopes))
                .param("sub", grant.sub())
                .param("email", grant.email())
                .param("now", SqlTime.of(now))
                .query(UUID.class)
                .single();
    }

    /** Locks the grant first, because other nodes learn of the change by it. False if there is no such connection. */
    boolean setOffline(UUID user, UUID connection, boolean offline, Instant now) {
        Optional<UUID> grant = jdbc.sql("""
                UPDATE google_account_grant SET version = version + 1, updated_at = :now
                 WHERE id = (SELECT grant_id FROM user_oauth_tokens WHERE id = :id AND user_id = :user)
                RETURNING id
                """)
                .param("now", SqlTime.of(now))
                .param("id", connection)
                .param("user", user)
                .query(UUID.class)
                .optional();
        return grant.isPresent()
                && jdbc.sql("""
                        UPDATE user_oauth_tokens SET offline = :offline, updated_at = :now
                         WHERE id = :id AND user_id = :user
                        """)
                                .param("offline", offline)
                                .param("now", SqlTime.of(now))
                                .param("id", connection)
                                .param("user", user)
                                .update()
                        == 1;
    }

    /** The grant that the connection was of; absent if there is no such connection. */
    Optional<UUID> delete(UUID user, UUID connection) {
        return jdbc.sql("DELETE FROM user_oauth_tokens WHERE id = :id AND user_id = :user RETURNING grant_id")
                .param("id", connection)
                .param("user", user)
                .query(UUID.class)
                .optional();
    }

    boolean hasServices(UUID grant) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM user_oauth_tokens WHERE grant_id = :grant)")
                .param("grant", grant)
                .query(Boolean.class)
                .single();
    }

    /** Tells the other nodes that something under this grant has changed. */
    void touch(UUID grant, Instant now) {
        jdbc.sql("UPDATE google_account_grant SET version = version + 1, updated_at = :now WHERE id = :id")
                .param("now", SqlTime.of(now))
                .param("id", grant)
                .update();
    }

    /** No service is left. */
    void disconnect(UUID grant, Instant now) {
        jdbc.sql("""
                UPDATE google_account_grant
                   SET state = 'needs_reconnect', reason = 'disconnected', version = version + 1, updated_at = :now
                 WHERE id = :id
                """).param("now", SqlTime.of(now)).param("id", grant).update();
    }

    /** Ended at Google, or not to be ended there; nothing if the user has connected the account again meanwhile. */
    void forgetToken(UUID grant, long tokenVersion, Instant now) {
        jdbc.sql("""
                UPDATE google_account_grant
                   SET sealed_refresh_token = NULL, sealed_data_key = NULL, wrapping_key_id = NULL,
                       token_prefix_hash = NULL, token_id_hash = NULL, version = version + 1, updated_at = :now
                 WHERE id = :id AND token_version = :tokenVersion AND reason = 'disconnected'
                """)
                .param("now", SqlTime.of(now))
                .param("id", grant)
                .param("tokenVersion", tokenVersion)
                .update();
    }

    Optional<Grant> toEndAtGoogle(UUID grant) {
        return jdbc.sql(GRANT + " WHERE id = :id AND reason = 'disconnected' AND sealed_refresh_token IS NOT NULL")
                .param("id", grant)
                .query((row, n) -> grant(row))
                .optional();
    }

    /** Those that wait longest first. */
    List<Grant> toEndAtGoogle(int limit) {
        return jdbc.sql(GRANT + """
                 WHERE state = 'needs_reconnect' AND reason = 'disconnected' AND sealed_refresh_token IS NOT NULL
                 ORDER BY updated_at LIMIT :limit
                """)
                .param("limit", limit)
                .query((row, n) -> grant(row))
                .list();
    }

    /** Behind the others: one that cannot be ended must not stand in their way. */
    void endLater(UUID grant, Instant now) {
        jdbc.sql("UPDATE google_account_grant SET updated_at = :now WHERE id = :id AND reason = 'disconnected'")
                .param("now", SqlTime.of(now))
                .param("id", grant)
                .update();
    }

    /** Grants that nothing is left of. */
    int deleteEnded(Instant before) {
        return jdbc.sql("""
                DELETE FROM google_account_grant g
                 WHERE g.state = 'needs_reconnect' AND g.reason = 'disconnected' AND g.sealed_refresh_token IS NULL
                   AND g.updated_at < :before
                   AND NOT EXISTS (SELECT FROM user_oauth_tokens t WHERE t.grant_id = g.id)
                """).param("before", SqlTime.of(before)).update();
    }

    private static Connection connection(ResultSet row) throws SQLException {
        String service = row.getString("service");
        return new Connection(
                row.getObject("id", UUID.class),
                row.getObject("grant_id", UUID.class),
                GoogleService.find(service).orElseThrow(() -> new IllegalStateException("No service " + service)),
                row.getString("service_email"),
                row.getString("state").equals("active"),
                row.getString("reason"),
                split(row.getString("scope")),
                row.getBoolean("offline"),
                SqlTime.read(row, "created_at"),
                SqlTime.readNullable(row, "last_used_at"),
                row.getBoolean("ends_at_google"));
    }

    private static Grant grant(ResultSet row) throws SQLException {
        byte[] token = row.getBytes("sealed_refresh_token");
        return new Grant(
                row.getObject("id", UUID.class),
                row.getObject("user_id", UUID.class),
                row.getString("google_sub"),
                row.getString("google_email"),
                token == null
                        ? null
                        : new SealedToken(token, row.getBytes("sealed_data_key"), row.getString("wrapping_key_id")),
                row.getLong("token_version"),
                split(row.getString("scopes")),
                row.getString("state").equals("active"),
                row.getString("reason"),
                row.getLong("version"));
    }

    private static String join(Set<String> scopes) {
        return String.join(" ", new TreeSet<>(scopes));
    }

    private static Set<String> split(String scopes) {
        return scopes.isEmpty() ? Set.of() : new LinkedHashSet<>(Arrays.asList(scopes.split(" ")));
    }
}
