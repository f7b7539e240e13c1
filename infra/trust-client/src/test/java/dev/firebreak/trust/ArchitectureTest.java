package dev.firebreak.trust;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.firebreak.trust");

    @Test
    void knowsNoFramework() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "jakarta..", "javax.servlet..", "reactor..", "io.netty..")
                .check(OURS);
    }

    @Test
    void dependsOnWhatItSaysAndNothingElse() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "dev.firebreak.trust..",
                        "dev.firebreak.contracts..",
                        "com.nimbusds.jose..",
                        "com.nimbusds.jwt..",
                        "com.github.benmanes.caffeine.cache..",
                        "org.slf4j..",
                        "org.jspecify.annotations..")
                .check(OURS);
    }

    @Test
    void timeComesFromTheInjectedClock() {
        noClasses().should().callMethod(Instant.class, "now").check(OURS);
        noClasses().should().callMethod(InstantSource.class, "system").check(OURS);
        noClasses().should().callMethod(Clock.class, "systemUTC").check(OURS);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(OURS);
    }

    /** Whoever can reach the network or the disk is not on the path of a request. */
    @Test
    void verifyingReachesNeitherNetworkNorDisk() {
        noClasses()
                .that()
                .haveNameMatching(".*\\.(TokenVerifier|TokenParser|TokenHash|KeyRing|Members|RevocationSet)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..", "java.nio.file..", "java.nio.channels..", "java.util.concurrent.locks..")
                .check(OURS);
    }
}
