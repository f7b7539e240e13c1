package dev.firebreak.starter.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.test.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PoolGateTest {
    private static final Work WORK = new Work("test", null);
    private static final long LONG = Duration.ofSeconds(30).toNanos();

    private final PoolGate gate = new PoolGate("test", 2, 4);

    @Test
    void aFreeConnectionIsLentToAnyLaneAndTakenBackOnRelease() throws Exception {
        Permit first = permit(gate.acquire(Lane.BACKGROUND, WORK, 0));
        Permit second = permit(gate.acquire(Lane.BACKGROUND, WORK, 0));
        Asking background = ask(Lane.BACKGROUND);
        Asking user = ask(Lane.USER);

        first.release();
        Permit given = permit(user.answer());
        assertThat(background.isAnswered()).isFalse();
        assertThat(given.waited()).isTrue();

        second.release();
        assertThat(background.answer()).isInstanceOf(Permit.class);
        assertThat(gate.counts().active()).isEqualTo(2);
        assertThat(gate.counts().active(Lane.USER)).isEqualTo(1);
    }

    @Test
    void beyondThePlacesARequestIsRefusedAtOnce() {
        fill();
        for (int i = 0; i < 4; i++) {
            ask(Lane.USER);
        }

        assertThat(gate.acquire(Lane.USER, WORK, LONG)).isEqualTo(Refusal.FULL);
        assertThat(gate.counts().waiting()).isEqualTo(4);
    }

    @Test
    void aBorrowedPlaceIsTakenBack() throws Exception {
        fill();
        List<Asking> borrowers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            borrowers.add(ask(Lane.BACKGROUND));
        }

        ask(Lane.KEEP);

        Eventually.within(
                Duration.ofSeconds(10), "one refused", () -> borrowers.stream().anyMatch(Asking::isAnswered));
        Asking refused =
                borrowers.stream().filter(Asking::isAnswered).findFirst().orElseThrow();
        assertThat(refused.answer()).isEqualTo(Refusal.FULL);
        assertThat(gate.counts().waiting(Lane.KEEP)).isEqualTo(1);
        assertThat(gate.counts().waiting(Lane.BACKGROUND)).isEqualTo(3);
    }

    @Test
    void whoeverIsLateGetsNoConnectionEvenIfOneBecomesFree() throws Exception {
        List<Permit> held = fill();
        Asking late = ask(Lane.KEEP, Duration.ofMillis(50).toNanos());

        assertThat(late.answer()).isEqualTo(Refusal.TIMED_OUT);
        held.forEach(Permit::release);

        assertThat(gate.counts().active()).isZero();
        assertThat(gate.counts().waiting()).isZero();
    }

    @Test
    void aWaiterPastItsTimeIsDroppedOnReleaseAndTheNextIsServed() throws Exception {
        // A thread that is late to notice its own time-out: the queue still holds it.
        PoolGate one = new PoolGate("one", 1, 4);
        Permit held = permit(one.acquire(Lane.USER, WORK, 0));
        List<Admission> answers = new ArrayList<>();
        for (int round = 0; round < 200; round++) {
            Permit holder = held;
            Thread expiring = Thread.ofVirtual().start(() -> {
                Admission admission = one.acquire(Lane.USER, WORK, 20_000);
                synchronized (answers) {
                    answers.add(admission);
                }
                if (admission instanceof Permit permit) {
                    permit.release();
                }
            });
            TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextInt(60));
            holder.release();
            expiring.join();
            held = permit(one.acquire(Lane.USER, WORK, LONG));
        }
        held.release();

        assertThat(answers).hasSize(200);
        assertThat(one.counts().active()).isZero();
        assertThat(one.counts().waiting()).isZero();
    }

    @Test
    void anInterruptEndsTheWaitAndLosesNoPermit() throws Exception {
        List<Permit> held = fill();
        Asking asking = ask(Lane.USER);

        asking.thread.interrupt();

        assertThat(asking.answer()).isEqualTo(Refusal.INTERRUPTED);
        assertThat(asking.interrupted).isTrue();
        held.forEach(Permit::release);
        assertThat(gate.counts().active()).isZero();
        assertThat(fill()).hasSize(2);
    }

    @Test
    void aPermitIsGivenBackOnce() {
        Permit permit = permit(gate.acquire(Lane.USER, WORK, 0));

        permit.release();
        permit.release();

        assertThat(fill()).hasSize(2);
        assertThat(gate.acquire(Lane.USER, WORK, 0)).isEqualTo(Refusal.FULL);
    }

    @Test
    void aShutGateRefusesWhoWaitsAndWhoComes() throws Exception {
        List<Permit> held = fill();
        Asking asking = ask(Lane.USER);

        gate.shut();

        assertThat(asking.answer()).isEqualTo(Refusal.SHUT);
        held.forEach(Permit::release);
        assertThat(gate.acquire(Lane.KEEP, WORK, LONG)).isEqualTo(Refusal.SHUT);
        gate.reopen();
        assertThat(gate.acquire(Lane.KEEP, WORK, 0)).isInstanceOf(Permit.class);
    }

    /** Three places, one of them users' own: a queue that stands is served in turn from one waiter down. */
    @Test
    void servesALongQueueThatStandsNewestFirst() throws Exception {
        PoolGate one = new PoolGate("one", 1, 3);
        Permit held = permit(one.acquire(Lane.USER, WORK, 0));
        Asking oldest = ask(one, Lane.USER, LONG);
        Asking middle = ask(one, Lane.USER, LONG);
        Asking newest = ask(one, Lane.USER, LONG);
        awaitStanding();

        held.release();
        Permit second = permit(newest.answer());
        second.release();
        permit(middle.answer()).release();
        permit(oldest.answer()).release();
        assertThat(one.counts().active()).isZero();
    }

    @Test
    void refusesNewcomersAtOnceWhileTheQueueStandsAndServesItInTurn() throws Exception {
        // Two of its five places are users' own.
        PoolGate one = new PoolGate("one", 1, 5);
        Permit held = permit(one.acquire(Lane.USER, WORK, 0));
        Asking oldest = ask(one, Lane.USER, LONG);
        Asking newest = ask(one, Lane.USER, LONG);
        assertThat(one.counts().waiting()).as("in a burst there is room").isEqualTo(2);
        awaitStanding();

        assertThat(one.acquire(Lane.USER, WORK, LONG)).isEqualTo(Refusal.FULL);
        held.release();
        Permit second = permit(oldest.answer());
        assertThat(newest.isAnswered()).isFalse();

        Asking next = ask(one, Lane.USER, LONG);
        assertThat(one.counts().waiting()).as("there is room again").isEqualTo(2);
        second.release();
        permit(newest.answer()).release();
        permit(next.answer()).release();
        assertThat(one.counts().active()).isZero();
    }

    @Test
    void aLanesStandingQueueKeepsNoOtherLaneOut() throws Exception {
        List<Permit> held = fill();
        ask(Lane.USER);
        ask(Lane.USER);
        awaitStanding();

        assertThat(gate.acquire(Lane.USER, WORK, LONG)).isEqualTo(Refusal.FULL);
        Asking keep = ask(Lane.KEEP);
        held.getFirst().release();
        assertThat(keep.answer()).isInstanceOf(Permit.class);
    }

    /** Interrupts, time-outs and releases at random: whatever crosses whatever, nothing is lost. */
    @Test
    void nothingIsLostWhateverCrosses() throws Exception {
        PoolGate small = new PoolGate("small", 3, 200);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Lane lane = Lane.IN_ORDER.get(i % Lane.IN_ORDER.size());
            threads.add(Thread.ofVirtual().start(() -> {
                for (int round = 0; round < 20; round++) {
                    long wait = ThreadLocalRandom.current().nextLong(2_000_000);
                    if (small.acquire(lane, WORK, wait) instanceof Permit permit) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.yield();
                        inside.decrementAndGet();
                        permit.release();
                    }
                    Thread.interrupted();
                }
            }));
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            threads.get(ThreadLocalRandom.current().nextInt(threads.size())).interrupt();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(most.get()).isBetween(1, 3);
        assertThat(small.counts().active()).isZero();
        assertThat(small.counts().waiting()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(small.acquire(Lane.BACKGROUND, WORK, 0)).isInstanceOf(Permit.class);
        }
    }

    /** The condition is the clock itself: there is nothing else to see. */
    private static void awaitStanding() {
        long standing = System.nanoTime() + GatePolicy.STANDING.toNanos();
        Eventually.within(Duration.ofSeconds(5), "standing", () -> System.nanoTime() - standing > 0);
    }

    private List<Permit> fill() {
        return List.of(permit(gate.acquire(Lane.USER, WORK, 0)), permit(gate.acquire(Lane.USER, WORK, 0)));
    }

    private static Permit permit(Admission admission) {
        assertThat(admission).isInstanceOf(Permit.class);
        return (Permit) admission;
    }

    private Asking ask(Lane lane) {
        return ask(gate, lane, LONG);
    }

    private Asking ask(Lane lane, long waitNanos) {
        return ask(gate, lane, waitNanos);
    }

    /** Returns once the thread is in the queue, so that their order is known. */
    private static Asking ask(PoolGate gate, Lane lane, long waitNanos) {
        Asking asking = new Asking();
        asking.thread = Thread.ofVirtual().start(() -> {
            Admission admission = gate.acquire(lane, WORK, waitNanos);
            asking.interrupted = Thread.currentThread().isInterrupted();
            asking.future.complete(admission);
        });
        Eventually.within(
                Duration.ofSeconds(10),
                "in the queue",
                () -> asking.isAnswered() || asking.thread.getState() == Thread.State.TIMED_WAITING);
        return asking;
    }

    private static final class Asking {
        final CompletableFuture<Admission> future = new CompletableFuture<>();
        volatile boolean interrupted;
        Thread thread;

        boolean isAnswered() {
            return future.isDone();
        }

        Admission answer() throws Exception {
            return future.get(20, TimeUnit.SECONDS);
        }
    }
}
