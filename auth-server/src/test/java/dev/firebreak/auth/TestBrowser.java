package dev.firebreak.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A person's browser without scripts: keeps cookies, fills in forms, and follows redirects only when told to. Each has a
 * client address of its own, as behind the gateway.
 */
public final class TestBrowser {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final int port;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final Map<String, String> said = new LinkedHashMap<>();
    private final Set<String> everSet = new TreeSet<>();
    private String address = "10.%d.%d.%d".formatted(random(), random(), random());

    public TestBrowser(int port) {
        this.port = port;
    }

    private static int random() {
        return ThreadLocalRandom.current().nextInt(256);
    }

    /** A page or a redirect. */
    public record Page(HttpResponse<String> response) {
        private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
        private static final Pattern TYPED = Pattern.compile("id=\"username\"[^>]*?value=\"([^\"]*)\"", Pattern.DOTALL);

        public int status() {
            return response.statusCode();
        }

        public String body() {
            return response.body();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** Where the browser is sent, without the public origin that the gateway would answer for. */
        public String location() {
            return header("Location").replaceFirst("^" + TestDeployment.ORIGIN + "(?=/auth/)", "");
        }

        /** The form's secret. */
        public String csrf() {
            return found(CSRF);
        }

        /** What stands in the field for the e-mail address. */
        public String typed() {
            Matcher field = TYPED.matcher(body());
            return field.find() ? field.group(1) : "";
        }

        private String found(Pattern pattern) {
            Matcher matcher = pattern.matcher(body());
            if (!matcher.find()) {
                throw new AssertionError("No " + pattern + " in " + status() + " " + body());
            }
            return matcher.group(1);
        }
    }

    /** Comes from this address from now on. */
    public TestBrowser from(String newAddress) {
        address = newAddress;
        return this;
    }

    /** Sends this header too from now on. */
    public TestBrowser saying(String name, String value) {
        said.put(name, value);
        return this;
    }

    public Page get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    /** Goes where the answer points. */
    public Page follow(Page page) {
        if (page.status() != 303) {
            throw new AssertionError("No redirect: " + page.status() + " " + page.body());
        }
        return get(page.location());
    }

    /** Submits a form, with nothing added. */
    public Page submit(String path, Map<String, String> form) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(TestOAuth.form(form))));
    }

    /** Fills in the sign-in form that this page shows. */
    public Page signIn(Page form, String username, String password) {
        return submit("/auth/login", Map.of("_csrf", form.csrf(), "username", username, "password", password));
    }

    /** Opens the sign-in form and fills it in. */
    public Page signIn(String username, String password) {
        return signIn(get("/auth/login"), username, password);
    }

    public String cookie(String name) {
        return cookies.get(name);
    }

    public void setCookie(String name, String value) {
        cookies.put(name, value);
    }

    /** Names of all cookies that any answer set. */
    public Set<String> everSet() {
        return everSet;
    }

    private URI uri(String path) {
        if (!path.startsWith("/auth/")) {
            throw new AssertionError("Not ours: " + path);
        }
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private Page send(HttpRequest.Builder request) {
        request.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .header("Sec-Fetch-Mode", "navigate")
                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0")
                .header("Firebreak-Client-Address", address)
                .timeout(Duration.ofSeconds(20));
        said.forEach(request::header);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return new Page(response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String header) {
        HttpCookie cookie = HttpCookie.parse(header).getFirst();
        everSet.add(cookie.getName());
        if (cookie.getMaxAge() == 0) {
            cookies.remove(cookie.getName());
        } else {
            cookies.put(cookie.getName(), cookie.getValue());
        }
    }
}
