package dev.firebreak.auth.event;

import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.auth.platform.HeldQuestions;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import dev.firebreak.contracts.event.EventType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The events feed, for services; reached through the internal connector only. A client sees what its file names. */
@RestController
class EventController {
    private final EventFeed feed;
    private final EventWaits waits;
    private final Clients clients;

    EventController(EventFeed feed, EventWaits waits, Clients clients) {
        this.feed = feed;
        this.waits = waits;
        this.clients = clients;
    }

    @GetMapping("/internal/v1/events")
    ResponseEntity<String> events(
            @RequestParam(required = false) @Nullable UUID epoch,
            @RequestParam(defaultValue = "0") @Min(0) long after,
            @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer,
            Authentication caller) {
        if (epoch == null && after > 0) {
            throw new ServiceException(
                    RequestError.INVALID,
                    "The request is not valid.",
                    List.of(new Violation("/epoch", "is missing: a cursor means nothing without its epoch")));
        }
        EventFeed.Question question =
                new EventFeed.Question(epoch, after, typesOf(String.valueOf(caller.getPrincipal())), limit);
        if (feed.isBehind(question)) {
            waits.lookAgain();
        }
        waits.held().await(() -> feed.hasNews(question), HeldQuestions.wished(prefer));
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_JSON)
                .body(EventJson.write(feed.answer(question)));
    }

    /** Its file may have changed since the call was let in. */
    private Set<EventType> typesOf(String clientId) {
        Set<EventType> types = clients.find(clientId).map(Client::events).orElse(Set.of());
        if (types.isEmpty()) {
            throw new ServiceException(AuthError.CLIENT_FORBIDDEN, "The client's file names no events.");
        }
        return types;
    }
}
