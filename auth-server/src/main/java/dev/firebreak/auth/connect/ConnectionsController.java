package dev.firebreak.auth.connect;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.auth.vault.Connection;
import dev.firebreak.auth.vault.Connections;
import dev.firebreak.auth.vault.Connections.Account;
import dev.firebreak.auth.vault.Connections.Disconnected;
import dev.firebreak.auth.vault.GoogleService;
import dev.firebreak.contracts.error.ConnectionError;
import dev.firebreak.contracts.error.ServiceException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /api/v1/connections}: what the owner of the token has connected. Nothing is connected here, because that needs the
 * browser ({@link ConnectController}). Answers hold no token and nothing that opens one.
 */
@RestController
@RequestMapping(ConnectionsController.PATH)
class ConnectionsController {
    static final String PATH = "/api/v1/connections";

    private final ObjectProvider<Connections> connections;

    ConnectionsController(ObjectProvider<Connections> connections) {
        this.connections = connections;
    }

    /**
     * @param missing scopes that the service needs and the user did not allow
     * @param disconnecting what disconnecting it would do at Google, in words
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ConnectionView(
            UUID id,
            String service,
            UUID account,
            String email,
            String status,
            String says,
            Set<String> missing,
            boolean offline,
            Instant since,
            @JsonProperty("last_used_at") @Nullable Instant lastUsedAt,
            String disconnecting) {
        static ConnectionView of(Connection connection) {
            return new ConnectionView(
                    connection.id(),
                    connection.service().wireName(),
                    connection.account(),
                    connection.email(),
                    ServiceWords.status(connection),
                    ServiceWords.says(connection),
                    connection.missing(),
                    connection.offline(),
                    connection.since(),
                    connection.lastUsedAt(),
                    ServiceWords.disconnecting(connection));
        }
    }

    /**
     * @param status the worst of its connections
     * @param allows what the user allows by connecting it
     */
    record ServiceView(String service, String name, String status, String allows, List<ConnectionView> connections) {
        static ServiceView of(GoogleService service, List<Connection> all) {
            List<Connection> own =
                    all.stream().filter(it -> it.service() == service).toList();
            String status = own.isEmpty()
                    ? ServiceWords.NOT_CONNECTED
                    : own.stream().allMatch(Connection::works) ? ServiceWords.WORKS : ServiceWords.RECONNECT;
            return new ServiceView(
                    service.wireName(),
                    ServiceWords.name(service),
                    status,
                    ServiceWords.allows(service),
                    own.stream().map(ConnectionView::of).toList());
        }
    }

    record AccountView(UUID id, String email) {
        static AccountView of(Account account) {
            return new AccountView(account.id(), account.email());
        }
    }

    record ConnectionsView(List<ServiceView> services, List<AccountView> accounts) {}

    /** What a user may change: {@code offline}, whether services may use the connection while its user is away. */
    record Change(@NotNull Boolean offline) {}

    /**
     * @param ended whether Firebreak's access has ended at Google
     * @param says what has happened, in words
     */
    record DisconnectedView(
            UUID id, @JsonProperty("ended_at_google") boolean ended, String says) {}

    @GetMapping
    ResponseEntity<ConnectionsView> list(@RequestAttribute(OwnerFilter.USER) UUID user) {
        Connections own = connections();
        List<Connection> all = own.of(user);
        return answer(new ConnectionsView(
                Arrays.stream(GoogleService.values())
                        .map(service -> ServiceView.of(service, all))
                        .toList(),
                own.accounts(user).stream().map(AccountView::of).toList()));
    }

    @PutMapping("/{id}")
    ResponseEntity<ConnectionView> change(
            @PathVariable UUID id, @RequestBody @Valid Change change, @RequestAttribute(OwnerFilter.USER) UUID user) {
        return answer(ConnectionView.of(connections().setOffline(user, id, change.offline())));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<DisconnectedView> disconnect(@PathVariable UUID id, @RequestAttribute(OwnerFilter.USER) UUID user) {
        Disconnected done = connections().disconnect(user, id);
        return answer(new DisconnectedView(id, done.ended(), ServiceWords.disconnected(done)));
    }

    private static <T> ResponseEntity<T> answer(T body) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
    }

    private Connections connections() {
        Connections own = connections.getIfAvailable();
        if (own == null) {
            throw new ServiceException(ConnectionError.NOT_CONFIGURED, "There is no client at Google.");
        }
        return own;
    }
}
