package dev.firebreak.trust;

import com.nimbusds.jose.jwk.JWK;
import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.contracts.trust.TrustAnswer;
import java.text.ParseException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The trust data that a verifier holds, and the rules by which an answer of the feed may replace it: pure, no clock, no
 * I/O. Immutable.
 *
 * @param keys the key set as it was published, for the state file
 * @param snapshot the same in the form in which it is used
 */
record HeldTrust(List<PublishedKey> keys, TrustSnapshot snapshot) {
    HeldTrust {
        keys = List.copyOf(keys);
    }

    /** What came of an answer. */
    sealed interface Outcome {
        /** Take this; {@code changed} unless only the time of reading moved. */
        record Taken(HeldTrust trust, boolean changed) implements Outcome {}

        /** Keep what is held. The reason is for the log. */
        record Refused(String reason) implements Outcome {}
    }

    /**
     * Judges an answer against what is held. Within an epoch neither the version of the keys nor the cursor may go back;
     * another epoch must bring everything, because it voids every number.
     */
    static Outcome merge(@Nullable HeldTrust held, TrustAnswer answer, Instant now) {
        try {
            return held != null && held.snapshot.epoch().equals(answer.epoch())
                    ? held.follow(answer, now)
                    : beginAnew(held, answer, now);
        } catch (ParseException e) {
            return new Outcome.Refused("a key cannot be used: " + e.getMessage());
        }
    }

    /** Everything held, as one full answer. */
    TrustAnswer asAnswer() {
        return new TrustAnswer(
                snapshot.epoch(),
                snapshot.asOf(),
                snapshot.keysVersion(),
                keys,
                snapshot.cursor(),
                true,
                snapshot.revocations().entries());
    }

    /** A node that still reads the former database must not take a verifier back to it. */
    private static Outcome beginAnew(@Nullable HeldTrust held, TrustAnswer answer, Instant now) throws ParseException {
        if (held != null && answer.asOf().isBefore(held.snapshot.asOf())) {
            return new Outcome.Refused("another epoch, read before the one that is held");
        }
        return begin(answer, now);
    }

    private static Outcome begin(TrustAnswer answer, Instant now) throws ParseException {
        if (answer.keys() == null || !answer.full()) {
            return new Outcome.Refused("a new epoch without the whole of its data");
        }
        if (!signs(answer.keys())) {
            return new Outcome.Refused("a key set in which no key is active");
        }
        TrustSnapshot snapshot = new TrustSnapshot(
                answer.epoch(),
                answer.keysVersion(),
                parse(answer.keys()),
                answer.cursor(),
                RevocationSet.empty().plus(answer.revocations(), now),
                earlier(answer.asOf(), now));
        return new Outcome.Taken(new HeldTrust(answer.keys(), snapshot), true);
    }

    private Outcome follow(TrustAnswer answer, Instant now) throws ParseException {
        if (answer.keysVersion() < snapshot.keysVersion() || answer.cursor() < snapshot.cursor()) {
            return new Outcome.Refused("an older state: keys %d after %d, cursor %d after %d"
                    .formatted(answer.keysVersion(), snapshot.keysVersion(), answer.cursor(), snapshot.cursor()));
        }
        boolean newKeys = answer.keysVersion() > snapshot.keysVersion();
        if (newKeys && answer.keys() == null) {
            return new Outcome.Refused("a new version of the keys without the keys");
        }
        if (answer.keys() != null && !signs(answer.keys())) {
            return new Outcome.Refused("a key set in which no key is active");
        }
        // A version names one key set for ever, so that under the same version there is nothing to read.
        List<PublishedKey> newest = newKeys && answer.keys() != null ? answer.keys() : keys;
        RevocationSet base = answer.full() ? RevocationSet.empty() : snapshot.revocations();
        RevocationSet revocations = base.plus(answer.revocations(), now);
        TrustSnapshot next = new TrustSnapshot(
                snapshot.epoch(),
                answer.keysVersion(),
                newKeys ? parse(newest) : snapshot.keys(),
                answer.cursor(),
                revocations.entries().equals(snapshot.revocations().entries()) ? snapshot.revocations() : revocations,
                // What is held may be from the future as well, if this clock was set back since.
                later(earlier(snapshot.asOf(), now), earlier(answer.asOf(), now)));
        boolean changed = newKeys || next.revocations() != snapshot.revocations();
        return new Outcome.Taken(new HeldTrust(newest, next), changed);
    }

    /** Without the key that signs, a set would turn every new token into one of an unknown key. */
    private static boolean signs(List<PublishedKey> published) {
        return published.stream().anyMatch(key -> key.state().equals("active"));
    }

    /**
     * All keys or none: asking with a version acknowledges its keys, and the authorization server may then sign with any
     * of them.
     */
    private static Map<String, JWK> parse(List<PublishedKey> published) throws ParseException {
        Map<String, JWK> keys = new LinkedHashMap<>();
        for (PublishedKey key : published) {
            JWK jwk = JWK.parse(Map.<String, Object>copyOf(key.jwk()));
            boolean sameKid = jwk.getKeyID() == null || jwk.getKeyID().equals(key.kid());
            if (!sameKid || jwk.isPrivate() || !KeyRing.canUse(jwk) || keys.put(key.kid(), jwk) != null) {
                throw new ParseException("kid " + key.kid(), 0);
            }
        }
        return keys;
    }

    /** A server whose clock is ahead must not make its data look younger than the moment it came. */
    private static Instant earlier(Instant asOf, Instant now) {
        return asOf.isBefore(now) ? asOf : now;
    }

    /** Another node may have read its tables earlier; what was known to hold later still does. */
    private static Instant later(Instant held, Instant answered) {
        return answered.isBefore(held) ? held : answered;
    }
}
