package dev.firebreak.auth.sso;

import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.auth.platform.Purge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Configuration of this module, and the purge's clockwork. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SsoProperties.class)
class SsoConfiguration {
    /**
     * A family is made while its sign-in is live and ends 30 days later at most, so a row that expired that long ago has
     * none. Should one linger (its table belongs to another module and has a purge of its own), the foreign key would
     * refuse the whole batch: hence the second half.
     */
    static final String DUE = "expires_at < :now - interval '30 days'"
            + " AND NOT EXISTS (SELECT FROM refresh_family f WHERE f.sid = sso_session.sid)";

    @Bean
    Loop ssoPurgeLoop(
            @Background DataSource pool, SsoProperties properties, InstantSource clock, MeterRegistry meters) {
        Purge purge = new Purge(JdbcClient.create(pool), "sso_session", "sid", DUE, clock, meters);
        return new Loop("sso-purge", Loop.Start.LAST, properties.purgeEvery(), clock, meters, purge::run);
    }
}
