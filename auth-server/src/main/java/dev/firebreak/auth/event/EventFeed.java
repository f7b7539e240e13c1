package dev.firebreak.auth.event;

import dev.firebreak.contracts.error.EventError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.event.Event;
import dev.firebreak.contracts.event.EventAnswer;
import dev.firebreak.contracts.event.EventType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers services. Whether there is anything for them is known from memory, which a loop refreshes: a question without
 * news costs no statement. Events themselves are read from the table, a bounded page at a time.
 */
public final class EventFeed {
    /** Numbers that one question looks at: a reader of rare events must not scan all of the others in one go. */
    static final int WINDOW = 10_000;

    /** Several reads may fail before "nothing new" is no longer worth saying; then the table is asked. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final EventRepository repository;
    private final InstantSource clock;
    private volatile @Nullable EventHead head;

    EventFeed(EventRepository repository, InstantSource clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /**
     * What a reader has.
     *
     * @param epoch absent at its first question
     * @param cursor of its last answer
     * @param types what it may see; never empty
     * @param limit events in one answer, at most
     */
    public record Question(@Nullable UUID epoch, long cursor, Set<EventType> types, int limit) {
        public Question {
            types = Set.copyOf(types);
        }
    }

    /** Reads how far the events go. Called by one thread at a time. */
    void refresh() {
        head = repository.head(clock.instant());
    }

    /** How far they go, as last read. */
    Optional<EventHead> head() {
        return Optional.ofNullable(head);
    }

    /** Number of the last event as last read; absent before the first read. */
    public OptionalLong end() {
        EventHead current = head;
        return current == null ? OptionalLong.empty() : OptionalLong.of(current.seq());
    }

    /** Which database that was. */
    public Optional<UUID> epoch() {
        return head().map(EventHead::epoch);
    }

    /** True if the reader has seen more than this node, which then should look again. */
    boolean isBehind(Question question) {
        EventHead current = head;
        return current != null && current.epoch().equals(question.epoch()) && question.cursor() > current.seq();
    }

    /** Whether an answer would bring anything, be it an error. */
    boolean hasNews(Question question) {
        EventHead current = head;
        return current == null
                || !current.epoch().equals(question.epoch())
                || question.cursor() < current.purged()
                || current.last(question.types()) > question.cursor();
    }

    /**
     * @throws ServiceException {@link EventError#CURSOR_TOO_OLD} if events after the cursor were deleted, {@link
     *     EventError#CURSOR_UNKNOWN} if none has so high a number; trouble of the database as everywhere
     */
    public EventAnswer answer(Question question) {
        Instant now = clock.instant();
        EventHead current = head;
        if (current != null
                && !hasNews(question)
                && !isBehind(question)
                && Duration.between(current.readAt(), now).compareTo(FRESH) < 0) {
            return new EventAnswer(current.epoch(), current.readAt(), false, List.of(), current.seq(), false);
        }
        EventRepository.Page page =
                repository.pageAfter(question.epoch(), question.cursor(), question.types(), question.limit(), WINDOW);
        boolean full = !page.epoch().equals(question.epoch());
        requireKnown(page);
        long cursor = cursor(page, question.limit());
        return new EventAnswer(
                page.epoch(), now.truncatedTo(ChronoUnit.MICROS), full, page.events(), cursor, cursor < page.last());
    }

    private static void requireKnown(EventRepository.Page page) {
        if (page.begin() < page.purged()) {
            throw new ServiceException(
                    EventError.CURSOR_TOO_OLD,
                    "Events up to number %d are deleted; the cursor is %d.".formatted(page.purged(), page.begin()));
        }
        if (page.begin() > page.last()) {
            throw new ServiceException(
                    EventError.CURSOR_UNKNOWN,
                    "The last event has number %d; the cursor is %d.".formatted(page.last(), page.begin()));
        }
    }

    /** A full page ends with its last event; any other one was looked through to the end of the window. */
    private static long cursor(EventRepository.Page page, int limit) {
        List<Event> events = page.events();
        return events.size() == limit ? events.getLast().seq() : Math.min(page.last(), page.begin() + WINDOW);
    }
}
