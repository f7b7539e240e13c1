package dev.firebreak.auth.trust;

import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.auth.platform.Purge;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.Lanes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires this module. Writing joins the requests' transactions, reading has the loops' pool. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TrustProperties.class)
class TrustConfiguration {
    @Bean
    RevocationNews revocationNews() {
        return new RevocationNews();
    }

    @Bean
    SqlRevocations revocations(JdbcClient jdbc, InstantSource clock, RevocationNews news) {
        return new SqlRevocations(new RevocationRepository(jdbc), clock, news);
    }

    @Bean
    Feed trustFeed(@Background DataSource pool, VerificationKeys keys, InstantSource clock, MeterRegistry metrics) {
        Feed feed = new Feed(new RevocationRepository(JdbcClient.create(pool)), keys, clock);
        Gauge.builder(
                        "auth.trust.revocations",
                        feed,
                        it -> it.log().map(log -> log.entries().size()).orElse(0))
                .description("Revocations in the feed")
                .register(metrics);
        FunctionCounter.builder("auth.trust.too_large", feed, Feed::answersTooLarge)
                .description("Answers of the feed not given because no verifier would take so many revocations")
                .register(metrics);
        return feed;
    }

    @Bean
    HeldQuestions heldQuestions(MeterRegistry metrics) {
        HeldQuestions held = new HeldQuestions();
        Gauge.builder("auth.trust.held", held, HeldQuestions::count)
                .description("Questions of verifiers that wait for news, 2 s at most")
                .register(metrics);
        return held;
    }

    @Bean
    Loop trustFeedLoop(
            Feed feed,
            VerificationKeys keys,
            HeldQuestions held,
            RevocationNews news,
            TrustProperties properties,
            InstantSource clock,
            MeterRegistry metrics) {
        Loop loop = new Loop("revocations", properties.refreshEvery(), clock, metrics, () -> {
            Lanes.in(Lane.KEEP, feed::refresh);
            held.wake();
        });
        news.onCommit(loop::runSoon);
        keys.onRead(afterKeys(keys, held, loop));
        return loop;
    }

    /** A key that was taken back, also by another node, is among the revocations too. */
    private static Runnable afterKeys(VerificationKeys keys, HeldQuestions held, Loop revocations) {
        AtomicLong version = new AtomicLong();
        return () -> {
            long read = keys.current().map(VerificationKeys.KeySet::version).orElse(0L);
            if (version.getAndSet(read) != read) {
                revocations.runSoon();
            }
            held.wake();
        };
    }

    @Bean
    VerifierRegistry verifierRegistry(
            @Background DataSource pool, TrustProperties properties, InstantSource clock, MeterRegistry metrics) {
        VerifierRegistry registry = new VerifierRegistry(
                new VerifierRepository(JdbcClient.create(pool)), properties.mostVerifiersPerClient(), clock);
        Gauge.builder("auth.trust.verifiers", registry, it -> it.live().size())
                .description("Processes that verify tokens and are waited for when a key moves")
                .register(metrics);
        TimeGauge.builder(
                        "auth.trust.verifier.silence",
                        () -> registry.longestSilence().toMillis(),
                        TimeUnit.MILLISECONDS)
                .description("How long the verifier that is silent for longest has not asked the feed")
                .register(metrics);
        return registry;
    }

    @Bean
    Loop verifierLoop(
            VerifierRegistry registry, TrustProperties properties, InstantSource clock, MeterRegistry metrics) {
        Loop loop = new Loop(
                "verifiers",
                Loop.Start.SOON,
                properties.refreshEvery(),
                clock,
                metrics,
                () -> Lanes.in(Lane.KEEP, registry::exchange));
        registry.onNews(loop::runSoon);
        return loop;
    }

    @Bean
    TrustExport trustExport(Feed feed) {
        return () -> feed.answer(new Feed.Question(null, 0, 0));
    }

    @Bean
    FeedLoops feedLoops(VerificationKeys keys, Loop trustFeedLoop) {
        return new FeedLoops(keys, trustFeedLoop);
    }

    @Bean
    EffectWatch effectWatch(
            VerifierRegistry verifierRegistry, TrustProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new EffectWatch(verifierRegistry, properties.mostWatches(), clock).measuredAs("revocations", metrics);
    }

    @Bean
    OwnTrust ownTrust(Feed feed, VerificationKeys keys, FeedLoops loops) {
        return new OwnTrust(new LocalTrust(feed, keys, loops::lookAgain));
    }

    @Bean
    Loop revocationPurgeLoop(
            @Background DataSource pool, TrustProperties properties, InstantSource clock, MeterRegistry metrics) {
        Purge purge = purge(JdbcClient.create(pool), clock, metrics);
        return new Loop("revocation-purge", Loop.Start.LAST, properties.purgeEvery(), clock, metrics, purge::run);
    }

    static Purge purge(JdbcClient jdbc, InstantSource clock, MeterRegistry metrics) {
        return new Purge(jdbc, "revocation", "seq", "until <= :now", clock, metrics);
    }

    @Bean
    HealthReasons revocationHealth(Feed feed) {
        return () -> {
            if (feed.log().isEmpty()) {
                return List.of(HealthReason.down("trust.revocations_unread"));
            }
            return feed.isNearlyFull() ? List.of(HealthReason.degraded("trust.revocations_many")) : List.of();
        };
    }
}
