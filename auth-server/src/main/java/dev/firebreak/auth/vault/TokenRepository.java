package dev.firebreak.auth.vault;

import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.auth.vault.TokenSeal.SealedToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * SQL of giving tokens and of renewing them. Locks are taken in one order: the grant, then rows of services. Leases run by
 * the database's clock, which is one for all nodes.
 */
final class TokenRepository {
    /** Why a grant needs the user again, as Google's refusal of a refresh token is understood. */
    static final Set<String> REFUSED = Set.of("revoked", "expired", "session_control");

    private final JdbcClient jdbc;

    TokenRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A service's row with what its grant says.
     *
     * @param token absent until the first one is needed
     * @param leased somebody is renewing it
     * @param grantReason why the grant does not work; absent = it does
     */
    record Row(
            UUID id,
            UUID grant,
            UUID user,
            GoogleService service,
            @Nullable SealedToken token,
            long tokenVersion,
            @Nullable Instant obtainedAt,
            @Nullable Instant expiresAt,
            Set<String> scopes,
            boolean offline,
            boolean leased,
            @Nullable String grantReason,
            long grantVersion) {}

    /**
     * What a renewal needs of a grant.
     *
     * @param refreshToken absent once it is known to be worth nothing
     */
    record Grant(
            @Nullable SealedToken refreshToken,
            long tokenVersion,
            @Nullable String reason,
            @Nullable Instant expiresAt,
            long version) {}

    /** The row meant; one that works before one that does not, then the older. By user_oauth_tokens_user. */
    Optional<Row> find(Wish.Key key) {
        return jdbc.sql("""
                SELECT t.id, t.grant_id, t.sealed_access_token, t.sealed_data_key, t.wrapping_key_id, t.token_version,
                       t.obtained_at, t.expires_at, t.scope, t.offline, t.lease_until > clock_timestamp() AS leased,
                       g.reason, g.version
                  FROM user_oauth_tokens t
                  JOIN google_account_grant g ON g.id = t.grant_id
                  JOIN user_account u ON u.id = t.user_id
                 WHERE t.user_id = :user AND t.service = :service AND u.disabled_at IS NULL
                   AND (CAST(:account AS text) IS NULL OR t.service_user_id = :account)
                 ORDER BY g.state <> 'active', :offline AND NOT t.offline, t.created_at, t.id
                 LIMIT 1
                """)
                .param("user", key.user())
                .param("service", key.service().wireName())
                .param("account", key.account())
                .param("offline", key.offline())
                .query((row, n) -> row(row, key))
                .optional();
    }

    /** Takes the right to renew; the fence, or nothing if somebody has it or the token is another one by now. */
    OptionalLong takeLease(Row row, String holder, Duration life, Instant now) {
        Optional<Long> fence = jdbc.sql("""
                UPDATE user_oauth_tokens
                   SET lease_holder = :holder, lease_fence = lease_fence + 1, updated_at = :now,
                       lease_until = clock_timestamp() + make_interval(secs => CAST(:seconds AS double precision))
                 WHERE id = :id AND token_version = :version AND lease_until <= clock_timestamp()
                RETURNING lease_fence
                """)
                .param("holder", holder)
                .param("seconds", life.toMillis() / 1000.0)
                .param("now", SqlTime.of(now))
                .param("id", row.id())
                .param("version", row.tokenVersion())
                .query(Long.class)
                .optional();
        return fence.isPresent() ? OptionalLong.of(fence.get()) : OptionalLong.empty();
    }

    /**
     * Gives the right back without a token; nothing if somebody else has it by now.
     *
     * @param failed whether that is to be counted
     */
    void release(UUID row, long fence, boolean failed, Instant now) {
        jdbc.sql("""
                UPDATE user_oauth_tokens
                   SET lease_holder = NULL, lease_until = '-infinity', failures = failures + :failed, updated_at = :now
                 WHERE id = :id AND lease_fence = :fence
                """)
                .param("failed", failed ? 1 : 0)
                .param("now", SqlTime.of(now))
                .param("id", row)
                .param("fence", fence)
                .update();
    }

    Optional<Grant> grant(UUID id) {
        return grant(id, "");
    }

    /** Locks it for the caller's transaction. */
    Optional<Grant> lockGrant(UUID id) {
        return grant(id, " FOR UPDATE");
    }

    private Optional<Grant> grant(UUID id, String lock) {
        return jdbc.sql("""
                SELECT sealed_refresh_token, sealed_data_key, wrapping_key_id, token_version, reason,
                       refresh_token_expires_at, version
                  FROM google_account_grant WHERE id = :id
                """ + lock)
                .param("id", id)
                .query((row, n) -> new Grant(
                        sealed(row, "sealed_refresh_token"),
                        row.getLong("token_version"),
                        row.getString("reason"),
                        SqlTime.readNullable(row, "refresh_token_expires_at"),
                        row.getLong("version")))
                .optional();
    }

    /** Notes that the refresh token was of use. */
    void refreshed(UUID grant, @Nullable Instant expiresAt, Instant now) {
        jdbc.sql("""
                UPDATE google_account_grant
                   SET refreshed_at = :now,
                       refresh_token_expires_at = COALESCE(CAST(:expires AS timestamptz), refresh_token_expires_at)
                 WHERE id = :id
                """)
                .param("now", SqlTime.of(now))
                .param("expires", SqlTime.ofNullable(expiresAt))
                .param("id", grant)
                .update();
    }

