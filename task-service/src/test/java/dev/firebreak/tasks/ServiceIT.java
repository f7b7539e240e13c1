package dev.firebreak.tasks;

import dev.firebreak.starter.test.StatementCounter;
import dev.firebreak.starter.test.TestPostgres;
import dev.firebreak.starter.test.TestTrust;
import dev.firebreak.trust.test.TestIssuer;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.test.context.ContextConfiguration;

/**
 * The whole service over real HTTP on a real database. Tests share one running service, because each makes users of its
 * own and can see nobody else's rows.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "firebreak.profile=local",
            "firebreak.run=serve",
            "firebreak.node=task-service-test",
            "firebreak.issuer=" + TestTrust.ISSUER,
            "firebreak.public-origin=" + TestTrust.ORIGIN,
            "management.server.port=0"
        })
@ContextConfiguration(initializers = ServiceIT.OwnDatabase.class)
@Import({TestTrust.class, ServiceIT.Fixtures.class})
@interface ServiceIT {
    /** A migrated database for the context. */
    class OwnDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {
        @Override
        public void initialize(ConfigurableApplicationContext context) {
            TestPostgres.Database database = TestPostgres.migrated();
            TestPropertyValues.of(TestPostgres.properties("tasks", database, database.port()))
                    .applyTo(context);
            context.getBeanFactory().registerSingleton("testDatabase", database);
        }
    }

    /** What tests drive and look at. */
    @TestConfiguration(proxyBeanMethods = false)
    class Fixtures {
        @Bean
        static StatementCounter statementCounter() {
            return new StatementCounter();
        }

        @Bean
        @Lazy
        Api api(Environment environment, TestIssuer issuer) {
            return new Api(environment.getRequiredProperty("local.server.port", Integer.class), issuer);
        }
    }
}
