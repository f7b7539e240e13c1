package dev.firebreak.stack.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of the system, found as the shell finds them. */
public final class Programs {
    private Programs() {}

    public static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        // cron and the like leave out the system folders, where util-linux may live.
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), Stream.of("/usr/bin", "/bin", "/usr/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
