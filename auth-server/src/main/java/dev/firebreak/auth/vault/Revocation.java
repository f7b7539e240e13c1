package dev.firebreak.auth.vault;

import dev.firebreak.auth.google.Google;
import dev.firebreak.auth.vault.ConnectionRepository.Grant;
import dev.firebreak.auth.vault.TokenSeal.Place;
import dev.firebreak.auth.vault.TokenSeal.SealedToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends at Google what users have disconnected. The grant's own row is the order, written by the transaction that took its
 * last service away, so that it outlives a Google that is away and a node that dies; ending twice does no harm.
 */
final class Revocation {
    private static final Logger LOG = LoggerFactory.getLogger(Revocation.class);

    private static final int BATCH = 20;
    /** Other nodes learn of a grant's end by its row, and read each second. */
    private static final Duration KEEP = Duration.ofMinutes(10);

    private final ConnectionRepository rows;
    private final TokenSeal seal;
    private final Google google;
    private final InstantSource clock;

    Revocation(ConnectionRepository rows, TokenSeal seal, Google google, InstantSource clock) {
        this.rows = rows;
        this.seal = seal;
        this.google = google;
        this.clock = clock;
    }

    /** Tries once; true if our access is gone at Google. What fails is tried again by {@link #run}. */
    boolean endNow(UUID grant) {
        return rows.toEndAtGoogle(grant).map(this::end).orElse(true);
    }

    /** One round over what is still to be ended. Stops at the first that Google does not end: the next would wait too. */
    void run() {
        for (Grant grant : rows.toEndAtGoogle(BATCH)) {
            if (!end(grant)) {
                rows.endLater(grant.id(), clock.instant());
                break;
            }
        }
        rows.deleteEnded(clock.instant().minus(KEEP));
    }

    private boolean end(Grant grant) {
        SealedToken sealed = grant.refreshToken();
        if (sealed == null) {
            return true;
        }
        String token;
        try {
            token = seal.open(sealed, Place.refreshToken(grant.id(), grant.userId(), grant.tokenVersion()));
        } catch (IllegalStateException e) {
            LOG.error("The refresh token of grant {} does not open, so it cannot be ended at Google", grant.id(), e);
            return false;
        }
        if (!google.revoke(token)) {
            LOG.warn("Google did not end grant {}; it will be asked again", grant.id());
            return false;
        }
        Instant now = clock.instant();
        rows.forgetToken(grant.id(), grant.tokenVersion(), now);
        LOG.info("Grant {} is ended at Google", grant.id());
        return true;
    }
}
