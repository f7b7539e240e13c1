package dev.firebreak.auth.trust;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.contracts.trust.TrustAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Answers verifiers from memory, also while the database is away: the answer then says how old it is. A loop refreshes it;
 * answering never does I/O.
 */
final class Feed {
    /** What a verifier takes in one answer (16 MiB at 150 bytes each, with some room). */
    static final int MAX_REVOCATIONS = 100_000;

    /** They leave within a quarter of an hour; a verifier that knows most of them needs no wait at all. */
    private static final Duration TOO_LARGE_RETRY = Duration.ofSeconds(5);

    private final RevocationRepository repository;
    private final VerificationKeys keys;
    private final InstantSource clock;
    private final int maxRevocations;
    private final LongAdder tooLarge = new LongAdder();
    private volatile @Nullable RevocationLog log;

    /** Version of the keys that had been read when the last read of revocations began. */
    private volatile long coveredKeys;

    Feed(RevocationRepository repository, VerificationKeys keys, InstantSource clock) {
        this(repository, keys, clock, MAX_REVOCATIONS);
    }

    Feed(RevocationRepository repository, VerificationKeys keys, InstantSource clock, int maxRevocations) {
        this.maxRevocations = maxRevocations;
        this.repository = repository;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * What a verifier has.
     *
     * @param epoch absent at its first question
     * @param keysVersion version of its keys
     * @param cursor number of its last revocation
     */
    record Question(@Nullable UUID epoch, long keysVersion, long cursor) {}

    /** Reads what came since the last time; everything if the database is another one. Called by one thread at a time. */
    void refresh() {
        Instant now = clock.instant();
        long keysBefore = keysVersion();
        RevocationLog known = log;
        RevocationLog read = repository.readAfter(known == null ? 0 : known.cursor(), now);
        if (known == null) {
            log = read;
        } else if (!read.epoch().equals(known.epoch())) {
            log = repository.readAfter(0, now);
        } else if (read.cursor() < known.cursor()) {
            throw new IllegalStateException("The database went back from revocation %d to %d without a new epoch"
                    .formatted(known.cursor(), read.cursor()));
        } else {
            log = known.plus(read);
        }
        coveredKeys = keysBefore;
    }

    private long keysVersion() {
        return keys.current().map(VerificationKeys.KeySet::version).orElse(0L);
    }

    /**
     * Keys go out only with revocations that were read after them: a key that was taken back is then among these, and its
     * tokens are revoked everywhere and nowhere merely of an unknown key.
     */
    private boolean isCovered(VerificationKeys.KeySet keySet) {
        return keySet.version() <= coveredKeys;
    }

    /** Revocations as last read. */
    Optional<RevocationLog> log() {
        return Optional.ofNullable(log);
    }

    /** True while the whole of the revocations is nearly or already more than one answer may hold. */
    boolean isNearlyFull() {
        RevocationLog current = log;
        return current != null && current.entries().size() > maxRevocations / 10 * 8;
    }

    /** Answers not given because they would be larger than any verifier takes. */
    long answersTooLarge() {
        return tooLarge.sum();
    }

    /** Whether the numbers in the question are of this database. */
    boolean isOfThisEpoch(Question question) {
        RevocationLog current = log;
        return current != null && current.epoch().equals(question.epoch());
    }

    /** True if the verifier has seen more than this node, which then should look again. */
    boolean isBehind(Question question) {
        RevocationLog current = log;
        return current != null
                && current.epoch().equals(question.epoch())
                && (question.cursor() > current.cursor() || question.keysVersion() > keysVersion());
    }

    /** Whether an answer would bring anything, be it that there is none. */
    boolean hasNews(Question question) {
        RevocationLog current = log;
        VerificationKeys.KeySet keySet = keys.current().orElse(null);
        return current == null
                || keySet == null
                || !current.epoch().equals(question.epoch())
                || !keySet.epoch().equals(current.epoch())
                || keySet.version() > question.keysVersion() && isCovered(keySet)
                || current.cursor() > question.cursor();
    }

    /**
     * Absent until both tables were read once.
     *
     * @throws ServiceException if the answer would be too large: cut short it would say that the rest is not revoked
     */
    Optional<TrustAnswer> answer(Question question) {
        RevocationLog current = log;
        VerificationKeys.KeySet keySet = keys.current().orElse(null);
        if (current == null || keySet == null) {
            return Optional.empty();
        }
        if (!keySet.epoch().equals(current.epoch())) {
            // One of the two was read from another database: the other will be in a moment.
            return Optional.empty();
        }
        if (!current.epoch().equals(question.epoch()) && !isCovered(keySet)) {
            return Optional.empty();
        }
        if (keySet.keys().stream().noneMatch(key -> key.state().equals("active"))) {
            // Nobody may be told to trust keys of which none signs: that is no state of this system but a fault.
            return Optional.empty();
        }
        Instant asOf = keySet.readAt().isBefore(current.readAt()) ? keySet.readAt() : current.readAt();
        if (!current.epoch().equals(question.epoch())) {
            return Optional.of(new TrustAnswer(
                    current.epoch(),
                    asOf,
                    keySet.version(),
                    keySet.keys(),
                    current.cursor(),
                    true,
                    bounded(current.after(0))));
        }
        // A verifier that knows more than this node hears "unchanged" with its own numbers: nobody goes back.
        boolean newKeys = keySet.version() > question.keysVersion() && isCovered(keySet);
        return Optional.of(new TrustAnswer(
                current.epoch(),
                asOf,
                newKeys ? keySet.version() : question.keysVersion(),
                newKeys ? keySet.keys() : null,
                Math.max(current.cursor(), question.cursor()),
                false,
                current.cursor() > question.cursor() ? bounded(current.after(question.cursor())) : List.of()));
    }

    private List<Revocation> bounded(List<Revocation> revocations) {
        if (revocations.size() > maxRevocations) {
            tooLarge.increment();
            throw new ServiceException(
                    AuthError.TRUST_UNAVAILABLE, "There are more revocations than one answer holds", TOO_LARGE_RETRY);
        }
        return revocations;
    }
}
