package dev.firebreak.auth.platform;

import dev.firebreak.starter.pool.Pools;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/** Configuration check and the two pools. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuthProperties.class)
class PlatformConfiguration {
    /** Least schema that this code works with: V7 made the tables of events, which a sign-out writes. */
    private static final int SCHEMA = 7;

    @Bean
    StrictKeys strictKeys(ListableBeanFactory beans, Environment environment) {
        return new StrictKeys(beans, environment);
    }

    @Bean
    NoHttpSessions noHttpSessions() {
        return new NoHttpSessions();
    }

    /** Requests. */
    @Bean
    @Primary
    DataSource identity(Pools pools) {
        return pools.open("identity", SCHEMA);
    }

    /**
     * Loops: the signing lease and the age of the trust feed hang on their reads, so they must not wait behind requests
     * when those exhaust their pool.
     */
    @Bean(defaultCandidate = false)
    @Background
    DataSource background(Pools pools) {
        return pools.open("background");
    }
}
