package dev.firebreak.drill.scenario;

import dev.firebreak.drill.fault.Rule;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Schedule;
import dev.firebreak.drill.site.BearerToken;
import dev.firebreak.drill.site.Bearers;
import dev.firebreak.drill.site.DrillStack;
import dev.firebreak.drill.site.HealthWatch;
import dev.firebreak.stack.Stack;
import dev.firebreak.stack.layout.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Every verifier is cut off from the trust feed, then killed, and starts with what it had kept. A rotation that is
 * ordered meanwhile waits for them, and goes on by itself when they are back.
 */
final class Jwks implements Scenario {
    private static final double PER_SECOND = 100;
    private static final Duration BEFORE = Duration.ofSeconds(1);
    private static final int BEARERS = 1;

    /** Of no key that was ever made. */
    private static final String UNKNOWN_KID = "drill-unknown-key";

    /** A verifier that was refused asks again after 5 s at the latest, and the rotation's loop looks every second. */
    private static final int ACTIVATED_MS = 10_000;

    @Override
    public String name() {
        return "jwks";
    }

    @Override
    public String broken() {
        return "verifiers cut off from the trust feed and killed";
    }

    @Override
    public List<Result> run(Ground ground) {
        return List.of(ground.again(name(), Ground.REPEATS, () -> measure(ground)));
    }

    private Result measure(Ground ground) {
        try (Bearers bearers = Bearers.prepare(ground.stack(), ground.firebreak(), BEARERS)) {
            return measure(ground, bearers);
        } catch (IOException e) {
            throw new UncheckedIOException("nobody gets a token before the cut", e);
        } finally {
            ground.stack().trustFeed().apply(Rule.PASS);
        }
    }

    private Result measure(Ground ground, Bearers bearers) {
        Account account = new Account(this, ground.firebreak());
        SigningKeys keys = new SigningKeys(ground, name());
        String before = keys.active();
        BearerToken token = bearers.fresh();

        Leg cutOff = cutOff(ground, account);
        Executor threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
        CompletableFuture<SigningKeys.Effect> rotation = CompletableFuture.supplyAsync(keys::rotate, threads);
        restart(ground);
        int refused = bearers.answeredOtherwise(token, 200);
        int unknown = bearers.answeredOtherwise(token.claimingKey(UNKNOWN_KID), 503);
        SigningKeys.Effect waiting = ended(rotation);
        ground.say(name(), "the rotation waits for " + waiting.missing().size() + " verifiers");
        boolean held = keys.active().equals(before);

        Duration length = ground.seconds(7, 20, 120);
        Duration mended = ground.seconds(2, 8, 60);
        double[] activated = {Double.POSITIVE_INFINITY};
        Script script = Script.nothing()
                .at(mended, () -> {
                    ground.stack().trustFeed().apply(Rule.PASS);
                    ground.say(name(), "mended");
                })
                .at(mended, () -> activated[0] = activation(keys, before));
        Leg restarted;
        try (HealthWatch health = ground.health()) {
            restarted = account.add(new Traffic(ground.firebreak(), health, Mix.usual(ground.seed() + 1))
                    .run(Schedule.poisson(PER_SECOND, length, ground.seed() + 1), script));
        }
        Capacity.awaitCalm(ground.firebreak());
        int next = bearers.answeredOtherwise(bearers.fresh(), 200);
        int noticed = notGood(cutOff) + notGood(restarted);
        return account.finding(Finding.noneInTime("requests that noticed", noticed))
                .finding(Finding.none("good tokens refused after a restart while cut off", refused))
                .finding(Finding.none("unknown keys not answered 503 while cut off", unknown))
                .finding(Finding.atLeast(
                        "verifiers that the rotation waited for",
                        waiting.missing().size(),
                        DrillStack.VERIFIERS.size()))
                .finding(Finding.none("keys activated over them", held ? 0 : 1))
                .finding(Finding.below("mended until the next key signs, ms", activated[0], ACTIVATED_MS))
                .finding(Finding.none("tokens of the next key refused", next))
                .close(restarted.recoveryMs(length));
    }

    private Leg cutOff(Ground ground, Account account) {
        Duration away = ground.seconds(4, 20, 240);
        try (HealthWatch health = ground.health()) {
            return account.add(new Traffic(ground.firebreak(), health, Mix.usual(ground.seed()))
                    .run(
                            Schedule.poisson(PER_SECOND, BEFORE.plus(away), ground.seed()),
                            Script.nothing().at(BEFORE, () -> {
                                ground.say(name(), "cut off");
                                ground.stack().trustFeed().apply(Rule.RESET);
                            })));
        }
    }

    /** Without load: a process that starts serves nobody. */
    private void restart(Ground ground) {
        Stack stack = ground.stack().parts();
        ground.say(name(), "killing the verifiers (SIGKILL), starting them again");
        for (Part verifier : DrillStack.VERIFIERS) {
            stack.kill(verifier);
            stack.start(verifier);
        }
        DrillStack.VERIFIERS.forEach(stack::awaitReady);
        Capacity.warmUp(ground.firebreak(), ground.seconds(2, 8, 15), ground.seed());
        Capacity.awaitCalm(ground.firebreak());
    }

    private static SigningKeys.Effect ended(CompletableFuture<SigningKeys.Effect> rotation) {
        try {
            return rotation.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Milliseconds until another key signs. */
    private static double activation(SigningKeys keys, String before) {
        long begin = System.nanoTime();
        return keys.awaitActiveOtherThan(before) ? (System.nanoTime() - begin) / 1e6 : Double.POSITIVE_INFINITY;
    }

    private static int notGood(Leg leg) {
        return leg.shots().count() - leg.shots().count(Outcome.GOOD);
    }
}
