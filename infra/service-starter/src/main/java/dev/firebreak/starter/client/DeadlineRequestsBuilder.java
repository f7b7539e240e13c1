package dev.firebreak.starter.client;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.JdkHttpClientBuilder;

/**
 * Where Boot gets the transport of every {@code RestClient}, so that its keys ({@code spring.http.clients.*} and those of a
 * group) go on to mean what Boot says. The JDK's client, in HTTP/1.1: ours speak no other, and an offer to upgrade costs a
 * header each time. Calls under way are bounded by the requests in flight, for each waits on the thread of its own.
 */
final class DeadlineRequestsBuilder implements ClientHttpRequestFactoryBuilder<DeadlineRequests>, AutoCloseable {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(4);

    /** Where none of Boot's keys reach: a call without a limit must not exist. */
    private static final HttpClientSettings LIMITS = HttpClientSettings.defaults()
            .withTimeouts(Duration.ofSeconds(1), READ_TIMEOUT)
            .withRedirects(HttpRedirects.DONT_FOLLOW);

    private final InstantSource clock;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("client-http-", 0).factory());

    DeadlineRequestsBuilder(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public DeadlineRequests build(@Nullable HttpClientSettings given) {
        HttpClientSettings settings = given == null ? LIMITS : given.orElse(LIMITS);
        HttpClient http = new JdkHttpClientBuilder()
                .withExecutor(threads)
                .withCustomizer(it -> it.version(HttpClient.Version.HTTP_1_1))
                .build(settings.withReadTimeout(null));
        Duration readTimeout = settings.readTimeout();
        return new DeadlineRequests(http, readTimeout == null ? READ_TIMEOUT : readTimeout, clock);
    }

    /** Ends what is still under way; the process stops. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
