package dev.firebreak.starter.client.example;

import dev.firebreak.contracts.vault.GoogleService;
import dev.firebreak.starter.client.ServiceClients;
import dev.firebreak.starter.google.GoogleAnswer;
import dev.firebreak.starter.google.GoogleAnswer.NotAllowed;
import dev.firebreak.starter.google.GoogleAnswer.NotConnected;
import dev.firebreak.starter.google.GoogleAnswer.ReconnectRequired;
import dev.firebreak.starter.google.GoogleAnswer.Unavailable;
import dev.firebreak.starter.google.GoogleAnswer.Valid;
import dev.firebreak.starter.google.GoogleTokens;
import dev.firebreak.starter.google.VaultUser;
import dev.firebreak.starter.token.ServiceTokens;
import dev.firebreak.starter.token.TokenTarget;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.springframework.web.client.RestClient;

/** As docs/how-to/call-another-service.md and docs/how-to/google-tokens.md show it. */
class Booking {
    private static final TokenTarget API = TokenTarget.of("https://tasks.example.org/api");

    private final GoogleTokens tokens;

    Booking(GoogleTokens tokens) {
        this.tokens = tokens;
    }

    static RestClient calendar(ServiceClients clients, ServiceTokens tokens, URI url) {
        return clients.builder("calendar")
                .baseUrl(url)
                .requestInterceptor(tokens.bearer(API))
                .build();
    }

    /** Answers the user with 409, 404, 403 or 503 and a code of the vault's where there is no token. */
    String token(HttpServletRequest request) {
        return tokens.fetch(VaultUser.present(request), GoogleService.CALENDAR)
                .orThrow()
                .token();
    }

    /** When the worker looks at this booking again; zero when it is done with it. */
    Duration book(UUID userId) {
        GoogleAnswer answer = tokens.fetch(VaultUser.background(userId), GoogleService.CALENDAR);
        return switch (answer) {
            case Valid valid -> send(valid.token());
            case Unavailable unavailable -> unavailable.retryAfter();
            case ReconnectRequired _ -> Duration.ofDays(1); // or at once, by the event connection.recovered
            case NotConnected _, NotAllowed _ -> Duration.ZERO; // the user does not want it
        };
    }

    private static Duration send(String token) {
        return token.isEmpty() ? Duration.ofSeconds(1) : Duration.ZERO;
    }
}
