package dev.firebreak.auth.trust;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.trust.TrustAnswer;
import dev.firebreak.trust.TrustAnswerJson;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The trust feed, for verifiers; reached through the internal connector only. */
@RestController
class TrustController {
    private final Feed feed;
    private final Runnable lookAgain;

    TrustController(Feed feed, FeedLoops loops) {
        this.feed = feed;
        this.lookAgain = loops::lookAgain;
    }

    @GetMapping("/internal/v1/trust")
    ResponseEntity<String> trust(
            @RequestParam(required = false) @Nullable UUID epoch,
            @RequestParam(defaultValue = "0") long keys,
            @RequestParam(defaultValue = "0") long after) {
        Feed.Question question = new Feed.Question(epoch, keys, after);
        if (feed.isBehind(question)) {
            lookAgain.run();
        }
        TrustAnswer answer = feed.answer(question)
                .orElseThrow(() -> new ServiceException(
                        AuthError.TRUST_UNAVAILABLE,
                        "This node has not read keys and revocations yet",
                        Duration.ofSeconds(1)));
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_JSON)
                .body(TrustAnswerJson.write(answer));
    }
}
