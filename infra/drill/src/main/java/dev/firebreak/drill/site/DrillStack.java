package dev.firebreak.drill.site;

import dev.firebreak.drill.fault.FaultProxy;
import dev.firebreak.stack.Progress;
import dev.firebreak.stack.Stack;
import dev.firebreak.stack.StackOptions;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.postgres.Database;
import dev.firebreak.stack.secrets.Passwords;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The drills' own stack: real processes in a folder of their own, on free ports, so that a developer's stack is left in
 * peace; with a fault proxy before each database and the trust feed, and the small pool of product.md. Settings are
 * production's otherwise, but for limits by client address, because all visitors share one.
 */
public final class DrillStack implements AutoCloseable {
    private static final int UNLIMITED = 100_000;

    /** Those that verify tokens by what the trust feed told them. */
    public static final List<Part> VERIFIERS = List.of(Part.GATEWAY, Part.TASK_SERVICE);

    private static final String TRUST_URL = "http://127.0.0.1:%d/auth/internal/v1/trust";

    private static final List<String> ADDRESS_LIMITS = List.of(
            "per-address", "per-subject", "login-starts", "password-attempts", "token-requests", "failed-tokens");

    /** HotSpot's own thresholds, where the local stack has patient ones: a drill is about services that have run for long. */
    private static final List<String> OPTIMISED = List.of(
            "-XX:Tier4InvocationThreshold=5000",
            "-XX:Tier4MinInvocationThreshold=600",
            "-XX:Tier4CompileThreshold=15000",
            "-XX:Tier4BackEdgeThreshold=40000");

    /** No second compiler: its first minute takes a core, and the short forms last no longer. */
    private static final List<String> WARM_AT_ONCE = List.of("-XX:TieredStopAtLevel=1");

    private final Stack stack;
    private final FaultProxy authDb;
    private final FaultProxy tasksDb;
    private final FaultProxy trustFeed;
    private final @Nullable Bouncer pooler;

    private DrillStack(
            Stack stack, FaultProxy authDb, FaultProxy tasksDb, FaultProxy trustFeed, @Nullable Bouncer pooler) {
        this.trustFeed = trustFeed;
        this.pooler = pooler;
        this.stack = stack;
        this.authDb = authDb;
        this.tasksDb = tasksDb;
    }

    /**
     * How this stack differs from another drill's.
     *
     * @param renewAfter age at which sessions renew their access token; short, so that renewals fall into a short outage
     * @param pooled whether the task service reaches its database by PgBouncer
     * @param warmAtOnce whether services do without the compiler that takes minutes
     */
    public record Shape(Duration renewAfter, boolean pooled, boolean warmAtOnce) {
        /** Production's renewals. */
        public static final Shape LONG = new Shape(Duration.ofMinutes(5), false, false);

        /** Renewals every twenty seconds, so that every visitor needs some in a minute. */
        public static final Shape USUAL = new Shape(Duration.ofSeconds(20), false, false);

        public static final Shape SHORT = new Shape(Duration.ofSeconds(20), false, true);

        /** The same with PgBouncer before tasks-db. */
        public Shape withPooler() {
            return new Shape(renewAfter, true, warmAtOnce);
        }
    }

