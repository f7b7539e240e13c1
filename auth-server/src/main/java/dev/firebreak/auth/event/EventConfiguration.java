package dev.firebreak.auth.event;

import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.HeldQuestions;
import dev.firebreak.auth.platform.Loop;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires this module. Writing joins the requests' transactions, reading has the loops' pool. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventProperties.class)
class EventConfiguration {
    private static final String HELD = "eventQuestions";

    @Bean
    EventNews eventNews() {
        return new EventNews();
    }

    @Bean
    Events events(DataSource pool, InstantSource clock, EventNews news) {
        return new SqlEvents(pool, clock, news);
    }

    @Bean
    EventFeed eventFeed(@Background DataSource pool, InstantSource clock, MeterRegistry metrics) {
        EventFeed feed = new EventFeed(new EventRepository(JdbcClient.create(pool)), clock);
        Gauge.builder(
                        "auth.events.seq",
                        feed,
                        it -> it.head().map(head -> (double) head.seq()).orElse(Double.NaN))
                .description("Number of the last event")
                .register(metrics);
        return feed;
    }

    /** Beside the trust feed's. */
    @Bean(name = HELD, defaultCandidate = false)
    HeldQuestions eventQuestions(MeterRegistry metrics) {
        HeldQuestions held = new HeldQuestions();
        Gauge.builder("auth.events.held", held, HeldQuestions::count)
                .description("Questions of services that wait for events, 2 s at most")
                .register(metrics);
        return held;
    }

    @Bean
    Loop eventLoop(
            EventFeed feed,
            @Qualifier(HELD) HeldQuestions held,
            EventNews news,
            EventProperties properties,
            InstantSource clock,
            MeterRegistry metrics) {
        Loop loop = new Loop("events", Loop.Start.SOON, properties.refreshEvery(), clock, metrics, () -> {
            feed.refresh();
            held.wake();
        });
        news.onCommit(loop::runSoon);
        return loop;
    }

    @Bean
    EventWaits eventWaits(@Qualifier(HELD) HeldQuestions held, Loop eventLoop) {
        return new EventWaits(held, eventLoop);
    }

    @Bean
    Loop eventPurgeLoop(
            @Background DataSource pool, EventProperties properties, InstantSource clock, MeterRegistry metrics) {
        EventPurge purge = new EventPurge(JdbcClient.create(pool), properties.keptFor(), clock, metrics);
        return new Loop("event-purge", Loop.Start.LAST, properties.purgeEvery(), clock, metrics, purge::run);
    }
}
