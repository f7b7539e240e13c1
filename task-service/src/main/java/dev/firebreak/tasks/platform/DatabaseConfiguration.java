package dev.firebreak.tasks.platform;

import dev.firebreak.starter.pool.Pools;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The pool of the task service. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    /** Newest migration that this code cannot do without; raise it with the code that needs it. */
    private static final int SCHEMA = 1;

    @Bean
    DataSource tasks(Pools pools) {
        return pools.open("tasks", SCHEMA);
    }
}