    /** Starts it anew, without data, and returns when it serves. What an earlier drill left behind is ended first. */
    public static DrillStack start(Path project, Shape shape, Progress progress, InstantSource clock) {
        Ports ports = Ports.free(new SplittableRandom());
        FaultProxy authDb = FaultProxy.open("auth-db", ports.authDb());
        FaultProxy tasksDb = FaultProxy.open("tasks-db", ports.tasksDb());
        FaultProxy trustFeed = FaultProxy.open("trust-feed", ports.authInternal());
        DrillStack drill = null;
        try {
            StackFolder folder = new StackFolder(project.resolve(".firebreak").resolve("drill"));
            Stack.of(StackOptions.builder(project).folder(folder.root()).build())
                    .down();
            folder.wipe();
            folder.create();
            Bouncer pooler = shape.pooled() ? pooler(folder, tasksDb.port()) : null;
            int tasksPort = pooler == null ? tasksDb.port() : pooler.port();
            StackOptions.Builder options = StackOptions.builder(project)
                    .folder(folder.root())
                    .ports(ports)
                    .demoAccounts(false)
                    .progress(progress)
                    .clock(clock);
            settings(options, shape, authDb.port(), tasksPort);
            for (Part verifier : VERIFIERS) {
                options.set(verifier, "firebreak.trust.url", TRUST_URL.formatted(trustFeed.port()));
            }
            drill = new DrillStack(Stack.of(options.build()), authDb, tasksDb, trustFeed, pooler);
            drill.stack.up();
            return drill;
        } catch (RuntimeException e) {
            if (drill != null) {
                drill.close();
            }
            authDb.close();
            tasksDb.close();
            trustFeed.close();
            throw e;
        }
    }

    private static Bouncer pooler(StackFolder folder, int serverPort) {
        Database database = Database.of(Part.TASKS_DB);
        String password = Passwords.readOrCreate(folder.password(database.app()));
        return Bouncer.start(
                folder.secrets(), serverPort, database.name(), database.app(), password, Subject.POOL_SIZE);
    }

    private static void settings(StackOptions.Builder options, Shape shape, int authDbPort, int tasksDbPort) {
        options.set(Part.AUTH_SERVER, "firebreak.pools.identity.port", authDbPort);
        options.set(Part.AUTH_SERVER, "firebreak.pools.background.port", authDbPort);
        options.set(Part.AUTH_SERVER, "firebreak.pools.vault.port", authDbPort);
        options.set(Part.TASK_SERVICE, "firebreak.pools.tasks.port", tasksDbPort);
        options.set(Part.TASK_SERVICE, "firebreak.pools.tasks.size", Subject.POOL_SIZE);
        if (shape.pooled()) {
            options.set(Part.TASK_SERVICE, "firebreak.pools.tasks.pooler", "pgbouncer");
        }
        options.set(Part.GATEWAY, "gateway.renew-after", shape.renewAfter().toSeconds() + "s");
        options.set(Part.GATEWAY, "gateway.renew-jitter", shape.renewAfter().toSeconds() / 10 + "s");
        ADDRESS_LIMITS.forEach(limit -> options.set(Part.GATEWAY, "gateway.rate-limit." + limit, UNLIMITED));
        options.set(Part.AUTH_SERVER, "auth.sign-in-limits.address-attempts", UNLIMITED);
        options.set(Part.AUTH_SERVER, "auth.token-limits.public-per-minute", UNLIMITED);
        for (Part service : List.of(Part.AUTH_SERVER, Part.TASK_SERVICE, Part.GATEWAY)) {
            (shape.warmAtOnce() ? WARM_AT_ONCE : OPTIMISED).forEach(flag -> options.jvm(service, flag));
        }
    }

    /** Orders on single parts: stop, kill, hang, start. */
    public Stack parts() {
        return stack;
    }

    /** Between the authorization server and its database. */
    public FaultProxy authDb() {
        return authDb;
    }

    /** Between the task service and its database. */
    public FaultProxy tasksDb() {
        return tasksDb;
    }

    /** Between the verifiers and the trust feed; every other call to the authorization server goes past it. */
    public FaultProxy trustFeed() {
        return trustFeed;
    }

    /** Between the task service and {@link #tasksDb}, on a stack that has it. */
    public Bouncer pooler() {
        return Objects.requireNonNull(pooler, "this stack has no PgBouncer");
    }

    public String origin() {
        return stack.ports().publicOrigin();
    }

    @Override
    public void close() {
        stack.down();
        authDb.close();
        tasksDb.close();
        trustFeed.close();
        if (pooler != null) {
            pooler.close();
        }
    }
}
