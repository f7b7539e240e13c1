package dev.firebreak.auth.trust;

import dev.firebreak.auth.platform.HeldQuestions;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import dev.firebreak.contracts.trust.TrustAnswer;
import dev.firebreak.trust.TrustAnswerJson;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The trust feed, for verifiers; reached through the internal connector only. */
@RestController
class TrustController {
    /** Ids as the gateway's ring file admits them. */
    private static final Pattern RING = Pattern.compile("(?=.{1,200}$)[A-Za-z0-9_-]+(,[A-Za-z0-9_-]+)*");

    private final Feed feed;
    private final VerifierRegistry verifiers;
    private final HeldQuestions held;
    private final Runnable lookAgain;

    TrustController(Feed feed, VerifierRegistry verifiers, HeldQuestions held, FeedLoops loops) {
        this.feed = feed;
        this.verifiers = verifiers;
        this.held = held;
        this.lookAgain = loops::lookAgain;
    }

    @GetMapping("/internal/v1/trust")
    ResponseEntity<String> trust(
            @RequestParam(required = false) @Nullable UUID epoch,
            @RequestParam(defaultValue = "0") long keys,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(required = false) @Nullable String ring,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer,
            Authentication caller) {
        Feed.Question question = new Feed.Question(epoch, keys, after);
        // Another epoch's numbers say nothing of what it has of this one.
        boolean known = feed.isOfThisEpoch(question);
        verifiers.heard(client(caller), instance(caller), known ? keys : 0, known ? after : 0, ringOf(ring));
        if (feed.isBehind(question)) {
            lookAgain.run();
        }
        held.await(() -> feed.hasNews(question), HeldQuestions.wished(prefer));
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

    /** A verifier that stops in good order: key moves need not wait for it until it is forgotten. */
    @DeleteMapping("/internal/v1/trust/verifier")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void stops(Authentication caller) {
        verifiers.stops(client(caller), instance(caller));
    }

    private static @Nullable List<String> ringOf(@Nullable String ring) {
        if (ring == null) {
            return null;
        }
        if (!RING.matcher(ring).matches()) {
            throw new ServiceException(
                    RequestError.INVALID,
                    "The request is not valid.",
                    List.of(new Violation(
                            "/ring", "must be ids of cookie keys with commas between, 200 characters at most")));
        }
        return List.of(ring.split(","));
    }

    private static String client(Authentication caller) {
        return String.valueOf(caller.getPrincipal());
    }

    /** The name is client and instance. */
    private static String instance(Authentication caller) {
        return caller.getName().substring(client(caller).length() + 1);
    }
}
