package dev.firebreak.auth.grant;

import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import dev.firebreak.auth.node.Node;
import dev.firebreak.auth.node.Nodes;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.RefreshKeyError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.Lanes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The order for the day on which a key of the refresh tokens' MAC is in the wrong hands: another key makes tokens, the leaked
 * one proves nothing any more. Who has the key can make any token of any family, and tell the families apart from the real
 * ones' nobody can; so every family that such a token may have renewed ends, and its people sign in again. One order at a time
 * on a node.
 */
public final class MacEmergency {
    private static final Logger LOG = LoggerFactory.getLogger(MacEmergency.class);

    /** State of a revoked key for operators. In its row stands {@link MacKeys#revocation} instead. */
    static final String REVOKED = "revoked";

    /** A node reads the keys within 1.5 s and reports within 3 s. */
    private static final Duration WAIT = Duration.ofSeconds(5);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** Waits, and the ending of families; a client waits 20 s. */
    private static final Duration LONGEST = Duration.ofSeconds(18);

    /** How often the order is planned anew because a key moved. A rotation moves keys once. */
    private static final int MOST_RETRIES = 3;

    private static final String REVOKE = "revoke";

    private final MacKeyRepository repository;
    private final FamilyRepository families;
    private final FamilyEnd end;
    private final MacMoves moves;
    private final KeyWrapper wrapper;
    private final Nodes nodes;
    private final Journal journal;
    private final TransactionTemplate transactions;
    private final InstantSource clock;
    private final Runnable hurry;
    private final ReentrantLock one = new ReentrantLock();

    /** @param hurry makes this node's loop read the keys at once */
    MacEmergency(
            MacKeyRepository repository,
            FamilyRepository families,
            MacMoves moves,
            KeyWrapper wrapper,
            Nodes nodes,
            Journal journal,
            TransactionTemplate transactions,
            InstantSource clock,
            Runnable hurry) {
        this.repository = repository;
        this.families = families;
        this.end = new FamilyEnd(families);
        this.moves = moves;
        this.wrapper = wrapper;
        this.nodes = nodes;
        this.journal = journal;
        this.transactions = transactions;
        this.clock = clock;
        this.hurry = hurry;
    }

    /**
     * The order.
     *
     * @param id the key that leaked; absent = every key there is, which is the right one if that is not known. One that is revoked
     *     already is left at that, and families that an order before has not ended end
     * @param actor who gives it, as the journal writes that
     * @param dryRun whether it is only a question
     */
    public record Order(@Nullable String id, String reason, Actor actor, boolean dryRun) {}

    /**
     * A key's move.
     *
     * @param id absent in a dry run for the key that would be made
     */
    public record Change(@Nullable String id, @Nullable String before, String after) {}

    /**
     * When a node accepted the revoked keys no more.
     *
     * @param after since the order was carried out, as the node's next report tells: never too short
     */
    public record Effective(String node, Duration after) {}

    /**
     * What it did, or would do.
     *
     * @param signedOut families that ended: so many sign-ins have to be made again
     * @param alive families that should have ended and have not, because somebody held their rows; the same order with one of the
     *     revoked keys goes on with them
     * @param lacking nodes that had not loaded the new key when it began to make tokens; they answer its tokens 503 until then
     * @param missing nodes that have not said yet that they accept the revoked keys no more
     * @param journalSeq number of the last entry; 0 in a dry run
     */
    public record Answer(
            boolean dryRun,
            List<Change> changes,
            long signedOut,
            long alive,
            List<String> lacking,
            List<String> missing,
            List<Effective> effective,
            long journalSeq) {
        public Answer {
            changes = List.copyOf(changes);
            lacking = List.copyOf(lacking);
            missing = List.copyOf(missing);
            effective = List.copyOf(effective);
        }
    }

    /**
     * A key that is to take over.
     *
     * @param at when it was made, as the database keeps it: compared with what is stored there
     * @param lacking nodes that have not loaded it in time
     */
    private record Held(String id, Instant at, List<String> lacking) {}

