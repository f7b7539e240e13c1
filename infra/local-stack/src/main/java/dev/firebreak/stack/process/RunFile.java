package dev.firebreak.stack.process;

import dev.firebreak.stack.layout.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code run/<part>.json}: which process a part is, so that a later command finds it again.
 *
 * @param port its main port; 0 for a launcher, which has none
 */
public record RunFile(ProcessIdentity identity, int port) {
    private static final JsonMapper JSON = new JsonMapper();

    public void write(Path file) {
        String json = JSON.createObjectNode()
                .put("pid", identity.pid())
                .put("started_at", identity.startedAt().toString())
                .put("start_ticks", identity.startTicks())
                .put("boot_id", identity.bootId())
                .put("port", port)
                .toString();
        try {
            Files.createDirectories(file.getParent());
            AtomicFile.write(file, json + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Empty when there is none; a damaged one counts as none, as the process can be found by its command line. */
    public static Optional<RunFile> read(Path file) {
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            return Optional.of(new RunFile(
                    new ProcessIdentity(
                            json.path("pid").asLong(0),
                            Instant.parse(json.path("started_at").asString("")),
                            json.path("start_ticks").asLong(0),
                            json.path("boot_id").asString("")),
                    json.path("port").asInt(0)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JacksonException | DateTimeParseException damaged) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
