package dev.firebreak.auth.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.auth.trust.EffectWatch;
import dev.firebreak.auth.user.Users;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import dev.firebreak.starter.http.PlainText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code ops/trust/revocations}: orders to accept no token of something any more, and when each verifier obeyed. */
@RestController
@RequestMapping({"/internal/v1/ops/trust/revocations", "/api/v1/ops/trust/revocations"})
class RevocationsController {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** Any id that a token of ours may hold: the value ends in every verifier's memory. */
    private static final Pattern ID_FORM = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    private final RevocationOrders orders;
    private final Users users;
    private final EffectWatch effects;

    RevocationsController(RevocationOrders orders, Users users, EffectWatch effects) {
        this.orders = orders;
        this.users = users;
        this.effects = effects;
    }

    /** @param value session id, user id or address, client id, or a token's {@code jti} */
    record Revoke(
            @NotNull String kind,
            @NotNull String value,

            @NotNull(message = "is missing: say why, for the journal") @Size(min = 3) @PlainText(max = 500)
            String reason) {}

    record RevokedView(
            String kind,
            String value,
            @JsonProperty("journal_seq") long journalSeq,
            List<EffectView> effective,
            List<String> missing,
            List<String> says) {}

    /** Answers when every verifier refuses, or after 5 s. */
    @PostMapping
    RevokedView revoke(@RequestBody @Valid Revoke order, Caller caller) {
        RevocationOrders.Cause cause = new RevocationOrders.Cause(caller.actor(), order.reason());
        String value = order.value();
        RevocationOrders.Done done = switch (order.kind()) {
            case "session" -> orders.session(UUID.fromString(required(UUID_FORM, value, "a session's id")), cause);
            case "user" -> orders.user(users.requireId(value), cause);
            case "client" -> orders.client(required(ID_FORM, value, "a client's id"), cause);
            case "token" -> orders.token(required(ID_FORM, value, "a token's jti, not the token"), cause);
            default -> throw invalid("/kind", "must be session, user, client or token");
        };
        EffectWatch.Seen seen = effects.watchRevocation(done.revocationSeq());
        return new RevokedView(
                order.kind(),
                done.value(),
                done.journalSeq(),
                EffectView.of(seen),
                seen.missing(),
                Stream.concat(Stream.of(done.says()), seen.says().stream()).toList());
    }

    private static String required(Pattern form, String value, String what) {
        if (!form.matcher(value).matches()) {
            throw invalid("/value", "must be " + what);
        }
        return value;
    }

    private static ServiceException invalid(String field, String message) {
        return new ServiceException(
                RequestError.INVALID, "The request is not valid.", List.of(new Violation(field, message)));
    }
}
