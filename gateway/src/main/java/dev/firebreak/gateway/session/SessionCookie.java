package dev.firebreak.gateway.session;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.SessionError;
import dev.firebreak.gateway.platform.PublicOrigin;
import dev.firebreak.gateway.seal.Opened;
import dev.firebreak.gateway.seal.Seal;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The session cookie. Name and attributes follow the configured origin, never the request. It lives as long as the
 * browser: "keep me signed in" is the authorization server's, whose own cookie signs in again without a question.
 */
@Component
public class SessionCookie {
    /** A larger one at sign-in is refused: roles and claims grow later, and browsers drop cookies above 4,096 bytes. */
    private static final int MAX_CHARS_AT_SIGN_IN = 3584;
    /** Name and value together must stay below 4,096 bytes. */
    private static final int MAX_CHARS = 4000;

    private final String name;
    private final boolean secure;
    private final Seal seal;

    SessionCookie(PublicOrigin origin, Seal seal) {
        this.name = origin.secure() ? "__Host-firebreak" : "firebreak-" + origin.port();
        this.secure = origin.secure();
        this.seal = seal;
    }

    /** Name of the session cookie; other cookies of the gateway begin with it. */
    public String name() {
        return name;
    }

    /** Reads the cookie of a request. */
    public SessionRead read(ServerWebExchange exchange) {
        HttpCookie cookie = exchange.getRequest().getCookies().getFirst(name);
        if (cookie == null || cookie.getValue().isEmpty()) {
            return new SessionRead.None();
        }
        return switch (seal.open(name, cookie.getValue())) {
            case Opened.Content content ->
                SessionCodec.decode(content.bytes())
                        .<SessionRead>map(SessionRead.Found::new)
                        .orElseGet(() -> notNow("of a newer format"));
            case Opened.KeyUnknown unknown -> notNow("sealed with the key " + printable(unknown.keyId()));
            case Opened.Invalid invalid ->
                new SessionRead.Worthless(new ServiceException(
                        SessionError.INVALID, "The session cookie cannot be used: it is " + invalid.reason()));
        };
    }

    /** Seals a session at sign-in; fails with the name of the claim that grew if it is too large. */
    public String sealAtSignIn(Session session) {
        return seal(session, MAX_CHARS_AT_SIGN_IN);
    }

    /** Seals a renewed session, which may have grown a little. */
    public String sealRenewed(Session session) {
        return seal(session, MAX_CHARS);
    }

    /** Sets the sealed session on the answer, whatever the answer will be. */
    public void set(ServerWebExchange exchange, String sealed) {
        exchange.getResponse().beforeCommit(() -> {
            add(exchange, cookie(name, sealed).build());
            return Mono.empty();
        });
    }

    /** Clears the cookie with the answer, whatever the answer will be. */
    public void clear(ServerWebExchange exchange) {
        exchange.getResponse().beforeCommit(() -> {
            add(exchange, cookie(name, "").maxAge(Duration.ZERO).build());
            return Mono.empty();
        });
    }

    /** A cookie of the gateway with the attributes that all of them have. */
    public ResponseCookie.ResponseCookieBuilder cookie(String cookieName, String value) {
        // Lax: the browser comes back from sign-in by a cross-site top-level GET.
        return ResponseCookie.from(cookieName, value)
                .path("/")
                .httpOnly(true)
                .secure(secure)
                .sameSite("Lax");
    }

    /** Adds a cookie to the answer, which no cache may keep then. */
    public static void add(ServerWebExchange exchange, ResponseCookie cookie) {
        exchange.getResponse().getHeaders().add("Set-Cookie", cookie.toString());
        exchange.getResponse().getHeaders().setCacheControl("no-store");
    }

    private String seal(Session session, int maxChars) {
        String sealed = seal.seal(name, SessionCodec.encode(session));
        if (sealed.length() > maxChars) {
            throw new ServiceException(
                    SessionError.TOO_LARGE,
                    "The session takes " + sealed.length() + " of " + maxChars + " characters; the largest part is "
                            + SessionSize.largestPart(session));
        }
        return sealed;
    }

    private static SessionRead notNow(String what) {
        return new SessionRead.NotNow(new ServiceException(
                SessionError.KEY_UNKNOWN,
                "The session cookie is " + what + ", which this node does not have yet",
                Duration.ofSeconds(2)));
    }

    /** The id comes from the client: only what an id may look like is repeated. */
    private static String printable(String keyId) {
        return Optional.of(keyId)
                .filter(id -> id.matches("[A-Za-z0-9_-]{1,16}"))
                .orElse("of no valid id");
    }
}
