package dev.firebreak.stack;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one stack is to be.
 *
 * @param project root of the reactor, where the services' jars are
 * @param folder where its state lives
 * @param cache where PostgreSQL's programs are unpacked, shared by all stacks of this user
 * @param settings settings of single parts that win over the generated ones, by dotted key
 * @param flags JVM flags of single parts, after the usual ones
 * @param startDeadline how long a part may take to become ready
 * @param demoAccounts whether the three demo accounts are made
 * @param fresh whether all earlier state is wiped first
 */
public record StackOptions(
        Path project,
        StackFolder folder,
        Path cache,
        Ports ports,
        Map<Part, Map<String, Object>> settings,
        Map<Part, List<String>> flags,
        Duration startDeadline,
        boolean demoAccounts,
        boolean fresh,
        Progress progress,
        InstantSource clock) {

    /** Slow machines share two cores among five processes that all start at once. */
    private static final Duration START_DEADLINE = Duration.ofSeconds(120);

    public StackOptions {
        settings = Map.copyOf(settings);
        flags = Map.copyOf(flags);
    }

    /** Options for a stack of the reactor in {@code project}, with its state in {@code project/.firebreak}. */
    public static Builder builder(Path project) {
        return new Builder(project.toAbsolutePath().normalize());
    }

    Map<String, Object> settingsOf(Part part) {
        return settings.getOrDefault(part, Map.of());
    }

    List<String> flagsOf(Part part) {
        return flags.getOrDefault(part, List.of());
    }

    /** Collects options; each has a default that suits a developer's machine. */
    public static final class Builder {
        private final Path project;
        private final Map<Part, Map<String, Object>> settings = new EnumMap<>(Part.class);
        private final Map<Part, List<String>> flags = new EnumMap<>(Part.class);
        private StackFolder folder;
        private Path cache = defaultCache();
        private Ports ports = Ports.defaults();
        private Duration startDeadline = START_DEADLINE;
        private boolean demoAccounts = true;
        private boolean fresh;
        private Progress progress = Progress.SILENT;
        private InstantSource clock = InstantSource.system();

        private Builder(Path project) {
            this.project = project;
            this.folder = new StackFolder(project.resolve(".firebreak"));
        }

        /** Where the state lives; a test gives each stack its own folder. */
        public Builder folder(Path root) {
            this.folder = new StackFolder(root);
            return this;
        }

        public Builder cache(Path postgres) {
            this.cache = postgres;
            return this;
        }

        public Builder ports(Ports chosen) {
            this.ports = chosen;
            return this;
        }

        /** One setting of one part, for instance {@code set(GATEWAY, "gateway.renew-after", "5s")}. */
        public Builder set(Part part, String key, Object value) {
            settings.computeIfAbsent(part, none -> new LinkedHashMap<>()).put(key, value);
            return this;
        }

        /** One more JVM flag of one service. */
        public Builder jvm(Part part, String flag) {
            flags.computeIfAbsent(part, none -> new ArrayList<>()).add(flag);
            return this;
        }

        public Builder startDeadline(Duration deadline) {
            this.startDeadline = deadline;
            return this;
        }

        public Builder demoAccounts(boolean wanted) {
            this.demoAccounts = wanted;
            return this;
        }

        public Builder fresh(boolean wanted) {
            this.fresh = wanted;
            return this;
        }

        public Builder progress(Progress listener) {
            this.progress = listener;
            return this;
        }

        public Builder clock(InstantSource source) {
            this.clock = source;
            return this;
        }

        public StackOptions build() {
            return new StackOptions(
                    project,
                    folder,
                    cache,
                    ports,
                    settings,
                    flags,
                    startDeadline,
                    demoAccounts,
                    fresh,
                    progress,
                    clock);
        }

        /** The user's cache folder (XDG Base Directory), so that several checkouts unpack PostgreSQL once. */
        private static Path defaultCache() {
            String xdg = System.getenv("XDG_CACHE_HOME");
            Path base = xdg != null && xdg.startsWith("/")
                    ? Path.of(xdg)
                    : Path.of(System.getProperty("user.home"), ".cache");
            return base.resolve("firebreak").resolve("postgres");
        }
    }
}
