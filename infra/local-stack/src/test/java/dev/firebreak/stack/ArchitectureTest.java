package dev.firebreak.stack;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.firebreak.stack");

    @Test
    void packagesDependOnEachOtherInOneDirection() {
        slices().matching("dev.firebreak.stack.(*)..").should().beFreeOfCycles().check(OURS);
        mayUse("layout");
        mayUse("secrets", "layout");
        mayUse("process", "layout");
        mayUse("postgres", "layout", "process", "secrets");
        mayUse("service", "layout", "process");
    }

    @Test
    void onlyTheClustersSpeakSql() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.firebreak.stack.(*)..")
                .and()
                .resideOutsideOfPackage("dev.firebreak.stack.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..")
                .check(OURS);
    }

    /** It starts jars; what is in them it must not know. */
    @Test
    void knowsNoService() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.firebreak.tasks..",
                        "dev.firebreak.auth..",
                        "dev.firebreak.gateway..",
                        "dev.firebreak.starter..",
                        "org.springframework..")
                .check(OURS);
    }

    @Test
    void timeComesFromTheInjectedClock() {
        noClasses().should().callMethod(Instant.class, "now").check(OURS);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(OURS);
    }

    private static void mayUse(String name, String... others) {
        noClasses()
                .that()
                .resideInAPackage(packageOf(name))
                .should()
                .dependOnClassesThat(describe("are in other packages than " + String.join(", ", others), type -> {
                    return type.getPackageName().startsWith("dev.firebreak.stack")
                            && !type.getPackageName().equals(packageOf(name))
                            && Stream.of(others)
                                    .noneMatch(other -> type.getPackageName().equals(packageOf(other)));
                }))
                .check(OURS);
    }

    private static String packageOf(String name) {
        return "dev.firebreak.stack." + name;
    }
}
