package dev.firebreak.stack.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The four fields of {@code /proc/PID/stat} (proc_pid_stat(5)) that matter here. */
record ProcStat(char state, long parent, long threads, long startTicks) {
    /** Numbers of the fields after the name, counted from the state, which is field 3. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;

    /** Empty when no process has this pid. */
    static Optional<ProcStat> read(long pid) {
        try {
            return Optional.of(parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat"))));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** The name stands in brackets and may itself hold blanks and brackets: the last one closes it. */
    static ProcStat parse(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new ProcStat(
                fields[STATE].charAt(0),
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[THREADS]),
                Long.parseLong(fields[START_TICKS].strip()));
    }

    /**
     * Neither dead nor a zombie that nobody reaped. A killed process shows its first thread as a zombie while others
     * still end; until the last has gone it holds its ports.
     */
    boolean runs() {
        return state != 'X' && (state != 'Z' || threads > 1);
    }
}
