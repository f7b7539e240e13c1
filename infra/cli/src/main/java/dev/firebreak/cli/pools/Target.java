package dev.firebreak.cli.pools;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One process to ask.
 *
 * @param service what it is, for instance {@code task-service}
 * @param node which one of these, for instance {@code task-service-1}
 * @param address where its management port tells of pools
 */
public record Target(String service, String node, URI address) {
    private static final String PATH = "/actuator/pools";
    private static final Pattern NUMBERED = Pattern.compile("(.+)-\\d+");

    /** The gateway has no database and so no pool. */
    private static final List<Part> WITH_POOLS = List.of(Part.AUTH_SERVER, Part.TASK_SERVICE);

    /** The services of the local stack. */
    public static List<Target> of(Ports ports) {
        return WITH_POOLS.stream()
                .map(part -> named(
                        part.id(),
                        URI.create("http://127.0.0.1:" + ports.opened(part).get("management") + PATH)))
                .toList();
    }

    /**
     * An address as people write it: {@code http://host:port}, with a node's name and {@code =} before it if they like.
     *
     * @throws IllegalArgumentException with a sentence about what is wrong with it
     */
    public static Target parse(String text) {
        int scheme = text.indexOf("://");
        int equals = text.indexOf('=');
        boolean isNamed = equals > 0 && equals < scheme;
        URI base = URI.create(isNamed ? text.substring(equals + 1) : text);
        if (base.getHost() == null || !List.of("http", "https").contains(base.getScheme())) {
            throw new IllegalArgumentException("not an address like http://127.0.0.1:9101");
        }
        String path = base.getPath().replaceAll("/+$", "");
        URI address = base.resolve(path.endsWith(PATH) ? path : path + PATH);
        return named(isNamed ? text.substring(0, equals) : base.getAuthority(), address);
    }

    private static Target named(String node, URI address) {
        Matcher numbered = NUMBERED.matcher(node);
        return new Target(numbered.matches() ? numbered.group(1) : node, node, address);
    }
}
