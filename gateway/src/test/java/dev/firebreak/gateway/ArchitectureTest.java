package dev.firebreak.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.sql.Driver;
import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.util.ClassUtils;

class ArchitectureTest {
    static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.firebreak.gateway");

    @Test
    void modulesAreAcyclicAndKeepTheirInternals() {
        ApplicationModules.of("dev.firebreak.gateway").verify();
    }

    /** What is not on the class path cannot run out. */
    @Test
    void thereIsNoDatabase() {
        assertThat(List.of(
                        "org.springframework.jdbc.core.JdbcOperations",
                        "org.springframework.boot.jdbc.DataSourceBuilder",
                        "org.springframework.r2dbc.core.DatabaseClient",
                        "com.zaxxer.hikari.HikariDataSource",
                        "org.postgresql.Driver",
                        "io.r2dbc.spi.ConnectionFactory",
                        "org.flywaydb.core.Flyway",
                        "org.springframework.data.redis.core.RedisOperations"))
                .noneMatch(name -> ClassUtils.isPresent(name, ArchitectureTest.class.getClassLoader()));
        assertThat(ServiceLoader.load(Driver.class)).isEmpty();
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .check(OURS);
    }

    @Test
    void timeComesFromTheInjectedClock() {
        noClasses().should().callMethod(Instant.class, "now").check(OURS);
    }
}
