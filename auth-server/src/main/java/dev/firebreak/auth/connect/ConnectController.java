package dev.firebreak.auth.connect;

import dev.firebreak.auth.connect.GoogleConsent.Came;
import dev.firebreak.auth.sso.SsoAuthentication;
import dev.firebreak.auth.vault.GoogleService;
import dev.firebreak.contracts.error.ConnectionError;
import dev.firebreak.contracts.error.CsrfError;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import dev.firebreak.starter.ServiceIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * To Google and back: {@code /auth/connect/google} and its callback.
 *
 * <p>A navigation of the browser, not an order by token: only so does the browser itself prove, by the cookie
 * {@code firebreak-sso}, who is signed in where the answer will arrive. An address made for a token could be carried to
 * another browser, whose user would then connect their Google account to somebody else.
 *
 * <p>The first step changes nothing here, but Google may answer it without asking when it was allowed before; so it must
 * have begun on a page of this site.
 */
@Controller
class ConnectController {
    private static final String FETCH_SITE = "Sec-Fetch-Site";
    /** A page of ours, or somebody who typed the address. */
    private static final Set<String> OURS = Set.of("same-origin", "none");

    private final ObjectProvider<GoogleConsent> consents;
    private final ConnectCookie cookie;
    private final String origin;

    ConnectController(ObjectProvider<GoogleConsent> consents, ConnectCookie cookie, ServiceIdentity identity) {
        this.consents = consents;
        this.cookie = cookie;
        this.origin = identity.publicOrigin().toString();
    }

    /**
     * Sends the browser to Google.
     *
     * @param service what to connect
     * @param account our id of the Google account to connect it of; empty = the user chooses one
     * @param user whom the page that leads here belongs to; empty = nobody said
     */
    @GetMapping("/connect/google")
    void start(
            @RequestParam(defaultValue = "") String service,
            @RequestParam(defaultValue = "") String account,
            @RequestParam(defaultValue = "") String user,
            HttpServletRequest request,
            HttpServletResponse response) {
        String site = request.getHeader(FETCH_SITE);
        if (site != null && !OURS.contains(site)) {
            throw new ServiceException(CsrfError.REFUSED, "Another site led here.");
        }
        GoogleConsent consent = consent();
        GoogleService wanted = GoogleService.find(service).orElseThrow(ConnectController::unknownService);
        UUID grant = account.isEmpty() ? null : parse(account).orElseThrow(ConnectController::unknownAccount);
        Optional<SsoAuthentication> signIn = signedIn();
        if (signIn.isEmpty()) {
            seeOther(origin + "/login?return_to=%2Fconnections", response);
            return;
        }
        if (!user.isEmpty() && !user.equals(signIn.get().getName())) {
            throw new ServiceException(ConnectionError.OTHER_USER, "The page belongs to another user.");
        }
        go(consent.begin(signIn.get().session(), wanted, grant), response);
    }

    /** Takes what Google sent. Nothing of it is looked at before it is clear that this sign-in asked for it. */
    @GetMapping("/connect/google/callback")
    void callback(
            @RequestParam(defaultValue = "") String state,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String error,
            HttpServletRequest request,
            HttpServletResponse response) {
        GoogleConsent consent = consent();
        ConnectAttempt attempt = cookie.read(request).orElseThrow(ConnectController::unknownAttempt);
        SsoAuthentication signIn = signedIn()
                .filter(it -> it.session().sid().equals(attempt.sid()))
                .orElseThrow(ConnectController::unknownAttempt);
        if (!attempt.isStateOf(state)) {
            throw unknownAttempt();
        }
        switch (finish(consent, signIn, attempt, code, error, response)) {
            case Came.Connected(UUID connection) -> {
                cookie.clear(response);
                seeOther(origin + "/connections?connected=" + connection, response);
            }
            case Came.Again(GoogleConsent.Way way) -> go(way, response);
        }
    }

    /** Only where Google did not answer may the same answer of its first step be brought again. */
    private Came finish(
            GoogleConsent consent,
            SsoAuthentication signIn,
            ConnectAttempt attempt,
            String code,
            String error,
            HttpServletResponse response) {
        try {
            return consent.finish(signIn.session(), attempt, code, error);
        } catch (ServiceException e) {
            if (e.error() != ConnectionError.GOOGLE_BUSY) {
                cookie.clear(response);
            }
            throw e;
        }
    }

    private void go(GoogleConsent.Way way, HttpServletResponse response) {
        cookie.write(way.attempt(), response);
        seeOther(way.uri().toString(), response);
    }

    private GoogleConsent consent() {
        GoogleConsent consent = consents.getIfAvailable();
        if (consent == null) {
            throw new ServiceException(ConnectionError.NOT_CONFIGURED, "There is no client at Google.");
        }
        return consent;
    }

    private static Optional<SsoAuthentication> signedIn() {
        return SecurityContextHolder.getContext().getAuthentication() instanceof SsoAuthentication signIn
                ? Optional.of(signIn)
                : Optional.empty();
    }

    private static Optional<UUID> parse(String id) {
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ServiceException unknownService() {
        String names = Arrays.stream(GoogleService.values())
                .map(GoogleService::wireName)
                .collect(Collectors.joining(", "));
        return new ServiceException(
                RequestError.INVALID,
                "The request is not valid.",
                List.of(new Violation("service", "must be one of " + names)));
    }

    private static ServiceException unknownAccount() {
        return new ServiceException(
                RequestError.INVALID,
                "The request is not valid.",
                List.of(new Violation("account", "must be the id of an account")));
    }

    private static ServiceException unknownAttempt() {
        return new ServiceException(
                ConnectionError.ATTEMPT_UNKNOWN, "The answer belongs to no attempt of this browser and sign-in.");
    }

    /** As written: the container would complete a relative address from the request's Host. */
    private static void seeOther(String target, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader(HttpHeaders.LOCATION, target);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
