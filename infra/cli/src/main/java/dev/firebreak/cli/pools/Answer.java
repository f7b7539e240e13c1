package dev.firebreak.cli.pools;

import java.util.List;

/**
 * What came back from one target.
 *
 * @param pools in the service's order; none when it could not be asked
 * @param failure why it could not be asked; empty when it could
 */
public record Answer(Target target, List<Pool> pools, String failure) {
    static final String UNREACHABLE = "unreachable";

    public Answer {
        pools = List.copyOf(pools);
    }

    static Answer of(Target target, List<Pool> pools) {
        return new Answer(target, pools, "");
    }

    static Answer failed(Target target, String why) {
        return new Answer(target, List.of(), why);
    }

    public boolean reached() {
        return failure.isEmpty();
    }
}
