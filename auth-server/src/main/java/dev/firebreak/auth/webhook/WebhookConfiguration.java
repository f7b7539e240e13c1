package dev.firebreak.auth.webhook;

import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.egress.Egress;
import dev.firebreak.auth.event.EventFeed;
import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.auth.platform.Purge;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires this module. What delivers has the loops' pool, what operators ask for the requests'. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookProperties.class)
class WebhookConfiguration {
    /** As often as metrics are usually scraped. */
    private static final Duration COUNT_EVERY = Duration.ofSeconds(10);

    @Bean
    Webhooks webhooks(WebhookProperties properties, Egress egress, MeterRegistry metrics) {
        Path folder = properties.path();
        try {
            return new Webhooks(folder == null ? null : new WebhookFolder(folder, egress), metrics);
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException(
                    "auth.webhook.folder", properties.folder(), String.valueOf(e.getMessage()));
        }
    }

    @Bean
    Loop webhookFileLoop(Webhooks webhooks, WebhookProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new Loop("webhook-files", Loop.Start.LATER, properties.reloadEvery(), clock, metrics, webhooks::reload);
    }

    @Bean
    WebhookRepository webhookRepository(JdbcClient jdbc) {
        return new WebhookRepository(jdbc);
    }

    @Bean
    Deliveries deliveries(
            @Background DataSource pool,
            Webhooks webhooks,
            EventFeed feed,
            Egress egress,
            InstantSource clock,
            MeterRegistry metrics) {
        WebhookRepository repository = new WebhookRepository(JdbcClient.create(pool));
        return new Deliveries(webhooks, new HandOver(repository, feed, clock), repository, egress, clock, metrics);
    }

    @Bean
    Loop webhookLoop(Deliveries deliveries, WebhookProperties properties, InstantSource clock, MeterRegistry metrics) {
        AtomicReference<Runnable> again = new AtomicReference<>(() -> {});
        Loop loop = new Loop("webhooks", Loop.Start.LATER, properties.deliverEvery(), clock, metrics, () -> {
            if (deliveries.run()) {
                again.get().run();
            }
        });
        again.set(loop::runSoon);
        return loop;
    }

    @Bean
    Loop webhookBacklogLoop(
            @Background DataSource pool,
            Webhooks webhooks,
            Deliveries deliveries,
            InstantSource clock,
            MeterRegistry metrics) {
        BacklogGauges gauges = new BacklogGauges(new WebhookRepository(JdbcClient.create(pool)), webhooks, metrics);
        return new Loop("webhook-backlog", Loop.Start.LAST, COUNT_EVERY, clock, metrics, () -> {
            deliveries.giveUpOld();
            gauges.look();
        });
    }

    @Bean
    Loop webhookPurgeLoop(
            @Background DataSource pool, WebhookProperties properties, InstantSource clock, MeterRegistry metrics) {
        Purge purge = new Purge(
                JdbcClient.create(pool),
                "webhook_delivery",
                "id",
                "coalesce(ended_at, created_at) <= :now - interval '%d seconds'"
                        .formatted(properties.keptFor().toSeconds()),
                clock,
                metrics);
        return new Loop("webhook-purge", Loop.Start.LAST, properties.purgeEvery(), clock, metrics, purge::run);
    }

    @Bean
    WebhookOrders webhookOrders(
            WebhookRepository repository,
            Journal journal,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new WebhookOrders(repository, journal, new TransactionTemplate(transactions), clock);
    }

    @Bean
    HealthReasons webhookHealth(Webhooks webhooks) {
        return () -> webhooks.isStale() ? List.of(HealthReason.degraded("webhooks.stale")) : List.of();
    }
}
