package dev.firebreak.auth.user;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Makes the account of the first operator, before it has a password. Once somebody with that role can sign in, never again:
 * they give it to others. All of it belongs into one transaction of the caller.
 */
public final class FirstOperator {
    private static final int MAX_NAME = 100;
    /** Any number that no other lock of this database uses. */
    private static final long LOCK = 0x0b007572a901L;

    private final JdbcClient jdbc;
    private final UserStore users;

    /** What came of it. */
    public sealed interface Outcome {
        /**
         * The account is there and waits for its password.
         *
         * @param made by this call
         * @param forgotten accounts under other addresses that waited like it, deleted by this call
         */
        record Waiting(UUID id, boolean made, List<UUID> forgotten) implements Outcome {
            public Waiting {
                forgotten = List.copyOf(forgotten);
            }
        }

        /** An operator can sign in already. */
        record OperatorExists() implements Outcome {}

        /** Somebody else's account has this address. */
        record AddressTaken() implements Outcome {}

        /** That is no e-mail address. */
        record NoAddress() implements Outcome {}
    }

    public FirstOperator(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.users = new UserStore(jdbc);
    }

    /** Makes the account, or finds the one that an earlier call made and nobody has used. */
    public Outcome prepare(String email, Instant now) {
        if (!NewUser.isAddress(email.strip())) {
            return new Outcome.NoAddress();
        }
        // Two calls at once would each find no operator.
        jdbc.sql("SELECT pg_advisory_xact_lock(:lock)")
                .param("lock", LOCK)
                .query((row, n) -> 0)
                .single();
        if (operatorExists()) {
            return new Outcome.OperatorExists();
        }
        // Somebody may be using an earlier link at this moment. Whoever was first is seen by the second look, and
        // whoever
        // comes later waits, and then finds their link replaced or their account gone.
        lockWaiting();
        if (operatorExists()) {
            return new Outcome.OperatorExists();
        }
        EmailKey key = EmailKey.of(email);
        Optional<StoredUser> there = users.findForSignIn(key);
        if (there.isPresent()) {
            UserAccount account = there.get().account();
            boolean waits =
                    !there.get().hasPassword() && account.role() == UserAccount.Role.OPERATOR && !account.disabled();
            return waits ? new Outcome.Waiting(account.id(), false, List.of()) : new Outcome.AddressTaken();
        }
        List<UUID> forgotten = forgetOthers();
        String address = email.strip();
        NewUser user = new NewUser(
                address,
                address.substring(0, Math.min(address.length(), MAX_NAME)),
                StoredUser.NO_PASSWORD,
                UserAccount.Role.OPERATOR,
                false);
        return users.insert(user, key, StoredUser.NO_PASSWORD, now)
                .<Outcome>map(row -> new Outcome.Waiting(row.account().id(), true, forgotten))
                .orElseGet(Outcome.AddressTaken::new);
    }

    /** Disabled ones too: somebody who can undo that has disabled them. */
    private boolean operatorExists() {
        return jdbc.sql("SELECT EXISTS (SELECT FROM user_account WHERE role = 'operator' AND password_hash <> '')")
                .query(Boolean.class)
                .single();
    }

    private void lockWaiting() {
        jdbc.sql("SELECT id FROM user_account WHERE role = 'operator' ORDER BY id FOR UPDATE")
                .query(UUID.class)
                .list();
    }

    /** An address that was mistyped before: whoever reads its mail must not become an operator one day. */
    private List<UUID> forgetOthers() {
        return jdbc.sql("""
                DELETE FROM user_account u
                 WHERE role = 'operator' AND password_hash = ''
                   AND NOT EXISTS (SELECT FROM sso_session s WHERE s.user_id = u.id)
                RETURNING id
                """).query((row, n) -> row.getObject("id", UUID.class)).list();
    }
}
