package dev.firebreak.auth.sso;

import dev.firebreak.auth.event.Events;
import dev.firebreak.auth.grant.RefreshFamilies;
import dev.firebreak.auth.trust.Revocations;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.auth.user.Users;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.UserError;
import dev.firebreak.contracts.event.SessionRevoked;
import dev.firebreak.contracts.trust.Revocation;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Begins, uses and ends sign-ins. Locks are taken in one order everywhere, so that two orders cannot wait for each
 * other: user, session, families, revocations.
 */
@Service
public class SsoSignIns implements SsoSessions {
    private final SsoStore store;
    private final Users users;
    private final RefreshFamilies families;
    private final Revocations revocations;
    private final Events events;
    private final SsoProperties properties;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * How somebody proved who they are.
     *
     * @param userVersion version of the user's row that the proof was judged by
     */
    public record Proof(List<String> amr, String acr, int userVersion) {
        public Proof {
            amr = List.copyOf(amr);
        }
    }

    /** A sign-in that just began, and the only sight of its secret. */
    public record Begun(SsoSession session, SsoSecret secret) {}

    SsoSignIns(
            SsoStore store,
            Users users,
            RefreshFamilies families,
            Revocations revocations,
            Events events,
            SsoProperties properties,
            InstantSource clock) {
        this.store = store;
        this.users = users;
        this.families = families;
        this.revocations = revocations;
        this.events = events;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Signs the browser in under a new secret. If it was signed in as the same user, that sign-in goes on under its
     * public id (what its clients hold stays theirs); somebody else's sign-in in this browser ends.
     *
     * <p>A password that was right a moment ago may have been replaced since, and the order that replaced it has ended
     * only the sign-ins that it found. So the user is held first, and nothing begins on a proof from before a change.
     *
     * @return absent if the user was changed since the proof was judged: judge it anew
     */
    @Transactional
    public Optional<Begun> begin(
            UserAccount user, Proof proof, boolean remembered, String device, @Nullable SsoSecret previous) {
        int version = users.holdActive(user.id())
                .orElseThrow(() -> new ServiceException(UserError.DISABLED, "The account is disabled."));
        if (version != proof.userVersion()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<SsoSession> before = previous == null ? Optional.empty() : store.lock(previous, now);
        SsoSecret secret = SsoSecret.random(random);
        Instant expiresAt = now.plus(properties.idle(remembered));
        if (before.isPresent() && before.get().userId().equals(user.id())) {
            SsoSession again = new SsoSession(before.get().sid(), user.id(), now, proof.amr(), proof.acr(), expiresAt);
            store.renew(again, secret, remembered, device, now);
            return Optional.of(new Begun(again, secret));
        }
        before.ifPresent(other -> end(other.sid(), "replaced"));
        SsoSession session = new SsoSession(UUID.randomUUID(), user.id(), now, proof.amr(), proof.acr(), expiresAt);
        store.insert(session, secret, remembered, device, now);
        return Optional.of(new Begun(session, secret));
    }

    /** The live sign-in with this secret, and notes that it was used. */
    Optional<SsoAuthentication> use(SsoSecret secret) {
        Instant now = clock.instant();
        Optional<SsoStore.Live> found = store.findLive(secret, now);
        found.ifPresent(live -> noteUse(live, now));
        return found.map(live -> new SsoAuthentication(live.session(), live.user()));
    }

    private void noteUse(SsoStore.Live live, Instant now) {
        Instant since = now.minus(properties.seenPrecision());
        if (live.lastSeenAt().isAfter(since)) {
            return;
        }
        Instant byIdleness = now.plus(properties.idle(live.remembered()));
        Instant byAge = live.session().authTime().plus(properties.maxAge());
        store.touch(live.session().sid(), now, since, byIdleness.isBefore(byAge) ? byIdleness : byAge);
    }

    @Override
    public Optional<SsoSession> find(UUID sid) {
        return store.findLive(sid, clock.instant());
    }

    @Override
    @Transactional
    public boolean end(UUID sid, String reason) {
        Optional<UUID> ended = store.end(sid, reason, clock.instant());
        // Also when the row had ended or gone: a family that outlived it must not outlive this order.
        int familiesEnded = families.endOfSession(sid, reason);
        if (ended.isPresent() || familiesEnded > 0) {
            revocations.revoke(Revocation.Kind.SID, sid.toString(), null);
            ended.or(() -> store.findUser(sid))
                    .ifPresent(user -> events.publish(user, new SessionRevoked(sid, reason)));
        }
        return ended.isPresent();
    }

    /** Ends the sign-in that this secret belongs to, if it is live. */
    @Transactional
    public void end(SsoSecret secret, String reason) {
        store.lock(secret, clock.instant()).ifPresent(session -> end(session.sid(), reason));
    }

    /**
     * Ends all that the user has: sign-ins, refresh families, and what verifiers still accept of them. By each sign-in and
     * whatever the time of issue: a node whose clock is ahead may have stamped a token later than now.
     *
     * @return how many sign-ins ended
     */
    @Transactional
    public int endAllOf(UUID userId, String reason) {
        List<UUID> ended = store.endOfUser(userId, reason, clock.instant());
        families.endOfUser(userId, reason);
        ended.forEach(sid -> {
            revocations.revoke(Revocation.Kind.SID, sid.toString(), null);
            events.publish(userId, new SessionRevoked(sid, reason));
        });
        return ended.size();
    }
}
