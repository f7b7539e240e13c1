package dev.firebreak.stack.postgres;

import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.process.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * PostgreSQL refuses to run as root. As root its programs are therefore started by {@code unshare -U}, in a user
 * namespace where they are nobody while their files stay root's. Everybody else starts them directly.
 */
public final class UserNamespace {
    private static final long DEADLINE_S = 5;
    private static final String ADVICE =
            "run ./firebreak as an ordinary user, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1"
                    + " and no seccomp profile that forbids unshare)";

    private UserNamespace() {}

    /** What a PostgreSQL program's command line must begin with. */
    public static List<String> prefix() {
        if (!isRoot()) {
            return List.of();
        }
        Path unshare = Programs.find("unshare")
                .orElseThrow(() -> new StackException(
                        "PostgreSQL refuses to run as root and there is no unshare program",
                        "install util-linux, or run ./firebreak as an ordinary user"));
        List<String> prefix = List.of(unshare.toString(), "-U");
        if (run(prefix, "id", "-u").equals("0") || run(prefix, "id", "-un").isEmpty()) {
            throw new StackException(
                    "PostgreSQL refuses to run as root and `unshare -U` cannot make it somebody else", ADVICE);
        }
        return prefix;
    }

    /** Whether this process runs as root. */
    public static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    /** Answer of a command, or "" when it fails: a probe has no other way to say no. */
    private static String run(List<String> prefix, String... command) {
        ProcessBuilder probe = new ProcessBuilder(
                Stream.concat(prefix.stream(), Stream.of(command)).toList());
        try {
            Process process =
                    probe.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.exitValue() == 0 ? answer : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while probing unshare", e);
        }
    }
}
