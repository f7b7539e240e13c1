package dev.firebreak.auth.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.auth.trust.TrustExport;
import dev.firebreak.auth.trust.Verifier;
import dev.firebreak.auth.trust.Verifiers;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.trust.TrustAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code ops/trust}: what verifiers are told, and who has got how far. From memory, also with the database away. */
@RestController
@RequestMapping({"/internal/v1/ops/trust", "/api/v1/ops/trust"})
class TrustOpsController {
    private final TrustExport export;
    private final Verifiers verifiers;

    TrustOpsController(TrustExport export, Verifiers verifiers) {
        this.export = export;
        this.verifiers = verifiers;
    }

    /** @param ring cookie keys that a gateway told this node it can open; absent where it told none */
    record HolderView(
            String client,
            String instance,
            @JsonProperty("keys_version") long keysVersion,
            long cursor,
            @JsonProperty("seen_at") Instant seenAt,
            boolean current,
            @Nullable List<String> ring) {
        static HolderView of(Verifier verifier, TrustAnswer now) {
            return new HolderView(
                    verifier.client(),
                    verifier.instance(),
                    verifier.keysVersion(),
                    verifier.cursor(),
                    verifier.askedAt(),
                    verifier.keysVersion() >= now.keysVersion() && verifier.cursor() >= now.cursor(),
                    verifier.ring());
        }
    }

    record TrustView(
            UUID epoch,
            @JsonProperty("as_of") Instant asOf,
            @JsonProperty("keys_version") long keysVersion,
            long cursor,
            int revocations,
            List<HolderView> verifiers) {}

    @GetMapping
    TrustView trust() {
        TrustAnswer now = export.full()
                .orElseThrow(() -> new ServiceException(
                        AuthError.TRUST_UNAVAILABLE,
                        "This node has not read keys and revocations yet",
                        Duration.ofSeconds(1)));
        return new TrustView(
                now.epoch(),
                now.asOf(),
                now.keysVersion(),
                now.cursor(),
                now.revocations().size(),
                verifiers.live().stream()
                        .map(verifier -> HolderView.of(verifier, now))
                        .toList());
    }
}
