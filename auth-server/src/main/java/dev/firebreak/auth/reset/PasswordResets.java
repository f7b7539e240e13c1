package dev.firebreak.auth.reset;

import dev.firebreak.auth.sso.SsoSignIns;
import dev.firebreak.auth.user.NewPassword;
import dev.firebreak.auth.user.PasswordHash;
import dev.firebreak.auth.user.Passwords;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.auth.user.Users;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens links and uses them up. A link that was used, has expired, or never was one is all the same to whoever holds it. */
public final class PasswordResets {
    private static final Logger LOG = LoggerFactory.getLogger(PasswordResets.class);

    private final ResetRepository links;
    private final Users users;
    private final Passwords passwords;
    private final SsoSignIns signIns;
    private final ResetJournal journal;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    PasswordResets(
            ResetRepository links,
            Users users,
            Passwords passwords,
            SsoSignIns signIns,
            ResetJournal journal,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.links = links;
        this.users = users;
        this.passwords = passwords;
        this.signIns = signIns;
        this.journal = journal;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Whose password this link sets; changes nothing, so that whatever looks at links ahead of people spends none. */
    public Optional<UserAccount> find(ResetToken token) {
        return links.find(token, clock.instant()).flatMap(users::find).filter(user -> !user.disabled());
    }

    /**
     * Stores the password, uses the link up, and signs the user out of everything: whoever was in must know the new one.
     *
     * @return false if the link is not good any more; then nothing was changed
     */
    public boolean set(ResetToken token, NewPassword password) {
        Optional<UUID> user = links.find(token, clock.instant());
        if (user.isEmpty()) {
            return false;
        }
        // Before the transaction: no connection is held while a password is hashed.
        PasswordHash hash = passwords.hash(password);
        OptionalInt ended = store(token, user.get(), hash);
        ended.ifPresent(count -> LOG.info("Password of {} set by a link; {} sign-ins ended", user.get(), count));
        return ended.isPresent();
    }

    /** Locks the user before their sign-ins, as everywhere. */
    private OptionalInt store(ResetToken token, UUID user, PasswordHash hash) {
        OptionalInt ended = transaction.execute(status -> {
            if (users.setPassword(user, hash) && links.use(token, clock.instant())) {
                int count = signIns.endAllOf(user, "password_reset");
                journal.used(user);
                return OptionalInt.of(count);
            }
            status.setRollbackOnly();
            return OptionalInt.empty();
        });
        return ended == null ? OptionalInt.empty() : ended;
    }
}
