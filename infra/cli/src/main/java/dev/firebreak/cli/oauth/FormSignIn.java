package dev.firebreak.cli.oauth;

import dev.firebreak.trust.retry.PatientHttp;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Signs in as a browser does: authorization request, sign-in page, form, code. Holds its own cookies and no others. */
public final class FormSignIn {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    /** Authorize, sign-in page, authorize again, the answer; more would be a loop. */
    private static final int MOST_STEPS = 10;

    /** Never listened on: the answer is read from the Location header of the last redirect. */
    private static final String REDIRECT = "http://127.0.0.1/callback";

    private final URI issuer;
    private final TokenEndpoint tokens;
    private final PatientHttp http;

    /** @param http over a {@link #browser()} of its own */
    public FormSignIn(URI issuer, TokenEndpoint tokens, PatientHttp http) {
        this.issuer = issuer;
        this.tokens = tokens;
        this.http = http;
    }

    /** What a browser is to the pages: it keeps cookies, and we follow redirects ourselves to see where they lead. */
    public static HttpClient browser() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .followRedirects(HttpClient.Redirect.NEVER)
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .build();
    }

    public Tokens signIn(String clientId, String scope, String user, String password) {
        AuthorizationRequest request = AuthorizationRequest.create(issuer, clientId, Wish.of(scope), REDIRECT);
        URI answer = walk(request, user, password);
        return tokens.redeem(clientId, request.code(Form.query(answer)), REDIRECT, request.pkce());
    }

    /** Follows redirects and fills the form once; returns the redirect that carries the answer. */
    private URI walk(AuthorizationRequest request, String user, String password) {
        URI at = request.uri(user);
        HttpResponse<String> response = get(at);
        boolean filled = false;
        for (int step = 0; step < MOST_STEPS; step++) {
            URI next =
                    response.headers().firstValue("Location").map(at::resolve).orElse(null);
            if (response.statusCode() / 100 == 3 && next != null) {
                if (next.toString().startsWith(REDIRECT + "?")) {
                    return next;
                }
                requireSameOrigin(next);
                at = next;
                response = get(at);
                continue;
            }
            String page = response.body();
            HtmlForm form = HtmlForm.signIn(at, page).orElse(null);
            if (form == null || filled) {
                throw refused(response.statusCode(), page, user);
            }
            filled = true;
            requireSameOrigin(form.action());
            at = form.action();
            response = post(at, form, user, password);
        }
        throw new OAuthException("the sign-in went in circles", "see ./firebreak logs auth-server-1");
    }

    /** The page itself says why; without a reason it is not our page. */
    private static OAuthException refused(int status, String page, String user) {
        String reason = HtmlForm.alert(page).orElse("the sign-in page answered HTTP " + status);
        String advice = switch (status) {
            case 200, 401 -> "check the address and the password; ./firebreak users list shows who exists";
            case 403 -> "./firebreak users enable " + user;
            case 429 -> "wait a moment, then try again";
            default -> "./firebreak status shows what is down";
        };
        return new OAuthException("the sign-in of " + user + " was refused: " + reason, advice);
    }

    /** The password goes to the issuer's origin and nowhere else. */
    private void requireSameOrigin(URI uri) {
        if (!issuer.getScheme().equals(uri.getScheme())
                || !issuer.getAuthority().equals(uri.getAuthority())) {
            throw new OAuthException("the sign-in leads away, to " + uri.getAuthority(), "this should not happen");
        }
    }

    private HttpResponse<String> get(URI uri) {
        return send(HttpRequest.newBuilder(uri)
                .header("Accept", "text/html")
                .header("Sec-Fetch-Mode", "navigate")
                .GET());
    }

    private HttpResponse<String> post(URI uri, HtmlForm form, String user, String password) {
        Map<String, String> fields = new LinkedHashMap<>(form.hidden());
        fields.put("username", user);
        fields.put("password", password);
        return send(HttpRequest.newBuilder(uri)
                .header("Accept", "text/html")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", issuer.getScheme() + "://" + issuer.getAuthority())
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.ofString(Form.encode(fields))));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        HttpRequest built = request.timeout(TIMEOUT).build();
        try {
            return http.send(() -> built, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new OAuthException(
                    "nobody answers at " + built.uri().getAuthority() + ": " + e,
                    "is the stack up? ./firebreak status");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while signing in", e);
        }
    }
}
