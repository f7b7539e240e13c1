package dev.firebreak.auth.ops;

import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import dev.firebreak.auth.sso.SsoSignIns;
import dev.firebreak.auth.trust.Revocations;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.auth.user.UserRow;
import dev.firebreak.auth.user.Users;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Orders on a user that must reach everything the user has and the journal, in one transaction. All but the first may be
 * given again; what changes nothing is not noted.
 */
@Service
class UserOrders {
    private final Users users;
    private final SsoSignIns signIns;
    private final Revocations revocations;
    private final Journal journal;
    private final InstantSource clock;

    /** Who orders and why; the reason is one line. */
    record Order(Actor actor, String reason) {}

    UserOrders(Users users, SsoSignIns signIns, Revocations revocations, Journal journal, InstantSource clock) {
        this.users = users;
        this.signIns = signIns;
        this.revocations = revocations;
        this.journal = journal;
        this.clock = clock;
    }

    /** Makes a user. */
    @Transactional
    public UserRow create(Users.Hashed user, Order order) {
        UserRow created = users.create(user);
        UserAccount account = created.account();
        note(order, "create", account.id(), null, account.role().wireName());
        return created;
    }

    /**
     * A user who was locked out.
     *
     * @param revocationSeq a verifier that has this revocation accepts nothing of them any more
     */
    record Disabled(UserRow user, long revocationSeq) {}

    /**
     * Locks the user out: no sign-in, no renewal, and what verifiers accept of them now is taken back.
     */
    @Transactional
    public Disabled disable(UUID id, Order order) {
        if (users.disable(id)) {
            signIns.endAllOf(id, "disabled");
            revocations.revoke(Revocation.Kind.SUB, id.toString(), clock.instant());
            note(order, "disable", id, "active", "disabled");
        }
        return new Disabled(require(id), revocations.last());
    }

    /** Lets the user sign in again. What was taken back stays so: they begin anew. */
    @Transactional
    public UserRow enable(UUID id, Order order) {
        if (users.enable(id)) {
            note(order, "enable", id, "disabled", "active");
        }
        return require(id);
    }

    /**
     * Gives another role. Tokens that say the old one are taken back; sessions here go on and get tokens with the new one.
     *
     * <p>When rights are taken away, also what is issued within the next {@link Lifetimes#CLOCK_SKEW} is refused: a node
     * whose clock is ahead, or one that read the old role just before, stamps its token later than now. The price is that
     * the user gets no token that works for so long. Whoever gains rights does not pay it, as their old tokens say less.
     */
    @Transactional
    public UserRow changeRole(UUID id, UserAccount.Role role, Order order) {
        String before = require(id).account().role().wireName();
        if (users.changeRole(id, role)) {
            Instant now = clock.instant();
            Instant issuedBefore = role == UserAccount.Role.OPERATOR ? now : now.plus(Lifetimes.CLOCK_SKEW);
            revocations.revoke(Revocation.Kind.SUB, id.toString(), issuedBefore);
            note(order, "change-role", id, before, role.wireName());
        }
        return require(id);
    }

    /** By id alone: a name or an address in a row that nobody may delete would outlive the account. */
    private void note(Order order, String action, UUID id, @Nullable String before, String after) {
        journal.append(new Journal.Note(
                order.actor(), action, new Subject(Subject.USER, id.toString()), order.reason(), before, after));
    }

    private UserRow require(UUID id) {
        return users.findRow(id).orElseThrow(Users::notFound);
    }
}
