package dev.firebreak.auth.connect;

import dev.firebreak.auth.google.Google;
import dev.firebreak.auth.google.Google.Outcome;
import dev.firebreak.auth.google.WithGoogle;
import dev.firebreak.auth.sso.SsoSession;
import dev.firebreak.auth.vault.Connections;
import dev.firebreak.auth.vault.Connections.Account;
import dev.firebreak.auth.vault.Connections.Stored;
import dev.firebreak.auth.vault.GoogleService;
import dev.firebreak.contracts.error.ConnectionError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.starter.ServiceIdentity;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What we ask a user to allow at Google, and what becomes of the answer. Asks for the scopes of one service at a time, and
 * for consent anew only where there is no other way to a refresh token. Holds nothing between two steps.
 */
@Component
@WithGoogle
class GoogleConsent {
    private static final Logger LOG = LoggerFactory.getLogger(GoogleConsent.class);

    private static final String CALLBACK = "/auth/connect/google/callback";
    private static final int SECRET_BYTES = 32;

    private final Google google;
    private final Connections connections;
    private final URI callback;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    GoogleConsent(Google google, Connections connections, ServiceIdentity identity, InstantSource clock) {
        this.google = google;
        this.connections = connections;
        this.callback = URI.create(identity.publicOrigin() + CALLBACK);
        this.clock = clock;
    }

    /** Where to send the browser, and what it must bring back. */
    record Way(URI uri, ConnectAttempt attempt) {}

    /** What came of an answer of Google. */
    sealed interface Came {
        record Connected(UUID connection) implements Came {}

        /** Google gave no refresh token and we have none: once more, and this time Google asks the user. */
        record Again(Way way) implements Came {}
    }

    /**
     * @param accountId our id of the account that is meant; null = the user chooses
     * @throws ServiceException if the user has no such account
     */
    Way begin(SsoSession signIn, GoogleService service, @Nullable UUID accountId) {
        List<Account> accounts = connections.accounts(signIn.userId());
        if (accountId == null) {
            // Of a first account we hold nothing. Of a further one nobody knows yet: Google gives a refresh token to
            // whom
            // it asks for the first time.
            boolean first = accounts.isEmpty();
            return way(signIn, service, null, null, first, !first);
        }
        Account account = accounts.stream()
                .filter(it -> it.id().equals(accountId))
                .findFirst()
                .orElseThrow(() -> new ServiceException(ConnectionError.NOT_FOUND, "There is no such account."));
        return way(signIn, service, account.sub(), account.email(), !account.usable(), false);
    }

    private Way way(
            SsoSession signIn,
            GoogleService service,
            @Nullable String sub,
            @Nullable String loginHint,
            boolean consent,
            boolean choose) {
        ConnectAttempt attempt = new ConnectAttempt(
                secret(),
                secret(),
                signIn.sid(),
                service,
                sub,
                consent,
                clock.instant().plus(Lifetimes.SIGN_IN_STEP).truncatedTo(ChronoUnit.SECONDS));
        URI uri = google.authorizationUri(new Google.Authorization(
                attempt.state(), attempt.challenge(), service.scopes(), loginHint, consent, choose, callback));
        return new Way(uri, attempt);
    }

    /**
     * Exchanges the code and stores what it gives. Of what the user allowed beside what was asked, or did not allow of it,
     * the list of connections tells.
     *
     * @param error as Google sent it; empty if there is a code
     * @throws ServiceException with a page for whatever Google refuses
     */
    Came finish(SsoSession signIn, ConnectAttempt attempt, String code, String error) {
        if (!error.isEmpty() || code.isEmpty()) {
            throw refused(error);
        }
        Google.Tokens tokens = switch (google.exchange(code, attempt.verifier(), callback)) {
            case Outcome.Granted(Google.Tokens granted) -> granted;
            case Outcome.Worthless _ -> throw refused("invalid_grant");
            case Outcome.Away(String reason, var retryAfter) ->
                throw new ServiceException(ConnectionError.GOOGLE_BUSY, "Google: " + reason, retryAfter);
            case Outcome.Misconfigured(String why) -> throw misconfigured(why);
        };
        Google.Account account = tokens.account();
        if (account == null) {
            throw misconfigured("no_id_token");
        }
        if (!attempt.isMeant(account.sub())) {
            throw new ServiceException(ConnectionError.OTHER_ACCOUNT, "Another Google account was chosen.");
        }
        return switch (connections.store(signIn.userId(), attempt.service(), account, tokens)) {
            case Stored.Connected(UUID connection) -> new Came.Connected(connection);
            case Stored.NeedsConsent() -> {
                if (attempt.consenting()) {
                    throw new ServiceException(ConnectionError.NO_LASTING_ACCESS, "Google gave no refresh token.");
                }
                yield new Came.Again(way(signIn, attempt.service(), account.sub(), account.email(), true, false));
            }
        };
    }

    private static ServiceException refused(String error) {
        ConnectionError meaning = GoogleRefusal.of(error);
        LOG.info("Google refused a connection: {} ({})", GoogleRefusal.loggable(error), meaning.code());
        return new ServiceException(meaning, "Google refused the connection.");
    }

    /** Google's word says which of the operator's settings it is, where it says anything. */
    private static ServiceException misconfigured(String error) {
        ConnectionError meaning = GoogleRefusal.of(error);
        LOG.error("Google refuses our client: {}", GoogleRefusal.loggable(error));
        return new ServiceException(
                meaning == ConnectionError.REFUSED ? ConnectionError.MISCONFIGURED : meaning,
                "Google refuses our client.");
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
