package dev.firebreak.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

/** Says on standard error why nothing happens for a while, because standard output may be a token for a script. */
final class BusyNotice implements Consumer<Duration> {
    private final PrintWriter err;

    private BusyNotice(PrintWriter err) {
        this.err = err;
    }

    static BusyNotice on(PrintWriter err) {
        return new BusyNotice(err);
    }

    @Override
    public void accept(Duration wait) {
        // Rounded up: "in 0 s" is no news.
        long seconds = wait.plusSeconds(1).minusNanos(1).toSeconds();
        err.println("firebreak: the server is busy, trying again in " + Math.max(1, seconds) + " s");
        err.flush();
    }
}
