package dev.firebreak.stack.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The three fields of {@code /proc/PID/stat} (proc_pid_stat(5)) that matter here. */
record ProcStat(char state, long parent, long startTicks) {
    /** Numbers of the fields after the name, counted from the state, which is field 3. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
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
                fields[STATE].charAt(0), Long.parseLong(fields[PARENT]), Long.parseLong(fields[START_TICKS].strip()));
    }

    /** Neither a zombie that nobody reaped nor dead. */
    boolean runs() {
        return state != 'Z' && state != 'X';
    }
}
