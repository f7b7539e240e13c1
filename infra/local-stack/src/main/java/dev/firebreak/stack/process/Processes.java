package dev.firebreak.stack.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Questions about the processes of this machine, answered by {@code /proc}. */
public final class Processes {
    private static final Path PROC = Path.of("/proc");

    /** What our commands begin with: each of them executes the rest of its line in its own place. */
    private static final Set<String> WRAPPERS = Set.of("setsid", "unshare");

    private Processes() {}

    /** Command line of a process; empty when it is gone or belongs to somebody else. */
    public static List<String> commandLine(long pid) {
        try {
            String raw =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return raw.isEmpty() ? List.of() : List.of(raw.split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /**
     * Finds the process of this program that was started with exactly this argument. It is how a part is found again
     * whose run file was lost. The program counts too: who only looks at the path is a stranger.
     */
    static Optional<ProcessIdentity> findByArgument(String program, String argument) {
        // In the bytes of the file name, as the kernel shows it.
        String wanted = new String(argument.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        long self = ProcessHandle.current().pid();
        return pids().stream()
                .filter(pid -> pid != self)
                .filter(pid ->
                        isCalled(commandLine(pid), program) && commandLine(pid).contains(wanted))
                // A database's children carry their parent's arguments until they set their own title.
                .filter(pid -> ProcStat.read(pid)
                        .filter(stat -> !commandLine(stat.parent()).contains(wanted))
                        .isPresent())
                .flatMap(pid -> ProcessIdentity.find(pid).stream())
                .findFirst();
    }

    /** Its first argument is the program; a wrapper becomes the program within a moment, with the same arguments. */
    private static boolean isCalled(List<String> commandLine, String program) {
        if (commandLine.isEmpty()) {
            return false;
        }
        String name = commandLine.getFirst().substring(commandLine.getFirst().lastIndexOf('/') + 1);
        return name.equals(program) || WRAPPERS.contains(name);
    }

    /** Whether some process was started with an argument that contains this text, a folder for instance. */
    public static boolean mentions(String text) {
        String wanted = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return pids().stream()
                .anyMatch(pid -> commandLine(pid).stream().anyMatch(argument -> argument.contains(wanted)));
    }

    /** A process and everything it started, itself first. */
    static List<ProcessIdentity> tree(ProcessIdentity root) {
        List<ProcessIdentity> tree = new ArrayList<>(List.of(root));
        ProcessHandle.of(root.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .flatMap(child -> ProcessIdentity.find(child.pid()).stream())
                .forEach(tree::add);
        return tree;
    }

    static List<Long> pids() {
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc", e);
        }
    }
}
