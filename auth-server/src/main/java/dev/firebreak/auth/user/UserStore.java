package dev.firebreak.auth.user;

import dev.firebreak.auth.platform.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** SQL of {@code user_account}. Each read is one statement by a unique key and gives its connection back at once. */
@Repository
class UserStore {
    private static final String COLUMNS = "id, email, name, role, disabled_at, demo, created_at";

    private final JdbcClient jdbc;

    UserStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<UserAccount> find(UUID id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM user_account WHERE id = :id")
                .param("id", id)
                .query((row, n) -> account(row))
                .optional();
    }

    Optional<UserRow> findRow(UUID id) {
        return jdbc.sql("SELECT " + COLUMNS + ", email_key FROM user_account WHERE id = :id")
                .param("id", id)
                .query((row, n) -> row(row))
                .optional();
    }

    Optional<UUID> findId(EmailKey key) {
        return jdbc.sql("SELECT id FROM user_account WHERE email_key = :key")
                .param("key", key.value())
                .query(UUID.class)
                .optional();
    }

    Optional<StoredUser> findForSignIn(EmailKey key) {
        return jdbc.sql("SELECT " + COLUMNS + ", version, password_hash FROM user_account WHERE email_key = :key")
                .param("key", key.value())
                .query((row, n) -> new StoredUser(account(row), row.getInt("version"), row.getString("password_hash")))
                .optional();
    }

    /** In the order of their addresses' keys, from the first key after the given one. */
    List<UserRow> pageAfter(EmailKey after, int limit) {
        return jdbc.sql("SELECT " + COLUMNS + ", email_key FROM user_account WHERE email_key > :after"
                        + " ORDER BY email_key LIMIT :limit")
                .param("after", after.value())
                .param("limit", limit)
                .query((row, n) -> row(row))
                .list();
    }

    /** Adds the user; absent if the address is taken. */
    Optional<UserRow> insert(NewUser user, EmailKey key, String passwordHash, Instant now) {
        return jdbc.sql("""
                INSERT INTO user_account (email, email_key, name, password_hash, role, demo, created_at, updated_at)
                VALUES (:email, :key, :name, :hash, :role, :demo, :now, :now)
                ON CONFLICT (email_key) DO NOTHING
                RETURNING %s, email_key
                """.formatted(COLUMNS))
                .param("email", user.email().strip())
                .param("key", key.value())
                .param("name", user.name().strip())
                .param("hash", passwordHash)
                .param("role", user.role().wireName())
                .param("demo", user.demo())
                .param("now", SqlTime.of(now))
                .query((row, n) -> row(row))
                .optional();
    }

    /** Replaces the hash unless somebody changed it since it was read; answers the row's version if it did. */
    Optional<Integer> replaceHash(UUID id, String before, String after, Instant now) {
        return jdbc.sql("""
                UPDATE user_account SET password_hash = :after, updated_at = :now, version = version + 1
                 WHERE id = :id AND password_hash = :before
                RETURNING version
                """)
                .param("after", after)
                .param("now", SqlTime.of(now))
                .param("id", id)
                .param("before", before)
                .query(Integer.class)
                .optional();
    }

    /** Stores a password that the user chose; false if they are disabled or gone. */
    boolean setPassword(UUID id, String hash, Instant now) {
        return jdbc.sql("""
                UPDATE user_account SET password_hash = :hash, updated_at = :now, version = version + 1
                 WHERE id = :id AND disabled_at IS NULL
                """)
                        .param("hash", hash)
                        .param("now", SqlTime.of(now))
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Marks the user disabled; false if they were or do not exist. */
    boolean disable(UUID id, Instant now) {
        return jdbc.sql("""
                UPDATE user_account SET disabled_at = :now, updated_at = :now, version = version + 1
                 WHERE id = :id AND disabled_at IS NULL
                """).param("now", SqlTime.of(now)).param("id", id).update() == 1;
    }

    /** Lets the user sign in again; false if they could or do not exist. */
    boolean enable(UUID id, Instant now) {
        return jdbc.sql("""
                UPDATE user_account SET disabled_at = NULL, updated_at = :now, version = version + 1
                 WHERE id = :id AND disabled_at IS NOT NULL
                """).param("now", SqlTime.of(now)).param("id", id).update() == 1;
    }

    /** Gives the user another role; false if they have it or do not exist. */
    boolean changeRole(UUID id, UserAccount.Role role, Instant now) {
        return jdbc.sql("""
                UPDATE user_account SET role = :role, updated_at = :now, version = version + 1
                 WHERE id = :id AND role <> :role
                """)
                        .param("role", role.wireName())
                        .param("now", SqlTime.of(now))
                        .param("id", id)
                        .update()
                == 1;
    }

    /**
     * Locks the rows of all active operators until the transaction ends and answers who they are: two orders that would
     * each take "the other" operator away wait for one another here, and the second one sees what the first has done.
     * Whoever has no password yet is not counted: they could not undo anything.
     */
    List<UUID> lockActiveOperators() {
        return jdbc.sql("""
                SELECT id FROM user_account
                 WHERE role = 'operator' AND disabled_at IS NULL AND password_hash <> ''
                 ORDER BY id FOR NO KEY UPDATE
                """).query((row, n) -> row.getObject("id", UUID.class)).list();
    }

    /**
     * Holds the row against change (not against other holders) until the transaction ends; its version, or absent if the
     * user is disabled or gone.
     */
    Optional<Integer> lockIfActive(UUID id) {
        return jdbc.sql("SELECT version FROM user_account WHERE id = :id AND disabled_at IS NULL FOR SHARE")
                .param("id", id)
                .query(Integer.class)
                .optional();
    }

    boolean hasDemoAccounts() {
        return jdbc.sql("SELECT EXISTS (SELECT FROM user_account WHERE demo)")
                .query(Boolean.class)
                .single();
    }

    private static UserRow row(ResultSet row) throws SQLException {
        return new UserRow(account(row), new EmailKey(row.getString("email_key")), SqlTime.read(row, "created_at"));
    }

    private static UserAccount account(ResultSet row) throws SQLException {
        return new UserAccount(
                row.getObject("id", UUID.class),
                row.getString("email"),
                row.getString("name"),
                UserAccount.Role.ofWireName(row.getString("role")),
                SqlTime.readNullable(row, "disabled_at") != null,
                row.getBoolean("demo"));
    }
}
