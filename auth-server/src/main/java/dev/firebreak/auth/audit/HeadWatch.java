package dev.firebreak.auth.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells another system, the one that keeps metrics, how far the journal goes and how its chain ends: who can rewrite the
 * table cannot rewrite that too. A label with the hash would make a time series of each entry, so a gauge holds the
 * hash's beginning as a whole number. Looks are made by one thread at a time.
 */
final class HeadWatch {
    private static final Logger LOG = LoggerFactory.getLogger(HeadWatch.class);
    /** 48 bits: a double holds every whole number up to 2^53 exactly. */
    private static final int HASH_DIGITS = 12;

    private final Journal journal;
    private volatile Journal.@Nullable Head head;

    HeadWatch(Journal journal, MeterRegistry metrics) {
        this.journal = journal;
        gauge("auth.journal.head.seq", "Number of the journal's last entry", Journal.Head::seq, metrics);
        gauge(
                "auth.journal.head.hash",
                "First 48 bits of the hash of the journal's last entry, as a whole number",
                HeadWatch::beginning,
                metrics);
    }

    /** Not a number before the first look. */
    private void gauge(String name, String description, ToDoubleFunction<Journal.Head> value, MeterRegistry metrics) {
        Gauge.builder(name, this, watch -> {
                    Journal.Head seen = watch.head;
                    return seen == null ? Double.NaN : value.applyAsDouble(seen);
                })
                .description(description)
                .register(metrics);
    }

    void look() {
        Journal.Head before = head;
        Journal.Head now = journal.head();
        head = now;
        if (before != null && isNoContinuation(before, now)) {
            LOG.error(
                    "The journal's head was entry {} with hash {} and is now entry {} with hash {}: entries were taken"
                            + " away or written anew, or the database is a restored one",
                    before.seq(),
                    before.hash(),
                    now.seq(),
                    now.hash());
        }
    }

    private static boolean isNoContinuation(Journal.Head before, Journal.Head now) {
        return now.seq() < before.seq()
                || now.seq() == before.seq() && !now.hash().equals(before.hash());
    }

    static double beginning(Journal.Head head) {
        return Long.parseLong(head.hash().substring(0, HASH_DIGITS), 16);
    }
}
