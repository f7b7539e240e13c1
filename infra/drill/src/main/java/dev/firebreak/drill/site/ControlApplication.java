package dev.firebreak.drill.site;

import dev.firebreak.drill.fault.FaultProxy;
import dev.firebreak.drill.fault.Rule;
import dev.firebreak.drill.load.Answer;
import dev.firebreak.drill.load.HttpWire;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The control under load, with the front end of the incident: whoever is told that the session is no good signs out and
 * signs in again.
 */
public final class ControlApplication implements Subject, AutoCloseable {
    private static final int KEPT_CONNECTIONS = 600;

    /** One browser; the session is empty after a sign-in that failed. */
    private static final class User {
        private final String name;
        private volatile String session;
        private volatile boolean lost;

        User(String name, String session) {
            this.name = name;
            this.session = session;
        }
    }

    private final FaultProxy database;
    private final ControlProcess process;
    private final HttpWire wire;
    private final List<User> users = new ArrayList<>();
    private final AtomicInteger acknowledged = new AtomicInteger();

    private ControlApplication(FaultProxy database, ControlProcess process) {
        this.database = database;
        this.process = process;
        this.wire = new HttpWire(process.port(), "localhost", PATIENCE.plusSeconds(1), KEPT_CONNECTIONS);
    }

    /** Starts it with an empty database and signs so many people in. */
    public static ControlApplication start(Path project, DrillStack stack, int users) {
        FaultProxy database =
                FaultProxy.open("control-db", stack.parts().ports().authDb());
        ControlApplication control =
                new ControlApplication(database, ControlProcess.start(project, stack.parts(), database.port()));
        try {
            for (int i = 0; i < users; i++) {
                String name = "user-" + i;
                control.users.add(new User(name, control.login(name).text()));
            }
            return control;
        } catch (IOException e) {
            control.close();
            throw new IllegalStateException("nobody can sign in at the control", e);
        }
    }

    @Override
    public String name() {
        return "control";
    }

    @Override
    public Outcome read(int visitor) throws IOException {
        return call(user(visitor), Request.get("/tasks"));
    }

    @Override
    public Outcome write(int visitor) throws IOException {
        Outcome outcome = call(user(visitor), Request.post("/tasks", "text/plain", "drill " + visitor));
        if (outcome == Outcome.GOOD) {
            acknowledged.incrementAndGet();
        }
        return outcome;
    }

    @Override
    public Outcome reload(int visitor) throws IOException {
        Outcome session = call(user(visitor), Request.get("/session"));
        return session == Outcome.GOOD ? read(visitor) : session;
    }

    @Override
    public void database(Rule rule) {
        database.apply(rule);
    }

    @Override
    public Duration databaseBusy() {
        return database.busy();
    }

    @Override
    public int sessions() {
        return users.size();
    }

    @Override
    public int acknowledgedWrites() {
        return acknowledged.get();
    }

    @Override
    public int lostSessions() {
        return (int) users.stream().filter(user -> user.lost).count();
    }

    @Override
    public int lostWrites() {
        return Math.max(0, acknowledged.get() - process.tasks());
    }

    @Override
    public void close() {
        wire.close();
        process.close();
        database.close();
    }

    private Outcome call(User user, Request request) throws IOException {
        String session = user.session;
        Answer answer = wire.send(request.with("Session", session));
        if (answer.isGood()) {
            return Outcome.GOOD;
        }
        if (answer.status() != 401) {
            return Outcome.FAILED;
        }
        signInAgain(user, session);
        // Without a session 401 is right; that it is gone was the wrong before.
        return session.isEmpty() ? Outcome.FAILED : Outcome.WRONG_401;
    }

    private void signInAgain(User user, String refused) throws IOException {
        synchronized (user) {
            if (!user.session.equals(refused)) {
                return;
            }
            user.lost = true;
            user.session = "";
        }
        if (!refused.isEmpty()) {
            wire.send(Request.post("/logout", "text/plain", "").with("Session", refused));
        }
        Answer login = login(user.name);
        if (login.isGood()) {
            user.session = login.text();
        }
    }

    private Answer login(String name) throws IOException {
        return wire.send(Request.post("/login?name=" + name, "text/plain", ""));
    }

    private User user(int number) {
        return users.get(Math.floorMod(number, users.size()));
    }
}
