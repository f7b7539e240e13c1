package dev.firebreak.auth.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.auth.trust.EffectWatch;
import java.util.List;

/** After how many milliseconds a verifier was known to have what was ordered. */
record EffectView(String verifier, @JsonProperty("after_ms") long afterMs) {
    static List<EffectView> of(EffectWatch.Seen seen) {
        return seen.effective().stream()
                .map(it -> new EffectView(it.verifier(), it.after().toMillis()))
                .toList();
    }
}
