package dev.firebreak.trust;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * How the trust feed is read.
 *
 * @param url the feed, without query
 * @param stateFolder where the last good answer survives a restart; made with mode 0700
 * @param pollEvery time between two questions while there is no news
 * @param readTimeout longest time for one whole answer
 * @param hardCap age past which trust data is worth nothing
 * @param maxAnswerBytes a larger answer is refused; one revocation takes about 150 bytes
 * @param ring ids of the cookie keys that this process can open, told with each question; empty for who opens no cookies
 */
public record TrustFeedSettings(
        URI url,
        Path stateFolder,
        Duration pollEvery,
        Duration readTimeout,
        Duration hardCap,
        int maxAnswerBytes,
        Supplier<List<String>> ring) {
    /** 16 MiB, as the state file: room for the 100,000 live revocations that the server serves at most. */
    private static final int DEFAULT_MAX_ANSWER_BYTES = 16 * 1024 * 1024;

    /** The server's bound (architecture, "Trust feed"). */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(2);

    public TrustFeedSettings {
        if (!pollEvery.isPositive() || !readTimeout.isPositive() || !hardCap.isPositive() || maxAnswerBytes < 1) {
            throw new IllegalArgumentException(
                    "Poll interval, read time-out, hard cap and size limit must be positive");
        }
    }

    public TrustFeedSettings(URI url, Path stateFolder, Duration pollEvery, Duration readTimeout, Duration hardCap) {
        this(url, stateFolder, pollEvery, readTimeout, hardCap, DEFAULT_MAX_ANSWER_BYTES, List::of);
    }

    /**
     * How long the server may keep a question until there is news, in whole seconds (RFC 7240, {@code wait}): as long as
     * the next one would not come anyway, and far enough from the time-out.
     */
    Duration hold() {
        long seconds = Math.min(pollEvery.toSeconds(), readTimeout.dividedBy(2).toSeconds());
        return Duration.ofSeconds(Math.min(seconds, LONGEST_HOLD.toSeconds()));
    }

    /** The same, and each question tells which cookie keys this process can open. */
    public TrustFeedSettings withRing(Supplier<List<String>> told) {
        return new TrustFeedSettings(url, stateFolder, pollEvery, readTimeout, hardCap, maxAnswerBytes, told);
    }
}
