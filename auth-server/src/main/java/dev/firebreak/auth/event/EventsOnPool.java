package dev.firebreak.auth.event;

import java.time.InstantSource;
import javax.sql.DataSource;

/** Events published on another pool than the requests': for what loops find out. */
public final class EventsOnPool {
    private EventsOnPool() {}

    /** Joins transactions on this pool, and tells {@code news} of each that was committed. */
    public static Events of(DataSource pool, InstantSource clock, EventNews news) {
        return new SqlEvents(pool, clock, news);
    }
}
