package dev.firebreak.cli.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchTest {
    private final StringWriter out = new StringWriter();
    private final AtomicInteger turn = new AtomicInteger();
    private final List<Duration> pauses = new ArrayList<>();

    @Test
    void putsOneBlockBelowTheOtherWithoutATerminal() {
        watch(false, 2);

        assertThat(out.toString()).isEqualTo("turn 1\nend\nturn 2\nend\n");
    }

    @Test
    void redrawsInPlaceOnATerminal() {
        watch(true, 2);

        assertThat(out.toString())
                .isEqualTo("\u001B[2J\u001B[Hturn 1\u001B[K\nend\u001B[K\n\u001B[J"
                        + "\u001B[Hturn 2\u001B[K\nend\u001B[K\n\u001B[J");
    }

    @Test
    void waitsTheRestOfASecond() {
        watch(false, 3);

        assertThat(pauses)
                .hasSize(3)
                .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ZERO, Duration.ofSeconds(1)));
    }

    @Test
    void endsWhenNobodyReadsAnyMore() throws Exception {
        Writer closed = new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        new Watch(new PrintWriter(closed), false).run(() -> List.of("turn " + turn.incrementAndGet()), _ -> {});

        assertThat(turn).hasValue(1);
    }

    private void watch(boolean inPlace, int turns) {
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> new Watch(new PrintWriter(out), inPlace)
                        .run(() -> List.of("turn " + turn.incrementAndGet(), "end"), pause -> {
                            pauses.add(pause);
                            if (turn.get() == turns) {
                                throw new InterruptedException();
                            }
                        }));
    }
}
