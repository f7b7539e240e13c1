package dev.firebreak.cli.doctor;

import dev.firebreak.stack.Preflight;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.postgres.UserNamespace;
import dev.firebreak.stack.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The machine: Java, memory, disk, what PostgreSQL and the browser tests need. */
record MachineChecks(Path folder) {
    /** Three service JVMs, two clusters and this command; below it the machine swaps or kills. */
    private static final long LEAST_MEMORY_MB = 1_200;

    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d+) kB");

    List<Check> run() {
        return List.of(platform(), memory(), disk(), userNamespace(), session(), chromium(), node(), pgbouncer());
    }

    private static Check platform() {
        String found = "Java " + Runtime.version() + " on " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch");
        try {
            Preflight.requirePlatform();
            return Check.ok("java", found);
        } catch (StackException e) {
            return Check.fail("java", e.problem(), e.advice());
        }
    }

    private static Check memory() {
        try {
            Matcher available = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
            long megabytes = available.find() ? Long.parseLong(available.group(1)) / 1024 : Long.MAX_VALUE;
            return megabytes >= LEAST_MEMORY_MB
                    ? Check.ok("memory", megabytes + " MB available")
                    : Check.warn(
                            "memory",
                            megabytes + " MB available, the stack takes up to " + LEAST_MEMORY_MB + " MB",
                            "end other programs; if the stack runs already, all is well");
        } catch (IOException e) {
            return Check.warn("memory", "unknown: " + e.getMessage(), "look at /proc/meminfo");
        }
    }

    private Check disk() {
        long free = Preflight.usableBytes(folder);
        String found = free / 1_000_000 + " MB free for " + folder;
        return free >= Preflight.LEAST_DISK
                ? Check.ok("disk", found)
                : Check.fail(
                        "disk", found, "free some space, the stack needs " + Preflight.LEAST_DISK / 1_000_000 + " MB");
    }

    private static Check userNamespace() {
        try {
            return UserNamespace.prefix().isEmpty()
                    ? Check.ok("unshare", "not needed: you are not root")
                    : Check.ok("unshare", "root, and `unshare -U` works");
        } catch (StackException e) {
            return Check.fail("unshare", e.problem(), e.advice());
        }
    }

    private static Check session() {
        return Programs.find("setsid").isPresent()
                ? Check.ok("setsid", "present")
                : Check.warn(
                        "setsid", "missing: Ctrl-C in `up` also reaches the parts themselves", "install util-linux");
    }

    private static Check pgbouncer() {
        Path outsideThePath = Path.of("/usr/sbin/pgbouncer");
        return Programs.find("pgbouncer")
                .or(() -> Optional.of(outsideThePath).filter(Files::isExecutable))
                .map(path -> Check.ok("pgbouncer", path.toString()))
                .orElse(Check.warn(
                        "pgbouncer",
                        "missing: the tests of the pooler cannot run",
                        "apt-get install pgbouncer (test does it as root)"));
    }

    private static Check chromium() {
        return browserTests("chromium", "chromium", "chromium", "chromium-browser", "google-chrome");
    }

    private static Check node() {
        return browserTests("node", "nodejs npm", "node");
    }

    private static Check browserTests(String what, String packages, String... programs) {
        return Stream.of(programs)
                .flatMap(name -> Programs.find(name).stream())
                .findFirst()
                .map(path -> Check.ok(what, path.toString()))
                .orElse(Check.warn(
                        what,
                        "missing: browser tests cannot run",
                        "apt-get install " + packages + " (test does it as root)"));
    }
}
