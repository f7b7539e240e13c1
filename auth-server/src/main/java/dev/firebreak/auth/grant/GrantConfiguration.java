package dev.firebreak.auth.grant;

import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.node.KeyRing;
import dev.firebreak.auth.node.Loaded;
import dev.firebreak.auth.node.Nodes;
import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.auth.platform.Purge;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.auth.sealing.SealedColumn;
import dev.firebreak.auth.trust.Revocations;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.Lanes;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires this module. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrantProperties.class)
class GrantConfiguration {
    /** Used codes stay for a while, so that a second use is still noticed (RFC 6749, 4.1.2). */
    private static final String CODES_DUE = "expires_at < :now - interval '10 minutes'";
    /** A family that is over stays for a day, so that "why was I signed out?" has an answer. */
    private static final String FAMILIES_DUE =
            "(expires_at < :now - interval '1 day' OR revoked_at < :now - interval '1 day')";

    @Bean
    Renewals renewals(JdbcClient jdbc, InstantSource clock) {
        return new SqlRenewals(jdbc, clock);
    }

    @Bean
    FamilyRepository familyRepository(JdbcClient jdbc) {
        return new FamilyRepository(jdbc);
    }

    @Bean
    SealedColumn sealedMacKeys() {
        return MacKeyRepository.SEALED;
    }

    @Bean
    MacKeys macKeys(@Background DataSource pool, KeyWrapper wrapper, ServiceIdentity identity, InstantSource clock) {
        return new MacKeys(
                new MacKeyRepository(JdbcClient.create(pool)), loopMoves(pool, identity, clock), wrapper, clock);
    }

    @Bean
    Loaded loadedMacKeys(MacKeys keys) {
        return new Loaded(KeyRing.REFRESH_MAC, keys::loaded);
    }

    /** For requests; the loop has one of its own on the background pool. */
    @Bean
    MacKeyRepository macKeyRepository(JdbcClient jdbc) {
        return new MacKeyRepository(jdbc);
    }

    /** For requests, as above. */
    @Bean
    MacMoves macMoves(
            PlatformTransactionManager transactions,
            MacKeyRepository repository,
            Journal journal,
            ServiceIdentity identity) {
        return new MacMoves(
                new TransactionTemplate(transactions), repository, journal, Actor.automatic(identity.node()));
    }

    private static MacMoves loopMoves(DataSource pool, ServiceIdentity identity, InstantSource clock) {
        JdbcClient jdbc = JdbcClient.create(pool);
        return new MacMoves(
                new TransactionTemplate(new JdbcTransactionManager(pool)),
                new MacKeyRepository(jdbc),
                new Journal(jdbc, clock),
                Actor.automatic(identity.node()));
    }

    @Bean
    MacRotation macRotation(
            @Background DataSource pool, MacKeys keys, Nodes nodes, ServiceIdentity identity, InstantSource clock) {
        return new MacRotation(keys, loopMoves(pool, identity, clock), nodes, clock);
    }

    @Bean
    Loop macKeyLoop(MacRotation rotation, GrantProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new Loop(
                "refresh-mac-keys",
                properties.macRefreshEvery(),
                clock,
                metrics,
                () -> Lanes.in(Lane.KEEP, rotation::run));
    }

    @Bean
    MacEmergency macEmergency(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            FamilyRepository families,
            MacMoves moves,
            KeyWrapper wrapper,
            Nodes nodes,
            Loop macKeyLoop,
            InstantSource clock) {
        return new MacEmergency(
                new MacKeyRepository(jdbc),
                families,
                moves,
                wrapper,
                nodes,
                new Journal(jdbc, clock),
                new TransactionTemplate(transactions),
                clock,
                macKeyLoop::runSoon);
    }

    @Bean
    RefreshTokens refreshTokens(
            FamilyRepository families, MacKeys macKeys, InstantSource clock, MeterRegistry metrics) {
        return new RefreshTokens(families, macKeys, clock, metrics);
    }

    @Bean
    RefreshFamilies refreshFamilies(JdbcClient jdbc, InstantSource clock) {
        return new SqlRefreshFamilies(jdbc, clock);
    }

    @Bean
    AuthorizationCodes authorizationCodes(
            JdbcClient jdbc,
            FamilyRepository families,
            MacKeys macKeys,
            Revocations revocations,
            PlatformTransactionManager transactions,
            InstantSource clock,
            MeterRegistry metrics) {
        return new AuthorizationCodes(
                new CodeRepository(jdbc),
                families,
                macKeys,
                revocations,
                new TransactionTemplate(transactions),
                clock,
                metrics);
    }

    @Bean
    Loop grantPurgeLoop(
            @Background DataSource pool, GrantProperties properties, InstantSource clock, MeterRegistry metrics) {
        List<Purge> purges = purges(JdbcClient.create(pool), clock, metrics);
        return new Loop(
                "grant-purge",
                Loop.Start.LAST,
                properties.purgeEvery(),
                clock,
                metrics,
                () -> purges.forEach(Purge::run));
    }

    static List<Purge> purges(JdbcClient jdbc, InstantSource clock, MeterRegistry metrics) {
        return List.of(
                new Purge(jdbc, "authorization_code", "code_hash", CODES_DUE, clock, metrics),
                new Purge(jdbc, "refresh_family", "id", FAMILIES_DUE, clock, metrics));
    }

    @Bean
    HealthReasons grantHealth(MacKeys keys) {
        return () -> health(keys.ring());
    }

    /** Without a making key old refresh tokens are still judged, and all that needs no refresh token still works. */
    static List<HealthReason> health(MacRing ring) {
        if (ring.keys().isEmpty()) {
            return List.of(HealthReason.down("grant.mac_keys_unread"));
        }
        return ring.making() == null ? List.of(HealthReason.degraded("grant.mac_key_missing")) : List.of();
    }
}
