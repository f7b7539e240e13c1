package dev.firebreak.auth.user;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.UserError;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;

/**
 * What operators do to users. Changes join the caller's transaction, because what a user has (sessions, families,
 * tokens) belongs to other modules and must change with them.
 */
@Service
public class Users implements UserDirectory {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final UserStore store;
    private final Passwords passwords;
    private final DemoRule demo;
    private final InstantSource clock;

    Users(UserStore store, Passwords passwords, DemoRule demo, InstantSource clock) {
        this.store = store;
        this.passwords = passwords;
        this.demo = demo;
        this.clock = clock;
    }

    @Override
    public Optional<UserAccount> find(UUID id) {
        return store.find(id);
    }

    /** The user as operators see them. */
    public Optional<UserRow> findRow(UUID id) {
        return store.findRow(id);
    }

    /** The id of the user with this address. */
    public Optional<UUID> findId(EmailKey key) {
        return store.findId(key);
    }

    /** The user meant: by address where people type one, by id where programs have one. */
    public UUID requireId(String idOrEmail) {
        if (UUID_FORM.matcher(idOrEmail).matches()) {
            return UUID.fromString(idOrEmail);
        }
        return store.findId(EmailKey.of(idOrEmail)).orElseThrow(Users::notFound);
    }

    /** In the order of their addresses' keys, after the given one. */
    public List<UserRow> pageAfter(EmailKey after, int limit) {
        return store.pageAfter(after, limit);
    }

    /** A new user who is well-formed and allowed, with the hash of their password. */
    public record Hashed(NewUser user, PasswordHash hash) {}

    /** Makes a user. Not to be called in a transaction: it computes a hash first. */
    public UserRow create(NewUser user) {
        return create(hash(user));
    }

    /** All of making a user that takes long and changes nothing. Not to be called in a transaction, either. */
    public Hashed hash(NewUser user) {
        user.requireValid();
        demo.requireAllowed(user);
        return new Hashed(user, new PasswordHash(passwords.hash(user.password())));
    }

    /** The rest, in the caller's transaction. */
    public UserRow create(Hashed hashed) {
        NewUser user = hashed.user();
        return store.insert(user, EmailKey.of(user.email()), hashed.hash().encoded(), clock.instant())
                .orElseThrow(() ->
                        new ServiceException(UserError.EMAIL_TAKEN, "Another user already has this e-mail address."));
    }

    /** Stores a password that the user chose, in the caller's transaction; false if they are disabled or gone. */
    public boolean setPassword(UUID id, PasswordHash hash) {
        return store.setPassword(id, hash.encoded(), clock.instant());
    }

    /** Disables the user; false if they were disabled. The last active operator cannot be. */
    public boolean disable(UUID id) {
        requireAnotherOperator(id);
        return store.disable(id, clock.instant()) || stillExists(id);
    }

    /** Lets the user sign in again; false if they could. */
    public boolean enable(UUID id) {
        return store.enable(id, clock.instant()) || stillExists(id);
    }

    /** Gives the user another role; false if they have it. The last active operator keeps theirs. */
    public boolean changeRole(UUID id, UserAccount.Role role) {
        if (role != UserAccount.Role.OPERATOR) {
            requireAnotherOperator(id);
        }
        return store.changeRole(id, role, clock.instant()) || stillExists(id);
    }

    /**
     * Keeps the user from being changed until the caller's transaction ends.
     *
     * @return the version of their row, which is another one after each change, be it of the password, the role or
     *     something else; absent if they are disabled or gone
     */
    public Optional<Integer> holdActive(UUID id) {
        return store.lockIfActive(id);
    }

    private void requireAnotherOperator(UUID id) {
        List<UUID> operators = store.lockActiveOperators();
        if (operators.size() == 1 && operators.contains(id)) {
            throw new ServiceException(
                    UserError.LAST_OPERATOR, "This is the last active operator; give the role to somebody else first.");
        }
    }

    /** Answers false for a user on whom there was nothing to change. */
    private boolean stillExists(UUID id) {
        if (store.find(id).isEmpty()) {
            throw notFound();
        }
        return false;
    }

    /** The refusal for a user that does not exist. */
    public static ServiceException notFound() {
        return new ServiceException(UserError.NOT_FOUND, "There is no such user.");
    }
}