    /**
     * Replaces the refresh token by the next one, which proves that the grant works whatever Google said of the one before.
     *
     * @param plain of which only hashes are stored beside what is sealed
     */
    void replaceRefreshToken(UUID grant, SealedToken sealed, String plain, @Nullable Instant expiresAt, Instant now) {
        jdbc.sql("""
                UPDATE google_account_grant
                   SET sealed_refresh_token = :token, sealed_data_key = :key, wrapping_key_id = :keyId,
                       token_version = token_version + 1, token_prefix_hash = :prefix, token_id_hash = :hash,
                       state = 'active', reason = NULL, version = version + 1,
                       refresh_token_expires_at = CAST(:expires AS timestamptz), refreshed_at = :now, updated_at = :now
                 WHERE id = :id
                """)
                .param("token", sealed.value())
                .param("key", sealed.dataKey())
                .param("keyId", sealed.wrappingKeyId())
                .param("prefix", RefreshTokenHashes.ofPrefix(plain))
                .param("hash", RefreshTokenHashes.ofGoogleHash(plain))
                .param("expires", SqlTime.ofNullable(expiresAt))
                .param("now", SqlTime.of(now))
                .param("id", grant)
                .update();
    }

    /** Stores a new access token and ends the lease; false if another holder came or the token is another one by now. */
    boolean storeAccessToken(Row row, long fence, SealedToken sealed, HeldToken token) {
        return jdbc.sql("""
                UPDATE user_oauth_tokens
                   SET sealed_access_token = :token, sealed_data_key = :key, wrapping_key_id = :keyId,
                       token_version = token_version + 1, obtained_at = :obtained, expires_at = :expires,
                       scope = :scope, lease_holder = NULL, lease_until = '-infinity', refresh_due_at = NULL,
                       failures = 0, updated_at = :obtained
                 WHERE id = :id AND lease_fence = :fence AND token_version = :version
                """)
                        .param("token", sealed.value())
                        .param("key", sealed.dataKey())
                        .param("keyId", sealed.wrappingKeyId())
                        .param("obtained", SqlTime.of(token.obtainedAt()))
                        .param("expires", SqlTime.of(token.expiresAt()))
                        .param("scope", String.join(" ", new TreeSet<>(token.scopes())))
                        .param("id", row.id())
                        .param("fence", fence)
                        .param("version", row.tokenVersion())
                        .update()
                == 1;
    }

    /** The user must connect again: the whole grant, with all its services. The rows stay. */
    void needsReconnect(UUID grant, String reason, Instant now) {
        jdbc.sql("""
                UPDATE google_account_grant
                   SET state = 'needs_reconnect', reason = :reason, version = version + 1, updated_at = :now,
                       sealed_refresh_token = NULL, sealed_data_key = NULL, wrapping_key_id = NULL,
                       token_prefix_hash = NULL, token_id_hash = NULL
                 WHERE id = :id
                """)
                .param("reason", reason)
                .param("now", SqlTime.of(now))
                .param("id", grant)
                .update();
        jdbc.sql("""
                UPDATE user_oauth_tokens
                   SET sealed_access_token = NULL, sealed_data_key = NULL, wrapping_key_id = NULL, obtained_at = NULL,
                       expires_at = NULL, token_version = token_version + 1, refresh_due_at = NULL,
                       lease_holder = NULL, lease_until = '-infinity', updated_at = :now
                 WHERE grant_id = :grant
                """).param("now", SqlTime.of(now)).param("grant", grant).update();
    }

    /** Grants that changed since then, with their versions. By google_account_grant_updated_at. */
    Map<UUID, Long> changedSince(Instant since) {
        Map<UUID, Long> versions = new HashMap<>();
        jdbc.sql("SELECT id, version FROM google_account_grant WHERE updated_at > :since")
                .param("since", SqlTime.of(since))
                .query((row, n) -> Map.entry(row.getObject("id", UUID.class), row.getLong("version")))
                .list()
                .forEach(it -> versions.put(it.getKey(), it.getValue()));
        return versions;
    }

    /**
     * Notes that tokens were used, once a minute at most, and that they are therefore to be renewed ahead: at a moment of
     * each row's own, some minutes before the end.
     */
    void used(Collection<UUID> rows, Instant now) {
        jdbc.sql("""
                UPDATE user_oauth_tokens
                   SET last_used_at = :now,
                       refresh_due_at = COALESCE(refresh_due_at, expires_at - (5 + 5 * random()) * interval '1 minute')
                 WHERE id = ANY (CAST(string_to_array(:ids, ' ') AS uuid[]))
                   AND (last_used_at IS NULL OR last_used_at < CAST(:now AS timestamptz) - interval '1 minute')
                """)
                .param("now", SqlTime.of(now))
                .param("ids", rows.stream().map(UUID::toString).collect(Collectors.joining(" ")))
                .update();
    }

    private static Row row(ResultSet row, Wish.Key key) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getObject("grant_id", UUID.class),
                key.user(),
                key.service(),
                sealed(row, "sealed_access_token"),
                row.getLong("token_version"),
                SqlTime.readNullable(row, "obtained_at"),
                SqlTime.readNullable(row, "expires_at"),
                split(row.getString("scope")),
                row.getBoolean("offline"),
                row.getBoolean("leased"),
                row.getString("reason"),
                row.getLong("version"));
    }

    private static @Nullable SealedToken sealed(ResultSet row, String column) throws SQLException {
        byte[] token = row.getBytes(column);
        return token == null
                ? null
                : new SealedToken(token, row.getBytes("sealed_data_key"), row.getString("wrapping_key_id"));
    }

    private static Set<String> split(String scopes) {
        return scopes.isEmpty() ? Set.of() : new LinkedHashSet<>(Arrays.asList(scopes.split(" ")));
    }
}
