package dev.firebreak.starter.client;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

/** Clients over real HTTP as the starter makes them, whose waits before retries take no time. */
public final class TestClients implements AutoCloseable {
    private final DeadlineRequestsBuilder transport;
    private final ServiceClients clients;

    public TestClients(InstantSource clock, MeterRegistry metrics) {
        transport = new DeadlineRequestsBuilder(clock);
        clients = new ServiceClients(
                () -> RestClient.builder().requestFactory(transport.build(HttpClientSettings.defaults())),
                metrics,
                clock,
                new SplittableRandom(1),
                wait -> {},
                new JsonMapper());
    }

    public ServiceClients clients() {
        return clients;
    }

    @Override
    public void close() {
        transport.close();
    }
}
