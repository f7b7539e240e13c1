package dev.firebreak.drill.site;

import dev.firebreak.drill.fault.FaultProxy;
import dev.firebreak.stack.Progress;
import dev.firebreak.stack.Stack;
import dev.firebreak.stack.StackOptions;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The drills' own stack: real processes in a folder of their own, on free ports, so that a developer's stack is left in
 * peace; with a fault proxy before each database and the small pool of product.md. Settings are production's otherwise,
 * but for limits by client address, because all visitors share one.
 */
public final class DrillStack implements AutoCloseable {
    private static final int UNLIMITED = 100_000;

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

    private DrillStack(Stack stack, FaultProxy authDb, FaultProxy tasksDb) {
        this.stack = stack;
        this.authDb = authDb;
        this.tasksDb = tasksDb;
    }

    /**
     * How this stack differs from another drill's.
     *
     * @param renewAfter age at which sessions renew their access token; short, so that renewals fall into a short outage
     * @param tasksDbPort where the task service finds its database; 0 = at the fault proxy
     * @param pooler what {@code firebreak.pools.tasks.pooler} says; empty = nothing
     * @param warmAtOnce whether services do without the compiler that takes minutes
     */
    public record Shape(Duration renewAfter, int tasksDbPort, String pooler, boolean warmAtOnce) {
        /** Production's renewals. */
        public static final Shape LONG = new Shape(Duration.ofMinutes(5), 0, "", false);

        /** Renewals every twenty seconds, so that every visitor needs some in a minute. */
        public static final Shape USUAL = new Shape(Duration.ofSeconds(20), 0, "", false);

        public static final Shape SHORT = new Shape(Duration.ofSeconds(20), 0, "", true);
    }

    /** Starts it anew, without data, and returns when it serves. */
    public static DrillStack start(Path project, Shape shape, Progress progress, InstantSource clock) {
        Ports ports = Ports.free(new SplittableRandom());
        FaultProxy authDb = FaultProxy.open("auth-db", ports.authDb());
        FaultProxy tasksDb = FaultProxy.open("tasks-db", ports.tasksDb());
        StackOptions.Builder options = StackOptions.builder(project)
                .folder(project.resolve(".firebreak").resolve("drill"))
                .ports(ports)
                .fresh(true)
                .demoAccounts(false)
                .progress(progress)
                .clock(clock);
        options.set(Part.AUTH_SERVER, "firebreak.pools.identity.port", authDb.port());
        options.set(Part.AUTH_SERVER, "firebreak.pools.background.port", authDb.port());
        int tasksPort = shape.tasksDbPort() == 0 ? tasksDb.port() : shape.tasksDbPort();
        options.set(Part.TASK_SERVICE, "firebreak.pools.tasks.port", tasksPort);
        options.set(Part.TASK_SERVICE, "firebreak.pools.tasks.size", Subject.POOL_SIZE);
        if (!shape.pooler().isEmpty()) {
            options.set(Part.TASK_SERVICE, "firebreak.pools.tasks.pooler", shape.pooler());
        }
        options.set(Part.GATEWAY, "gateway.renew-after", shape.renewAfter().toSeconds() + "s");
        options.set(Part.GATEWAY, "gateway.renew-jitter", shape.renewAfter().toSeconds() / 10 + "s");
        for (String limit : new String[] {
            "per-address", "per-subject", "login-starts", "password-attempts", "token-requests", "failed-tokens"
        }) {
            options.set(Part.GATEWAY, "gateway.rate-limit." + limit, UNLIMITED);
        }
        options.set(Part.AUTH_SERVER, "auth.sign-in-limits.address-attempts", UNLIMITED);
        options.set(Part.AUTH_SERVER, "auth.token-limits.public-per-minute", UNLIMITED);
        for (Part service : List.of(Part.AUTH_SERVER, Part.TASK_SERVICE, Part.GATEWAY)) {
            (shape.warmAtOnce() ? WARM_AT_ONCE : OPTIMISED).forEach(flag -> options.jvm(service, flag));
        }
        DrillStack drill = new DrillStack(Stack.of(options.build()), authDb, tasksDb);
        try {
            // What an earlier drill left behind when it was killed.
            drill.stack.down();
            drill.stack.up();
            return drill;
        } catch (RuntimeException e) {
            drill.close();
            throw e;
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

    public String origin() {
        return stack.ports().publicOrigin();
    }

    @Override
    public void close() {
        stack.down();
        authDb.close();
        tasksDb.close();
    }
}
