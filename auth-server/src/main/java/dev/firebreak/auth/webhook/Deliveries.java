package dev.firebreak.auth.webhook;

import dev.firebreak.auth.egress.Egress;
import dev.firebreak.auth.egress.Outcome;
import dev.firebreak.auth.webhook.WebhookRepository.Taken;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Delivers what is due, at least once: a node takes messages for the length of a lease, sends them without any connection to
 * the database, and notes what came of it if it still has them. One run at a time a node, any number of nodes.
 */
final class Deliveries {
    /** Of one webhook in one run: what a receiver gets at once from a node. */
    private static final int AT_ONCE = 8;
    /** Of all webhooks in one run. */
    private static final int MOST = 64;
    /** Beyond the longest call: to note what came of them, also when the database is slow. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(60);

    /** Longer than all attempts of one message take. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(4);

    private static final int GIVEN_UP_AT_ONCE = 500;

    private static final int GONE = 410;

    private final Webhooks webhooks;
    private final HandOver handOver;
    private final WebhookRepository repository;
    private final Egress egress;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();

    Deliveries(
            Webhooks webhooks,
            HandOver handOver,
            WebhookRepository repository,
            Egress egress,
            InstantSource clock,
            MeterRegistry metrics) {
        this.webhooks = webhooks;
        this.handOver = handOver;
        this.repository = repository;
        this.egress = egress;
        this.clock = clock;
        this.metrics = metrics;
        Gauge.builder("auth.webhooks.paused", this, Deliveries::paused)
                .description("Webhooks that get no attempts for a while, because the last ones failed")
                .register(metrics);
    }

    /**
     * Gives up messages of receivers that have been away for so long that theirs were hardly tried. Without this they would
     * be deleted one day and nobody had ever heard of them.
     */
    void giveUpOld() {
        Instant now = clock.instant();
        for (Webhook webhook : webhooks.all()) {
            int dead = repository.giveUp(webhook.id(), now.minus(LONGEST_WAIT), GIVEN_UP_AT_ONCE, now);
            if (dead > 0) {
                metrics.counter("auth.webhooks.attempts", "webhook", webhook.id(), "outcome", "dead")
                        .increment(dead);
            }
        }
    }

    private record Sent(Taken taken, Outcome outcome) {}

    /** Hands over, takes, sends and notes; true if there may be more to do at once. */
    boolean run() throws InterruptedException {
        List<Webhook> all = new ArrayList<>(webhooks.all());
        breakers.keySet().retainAll(ids(all));
        // Whoever comes last may find the run full.
        Collections.shuffle(all, ThreadLocalRandom.current());
        boolean more = false;
        List<Taken> taken = new ArrayList<>();
        Map<String, Webhook> byId = new ConcurrentHashMap<>();
        for (Webhook webhook : all) {
            more |= handOver.run(webhook);
            List<Taken> due = take(webhook, MOST - taken.size());
            more |= due.size() == AT_ONCE;
            taken.addAll(due);
            byId.put(webhook.id(), webhook);
        }
        send(taken, byId);
        return more;
    }

    private List<Taken> take(Webhook webhook, int room) {
        Instant now = clock.instant();
        int admitted = breaker(webhook.id()).admitted(Math.min(AT_ONCE, room), now);
        if (admitted == 0) {
            return List.of();
        }
        return repository.take(
                webhook.id(), admitted, now, now.plus(egress.timeout()).plus(LEASE_MARGIN));
    }

    private void send(List<Taken> taken, Map<String, Webhook> byId) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletionService<Sent> sent = new ExecutorCompletionService<>(threads);
            for (Taken message : taken) {
                Webhook webhook = byId.get(message.webhook());
                if (webhook != null) {
                    sent.submit(() -> new Sent(message, attempt(webhook, message)));
                }
            }
            for (int i = 0; i < taken.size(); i++) {
                note(sent.take().get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("A delivery ended in a bug", e.getCause());
        }
    }

    private Outcome attempt(Webhook webhook, Taken message) {
        String id = message.eventId().toString();
        return egress.postJson(webhook.url(), webhook.headers(id, clock.instant(), message.body()), message.body());
    }

    private void note(Sent sent) {
        Instant now = clock.instant();
        Taken message = sent.taken();
        boolean noted;
        String what;
        if (sent.outcome() instanceof Outcome.Answered(int status, Duration ignored) && status >= 200 && status < 300) {
            breaker(message.webhook()).succeeded();
            noted = repository.end(message, "delivered", String.valueOf(status), now);
            what = "delivered";
        } else {
            breaker(message.webhook()).failed(now);
            Instant next = next(sent, now);
            noted = next == null
                    ? repository.end(message, "dead", words(sent.outcome()), now)
                    : repository.retry(message, words(sent.outcome()), next);
            what = next == null ? "dead" : "failed";
        }
        metrics.counter("auth.webhooks.attempts", "webhook", message.webhook(), "outcome", noted ? what : "late")
                .increment();
    }

    /** Absent = given up: after the last attempt, or if the receiver says that it is gone for good. */
    private static @Nullable Instant next(Sent sent, Instant now) {
        Duration wish = null;
        if (sent.outcome() instanceof Outcome.Answered answered) {
            if (answered.status() == GONE) {
                return null;
            }
            wish = answered.retryAfter();
        }
        double random = ThreadLocalRandom.current().nextDouble();
        return RetrySchedule.next(sent.taken().attempts(), now, wish, random).orElse(null);
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered -> "answered " + answered.status();
            case Outcome.Failed failed -> failed.why();
        };
    }

    private Breaker breaker(String webhook) {
        return breakers.computeIfAbsent(webhook, id -> new Breaker());
    }

    /** Whether this node leaves the webhook alone for a while. */
    boolean isPaused(String webhook) {
        Breaker breaker = breakers.get(webhook);
        return breaker != null && breaker.isOpen();
    }

    private double paused() {
        return breakers.values().stream().filter(Breaker::isOpen).count();
    }

    private static Set<String> ids(List<Webhook> webhooks) {
        Set<String> ids = new HashSet<>();
        webhooks.forEach(webhook -> ids.add(webhook.id()));
        return ids;
    }
}
