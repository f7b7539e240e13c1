package dev.firebreak.auth.ops;

import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.auth.sso.SsoSignIns;
import dev.firebreak.auth.trust.Revocations;
import dev.firebreak.auth.user.Users;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes back what verifiers accept of a session, a user, a client or in a single token, with its line in the journal, in
 * one transaction. Each may be given again. What is named need not exist any more: its tokens may.
 */
@Service
class RevocationOrders {
    private static final String BY_OPERATOR = "operator";

    private final SsoSignIns signIns;
    private final Users users;
    private final Clients clients;
    private final Revocations revocations;
    private final Journal journal;
    private final InstantSource clock;

    RevocationOrders(
            SsoSignIns signIns,
            Users users,
            Clients clients,
            Revocations revocations,
            JdbcClient jdbc,
            InstantSource clock) {
        this.signIns = signIns;
        this.users = users;
        this.clients = clients;
        this.revocations = revocations;
        this.journal = new Journal(jdbc, clock);
        this.clock = clock;
    }

    /** Who orders, and why. */
    record Cause(Actor actor, String reason) {}

    /**
     * What was done.
     *
     * @param value the id under which verifiers refuse
     * @param says what else there is to know, for people
     * @param revocationSeq a verifier that has this revocation refuses
     */
    record Done(String value, String says, long revocationSeq, long journalSeq) {}

    /** Ends a session, its refresh families and its tokens, whenever they were made. */
    @Transactional
    public Done session(UUID sid, Cause cause) {
        boolean ended = signIns.end(sid, BY_OPERATOR);
        return done(
                Revocation.Kind.SID,
                sid.toString(),
                null,
                ended ? "The session has ended." : "No live session has this id; tokens that name it are refused.",
                cause);
    }

    /** Ends all that the user has. The account stays: they may sign in again. */
    @Transactional
    public Done user(UUID id, Cause cause) {
        if (users.find(id).isEmpty()) {
            throw Users.notFound();
        }
        int ended = signIns.endAllOf(id, BY_OPERATOR);
        return done(
                Revocation.Kind.SUB,
                id.toString(),
                clock.instant(),
                "%d sessions have ended. The user may sign in again; users disable locks them out.".formatted(ended),
                cause);
    }

    /**
     * Ends the tokens of a client that were issued until now, and those of a node whose clock is ahead: for
     * {@link Lifetimes#CLOCK_SKEW} it gets none that work. What it may ask for anew its file decides.
     */
    @Transactional
    public Done client(String clientId, Cause cause) {
        return done(
                Revocation.Kind.CLIENT,
                clientId,
                clock.instant().plus(Lifetimes.CLOCK_SKEW),
                clients.find(clientId).isPresent()
                        ? "The client is registered and gets tokens that work again after 30 s; without its file it gets none."
                        : "No client of this name is registered; tokens that name it are refused.",
                cause);
    }

    /** Ends one access token. Its holder may renew it, if they have a refresh token. */
    @Transactional
    public Done token(String jti, Cause cause) {
        return done(
                Revocation.Kind.JTI, jti, null, "Only this token is refused; what it was renewed to is not.", cause);
    }

    private Done done(Revocation.Kind kind, String value, @Nullable Instant issuedBefore, String says, Cause cause) {
        long seq = revocations.revoke(kind, value, issuedBefore);
        long journalSeq = journal.append(
                new Journal.Note(cause.actor(), "revoke", new Subject(subject(kind), value), cause.reason()));
        return new Done(value, says, seq, journalSeq);
    }

    private static String subject(Revocation.Kind kind) {
        return switch (kind) {
            case KID -> Subject.SIGNING_KEY;
            case SID -> Subject.SESSION;
            case SUB -> Subject.USER;
            case CLIENT -> Subject.CLIENT;
            case JTI -> Subject.TOKEN;
        };
    }
}
