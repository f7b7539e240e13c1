package dev.firebreak.starter.client.example;

import dev.firebreak.starter.client.ServiceClients;
import java.time.InstantSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** A service that calls the calendar, and one that calls itself, hop by hop. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = {DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
@Import(CalendarClient.class)
public class ExampleService {
    /** What one hop saw of its request. */
    public record Hop(String traceId, long leftMs) {}

    @Bean
    Planner planner(Holidays holidays) {
        return new Planner(holidays);
    }

    @Bean
    Routes routes(Planner planner, ServiceClients clients, InstantSource clock) {
        return new Routes(planner, clients.builder("next"), clock);
    }
}
