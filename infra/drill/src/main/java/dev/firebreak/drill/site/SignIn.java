package dev.firebreak.drill.site;

import dev.firebreak.drill.load.Answer;
import dev.firebreak.drill.load.HttpWire;
import dev.firebreak.drill.load.Request;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Signs in as a browser does: page, form, redirects, cookies. There is no other way in. */
final class SignIn {
    private static final Pattern FORM =
            Pattern.compile("(?is)<form\\b([^>]*)>((?:(?!</form>).)*name=\"password\".*?)</form>");
    private static final Pattern INPUT = Pattern.compile("(?is)<input\\b([^>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("(?is)([\\w-]+)\\s*=\\s*\"([^\"]*)\"");
    private static final int MOST_STEPS = 12;

    private final HttpWire wire;
    private final URI origin;
    private final CookieJar cookies = new CookieJar();

    SignIn(HttpWire wire, String origin) {
        this.wire = wire;
        this.origin = URI.create(origin);
    }

    /** A sign-in form that is filled in and ready to be sent. */
    record Filled(String path, String body) {
        /** Never the body: it holds a password. */
        @Override
        public String toString() {
            return "POST " + path;
        }
    }

    CookieJar cookies() {
        return cookies;
    }

    /** Goes all the way; fails when it does not end on a page of ours. */
    CookieJar complete(String email, String password) throws IOException {
        Answer end = follow(send(fill(email, password)));
        if (!end.isGood()) {
            throw new IOException("the sign-in of " + email + " ended with " + end);
        }
        return cookies;
    }

    /** Opens the sign-in page and fills in its form. */
    Filled fill(String email, String password) throws IOException {
        return fill("/login?return_to=/", email, password);
    }

    /**
     * Goes as far as the redirect that leaves our origin, and returns where that leads: the answer of an authorization
     * request.
     *
     * @param authorize path and query of that request
     */
    String answerOf(String authorize, String email, String password) throws IOException {
        Answer answer = send(fill(authorize, email, password));
        for (int step = 0; step < MOST_STEPS && answer.isRedirect(); step++) {
            String location = answer.header("location").orElse("/");
            if (!origin.resolve(location).getAuthority().equals(origin.getAuthority())) {
                return location;
            }
            String path = path("/", location);
            answer = wire.send(navigation(Request.get(path), path));
            cookies.store(answer);
        }
        throw new IOException("no answer to an authorization request, but " + answer);
    }

    private Filled fill(String start, String email, String password) throws IOException {
        Page page = open(start);
        Matcher form = FORM.matcher(page.answer().text());
        if (!form.find()) {
            throw new IOException("no sign-in form at " + page.path() + ": " + page.answer());
        }
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher input = INPUT.matcher(form.group(2));
        while (input.find()) {
            Map<String, String> attributes = attributes(input.group(1));
            String type = attributes.getOrDefault("type", "text");
            if (attributes.containsKey("name") && !type.equals("checkbox")) {
                fields.put(attributes.getOrDefault("name", ""), attributes.getOrDefault("value", ""));
            }
        }
        fields.put("username", email);
        fields.put("password", password);
        String action = attributes(form.group(1)).getOrDefault("action", "");
        return new Filled(action.isEmpty() ? page.path() : path(page.path(), action), encode(fields));
    }

    /** Presses the button once; a right password is answered with a redirect. */
    Answer send(Filled form) throws IOException {
        Answer answer = wire.send(request(form));
        cookies.store(answer);
        return answer;
    }

    /** What pressing the button sends, with the cookies of now. */
    Request request(Filled form) {
        Request post = Request.post(form.path(), "application/x-www-form-urlencoded", form.body());
        return navigation(post, form.path()).with("Origin", origin.toString()).with("Sec-Fetch-Site", "same-origin");
    }

    private record Page(String path, Answer answer) {}

    private Page open(String start) throws IOException {
        String path = start;
        for (int step = 0; step < MOST_STEPS; step++) {
            Answer answer = wire.send(navigation(Request.get(path), path));
            cookies.store(answer);
            if (!answer.isRedirect()) {
                return new Page(path, answer);
            }
            path = path(path, answer.header("location").orElse("/"));
        }
        throw new IOException("redirected " + MOST_STEPS + " times from " + start);
    }

    private Answer follow(Answer answer) throws IOException {
        return answer.isRedirect()
                ? open(path("/", answer.header("location").orElse("/"))).answer()
                : answer;
    }

    private Request navigation(Request request, String path) {
        Request headed = request.with("Accept", "text/html")
                .with("Sec-Fetch-Mode", "navigate")
                .with("Sec-Fetch-Dest", "document");
        String header = cookies.header(path);
        return header.isEmpty() ? headed : headed.with("Cookie", header);
    }

    private String path(String base, String location) throws IOException {
        URI next = origin.resolve(base).resolve(location.replace("&amp;", "&"));
        if (!origin.getAuthority().equals(next.getAuthority())) {
            throw new IOException("the sign-in leads away, to " + next.getAuthority());
        }
        return next.getRawPath() + (next.getRawQuery() == null ? "" : "?" + next.getRawQuery());
    }

    private static Map<String, String> attributes(String tag) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(tag);
        while (attribute.find()) {
            attributes.put(
                    attribute.group(1),
                    attribute
                            .group(2)
                            .replace("&quot;", "\"")
                            .replace("&#39;", "'")
                            .replace("&#43;", "+")
                            .replace("&#61;", "=")
                            .replace("&amp;", "&"));
        }
        return attributes;
    }

    private static String encode(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
