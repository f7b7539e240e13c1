package dev.firebreak.auth.user;

import dev.firebreak.contracts.error.ServiceException;
import java.text.Normalizer;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Tells whether somebody is who they say, by password. Reads the row and gives the connection back, hashes, and only
 * then writes if it must: no connection is held while a hash is computed. An unknown address costs the same work as a
 * known one, so that time tells nothing.
 */
@Component
public class Passwords {
    private static final Logger LOG = LoggerFactory.getLogger(Passwords.class);

    // Longer input is no password of ours (128 characters at creation) and not worth normalising.
    private static final int MAX_CHARACTERS = 1024;

    private final UserStore users;
    private final PasswordHasher hasher;
    private final InstantSource clock;

    /** What came out. Trouble of infrastructure is an exception, never one of these. */
    public sealed interface Verdict {
        /**
         * The password is right and the account may be used.
         *
         * @param version of the user's row that this was judged by: at another one it is not known to be right any more
         */
        record Right(UserAccount user, int version) implements Verdict {}

        /** No such user, or not their password; which of the two is not told. */
        record Wrong() implements Verdict {}

        /** The password is right, the account is disabled. */
        record Disabled(UserAccount user) implements Verdict {}
    }

    Passwords(UserStore users, PasswordHasher hasher, InstantSource clock) {
        this.users = users;
        this.hasher = hasher;
        this.clock = clock;
    }

    /** Checks the password; {@code service.saturated} if too many are being checked. */
    public Verdict check(String email, String password) {
        if (password.isEmpty() || password.length() > MAX_CHARACTERS || email.length() > NewUser.MAX_EMAIL) {
            return new Verdict.Wrong();
        }
        String normalised = normalised(password);
        Optional<StoredUser> found = users.findForSignIn(EmailKey.of(email)).filter(StoredUser::hasPassword);
        if (found.isEmpty()) {
            hasher.matchNobody(normalised);
            return new Verdict.Wrong();
        }
        StoredUser user = found.get();
        if (!hasher.matches(normalised, user.passwordHash())) {
            return new Verdict.Wrong();
        }
        if (user.account().disabled()) {
            return new Verdict.Disabled(user.account());
        }
        int version = hasher.isOutdated(user.passwordHash()) ? renew(user, normalised) : user.version();
        return new Verdict.Right(user.account(), version);
    }

    /**
     * The hash of a new password; {@code service.saturated} if too many are being computed. Not to be called in a
     * transaction: it would hold its connection meanwhile.
     */
    public PasswordHash hash(NewPassword password) {
        return new PasswordHash(hash(password.text()));
    }

    /** The hash of a new password. */
    String hash(String password) {
        return hasher.hash(normalised(password));
    }

    /** Keyboards differ in how they compose a letter (NIST SP 800-63B, 3.1.1.2). */
    private static String normalised(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }

    /** A sign-in must not fail because its hash could not be made stronger: the next one tries again. */
    private int renew(StoredUser user, String password) {
        try {
            String renewed = hasher.hash(password);
            return users.replaceHash(user.account().id(), user.passwordHash(), renewed, clock.instant())
                    .orElse(user.version());
        } catch (ServiceException | DataAccessException e) {
            LOG.warn("Password hash of {} not renewed", user.account().id(), e);
            return user.version();
        }
    }
}
