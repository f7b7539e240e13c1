package dev.firebreak.system.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class HtmlFormTest {
    private static final String PAGE = """
            <form action="/search"><input name="q"></form>
            <form method="post" action="/auth/login" id="login">
              <input type="hidden" name="_csrf" value="a&amp;b">
              <input name="username" type="email"
                     required value="x">
              <input name='password' type='password'>
              <input type="checkbox" name="remember" value="true">
              <input type="checkbox" name="news" value="yes" checked>
            </form>
            """;

    @Test
    void readsTheFormThatHasTheField() {
        HtmlForm form = HtmlForm.withField(page(), "password");

        assertThat(form.method()).isEqualTo("POST");
        assertThat(form.action()).isEqualTo(URI.create("http://localhost:8080/auth/login"));
        assertThat(form.fields()).isEqualTo(Map.of("_csrf", "a&b", "username", "x", "password", "", "news", "yes"));
    }

    @Test
    void encodesWhatIsFilledIn() {
        HtmlForm form = new HtmlForm("POST", URI.create("/"), Map.of()).with("password", "a b&c=ü");

        assertThat(form.encoded()).isEqualTo("password=a+b%26c%3D%C3%BC");
    }

    @Test
    void saysWhenThereIsNoSuchForm() {
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> HtmlForm.withField(page(), "otp"));
    }

    private static Answer page() {
        return new Answer(
                "GET",
                URI.create("http://localhost:8080/auth/login"),
                200,
                HttpHeaders.of(Map.of(), (name, value) -> true),
                PAGE,
                Duration.ZERO);
    }
}
