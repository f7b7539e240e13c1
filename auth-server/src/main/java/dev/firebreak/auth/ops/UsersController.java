package dev.firebreak.auth.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.firebreak.auth.trust.EffectWatch;
import dev.firebreak.auth.user.EmailKey;
import dev.firebreak.auth.user.NewUser;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.auth.user.UserRow;
import dev.firebreak.auth.user.Users;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import dev.firebreak.starter.http.PlainText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code ops/users}: who there is, and what operators and their tools may do to them. */
@RestController
@RequestMapping({"/internal/v1/ops/users", "/api/v1/ops/users"})
class UsersController {
    private static final Logger LOG = LoggerFactory.getLogger(UsersController.class);

    private static final int MAX_REASON = 500;
    private static final String NO_REASON = "no reason given";

    private final Users users;
    private final UserOrders orders;
    private final EffectWatch effects;

    record CreateUser(
            @NotNull String email,
            @NotNull String name,
            @NotNull String password,
            @NotNull String role,
            @Nullable Boolean demo,
            @Nullable @PlainText(max = MAX_REASON) String reason) {
        @Override
        public String toString() {
            return "CreateUser[role=" + role + ", demo=" + demo + "]";
        }
    }

    record ChangeRole(
            @NotNull String role,
            @Nullable @PlainText(max = MAX_REASON) String reason) {}

    /** Body of orders that need no other; may be absent, like the reason. */
    record Because(@Nullable @PlainText(max = MAX_REASON) String reason) {}

    record UserView(
            UUID id,
            String email,
            String name,
            String role,
            boolean disabled,
            boolean demo,
            @JsonProperty("created_at") Instant createdAt) {
        static UserView of(UserRow row) {
            UserAccount account = row.account();
            return new UserView(
                    account.id(),
                    account.email(),
                    account.name(),
                    account.role().wireName(),
                    account.disabled(),
                    account.demo(),
                    row.createdAt());
        }
    }

    record DisabledView(
            @JsonUnwrapped UserView user, List<EffectView> effective, List<String> missing, List<String> says) {}

    record UserPage(List<UserView> users, @Nullable String next) {}

    UsersController(Users users, UserOrders orders, EffectWatch effects) {
        this.users = users;
        this.orders = orders;
        this.effects = effects;
    }

    @GetMapping
    UserPage list(
            @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit,
            @RequestParam(defaultValue = "") String after) {
        // One more than asked for tells whether there is a next page.
        List<UserRow> rows = users.pageAfter(keyOf(after), limit + 1);
        List<UserRow> page = rows.subList(0, Math.min(limit, rows.size()));
        String next = rows.size() > limit ? cursor(page.getLast().key()) : null;
        return new UserPage(page.stream().map(UserView::of).toList(), next);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    UserView create(@RequestBody @Valid CreateUser order, Caller caller) {
        Users.Hashed user = users.hash(new NewUser(
                order.email(), order.name(), order.password(), role(order.role()), Boolean.TRUE.equals(order.demo())));
        UserRow created = orders.create(user, order(caller, order.reason()));
        note("created", created.account().id(), caller);
        return UserView.of(created);
    }

    /** Answers when every verifier refuses the user's tokens, or after 5 s. */
    @PostMapping("/{id}/disable")
    DisabledView disable(
            @PathVariable String id, @RequestBody(required = false) @Valid @Nullable Because because, Caller caller) {
        UserOrders.Disabled disabled = orders.disable(users.requireId(id), order(caller, because));
        note("disabled", disabled.user().account().id(), caller);
        EffectWatch.Seen seen = effects.watchRevocation(disabled.revocationSeq());
        return new DisabledView(UserView.of(disabled.user()), EffectView.of(seen), seen.missing(), seen.says());
    }

    @PostMapping("/{id}/enable")
    UserView enable(
            @PathVariable String id, @RequestBody(required = false) @Valid @Nullable Because because, Caller caller) {
        UserRow user = orders.enable(users.requireId(id), order(caller, because));
        note("enabled", user.account().id(), caller);
        return UserView.of(user);
    }

    @PutMapping("/{id}/role")
    UserView changeRole(@PathVariable String id, @RequestBody @Valid ChangeRole order, Caller caller) {
        UserRow user = orders.changeRole(users.requireId(id), role(order.role()), order(caller, order.reason()));
        note("given role " + user.account().role().wireName(), user.account().id(), caller);
        return UserView.of(user);
    }

    private static UserOrders.Order order(Caller caller, @Nullable Because because) {
        return order(caller, because == null ? null : because.reason());
    }

    private static UserOrders.Order order(Caller caller, @Nullable String reason) {
        return new UserOrders.Order(caller.actor(), reason == null ? NO_REASON : reason);
    }

    private static UserAccount.Role role(String name) {
        try {
            return UserAccount.Role.ofWireName(name);
        } catch (IllegalArgumentException unknown) {
            throw invalid("/role", "must be user or operator");
        }
    }

    private static String cursor(EmailKey key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(key.value().getBytes(StandardCharsets.UTF_8));
    }

    private static EmailKey keyOf(String cursor) {
        try {
            return new EmailKey(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            throw invalid("after", "must be the next of an earlier page");
        }
    }

    private static ServiceException invalid(String field, String message) {
        return new ServiceException(
                RequestError.INVALID, "The request is not valid.", List.of(new Violation(field, message)));
    }

    private static void note(String what, UUID user, Caller caller) {
        LOG.info("User {} {} by {}", user, what, caller.name());
    }
}
