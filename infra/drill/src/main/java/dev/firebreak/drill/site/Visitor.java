package dev.firebreak.drill.site;

import dev.firebreak.drill.load.Answer;
import dev.firebreak.drill.load.HttpWire;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Request;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person who has signed in through the form and keeps a browser open: its cookies and a script's headers. */
final class Visitor {
    private static final Pattern SATURATED = Pattern.compile("\"code\"\\s*:\\s*\"(\\w+\\.saturated|rate\\.limited)\"");
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f-]{36})\"");

    private final HttpWire wire;
    private final String origin;
    private final String sessionCookie;
    private final CookieJar cookies;
    private final ComeBack comeBack;
    /** Sent with every call of a script; anew when an answer brings a new session cookie. */
    private volatile String cookieHeader;

    /**
     * @param sessionCookie name of the cookie that must never be cleared
     * @param comeBack what its page does when it is told to come back
     */
    Visitor(HttpWire wire, String origin, String sessionCookie, CookieJar cookies, ComeBack comeBack) {
        this.wire = wire;
        this.origin = origin;
        this.sessionCookie = sessionCookie;
        this.cookies = cookies;
        this.comeBack = comeBack;
        this.cookieHeader = cookies.header("/api");
    }

    Outcome read() throws IOException {
        return judge(fetch(Request.get("/api/v1/tasks?limit=10")));
    }

    /**
     * What became of a write.
     *
     * @param id of what was made, when that was acknowledged
     */
    record Written(Outcome outcome, Optional<UUID> id) {}

    Written write(String title) throws IOException {
        Answer answer = fetch(Request.post("/api/v1/tasks", "application/json", "{\"title\":\"" + title + "\"}")
                .with("Origin", origin)
                .with("X-Firebreak", "1"));
        Outcome outcome = judge(answer);
        Matcher id = ID.matcher(answer.text());
        return new Written(
                outcome,
                outcome == Outcome.GOOD && id.find() ? Optional.of(UUID.fromString(id.group(1))) : Optional.empty());
    }

    Outcome session() throws IOException {
        return judge(fetch(Request.get("/session")));
    }

    private Answer fetch(Request request) throws IOException {
        return comeBack.obey(() -> once(request));
    }

    private Answer once(Request request) throws IOException {
        Answer answer = wire.send(request.with("Cookie", cookieHeader)
                .with("Accept", "application/json, application/problem+json")
                .with("Sec-Fetch-Site", "same-origin")
                .with("Sec-Fetch-Mode", "cors")
                .with("Sec-Fetch-Dest", "empty"));
        if (answer.header("set-cookie").isPresent() && !clearsSession(answer)) {
            cookies.store(answer);
            cookieHeader = cookies.header("/api");
        }
        return answer;
    }

    /** This person is signed in, so whoever says otherwise is wrong. */
    private Outcome judge(Answer answer) {
        if (answer.status() == 401 || answer.isRedirect() || clearsSession(answer)) {
            return Outcome.WRONG_401;
        }
        if (answer.isGood()) {
            return Outcome.GOOD;
        }
        boolean comeBack = answer.header("retry-after").isPresent();
        if (comeBack && (answer.status() == 503 || answer.status() == 429)) {
            return SATURATED.matcher(answer.text()).find() ? Outcome.SHED : Outcome.UNAVAILABLE;
        }
        return Outcome.FAILED;
    }

    private boolean clearsSession(Answer answer) {
        return answer.headers("set-cookie").stream()
                .anyMatch(header -> header.startsWith(sessionCookie + "=") && CookieJar.clears(header));
    }
}