    /** What was committed. */
    private record Moved(List<Change> changes, Instant at, long seq) {}

    /**
     * Carries out the order. It goes on when the caller goes away, because half of it is worse than none.
     *
     * @throws ServiceException a {@link RefreshKeyError} that says why not
     */
    public Answer give(Order order) {
        FutureTask<Answer> task = new FutureTask<>(() -> {
            AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
            Lanes.in(Lane.KEEP, () -> answer.set(carryOut(order)));
            return Objects.requireNonNull(answer.get());
        });
        Thread.ofVirtual().name("refresh-key-order").start(task);
        try {
            return task.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ServiceException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("An order on the keys of refresh tokens failed", e.getCause());
        } catch (TimeoutException e) {
            throw new ServiceException(
                    AuthError.UNAVAILABLE, "The order takes long and goes on. Look at the keys and the journal.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException(AuthError.UNAVAILABLE, "Interrupted. Look at the keys and the journal.", e);
        }
    }

    private Answer carryOut(Order order) {
        if (!one.tryLock()) {
            throw new ServiceException(RefreshKeyError.CHANGED, "Another order is being carried out on this node.");
        }
        try {
            MacPlan plan = plan(order, null, null);
            return order.dryRun() ? foresee(plan) : carryOut(order, plan);
        } finally {
            one.unlock();
        }
    }

    /**
     * @param held left out: it is this order's own
     * @param former what was planned before; if another order has taken such a key back since, this one is refused
     */
    private MacPlan plan(Order order, @Nullable Held held, @Nullable MacPlan former) {
        List<MacKeyRepository.Row> rows = repository.findAll();
        List<MacKey> table = rows.stream()
                .map(MacKeyRepository.Row::key)
                .filter(key -> held == null || !key.id().equals(held.id()))
                .toList();
        Set<String> revoked = MacKeys.revoked(rows, wrapper);
        if (former != null
                && !former.isRevokedAlready()
                && former.ids().stream().anyMatch(revoked::contains)) {
            throw changed();
        }
        return MacPlan.of(order.id(), table, revoked, this::wasMaking);
    }

    /** Rows do not tell: a revoked key is an old one there. */
    private boolean wasMaking(MacKey key) {
        return journal.findFirst(new Subject(Subject.REFRESH_KEY, key.id()), REVOKE)
                .filter(entry -> MacKeyState.MAKING.wireName().equals(entry.before()))
                .isPresent();
    }

    private static String state(MacPlan plan, MacKey key) {
        return plan.isRevokedAlready() ? REVOKED : key.state().wireName();
    }

    private Answer foresee(MacPlan plan) {
        List<Change> changes = new ArrayList<>();
        if (plan.replaces()) {
            changes.add(new Change(null, null, MacKeyState.MAKING.wireName()));
        }
        plan.takesBack().forEach(key -> changes.add(new Change(key.id(), state(plan, key), REVOKED)));
        return new Answer(true, changes, countLive(plan), 0, List.of(), List.of(), List.of(), 0);
    }

    private long countLive(MacPlan plan) {
        Instant now = clock.instant();
        return families.countLive(plan.touched(now), now);
    }

    private Answer carryOut(Order order, MacPlan first) {
        MacPlan plan = first;
        Held held = plan.replaces() ? hold(order) : null;
        Moved moved = move(order, plan, held);
        for (int retry = 1; moved == null; retry++) {
            if (retry > MOST_RETRIES) {
                throw changed();
            }
            // The schedule may have promoted a key while nodes loaded the held one: the same order, other states.
            plan = plan(order, held, plan);
            held = held == null && plan.replaces() ? hold(order) : held;
            moved = move(order, plan, held);
        }
        long committed = System.nanoTime();
        hurry.run();
        LOG.warn(
                "MAC keys {} of refresh tokens are revoked by {}, because: {}",
                plan.ids(),
                order.actor().text(),
                order.reason());
        FamilyEnd.Outcome outcome = end.of(plan.touched(moved.at()), moved.at());
        Map<String, Effective> effective = new TreeMap<>();
        Set<String> missing = new TreeSet<>();
        MacPlan done = plan;
        waitUntil(() -> accepted(done, committed, effective, missing));
        return new Answer(
                false,
                moved.changes(),
                outcome.ended(),
                outcome.alive(),
                held == null || !plan.replaces() ? List.of() : held.lacking(),
                List.copyOf(missing),
                List.copyOf(effective.values()),
                moved.seq());
    }

    private Held hold(Order order) {
        MacKeys.NewKey key = MacKeys.generate(wrapper);
        Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        moves.hold(key, order.actor(), order.reason(), at);
        hurry.run();
        Predicate<Node> has = node -> node.macKeys().contains(key.id());
        waitUntil(() -> nodes.read().stream().allMatch(has));
        return new Held(
                key.id(), at, names(nodes.read().stream().filter(has.negate()).toList()));
    }

    /**
     * All of it or none: there is never a moment without a making key, nor one in which a leaked one still proves something.
     *
     * @return absent if a key moved meanwhile, and nothing was done
     */
    private @Nullable Moved move(Order order, MacPlan plan, @Nullable Held held) {
        Instant now = clock.instant();
        return transactions.execute(status -> {
            List<Change> changes = new ArrayList<>();
            List<Journal.Note> notes = new ArrayList<>();
            for (MacKey key : plan.takesBack()) {
                if (!plan.isRevokedAlready()
                        && !repository.revoke(key.id(), key.state(), MacKeys.revocation(wrapper, key.id()), now)) {
                    status.setRollbackOnly();
                    return null;
                }
                changes.add(new Change(key.id(), state(plan, key), REVOKED));
                notes.add(note(order, REVOKE, key.id(), state(plan, key), REVOKED));
            }
            if (plan.replaces()) {
                Held next = Objects.requireNonNull(held);
                if (!repository.promoteHeld(next.id(), next.at())) {
                    status.setRollbackOnly();
                    return null;
                }
                String making = MacKeyState.MAKING.wireName();
                changes.addFirst(new Change(next.id(), null, making));
                notes.addFirst(note(order, "promote", next.id(), MacKeyState.OLD.wireName(), making));
            }
            long last = 0;
            for (Journal.Note note : notes) {
                last = journal.append(note);
            }
            return new Moved(changes, now, last);
        });
    }

    private static Journal.Note note(Order order, String action, String id, String before, String after) {
        return new Journal.Note(
                order.actor(), action, new Subject(Subject.REFRESH_KEY, id), order.reason(), before, after);
    }

    private static ServiceException changed() {
        return new ServiceException(
                RefreshKeyError.CHANGED,
                "Another order or a rotation moved a key at the same moment. Nothing was done.");
    }

    /** Notes who accepts the keys no more; true if that is everybody. */
    private boolean accepted(MacPlan plan, long committed, Map<String, Effective> effective, Set<String> missing) {
        missing.clear();
        Duration after = Duration.ofNanos(System.nanoTime() - committed);
        for (Node node : nodes.read()) {
            if (plan.takesBack().stream().anyMatch(key -> node.macKeys().contains(key.id()))) {
                missing.add(node.name());
                effective.remove(node.name());
            } else {
                effective.putIfAbsent(node.name(), new Effective(node.name(), after));
            }
        }
        missing.forEach(effective::remove);
        return missing.isEmpty();
    }

    private static List<String> names(List<Node> nodes) {
        return nodes.stream().map(Node::name).distinct().sorted().toList();
    }

    /** Real time, not the clock's: a person waits. */
    private static void waitUntil(BooleanSupplier condition) {
        long end = System.nanoTime() + WAIT.toNanos();
        while (!condition.getAsBoolean()
                && System.nanoTime() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
