package dev.firebreak.starter.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaneSharesTest {
    @ParameterizedTest
    @CsvSource({
        // places, keep, user, login, service, background
        "1, 0, 1, 0, 0, 0",
        "2, 1, 1, 0, 0, 0",
        "3, 1, 1, 1, 0, 0",
        "4, 1, 2, 1, 0, 0",
        "8, 3, 3, 1, 1, 0",
        "10, 3, 4, 2, 1, 0",
        "20, 6, 8, 3, 2, 1",
        "32, 10, 13, 5, 3, 1",
        "128, 39, 51, 19, 13, 6",
    })
    void largestRemaindersDecide(int places, int keep, int user, int login, int service, int background) {
        LaneShares shares = LaneShares.of(places);

        assertThat(Lane.IN_ORDER.stream().map(shares::of)).containsExactly(keep, user, login, service, background);
    }

    @Test
    void everyPlaceIsSomebodysAndFromFourOnKeepAndUserHaveOne() {
        for (int places = 1; places <= 2_000; places++) {
            LaneShares shares = LaneShares.of(places);

            assertThat(Lane.IN_ORDER.stream().mapToInt(shares::of).sum()).isEqualTo(places);
            if (places >= 4) {
                assertThat(shares.of(Lane.KEEP)).isPositive();
                assertThat(shares.of(Lane.USER)).isPositive();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // of 20 places with shares 6, 8, 3, 2, 1: used by each lane, who asks, whether admitted
        "0 0 0 0 0, BACKGROUND, true",
        "0 0 0 0 1, BACKGROUND, false", // all others' are reserved
        "0 0 0 2 1, SERVICE, false",
        "0 0 0 2 0, SERVICE, true", // borrows from background
        "0 0 0 3 0, SERVICE, false",
        "0 13 0 0 0, USER, true", // borrows from all below
        "0 14 0 0 0, USER, false", // the rest is reserved for keep
        "6 14 0 0 0, KEEP, false", // full
        "3 14 0 0 0, KEEP, true",
        "19 0 0 0 0, KEEP, true", // keep may have everything
        "9 3 0 0 0, LOGIN, true", // 8 free, 5 of them reserved for user
        "9 3 3 0 0, LOGIN, false",
    })
    void aLaneNeverTakesWhatIsReservedForAMoreImportantOne(String used, Lane lane, boolean admitted) {
        int[] places =
                List.of(used.split(" ")).stream().mapToInt(Integer::parseInt).toArray();

        assertThat(LaneShares.of(20).admits(lane, places)).isEqualTo(admitted);
    }

    @Test
    void partsAreAWhole() {
        assertThat(Lane.IN_ORDER.stream().mapToInt(Lane::percent).sum()).isEqualTo(100);
    }
}
