package dev.firebreak.trust.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryBudgetTest {
    @ParameterizedTest(name = "after {0} calls that all want {1} retries each: {2}")
    @CsvSource({
        // The reserve, then a tenth of the calls, whole retries only.
        "0, 2, 0",
        "1, 2, 2",
        "2, 2, 4",
        "3, 2, 5",
        "9, 2, 5",
        "10, 2, 5",
        "11, 2, 6",
        "1000, 1, 104",
        "1000, 2, 104",
        "1000, 9, 104"
    })
    void allowsTheReserveAndATenthOfTheCalls(int calls, int wanted, int allowed) {
        RetryBudget budget = new RetryBudget();
        int taken = 0;

        for (int call = 0; call < calls; call++) {
            budget.earn();
            for (int i = 0; i < wanted; i++) {
                taken += budget.tryTake() ? 1 : 0;
            }
        }

        assertThat(taken).isEqualTo(allowed);
    }

    @Test
    void savesNoMoreThanTheReserveInAQuietTime() {
        RetryBudget budget = new RetryBudget();
        for (int i = 0; i < 100_000; i++) {
            budget.earn();
        }

        int taken = 0;
        while (budget.tryTake()) {
            taken++;
        }

        assertThat(taken).isEqualTo(RetryBudget.RESERVE);
    }

    /** Whatever the order of calls and wishes, in every stretch of it. */
    @Test
    void neverAllowsMoreThanATenthAndTheReserve() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 200; round++) {
            RetryBudget budget = new RetryBudget();
            int calls = 0;
            int taken = 0;
            for (int step = 0; step < 500; step++) {
                if (random.nextInt(100) < round / 2) {
                    budget.earn();
                    calls++;
                } else {
                    taken += budget.tryTake() ? 1 : 0;
                }
                assertThat(taken * 10).isLessThanOrEqualTo(calls + 10 * RetryBudget.RESERVE);
            }
        }
    }

    @Test
    void losesAndInventsNothingAmongManyThreads() throws Exception {
        RetryBudget budget = new RetryBudget();
        int threads = 8;
        int callsEach = 5_000;
        List<Future<Integer>> takers = new ArrayList<>();

        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int t = 0; t < threads; t++) {
                takers.add(pool.submit(() -> {
                    int taken = 0;
                    for (int i = 0; i < callsEach; i++) {
                        budget.earn();
                        taken += budget.tryTake() ? 1 : 0;
                    }
                    return taken;
                }));
            }
        }

        int taken = 0;
        for (Future<Integer> taker : takers) {
            taken += taker.get();
        }
        // All but the tenths lost at the brim in the beginning, while the reserve was still full.
        assertThat(taken).isBetween(threads * callsEach / 10, threads * callsEach / 10 + RetryBudget.RESERVE);
    }
}
