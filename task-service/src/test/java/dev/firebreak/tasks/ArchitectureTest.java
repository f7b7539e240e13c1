package dev.firebreak.tasks;

import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.test.NoNetworkInTransactions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.repository.CrudRepository;
import org.springframework.data.repository.Repository;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.web.bind.annotation.RestController;

/** The house rules that a compiler cannot hold. */
class ArchitectureTest {
    static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.firebreak.tasks");

    @Test
    void modulesAreAcyclicAndKeepTheirInternals() {
        ApplicationModules.of("dev.firebreak.tasks").verify();
    }

    @Test
    void timeComesFromTheInjectedClock() {
        noClasses().should().callMethod(Instant.class, "now").check(OURS);
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Date")
                .check(OURS);
    }

    @Test
    void controllersArePackagePrivate() {
        classes()
                .that()
                .areAnnotatedWith(RestController.class)
                .should()
                .notHaveModifier(PUBLIC)
                .check(OURS);
    }

    @Test
    void repositoriesDeclareOnlyWhatIsUsed() {
        classes()
                .that()
                .areAssignableTo(Repository.class)
                .should()
                .notHaveModifier(PUBLIC)
                .check(OURS);
        // CrudRepository would bring findById, which asks nobody for the owner.
        noClasses().should().beAssignableTo(CrudRepository.class).check(OURS);
    }

    @Test
    void whatAClassNeedsStandsInItsConstructor() {
        noFields().should().beAnnotatedWith(Autowired.class).check(OURS);
        noFields().should().beAnnotatedWith(Value.class).check(OURS);
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(FirebreakProperties.class)
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
    void servicesKnowNothingOfHttp() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Service")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.http..", "org.springframework.web..", "jakarta.servlet..")
                .check(OURS);
    }
}
