package dev.firebreak.auth.grant;

import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.contracts.token.Lifetimes;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on {@code authorization_code}. Each method is one statement. */
final class CodeRepository {
    private final JdbcClient jdbc;

    CodeRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What the use of a code made.
     *
     * @param renewed whether access tokens followed the first one
     */
    record Spoils(@Nullable UUID family, String firstJti, UUID sid, boolean renewed) {}

    void insert(byte[] codeHash, AuthorizationCodes.NewCode code, Instant expiresAt) {
        jdbc.sql("""
                INSERT INTO authorization_code
                       (code_hash, client_id, sid, redirect_uri, code_challenge, scopes, nonce, expires_at)
                VALUES (:codeHash, :clientId, :sid, :redirectUri, :codeChallenge, :scopes, :nonce, :expiresAt)
                """)
                .param("codeHash", codeHash)
                .param("clientId", code.clientId())
                .param("sid", code.sid())
                .param("redirectUri", code.redirectUri())
                .param("codeChallenge", code.codeChallenge())
                .param("scopes", UserGrantRow.scopes(code.scopes()))
                .param("nonce", code.nonce())
                .param("expiresAt", SqlTime.of(expiresAt))
                .update();
    }

    /**
     * Spends the code and starts its family, if there is to be one. The share locks make a sign-out or a disabling at the
     * same moment either prevent this or see the new family: without them it could miss it. Users before sessions, as
     * everywhere, so that two orders cannot wait for each other.
     */
    Optional<UserGrant> use(
            AuthorizationCodes.Redemption request, String codeChallenge, @Nullable UUID family, Instant now) {
        return jdbc.sql("""
                WITH live AS MATERIALIZED (
                    SELECT c.code_hash, s.sid, s.user_id, s.auth_time, s.amr, s.acr,
                           u.email, u.name, u.role, u.demo, false AS disabled
                      FROM authorization_code c
                      JOIN sso_session s ON s.sid = c.sid
                      JOIN user_account u ON u.id = s.user_id
                     WHERE c.code_hash = :codeHash AND c.client_id = :clientId
                       AND c.redirect_uri = :redirectUri AND c.code_challenge = :codeChallenge
                       AND c.used_at IS NULL AND c.expires_at > :now
                       AND s.ended_at IS NULL AND u.disabled_at IS NULL
                       FOR SHARE OF u, s FOR UPDATE OF c
                ), used AS (
                    UPDATE authorization_code c
                       SET used_at = :now, family_id = :family, first_jti = :firstJti
                      FROM live
                     WHERE c.code_hash = live.code_hash AND c.used_at IS NULL
                    RETURNING live.*, c.client_id, c.scopes, c.nonce
                ), started AS (
                    INSERT INTO refresh_family
                           (id, sid, user_id, client_id, scopes, auth_time, amr, acr,
                            generation, rotated_at, idle_until, expires_at, created_at)
                    SELECT CAST(:family AS uuid), sid, user_id, client_id, scopes, auth_time, amr, acr,
                           1, :now, :idleUntil, :expiresAt, :now
                      FROM used
                     WHERE CAST(:family AS uuid) IS NOT NULL
                )
                SELECT sid, user_id, client_id, scopes, nonce, auth_time, amr, acr, email, name, role, demo, disabled
                  FROM used
                """)
                .param("codeHash", AuthorizationCodes.hash(request.code()))
                .param("clientId", request.clientId())
                .param("redirectUri", request.redirectUri())
                .param("codeChallenge", codeChallenge)
                .param("firstJti", request.firstJti())
                .param("family", family)
                .param("now", SqlTime.of(now))
                .param("idleUntil", SqlTime.of(now.plus(Lifetimes.REFRESH_IDLE)))
                .param("expiresAt", SqlTime.of(now.plus(Lifetimes.REFRESH_ABSOLUTE)))
                .query((row, n) -> UserGrantRow.read(row, request.clientId(), row.getString("nonce")))
                .optional();
    }

    /** If the code was used before: what that made, given out once. */
    Optional<Spoils> takeSpoils(String code, String clientId) {
        return jdbc.sql("""
                UPDATE authorization_code SET first_jti = NULL
                 WHERE code_hash = :codeHash AND client_id = :clientId
                   AND used_at IS NOT NULL AND first_jti IS NOT NULL
                RETURNING family_id, old.first_jti AS first_jti, sid,
                          EXISTS (SELECT FROM refresh_family f WHERE f.id = family_id AND f.generation > 1) AS renewed
                """)
                .param("codeHash", AuthorizationCodes.hash(code))
                .param("clientId", clientId)
                .query((row, n) -> new Spoils(
                        row.getObject("family_id", UUID.class),
                        row.getString("first_jti"),
                        row.getObject("sid", UUID.class),
                        row.getBoolean("renewed")))
                .optional();
    }
}
