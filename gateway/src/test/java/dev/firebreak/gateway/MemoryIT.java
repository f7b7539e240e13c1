package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What a request leaves behind when it is over: nothing. */
class MemoryIT extends SharedGatewayIT {
    private static final int MANY = 1_500;
    private static final Pattern OPERATIONS =
            Pattern.compile("\\s(\\d+)\\s+\\d+\\s+reactor\\.netty\\.http\\.server\\.HttpServerOperations\\s");

    /** Those that are answered before their end was read, as under overload, were kept for half a minute each. */
    @Test
    void anAnsweredRequestIsForgotten() throws Exception {
        Client nobody = gateway.client();
        Client somebody = gateway.client().bearer(gateway.issuer().accessToken());
        for (int i = 0; i < MANY / 2; i++) {
            nobody.get("/api/v1/tasks");
            somebody.get("/api/v1/tasks");
        }

        gateway.tasks().hang();
        var held = somebody.getAsync("/api/v1/tasks");
        Eventually.holds("one is held", () -> gateway.tasks().calls().size() > MANY / 2);
        assertThat(requestsInMemory()).as("it sees them").isBetween(1, MANY / 5);
        gateway.tasks().resume();
        held.join();
    }

    /** Of a full collection, in the words of {@code jcmd GC.class_histogram}. */
    private static int requestsInMemory() throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Matcher matcher = OPERATIONS.matcher(histogram);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
