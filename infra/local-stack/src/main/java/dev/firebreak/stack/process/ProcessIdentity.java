package dev.firebreak.stack.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * One process and no other. A pid alone is handed out again, so the start instant belongs to it. The kernel's own count
 * (ticks since boot, with the boot's id) decides; {@code startedAt} is for people, because the wall clock it is computed
 * from may be set while the process runs.
 */
public record ProcessIdentity(long pid, Instant startedAt, long startTicks, String bootId) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /** The process that has this pid now; empty when there is none or it is only waiting to be reaped. */
    public static Optional<ProcessIdentity> find(long pid) {
        return ProcStat.read(pid)
                .filter(ProcStat::runs)
                .map(stat -> new ProcessIdentity(
                        pid,
                        ProcessHandle.of(pid)
                                .flatMap(handle -> handle.info().startInstant())
                                .orElse(Instant.EPOCH),
                        stat.startTicks(),
                        currentBoot()));
    }

    /** Whether this very process still runs; a later owner of the pid is a stranger, a zombie has ended. */
    public boolean isAlive() {
        return ProcStat.read(pid)
                .filter(stat -> stat.runs()
                        && stat.startTicks() == startTicks
                        && currentBoot().equals(bootId))
                .isPresent();
    }

    /** Whether it is held by SIGSTOP. */
    public boolean isSuspended() {
        return ProcStat.read(pid)
                .filter(stat -> stat.startTicks() == startTicks && stat.state() == 'T')
                .isPresent();
    }

    private static String currentBoot() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            // A container may hide it; the ticks alone then tell processes apart until the machine is booted again.
            return "unknown";
        }
    }
}
