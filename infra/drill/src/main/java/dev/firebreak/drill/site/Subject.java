package dev.firebreak.drill.site;

import dev.firebreak.drill.fault.Rule;
import dev.firebreak.drill.load.Outcome;
import java.io.IOException;
import java.time.Duration;

/** What a drill puts under load: Firebreak, or the control. Visitors are numbered; any number will do. */
public interface Subject {
    /** Database connections that calls share. */
    int POOL_SIZE = 4;

    /** How long a caller waits: the contract's longest time for an answer. */
    Duration PATIENCE = Duration.ofSeconds(5);

    /** For instance {@code firebreak}. */
    String name();

    /** The same, with whatever else visitors do before they give up. */
    default Duration patience() {
        return PATIENCE;
    }

    /** A visitor looks at the list of tasks. */
    Outcome read(int visitor) throws IOException;

    /** A visitor adds a task. */
    Outcome write(int visitor) throws IOException;

    /** A visitor loads the page anew: who am I, then the list. */
    Outcome reload(int visitor) throws IOException;

    /** What happens between the application's pool and its database. */
    void database(Rule rule);

    /** Sum over the pool's connections of the time they waited for an answer. */
    Duration databaseBusy();

    /** Visitors, each with a session. */
    int sessions();

    /** Writes acknowledged so far, in this and in earlier scenarios. */
    int acknowledgedWrites();

    /** Visitors whose session did not outlive what happened; asked when everything is whole again. */
    int lostSessions();

    /** Acknowledged writes that cannot be found; asked when everything is whole again. */
    int lostWrites();
}
