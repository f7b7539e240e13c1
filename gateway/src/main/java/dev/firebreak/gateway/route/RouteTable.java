package dev.firebreak.gateway.route;

import dev.firebreak.contracts.http.Paths;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpMethod;

/**
 * The allow-list: everything that can be reached through the gateway, and nothing else can. Never the prefix of a whole
 * service.
 */
final class RouteTable {
    /** Discovery documents, by the path asked for; the value is the path at the authorization server. */
    private static final Map<String, String> DISCOVERY = Map.of(
            "/auth/.well-known/openid-configuration", "/auth/.well-known/openid-configuration",
            "/auth/.well-known/oauth-authorization-server", "/auth/.well-known/oauth-authorization-server",
            // RFC 8414, 3.1: the issuer's path stands behind the well-known part.
            "/.well-known/openid-configuration/auth", "/auth/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server/auth", "/auth/.well-known/oauth-authorization-server",
            "/auth/oauth2/jwks", "/auth/oauth2/jwks");

    private static final Set<String> AUTH_SECTIONS = Set.of(
            "login",
            "logout",
            "register",
            "reset",
            "account",
            "activate",
            "oauth2",
            "connect",
            "userinfo",
            "webauthn",
            "risc",
            "assets",
            ".well-known");

    /** Operators' resources of the authorization server. */
    private static final Set<String> OPS_SECTIONS =
            Set.of("keys", "trust", "refresh-keys", "sealing", "vault", "audit", "users", "clients");

    private static final Set<String> OWN = Set.of("/", "/session", "/login", "/login/callback", "/logout");

    private static final Set<String> PAGES = Set.of("/connections", "/ops/keys");

    private static final String OPS_ROOT = Paths.PUBLIC_OPS + "/";

    private static final Pattern WATCHED_ORDERS =
            Pattern.compile(OPS_ROOT + "(?:keys/[^/]+|refresh-keys/emergency|trust/revocations|users/[^/]+/disable)");

    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private RouteTable() {}

    /** The area of a path that keeps {@link PathRules}; empty if it leads nowhere. */
    static Optional<Area> areaOf(String path) {
        if (path.equals(Paths.LIVEZ) || path.equals(Paths.READYZ)) {
            return Optional.of(Area.HEALTH);
        }
        if (isUnder(path, "/api/v1/tasks") || isUnder(path, "/api/v1/categories")) {
            return Optional.of(Area.TASKS);
        }
        if (isUnder(path, "/api/v1/account") || isUnder(path, "/api/v1/connections")) {
            return Optional.of(Area.AUTH_API);
        }
        if (path.startsWith(OPS_ROOT)) {
            return OPS_SECTIONS.contains(segmentAt(path, OPS_ROOT.length())) ? Optional.of(Area.OPS) : Optional.empty();
        }
        if (DISCOVERY.containsKey(path)) {
            return Optional.of(Area.DISCOVERY);
        }
        if (path.startsWith("/auth/")) {
            return AUTH_SECTIONS.contains(segmentAt(path, "/auth/".length()))
                    ? Optional.of(Area.AUTH)
                    : Optional.empty();
        }
        if (PAGES.contains(path)) {
            return Optional.of(Area.PAGE);
        }
        boolean own = OWN.contains(path) || path.startsWith("/assets/") || path.startsWith("/errors/");
        return own ? Optional.of(Area.OWN) : Optional.empty();
    }

    /** Methods that the gateway's own endpoints answer; empty for proxied areas, whose services decide. */
    static Set<HttpMethod> ownMethods(Area area, String path) {
        return switch (area) {
            case AUTH, AUTH_API, OPS, TASKS -> Set.of();
            case HEALTH, DISCOVERY, PAGE -> READS;
            case OWN ->
                switch (path) {
                    case "/logout" -> Set.of(HttpMethod.POST);
                    case "/login", "/login/callback" -> Set.of(HttpMethod.GET);
                    default -> READS;
                };
        };
    }

    /** An operator's order that answers when it has seen its effect. Nothing else may take longer than usual. */
    static boolean isWatchedOrder(HttpMethod method, String path) {
        return method.equals(HttpMethod.POST) && WATCHED_ORDERS.matcher(path).matches();
    }

    /** The path at the service, for the areas that are proxied. */
    static String upstreamPath(Area area, String path) {
        return area == Area.AUTH_API || area == Area.OPS ? "/auth" + path : path;
    }

    /** The path of a discovery document at the authorization server. */
    static String discoveryPath(String path) {
        String upstream = DISCOVERY.get(path);
        if (upstream == null) {
            throw new IllegalArgumentException("Not a discovery document: " + path);
        }
        return upstream;
    }

    /** All paths of discovery documents. */
    static Set<String> discoveryPaths() {
        return DISCOVERY.keySet();
    }

    private static boolean isUnder(String path, String root) {
        return path.startsWith(root) && (path.length() == root.length() || path.charAt(root.length()) == '/');
    }

    private static String segmentAt(String path, int from) {
        int end = path.indexOf('/', from);
        return path.substring(from, end < 0 ? path.length() : end);
    }
}
