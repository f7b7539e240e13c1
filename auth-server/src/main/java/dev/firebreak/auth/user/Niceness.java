package dev.firebreak.auth.user;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nice value of threads, by {@code setpriority(2)}. Java's thread priorities do nothing on Linux without a flag that
 * needs root, and reach nice 4 with it; being nicer needs no right at all. Nice 19 has a seventieth of the weight of an
 * ordinary thread, and every ordinary one that wakes up takes the processor from it.
 */
final class Niceness {
    static final int NICEST = 19;

    private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);
    private static final int PRIO_PROCESS = 0;
    /** On Linux the thread that calls; POSIX would have it be the process, so that others are left in peace. */
    private static final int CALLER = 0;

    private Niceness() {}

    /** A task that does the same as {@code task}, as nicely as can be where that can be had. */
    static Runnable nicest(Runnable task) {
        return () -> {
            yieldToEverybody();
            task.run();
        };
    }

    @SuppressWarnings("restricted") // one call, of a function whose signature is in POSIX
    private static void yieldToEverybody() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return;
        }
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle setPriority = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("setpriority"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int failed = (int) setPriority.invokeExact(PRIO_PROCESS, CALLER, NICEST);
            if (failed != 0) {
                LOG.warn("Password hashes compete with everything else: setpriority answered {}", failed);
            }
        } catch (Throwable e) {
            // Hashing goes on all the same; what is lost is that it gives way.
            LOG.warn("Password hashes compete with everything else: setpriority cannot be called", e);
        }
    }
}
