package dev.firebreak.gateway.route;

import com.nimbusds.jose.jwk.JWKSet;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.AuthServerCalls;
import dev.firebreak.gateway.platform.GatewayProperties;
import dev.firebreak.trust.TrustSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The authorization server's public documents: its own answer while it is there; while it is away the last good copy, and
 * for the key set what the trust data says, which is newer. At most one question per document and {@link #FRESH}.
 */
@Component
class Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final String JWKS = "/auth/oauth2/jwks";
    /** How long an answer, or a failure to get one, stands before the authorization server is asked again. */
    private static final Duration FRESH = Duration.ofSeconds(5);
    /** A client of these documents waits no longer for the newest one if there is another. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** Enough that two contents never share a tag. */
    private static final int TAG_BYTES = 16;
    /** What caches may do with a copy that might be old. */
    static final String COPY_CACHE_CONTROL = "public, max-age=60";

    private final AuthServerCalls calls;
    private final GatewayProperties gateway;
    private final TrustSource trust;
    private final DiscoveryCopies copies;
    private final InstantSource clock;
    /** One entry per path of the route table. */
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /**
     * A document as it goes out.
     *
     * @param eTag the authorization server's, or made of the content
     */
    record Document(String contentType, String cacheControl, String eTag, byte[] body) {
        /** One that nobody gave a tag. */
        static Document untagged(String contentType, String cacheControl, byte[] body) {
            return new Document(contentType, cacheControl, tagOf(body), body);
        }

        /** The same content for the caller's cache, by a header {@code If-None-Match} (RFC 9110, 13.1.2). */
        boolean isNamedBy(List<String> ifNoneMatch) {
            return ifNoneMatch.stream()
                    .flatMap(header -> Arrays.stream(header.split(",", -1)))
                    .map(String::strip)
                    .anyMatch(tag -> tag.equals("*") || weak(tag).equals(weak(eTag)));
        }

        private static String weak(String tag) {
            return tag.startsWith("W/") ? tag.substring(2) : tag;
        }

        private static String tagOf(byte[] body) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
                return '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"';
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JDK has SHA-256", e);
            }
        }
    }

    /**
     * What is known of one document.
     *
     * @param last last good answer
     * @param triedAt when the authorization server was last asked
     * @param question answer to come, or that came; shared by everybody who asks meanwhile
     */
    private record Kept(@Nullable Document last, Instant triedAt, Mono<Document> question) {}

    Discovery(
            AuthServerCalls calls,
            GatewayProperties gateway,
            TrustSource trust,
            DiscoveryCopies copies,
            InstantSource clock) {
        this.calls = calls;
        this.gateway = gateway;
        this.trust = trust;
        this.copies = copies;
        this.clock = clock;
    }

    /** The document at this path of the authorization server. */
    Mono<Document> fetch(String upstreamPath) {
        Instant now = clock.instant();
        Kept known = kept.get(upstreamPath);
        if (known != null && known.triedAt().plus(FRESH).isAfter(now)) {
            return known.question();
        }
        // In one step, so that a burst asks once, also the first one and while nothing is known.
        return kept.compute(
                        upstreamPath,
                        (path, other) -> other != null
                                        && other.triedAt().plus(FRESH).isAfter(now)
                                ? other
                                : ask(path, other == null ? copies.find(path).orElse(null) : other.last(), now))
                .question();
    }

    /** True once there is a copy for when the authorization server is away. */
    boolean hasCopy(String upstreamPath) {
        Kept known = kept.get(upstreamPath);
        return known != null && known.last() != null;
    }

    private Kept ask(String path, @Nullable Document last, Instant now) {
        Mono<Document> question = calls.get(gateway.authUpstream().resolve(path))
                .timeout(PATIENCE)
                .flatMap(answer -> answer.status() == 200
                        ? Mono.just(keep(path, answer))
                        : Mono.error(new IllegalStateException("status " + answer.status())))
                .doOnError(e -> LOG.warn("{} is answered from the last copy: {}", path, e.toString()))
                .onErrorResume(_ -> Mono.fromSupplier(() -> copy(path, last)))
                .cache();
        return new Kept(last, now, question);
    }

    private Document keep(String path, AuthServerCalls.Answer answer) {
        String type = answer.contentType() == null ? "application/json" : answer.contentType();
        String caching = answer.cacheControl() == null ? COPY_CACHE_CONTROL : answer.cacheControl();
        Document document = answer.eTag() == null
                ? Document.untagged(type, caching, answer.body())
                : new Document(type, caching, answer.eTag(), answer.body());
        kept.computeIfPresent(path, (_, asked) -> new Kept(document, asked.triedAt(), asked.question()));
        copies.keep(path, document);
        return document;
    }

    private Document copy(String path, @Nullable Document last) {
        if (path.equals(JWKS)) {
            Optional<Document> fromTrust = trust.current()
                    .map(snapshot -> new JWKSet(List.copyOf(snapshot.keys().values())).toString(true))
                    .map(json -> document(json));
            if (fromTrust.isPresent()) {
                return fromTrust.get();
            }
        }
        if (last == null) {
            throw new ServiceException(
                    AuthError.UNAVAILABLE,
                    "The authorization server is away and this node has no copy of the document");
        }
        return new Document(last.contentType(), COPY_CACHE_CONTROL, last.eTag(), last.body());
    }

    private static Document document(String json) {
        return Document.untagged("application/json", COPY_CACHE_CONTROL, json.getBytes(StandardCharsets.UTF_8));
    }
}
