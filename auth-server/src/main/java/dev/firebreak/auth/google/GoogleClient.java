package dev.firebreak.auth.google;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Google by HTTP. Trouble at Google opens a breaker; a refresh is tried once more where that can help and harm nothing, a
 * code never, because it can be used once. No answer, and nothing of a token, is ever logged.
 */
final class GoogleClient implements Google, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GoogleClient.class);
    /** Without them there is no ID token, and with it no telling whose account it is. */
    private static final Set<String> ALWAYS = Set.of("openid", "email");

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);
    /** Between the first try of a refresh and the second; as much again is added at random. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final GoogleSettings settings;
    private final BoundedHttp http;
    private final IdTokens idTokens;
    private final ClientSecrets secrets;
    private final Breaker breaker;
    private final MeterRegistry metrics;

    GoogleClient(GoogleSettings settings, BoundedHttp http, IdTokens idTokens, Breaker breaker, MeterRegistry metrics) {
        this.settings = settings;
        this.http = http;
        this.idTokens = idTokens;
        this.secrets = new ClientSecrets(settings.clientSecretFiles());
        this.breaker = breaker;
        this.metrics = metrics;
    }

    @Override
    public URI authorizationUri(Authorization request) {
        Set<String> scopes = new TreeSet<>(request.scopes());
        scopes.addAll(ALWAYS);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", settings.clientId());
        query.put("redirect_uri", request.redirectUri().toString());
        query.put("scope", String.join(" ", scopes));
        query.put("state", request.state());
        query.put("code_challenge", request.codeChallenge());
        query.put("code_challenge_method", "S256");
        query.put("access_type", "offline");
        query.put("include_granted_scopes", "true");
        if (request.loginHint() != null) {
            query.put("login_hint", request.loginHint());
        }
        String prompt = (request.consent() ? "consent " : "") + (request.chooseAccount() ? "select_account" : "");
        if (!prompt.isEmpty()) {
            query.put("prompt", prompt.strip());
        }
        String address = settings.authorizationUri().toString();
        return URI.create(address + (address.contains("?") ? "&" : "?") + form(query));
    }

    @Override
    public Outcome exchange(String code, String codeVerifier, URI redirectUri) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("code_verifier", codeVerifier);
        form.put("redirect_uri", redirectUri.toString());
        return timed("exchange", () -> withSecrets(form, Set.of(), true)).outcome();
    }

    @Override
    public Outcome refresh(String refreshToken, Set<String> scopes) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken);
        form.put("scope", String.join(" ", new TreeSet<>(scopes)));
        Answer first = timed("refresh", () -> withSecrets(form, scopes, false));
        if (!first.again() || !pause()) {
            return first.outcome();
        }
        return timed("refresh", () -> withSecrets(form, scopes, false)).outcome();
    }

    @Override
    public boolean revoke(String token) {
        return timed("revoke", () -> {
                            try {
                                HttpResponse<String> answer =
                                        http.send(post(settings.revocationUri(), Map.of("token", token)));
                                // 400 invalid_token: it is nothing there any more.
                                boolean gone = answer.statusCode() == 200
                                        || answer.statusCode() == 400 && "invalid_token".equals(error(answer.body()));
                                return gone
                                        ? new Answer(new Outcome.Worthless("revoked"), false)
                                        : away("status_" + answer.statusCode(), RETRY_AFTER, false);
                            } catch (IOException e) {
                                return away(reason(e), RETRY_AFTER, false);
                            }
                        })
                        .outcome()
                instanceof Outcome.Worthless;
    }

    /** Whether nobody is calling because Google does not answer. */
    boolean isCutOff() {
        return breaker.isOpen();
    }

    /**
     * What came of one try.
     *
     * @param again whether a second one can help: Google had trouble that may be over, or was never reached
     */
    private record Answer(Outcome outcome, boolean again) {}

    private interface Call {
        Answer make();
    }

    private Answer timed(String name, Call call) {
        Timer.Sample sample = Timer.start(metrics);
        Answer answer = call.make();
        sample.stop(Timer.builder("auth.google.calls")
                .description("Calls to Google")
                .tag("call", name)
                .tag("outcome", answer.outcome().getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .register(metrics));
        return answer;
    }

    private Answer withSecrets(Map<String, String> form, Set<String> asked, boolean identify) {
        List<ClientSecrets.Secret> all = secrets.inOrder();
        Answer last = misconfigured("no_client_secret");
        for (ClientSecrets.Secret secret : all) {
            Map<String, String> whole = new LinkedHashMap<>(form);
            whole.put("client_id", settings.clientId());
            whole.put("client_secret", secret.value());
            last = guarded(whole, asked, identify);
            if (!(last.outcome() instanceof Outcome.Misconfigured(String error) && error.equals("invalid_client"))) {
                if (last.outcome() instanceof Outcome.Granted) {
                    secrets.worked(secret);
                }
                return last;
            }
            LOG.warn(
                    "Google refuses client secret {} of {} (auth.google.client-secret-files)",
                    secret.index() + 1,
                    all.size());
        }
        return last;
    }

    private Answer guarded(Map<String, String> form, Set<String> asked, boolean identify) {
        if (!breaker.admits()) {
            return away("breaker_open", breaker.retryAfter(), false);
        }
        boolean answered = false;
        try {
            Answer answer = call(form, asked, identify);
            answered = !(answer.outcome() instanceof Outcome.Away);
            return answer;
        } finally {
            if (answered) {
                breaker.succeeded();
            } else {
                breaker.failed();
            }
        }
    }

    private Answer call(Map<String, String> form, Set<String> asked, boolean identify) {
        HttpResponse<String> answer;
        try {
            answer = http.send(post(settings.tokenUri(), form));
        } catch (IOException e) {
            // Sent, and perhaps done: a second try would cost the caller the same time again.
            boolean neverSent = e instanceof ConnectException && !(e instanceof HttpConnectTimeoutException);
            return away(reason(e), RETRY_AFTER, neverSent);
        }
        int status = answer.statusCode();
        if (status == 429) {
            return away("too_many_requests", retryAfter(answer), false);
        }
        if (status >= 500 || status == 408) {
            return away("status_" + status, retryAfter(answer), true);
        }
        try {
            TokenAnswer members = TokenAnswer.parse(answer.body());
            if (status == 200) {
                return granted(members, asked, identify);
            }
            return members.error().equals("invalid_grant")
                    ? new Answer(new Outcome.Worthless(members.subtype()), false)
                    : misconfigured(members.error());
        } catch (ParseException e) {
            // The parser's words may hold the text it did not understand.
            return misconfigured("malformed_answer_" + status);
        }
    }

    private Answer granted(TokenAnswer members, Set<String> asked, boolean identify) throws ParseException {
        String idToken = identify ? members.idToken() : null;
        try {
            Account account = idToken == null ? null : idTokens.read(idToken);
            return new Answer(new Outcome.Granted(members.tokens(asked, account)), false);
        } catch (SecurityException e) {
            LOG.error("An ID token of Google is refused: {}", e.getMessage());
            return misconfigured("id_token_refused");
        } catch (IOException e) {
            return away("keys_unavailable", RETRY_AFTER, false);
        }
    }

    private static Answer away(String reason, Duration retryAfter, boolean again) {
        return new Answer(new Outcome.Away(reason, retryAfter), again);
    }

    private static Answer misconfigured(String error) {
        return new Answer(new Outcome.Misconfigured(error), false);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case BoundedHttp.Full _ -> "too_many_calls";
            case HttpConnectTimeoutException _, ConnectException _ -> "no_connection";
            case HttpTimeoutException _ -> "time_out";
            default -> "broken_connection";
        };
    }

    /** Seconds only: Google sends no date. */
    private static Duration retryAfter(HttpResponse<String> answer) {
        String header = answer.headers().firstValue("Retry-After").orElse("");
        if (!header.matches("[0-9]{1,6}")) {
            return RETRY_AFTER;
        }
        Duration told = Duration.ofSeconds(Long.parseLong(header));
        return told.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : told;
    }

    private static @Nullable String error(String body) {
        try {
            return TokenAnswer.parse(body).error();
        } catch (ParseException e) {
            return null;
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE.plusMillis(ThreadLocalRandom.current().nextLong(PAUSE.toMillis())));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static HttpRequest.Builder post(URI uri, Map<String, String> form) {
        return HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(form(form)));
    }

    private static String form(Map<String, String> members) {
        return members.entrySet().stream()
                .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        http.close();
    }
}
