package dev.firebreak.starter.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.gate.GatePolicy.Place;
import dev.firebreak.starter.lane.Lane;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatePolicyTest {
    /** Ten connections: 3, 4, 2, 1, 0. Twenty places: 6, 8, 3, 2, 1. */
    private final GatePolicy policy = new GatePolicy(10, 20);

    @ParameterizedTest
    @CsvSource({
        // active, waiting, who is next
        "0 0 0 0 0, 0 0 0 0 0, ",
        "0 0 0 0 9, 1 0 0 0 5, KEEP", // lent connections are taken back
        "0 0 0 0 9, 0 0 0 0 5, BACKGROUND", // and lent again
        "9 0 0 0 0, 3 0 0 1 0, SERVICE", // below its guarantee comes before above it
        "9 0 0 0 0, 3 0 0 0 1, KEEP", // background has no guarantee of ten
        "3 3 2 1 0, 5 1 5 5 5, USER",
        "3 4 2 0 0, 5 5 5 5 5, SERVICE",
        "3 4 2 1 0, 0 0 5 5 5, LOGIN", // all have theirs: the first that waits
        "3 4 1 1 0, 5 5 5 5 5, LOGIN",
        "2 4 1 1 1, 5 5 5 5 5, KEEP", // two below: the more important
    })
    void guaranteesComeFirstThenImportance(String active, String waiting, Lane next) {
        assertThat(policy.next(counts(active), counts(waiting))).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({
        "0 0 0 0 0, BACKGROUND, free",
        "0 0 0 0 19, BACKGROUND, free", // idle places are lent
        "0 0 0 0 20, BACKGROUND, none",
        "0 0 0 0 20, SERVICE, BACKGROUND", // and taken back
        "0 0 0 0 20, KEEP, BACKGROUND",
        "6 14 0 0 0, LOGIN, USER",
        "6 13 0 0 1, BACKGROUND, none", // it has its one
        "6 13 1 0 0, SERVICE, USER",
        "6 8 3 2 1, KEEP, none", // all have theirs
        "10 8 0 2 0, LOGIN, KEEP",
        "0 9 0 11 0, KEEP, SERVICE", // of two borrowers the less important
    })
    void placesAreLentAndTakenBack(String waiting, Lane lane, String expected) {
        assertThat(word(policy.place(lane, false, counts(waiting)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0 7 0 0 0, USER, free",
        "0 8 0 0 0, USER, none", // it has its own, and borrows none
        "0 19 0 0 0, USER, none",
        "5 0 0 0 0, KEEP, free",
        "5 0 0 0 15, KEEP, BACKGROUND", // its own are taken back as ever
        "6 0 0 0 0, KEEP, none",
        "0 0 0 0 1, BACKGROUND, none",
    })
    void aQueueThatStandsBorrowsNoPlaces(String waiting, Lane lane, String expected) {
        assertThat(word(policy.place(lane, true, counts(waiting)))).isEqualTo(expected);
    }

    @Test
    void onlyWhatIsLongAndStandsIsServedNewestFirst() {
        assertThat(policy.isNewestFirst(Lane.USER, true, 9)).isTrue();
        assertThat(policy.isNewestFirst(Lane.USER, true, 8)).isFalse();
        assertThat(policy.isNewestFirst(Lane.USER, false, 20)).isFalse();
        assertThat(new GatePolicy(1, 1).isNewestFirst(Lane.BACKGROUND, true, 1)).isFalse();
    }

    @Test
    void aQueueStandsOnceItWasNotEmptyForATenthOfASecond() {
        assertThat(GatePolicy.isStanding(5, 5 + 99_999_999)).isFalse();
        assertThat(GatePolicy.isStanding(5, 5 + 100_000_000)).isTrue();
        assertThat(GatePolicy.isStanding(Long.MAX_VALUE, Long.MIN_VALUE))
                .as("the clock may wrap")
                .isFalse();
    }

    private static String word(Place place) {
        return switch (place) {
            case Place.Free() -> "free";
            case Place.TakenBackFrom(Lane borrower) -> borrower.name();
            case Place.None() -> "none";
        };
    }

    private static int[] counts(String text) {
        return List.of(text.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    }
}
