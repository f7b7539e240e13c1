package dev.firebreak.auth.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewUserTest {
    static NewUser user(String email, String name, String password) {
        return new NewUser(email, name, password, UserAccount.Role.USER, false);
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> user("nobody", " ", "short").requireValid())
                .satisfies(e -> assertThat(e.error()).isEqualTo(RequestError.INVALID))
                .satisfies(e -> assertThat(e.violations())
                        .extracting(Violation::field)
                        .containsExactly("/email", "/name", "/password"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@x", "x@", "a b@x", "x\u0000@y", "", "x"})
    void refusesWhatIsNoAddress(String email) {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> user(email, "N", "12345678").requireValid());
    }

    @Test
    void countsCharactersAsPeopleDo() {
        assertThatCode(() -> user("a@b", "N", "🔥".repeat(8)).requireValid()).doesNotThrowAnyException();
        assertThatCode(() -> user("a@b", "N", "🔥".repeat(128)).requireValid()).doesNotThrowAnyException();
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> user("a@b", "N", "🔥".repeat(129)).requireValid());
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> user("a@b", "N", "🔥".repeat(7)).requireValid());
    }

    @Test
    void keepsItsPasswordOutOfLogs() {
        assertThat(user("a@b", "N", "secret password").toString()).doesNotContain("secret");
    }

    @Test
    void oneAddressHasOneKeyHoweverItIsTyped() {
        assertThat(EmailKey.of(" Alice@Example.COM "))
                .isEqualTo(EmailKey.of("alice@example.com"))
                .isEqualTo(EmailKey.of("ａlice@example.com"));
        assertThat(EmailKey.of("TITLE@x")).isEqualTo(EmailKey.of("title@x"));
    }
}
