package dev.firebreak.cli.pools;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * Shows something again each second until the thread is interrupted or nobody reads any more: in place on a terminal,
 * otherwise one block below the other.
 *
 * @param inPlace whether the output obeys cursor movements
 */
public record Watch(PrintWriter out, boolean inPlace) {
    private static final long EVERY = Duration.ofSeconds(1).toNanos();
    private static final String CLEAR = "\u001B[2J";
    private static final String HOME = "\u001B[H";
    private static final String CLEAR_LINE = "\u001B[K";
    private static final String CLEAR_BELOW = "\u001B[J";

    /** What is shown, made anew for each turn. */
    @FunctionalInterface
    public interface Frame {
        List<String> lines() throws InterruptedException;
    }

    /** Waits out the rest of a second. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    public void run(Frame frame) throws InterruptedException {
        run(frame, Thread::sleep);
    }

    void run(Frame frame, Pause pause) throws InterruptedException {
        if (inPlace) {
            out.print(CLEAR);
        }
        while (true) {
            long begin = System.nanoTime();
            show(frame.lines());
            // Standard output swallows the error of a closed pipe, whatever writer stands before it.
            if (out.checkError() || System.out.checkError()) {
                return;
            }
            pause.of(Duration.ofNanos(Math.max(0, EVERY - (System.nanoTime() - begin))));
        }
    }

    /** In one piece, so that it does not flicker. */
    private void show(List<String> lines) {
        StringBuilder text = new StringBuilder(inPlace ? HOME : "");
        lines.forEach(
                line -> text.append(line).append(inPlace ? CLEAR_LINE : "").append(System.lineSeparator()));
        out.print(text.append(inPlace ? CLEAR_BELOW : ""));
        out.flush();
    }
}
