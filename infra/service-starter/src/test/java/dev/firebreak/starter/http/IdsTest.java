package dev.firebreak.starter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123456Z");

    @Test
    void carriesVersionVariantAndTime() {
        UUID id = new Ids(InstantSource.fixed(NOW), RandomGenerator.getDefault()).next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void growsWithinOneMillisecondAndWhenTheClockGoesBack() {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        Ids ids = new Ids(now::get, RandomGenerator.getDefault());

        List<String> made = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            if (i == 5_000) {
                now.set(NOW.minusSeconds(60));
            }
            made.add(ids.next().toString());
        }

        // As text, because PostgreSQL compares bytes and Java's UUID signed numbers.
        assertThat(made).isSorted().doesNotHaveDuplicates();
    }
}
