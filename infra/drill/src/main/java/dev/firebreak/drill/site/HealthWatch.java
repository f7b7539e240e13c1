package dev.firebreak.drill.site;

import dev.firebreak.drill.load.Answer;
import dev.firebreak.drill.load.Generator;
import dev.firebreak.drill.load.HttpWire;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Request;
import dev.firebreak.stack.layout.Part;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Asks {@code /livez} and {@code /readyz} of each service in turn, as a cluster's probes do. */
public final class HealthWatch implements Generator.Target, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int KEPT_CONNECTIONS = 8;
    private static final List<String> PATHS = List.of("/livez", "/readyz");

    private final List<HttpWire> wires;

    /** @param services those that are meant to be there all the time */
    public HealthWatch(DrillStack stack, List<Part> services) {
        this.wires = services.stream()
                .map(service -> stack.parts().ports().of(service))
                .map(port -> new HttpWire(port, "localhost:" + port, PATIENCE, KEPT_CONNECTIONS))
                .toList();
    }

    /** Every service. */
    public static HealthWatch all(DrillStack stack) {
        return new HealthWatch(
                stack,
                Stream.of(Part.values()).filter(part -> !part.isDatabase()).toList());
    }

    @Override
    public Outcome fire(int index) throws IOException {
        HttpWire wire = wires.get(index / PATHS.size() % wires.size());
        Answer answer = wire.send(Request.get(PATHS.get(index % PATHS.size())));
        return answer.isGood() ? Outcome.GOOD : Outcome.FAILED;
    }

    @Override
    public void close() {
        wires.forEach(HttpWire::close);
    }
}
