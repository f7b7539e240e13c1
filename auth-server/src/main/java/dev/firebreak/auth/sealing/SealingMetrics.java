package dev.firebreak.auth.sealing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What operators see of the sealed columns. */
final class SealingMetrics {
    private final Map<String, Counter> rewrapped = new TreeMap<>();
    private volatile Supplier<Optional<SealingProgress>> progress = Optional::empty;

    /** Under which key a row is sealed, as a bounded label. */
    private enum Kind {
        /** The file's first one. */
        CURRENT("current"),
        /** Another one of the file. */
        OLD("old"),
        /** One that is not in the file. */
        MISSING("missing");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        static Kind of(String keyId, SealingProgress progress) {
            if (keyId.equals(progress.current())) {
                return CURRENT;
            }
            return progress.keys().fileHas(keyId) ? OLD : MISSING;
        }
    }

    SealingMetrics(List<SealedColumn> columns, MeterRegistry metrics) {
        for (SealedColumn column : columns) {
            for (Kind kind : Kind.values()) {
                Gauge.builder("auth.sealed.rows", () -> rows(column.table(), kind))
                        .tag("table", column.table())
                        .tag("key", kind.label)
                        .description("Sealed rows, by the key-encryption key that opens them")
                        .register(metrics);
            }
            rewrapped.put(
                    column.table(),
                    Counter.builder("auth.sealed.rewrapped")
                            .tag("table", column.table())
                            .description("Rows that this node put under the current key-encryption key")
                            .register(metrics));
        }
    }

    void follow(Supplier<Optional<SealingProgress>> source) {
        progress = source;
    }

    void rewrapped(String table, int rows) {
        Counter counter = rewrapped.get(table);
        if (counter != null) {
            counter.increment(rows);
        }
    }

    /** Not a number before the first look: zero would say that a key may go. */
    private double rows(String table, Kind kind) {
        return progress.get()
                .map(now -> now.counts().stream()
                        .filter(count -> count.table().equals(table) && Kind.of(count.keyId(), now) == kind)
                        .mapToDouble(SealedRowRepository.Count::rows)
                        .sum())
                .orElse(Double.NaN);
    }
}
