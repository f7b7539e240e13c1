package dev.firebreak.auth.oauth;

import dev.firebreak.contracts.http.Headers;
import jakarta.servlet.http.HttpServletRequest;

/** TEMPORARY until ratelimit.ClientNetwork is merged. */
final class ClientAddress {
    private ClientAddress() {}

    static String of(HttpServletRequest request) {
        String header = request.getHeader(Headers.CLIENT_ADDRESS);
        return header == null ? request.getRemoteAddr() : header;
    }
}
