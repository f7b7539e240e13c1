package dev.firebreak.starter.pool;

import dev.firebreak.starter.gate.Permit;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports connections that somebody keeps: one line each, with whose work it is and where its thread stands now. */
final class LeakWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LeakWatch.class);

    /** As long as the longest deadline of a request: what holds a connection longer has forgotten it. */
    static final Duration TOO_LONG = Duration.ofSeconds(10);

    private final Duration limit;

    LeakWatch() {
        this(TOO_LONG);
    }

    LeakWatch(Duration limit) {
        this.limit = limit;
    }

    void look(OpenPool pool) {
        for (Permit permit : pool.gate().heldLongerThan(limit)) {
            if (permit.firstReport()) {
                report(permit);
                pool.meters().leaked();
            }
        }
    }

    private static void report(Permit permit) {
        Thread holder = permit.holder();
        Throwable stack = new Throwable("stack of the thread " + holder.getName() + " now");
        stack.setStackTrace(holder.getStackTrace());
        LOG.atWarn()
                .addKeyValue("pool", permit.pool())
                .addKeyValue("lane", permit.lane().id())
                .addKeyValue("request_trace_id", permit.work().traceId())
                .setCause(stack)
                .log(
                        "A connection of the pool {} is held for {} s by {} (lane {}, trace {})",
                        permit.pool(),
                        permit.heldFor().toSeconds(),
                        printable(permit.work().route()),
                        permit.lane().id(),
                        permit.work().traceId());
    }

    /** Control characters out of a path would forge log lines. */
    private static String printable(String route) {
        return route.codePoints()
                .limit(200)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
