package dev.firebreak.stack;

import dev.firebreak.stack.layout.AtomicFile;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code run/stack.json}: the ports of the stack that was started last, for commands that come later. */
public final class StackFiles {
    private static final JsonMapper JSON = new JsonMapper();

    private StackFiles() {}

    static void writePorts(StackFolder folder, Ports ports) {
        try {
            AtomicFile.write(folder.stack(), JSON.writeValueAsString(ports) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder.stack(), e);
        }
    }

    /** Empty when no stack of this folder was ever started. */
    public static Optional<Ports> readPorts(StackFolder folder) {
        try {
            return Optional.of(JSON.readValue(Files.readString(folder.stack()), Ports.class));
        } catch (NoSuchFileException | JacksonException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder.stack(), e);
        }
    }
}
