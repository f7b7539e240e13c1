package dev.firebreak.gateway.errors;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Who reads an answer: decides its language. */
public enum Audience {
    /** A person whose browser navigates: a page. */
    PERSON,
    /** An OAuth client at the authorization server's endpoints: RFC 6749, 5.2. */
    OAUTH_CLIENT,
    /** Any other program: a problem document (RFC 9457). */
    PROGRAM;

    private static final String OAUTH_PATHS = "/auth/oauth2/";

    /** Who sent this request. */
    public static Audience of(ServerHttpRequest request) {
        if (isNavigation(request)) {
            return PERSON;
        }
        String path = request.getURI().getRawPath();
        return path != null && path.startsWith(OAUTH_PATHS) ? OAUTH_CLIENT : PROGRAM;
    }

    /**
     * Whether a browser asks for a page. Browsers say so themselves (Fetch Metadata); one that is too old to do so still
     * names HTML first in {@code Accept}, which no script and no client library does by default.
     */
    public static boolean isNavigation(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        String mode = headers.getFirst("Sec-Fetch-Mode");
        return mode == null ? acceptsHtmlFirst(headers.getFirst(HttpHeaders.ACCEPT)) : mode.equals("navigate");
    }

    /**
     * Whether a browser can be sent elsewhere without losing anything it sent. Only on its own word (Fetch Metadata): a
     * guess would redirect a program, which then reads a sign-in page as its answer.
     */
    public static boolean isRedirectable(ServerHttpRequest request) {
        boolean read = request.getMethod() == HttpMethod.GET || request.getMethod() == HttpMethod.HEAD;
        return read && "navigate".equals(request.getHeaders().getFirst("Sec-Fetch-Mode"));
    }

    private static boolean acceptsHtmlFirst(@Nullable String accept) {
        if (accept == null || !accept.contains("html")) {
            return false;
        }
        try {
            List<MediaType> types = MediaType.parseMediaTypes(accept);
            return !types.isEmpty() && types.getFirst().equalsTypeAndSubtype(MediaType.TEXT_HTML);
        } catch (InvalidMediaTypeException e) {
            // A caller that cannot say what it reads gets what programs get.
            return false;
        }
    }
}
