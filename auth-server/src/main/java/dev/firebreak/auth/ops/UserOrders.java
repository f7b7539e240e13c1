package dev.firebreak.auth.ops;

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
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Orders on a user that must reach everything the user has, in one transaction. Each may be given again. */
@Service
class UserOrders {
    private final Users users;
    private final SsoSignIns signIns;
    private final Revocations revocations;
    private final InstantSource clock;

    UserOrders(Users users, SsoSignIns signIns, Revocations revocations, InstantSource clock) {
        this.users = users;
        this.signIns = signIns;
        this.revocations = revocations;
        this.clock = clock;
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
    public Disabled disable(UUID id) {
        if (users.disable(id)) {
            signIns.endAllOf(id, "disabled");
            revocations.revoke(Revocation.Kind.SUB, id.toString(), clock.instant());
        }
        return new Disabled(require(id), revocations.last());
    }

    /** Lets the user sign in again. What was taken back stays so: they begin anew. */
    @Transactional
    public UserRow enable(UUID id) {
        users.enable(id);
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
    public UserRow changeRole(UUID id, UserAccount.Role role) {
        if (users.changeRole(id, role)) {
            Instant now = clock.instant();
            Instant issuedBefore = role == UserAccount.Role.OPERATOR ? now : now.plus(Lifetimes.CLOCK_SKEW);
            revocations.revoke(Revocation.Kind.SUB, id.toString(), issuedBefore);
        }
        return require(id);
    }

    private UserRow require(UUID id) {
        return users.findRow(id).orElseThrow(Users::notFound);
    }
}
