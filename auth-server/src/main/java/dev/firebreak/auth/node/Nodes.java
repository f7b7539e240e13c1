package dev.firebreak.auth.node;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The living nodes, this one among them. Each reports itself every few seconds and takes its row away when it stops; one
 * that has not reported for {@link #FORGOTTEN_AFTER} is waited for no more.
 *
 * <p>Silence proves something only to a node that could have heard: after its own start, and after an outage of its
 * database, a node waits for everybody who has a row until it has had the database for {@link #FORGOTTEN_AFTER} without a
 * break. Else the first one back would take itself for the only one.
 *
 * <p>Forgetting a node that still runs is safe: it has lost the database, without which it can neither renew a sign-in nor
 * store a secret, and it reads the rings anew before it can again.
 */
public final class Nodes implements SmartLifecycle {
    /** Longer than a restart of the database or a long pause of a process; as long does a killed node delay a new key. */
    public static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

    private final NodeRepository repository;
    private final String name;
    private final UUID instance = UUID.randomUUID();
    private final Supplier<List<Loaded>> rings;
    private volatile List<Node> lastRead = List.of();
    private volatile Contact contact = Contact.NONE;
    private volatile boolean joined;
    private volatile boolean running;

    /**
     * @param name stable name of this node
     * @param rings what this node has loaded; asked at each report
     */
    Nodes(NodeRepository repository, String name, Supplier<List<Loaded>> rings) {
        this.repository = repository;
        this.name = name;
        this.rings = rings;
    }

    /** Writes what this node has loaded, forgets who is gone, and reads who lives. */
    public void report() {
        contact = contact.reported(repository.save(self()));
        joined = true;
        repository.deleteNotSeenWithin(FORGOTTEN_AFTER, contact);
        lastRead = read();
    }

    /**
     * Makes this node one that others wait for, before it first reads a ring. The other way round a key could be put to use
     * between this node's read and its first report.
     */
    public void join() {
        if (!joined) {
            report();
        }
    }

    /** Who lives, of this moment; without this node if it has not joined. */
    public List<Node> read() {
        return repository.findWaitedFor(FORGOTTEN_AFTER, contact);
    }

    /** Who lived at the last report, from memory. */
    public List<Node> lastRead() {
        return lastRead;
    }

    /** True if this start of this node is among them: only then does "all of them" mean something. */
    public boolean isIn(List<Node> nodes) {
        return nodes.stream().anyMatch(node -> node.instance().equals(instance));
    }

    private Node self() {
        return new Node(name, instance, ids(KeyRing.WRAPPING), ids(KeyRing.REFRESH_MAC));
    }

    private List<String> ids(KeyRing ring) {
        return rings.get().stream()
                .filter(loaded -> loaded.ring() == ring)
                .flatMap(loaded -> loaded.ids().get().stream())
                .toList();
    }

    /** After the web server has drained and the loops have stopped: until then others have to wait for this node. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (!joined) {
            return;
        }
        joined = false;
        try {
            repository.delete(name, instance);
        } catch (RuntimeException e) {
            LOG.info("This node could not sign off; the others forget it in {}: {}", FORGOTTEN_AFTER, e.toString());
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
