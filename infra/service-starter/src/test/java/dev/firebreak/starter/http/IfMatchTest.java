package dev.firebreak.starter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IfMatchTest {
    @Test
    void readsItsOwnTags() {
        assertThat(IfMatch.parse(IfMatch.tag(7)).orElseThrow().admits(7)).isTrue();
        assertThat(IfMatch.parse(IfMatch.tag(7)).orElseThrow().admits(8)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*                   | true",
                "\"7\"               | true",
                "\"6\", \"7\"        | true",
                "\"6\",\"7\"         | true",
                " \"7\" , \"8\"      | true",
                "\"a,b\", \"7\"      | true",
                "W/\"7\"             | false",
                "\"07\"              | false",
                "\"77\"              | false",
                "\"99999999999999\"  | false",
                "\"\"                | false"
            })
    void admitsOnlyTheStrongTagOfTheVersion(String header, boolean admitted) {
        assertThat(IfMatch.parse(header).orElseThrow().admits(7)).isEqualTo(admitted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"7", "7\"", "", "\"7\" \"8\"", "*, \"7\"", "\"7\";", "w/\"7\""})
    void refusesWhatIsNoListOfTags(String header) {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> IfMatch.parse(header))
                .extracting(ServiceException::error)
                .isEqualTo(RequestError.MALFORMED);
    }

    @Test
    void refusesMoreThanAnybodyHolds() {
        String header = "\"7\", ".repeat(200) + "\"7\"";

        assertThatExceptionOfType(ServiceException.class).isThrownBy(() -> IfMatch.parse(header));
    }

    @Test
    void isAbsentWithoutTheHeader() {
        assertThat(IfMatch.parse(null)).isEmpty();
    }
}
