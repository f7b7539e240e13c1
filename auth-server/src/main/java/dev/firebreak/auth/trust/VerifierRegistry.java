package dev.firebreak.auth.trust;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What each verifier last asked with: heard by this node at once, shared with the others through the database once a
 * second. Hearing never does I/O, so that the feed is served with the database down; what was heard meanwhile is written
 * when it is back.
 */
final class VerifierRegistry implements Verifiers {
    /** Far more than stop within a second; beyond it they are forgotten after a while as if they had said nothing. */
    private static final int MOST_GOODBYES = 1_000;

    /** Several exchanges may fail before what the others heard is out of date. */
    private static final Duration KNOWN_FOR = Duration.ofSeconds(15);

    private final VerifierRepository repository;
    private final int mostPerClient;
    private final InstantSource clock;
    private final Map<Id, Verifier> known = new ConcurrentHashMap<>();
    private final Map<Id, Instant> stopped = new ConcurrentHashMap<>();
    private final Set<Id> unwritten = ConcurrentHashMap.newKeySet();
    private volatile Runnable news = () -> {};
    private volatile @Nullable Instant exchangedAt;
    private @Nullable UUID epoch;

    /** Which verifier. */
    record Id(String client, String instance) {}

    /** @param mostPerClient nodes of one client; a further one is refused, because it could not be waited for */
    VerifierRegistry(VerifierRepository repository, int mostPerClient, InstantSource clock) {
        this.repository = repository;
        this.mostPerClient = mostPerClient;
        this.clock = clock;
    }

    /** What runs when somebody may be waiting for what was heard: an early {@link #exchange}. */
    void onNews(Runnable soon) {
        news = soon;
    }

    /**
     * Notes a question.
     *
     * @param ring cookie keys that the verifier can open; absent if it does not say
     * @throws ServiceException if its client has as many nodes as it may have and this is another
     */
    void heard(String client, String instance, long keysVersion, long cursor, @Nullable List<String> ring) {
        Id id = new Id(client, instance);
        Verifier before = known.get(id);
        if (before == null) {
            requireRoom(id);
        }
        // As the database keeps it, so that what was written and what is read again are the same.
        Instant askedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Verifier now = new Verifier(client, instance, keysVersion, cursor, askedAt, ring);
        stopped.remove(id);
        // First, so that an exchange in between does not take it for one that another node took out.
        unwritten.add(id);
        known.put(id, now);
        if (before == null || before.keysVersion() != keysVersion || before.cursor() != cursor) {
            news.run();
        }
    }

    /** A verifier that says that it stops: nobody waits for it from now on. */
    void stops(String client, String instance) {
        Id id = new Id(client, instance);
        known.remove(id);
        if (stopped.size() < MOST_GOODBYES) {
            // Known here or not: another node may have heard it.
            stopped.put(id, clock.instant().truncatedTo(ChronoUnit.MICROS));
        }
        unwritten.remove(id);
        news.run();
    }

    private void requireRoom(Id id) {
        Instant forgotten = clock.instant().minus(FORGET_AFTER);
        long others = known.entrySet().stream()
                .filter(entry -> entry.getKey().client().equals(id.client())
                        && !entry.getKey().equals(id)
                        && entry.getValue().askedAt().isAfter(forgotten))
                .count();
        if (others >= mostPerClient) {
            throw new ServiceException(
                    AuthError.TOO_MANY_VERIFIERS,
                    "Client %s has %d verifiers already; %s is one too many. An instance must be the stable name of its node."
                            .formatted(id.client(), others, id.instance()));
        }
    }

    @Override
    public List<Verifier> live() {
        Instant forgotten = clock.instant().minus(FORGET_AFTER);
        return known.values().stream()
                .filter(verifier -> verifier.askedAt().isAfter(forgotten))
                .sorted(Comparator.comparing(Verifier::name))
                .toList();
    }

    /** Since the last question of the verifier that has not asked for longest; zero without any. */
    Duration longestSilence() {
        Instant now = clock.instant();
        return live().stream()
                .map(verifier -> Duration.between(verifier.askedAt(), now))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    @Override
    public void exchangeSoon() {
        news.run();
    }

    /** Writes what this node heard and reads what the others did. One thread at a time. */
    synchronized void exchange() {
        Instant now = clock.instant();
        Map<Id, Instant> goodbyes = new HashMap<>(stopped);
        List<Id> writing = new ArrayList<>(unwritten);
        List<Verifier> heard = new ArrayList<>();
        for (Id id : writing) {
            Verifier verifier = known.get(id);
            if (verifier != null) {
                heard.add(verifier);
            }
        }
        // Removed before it is written: what is heard meanwhile is written by the next exchange.
        writing.forEach(unwritten::remove);
        try {
            requireSameDatabase(repository.epoch());
            repository.write(heard);
            goodbyes.forEach(repository::stop);
            repository.removeSilentSince(now.minus(FORGET_AFTER));
            take(repository.findAll(), goodbyes);
        } catch (RuntimeException e) {
            unwritten.addAll(writing);
            throw e;
        }
        goodbyes.forEach(stopped::remove);
        exchangedAt = now;
        known.values().removeIf(verifier -> !verifier.askedAt().isAfter(now.minus(FORGET_AFTER)));
    }

    /** What verifiers had of another database says nothing; they ask again within a second. */
    private void requireSameDatabase(UUID now) {
        if (epoch != null && !epoch.equals(now)) {
            known.clear();
            unwritten.clear();
        }
        epoch = now;
    }

    @Override
    public boolean isKnown() {
        Instant last = exchangedAt;
        return last != null && Duration.between(last, clock.instant()).compareTo(KNOWN_FOR) < 0;
    }

    private void take(List<Verifier> rows, Map<Id, Instant> goodbyes) {
        Map<Id, Verifier> read = new HashMap<>();
        for (Verifier row : rows) {
            Id id = new Id(row.client(), row.instance());
            Instant goodbye = stopped.getOrDefault(id, goodbyes.get(id));
            if (goodbye == null || row.askedAt().isAfter(goodbye)) {
                read.put(id, row);
            }
        }
        // Taken out by another node, to which it said that it stops.
        known.keySet().removeIf(id -> !read.containsKey(id) && !unwritten.contains(id));
        read.forEach((id, row) -> known.merge(
                id,
                row,
                (heard, written) ->
                        // The database keeps no ring: what this node heard last stays.
                        heard.askedAt().isBefore(written.askedAt()) ? written.withRing(heard.ring()) : heard));
    }
}
