package dev.firebreak.drill.site;

import dev.firebreak.drill.fault.Rule;
import dev.firebreak.drill.load.HttpWire;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.stack.layout.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Firebreak under load: people with sessions at the gateway. */
public final class Firebreak implements Subject, AutoCloseable {
    static final String PASSWORD = "correct horse battery staple";

    private static final Duration PREPARATION = Duration.ofSeconds(30);
    private static final int KEPT_CONNECTIONS = 600;
    private static final Duration SESSION_DEADLINE = Duration.ofSeconds(15);
    private static final Duration SESSION_POLL = Duration.ofMillis(200);

    private final DrillStack stack;
    private final ComeBack comeBack = new ComeBack(ComeBack.SLEEP);
    private final HttpWire wire;
    private final List<String> emails = new ArrayList<>();
    private final List<Visitor> visitors = new ArrayList<>();
    private final Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();

    private Firebreak(DrillStack stack) {
        this.stack = stack;
        this.wire = wireTo(stack);
    }

    /** Makes so many people and signs each of them in. */
    public static Firebreak withVisitors(DrillStack stack, int count) {
        Firebreak firebreak = new Firebreak(stack);
        try {
            for (int i = 0; i < count; i++) {
                String email = "visitor-" + UUID.randomUUID() + "@example.com";
                stack.parts().ops().add(email, "Visitor " + i, PASSWORD, "user", false, "drill");
                firebreak.emails.add(email);
                firebreak.visitors.add(firebreak.signIn(email));
            }
            return firebreak;
        } catch (IOException e) {
            throw new UncheckedIOException("a visitor of the drill cannot sign in", e);
        }
    }

    /** Its own way to the gateway, with the caller's patience and a little more, to see what comes too late. */
    static HttpWire wireTo(DrillStack stack) {
        int port = stack.parts().ports().gateway();
        return new HttpWire(port, "localhost:" + port, PATIENCE.plusSeconds(1), KEPT_CONNECTIONS);
    }

    /** The same for preparations, which nobody measures. */
    static HttpWire patientWireTo(DrillStack stack) {
        int port = stack.parts().ports().gateway();
        return new HttpWire(port, "localhost:" + port, PREPARATION, 2);
    }

    /** Signs in somebody who has an account, through the form. */
    Visitor signIn(String email) throws IOException {
        CookieJar cookies;
        try (HttpWire patient = patientWireTo(stack)) {
            cookies = new SignIn(patient, stack.origin()).complete(email, PASSWORD);
        }
        int port = stack.parts().ports().gateway();
        return new Visitor(wire, stack.origin(), "firebreak-" + port, cookies, comeBack);
    }

    @Override
    public String name() {
        return "firebreak";
    }

    /** Whether visitors obey {@code session.renewing}: only then is that answer not the last word. */
    public void obeyRenewing(boolean obeys) {
        comeBack.obeys(obeys);
    }

    /** Calls of visitors that were told {@code session.renewing} and obeyed, since they do. */
    public int toldToComeBack() {
        return comeBack.told();
    }

    @Override
    public Duration patience() {
        return comeBack.isOn() ? PATIENCE.plus(ComeBack.LONGEST) : PATIENCE;
    }

    @Override
    public Outcome read(int visitor) throws IOException {
        return visitor(visitor).read();
    }

    @Override
    public Outcome write(int visitor) throws IOException {
        Visitor.Written written = visitor(visitor).write("drill " + visitor);
        written.id().ifPresent(acknowledged::add);
        return written.outcome();
    }

    @Override
    public Outcome reload(int visitor) throws IOException {
        Outcome session = visitor(visitor).session();
        return session == Outcome.GOOD ? visitor(visitor).read() : session;
    }

    @Override
    public void database(Rule rule) {
        stack.tasksDb().apply(rule);
    }

    @Override
    public Duration databaseBusy() {
        return stack.tasksDb().busy();
    }

    @Override
    public int sessions() {
        return visitors.size();
    }

    @Override
    public int acknowledgedWrites() {
        return acknowledged.size();
    }

    @Override
    public int lostSessions() {
        return (int) visitors.stream().filter(visitor -> !hasSession(visitor)).count();
    }

    /** Looks into the database itself, past everything that could remember. */
    @Override
    public int lostWrites() {
        List<UUID> expected = List.copyOf(acknowledged);
        try (Connection connection = stack.parts().connect(Part.TASKS_DB);
                PreparedStatement select =
                        connection.prepareStatement("SELECT count(*) FROM task WHERE id = ANY (?)")) {
            select.setArray(1, connection.createArrayOf("uuid", expected.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return expected.size() - rows.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look for acknowledged writes", e);
        }
    }

    /** Who has an account here. */
    List<String> emails() {
        return List.copyOf(emails);
    }

    @Override
    public void close() {
        wire.close();
    }

    private Visitor visitor(int number) {
        return visitors.get(Math.floorMod(number, visitors.size()));
    }

    private static boolean hasSession(Visitor visitor) {
        long end = System.nanoTime() + SESSION_DEADLINE.toNanos();
        while (true) {
            try {
                Outcome outcome = visitor.session();
                if (outcome == Outcome.GOOD || outcome == Outcome.WRONG_401 || System.nanoTime() - end > 0) {
                    return outcome == Outcome.GOOD;
                }
            } catch (IOException e) {
                if (System.nanoTime() - end > 0) {
                    return false;
                }
            }
            LockSupport.parkNanos(SESSION_POLL.toNanos());
        }
    }
}
