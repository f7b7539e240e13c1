package dev.firebreak.system.harness;

import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One person's browser as a server sees it: own cookies, the {@code Sec-Fetch-*} and {@code Origin} headers of a
 * navigation, a form or a script, and redirects followed for navigations only. It knows no way past the login form.
 * Thread-safe: tabs share one browser.
 */
public final class Browser {
    private static final Set<String> SAFE = Set.of("GET", "HEAD");
    private static final int MAX_REDIRECTS = 10;

    private final URI origin;
    private final CookieJar cookies;

    public Browser(URI origin, InstantSource clock) {
        this(origin, new CookieJar(clock));
    }

    public Browser(URI origin, CookieJar cookies) {
        this.origin = origin;
        this.cookies = cookies;
    }

    public CookieJar cookies() {
        return cookies;
    }

    /** Another browser that was handed all cookies of this one. */
    public Browser copy() {
        return new Browser(origin, cookies.copy());
    }

    /** A typed address or a bookmark: follows redirects, and stops before it would leave the origin. */
    public Answer navigate(String path) {
        return follow(load("GET", origin.resolve(path), "none", null));
    }

    /** The same without following. */
    public Answer navigateOnce(String path) {
        return load("GET", origin.resolve(path), "none", null);
    }

    /** A click on a page of another site. */
    public Answer arriveFrom(String site, String path) {
        return load("GET", origin.resolve(path), "cross-site", null);
    }

    /** Presses a form's button. */
    public Answer submit(HtmlForm form) {
        return follow(submitOnce(form));
    }

    /** The same without following. */
    public Answer submitOnce(HtmlForm form) {
        return load(form.method(), form.action(), "same-origin", form.encoded());
    }

    /** {@code fetch()} by a script of our own page, following the CSRF rule. */
    public Answer fetch(String method, String path, @Nullable String json) {
        return fetch(method, path, json, Map.of());
    }

    /** The same with headers added. */
    public Answer fetch(String method, String path, @Nullable String json, Map<String, String> more) {
        Map<String, String> headers = scriptHeaders(method);
        if (json != null) {
            headers.put("Content-Type", "application/json");
        }
        if (!SAFE.contains(method)) {
            headers.put("X-Firebreak", "1");
        }
        headers.putAll(more);
        return send(method, origin.resolve(path), headers, json);
    }

    /** A request with exactly these headers and the cookies: what a test of the CSRF rule needs. */
    public Answer raw(String method, String path, @Nullable String body, Map<String, String> headers) {
        return send(method, origin.resolve(path), headers, body);
    }

    private Map<String, String> scriptHeaders(String method) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json, application/problem+json");
        headers.put("Sec-Fetch-Site", "same-origin");
        headers.put("Sec-Fetch-Mode", "cors");
        headers.put("Sec-Fetch-Dest", "empty");
        if (!SAFE.contains(method)) {
            headers.put("Origin", origin.toString());
        }
        return headers;
    }

    private Answer load(String method, URI uri, String site, @Nullable String form) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "text/html,application/xhtml+xml");
        headers.put("Sec-Fetch-Site", site);
        headers.put("Sec-Fetch-Mode", "navigate");
        headers.put("Sec-Fetch-Dest", "document");
        headers.put("Sec-Fetch-User", "?1");
        headers.put("Upgrade-Insecure-Requests", "1");
        if (form != null) {
            headers.put("Content-Type", "application/x-www-form-urlencoded");
            headers.put("Origin", origin.toString());
        }
        return send(method, uri, headers, form);
    }

    private Answer follow(Answer first) {
        Answer answer = first;
        for (int hops = 0; isRedirect(answer); hops++) {
            if (hops == MAX_REDIRECTS) {
                throw new IllegalStateException("redirected " + hops + " times, last " + answer);
            }
            URI next = answer.location();
            if (next == null || !sameOrigin(next)) {
                return answer;
            }
            answer = load("GET", next, "same-origin", null);
        }
        return answer;
    }

    private Answer send(String method, URI uri, Map<String, String> headers, @Nullable String body) {
        Map<String, String> sent = new LinkedHashMap<>(headers);
        cookies.header(uri).ifPresent(header -> sent.put("Cookie", header));
        Answer answer = Wire.send(method, uri, sent, body);
        cookies.store(answer);
        return answer;
    }

    private boolean sameOrigin(URI uri) {
        return origin.getScheme().equals(uri.getScheme())
                && origin.getHost().equals(uri.getHost())
                && origin.getPort() == uri.getPort();
    }

    private static boolean isRedirect(Answer answer) {
        return switch (answer.status()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }
}
