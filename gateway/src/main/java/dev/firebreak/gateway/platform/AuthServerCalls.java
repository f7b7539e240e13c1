package dev.firebreak.gateway.platform;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * The gateway's own calls to the authorization server: few, small, and never with a user waiting longer than the time-out.
 * Own connections, so that proxied traffic cannot starve a renewal, nor the other way round.
 */
public final class AuthServerCalls implements AutoCloseable {
    /** A token answer has 3 KB, a discovery document 4 KB. */
    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private final ConnectionProvider connections;
    private final HttpClient client;

    /**
     * An answer, whatever its status.
     *
     * @param cacheControl the header, if there is one
     * @param eTag the header, if there is one
     */
    public record Answer(
            int status,
            @Nullable String contentType,
            @Nullable String cacheControl,
            @Nullable String eTag,
            byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    AuthServerCalls(GatewayProperties.Upstream upstream, Duration timeout, int maxConnections) {
        this.connections = ConnectionProvider.builder("auth-server-calls")
                .maxConnections(maxConnections)
                .pendingAcquireMaxCount(maxConnections)
                .pendingAcquireTimeout(upstream.acquireTimeout())
                .maxIdleTime(upstream.maxIdle())
                .maxLifeTime(upstream.maxLife())
                .evictInBackground(upstream.maxIdle())
                .metrics(true)
                .build();
        this.client = HttpClient.create(connections)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(upstream.connectTimeout().toMillis()))
                .responseTimeout(timeout);
    }

    /** Sends a form (RFC 6749, appendix B). */
    public Mono<Answer> postForm(URI url, Map<String, String> form) {
        ByteBuf body = Unpooled.copiedBuffer(encode(form), StandardCharsets.US_ASCII);
        return client.headers(headers -> headers.set(HttpHeaderNames.CONTENT_TYPE, "application/x-www-form-urlencoded")
                        .set(HttpHeaderNames.ACCEPT, "application/json"))
                .post()
                .uri(url)
                .send(ByteBufFlux.fromInbound(Mono.just(body)))
                .response(AuthServerCalls::read)
                .single();
    }

    /** Sends an empty order with a bearer credential. */
    public Mono<Answer> post(URI url, String bearer) {
        return client.headers(headers -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + bearer)
                        .set(HttpHeaderNames.CONTENT_LENGTH, "0"))
                .request(HttpMethod.POST)
                .uri(url)
                .response(AuthServerCalls::read)
                .single();
    }

    /** Reads a public document. */
    public Mono<Answer> get(URI url) {
        return client.headers(headers -> headers.set(HttpHeaderNames.ACCEPT, "application/json"))
                .get()
                .uri(url)
                .response(AuthServerCalls::read)
                .single();
    }

    @Override
    public void close() {
        connections.dispose();
    }

    private static Mono<Answer> read(HttpClientResponse response, ByteBufFlux content) {
        return content.asByteArray()
                .reduceWith(ByteArrayOutputStream::new, AuthServerCalls::append)
                .map(bytes -> new Answer(
                        response.status().code(),
                        response.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE),
                        response.responseHeaders().get(HttpHeaderNames.CACHE_CONTROL),
                        response.responseHeaders().get(HttpHeaderNames.ETAG),
                        bytes.toByteArray()));
    }

    private static ByteArrayOutputStream append(ByteArrayOutputStream all, byte[] part) {
        if (all.size() + part.length > MAX_ANSWER_BYTES) {
            throw new IllegalStateException("An answer of the authorization server exceeds " + MAX_ANSWER_BYTES);
        }
        all.writeBytes(part);
        return all;
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
