package dev.firebreak.contracts.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rules that every error code keeps, also the one added tomorrow. */
class ErrorCatalogueTest {
    @Test
    void holdsEveryErrorOfEveryFeature() {
        Set<String> features = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.firebreak.contracts")
                        .stream()
                        .filter(type -> type.isEnum() && type.isAssignableTo(ErrorCode.class))
                        .map(JavaClass::getName)
                        .collect(Collectors.toSet());

        assertThat(features).hasSizeGreaterThan(5);
        assertThat(ErrorCatalogue.all().stream()
                        .map(error -> error.getClass().getName())
                        .collect(Collectors.toSet()))
                .isEqualTo(features);
        for (ErrorCode error : ErrorCatalogue.all()) {
            assertThat(ErrorCatalogue.all().stream().filter(other -> other.getClass() == error.getClass()))
                    .as("constants of %s", error.getClass().getSimpleName())
                    .hasSize(error.getClass().getEnumConstants().length);
        }
    }

    @Test
    void codesAreUniqueAndNamedAfterTheirFeature() {
        assertThat(ErrorCatalogue.all())
                .extracting(ErrorCode::code)
                .doesNotHaveDuplicates()
                .allMatch(code -> code.equals("internal") || code.matches("[a-z]+(_[a-z]+)*\\.[a-z]+(_[a-z]+)*"));
    }

    @Test
    void findsByCode() {
        for (ErrorCode error : ErrorCatalogue.all()) {
            assertThat(ErrorCatalogue.find(error.code())).contains(error);
        }
        assertThat(ErrorCatalogue.find("no.such_code")).isEmpty();
    }

    /** Infrastructure trouble is nothing that the sender of the request could mend. */
    @Test
    void unavailableAndRateLimitedNeverBlameTheUser() {
        for (ErrorCode error : of(ErrorCode.Kind.UNAVAILABLE, ErrorCode.Kind.RATE_LIMITED)) {
            assertThat(error.act()).as(error.code()).isIn(ErrorCode.Actor.RETRY, ErrorCode.Actor.OPERATOR);
        }
    }

    /** To retry the same request is no advice where the request itself is the trouble. */
    @Test
    void retryIsAdvisedOnlyWhereItMayHelp() {
        for (ErrorCode error : ErrorCatalogue.all()) {
            if (error.act() == ErrorCode.Actor.RETRY) {
                assertThat(error.kind())
                        .as(error.code())
                        .isIn(ErrorCode.Kind.UNAVAILABLE, ErrorCode.Kind.RATE_LIMITED, ErrorCode.Kind.CONFLICT);
            }
        }
    }

    @Test
    void bugsAreForTheOperator() {
        for (ErrorCode error : of(ErrorCode.Kind.INTERNAL)) {
            assertThat(error.act()).as(error.code()).isEqualTo(ErrorCode.Actor.OPERATOR);
        }
    }

    @Test
    void textsReadAsSentences() {
        for (ErrorCode error : ErrorCatalogue.all()) {
            assertThat(error.title()).as(error.code()).matches("[A-Z].{2,60}[^.!]");
            assertThat(error.help()).as(error.code()).matches("[A-Z].+\\.").hasSizeBetween(20, 300);
        }
    }

    private static Iterable<ErrorCode> of(ErrorCode.Kind first, ErrorCode.Kind... rest) {
        Set<ErrorCode.Kind> kinds = EnumSet.of(first, rest);
        return ErrorCatalogue.all().stream()
                .filter(error -> kinds.contains(error.kind()))
                .toList();
    }
}
