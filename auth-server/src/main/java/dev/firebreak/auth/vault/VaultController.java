package dev.firebreak.auth.vault;

import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.auth.ratelimit.VaultLimits;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import dev.firebreak.contracts.error.VaultError;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.contracts.token.TokenExchange;
import dev.firebreak.contracts.vault.VaultExchange;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import dev.firebreak.trust.VerifiedToken;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Exchanges a user for that user's Google token (RFC 8693), for services of ours; reached through the internal connector
 * only. A client gets nothing that its file does not name.
 */
@RestController
class VaultController {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    /** Google says that a sub has 255 characters at most. */
    private static final Pattern ACCOUNT = Pattern.compile("[!-~]{1,255}");
    /** Tokens live an hour: who wanted more than this would have one made for each call. */
    private static final int LONGEST_MINIMUM = 1_500;

    private final Optional<VaultTokens> vault;
    private final Clients clients;
    private final TokenVerifier verifier;
    private final VaultLimits limits;
    private final InstantSource clock;

    VaultController(
            Optional<VaultTokens> vault,
            Clients clients,
            TokenVerifier verifier,
            VaultLimits limits,
            InstantSource clock) {
        this.vault = vault;
        this.clients = clients;
        this.verifier = verifier;
        this.limits = limits;
        this.clock = clock;
    }

    @PostMapping(path = "/internal/v1/vault/token", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<Map<String, Object>> token(HttpServletRequest request, Authentication caller) {
        Form form = new Form(request);
        form.requireGrant();
        GoogleService service = form.service();
        Duration minimum = form.minimum();
        String account = form.account();
        boolean offline = form.isOffline();
        String client = String.valueOf(caller.getPrincipal());
        requirePolicy(client, service, offline);
        UUID user = offline ? form.userId() : presentUser(form.required(VaultExchange.SUBJECT_TOKEN));
        limits.require(client, user);
        HeldToken token = vault.orElseThrow(() ->
                        new ServiceException(VaultError.NOT_CONNECTED, "This installation has no client at Google."))
                .give(Wish.of(user, service, account, offline, minimum));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(answer(token));
    }

    private Map<String, Object> answer(HeldToken token) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(VaultExchange.ACCESS_TOKEN, token.accessToken());
        answer.put(VaultExchange.ISSUED_TOKEN_TYPE, TokenExchange.ACCESS_TOKEN);
        answer.put(VaultExchange.TOKEN_TYPE, "Bearer");
        answer.put(VaultExchange.EXPIRES_IN, token.left(clock.instant()).toSeconds());
        answer.put(VaultExchange.SCOPE, String.join(" ", new TreeSet<>(token.scopes())));
        return answer;
    }

    private void requirePolicy(String clientId, GoogleService service, boolean offline) {
        Client client = clients.find(clientId).orElse(null);
        boolean allowed =
                client != null && (offline ? client.googleOffline() : client.google()).contains(service.wireName());
        if (!allowed) {
            throw new ServiceException(
                    VaultError.NOT_ALLOWED,
                    offline
                            ? "The client's file does not allow this service while the user is away."
                            : "The client's file does not allow this service.");
        }
    }

    private UUID presentUser(String subjectToken) {
        VerifiedToken token = switch (verifier.verify(subjectToken)) {
            case Verdict.Accepted(VerifiedToken accepted) -> accepted;
            case Verdict.Refused refused ->
                throw new ServiceException(refused.reason(), refused.reason().title() + ".");
            case Verdict.Unknown unknown ->
                throw new ServiceException(unknown.reason(), unknown.reason().title() + ".", unknown.retryAfter());
        };
        if (!token.isUser()) {
            throw new ServiceException(AuthError.USER_REQUIRED, "A service's token names no user.");
        }
        if (!token.scopes().contains(Scopes.GOOGLE_TOKEN)) {
            throw new ServiceException(AuthError.SCOPE_MISSING, "The token lacks the scope google:token.");
        }
        return UUID.fromString(token.sub());
    }

    /** What was asked, each parameter once and in the body: addresses end up in logs. */
    private record Form(HttpServletRequest request) {
        private Form {
            if (request.getQueryString() != null) {
                throw invalid("query", "must be absent; the parameters belong into the body");
            }
        }

        void requireGrant() {
            if (!required(VaultExchange.GRANT_TYPE).equals(TokenExchange.GRANT)) {
                throw invalid(VaultExchange.GRANT_TYPE, "must be " + TokenExchange.GRANT);
            }
        }

        GoogleService service() {
            return GoogleService.find(required(VaultExchange.SERVICE))
                    .orElseThrow(() -> invalid(VaultExchange.SERVICE, "must be calendar, drive, gmail or tasks"));
        }

        boolean isOffline() {
            return switch (required(VaultExchange.SUBJECT_TOKEN_TYPE)) {
                case TokenExchange.ACCESS_TOKEN -> false;
                case VaultExchange.USER_ID -> true;
                default ->
                    throw invalid(
                            VaultExchange.SUBJECT_TOKEN_TYPE,
                            "must be %s or %s".formatted(TokenExchange.ACCESS_TOKEN, VaultExchange.USER_ID));
            };
        }

        UUID userId() {
            String id = required(VaultExchange.SUBJECT_TOKEN);
            if (!UUID_FORM.matcher(id).matches()) {
                throw invalid(VaultExchange.SUBJECT_TOKEN, "must be a user's id");
            }
            return UUID.fromString(id);
        }

        @Nullable
        String account() {
            String account = optional(VaultExchange.ACCOUNT);
            if (account != null && !ACCOUNT.matcher(account).matches()) {
                throw invalid(VaultExchange.ACCOUNT, "must be an account's id at Google");
            }
            return account;
        }

        @Nullable
        Duration minimum() {
            String seconds = optional(VaultExchange.MINIMUM_SECONDS);
            if (seconds == null) {
                return null;
            }
            if (!seconds.matches("[0-9]{1,4}") || Integer.parseInt(seconds) > LONGEST_MINIMUM) {
                throw invalid(VaultExchange.MINIMUM_SECONDS, "must be whole seconds, " + LONGEST_MINIMUM + " at most");
            }
            return Duration.ofSeconds(Integer.parseInt(seconds));
        }

        String required(String name) {
            String value = optional(name);
            if (value == null) {
                throw invalid(name, "is missing");
            }
            return value;
        }

        private @Nullable String optional(String name) {
            String[] values = request.getParameterValues(name);
            if (values == null || values.length == 1 && values[0].isEmpty()) {
                return null;
            }
            if (values.length > 1) {
                throw invalid(name, "must be given once");
            }
            return values[0];
        }

        private static ServiceException invalid(String field, String message) {
            return new ServiceException(
                    RequestError.INVALID, "The request is not valid.", List.of(new Violation(field, message)));
        }
    }
}
