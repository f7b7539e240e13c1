package dev.firebreak.auth.signing;

import dev.firebreak.auth.trust.EffectWatch;
import dev.firebreak.auth.trust.Verifier;
import dev.firebreak.auth.trust.Verifiers;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.KeyError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.Lanes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Operators' orders on signing keys. Each is decided on the keys as read and carried out only if nobody moved one since;
 * orders that must be known to verifiers wait for them a few seconds and say who has not heard. On a node one order at a
 * time decides and moves; they watch side by side. An order takes 15 seconds at most.
 */
public final class KeyOrders {
    /** How long an order watches its effect. */
    private static final Duration WATCH = Duration.ofSeconds(7);

    /** How long an emergency waits for an order that decides: another emergency waits for verifiers meanwhile. */
    private static final Duration TURN = KeyPolicy.EMERGENCY_WAIT.plusSeconds(1);

    /** How long an order waits for news that is on its way between nodes. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Waits and watch of the longest order, and its statements. */
    private static final Duration LONGEST = Duration.ofSeconds(25);

    private static final int ATTEMPTS = 3;

    private final KeyMoves moves;
    private final SigningKeys keys;
    private final Verifiers verifiers;
    private final EffectWatch effects;
    private final KeyPolicy policy;
    private final InstantSource clock;
    private final ReentrantLock one = new ReentrantLock();
    private volatile Runnable hurry = () -> {};

    KeyOrders(
            KeyMoves moves,
            SigningKeys keys,
            Verifiers verifiers,
            EffectWatch effects,
            KeyPolicy policy,
            InstantSource clock) {
        this.moves = moves;
        this.keys = keys;
        this.verifiers = verifiers;
        this.effects = effects;
        this.policy = policy;
        this.clock = clock;
    }

    /** What makes this node look again at once after an order: its loops. */
    void onOrder(Runnable loops) {
        hurry = loops;
    }

    /** Keys, schedule and verifiers at one moment. */
    public KeyReport report() {
        return KeyReport.of(moves.read(), policy, verifiers.live(), clock.instant());
    }

