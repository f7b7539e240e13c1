package dev.firebreak.drill.scenario;

import dev.firebreak.drill.load.Generator;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Schedule;
import dev.firebreak.drill.load.Shots;
import dev.firebreak.drill.site.BearerToken;
import dev.firebreak.drill.site.Bearers;
import dev.firebreak.drill.site.HealthWatch;
import dev.firebreak.drill.site.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A rotation, and then an emergency rotation that takes back the key that signs and the one before it. Browsers are
 * renewed, callers with a token of their own renew it, and nobody notices anything else.
 */
final class KeyRevoke implements Scenario {
    private static final double PER_SECOND = 70;
    private static final double BEARERS_PER_SECOND = 10;
    private static final int BEARERS = 4;
    private static final int MOST_OPEN = 1_000;

    /** A bearer's call, its renewal and the call again. */
    private static final Duration BEARER_PATIENCE = Subject.PATIENCE.multipliedBy(4);

    /** "Revocation reaches every verifier in less than 5 s." */
    private static final int REACHED_MS = 5_000;

    @Override
    public String name() {
        return "key-revoke";
    }

    @Override
    public String broken() {
        return "signing key rotated, then it and its heir revoked";
    }

    @Override
    public List<Result> run(Ground ground) {
        return List.of(ground.again(name(), Ground.REPEATS, () -> measure(ground)));
    }

    private Result measure(Ground ground) {
        ground.firebreak().obeyRenewing(true);
        try (HealthWatch health = ground.health();
                Bearers bearers = Bearers.prepare(ground.stack(), ground.firebreak(), BEARERS)) {
            return measure(ground, health, bearers);
        } catch (IOException e) {
            throw new UncheckedIOException("nobody gets a token before the rotation", e);
        } finally {
            ground.firebreak().obeyRenewing(false);
        }
    }

    private Result measure(Ground ground, HealthWatch health, Bearers bearers) {
        Account account = new Account(this, ground.firebreak());
        Duration before = ground.seconds(2, 6, 30);
        Duration between = ground.seconds(4, 10, 120);
        Duration length = before.plus(between).plus(ground.seconds(11, 24, 120));
        SigningKeys keys = new SigningKeys(ground, name());
        BearerToken first = bearers.fresh();
        Course course = new Course(ground, bearers, keys, account, first);
        Script script = Script.nothing().at(before, course::rotate).at(before.plus(between), course::revoke);
        Executor threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
        long start = System.nanoTime();
        Schedule calls = Schedule.poisson(BEARERS_PER_SECOND, length, ground.seed() + 1);
        CompletableFuture<Shots> calling = CompletableFuture.supplyAsync(
                () -> new Generator(MOST_OPEN, BEARER_PATIENCE).run(calls, bearers, start), threads);
        Leg leg = account.add(new Traffic(ground.firebreak(), health, Mix.usual(ground.seed()))
                .run(Schedule.poisson(PER_SECOND, length, ground.seed()), script));
        Shots called = calling.join();
        Capacity.awaitCalm(ground.firebreak());
        ground.say(name(), keys.renewed());
        int notGood = leg.shots().count() - leg.shots().count(Outcome.GOOD);
        int callsNotGood = called.count() - called.count(Outcome.GOOD);
        return account.finding(Finding.noneInTime("requests of browsers that failed", notGood))
                .finding(Finding.figure(
                        "told session.renewing and then good, share of requests",
                        (double) ground.firebreak().toldToComeBack()
                                / leg.shots().count()))
                .finding(Finding.noneInTime("calls of bearers that failed", callsNotGood))
                .finding(Finding.none("bearers refused with a good token", called.count(Outcome.WRONG_401)))
                .finding(Finding.atLeast("bearers refused, and renewed", course.renewals(), 1))
                .close(leg.recoveryMs(length));
    }

    /** The two orders, what they answered, and what became of single tokens at each verifier. */
    private static final class Course {
        private final Ground ground;
        private final Bearers bearers;
        private final SigningKeys keys;
        private final Account account;
        private final BearerToken first;
        private BearerToken second;
        private int renewalsBefore;

        Course(Ground ground, Bearers bearers, SigningKeys keys, Account account, BearerToken first) {
            this.ground = ground;
            this.bearers = bearers;
            this.keys = keys;
            this.account = account;
            this.first = first;
            this.second = first;
        }

        void rotate() {
            ground.say("key-revoke", "rotating");
            keys.rotate();
            keys.awaitActiveOtherThan(first.kid());
            second = bearers.fresh();
            account.finding(Finding.none("tokens of the retiring key refused", bearers.answeredOtherwise(first, 200)))
                    .finding(Finding.none("tokens of the next key refused", bearers.answeredOtherwise(second, 200)));
        }

        void revoke() {
            ground.say("key-revoke", "rotating in an emergency");
            bearers.mayBeRefused(new HashSet<>(List.of(first.kid(), second.kid())));
            renewalsBefore = bearers.renewals();
            SigningKeys.Effect effect = keys.rotateInEmergency();
            ground.say("key-revoke", effect.text());
            int accepted = bearers.answeredOtherwise(first, 401) + bearers.answeredOtherwise(second, 401);
            BearerToken third = bearers.fresh();
            account.finding(Finding.atLeast("verifiers that heard of the revocation", effect.heard(), 2))
                    .finding(Finding.below("revocation effective, slowest verifier ms", effect.slowestMs(), REACHED_MS))
                    .finding(Finding.none("tokens of revoked keys accepted after the order", accepted))
                    .finding(Finding.none("tokens of the new key refused", bearers.answeredOtherwise(third, 200)))
                    .finding(Finding.atLeast(
                            "keys that signed, one after the other",
                            Stream.of(first, second, third)
                                    .map(BearerToken::kid)
                                    .distinct()
                                    .count(),
                            3));
        }

        int renewals() {
            return bearers.renewals() - renewalsBefore;
        }
    }
}
