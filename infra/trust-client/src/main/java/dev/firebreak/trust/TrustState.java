package dev.firebreak.trust;

import dev.firebreak.contracts.trust.TrustAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good trust data on disk, so that a process started during an outage can judge tokens at once. First line:
 * format, time of writing, SHA-256 of the rest; then the data as one full answer of the feed. The hash is against torn
 * and rotten files; against people stand the folder's permissions. One thread.
 */
final class TrustState {
    private static final Logger LOG = LoggerFactory.getLogger(TrustState.class);
    private static final String FORMAT = "firebreak-trust-1";
    /** A file from further in the future was written by another clock, and its age cannot be told. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

    /** A larger file is not ours: room for 100,000 revocations. */
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private final Path folder;
    private final Duration hardCap;

    TrustState(Path folder, Duration hardCap) {
        this.folder = folder;
        this.hardCap = hardCap;
    }

    /** The copy, unless there is none, it is damaged or too old. Says in the log which. */
    Optional<HeldTrust> load(Instant now) {
        Path file = folder.resolve(TrustSeed.FILE);
        try {
            PrivateFiles.prepareFolder(folder);
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("larger than " + MAX_BYTES + " bytes");
            }
            return judge(parse(Files.readString(file)), now);
        } catch (IOException | ParseException e) {
            LOG.warn("Trust data in {} is not used: {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** Replaces the copy; on the disk when this returns. */
    void save(HeldTrust trust, Instant now) throws IOException {
        PrivateFiles.prepareFolder(folder);
        PrivateFiles.write(
                folder.resolve(TrustSeed.FILE), write(trust.asAnswer(), now).getBytes(StandardCharsets.UTF_8));
    }

    /** The file's content. */
    static String write(TrustAnswer answer, Instant now) {
        String json = TrustAnswerJson.write(answer);
        return String.join(" ", FORMAT, now.toString(), sha256(json)) + "\n" + json;
    }

    private Optional<HeldTrust> judge(TrustAnswer copy, Instant now) throws ParseException {
        Duration age = Duration.between(copy.asOf(), now);
        if (age.compareTo(hardCap) > 0 || age.compareTo(CLOCK_TOLERANCE.negated()) < 0) {
            LOG.info("Trust data in {} is not used: it is from {}", folder, copy.asOf());
            return Optional.empty();
        }
        return switch (HeldTrust.merge(null, copy, now)) {
            case HeldTrust.Outcome.Taken taken -> Optional.of(taken.trust());
            case HeldTrust.Outcome.Refused refused -> throw new ParseException(refused.reason(), 0);
        };
    }

    private static TrustAnswer parse(String content) throws ParseException {
        int end = content.indexOf('\n');
        String[] head = content.substring(0, Math.max(end, 0)).split(" ", -1);
        // A shell that wrote it to a file may have ended it with a line.
        String json = content.substring(end + 1).stripTrailing();
        if (head.length != 3 || !head[0].equals(FORMAT) || !head[2].equals(sha256(json))) {
            throw new ParseException("damaged", 0);
        }
        return TrustAnswerJson.parse(json);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