    /**
     * Carries out an order.
     *
     * @throws ServiceException a {@link KeyError} that says why not, and when or what instead
     */
    public KeyAnswer give(KeyOrder order) {
        // Out of the request: its deadline bounds a question, not an order that must not stop half-way, and key moves
        // are kept
        // alive before all else.
        FutureTask<KeyAnswer> task = new FutureTask<>(() -> {
            AtomicReference<@Nullable KeyAnswer> answer = new AtomicReference<>();
            Lanes.in(Lane.KEEP, () -> answer.set(carryOut(order)));
            return Objects.requireNonNull(answer.get());
        });
        Thread.ofVirtual().name("key-order").start(task);
        try {
            return task.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ServiceException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("An order on keys failed", e.getCause());
        } catch (TimeoutException e) {
            throw new ServiceException(
                    AuthError.UNAVAILABLE, "The order takes long. Look at the keys and the journal.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException(AuthError.UNAVAILABLE, "Interrupted. Look at the keys and the journal.", e);
        }
    }

    private KeyAnswer carryOut(KeyOrder order) {
        boolean mine = order.emergency() ? lockForEmergency() : one.tryLock();
        if (!mine) {
            throw new ServiceException(KeyError.CHANGED, "Another order is being carried out on this node.");
        }
        Supplier<KeyAnswer> rest;
        try {
            rest = switch (order.kind()) {
                case PREPARE -> prepare(order);
                case PUBLISH -> publish(order);
                case ACTIVATE -> activate(order);
                case RETIRE -> retire(order);
                case REVOKE -> revoke(order);
                case ROTATE -> order.emergency() ? emergency(order) : rotate(order);
            };
        } finally {
            one.unlock();
        }
        // Not under the lock: an emergency would wait for an order that only watches its effect.
        return rest.get();
    }

    private boolean lockForEmergency() {
        try {
            return one.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // Each decides and moves under the lock, and answers what is left to do without it.

    private Supplier<KeyAnswer> prepare(KeyOrder order) {
        KeyMoves.Moved moved = move(order, table -> {
            table.newest(KeyState.STAGED).ifPresent(staged -> {
                throw illegal("Key %s is prepared already. Publish it, or retire it first.".formatted(staged.kid()));
            });
            return moving -> {
                moving.prepare(algorithm(order), false, false);
                return moving;
            };
        });
        return () -> answer(order, moved, List.of(), List.of(), List.of("Nobody has it yet; publish it next."));
    }

    private Supplier<KeyAnswer> publish(KeyOrder order) {
        KeyMoves.Moved moved = move(order, table -> {
            SigningKey key = choose(table, order, KeyState.STAGED);
            table.newest(KeyState.PUBLISHED).ifPresent(published -> {
                throw illegal(
                        "Key %s is published already. Activate it, or retire it first.".formatted(published.kid()));
            });
            return moving -> moving.publish(key.kid());
        });
        if (order.dryRun()) {
            return () -> answer(order, moved, names(verifiers.live()), List.of(), List.of());
        }
        return () -> watched(order, moved, verifier -> verifier.keysVersion() >= moved.version(), new ArrayList<>());
    }

    private Supplier<KeyAnswer> activate(KeyOrder order) {
        KeyMoves.Moved moved = move(order, table -> {
            SigningKey key = choose(table, order, KeyState.PUBLISHED);
            requireConfirmed(key);
            if (!order.force()) {
                requireTime(key);
            }
            return moving -> moving.activate(key.kid(), table.active(), null);
        });
        return () -> answer(
                order,
                moved,
                List.of(),
                List.of(),
                List.of("Other nodes sign with it within a second; the former key's tokens stay good."));
    }

    private Supplier<KeyAnswer> retire(KeyOrder order) {
        KeyMoves.Moved moved = move(order, table -> {
            SigningKey key = choose(table, order, KeyState.RETIRING, KeyState.PUBLISHED, KeyState.STAGED);
            Instant since = key.retiringAt();
            if (key.state() == KeyState.RETIRING && since != null) {
                Instant at = policy.lastTokenExpired(since);
                if (clock.instant().isBefore(at)) {
                    throw new ServiceException(
                            KeyError.TOO_EARLY,
                            "Tokens of key %s may be alive until %s; it retires by itself then. To end them now, revoke it."
                                    .formatted(key.kid(), at));
                }
            }
            return moving -> moving.retire(key);
        });
        return () -> answer(order, moved, List.of(), List.of(), List.of("Its private half is destroyed."));
    }

    private Supplier<KeyAnswer> revoke(KeyOrder order) {
        KeyMoves.Moved moved = move(order, table -> {
            SigningKey key = choose(table, order, KeyState.RETIRING, KeyState.PUBLISHED, KeyState.STAGED);
            return moving -> moving.revoke(key.kid(), key.state());
        });
        return () -> watchedRevocation(order, moved, new ArrayList<>());
    }

    private Supplier<KeyAnswer> rotate(KeyOrder order) {
        KeyMoves.Moved moved = move(order, table -> moving -> {
            SigningKey ready = upcoming(table);
            if (ready != null && order.algorithm() != null && ready.algorithm() != order.algorithm()) {
                throw illegal(
                        "Key %s is %s already, and it is for %s. Let it take over first, or retire it and order again."
                                .formatted(ready.kid(), ready.state().wireName(), ready.algorithm()));
            }
            if (ready == null) {
                return moving.publish(moving.prepare(algorithm(order), true, order.force()));
            }
            if (ready.state() == KeyState.STAGED) {
                moving.publish(ready.kid());
            }
            return moving.want(ready.kid(), KeyState.PUBLISHED, order.force());
        });
        if (order.dryRun()) {
            return () -> answer(order, moved, names(verifiers.live()), List.of(), List.of());
        }
        String kid = moved.changes().getLast().kid();
        if (!order.force()) {
            List<String> says = new ArrayList<>();
            for (KeySchedule.Planned step : KeySchedule.plan(moves.read(), policy, verifiers.live(), clock.instant())) {
                if (step.step() == KeySchedule.Step.ACTIVATE) {
                    says.add("It takes over at %s, or as soon as every verifier has it.".formatted(step.at()));
                }
            }
            if (!verifiers.isKnown()) {
                says.add(EffectWatch.UNKNOWN);
            }
            hurry.run();
            return () -> answer(order, moved, names(verifiers.withoutKeys(moved.version())), List.of(), says);
        }
        return () -> hurried(order, moved, kid);
    }

    private KeyAnswer hurried(KeyOrder order, KeyMoves.Moved moved, String kid) {
        KeyAnswer acknowledged =
                watched(order, moved, verifier -> verifier.keysVersion() >= moved.version(), new ArrayList<>());
        List<String> says = new ArrayList<>(acknowledged.says());
        if (!acknowledged.missing().isEmpty()) {
            says.add("It takes over once every verifier named has it.");
        } else if (EffectWatch.waitUntil(KeyPolicy.EMERGENCY_WAIT, () -> isActive(kid))) {
            says.add("It signs.");
        } else {
            says.add("It takes over as soon as a node of the authorization server knows that every verifier has it.");
        }
        return new KeyAnswer(
                order.kind(),
                false,
                acknowledged.changes(),
                acknowledged.missing(),
                says,
                acknowledged.journalSeq(),
                acknowledged.effective(),
                acknowledged.version());
    }

    /**
     * Prepares, publishes and activates a key, and takes the old ones back. Verifiers have three seconds to get it; those
     * that have not are named, and then it signs only when their trust data is no proof against it any more.
     *
     * <p>The key is always one that is made now, never one that lies ready: that one's private half lay in the same table
     * under the same key-encryption key, and in the same memory, as the one that leaked.
     */
    private Supplier<KeyAnswer> emergency(KeyOrder order) {
        SigningKey active = moves.read().active();
        String asked = order.kid();
        if (asked != null && (active == null || !asked.equals(active.kid()))) {
            return revoke(order);
        }
        if (order.dryRun()) {
            KeyMoves.Moved all = move(
                    order,
                    table -> moving ->
                            moving.takeOver(table, publishFresh(moving, order), takesBack(table, asked), null));
            return () -> answer(order, all, names(verifiers.live()), List.of(), List.of());
        }
        KeyMoves.Moved published =
                move(order, table -> moving -> moving.intend(publishFresh(moving, order), takesBack(table, asked)));
        String next = published.changes().getLast().kid();
        KeyTable begun = moves.read();
        long acknowledged = published.version();
        EffectWatch.waitUntil(KeyPolicy.EMERGENCY_WAIT, () -> {
            verifiers.exchangeSoon();
            return verifiers.isKnown() && verifiers.withoutKeys(acknowledged).isEmpty();
        });
        boolean known = verifiers.isKnown();
        List<String> passedOver = names(verifiers.withoutKeys(acknowledged));
        boolean everybody = known && passedOver.isEmpty();
        KeyMoves.Moved moved = finish(order, begun, next, everybody);
        List<String> says = new ArrayList<>();
        if (!everybody) {
            says.add("%s Grants are answered 503 until %s after its publication."
                    .formatted(
                            passedOver.isEmpty()
                                    ? "This node did not know which verifiers there are, and one may lack the new key."
                                    : "Passed over: %s.".formatted(String.join(", ", passedOver)),
                            seconds(KeyPolicy.FRESHNESS)));
        }
        List<KeyMoves.Change> changes = new ArrayList<>(published.changes());
        changes.addAll(moved.changes());
        long journalSeq = Math.max(published.journalSeq(), moved.journalSeq());
        if (moved.journalSeq() == 0) {
            says.add("The schedule of another node finished it; the journal tells which.");
        }
        return () -> watchedRevocation(
                order, new KeyMoves.Moved(moved.version(), changes, journalSeq, moved.revocationSeq()), says);
    }

    /** The second half of an emergency, unless another node did it: by its clock this one may have seemed to be dead. */
    private KeyMoves.Moved finish(KeyOrder order, KeyTable begun, String next, boolean everybody) {
        try {
            return move(order, table -> {
                SigningKey ready = table.find(next).orElseThrow();
                SigningKey.Emergency emergency = ready.emergency();
                if (ready.state() != KeyState.PUBLISHED || emergency == null) {
                    throw new ServiceException(
                            KeyError.CHANGED,
                            "The schedule or another emergency was faster: key %s is %s. Look at the keys."
                                    .formatted(next, ready.state().wireName()));
                }
                return moving -> moving.takeOver(
                        table, next, emergency.kids(), everybody ? null : signFrom(ready, clock.instant()));
            });
        } catch (ServiceException e) {
            KeyTable table = moves.read();
            if (e.error() != KeyError.CHANGED || !isFinished(table, next)) {
                throw e;
            }
            return moves.seen(begun, table);
        }
    }

    private static boolean isFinished(KeyTable table, String next) {
        SigningKey key = table.find(next).orElseThrow();
        SigningKey.Emergency emergency = key.emergency();
        return key.state() == KeyState.ACTIVE
                && emergency != null
                && emergency.kids().stream()
                        .allMatch(kid -> table.find(kid)
                                .filter(it -> it.state() == KeyState.REVOKED || it.state() == KeyState.RETIRED)
                                .isPresent());
    }

    /** When an emergency key that some verifier lacks may sign. */
    static Instant signFrom(SigningKey key, Instant now) {
        return (key.publishedAt() == null ? now : key.publishedAt()).plus(KeyPolicy.FRESHNESS);
    }

    private static @Nullable SigningKey upcoming(KeyTable table) {
        return table.newest(KeyState.PUBLISHED)
                .or(() -> table.newest(KeyState.STAGED))
                .orElse(null);
    }

    private String publishFresh(KeyMoves.Moving moving, KeyOrder order) {
        String kid = moving.prepare(algorithm(order), true, true);
        moving.publish(kid);
        return kid;
    }

    /**
     * What an emergency takes back. A name says that this one leaked and the others did not; without a name nobody knows
     * how far the hole goes, so every key whose private half exists counts as leaked: the one that signs, those that
     * signed until a moment ago, and those that lie ready, because they would sign one day. An emergency that was begun
     * and not finished is finished by this one.
     */
    private static List<String> takesBack(KeyTable table, @Nullable String asked) {
        Set<String> kids = new LinkedHashSet<>();
        for (SigningKey key : table.keys()) {
            SigningKey.Emergency begun = key.state() == KeyState.PUBLISHED ? key.emergency() : null;
            if (begun != null) {
                kids.addAll(begun.kids());
            }
            boolean over = key.state() == KeyState.RETIRED || key.state() == KeyState.REVOKED;
            if (!over && (asked == null || begun != null || asked.equals(key.kid()))) {
                kids.add(key.kid());
            }
        }
        return List.copyOf(kids);
    }

    private SigningAlgorithm algorithm(KeyOrder order) {
        return order.algorithm() == null ? policy.algorithm() : order.algorithm();
    }

    /**
     * The key that the order names, or the newest in a state that fits. Never the one that an emergency is about to let
     * take over, perhaps on another node: with it the emergency would be lost, and the leaked keys would stay good.
     */
    private static SigningKey choose(KeyTable table, KeyOrder order, KeyState... fitting) {
        Set<KeyState> states = EnumSet.of(fitting[0], fitting);
        String kid = order.kid();
        if (kid == null) {
            List<SigningKey> fit = table.keys().stream()
                    .filter(key -> states.contains(key.state()))
                    .toList();
            return fit.stream()
                    .filter(key -> !takesOver(key))
                    .reduce((older, newer) -> newer)
                    .orElseThrow(() -> fit.isEmpty()
                            ? new ServiceException(
                                    KeyError.NOT_FOUND, "There is no key that is %s.".formatted(states(states)))
                            : unfinished(fit.getLast()));
        }
        SigningKey key = table.find(kid)
                .orElseThrow(() -> new ServiceException(KeyError.NOT_FOUND, "There is no key %s.".formatted(kid)));
        if (!states.contains(key.state())) {
            throw illegal("Key %s is %s; to %s it must be %s.%s"
                    .formatted(kid, key.state().wireName(), order.kind().wireName(), states(states), instead(key)));
        }
        if (takesOver(key)) {
            throw unfinished(key);
        }
        return key;
    }

    private static boolean takesOver(SigningKey key) {
        return key.state() == KeyState.PUBLISHED && key.emergency() != null;
    }

    private static ServiceException unfinished(SigningKey key) {
        return illegal(
                "Key %s takes over in an emergency that is not finished; a node does so within seconds. Look at the keys then; rotate --emergency begins another one and takes this key back too."
                        .formatted(key.kid()));
    }

    private static String states(Set<KeyState> states) {
        return String.join(" or ", states.stream().map(KeyState::wireName).toList());
    }

    private static String instead(SigningKey key) {
        return key.state() == KeyState.ACTIVE
                ? " It signs: rotate replaces it, rotate --emergency replaces it and takes it back."
                : "";
    }

    private void requireConfirmed(SigningKey key) {
        long version = key.publishedVersion() == null ? Long.MAX_VALUE : key.publishedVersion();
        // Another node may have heard in this second what this one has not yet read.
        EffectWatch.waitUntil(GRACE, () -> {
            verifiers.exchangeSoon();
            return verifiers.isKnown() && verifiers.withoutKeys(version).isEmpty();
        });
        if (!verifiers.isKnown()) {
            throw new ServiceException(
                    AuthError.UNAVAILABLE, "This node does not know yet what verifiers have.", Duration.ofSeconds(2));
        }
        List<Verifier> missing = verifiers.withoutKeys(version);
        if (!missing.isEmpty()) {
            Instant now = clock.instant();
            throw new ServiceException(
                    KeyError.UNCONFIRMED,
                    "Key %s is lacked by %s. Nobody would accept its tokens there."
                            .formatted(key.kid(), String.join(", ", names(missing))),
                    missing.stream()
                            .map(it -> new Violation(
                                    it.name(),
                                    "has version %d of the keys and needs %d; asked %s ago"
                                            .formatted(
                                                    it.keysVersion(),
                                                    version,
                                                    seconds(Duration.between(it.askedAt(), now)))))
                            .toList());
        }
    }

    private void requireTime(SigningKey key) {
        Instant now = clock.instant();
        Instant publishedAt = key.publishedAt() == null ? now : key.publishedAt();
        Instant known = policy.knownToThirdParties(publishedAt);
        if (now.isBefore(known)) {
            throw new ServiceException(
                    KeyError.TOO_EARLY,
                    "Third parties may lack key %s until %s. --force with a reason skips this wait."
                            .formatted(key.kid(), known));
        }
        policy.freezeAt(now).ifPresent(freeze -> {
            throw new ServiceException(
                    KeyError.FROZEN,
                    "Frozen until %s: %s. --force with a reason passes over it."
                            .formatted(freeze.to(), freeze.reason()));
        });
    }

    /** Decides on the keys as read and moves; anew if somebody else moved one in between. */
    private KeyMoves.Moved move(
            KeyOrder order, Function<KeyTable, Function<KeyMoves.Moving, KeyMoves.Moving>> decision) {
        for (int attempt = 1; ; attempt++) {
            KeyTable table = moves.read();
            try {
                KeyMoves.Moved moved = moves.move(
                        table, order.actor(), order.reason(), clock.instant(), order.dryRun(), decision.apply(table));
                hurry.run();
                return moved;
            } catch (ServiceException e) {
                if (e.error() != KeyError.CHANGED || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private KeyAnswer watchedRevocation(KeyOrder order, KeyMoves.Moved moved, List<String> says) {
        if (order.dryRun()) {
            return answer(order, moved, names(verifiers.live()), List.of(), says);
        }
        return watched(order, moved, verifier -> verifier.cursor() >= moved.revocationSeq(), says);
    }

    /** Watches until every live verifier has it, or for as long as an order may take; says who when. */
    private KeyAnswer watched(
            KeyOrder order, KeyMoves.Moved moved, java.util.function.Predicate<Verifier> has, List<String> says) {
        EffectWatch.Seen seen = effects.watch(WATCH, has);
        says.addAll(seen.says());
        if (seen.isEverybody()) {
            says.add("All %d verifiers have it after %s."
                    .formatted(
                            seen.effective().size(),
                            seconds(seen.effective().getLast().after())));
        }
        return answer(order, moved, seen.missing(), seen.effective(), says);
    }

    private KeyAnswer answer(
            KeyOrder order,
            KeyMoves.Moved moved,
            List<String> missing,
            List<EffectWatch.Effective> effective,
            List<String> says) {
        return new KeyAnswer(
                order.kind(),
                order.dryRun(),
                moved.changes().stream().map(KeyAnswer.Change::of).toList(),
                missing,
                says,
                order.dryRun() ? 0 : moved.journalSeq(),
                effective,
                order.dryRun() ? moved.version() - 1 : moved.version());
    }

    /** Whether this node signs with it. */
    private boolean isActive(String kid) {
        return keys.snapshot()
                .map(SigningKeys.Snapshot::active)
                .filter(active -> active.kid().equals(kid))
                .isPresent();
    }

    private static List<String> names(List<Verifier> verifiers) {
        return verifiers.stream().map(Verifier::name).toList();
    }

    private static String seconds(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1000.0);
    }

    private static ServiceException illegal(String detail) {
        return new ServiceException(KeyError.ILLEGAL_MOVE, detail);
    }
}
