package dev.firebreak.stack.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A signal that a part is sent. */
public enum Signal {
    /** Please end: our services finish what they have begun. */
    TERM,
    /** PostgreSQL's fast shutdown: refuses newcomers, ends sessions, writes a checkpoint. */
    INT,
    /** The end without a word, as a crash would be. */
    KILL,
    /** Hangs the process: it keeps its sockets and answers nothing. */
    STOP,
    CONT;

    private static final long DEADLINE_S = 5;

    /** Sends it to those that still are who they were; the check is as close to the signal as it can be. */
    public void send(List<ProcessIdentity> targets) {
        // The shell's built-in, because Java knows only TERM and KILL and not every machine has a kill program.
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", "kill -" + name() + " \"$@\" 2>/dev/null", "sh"));
        targets.stream()
                .filter(ProcessIdentity::isAlive)
                .map(target -> Long.toString(target.pid()))
                .forEach(command::add);
        if (command.size() == 4) {
            return;
        }
        try {
            // Its exit status is no news: a target that ended in between is one we need not signal.
            Process kill = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
                throw new IllegalStateException("kill -" + name() + " did not return within " + DEADLINE_S + " s");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run /bin/sh to send SIG" + name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending SIG" + name(), e);
        }
    }
}
