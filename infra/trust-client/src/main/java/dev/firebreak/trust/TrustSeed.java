package dev.firebreak.trust;

import dev.firebreak.contracts.trust.TrustAnswer;
import java.time.Instant;

/**
 * Trust data for a verifier that has none yet and cannot ask: the content of the file {@value #FILE} in its state folder,
 * mode 0600. It is worth something until the data is as old as the hard cap.
 */
public final class TrustSeed {
    /** Name of the file in the state folder. */
    public static final String FILE = "trust.state";

    private TrustSeed() {}

    /**
     * The file's content.
     *
     * @param answer a full one
     */
    public static String write(TrustAnswer answer, Instant now) {
        if (!answer.full() || answer.keys() == null) {
            throw new IllegalArgumentException("A seed holds everything");
        }
        return TrustState.write(answer, now);
    }
}
