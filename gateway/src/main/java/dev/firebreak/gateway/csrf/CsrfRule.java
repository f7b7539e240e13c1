package dev.firebreak.gateway.csrf;

import dev.firebreak.contracts.error.CsrfError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.http.Headers;
import dev.firebreak.gateway.platform.PublicOrigin;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;

/**
 * Cross-site request forgery (contracts, "Browser session"). Unsafe methods and every Upgrade must come from this origin;
 * unsafe methods must also carry a header that no form can send. The origin is the configured one, never the request's
 * {@code Host}.
 */
@Component
public class CsrfRule {
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final String origin;

    CsrfRule(PublicOrigin origin) {
        this.origin = origin.value();
    }

    /** The refusal of a request whose cookie is about to become a bearer token. */
    public Optional<ServiceException> refusal(HttpMethod method, HttpHeaders headers) {
        boolean unsafe = !SAFE.contains(method);
        boolean upgrade = headers.containsHeader(HttpHeaders.UPGRADE);
        if ((unsafe || upgrade) && !isSameOrigin(headers)) {
            return refuse("The request does not come from this site");
        }
        if (unsafe && !List.of("1").equals(headers.get(Headers.CSRF))) {
            return refuse("The header " + Headers.CSRF + ": 1 is missing");
        }
        return Optional.empty();
    }

    /** The refusal of a plain form, which cannot send the header. */
    public Optional<ServiceException> refusalOfForm(HttpHeaders headers) {
        return isSameOrigin(headers) ? Optional.empty() : refuse("The form does not come from this site");
    }

    /**
     * {@code Origin} decides where it is sent; a browser that leaves it out says where it is by Fetch Metadata. Neither =
     * refuse: nothing is proved.
     */
    private boolean isSameOrigin(HttpHeaders headers) {
        List<String> origins = headers.getOrEmpty(HttpHeaders.ORIGIN);
        return origins.isEmpty()
                ? List.of("same-origin").equals(headers.get("Sec-Fetch-Site"))
                : origins.equals(List.of(origin));
    }

    private static Optional<ServiceException> refuse(String detail) {
        return Optional.of(new ServiceException(CsrfError.REFUSED, detail));
    }
}
