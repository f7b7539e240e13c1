package dev.firebreak.auth;

import dev.firebreak.auth.platform.SqlTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts users and their sign-ins straight into the database: how they sign in is not what these tests are about. */
public final class TestPeople {
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public TestPeople(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A browser that is signed in; {@code cookie} is the value of {@code firebreak-sso}. */
    public record SignedIn(UUID userId, String email, UUID sid, Instant authTime, String cookie) {}

    /** A new user, signed in. */
    public SignedIn signIn() {
        return signIn("user");
    }

    public SignedIn signIn(String role) {
        UUID user = UUID.randomUUID();
        String email = user + "@example.com";
        jdbc.sql("""
                INSERT INTO user_account (id, email, email_key, name, password_hash, role, created_at, updated_at)
                VALUES (:id, :email, :email, 'Ada Lovelace', '-', :role, :now, :now)
                """)
                .param("id", user)
                .param("email", email)
                .param("role", role)
                .param("now", SqlTime.of(clock.instant()))
                .update();
        return signInAgain(user, email);
    }

    /** Another browser of the user. */
    public SignedIn signInAgain(UUID user, String email) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        UUID sid = UUID.randomUUID();
        Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        jdbc.sql("""
                INSERT INTO sso_session (sid, secret_hash, user_id, auth_time, amr, acr, created_at, last_seen_at,
                                         expires_at, remembered, device_label)
                VALUES (:sid, :hash, :user, :now, 'pwd', 'urn:firebreak:acr:1', :now, :now, :expires, true, 'test')
                """)
                .param("sid", sid)
                .param("hash", sha256(secret))
                .param("user", user)
                .param("now", SqlTime.of(now))
                .param("expires", SqlTime.of(now.plus(Duration.ofDays(30))))
                .update();
        return new SignedIn(
                user, email, sid, now, Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    public void disable(UUID user) {
        jdbc.sql("UPDATE user_account SET disabled_at = :now WHERE id = :id")
                .param("id", user)
                .param("now", SqlTime.of(clock.instant()))
                .update();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
