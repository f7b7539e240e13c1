package dev.firebreak.starter.client;

import dev.firebreak.contracts.http.Headers;
import dev.firebreak.starter.overload.Deadlines;
import dev.firebreak.starter.trace.Trace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;

/**
 * Requests that know how long they may take and whose they are. Each attempt is a request of its own, so that a retry is
 * allowed only what the first left over. Thread-safe.
 */
final class DeadlineRequests implements ClientHttpRequestFactory {
    private final HttpClient http;
    private final Duration readTimeout;
    private final InstantSource clock;

    DeadlineRequests(HttpClient http, Duration readTimeout, InstantSource clock) {
        this.http = http;
        this.readTimeout = readTimeout;
        this.clock = clock;
    }

    @Override
    public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
        TimeAllowance time = TimeAllowance.of(Deadlines.current().map(it -> it.left(clock.instant())), readTimeout);
        // Spring keeps the time-out with the factory, which is a few fields around the shared client. It holds until
        // the
        // body is read.
        JdkClientHttpRequestFactory jdk = new JdkClientHttpRequestFactory(http);
        jdk.setReadTimeout(time.ours());
        ClientHttpRequest request = jdk.createRequest(uri, method);
        request.getHeaders().set(Headers.TIMEOUT, Long.toString(time.theirs().toMillis()));
        Trace.current().ifPresent(trace -> request.getHeaders().set(Headers.TRACEPARENT, trace.traceparent()));
        return request;
    }
}
