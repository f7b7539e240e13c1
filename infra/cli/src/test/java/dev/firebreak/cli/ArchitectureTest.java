package dev.firebreak.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.firebreak.cli");

    @Test
    void whatCommandsStandOnKnowsNeitherThemNorEachOther() {
        slices().matching("dev.firebreak.cli.(*)..")
                .should()
                .notDependOnEachOther()
                .check(OURS);
        noClasses()
                .that()
                .resideInAnyPackage("dev.firebreak.cli.(*)..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.firebreak.cli", "picocli..")
                .check(OURS);
    }

    /** It is a client like any other, with no way in but those of contracts. */
    @Test
    void knowsNoService() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.firebreak.tasks..",
                        "dev.firebreak.auth..",
                        "dev.firebreak.gateway..",
                        "org.springframework..",
                        "java.sql..")
                .check(OURS);
    }

    @Test
    void timeComesFromTheInjectedClock() {
        noClasses().should().callMethod(Instant.class, "now").check(OURS);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(OURS);
    }
}
