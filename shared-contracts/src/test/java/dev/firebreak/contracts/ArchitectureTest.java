package dev.firebreak.contracts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Everybody depends on the contracts, so that they depend on nothing. */
class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.firebreak.contracts");

    @Test
    void usesTheJdkAndJSpecifyOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations..", "dev.firebreak.contracts..")
                .check(OURS);
    }

    @Test
    void packagesKnowNoneOfEachOther() {
        slices().matching("dev.firebreak.contracts.(*)..")
                .should()
                .notDependOnEachOther()
                .check(OURS);
    }

    @Test
    void saysWhatThingsAreAndNeverWhatTimeItIs() {
        noClasses().should().callMethod(Instant.class, "now").check(OURS);
    }
}
