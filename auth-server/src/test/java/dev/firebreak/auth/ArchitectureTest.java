package dev.firebreak.auth;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.firebreak.starter.test.NoNetworkInTransactions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.security.oauth2.server.authorization.JdbcOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.client.JdbcRegisteredClientRepository;
import org.springframework.stereotype.Controller;
import org.springframework.stereotype.Repository;
import org.springframework.web.bind.annotation.RestController;

class ArchitectureTest {
    static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.firebreak.auth");

    @Test
    void modulesAreAcyclicAndKeepTheirInternals() {
        ApplicationModules.of("dev.firebreak.auth").verify();
    }

    @Test
    void timeComesFromTheInjectedClock() {
        noClasses().should().callMethod(Instant.class, "now").check(OURS);
        noClasses().should().callMethod(LocalDate.class, "now").check(OURS);
        noClasses().should().callMethod(LocalDateTime.class, "now").check(OURS);
        noClasses().should().callMethod(Clock.class, "systemUTC").check(OURS);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(OURS);
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Date")
                .check(OURS);
    }

    @Test
    void controllersRepositoriesAndConfigurationStayInTheirPackage() {
        classes()
                .that()
                .areAnnotatedWith(RestController.class)
                .should()
                .bePackagePrivate()
                .check(OURS);
        classes()
                .that()
                .areAnnotatedWith(Controller.class)
                .should()
                .bePackagePrivate()
                .check(OURS);
        classes()
                .that()
                .areAnnotatedWith(Repository.class)
                .should()
                .bePackagePrivate()
                .check(OURS);
        classes()
                .that()
                .haveSimpleNameEndingWith("Repository")
                .should()
                .bePackagePrivate()
                .check(OURS);
        classes()
                .that()
                .haveSimpleNameEndingWith("Configuration")
                .should()
                .bePackagePrivate()
                .check(OURS);
        classes()
                .that()
                .areAnnotatedWith(ConfigurationProperties.class)
                .and()
                .resideOutsideOfPackage("..platform")
                .should()
                .bePackagePrivate()
                .check(OURS);
    }

    @Test
    void dependenciesComeThroughConstructors() {
        noFields().should().beAnnotatedWith(Autowired.class).check(OURS);
        noFields().should().beAnnotatedWith(Value.class).check(OURS);
        noMethods().should().beAnnotatedWith(Autowired.class).check(OURS);
    }

    @Test
    void nothingIsKeptInAnHttpSession() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(HttpSession.class)
                .check(OURS);
        noClasses().should().callMethod(HttpServletRequest.class, "getSession").check(OURS);
    }

    @Test
    void nothingWaitsWithoutLimit() {
        noClasses().should().callMethod(Executors.class, "newCachedThreadPool").check(OURS);
        noClasses()
                .should()
                .callMethod(Executors.class, "newFixedThreadPool", int.class)
                .check(OURS);
    }

    /** Their row mappers ask for a second connection while they hold the first: a pool can lock itself up. */
    @Test
    void theFrameworksStoresOverJdbcAreNotUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(JdbcOAuth2AuthorizationService.class)
                .check(OURS);
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(JdbcRegisteredClientRepository.class)
                .check(OURS);
    }

    /** A connection that is held while another process thinks is missing to everybody else. */
    @Test
    void noTransactionSpansANetworkCall() {
        NoNetworkInTransactions.check(OURS);
    }

    /** A pool that nobody made through the starter would have no gate before it. */
    @Test
    void everyPoolIsOpenedThroughTheGate() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.zaxxer.hikari..", "org.postgresql.ds..", "org.postgresql.xa..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(
                        ".*\\.(DriverManager|DriverManagerDataSource|SingleConnectionDataSource|DataSourceBuilder)")
                .check(OURS);
    }

    @Test
    void modulesDependInOneDirectionOnly() {
        allowed("platform");
        allowed("node", "platform");
        allowed("sealing", "platform", "node", "audit");
        allowed("trust", "platform");
        allowed("audit", "platform");
        allowed("signing", "platform", "sealing", "trust", "audit");
        allowed("client", "platform");
        allowed("grant", "platform", "node", "sealing", "trust", "user", "audit");
        allowed("oauth", "platform", "client", "grant", "signing", "trust", "user", "sso", "ratelimit");
        allowed("reset", "platform", "user", "sso", "audit");
        allowed("internal", "platform", "client", "sso");
    }

    private static void allowed(String module, String... others) {
        noClasses()
                .that()
                .resideInAPackage("dev.firebreak.auth." + module + "..")
                .should()
                .dependOnClassesThat(describe("are in other modules than " + String.join(", ", others), type -> {
                    return type.getPackageName().startsWith("dev.firebreak.auth.")
                            && !isIn(type, module)
                            && !isInAny(type, others);
                }))
                .check(OURS);
    }

    private static boolean isInAny(JavaClass type, String... modules) {
        for (String module : modules) {
            if (isIn(type, module)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(JavaClass type, String module) {
        return (type.getPackageName() + ".").startsWith("dev.firebreak.auth." + module + ".");
    }
}
