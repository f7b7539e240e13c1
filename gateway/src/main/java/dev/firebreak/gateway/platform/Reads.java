package dev.firebreak.gateway.platform;

import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;

/** Endpoints that are read: GET and, because functional endpoints do not add it by themselves, HEAD (RFC 9110, 9.3.2). */
public final class Reads {
    private Reads() {}

    /** GET and HEAD at this path pattern. */
    public static RequestPredicate of(String pattern) {
        return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(pattern));
    }
}
