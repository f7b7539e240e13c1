package dev.firebreak.auth.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NicenessTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void aThreadIsAsNiceAsCanBeAndTheOthersAreAsBefore() throws Exception {
        int before = niceness();

        assertThat(inAThread(true)).isEqualTo(Niceness.NICEST);

        assertThat(niceness()).isEqualTo(before);
        assertThat(inAThread(false)).isEqualTo(before);
    }

    private static int inAThread(boolean nice) throws InterruptedException, ExecutionException {
        FutureTask<Integer> asked = new FutureTask<>(NicenessTest::niceness);
        Thread.ofPlatform().start(nice ? Niceness.nicest(asked) : asked);
        return asked.get();
    }

    /** Field 19 of proc_pid_stat(5); the second one may hold spaces and ends at the last bracket. */
    private static int niceness() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }
}
