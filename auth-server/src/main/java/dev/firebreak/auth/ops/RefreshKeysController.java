package dev.firebreak.auth.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.auth.grant.MacEmergency;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code ops/refresh-keys/emergency}: takes leaked keys of refresh tokens back. The answer has the form of {@code ops/keys}. */
@RestController
@RequestMapping({"/internal/v1/ops/refresh-keys", "/api/v1/ops/refresh-keys"})
class RefreshKeysController {
    private static final String NEW_KEY = "(a new key)";

    private final MacEmergency emergency;

    RefreshKeysController(MacEmergency emergency) {
        this.emergency = emergency;
    }

    /** @param kid the key that leaked; absent = all */
    record EmergencyBody(
            @Nullable @Pattern(regexp = "[a-z0-9]{1,16}", message = "is no id of such a key")
            String kid,

            @NotNull(message = "is missing: say why, for the journal")
            @Size(min = 3, max = 500)
            @Pattern(regexp = "[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]*", message = "must be plain text on one line")
            String reason) {}

    record ChangeView(String kid, @Nullable String before, String after) {
        static ChangeView of(MacEmergency.Change change) {
            return new ChangeView(change.id() == null ? NEW_KEY : change.id(), change.before(), change.after());
        }
    }

    record EffectiveView(
            String verifier, @JsonProperty("after_ms") long afterMs) {}

    /**
     * @param signedOut sign-ins that have to be made again
     * @param alive sign-ins that should have ended and have not
     * @param missing nodes that may still accept the revoked keys
     * @param journalSeq absent in a dry run
     */
    record AnswerView(
            String order,
            @JsonProperty("dry_run") boolean dryRun,
            List<ChangeView> changes,
            @JsonProperty("signed_out") long signedOut,
            long alive,
            List<String> missing,
            List<String> says,
            @JsonProperty("journal_seq") @Nullable Long journalSeq,
            List<EffectiveView> effective) {
        static AnswerView of(MacEmergency.Answer answer) {
            return new AnswerView(
                    "rotate",
                    answer.dryRun(),
                    answer.changes().stream().map(ChangeView::of).toList(),
                    answer.signedOut(),
                    answer.alive(),
                    answer.missing(),
                    says(answer),
                    answer.dryRun() ? null : answer.journalSeq(),
                    answer.effective().stream()
                            .map(it -> new EffectiveView(it.node(), it.after().toMillis()))
                            .toList());
        }

        private static List<String> says(MacEmergency.Answer answer) {
            List<String> says = new ArrayList<>();
            says.add((answer.dryRun()
                            ? "Sign-ins that would end: %d."
                            : "Sign-ins ended: %d; their people sign in again.")
                    .formatted(answer.signedOut()));
            if (answer.alive() > 0) {
                says.add(
                        "Sign-ins that LIVE ON, because their rows were busy: %d. The same order with --kid %s goes on with them."
                                .formatted(
                                        answer.alive(),
                                        answer.changes().getLast().id()));
            }
            if (!answer.lacking().isEmpty()) {
                says.add("The new key makes tokens though %s had not loaded it: renewals there get 503 until it has."
                        .formatted(String.join(", ", answer.lacking())));
            }
            if (!answer.missing().isEmpty()) {
                says.add(
                        "Stop or mend what is MISSING below: it may accept the revoked keys for sign-ins that have not ended.");
            }
            return says;
        }
    }

    @PostMapping("/emergency")
    AnswerView emergency(
            @RequestBody @Valid EmergencyBody body,
            @RequestParam(name = "dry_run", defaultValue = "false") boolean dryRun,
            Caller caller) {
        return AnswerView.of(emergency.give(new MacEmergency.Order(body.kid(), body.reason(), caller.actor(), dryRun)));
    }
}
