package dev.firebreak.starter.database;

import dev.firebreak.starter.database.Endpoint.Server;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code jdbc:postgresql://host:port,host:port/database?parameter=value} more strictly than the driver, which takes
 * whatever it does not understand for a default. Sentences never repeat the URL: somebody may have put a password in it.
 */
final class JdbcUrl {
    private static final Pattern URL = Pattern.compile("jdbc:postgresql://([^/?#]+)/([^/?#]+)(?:\\?(.*))?");
    /** A name, an IPv4 address or an IPv6 address in brackets, then a port. */
    private static final Pattern SERVER = Pattern.compile("([A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?");

    private static final Pattern PARAMETER_NAME = Pattern.compile("[A-Za-z]{1,40}");
    private static final int DEFAULT_PORT = 5432;

    /** What a deployment may choose; the rest is fixed, has a key of its own, or changes what our statements mean. */
    static final Set<String> ALLOWED = new TreeSet<>(Set.of(
            "channelBinding",
            "currentSchema",
            "hostRecheckSeconds",
            "loadBalanceHosts",
            "reWriteBatchedInserts",
            "sslNegotiation",
            "targetServerType"));

    private static final Map<String, String> OWN_KEYS =
            Map.of("user", "user", "ssl", "sslmode", "sslmode", "sslmode", "sslrootcert", "ssl-root-cert");

    /** Waits and switches that belong together, in lower case. */
    private static final Set<String> FIXED = Set.of(
            "applicationname",
            "autosave",
            "cancelsignaltimeout",
            "connecttimeout",
            "gssencmode",
            "logintimeout",
            "logservererrordetail",
            "options",
            "preferquerymode",
            "preparedstatementcachequeries",
            "preparedstatementcachesizemib",
            "preparethreshold",
            "sockettimeout",
            "tcpkeepalive");

    private JdbcUrl() {}

    /** @throws IllegalArgumentException with a sentence that begins with the key {@code jdbc-url} */
    static Endpoint parse(String url) {
        // Before anything is split: a password with a / or ? in it must not be taken for something else and repeated.
        if (url.contains("@") || url.toLowerCase(Locale.ROOT).matches(".*[?&]\\w*(password|secret)\\w*(=.*)?")) {
            throw wrong("must not carry a password: put it into the file that password-file names");
        }
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw wrong("must look like jdbc:postgresql://host:5432/database");
        }
        return new Endpoint(servers(parts.group(1)), decode(parts.group(2)), parameters(parts.group(3)));
    }

    private static List<Server> servers(String list) {
        List<Server> servers = new ArrayList<>();
        for (String item : list.split(",", -1)) {
            Matcher server = SERVER.matcher(item);
            int port =
                    !server.matches() ? 0 : server.group(2) == null ? DEFAULT_PORT : Integer.parseInt(server.group(2));
            if (port < 1 || port > 65535) {
                throw wrong("must name each server as host or host:port, separated by commas");
            }
            servers.add(new Server(server.group(1), port));
        }
        return servers;
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String item : query.split("&", -1)) {
            int equals = item.indexOf('=');
            String name = equals < 0 ? item : item.substring(0, equals);
            requireAllowed(name);
            if (equals < 0 || parameters.put(name, decode(item.substring(equals + 1))) != null) {
                throw wrong("must give " + name + " exactly one value");
            }
        }
        return parameters;
    }

    private static void requireAllowed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (OWN_KEYS.containsKey(lower)) {
            throw wrong("must not set " + name + ": say it with the key " + OWN_KEYS.get(lower));
        }
        if (FIXED.contains(lower)) {
            throw wrong("must not set " + name + ": it is fixed, because the waits belong together");
        }
        if (!ALLOWED.contains(name)) {
            String what = PARAMETER_NAME.matcher(name).matches() ? name : "a parameter of that name";
            throw wrong("must not set " + what + ": allowed are " + String.join(", ", ALLOWED));
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw wrong("has a % that begins no encoded character");
        }
    }

    private static IllegalArgumentException wrong(String sentence) {
        return new IllegalArgumentException("jdbc-url " + sentence);
    }
}
