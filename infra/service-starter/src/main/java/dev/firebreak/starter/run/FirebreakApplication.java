package dev.firebreak.starter.run;

import dev.firebreak.starter.FirebreakProperties;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/** The {@code main} of every service: serves, or runs the one mode that the command line names and exits. */
public final class FirebreakApplication {
    private static final String KEY = "firebreak.run";
    /** Exit status of a wrong command line, as everywhere in Firebreak. */
    private static final int USAGE = 2;

    private FirebreakApplication() {}

    /**
     * Starts the service, or ends the process with the status of a run mode. {@code migrate} is always there.
     *
     * @param more modes that only this service has
     */
    public static void run(Class<?> service, String[] args, RunMode... more) {
        String wanted = new SimpleCommandLinePropertySource(args).getProperty(KEY);
        if (wanted == null || wanted.equals(FirebreakProperties.SERVE)) {
            SpringApplication.run(service, args);
            return;
        }
        System.exit(runMode(wanted, args, more));
    }

    /** The same without ending the process. */
    static int runMode(String wanted, String[] args, RunMode... more) {
        List<RunMode> modes = new ArrayList<>(List.of(more));
        modes.add(new MigrateMode());
        for (RunMode mode : modes) {
            if (mode.name().equals(wanted)) {
                return mode.run(args);
            }
        }
        List<String> names = modes.stream().map(RunMode::name).sorted().toList();
        System.err.println("--" + KEY + "=" + wanted + " is not a run mode; there are: " + FirebreakProperties.SERVE
                + ", " + String.join(", ", names));
        return USAGE;
    }
}
