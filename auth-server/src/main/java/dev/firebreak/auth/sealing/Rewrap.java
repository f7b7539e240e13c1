package dev.firebreak.auth.sealing;

import dev.firebreak.auth.node.Node;
import dev.firebreak.auth.node.Nodes;
import dev.firebreak.auth.sealing.SealedRowRepository.Count;
import dev.firebreak.auth.sealing.SealedRowRepository.Row;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts what is sealed under an old key-encryption key under the file's first one, a batch a transaction, on any number of
 * nodes at once. It remembers nothing between two runs: a node that dies in the middle leaves rows under the one key or the
 * other, and the next run of any node goes on. Called by one thread at a time.
 */
final class Rewrap {
    private static final Logger LOG = LoggerFactory.getLogger(Rewrap.class);
    /** Short transactions: the rows are locked meanwhile. */
    private static final int BATCH = 50;
    /** So that a large table is worked off over several runs, between which the progress is told. */
    private static final int MAX_BATCHES = 200;
    /** Rows of a table that do not open; with more of them something else is wrong than a row. */
    private static final int MAX_BROKEN = 100;

    private final SealedRowRepository rows;
    private final FileKeyWrapper wrapper;
    private final Nodes nodes;
    private final RewrapJournal journal;
    private final TransactionTemplate transactions;
    private final InstantSource clock;
    private final SealingMetrics metrics;
    private volatile @Nullable SealingProgress progress;
    private List<Count> reported = List.of();
    private Set<String> brokenReported = Set.of();

    Rewrap(
            SealedRowRepository rows,
            FileKeyWrapper wrapper,
            Nodes nodes,
            RewrapJournal journal,
            TransactionTemplate transactions,
            InstantSource clock,
            SealingMetrics metrics) {
        this.rows = rows;
        this.wrapper = wrapper;
        this.nodes = nodes;
        this.journal = journal;
        this.transactions = transactions;
        this.clock = clock;
        this.metrics = metrics;
        metrics.follow(this::progress);
    }

    /** As last read by this node; absent before the first time. */
    Optional<SealingProgress> progress() {
        return Optional.ofNullable(progress);
    }

    /** Looks, and re-wraps what is to be re-wrapped if all nodes agree on the key. */
    void run() {
        nodes.join();
        List<Node> living = nodes.read();
        SealingProgress before = look(living);
        if (before.isDone() || !before.waitsFor().isEmpty() || !nodes.isIn(living)) {
            return;
        }
        Set<String> broken = new TreeSet<>();
        int count = 0;
        for (SealedColumn column : rows.columns()) {
            count += rewrap(column, before.keys(), broken);
        }
        if (count > 0) {
            LOG.info("{} sealed values are now under {}", count, before.current());
        }
        if (!broken.equals(brokenReported)) {
            LOG.error("These sealed values do not open, so their key must stay: {}", broken);
            brokenReported = broken;
        }
        look(living);
    }

    private SealingProgress look(List<Node> living) {
        SealingProgress now = SealingProgress.of(wrapper.keys(), rows.count(), living);
        progress = now;
        report(now);
        // Of nodes that this one does not know, it does not know what they still seal with.
        if (now.isDone() && nodes.isIn(living)) {
            wrapper.forget(clock.instant());
            if (journal.mayHaveToEnd(now.current())) {
                transactions.executeWithoutResult(status -> journal.end(now.current()));
                journal.ended(now.current());
            }
        } else {
            journal.goesOn();
        }
        return now;
    }

    private int rewrap(SealedColumn column, HeldKeys keys, Set<String> broken) {
        List<String> former = keys.all().stream()
                .map(KeyEncryptionKey::id)
                .filter(id -> !id.equals(keys.first().id()))
                .toList();
        Set<String> skip = new TreeSet<>();
        int sum = 0;
        for (int batch = 0; batch < MAX_BATCHES && skip.size() < MAX_BROKEN; batch++) {
            Batch done = transactions.execute(status -> rewrapBatch(column, keys, former, skip));
            if (done.changed() > 0) {
                journal.begun(keys.first().id());
            }
            sum += done.changed();
            metrics.rewrapped(column.table(), done.changed());
            if (done.locked() < BATCH) {
                break;
            }
        }
        skip.forEach(id -> broken.add(column.table() + " " + id));
        return sum;
    }

    private record Batch(int locked, int changed) {}

    private Batch rewrapBatch(SealedColumn column, HeldKeys keys, List<String> former, Set<String> skip) {
        List<Row> locked = rows.lock(column, former, skip, BATCH);
        int changed = 0;
        Set<String> from = new TreeSet<>();
        for (Row row : locked) {
            KeyWrapper.Place place = column.place(row.id());
            byte[] secret;
            try {
                secret = wrapper.unwrap(row.keyId(), row.value(), place);
            } catch (IllegalStateException e) {
                skip.add(row.id());
                continue;
            }
            KeyWrapper.Sealed sealed = keys.first().seal(secret, place);
            Arrays.fill(secret, (byte) 0);
            if (rows.replace(column, row, sealed)) {
                changed++;
                from.add(row.keyId());
            }
        }
        if (changed > 0) {
            journal.begin(keys.first().id(), from);
        }
        return new Batch(locked.size(), changed);
    }

    /** Once per change, not once a run. */
    private void report(SealingProgress now) {
        List<Count> missing = now.missing();
        if (!withoutRows(missing).equals(withoutRows(reported))) {
            for (Count count : missing) {
                LOG.error(
                        "{} rows of {} are sealed under key-encryption key {}, which auth.wrapping-key-file does not"
                                + " hold{}: put it back as a further line",
                        count.rows(),
                        count.table(),
                        count.keyId(),
                        now.keys().find(count.keyId()).isPresent() ? " any more (this process still has it)" : "");
            }
            if (missing.isEmpty()) {
                LOG.info("No row needs a key-encryption key any more that auth.wrapping-key-file does not hold");
            }
            reported = missing;
        }
    }

    private static List<String> withoutRows(List<Count> counts) {
        return counts.stream().map(count -> count.table() + " " + count.keyId()).toList();
    }
}
