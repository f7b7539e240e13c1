package dev.firebreak.gateway.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingFileTest {
    @TempDir
    private Path folder;

    @Test
    void tellsTheKeysThatItOpensAsTheFileHasThemNow() throws Exception {
        Path file = folder.resolve("ring.json");
        Files.writeString(
                file,
                RingTest.ring(
                        RingTest.entry("c1", "retired"),
                        RingTest.entry("c2", "open-only"),
                        RingTest.entry("c3", "sealing")));
        RingFile ring = new RingFile(file, new SimpleMeterRegistry());
        assertThat(ring.ids()).containsExactly("c2", "c3");

        Files.writeString(file, RingTest.ring(RingTest.entry("c4", "sealing")));
        ring.reload();

        assertThat(ring.ids()).containsExactly("c4");
    }

    @Test
    void everyStartLeavesAReaderThatReadsOn() throws Exception {
        Path file = folder.resolve("ring.json");
        Files.writeString(file, RingTest.ring(RingTest.entry("c1", "sealing")));
        List<RingFile> rings = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                RingFile ring = new RingFile(file, new SimpleMeterRegistry());
                ring.start();
                rings.add(ring);
            }

            Files.writeString(file, RingTest.ring(RingTest.entry("c2", "sealing")));

            for (RingFile ring : rings) {
                Eventually.holds(
                        "the new key seals", () -> ring.current().sealing().id().equals("c2"));
                assertThat(ring.isRunning()).isTrue();
            }
        } finally {
            rings.forEach(RingFile::stop);
        }
    }
}
